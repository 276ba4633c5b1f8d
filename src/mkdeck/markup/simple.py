r"""Simple Markdown -> HTML without a parser: paragraphs, lines and flat lists of prose with emphasis and pictures.

Most texts with markup are no more than that, and take 0.1x of a parser's time here. Whatever may be more is left to
`markdown.render`; where both can do it, both give the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdeck.markup.blanks import Blank, Marked, MarkupProblem, blanked, words
from mkdeck.markup.clozes import SIMPLE_CLOZE, check_number, without_groups
from mkdeck.markup.escape import escape_attribute, escape_html, escape_text
from mkdeck.markup.facts import folded_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdeck.markup.text import MediaName

_LETTER = r"[^\W_]"
_PROSE = r"[^\\`*_\[<&$~|{}\n\t!]"
_ESCAPE = r"\\[!-/:-@\[-`{-~]"
# What does nothing where it stands: `R&D` might be an entity, `R & D` is none.
_INERT = rf"!(?!\[)|&(?![#\w])|<(?= )|(?<={_LETTER})_(?={_LETTER})|(?<= )\*(?= )"
_INSIDE = rf"{_LETTER}(?:{_PROSE}|{_INERT})*+"
# A sign beside a letter, or between a stop and a blank, opens or closes emphasis as it seems to.
_CLOSES = rf"(?:(?<={_LETTER})|(?<=[.,:;!?)])(?=[*~]+(?: |\Z)))"
_EMPHASIS = "|".join(
    rf"{sign}(?P<{name}>{_INSIDE}){_CLOSES}{sign}(?![*~])"
    for sign, name in ((r"\*\*", "strong"), (r"\*", "em"), (r"\*\*\*", "both"), ("~~", "s"))
)
_PICTURE = (
    r'!\[(?P<said>[^\\`*_\[\]<&$~|{}\n\t!:"]*+)\]'
    r"\((?:(?P<name>[A-Za-z0-9][A-Za-z0-9_.-]*+)|<(?P<spaced>[A-Za-z0-9][A-Za-z0-9_. -]*+)>)\)"
)
_STARTS = r"(?![-+#>=:\s]|\d{1,9}[.)])"
"""What is not at the start of a line, where it may begin a list, a heading or a table."""
_WORDS = without_groups(rf"{_PROSE}++|{_INERT}|{_ESCAPE}|{_EMPHASIS}|{_PICTURE}|{SIMPLE_CLOZE}")
_LINE = re.compile(rf"(?P<item>- |\d{{1,3}}\. )?{_STARTS}(?P<text>(?:{_WORDS})++)(?<!\s)(?P<breaks>\\)?")
_ACTIVE = re.compile(r"[\\*~{]|!\[")
_ELEMENT = re.compile(rf"(?P<escape>{_ESCAPE})|{_EMPHASIS}|{_PICTURE}|(?P<cloze>{SIMPLE_CLOZE})")
_TAGS = {
    "em": "<em>{}</em>",
    "strong": "<strong>{}</strong>",
    "both": "<em><strong>{}</strong></em>",
    "s": "<s>{}</s>",
}


class _Lines:
    """Writes the HTML of one text."""

    def __init__(self, media: MediaName | None) -> None:
        self.blanks: list[Blank] = []
        self.problems: list[MarkupProblem] = []
        self._media = media

    def line(self, text: str) -> str:
        """Give the HTML of a line that is known to be simple."""
        if not _ACTIVE.search(text):
            return escape_html(text)
        parts: list[str] = []
        prose, done = "", 0
        for match in _ELEMENT.finditer(text):
            prose += text[done : match.start()]
            done = match.end()
            if match["escape"]:
                prose += match["escape"][1]
                continue
            parts += (escape_text(prose), self._element(match))
            prose = ""
        return "".join(parts) + escape_text(prose + text[done:])

    def paragraph(self, lines: Sequence[re.Match[str]]) -> str:
        """Give the HTML of lines that go on one another, without the paragraph's own tags."""
        *before, last = lines
        written = [self.line(each["text"]) + ("<br />\n" if each["breaks"] else "\n") for each in before]
        return "".join(written) + self.line(last["text"] + (last["breaks"] or ""))

    def items(self, lines: Sequence[re.Match[str]]) -> str:
        """Give the HTML of the items of a list."""
        tag = "ul" if lines[0]["item"] == "- " else "ol"
        rows = "".join(f"<li>{self.line(each['text'])}</li>\n" for each in lines)
        return f"<{tag}>\n{rows}</{tag}>"

    def _element(self, match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        if kind in _TAGS:
            return _TAGS[kind].format(escape_html(match[kind]))
        if kind == "cloze":
            self.blanks.append(simple_blank(match, self.problems))
            return blanked(len(self.blanks) - 1, escape_html(match["answer"]))
        stored = self._media(match["name"] or match["spaced"]) if self._media else None
        said = escape_attribute(words(match["said"]))
        return f'<img src="{escape_attribute(stored)}" alt="{said}">' if stored is not None else ""


def simple_blank(match: re.Match[str], problems: list[MarkupProblem]) -> Blank:
    """Make the blank of a match of SIMPLE_CLOZE; what is wrong with its number is added to `problems`."""
    number, answer, hint = match["number"], match["answer"], match["hint"]
    folded = folded_words(answer)
    pinned = check_number(number, match[0], problems) if number is not None else None
    return Blank(pinned, escape_html(hint).strip() if hint else "", folded or answer, folded)


def render_simple(text: str, *, clozes: bool, media: MediaName | None) -> Marked | None:
    """Render `text`, which `mark` has cleaned, without facts; None if it is more than simple."""
    if ("{{" in text and not clozes) or ("![" in text and media is None):
        return None
    blocks: list[list[re.Match[str]]] = []
    for block in text.split("\n\n"):
        lines = [line for line in map(_LINE.fullmatch, block.split("\n")) if line]
        follows_list = bool(blocks) and blocks[-1][0]["item"] is not None
        if len(lines) <= block.count("\n") or not (_are_prose(lines) or (_are_items(lines) and not follows_list)):
            return None
        blocks.append(lines)
    work = _Lines(media)
    if len(blocks) == 1 and not blocks[0][0]["item"]:
        written = work.paragraph(blocks[0])
    else:
        written = "\n".join(
            work.items(lines) if lines[0]["item"] else f"<p>{work.paragraph(lines)}</p>" for lines in blocks
        )
    return Marked(written.strip(), tuple(work.blanks), tuple(work.problems))


def _are_prose(lines: Sequence[re.Match[str]]) -> bool:
    return not any(line["item"] for line in lines)


def _are_items(lines: Sequence[re.Match[str]]) -> bool:
    """Tell whether lines are the items of one flat list that begins with its first one."""
    first = lines[0]["item"]
    if first == "- ":
        return all(line["item"] == first and not line["breaks"] for line in lines)
    return first == "1. " and all(line["item"] not in {None, "- "} and not line["breaks"] for line in lines)
