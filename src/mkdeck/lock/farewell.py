"""Notes that were taken out, shipped once more with a tag, so that one search in Anki deletes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from mkdeck.markup import escape_html
from mkdeck.model import Kind
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
    return replace(settled, notes=tuple(notes), lock=replace(settled.lock, notes=entries))


def _farewell(key: str, entry: Entry) -> Note:
    name = entry.home.rpartition("/")[2]
    kind: Kind = next((each for each in get_args(Kind) if each == name), "plain")
    is_prompt = kind in _PROMPTS or entry.home == "cards/prompt"
    note_type: NoteTypeName = "prompt" if is_prompt else "cloze"
    text = escape_html(entry.text)
    numbers = sorted(set(entry.numbers.values()))
    fields = {"Kind": kind, "Key": key}
    if is_prompt:
        fields |= {"Front": text, "Back": text}
    else:
        fields["Text"] = " ".join(f"{{{{c{number}::{text}}}}}" for number in numbers)
    ordinals = (0,) if is_prompt else tuple(number - 1 for number in numbers)
    return Note(key, entry.note, entry.mod, kind, note_type, fields, (RETIRED_TAG,), ordinals, entry.numbers)
