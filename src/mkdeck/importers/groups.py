"""Blocks -> an outline: title, question, and groups of items, each with what stands below it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mkdeck.importers.headings import TITLE, mark_headings, usual_gap
from mkdeck.importers.plain_text import is_seen
from mkdeck.importers.report import Remark
from mkdeck.key_facts import ARROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mkdeck.importers.blocks import Block

_QUESTION_LABEL = re.compile(
    r"(?:(?:key|main|big|essay|enquiry|guiding)\s+)?question\s*\d*\s*[:.–-]\s*", re.IGNORECASE
)
_CONTINUED = re.compile(r"\s*[-–,:]?\s*\(?\b(?:cont\.|cont['’]?d\.?|continued)\)?$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:\(?\d{1,3}[.)]|[IVX]{1,4}[.)]|[A-H]\))\s+")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1(:?)")
_SOURCE = re.compile(r"sources?\s*:\s*(\S.*)", re.IGNORECASE)
_ARROW_LAST = re.compile(rf"\s*{ARROW}$")
JOINT = " → "
"""The arrow between two steps, however it was written."""


@dataclass(slots=True)
class Item:
    """A bullet, a paragraph, a quotation or a block of code or table, with what stands below it."""

    kind: str
    text: str
    line: int
    depth: int = 0
    parts: list[Item] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    """What follows from it, where arrows in later lines say so."""


@dataclass(slots=True)
class Group:
    """What stands below one heading, or without one; then the name is empty."""

    name: str
    line: int
    items: list[Item] = field(default_factory=list)
    source: str = ""


@dataclass(slots=True)
class Outline:
    """What a file of notes holds."""

    title: str = ""
    question: str = ""
    intro: list[Item] = field(default_factory=list)
    source: str = ""
    groups: list[Group] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def outline_of(blocks: list[Block], *, is_markdown: bool) -> Outline:
    """Find title, question and groups."""
    mark_headings(blocks, is_markdown=is_markdown)
    outline = Outline()
    title_level = _title_level(blocks)
    begin = _preamble(outline, blocks, title_level)
    groups = list(_groups(blocks[begin:], title_level, outline.remarks))
    for group in groups:
        _put_together(group, outline.remarks)
    outline.groups = _merged(groups, outline.remarks)
    if len(groups) == 1 and not groups[0].name:
        groups[0].name = outline.title
    if not outline.question and outline.title.endswith("?"):
        outline.question = outline.title
    return outline


def _title_level(blocks: Sequence[Block]) -> int:
    """Give the level of the title: that of the first heading, if it is above all others; 0 if there is none."""
    levels = [block.depth for block in blocks if block.kind == "heading"]
    if (
        levels
        and levels.count(levels[0]) == 1
        and levels[0] == min(levels)
        and (len(levels) > 1 or levels[0] == TITLE)
    ):
        return levels[0]
    return 0


def _preamble(outline: Outline, blocks: Sequence[Block], title_level: int) -> int:
    """Take title, question and introduction from above the first group; give where that begins."""
    has_heading = any(block.kind == "heading" and block.depth != title_level for block in blocks)
    at = 0
    for at, block in enumerate(blocks):
        if block.kind == "heading" and block.depth == title_level and not outline.title:
            outline.title = _bare(block, outline.remarks)
            outline.remarks.append(Remark(block.line, f"the title: {block.text}"))
        elif block.kind == "text" and (not outline.question) and _is_question(block.text):
            asked = _QUESTION_LABEL.sub("", block.text, count=1)
            outline.question = asked if is_seen(asked) else block.text
            outline.remarks.append(Remark(block.line, f"the key question: {block.text}"))
        elif block.kind == "text" and not outline.source and (source := _source(block.text)):
            outline.source = source
            outline.remarks.append(Remark(block.line, f"the source of the deck: {block.text}"))
        elif block.kind in {"text", "quote"} and has_heading:
            outline.intro.append(Item(block.kind, block.text, block.line))
        elif block.kind != "break":
            return at
    return len(blocks) if blocks else at


def _is_question(text: str) -> bool:
    return text.endswith("?") or _QUESTION_LABEL.match(text) is not None


def _source(text: str) -> str:
    """Give what stands behind `Source:`; nothing if that does not begin a text."""
    found = _SOURCE.fullmatch(text)
    return found[1] if found and is_seen(found[1]) else ""


def _bare(block: Block, remarks: list[Remark]) -> str:
    """Give the words of a heading without its number, its colon and its bold type."""
    text = block.text
    if (bold := _BOLD.fullmatch(text)) and bold[1] not in bold[2]:
        text = bold[2]
    if (number := _NUMBERED.match(text)) and number.end() < len(text):
        remarks.append(Remark(block.line, f"left out, the number of a heading: {number[0].strip()}"))
        text = text[number.end() :]
    text = text.removesuffix(":").strip()
    return text if is_seen(text) else block.text


def _groups(blocks: Sequence[Block], title_level: int, remarks: list[Remark]) -> Iterator[Group]:
    """Put blocks into groups: at each heading, and where there is none, at page marks or wider gaps."""
    splits = _splits(blocks)
    above: list[tuple[int, str]] = []
    group: Group | None = None
    for at, block in enumerate(blocks):
        if block.kind == "break":
            continue
        if block.kind == "heading":
            if group:
                yield group
            while above and above[-1][0] >= block.depth:
                above.pop()
            name = _bare(block, remarks)
            group = Group(": ".join([*(each for _, each in above), name]), block.line)
            if block.depth != title_level:
                above.append((block.depth, name))
            continue
        if group is None or at in splits:
            if group:
                yield group
            group = Group("", block.line)
        group.items.append(Item(block.kind, block.text, block.line, block.depth))
    if group:
        yield group


def _splits(blocks: Sequence[Block]) -> set[int]:
    """Give where a group without a heading begins."""
    has_heading = any(block.kind == "heading" for block in blocks)
    found: set[int] = set()
    for mark in ("page", "rule"):
        after = [
            at for at in range(1, len(blocks)) if blocks[at - 1].kind == "break" and blocks[at - 1].mark == mark
        ]
        headed = sum(blocks[at].kind == "heading" for at in after)
        if not has_heading or 2 * headed >= len(after):
            found.update(at for at in after if blocks[at].kind not in {"heading", "break"})
    if found or has_heading:
        return found
    edge = [at for at, block in enumerate(blocks) if not block.depth and block.kind != "break"]
    usual = usual_gap([blocks[at] for at in edge])
    wider = [at for at in edge[1:] if blocks[at].gap > usual]
    # Where nearly every item stands alone, the gaps say nothing.
    return set(wider) if 2 * (len(wider) + 1) <= len(edge) else set()


def _put_together(group: Group, remarks: list[Remark]) -> None:
    """Put each item below the one it is a part of, and steps of a chain behind each other."""
    roots: list[Item] = []
    path: list[Item] = []
    last: Item | None = None
    said = ""
    for item in group.items:
        if not item.depth and item.kind == "text" and not group.source and (source := _source(item.text)):
            group.source = source
            remarks.append(Remark(item.line, f"the source of a reason: {item.text}"))
            continue
        if item.kind == "arrow" and not is_seen(item.text):
            continue
        if last and last.kind != "arrow" and (item.kind == "arrow" or _ARROW_LAST.search(said)):
            last.steps.append(item.text)
            said = item.text
            continue
        if not roots and item.kind == "arrow":
            item.depth = 0
        while path and not _is_part(item, path[-1]):
            path.pop()
        (path[-1].parts if path else roots).append(item)
        path.append(item)
        last, said = item, item.text
    for item in group.items:
        if item.steps:
            item.text = JOINT.join(_ARROW_LAST.sub("", step) for step in (item.text, *item.steps))
    group.items = roots


def _is_part(item: Item, of: Item) -> bool:
    if item.kind == "bullet" and of.kind == "text" and item.depth == of.depth == 0:
        return of.text.endswith(":")
    return item.depth > of.depth


def _merged(groups: Iterable[Group], remarks: list[Remark]) -> list[Group]:
    """Put a group that goes on the one before it into that one."""
    merged: list[Group] = []
    for group in groups:
        name = _CONTINUED.sub("", group.name)
        if merged and name and name.lower() == merged[-1].name.lower():
            merged[-1].items += group.items
            merged[-1].source = merged[-1].source or group.source
            remarks.append(Remark(group.line, f"goes on the group before it: {group.name}"))
        else:
            merged.append(group)
    return merged
