"""One cell of a table -> a text of a deck: Markdown, clozes, and a recording if it has one."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdeck.importers.field_html import markdown_of
from mkdeck.importers.html_lines import MATHS
from mkdeck.importers.plain_text import as_markdown
from mkdeck.markup import folded_words, mark, ordinals, words
from mkdeck.media import Media, MediaError

if TYPE_CHECKING:
    from pathlib import Path

    from mkdeck.media import MediaKind

_SOUND = re.compile(r"\[sound:([^\]\n]{1,200})\]")
_CLOZE = re.compile(
    r"\{\{c([\d,]+)::((?:[^{}:]|:(?!:)|\{(?!\{)|\}(?!\}))*+)(?:::((?:[^{}]|\{(?!\{)|\}(?!\}))*+))?\}\}"
)
"""A cloze without another inside."""
_DEEPEST = 10
_LISTEN = "♪"
"""Stands for a text where there is nothing but a recording."""
_ACTIVE = re.compile(r"[<&\n]|\{\{c|\\[(\[]|\[sound:")


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of a cell."""

    text: str
    audio: str = ""
    lost: tuple[str, ...] = ()
    """What could not be kept, in words."""


class Fields:
    """Reads the cells of one file; pictures and recordings must lie in `folder`."""

    def __init__(self, folder: Path, *, is_html: bool) -> None:
        self._media = Media(folder)
        self._is_html = is_html

    def read(self, cell: str) -> Cell:
        """Turn a cell into Markdown that shows the same, without clozes."""
        if not _ACTIVE.search(cell):
            text = " ".join(cell.split()) if self._is_html else cell.strip()
            return Cell(as_markdown(text))
        cell, audio, lost = self._without_sound(cell)
        if not self._is_html and not MATHS.search(cell):
            return Cell(as_markdown(cell.strip()) or (_LISTEN if audio else ""), audio, lost)
        shown = markdown_of(self._as_html(cell), clozes=False, has_picture=self._has_picture)
        return Cell(shown.text or (_LISTEN if audio else ""), audio, (*lost, *shown.lost))

    def read_cloze(self, cell: str) -> Cell | None:
        """Turn a cell with Anki's clozes into Markdown with the same clozes; None if that cannot be."""
        cell, audio, lost = self._without_sound(cell)
        markup, joined = _one_number_for_each(self._as_html(cell))
        shown = markdown_of(markup, clozes=True, has_picture=self._has_picture)
        marked = mark(shown.text, clozes=True, media=lambda name: name)
        if marked.problems or ordinals((marked.clozed(marked.numbers()),)) != ordinals((markup,)):
            return None
        lost += ("a second number of one answer",) if joined else ()
        return Cell(shown.text, audio, (*lost, *shown.lost))

    def sides_of(self, cell: str) -> tuple[Cell, Cell]:
        """Turn a cell with clozes that mkdeck cannot have into a question with gaps and the whole as the answer."""
        gaps = whole = cell
        for _ in range(_DEEPEST):
            gaps = _CLOZE.sub(lambda match: f"[{match[3] or '...'}]", gaps)
            whole = _CLOZE.sub(lambda match: match[2], whole)
        return self.read(gaps), self.read(whole)

    def _as_html(self, cell: str) -> str:
        return cell if self._is_html else html.escape(cell, quote=False).replace("\n", "<br>")

    def _without_sound(self, cell: str) -> tuple[str, str, tuple[str, ...]]:
        """Take the recording out of a cell if it has one, and that lies beside the file."""
        names = _SOUND.findall(cell) if "[sound:" in cell else []
        if len(names) == 1 and self._has(names[0], "recording"):
            return _SOUND.sub(" ", cell), names[0], ()
        why = "which does not lie beside the file," if len(names) == 1 else "one of several in its cell,"
        return cell, "", tuple(f"the recording `{name}`, {why}" for name in names)

    def _has_picture(self, name: str) -> bool:
        return self._has(name, "picture")

    def _has(self, name: str, kind: MediaKind) -> bool:
        try:
            self._media.store(name, kind)
        except MediaError:
            return False
        return True


def has_clozes(cell: str) -> bool:
    """Tell whether Anki makes cloze cards of a cell."""
    return "{{c" in cell and bool(ordinals((cell,)))


def _one_number_for_each(markup: str) -> tuple[str, bool]:
    """Give clozes of one answer one number, as in mkdeck, and no blanks around hints; tell whether some had two."""
    numbers: dict[str, str] = {}
    joined = False

    def same(match: re.Match[str]) -> str:
        nonlocal joined
        answer = folded_words(words(match[2]))
        number = numbers.setdefault(answer, match[1]) if answer else match[1]
        joined |= number != match[1]
        hint = f"::{match[3].strip()}" if match[3] is not None else ""
        return f"{{{{c{number}::{match[2]}{hint}}}}}"

    return _CLOZE.sub(same, markup), joined
