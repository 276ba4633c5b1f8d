"""Notes as plain data: what `compile/` makes and `package` writes."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdeck.model import Kind
    from mkdeck.source import Place

NoteTypeName = Literal["cloze", "prompt"]


@dataclass(frozen=True, slots=True)
class Note:
    """One note of Anki.

    `key` is its identity, `deck id/reason id/kind/slot`; `fields` maps field names to HTML, those that are
    empty left out; `ordinals` are its cards, from 0; `numbers` gives the cloze number of each fact.
    """

    key: str
    kind: Kind
    note_type: NoteTypeName
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    ordinals: tuple[int, ...]
    place: Place = ()
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def guid(self) -> str:
        """What Anki knows the note by: a hash of the key, so that no edit of the content makes a second note."""
        digest = hashlib.blake2b(self.key.encode(), digest_size=12).digest()
        return base64.urlsafe_b64encode(digest).decode()
