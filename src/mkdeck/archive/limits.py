"""How much of a package is read, what cannot be read, and what was left out."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdeck.diagnostics import DeckError, Diagnostic, Severity, Span

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

_MEGA = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on a package, far above those that people make. All are held while reading."""

    members: int = 200_000
    """Files in the zip."""
    directory: int = 16 * _MEGA
    """Bytes of the zip's table of contents."""
    collection: int = 1024 * _MEGA
    """Bytes of the unpacked database."""
    list: int = 16 * _MEGA
    """Bytes of the list of media, and of the note types and of the decks in JSON."""
    value: int = 64 * _MEGA
    """Bytes of a row of the database."""
    media: int = 32 * 1024 * _MEGA
    """Bytes of all unpacked media."""
    ratio: int = 200
    """Unpacked to packed size, of each member and of all media together; that of decks is 2 to 20."""
    free: int = 16 * _MEGA
    """Up to so many bytes the ratio does not matter: they harm nobody."""
    notes: int = 1_000_000
    cards: int = 2_000_000
    text: int = 512 * _MEGA
    """Bytes that the notes take in memory, as good as it can be told."""
    fields: int = 1000
    """Of a note type; also its templates."""
    seconds: float = 60
    """For reading the database."""

    def unpacked(self, packed: int, most: int) -> int:
        """Give the bytes that so many packed bytes may become, up to `most`."""
        return min(most, max(self.free, packed * self.ratio))


class RefusedError(ValueError):
    """What is wrong with a package, in words for its owner, and what to do about it."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


# What the libraries raise on damaged files, found by reading them and by trying.
_DAMAGED_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, UnicodeError, OverflowError,
)  # fmt: skip


@contextmanager
def told(path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn what can happen while a package is read into a DeckError that names the file."""
    try:
        yield
    except RefusedError as error:
        raise _failed(path, str(error), error.mend) from None
    except sqlite3.Error as error:
        raise _failed(path, f"the collection in this package is damaged ({error})") from None
    except FileNotFoundError:
        raise _failed(path, "there is no such file") from None
    except OSError as error:
        raise _failed(path, f"this file cannot be read ({error.strerror or error})") from None
    except _DAMAGED_ZIP as error:
        raise _failed(path, f"this is no package, or a damaged one ({error or type(error).__name__})") from None


def _failed(path: str | os.PathLike[str], message: str, mend: str = "") -> DeckError:
    return DeckError([Diagnostic("file", message, Span(str(path)), mend)])


class Problems:
    """What is left out of a package, told in order and within bounds."""

    _LISTED = 100

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._span = Span(str(path))
        self._told: list[Diagnostic] = []
        self._untold = 0

    def add(self, message: str) -> None:
        """Tell one of them; beyond a hundred they are counted."""
        if len(self._told) < self._LISTED:
            self._told.append(self._warning(message))
        else:
            self._untold += 1

    def all(self) -> tuple[Diagnostic, ...]:
        """Give what was told."""
        more = [self._warning(f"and {self._untold:,} more of this kind")] if self._untold else []
        return (*self._told, *more)

    def _warning(self, message: str) -> Diagnostic:
        return Diagnostic("file", message, self._span, severity=Severity.WARNING)
