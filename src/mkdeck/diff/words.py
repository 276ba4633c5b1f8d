"""The texts of fields as a reader sees them, and which words of them changed."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from mkdeck.archive.texts import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

Op = Literal["=", "-", "+"]
Words = tuple[tuple[Op, str], ...]
"""Runs of a text: kept, taken out, put in."""

_MAX_PAIRS = 250_000
"""Texts whose changed parts are longer (in words by words) are shown as one whole replaced by the other.

difflib takes the cube of that for texts that mean harm, so this is half a second.
"""

_CLOZE_OPEN = re.compile(r"\{\{c[\d,]+::")
# What begins like a hint is taken as a whole, be it one or not, so that it is not searched again from its middle.
_CLOZE = re.compile(r"\{\{c[\d,]+::|(?P<hint>::[^{}]*+)(?P<end>\}\})?|\}\}")

# Signs are words of their own, but for those inside a word (`1,000`, `don't`); Chinese and Japanese are
# written without blanks, so there each character is one.
_SIGN = r"!-/:-@\[-`{-~"
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(
    rf"(?:\{{\{{c[\d,]+::|\}}\}}|::|[{_HAN}]|[^\s{_SIGN}{_HAN}]+(?:[.,'/-][^\s{_SIGN}{_HAN}]+)*|[{_SIGN}])\s*"
)


def revealed(field: str) -> str:
    """Give the text that a field shows with its blanks filled in."""
    return shown(_CLOZE.sub(_kept, field) if _CLOZE_OPEN.search(field) else field)


def _kept(match: re.Match[str]) -> str:
    return match["hint"] if match["hint"] and not match["end"] else ""


def word_diff(old: str, new: str) -> Words:
    """Compare two texts word by word; blanks between words do not matter."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    first, second = [word.rstrip() for word in a], [word.rstrip() for word in b]
    runs: list[tuple[Op, str]] = []
    for op, i, i_end, j, j_end in _opcodes(first, second):
        removed, added = "".join(a[i:i_end]), "".join(b[j:j_end])
        if op == "equal":
            _add(runs, "=", added)
        elif op == "delete":
            # The blanks around what is taken out are those of the old text.
            follows = _ends_blank(b[:j]) and not _ends_blank(a[:i])
            if runs:
                runs[-1] = "=", runs[-1][1].rstrip() + (" " if _ends_blank(a[:i]) else "")
            _add(runs, "-", removed.rstrip())
            _add(runs, "=", " " if follows or _ends_blank(a[i:i_end]) else "")
        else:
            _add(runs, "-", removed.rstrip())
            _add(runs, "+", added.rstrip())
            _add(runs, "=", " " if _ends_blank(b[j:j_end]) else "")
    if runs and runs[-1][0] == "=":
        _add(runs, "=", runs.pop()[1].rstrip())
    return tuple(runs)


def _ends_blank(words: list[str]) -> bool:
    return bool(words) and words[-1][-1].isspace()


def _opcodes(a: list[str], b: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """Give what difflib finds, or, where that would take long, all between the first change and the last."""
    shorter = min(len(a), len(b))
    start = next((i for i in range(shorter) if a[i] != b[i]), shorter)
    end = next((i for i in range(shorter - start) if a[-1 - i] != b[-1 - i]), shorter - start)
    a_end, b_end = len(a) - end, len(b) - end
    if (a_end - start) * (b_end - start) <= _MAX_PAIRS:
        return SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return [
        ("equal", 0, start, 0, start),
        ("replace", start, a_end, start, b_end),
        ("equal", a_end, len(a), b_end, len(b)),
    ]


def _add(runs: list[tuple[Op, str]], op: Op, text: str) -> None:
    """Add a run, or lengthen the last one."""
    if text and runs and runs[-1][0] == op:
        runs[-1] = op, runs[-1][1] + text
    elif text:
        runs.append((op, text))
