"""A deck that came from elsewhere -> the YAML that a person goes on writing."""

from __future__ import annotations

import re
from functools import lru_cache
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
_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t", "\r": r"\r"}
_ESCAPED = re.compile(rf'[\\"\n]|{_ODD.pattern}')
_FOLDS = re.compile(r"(?<=\S) (?=\S)")
_SPACE_OUTSIDE = re.compile(r"\s|.*\s\Z", re.DOTALL)
_CERTAIN = re.compile(
    r"(?=.{6})[^\W\d_](?:[ -\"$-9;-~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]++"
    r"|:(?!\s|\Z)|(?<!\s)#)*+(?<!\s)"
)
"""A line that needs no quotes: a letter first, no odd sign, and longer than any word that is a boolean or null."""
_SINGLE_BRACE = re.compile(r"(?<!\{)\{(?!\{)")
"""A block of CSS begins; two are a blank."""
_RESOLVER: Any = yaml.SafeLoader("")
"""Tells what others than mkdeck read as a number, a date or a boolean."""


def yaml_text(
    data: Mapping[str, Any], *, head: Sequence[str] = (), comments: Mapping[Place, str] | None = None
) -> str:
    """Write the data of a deck as a file: keys in their order, every text so that it is read back unchanged.

    Texts hold no control characters but line breaks, also those of Windows, and tabs. `head` are comments for the
    top; `comments` stand behind the value at a place.
    """
    lines = [f"# {line}".rstrip() for line in head]
    if lines:
        lines.append("")
    for key, value in data.items():
        if key in _BETWEEN_SECTIONS and lines and lines[-1]:
            lines.append("")
        _add_entry(lines, key, value, 0, (key,), comments or {})
    return "\n".join(lines) + "\n"


def _add_entry(
    lines: list[str], key: str, value: Any, indent: int, place: Place, comments: Mapping[Place, str]
) -> None:
    """Write a key and its value."""
    lead = f"{' ' * indent}{_word(key)}:"
    behind = f"  # {comments[place]}" if place in comments else ""
    if isinstance(value, Bare):
        lines.append(f"{lead} {value}{behind}")
    elif isinstance(value, str):
        _add_text(lines, lead, value, indent + _INDENT, behind)
    elif key in _FLOW and (line := f"{lead} [{', '.join(map(_word, value))}]{behind}") and len(line) <= WIDTH:
        lines.append(line)
    else:
        lines.append(lead + behind)
        _add_inside(lines, key, value, indent + _INDENT, place, comments)


def _add_inside(
    lines: list[str], key: str, value: Any, indent: int, place: Place, comments: Mapping[Place, str]
) -> None:
    """Write what a mapping or a list holds."""
    if not isinstance(value, list | tuple):
        for name, each in value.items():
            _add_entry(lines, name, each, indent, (*place, name), comments)
        return
    pad = " " * indent
    for number, each in enumerate(value):
        at = (*place, number)
        if key == "reasons" and number:
            lines.append("")
        if isinstance(each, str):
            behind = f"  # {comments[at]}" if at in comments else ""
            _add_text(lines, f"{pad}-", each, indent + _INDENT, behind)
        else:
            first = len(lines)
            _add_inside(lines, key, each, indent + _INDENT, at, comments)
            lines[first] = f"{pad}- {lines[first].lstrip(' ')}"


@lru_cache(maxsize=1024)  # nearly all keys and tags come again
def _word(word: str) -> str:
    """Write a key, or a word between brackets."""
    return word if _WORD.fullmatch(word) and _is_text(word) else _quoted(word)


def _is_text(value: str) -> bool:
    """Tell whether every reader of YAML takes an unquoted text for a text."""
    return bool(_RESOLVER.resolve(yaml.ScalarNode, value, (True, False)) == "tag:yaml.org,2002:str")


def _add_text(lines: list[str], lead: str, value: str, indent: int, behind: str) -> None:
    """Write a text behind `lead`, or below it if it is long; `indent` is that of the lines below."""
    is_certain = _CERTAIN.fullmatch(value) is not None
    if not is_certain and (_ODD.search(value) or not value or _SPACE_OUTSIDE.match(value)):
        body = value.removesuffix("\n")
        if _is_markup(body) and not _ODD.search(body) and not _SPACE_OUTSIDE.match(body):
            lines.append(f"{lead} |{behind}")
            lines += [" " * indent + line if line else "" for line in body.split("\n")]
        else:
            written = _of_windows(value, indent) if "\r\n" in value else _quoted(value)
            lines += f"{lead} {written}{behind}".split("\n")
        return
    if "\n" not in value:
        written = value if is_certain else scalar(value) if _is_text(value) else quote(value)
        if len(lead) + 1 + len(written) <= WIDTH or " " not in value:
            lines.append(f"{lead} {written}{behind}")
            return
    pad = " " * indent
    parts = value.split("\n")
    is_wide = any(len(line) + indent > WIDTH for line in parts)
    if (is_wide or len(parts) == 1) and not _is_markup(value) and not re.search(r"\n[ \t]|[ \t]\n", value):
        lines.append(f"{lead} >-{behind}")
        for number, line in enumerate(parts):
            if number:
                lines.append("")
            lines += [pad + each for each in _wrapped(line, indent)]
    else:
        lines.append(f"{lead} |-{behind}")
        lines += [pad + line if line else "" for line in parts]


def _is_markup(value: str) -> bool:
    """Tell whether a text is HTML or CSS in several lines, which stay lines for the one who reads them."""
    return "\n" in value and ("</" in value or _SINGLE_BRACE.search(value) is not None)


def _wrapped(line: str, indent: int) -> Iterator[str]:
    """Break a line at single blanks, which YAML puts in again where it folds the lines."""
    width = max(_LEAST_WIDTH, WIDTH - indent)
    if line and line.isascii() and "  " not in line:
        start = 0
        while len(line) - start > width:
            cut = line.rfind(" ", start, start + width + 1)
            cut = line.find(" ", start) if cut < 0 else cut
            if cut < 0:
                break
            yield line[start:cut]
            start = cut + 1
        yield line[start:]
        return
    written = ""
    for word in _FOLDS.split(line):
        if written and len(written) + 1 + len(word) > width:
            yield written
            written = ""
        written += f" {word}" if written else word
    if written:
        yield written


def _of_windows(value: str, indent: int) -> str:
    r"""Write a text whose lines end in `\r\n`, each in its line: YAML itself knows no other end than its own."""
    lines = [_ESCAPED.sub(_escape, line) for line in value.split("\r\n")]
    # A backslash at an end takes the break of YAML's line away, and one before a blank keeps that.
    rest = [f"\\{line}" if line.startswith(" ") else line for line in lines[1:]]
    end = "\\r\\n" if not rest[-1] else ""
    rest = rest[:-1] if end else rest
    between = f"\\r\\n\\\n{' ' * indent}"
    return f'"{between.join([lines[0], *rest])}{end}"'


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def _quoted(value: str) -> str:
    """Write any text in one line of quotation marks."""
    if not _ODD.search(value) and "\n" not in value:
        return quote(value)
    return f'"{_ESCAPED.sub(_escape, value)}"'
