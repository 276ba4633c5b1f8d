"""Whether a package is what its decks would be built into, told without building them.

A package carries, as its zip comment, a digest of all that it follows from: the decks, their locks, their
media and mkdeck itself, by content, never by time, and the libraries, by version. The comment says what was
counted, too, so that a build which has nothing to do can still say so. By it a package of mkdeck is told from one
of another maker.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mkdeck.media import name_hash

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MAX_COMMENT = 65_535
"""A longer comment does not fit into a zip file; then the package goes without its digest."""
_NAME = "mkdeck"
UNSTAMPED = json.dumps({_NAME: {}}).encode()
"""The comment of a package that says of itself nothing but whose it is."""

_LIBRARIES = {
    "babel": "babel",
    "genanki": "genanki",
    "markdown_it": "markdown_it_py",
    "mdit_py_plugins": "mdit_py_plugins",
    "yaml": "pyyaml",
}
"""What the texts of a package come through: the module, and the name under which it is installed."""
_OWN = (".py", ".html", ".css")


class Stamp(NamedTuple):
    """What a package says of itself.

    A tuple, as are the other small classes that every build loads: a frozen dataclass takes 0.5 ms more to make.
    """

    digest: str
    media: Sequence[tuple[int, str, str]]
    """(which of the decks, the file's name there, its name in the package, which holds a hash of its content)."""
    notes: Mapping[str, int]
    cards: Mapping[str, int]
    media_count: int

    def comment(self) -> bytes:
        """Give the zip comment; one without a digest if it would be too long."""
        text = json.dumps({_NAME: self._asdict()}).encode()
        return text if len(text) <= _MAX_COMMENT else UNSTAMPED


def digest(decks: Sequence[tuple[str, str]], media: Sequence[tuple[int, str, str]], *, tag_retired: bool) -> str:
    """Give the digest of what a package follows from; `decks` are digests of each deck's file and its lock."""
    content = json.dumps([_tool(), _libraries(), decks, media, tag_retired])
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def digest_of(content: bytes) -> str:
    """Give the digest of a file."""
    return new_digest(content).hexdigest()


def new_digest(content: bytes = b"") -> hashlib.blake2b:
    """Begin the digest of a file that is known bit by bit."""
    return hashlib.blake2b(content, digest_size=16)


def read_stamp(package: Path) -> Stamp | None:
    """Read what a package says of itself; None if it is no whole package, or says nothing."""
    try:
        with zipfile.ZipFile(package) as archive:
            said = json.loads(archive.comment)[_NAME]
            media = [(int(deck), str(name), str(stored)) for deck, name, stored in said["media"]]
            counts = dict(said["notes"]), dict(said["cards"]), int(said["media_count"])
            return Stamp(str(said["digest"]), media, *counts)
    except (
        OSError,
        zipfile.BadZipFile,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ):
        return None


def is_foreign(package: Path) -> bool:
    """Tell whether there is a file with something in it that mkdeck did not make, be it a package or not."""
    try:
        if package.stat().st_size == 0:
            return False
        with zipfile.ZipFile(package) as archive:
            return not archive.comment.startswith(f'{{"{_NAME}":'.encode())
    except FileNotFoundError:
        return False
    except (OSError, zipfile.BadZipFile, ValueError, ArithmeticError):
        return package.is_file()  # a folder is no package, and is told when it is written


def is_fresh(stamp: Stamp, decks: Sequence[tuple[Path, Path]], *, tag_retired: bool) -> bool:
    """Tell whether decks (each with its lock) and their media are what the package was built from."""
    try:
        for place, name, stored in stamp.media:
            with (decks[place][0].parent / name).open("rb") as file:
                if name_hash(hashlib.file_digest(file, "sha256")) not in stored:
                    return False
        contents = [
            (digest_of(deck.read_bytes()), digest_of(lock.read_bytes().replace(b"\r\n", b"\n")))
            for deck, lock in decks
        ]
    except (OSError, IndexError, ValueError):
        return False
    return stamp.digest == digest(contents, stamp.media, tag_retired=tag_retired)


@cache
def _tool() -> str:
    """Give the digest of mkdeck itself: of every file that it consists of."""
    home = str(Path(__file__).parent)
    files = sorted(
        f"{folder[len(home) :]}/{name}"
        for folder, _, names in os.walk(home)
        for name in names
        if name.endswith(_OWN)
    )
    found = hashlib.blake2b(digest_size=16)
    for file in files:
        # Without a Path and a buffer for each: 0.8x of the time.
        with open(home + file, "rb", buffering=0) as content:  # noqa: PTH123
            found.update(file.replace(os.sep, "/").encode() + b"\0" + content.read())
    return found.hexdigest()


@cache
def _libraries() -> list[str]:
    """Name the libraries with their versions, by their folders of metadata, such as `genanki-0.13.1.dist-info`.

    `importlib.metadata` takes as long to load as all of a build that has nothing to do.
    """
    specs = [PathFinder.find_spec(module) for module in _LIBRARIES]
    folders = {Path(spec.origin).parent.parent for spec in specs if spec and spec.origin}
    starts = tuple(f"{name}_" for name in _LIBRARIES.values())
    return sorted(
        name
        for folder in folders
        for name in os.listdir(folder)  # noqa: PTH208 - names are all that is needed
        if name.endswith("-info") and name.lower().replace("-", "_").startswith(starts)
    )
