"""PyYAML's events -> plain data, the places of its values, and what YAML did to a text unseen."""

from __future__ import annotations

import re
from array import array
from contextlib import suppress
from dataclasses import dataclass
from sys import intern
from typing import TYPE_CHECKING, Any

import yaml
from yaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    MarkedYAMLError,
    SafeLoader,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    YAMLError,
)

from mkdeck.diagnostics import Diagnostic, clipped
from mkdeck.quoting import BELOW, CUT, CUTS, odd_escape, quoted, reading, swallowed
from mkdeck.source.plain import MAX_DEPTH
from mkdeck.source.syntax import DIRECTIVE, TOO_DEEP, beyond_unicode, explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdeck.source.lines import Lines
    from mkdeck.source.plain import Marks

MAX_EXPANDED = 5_000_000
"""Characters that all aliases of one file may stand for together (a "billion laughs" has 10**9)."""

_MOST_READ = 5_000_000
"""Characters that may be read again and again to find the next syntax error after one that is understood."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""What is not printable in YAML 1.1, section 5.1, byte order marks inside, and what ends a line only in YAML.

What may stand, the specification says; a class of that (`[^...]`) takes 9x as long to compile as this one.
"""
_ONLY_HERE = "\x85\u2028\u2029\ufeff"
"""Which of these PyYAML takes. All others stop it, so what it reads need not be searched: 0.1x of a file's time."""
_DIRECTIVES = re.compile(r"(?:%YAML 1\.[12][ \t]*\n)?(?!%)")
_TAG = re.compile(r"!\S*")
_LOADER: Any = getattr(yaml, "CSafeLoader", SafeLoader)


@dataclass(slots=True)
class Found:
    """What one file holds: its data, where that stands, and what is wrong with it."""

    problems: list[Diagnostic]
    data: Any
    marks: dict[int, Marks]
    flows: set[int]
    is_whole: bool
    """False if the file could not be read to its end."""


def read_events(lines: Lines) -> Found:
    """Read a file, and read on after a syntax error for which one text is to blame for certain."""
    if not any(char in lines.text for char in _ONLY_HERE):  # nearly always
        reader = _Reader(lines, lines.text)
        with suppress(_Stopped, YAMLError, ValueError):
            data = reader.document()
            if not reader.problems:
                return Found([], data, reader.marks, reader.flows, is_whole=True)
    return _read_on(lines)


