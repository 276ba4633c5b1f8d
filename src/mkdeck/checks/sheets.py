"""What a learner sees of each note, with the place of its text in the source: what the rules look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from mkdeck.checks.limits import ANSWER_WORDS
from mkdeck.checks.scan import Scan, scan
from mkdeck.checks.shown import descriptions, folded, header_of, is_plain, pictures, plain
from mkdeck.checks.words import count, language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mkdeck.checks.words import Language
    from mkdeck.compile import Compiled
    from mkdeck.model import DeckData, Fact, Point, Reason
    from mkdeck.notes import Draft
    from mkdeck.source import Place

_CLOZE = re.compile(r"\{\{c(\d+)::|(::)|\}\}")
"""The parts of Anki's clozes; what an author wrote never looks like one in a field (see markup/escape.py)."""
_DIGIT = re.compile(r"\d")
_ENDS = " .?!:…"
"""What may end a front or a back, or not, and is the same front or back."""
# Where the text of a note stands, below the place of the note.
_TEXT: dict[tuple[str, str], str] = {
    ("fact", "cloze"): "text",
    ("link", "cloze"): "text",
    ("plain", "cloze"): "cloze",
    ("plain", "prompt"): "front",
    ("judge", "prompt"): "question",
}


class Blank(NamedTuple):
    """One blank of a cloze note: `sheet.text[start:end]` is the answer.

    A tuple, because it is made in 0.4x of the time of a frozen dataclass, three times a note.
    """

    number: int
    start: int
    end: int
    hint: str

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Sheet:
    """A note as words: what stands above it, its text or front, its back, and its blanks."""

    draft: Draft
    header: str
    text: str
    """A cloze note with every blank filled in, or the front of a prompt; descriptions of pictures are in it."""
    back: str
    """The back of a prompt."""
    blanks: tuple[Blank, ...]
    """In the order of standing; the outer one of two before the inner one."""

    @property
    def place(self) -> Place:
        """Where the text stands in the source."""
        if self.draft.kind == "explain":
            return (*self.draft.place[:-1], "reason")  # its front has the reason's name
        step = _TEXT.get((self.draft.kind, self.draft.note_type))
        return (*self.draft.place, step) if step else self.draft.place

    @property
    def is_written(self) -> bool:
        """Whether an author put the blanks into a text, as in a point; mkdeck made all others."""
        return bool(self.blanks) and self.draft.kind in {"fact", "plain"}

    @property
    def descriptions(self) -> str:
        """The descriptions of its pictures."""
        return descriptions(self.draft.fields.get("Text") or self.draft.fields.get("Front", ""))

    def answer(self, blank: Blank) -> str:
        return self.text[blank.start : blank.end]

    def by_number(self) -> dict[int, list[Blank]]:
        """Give the blanks of each card."""
        found: dict[int, list[Blank]] = {}
        for blank in self.blanks:
            found.setdefault(blank.number, []).append(blank)
        return found

    def front(self, number: int) -> str:
        """Give the text as the card of a cloze number shows it, with its hints."""
        return self._without(number, lambda blank: f"[{blank.hint or '...'}]")

    def shown(self, number: int) -> str:
        """Give what the card of a cloze number shows of the text, without the hints."""
        return self._without(number, lambda _: " ")

    def _without(self, number: int, filling: Callable[[Blank], str]) -> str:
        parts: list[str] = []
        done = 0
        for blank in self.blanks:
            if blank.number == number and blank.start >= done:
                parts += (self.text[done : blank.start], filling(blank))
                done = blank.end
        parts.append(self.text[done:])
        return "".join(parts)

    def fronts(self) -> Iterator[str]:
        """Give the front of every card, folded: two cards that look the same have the same."""
        fields = self.draft.fields
        if not self.blanks:
            sides = (f"{self.header}\n{self.text}", self.back)
            names = ("Front", "Back")
            for ordinal in self.draft.cards:
                yield folded(sides[ordinal].rstrip(_ENDS) + pictures(fields.get(names[ordinal], "")))
            return
        above = folded(self.header)
        text = folded(self.text)  # as long as the text, so that places stay the same
        shown = pictures(fields["Text"])
        if len({blank.number for blank in self.blanks}) == len(self.blanks):
            for blank in self.blanks:
                yield f"{above}\n{text[: blank.start]}[{blank.hint}]{text[blank.end :]}{shown}"
        else:
            for number in self.by_number():
                yield f"{above}\n{folded(self.front(number))}{shown}"

    def answers(self) -> Iterator[str]:
        """Give the answer of every card, folded, in the order of `fronts`."""
        if self.blanks:
            for blanks in self.by_number().values():
                yield folded("\n".join(map(self.answer, blanks)))
            return
        sides = (self.back + pictures(self.draft.fields.get("Back", "")), self.text)
        for ordinal in self.draft.cards:
            yield folded(sides[ordinal].rstrip(_ENDS))


