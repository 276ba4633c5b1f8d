"""Cloze numbers: a fact keeps its number for ever, and no other fact is ever given it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mkdeck.markup import folded_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mkdeck.lock.entries import Entry
    from mkdeck.notes import Draft


class Numbered(NamedTuple):
    """The numbers of a note's facts, those that are retired, and the facts that were taken for edited ones."""

    numbers: Mapping[str, int]
    retired: Mapping[str, int]
    edited: tuple[tuple[str, str], ...] = ()
    """(as it was, as it is)."""
    clashes: tuple[str, ...] = ()
    """What is wrong with the numbers that the author pinned."""


def number(draft: Draft, before: Entry) -> Numbered:
    """Number the facts of a note by what the lock remembers of it.

    What the author pinned (`{{c2::...}}`) is settled. A fact that is remembered keeps its number, also when
    it comes back. A fact that is like one that went away is that one, edited, and so is a number that stands
    for another in the same words. Any other takes the lowest number that was never used in this note.
    """
    facts, numbers, retired = draft.numbers, before.numbers, before.retired
    if facts.keys() == numbers.keys() and not draft.pinned:
        return Numbered(numbers, retired)
    given = {fact: facts[fact] for fact in facts if fact in draft.pinned}
    clashes = tuple(
        f"{given[fact]} is that of `{owner}`" for fact in given if (owner := _owner(draft, before, fact))
    )
    known_as = {fact: fact for fact in facts}
    for fact in facts:
        name = fact if fact in numbers or fact in retired else draft.aliases.get(fact, fact)
        number = numbers.get(name, retired.get(name))
        if fact not in given and number is not None and number not in given.values():
            given[fact], known_as[fact] = number, name
    new = [fact for fact in facts if fact not in given]
    here = f" {folded_words(draft.text)} "
    away = [
        fact
        for fact, each in numbers.items()
        if fact not in known_as.values() and each not in given.values() and f" {fact} " not in here
    ]
    edited: list[tuple[str, str]] = []
    if new and away:
        from mkdeck.lock.likeness import pair_up  # noqa: PLC0415 - few facts are edited

        edited = [(away[j], new[i]) for i, j in pair_up(new, away)]
    if not edited:
        edited = _corrected(draft.text, new, before.text, away)
    given.update((fact, numbers[old]) for old, fact in edited)
    used = {*numbers.values(), *retired.values(), *given.values()}
    never_used = (each for each in range(1, len(used) + len(facts) + 1) if each not in used)
    for fact in new:
        if fact not in given:
            given[fact] = next(never_used)
    taken = set(given.values())
    left = {fact: each for fact, each in retired.items() if each not in taken}
    for fact, each in numbers.items():
        if each not in taken:
            left[fact if fact not in left and fact not in given else f"{fact} ({each})"] = each
    return Numbered({fact: given[fact] for fact in facts}, left, tuple(edited), clashes)


def _owner(draft: Draft, before: Entry, fact: str) -> str:
    """Give the other fact that a pinned number belongs to; empty if it is free, or pinned for both.

    A pinned fact that went away has left its number to the one that is pinned to it now.
    """
    number = draft.numbers[fact]
    for other, each in before.retired.items():
        if each == number and other not in (fact, draft.aliases.get(fact)):
            return other
    for other, each in before.numbers.items():
        is_other = other not in (fact, draft.aliases.get(fact)) and other in draft.numbers
        if each == number and is_other and draft.numbers[other] != number:
            return other
    return ""


def _corrected(text: str, new: Sequence[str], text_before: str, away: Sequence[str]) -> list[tuple[str, str]]:
    """Pair numbers that went away with those in their places, if the words around them are the same.

    `29 dreadnoughts` -> `31 dreadnoughts`: no letter is alike, and yet it is the same fact, put right. Of other
    words that would be a guess.
    """
    if len(new) != len(away) or not all(each[:1].isdigit() for each in (*new, *away)):
        return []
    words, places = _around(text, new)
    words_before, places_before = _around(text_before, away)
    if words != words_before:
        return []
    return list(zip(sorted(away, key=places_before.index), sorted(new, key=places.index), strict=True))


def _around(text: str, facts: Sequence[str]) -> tuple[str, list[str]]:
    """Give the folded words of a text without some of its facts, and these in the order of standing."""
    words = f" {folded_words(text)} "
    places = sorted(facts, key=lambda fact: words.find(f" {fact} "))
    for fact in sorted(facts, key=len, reverse=True):
        words = words.replace(f" {fact} ", " _ ")
    return words, places
