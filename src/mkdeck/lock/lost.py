"""A deck without a lock that has one elsewhere: which notes of the last package are lost to it."""

from __future__ import annotations

import re
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
_CLOZE = re.compile(r"\{\{c(\d+)::(.*?)(?:::.*?)?\}\}", re.DOTALL)


def lost_notes(built: Built, package: Path) -> list[Diagnostic]:
    """Warn of what an older `package` of the deck has and this build, without a lock, does not know.

    Notes whose keys are unknown become new ones; in others, a blank gets the number of another one.
    """
    if built.lock_path is None or not package.is_file():
        return []
    new = {change.key for change in built.settled.changes if change.what == "new"}
    if not (built.is_first or new):
        return []
    deck_id = built.compiled.deck.id
    now = {note.key: note.fields.get("Text", "") for note in built.settled.notes}
    lost = [
        key
        for key, text in _notes(package, f"{deck_id}/").items()
        if (known := key.removeprefix(f"{deck_id}/")) not in built.settled.lock.notes
        or (known in new and not _asks_the_same(text, now[key]))
    ]
    if not lost:
        return []
    count = f"{len(lost)} note{'s' if len(lost) > 1 else ''}"
    named = ", ".join(f"`{key.partition('/')[2]}`" for key in lost[:_NAMED])
    named += " and others" if len(lost) > _NAMED else ""
    what = "there is no lock" if built.is_first else "the lock lacks notes"
    message = f"{what}, though {package} was built with one: {count} of it will lose their history"
    mend = f"restore it from your version control, or learners begin anew, or ask for other facts, with {named}"
    return [Diagnostic("lock", message, Span(str(built.lock_path)), mend, Severity.WARNING)]


def lost_lock(built: Built) -> list[Diagnostic]:
    """Warn of a deck without a lock whose note types came with it: it was imported, and its lock with it."""
    if built.lock_path is None or not built.is_first or not built.compiled.deck.note_types:
        return []
    message = (
        "there is no lock, though the deck has note types of its own: if it was imported, or built before, "
        "learners get all its notes a second time, and those they have learnt are no more updated"
    )
    mend = (
        f"restore {built.lock_path.name} from your version control, or import the package again; "
        "if nobody has its notes yet, commit the new one"
    )
    return [Diagnostic("lock", message, Span(str(built.lock_path)), mend, Severity.WARNING)]


def _asks_the_same(before: str, now: str) -> bool:
    """Tell whether no number asks for another answer than before."""
    old, new = _answers(before), _answers(now)
    return all(new.get(number, answers) == answers for number, answers in old.items())


def _answers(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for number, answer in _CLOZE.findall(text):
        found.setdefault(number, set()).add(answer)
    return found


def _notes(package: Path, prefix: str) -> dict[str, str]:
    """Give the first fields of a deck's notes in a package, by their keys; nothing if it is none of mkdeck's."""
    try:
        with zipfile.ZipFile(package) as archive, tempfile.TemporaryDirectory() as folder:
            if archive.getinfo("collection.anki2").file_size > _MAX_BYTES:
                return {}
            database = sqlite3.connect(archive.extract("collection.anki2", folder))
            try:
                rows = [row[0].split("\x1f") for row in database.execute("select flds from notes order by id")]
            finally:
                database.close()
    except (OSError, KeyError, zipfile.BadZipFile, sqlite3.Error, RuntimeError, NotImplementedError):
        return {}
    # A key has no blank in it; no other field begins with the deck's id and a slash.
    return {
        field: fields[0] for fields in rows for field in fields if field.startswith(prefix) and " " not in field
    }
