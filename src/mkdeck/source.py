"""YAML text -> plain data in which every value knows its line and column.

PyYAML's event stream is read once. Scalars stay the strings that were written: `no`, `1928`, `25:00` and
dates are texts. What YAML would do to a text behind its author's back is a diagnostic.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from yaml.reader import ReaderError

from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.quoting import misread, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

Place = tuple[str | int, ...]
"""The way to a value from the top of a file: `("reasons", 0, "points", 2, "text")`."""

MAX_DEPTH = 32
"""The format is 8 deep at the most; deeper is a mistake or an attack."""
MAX_EXPANDED = 1_000_000
"""Values that all aliases of one file may stand for together (a "billion laughs" has 10**9)."""

_EXCERPT = 120
"""Characters of a long line that a diagnostic shows."""
_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is not printable in YAML 1.1, section 5.1."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A file's text, the data in it, and where each value of it stands."""

    path: str
    text: str
    data: Any
    marks: dict[int, list[int]] = field(repr=False)
    """For each mapping (by its `id()`) the offsets of key, value, key, value ...; for each list of its items."""

    @property
    def folder(self) -> Path:
        return Path(self.path).parent

    def span(self, place: Place = (), *, key: bool = False, part: str = "") -> Span:
        """Find the line and column of the value at `place`, or of the nearest value that holds it.

        With `key`, the mapping's key instead of its value; with `part`, the first place inside the value
        at which those words stand.
        """
        node, offset = self.data, None
        for number, step in enumerate(place):
            marks = self.marks.get(id(node), ())
            if isinstance(node, dict) and step in node:
                index = 2 * list(node).index(step)
                offset = marks[index if key and number == len(place) - 1 else index + 1]
            elif isinstance(node, list) and isinstance(step, int) and step < len(node):
                offset = marks[step]
            else:
                break
            node = node[step]
        if offset is None:
            offset = len(self.text) - len(self.text.lstrip())
        if part and (found := self.text.find(part, offset)) >= 0:
            return span_at(self.path, self.text, found, len(part))
        length = len(place[-1]) if key and place and isinstance(place[-1], str) else 1
        return span_at(self.path, self.text, offset, length)


    def offset(self, span: Span) -> int:
        """Give where in `text` a span of this source begins."""
        offset = 0
        for _ in range(span.line - 1):
            offset = self.text.index("\n", offset) + 1
        return offset + span.column - 1


def read(path: str | Path) -> Source:
    """Read the deck file at `path`.

    Raises DeckError if there is no such file, it is no text, or it is not well-formed YAML.
    """
    name = str(path)
    try:
        raw = Path(path).read_bytes()
    except FileNotFoundError:
        raise _file_error(name, "there is no such file") from None
    except IsADirectoryError:
        raise _file_error(name, "this is a folder, not a deck file") from None
    except OSError as error:
        raise _file_error(name, f"cannot be read: {error.strerror or error}") from None
    except ValueError:
        raise _file_error(repr(name), "this is not a file name") from None
    return parse(_decode(name, raw), name)


