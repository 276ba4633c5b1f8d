"""Note types as they are checked, from whichever schema they come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from mkdeck.archive.content import STOCKS, Field, NoteType, Stock, Template
from mkdeck.archive.limits import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdeck.archive.limits import Limits

_Named = TypeVar("_Named", Field, Template)
_Default = TypeVar("_Default", int, None)
UINT8, UINT16, UINT32, INT64 = (1 << 8) - 1, (1 << 16) - 1, (1 << 32) - 1, (1 << 63) - 1
_PRE = (
    r"\documentclass[12pt]{article} \special{papersize=3in,5in} \usepackage[utf8]{inputenc}"
    r" \usepackage{amssymb,amsmath} \pagestyle{empty} \setlength{\parindent}{0in} \begin{document}"
)
_POST = r"\end{document}"


def sound(note_type: NoteType, limits: Limits) -> NoteType:
    """Hold a note type against what Anki asks of one; doubled names get a `+`, as Anki gives it.

    Raises RefusedError if its notes could not be shown.
    """
    for parts, what in ((note_type.fields, "fields"), (note_type.templates, "templates")):
        if not parts:
            raise RefusedError(f"it has no {what}")
        if len(parts) > limits.fields:
            raise RefusedError(f"it has {len(parts):,} {what}; mkdeck stops at {limits.fields:,}")
    return replace(note_type, fields=_unlike(note_type.fields), templates=_unlike(note_type.templates))


def stock(number: int) -> Stock:
    """Name the note type of Anki's own with this number."""
    return STOCKS[number] if 0 <= number < len(STOCKS) else ""


def number_up_to(highest: int, number: int | None, default: _Default) -> int | _Default:
    """Take a number that Anki can hold, or else the default."""
    return default if number is None or not 0 <= number <= highest else number


def latex_pre(text: str) -> str | None:
    """Give the head of LaTeX documents if it is not Anki's own; how its words are parted does not matter."""
    return _own(text, _PRE)


def latex_post(text: str) -> str | None:
    """Give the foot of LaTeX documents if it is not Anki's own."""
    return _own(text, _POST)


def _own(text: str, default: str) -> str | None:
    return None if text.split() == default.split() else text


def _unlike(parts: Iterable[_Named]) -> tuple[_Named, ...]:
    """Make names differ, as Anki does: without regard to case."""
    taken: set[str] = set()
    found = []
    for part in parts:
        name = part.name
        while name.casefold() in taken:
            name += "+"
        taken.add(name.casefold())
        found.append(part if name == part.name else replace(part, name=name))
    return tuple(found)
