"""How alike two texts are, and which of many belong together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from mkdeck.markup import folded_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A sentence of which half is written anew still has half of its words, in order; two sentences about one
# subject that have nothing to do with each other share a third at the most. A word with a typo in it is
# another word, but keeps most of its letters.
MIN_WORDS = 0.5
MIN_LETTERS = 0.8
# Of a word or two, one letter is much; the back must be the same as well.
MIN_LETTERS_OF_SHORT = 0.5
_SHORT = 2
_FRONT_AND_BACK = 2
_CLOZE_SIGNS = re.compile(r"\{\{c[\d,]+::|\}\}")
_DIGITS = re.compile(r"\d+")
_ALL_PAIRS = 40_000
"""Up to so many pairs, every pair is looked at; beyond, only texts that share an uncommon word."""
_COMMON = 50
_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class _Text:
    letters: str
    words: tuple[str, ...]
    has_cloze: bool = False

    @classmethod
    def of(cls, text: str) -> _Text:
        plain = _CLOZE_SIGNS.sub(" ", text)
        letters = folded_words(plain)
        return cls(letters, tuple(letters.split()), plain != text)


_EMPTY = _Text("", ())


def _lines(text: str) -> tuple[_Text, ...]:
    return tuple(_Text.of(line) for line in text.split("\n"))


def _digits(text: _Text) -> list[str]:
    return _DIGITS.findall(text.letters)


def _likeness(one: _Text, other: _Text) -> float:
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - only a deck that was edited pays for loading it

    words = Indel.normalized_similarity(one.words, other.words, score_cutoff=MIN_WORDS)
    # A word with another number in it is no word with a typo.
    letters = 0.0
    if _digits(one) == _digits(other):
        letters = Indel.normalized_similarity(one.letters, other.letters, score_cutoff=MIN_LETTERS)
    if not words and not letters:
        return 0.0
    return 1 + max((words - MIN_WORDS) / (1 - MIN_WORDS), (letters - MIN_LETTERS) / (1 - MIN_LETTERS))


def _likeness_of_lines(one: Sequence[_Text], other: Sequence[_Text]) -> float:
    """Compare what is known by several lines.

    Of two lines, the first asks: if it is the same, the second may be any other, and of two cards that ask alike
    and answer otherwise, one is not the other edited. Of other notes, nobody knows which field asks, so more than
    half of the lines must be alike. A line that both leave empty tells nothing.
    """
    pairs = list(zip_longest(one, other, fillvalue=_EMPTY))
    scores = [2.0 if a == b else _likeness(a, b) for a, b in pairs if a.words or b.words]
    if not scores:
        return 0.0
    asks = [each[0].words and not any(line.has_cloze for line in each) for each in (one, other)]
    if len(pairs) > _FRONT_AND_BACK or not all(asks):
        alike = sum(score >= 1 for score in scores)
        return 1 + sum(scores) / len(scores) / 10 if alike * 2 > len(scores) else 0.0
    first, *others = scores
    if first < 1 or (first < 2 and not all(score >= 1 for score in others)):
        return 0.0
    return first + sum(others) / 10


def is_short_and_like(one: str, other: str) -> bool:
    """Tell whether a front of a few words is another such front with some letters changed."""
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - see above

    texts = _Text.of(one), _Text.of(other)
    if not all(0 < len(each.words) <= _SHORT for each in texts) or _digits(texts[0]) != _digits(texts[1]):
        return False
    return Indel.normalized_similarity(texts[0].letters, texts[1].letters) >= MIN_LETTERS_OF_SHORT


def pair_up(new: Sequence[str], old: Sequence[str]) -> list[tuple[int, int]]:
    """Pair each text of `new` with the one of `old` that it is most like, the most alike pair first.

    No text is in two pairs; texts that are like no other are in none. Of equally alike pairs, the one
    that stands earlier goes first, so that the result follows from the input alone.
    """
    news, olds = [_lines(text) for text in new], [_lines(text) for text in old]
    scores = ((_likeness_of_lines(news[i], olds[j]), i, j) for i, j in _candidates(news, olds))
    scored = [(-score, i, j) for score, i, j in scores if score >= 1]
    taken_new: set[int] = set()
    taken_old: set[int] = set()
    pairs = []
    for _, i, j in sorted(scored):
        if i not in taken_new and j not in taken_old:
            taken_new.add(i)
            taken_old.add(j)
            pairs.append((i, j))
    return sorted(pairs)


def _candidates(news: Sequence[Sequence[_Text]], olds: Sequence[Sequence[_Text]]) -> Iterable[tuple[int, int]]:
    if len(news) * len(olds) <= _ALL_PAIRS:
        return ((i, j) for i in range(len(news)) for j in range(len(olds)))
    holders: dict[str, list[int]] = defaultdict(list)
    for j, lines in enumerate(olds):
        for word in _words_of(lines):
            holders[word].append(j)
    return ((i, j) for i, lines in enumerate(news) for j in _sharing(lines, holders))


def _sharing(lines: Sequence[_Text], holders: dict[str, list[int]]) -> list[int]:
    """Give the texts that share the most uncommon words with one; of equal ones the earlier."""
    uncommon = (holders[word] for word in _words_of(lines) if len(holders.get(word, ())) in range(1, _COMMON))
    shared = Counter(j for each in uncommon for j in each)
    return [j for j, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]]


def _words_of(lines: Sequence[_Text]) -> Iterable[str]:
    return dict.fromkeys(word for line in lines for word in line.words)
