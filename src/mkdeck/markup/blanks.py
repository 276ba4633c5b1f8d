r"""Blanks: the places of a text that a learner is asked for, before and after they have cloze numbers.

A text that has been rendered (`Marked`) is HTML in which blank number i opens with U+0002 i U+0003 and
closes with U+0004 i U+0005. No text can hold these: `clean` takes control characters out. So markup, facts and
numbering stay apart, and a number is put in with one substitution.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mkdeck.markup.escape import unescape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OPEN, OPENED, CLOSE, CLOSED = "\x02", "\x03", "\x04", "\x05"

MAX_NUMBER = 500
"""Anki takes higher cloze numbers for 500."""
MAX_NESTED = 10
"""Anki ignores a cloze inside ten others."""

MARK = re.compile(f"([{OPEN}{CLOSE}])(\\d+)([{OPENED}{CLOSED}])")
_TOUCHING = re.compile(f"\\{{(?={OPEN})|[}}:](?={CLOSE})")
_ENTITIES = {"{": "&#123;", "}": "&#125;", ":": "&#58;"}
_PICTURE = re.compile(r'<img src="([^"]+?)(?:-[0-9a-f]{16})?(\.\w+)"')
"""A stored picture: its name in the deck, and the hash of its content, which those of a `media:` folder lack."""
_TAGS = re.compile(r"<[^>]*>")
_NONE: frozenset[str] = frozenset()
_FROM_ONE = range(1, 10**9)
_ANKI_OPEN = re.compile(r"\{\{c(\d+)::")
_ANKI_CLOZE = re.compile(r"\{\{c([\d,]+)::|\}\}")


class MarkupProblem(NamedTuple):
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
    answer: str = ""
    """The answer as it stands in the text, folded to its words."""
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
        return MARK.sub("", self.html) if self.blanks else self.html

    @property
    def is_pinned(self) -> bool:
        """Tell whether the author wrote the number of any blank."""
        return any(blank.number is not None for blank in self.blanks)

    def aliases(self) -> dict[str, str]:
        """Give what a fact may have been called before: its words without its id, or as it is spelt here."""
        keys = [blank.key for blank in self.blanks]
        if [blank.words or blank.answer for blank in self.blanks] == keys:
            return {}  # nearly always
        names = {blank.key: blank.words or blank.answer for blank in self.blanks}
        return {key: name for key, name in names.items() if name and name != key}

    def pinned(self) -> frozenset[str]:
        """Give the keys of the blanks whose numbers the author wrote."""
        if not self.is_pinned:
            return _NONE
        return frozenset(blank.key for blank in self.blanks if blank.number is not None)

    def pinned_twice(self) -> list[str]:
        """Give the keys of the blanks that the author gave two numbers."""
        if not self.is_pinned:
            return []
        pins = {(blank.key, blank.number) for blank in self.blanks if blank.number is not None}
        return sorted(key for key, count in Counter(key for key, _ in pins).items() if count > 1)

    def numbers(self) -> dict[str, int]:
        """Number the blanks: what the author pinned, then the lowest free numbers in order of standing."""
        if not self.is_pinned:
            return dict(zip(dict.fromkeys([blank.key for blank in self.blanks]), _FROM_ONE, strict=False))
        numbers = {blank.key: blank.number for blank in self.blanks if blank.number is not None}
        pinned = {blank.number for blank in self.blanks}
        free = (number for number in _FROM_ONE if number not in pinned)
        for blank in self.blanks:
            if blank.key not in numbers:
                numbers[blank.key] = next(free)
        return numbers

    def clozed(self, numbers: Mapping[str, int]) -> str:
        """Give the HTML with Anki's clozes, numbered as `numbers` says for each key."""

        def replace(match: re.Match[str]) -> str:
            blank = self.blanks[int(match[2])]
            if match[1] == OPEN:
                return f"{{{{c{numbers[blank.key]}::"
            return f"::{blank.hint}}}}}" if blank.hint else "}}"

        # A brace or colon beside a mark would run into what takes the mark's place.
        apart = _TOUCHING.sub(lambda match: _ENTITIES[match[0]], self.html)
        return MARK.sub(replace, apart)

    def shown(self) -> str:
        """Give the text that is shown, with the names of its pictures."""
        return shown_words(self.html)

    def answers(self) -> list[str]:
        """Give each blank's answer as the words that are shown."""
        return [words(part) for part in self.insides()]

    def insides(self) -> list[str]:
        """Give the HTML inside each blank."""
        found = [""] * len(self.blanks)
        starts: dict[str, int] = {}
        for match in MARK.finditer(self.html):
            if match[1] == OPEN:
                starts[match[2]] = match.end()
            else:
                found[int(match[2])] = self.html[starts[match[2]] : match.start()]
        return found


