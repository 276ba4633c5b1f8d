"""plain: cards as they are written, with a front and a back or with clozes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.context import NOT_KEPT
from mkdeck.markup import pictures, shown_words

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
        if card.fields is not None:
            from mkdeck.compile import own  # noqa: PLC0415 - few decks have note types of their own

            yield from own.notes(context, card, place)
            continue
        # A note type of the deck's own may have no field for the source of the whole deck.
        has_source = card.type is None or card.source is not None
        common = {
            "Extra": context.html(card.note, (*place, "note")),
            "Source": context.source((card.source, (*place, "source"))) if has_source else "",
        }
        if card.cloze is not None:
            yield from _cloze(context, card, card.cloze, place, common)
        else:
            yield _prompt(context, card, place, common)


def _prompt(context: Context, card: Card, place: Place, common: dict[str, str]) -> Draft:
    front = context.html(card.front, (*place, "front"))
    fields = {"Front": front, "Back": context.html(card.back, (*place, "back")), **common}
    text = f"{shown_words(front)}\n{shown_words(fields['Back'])}"
    if not _keeps_something(card):
        return context.draft("plain", "cards/prompt", card.id, text, "prompt", place, fields, card.tags)
    from mkdeck.compile import own  # noqa: PLC0415 - see above

    home, kept = own.kept(context, card, "prompt", fields, place)
    cards, kept = own.prompt_cards(context, card, kept, fields, place)
    return context.draft("plain", home, card.id, text, "prompt", place, fields, card.tags, cards=cards, kept=kept)


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
    home, kept = "cards/cloze", NOT_KEPT
    if _keeps_something(card):
        from mkdeck.compile import own  # noqa: PLC0415 - see above

        home, kept = own.kept(context, card, "cloze", fields, place)
    shown = " ".join([marked.shown(), *pictures(fields["Text"])])  # two pictures may ask the same
    yield context.draft(
        "plain", home, card.id, shown, "cloze", place, fields, card.tags,
        numbers=numbers, aliases=marked.aliases(), pinned=marked.pinned(), kept=kept,
    )  # fmt: skip


def _keeps_something(card: Card) -> bool:
    """Tell whether a card has a note type or a deck that mkdeck would not give it."""
    return not (card.type is None and card.deck is None and card.decks is None)
