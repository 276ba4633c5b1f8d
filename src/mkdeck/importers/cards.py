"""The cards of a table -> the data of a deck."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from mkdeck.importers.language import language_of
from mkdeck.importers.naming import deck_id, deck_name
from mkdeck.importers.sketch import Sketch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.importers.table import Table, TableCard

_SAMPLE = 2000
"""Cards by which the language is guessed."""


def sketch_of(table: Table, name: str, lang: str | None) -> Sketch:
    """Make a deck of cards; tags that all of them have are the deck's."""
    name = table.deck or name
    lang = lang or language_of("\n".join(islice(_texts(table), _SAMPLE)))
    shared = [tag for tag in table.cards[0].tags if _is_shared(tag, table)] if table.cards else []
    tags = list(dict.fromkeys([*table.tags, *shared]))
    made = Sketch({"deck": deck_name(name), "id": deck_id(name)}, remarks=list(table.remarks))
    made.data |= {"lang": lang} if lang != "en" else {}
    made.data |= {"tags": tags} if tags else {}
    made.data |= {"cards": [_data(card, frozenset(tags), name) for card in table.cards]} if table.cards else {}
    return made


def _texts(table: Table) -> Iterator[str]:
    for card in table.cards:
        yield " ".join(cell.text for cell in (card.front, card.cloze, card.back) if cell)


def _is_shared(tag: str, table: Table) -> bool:
    return all(tag in card.tags for card in table.cards)


def _data(card: TableCard, of_deck: frozenset[str], deck: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, cell in (("front", card.front), ("back", card.back), ("cloze", card.cloze)):
        if cell:
            data[key] = {"text": cell.text, "audio": cell.audio} if cell.audio else cell.text
    tags = [tag for tag in card.tags if tag not in of_deck]
    own = deck_name(card.deck) if card.deck and card.deck != deck else ""
    parts = {"note": card.note, "source": card.source, "deck": own, "tags": tags}
    return data | {key: value for key, value in parts.items() if value}
