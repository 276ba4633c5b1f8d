"""fact: one note a point, one cloze a fact. In the {{1928 grain crisis}} the state could not buy enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.context import labelled
from mkdeck.compile.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.markup import Marked
    from mkdeck.model import Point
    from mkdeck.notes import Draft
    from mkdeck.source import Place


def notes(context: Context, index: int) -> Iterator[Draft]:
    """Make the notes of one reason's points; a point without a fact makes none."""
    reason = context.deck.reasons[index]
    place: Place = ("reasons", index)
    scope = Scope.of(context, reason.facts, (*place, "facts"), context.scope)
    marked_points: list[Marked] = []
    context.points.append(marked_points)
    for number, point in enumerate(reason.points):
        at = (*place, "points", number)
        inner = Scope.of(context, point.facts, (*at, "facts"), scope) if point.facts else scope
        marked = context.mark(point, (*at, "text"), inner.index, clozes=True)
        marked_points.append(marked)
        if point.facts:
            inner.check([marked])
        # Made in any case: what a point without facts holds is checked with the rest.
        draft = _draft(context, index, at, point, marked)
        if marked.blanks:
            yield draft
    scope.check(marked_points)


def _draft(context: Context, index: int, at: Place, point: Point, marked: Marked) -> Draft:
    reason = context.deck.reasons[index]
    numbers = marked.numbers()
    labels = context.labels
    role = {"cause": "", "consequence": labels.consequence, "context": labels.context}[point.role or reason.role]
    extra = context.html(point.note, (*at, "note")) + context.attached(point, at)
    fields = {
        "Text": marked.clozed(numbers),
        **context.headings_of([each.answer for each in marked.blanks], context.question, context.titles[index]),
        "Extra": labelled(role, extra or " ") if role else extra,
        "Source": context.source((point.source, (*at, "source")), (reason.source, ("reasons", index, "source"))),
    }
    text = marked.shown()
    return context.draft(
        "fact", f"{reason.id}/fact", point.id, text, "cloze", at, fields, reason.tags, point.tags,
        numbers=numbers, aliases=marked.aliases(), pinned=marked.pinned(),
    )  # fmt: skip
