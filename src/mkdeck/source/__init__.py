"""YAML text -> plain data in which every value knows its line and column.

A plain file is read line by line, any other by way of PyYAML's event stream. Scalars stay the strings that were
written: `no`, `1928`, `25:00` and dates are texts. What YAML would do to a text behind its author's back is a
diagnostic.
"""

from __future__ import annotations

import codecs
import re
import stat
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.paths import near_deck
from mkdeck.source.lines import Lines, require_no_conflict, span_at
from mkdeck.source.plain import places, read_plain
from mkdeck.stamp import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkdeck.source.plain import Marks, Places

__all__ = ["Lines", "Place", "Source", "parse", "read", "require_no_conflict", "span_at"]

Place = tuple[str | int, ...]
"""The way to a value from the top of a file: `("reasons", 0, "points", 2, "text")`."""

MAX_BYTES = 512 << 20
"""A larger file is not read: it is no deck."""
LARGE = 1 << 20
"""Characters from which on it is worth while to let go of a file's content, and to read it twice if need be."""
_ZIP = b"PK\x03\x04"
"""How a zip file begins."""
_NOTES = frozenset([".txt", ".md", ".markdown", ".csv", ".tsv", ".docx", ".odt"])
"""The endings of what is imported, and is no deck, whatever YAML would make of it."""


@dataclass(frozen=True, eq=False)
class Content:
    """What stands in a file, and where."""

    lines: Lines
    data: Any
    find_places: Callable[[], Places] = field(repr=False)
    """Finds where everything in `data` stands, when that is first asked for."""
    starts: dict[int, Mapping[str | int, tuple[int, int]]] = field(default_factory=dict, repr=False)
    """What `Source.starts` gave before."""

    def __reduce__(self) -> str | tuple[Callable[..., object], tuple[str, str]]:
        """Let a copy be read anew: where everything stands is known by the `id()` of what is in `data`."""
        return "_GONE" if self is _GONE else (_parsed, (self.lines.text, self.lines.path))

    @cached_property
    def places(self) -> Places:
        return self.find_places()

    @property
    def marks(self) -> dict[int, Marks]:
        """By the `id()` of a mapping or list in `data`."""
        return self.places[0]

    @property
    def flows(self) -> set[int]:
        """The `id()` of the mappings and lists of `data` that are written between braces or brackets."""
        return self.places[1]

    @cached_property
    def start(self) -> int:
        """Where the data begins: at its first key, not at a comment above it."""
        marks = self.marks.get(id(self.data))
        text = self.lines.text
        return marks[0] if marks else (len(text) - len(text.lstrip()) if text.strip() else 0)

    @cached_property
    def all_starts(self) -> list[int]:
        return sorted({start for marks in self.marks.values() for start in marks})


@dataclass(eq=False)
class Source:
    """A file's text, the data in it, and where each value of it stands."""

    path: str
    digest: str
    """Of the file's bytes, as they were read; empty if there is no file."""
    problems: tuple[Diagnostic, ...]
    """What YAML read otherwise than it looks. The shape of the rest can be checked all the same."""
    _content: Content | None = field(repr=False)
    """None if it was let go."""
    _file: Path = field(default=Path(), repr=False)
    """Where it is read again then, wherever the process has gone since."""

    def let_go(self) -> None:
        """Forget a large file's content; it is read again when it is asked for. Nobody may hold its `data`."""
        if self._content and self.digest and len(self.text) >= LARGE:
            self._file = Path(self.path).absolute()
            self._content = None

    @property
    def content(self) -> Content:
        """What the file held when it was read; nothing if that was let go and the file is another by now."""
        if self._content is None:
            self._content = _read_again(self._file, self.path, self.digest)
        return self._content

    @property
    def lines(self) -> Lines:
        return self.content.lines

    @property
    def data(self) -> Any:
        return self.content.data

    @property
    def flows(self) -> set[int]:
        """The `id()` of the mappings and lists of `data` that are written between braces or brackets."""
        return self.content.flows

    @property
    def text(self) -> str:
        return self.lines.text

    @property
    def folder(self) -> Path:
        return Path(self.path).parent

    def span(self, place: Place = (), *, key: bool = False, part: str = "") -> Span:
        """Find the line and column of the value at `place`, or of the nearest value that holds it.

        With `key`, the mapping's key instead of its value; with `part`, the first place inside the value
        at which those words stand. If the content was let go and the file is another by now, it is the file.
        """
        if self.content is _GONE:
            return Span(self.path)
        _, node, key_offset, offset = self.locate(place)
        if part.strip():
            # Where a text is folded, a line break and an indent stand for the blank between two words.
            words = re.compile(r"\s+".join(map(re.escape, part.split())))
            found = words.search(self.text, offset, self._end(node, offset))
            if found:
                return self.lines.span(found.start(), len(found[0]))
        if key:
            return self.lines.span(key_offset, len(str(place[-1])))
        return self.lines.span(offset)

    def find(self, place: Place, pattern: str, after: int = 0) -> Span | None:
        """Find the first group of a pattern in the value at `place`, as it is written in the file.

        So many places where it stands, too, are passed over.
        """
        _, node, _, offset = self.locate(place)
        every = re.compile(pattern).finditer(self.text, offset, self._end(node, offset))
        found = next(islice(every, after, None), None)
        return self.lines.span(found.start(1), len(found[1])) if found else None

    def offset(self, span: Span) -> int:
        """Give where in `text` a span of this source begins."""
        return self.lines.offset(span)

    def locate(self, place: Place) -> tuple[Any, Any, int, int]:
        """Find what holds the value at `place`, the value, and the offsets of its key and of itself.

        Where there is no such value, its nearest holder is given.
        """
        holder, node, key, offset = None, self.data, self.content.start, self.content.start
        for step in place:
            starts = self.starts(node)
            if step in starts:
                key, offset = starts[step]
            elif isinstance(node, dict) or isinstance(step, int):
                return holder, node, offset, offset
            else:
                continue  # the short form: a text for a mapping with `text:`, a list for one with `links:`
            holder, node = node, node[step]
        return holder, node, key, offset

    def starts(self, node: Any) -> Mapping[str | int, tuple[int, int]]:
        """Give the offsets of key and value of all that a mapping or list of `data` holds; a text holds nothing."""
        if not isinstance(node, dict | list):
            return {}
        content = self.content
        found = content.starts.get(id(node))
        if found is None:
            marks = content.marks[id(node)]
            if isinstance(node, dict):
                found = dict(zip(node, zip(marks[::2], marks[1::2], strict=True), strict=True))
            else:
                found = dict(enumerate(zip(marks, marks, strict=True)))
            content.starts[id(node)] = found
        return found

    def _end(self, node: Any, offset: int) -> int:
        """Give where what follows the value `node`, which starts at `offset`, begins."""
        content = self.content
        while marks := content.marks.get(id(node)):
            offset = marks[-1]
            node = next(reversed(node.values())) if isinstance(node, dict) else node[-1]
        after = bisect_right(content.all_starts, offset)
        return content.all_starts[after] if after < len(content.all_starts) else len(content.lines.text)


