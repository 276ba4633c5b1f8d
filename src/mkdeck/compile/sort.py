"""sort: a fact and its reason. Which reason does the 1928 grain crisis support? Only if a deck asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.context import gives_away
from mkdeck.markup import escape_html, folded_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.model import Fact
    from mkdeck.notes import Note
    from mkdeck.source import Place


def notes(context: Context) -> Iterator[Note]:
    """Ask for the reason of every fact that stands in the points of one reason only, and not in its name."""
    standing = [{blank.key for marked in points for blank in marked.blanks} for points in context.points]
    if len(standing) < 2:
        return
    for fact, place, slot in _facts(context):
        key = folded_words(fact.fact)
        homes = [index for index, keys in enumerate(standing) if key in keys]
        if len(homes) != 1:
            continue
        reason, title = context.deck.reasons[homes[0]], context.titles[homes[0]]
        shown = escape_html(fact.fact)
        if gives_away(title.html, shown) or gives_away(shown, title.html):
            continue
        fields = {
            "Front": f'<div class="label">{context.labels.sort}</div>{shown}',
            "Back": title.html,
            **context.headings([title.folded], context.question),
            "Source": context.source(reason.source),
        }
        yield context.note("sort", slot, "prompt", place, fields, (0,), reason.tags)


def _facts(context: Context) -> Iterator[tuple[Fact, Place, str]]:
    """Give every declared fact once, with its place and the end of its key; the reasons' own come first."""
    seen: set[str] = set()
    for fact, place, home in _declared(context):
        key = folded_words(fact.fact)
        if key not in seen:
            seen.add(key)
            yield fact, place, f"{home}/{fact.id or f'#{int(place[-1]) + 1}'}"


def _declared(context: Context) -> Iterator[tuple[Fact, Place, str]]:
    for i, reason in enumerate(context.deck.reasons):
        for j, fact in enumerate(reason.facts):
            yield fact, ("reasons", i, "facts", j), f"{reason.id}/sort"
        for j, point in enumerate(reason.points):
            for k, fact in enumerate(point.facts):
                yield (
                    fact,
                    ("reasons", i, "points", j, "facts", k),
                    f"{reason.id}/sort/{point.id or f'#{j + 1}'}",
                )
    for i, fact in enumerate(context.deck.facts):
        yield fact, ("facts", i), "facts/sort"
