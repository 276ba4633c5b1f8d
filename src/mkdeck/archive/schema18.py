"""Note types and decks of Anki's schema 15 and newer: tables, with the settings of each row in a protobuf message.

The numbers of fields are those of Anki's proto/anki/notetypes.proto and decks.proto.
"""

from __future__ import annotations

from collections import defaultdict
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
from mkdeck.archive.wire import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mkdeck.archive.database import Database
    from mkdeck.archive.limits import Limits, Problems

_NOTE_TYPES = (
    "select cast(id as integer), cast(name as text), cast(config as blob), cast(mtime_secs as integer)"
    " from notetypes"
)
_PARTS = "select cast(ntid as integer), cast(name as text), cast(config as blob), cast(ord as integer) from {}"
_DECKS = "select cast(id as integer), cast(name as text), cast(kind as blob) from decks"
_LEVEL = "\x1f"
_CLOZE = 1
_Part = TypeVar("_Part", Field, Template)
Row = tuple[Any, ...]


def read_note_types(database: Database, limits: Limits, problems: Problems) -> dict[int, NoteType]:
    """Read the note types; one that is damaged is left out and told."""
    fields = _by_note_type(database, "fields", limits)
    templates = _by_note_type(database, "templates", limits)
    found = {}
    for row in _bounded(database.rows(_NOTE_TYPES), "note types", limits):
        try:
            note_type = _note_type(row, _made(fields[row[0]], _field), _made(templates[row[0]], _template))
            found[note_type.id] = sound(note_type, limits)
        except RefusedError as error:
            problems.add(f"the note type `{row[0]}` is damaged and left out: {error}")
    return found


def read_decks(database: Database, limits: Limits, problems: Problems) -> dict[int, Deck]:
    """Read the decks; one that is damaged is left out and told."""
    found = {}
    for id_, name, kind in _bounded(database.rows(_DECKS), "decks", limits):
        try:
            message = Message(kind or b"")
            normal = Message(message.raw(1))
            found[id_] = Deck(
                id_, _text(name).replace(_LEVEL, "::"), normal.text(4), is_markdown=bool(normal.number(5)),
                is_filtered=message.has(2),
            )  # fmt: skip
        except RefusedError as error:
            problems.add(f"the deck `{id_}` is damaged and left out: {error}")
    return found


def _note_type(row: Row, fields: tuple[Field, ...], templates: tuple[Template, ...]) -> NoteType:
    id_, name, config, mod = row
    message = Message(config or b"")
    return NoteType(
        id_, _text(name), fields, templates, css=message.text(3), is_cloze=message.number(1) == _CLOZE,
        stock=stock(message.number(9)), sort_field=message.number(2), mod=mod or 0,
        latex_pre=latex_pre(message.text(5)), latex_post=latex_post(message.text(6)),
        latex_svg=bool(message.number(7)),
    )  # fmt: skip


def _field(row: Row) -> Field:
    message = Message(row[2] or b"")
    return Field(
        _text(row[1]),
        message.number_if_any(9),
        description=message.text(5),
        font=message.text(3),
        size=number_up_to(UINT16, message.number(4), 20),
        rtl=bool(message.number(2)),
        sticky=bool(message.number(1)),
        plain_text=bool(message.number(6)),
        collapsed=bool(message.number(7)),
        exclude_from_search=bool(message.number(8)),
        tag=number_up_to(UINT32, message.number_if_any(10), None),
        prevent_deletion=bool(message.number(11)),
    )


def _template(row: Row) -> Template:
    message = Message(row[2] or b"")
    return Template(
        _text(row[1]),
        message.text(1),
        message.text(2),
        message.number_if_any(8),
        browser_front=message.text(3),
        browser_back=message.text(4),
        browser_font=message.text(6),
        browser_size=number_up_to(UINT8, message.number(7), 0),
        deck=number_up_to(INT64, message.number(5), None) or None,
    )


def _by_note_type(database: Database, table: str, limits: Limits) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in _bounded(database.rows(_PARTS.format(table)), table, limits):
        found[row[0]].append(row)
    return found


def _made(rows: Iterable[Row], make: Callable[[Row], _Part]) -> tuple[_Part, ...]:
    return tuple(make(row) for row in sorted(rows, key=lambda row: row[3] or 0))


def _bounded(rows: Iterable[Row], what: str, limits: Limits) -> Iterator[Row]:
    """Stop where a table holds more than the same would be allowed to take in JSON."""
    left = limits.list
    for row in rows:
        left -= 100 + sum(len(value) for value in row if isinstance(value, bytes))
        if left < 0:
            raise RefusedError(f"the {what} in this package take more than {limits.list:,} bytes; mkdeck stops")
        yield row


def _text(value: bytes | None) -> str:
    try:
        return (value or b"").decode()
    except UnicodeDecodeError:
        raise RefusedError("its name is no UTF-8") from None
