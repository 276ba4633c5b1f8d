"""The two note types. Their ids, fields and templates are FROZEN.

Anki matches a note type by its id, then its fields and templates by theirs, in the same order. Anything
else makes a copy of the note type, in which no note of the learner's is updated any more. So nothing here
is ever reordered, removed or given another id; a new field takes the place (and keeps the id) of a spare.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mkdeck.model import OwnNoteType, Theme
    from mkdeck.notes import NoteTypeName


class Template(NamedTuple):
    """One card of a note type: its name, frozen id, and the fields that must be filled for Anki to make it."""

    name: str
    id: int
    file: str
    needs: tuple[str, ...]
    texts: tuple[str, str] | None = None
    """The HTML of its front and back, if that is not in a file."""

    @property
    def sides(self) -> tuple[str, str]:
        """The HTML of its front and back."""
        return self.texts or (template(f"{self.file}.front.html"), template(f"{self.file}.back.html"))


class NoteType(NamedTuple):
    """A note type: frozen id, the fields with their frozen ids in order, and its templates."""

    name: str
    id: int
    is_cloze: bool
    fields: tuple[tuple[str, int], ...]
    templates: tuple[Template, ...]

    @classmethod
    def own(cls, name: str, data: OwnNoteType) -> NoteType:
        """Give a note type of a deck's own; ids of fields and templates that it lacks are 0."""
        return cls(
            name,
            data.id,
            data.cloze,
            tuple((field.name, field.id or 0) for field in data.fields),
            tuple(Template(each.name, each.id or 0, "", (), (each.front, each.back)) for each in data.templates),
        )


NOTE_TYPES: dict[NoteTypeName, NoteType] = {
    "cloze": NoteType(
        name="mkdeck cloze",
        id=1764000000101,
        is_cloze=True,
        fields=(
            ("Text", 7310845120001),
            ("Header", 7310845120002),
            ("Context", 7310845120003),
            ("Extra", 7310845120004),
            ("Source", 7310845120005),
            ("Kind", 7310845120006),
            ("Lang", 7310845120007),
            ("Dir", 7310845120008),
            ("Key", 7310845120009),
            ("Spare 1", 7310845120010),
            ("Spare 2", 7310845120011),
            ("Spare 3", 7310845120012),
            ("Spare 4", 7310845120013),
        ),
        templates=(Template("Cloze", 7310845130001, "cloze", ("Text",)),),
    ),
    "prompt": NoteType(
        name="mkdeck prompt",
        id=1764000000202,
        is_cloze=False,
        fields=(
            ("Front", 7310845220001),
            ("Back", 7310845220002),
            ("Header", 7310845220003),
            ("Context", 7310845220004),
            ("Extra", 7310845220005),
            ("Source", 7310845220006),
            ("Reverse", 7310845220007),
            ("Kind", 7310845220008),
            ("Lang", 7310845220009),
            ("Dir", 7310845220010),
            ("Key", 7310845220011),
            ("Spare 1", 7310845220012),
            ("Spare 2", 7310845220013),
            ("Spare 3", 7310845220014),
            ("Spare 4", 7310845220015),
        ),
        templates=(
            Template("Forward", 7310845230001, "prompt", ("Front",)),
            Template("Reverse", 7310845230002, "reverse", ("Back", "Reverse")),
        ),
    ),
}


_FIRST_MOD = 1_764_000_000
TEMPLATES_MOD = _FIRST_MOD + 1
"""The `mod` of the shared note types (seconds). It grows by one with every change of a template or a sheet:
Anki takes them only then.
"""


@cache
def template(name: str) -> str:
    """Give the text of a file in `templates/`."""
    # importlib.resources takes 2 ms to load, ten times as long as to read them all.
    return Path(__file__).with_name("templates").joinpath(name).read_text(encoding="utf-8")


def sheet(theme: Theme, style: str | None = None) -> str:
    """Give the CSS of a note type: the values that a theme sets, the layout that uses them, a deck's own rules."""
    shared = template(f"themes/{theme}.css") + template("style.css")
    return f"{shared}\n{style}" if style else shared


def look_mod(style_mod: int) -> int:
    """Give the `mod` of a note type whose deck changed its own look at `style_mod` (0: it has none).

    It grows when the deck's look changes and when the templates do, whichever was later: a greatest of the two
    times would hide a change of the templates behind any later build.
    """
    return max(style_mod, _FIRST_MOD) + TEMPLATES_MOD - _FIRST_MOD


def own_id(note_type: NoteType, deck_id: str) -> int:
    """Give the id of a deck's own copy of a note type, which a deck with a look of its own gets."""
    return id_by(f"{note_type.id}/{deck_id}")


def id_by(name: str) -> int:
    """Give the id of a note type that is known by a name.

    It is a time in 2001 to 2017, as Anki's ids are, so that it meets none that Anki gives.
    """
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return 1_000_000_000_000 + int.from_bytes(digest, "big") % 500_000_000_000
