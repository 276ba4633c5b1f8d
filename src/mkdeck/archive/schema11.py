"""Note types and decks of Anki's schema 11 and older: JSON in the one row of `col`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from mkdeck.archive.content import Deck, Field, NoteType, Template
from mkdeck.archive.limits import RefusedError
from mkdeck.archive.note_types import (
    INT64,
    UINT8,
    UINT16,
    UINT32,
    latex_post,
    latex_pre,
    number_up_to,
    sound,
    stock,
)
from mkdeck.archive.values import parsed, text, whole, whole_or_none
from mkdeck.diagnostics import clipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.archive.database import Database
    from mkdeck.archive.limits import Limits, Problems

_QUERY = "select cast(models as text), cast(decks as text) from col limit 1"
_CLOZE = 1
_TRUE = (True, "true", "1")
_Default = TypeVar("_Default", int, None)


def read_note_types(database: Database, limits: Limits, problems: Problems) -> dict[int, NoteType]:
    """Read the note types; one that is damaged is left out and told."""
    found = {}
    for key, data in _mapping(database, 0, "note types", limits).items():
        try:
            note_type = _note_type(whole(key, "its id"), _Part(data))
            found[note_type.id] = sound(note_type, limits)
        except RefusedError as error:
            problems.add(f"the note type `{clipped(key)}` is damaged and left out: {error}")
    return found


def read_decks(database: Database, limits: Limits, problems: Problems) -> dict[int, Deck]:
    """Read the decks; one that is damaged is left out and told."""
    found = {}
    for key, data in _mapping(database, 1, "decks", limits).items():
        try:
            part = _Part(data)
            deck_id = whole(part.get("id", key), "its id")
            found[deck_id] = Deck(
                deck_id, part.text("name"), part.text_if_any("desc"), is_markdown=part.get("md") is True,
                is_filtered=bool(whole_or_none(part.get("dyn"))),
            )  # fmt: skip
        except RefusedError as error:
            problems.add(f"the deck `{clipped(key)}` is damaged and left out: {error}")
    return found


def _mapping(database: Database, column: int, what: str, limits: Limits) -> dict[str, Any]:
    row = next(database.rows(_QUERY), None)
    data = row[column] if row else None
    if data is None:
        raise RefusedError(f"the collection in this package has no {what}")
    if len(data) > limits.list:
        raise RefusedError(f"the {what} in this package take {len(data):,} bytes; mkdeck stops at {limits.list:,}")
    try:
        return parsed(data)
    except RefusedError as error:
        raise RefusedError(f"the list of {what} in this package is damaged: {error}") from None


def _note_type(id_: int, part: _Part) -> NoteType:
    return NoteType(
        id_,
        part.text("name"),
        # Anki goes by the order in the list, whatever `ord` says.
        tuple(map(_field, part.parts("flds"))),
        tuple(map(_template, part.parts("tmpls"))),
        css=part.text_if_any("css"),
        is_cloze=part.get("type") == _CLOZE,
        stock=stock(whole_or_none(part.get("originalStockKind")) or 0),
        sort_field=whole_or_none(part.get("sortf")) or 0,
        mod=whole_or_none(part.get("mod")) or 0,
        latex_pre=latex_pre(part.text_if_any("latexPre")),
        latex_post=latex_post(part.text_if_any("latexPost")),
        latex_svg=part.get("latexsvg") is True,
    )  # fmt: skip


def _field(part: _Part) -> Field:
    return Field(
        part.text("name"),
        whole_or_none(part.get("id")),
        description=part.text_or("description", ""),
        font=part.text_or("font", "Arial"),
        size=part.number_or("size", UINT16, 20),
        # Of these two Anki takes a number or a text too, of those below only a truth value.
        rtl=part.get("rtl") in _TRUE,
        sticky=part.get("sticky") in _TRUE,
        plain_text=part.get("plainText") is True,
        collapsed=part.get("collapsed") is True,
        exclude_from_search=part.get("excludeFromSearch") is True,
        tag=part.number_or("tag", UINT32, None),
        prevent_deletion=part.get("preventDeletion") is True,
    )


def _template(part: _Part) -> Template:
    return Template(
        part.text("name"),
        part.text("qfmt"),
        part.text_if_any("afmt"),
        whole_or_none(part.get("id")),
        browser_front=part.text_if_any("bqfmt"),
        browser_back=part.text_if_any("bafmt"),
        browser_font=part.text_or("bfont", ""),
        browser_size=part.number_or("bsize", UINT8, 0),
        deck=part.number_or("did", INT64, None) or None,
    )


class _Part:
    """A mapping within the JSON."""

    def __init__(self, data: object) -> None:
        if not isinstance(data, dict):
            raise RefusedError("it is no mapping")
        self._data: dict[str, Any] = data

    def get(self, key: str, default: object = None) -> object:
        return self._data.get(key, default)

    def text(self, key: str) -> str:
        return text(self._data.get(key), f"its `{key}`")

    def text_if_any(self, key: str) -> str:
        return text(self._data.get(key) or "", f"its `{key}`")

    def text_or(self, key: str, default: str) -> str:
        """Take a text without which the note type is still good."""
        try:
            return text(self._data.get(key), key)
        except RefusedError:
            return default

    def number_or(self, key: str, highest: int, default: _Default) -> int | _Default:
        return number_up_to(highest, whole_or_none(self._data.get(key)), default)

    def parts(self, key: str) -> Iterator[_Part]:
        data = self._data.get(key)
        if not isinstance(data, list):
            raise RefusedError(f"its `{key}` is no list")
        return map(_Part, data)
