"""How alike two texts are, and which of many belong together."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdeck.markup import folded_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A sentence of which half is written anew still has half of its words, in order; two sentences about one
# subject that have nothing to do with each other share a third at the most. A word with a typo in it is
# another word, but keeps most of its letters.
MIN_WORDS = 0.5
MIN_LETTERS = 0.7
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


def likeness(one: str, other: str) -> float:
    """Give how alike two texts are: 1 is the least that counts as the same text edited, 2 is equal."""
    return _likeness(_Text.of(one), _Text.of(other))


def _likeness(one: _Text, other: _Text) -> float:
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - only a deck that was edited pays for loading it

    words = Indel.normalized_similarity(one.words, other.words, score_cutoff=MIN_WORDS)
    letters = Indel.normalized_similarity(one.letters, other.letters, score_cutoff=MIN_LETTERS)
    if not words and not letters:
        return 0.0
    return 1 + max((words - MIN_WORDS) / (1 - MIN_WORDS), (letters - MIN_LETTERS) / (1 - MIN_LETTERS))


def pair_up(new: Sequence[str], old: Sequence[str]) -> list[tuple[int, int]]:
    """Pair each text of `new` with the one of `old` that it is most like, the most alike pair first.

    No text is in two pairs; texts that are like no other are in none. Of equally alike pairs, the one
    that stands earlier goes first, so that the result follows from the input alone.
    """
    news, olds = [_Text.of(text) for text in new], [_Text.of(text) for text in old]
    scored = [(-score, i, j) for i, j in _candidates(news, olds) if (score := _likeness(news[i], olds[j])) >= 1]
    taken_new: set[int] = set()
    taken_old: set[int] = set()
    pairs = []
    for _, i, j in sorted(scored):
        if i not in taken_new and j not in taken_old:
            taken_new.add(i)
            taken_old.add(j)
            pairs.append((i, j))
    return sorted(pairs)


def _candidates(news: Sequence[_Text], olds: Sequence[_Text]) -> Iterable[tuple[int, int]]:
    if len(news) * len(olds) <= _ALL_PAIRS:
        return ((i, j) for i in range(len(news)) for j in range(len(olds)))
    holders: dict[str, list[int]] = defaultdict(list)
    for j, text in enumerate(olds):
        for word in set(text.words):
            holders[word].append(j)
    return (
        (i, j)
        for i, text in enumerate(news)
        for j, _ in Counter(
            j for word in set(text.words) if len(holders.get(word, ())) <= _COMMON for j in holders.get(word, ())
        ).most_common(_CANDIDATES)
    )
