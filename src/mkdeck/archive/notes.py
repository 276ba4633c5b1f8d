"""The notes of a collection with their cards, whatever its schema: what is odd is left out and told."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from mkdeck.archive.content import Card, Deck, Note, NoteType
from mkdeck.archive.limits import RefusedError
from mkdeck.diagnostics import clipped

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from mkdeck.archive.database import Database
    from mkdeck.archive.limits import Limits, Problems

_NOTES = (
    "select cast(id as integer), cast(guid as text), cast(mid as integer), cast(mod as integer),"
    " cast(tags as text), cast(flds as text) from notes"
)
_CARDS = (
    "select cast(nid as integer), cast(ord as integer), cast(case when odid then odid else did end as integer)"
    " from cards"
)
_SEPARATOR = b"\x1f"
_BLANKS = re.compile("[ \u3000]+")
"""What parts tags in Anki."""
_PER_NOTE = 400
"""Bytes of memory beside its texts."""
_HIGHEST_ORDINAL = (1 << 16) - 1


def read_notes(
    database: Database, note_types: Mapping[int, NoteType], limits: Limits, problems: Problems
) -> tuple[Note, ...]:
    """Read the notes, by id, with their cards."""
    notes: dict[int, Note] = {}
    left_out: set[int] = set()
    reader = _Reader(note_types, limits)
    for count, row in enumerate(database.rows(_NOTES), 1):
        if count > limits.notes:
            raise RefusedError(f"this package has more than {limits.notes:,} notes; mkdeck stops")
        try:
            note = reader.note(row, notes)
        except RefusedError as error:
            left_out.add(row[0])
            guid = (row[1] or b"")[:100].decode(errors="replace")
            problems.add(f"the note {row[0]} (guid `{clipped(guid)}`) is left out: {error}")
            continue
        if reader.left < 0:
            raise RefusedError(f"the notes of this package take more than {limits.text:,} bytes; mkdeck stops")
        notes[note.id] = note
    cards = _cards(database, notes, left_out, limits, problems)
    return tuple(_with_cards(notes[each], cards, note_types, problems) for each in sorted(notes))


class _Reader:
    """Makes notes of rows, and keeps count of the memory that they take."""

    def __init__(self, note_types: Mapping[int, NoteType], limits: Limits) -> None:
        self.left = limits.text
        self._note_types = note_types
        self._tags: dict[bytes, tuple[str, ...]] = {}

    def note(self, row: tuple[Any, ...], others: Container[int]) -> Note:
        """Make a note, without its cards. Raises RefusedError if it is odd."""
        id_, guid, type_id, mod, tags, texts = row
        if id_ is None or guid is None or texts is None:
            raise RefusedError("a part of it is missing")
        if id_ in others:
            raise RefusedError("another note has its id")
        note_type = self._note_types.get(type_id)
        if note_type is None:
            raise RefusedError(f"its note type {type_id} is not in this package")
        # Counted before they are parted: a text of nothing but separators would become a list of gigabytes.
        count = texts.count(_SEPARATOR) + 1
        if count != len(note_type.fields):
            has = len(note_type.fields)
            raise RefusedError(f"it has {count:,} fields, and its note type `{clipped(note_type.name)}` has {has}")
        try:
            fields = tuple(texts.decode().split(_SEPARATOR.decode()))
            name, of_note = guid.decode(), self._parted(tags or b"")
        except UnicodeDecodeError:
            raise RefusedError("it is no UTF-8") from None
        self.left -= _PER_NOTE + sys.getsizeof(fields) + sum(map(sys.getsizeof, fields)) + sys.getsizeof(name)
        return Note(id_, name, note_type.id, mod or 0, of_note, fields, ())

    def _parted(self, tags: bytes) -> tuple[str, ...]:
        """Part tags; notes with the same ones share them."""
        found = self._tags.get(tags)
        if found is None:
            found = self._tags[tags] = tuple(filter(None, _BLANKS.split(tags.decode())))
            self.left -= sys.getsizeof(tags) + sys.getsizeof(found) + sum(map(sys.getsizeof, found))
        return found


def _cards(
    database: Database, notes: Container[int], left_out: Container[int], limits: Limits, problems: Problems
) -> dict[int, list[Card]]:
    """Read the cards of each note."""
    known: dict[tuple[int, int], Card] = {}
    found: dict[int, list[Card]] = defaultdict(list)
    lost = 0
    for count, (note, ordinal, deck) in enumerate(database.rows(_CARDS), 1):
        if count > limits.cards:
            raise RefusedError(f"this package has more than {limits.cards:,} cards; mkdeck stops")
        if note not in notes:
            lost += note not in left_out
            continue
        card = known.get((ordinal, deck))
        if card is None:
            card = known[ordinal, deck] = Card(-1 if ordinal is None else ordinal, deck or 0)
        found[note].append(card)
    if lost:
        problems.add(f"cards without a note are left out: {lost:,}")
    return found


def _with_cards(
    note: Note, cards: Mapping[int, list[Card]], note_types: Mapping[int, NoteType], problems: Problems
) -> Note:
    """Give a note its cards, one for each ordinal that its note type can have."""
    note_type = note_types[note.note_type]
    highest = _HIGHEST_ORDINAL if note_type.is_cloze else len(note_type.templates) - 1
    found: dict[int, Card] = {}
    for card in sorted(cards.get(note.id, ())):
        if not 0 <= card.ordinal <= highest:
            problems.add(
                f"the note {note.id} (guid `{clipped(note.guid)}`) has a card of no template, number"
                f" {card.ordinal + 1}; it is left out"
            )
        elif card.ordinal in found:
            problems.add(f"the note {note.id} (guid `{clipped(note.guid)}`) has its card {card.ordinal + 1} twice")
        else:
            found[card.ordinal] = card
    if not found:
        return note
    # Not `replace`, which takes as long as all else that is done for a note.
    return Note(note.id, note.guid, note.note_type, note.mod, note.tags, note.fields, tuple(found.values()))


def with_recovered(decks: Mapping[int, Deck], notes: tuple[Note, ...], problems: Problems) -> dict[int, Deck]:
    """Give the decks with one for every card; a missing one has the name that Anki's Check Database gives it."""
    counts = Counter(card.deck for note in notes for card in note.cards)
    found = dict(decks)
    for deck in sorted(counts.keys() - decks.keys()):
        found[deck] = Deck(deck, f"recovered{deck}")
        problems.add(
            f"the deck {deck} is not in this package and is named `recovered{deck}`, cards: {counts[deck]:,}"
        )
    return found
