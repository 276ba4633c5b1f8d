"""The card templates of a deck's own note types: what Anki would not save, or shows in place of their cards.

Anki imports whatever stands in a template, so that none of it is an error: a package from elsewhere stays a deck.
What its editor refuses was found by trying (Anki 25).
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Literal

from mkdeck.diagnostics import Diagnostic, Severity, clipped
from mkdeck.render import known_names
from mkdeck.render.filters import FILTERS, unknown
from mkdeck.render.grammar import Field, is_needed, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdeck.compile.context import Context
    from mkdeck.diagnostics import Span
    from mkdeck.note_types import NoteType
    from mkdeck.render.grammar import Fault, Template
    from mkdeck.source import Place

Side = Literal["front", "back"]
_INSTEAD = "Anki shows an error in place of its cards"
_MOST = 20
"""Findings that are told of a side: the time that it takes to place them is the template's length for each."""


@dataclass(frozen=True, slots=True)
class _Found:
    message: str
    mend: str
    tag: str = ""
    """The tag to point at, as far as it is one."""
    at: int = 0
    """Where in the template it begins, if not the first of its kind is meant."""


def check_templates(context: Context) -> None:
    """Warn of what is wrong with the templates of the deck's own note types, each at its tag."""
    for name, note_type in context.types.items():
        for number, template in enumerate(note_type.templates):
            for side, text in zip(("front", "back"), template.sides, strict=True):
                place: Place = ("note_types", name, "templates", number, side)
                found = _found(note_type, number, "front" if side == "front" else "back")
                for each in islice(found, _MOST):
                    span = _span(context, place, text, each)
                    context.problems.append(Diagnostic("value", each.message, span, each.mend, Severity.WARNING))


@lru_cache(maxsize=1024)
def makes_no_card(note_type: NoteType, number: int) -> bool:
    """Tell whether a template makes no card of any note, whatever is in its fields."""
    if note_type.is_cloze:
        return False
    front = _parsed(note_type, number, "front")
    return bool(front.fault) or not _shows_a_field(note_type, front)


def _found(note_type: NoteType, number: int, side: Side) -> Iterator[_Found]:
    template, known = _parsed(note_type, number, side), known_names(note_type, number)
    if template.fault:
        yield _of_fault(template.fault, side)
        return
    steps = [step for step in template.steps if not isinstance(step, str)]
    missing = {step.tag: step.name for step in steps if is_needed(step) and step.name not in known}
    for tag, name in missing.items():
        message = f"the {side} has `{clipped(tag)}`, and the note type has no such field: {_INSTEAD}"
        yield _Found(message, _near(name, [field for field, _ in note_type.fields], "its fields are"), tag)
    filters = {step.tag: step.tag[2:-2].split(":")[-2::-1] for step in steps if isinstance(step, Field)}
    for tag, names in filters.items():
        if other := unknown(names):
            message = f"Anki has no filter `{clipped(other)}`: without an add-on it does nothing"
            yield _Found(message, _near(other, FILTERS, "Anki's are"), tag)
    if note_type.is_cloze and not any({"cloze", "cloze-only"}.intersection(names) for names in filters.values()):
        message = f"the {side} has no field with `cloze:`, so that it blanks nothing"
        yield _Found(message, f"write `{{{{cloze:{note_type.fields[0][0]}}}}}` for the field with the clozes")
    elif side == "front" and not note_type.is_cloze and not missing:
        yield from _of_front(note_type, number, template)


def _of_front(note_type: NoteType, number: int, template: Template) -> Iterator[_Found]:
    if not _shows_a_field(note_type, template):
        mend = f"put a field on it, such as `{{{{{note_type.fields[0][0]}}}}}`"
        yield _Found("the front shows no field, and Anki makes no card of it", mend)
    text = note_type.templates[number].sides[0]
    for each in note_type.templates[:number]:
        if each.sides[0] == text:
            yield _Found(f"the front is that of the template `{clipped(each.name)}`, too", "make the two differ")
            return


def _of_fault(fault: Fault, side: Side) -> _Found:
    opening = f"{{{{#{fault.tag[3:]}"
    match fault.rule:
        case "not-closed":
            message = f"the {side} ends without `{fault.tag}`"
            tag, mend = opening, f"write `{fault.tag}` where the part ends that begins here, or take this out"
        case "not-open":
            message = f"the {side} has `{fault.tag}`, and nothing is open"
            tag, mend = fault.tag, f"take it out, or write `{opening}` before it"
        case "wrong-close":
            message = f"the {side} has `{fault.tag}` where `{fault.wanted}` should be"
            tag, mend = fault.tag, f"write `{fault.wanted}` before it, or in its place"
    return _Found(f"{message}: {_INSTEAD}", mend, tag, fault.at)


def _near(name: str, known: Sequence[str], all_of_them: str) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"did you mean `{near[0]}`?" if near else f"{all_of_them} {', '.join(f'`{each}`' for each in known)}"


def _parsed(note_type: NoteType, number: int, side: Side) -> Template:
    return parse(note_type.templates[number].sides[side == "back"])


def _shows_a_field(note_type: NoteType, template: Template) -> bool:
    names = {name for name, _ in note_type.fields}
    return any(isinstance(step, Field) and step.name in names for step in template.steps)


def _span(context: Context, place: Place, text: str, found: _Found) -> Span:
    """Find the tag in the deck's file: as many of its kind stand before it there as in the template."""
    source = context.deck.origin
    if source and found.tag:
        tag = _pattern(found.tag)
        before = len(re.findall(tag, text[: found.at]))
        if span := source.find(place, f"({tag})", before):
            return span
    return context.deck.span(place)


def _pattern(tag: str) -> str:
    """Match a tag however its blanks are written; one that begins a condition may negate it."""
    sign, name = (tag[2], tag[3:-2]) if tag[2] in "#^/" else ("", tag[2:-2])
    signs = {"#": r"[#^]\s*", "^": r"\^\s*", "/": r"/\s*", "": ""}[sign]
    words = r"\s+".join(map(re.escape, name.split()))
    return rf"\{{\{{\s*{signs}{words}\s*\}}\}}"
