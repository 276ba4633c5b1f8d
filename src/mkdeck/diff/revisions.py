"""Files as they were at a revision of git."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path, PurePosixPath

from mkdeck.diagnostics import DeckError, Diagnostic, Span


def blob(revision: str, file: Path, *, filters: bool = False) -> bytes:
    """Give the bytes of a file at a revision. Raises DeckError, with what git says, if it has none.

    With `filters`, what is kept elsewhere (Git LFS) is fetched from there.
    """
    root, inside = _rooted(file)
    # Not `git show`, which takes a folder for a text that lists it.
    kind = ["--filters"] if filters else ["blob"]
    return _git(["cat-file", *kind, f"{revision}:./{inside}"], root, revision, file)


def put_media(revision: str, deck: Path, text: bytes, folder: Path) -> None:
    """Put the files at or below a deck's place, of those that its text names, into `folder`."""
    root, inside = _rooted(deck)
    prefix = "" if inside.parent == PurePosixPath() else f"{inside.parent}/"
    listed = _git(["ls-tree", "-r", "-z", "--name-only", revision, "--", prefix or "."], root, revision, deck)
    for name in listed.decode("utf-8", "surrogateescape").split("\0"):
        path = PurePosixPath(name.removeprefix(prefix))
        named = bool(path.name) and path.name.encode("utf-8", "surrogateescape") in text
        if named and ".." not in path.parts and not (folder / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(blob(revision, root / name, filters=True))


def _rooted(file: Path) -> tuple[Path, PurePosixPath]:
    """Part a path into a folder that is there and the rest; the file's own folder may be gone since then."""
    root = next((each for each in file.parents if each.is_dir()), Path())
    return root, PurePosixPath(file.relative_to(root).as_posix())


def _git(arguments: list[str], folder: Path, revision: str, file: Path) -> bytes:
    span = Span(f"{revision}:{file.as_posix()}")
    if revision.startswith("-"):
        raise DeckError([Diagnostic("file", f"`{revision}` is no revision of git", span)])
    git = shutil.which("git")
    if git is None:
        mend = "install git, or check the revision out and give its path"
        raise DeckError([Diagnostic("file", "git is needed to read a revision, and is not installed", span, mend)])
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, no shell, no option from outside
            [git, *arguments],
            cwd=folder,
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except (OSError, ValueError) as error:
        raise DeckError([Diagnostic("file", f"git cannot be run: {error}", span)]) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise DeckError([Diagnostic("file", f"git cannot give this file: {said[0].removeprefix('fatal: ')}", span)])
    return done.stdout
