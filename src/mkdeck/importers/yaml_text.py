"""A deck that came from elsewhere -> the YAML that a person goes on writing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import yaml

from mkdeck.quoting import quote, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mkdeck.source import Place

WIDTH = 110
"""Columns after which a text goes on in the next line."""
MAX_KEY = 200
"""Characters up to which a term is a key; a longer one is hard to read, and YAML takes no more than 1,024."""


class Bare(str):
    """A number or a flag, which stands in YAML as it is; every other text is quoted if it looks like one."""

    __slots__ = ()

    def __new__(cls, value: object) -> Self:
        return super().__new__(cls, value)


_INDENT = 2
_LEAST_WIDTH = 40
_BETWEEN_SECTIONS = frozenset(["facts", "reasons", "terms", "judgement", "cards", "note_types"])
"""The keys of a deck that stand apart, with an empty line above."""
_FLOW = frozenset(["tags", "allow", "make", "ranking"])
"""Lists of words, which stand in one line."""
_WORD = re.compile(r"\w(?:[\w:./-]*\w)?")
_ODD = re.compile("[^\n -\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\u2028\u2029]")
"""What cannot stand in YAML as itself, and tabs."""
_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t"}
_ESCAPED = re.compile(rf'[\\"\n]|{_ODD.pattern}')
_FOLDS = re.compile(r"(?<=\S) (?=\S)")
_SPACE_OUTSIDE = re.compile(r"\s|.*\s\Z", re.DOTALL)
_RESOLVER: Any = yaml.SafeLoader("")
"""Tells what others than mkdeck read as a number, a date or a boolean."""


def yaml_text(
    data: Mapping[str, Any], *, head: Sequence[str] = (), comments: Mapping[Place, str] | None = None
) -> str:
    """Write the data of a deck as a file: keys in their order, every text so that it is read back unchanged.

    Texts hold no control characters but line breaks and tabs. `head` are comments for the top; `comments` stand
    behind the value at a place.
    """
    lines = [f"# {line}".rstrip() for line in head]
    if lines:
        lines.append("")
    for key, value in data.items():
        if key in _BETWEEN_SECTIONS and lines and lines[-1]:
            lines.append("")
        lines += _entry(key, value, 0, (key,), comments or {})
    return "\n".join(lines) + "\n"


def _entry(key: str, value: Any, indent: int, place: Place, comments: Mapping[Place, str]) -> Iterator[str]:
    """Write a key and its value."""
    lead = f"{' ' * indent}{_key(key)}:"
    behind = f"  # {comments[place]}" if place in comments else ""
    if isinstance(value, Bare):
        yield f"{lead} {value}{behind}"
    elif isinstance(value, str):
        yield from _text(lead, value, indent + _INDENT, behind)
    elif key in _FLOW and (line := f"{lead} [{', '.join(map(_in_flow, value))}]{behind}") and len(line) <= WIDTH:
        yield line
    else:
        yield lead + behind
        yield from _inside(key, value, indent + _INDENT, place, comments)


def _inside(key: str, value: Any, indent: int, place: Place, comments: Mapping[Place, str]) -> Iterator[str]:
    """Write what a mapping or a list holds."""
    if not isinstance(value, list | tuple):
        for name, each in value.items():
            yield from _entry(name, each, indent, (*place, name), comments)
        return
    for number, each in enumerate(value):
        at = (*place, number)
        if key == "reasons" and number:
            yield ""
        if isinstance(each, str):
            behind = f"  # {comments[at]}" if at in comments else ""
            yield from _text(f"{' ' * indent}-", each, indent + _INDENT, behind)
        else:
            lines = _inside(key, each, indent + _INDENT, at, comments)
            yield f"{' ' * indent}- {next(lines).lstrip(' ')}"
            yield from lines


def _key(key: str) -> str:
    return key if _WORD.fullmatch(key) and _is_text(key) else _quoted(key)


def _in_flow(word: str) -> str:
    return word if _WORD.fullmatch(word) and _is_text(word) else _quoted(word)


def _is_text(value: str) -> bool:
    """Tell whether every reader of YAML takes an unquoted text for a text."""
    return bool(_RESOLVER.resolve(yaml.ScalarNode, value, (True, False)) == "tag:yaml.org,2002:str")


def _text(lead: str, value: str, indent: int, behind: str) -> Iterator[str]:
    """Write a text behind `lead`, or below it if it is long; `indent` is that of the lines below."""
    if _ODD.search(value) or not value or _SPACE_OUTSIDE.match(value):
        body = value.removesuffix("\n")
        if _is_markup(body) and not _ODD.search(body) and not _SPACE_OUTSIDE.match(body):
            yield f"{lead} |{behind}"
            yield from (" " * indent + line if line else "" for line in body.split("\n"))
        else:
            yield f"{lead} {_quoted(value)}{behind}"
        return
    if "\n" not in value:
        written = scalar(value) if _is_text(value) else quote(value)
        if len(lead) + 1 + len(written) <= WIDTH or " " not in value:
            yield f"{lead} {written}{behind}"
            return
    pad = " " * indent
    lines = value.split("\n")
    is_wide = any(len(line) + indent > WIDTH for line in lines)
    if (is_wide or len(lines) == 1) and not _is_markup(value) and not re.search(r"\n[ \t]|[ \t]\n", value):
        yield f"{lead} >-{behind}"
        for number, line in enumerate(lines):
            if number:
                yield ""
            yield from (pad + each for each in _wrapped(line, indent))
    else:
        yield f"{lead} |-{behind}"
        yield from (pad + line if line else "" for line in lines)


def _is_markup(value: str) -> bool:
    """Tell whether a text is HTML or CSS in several lines, which stay lines for the one who reads them."""
    return "\n" in value and ("</" in value or "{" in value)


def _wrapped(line: str, indent: int) -> Iterator[str]:
    """Break a line at single blanks, which YAML puts in again where it folds the lines."""
    width = max(_LEAST_WIDTH, WIDTH - indent)
    written = ""
    for word in _FOLDS.split(line):
        if written and len(written) + 1 + len(word) > width:
            yield written
            written = ""
        written += f" {word}" if written else word
    if written:
        yield written


def _quoted(value: str) -> str:
    """Write any text in one line of quotation marks."""
    if not _ODD.search(value) and "\n" not in value:
        return quote(value)
    inside = _ESCAPED.sub(
        lambda match: _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}", value
    )  # fmt: skip
    return f'"{inside}"'
