r"""Blanks: the places of a text that a learner is asked for, before and after they have cloze numbers.

A text that has been rendered (`Marked`) is HTML in which blank number i opens with U+0002 i U+0003 and
closes with U+0004. No text can hold these: `clean` takes control characters out. So markup, facts and
numbering stay apart, and a number is put in with one substitution.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OPEN, OPENED, CLOSE = "\x02", "\x03", "\x04"

MAX_NUMBER = 500
"""Anki takes higher cloze numbers for 500."""
MAX_NESTED = 10
"""Anki ignores a cloze inside ten others."""

_MARK = re.compile(f"([{{]?){OPEN}(\\d+){OPENED}|([}}:]?){CLOSE}")
_ANY_MARK = re.compile(f"{OPEN}\\d+{OPENED}|{CLOSE}")
_TAGS = re.compile(r"<[^>]*>")
_ANKI_OPEN = re.compile(r"\{\{c(\d+)::")
_ANKI_CLOZE = re.compile(r"\{\{c([\d,]+)::|\}\}")


@dataclass(frozen=True, slots=True)
class MarkupProblem:
    """Something wrong inside a text: the rule, the message, the words it concerns and the mend."""

    rule: str
    message: str
    part: str
    mend: str = ""


@dataclass(slots=True)
class Blank:
    """One blank as the author wrote it."""

    number: int | None = None
    """The cloze number, where the author pinned one: `{{c2::...}}`."""
    hint: str = ""
    key: str = ""
    """What makes two blanks of a text the same one: the fact's id, or its words or the answer, folded."""
    words: str = ""
    """The words of a fact that has an id."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A rendered text: HTML with marks for its blanks."""

    html: str
    blanks: tuple[Blank, ...] = ()
    problems: tuple[MarkupProblem, ...] = ()

    def revealed(self) -> str:
        """Give the HTML with every blank filled in."""
        return _ANY_MARK.sub("", self.html) if self.blanks else self.html

    def aliases(self) -> dict[str, str]:
        """Give for each fact that has an id what it would be called without."""
        return {blank.key: blank.words for blank in self.blanks if blank.words}

    def pinned(self) -> frozenset[str]:
        """Give the keys of the blanks whose numbers the author wrote."""
        return frozenset(blank.key for blank in self.blanks if blank.number is not None)

    def pinned_twice(self) -> list[str]:
        """Give the keys of the blanks that the author gave two numbers."""
        pins = {(blank.key, blank.number) for blank in self.blanks if blank.number is not None}
        return sorted(key for key, count in Counter(key for key, _ in pins).items() if count > 1)

    def numbers(self) -> dict[str, int]:
        """Number the blanks: what the author pinned, then the lowest free numbers in order of standing."""
        pinned = {blank.number for blank in self.blanks}
        numbers = {blank.key: blank.number for blank in self.blanks if blank.number is not None}
        free = (number for number in range(1, 10**9) if number not in pinned)
        for blank in self.blanks:
            if blank.key not in numbers:
                numbers[blank.key] = next(free)
        return numbers

    def clozed(self, numbers: Mapping[str, int]) -> str:
        """Give the HTML with Anki's clozes, numbered as `numbers` says for each key."""
        waiting: list[Blank] = []

        def replace(match: re.Match[str]) -> str:
            before, index, last = match.groups()
            if index is not None:
                blank = self.blanks[int(index)]
                waiting.append(blank)
                return ("&#123;" if before else "") + f"{{{{c{numbers[blank.key]}::"
            hint = waiting.pop().hint
            # A brace or colon at the end of the answer would run into what closes it.
            last = {"": "", "}": "&#125;", ":": "&#58;"}[last]
            return f"{last}::{hint}}}}}" if hint else last + "}}"

        return _MARK.sub(replace, self.html)

    def answers(self) -> list[str]:
        """Give each blank's answer as the words that are shown."""
        found = [""] * len(self.blanks)
        starts: list[tuple[int, int]] = []
        for match in _ANY_MARK.finditer(self.html):
            if match[0] == CLOSE:
                index, start = starts.pop()
                found[index] = words(self.html[start : match.start()])
            else:
                starts.append((int(match[0][1:-1]), match.end()))
        return found


def renumbered(field: str, numbers: Mapping[int, int]) -> str:
    """Give other numbers to the clozes of a field; what an author wrote is never taken for a cloze."""
    return _ANKI_OPEN.sub(lambda match: f"{{{{c{numbers[int(match[1])]}::", field)


def words(markup: str) -> str:
    """Give the text that a piece of HTML with marks shows."""
    text = _ANY_MARK.sub("", markup)
    if "<" in text:
        text = _TAGS.sub(" ", text.replace("<span></span>", ""))
    return " ".join(html.unescape(text).split()) if "&" in text else " ".join(text.split())


def ordinals(fields: tuple[str, ...]) -> list[int]:
    """Give the ordinals (from 0) of the cards that Anki makes of a cloze note with these fields.

    Anki counts the clozes of all fields, nested ones too, takes `{{c1,2::x}}` for two, lets numbers over
    500 count as 500, and needs every cloze closed (its source: rslib/src/cloze.rs).
    """
    found: set[int] = set()
    for text in fields:
        if "{{c" not in text:
            continue
        waiting: list[list[int]] = []
        for match in _ANKI_CLOZE.finditer(text):
            if match[1] is None:
                found.update(waiting.pop() if waiting else ())
            elif len(waiting) < MAX_NESTED:
                numbers = [int(each) for each in match[1].split(",") if each and int(each) < 2**16]
                if numbers:
                    waiting.append([min(each, MAX_NUMBER) for each in numbers if each > 0])
    return sorted(number - 1 for number in found)
