"""Two snapshots -> what Anki will do with each note.

Anki knows a note by its guid and takes a newer one if its `mod` is later; it never looks at the texts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from mkdeck.archive.texts import shown
from mkdeck.diff.words import revealed, word_diff
from mkdeck.markup.normal_form import normal_form
from mkdeck.searches import by_first_field, by_key, stripped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mkdeck.diff.snapshot import NoteState, Snapshot
    from mkdeck.diff.words import Words

What = Literal["new", "updated", "moved", "refused", "retired"]
_Each = TypeVar("_Each", int, str)
Why = Literal["", "not newer", "note type"]

_TEXT_IS_FIRST_FIELD = frozenset({"fact", "plain", "term", "judge"})
"""The kinds whose text in the lock is what their first field shows."""


@dataclass(frozen=True, slots=True)
class NoteDiff:
    """What becomes of one note."""

    what: What
    """`moved`: Anki leaves it alone, but it stands elsewhere now. `refused`: Anki will not take its change."""
    key: str
    guid: str
    kind: str
    deck: str
    """The deck's name in Anki, in the new state (of a retired note: in the old)."""
    words: Words = ()
    """Its main text; without changes where other things changed."""
    fields: Mapping[str, Words] = field(default_factory=dict)
    """The other fields that changed."""
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    cards_added: tuple[int, ...] = ()
    """Cloze numbers, or 1 and 2 for the two directions of a prompt."""
    cards_removed: tuple[int, ...] = ()
    deck_before: str | None = None
    """Where it was, if it moved; Anki moves no card."""
    reason_before: str | None = None
    reason: str | None = None
    """The reason it stands under now, if that is known."""
    why: Why = ""
    """Why Anki refuses it."""
    search: str = ""
    """What finds it in Anki's browser, and nothing else of the new side, if it is retired and can be found so."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of all notes; those that are unchanged are only counted."""

    old: str
    new: str
    notes: tuple[NoteDiff, ...]
    unchanged: int
    restyled: tuple[str, ...] = ()
    """The names of note types of which the style sheet or a template has changed, as far as both sides tell."""
    renamed: tuple[tuple[str, str], ...] = ()
    """The old and the new name of each note type that is called otherwise; Anki knows them by their ids."""

    @property
    def counts(self) -> dict[str, int]:
        """Count the notes of each sort; every note is counted once."""
        counts = dict.fromkeys(("new", "updated", "moved", "refused", "retired"), 0)
        for note in self.notes:
            counts[note.what] += 1
        return {**counts, "unchanged": self.unchanged}


def compare(old: Snapshot, new: Snapshot) -> Difference:
    """Say what Anki does who has `old` and imports `new`; notes stand in the order of the new side."""
    found: list[NoteDiff] = []
    for guid, after in new.notes.items():
        before = old.notes.get(guid)
        note = _kept(before, after) if before else _alone("new", after)
        if note:
            found.append(note)
    gone = [note for guid, note in old.notes.items() if guid not in new.notes]
    search = _searches(new) if gone else None
    retired = [replace(_alone("retired", note), search=search(note) if search else "") for note in gone]
    unchanged = len(new.notes) - len(found)
    looks = [(old.looks.get(each, look), look) for each, look in new.looks.items()]
    restyled = tuple(after.name for before, after in looks if before[1:] != after[1:])
    renamed = tuple((before.name, after.name) for before, after in looks if before.name != after.name)
    return Difference(old.name, new.name, (*found, *retired), unchanged, restyled, renamed)


def _searches(new: Snapshot) -> Callable[[NoteState], str]:
    """Give a function that tells the search that finds a note, and none of the new side."""
    live: dict[int | None, list[str]] = defaultdict(list)
    for note in new.notes.values():
        live[note.note_type].append(note.first[1])

    def search(note: NoteState) -> str:
        if note.note_type is None or (note.fields or {}).get("Key") == note.key:
            return by_key(note.key)
        field, first = note.first
        # Of a lock, the signs of clozes are not known.
        is_whole = note.ordinals is None if note.fields is None else stripped(first) == shown(first)
        return by_first_field(note.note_type, field, shown(first), live[note.note_type], is_whole=is_whole)

    return search


