"""The text of a file that is to be imported: its encoding, its line ends, and what cannot stand in a deck."""

from __future__ import annotations

import codecs
import difflib
import re
import stat
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.importers.report import Remark

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 32 << 20
"""A larger file is not read: nobody has such notes."""

_MOST_NAMES = 2000
"""Names of a folder that are compared with one that is not in it."""
_LIKE = 0.75
"""How like two names are, of which one may be meant by the other."""
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef]|[\ufffe\uffff]")
"""Controls, marks of byte order, and what Unicode keeps for no character."""
_AS_TEXT = "save it as plain text in UTF-8, a table as CSV, and import that"
_MAGIC = {
    b"PK\x03\x04": ("this is a file of Office, a package or another zip archive", _AS_TEXT),
    b"%PDF": ("this is a PDF", "copy its text into a file, and import that"),
    b"\xd0\xcf\x11\xe0": ("this is a file of Office", _AS_TEXT),
    b"{\\rtf": ("this is a file of a word processor (RTF)", _AS_TEXT),
    b"SQLite format 3": ("this is a database", "export a package (.apkg) in Anki, and import that"),
}
_CONTROLS_OF_TEXT = 0.01
"""The part of a text in an old encoding that may be controls; where there are more, it is none."""


def read_text(path: Path) -> tuple[str, list[Remark]]:
    """Read a text file; its lines end as on Unix. Raises DeckError if it is no text."""
    raw = _read(path)
    for magic, (message, mend) in _MAGIC.items():
        if raw.startswith(magic):
            raise _error(path, message, mend)
    text, remarks = _decoded(path, raw)
    text = _BREAKS.sub("\n", text)
    if _UNFIT.search(text):
        remarks += _unfit(text)
        text = _UNFIT.sub("", text)
    if not text.strip():
        raise _error(path, "there is nothing in this file", "save your notes into it, or name another file")
    return text, remarks


def _read(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise _error(path, "this is a folder, not a file", "name a file in it; each is imported by itself")
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise _error(path, f"this is not a file of at most {MAX_BYTES >> 20} MiB", "make several files of it")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _error(path, "there is no such file", _near(path)) from None
    except OSError as error:
        raise _error(path, f"cannot be read: {error.strerror or error}") from None
    except DeckError:
        raise
    except ValueError:
        raise DeckError([Diagnostic("file", "this is not a file name", Span(repr(str(path))))]) from None
    if len(raw) > MAX_BYTES:
        raise _error(path, f"this is not a file of at most {MAX_BYTES >> 20} MiB", "make several files of it")
    return raw


def _near(path: Path) -> str:
    """Ask for the file in the same folder whose name is most like one that is not there."""
    with suppress(OSError):
        names = [each.name for each in islice(path.parent.iterdir(), _MOST_NAMES) if each.is_file()]
        for name in difflib.get_close_matches(path.name, names, 1, _LIKE):
            return f"did you mean `{path.with_name(name)}`?"
    return ""


def _decoded(path: Path, raw: bytes) -> tuple[str, list[Remark]]:
    """Read bytes as their byte order mark says, else as UTF-8, else as what Windows wrote before."""
    mark = next((mark for mark in _MARKS if raw.startswith(mark)), b"")
    encodings = [_MARKS[mark]] if mark else ["utf-8", "cp1252"]
    remarks = []
    for encoding in encodings:
        try:
            text = raw[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if encoding == "cp1252" and len(_UNFIT.findall(text)) > _CONTROLS_OF_TEXT * len(text):
            break
        if encoding == "cp1252":
            message = "read as Windows-1252, for it is not UTF-8; if letters are wrong, save it as UTF-8"
            remarks.append(Remark(0, message))
        return text, remarks
    message = f"this is not text in {encodings[0].upper()}"
    mend = "if it is text, save it as UTF-8; pictures, recordings and programs cannot be imported"
    raise DeckError([Diagnostic("encoding", message, Span(str(path)), mend)])


def _unfit(text: str) -> list[Remark]:
    """Tell where characters were left out that cannot stand in a deck."""
    remarks = []
    line = 1
    done = 0
    for match in _UNFIT.finditer(text):
        line += text.count("\n", done, match.start())
        done = match.start()
        message = f"left out, the character U+{ord(match[0]):04X}, which shows nothing"
        remarks.append(Remark(line, message))
    return remarks


def _error(path: Path, message: str, mend: str = "") -> DeckError:
    return DeckError([Diagnostic("file", message, Span(str(path) or "."), mend)])
