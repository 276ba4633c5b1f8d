"""Groups of notes -> reasons in the making: points with notes, chains, an explanation; and terms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mkdeck.checks.texts import prose
from mkdeck.importers.groups import JOINT
from mkdeck.importers.plain_text import is_seen
from mkdeck.importers.report import Remark
from mkdeck.importers.sentences import self_contained, sentences
from mkdeck.importers.terms import rows_of_terms, term_of
from mkdeck.key_facts import ARROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdeck.importers.groups import Group, Item
    from mkdeck.importers.written import Writer

_ARROW = re.compile(rf"\s*{ARROW}\s*")
_LONGEST_POINT = 4000
"""Characters up to which a text is a point; a longer one is an explanation, in which nothing is blanked."""
_MOST_SENTENCES = 2
"""Sentences up to which a paragraph is a point; more are an explanation."""
_LONGEST_LIST = 300
"""Characters up to which a list is written into the sentence that leads to it; a longer one is its note."""
MOST_LINKS = 40
"""Steps of a chain; each is asked for with all steps before it."""
_LEAD_IN_WORDS = 4
"""Words up to which a bullet says nothing without the bullets below it."""


@dataclass(slots=True)
class Point:
    """A point in the making."""

    said: str
    """Its words, not yet as Markdown."""
    line: int
    notes: list[str] = field(default_factory=list)
    """In Markdown."""
    links: list[str] = field(default_factory=list)
    """The steps of the chain that it is."""

    @property
    def is_long(self) -> bool:
        """Whether it is too long to be asked for."""
        return len(self.said) > _LONGEST_POINT


def point_of(text: str, line: int) -> Point:
    """Begin a point; of a chain, every arrow is drawn alike."""
    links = links_of(text)
    return Point(JOINT.join(links) if links else text, line, links=links)


@dataclass(slots=True)
class Reason:
    """A reason in the making."""

    name: str
    line: int
    points: list[Point] = field(default_factory=list)
    explain: list[str] = field(default_factory=list)
    """Paragraphs in Markdown."""
    source: str = ""
    is_proposed: bool = False
    """The name is a proposal."""
    facts: list[Any] = field(default_factory=list)

    def texts(self) -> list[str]:
        """Give its points as they were written."""
        return [point.said for point in self.points]


def reason_of(group: Group, writer: Writer, lang: str) -> Reason:
    """Make a reason of what stands in a group."""
    reason = Reason(group.name, group.line, source=group.source)
    has_bullets = any(item.kind in {"bullet", "arrow"} for item in group.items)
    for item in group.items:
        if item.kind == "verbatim":
            _keep(reason, writer.verbatim(item.text))
        elif item.kind == "text" and len(sentences(item.text)) > _MOST_SENTENCES and not item.parts:
            if has_bullets:
                reason.explain.append(writer.text(item.text))
            else:
                reason.points += [point_of(each, item.line) for each in self_contained(item.text, lang)]
        else:
            reason.points += _points(item, writer)
    for point in reason.points:
        if point.is_long:
            reason.explain += [*([] if point.links else [writer.text(point.said)]), *point.notes]
            point.notes = []
    reason.points = [point for point in reason.points if point.links or not point.is_long]
    return reason


def _keep(reason: Reason, text: str) -> None:
    """Keep a block of code or a table as the note of the point above it, or as an explanation."""
    if reason.points:
        reason.points[-1].notes.append(text)
    else:
        reason.explain.append(text)


def _points(item: Item, writer: Writer) -> Iterator[Point]:
    """Make a point of an item; what stands below it is a part of it, its note, or a chain of its own."""
    bullets = [part for part in item.parts if part.kind == "bullet"]
    is_lead_in = item.text.endswith(":") or len(item.text.split()) <= _LEAD_IN_WORDS
    said = item.text
    parts = item.parts
    if bullets and is_lead_in and not any(map(_is_chain, bullets)):
        *before, last = map(_flat, bullets)
        listed = "; ".join([*(each.removesuffix(".") or each for each in before), last])
        joined = f"{said.removesuffix(':')}: {listed}"
        if len(joined) <= _LONGEST_LIST:
            said, parts = joined, [part for part in item.parts if part.kind != "bullet"]
    point = point_of(said, item.line)
    notes = [part for part in parts if not _is_chain(part)]
    point.notes = [_note(notes, writer)] if notes else []
    yield point
    for part in filter(_is_chain, parts):
        yield point_of(part.text, part.line)


def _is_chain(item: Item) -> bool:
    return item.kind == "bullet" and not item.parts and bool(links_of(item.text))


def _flat(item: Item) -> str:
    """Say an item and all below it in one line."""
    if not item.parts:
        return item.text.removesuffix(";") or item.text
    return f"{item.text.rstrip('.:;') or item.text}: {', '.join(map(_flat, item.parts))}"


def _note(parts: Sequence[Item], writer: Writer) -> str:
    """Write what stands below a point as its note: one text, or a list."""
    texts = [writer.verbatim(part.text) if part.kind == "verbatim" else writer.text(_flat(part)) for part in parts]
    if len(texts) == 1:
        return texts[0]
    if any("\n" in text for text in texts):
        return "\n\n".join(texts)
    return "\n".join(f"- {text}" for text in texts)


def links_of(text: str) -> list[str]:
    """Split a text at its arrows, not in code or maths; nothing if there are no two steps, or too many."""
    links: list[str] = []
    done = 0
    for match in _ARROW.finditer(prose(text)):
        links.append(text[done : match.start()].strip())
        done = match.end()
    links = list(filter(is_seen, [*links, text[done:].strip()])) if links else []
    return links if 1 < len(links) <= MOST_LINKS else []


def take_terms(group: Group, writer: Writer, terms: dict[str, Any], remarks: list[Remark]) -> Group:
    """Take the terms out of a group into `terms`; give a group of what is left."""
    left = []
    for item in group.items:
        rows = rows_of_terms(item.text) if item.kind == "verbatim" else None
        pairs = rows[1:] if rows else [pair] if (pair := _term(item)) else []
        found = [(writer.text(term), meaning) for term, meaning in pairs]
        if not found or any(term in terms for term, _ in found) or len(dict(found)) < len(found):
            left.append(item)
            continue
        if rows:
            remarks.append(Remark(item.line, f"left out, the head of a table: {' | '.join(rows[0])}"))
        for term, meaning in found:
            parts = [] if rows or not _has_sign(item) else item.parts
            text = writer.text(meaning)
            terms[term] = {"text": text, "note": _note(parts, writer)} if parts else text
            remarks.append(Remark(item.line, f"a term: {term}"))
    group.items = left
    return group


def _has_sign(item: Item) -> bool:
    return term_of(item.text) is not None


def _term(item: Item) -> tuple[str, str] | None:
    if item.kind not in {"bullet", "text"}:
        return None
    if (found := term_of(item.text)) is None and item.parts and len(item.text.split()) <= _LEAD_IN_WORDS:
        return item.text.removesuffix(":").strip("*_ "), "; ".join(map(_flat, item.parts))
    return found
