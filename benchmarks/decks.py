"""Deck files to measure with, of any number of notes. The same number gives the same text.

They are made piece by piece: a parent that held a whole deck would show in the peak memory of its children.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_POINTS = 100
"""Points of one reason."""

_PROSE = (
    "the", "of", "to", "and", "in", "a", "by", "from", "with", "that", "which", "because", "although",
    "before", "after", "under", "against", "while", "peasants", "workers", "delegates", "ministers",
    "landowners", "shopkeepers", "officials", "soldiers", "villages", "provinces", "harvests", "factories",
    "railways", "newspapers", "parliaments", "committees", "elections", "deliveries", "requisitions",
    "shortages", "subsidies", "investment", "agriculture", "industrialisation", "collectivisation",
    "modernisation", "administration", "government", "propaganda", "resistance", "negotiations",
    "unemployment", "production", "procurement", "demanded", "organised", "transported", "confiscated",
    "distributed", "postponed", "abolished", "persuaded", "exhausted", "central", "provincial",
    "agricultural", "industrial", "revolutionary", "conservative", "independent", "inefficient",
)  # fmt: skip
# What typography and other languages put into nearly every text, and what is slower to read and to fold.
_RICH_PROSE = (
    *_PROSE,
    "émigrés", "peasants\N{RIGHT SINGLE QUOTATION MARK}", "north\N{EN DASH}south",
)  # fmt: skip
_NAMES = (
    "Petrograd", "Moscow", "Volga", "Ural", "Siberian", "Crimean", "Ukrainian", "Caspian", "Baltic",
    "Warsaw", "Geneva", "Vienna", "Munich", "Weimar", "Silesian", "Bohemian", "Catalan", "Lombard", "Saxon",
    "Danish", "Anglian", "Galician", "Dalmatian", "Moravian", "Pomeranian",
)  # fmt: skip
_THINGS = (
    "famine", "decree", "mutiny", "treaty", "plenum", "uprising", "congress", "blockade", "tariff",
    "armistice", "manifesto", "quota", "census", "tribunal", "referendum", "concordat", "boycott", "levy",
    "ultimatum", "purge",
)  # fmt: skip
_AUTHORS = ("R. Davies", "A. Nove", "S. Fitzpatrick", "L. Viola", "M. Lewin", "R. Service", "O. Figes")


def light(notes: int) -> Iterator[str]:
    """Make points of 20 words with three inline clozes, and nothing else: some 210 bytes a note."""
    chance = random.Random(notes)
    for number in range(notes):
        yield from _head("light", number, chance)
        words = ["Here", *_words(chance, 13)]
        for place, fact in zip((13, 8, 3), _facts(chance), strict=True):
            words.insert(place, f"{{{{{fact}}}}}")
        yield f"      - {' '.join(words)}.\n"


def rich(notes: int) -> Iterator[str]:
    """Make points with three declared facts, a note, a source and tags: some 1.5 kB a note."""
    chance = random.Random(notes)
    for number in range(notes):
        yield from _head("rich", number, chance)
        words = _words(chance, 44, _RICH_PROSE)
        first, second, third = _facts(chance)
        for place, fact in zip((38, 21, 7), (third, second, first), strict=True):
            words.insert(place, fact)
        yield (
            f"      - id: point-{number}\n"
            f"        text: >-\n"
            f"{_folded(words)}"
            f"        facts:\n"
            f"          - {first}\n"
            f"          - fact: {second}\n"
            f"            hint: {' '.join(_words(chance, 3))}\n"
            f"          - fact: {third}\n"
            f"            hint: {' '.join(_words(chance, 2))}\n"
            f"            also: [the {third}, {third} of {chance.randint(1800, 1999)}]\n"
            f"        note: >-\n"
            f"{_folded(_words(chance, 50, _RICH_PROSE))}"
            f'        source: "{chance.choice(_AUTHORS)}, Notes: volume {chance.randint(1, 9)} (1980)"\n'
            f"        role: {chance.choice(('cause', 'consequence', 'context'))}\n"
            f"        tags: [{chance.choice(_THINGS)}, year-{chance.randint(1800, 1999)}]\n"
        )


WORKLOADS: dict[str, Callable[[int], Iterator[str]]] = {"light": light, "rich": rich}


def _head(name: str, number: int, chance: random.Random) -> Iterator[str]:
    """Give what stands before point `number`: the deck's keys, a reason's keys, or nothing."""
    if number == 0:
        # Only facts: the plain script makes nothing else.
        yield (
            f"deck: Benchmark::{name}\n"
            f"id: benchmark-{name}\n"
            f"question: Why did the old order fall?\n"
            f"tags: [history, benchmark]\n"
            f"source: Made by a program\n"
            f"make: [fact]\n"
            f"reasons:\n"
        )
    if number % _POINTS == 0:
        reason = f"{' '.join(_words(chance, 3)).capitalize()} ({number // _POINTS + 1})"
        yield f"  - id: reason-{number // _POINTS + 1}\n    reason: {reason}\n    points:\n"


def _words(chance: random.Random, count: int, prose: tuple[str, ...] = _PROSE) -> list[str]:
    return chance.choices(prose, k=count)


def _facts(chance: random.Random) -> list[str]:
    """Give three facts of two words, none of which prose or another fact of the note holds."""
    names, things = chance.sample(_NAMES, 3), chance.sample(_THINGS, 3)
    return [f"{name} {thing}" for name, thing in zip(names, things, strict=True)]


def _folded(words: list[str]) -> str:
    """Set a sentence in lines of ten words, as the body of a folded block."""
    text = [*words[:-1], f"{words[-1]}."]
    text[0] = text[0].capitalize()
    return "".join(f"          {' '.join(text[at : at + 10])}\n" for at in range(0, len(text), 10))
