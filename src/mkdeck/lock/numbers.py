"""Cloze numbers: a fact keeps its number for ever, and no other fact is ever given it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdeck.lock.likeness import pair_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdeck.notes import Draft


@dataclass(frozen=True, slots=True)
class Numbered:
    """The numbers of a note's facts, those that are retired, and the facts that were taken for edited ones."""

    numbers: Mapping[str, int]
    retired: Mapping[str, int]
    edited: tuple[tuple[str, str], ...] = ()
    """(as it was, as it is)."""


def number(draft: Draft, numbers: Mapping[str, int], retired: Mapping[str, int]) -> Numbered:
    """Number the facts of a note, whose `numbers` and `retired` numbers the lock remembers.

    What the author pinned (`{{c2::...}}`) is settled. A fact that is remembered keeps its number, also when
    it comes back. A fact that is like one that went away is that one, edited. Any other takes the lowest
    number that was never used in this note.
    """
    facts = draft.numbers
    if facts.keys() == numbers.keys() and not draft.pinned:
        return Numbered(numbers, retired)
    remembered = {**retired, **numbers}
    given = {fact: facts[fact] for fact in facts if fact in draft.pinned}
    known_as = {fact: fact for fact in facts}
    for fact in facts:
        name = fact if fact in remembered else draft.aliases.get(fact, fact)
        if fact not in given and name in remembered and remembered[name] not in given.values():
            given[fact], known_as[fact] = remembered[name], name
    new = [fact for fact in facts if fact not in given]
    away = [fact for fact, each in numbers.items() if fact not in known_as.values() and each not in given.values()]
    edited = [(away[j], new[i]) for i, j in pair_up(new, away)] if new and away else []
    given.update((fact, numbers[old]) for old, fact in edited)
    used = {*remembered.values(), *given.values()}
    never_used = (each for each in range(1, len(used) + len(facts) + 1) if each not in used)
    for fact in new:
        if fact not in given:
            given[fact] = next(never_used)
    taken = set(given.values())
    left = {fact: each for fact, each in remembered.items() if each not in taken}
    return Numbered({fact: given[fact] for fact in facts}, left, tuple(edited))
