"""The plain part of YAML, in which nearly every deck is written, read line by line without PyYAML.

What it reads, it reads as `reader` does. Where anything is not certain (a sign that means something in YAML, an
indent that fits nothing, a key that stands twice) it gives up, and PyYAML reads the whole file: no problem is found
here. At the end of a file, that costs a third of PyYAML's time for nothing. One pattern does the work, once for
each line: 0.45x of the time that PyYAML's events take. Where the values stand is looked for only when somebody
asks, which for most decks nobody does: that takes as long again.
"""

from __future__ import annotations

import re
from array import array
from itertools import pairwise
from sys import intern
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Line = re.Match[str]
    Marks = array[int]
    """Where the keys and values of a mapping start, in turn, or the items of a list: offsets in the text.

    In the order of the mapping or list itself. A tuple for each key would be 20 MB more at 10,000 rich notes.
    """
    Places = tuple[dict[int, Marks], set[int]]
    """By the `id()` of a mapping or list, its marks; and of which it is in braces or brackets."""

MAX_DEPTH = 32
"""The format is 8 deep at the most; deeper is a mistake or an attack."""

_FIRST = r"-?[^ \n\-?:,\[\]{}#&*!|>'\"%@`]"
"""How an unquoted text begins for certain."""
_LINE = re.compile(
    rf"""([\ -]*+)
    (?: (?<!-)
        (?:(\w[^:\#\n]{{0,59}}+|"[^"\\\n]{{1,60}}+"|'[^'\n]{{1,60}}+')(?<!\ ):(?:\ ++|(?=\n))|)
        (?: ({_FIRST}[^:\#\n]*+(?:(?=\n)|(?:(?::(?=[^\ \n])|(?<!\ )\#)[^:\#\n]*+){{0,99}}))
            (?:(?<!\ )\n|((?<=\ \ )\#[^\n]*+|)\n)
        |   (?: "([^"\\\n]*+(?:(?=")|(?:\\["\\nt][^"\\\n]*+){{1,99}}))"
            |   '([^'\n]*+(?:(?!'')|(?:''[^'\n]*+){{1,99}}))'
            |   \[({_FIRST}[^,\[\]{{}}:\#?\n]*+(?:,\ {_FIRST}[^,\[\]{{}}:\#?\n]*+){{0,99}})\]
            |   \[([^\[\]{{}}\#\n]*+)\]
            )\ *+(?:\n|(?<=\ )\#[^\n]*+\n)
        |   ([|>])(-|)\ *+(?:\n|(?<=\ )\#[^\n]*+\n)(\ ++)([^\n]++(?:\n\11[^\ \n][^\n]*+){{0,9999}})
            (?:(?!\n++\11)|((?:\n++\11[^\n]++){{1,9999}}))\n
        |   \n++
        |   (?<!:\ )\#[^\n]*+\n
        )
    |   ([\s\S])
    )""",
    re.VERBOSE,
)
"""A line, with the block of lines that it opens; or one sign, where neither fits. All is given up then, so that
what is tried in vain is tried once in a file, and no file takes long.

A choice with nothing for its last stands where `?` would do the same: that is a loop, and takes 1.3x as long.
"""
# Its groups. The last one that takes part tells what stands in a line.
_LEAD, _KEY, _PLAIN, _RAGGED, _DOUBLE, _SINGLE, _WORDS, _FLOW, _STYLE, _CHOMP, _DEEPER, _BLOCK, _UNEVEN, _ODD = (
    range(1, 15)
)
_ITEM = re.compile(
    rf"""\ *+(?:"([^"\\]*+)"|'([^']*+)'|({_FIRST}[^:?,]*+(?::(?=[\w:])[^:?,]*+){{0,99}}))\ *+(?:,|$)""", re.VERBOSE
)
"""An item between brackets."""
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t"}
"""What an escape stands for, if not for its sign."""
_LONGEST = 5000
"""Characters up to which an unquoted text is put together line by line."""
_MAY_STAND = bytes([10, *range(32, 127), *range(128, 256)])
"""In UTF-8. YAML takes a tab, too, but for this here and for that there."""
_CONTROL = re.compile(b"\xc2[\x80-\x9f]")
"""U+0080 to U+009F."""


class _Odd(Exception):  # noqa: N818 - no error: it is for PyYAML to read the file
    """Something is not certain."""


