"""Compiled decks and their locks -> decks that are ready to be written."""

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.lock.entries import Lock, lock_lines
from mkdeck.lock.files import load_lock
from mkdeck.lock.settling import Identity, OwnType, settle
from mkdeck.markup import MAX_NUMBER
from mkdeck.paths import DECK_ENDINGS, lock_path
from mkdeck.stamp import new_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mkdeck.compile import Compiled
    from mkdeck.lock.settling import Settled
    from mkdeck.model import DeckData, OwnNoteType


_OTHER_SHAPE = (
    "the fields or templates of this note type are not those of the last build: Anki would not update its notes"
)
_NEW_TYPE = "undo that, or give the note type a new `id:` and name: all its notes will be new ones"
_OTHER_ID = "this note type had another id in the last build: Anki would take all its notes for new ones"
_LAST_SECOND = 1 << 32
"""In 2106; a later time would be the newest for ever."""


class Built(NamedTuple):
    """One deck, ready to be written: its notes with their identity, and its lock."""

    compiled: Compiled
    """Without its drafts, of which all is in the notes and in the lock: 0.2 kB a note."""
    settled: Settled
    is_first: bool
    """There was no lock to go by."""
    lock_path: Path | None
    """Where its lock is kept; None if that is the caller's care."""
    lock_changed: bool
    lock_digest: str = ""
    """Of the lock's file; empty if that has to be written first."""

    def write_lock(self, file: IO[bytes]) -> str:
        """Write the lock's file, and give its digest."""
        return _digest(self.settled.lock, file)


def build_time() -> int:
    """Give the time of this build in seconds: SOURCE_DATE_EPOCH if it is set, else now; never 0."""
    try:
        epoch = int(os.environ["SOURCE_DATE_EPOCH"])
        if epoch < _LAST_SECOND:
            return max(1, epoch)
        raise ValueError  # noqa: TRY301 - one message for both
    except KeyError:
        return int(time.time())
    except ValueError:
        message = "SOURCE_DATE_EPOCH is not a number of seconds since 1970"
        raise DeckError([Diagnostic("lock", message, mend="unset it, or set it as in `date +%s`")]) from None


def settle_deck(
    compiled: Compiled, lock: Mapping[str, Any] | None, now: int, *, tag_retired: bool = False
) -> Built:
    """Give a deck's notes their identity.

    `lock` is the lock as plain data; None stands for the file beside the deck. Raises DeckError for a lock
    that is damaged or another deck's, and for a note that runs out of cloze numbers.
    """
    deck = compiled.deck
    path = lock_path(deck.origin.path) if deck.origin and lock is None else None
    last, digest = load_lock(path) if path else (Lock.from_mapping(lock) if lock else None, "")
    problems = _unfit(deck, last, path) or _elsewhere(deck, last, path)
    settled = settle(identity(deck), compiled.drafts, last, now)
    if tag_retired:
        from mkdeck.lock.farewell import with_farewells  # noqa: PLC0415 - seldom asked for; it loads `render`

        settled = with_farewells(settled, deck, now)
    for place, clash in settled.clashes:
        span = deck.origin.span(place) if deck.origin else Span(place=str(place))
        mend = "take another number, or none: a number that is in use or was used stays with its fact"
        problems.append(Diagnostic("lock", f"the pinned cloze number {clash}", span, mend))
    for note in settled.notes:
        if note.ordinals and note.ordinals[-1] >= MAX_NUMBER:
            span = deck.origin.span(note.place) if deck.origin else Span(place=note.key)
            message = f"a fact of this note would get a cloze number over {MAX_NUMBER}; no number is given twice"
            problems.append(Diagnostic("lock", message, span, "give the note a new `id:`; it will be a new note"))
    if problems:
        raise DeckError(problems)
    # Where a note has changed, that is seen without writing the lines: up to 0.1 s less at 10,000 notes.
    changed = path is not None and (settled.lock != last or _digest(settled.lock) != digest)
    return Built(compiled._replace(drafts=()), settled, last is None, path, changed, "" if changed else digest)


