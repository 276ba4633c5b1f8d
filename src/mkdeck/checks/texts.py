"""A walk over the strings of a deck, and the prose in them: what is neither code nor maths nor an address."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from mkdeck.markup.clozes import MATHS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mkdeck.model import DeckData
    from mkdeck.source import Place

SHOWN = frozenset(["text", "fact", "also", "hint", "source", "terms"])
"""The keys whose strings learners see, or are looked for in what they see; of `terms`, the terms."""

BARRIER = "\uffff"
"""Stands for each character that is no prose."""
# Each of these costs time that is linear in the text: none looks twice at what it has passed.
_NO_PROSE = re.compile(
    rf"""
      \\[!-/:-@\[-`{{-~]                                       # a sign that its author took out of Markdown
    | (?P<ticks>`+)                                            # code
    | {MATHS}
    | (?:https?|ftp)://[^\s<>"“”«»]*+ | www\.[^\s<>"“”«»]*+
    | <[A-Za-z][\w+.-]*+:[^\s<>]*+>
    | \]\((?:[^()\n]|\([^()\n]*+\))*+\)                        # the address of a link, and its title
    | ^[ ]{{0,3}}\[[^\]\n]*+\]:[^\n]*+
    | \n[ \t]*+\n(?:(?:[ ]{{4}}|\t)[^\n]*+(?:\n|\Z))++         # code by its indent
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_SIGN = re.compile(r"[`$\\]|://|www\.|\]\(|\]:|<[A-Za-z]|\n")
_SEEN = re.compile(r"[^\n]")


def texts(deck: DeckData) -> Iterator[tuple[Place, str]]:
    """Give every text that a learner sees, with its place, in the order of the file.

    A term's place is `("terms", term)`. Facts are among them: what is blanked is what they say.
    """
    return strings(deck, SHOWN)


def strings(deck: DeckData, names: Collection[str] | None = None) -> Iterator[tuple[Place, str]]:
    """Give every string that stands under one of these keys, or every string there is."""
    return _strings(deck, deck.origin.data if deck.origin else None, "", (), names)


def _strings(
    value: Any, written: Any, name: str, place: Place, names: Collection[str] | None
) -> Iterator[tuple[Place, str]]:
    """Walk over one value; `written` is the same as it stands in the file, perhaps in a short form."""
    if isinstance(value, str):
        if names is None or name in names:
            yield place, value
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            item = written[number] if isinstance(written, list) else None
            yield from _strings(each, item, name, (*place, number), names)
    elif isinstance(value, dict):
        for term, each in value.items():
            if names is None or name in names:
                yield (*place, term), term
            yield from _strings(each, written[term] if written else None, "", (*place, term), names)
    else:
        is_whole = isinstance(written, dict)
        for key in written if is_whole else type(value).model_fields:
            # A fact may be written as a text.
            field = "fact" if key == "text" and not hasattr(value, key) else key
            each = getattr(value, field)
            if (
                each
                and not isinstance(each, int)
                and (not isinstance(each, str) or names is None or field in names)
            ):
                yield from _strings(each, written[key] if is_whole else written, field, (*place, key), names)


def prose(text: str) -> str:
    """Give a text with a barrier in the place of each character that is no prose; lines stay lines."""
    if not _SIGN.search(text):
        return text
    parts: list[str] = []
    done = 0
    runs: dict[int, list[int]] | None = None
    while match := _NO_PROSE.search(text, done):
        end = match.end()
        if match["ticks"]:
            runs = _runs(text) if runs is None else runs
            same = runs.get(len(match["ticks"]), [])
            after = bisect_right(same, match.start())
            end = same[after] + len(match["ticks"]) if after < len(same) else end
        parts += (text[done : match.start()], _SEEN.sub(BARRIER, text[match.start() : end]))
        done = end
    parts.append(text[done:])
    return "".join(parts)


def _runs(text: str) -> dict[int, list[int]]:
    """Give where runs of backticks begin, by their length."""
    found: dict[int, list[int]] = {}
    for run in re.finditer("`+", text):
        found.setdefault(len(run[0]), []).append(run.start())
    return found
