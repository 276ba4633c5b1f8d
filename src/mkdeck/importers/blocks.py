"""The lines of notes -> blocks: headings, bullets and paragraphs, each in one line again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from mkdeck.importers.page_lines import is_of_a_site, is_page_mark
from mkdeck.importers.plain_text import is_seen
from mkdeck.importers.report import Remark
from mkdeck.importers.wrapping import own_lines, widths
from mkdeck.key_facts import ARROW

if TYPE_CHECKING:
    from collections.abc import Sequence

BlockKind = Literal["heading", "bullet", "text", "arrow", "quote", "verbatim", "break"]

MAX_DEPTH = 8
"""Lists inside lists; what is nested deeper is taken for this deep."""
_TABS = 4
_LEAST_WIDTH = 40
"""Columns from which a line may have been broken because it was full."""

_BULLET = re.compile(
    r"""
      (?P<sign>[•●○◦▪▫■□‣⁃∙·♦◆◇❖►▶➢➤✓✔✗✘★☆§\uf0b7\uf0a7\uf076\uf0d8\uf0fc])
    | (?P<dash>[-–—*+](?=\ |$)|[-–](?=[^\W\d_]))
    | (?P<more>>+|»|o(?=\ ))
    | (?P<number>\(?\d{1,3}[.)](?=\ |$))
    | (?P<roman>(?:I{1,3}|I?[VX]|[VX]I{1,3})[.)](?=\ ))
    | (?P<capital>[A-Z][.)](?=\ ))
    | (?P<letter>\(?(?:[a-z]|[ivx]{1,4})\)(?=\ ))
    """,
    re.VERBOSE,
)
_MARKDOWN_BULLET = re.compile(r"(?P<sign>[•●▪◦])|(?P<dash>[-*+](?=\ |$))|(?P<number>\d{1,9}[.)](?=\ |$))")
NUMBERS = frozenset(["number", "roman", "capital", "letter"])
"""Marks of bullets that count them."""
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII")
_CAPITALS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_OUTLINE_MARK = re.compile(r"\s*([IVX]{1,4}|[A-Z])[.)] ")
_HEADING = re.compile(r"(#{1,6})[ ]+(.*?)[ #]*")
_UNDERLINE = re.compile(r"(=+|-+|~+|\*+|_+)")
_DRAWN = re.compile(r"(?:([-*_=~.•·–—#])[ ]*)(?:\1[ ]*){2,}")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_TABLE_HEAD = re.compile(r"[|: -]*-[|: -]*")
_ARROW_FIRST = re.compile(rf"(?:[-*•–][ ]+)?{ARROW}[ ]*")
_ARROW_LAST = re.compile(rf"{ARROW}$")
_EMPTY = frozenset(["break", "arrow"])
"""Blocks that may have no words."""
_DOUBLED = re.compile("(?<=[^ \xa0])[ \xa0]{2,}(?=[^ \xa0])")


@dataclass(slots=True)
class Block:
    """One piece of notes."""

    kind: BlockKind
    text: str
    line: int
    depth: int = 0
    """The level of a heading, from 1; of a bullet and what goes on it, how deep it is nested, from 0."""
    gap: int = 0
    """Empty lines above."""
    mark: str = ""
    """What kind of bullet."""
    lines: int = 1


@dataclass(slots=True)
class Blocks:
    """All blocks of a file, and what was found to be said on the way."""

    blocks: list[Block] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def blocks_of(text: str, *, is_markdown: bool) -> Blocks:
    """Read the blocks of a text."""
    scan = _Scan(text.expandtabs(_TABS).split("\n"), is_markdown=is_markdown)
    while scan.at < len(scan.lines):
        scan.take()
    scan.finish()
    return scan.found


def _is_plain(line: str) -> bool:
    """Tell whether a line is one of text: no bullet, heading or arrow, and not indented."""
    others = (_BULLET, _HEADING, _ARROW_FIRST, _DRAWN)
    return bool(line[:1].strip()) and not any(each.match(line) for each in others)


class _Scan:
    """Goes through the lines once."""

    def __init__(self, lines: Sequence[str], *, is_markdown: bool) -> None:
        self.lines = lines
        self.at = 0
        self.found = Blocks()
        self._is_markdown = is_markdown
        self._gap = 0
        self._indents: list[tuple[int, str]] = []
        """Of the bullets that are open: indent, and mark."""
        self._bullet_indent = 0
        self._parts: list[str] = []
        """Of the last block, whose text is put together when it is whole."""
        self._widths = widths(lines)
        self._own_lines = own_lines(lines, _is_plain)
        self._outline_marks = frozenset(match[1] for line in lines if (match := _OUTLINE_MARK.match(line)))

    def take(self) -> None:
        """Take the next line, or the lines of one code block or table."""
        number, line = self.at + 1, self.lines[self.at].rstrip()
        self.at += 1
        said = line.strip()
        if not said:
            self._gap += 1
        elif is_page_mark(said) or is_of_a_site(said):
            what = "a page mark" if is_page_mark(said) else "a line of a website"
            self._leave_out(number, f"left out, {what}: {said}", "page" if is_page_mark(said) else "site")
        elif self._is_markdown and (fence := _FENCE.match(said)):
            self._verbatim(number, self._fenced(fence[1]))
        elif self._is_markdown and self._begins_table(said):
            self._verbatim(number, self._table())
        elif self._is_underline(said):
            before = self.found.blocks[-1]
            before.kind, before.depth = "heading", 2 if said[0] == "-" else 1
        elif _DRAWN.fullmatch(said):
            self._leave_out(number, f"left out, a line that is drawn: {said}", "rule")
        else:
            self._written(number, line, said)
            self._gap = 0

    @property
    def _depth(self) -> int:
        """How deep what goes on a bullet is nested."""
        return min(len(self._indents), MAX_DEPTH + 1)

    def _leave_out(self, number: int, message: str, mark: str) -> None:
        self.found.remarks.append(Remark(number, message))
        if mark != "site":
            self._add(Block("break", "", number, mark=mark))
            self._indents.clear()
        self._gap += 1

    def _add(self, block: Block) -> None:
        self.finish()
        block.gap, self._gap = self._gap, 0
        self._parts = [block.text]
        self.found.blocks.append(block)

    def finish(self) -> None:
        """Put the text of the last block together, and forget a block that shows nothing."""
        if self.found.blocks:
            self.found.blocks[-1].text = "".join(self._parts)
            if self.found.blocks[-1].kind not in _EMPTY and not is_seen(self.found.blocks[-1].text):
                self.found.blocks.pop()

    def _is_underline(self, said: str) -> bool:
        before = self.found.blocks[-1] if self.found.blocks else None
        return (
            before is not None
            and before.kind == "text"
            and not self._gap
            and len(said) >= (1 if self._is_markdown else 3)
            and (before.lines == 1 or self._is_markdown)
            and _UNDERLINE.fullmatch(said) is not None
            and (not self._is_markdown or said[0] in "=-")
        )

    def _fenced(self, fence: str) -> list[str]:
        start = self.at - 1
        while self.at < len(self.lines):
            said = self.lines[self.at].strip()
            self.at += 1
            if said.startswith(fence) and not said.strip(fence[0]):
                return list(self.lines[start : self.at])
        return [*self.lines[start:], fence]

    def _begins_table(self, said: str) -> bool:
        following = self.lines[self.at].strip() if self.at < len(self.lines) else ""
        return "|" in said and "|" in following and _TABLE_HEAD.fullmatch(following) is not None

    def _table(self) -> list[str]:
        start = self.at - 1
        while self.at < len(self.lines) and "|" in self.lines[self.at]:
            self.at += 1
        return list(self.lines[start : self.at])

    def _verbatim(self, number: int, lines: Sequence[str]) -> None:
        indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        text = "\n".join(line[indent:].rstrip() for line in lines)
        self._add(Block("verbatim", text, number, self._depth, lines=len(lines)))

    def _written(self, number: int, line: str, said: str) -> None:
        """Take a line with words."""
        indent = len(line) - len(line.lstrip())
        if _DOUBLED.search(said):
            self.found.remarks.append(Remark(number, "doubled spaces were made single"))
            said = _DOUBLED.sub(" ", said)
        heading = _HEADING.fullmatch(said)
        arrow = _ARROW_FIRST.match(said)
        bullets = _MARKDOWN_BULLET if self._is_markdown else _BULLET
        if heading and heading[2]:
            self._add(Block("heading", heading[2], number, len(heading[1])))
            self._indents.clear()
        elif arrow:
            self._add(Block("arrow", said[arrow.end() :], number, self._depth))
            self._bullet_indent = indent
        elif self._is_markdown and said[0] == ">":
            self._quoted(number, said.lstrip("> "))
        elif (bullet := bullets.match(said)) and self._is_bullet(bullet):
            self._bullet(number, indent, bullet)
        elif self._goes_on(line, said, indent):
            self._join(said)
        else:
            self._paragraph(number, said, indent)

    def _quoted(self, number: int, said: str) -> None:
        before = self.found.blocks[-1] if self.found.blocks else None
        if before is not None and before.kind == "quote" and not self._gap:
            self._join(said)
        elif said:
            self._add(Block("quote", said, number, self._depth))

    def _is_bullet(self, bullet: re.Match[str]) -> bool:
        """Tell whether a mark is one: letters of an outline have neighbours, and an `o` stands inside a list."""
        mark = bullet[0].strip("().")
        if bullet.lastgroup in {"roman", "capital"}:
            marks = _ROMANS if bullet.lastgroup == "roman" else _CAPITALS
            at = marks.index(mark)
            return not self._outline_marks.isdisjoint(marks[max(0, at - 1) : at] + marks[at + 1 : at + 2])
        return mark != "o" or bool(self._indents)

    def _bullet(self, number: int, indent: int, bullet: re.Match[str]) -> None:
        kind = str(bullet.lastgroup)
        if kind in NUMBERS:
            self.found.remarks.append(Remark(number, "left out, the number of an item"))
        mark = "" if self._is_markdown else kind if kind in NUMBERS else bullet[0]
        self._nest(indent, mark)
        self._bullet_indent = indent
        text = bullet.string[bullet.end() :].strip()
        self._add(Block("bullet", text, number, min(len(self._indents) - 1, MAX_DEPTH), mark=kind))

    def _nest(self, indent: int, mark: str) -> None:
        """Find the list that a bullet belongs to, by its mark and its indent; one column makes no difference."""
        opened = self._indents
        while opened and indent < opened[-1][0] - 1:
            opened.pop()
        column = [number for number, (each, _) in enumerate(opened) if abs(each - indent) < 2]
        same = next((number for number in column if opened[number][1] == mark), None)
        if same is not None:
            del opened[same + 1 :]
        elif column and self._gap:
            del opened[column[0] :]
            opened.append((indent, mark))
        else:
            opened.append((indent, mark))

    def _goes_on(self, line: str, said: str, indent: int) -> bool:
        """Tell whether a line goes on what stands in the line above."""
        if self._gap or not self.found.blocks:
            return False
        before = self.found.blocks[-1]
        if before.kind in {"heading", "break", "verbatim"}:
            return False
        if self._is_markdown or not self._parts[-1] or _ARROW_LAST.search(self._parts[-1]):
            return True
        above = self.lines[self.at - 2].rstrip()
        width = self._widths[self.at - 1]
        is_full = width >= _LEAST_WIDTH and len(above) + 1 + len(line.split(maxsplit=1)[0]) > width
        if before.kind == "text" and not before.depth:
            return is_full and self.at - 1 not in self._own_lines
        return is_full or indent > self._bullet_indent or said[0].islower()

    def _join(self, said: str) -> None:
        last = self._parts[-1]
        if self._is_markdown and last.endswith("\\"):
            last = self._parts[-1] = last.rstrip("\\")
        # A word that is cut in two at its hyphen, and one that has a hyphen, are both one word again.
        is_cut = re.search(r"[^\W\d_]-$", last) and said[0].islower()
        self._parts += (said,) if is_cut or not last else (" ", said)
        self.found.blocks[-1].lines += 1

    def _paragraph(self, number: int, said: str, indent: int) -> None:
        if self._indents and self._gap and indent > self._bullet_indent + 1:
            self._add(Block("text", said, number, self._depth))
            return
        self._indents.clear()
        self._bullet_indent = 0
        self._add(Block("text", said, number))
