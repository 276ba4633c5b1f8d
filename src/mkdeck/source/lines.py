"""Offsets in a text -> lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from mkdeck.diagnostics import DeckError, Diagnostic, Span, printable

_EXCERPT = 120
"""Characters of a long line that a diagnostic shows."""


@dataclass(frozen=True, eq=False)
class Lines:
    """A file's text by lines: columns and lines count from 1, offsets from 0."""

    path: str
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def span(self, offset: int, length: int = 1) -> Span:
        """Turn an offset into a line, a column and an excerpt."""
        offset = min(offset, len(self.text))
        line = self.number(offset)
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        first = start if end - start <= _EXCERPT else max(start, offset - _EXCERPT // 3)
        last = min(end, first + _EXCERPT)
        before, after = "…" if first > start else "", "…" if last < end else ""
        return Span(
            self.path,
            line,
            offset - start + 1,
            excerpt=before + printable(self.text[first:last]) + after,
            caret=offset - first + len(before),
            length=max(1, min(length, last - offset)),
        )

    def number(self, offset: int) -> int:
        """Give the number of the line in which an offset lies."""
        return bisect_right(self._starts, offset)

    def offset(self, span: Span) -> int:
        """Give where in the text a span of it begins."""
        return self._starts[span.line - 1] + span.column - 1


_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |$)", re.MULTILINE)


def require_no_conflict(rule: str, path: str, text: str) -> None:
    """Raise DeckError if git left the two sides of a conflict in a file."""
    if conflict := _CONFLICT.search(text):
        mend = "keep one of the two sides of each conflict, as whole lines, and take the marks out"
        span = span_at(path, text, conflict.start())
        raise DeckError([Diagnostic(rule, "git left a conflict here", span, mend)])


def span_at(path: str, text: str, offset: int, length: int = 1) -> Span:
    """Turn one offset into a span. For many in one text, make its `Lines` once."""
    return Lines(path, text).span(offset, length)
