"""A package, read as a whole."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mkdeck.archive import schema11, schema18
from mkdeck.archive.container import COLLECTIONS, opened
from mkdeck.archive.content import Archive
from mkdeck.archive.database import NOTE_TYPE_TABLES, opened_database
from mkdeck.archive.limits import Limits, Problems, told
from mkdeck.archive.media import read_media
from mkdeck.archive.notes import read_notes, with_recovered

if TYPE_CHECKING:
    import os

    from mkdeck.archive.container import Container

_CHUNK = 1 << 20


def read_package(path: str | os.PathLike[str], *, limits: Limits | None = None) -> Archive:
    """Read an `.apkg` or a `.colpkg` of any age: all but the scheduling and the settings.

    What is damaged in one note, note type, deck or media file is left out and told in `Archive.problems`.
    Raises DeckError, with one diagnostic, if the file is no package, or one that is damaged, encrypted or
    beyond the limits. Nothing is written but to a temporary file, and no file stays open.
    """
    path, limits = Path(path), limits or Limits()
    problems = Problems(path)
    with told(path), opened(path, limits) as container, tempfile.TemporaryDirectory() as folder:
        media = read_media(container, problems)
        database = Path(folder, "collection")
        _unpack(container, database)
        with opened_database(database, limits) as collection:
            schema = schema18 if collection.tables >= NOTE_TYPE_TABLES else schema11
            note_types = schema.read_note_types(collection, limits, problems)
            decks = schema.read_decks(collection, limits, problems)
            notes = read_notes(collection, note_types, limits, problems)
        decks = with_recovered(decks, notes, problems)
        return Archive(path, container.version, note_types, decks, notes, media, problems.all())


def _unpack(container: Container, database: Path) -> None:
    name = COLLECTIONS[container.version]
    with (
        container.stream(name, container.limits.collection, zstd=container.is_zstd) as stream,
        database.open("wb") as target,
    ):
        while chunk := stream.read(_CHUNK):
            target.write(chunk)
