"""What is wrong with a deck, where it stands, and how to mend it."""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_CITED = 80


class Severity(enum.StrEnum):
    """An error stops a build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a source file, or in a deck that was made in Python.

    `line` and `column` count from 1, in characters; a `line` of 0 means that the place is the whole
    file, or that there is no file at all, and then `place` names it: `reasons[0].points[2]`.
    """

    path: str = ""
    line: int = 0
    column: int = 0
    place: str = ""
    excerpt: str = field(default="", compare=False, repr=False)
    """The source line, or a window of a long one; what would act on a terminal is replaced."""
    caret: int = field(default=0, compare=False, repr=False)
    """Where the place begins in `excerpt`, counted from 0."""
    length: int = field(default=1, compare=False, repr=False)

    def __str__(self) -> str:
        if self.line:
            return f"{self.path}:{self.line}:{self.column}"
        return self.path or self.place or "deck"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: the rule's id, what is wrong, where, and the mend if there is one."""

    rule: str
    message: str
    span: Span = field(default_factory=Span)
    mend: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Give the line that editors and scripts read: `path:line:col: error[rule]: message`."""
        return printable(f"{self.span}: {self.severity}[{self.rule}]: {self.message}")

    def show(self) -> str:
        """Give the line of `str()`, then the source line with a caret under the place, then the mend."""
        lines = [str(self)]
        if self.span.excerpt:
            number = str(self.span.line)
            gutter = " " * len(number)
            lines.append(f" {number} | {self.span.excerpt}")
            lines.append(f" {gutter} | {_carets(self.span)}")
        if self.mend:
            lines.append(f"   mend: {printable(self.mend)}")
        return "\n".join(lines)


class DeckError(ValueError):
    """A deck that cannot be built; `diagnostics` holds every reason why, in the order of the source."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(diagnostics)
        super().__init__("\n".join(map(str, self.diagnostics)))

    def __reduce__(self) -> tuple[type[DeckError], tuple[tuple[Diagnostic, ...]]]:
        """Let the error pass between processes."""
        return type(self), (self.diagnostics,)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file, line and column and drop what is said twice."""
    found = dict.fromkeys(diagnostics)
    return tuple(sorted(found, key=lambda each: (each.span.path, each.span.line, each.span.column)))


def clipped(text: str) -> str:
    """Shorten what a message cites."""
    return text if len(text) <= _LONGEST_CITED else text[:_LONGEST_CITED] + "…"


def printable(text: str) -> str:
    """Replace what would act on a terminal, break a line in two or turn its direction.

    Blanks of every kind stay, and so do the joiners without which Persian and Hindi are misspelt.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in _HARMLESS or unicodedata.category(char) == "Zs" else _REPLACED
        for char in text
    )


_HARMLESS = "\t\u200c\u200d"
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def _carets(span: Span) -> str:
    """Draw carets below the place, as wide as a terminal shows the characters above them."""
    before = span.excerpt[: span.caret]
    under = span.excerpt[span.caret : span.caret + span.length]
    pad = "".join("\t" if char == "\t" else " " * _width(char) for char in before)
    return pad + "^" * max(1, sum(map(_width, under)))


def _width(char: str) -> int:
    """Give the columns that a terminal uses for `char` (Unicode Standard Annex 11)."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
