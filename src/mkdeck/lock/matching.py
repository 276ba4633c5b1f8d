"""Which note of the deck is which note of the lock."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from mkdeck.lock.likeness import pair_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mkdeck.lock.entries import Entry
    from mkdeck.notes import Draft

How = Literal["", "id", "text", "likeness"]
"""How a note was found again; empty for a new one."""


def match(drafts: Sequence[Draft], entries: Mapping[str, Entry]) -> dict[int, tuple[str, How]]:
    """Match the notes of a deck (by their number in it) with the keys of its lock.

    In this order: the author's own ids; the same text in the same place; the same text elsewhere in the
    deck; a similar text in the same place; a similar text elsewhere. A place is a reason and a kind of
    note; a note never becomes one of another kind. Only an id or the same text brings back a note that was
    taken out. A note without a match is new, an entry without one is retired.
    """
    matching = _Matching(drafts, entries)
    matching.by_id()
    for place in (_home, _kind):
        matching.by_text(place)
    for place in (_home, _kind):
        matching.by_likeness(place)
    return matching.found


def _home(home: str) -> str:
    return home


def _kind(home: str) -> str:
    """Give the kind of note without the reason, `fact` of `resistance/fact`."""
    return home.rpartition("/")[2]


class _Matching:
    """The matches found so far, and the entries that are left."""

    def __init__(self, drafts: Sequence[Draft], entries: Mapping[str, Entry]) -> None:
        self.drafts = drafts
        self.entries = entries
        self.found: dict[int, tuple[str, How]] = {}
        self.left = dict.fromkeys(entries)

    def take(self, number: int, key: str, how: How) -> None:
        self.found[number] = key, how
        del self.left[key]

    def by_id(self) -> None:
        """An id that the author gave settles it, also for a note that moved to another reason."""
        moved = []
        for number, draft in enumerate(self.drafts):
            key = f"{draft.home}/{draft.slot}"
            if draft.slot is not None and key in self.left and self.entries[key].slot == draft.slot:
                self.take(number, key, "id")
            elif draft.slot is not None:
                moved.append(number)
        elsewhere: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key in self.left:
            if slot := self.entries[key].slot:
                elsewhere[_kind(self.entries[key].home), slot].append(key)
        for number in moved:
            draft = self.drafts[number]
            keys = [key for key in elsewhere[_kind(draft.home), draft.slot or ""] if key in self.left]
            same_home = [key for key in keys if self.entries[key].home == draft.home]
            if len(same_home or keys) == 1:
                self.take(number, (same_home or keys)[0], "id")

    def by_text(self, place: Callable[[str], str]) -> None:
        """Equal texts go by the order in which they stand; notes still there before those taken out."""
        holders: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key in sorted(self._free(), key=lambda key: self.entries[key].gone):
            holders[place(self.entries[key].home), self.entries[key].text].append(key)
        for number, draft in enumerate(self.drafts):
            if number not in self.found and (keys := holders.get((place(draft.home), draft.text))):
                self.take(number, keys.pop(0), "text")

    def by_likeness(self, place: Callable[[str], str]) -> None:
        new: dict[str, list[int]] = defaultdict(list)
        for number, draft in enumerate(self.drafts):
            if number not in self.found:
                new[place(draft.home)].append(number)
        old: dict[str, list[str]] = defaultdict(list)
        for key in self._free() if new else ():
            if not self.entries[key].gone:
                old[place(self.entries[key].home)].append(key)
        for home, numbers in new.items():
            keys = old[home]
            texts = [self.drafts[number].text for number in numbers]
            for i, j in pair_up(texts, [self.entries[key].text for key in keys]):
                self.take(numbers[i], keys[j], "likeness")

    def _free(self) -> list[str]:
        """Give the entries that are left and have no id, in the order in which they were first built."""
        return sorted(
            (key for key in self.left if not self.entries[key].slot), key=lambda key: self.entries[key].note
        )