def parse(text: str, path: str = "<text>") -> Source:
    """Read the deck in `text`; `path` names it in messages.

    Raises DeckError with every finding if it is not well-formed YAML.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    reader = _Reader(path, text)
    try:
        data = reader.document()
    except yaml.MarkedYAMLError as error:
        reader.syntax_error(error)
    except ReaderError as error:
        reader.bad_character(error)
    except UnicodeEncodeError as error:  # a lone surrogate, which libyaml cannot be given
        reader.problem("yaml-syntax", "half of a surrogate pair cannot stand in YAML", error.start)
    if reader.problems:
        raise DeckError(reader.problems)
    return Source(path, text, data, reader.marks)


def span_at(path: str, text: str, offset: int, length: int = 1) -> Span:
    """Turn an offset in `text` into a line, a column and an excerpt."""
    offset = min(offset, len(text))
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    first = start if end - start <= _EXCERPT else max(start, offset - _EXCERPT // 3)
    excerpt = text[first : min(end, first + _EXCERPT)]
    # A control character would act on the terminal that shows it.
    excerpt = "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in excerpt)
    return Span(
        path,
        text.count("\n", 0, offset) + 1,
        offset - start + 1,
        excerpt=excerpt,
        caret=offset - first,
        length=max(1, min(length, end - offset)),
    )


class _Reader:
    """One pass over the events of one file, by recursive descent; `MAX_DEPTH` bounds the recursion."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.problems: list[Diagnostic] = []
        self.marks: dict[int, list[int]] = {}
        self._anchors: dict[str, _Anchor] = {}
        self._count = 0  # values read so far, those that aliases stand for included
        self._depth = 0
        self._comments = " #" in text

    def problem(self, rule: str, message: str, offset: int, mend: str = "", length: int = 1) -> None:
        span = span_at(self.path, self.text, offset, length)
        self.problems.append(Diagnostic(rule, message, span, mend))

    def document(self) -> Any:
        """Read the file's one document; None if there is nothing in it."""
        self._next: Callable[[], Any] = _LOADER(self.text).get_event
        data: Any = None
        documents = 0
        while type(event := self._next()) is not yaml.StreamEndEvent:
            if type(event) is yaml.DocumentStartEvent:
                documents += 1
                if documents == 1:
                    data = self._value(self._next())
                    continue
                self.problem(
                    "yaml-syntax",
                    "a second document begins here; a file holds one deck",
                    event.start_mark.index,
                    "put the second deck into a file of its own",
                )
                break
        for name, anchor in self._anchors.items():
            if not anchor.used:
                message = f"YAML takes `&{name}` for the name of an anchor, and nothing refers to it"
                self.problem("yaml-reads-otherwise", message, anchor.offset, quoted(self.text, anchor.offset))
        return data

    def _value(self, event: Any) -> Any:
        kind = type(event)
        self._count += 1
        if kind is yaml.AliasEvent:
            return self._alias(event)
        if event.tag is not None:
            self._tag(event)
        before = self._count
        if kind is yaml.ScalarEvent:
            value = event.value
            if not event.style:  # plain: neither quoted nor a block
                if self._comments and self.text.startswith(" #", event.end_mark.index):
                    self._cut(event)
                value = value or None
        elif self._depth == MAX_DEPTH:
            self.problem("yaml-syntax", f"nested more than {MAX_DEPTH} deep", event.start_mark.index)
            raise DeckError(self.problems)
        else:
            if event.anchor is not None:
                self._anchors[event.anchor] = _Anchor(None, 0, event.start_mark.index, is_open=True)
            self._depth += 1
            value = self._mapping() if kind is yaml.MappingStartEvent else self._list()
            self._depth -= 1
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(value, self._count - before, event.start_mark.index)
        return value

    def _mapping(self) -> dict[str, Any]:
        node: dict[str, Any] = {}
        marks: list[int] = []
        self.marks[id(node)] = marks
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key_offset = event.start_mark.index
            key = self._value(event)
            event = self._next()
            value = self._value(event)
            if type(key) is not str:
                message = "YAML reads this as a mapping inside a mapping's key"
                self.problem("yaml-reads-otherwise", message, key_offset, quoted(self.text, key_offset))
            elif key in node:
                message = f"`{key}` stands here a second time"
                self.problem("duplicate-key", message, key_offset, "keep one of the two", len(key))
            else:
                node[key] = value
                marks += (key_offset, event.start_mark.index)
        return node

    def _list(self) -> list[Any]:
        node: list[Any] = []
        marks: list[int] = []
        self.marks[id(node)] = marks
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            node.append(self._value(event))
            marks.append(event.start_mark.index)
        return node

    def _alias(self, event: Any) -> Any:
        offset = event.start_mark.index
        anchor = self._anchors.get(event.anchor)
        if anchor is None:
            message = f"YAML takes `*{event.anchor}` for an alias, and there is no anchor `&{event.anchor}`"
            self.problem("yaml-reads-otherwise", message, offset, quoted(self.text, offset))
            return ""
        if anchor.is_open:
            self.problem("yaml-syntax", f"the alias `*{event.anchor}` stands inside what it names", offset)
            return ""
        anchor.used = True
        self._count += anchor.weight
        if self._count > MAX_EXPANDED and self._count - anchor.weight <= MAX_EXPANDED:
            message = f"the aliases of this file stand for more than {MAX_EXPANDED:,} values"
            self.problem("alias-bomb", message, offset, "write the values out")
            raise DeckError(self.problems)
        return anchor.value

    def _tag(self, event: Any) -> None:
        offset = event.start_mark.index
        message = f"YAML takes `{event.tag}` for the tag of a type; a deck has none"
        self.problem("yaml-reads-otherwise", message, offset, quoted(self.text, offset))

    def _cut(self, event: Any) -> None:
        offset = event.end_mark.index + 1
        self.problem(
            "text-cut-by-comment",
            "` #` begins a comment and cuts the text short",
            offset,
            "if the text goes on: " + quoted(self.text, offset)
            + "; if it is a comment: put two spaces before it",
        )

    def syntax_error(self, error: yaml.MarkedYAMLError) -> None:
        """Say what PyYAML found in the author's terms, and show the quoted form where that mends it."""
        mark = error.problem_mark or error.context_mark
        offset = mark.index if mark else 0
        for place in (error.context_mark, error.problem_mark):
            if place is not None and (found := misread(self.text, place.index)):
                start, message, mend = found
                line = span_at(self.path, self.text, start).line
                self.problems = [each for each in self.problems if each.span.line != line]
                self.problem("yaml-syntax", message, start, mend)
                return
        message = error.problem or "this is not YAML"
        mend = "indent with spaces" if self.text[offset : offset + 1] == "\t" else ""
        self.problem("yaml-syntax", f"{error.context}: {message}" if error.context else message, offset, mend)

    def bad_character(self, error: ReaderError) -> None:
        """Point at a character that YAML forbids."""
        char = next((c for c in self.text if _FORBIDDEN.match(c)), "")
        offset = self.text.find(char) if char else 0
        self.problem(
            "yaml-syntax",
            f"the character U+{ord(char):04X} cannot stand in YAML" if char else str(error.reason),
            offset,
            'write it as an escape in double quotes, such as "\\x07"' if char else "",
        )


@dataclass(slots=True)
class _Anchor:
    value: Any
    weight: int
    """How many values an alias of it stands for."""
    offset: int
    is_open: bool = False
    used: bool = False


def _decode(path: str, raw: bytes) -> str:
    """Read bytes as UTF-8, or as UTF-16 where a byte order mark says so."""
    encoding = "utf-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode(encoding, "replace")
        span = span_at(path, before + "\N{REPLACEMENT CHARACTER}", len(before))
        message = f"the byte 0x{raw[error.start]:02x} is not {encoding.upper()}"
        raise DeckError([Diagnostic("encoding", message, span, "save the file as UTF-8")]) from None


def _file_error(path: str, message: str) -> DeckError:
    return DeckError([Diagnostic("file", message, Span(path))])
