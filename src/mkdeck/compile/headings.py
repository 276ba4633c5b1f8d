"""What stands above a card's front, unless it would give the answer away."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mkdeck.markup import folded_words, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Heading(NamedTuple):
    """A text that may stand above a card's front, and the words by which it could give an answer away."""

    name: str
    html: str
    folded: str
    """Its words, with a space before and after them."""
    telling: Telling
    part: str
    """Its HTML as it stands on a card; empty if there is none."""

    def holds_one_of(self, answers: Sequence[str], said: Sequence[str]) -> bool:
        """Tell whether one of these answers (folded) stands here; `said` are all words of all of them.

        Nearly always none of the words is here, and that is all: 0.3x of the time.
        """
        words = self.telling.words
        return not (words and words.isdisjoint(said)) and any(f" {each} " in self.folded for each in answers)


class Headings(NamedTuple):
    """The headings that the notes of one reason or chain share, in their order."""

    headings: tuple[Heading, ...]
    together: Telling | None
    """What all of them tell; None if one has no words."""
    part: str

    @classmethod
    def of(cls, *headings: Heading) -> Headings:
        shown = tuple(each for each in headings if each.part)
        together = None
        if all(each.telling.words for each in shown):
            together = Telling.of(" ".join(each.folded for each in shown))
        return cls(shown, together, "".join(each.part for each in shown))

    def above(self, answers: Sequence[str]) -> dict[str, str]:
        """Put the headings above the front, or, where they would give an answer (folded) away, on the back only.

        Nearly always no word is shared with any of them, and that is all: 0.4x of the time, and one string for all.
        """
        said = " ".join(answers).split()
        if self.together and not self.together.may_tell(said):
            return {"Header": self.part, "Context": ""}
        starts = _all_beginnings(said)
        front = back = ""
        for heading in self.headings:
            if heading.telling.tells(answers, starts) or heading.holds_one_of(answers, said):
                back += heading.part
            else:
                front += heading.part
        return {"Header": front, "Context": back}


class Telling(NamedTuple):
    """The words by which one text gives another one away, though the other's words do not stand in it.

    Two words tell on each other if both have four letters or more and they begin alike: for four letters, and
    for 60% of the longer one. Numbers must be equal, and a word of three letters tells only on its plural.
    """

    words: frozenset[str]
    beginnings: frozenset[str]
    """The first four letters of its long words, its numbers, and its words of three letters and their plurals."""

    @classmethod
    def of(cls, folded: str) -> Telling:
        words = frozenset(folded.split())
        return cls(words, _all_beginnings(words))

    def may_tell(self, said: Iterable[str]) -> bool:
        """Tell whether a word of those that are said stands here, or begins like one that does."""
        return not (
            self.words.isdisjoint(said)
            and self.beginnings.isdisjoint([start for word in said for start in _beginnings(word)])
        )

    def tells(self, answers: Sequence[str], starts: frozenset[str]) -> bool:
        """Tell whether a word of an answer (folded) and a word of this text give each other away.

        `starts` are the beginnings of the answers' words: nearly always none is shared, and that is all.
        """
        return not starts.isdisjoint(self.beginnings) and any(
            _alike(word, other) for answer in answers for word in answer.split() for other in self.words
        )


def _all_beginnings(words: Iterable[str]) -> frozenset[str]:
    return frozenset([start for word in words for start in _beginnings(word)])


def _singular(word: str) -> str:
    """Give `army` for `armies`, of which the fourth letter is another one."""
    return f"{word[:-3]}y" if word.endswith("ies") else word


@lru_cache(maxsize=1 << 14)  # the same words come again and again: 0.3x of the time
def _beginnings(word: str) -> tuple[str, ...]:
    word = _singular(word)
    if len(word) == 3 and not word.isdigit():
        return word, f"{word}s"
    return (word[:4],) if len(word) > 3 or word.isdigit() else ()


def _alike(one: str, other: str) -> bool:
    one, other = _singular(one), _singular(other)
    if one.isdigit() or other.isdigit():
        return one == other
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == 3:
        return longer == f"{shorter}s"
    alike = max(4, (3 * len(longer) + 4) // 5)
    return len(shorter) > 3 and shorter[:alike] == longer[:alike]


def gives_away(text: str, answer: str) -> bool:
    """Tell whether the words of `answer` stand in `text`; both are HTML."""
    return f" {folded_words(words(answer))} " in f" {folded_words(words(text))} "


def tells(text: str, answer: str) -> bool:
    """Tell whether `text` has a word that begins like one of `answer`; both are HTML."""
    folded = folded_words(words(answer))
    return Telling.of(folded_words(words(text))).tells([folded], _all_beginnings(folded.split()))
