"""Decks to measure with, of any number of notes. The same number gives the same text.

Each point is given twice: as a deck file says it, and as the note that everybody has to make of it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import partial
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
PICTURES = "pictures"
"""The folder of the pictures of `illustrated`, beside the deck."""

_SOURCE = "Made by a program"
_TAGS = ("history", "benchmark")
_AUTHORS = ("R. Davies", "A. Nove", "S. Fitzpatrick", "L. Viola", "M. Lewin", "R. Service", "O. Figes")


@dataclass(frozen=True, slots=True)
class Entry:
    """One point of a deck."""

    yaml: str
    """What the deck file says, with all that stands between the point before and this one."""
    text: str
    """The note's text, with Anki's clozes."""
    extra: tuple[str, ...]
    """What else the note shows: its reason, its own note and its source."""
    tags: tuple[str, ...]


def light(notes: int) -> Iterator[Entry]:
    """Make points of 20 words with three inline clozes, and nothing else: some 210 bytes a note."""
    chance = random.Random(notes)
    for head, reason in _heads("light", notes, chance):
        words = ["Here", *_words(chance, 13)]
        third, second, first = _facts(chance)
        for place, fact in ((13, third), (8, second), (3, first)):
            words.insert(place, f"{{{{{fact}}}}}")
        text = f"{' '.join(words)}."
        yield Entry(f"{head}      - {text}\n", _numbered(text), (reason, _SOURCE), _TAGS)


def rich(notes: int) -> Iterator[Entry]:
    """Make points with three declared facts, a note, a source and tags: some 1.5 kB a note."""
    chance = random.Random(notes)
    for number, (head, reason) in enumerate(_heads("rich", notes, chance)):
        words = _words(chance, 44, _RICH_PROSE)
        first, second, third = _facts(chance)
        for place, fact in ((38, third), (21, second), (7, first)):
            words.insert(place, fact)
        lines, text = _folded(words), _sentence(words)
        hints = [" ".join(_words(chance, 3)), " ".join(_words(chance, 2))]
        # Neither stands in the text: where one did, mkdeck's blank would be another than the plain script's.
        also = f"[this {third}, {third} of {chance.randint(1800, 1999)}]"
        note = _words(chance, 50, _RICH_PROSE)
        source = f"{chance.choice(_AUTHORS)}, Notes: volume {chance.randint(1, 9)} (1980)"
        role = chance.choice(("cause", "consequence", "context"))
        tags = (chance.choice(_THINGS), f"year-{chance.randint(1800, 1999)}")
        yaml = (
            f"{head}"
            f"      - id: point-{number}\n"
            f"        text: >-\n"
            f"{lines}"
            f"        facts:\n"
            f"          - {first}\n"
            f"          - fact: {second}\n"
            f"            hint: {hints[0]}\n"
            f"          - fact: {third}\n"
            f"            hint: {hints[1]}\n"
            f"            also: {also}\n"
            f"        note: >-\n"
            f"{_folded(note)}"
            f'        source: "{source}"\n'
            f"        role: {role}\n"
            f"        tags: [{', '.join(tags)}]\n"
        )
        for fact, blank in ((first, first), (second, f"{second}::{hints[0]}"), (third, f"{third}::{hints[1]}")):
            text = text.replace(fact, f"{{{{{blank}}}}}")
        yield Entry(yaml, _numbered(text), (reason, _sentence(note), source), (*_TAGS, *tags))


def illustrated(notes: int) -> Iterator[Entry]:
    """Make light points, each with a picture of its own."""
    for number, entry in enumerate(light(notes)):
        head, text = entry.yaml.rsplit("      - ", 1)
        yield replace(entry, yaml=f"{head}      - text: {text}        image: {PICTURES}/{number}.png\n")


def with_one_changed(workload: Callable[[int], Iterator[Entry]], notes: int) -> Iterator[Entry]:
    """Make a workload in which one point, in the middle, has a word more than before."""
    for number, entry in enumerate(workload(notes)):
        if number == notes // 2:
            yaml = entry.yaml.replace(".\n", " indeed.\n", 1)
            yield replace(entry, yaml=yaml, text=f"{entry.text[:-1]} indeed.")
        else:
            yield entry


WORKLOADS: dict[str, Callable[[int], Iterator[Entry]]] = {
    "light": light,
    "rich": rich,
    "light, one changed": partial(with_one_changed, light),
    "rich, one changed": partial(with_one_changed, rich),
    "illustrated": illustrated,
}


def _heads(name: str, notes: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Give, for each point, what stands in the file before it, and the reason that it belongs to."""
    reason = ""
    for number in range(notes):
        # Only facts: the plain script makes nothing else.
        head = "" if number else (
            f"deck: Benchmark::{name}\n"
            f"id: benchmark-{name}\n"
            f"question: Why did the old order fall?\n"
            f"tags: [{', '.join(_TAGS)}]\n"
            f"source: {_SOURCE}\n"
            f"make: [fact]\n"
            f"reasons:\n"
        )  # fmt: skip
        if number % _POINTS == 0:
            place = number // _POINTS + 1
            reason = f"{' '.join(_words(chance, 3)).capitalize()} ({place})"
            head += f"  - id: reason-{place}\n    reason: {reason}\n    points:\n"
        yield head, reason


def _words(chance: random.Random, count: int, prose: tuple[str, ...] = _PROSE) -> list[str]:
    return chance.choices(prose, k=count)


def _facts(chance: random.Random) -> list[str]:
    """Give three facts of two words, none of which prose or another fact of the note holds."""
    names, things = chance.sample(_NAMES, 3), chance.sample(_THINGS, 3)
    return [f"{name} {thing}" for name, thing in zip(names, things, strict=True)]


def _numbered(text: str) -> str:
    """Turn `{{a}} and {{b}}` into Anki's `{{c1::a}} and {{c2::b}}`."""
    before, *blanks = text.split("{{")
    return before + "".join(f"{{{{c{number}::{blank}" for number, blank in enumerate(blanks, 1))


def _sentence(words: list[str]) -> str:
    return f"{words[0].capitalize()} {' '.join(words[1:])}."


def _folded(words: list[str]) -> str:
    """Set a sentence in lines of ten words, as the body of a folded block."""
    text = [words[0].capitalize(), *words[1:-1], f"{words[-1]}."]
    return "".join(f"          {' '.join(text[at : at + 10])}\n" for at in range(0, len(text), 10))
