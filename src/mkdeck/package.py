"""Notes -> .apkg, through genanki: its schema and its classes, replaced where they are slow or not repeatable.

A package is a zip of an SQLite database (`collection.anki2`), a map of media names (`media`) and the media
themselves, named by their place in the map.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import genanki
from genanki.apkg_col import APKG_COL
from genanki.apkg_schema import APKG_SCHEMA

from mkdeck.note_types import NOTE_TYPES, NoteType, own_id, template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mkdeck.compile import Compiled
    from mkdeck.notes import Note, NoteTypeName

    Progress = Callable[[str, int, int], None]
    """Is told the stage of the work, how much of it is done, and how much there is."""

RELEASED = 1_764_000_000
"""The `mod` of every note, card and note type (seconds): one build is like another."""
_FIRST_ID, _ID_SPAN = 1_200_000_000_000, 400_000_000_000
"""Note and card ids are times in milliseconds; these lie in 2008 to 2020, never in a learner's future."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PAGE_SIZE = 16384
"""Larger pages write 10,000 notes in 0.8x of the time that SQLite's 4096 bytes take."""
_SQLITE_VERSION = slice(96, 100)
"""Where a database names the SQLite that wrote it (its file format, section 1.3)."""
_CHUNK = 2000


class AnkiNoteType(genanki.Model):  # type: ignore[misc]
    """A note type of mkdeck, as genanki knows them."""

    def __init__(self, note_type: NoteType, deck_id: str, style: str | None) -> None:
        css = template("style.css")
        super().__init__(
            own_id(note_type, deck_id) if style else note_type.id,
            f"{note_type.name} ({deck_id})" if style else note_type.name,
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
            css=f"{css}\n{style}" if style else css,
            model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
        )
        self.names = [name for name, _ in note_type.fields]
        # genanki works these out by rendering, and errs at conditions and filters.
        self._req = [
            [number, "all", [self.names.index(name) for name in each.needs]]
            for number, each in enumerate(note_type.templates)
        ]


class AnkiNote(genanki.Note):  # type: ignore[misc]
    """A note of mkdeck, as genanki knows them; its cards are those that Anki would make."""

    def __init__(self, note: Note, note_type: AnkiNoteType, due: int) -> None:
        get = note.fields.get
        super().__init__(
            note_type, [get(name, "") for name in note_type.names], tags=note.tags, guid=note.guid, due=due
        )
        self.cards = [genanki.Card(ordinal) for ordinal in note.ordinals]

    def _check_invalid_html_tags_in_fields(self) -> None:
        """Do nothing: the fields are rendered HTML, and genanki takes a `<` in a formula for a tag."""


class AnkiDeck(genanki.Deck):  # type: ignore[misc]
    """A compiled deck, as genanki knows them; it writes its rows in bulk."""

    def __init__(self, compiled: Compiled) -> None:
        super().__init__(
            _FIRST_ID + _hash(f"deck {compiled.deck.deck}") % _ID_SPAN,
            compiled.deck.deck,
            compiled.description,
        )
        self.notes: list[genanki.Note]
        self.media = sorted(compiled.media.items())
        """The media as (name in the package, file)."""
        self.first_id = _FIRST_ID + _hash(compiled.deck.id) % _ID_SPAN
        types: dict[NoteTypeName, AnkiNoteType] = {}
        due = 1
        for note in compiled.notes:
            if note.note_type not in types:
                kind = NOTE_TYPES[note.note_type]
                types[note.note_type] = AnkiNoteType(kind, compiled.deck.id, compiled.deck.style)
            self.notes.append(AnkiNote(note, types[note.note_type], due))
            due += len(note.ordinals)
        for each in types.values():
            self.add_model(each)

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        """Write the deck, its note types and its notes; genanki writes the first two."""
        notes, self.notes = self.notes, []
        try:
            super().write_to_db(cursor, timestamp, id_gen)
        finally:
            self.notes = notes
        mod = int(timestamp)
        # One executemany for each chunk, where genanki has one execute for each row: 0.6x of the time.
        for start in range(0, len(notes), _CHUNK):
            cards: list[tuple[Any, ...]] = []
            rows = [self._row(note, mod, id_gen, cards) for note in notes[start : start + _CHUNK]]
            cursor.executemany("INSERT INTO notes VALUES (?,?,?,?,-1,?,?,0,0,0,'')", rows)
            cursor.executemany("INSERT INTO cards VALUES (?,?,?,?,?,-1,0,0,?,0,0,0,0,0,0,0,0,'')", cards)

    def _row(
        self, note: genanki.Note, mod: int, id_gen: Iterator[int], cards: list[tuple[Any, ...]]
    ) -> tuple[Any, ...]:
        """Give a note's row (Anki works out its sort field and checksum itself) and add those of its cards."""
        note_id = next(id_gen)
        for place, card in enumerate(note.cards):
            cards.append((next(id_gen), note_id, self.deck_id, card.ord, mod, note.due + place))
        tags = f" {' '.join(note.tags)} " if note.tags else ""
        return (note_id, note.guid, note.model.model_id, mod, tags, "\x1f".join(note.fields))


