"""Declared facts and the points in which they must stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mkdeck.markup import FactIndex, Marked, escape_html, folded_words

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
    declared: dict[str, Place] = field(default_factory=dict)
    """Key -> where this scope itself declares the fact."""

    @classmethod
    def of(cls, context: Context, facts: Sequence[Fact], place: Place, around: Scope | None = None) -> Scope:
        """Open a scope; facts that are declared here win over those around it."""
        if around is None:
            scope = cls(context, FactIndex())
        else:
            scope = cls(context, around.index.copy() if facts else around.index)
        for number, fact in enumerate(facts):
            key = folded_words(fact.fact) or fact.fact
            at = (*place, number)
            if key in scope.declared:
                context.report("duplicate-fact", f"the fact `{fact.fact}` is declared twice here", at)
            scope.declared[key] = at
            hint = escape_html(fact.hint or "").replace("}", "&#125;")
            scope.index.add([fact.fact, *fact.also], key, hint)
        return scope

    def check(self, points: Sequence[Marked]) -> None:
        """Report the facts declared here that stand in none of `points`."""
        if not self.declared:
            return
        used = {blank.key for point in points for blank in point.blanks}
        for key, place in self.declared.items():
            if key not in used:
                near = _nearest(key, points)
                mend = (
                    f"the nearest text is `{near}`; write it the same, or add it under `also:`"
                    if near
                    else ("write it into a point, or take the fact out")
                )
                self.context.report("fact-not-used", f"`{self._written(place)}` stands in no point", place, mend)

    def _written(self, place: Place) -> str:
        node: object = self.context.deck
        for step in place:
            node = node[step] if isinstance(step, int) else getattr(node, step)  # type: ignore[index]
        return node.fact  # type: ignore[attr-defined, no-any-return]


def _nearest(key: str, points: Sequence[Marked]) -> str:
    """Find the words in `points` that are most like a fact."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a deck with an error pays for it

    from mkdeck.markup import words  # noqa: PLC0415

    texts = [words(point.html) for point in points]
    best = process.extractOne(key, texts, scorer=fuzz.partial_ratio, processor=str.lower, score_cutoff=_SIMILAR)
    if best is None:
        return ""
    text = texts[best[2]]
    found = fuzz.partial_ratio_alignment(key, text.lower())
    if found is None:
        return ""
    start = text.rfind(" ", 0, found.dest_start + 1) + 1
    end = text.find(" ", max(found.dest_end - 1, start))
    return text[start : end if end >= 0 else len(text)].strip(" .,;:")
