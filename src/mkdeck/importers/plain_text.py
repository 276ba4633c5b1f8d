"""Plain text -> Markdown that shows exactly that text."""

from __future__ import annotations

import html
import re
import unicodedata

from mkdeck.markup import clean, escape_text, mark

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_ACTS = re.compile(
    r"""
      [`\[$|]
    | \*(?!\s|$)|(?<=\S)\*
    | \\(?=[!-/:-@\[-`{-~]|$)
    | (?<![^\W_])_|_(?![^\W_])       # inside of a word it is itself
    | <(?=[A-Za-z/!?])
    | &(?=\#?\w+;)
    | ~(?=~)|(?<=~)~
    | \{(?=\{)|(?<=\{)\{|\}(?=\})|(?<=\})\}
    | ^[-+>=\#~]|(?<=^)\d{1,9}(?=[.)](?:\s|$))
    """,
    re.VERBOSE,
)
"""What Markdown or mkdeck may act on; a number at the start of a line needs the backslash behind it."""
_PROSE = re.compile(r"(?!\s*(?:[-+*#>=]|\d{1,9}[.)]))[^\\`*_\[\]<&$~|{}\n\t]*")
"""A line in which Markdown and mkdeck find nothing to act on."""
_SEEN = re.compile(r"[!-~]|[^\W_]")
_BREAKS = re.compile(r"</?p>\n?|<br ?/?>\n?")
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def is_seen(text: str) -> bool:
    """Tell whether there is anything to be seen in a text."""
    if _SEEN.search(text):
        return True
    return any(not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"} for char in text)


def as_markdown(text: str) -> str:
    """Write a plain text as Markdown that shows it: signs that would act get a backslash, lines stay lines."""
    if "\n" not in text:
        return in_one_line(text.strip())
    paragraphs = [[line.strip() for line in part.strip().split("\n")] for part in _PARAGRAPHS.split(text.strip())]
    written = _joined([[in_one_line(line) for line in part] for part in paragraphs])
    shown = mark(written, clozes=True)
    if (
        shown.blanks
        or shown.problems
        or _lines(shown.html) != [clean(line) for part in paragraphs for line in part]
    ):
        # What is nothing in one line may be a table or a heading with the line above it.
        return _joined([[_PUNCTUATION.sub(r"\\\g<0>", line) for line in part] for part in paragraphs])
    return written


def _joined(paragraphs: list[list[str]]) -> str:
    return "\n\n".join("\\\n".join(lines) for lines in paragraphs)


def _lines(markup: str) -> list[str]:
    """Give the lines that HTML of paragraphs and line breaks shows; other tags stay in them."""
    text = markup.replace("<span></span>", "")
    return [html.unescape(line) for line in _BREAKS.split(text) if line]


def in_one_line(text: str) -> str:
    """Write one line of plain text as Markdown."""
    if _PROSE.fullmatch(text) or _shows(text, text):
        return text
    escaped = _ACTS.sub(lambda match: f"{match[0]}\\" if match[0].isdecimal() else f"\\{match[0]}", text)
    return escaped if _shows(escaped, text) else _PUNCTUATION.sub(r"\\\g<0>", text)


def _shows(markdown: str, text: str) -> bool:
    marked = mark(markdown, clozes=True)
    return not marked.blanks and not marked.problems and marked.html == escape_text(clean(text).strip())
