"""Which cards a finding concerns, told from the places of both in the source."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mkdeck.checks.sheets import sheet
from mkdeck.markup import folded_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdeck.diagnostics import Diagnostic
    from mkdeck.model import DeckData
    from mkdeck.notes import Draft
    from mkdeck.source import Place, Source


def concerned(deck: DeckData, drafts: Sequence[Draft], finding: Diagnostic, known: Homes) -> dict[int, set[int]]:
    """Give the cards that a finding concerns, as the numbers of drafts and of their cards; empty for none.

    A finding about the words of one blank concerns the card that asks for it, any other one all cards of its
    note; one about a chain, or a step that is not asked for, all cards of the chain.
    """
    for step in known.ways(deck, finding):
        if step in known.drafts:
            return {
                number: _asked(drafts[number], known.answers(number, drafts[number]), finding)
                for number in known.drafts[step]
            }
    return {}


Answers = list[tuple[int, str]]
"""Ordinals of blanks, each with its answer, folded."""


@dataclass(slots=True)
class Homes:
    """Where in the source the drafts of a deck come from."""

    drafts: dict[Place | str, list[int]] = field(default_factory=dict)
    """Place, as it is written -> the drafts that are made of it."""
    _starts: dict[int, list[tuple[int, str | int]]] = field(default_factory=dict)
    """By the `id()` of a mapping or list: where each of its keys or items starts."""

    _answers: dict[int, Answers] = field(default_factory=dict)

    def answers(self, number: int, draft: Draft) -> Answers:
        """Give the ordinals of a note's blanks, each with its answer; they are read once for all findings."""
        if draft.note_type == "own":
            return []
        if number not in self._answers:
            seen = sheet(draft)
            self._answers[number] = [(blank.number - 1, folded_words(seen.answer(blank))) for blank in seen.blanks]
        return self._answers[number]

    @classmethod
    def of(cls, deck: DeckData, drafts: Sequence[Draft]) -> Homes:
        homes = cls()
        for number, draft in enumerate(drafts):
            for place in (draft.place, _chain(draft.place)) if draft.kind == "link" else (draft.place,):
                written = _written(deck.origin, place) if deck.origin else deck.span(place).place
                homes.drafts.setdefault(written, []).append(number)
        return homes

    def ways(self, deck: DeckData, finding: Diagnostic) -> Iterator[Place | str]:
        """Give the places that hold a finding, the innermost first."""
        if deck.origin is None:
            place = finding.span.place
            while place:
                yield place
                place = place[: max(place.rfind("."), place.rfind("["), 0)]
        elif finding.span.line and finding.span.path == deck.origin.path:
            steps = self._place_at(deck.origin, deck.origin.offset(finding.span))
            for length in range(len(steps), 0, -1):
                yield steps[:length]

    def _place_at(self, source: Source, offset: int) -> Place:
        """Give the way to the innermost value that is written at `offset`, or whose key is."""
        node, steps = source.data, []
        while starts := self._starts.get(id(node)) or self._read(source, node):
            found = bisect_right(starts, offset, key=lambda each: each[0])
            if not found:
                break
            step = starts[found - 1][1]
            steps.append(step)
            node = node[step]
        return tuple(steps)

    def _read(self, source: Source, node: object) -> list[tuple[int, str | int]]:
        starts = [(key, step) for step, (key, _) in source.starts(node).items()]
        self._starts[id(node)] = starts
        return starts


def _chain(link: Place) -> Place:
    return link[:-2] if link[-2] == "links" else link[:-1]


def _written(source: Source, place: Place) -> Place:
    """Take out of a place the steps that the short forms leave out, such as the `links` of a plain list."""
    node, steps = source.data, []
    for number, step in enumerate(place):
        is_there = step in source.starts(node)
        if is_there:
            node = node[step]
        if is_there or number == len(place) - 1:
            steps.append(step)  # a last step that is not there stays: what is made of nothing has no findings
    return tuple(steps)


def _asked(draft: Draft, answers: Answers, finding: Diagnostic) -> set[int]:
    """Give the cards of a note (by their ordinals) that ask for the words of a finding; empty for all."""
    span = finding.span
    part = folded_words(span.excerpt[span.caret : span.caret + span.length]) if span.length > 1 else ""
    if not part or draft.note_type != "cloze":
        return set()
    same = {ordinal for ordinal, answer in answers if answer == part}
    # A part that goes on in the next line is cut; one that is shorter may be a word of the answer.
    begun = {ordinal for ordinal, answer in answers if answer.startswith(part)}
    return same or begun or {ordinal for ordinal, answer in answers if f" {part} " in f" {answer} "}