def _digest(lock: Lock, file: IO[bytes] | None = None) -> str:
    """Give the digest of a lock's file, and write it, if one is given."""
    digest = new_digest()
    for line in lock_lines(lock):
        digest.update(line)
        if file:
            file.write(line)
    return digest.hexdigest()


def identity(deck: DeckData) -> Identity:
    """Give what a deck is known by."""
    types = {str(each.id): _own_type(name, each) for name, each in deck.note_types.items()}
    return Identity(deck.id, deck.deck, _own_look(deck), types)


def _own_type(name: str, note_type: OwnNoteType) -> OwnType:
    parts = [[each.id or each.name for each in parts] for parts in (note_type.fields, note_type.templates)]
    data = json.dumps(note_type.model_dump(exclude_defaults=True), sort_keys=True)
    return OwnType(_hash(f"{name}\0{data}"), _hash(repr([note_type.cloze, *parts])), name)


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _own_look(deck: DeckData) -> str:
    """Give the hash of the look that a deck has for itself; empty if it has the shared one."""
    if not deck.has_own_look:
        return ""
    chosen = deck.style or ""
    if deck.theme != "paper":  # a lock knows the style alone from the time before there were themes
        chosen = f"{deck.theme}\0{chosen}"
    return _hash(chosen)


def _unfit(deck: DeckData, last: Lock | None, path: Path | None) -> list[Diagnostic]:
    """Say why a lock cannot be that of this deck."""
    if last is None:
        return []
    span = Span(str(path or ""))
    if last.deck != deck.id:
        message = f"this is the lock of the deck `{last.deck}`, and the deck's id is `{deck.id}`"
        return [
            Diagnostic("lock", message, span, f"set `id: {last.deck}` again, or delete the lock for a new deck")
        ]
    if bool(last.style) != deck.has_own_look:
        message = "a deck that has been built cannot gain or lose a look of its own: its notes cannot change type"
        mend = (
            "undo that; or, if nobody has the deck yet, delete the lock; "
            "or else give the deck a new `id:` as well: all its notes will be new ones"
        )
        key = "theme" if deck.theme != "paper" else "style"
        return [Diagnostic("lock", message, deck.origin.span((key,)) if deck.origin else span, mend)]
    return list(_other_types(deck, last))


def _other_types(deck: DeckData, last: Lock) -> Iterator[Diagnostic]:
    """Report note types that the notes of the last build would not have any more."""
    types = identity(deck).types
    used = {entry.home.removeprefix("cards/") for entry in last.notes.values() if not entry.gone}
    # With another name, it is as likely one that was made anew of the same fields.
    gone = {key: last.types[key] for key in sorted(used & last.types.keys() - types.keys())}
    missing = {(each.name, each.shape): key for key, each in gone.items()}
    for (key, own), name in zip(types.items(), deck.note_types, strict=True):
        known = last.types.get(key)
        if known and known.shape != own.shape:
            span = deck.span(("note_types", name, "fields"), key=True)
            yield Diagnostic("lock", _OTHER_SHAPE, span, _NEW_TYPE)
        elif known is None and (before := missing.get((name, own.shape))):
            span = deck.span(("note_types", name, "id"))
            yield Diagnostic("lock", _OTHER_ID, span, f"write `id: {before}` again")


def _elsewhere(deck: DeckData, last: Lock | None, path: Path | None) -> list[Diagnostic]:
    """Say that the deck was renamed without its lock: another lock in the folder is its own."""
    if last is not None or path is None:
        return []
    for other in sorted(path.parent.glob("*.lock.json")):
        with other.open("rb") as file:
            head = file.read(2000).decode("utf-8", "replace")
        belongs = f'"deck": {json.dumps(deck.id, ensure_ascii=False)},' in head.partition('"notes"')[0]
        if belongs and not any(
            other.with_name(other.name.replace(".lock.json", end)).exists() for end in DECK_ENDINGS
        ):
            message = f"this deck has no lock, but {other.name} is the lock of a deck with its id"
            return [Diagnostic("lock", message, Span(str(path)), f"rename the lock, too: to `{path.name}`")]
    return []
