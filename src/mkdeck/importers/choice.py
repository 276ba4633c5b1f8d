"""Which key facts a reason gets: the most telling of each point, few enough to be answered."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from mkdeck.checks.limits import CLOZES_IN_POINT
from mkdeck.checks.words import language
from mkdeck.key_facts import key_facts, names_inside
from mkdeck.markup import FactIndex, IndexedFact, folded_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from mkdeck.checks.words import Language
    from mkdeck.importers.reasons import Reason
    from mkdeck.key_facts import KeyFact

MOST_FACTS = 60
"""Facts of one reason, after which no more are proposed."""
_OFTEN = 4
"""Texts in which a name stands that is what the deck is about, and no key fact of any of them."""
_SHARE = 0.08
"""The same as a part of all texts, where there are many."""
_NUMBER = re.compile(r"\d{2,}")
_MOST_NAMES = 2000
_MOST_TRIED = 30
"""Facts of one text that are looked at."""
_NAMES = frozenset(["name", "group", "person", "event", "country"])
_OF_WORDS = _NAMES | {"term"}


def choose_facts(reasons: Sequence[Reason], lang: str, headings: Iterable[str]) -> None:
    """Propose facts for each reason, up to three in a point; none that a heading says already."""
    texts = [text for reason in reasons for text in reason.texts()]
    found = Counter(name for text in texts for name in names_inside(text, lang))
    often = _often([name for name, _ in found.most_common(_MOST_NAMES)], texts)
    known = frozenset(found)
    headed = (
        f" {folded_words(' . '.join([*headings, *(reason.name for reason in reasons if not reason.is_proposed)]))} "
    )
    for reason in reasons:
        _choose(reason, lang, known, lambda words: words in often or f" {folded_words(words)} " in headed)


def _often(names: Iterable[str], texts: Sequence[str]) -> set[str]:
    """Give the names that stand in many texts."""
    index = FactIndex()
    for name in names:
        index.add([name], IndexedFact(name))
    count = Counter(each for text in texts for each in {match.fact.key for match in index.find(text)})
    return {name for name in count if count[name] >= max(_OFTEN, _SHARE * len(texts))}


def _choose(reason: Reason, lang: str, known: Collection[str], is_subject: Callable[[str], bool]) -> None:
    index = FactIndex()
    taken: set[str] = set()
    with_hints = lang.lower().split("-")[0] == "en"
    for point in reason.points:
        standing = {match.fact.key for match in index.find(point.said)}
        chosen = []
        for fact in key_facts(point.said, lang, known=known)[:_MOST_TRIED]:
            key = folded_words(fact.words)
            if len(standing) >= CLOZES_IN_POINT or len(taken) >= MOST_FACTS:
                break
            if key in taken or (fact.sort in _NAMES and is_subject(fact.words)):
                continue
            if _is_told(fact, point.said, language(lang)):
                continue
            index.add([fact.words], IndexedFact(key))
            now = {match.fact.key for match in index.find(point.said)}
            if len(now) > len(standing):
                standing = now
                taken.add(key)
                chosen.append(fact)
        for fact in sorted(chosen):
            reason.facts.append({"fact": fact.words, "hint": fact.sort} if with_hints else fact.words)


def _is_told(fact: KeyFact, text: str, words: Language) -> bool:
    """Tell whether a number of a fact, or a word of a name or term, stands elsewhere in the text, too."""
    around = f"{text[: fact.start]} {text[fact.end :]}"
    if not set(_NUMBER.findall(fact.words)).isdisjoint(_NUMBER.findall(around)):
        return True
    return fact.sort in _OF_WORDS and not words.stems(fact.words).isdisjoint(words.stems(around))
