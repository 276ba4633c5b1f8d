"""Notes as plain data: drafts, which `compile/` makes, and notes, to which `lock/` has given an identity."""

from __future__ import annotations

import base64
import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mkdeck.model import Kind
    from mkdeck.source import Place

NoteTypeName = Literal["cloze", "prompt", "own"]
"""Whose names a note has for its fields: those of one of mkdeck's note types, or of one of the deck's own.

A note with the names of mkdeck's can be of a note type of the deck's own, too: `type` says so.
"""
FIELD_ORDER: Mapping[NoteTypeName, tuple[str, ...]] = {
    "cloze": ("Text", "Extra", "Source"),
    "prompt": ("Front", "Back", "Extra", "Source"),
}
"""Which of mkdeck's fields the first, second ... field of the deck's own note type is."""
NOTHING: Mapping[Any, Any] = MappingProxyType({})
"""One empty mapping for all notes that have nothing to put there."""


class Draft(NamedTuple):
    """One note as its source says it, before it is known which note of the last build it is.

    A tuple, as there are many: a frozen dataclass of so many fields takes 2.5 times as long to make.
    """

    kind: Kind
    home: str
    """Where it stands: reason and kind, `resistance/fact`."""
    slot: str | None
    """What tells it from others in its home: an id that the author gave; None leaves it to the lock."""
    text: str
    """What it is known again by, if it has no id: its words, and in a second line what tells it from others of
    the same words (the other side of a card, the step before)."""
    note_type: NoteTypeName
    fields: Mapping[str, str]
    """Field -> HTML; empty fields are left out, and those of `frame`. Clozes have the numbers of `numbers`."""
    tags: tuple[str, ...]
    numbers: Mapping[str, int] = NOTHING
    """Fact -> the cloze number it would have if the note were new."""
    aliases: Mapping[str, str] = NOTHING
    """Fact -> what it may have been called before it had an id, or was declared."""
    pinned: frozenset[str] = frozenset()
    """The facts whose numbers the author wrote."""
    cards: tuple[int, ...] = (0,)
    """Ordinals of a prompt's cards; a cloze note has one for each number."""
    place: Place = ()
    is_only: bool = False
    """It is the only note that its home can have, such as the `explain` of a reason."""
    type: str = ""
    """The note type of the deck's own that it is of; empty for one of mkdeck's."""
    deck: str = ""
    """The deck in Anki that its cards go to; empty for the deck's own."""
    decks: Mapping[int, str] = NOTHING
    """Ordinal -> deck in Anki, of the cards that go to others."""
    frame: Mapping[str, str] = NOTHING
    """The fields that all notes of its kind in the deck share, one mapping for all of them; see `Context.draft`."""


class Note(NamedTuple):
    """One note of Anki. A tuple, as there are many: a frozen dataclass takes four times as long to make."""

    lock_key: str
    """What the lock knows it by, for ever: `reason id/kind/slot`, as it was when the note was first built."""
    id: int
    """Its id in the package (milliseconds since 1970); Anki may give it another."""
    mod: int
    """When its content last changed (seconds since 1970)."""
    kind: Kind
    note_type: NoteTypeName
    fields: Mapping[str, str]
    """Field -> HTML, but for `Key` and those of `frame`, which are no second time in memory; see `all_fields`."""
    tags: tuple[str, ...]
    ordinals: tuple[int, ...]
    """Its cards, from 0."""
    numbers: Mapping[str, int] = NOTHING
    """Fact -> cloze number."""
    place: Place = ()
    type: str = ""
    """The note type of the deck's own that it is of; empty for one of mkdeck's."""
    deck: str = ""
    """The deck in Anki that its cards go to; empty for the deck's own."""
    decks: Mapping[int, str] = NOTHING
    """Ordinal -> deck in Anki, of the cards that go to others."""
    given_guid: str = ""
    """The guid that it had before it came to mkdeck, if it did."""
    deck_id: str = ""
    frame: Mapping[str, str] = NOTHING
    """The fields that it shares with others, as in `Draft`."""

    @property
    def key(self) -> str:
        """Its identity, for ever: `deck id/reason id/kind/slot`. To keep that, too, would be 0.1 kB more a note."""
        return f"{self.deck_id}/{self.lock_key}"

    @property
    def guid(self) -> str:
        """What Anki knows the note by: a hash of the key, so that an edit of the content keeps the note."""
        return self.given_guid or guid(self.key)

    @property
    def all_fields(self) -> Mapping[str, str]:
        """Give its fields with those that the note types of mkdeck have, and those of a deck's own do not."""
        return self.fields if self.type else {**self.fields, **self.frame, "Key": self.key}


def guid(key: str) -> str:
    """Give the guid of the note with this key."""
    return base64.urlsafe_b64encode(hashlib.blake2b(key.encode(), digest_size=12).digest()).decode()


def own_fields(shape: NoteTypeName, names: Sequence[str], fields: Mapping[str, str]) -> dict[str, str]:
    """Give the fields of a note of the deck's own note type under their own names; empty ones are left out.

    `names` are those of the note type, and `fields` are those of the note, whichever names they have.
    """
    if shape == "own":
        return {name: fields[name] for name in names if fields.get(name)}
    pairs = zip(names, FIELD_ORDER[shape], strict=False)
    return {name: fields[as_mkdeck] for name, as_mkdeck in pairs if fields.get(as_mkdeck)}