def read_plain(text: str) -> Any:
    """Read the mapping or list in a text; give None if there is neither, or if not all of the text is plain."""
    if not _is_printable(text):
        return None
    try:
        return _read(text)
    except _Odd:
        return None


def places(text: str, data: Any) -> Places:
    """Find where everything stands that `read_plain` has read from the text."""
    marks: dict[int, Marks] = {}
    flows: set[int] = set()
    lines = filter(_begins_value, _lines(text))
    _find(data, next(lines), lines, marks, flows)
    return marks, flows


def _is_printable(text: str) -> bool:
    """Tell whether each character may stand in YAML, and is no tab: 0.6x of the time of a pattern."""
    try:
        raw = text.encode()
    except UnicodeEncodeError:  # half a character
        return False
    if raw.translate(None, _MAY_STAND):
        return False
    others = "\u2028\u2029\ufeff\ufffe\uffff"
    return text.isascii() or not (any(char in text for char in others) or (b"\xc2" in raw and _CONTROL.search(raw)))


def _lines(text: str) -> Iterator[Line]:
    return _LINE.finditer(text if text.endswith("\n") else f"{text}\n")


def _read(text: str) -> Any:
    outside: list[tuple[Any, int]] = []  # the mappings and lists around `node`, with their columns
    top: list[Any] = [None]  # the whole is read as if it stood after a dash
    node: Any = top
    slot: Any = -1
    column, is_list, margin, last = -1, True, "\n", _KEY
    keys: dict[str, str] = {}  # by what is written; the same keys come again and again
    for line in _lines(text):
        kind: Any = line.lastindex
        lead, name, value = line.group(_LEAD, _KEY, kind)
        if lead != margin or (name is None) is not is_list:  # no other key or item of `node`
            if name is None and "-" not in lead:
                if kind == _LEAD:
                    last = _after_blank(line, last)
                else:
                    node[slot] = _continued(node[slot], line, last, column)
                continue
            node, column, margin = _turn(outside, node, column, slot, lead, name, is_empty=last == _KEY)
            is_list, slot = name is None, -1
        if kind != _PLAIN:
            value = _VALUES[kind](line, value, column)
        last = kind
        if is_list:
            node.append(value)
        else:
            slot = keys.get(name) or _key(name, keys)
            if slot in node:
                raise _Odd
            node[slot] = value
    if last >= _BLOCK and not text.endswith("\n") and not line[_CHOMP]:
        raise _Odd
    return top[0]


def _turn(
    outside: list[tuple[Any, int]], node: Any, column: int, slot: Any, lead: str, key: str | None, *, is_empty: bool
) -> tuple[Any, int, str]:
    """Give what a line with this `lead` and `key` is part of: a new mapping or list, or one around `node`.

    With it, its column and what stands before its further keys or items. `is_empty` is whether the value in `slot`
    has yet to come.
    """
    indent = lead.find("-")
    is_item = indent >= 0
    if not is_item:
        indent = len(lead)
    elif lead.find("-", indent + 1) > 0:
        raise _Odd
    is_list = type(node) is list
    if is_empty and (indent > column or (indent == column and is_item)):
        new: Any = [] if is_item else {}
        node[slot] = new
        _go_in(outside, node, column)
        node, column = new, indent
    else:
        while column > indent or (column == indent and is_list and not is_item):
            node, column = outside.pop()
            is_list = type(node) is list
        if column != indent or is_list is not is_item:
            raise _Odd
    if key is None or not is_item:
        return node, column, lead
    new = {}
    node.append(new)
    _go_in(outside, node, column)
    return new, len(lead), " " * len(lead)


def _key(written: str, keys: dict[str, str]) -> str:
    keys[written] = key = intern(written.strip(written[0]) if written[0] in "\"'" else written)
    return key


def _go_in(outside: list[tuple[Any, int]], node: Any, column: int) -> None:
    outside.append((node, column))
    if len(outside) == MAX_DEPTH:  # one less than there may be, for brackets may stand in it
        raise _Odd


def _after_blank(line: Line, last: int) -> int:
    """Tell what stands before the line after one with nothing in it, or a comment."""
    if last >= _BLOCK and line[_LEAD] and line.string[line.end(_LEAD)] == "\n":
        raise _Odd  # the blanks may be part of the block
    return _RAGGED if last == _PLAIN else last


