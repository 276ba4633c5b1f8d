"""The lock of a deck that came from a package: its notes keep their guids, times and cloze numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mkdeck.lock import build_time, settle
from mkdeck.lock.decks import identity
from mkdeck.lock.settling import ID_STEP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdeck.archive import Archive
    from mkdeck.compile import Compiled
    from mkdeck.deck import Deck
    from mkdeck.lock import Lock
    from mkdeck.lock.settling import Identity
    from mkdeck.notes import Draft

_LAST_MOD = (1 << 33) - 1
_LAST_ID = 1 << 53


def lock_of(deck: Deck, compiled: Compiled, archive: Archive) -> Lock:
    """Give the lock with which the next build changes nothing for those who have the package.

    The notes of `compiled` are those of `archive`, in its order. Of two notes of one guid, which would be one
    to Anki, the last has it, which Anki would update; the others get new ones.
    """
    settled = settle(identity(deck), compiled.drafts, None, 1)
    ids = _spaced([note.id for note in archive.notes]) or [note.id for note in settled.notes]
    entries = dict(settled.lock.notes)
    last = {there.guid: there.id for there in archive.notes}
    for note, there, id_ in zip(settled.notes, archive.notes, ids, strict=True):
        key = note.lock_key
        guid = there.guid if last[there.guid] == there.id else ""
        mod = min(max(there.mod, 1), _LAST_MOD)
        entries[key] = entries[key]._replace(mod=mod, note=id_, guid=guid)
    mods = {str(each.id): each.mod for each in archive.note_types.values()}
    types = {key: replace(each, mod=min(max(mods[key], 0), _LAST_MOD)) for key, each in settled.lock.types.items()}
    return replace(settled.lock, notes=entries, types=types)


def lock_with(guids: Sequence[str], deck: Identity, drafts: Sequence[Draft]) -> Lock:
    """Give the lock of a deck of cards that had `guids` elsewhere, without those that are empty or taken."""
    settled = settle(deck, drafts, None, build_time())
    entries = dict(settled.lock.notes)
    taken = {""}
    for note, guid in zip(settled.notes, guids, strict=True):
        if guid not in taken:
            entries[note.lock_key] = entries[note.lock_key]._replace(guid=guid)
            taken.add(guid)
    return replace(settled.lock, notes=entries)


def _spaced(ids: Sequence[int]) -> list[int]:
    """Give ids in the same order with room for the ids of cards between them, each as late as it was or earlier.

    An id tells when a note was made; none may be in the future. Nothing if that cannot be.
    """
    spaced: list[int] = []
    after = _LAST_ID
    for each in reversed(ids):
        after = min(each, after - ID_STEP)
        spaced.append(after)
    return spaced[::-1] if spaced and spaced[-1] > 0 else []
