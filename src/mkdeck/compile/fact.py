"""fact: one note a point, one cloze a fact. In the {{1928 grain crisis}} the state could not buy enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.context import labelled
from mkdeck.compile.scope import Scope
from mkdeck.markup import ordinals
from mkdeck.markup.blanks import MAX_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.markup import Marked
    from mkdeck.model import Point, Reason
    from mkdeck.notes import Note
    from mkdeck.source import Place


def notes(context: Context, index: int) -> Iterator[Note]:
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
        if marked.blanks:
            yield _note(context, index, reason, number, point, marked)
        elif point.image or point.audio:
            context.attached(point, at)  # its files are checked all the same
    scope.check(marked_points)


def _note(
    context: Context, index: int, reason: Reason, number: int, point: Point, marked: Marked
) -> Note:  # fmt: skip
    at: Place = ("reasons", index, "points", number)
    numbers = marked.numbers()
    if len(numbers) > MAX_NUMBER:
        message = f"this point has {len(numbers)} facts; Anki takes {MAX_NUMBER} clozes in a note"
        context.report("cloze-syntax", message, at, "make two points of it")
    role = {"cause": "", "consequence": context.labels.consequence, "context": context.labels.context}[point.role]
    extra = context.html(point.note, (*at, "note")) + context.attached(point, at)
    text = marked.clozed(numbers)
    fields = {
        "Text": text,
        **context.headings(marked.answers(), context.question, context.titles[index]),
        "Extra": (labelled(role, extra or " ") if role else extra),
        "Source": context.source(point.source, reason.source),
    }
    return context.note(
        "fact", f"{reason.id}/fact/{point.id or f'#{number + 1}'}", "cloze", at, fields,
        tuple(ordinals((text,))), reason.tags, point.tags, numbers=numbers,
    )  # fmt: skip
