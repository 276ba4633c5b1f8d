"""The words of notes as Markdown that mkdeck can read: a sign that was not meant to act stands for itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdeck.importers.plain_text import in_one_line
from mkdeck.markup import mark, words
from mkdeck.media import Media, MediaError

if TYPE_CHECKING:
    from pathlib import Path

_PICTURE = re.compile(r"!(?=\[)")
_BRACES = re.compile(r"(?<!\\)\{(?=\{)|(?<=\{)\{|\}(?=\})|(?<=\})\}")


class Writer:
    """Writes the texts of one file; `is_markdown` if they are Markdown already, else every sign is itself."""

    def __init__(self, folder: Path, *, is_markdown: bool) -> None:
        self.is_markdown = is_markdown
        self.missing: list[str] = []
        """The pictures that do not lie in the folder."""
        self._media = Media(folder)

    def point(self, text: str) -> str:
        """Write a text that may have blanks: those of mkdeck in Markdown."""
        if self.is_markdown and "{{" in text:
            written = self._with_pictures(text)
            marked = mark(written, clozes=True, media=self._stored)
            if marked.blanks and not marked.problems and not marked.pinned_twice():
                return written
        return self.text(text)

    def text(self, text: str, *, has_pictures: bool = True) -> str:
        """Write a text without blanks."""
        if not self.is_markdown:
            return in_one_line(text)
        written = self._with_pictures(text) if has_pictures else _PICTURE.sub(r"!\\", text)
        if "{{" in written or "}}" in written:
            written = _BRACES.sub(r"\\\g<0>", written)
        marked = mark(written, clozes=True, media=self._stored)
        if marked.problems or marked.blanks or not (words(marked.html) or "<img" in marked.html):
            return in_one_line(text)
        return written

    def verbatim(self, text: str) -> str:
        """Write a block of code or a table, which Markdown shows as it stands."""
        written = self._with_pictures(text)
        shown = mark(written, clozes=True, media=self._stored)
        if not shown.problems and not shown.blanks and words(shown.html):
            return written
        ticks = "`" * (3 + max((len(run) for run in re.findall("`+", text)), default=0))
        return f"{ticks}\n{text}\n{ticks}"

    def _with_pictures(self, text: str) -> str:
        """Show pictures that do not lie beside the file by their names."""
        if "![" not in text or None not in self._names_of(text):
            return text
        return _PICTURE.sub(r"!\\", text)

    def _names_of(self, text: str) -> list[str | None]:
        found: list[str | None] = []

        def stored(name: str) -> str | None:
            found.append(self._stored(name))
            if found[-1] is None and name not in self.missing:
                self.missing.append(name)
            return found[-1]

        mark(text, clozes=True, media=stored)
        return found

    def _stored(self, name: str) -> str | None:
        try:
            return self._media.store(name, "picture")
        except MediaError:
            return None