class MarkedProse(Marked):
    """A rendered text without markup. Its pieces are kept apart, which saves 0.3x of the time of making a note."""

    __slots__ = ("pieces",)
    pieces: Sequence[str]
    """HTML: what stands before the first blank, the first answer, what stands behind it, and so on."""

    def __init__(
        self, pieces: Sequence[str], blanks: tuple[Blank, ...], problems: tuple[MarkupProblem, ...] = ()
    ) -> None:
        setup = object.__setattr__
        setup(self, "pieces", pieces)
        setup(self, "blanks", blanks)
        setup(self, "problems", problems)

    @property
    def html(self) -> str:
        pieces = list(self.pieces)
        for index in range(len(self.blanks)):
            pieces[2 * index + 1] = blanked(index, pieces[2 * index + 1])
        return "".join(pieces)

    def revealed(self) -> str:
        return "".join(self.pieces)

    def clozed(self, numbers: Mapping[str, int]) -> str:
        pieces = list(self.pieces)
        for index, blank in enumerate(self.blanks):
            answer = pieces[2 * index + 1]
            # A colon before a mark would run into what takes the mark's place. There are no braces.
            answer = f"{answer[:-1]}&#58;" if answer.endswith(":") else answer
            close = f"::{blank.hint}" if blank.hint else ""
            pieces[2 * index + 1] = f"{{{{c{numbers[blank.key]}::{answer}{close}}}}}"
        return "".join(pieces)

    def shown(self) -> str:
        text = "".join(self.pieces)
        # Prose of ASCII has no blanks but spaces: to split it and to join it takes 3x as long as to look for two.
        return text.strip() if text.isascii() and "  " not in text and "&" not in text else words(text)


def blanked(index: int, answer: str) -> str:
    """Put the marks of blank number `index` around its answer."""
    return f"{OPEN}{index}{OPENED}{answer}{CLOSE}{index}{CLOSED}"


def cloze(answer: str) -> str:
    """Give the cloze number 1 of an answer (HTML without marks)."""
    return Marked(blanked(0, answer), (Blank(),)).clozed({"": 1})


def renumbered(field: str, numbers: Mapping[int, int]) -> str:
    """Give other numbers to the clozes of a field; what an author wrote is never taken for a cloze."""
    return _ANKI_OPEN.sub(lambda match: f"{{{{c{numbers[int(match[1])]}::", field)


@lru_cache(maxsize=4)  # of one text, several kinds of notes and findings ask for the words in turn
def words(markup: str) -> str:
    """Give the text that a piece of HTML with marks shows."""
    text = MARK.sub("", markup) if OPEN in markup else markup
    if "<" in text:
        text = _TAGS.sub(" ", text.replace("<span></span>", ""))
    return " ".join(unescape(text).split())


def shown_words(markup: str) -> str:
    """Give the text that a piece of HTML shows, with the names of its pictures: two maps may ask the same."""
    shown = pictures(markup)
    return " ".join([words(markup), *shown]).strip() if shown else words(markup)


def pictures(markup: str) -> list[str]:
    """Name the pictures of a piece of HTML, each in brackets."""
    return [f"[{stem}{ending}]" for stem, ending in _PICTURE.findall(markup)] if "<img" in markup else []


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
