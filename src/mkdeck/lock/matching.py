"""Which note of the deck is which note of the lock."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from mkdeck.lock.likeness import pair_up
from mkdeck.markup import folded_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mkdeck.lock.entries import Entry
    from mkdeck.notes import Draft

_ANY: frozenset[str] = frozenset()
_START, _END = 0, 1 << 60
"""Before and behind all ids of notes."""
How = Literal["", "id", "text", "likeness"]
"""How a note was found again; empty for a new one."""


def match(drafts: Sequence[Draft], entries: Mapping[str, Entry]) -> dict[int, tuple[str, How]]:
    """Match the notes of a deck (by their number in it) with the keys of its lock.

    In this order: the author's own ids; the same text in the same place; the same text elsewhere in the
    deck; the same facts, or a similar text, in the same place; the same elsewhere; of cards, the same back
    between the same two notes. A place is a reason and a kind of note; a note never becomes one of another
    kind. Only an id or the same text brings back a note that was taken out. A note without a match is new,
    an entry without one is retired.
    """
    matching = _Matching(drafts, entries)
    if not entries:
        return matching.found
    matching.by_id()
    for place in (_home, _kind):
        matching.by_text(place, with_facts=True)
        matching.by_text(place, with_facts=False)
    for place in (_home, _kind):
        matching.by_text(place, with_facts=False, spelling=folded_words)
    for place in (_home, _kind):
        matching.by_facts(place)
        matching.by_likeness(place)
    matching.by_neighbours()
    return matching.found


def _home(home: str) -> str:
    return home


def _kind(home: str) -> str:
    """Give the kind of note without the reason, `fact` of `resistance/fact`."""
    return home.rpartition("/")[2]


def _asks(home: str, text: str) -> bool:
    """Tell whether a note asks with its first line, as a card with a front and a back does."""
    return home.startswith("cards/") and "{{c" not in text


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
        here: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key in sorted(self.left, key=lambda key: self.entries[key].gone):
            here[self.entries[key].home, self.entries[key].slot].append(key)
        for number, draft in enumerate(self.drafts):
            keys = here[draft.home, draft.slot or ""] if draft.slot or draft.is_only else []
            if keys:
                self.take(number, keys.pop(0), "id")
        elsewhere: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key in self.left:
            entry = self.entries[key]
            if entry.slot and not entry.gone:
                elsewhere[_kind(entry.home), entry.slot].append(key)
        for number, draft in enumerate(self.drafts):
            keys = elsewhere[_kind(draft.home), draft.slot or ""] if draft.slot else []
            if number not in self.found and len(keys) == 1:
                self.take(number, keys.pop(), "id")

    def by_text(
        self, place: Callable[[str], str], *, with_facts: bool, spelling: Callable[[str], str] = str
    ) -> None:
        """Equal texts go by their facts, then by the order in which they stand, those still there first."""
        holders: dict[tuple[str, str, frozenset[str]], list[str]] = defaultdict(list)
        for key in sorted(self._free(named=True), key=lambda key: self.entries[key].gone):
            entry = self.entries[key]
            facts = frozenset(entry.numbers) if with_facts else _ANY
            holders[place(entry.home), spelling(entry.text), facts].append(key)
        for number, draft in enumerate(self.drafts):
            if number in self.found:
                continue
            facts = frozenset(draft.numbers) if with_facts else _ANY
            keys = holders.get((place(draft.home), spelling(draft.text), facts), [])
            # One id is not another; but an id may be given later, or taken away.
            fitting = next((key for key in keys if not (draft.slot and self.entries[key].slot)), None)
            if fitting is not None:
                keys.remove(fitting)
                self.take(number, fitting, "text")

    def by_facts(self, place: Callable[[str], str]) -> None:
        """Two facts or more that no other note here has together tell a text that was written anew."""
        old: dict[tuple[str, frozenset[str]], list[str]] = defaultdict(list)
        new: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
        for number, draft in enumerate(self.drafts):
            if number not in self.found and len(draft.numbers) > 1 and draft.slot is None:
                new[place(draft.home), frozenset(draft.numbers)].append(number)
        for key in self._free() if new else ():
            if not self.entries[key].gone:
                old[place(self.entries[key].home), frozenset(self.entries[key].numbers)].append(key)
        for facts, numbers in new.items():
            if len(numbers) == len(old.get(facts, ())) == 1:
                self.take(numbers[0], old[facts][0], "likeness")

    def by_likeness(self, place: Callable[[str], str]) -> None:
        new: dict[str, list[int]] = defaultdict(list)
        for number, draft in enumerate(self.drafts):
            if number not in self.found and draft.slot is None:
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

    def by_neighbours(self) -> None:
        """A card that stands where another stood, and has the same back, is that one with another front.

        A front of a word or two is like no other, however small the edit. Ids tell the order of the last build.
        """
        left = [key for key in self._free() if not self.entries[key].gone]
        ids = [self.entries[key].note for key in left]
        for number, draft in enumerate(self.drafts if left else ()):
            back = draft.text.partition("\n")[2]
            if number in self.found or draft.slot is not None or not back or not _asks(draft.home, draft.text):
                continue
            first = bisect(ids, self._note_at(number - 1, _END))
            last = bisect(ids, self._note_at(number + 1, _START))
            if last - first == 1 and left[first] in self.left:
                entry = self.entries[left[first]]
                if entry.home == draft.home and entry.text.partition("\n")[2] == back and not entry.numbers:
                    self.take(number, left[first], "likeness")

    def _note_at(self, number: int, unknown: int) -> int:
        """Give the note id of a draft that has been found, what is beyond all ids at the ends, else `unknown`."""
        if number in self.found:
            return self.entries[self.found[number][0]].note
        return unknown if 0 <= number < len(self.drafts) else _END - unknown

    def _free(self, *, named: bool = False) -> list[str]:
        """Give the entries that are left, oldest first, and those with ids only if `named`."""
        free = [key for key in self.left if named or not self.entries[key].slot]
        return sorted(free, key=lambda key: self.entries[key].note)
