"""A deck and what is remembered of it -> notes that Anki will know again, and what to remember next.

No file is read or written here and no clock is asked: the same deck, lock and time give the same notes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from mkdeck.lock.entries import Entry, Lock, TypeEntry
from mkdeck.lock.numbers import Numbered, number
from mkdeck.markup import renumbered
from mkdeck.notes import NOTHING, Note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mkdeck.lock.matching import How
    from mkdeck.notes import Draft, NoteTypeName
    from mkdeck.source import Place

What = Literal["new", "updated", "back", "moved", "retired"]
"""A note that was only moved to another reason is the same note to Anki."""

_FIRST_ID, _ID_SPAN = 1_200_000_000_000, 400_000_000_000
"""Note ids are times in milliseconds; these lie in 2008 to 2020, never in a learner's future."""
ID_STEP = 1000
"""From one note's id to the next: room for the ids of its cards, of which Anki takes 500."""
_NOT_FOUND: tuple[str, How] = ("", "")


class OwnType(NamedTuple):
    """A note type of a deck's own: hashes of all of it, and of what may never change; see `TypeEntry`."""

    hash: str
    shape: str
    name: str


class Identity(NamedTuple):
    """What a deck is known by: its id, its name in Anki, and the hash of the look of its own, if it has one."""

    id: str
    name: str
    style: str = ""
    types: Mapping[str, OwnType] = MappingProxyType({})
    """Its own note types, by their ids."""


class Change(NamedTuple):
    """What happens to one note when a learner imports the package over the last one."""

    what: What
    key: str
    kind: str
    before: str = ""
    """Its text in the last build."""
    after: str = ""
    """Its text now."""
    how: How = ""
    """How it was found again."""
    home_before: str = ""
    """The reason and kind it stood under, if it moved."""
    facts_edited: tuple[tuple[str, str], ...] = ()
    """(as it was, as it is) of each fact that was found again by likeness."""
    cards_added: tuple[int, ...] = ()
    """Cloze numbers."""
    cards_removed: tuple[int, ...] = ()
    place: Place = ()


class Settled(NamedTuple):
    """Notes with their identity, the next lock, and what changed; a note that did not change has no Change."""

    notes: tuple[Note, ...]
    lock: Lock
    changes: tuple[Change, ...]
    renamed_from: str = ""
    """The deck's name in the last build, if that was another."""
    clashes: tuple[tuple[Place, str], ...] = ()
    """(place, what is wrong) of cloze numbers that the author pinned and that belong to other facts."""
    farewells: int = 0
    """How many of the notes are retired ones, shipped once more."""
    is_restyled: bool = False
    """The deck's own look is another than in the last build."""
    changed_types: tuple[str, ...] = ()
    """The ids of the note types of its own that have changed since."""
    renamed_types: tuple[tuple[str, str], ...] = ()
    """The name in the last build and the name now of each that is called otherwise, if the lock knows it."""


@dataclass(slots=True)
class _Ids:
    """Note ids and keys that are not in use yet."""

    next_id: int
    before: Mapping[str, Entry]
    after: Mapping[str, Entry]
    """By the keys that are in use; a set of them would be 60 bytes more for each."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Name -> the last number that was tried for it, if any was; all below are taken, and stay so."""

    def note_id(self) -> int:
        self.next_id += ID_STEP
        return self.next_id - ID_STEP

    def key(self, draft: Draft) -> str:
        """Name a new note: by its id, or after its first text, so that two branches name two notes differently.

        The name stays when the text changes. Where it is taken, by a note that moved or by one with an equal
        text, it gets a number behind a sign that no id has.
        """
        text = draft.text.lstrip("\n").partition("\n")[0].encode("utf-8", "surrogatepass")
        slot = draft.slot or ("only" if draft.is_only else f"#{blake2b(text, digest_size=4).hexdigest()}")
        name = key = f"{draft.home}/{slot}"
        # From 1 on each time, 10,000 equal cards would take 50 million looks.
        count = self.numbers.get(name, 1)
        while key in self.after or key in self.before:
            count += 1
            key = f"{name}#{count}"
        if count > 1:
            self.numbers[name] = count
        return key


def settle(deck: Identity, drafts: Sequence[Draft], last: Lock | None, now: int) -> Settled:
    """Give every draft its identity.

    `last` is the lock of the last build, if there was one; `now` is the time in seconds, which becomes the
    `mod` of what is new or changed (or one more than the last, if that is later).
    """
    entries = last.notes if last else {}
    found: Mapping[int, tuple[str, How]] = {}
    if entries:
        from mkdeck.lock.matching import match  # noqa: PLC0415 - a first build has nothing to match

        found = match(drafts, entries)
    after: dict[str, Entry] = {}
    ids = _Ids(_next_id(deck.id, entries), entries, after)
    notes: list[Note] = []
    changes: list[Change] = []
    clashes: list[tuple[Place, str]] = []
    for place, draft in enumerate(drafts):
        key, how = found.get(place, _NOT_FOUND)
        before = entries.get(key)
        key = key or ids.key(draft)
        numbered = number(draft, before) if before else Numbered(draft.numbers, NOTHING)
        note, entry = _settled(deck.id, key, draft, numbered, before, before.note if before else ids.note_id(), now)
        notes.append(note)
        after[key] = entry
        if numbered.clashes:
            clashes += [(draft.place, clash) for clash in numbered.clashes]
        is_same = before and before.hash == entry.hash and before.home == draft.home and not before.gone
        if not is_same or how == "likeness":
            changes.append(_change(key, draft, before, entry, how, numbered))
    for key, entry in entries.items():
        if key not in after:
            after[key] = entry._replace(gone=True)
            if not entry.gone:
                changes.append(_retired(key, entry))
    style_mod = 0
    if deck.style:
        is_same = last is not None and last.style == deck.style
        style_mod = last.style_mod if last and is_same else max(now, last.style_mod + 1 if last else 1)
    types = _types(deck, last, now)
    lock = Lock(deck.id, deck.name, deck.style, style_mod, after, types)
    changed_types = tuple(key for key, each in last.types.items() if types[key] != each) if last else ()
    names = [(last.types[key].name, types[key].name) for key in changed_types] if last else []
    renamed_from = last.name if last and last.name != deck.name else ""
    is_restyled = last is not None and last.style != deck.style
    return Settled(
        tuple(notes), lock, tuple(changes), renamed_from, is_restyled=is_restyled, clashes=tuple(clashes),
        changed_types=changed_types, renamed_types=tuple((old, new) for old, new in names if old not in {"", new}),
    )  # fmt: skip


