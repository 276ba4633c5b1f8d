"""Notes -> .apkg, through genanki: its schema and its classes, replaced where they are slow or not repeatable.

A package is a zip of an SQLite database (`collection.anki2`), a map of media names (`media`) and the media
themselves, named by their place in the map.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
import zipfile
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import genanki
from genanki.apkg_col import APKG_COL
from genanki.apkg_schema import APKG_SCHEMA

from mkdeck.lock.settling import ID_STEP
from mkdeck.media import name_hash, state_of
from mkdeck.note_types import NOTE_TYPES, NoteType, look_mod, own_id, sheet, template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mkdeck.compile import Compiled
    from mkdeck.lock import Lock, Settled
    from mkdeck.media import Look
    from mkdeck.model import DeckData
    from mkdeck.notes import Note, NoteTypeName
    from mkdeck.package.own import OwnAnkiNoteType

_FIRST_ID, _ID_SPAN = 1_200_000_000_000, 400_000_000_000
"""Deck ids are times in milliseconds, of 2008 to 2020; Anki gives a deck an id of its own."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PAGE_SIZE = 16384
"""Larger pages write 10,000 notes in 0.8x of the time that SQLite's 4096 bytes take."""
_SQLITE_VERSION = slice(96, 100)
"""Where a database names the SQLite that wrote it (its file format, section 1.3)."""
_CHUNK = 2000
_INSERT_NOTE = "INSERT INTO notes VALUES (?,?,?,?,-1,?,?,0,0,0,'')"
_INSERT_CARD = "INSERT INTO cards VALUES (?,?,?,?,?,-1,0,0,?,0,0,0,0,0,0,0,0,'')"
_NO_DECKS: Mapping[int, int] = MappingProxyType({})


class AnkiNoteType(genanki.Model):  # type: ignore[misc]
    """A note type of mkdeck, as genanki knows them."""

    def __init__(self, note_type: NoteType, deck: DeckData, style_mod: int) -> None:
        self.mod = look_mod(style_mod)
        super().__init__(
            own_id(note_type, deck.id) if deck.has_own_look else note_type.id,
            f"{note_type.name} ({deck.id})" if deck.has_own_look else note_type.name,
            fields=[{"name": name, "id": each} for name, each in note_type.fields],
            templates=[
                {
                    "name": each.name,
                    "id": each.id,
                    "qfmt": template(f"{each.file}.front.html"),
                    "afmt": template(f"{each.file}.back.html"),
                }
                for each in note_type.templates
            ],
            css=sheet(deck.theme, deck.style),
            model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
        )
        self.names = [name for name, _ in note_type.fields]
        # genanki works these out by rendering, and errs at conditions and filters.
        self._req = [
            [number, "all", [self.names.index(name) for name in each.needs]]
            for number, each in enumerate(note_type.templates)
        ]

    def texts(self, _shape: NoteTypeName, fields: Mapping[str, str]) -> list[str]:
        """Give the fields of a note in the order of the note type."""
        get = fields.get
        return [get(name, "") for name in self.names]

    def to_json(self, _timestamp: float, deck_id: int) -> dict[str, Any]:
        """Give the note type as Anki keeps it; its `mod` moves only with its look."""
        return {**super().to_json(self.mod, deck_id), "mod": self.mod}


class _Row(NamedTuple):
    """A note as it is written; Anki works out its sort field and checksum itself."""

    id: int
    guid: str
    type_id: int
    mod: int
    tags: str
    fields: str
    ordinals: Sequence[int]
    due: int
    decks: Mapping[int, int]
    """Ordinal -> id of the deck of a card that does not go to the deck's."""


@cache  # one object for all cards of an ordinal: they hold nothing else
def _card(ordinal: int) -> genanki.Card:
    return genanki.Card(ordinal)


class AnkiNote(genanki.Note):  # type: ignore[misc]
    """A note of mkdeck, as genanki knows them; its cards are those that Anki would make."""

    def __init__(self, note: Note, note_type: AnkiNoteType | OwnAnkiNoteType, row: _Row) -> None:
        super().__init__(note_type, row.fields.split("\x1f"), guid=row.guid, due=row.due)
        # genanki looks for a blank in every tag of every note; these have been looked at.
        list.extend(self.tags, note.tags)
        self.cards = [_card(ordinal) for ordinal in row.ordinals]
        self.id = row.id
        self.mod = row.mod
        self.decks = row.decks

    def _check_invalid_html_tags_in_fields(self) -> None:
        """Do nothing: the fields are rendered HTML, and genanki takes a `<` in a formula for a tag."""

    def row(self) -> _Row:
        """Give the note as it is written, with what a script may have changed."""
        return _Row(
            self.id, self.guid, self.model.model_id, self.mod, _tags(self.tags), "\x1f".join(self.fields),
            [card.ord for card in self.cards], self.due, self.decks,
        )  # fmt: skip

    def write_to_db(self, cursor: sqlite3.Cursor, _timestamp: float, deck_id: int, _id_gen: Iterator[int]) -> None:
        """Write one note, as genanki does for a script's own deck; its times and ids are its own."""
        _write(cursor, [self.row()], deck_id)


