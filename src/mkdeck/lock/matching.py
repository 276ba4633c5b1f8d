"""Which note of the deck is which note of the lock."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Literal

from mkdeck.lock.likeness import is_short_and_like, pair_up
from mkdeck.markup import folded_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mkdeck.lock.entries import Entry
    from mkdeck.notes import Draft

_ANY: frozenset[str] = frozenset()
How = Literal["", "id", "text", "likeness"]
"""How a note was found again; empty for a new one."""


def match(drafts: Sequence[Draft], entries: Mapping[str, Entry]) -> dict[int, tuple[str, How]]:
    """Match the notes of a deck (by their number in it) with the keys of its lock.

    In this order: the author's own ids; the same text in the same place; the same text elsewhere in the
    deck; the same facts, or a similar text, in the same place; the same elsewhere; of cards, a back that no
    other has, if the front is short and half of its letters are the same.

    A place is a reason and a kind of note; a note never becomes one of another kind. Only an id or the same
    text brings back a note that was taken out. A note without a match is new, an entry without one is retired.
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
    matching.by_back()
    return matching.found


def _home(home: str) -> str:
    return home


def _kind(home: str) -> str:
    """Give the kind of note without the reason, `fact` of `resistance/fact`."""
    return home.rpartition("/")[2]


def _front(text: str) -> str:
    return text.partition("\n")[0]


def _back(home: str, text: str) -> tuple[str, ...]:
    """Give the home and the back of a card with a front and a back; nothing for other notes."""
    front, _, back = text.partition("\n")
    return (home, back) if front and back.strip() and home.startswith("cards/") and "{{c" not in text else ()


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

    def by_back(self) -> None:
        """A back that no other card has tells a short front with a letter or two put right.

        A front of a word or two is like no other, however small the edit; a long one that is like none asks for
        something else.
        """
        free = [key for key in self._free() if not self.entries[key].gone]
        new = [
            number for number, draft in enumerate(self.drafts) if number not in self.found and draft.slot is None
        ]
        if not free or not new:
            return
        backs = Counter(_back(draft.home, draft.text) for draft in self.drafts)
        held = Counter(_back(entry.home, entry.text) for entry in self.entries.values())
        old = {_back(self.entries[key].home, self.entries[key].text): key for key in free}
        for number in new:
            draft = self.drafts[number]
            back = _back(draft.home, draft.text)
            key = old.get(back) if back and backs[back] == held[back] == 1 else None
            if key and is_short_and_like(_front(draft.text), _front(self.entries[key].text)):
                self.take(number, key, "likeness")

    def _free(self, *, named: bool = False) -> list[str]:
        """Give the entries that are left, oldest first, and those with ids only if `named`."""
        free = [key for key in self.left if named or not self.entries[key].slot]
        return sorted(free, key=lambda key: self.entries[key].note)
