"""Which lines of plain notes were broken because they were full, and which stand for themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdeck.importers.terms import is_term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_ENDS = re.compile(r"[.!?…][\"”’»')\]]*$")
_LINES_WITHOUT_END = 3
"""Lines that tell, by their capitals alone, that they are no paragraph; a second one may begin with a name."""


def widths(lines: Sequence[str]) -> list[int]:
    """Give for each line the length of the longest one between the empty lines around it."""
    found = [0] * len(lines)
    for start, end in _runs(lines, lambda line: bool(line.strip())):
        found[start:end] = [max(len(line.rstrip()) for line in lines[start:end])] * (end - start)
    return found


def own_lines(lines: Sequence[str], is_plain: Callable[[str], bool]) -> frozenset[int]:
    """Give the lines that go on no other, however full that is; `is_plain` tells a line of text from a bullet.

    The lines of a paragraph end anywhere. Those that all end a sentence, all begin with a capital and end none, or
    all explain a term, are none; a heading may stand above them.
    """
    found: set[int] = set()
    for start, end in _runs(lines, is_plain):
        for first in (start, start + 1):
            if _stand_alone([line.strip() for line in lines[first:end]]):
                found.update(range(first + 1, end))
                break
    return frozenset(found)


def _runs(lines: Sequence[str], belongs: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Give where lines that belong begin and end, as long as one follows the other."""
    start = 0
    for at in range(len(lines) + 1):
        if at == len(lines) or not belongs(lines[at]):
            if start < at:
                yield start, at
            start = at + 1


def _stand_alone(lines: Sequence[str]) -> bool:
    if len(lines) < 2:
        return False
    if all(map(is_term, lines)):
        return True
    ends = sum(_ENDS.search(line) is not None for line in lines)
    is_clear = ends == len(lines) or (not ends and len(lines) >= _LINES_WITHOUT_END)
    return is_clear and not any(line[0].islower() for line in lines)
