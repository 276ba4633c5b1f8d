"""What an import tells: what became what, and what was left out and why, with the lines of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_LINES = 8
"""Lines, or ranges of lines, that are named for one remark."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that a reader of the report should know; a `line` of 0 is the whole file."""

    line: int
    message: str


def told(remarks: Iterable[Remark]) -> tuple[str, ...]:
    """Give remarks as lines, in the order of the file; what is said of several lines is said once."""
    lines: dict[str, list[int]] = {}
    for remark in remarks:
        lines.setdefault(remark.message, []).append(remark.line)
    first = sorted(lines, key=lambda message: min(lines[message]))
    return tuple(f"{where}: {message}" if (where := _where(lines[message])) else message for message in first)


def _where(lines: Iterable[int]) -> str:
    """Name lines: `line 3`, `lines 3-5 and 9`."""
    ranges: list[list[int]] = []
    for line in sorted(set(lines) - {0}):
        if ranges and ranges[-1][1] == line - 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    named = [f"{low}-{high}" if low < high else str(low) for low, high in ranges[:_MOST_LINES]]
    if len(ranges) > _MOST_LINES:
        named.append(f"{sum(high - low + 1 for low, high in ranges[_MOST_LINES:])} more")
    if len(named) > 1:
        return f"lines {', '.join(named[:-1])} and {named[-1]}"
    return f"line{'s' if '-' in named[0] else ''} {named[0]}" if named else ""
