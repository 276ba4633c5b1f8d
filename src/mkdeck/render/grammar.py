"""Templates: `{{X}}`, `{{#X}}` and `{{^X}}` to `{{/X}}`, comments and text, parsed once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from mkdeck.render.filters import Filter, named
from mkdeck.render.texts import BLANKS

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER_SIGNS = "{{=<% %>=}}"
"""At the start of a template: `<%X%>` is a field in it, and `{{X}}` is text."""
_CARD = re.compile(r"c\+?([0-9]+)")
_HIGHEST_CARD = 2**32 - 1
FRONT = "FrontSide"


@dataclass(frozen=True, slots=True)
class Field:
    """`{{filter:X}}`, drawn as the field through its filters; `tag` is how it is written."""

    name: str
    filters: tuple[Filter, ...]
    tag: str


@dataclass(frozen=True, slots=True)
class Condition:
    """`{{#X}}` or `{{^X}}`: what follows, up to the step `end`, is drawn if X is filled, or is not."""

    name: str
    is_negated: bool
    end: int
    tag: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the conditions of a template: the tag that is, and the one that should be there."""

    rule: Literal["not-closed", "not-open", "wrong-close"]
    tag: str
    wanted: str = ""
    at: int = field(default=0, compare=False)
    """Where the tag begins that is wrong, or that nothing closes."""


Step = str | Field | Condition


@dataclass(frozen=True, slots=True)
class Template:
    """A template, flat: conditions say where to go on. One with a fault has no steps."""

    steps: tuple[Step, ...]
    needs: frozenset[str]
    """The fields that must exist for it to be drawn."""
    fault: Fault | None = None


@lru_cache(maxsize=256)
def parse(text: str) -> Template:
    """Parse a template."""
    steps: list[Step] = []
    waiting: list[tuple[str, int, int]] = []
    """The conditions that are open: name, place among the steps, and place in the text."""
    for token, is_tag, at in _tokens(text):
        sign, name = (token[0], token[1:].lstrip(BLANKS)) if is_tag and len(token) > 1 else ("", token)
        if not is_tag:
            steps.append(token)
        elif sign in ("#", "^"):
            waiting.append((name, len(steps), at))
            steps.append(Condition(name, sign == "^", 0, f"{{{{{sign}{name}}}}}"))
        elif sign == "/":
            if not waiting or waiting[-1][0] != name:
                return _faulty(name, waiting, at)
            start = waiting.pop()[1]
            opened = steps[start]
            assert isinstance(opened, Condition)
            steps[start] = Condition(name, opened.is_negated, len(steps), opened.tag)
        else:
            *filters, key = token.split(":")
            if key or not filters:
                steps.append(Field(key, named(filters[::-1]), f"{{{{{token}}}}}"))
    if waiting:
        name, _, at = waiting[-1]
        return Template((), frozenset(), Fault("not-closed", f"{{{{/{name}}}}}", at=at))
    tags = [step for step in steps if not isinstance(step, str)]
    return Template(tuple(steps), frozenset(step.name for step in tags if is_needed(step)))


def is_needed(step: Field | Condition) -> bool:
    """Tell whether a tag is of a field that must exist: `{{#c2}}` is a condition of any card."""
    if isinstance(step, Field):
        return step.name != FRONT
    card = _CARD.fullmatch(step.name)
    return card is None or int(card[1].lstrip("0")[:11] or "0") > _HIGHEST_CARD


def _faulty(closed: str, waiting: list[tuple[str, int, int]], at: int) -> Template:
    tag = f"{{{{/{closed}}}}}"
    wanted = f"{{{{/{waiting[-1][0]}}}}}" if waiting else ""
    fault = Fault("wrong-close", tag, wanted, at) if waiting else Fault("not-open", tag, at=at)
    return Template((), frozenset(), fault)


def _tokens(text: str) -> Iterator[tuple[str, bool, int]]:
    """Part a template into texts and what stands in its tags, each with where it begins.

    A comment is text, whatever stands in it.
    """
    opens, closes = "{{", "}}"
    stripped = text.lstrip(BLANKS)
    if stripped.startswith(_OTHER_SIGNS):
        opens, closes, text = "<%", "%>", stripped
        while text.startswith(_OTHER_SIGNS):
            text = text.removeprefix(_OTHER_SIGNS)
    ends = {opens: closes, "<!--": "-->"}
    copied = at = 0
    sign = re.compile("|".join(map(re.escape, ends)))
    while ends and (begins := sign.search(text, at)):
        end = text.find(ends[begins[0]], begins.end()) if begins[0] in ends else -1
        if end < 0:
            ends.pop(begins[0], None)  # nor does it end what comes later
            at = begins.start() + 1
            continue
        at = end + len(ends[begins[0]])
        if begins[0] == opens:
            if copied < begins.start():
                yield text[copied : begins.start()], False, copied
            yield text[begins.end() : end].lstrip("{").strip(BLANKS), True, begins.start()
            copied = at
    if copied < len(text):
        yield text[copied:], False, copied
