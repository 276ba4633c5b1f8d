"""Which lines of plain notes are headings, and which one is the title: told by their shape and by what follows."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from mkdeck.key_facts import ARROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdeck.importers.blocks import Block

TITLE, REASON = 1, 2
"""The levels of the headings of plain notes."""

_LONGEST = 80
_MOST_WORDS = 12
_WORDS_BEFORE_COLON = 8
_NO_HEADING = re.compile(rf"[.,;!…]$|^[^\w\"“‘«'(¿*]|{ARROW}")
_NOT_ALONE = re.compile(r"(?:sources?\s*:|(?:key\s+)?question\s*:)", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1:?")
_BELOW = frozenset(["bullet", "verbatim", "quote"])


def mark_headings(blocks: list[Block], *, is_markdown: bool) -> None:
    """Make headings of what are some: of plain notes by their shape, in Markdown only of lines that are all bold.

    If there is none, bullets that have bullets below are headings.
    """
    explicit = {block.depth for block in blocks if block.kind == "heading"}
    if is_markdown:
        for at, block in enumerate(blocks[:-1]):
            if block.kind == "text" and _BOLD.fullmatch(block.text) and blocks[at + 1].kind in _BELOW:
                block.kind, block.depth = "heading", max(explicit, default=1) + 1
    elif sum(block.kind == "heading" for block in blocks) < 2:
        found = [at for at in range(len(blocks)) if _is_heading(blocks, at)]
        for at in found:
            blocks[at].kind, blocks[at].depth = "heading", REASON
        _mark_empty_ones(blocks)
        _mark_title(blocks)
    if not any(block.kind == "heading" and block.depth > TITLE for block in blocks):
        _mark_parents(blocks)


def is_short(block: Block) -> bool:
    """Tell whether a text could be a heading by its shape."""
    text = block.text
    return (
        block.kind == "text"
        and block.lines == 1
        and not block.depth
        and len(text) <= _LONGEST
        and len(text.split()) <= _MOST_WORDS
        and not text[0].islower()
        and _LETTER.search(text) is not None
        and _NO_HEADING.search(text) is None
        and _NOT_ALONE.match(text) is None
    )


def _is_heading(blocks: Sequence[Block], at: int) -> bool:
    block = blocks[at]
    if not is_short(block) or at + 1 == len(blocks):
        return False
    following = blocks[at + 1]
    stands_apart = at == 0 or block.gap > 0 or blocks[at - 1].kind == "break"
    if block.text.endswith(":") and not (stands_apart and len(block.text.split()) <= _WORDS_BEFORE_COLON):
        return False
    if following.kind in _BELOW:
        return True
    is_above_text = following.kind == "text" and not block.text.endswith("?")
    return stands_apart and is_above_text and (not following.gap or not is_short(following))


def _mark_empty_ones(blocks: Sequence[Block]) -> None:
    """Make headings of short lines that stand apart above another heading, but for those at the top."""
    first = next((at for at, block in enumerate(blocks) if block.kind == "heading"), len(blocks))
    for at in range(len(blocks) - 2, first, -1):
        block, following = blocks[at], blocks[at + 1]
        if is_short(block) and block.gap and following.kind == "heading" and not block.text.endswith("?"):
            block.kind, block.depth = "heading", REASON


def _mark_title(blocks: Sequence[Block]) -> None:
    """Make the title of the first line, if it is short and no bullet stands between it and the next heading."""
    if not blocks or not (is_short(blocks[0]) or blocks[0].kind == "heading"):
        return
    if blocks[0].depth == TITLE:
        return
    following = next((at for at in range(1, len(blocks)) if blocks[at].kind == "heading"), None)
    has_bullets = any(block.kind in _BELOW for block in blocks)
    if blocks[0].kind == "heading":
        is_title = (
            following is not None and has_bullets and all(b.kind in {"text", "break"} for b in blocks[1:following])
        )
    else:
        is_title = len(blocks) > 1 and blocks[1].kind != "arrow"
    if is_title:
        blocks[0].kind, blocks[0].depth = "heading", TITLE


def _mark_parents(blocks: Sequence[Block]) -> None:
    """Make headings of the bullets at the edge, if there are two with bullets below and most are so."""
    edge = [at for at, block in enumerate(blocks) if block.kind == "bullet" and not block.depth]
    parents = [
        at for at in edge if at + 1 < len(blocks) and blocks[at + 1].kind == "bullet" and blocks[at + 1].depth
    ]
    if len(parents) < 2 or 2 * len(parents) < len(edge):
        return
    for at in parents:
        blocks[at].kind, blocks[at].depth = "heading", REASON
    inside = False
    for block in blocks:
        inside = block.kind == "heading" or (inside and block.depth > 0)
        if inside and block.kind != "heading":
            block.depth -= 1


def usual_gap(blocks: Sequence[Block]) -> int:
    """Give how many empty lines stand between blocks most often."""
    gaps = Counter(block.gap for block in blocks[1:])
    return max(gaps, key=lambda gap: (gaps[gap], -gap)) if gaps else 0
