"""The rule on tags: one spelling for one subject."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

from mkdeck.checks.limits import TAG_DEPTH
from mkdeck.checks.rules import Finding
from mkdeck.checks.texts import strings
from mkdeck.diagnostics import clipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdeck.checks.sheets import Sheets
    from mkdeck.model import DeckData
    from mkdeck.source import Place

_SEPARATOR = re.compile(r"(?<!\d)[-_.‐‑–—]|[-_.‐‑–—](?!\d)")
"""A sign between two digits tells two tags apart: `1-12` and `11-2`."""
_PLURALS = re.compile(r"(?<=[^\W\d_]{3})(?<!s)s(?=[-_.‐‑–—]|$)")
_LEVELS = 2 * TAG_DEPTH
"""Levels that are compared; a tag of a thousand levels is wrong once, not a thousand times."""

Branch = tuple[str, ...]
"""A tag in small letters, or one above it in the tree of tags: `("history", "ussr")`."""


def tag_hygiene(sheets: Sheets) -> Iterator[Finding]:
    """A tag has capitals, is more than four deep, or is nearly another tag of the deck.

    Tags are for finding cards again. Two spellings of one subject each find only some of its cards, and a tree of
    five levels is one that nobody opens.

    Bad:

    ```yaml
    tags: [History::USSR, grain-crisis]
    cards:
      - cloze: The peasants held back their grain, and the towns ran short of {{bread}}.
        tags: [graincrisis]
    ```

    Good:

    ```yaml
    tags: [history::ussr, grain-crisis]
    cards:
      - cloze: The peasants held back their grain, and the towns ran short of {{bread}}.
        tags: [procurement]
    ```
    """
    found = list(tags(sheets.deck))
    better = _better(found)
    for place, tag in found:
        if tag != tag.lower():
            yield Finding(place, f"the tag `{clipped(tag)}` has capitals", f"write `{clipped(tag.lower())}`")
        if (depth := tag.count("::") + 1) > TAG_DEPTH:
            message = f"the tag `{clipped(tag)}` is {depth} deep; up to {TAG_DEPTH} can be overlooked"
            yield Finding(place, message, "leave levels out")
        near = next((branch for branch in _branches(tag) if branch in better), None)
        if near:
            other, first = better[near]
            message = f"the tag `{_shown(near)}` is nearly `{_shown(other)}`, {sheets.where(first)}"
            yield Finding(place, message, "write both the same, or say in both what is different")


def tags(deck: DeckData) -> Iterator[tuple[Place, str]]:
    """Give every tag with its place, in the order of the file."""
    return strings(deck, {"tags"})


def _branches(tag: str) -> Iterator[Branch]:
    """Give a tag with all tags above it, from the top."""
    words = tuple(tag.lower().split("::", _LEVELS)[:_LEVELS])
    return (words[:end] for end in range(1, len(words) + 1))


def _shown(branch: Branch) -> str:
    return clipped("::".join(branch))


def _better(found: Iterable[tuple[Place, str]]) -> dict[Branch, tuple[Branch, Place]]:
    """Give, for each spelling that another one outnumbers, that one and its first place.

    Of two that are as frequent, the earlier one is the better one.
    """
    uses: Counter[Branch] = Counter()
    first: dict[Branch, Place] = {}
    for place, tag in found:
        for branch in _branches(tag):
            uses[branch] += 1
            first.setdefault(branch, place)
    better: dict[Branch, tuple[Branch, Place]] = {}
    for same in _alike(first):
        best = max(same, key=uses.__getitem__)
        better.update((each, (best, first[best])) for each in same if each[-1] != best[-1])
    return better


def _alike(branches: Iterable[Branch]) -> Iterable[list[Branch]]:
    """Put together what is one branch if separators and the plural make no difference."""
    names: dict[Branch, int] = {(): 0}
    alike: defaultdict[tuple[int, str], list[Branch]] = defaultdict(list)
    numbers: dict[tuple[int, str], int] = {}
    for _, level in groupby(sorted(branches, key=len), key=len):
        same_level = list(level)
        words = {(names[each[:-1]], _joined(each[-1])) for each in same_level}
        for each in same_level:
            above = names[each[:-1]]
            singular = (word for word in _singulars(each[-1]) if (above, word) in words)
            key = above, next(singular, _joined(each[-1]))
            names[each] = numbers.setdefault(key, len(numbers) + 1)
            alike[key].append(each)
    return alike.values()


def _joined(word: str) -> str:
    return _SEPARATOR.sub("", word) or word


def _singulars(word: str) -> Iterator[str]:
    """Give what a word may be the plural of."""
    joined = _joined(word)
    if _PLURALS.search(joined):
        yield joined[:-1]
        if joined.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
            yield joined[:-2]
            yield f"{joined[:-2]}is"
        if joined.endswith("ies"):
            yield f"{joined[:-3]}y"
    if (singular := _joined(_PLURALS.sub("", word))) != joined:
        yield singular
