"""What would be an error in an imported deck is mended before anybody sees it, and told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mkdeck.checks import errors, findings
from mkdeck.checks.table import RULES
from mkdeck.compile import compile_deck
from mkdeck.deck import Deck
from mkdeck.diagnostics import DeckError, Severity
from mkdeck.importers.history import lock_with
from mkdeck.lock import write_lock
from mkdeck.lock.decks import identity
from mkdeck.markup import FactIndex, IndexedFact, folded_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from mkdeck.compile import Compiled
    from mkdeck.diagnostics import Diagnostic
    from mkdeck.source import Place

    Data = dict[str, Any]

_ROUNDS = 12
_BADLY_CHOSEN = frozenset([
    "bare-number", "cloze-too-long", "cloze-whole-sentence", "date-without-event", "too-many-clozes",
    "trivial-cloze",
])  # fmt: skip
"""Warnings that say that a fact was badly chosen."""
_OF_FACTS = _BADLY_CHOSEN | {"answer-leak", "ambiguous-front", "duplicate-note", "duplicate-fact", "fact-not-used"}
_ALLOWED = frozenset(rule.id for rule in RULES if rule.severity is Severity.ERROR and rule.can_be_allowed)
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
_CITED = re.compile(r"`([^`]+)`")
_WHY = {
    "answer-leak": "the answer can be read on the front: reword it",
    "ambiguous-front": "another card has the same front: reword one of them",
    "duplicate-note": "another card says the same: keep one of them",
}


@dataclass(slots=True)
class Proof:
    """What was done to a deck so that a check finds no error in it."""

    comments: dict[Place, str] = field(default_factory=dict)
    """For what was allowed, by place."""
    dropped: list[str] = field(default_factory=list)
    """The facts that were taken out."""
    media: tuple[str, ...] = ()
    """The files that the deck needs beside it."""
    lock: bytes = b""
    """What keeps the guids of its cards; nothing if they have none."""


def made_sound(data: Data, folder: Path, guids: Sequence[str] = ()) -> Proof:
    """Mend a deck in place until a check finds no error; its media lie in `folder`.

    Facts that make a bad card are taken out; what else is wrong with a card is allowed there. `guids` are what
    Anki knows its cards by, for a deck of nothing but cards. Raises DeckError for what cannot be mended.
    """
    done = Proof()
    has_facts = any(reason.get("facts") for reason in data.get("reasons", ()))
    for number in range(_ROUNDS):
        compiled = compile_deck(Deck(**data), folder)
        done.media = tuple(compiled.media_names)
        wrong = _wrong(compiled, has_facts=has_facts)
        gone = _all_facts(data) if number == _ROUNDS // 2 else []
        for each in wrong:
            gone += _facts_to_blame(each, _place(each.span.place, data), data) if each.rule in _OF_FACTS else []
        if gone:
            done.dropped += gone
            continue  # what else is wrong may have come of these facts
        serious = [each for each in wrong if each.severity is Severity.ERROR]
        if guids and all(each.rule in _ALLOWED for each in serious):
            # What a card allows is nothing to its identity; to compile for the lock alone would double the work.
            deck, drafts = identity(compiled.deck), compiled.drafts
            del compiled  # at 50,000 cards, 70 MB that the lock does not need
            done.lock = write_lock(lock_with(guids, deck, drafts))
        if not serious:
            return done
        holders = set()
        for each in serious:
            if each.rule not in _ALLOWED:
                raise DeckError([each])
            holder = _allow(data, _place(each.span.place, data), each.rule)
            done.comments[(*holder, "allow")] = f"TODO: {_WHY.get(each.rule, each.message)}"
            holders.add(holder[:1])
        if holders == {("cards",)}:
            return done  # a card that allows what was found there has it no more
    raise DeckError(wrong)


def _wrong(compiled: Compiled, *, has_facts: bool) -> list[Diagnostic]:
    if not has_facts:
        return list(errors(compiled))
    return [each for each in findings(compiled) if each.severity is Severity.ERROR or each.rule in _BADLY_CHOSEN]


def _place(said: str, data: Data) -> Place:
    """Read a place such as `reasons[0].points[2].text`; a term may hold any sign."""
    if said.startswith("terms."):
        rest = said.removeprefix("terms.")
        while rest not in data["terms"] and "." in rest:
            rest = rest.rpartition(".")[0]
        return "terms", rest
    return tuple(int(match[2]) if match[2] else match[1] for match in _STEP.finditer(said))


def _facts_to_blame(problem: Diagnostic, place: Place, data: Data) -> list[str]:
    """Take the facts of a reason out that make a finding, and give them."""
    if place[:1] != ("reasons",) or len(place) < 4 or not isinstance(place[1], int):
        return []
    reason = data["reasons"][place[1]]
    facts: list[Any] = reason.get("facts") or []
    cited = {folded_words(each) for each in _CITED.findall(problem.message)}
    named = [fact for fact in facts if folded_words(_words(fact)) in cited]
    if place[2] == "facts":
        return _taken(reason, named)
    if place[2] != "points" or not isinstance(place[3], int):
        return []
    point = reason["points"][place[3]]
    text = point if isinstance(point, str) else point["text"]
    inside = [fact for fact in facts if _stands_in(_words(fact), text)]
    blamed = [fact for fact in named if fact in inside]
    return _taken(reason, blamed or (inside[-1:] if problem.rule == "too-many-clozes" else inside))


def _stands_in(fact: str, text: str) -> bool:
    index = FactIndex()
    index.add([fact], IndexedFact(fact))
    return bool(index.find(text))


def _taken(reason: Data, facts: Iterable[Any]) -> list[str]:
    out = list(facts)
    if not out:
        return []
    reason["facts"] = [fact for fact in reason["facts"] if fact not in out]
    if not reason["facts"]:
        del reason["facts"]
    return list(map(_words, out))


def _words(fact: Any) -> str:
    return str(fact if isinstance(fact, str) else fact["fact"])


def _all_facts(data: Data) -> list[str]:
    return [
        fact for reason in data.get("reasons", ()) if "facts" in reason for fact in _taken(reason, reason["facts"])
    ]


def _allow(data: Data, place: Place, rule: str) -> Place:
    """Allow a rule at the nearest place that can; give that place."""
    holder: Place = ()
    if place[:1] == ("reasons",) and len(place) > 3 and place[2] == "points":
        holder = place[:4]
    elif place[:1] in {("reasons",), ("cards",), ("terms",)} and len(place) > 1:
        holder = place[:2]
    outer: Any = data
    for step in holder[:-1]:
        outer = outer[step]
    target: Any = outer[holder[-1]] if holder else data
    if isinstance(target, str):
        target = outer[holder[-1]] = {"text": target}
    target.setdefault("allow", [])
    target["allow"] += [] if rule in target["allow"] else [rule]
    return holder
