"""Which lines of plain notes are headings, and which one is the title: told by their shape and by what follows."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from mkdeck.importers.blocks import NUMBERS
from mkdeck.importers.terms import is_about_terms
from mkdeck.key_facts import ARROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
_ABOVE = frozenset(["text", "heading", "break"])
"""What may stand above the first group."""


def mark_headings(blocks: list[Block], *, is_markdown: bool) -> None:
    """Make headings of what are some: of plain notes by their shape, in Markdown only of lines that are all bold.

    If there is none, bullets that have bullets below are headings; in plain notes, numbered ones also below a title
    or a question.
    """
    explicit = {block.depth for block in blocks if block.kind == "heading"}
    if is_markdown:
        for at, block in enumerate(blocks[:-1]):
            if block.kind == "text" and _BOLD.fullmatch(block.text) and blocks[at + 1].kind in _BELOW:
                block.kind, block.depth = "heading", max(explicit, default=1) + 1
    elif sum(block.kind == "heading" for block in blocks) < 2:
        _raise(blocks, _numbered(blocks))
        found = [at for at in range(len(blocks)) if _is_heading(blocks, at)]
        for at in found:
            blocks[at].kind, blocks[at].depth = "heading", REASON
        _mark_empty_ones(blocks)
        _mark_title(blocks)
    if not any(block.kind == "heading" and block.depth > TITLE for block in blocks):
        _mark_parents(blocks)


def is_short(block: Block) -> bool:
    """Tell whether a text could be a heading by its shape."""
    return block.kind == "text" and not block.depth and _has_shape(block)


def _has_shape(block: Block) -> bool:
    text = block.text
    return (
        block.lines == 1
        and 0 < len(text) <= _LONGEST
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


def _numbered(blocks: Sequence[Block]) -> list[int]:
    """Give the numbered lines at the edge that are headings: most have bullets of another kind below.

    Below several headings they are points; below the title, or a question at the top, they are the reasons.
    """
    headings = [at for at in range(len(blocks)) if _is_heading(blocks, at) and not is_about_terms(blocks[at].text)]
    edge = [at for at, block in enumerate(blocks) if block.mark in NUMBERS and not block.depth]
    parents = [at for at in edge if _has_shape(blocks[at]) and _is_parent(blocks, at)]
    above = {max((each for each in headings if each < at), default=-1) for at in parents}
    if len(above) != 1:
        return []
    top = above.pop()
    is_title = top < 0 or blocks[top].text.endswith("?") or headings == [top]
    is_at_top = all(block.kind in _ABOVE for block in blocks[: max(top, 0)])
    end = next((at for at in headings if at > top), len(blocks))
    mark = blocks[parents[0]].mark
    series = [at for at in edge if top < at < end and blocks[at].mark == mark]
    is_most = len(parents) > 1 and 2 * len(parents) >= len(series)
    return [at for at in series if _has_shape(blocks[at])] if is_title and is_at_top and is_most else []


def _is_parent(blocks: Sequence[Block], at: int) -> bool:
    """Tell whether bullets follow that are nested deeper, or of another kind than numbers."""
    following = blocks[at + 1] if at + 1 < len(blocks) else None
    return (
        following is not None
        and following.kind == "bullet"
        and (following.depth > blocks[at].depth or following.mark not in NUMBERS)
    )


def _mark_parents(blocks: Sequence[Block]) -> None:
    """Make headings of the bullets at the edge, if there are two with bullets below and most are so."""
    edge = [at for at, block in enumerate(blocks) if block.kind == "bullet" and not block.depth]
    parents = [
        at for at in edge if at + 1 < len(blocks) and blocks[at + 1].kind == "bullet" and blocks[at + 1].depth
    ]
    if len(parents) >= 2 and 2 * len(parents) >= len(edge):
        _raise(blocks, parents)


def _raise(blocks: Sequence[Block], bullets: Iterable[int]) -> None:
    """Make headings of bullets; what is nested in them comes to the edge."""
    for at in bullets:
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
