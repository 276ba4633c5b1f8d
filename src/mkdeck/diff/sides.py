"""What stands on the command line -> a snapshot: a deck, a lock or a package, in the folder or in git."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mkdeck.archive import read_package
from mkdeck.compile import compile_deck
from mkdeck.deck import load
from mkdeck.diagnostics import DeckError, Diagnostic, Severity, Span
from mkdeck.diff.revisions import blob, put_media
from mkdeck.diff.snapshot import Snapshot, of_archive, of_deck, of_lock
from mkdeck.lock.files import load_lock
from mkdeck.paths import lock_path

if TYPE_CHECKING:
    from mkdeck.compile import Compiled

_PACKAGES = frozenset({".apkg", ".colpkg"})
_LOCKS = frozenset({".json"})


def read_sides(old: str, new: str) -> tuple[Snapshot, Snapshot]:
    """Read both sides; each is a path, or `REV:PATH` for a file as it was at a revision of git.

    A file of that name goes before a revision. Raises DeckError with the findings of both.
    """
    sides: list[Snapshot] = []
    problems: list[Diagnostic] = []
    for name in (old, new):
        try:
            sides.append(_read(name))
        except DeckError as error:
            problems += error.diagnostics
    if problems:
        raise DeckError(problems)
    return sides[0], sides[1]


def _read(name: str) -> Snapshot:
    revision, colon, path = name.partition(":")
    is_drive = len(revision) == 1 and path[:1] in {"/", "\\"}
    if not colon or not revision or not path or is_drive or Path(name).exists():
        return _of_file(Path(name), name, [])
    return _of_revision(revision, Path(path), name)


def _of_file(path: Path, name: str, media: list[Path]) -> Snapshot:
    """Read a file by its ending; what is no package and no lock is a deck.

    `media`: the folders in which those of a deck may lie, if that is not its own.
    """
    ending = path.suffix.lower()
    if ending in _PACKAGES:
        return of_archive(name, read_package(path))
    if ending in _LOCKS:
        lock, _ = load_lock(path)
        if lock is None:
            raise DeckError([Diagnostic("file", "there is no such file", Span(name))])
        return of_lock(name, lock)
    deck = load(path)
    for folder in media or [deck.folder()]:
        compiled = compile_deck(deck, folder)
        if not _has_errors(compiled):
            return of_deck(name, compiled)
    raise DeckError(compiled.problems)


def _has_errors(compiled: Compiled) -> bool:
    return any(problem.severity is Severity.ERROR for problem in compiled.problems)


def _of_revision(revision: str, file: Path, name: str) -> Snapshot:
    """Read a file, with the lock and the media of a deck, as if they had been checked out into a folder.

    If some of the media are not in git, all are those of today.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, file.name)
        data = blob(revision, file)
        copy.write_bytes(data)
        if copy.suffix.lower() not in _PACKAGES | _LOCKS:
            try:
                lock = blob(revision, lock_path(file))
            except DeckError:
                pass  # the deck could be read, so it is the lock that was not there yet
            else:
                lock_path(copy).write_bytes(lock)
            put_media(revision, file, data, Path(folder))
        try:
            snapshot = _of_file(copy, name, [Path(folder), file.parent])
        except DeckError as error:
            raise DeckError([_renamed(each, folder, revision, file) for each in error.diagnostics]) from None
        problems = tuple(_renamed(each, folder, revision, file) for each in snapshot.problems)
        return replace(snapshot, problems=problems)


def _renamed(problem: Diagnostic, folder: str, revision: str, file: Path) -> Diagnostic:
    """Let a finding about the copy name what it is a copy of."""
    copy = Path(problem.span.path)
    if not copy.is_relative_to(folder):
        return problem
    return replace(problem, span=replace(problem.span, path=f"{revision}:{file.with_name(copy.name).as_posix()}"))
