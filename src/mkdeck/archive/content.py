"""What a package holds, in the terms of Anki."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mkdeck.diagnostics import Diagnostic

Version = Literal[1, 2, 3]
"""Of the package: `collection.anki2`; `collection.anki21`; `collection.anki21b`, which is compressed by zstd."""

Stock = Literal[
    "", "basic", "basic-and-reversed", "basic-optional-reversed", "basic-typing", "cloze", "image-occlusion"
]
"""The note type of Anki's own that a note type began as; empty if it is not known."""
STOCKS: tuple[Stock, ...] = (
    "", "basic", "basic-and-reversed", "basic-optional-reversed", "basic-typing", "cloze", "image-occlusion"
)  # fmt: skip
"""In the order of Anki's numbers."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a note type. Its place is that in `NoteType.fields`."""

    name: str
    id: int | None = None
    """By it Anki knows a renamed field; older note types have none."""
    description: str = ""
    """What the editor shows in the empty field."""
    font: str = "Arial"
    """In the editor, as the size is: what a card looks like is said by its note type's CSS."""
    size: int = 20
    rtl: bool = False
    sticky: bool = False
    """Whether the next new note begins with what this one has here."""
    plain_text: bool = False
    """Whether the editor shows the HTML."""
    collapsed: bool = False
    exclude_from_search: bool = False
    """Whether a search that names no field passes it over."""
    tag: int | None = None
    """What the field is for, where Anki must know it: of image occlusion, 0 to 4."""
    prevent_deletion: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A card template. Its place in `NoteType.templates` is the ordinal of its cards, but for clozes."""

    name: str
    front: str
    back: str
    id: int | None = None
    browser_front: str = ""
    """What the browser shows in place of the front; empty if it shows that."""
    browser_back: str = ""
    browser_font: str = ""
    browser_size: int = 0
    deck: int | None = None
    """The id of the deck into which new cards of it go, whatever deck their note is added to."""


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type; all names of fields differ, and so do those of templates."""

    id: int
    name: str
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str = ""
    is_cloze: bool = False
    stock: Stock = ""
    sort_field: int = 0
    mod: int = 0
    latex_pre: str | None = None
    """The head of its LaTeX documents; None if it is Anki's own."""
    latex_post: str | None = None
    latex_svg: bool = False


class Card(NamedTuple):
    """A card, without its scheduling. Most cards are equal to many others, which are one object."""

    ordinal: int
    """Of its template, or of a cloze note its cloze number - 1."""
    deck: int
    """The id of its deck; of a card that is away in a filtered deck, that of its home."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note; `fields` are as many as its note type has, in HTML, word for word as the package has them."""

    id: int
    guid: str
    note_type: int
    mod: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    cards: tuple[Card, ...]
    """By ordinal, one for each."""


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck; `name` has `::` between its levels."""

    id: int
    name: str
    description: str = ""
    is_markdown: bool = False
    """Whether the description is Markdown, or else HTML."""
    is_filtered: bool = False


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture, recording or other file. `mkdeck.archive.opened_media` opens it."""

    name: str
    """As notes refer to it and as Anki would save it: one name, without a folder, safe on every system."""
    member: str
    """The name of the zip's member."""
    size: int
    """In bytes, as the package says; known for sure only when the file has been read."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A package that has been read."""

    path: Path
    version: Version
    note_types: Mapping[int, NoteType]
    decks: Mapping[int, Deck]
    """By id; there is one for every card."""
    notes: tuple[Note, ...]
    """By id; there is a note type for each."""
    media: Mapping[str, MediaFile]
    """By name, in the package's order."""
    problems: tuple[Diagnostic, ...] = ()
    """What was left out because it is damaged, and why. All are warnings."""
