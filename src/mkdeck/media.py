"""Pictures and recordings: found beside the deck, never outside its folder, named by their content."""

from __future__ import annotations

import hashlib
import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from io import FileIO

MediaKind = Literal["picture", "recording"]

_PICTURES = "avif bmp gif ico jpeg jpg png svg tif tiff webp"
_RECORDINGS = "aac flac m4a mkv mov mp3 mp4 oga ogg ogv opus spx wav webm"
_ENDINGS: dict[MediaKind, frozenset[str]] = {
    "picture": frozenset(_PICTURES.split()),
    "recording": frozenset(_RECORDINGS.split()),
}
_UNNAMED = ("_", "latex-")
"""What the names of files begin with that a style sheet, a template or LaTeX may need."""
_SHOWN_SIGNS = '[ ] < > : " / ? * ^ \\ |'
_NOT_ANKIS = re.compile(r'[\x00-\x1f\x7f\[\]<>:"/?*^\\|]')
_HASH_LENGTH = 16
_STEM_LENGTH = 40
"""Anki cuts names near 119 characters; a long stem helps nobody."""
_TICK = 2
"""Seconds: no file system has a coarser clock (FAT). A file that is younger may change without showing it."""


def name_hash(digest: hashlib._Hash) -> str:
    """Give what of a content's SHA-256 stands in the name under which it is stored."""
    return digest.hexdigest()[:_HASH_LENGTH]


class Look(NamedTuple):
    """A file as it was when it was read: what it held, and by what a change of it would show."""

    hash: str
    state: tuple[int, ...]
    """Empty if a change might not show."""


def look(file: FileIO) -> Look:
    """Read a file. Raises OSError."""
    state = state_of(file)
    is_settled = os.fstat(file.fileno()).st_mtime < time.time() - _TICK
    return Look(name_hash(hashlib.file_digest(file, "sha256")), state if is_settled else ())


def state_of(file: FileIO) -> tuple[int, ...]:
    """Give which file an open one is, its size and when it was last written."""
    stat = os.fstat(file.fileno())
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


class MediaError(ValueError):
    """A file that cannot go into the package; the text says why."""


@dataclass(slots=True)
class Media:
    """The media of one deck, gathered while its texts are rendered."""

    folder: Path
    own_folder: str | None = None
    """The folder below it where files lie under the names that Anki has for them, and keep them."""
    files: dict[str, Path] = field(default_factory=dict)
    """Stored name -> file, by its real path."""
    names: dict[str, str] = field(default_factory=dict)
    """Name in the deck -> stored name."""
    looks: dict[str, Look] = field(default_factory=dict)
    """Stored name -> the file as it was."""
    _real_folder: Path | None = None

    def store(self, name: str, kind: MediaKind | None) -> str:
        """Take the file `name`, relative to the deck's folder, into the package and give its stored name.

        A stored name holds a hash of the content: Anki never replaces a file of the same name, so a
        changed picture needs a new one. In a folder of their own, files keep their names. `kind` is None for
        what may be any file. Raises MediaError.
        """
        if name in self.names:
            return self.names[name]
        path = self._find(name)
        ending = Path(name).suffix[1:].lower()
        if kind and ending not in _ENDINGS[kind]:
            raise MediaError(f"`{name}` is no {kind}; known are {', '.join(sorted(_ENDINGS[kind]))}")
        try:
            with path.open("rb", buffering=0) as file:
                seen = look(file)
        except OSError as error:
            raise MediaError(f"`{name}` cannot be read: {error.strerror or error}") from None
        stored = name if self.own_folder is not None else self._named(name, kind, seen.hash, ending)
        self.files[stored] = path
        self.names[name] = stored
        self.looks[stored] = seen
        return stored

    def take(self, other: Media) -> None:
        """Take in what another one of the same folder has gathered."""
        self.files.update(other.files)
        self.names.update(other.names)
        self.looks.update(other.looks)

    def _named(self, name: str, kind: MediaKind | None, digest: str, ending: str) -> str:
        stem = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower())[:_STEM_LENGTH].strip("-") or kind or "file"
        return f"{stem}-{digest}.{ending}"

    def unnamed(self) -> list[str]:
        """Give the names of the files that no field has to name: those of note types, and pictures of LaTeX.

        Raises MediaError if there is no such folder below the deck's.
        """
        if self.own_folder is None:
            return []
        parts = PureWindowsPath(self.own_folder)
        if parts.drive or parts.root or ".." in parts.parts or "\\" in self.own_folder:
            raise MediaError(f"`{self.own_folder}` leaves the deck's folder; give a folder below it, with `/`")
        try:
            if not self._inside.resolve(strict=True).is_relative_to(self.folder.resolve()):
                raise MediaError(f"`{self.own_folder}` is a link that leaves the deck's folder")
            found = sorted(each.name for each in self._inside.iterdir() if each.is_file())
        except (OSError, ValueError, RuntimeError):
            raise MediaError(f"there is no folder `{self.own_folder}` beside the deck") from None
        return [name for name in found if name.startswith(_UNNAMED)]

    @property
    def _inside(self) -> Path:
        return self.folder / (self.own_folder or "")

    def _find(self, name: str) -> Path:
        if "://" in name or name.startswith(("data:", "//")):
            raise MediaError(f"`{name}` lies on the network; put a copy beside the deck")
        windows = PureWindowsPath(name)
        if windows.drive or windows.root or ".." in windows.parts or "\\" in name:
            raise MediaError(f"`{name}` leaves the deck's folder; give a path below it, with `/`")
        if self.own_folder is not None and ("/" in name or _NOT_ANKIS.search(name)):
            raise MediaError(f"`{name}` is no name that Anki has for a file; it holds none of {_SHOWN_SIGNS}")
        path = self._inside / name
        try:
            found = path.resolve(strict=True)
            # Resolved once, not for each of many files: 0.6x of the time of finding one.
            self._real_folder = self._real_folder or self.folder.resolve()
            inside = found.is_relative_to(self._real_folder)
        except (OSError, ValueError, RuntimeError):
            where = f"in `{self.own_folder}`" if self.own_folder else "beside the deck"
            raise MediaError(f"there is no file `{name}` {where}") from None
        if not inside:
            raise MediaError(f"`{name}` is a link that leaves the deck's folder")
        if not found.is_file():
            raise MediaError(f"`{name}` is not a file")
        return found  # with its links followed: what is checked here is what the package will hold