class AnkiDeck(genanki.Deck):  # type: ignore[misc]
    """A deck whose notes have their identity, as genanki knows decks; it writes its rows in bulk."""

    def __init__(self, compiled: Compiled, settled: Settled) -> None:
        deck = compiled.deck
        super().__init__(_deck_id(deck.deck), deck.deck, compiled.description)
        del self.notes
        self._settled = settled.notes
        self.media = sorted(compiled.media.items())
        """The media as (name in the package, file)."""
        self.media_looks = compiled.media_looks
        self._others: dict[str, genanki.Deck] = {}
        """The other decks that its cards go to."""
        self._types: dict[str, AnkiNoteType | OwnAnkiNoteType] = {}
        for note in settled.notes:
            if _type_name(note) not in self._types:
                self._types[_type_name(note)] = self._note_type(deck, note, settled.lock)

    @cached_property
    def notes(self) -> list[genanki.Note]:
        """The notes as genanki's objects, for a script that looks at them.

        A build does not, and writes its rows without them: in 0.7x to 0.9x of the time, with 0.4 kB less a note.
        """
        rows = self._rows()
        return [
            AnkiNote(note, self._types[_type_name(note)], row)
            for note, row in zip(self._settled, rows, strict=True)
        ]

    def _rows(self) -> Iterator[_Row]:
        due = 1
        for note in self._settled:
            note_type = self._types[_type_name(note)]
            decks: Mapping[int, int] = _NO_DECKS
            if note.deck or note.decks:
                decks = {ordinal: self._other(note.decks.get(ordinal, note.deck)) for ordinal in note.ordinals}
            fields = "\x1f".join(note_type.texts(note.note_type, note.all_fields))
            yield _Row(
                note.id,
                note.guid,
                note_type.model_id,
                note.mod,
                _tags(note.tags),
                fields,
                note.ordinals,
                due,
                decks,
            )
            due += len(note.ordinals)

    def _note_type(self, deck: DeckData, note: Note, lock: Lock) -> AnkiNoteType | OwnAnkiNoteType:
        if not note.type:
            return AnkiNoteType(NOTE_TYPES[note.note_type], deck, lock.style_mod)
        from mkdeck.package.own import OwnAnkiNoteType  # noqa: PLC0415 - few decks have note types of their own

        data = deck.note_types[note.type]
        return OwnAnkiNoteType(note.type, data, lock.types[str(data.id)].mod)

    def _other(self, name: str) -> int:
        """Give the id of a deck, which will be in the package."""
        if name != self.name and name not in self._others:
            self._others[name] = genanki.Deck(_deck_id(name), name)
        return _deck_id(name)

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        """Write the deck, its note types and its notes; genanki writes the first two.

        `timestamp` and `id_gen` are for notes that are not mkdeck's own: a script may have added some.
        """
        made: list[genanki.Note] | None = vars(self).get("notes")
        types = self._types.values() if made is None else {id(note.model): note.model for note in made}.values()
        for note_type in types:
            self.add_model(note_type)
        self.notes = []
        try:
            super().write_to_db(cursor, timestamp, id_gen)
        finally:
            del self.notes
            if made is not None:
                self.notes = made
        own = self._rows() if made is None else (note.row() for note in made if isinstance(note, AnkiNote))
        _write(cursor, own, self.deck_id)
        for note in made or ():
            if not isinstance(note, AnkiNote):
                note.write_to_db(cursor, timestamp, self.deck_id, id_gen)
        for other in self._others.values():
            other.write_to_db(cursor, timestamp, id_gen)


def _type_name(note: Note) -> str:
    # No name that is given to a note type of the deck's own is empty.
    return f"own {note.type}" if note.type else note.note_type


def _tags(tags: Sequence[str]) -> str:
    return f" {' '.join(tags)} " if tags else ""


def _write(cursor: sqlite3.Cursor, rows: Iterable[_Row], deck_id: int) -> None:
    """Write notes and their cards, one executemany for each chunk: 0.6x of the time of one execute for each row."""
    rows = iter(rows)
    taken: set[int] = set()
    while chunk := list(itertools.islice(rows, _CHUNK)):
        notes: list[tuple[int | str, ...]] = []
        cards: list[tuple[int, ...]] = []
        for row in chunk:
            note_id = row.id
            # Two branches of a deck may have given two notes one id. The later one moves on, which
            # matters to nobody: Anki knows notes by their guids.
            while note_id in taken:
                note_id += ID_STEP
            taken.add(note_id)
            notes.append((note_id, *row[1:6]))
            home = row.decks.get
            cards += [
                (note_id + 1 + ordinal, note_id, home(ordinal, deck_id), ordinal, row.mod, due)
                for due, ordinal in enumerate(row.ordinals, row.due)
            ]
        cursor.executemany(_INSERT_NOTE, notes)
        cursor.executemany(_INSERT_CARD, cards)


