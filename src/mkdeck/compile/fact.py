"""fact: one note a point, one cloze a fact. In the {{1928 grain crisis}} the state could not buy enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mkdeck.compile.context import labelled
from mkdeck.compile.headings import Headings
from mkdeck.compile.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.markup import Marked
    from mkdeck.model import Point, Reason
    from mkdeck.notes import Draft
    from mkdeck.source import Place


class _Shared(NamedTuple):
    """What the notes of one reason have in common."""

    reason: Reason
    home: str
    headings: Headings
    source: str


def notes(context: Context, index: int) -> Iterator[Draft]:
    """Make the notes of one reason's points; a point without a fact makes none."""
    reason = context.deck.reasons[index]
    place: Place = ("reasons", index)
    scope = Scope.of(context, reason.facts, (*place, "facts"), context.scope)
    marked_points: list[Marked] = []
    shared = _Shared(
        reason,
        f"{reason.id}/fact",
        Headings.of(context.question, context.titles[index]),
        context.source((reason.source, (*place, "source"))),
    )
    for number, point in enumerate(reason.points):
        at = (*place, "points", number)
        inner = Scope.of(context, point.facts, (*at, "facts"), scope) if point.facts else scope
        marked = context.mark(point, (*at, "text"), inner.index, clozes=True)
        marked_points.append(marked)
        if point.facts:
            inner.check([marked])
        # Made in any case: what a point without facts holds is checked with the rest.
        draft = _draft(context, shared, at, point, marked)
        if marked.blanks:
            yield draft
    scope.check(marked_points)
    context.take_points(marked_points)


def _draft(context: Context, shared: _Shared, at: Place, point: Point, marked: Marked) -> Draft:
    reason = shared.reason
    numbers = marked.numbers()
    role = point.role or reason.role
    extra = context.html(point.note, (*at, "note")) if point.note else ""
    extra += context.attached(point, at)
    if role != "cause":
        label = context.labels.consequence if role == "consequence" else context.labels.context
        extra = labelled(label, extra or " ")
    source = context.source((point.source, (*at, "source"))) if point.source else shared.source
    fields = {
        "Text": marked.clozed(numbers),
        **shared.headings.above([each.answer for each in marked.blanks]),
        "Extra": extra,
        "Source": source,
    }
    return context.draft(
        "fact", shared.home, point.id, marked.shown(), "cloze", at, fields, reason.tags, point.tags,
        numbers=numbers, aliases=marked.aliases(), pinned=marked.pinned(),
    )  # fmt: skip
