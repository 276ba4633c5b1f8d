"""Notes that were taken out, shipped once more with a tag, so that one search in Anki deletes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mkdeck.markup import FactIndex, IndexedFact, escape_text
from mkdeck.notes import Note

if TYPE_CHECKING:
    from mkdeck.lock.entries import Entry
    from mkdeck.lock.settling import Settled
    from mkdeck.notes import NoteTypeName

RETIRED_TAG = "mkdeck::retired"
_HASH = "shipped as retired"
"""Stands for the hash of a retired note's content, so that the note is an update again if it comes back."""
_PROMPTS = frozenset({"explain", "sort", "judge", "term"})


def with_farewells(settled: Settled, now: int) -> Settled:
    """Add the retired notes to a deck's notes, with the tag `mkdeck::retired` and the text last known.

    Each becomes newer once, so that Anki takes the tag; shipped again, it is unchanged.
    """
    notes = list(settled.notes)
    entries = dict(settled.lock.notes)
    for key, entry in settled.lock.notes.items():
        if entry.gone:
            mod = entry.mod if entry.hash == _HASH else max(now, entry.mod + 1)
            entries[key] = replace(entry, hash=_HASH, mod=mod)
            notes.append(_farewell(f"{settled.lock.deck}/{key}", entries[key]))
    count = len(notes) - len(settled.notes)
    return replace(settled, notes=tuple(notes), lock=replace(settled.lock, notes=entries), farewells=count)


def _farewell(key: str, entry: Entry) -> Note:
    kind = entry.kind
    is_prompt = kind in _PROMPTS or entry.home == "cards/prompt"
    note_type: NoteTypeName = "prompt" if is_prompt else "cloze"
    fields = {"Kind": kind, "Key": key}
    if is_prompt:
        fields |= {"Front": escape_text(entry.text), "Back": escape_text(entry.text)}
        return Note(key, entry.note, entry.mod, kind, note_type, fields, (RETIRED_TAG,), (0,))
    fields["Text"] = _with_blanks(entry)
    ordinals = tuple(sorted({number - 1 for number in entry.numbers.values()}))
    return Note(key, entry.note, entry.mod, kind, note_type, fields, (RETIRED_TAG,), ordinals, entry.numbers)


def _with_blanks(entry: Entry) -> str:
    """Put the blanks back into the text that was last known, so that its cards ask for what they asked for."""
    index = FactIndex()
    for fact in entry.numbers:
        index.add([fact], IndexedFact(fact))
    parts: list[str] = []
    done, found = 0, set()
    for match in index.find(entry.text):
        number = entry.numbers[match.fact.key]
        parts.append(escape_text(entry.text[done : match.start]))
        parts.append(f"{{{{c{number}::{escape_text(entry.text[match.start : match.end])}}}}}")
        found.add(number)
        done = match.end
    parts.append(escape_text(entry.text[done:]))
    # What is known by an id, or is the whole text (a link, a reason), is not found by its words.
    missing = sorted(set(entry.numbers.values()) - found)
    if not found:
        parts = []
    parts += [f" {{{{c{number}::{escape_text(entry.text)}}}}}" for number in missing]
    return "".join(parts).strip()
