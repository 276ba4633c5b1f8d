"""The text of a file that is to be imported: its encoding, its line ends, and what cannot stand in a deck."""

from __future__ import annotations

import codecs
import re
import stat
from typing import TYPE_CHECKING

from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.importers.report import Remark

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 32 << 20
"""A larger file is not read: nobody has such notes."""

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef]|[\ufffe\uffff]")
"""Controls, marks of byte order, and what Unicode keeps for no character."""
_MAGIC = {
    b"PK\x03\x04": "this is a package or another zip archive",
    b"%PDF": "this is a PDF; copy its text into a file",
    b"\xd0\xcf\x11\xe0": "this is a file of Office; save it as text or CSV",
    b"{\\rtf": "this is a file of a word processor (RTF); save it as plain text",
    b"SQLite format 3": "this is a database",
}


def read_text(path: Path) -> tuple[str, list[Remark]]:
    """Read a text file; its lines end as on Unix. Raises DeckError if it is no text."""
    raw = _read(path)
    for magic, message in _MAGIC.items():
        if raw.startswith(magic):
            raise _error(path, message)
    text, remarks = _decoded(path, raw)
    text = _BREAKS.sub("\n", text)
    if _UNFIT.search(text):
        remarks += _unfit(text)
        text = _UNFIT.sub("", text)
    if not text.strip():
        raise _error(path, "there is nothing in this file")
    return text, remarks


def _read(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise _error(path, "this is a folder, not a file")
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise _error(path, f"this is not a file of at most {MAX_BYTES >> 20} MiB")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _error(path, "there is no such file") from None
    except OSError as error:
        raise _error(path, f"cannot be read: {error.strerror or error}") from None
    except DeckError:
        raise
    except ValueError:
        raise DeckError([Diagnostic("file", "this is not a file name", Span(repr(str(path))))]) from None
    if len(raw) > MAX_BYTES:
        raise _error(path, f"this is not a file of at most {MAX_BYTES >> 20} MiB")
    return raw


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
        if encoding == "cp1252":
            message = "read as Windows-1252, for it is not UTF-8; if letters are wrong, save it as UTF-8"
            remarks.append(Remark(0, message))
        return text, remarks
    message = f"this is not text in {encodings[0].upper()}"
    raise DeckError([Diagnostic("encoding", message, Span(str(path)), "save the file as UTF-8")])


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


def _error(path: Path, message: str) -> DeckError:
    return DeckError([Diagnostic("file", message, Span(str(path) or "."))])
