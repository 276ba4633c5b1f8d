"""Clozes: the blanks of a field, and what a card shows of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from mkdeck.render.occlusion import shape
from mkdeck.render.texts import encode_attribute, strip_tags

_SIGN = re.compile(r"\{\{c([0-9,]++)::|\}\}")
_DEEPEST = 10
"""Clozes that may be open at once: Anki drops the signs of those that open inside of them."""
_HIGHEST = 65535
_OCCLUSION = "image-occlusion:"
_MATHJAX_OPENS = re.compile(r"\\[(\[]")
_MATHJAX_CLOSES = re.compile(r"\\[\])]")
_MOST_ESCAPED = 1_000_000
"""Characters of answers that one field may escape: each cloze of its own number around another makes the
inner answer three times as long, so that ten of them make gigabytes of a page of text."""


class TooLongError(Exception):
    """The answers of nested clozes, escaped again at each level, are longer than anyone meant."""


@dataclass(frozen=True, slots=True)
class Cloze:
    """One cloze: its numbers, what stands in it, and the hint that its blank shows."""

    numbers: tuple[int, ...]
    parts: tuple[str | Cloze, ...]
    hint: str | None

    @property
    def occlusion(self) -> str | None:
        """What hides a part of a picture, if that is what this is."""
        first = self.parts[0] if self.parts else None
        return first[len(_OCCLUSION) :] if isinstance(first, str) and first.startswith(_OCCLUSION) else None


@dataclass(slots=True)
class _Open:
    numbers: tuple[int, ...]
    parts: list[str | Cloze] = field(default_factory=list)
    hint: str | None = None

    def add(self, text: str) -> None:
        if "::" in text and not text.startswith(_OCCLUSION):
            text, _, self.hint = text.partition("::")
        self.parts.append(text)


@lru_cache(maxsize=64)  # the cards of a note come one after the other
def parse(text: str) -> tuple[str | Cloze, ...]:
    """Part a field into text and clozes. What stands in a cloze that is never closed is lost, as in Anki."""
    top: list[str | Cloze] = []
    waiting: list[_Open] = []
    at = 0

    def take(end: int) -> None:
        if at < end:
            waiting[-1].add(text[at:end]) if waiting else top.append(text[at:end])

    for sign in _SIGN.finditer(text):
        numbers = _numbers(sign[1]) if sign[1] else ()
        if sign[1] and not numbers:
            continue  # `{{c70000::` is text
        take(sign.start())
        at = sign.end()
        if numbers:
            if len(waiting) < _DEEPEST:
                waiting.append(_Open(numbers))
        elif waiting:
            done = waiting.pop()
            parent = waiting[-1].parts if waiting else top
            parent.append(Cloze(done.numbers, tuple(done.parts), done.hint))
        else:
            top.append(sign[0])
    take(len(text))
    return tuple(top)


def _numbers(written: str) -> tuple[int, ...]:
    """Read `1,2`: the numbers that Anki can count with, each once, in order."""
    digits = {part.lstrip("0") or "0" for part in written.split(",") if part}
    found = {int(each) for each in digits if len(each) <= len(str(_HIGHEST))}
    return tuple(sorted(number for number in found if number <= _HIGHEST))


def numbers(text: str) -> set[int]:
    """Give the numbers of all clozes in a field."""
    found: set[int] = set()
    if "{{c" in text:
        waiting = list(parse(text))
        for part in waiting:
            if isinstance(part, Cloze):
                found.update(part.numbers)
                waiting.extend(part.parts)
    return found


@dataclass(slots=True)
class _Drawing:
    """One field of one side: the number asked for, whether it was found, what may still be escaped."""

    number: int
    is_question: bool
    is_found: bool = False
    left: int = _MOST_ESCAPED

    def draw(self, parts: tuple[str | Cloze, ...]) -> str:
        return "".join(part if isinstance(part, str) else self._cloze(part) for part in parts)

    def _cloze(self, cloze: Cloze) -> str:
        is_active = self.number in cloze.numbers
        self.is_found |= is_active
        ordinals = ",".join(map(str, cloze.numbers))
        if (hidden := cloze.occlusion) is not None:
            return self._occlusion(hidden, ordinals, is_active=is_active, is_shown=0 in cloze.numbers)
        inner = self.draw(cloze.parts)
        if not is_active:
            return f'<span class="cloze-inactive" data-ordinal="{ordinals}">{inner}</span>'
        if not self.is_question:
            return f'<span class="cloze" data-ordinal="{ordinals}">{inner}</span>'
        self.left -= len(inner)
        if self.left < 0:
            raise TooLongError
        blank = f'data-cloze="{encode_attribute(inner)}" data-ordinal="{ordinals}">[{_hint(cloze)}]'
        return f'<span class="cloze" {blank}</span>'

    def _occlusion(self, hidden: str, ordinals: str, *, is_active: bool, is_shown: bool) -> str:
        look = "cloze-highlight" if is_active else "cloze-inactive"
        if is_shown or (is_active and self.is_question):
            look = "cloze"
        return f'<div class="{look}" data-ordinal="{ordinals}" {shape(hidden)}></div>'


def _hint(cloze: Cloze) -> str:
    return "..." if cloze.hint is None else cloze.hint


def reveal(text: str, number: int, *, is_question: bool) -> str:
    """Give a field with one number asked for or told; nothing if no cloze of the field has that number.

    MathJax loses the tags that stand in it, those of the clozes with them: it could not draw them.
    """
    if "{{c" not in text:
        return ""
    drawing = _Drawing(number, is_question)
    drawn = drawing.draw(parse(text))
    return _without_tags_in_mathjax(drawn) if drawing.is_found else ""


def reveal_only(text: str, number: int, *, is_question: bool) -> str:
    """Give only what the clozes of one number hold, or their hints, in a row."""
    found: list[str] = []

    def look(parts: tuple[str | Cloze, ...]) -> None:
        for part in parts:
            if isinstance(part, Cloze):
                if number in part.numbers:
                    found.append(_hint(part) if is_question else _answer(part))
                look(part.parts)

    look(parse(text))
    return ", ".join(found)


def _answer(cloze: Cloze) -> str:
    return "".join(part if isinstance(part, str) else _answer(part) for part in cloze.parts)


def _without_tags_in_mathjax(html: str) -> str:
    if "\\" not in html:
        return html
    parts: list[str] = []
    at = 0
    while (opened := _MATHJAX_OPENS.search(html, at)) and (closed := _MATHJAX_CLOSES.search(html, opened.end())):
        parts += html[at : opened.end()], strip_tags(html[opened.end() : closed.start()]), closed[0]
        at = closed.end()
    parts.append(html[at:])
    return "".join(parts)