class AnkiPackage(genanki.Package):  # type: ignore[misc]
    """A package whose bytes follow from its content alone."""

    def __init__(self, decks: Sequence[AnkiDeck]) -> None:
        media = dict(item for deck in decks for item in deck.media)
        super().__init__(list(decks), sorted(media.items()))

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, _id_gen: Iterator[int]) -> None:
        """Write all decks; the ids of a deck begin at a place of its own, behind those before it."""
        tables, indexes = _tables_and_indexes()
        cursor.executescript(tables)
        cursor.executescript(APKG_COL)
        cursor.execute("BEGIN")
        used = 0
        for deck in self.decks:
            used = max(used + 1, deck.first_id)
            numbers = itertools.count(used)
            deck.write_to_db(cursor, timestamp, numbers)
            used = next(numbers)
        cursor.execute("COMMIT")
        # Indexes that are built once, after the rows, cost half of those that grow with them.
        cursor.executescript(indexes)

    def write_to_file(self, file: str | Path | IO[bytes], timestamp: float | None = RELEASED) -> None:
        """Write the package to a path or a binary file."""
        with tempfile.TemporaryDirectory() as folder:
            database = Path(folder, "collection.anki2")
            connection = sqlite3.connect(database, isolation_level=None)
            try:
                # Nobody reads the file before it is whole, so nothing has to survive a crash.
                connection.executescript(
                    f"PRAGMA page_size={_PAGE_SIZE}; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"
                )
                self.write_to_db(connection.cursor(), timestamp or RELEASED, itertools.count())
            finally:
                connection.close()
            with database.open("r+b") as written:
                written.seek(_SQLITE_VERSION.start)
                written.write(bytes(4))
            with zipfile.ZipFile(file, "w", compresslevel=1) as package:
                # Level 1 takes a fifth of the time of level 6 and gives 1.15x of its size.
                _add(package, "collection.anki2", database, zipfile.ZIP_DEFLATED)
                names = {str(place): name for place, (name, _) in enumerate(self.media_files)}
                package.writestr(_member("media"), json.dumps(names))
                for place, (_, path) in enumerate(self.media_files):
                    _add(package, str(place), path, zipfile.ZIP_STORED)


def write(decks: Iterable[Compiled], target: Path, progress: Progress | None = None) -> None:
    """Write decks into one package at `target`, which is whole or as it was, whatever happens.

    Raises OSError if the file cannot be written.
    """
    compiled = list(decks)
    if progress:
        progress("packing", 0, 1)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(".part", f".{target.name}.", target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            AnkiPackage([AnkiDeck(each) for each in compiled]).write_to_file(file)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask())  # noqa: PTH101 - mkstemp makes files that only their owner can read
        os.replace(name, target)  # noqa: PTH105 - a str from mkstemp
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if progress:
        progress("packing", 1, 1)


def _tables_and_indexes() -> tuple[str, str]:
    """Part genanki's schema into what must stand before the rows and what may come after."""
    statements = [each.strip() + ";\n" for each in APKG_SCHEMA.split(";") if each.strip()]
    indexes = [each for each in statements if each.startswith("CREATE INDEX")]
    return "".join(each for each in statements if each not in indexes), "".join(indexes)


def _member(name: str, compression: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    """Give a zip member that does not tell when, by whom or on what it was written."""
    info = zipfile.ZipInfo(name, _ZIP_TIME)
    info.compress_type = compression
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _add(package: zipfile.ZipFile, name: str, path: Path, compression: int) -> None:
    info = _member(name, compression)
    info.file_size = path.stat().st_size
    with path.open("rb") as source, package.open(info, "w") as member:
        shutil.copyfileobj(source, member, 1 << 20)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
