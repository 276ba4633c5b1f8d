"""What a build remembers of the last one, so that a learner's history stays with the fact it was earned on."""

from mkdeck.lock.decks import Built, build_time, settle_deck
from mkdeck.lock.entries import Entry, Lock, read_lock, write_lock
from mkdeck.lock.settling import Change, Identity, Settled, settle

__all__ = [
    "Built", "Change", "Entry", "Identity", "Lock", "Settled", "build_time", "read_lock", "settle", "settle_deck",
    "write_lock",
]  # fmt: skip