_GONE = Content(Lines("", ""), None, lambda: ({}, set()))
"""The content of a file that cannot be read a second time as it was."""


def read(path: str | Path) -> Source:
    """Read the deck file at `path`.

    Raises DeckError if there is no such file, it is no text, or it is not well-formed YAML.
    """
    name = str(path) or "."
    try:
        raw = _bytes_of(Path(path))
    except FileNotFoundError:
        raise _file_error(name, "there is no such file", near_deck(Path(path))) from None
    except IsADirectoryError:
        raise _file_error(name, "this is a folder, not a deck file") from None
    except OSError as error:
        raise _file_error(name, f"cannot be read: {error.strerror or error}") from None
    except ValueError:
        raise _file_error(repr(name), "this is not a file name") from None
    if raw is None:
        raise _file_error(name, f"this is no deck: not a file of at most {MAX_BYTES >> 20} MiB")
    if Path(path).suffix.lower() in _NOTES:
        mend = f"`mkdeck import {name}` makes a deck of notes or a table; the name of a deck ends in .yaml"
        raise _file_error(name, "this is not a deck", mend)
    if raw.startswith(_ZIP):
        mend = f"`mkdeck import {name}` makes a deck of a package, `mkdeck show {name}` says what is in it"
        raise _file_error(name, "this is a package, or another zip file, and not a deck", mend)
    if name.endswith(".lock.json"):
        raise _file_error(name, "this is the lock of a deck, and not a deck", "name the `.yaml` file beside it")
    text, digest = _decode(name, raw), digest_of(raw)
    del raw  # a large file would be in memory twice while it is parsed
    return parse(text, name, digest)


def parse(text: str, path: str = "<text>", digest: str = "") -> Source:
    """Read the deck in `text`; `path` names it in messages.

    Raises DeckError with every finding if it cannot be read to its end.
    """
    lines = Lines(path, _normal(text))
    data = read_plain(lines.text)
    if data is not None:
        return Source(path, digest, (), Content(lines, data, partial(places, lines.text, data)))
    from mkdeck.source.reader import read_events  # noqa: PLC0415 - few decks need PyYAML, which takes long to load

    found = read_events(lines)
    if found.problems:
        require_no_conflict("yaml-syntax", path, lines.text)
    if found.problems and not (found.is_whole and isinstance(found.data, dict)):
        raise DeckError(found.problems)
    content = Content(lines, found.data, lambda: (found.marks, found.flows))
    return Source(path, digest, tuple(found.problems), content)


def _parsed(text: str, path: str) -> Content:
    return parse(text, path).content


def _read_again(file: Path, path: str, digest: str) -> Content:
    try:
        raw = _bytes_of(file)
    except OSError:
        return _GONE
    return _parsed(_decode(path, raw), path) if raw and digest_of(raw) == digest else _GONE


def _bytes_of(file: Path) -> bytes | None:
    """Give what is in a file, or None for a device, a pipe, or gigabytes; raises OSError, and for a folder, too."""
    status = file.stat()
    is_readable = stat.S_ISREG(status.st_mode) and status.st_size <= MAX_BYTES
    return file.read_bytes() if is_readable or stat.S_ISDIR(status.st_mode) else None


def _normal(text: str) -> str:
    """Take byte order marks away, and let every line end as on Unix."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decode(path: str, raw: bytes) -> str:
    """Read bytes as UTF-8, or as UTF-16 where a byte order mark says so."""
    encoding = "utf-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        text = raw[: error.start].decode(encoding, "ignore")
        problem = f"the byte 0x{raw[error.start]:02x} is not {encoding.upper()}"
    else:
        if "\0" not in text:
            return text
        text = text[: text.index("\0")]
        problem = f"a zero byte is not text in {encoding.upper()}"
    text = _normal(text + "\N{REPLACEMENT CHARACTER}")
    span = Lines(path, text).span(len(text) - 1)
    raise DeckError([Diagnostic("encoding", problem, span, "save the file as UTF-8")])


def _file_error(path: str, message: str, mend: str = "") -> DeckError:
    return DeckError([Diagnostic("file", message, Span(path), mend)])
