"""Rows of cells: text with commas, semicolons, tabs or other signs between the cells, as spreadsheets write it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DELIMITERS = "\t;,|"
"""What may stand between cells, the surest sign first."""
_SAMPLE = 1 << 16
"""Characters by which a file is judged."""
_UNIFORM = 0.9
"""Part of the rows that have as many cells as most."""
_ROWS_THAT_TELL = 3
_TAB_ROWS_THAT_TELL = 2


class Row(NamedTuple):
    """One row, and the line in which it begins."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


def rows_of(text: str, delimiter: str, *, first: int = 1, comment: str = "") -> Iterator[Row]:
    """Read the rows of a text whose first line has the number `first`; none of lines that begin with `comment`.

    A quotation mark that does not begin and end a whole cell is a sign like any other.
    """
    sign = re.escape(delimiter)
    quoted = re.compile(rf'[ ]*+"((?:[^"]++|"")*+)"[ ]*+(?=[{sign}\n]|\Z)')
    bare = re.compile(rf"[^{sign}\n]*+")
    at, line = 0, first
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if comment and text.startswith(comment, at):
            at, line = end + 1, line + 1
            continue
        start, cells = at, []
        while True:
            if (cell := quoted.match(text, at)) is not None:
                cells.append(cell[1].replace('""', '"'))
            else:
                cell = bare.match(text, at)
                assert cell is not None
                cells.append(cell[0])
            at = cell.end() + 1
            if at > len(text) or text[at - 1] == "\n":
                break
        yield Row(line, tuple(cells))
        line += text.count("\n", start, at)


def delimiter_of(text: str) -> str:
    """Find what stands between the cells of a table; a comma if nothing does."""
    best = max(DELIMITERS, key=lambda each: _agreement(_sample(text, each)))
    return best if _agreement(_sample(text, best))[0] else ","


def is_table(text: str, *, is_named_so: bool = False) -> bool:
    """Tell whether a text is a table by its shape; `is_named_so` if its file has the ending of one."""
    for delimiter in DELIMITERS:
        rows = _sample(text, delimiter)
        share, cells = _agreement(rows)
        if not share or cells < 2 or not all(row.cells[0].strip() for row in rows):
            continue
        if is_named_so and share > 1 - _UNIFORM:
            return True
        if delimiter == "\t" and share == 1 and len(rows) >= _TAB_ROWS_THAT_TELL:
            return True
        # Between words of prose, a blank follows the comma.
        is_prose = any(cell[:1] == " " and cell[1:2] != '"' for row in rows for cell in row.cells[1:])
        if delimiter != "\t" and not is_prose and share == 1 and len(rows) >= _ROWS_THAT_TELL:
            return True
    return False


def _sample(text: str, delimiter: str) -> list[Row]:
    """Give the first rows of a text; not the last of them, which may be cut off."""
    rows = [row for row in rows_of(text[:_SAMPLE], delimiter) if not row.is_empty]
    return rows[:-1] or rows if len(text) > _SAMPLE else rows


def _agreement(rows: Sequence[Row]) -> tuple[float, int]:
    """Give the part of rows that have as many cells as most, and how many that is; nothing if it is one."""
    counts = Counter(len(row.cells) for row in rows)
    if not counts:
        return 0, 0
    cells, most = max(counts.items(), key=lambda each: (each[1], each[0]))
    return (most / len(rows), cells) if cells > 1 else (0, 0)
