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
_DIGITS = re.compile(r"\d+")
_ALL_PAIRS = 40_000
"""Up to so many pairs, every pair is looked at; beyond, only texts that share an uncommon word."""
_COMMON = 50
_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class _Text:
    letters: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Text:
        letters = folded_words(text)
        return cls(letters, tuple(letters.split()))


_EMPTY = _Text("", ())


def _lines(text: str) -> tuple[_Text, ...]:
    return tuple(_Text.of(line) for line in text.split("\n"))


def _likeness(one: _Text, other: _Text) -> float:
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - only a deck that was edited pays for loading it

    words = Indel.normalized_similarity(one.words, other.words, score_cutoff=MIN_WORDS)
    # A word with another number in it is no word with a typo.
    letters = 0.0
    if _DIGITS.findall(one.letters) == _DIGITS.findall(other.letters):
        letters = Indel.normalized_similarity(one.letters, other.letters, score_cutoff=MIN_LETTERS)
    if not words and not letters:
        return 0.0
    return 1 + max((words - MIN_WORDS) / (1 - MIN_WORDS), (letters - MIN_LETTERS) / (1 - MIN_LETTERS))


def _likeness_of_lines(one: Sequence[_Text], other: Sequence[_Text]) -> float:
    """Compare what is known by two lines: if the first is the same, the second may be any other.

    Of two cards that ask alike and answer otherwise, one is not the other edited. A line that both leave empty,
    as the field of a note can be, tells nothing.
    """
    pairs = [(a, b) for a, b in zip_longest(one, other, fillvalue=_EMPTY) if a.words or b.words]
    if not pairs:
        return 0.0
    first, *others = (2.0 if a == b else _likeness(a, b) for a, b in pairs)
    if first < 1 or (first < 2 and not all(score >= 1 for score in others)):
        return 0.0
    return first + sum(others) / 10


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