def _alone(what: What, note: NoteState) -> NoteDiff:
    """Describe a note that only one side has."""
    tags, cards = tuple(sorted(note.tags or ())), _numbers(note.ordinals or ())
    return NoteDiff(
        what, note.key, note.guid, note.kind, note.deck, ((("+" if what == "new" else "-"), _shown(note)),),
        tags_added=tags if what == "new" else (), tags_removed=tags if what == "retired" else (),
        cards_added=cards if what == "new" else (), cards_removed=cards if what == "retired" else (),
        reason=note.reason,
    )  # fmt: skip


def _kept(before: NoteState, after: NoteState) -> NoteDiff | None:
    """Describe a note that both sides have; None if nothing becomes of it."""
    deck_before = before.deck if before.deck and after.deck and before.deck != after.deck else None
    both_known = before.reason is not None and after.reason is not None
    reason_before = before.reason if both_known and before.reason != after.reason else None
    what, why = _verdict(before, after)
    if what is None and deck_before is None and reason_before is None:
        return None
    words, fields = _texts(before, after)
    tags_added, tags_removed = _gained_and_lost(before.tags, after.tags)
    cards_added, cards_removed = _gained_and_lost(before.ordinals, after.ordinals)
    return NoteDiff(
        what or "moved", after.key, after.guid, after.kind, after.deck, words, fields,
        tuple(sorted(tags_added)), tuple(sorted(tags_removed)), _numbers(cards_added), _numbers(cards_removed),
        deck_before, reason_before, after.reason, why,
    )  # fmt: skip


def _gained_and_lost(
    before: frozenset[_Each] | None, after: frozenset[_Each] | None
) -> tuple[frozenset[_Each], frozenset[_Each]]:
    """Tell two sets apart; where one is not known, nothing can be told."""
    if before is None or after is None:
        return frozenset(), frozenset()
    return after - before, before - after


def _verdict(before: NoteState, after: NoteState) -> tuple[What | None, Why]:
    if None not in (before.note_type, after.note_type) and before.note_type != after.note_type:
        return "refused", "note type"
    differs = _differs(before, after)
    if before.mod is None or after.mod is None:
        return ("updated" if differs else None), ""
    if after.mod > before.mod:
        return "updated", ""
    return ("refused", "not newer") if differs else (None, "")


def _differs(before: NoteState, after: NoteState) -> bool:
    if before.fields is not None and after.fields is not None:
        old, new = before.fields, after.fields
        is_same = old == new or _looks(old) == _looks(new)
        return not is_same or (before.tags, before.ordinals) != (after.tags, after.ordinals)
    if before.hash is not None and after.hash is not None:
        return before.hash != after.hash
    # A lock and a package: mkdeck gives a note another time with every change.
    return before.mod != after.mod


def _looks(fields: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Give what a learner sees of fields, however their HTML is spelt."""
    return {name: form for name, field in fields.items() if (form := normal_form(field))}


def _texts(before: NoteState, after: NoteState) -> tuple[Words, dict[str, Words]]:
    """Compare the main text and the other fields, as far as both sides have them."""
    if before.fields is not None and after.fields is not None:
        main = next(iter(after.fields), "")
        names = [name for name in dict.fromkeys((*after.fields, *before.fields)) if name not in {main, "Key"}]
        old, new = before.fields, after.fields
        changed = [name for name in names if old.get(name, "") != new.get(name, "")]
        return _field(old, new, main), {name: _field(old, new, name) for name in changed}
    if before.text is not None and after.text is not None:
        return word_diff(before.text, after.text), {}
    if after.kind in _TEXT_IS_FIRST_FIELD:
        return word_diff(_shown(before), _shown(after)), {}
    return (("=", _shown(after)),), {}


def _field(old: Mapping[str, str], new: Mapping[str, str], name: str) -> Words:
    return word_diff(shown(old.get(name, "")), shown(new.get(name, "")))


def _shown(note: NoteState) -> str:
    """Give a note's main text, its blanks filled in."""
    if note.fields is None:
        return note.text or ""
    return revealed(next(iter(note.fields.values()), ""))


def _numbers(ordinals: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(ordinal + 1 for ordinal in ordinals))
