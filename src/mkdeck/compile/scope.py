"""Declared facts and the points in which they must stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mkdeck.markup import FactIndex, IndexedFact, Marked, escape_html, folded_words, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdeck.compile.context import Context
    from mkdeck.model import Fact
    from mkdeck.source import Place

_SIMILAR = 55
"""Per cent of likeness from which a text is worth showing as the nearest one."""


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
            key = fact_key(fact)
            if key in scope.declared:
                context.report("duplicate-fact", f"the fact `{fact.fact}` is declared twice here", (*place, number))
            scope.declared[key] = fact, (*place, number)
            hint = escape_html(fact.hint or "").replace("}", "&#125;")
            indexed = IndexedFact(key, hint, folded_words(fact.fact) if fact.id else "")
            scope.index.add([fact.fact, *fact.also], indexed)
        return scope

    def check(self, points: Sequence[Marked]) -> None:
        """Report the facts declared here that stand in none of `points`."""
        if not self.declared:
            return
        used = {blank.key for point in points for blank in point.blanks}
        for key, (fact, place) in self.declared.items():
            if key not in used and folded_words(fact.fact) not in used:
                near = _nearest(fact.fact, points)
                mend = "write it into a point, or take the fact out"
                if near:
                    mend = f"the nearest text is `{near}`; write it the same, or add it under `also:`"
                self.context.report("fact-not-used", f"`{fact.fact}` stands in no point", place, mend)


def fact_key(fact: Fact) -> str:
    """Give what a declared fact is known by in its notes: its id, or its words."""
    return fact.id or folded_words(fact.fact) or fact.fact


def _nearest(fact: str, points: Sequence[Marked]) -> str:
    """Find the words in `points` that are most like a fact."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a deck with an error pays for it

    texts = [words(point.html) for point in points]
    best = process.extractOne(fact, texts, scorer=fuzz.partial_ratio, processor=str.lower, score_cutoff=_SIMILAR)
    if best is None:
        return ""
    text = texts[best[2]]
    found = fuzz.partial_ratio_alignment(fact.lower(), text.lower())
    if found is None:
        return ""
    start = text.rfind(" ", 0, found.dest_start + 1) + 1
    end = text.find(" ", max(found.dest_end - 1, start))
    return text[start : end if end >= 0 else len(text)].strip(" .,;:")
