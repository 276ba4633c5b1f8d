"""Declared facts and the points in which they must stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mkdeck.markup import (
    FactIndex,
    IndexedFact,
    Marked,
    clean,
    escape_text,
    folded_words,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdeck.compile.context import Context
    from mkdeck.model import Fact
    from mkdeck.source import Place

_SIMILAR = 70
"""Per cent of likeness from which a text is worth showing as the nearest one."""
_COMPARISONS = 500_000
"""Comparisons of a fact with a point, of some microsecond each, after which facts are reported without one."""


@dataclass(slots=True)
class Scope:
    """The facts that a deck, a reason or a point declares, with those of the scopes around it."""

    context: Context
    index: FactIndex
    declared: dict[str, tuple[Fact, Place]] = field(default_factory=dict)
    """What this scope itself declares, by the facts' keys."""

    @classmethod
    def of(cls, context: Context, facts: Sequence[Fact], place: Place, around: Scope | None = None) -> Scope:
        """Open a scope; facts that are declared here win over those around it."""
        if around is None:
            scope = cls(context, FactIndex())
        else:
            scope = cls(context, around.index.copy() if facts else around.index)
        for number, fact in enumerate(facts):
            spellings = [folded_words(each) for each in (fact.fact, *fact.also)]
            key = f"#{fact.id}" if fact.id else spellings[0] or fact.fact
            if key in scope.declared and not fact.id:  # of two equal ids, another finding tells
                context.report("duplicate-fact", f"the fact `{fact.fact}` is declared twice here", (*place, number))
            scope.declared[key] = fact, (*place, number)
            hint = escape_text(clean(fact.hint)).replace("}", "&#125;") if fact.hint else ""
            scope.index.add_folded(spellings, IndexedFact(key, hint, spellings[0] if fact.id else ""))
        return scope

    def check(self, points: Sequence[Marked]) -> None:
        """Report the facts declared here that stand in none of `points`."""
        if not self.declared:
            return
        used = {each for point in points for blank in point.blanks for each in (blank.key, blank.answer)}
        unused = [
            (fact, place)
            for key, (fact, place) in self.declared.items()
            if key not in used and used.isdisjoint(folded_words(each) for each in (fact.fact, *fact.also))
        ]
        texts = [words(point.html) for point in points] if unused else []
        lower = [text.lower() for text in texts]
        compared = 0
        for fact, place in unused:
            near = _nearest(fact.fact, texts, lower) if compared < _COMPARISONS else ""
            compared += len(texts)
            if folded_words(near) in used:
                near = ""  # another fact's words
            mend = "write it into a point, or take the fact out"
            if near:
                mend = f"the nearest text is `{near}`; write it the same, or add it under `also:`"
            self.context.report("fact-not-used", f"`{fact.fact}` stands in no point", place, mend)


def fact_key(fact: Fact) -> str:
    """Give what a declared fact is known by in its notes: its id, or its words."""
    # No words are folded to a sign without a blank behind it, so no words are taken for an id.
    return f"#{fact.id}" if fact.id else folded_words(fact.fact) or fact.fact


def _nearest(fact: str, texts: Sequence[str], lower: Sequence[str]) -> str:
    """Find the words in `texts` that are most like a fact; `lower` are the same in small letters."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a deck with an error pays for it

    best = process.extractOne(fact.lower(), lower, scorer=fuzz.partial_ratio, score_cutoff=_SIMILAR)
    if best is None:
        return ""
    text = texts[best[2]]
    found = fuzz.partial_ratio_alignment(fact.lower(), best[0])
    if found is None:
        return ""
    start = text.rfind(" ", 0, found.dest_start + 1) + 1
    end = text.find(" ", max(found.dest_end - 1, start))
    return text[start : end if end >= 0 else len(text)].strip(" .,;:")
