"""A package, mkdeck's or another maker's, as a snapshot. It may come from anywhere, and is trusted in nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.diff.snapshot import NoteState, Snapshot
from mkdeck.notes import guid

_MAX_BYTES = 1 << 30
_MAX_RATIO = 200
"""Of a database to its compressed size; that of mkdeck's own is some 5 to 20."""
_SMALL = 1 << 24
"""A database up to this size may be compressed at any ratio: it harms nobody."""
_ENCRYPTED = 0x1
_TABLES = {"col", "notes", "cards"}
_NOTES = (
    "select id, cast(guid as text), cast(mid as text), cast(mod as integer), cast(tags as text), cast(flds as text)"
    " from notes order by id"
)
_CARDS = (
    "select nid, cast(case when odid then odid else did end as text), cast(ord as integer) from cards order by ord"
)


@dataclass(frozen=True, slots=True)
class _NoteType:
    name: str
    fields: tuple[str, ...]


def read_package(path: Path, name: str) -> Snapshot:
    """Read the notes of a package. Raises DeckError if it is none, or one that is not safe to unpack."""
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            database = Path(folder, "collection")
            with archive.open(_member(archive, name)) as member, database.open("wb") as target:
                shutil.copyfileobj(member, target, 1 << 20)
            return Snapshot(name, _notes(database))
    except FileNotFoundError:
        raise _refused(name, "there is no such file") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refused(name, f"this is no package, or a damaged one ({error})") from None
    except sqlite3.Error as error:
        raise _refused(name, f"the collection in this package is damaged ({error})") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"the collection in this package is not one of Anki's ({type(error).__name__}: {error})"
        raise _refused(name, message) from None


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Choose the collection that Anki would read, and refuse what would fill the disk."""
    members = {each.filename: each for each in archive.infolist()}
    if "collection.anki21b" in members:
        mend = "export it from Anki with `Support older Anki versions` ticked"
        raise _refused(name, "this package is in the newer form, which mkdeck cannot read", mend)
    info = members.get("collection.anki21") or members.get("collection.anki2")
    if info is None:
        raise _refused(name, "there is no collection in this file; it is no package of Anki's")
    if info.flag_bits & _ENCRYPTED:
        raise _refused(name, "this package is encrypted")
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > _MAX_BYTES or (info.file_size > _SMALL and ratio > _MAX_RATIO):
        raise _refused(
            name, f"the collection in this package would unpack to {info.file_size:,} bytes; mkdeck stops"
        )
    return info


def _notes(path: Path) -> dict[str, NoteState]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.text_factory = _text
        database.execute("pragma trusted_schema=off")
        # A view could stand for a query without end.
        tables = {row[0] for row in database.execute("select name from sqlite_master where type = 'table'")}
        if missing := _TABLES - tables:
            raise KeyError(", ".join(sorted(missing)))
        row = database.execute("select cast(models as text), cast(decks as text) from col limit 1").fetchone()
        types = {each: _note_type(data) for each, data in _parsed(row[0]).items()}
        decks = {each: str(data["name"]) for each, data in _parsed(row[1]).items()}
        cards: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for note_id, deck, ordinal in database.execute(_CARDS):
            cards[note_id].append((deck, ordinal))
        notes: dict[str, NoteState] = {}
        for note_id, identity, type_id, mod, tags, fields in database.execute(_NOTES):
            of_note = cards[note_id]
            notes.setdefault(
                identity,
                _note(
                    identity, types[type_id], int(type_id), mod, tags or "", (fields or "").split("\x1f"),
                    decks.get(of_note[0][0], "") if of_note else "", frozenset(ordinal for _, ordinal in of_note),
                ),
            )  # fmt: skip
    return notes


def _note(
    identity: str, type_: _NoteType, type_id: int, mod: int, tags: str, texts: list[str], deck: str,
    ordinals: frozenset[int],
) -> NoteState:  # fmt: skip
    fields = {name: text for name, text in zip(type_.fields, texts, strict=False) if text}
    key, kind = identity, type_.name
    if guid(fields.get("Key", "")) == identity:
        key, kind = fields["Key"], fields.get("Kind", kind)
    return NoteState(
        identity, key, kind, deck, mod, fields=fields, tags=frozenset(tags.split()), ordinals=ordinals,
        note_type=type_id,
    )  # fmt: skip


def _note_type(data: dict[str, Any]) -> _NoteType:
    fields = sorted(data["flds"], key=lambda field: int(field["ord"]))
    return _NoteType(str(data["name"]), tuple(str(field["name"]) for field in fields))


def _parsed(text: str) -> dict[str, Any]:
    """Read a mapping; a nest that is too deep for Python is as wrong as anything else."""
    try:
        data = json.loads(text)
    except RecursionError:
        raise ValueError("too deeply nested") from None
    if not isinstance(data, dict):
        raise TypeError("no mapping")
    return data


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _refused(name: str, message: str, mend: str = "") -> DeckError:
    return DeckError([Diagnostic("file", message, Span(name), mend)])