def _continued(text: Any, line: Line, last: int, column: int) -> str:
    """Give an unquoted text with its next line."""
    lead, more = line.group(_LEAD, _PLAIN)
    if line.lastindex != _PLAIN or last != _PLAIN or len(lead) <= column or ":" in more or len(text) > _LONGEST:
        raise _Odd
    return f"{text} {more}"


def _block(line: Line, text: str, column: int) -> str:
    style, chomp, indent = line.group(_STYLE, _CHOMP, _DEEPER)
    if len(indent) <= column:
        raise _Odd
    text = text.replace(f"\n{indent}", "\n" if style == "|" else " ")
    return text if chomp else f"{text}\n"


def _uneven(line: Line, more: str, column: int) -> str:
    """Read a block with empty lines, or lines that are indented deeper."""
    style, chomp, indent, text = line.group(_STYLE, _CHOMP, _DEEPER, _BLOCK)
    if len(indent) <= column:
        raise _Odd
    lines = f"{text}{more}".split(f"\n{indent}")
    text = "\n".join(lines) if style == "|" else _folded(lines)
    return text if chomp else f"{text}\n"


def _folded(lines: list[str]) -> str:
    """Put the lines of a folded block together; each ends with a line break for each empty line below it."""
    parts = [lines[0]]
    for above, below in pairwise(lines):
        if above[0] == " " or below[0] == " ":  # beside lines that are indented deeper, all breaks stay
            parts.append("\n")
        elif above[-1] != "\n":
            parts.append(" ")
        parts.append(below)
    return "".join(parts)


def _items(line: Line, kind: int) -> Iterator[tuple[int, str]]:
    """Give the offsets of the items between brackets, and the items."""
    start, end = line.span(kind)
    while start < end:
        item = _ITEM.match(line.string, start, end)
        if item is None:
            raise _Odd
        kind = item.lastindex or 0
        yield (item.start(3), item[3].rstrip(" ")) if kind == 3 else (item.start(kind) - 1, item[kind])
        start = item.end()


def _meant(escape: re.Match[str]) -> str:
    return _ESCAPED.get(escape[1]) or escape[1]


def _odd(_line: Line, _value: str, _column: int) -> None:
    raise _Odd


_VALUES: dict[int, Callable[[Line, str, int], Any]] = {
    _LEAD: _odd,
    _KEY: lambda _line, _value, _column: None,
    _RAGGED: lambda line, _value, _column: line[_PLAIN].rstrip(" "),
    _DOUBLE: lambda _line, value, _column: _ESCAPE.sub(_meant, value) if "\\" in value else value,
    _SINGLE: lambda _line, value, _column: value.replace("''", "'"),
    _WORDS: lambda _line, value, _column: [item.rstrip(" ") for item in value.split(", ")],
    _FLOW: lambda line, _value, _column: [item for _, item in _items(line, _FLOW)],
    _BLOCK: _block,
    _UNEVEN: _uneven,
    _ODD: _odd,
}
"""What is made of a value that is no mere text, by what stands in its line."""


def _begins_value(line: Line) -> bool:
    """Tell a line with a key or an item from one with nothing, or with more of a text."""
    return line[_KEY] is not None or "-" in line[_LEAD]


def _find(node: Any, line: Line, lines: Iterator[Line], marks: dict[int, Marks], flows: set[int]) -> None:
    """Find the places in a mapping or list that begins in `line`."""
    is_mapping = isinstance(node, dict)
    marks[id(node)] = own = array("I")
    for number, value in enumerate(node.values() if is_mapping else node):
        line = next(lines) if number else line
        kind: Any = line.lastindex
        if is_mapping:
            own.append(line.end(_LEAD))
        elif line[_KEY] is not None:
            own.append(line.end(_LEAD))
            _find(value, line, lines, marks, flows)
            continue
        if kind == _KEY and value is not None:
            inside = next(lines)
            own.append(inside.start() + len(inside[_LEAD].partition("-")[0]))
            _find(value, inside, lines, marks, flows)
            continue
        own.append(_start(line, kind))
        if isinstance(value, list):
            marks[id(value)] = array("I", (start for start, _ in _items(line, kind)))
            flows.add(id(value))


def _start(line: Line, kind: int) -> int:
    if kind == _KEY:
        return line.end(_KEY) + 1
    if kind >= _BLOCK:
        return line.start(_STYLE)
    return line.start(_PLAIN) if kind in (_PLAIN, _RAGGED) else line.start(kind) - 1
