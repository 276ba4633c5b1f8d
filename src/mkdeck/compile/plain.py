"""plain: cards as they are written, with a front and a back or with clozes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.markup import ordinals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.model import Card
    from mkdeck.notes import Note
    from mkdeck.source import Place


def notes(context: Context) -> Iterator[Note]:
    """Make a note of every card."""
    for number, card in enumerate(context.deck.cards):
        place: Place = ("cards", number)
        common = {
            "Extra": context.html(card.note, (*place, "note")),
            "Source": context.source(card.source),
        }
        path = f"cards/plain/{card.id or f'#{number + 1}'}"
        if card.cloze is not None:
            yield from _cloze(context, card, place, path, common)
        else:
            fields = {
                "Front": context.html(card.front, (*place, "front")),
                "Back": context.html(card.back, (*place, "back")),
                **common,
            }
            yield context.note("plain", path, "prompt", place, fields, (0,), card.tags)


def _cloze(
    context: Context, card: Card, place: Place, path: str, common: dict[str, str]
) -> Iterator[Note]:  # fmt: skip
    assert card.cloze is not None
    at = (*place, "cloze")
    marked = context.mark(card.cloze, at, clozes=True)
    numbers = marked.numbers()
    text = marked.clozed(numbers)
    if not marked.blanks:
        if not marked.problems:
            mend = "put what is asked for into `{{...}}`"
            context.report("cloze-syntax", "this `cloze:` has no cloze", at, mend)
        return
    fields = {"Text": text, **common, "Extra": common["Extra"] + context.attached(card.cloze, at)}
    yield context.note("plain", path, "cloze", place, fields, tuple(ordinals((text,))), card.tags, numbers=numbers)