class Asked(NamedTuple):
    """One answer of a note; its blank, or None for the back of a prompt."""

    sheet: Sheet
    answer: str
    blank: Blank | None


@dataclass(frozen=True)
class Sheets:
    """All notes of a deck as a learner sees them, and the deck they come from."""

    compiled: Compiled

    @property
    def deck(self) -> DeckData:
        return self.compiled.deck

    @cached_property
    def language(self) -> Language:
        return language(self.deck.lang)

    @cached_property
    def drafts(self) -> tuple[Draft, ...]:
        """The notes, but those that are no more than the fields of a note type that mkdeck knows nothing of."""
        drafts = self.compiled.drafts
        return tuple(each for each in drafts if each.note_type != "own") if self.deck.note_types else drafts

    @cached_property
    def all(self) -> list[Sheet]:
        return [sheet(draft) for draft in self.drafts]

    @cached_property
    def written(self) -> list[Sheet]:
        """The notes whose blanks an author put into a text."""
        return [each for each in self.all if each.is_written]

    @cached_property
    def scan(self) -> Scan:
        """What a quick look at every note finds."""
        drafts = self.drafts
        # Sheets that are there already are not made again.
        read = self.all.__getitem__ if "all" in self.__dict__ else lambda number: sheet(drafts[number])
        return scan(drafts, read, self.language)

    @cached_property
    def numbers(self) -> list[Asked]:
        """Every answer with a digit: of a blank, or a short back of a card that an author wrote."""
        found = []
        for each in self.all:
            if each.is_written:
                found += [
                    Asked(each, each.answer(blank), blank)
                    for blank in each.blanks
                    if _DIGIT.search(each.answer(blank))
                ]
            elif each.draft.kind == "plain" and _DIGIT.search(each.back) and count(each.back) <= ANSWER_WORDS:
                found.append(Asked(each, each.back, None))
        return found

    @cached_property
    def facts(self) -> list[tuple[Fact, Place]]:
        """Every declared fact, with its place."""
        found: list[tuple[Fact, Place]] = [(fact, ("facts", k)) for k, fact in enumerate(self.deck.facts)]
        for i, reason in enumerate(self.deck.reasons):
            found += [(fact, ("reasons", i, "facts", k)) for k, fact in enumerate(reason.facts)]
        for _, point, place in self.points():
            found += [(fact, (*place, "facts", k)) for k, fact in enumerate(point.facts)]
        return found

    def points(self) -> Iterator[tuple[Reason, Point, Place]]:
        """Give every point with its reason and its place."""
        for i, reason in enumerate(self.deck.reasons):
            for j, point in enumerate(reason.points):
                yield reason, point, ("reasons", i, "points", j)

    def where(self, place: Place) -> str:
        """Name a place in a message: `line 12`."""
        span = self.deck.span(place)
        return f"line {span.line}" if span.line else f"`{span.place}`"


def sheet(draft: Draft) -> Sheet:
    """Read a note's fields as a learner does."""
    fields = draft.fields
    header = header_of(draft)
    if draft.note_type == "prompt":
        return Sheet(draft, header, plain(fields.get("Front", "")), plain(fields.get("Back", "")), ())
    field = fields["Text"]
    parts: list[str] = []
    blanks: list[Blank] = []
    waiting: list[tuple[int, int, int]] = []
    at = done = 0
    read = str if is_plain(field) else plain  # to ask once for all of it takes 0.5x of the time
    for match in _CLOZE.finditer(field):
        part = read(field[done : match.start()])
        done = match.end()
        if waiting and waiting[-1][2] >= 0:  # `part` was a hint
            number, start, end = waiting.pop()
            blanks.append(Blank(number, start, end, part.strip()))
            continue
        parts.append(part)
        at += len(part)
        if match[1]:
            waiting.append((int(match[1]), at, -1))
        elif waiting:
            number, start, _ = waiting.pop()
            if match[2]:
                waiting.append((number, start, at))
            else:
                blanks.append(Blank(number, start, at, ""))
    parts.append(read(field[done:]))
    if len(blanks) > 1:
        blanks.sort(key=lambda each: (each.start, -each.end))
    return Sheet(draft, header, "".join(parts), "", tuple(blanks))
