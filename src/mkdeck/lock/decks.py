"""Compiled decks and their locks -> decks that are ready to be written."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.lock.entries import Lock, write_lock
from mkdeck.lock.farewell import with_farewells
from mkdeck.lock.files import load_lock
from mkdeck.lock.settling import Identity, settle
from mkdeck.markup import MAX_NUMBER
from mkdeck.paths import lock_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mkdeck.compile import Compiled
    from mkdeck.lock.settling import Settled
    from mkdeck.model import DeckData


@dataclass(frozen=True, slots=True)
class Built:
    """One deck, ready to be written: its notes with their identity, and its lock."""

    compiled: Compiled
    settled: Settled
    is_first: bool
    """There was no lock to go by."""
    lock_path: Path | None
    """Where its lock is kept; None if that is the caller's care."""
    lock_text: str
    """The lock's file, as it will be."""
    lock_changed: bool

    def write_lock(self, file: IO[bytes]) -> None:
        """Write the lock's file."""
        file.write(self.lock_text.encode("utf-8", "surrogatepass"))


def build_time() -> int:
    """Give the time of this build in seconds: SOURCE_DATE_EPOCH if it is set, else now; never 0."""
    try:
        return max(1, int(os.environ["SOURCE_DATE_EPOCH"]))
    except KeyError:
        return int(time.time())
    except ValueError:
        message = "SOURCE_DATE_EPOCH is not a whole number of seconds"
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
    last, text = load_lock(path) if path else (Lock.from_mapping(lock) if lock else None, "")
    style = hashlib.blake2b(deck.style.encode(), digest_size=12).hexdigest() if deck.style else ""
    problems = _unfit(deck, last, style, path)
    settled = settle(Identity(deck.id, deck.deck, style), compiled.drafts, last, now)
    if tag_retired:
        settled = with_farewells(settled, now)
    for note in settled.notes:
        if note.ordinals and note.ordinals[-1] >= MAX_NUMBER:
            span = deck.origin.span(note.place) if deck.origin else Span(place=note.key)
            message = f"a fact of this note would get a cloze number over {MAX_NUMBER}; no number is given twice"
            problems.append(Diagnostic("lock", message, span, "give the note a new `id:`; it will be a new note"))
    if problems:
        raise DeckError(problems)
    new_text = write_lock(settled.lock) if path else ""
    return Built(compiled, settled, last is None, path, new_text, new_text != text)


def _unfit(deck: DeckData, last: Lock | None, style: str, path: Path | None) -> list[Diagnostic]:
    """Say why a lock cannot be that of this deck."""
    if last is None:
        return []
    span = Span(str(path or ""))
    if last.deck != deck.id:
        message = f"this is the lock of the deck `{last.deck}`, and the deck's id is `{deck.id}`"
        return [
            Diagnostic("lock", message, span, f"set `id: {last.deck}` again, or delete the lock for a new deck")
        ]
    if bool(last.style) != bool(style):
        message = "a deck that has been built cannot gain or lose its `style:`: its notes cannot change type"
        mend = "undo that, or give the deck a new `id:` and delete the lock: all its notes will be new ones"
        return [Diagnostic("lock", message, deck.origin.span(("style",)) if deck.origin else span, mend)]
    return []