class AnkiPackage(genanki.Package):  # type: ignore[misc]
    """A package whose bytes follow from its content alone."""

    def __init__(self, decks: Sequence[AnkiDeck], comment: bytes = b"") -> None:
        self.comment = comment
        media = dict(item for deck in decks for item in deck.media)
        self._looks = {name: each for deck in decks for name, each in deck.media_looks.items()}
        super().__init__(list(decks), sorted(media.items()))

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        """Write all decks."""
        tables, indexes = _tables_and_indexes()
        cursor.executescript(tables)
        cursor.executescript(APKG_COL)
        cursor.execute("BEGIN")
        for deck in self.decks:
            deck.write_to_db(cursor, timestamp, id_gen)
        cursor.execute("COMMIT")
        # Indexes that are built once, after the rows, cost half of those that grow with them.
        cursor.executescript(indexes)

    def write_to_file(self, file: str | Path | IO[bytes], timestamp: float | None = None) -> None:
        """Write the package to a path or a binary file.

        `timestamp` (seconds; default: now) is that of notes which a script has added.
        """
        timestamp = time.time() if timestamp is None else timestamp
        with tempfile.TemporaryDirectory() as folder:
            database = Path(folder, "collection.anki2")
            connection = sqlite3.connect(database, isolation_level=None)
            try:
                # Nobody reads the file before it is whole, so nothing has to survive a crash.
                connection.executescript(
                    f"PRAGMA page_size={_PAGE_SIZE}; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; "
                    "PRAGMA secure_delete=ON"  # what is left of moved rows differs between builds of SQLite
                )
                self.write_to_db(connection.cursor(), timestamp, itertools.count(int(timestamp * 1000)))
            finally:
                connection.close()
            with database.open("r+b") as written:
                written.seek(_SQLITE_VERSION.start)
                written.write(bytes(4))
            with zipfile.ZipFile(file, "w") as package:
                package.comment = self.comment
                _add(package, "collection.anki2", database, zipfile.ZIP_DEFLATED)
                names = {str(place): name for place, (name, _) in enumerate(self.media_files)}
                package.writestr(_member("media"), json.dumps(names))
                for place, (name, path) in enumerate(self.media_files):
                    _add_media(package, str(place), path, self._looks[name])


def _tables_and_indexes() -> tuple[str, str]:
    """Part genanki's schema into what must stand before the rows and what may come after."""
    statements = [each.strip() + ";\n" for each in APKG_SCHEMA.split(";") if each.strip()]
    indexes = [each for each in statements if each.startswith("CREATE INDEX")]
    return "".join(each for each in statements if each not in indexes), "".join(indexes)


def _member(name: str, compression: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    """Give a zip member that does not tell when, by whom or on what it was written."""
    info = zipfile.ZipInfo(name, _ZIP_TIME)
    info.compress_type = compression
    # Level 1 takes a fifth of the time of level 6 and gives 1.15x of its size. A ZipFile's own level would not
    # reach a member that is given as ZipInfo, where it has a public name only from Python 3.13 on.
    setattr(info, "compress_level" if sys.version_info >= (3, 13) else "_compresslevel", 1)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _add(package: zipfile.ZipFile, name: str, path: Path, compression: int) -> None:
    info = _member(name, compression)
    info.file_size = path.stat().st_size
    with path.open("rb") as source, package.open(info, "w") as member:
        shutil.copyfileobj(source, member, 1 << 20)


def _add_media(package: zipfile.ZipFile, place: str, path: Path, first: Look) -> None:
    """Store a picture or recording as it was when it was first looked at; raises OSError if it is another now."""
    info = _member(place)
    with path.open("rb", buffering=0) as source:
        info.file_size = os.fstat(source.fileno()).st_size
        # What was not written since is not hashed again: 0.9x of the time of a build with many pictures.
        digest = None if state_of(source) == first.state else hashlib.sha256()
        with package.open(info, "w") as member:
            while chunk := source.read(1 << 20):
                member.write(chunk)
                if digest:
                    digest.update(chunk)
        is_same = name_hash(digest) == first.hash if digest else state_of(source) == first.state
    if not is_same:
        raise OSError(errno.ESTALE, "it changed while the deck was built; build again", str(path))


def _deck_id(name: str) -> int:
    if name == "Default":
        return 1  # every package has this one, and two of one name become two decks
    return _FIRST_ID + _hash(f"deck {name}") % _ID_SPAN


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
