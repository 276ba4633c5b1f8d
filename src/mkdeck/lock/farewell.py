"""Notes that were taken out, shipped once more with a tag, so that one search in Anki deletes them."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mkdeck.markup import FactIndex, IndexedFact, escape_text
from mkdeck.note_types import NoteType
from mkdeck.notes import Note
from mkdeck.render import ordinals_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdeck.lock.entries import Entry
    from mkdeck.lock.settling import Settled
    from mkdeck.model import DeckData, OwnNoteType
    from mkdeck.notes import NoteTypeName

RETIRED_TAG = "mkdeck::retired"
_HASH = "shipped as retired"
"""Stands for the hash of a retired note's content, so that the note is an update again if it comes back."""
_IS_ID = re.compile(r"-?\d+")
"""What the home of a note of the deck's own note types ends with."""
_PROMPTS = frozenset({"explain", "sort", "judge", "term"})


def with_farewells(settled: Settled, deck: DeckData, now: int) -> Settled:
    """Add the retired notes to a deck's notes, with the tag `mkdeck::retired` and the text last known.

    Each becomes newer once, so that Anki takes the tag; shipped again, it is unchanged. A note whose note type is
    no more in the deck is not shipped.
    """
    types = {str(each.id): (name, each) for name, each in deck.note_types.items()}
    notes = list(settled.notes)
    entries = dict(settled.lock.notes)
    for key, entry in settled.lock.notes.items():
        if entry.gone:
            mod = entry.mod if entry.hash == _HASH else max(now, entry.mod + 1)
            entries[key] = entry._replace(hash=_HASH, mod=mod)
            name = entry.home.rpartition("/")[2]
            own = types.get(name)
            if own is not None or not _IS_ID.fullmatch(name):
                notes.append(_farewell(key, entries[key], own)._replace(deck_id=settled.lock.deck))
    count = len(notes) - len(settled.notes)
    return settled._replace(notes=tuple(notes), lock=replace(settled.lock, notes=entries), farewells=count)


def _farewell(key: str, entry: Entry, own: tuple[str, OwnNoteType] | None) -> Note:
    if own is not None:
        return _own_farewell(key, entry, *own)
    kind = entry.kind
    is_prompt = kind in _PROMPTS or entry.home == "cards/prompt"
    note_type: NoteTypeName = "prompt" if is_prompt else "cloze"
    fields: dict[str, str] = {"Kind": kind}
    if is_prompt:
        fields |= {"Front": escape_text(entry.text), "Back": escape_text(entry.text)}
        return Note(
            key, entry.note, entry.mod, kind, note_type, fields, (RETIRED_TAG,), (0,), given_guid=entry.guid
        )
    fields["Text"] = _with_blanks(entry)
    ordinals = tuple(sorted({number - 1 for number in entry.numbers.values()}))
    return Note(
        key, entry.note, entry.mod, kind, note_type, fields, (RETIRED_TAG,), ordinals, entry.numbers,
        given_guid=entry.guid,
    )  # fmt: skip


def _own_farewell(key: str, entry: Entry, name: str, data: OwnNoteType) -> Note:
    """Fill all fields: Anki takes a note as a whole, and would empty those that are left out."""
    # What is a cloze or MathJax in the words of a field stays one.
    escape = partial(html.escape, quote=False)
    lines = [_with_blanks(entry, escape)] if entry.numbers else escape(entry.text).split("\n")
    fields = {field: line for field, line in zip(data.names, lines, strict=False) if line}
    made = tuple(sorted({number - 1 for number in entry.numbers.values()}))
    made = made or ordinals_of(NoteType.own(name, data), fields) or (0,)
    return Note(
        key, entry.note, entry.mod, entry.kind, "own", fields, (RETIRED_TAG,), made,
        type=name, given_guid=entry.guid,
    )  # fmt: skip


def _with_blanks(entry: Entry, escape: Callable[[str], str] = escape_text) -> str:
    """Put the blanks back into the text that was last known, so that its cards ask for what they asked for."""
    index = FactIndex()
    for fact in entry.numbers:
        index.add([fact], IndexedFact(fact))
    parts: list[str] = []
    done, found = 0, set()
    for match in index.find(entry.text):
        number = entry.numbers[match.fact.key]
        parts.append(escape(entry.text[done : match.start]))
        parts.append(f"{{{{c{number}::{escape(entry.text[match.start : match.end])}}}}}")
        found.add(number)
        done = match.end
    parts.append(escape(entry.text[done:]))
    # What is known by an id, or is the whole text (a link, a reason), is not found by its words.
    missing = sorted(set(entry.numbers.values()) - found)
    if not found:
        parts = []
    parts += [f" {{{{c{number}::{escape(entry.text)}}}}}" for number in missing]
    return "".join(parts).strip()