def _settled(
    deck_id: str, key: str, draft: Draft, numbered: Numbered, before: Entry | None, note_id: int, now: int
) -> tuple[Note, Entry]:
    """Give a note of a draft, and what to remember of it."""
    fields, ordinals, digest = _content(f"{deck_id}/{key}", draft, numbered)
    mod = _mod(now, digest, before)
    entry = Entry(
        draft.text, draft.home, digest, mod, note_id, draft.slot or "", numbered.numbers, numbered.retired,
        guid=before.guid if before else "",
    )  # fmt: skip
    # Nearly always, where there is one: the two would be 0.4 kB more than one. The numbers keep the order in which
    # they were given, for two of another order are equal.
    if entry == before:
        entry = before
    note = Note(
        key, note_id, mod, draft.kind, draft.note_type, fields, draft.tags, ordinals, numbered.numbers,
        draft.place, draft.type, draft.deck, draft.decks, entry.guid, deck_id, draft.frame,
    )  # fmt: skip
    return note, entry


def _types(deck: Identity, last: Lock | None, now: int) -> dict[str, TypeEntry]:
    """Give what to remember of note types: their `mod` moves only where they have changed."""
    types = dict(last.types) if last else {}
    for key, each in deck.types.items():
        before = types.get(key)
        if before is None or before.hash != each.hash:
            types[key] = TypeEntry(each.hash, each.shape, max(now, before.mod + 1 if before else 1), each.name)
    return types


def _mod(now: int, digest: str, before: Entry | None) -> int:
    """Give when the note last changed; Anki takes an update only if this is later than what it has."""
    if before is None:
        return max(now, 1)
    return before.mod if before.hash == digest else max(now, before.mod + 1)


def _next_id(deck_id: str, entries: Mapping[str, Entry]) -> int:
    digest = blake2b(deck_id.encode(), digest_size=8).digest()
    first = _FIRST_ID + int.from_bytes(digest, "big") % (_ID_SPAN // ID_STEP) * ID_STEP
    return max((entry.note + ID_STEP for entry in entries.values()), default=first)


def _content(key: str, draft: Draft, numbered: Numbered) -> tuple[Mapping[str, str], tuple[int, ...], str]:
    """Give a note's fields and the ordinals of its cards, and the hash of all of it that reaches Anki."""
    fields, ordinals = draft.fields, draft.cards
    if draft.numbers:
        if numbered.numbers != draft.numbers:
            moved = {each: numbered.numbers[fact] for fact, each in draft.numbers.items()}
            fields = {**fields, "Text": renumbered(fields["Text"], moved)}
        ordinals = _ordinals(tuple(numbered.numbers.values()))
    texts = fields if draft.type else {**fields, **draft.frame, "Key": key}
    # What `repr` gives for (note type, ordinals, tags, fields), in 0.6x of its time: notes have much in common.
    parts = ", ".join([f"({said}, {texts[name]!r})" for name, said in _in_order((*texts,))])
    content = f"({_head(draft.note_type, ordinals, draft.tags)}, [{parts}])"
    digest = blake2b(content.encode("utf-8", "surrogatepass"), digest_size=12)
    return fields, ordinals, digest.hexdigest()


@lru_cache(maxsize=1024)
def _head(note_type: NoteTypeName, ordinals: tuple[int, ...], tags: tuple[str, ...]) -> str:
    return f"{note_type!r}, {ordinals!r}, {sorted(tags)!r}"


@lru_cache(maxsize=1024)
def _in_order(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Give names of fields in alphabetical order, each with its `repr`."""
    return [(name, repr(name)) for name in sorted(names)]


@lru_cache(maxsize=1024)  # most notes have the numbers 1, 2, 3: one tuple for all of them
def _ordinals(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({each - 1 for each in numbers}))


def _change(
    key: str, draft: Draft, before: Entry | None, after: Entry, how: How, numbered: Numbered
) -> Change:  # fmt: skip
    if before is None:
        return Change("new", key, draft.kind, after=draft.text, place=draft.place)
    old, new = set(before.numbers.values()), set(after.numbers.values())
    what: What = "back" if before.gone else "moved" if before.hash == after.hash else "updated"
    return Change(
        what, key, draft.kind, before.text, draft.text, how,
        before.home if before.home != after.home else "", numbered.edited,
        tuple(sorted(new - old)), tuple(sorted(old - new)), draft.place,
    )  # fmt: skip


def _retired(key: str, entry: Entry) -> Change:
    removed = tuple(sorted(set(entry.numbers.values())))
    return Change("retired", key, entry.kind, entry.text, cards_removed=removed)
