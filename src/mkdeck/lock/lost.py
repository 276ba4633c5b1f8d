"""A deck without a lock that has been built before: which notes of the last package are lost to it."""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from typing import TYPE_CHECKING

from mkdeck.diagnostics import Diagnostic, Severity, Span

if TYPE_CHECKING:
    from pathlib import Path

    from mkdeck.lock.decks import Built

_MAX_BYTES = 1 << 30
"""A database that unpacks to more is not looked at; mkdeck's own have some 500 bytes a note."""
_NAMED = 5


def lost_notes(built: Built, package: Path) -> list[Diagnostic]:
    """Warn of the notes of the deck in an older `package` that this build, which has no lock, does not know."""
    if not built.is_first or built.lock_path is None or not package.is_file():
        return []
    deck_id = built.compiled.deck.id
    known = {note.key for note in built.settled.notes}
    lost = [key for key in _keys(package) if key.startswith(f"{deck_id}/") and key not in known]
    if not lost:
        return []
    count = f"{len(lost)} note{'s' if len(lost) > 1 else ''}"
    named = ", ".join(f"`{key.partition('/')[2]}`" for key in lost[:_NAMED]) + (
        " ..." if len(lost) > _NAMED else ""
    )
    message = (
        f"there is no lock, though {package} was built from one: {count} of it will be new notes, without history"
    )
    mend = f"restore the lock from your version control, or be content to lose {named}"
    return [Diagnostic("lock", message, Span(str(built.lock_path)), mend, Severity.WARNING)]


def _keys(package: Path) -> list[str]:
    """Give the keys of the notes in a package of mkdeck's, in order; none if it is no such package."""
    try:
        with zipfile.ZipFile(package) as archive, tempfile.TemporaryDirectory() as folder:
            if archive.getinfo("collection.anki2").file_size > _MAX_BYTES:
                return []
            database = sqlite3.connect(archive.extract("collection.anki2", folder))
            try:
                fields = [row[0].split("\x1f") for row in database.execute("select flds from notes order by id")]
            finally:
                database.close()
    except (OSError, KeyError, zipfile.BadZipFile, sqlite3.Error, RuntimeError, NotImplementedError):
        return []
    # The field is not named here; a key has no blank in it, and three slashes at least.
    return [each for note in fields for each in note if each.count("/") >= 3 and " " not in each]
