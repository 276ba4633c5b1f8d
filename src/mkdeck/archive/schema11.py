"""Note types and decks of Anki's schema 11 and older: JSON in the one row of `col`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdeck.archive.content import Deck, Field, NoteType, Template
from mkdeck.archive.limits import RefusedError
from mkdeck.archive.note_types import latex_post, latex_pre, sound, stock
from mkdeck.archive.values import parsed, text, whole, whole_or_none
from mkdeck.diagnostics import clipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.archive.database import Database
    from mkdeck.archive.limits import Limits, Problems

_QUERY = "select cast(models as text), cast(decks as text) from col limit 1"
_CLOZE = 1


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
        tuple(Field(each.text("name"), whole_or_none(each.get("id"))) for each in part.parts("flds")),
        tuple(
            Template(
                each.text("name"), each.text("qfmt"), each.text_if_any("afmt"), whole_or_none(each.get("id"))
            )
            for each in part.parts("tmpls")
        ),
        css=part.text_if_any("css"),
        is_cloze=part.get("type") == _CLOZE,
        stock=stock(whole_or_none(part.get("originalStockKind")) or 0),
        sort_field=whole_or_none(part.get("sortf")) or 0,
        mod=whole_or_none(part.get("mod")) or 0,
        latex_pre=latex_pre(part.text_if_any("latexPre")),
        latex_post=latex_post(part.text_if_any("latexPost")),
        latex_svg=part.get("latexsvg") is True,
    )  # fmt: skip


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

    def parts(self, key: str) -> Iterator[_Part]:
        data = self._data.get(key)
        if not isinstance(data, list):
            raise RefusedError(f"its `{key}` is no list")
        return map(_Part, data)
