"""plain: cards as they are written, with a front and a back or with clozes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.markup import shown_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.model import Card, Text
    from mkdeck.notes import Draft
    from mkdeck.source import Place


def notes(context: Context) -> Iterator[Draft]:
    """Make a note of every card. A card that turns from one shape into the other is another note to Anki."""
    for number, card in enumerate(context.deck.cards):
        place: Place = ("cards", number)
        common = {
            "Extra": context.html(card.note, (*place, "note")),
            "Source": context.source((card.source, (*place, "source"))),
        }
        if card.cloze is not None:
            yield from _cloze(context, card, card.cloze, place, common)
        else:
            front = context.html(card.front, (*place, "front"))
            fields = {"Front": front, "Back": context.html(card.back, (*place, "back")), **common}
            text = f"{shown_words(front)}\n{shown_words(fields['Back'])}"
            yield context.draft("plain", "cards/prompt", card.id, text, "prompt", place, fields, card.tags)


def _cloze(
    context: Context, card: Card, text: Text, place: Place, common: dict[str, str]
) -> Iterator[Draft]:  # fmt: skip
    at = (*place, "cloze")
    marked = context.mark(text, at, clozes=True)
    numbers = marked.numbers()
    if not marked.blanks:
        if not marked.problems:
            mend = "put what is asked for into `{{...}}`"
            context.report("cloze-syntax", "this `cloze:` has no cloze", at, mend)
        return
    extra = common["Extra"] + context.attached(text, at)
    fields = {"Text": marked.clozed(numbers), **common, "Extra": extra}
    yield context.draft(
        "plain", "cards/cloze", card.id, shown_words(marked.html), "cloze", place, fields, card.tags,
        numbers=numbers, aliases=marked.aliases(), pinned=marked.pinned(),
    )  # fmt: skip