def _read_on(lines: Lines) -> Found:
    """Find everything that is wrong in a file."""
    problems = _forbidden(lines)
    readable = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", lines.text) if problems else lines.text
    data = None
    is_whole = False
    crossed: list[tuple[int, int]] = []
    for _ in range(1 + _MOST_READ // (len(readable) + 1)):
        reader = _Reader(lines, readable)
        try:
            data = reader.document()
        except _Stopped:
            break
        except (YAMLError, ValueError) as error:
            problem, blame = reader.stopped(error)
            if blame and any(begin < blame[1] and blame[0] < end for begin, end in crossed):
                break  # it was not to blame after all
            problems.append(problem)
            if blame is None:
                break
            begin, end = blame  # crossed out, line by line, so that all other places stay the same
            crossed.append(blame)
            sign = " " if readable[:begin].endswith("\n") else "x"  # a whole line is left out, a text stays one
            readable = readable[:begin] + re.sub(r"[^\n]", sign, readable[begin:end]) + readable[end:]
        else:
            is_whole = True
            break
    return Found(problems + reader.problems, data, reader.marks, reader.flows, is_whole)


def _forbidden(lines: Lines) -> list[Diagnostic]:
    """Report each character that cannot stand in YAML where it first stands."""
    problems = []
    for char in sorted(set(_FORBIDDEN.findall(lines.text))):
        offset = lines.text.index(char)
        message = f"the character U+{ord(char):04X} cannot stand in YAML"
        mend = "delete it"
        if char in "\x85\u2028\u2029":
            message = f"YAML reads the character U+{ord(char):04X} as the end of a line"
            mend = "delete it, or begin a new line"
        problems.append(Diagnostic("yaml-syntax", message, lines.span(offset), mend))
    return problems


class _Stopped(Exception):  # noqa: N818 - no error: the finding is in `problems`
    """The rest of the file is not worth reading."""


@dataclass(slots=True)
class _Anchor:
    value: Any
    weight: int
    """How many characters and values an alias of it stands for."""
    offset: int
    name: str
    mend: str
    is_open: bool = False
    used: bool = False


class _Reader:
    """One pass over the events of one file, by recursive descent; `MAX_DEPTH` bounds the recursion."""

    def __init__(self, lines: Lines, text: str) -> None:
        self.lines = lines
        self.text = text
        self.problems: list[Diagnostic] = []
        self.marks: dict[int, Marks] = {}
        self.flows: set[int] = set()
        self._open: list[tuple[Marks, int | None]] = []
        """The mappings and lists that are being read; where each starts, if it is in braces or brackets."""
        self._anchors: dict[str, _Anchor] = {}
        self._unused: list[_Anchor] = []
        self._weights: dict[int, int] = {}
        """By the `id()` of a mapping or list that has an anchor, how much an alias of it stands for."""
        self._expanded = 0  # of what aliases stand for
        self._comments = " #" in text

    def problem(self, rule: str, message: str, offset: int, mend: str = "", length: int = 1) -> None:
        self.problems.append(Diagnostic(rule, message, self.lines.span(offset, length), mend))

    def document(self) -> Any:
        """Read the file's one document; None if there is nothing in it."""
        self._next: Callable[[], Any] = _LOADER(self.text).get_event
        data: Any = None
        documents = 0
        while (kind := type(event := self._next())) is not StreamEndEvent:
            if kind is DocumentStartEvent:
                documents += 1
                if documents == 1:
                    self._directives(event.start_mark.index)
                    data = self._value(self._next())
                    continue
                self.problem(
                    "yaml-syntax",
                    "a second document begins here; a file holds one deck",
                    event.start_mark.index,
                    "put the second deck into a file of its own",
                )
                break
        for anchor in [*self._unused, *self._anchors.values()]:
            if not anchor.used:
                message = f"YAML takes `&{anchor.name}` for the name of an anchor, and nothing refers to it"
                self._otherwise(message, anchor.offset, anchor.mend)
        return data

    def _value(self, event: Any) -> Any:
        kind = type(event)
        if kind is ScalarEvent:
            if event.tag is not None:
                self._tag(event)
            value = event.value
            style = event.style
            if not style:  # plain: neither quoted nor a block
                if self._comments or event.start_mark.line != event.end_mark.line:
                    value = self._plain(event)
                value = value or None
            elif style == '"' and len(value) + 2 != event.end_mark.index - event.start_mark.index:
                self._escapes(event)
        elif kind is AliasEvent:
            return self._alias(event)
        else:
            value = self._collection(event)
        if event.anchor is not None:
            self._anchor(event, value, self._weigh(value))
        return value

    def _collection(self, event: Any) -> Any:
        if event.tag is not None:
            self._tag(event)
        if len(self._open) == MAX_DEPTH:
            self.problem("yaml-syntax", TOO_DEEP, event.start_mark.index)
            raise _Stopped
        if event.anchor is not None:
            self._anchor(event, None, 0, is_open=True)
        return self._mapping(event) if type(event) is MappingStartEvent else self._list(event)

    def _weigh(self, value: Any) -> int:
        """Give how many characters and values an alias of `value` stands for; of what aliases name, it is known."""
        if not isinstance(value, dict | list):
            return 1 + len(value or "")
        weight = self._weights.get(id(value))
        if weight is None:
            inside = [*value, *value.values()] if isinstance(value, dict) else value
            weight = 1 + sum(map(self._weigh, inside))
        return weight

    def _mapping(self, start: Any) -> dict[str, Any]:
        node: dict[str, Any] = {}
        marks = array("I")
        self._begin(start, node, marks)
        odd = None
        read, value_of, add = self._next, self._value, marks.append
        while type(event := read()) is not MappingEndEvent:
            key_offset = event.start_mark.index
            key = value_of(event)
            event = read()
            value = value_of(event)
            if type(key) is not str:
                odd = key_offset if odd is None else odd
            elif key in node:
                self._duplicate(key, marks[2 * list(node).index(key)], key_offset)
            else:
                node[intern(key)] = value  # the same keys come again and again
                add(key_offset)
                add(event.start_mark.index)
        self._open.pop()
        if odd is not None:
            self._odd_key(start.start_mark.index, odd)
        if "<<" in node and self.text.startswith("<<", at := marks[2 * list(node).index("<<")]):
            message = "`<<` merges mappings elsewhere; in a deck it is no key"
            self.problem("unknown-key", message, at, "write the keys out", 2)
        return node

    def _list(self, start: Any) -> list[Any]:
        node: list[Any] = []
        marks = array("I")
        self._begin(start, node, marks)
        read, value_of = self._next, self._value
        while type(event := read()) is not SequenceEndEvent:
            node.append(value_of(event))
            marks.append(event.start_mark.index)
        self._open.pop()
        return node

    def _begin(self, start: Any, node: Any, marks: Marks) -> None:
        self.marks[id(node)] = marks
        if start.flow_style:
            self.flows.add(id(node))
        else:
            self.flows.discard(id(node))  # of a node that a second key of the same name threw away
        self._open.append((marks, start.start_mark.index if start.flow_style else None))

    @property
    def _in_flow(self) -> bool:
        return bool(self._open) and self._open[-1][1] is not None

    def _otherwise(self, message: str, offset: int, mend: str = "") -> None:
        self.problem(
            "yaml-reads-otherwise", message, offset, mend or quoted(self.lines.text, offset, in_flow=self._in_flow)
        )

    def _directives(self, offset: int) -> None:
        if _DIRECTIVES.match(self.text, offset) is None:
            self.problem("yaml-syntax", DIRECTIVE, offset, "take the line away")

    def _anchor(self, event: Any, value: Any, weight: int, *, is_open: bool = False) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        before = self._anchors.get(event.anchor)
        if before is not None and not before.is_open:
            self._unused.append(before)
        is_text = isinstance(value, str) and "\n" not in self.text[start:end]
        mend = quoted(self.lines.text, start, in_flow=self._in_flow) if is_text else f"take `&{event.anchor}` away"
        if isinstance(value, dict | list):
            self._weights[id(value)] = weight
        anchor = _Anchor(value, weight, start, event.anchor, mend, is_open=is_open)
        anchor.used = before is not None and before.is_open and before.used
        self._anchors[event.anchor] = anchor

    def _alias(self, event: Any) -> Any:
        offset = event.start_mark.index
        anchor = self._anchors.get(event.anchor)
        if anchor is None:
            message = f"YAML takes `*{event.anchor}` for an alias, and there is no anchor `&{event.anchor}`"
            self._otherwise(message, offset)
            return f"*{event.anchor}"
        anchor.used = True
        if anchor.is_open:
            self.problem("yaml-syntax", f"the alias `*{event.anchor}` stands inside what it names", offset)
            return f"*{event.anchor}"
        self._expanded += anchor.weight
        if self._expanded > MAX_EXPANDED:
            message = f"the aliases of this file stand for more than {MAX_EXPANDED:,} characters"
            self.problem("alias-bomb", message, offset, "write the texts out")
            raise _Stopped
        return anchor.value

    def _tag(self, event: Any) -> None:
        offset = self.text.index("!", event.start_mark.index)
        tag = clipped(_TAG.findall(self.text, offset, event.end_mark.index)[0])
        is_type = tag.startswith("!!") or type(event) is not ScalarEvent
        mend = f"take `{tag}` away" if is_type else ""
        self._otherwise(f"YAML takes `{tag}` for the tag of a type; a deck has none", offset, mend)

    def _cut(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if start == end:  # nothing stands before it
            start = end + 1
        whole = BELOW if "\n" in self.text[start:end] else quoted(self.lines.text, start, in_flow=self._in_flow)
        mend = f"if the text goes on: {whole}; if it is a comment: put two spaces before it"
        self.problem(CUT, CUTS, end + 1, mend)

    def _plain(self, event: Any) -> str:
        value: str = event.value
        start, end = event.start_mark, event.end_mark
        if self._comments and self.text.startswith(" #", end.index):
            self._cut(event)
        if start.line != end.line:
            odd = list(swallowed(self.text, start.index, end.index, in_flow=self._in_flow))
            for found in odd:
                self.problem("yaml-reads-otherwise", found.message, found.offset, found.mend)
            if odd:  # what stands above them is checked as the text that it was to be
                value = " ".join(self.text[start.index : odd[0].offset].split())
        return value

    def _escapes(self, event: Any) -> None:
        start = self.text.index('"', event.start_mark.index)
        found = odd_escape(self.text, start, event.end_mark.index, in_flow=self._in_flow)
        if found is not None:
            self.problem(found.rule, found.message, found.offset, found.mend)

    def _duplicate(self, key: str, first: int, offset: int) -> None:
        message = f"`{clipped(key)}` stands here a second time, after line {self.lines.number(first)}"
        self.problem("duplicate-key", message, offset, "keep one of the two", len(key))

    def _odd_key(self, start: int, key: int) -> None:
        if self.text.startswith("{{", start):
            self._otherwise(reading(self.text, start), start)
        elif self.text[key : key + 1] in ("{", "["):
            self._otherwise(reading(self.text, key), key)
        else:
            self.problem("yaml-syntax", "a key is a text in one line", key)

    def stopped(self, error: Exception) -> tuple[Diagnostic, tuple[int, int] | None]:
        """Say why PyYAML cannot read on, and which piece of the text is to blame if that is certain."""
        marks = self._open[-1][0] if self._open else []
        last = None
        if marks:
            last = marks[-1]
        flows = [start for _, start in self._open if start is not None]
        if isinstance(error, MarkedYAMLError):
            found = explain(self.lines.text, self.text, error, last, flows)
            places = [mark.index for mark in (error.problem_mark, error.context_mark) if mark is not None]
        else:
            found, places = beyond_unicode(self.text), []
        stops = {self.lines.number(each) for each in (found.offset, *places)}
        for problem in self.problems:
            if problem.rule == CUT and problem.span.line in stops:  # the cause of what came after it
                offset = self.lines.offset(problem.span)
                return problem, (offset, offset + 1)
        return Diagnostic(found.rule, found.message, self.lines.span(found.offset), found.mend), found.blame
