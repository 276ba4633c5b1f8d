"""sort: a fact and its reason. Which reason does the 1928 grain crisis support? Only if a deck asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.headings import Headings, gives_away
from mkdeck.compile.scope import fact_key
from mkdeck.markup import clean, escape_text, folded_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.model import Fact
    from mkdeck.notes import Draft
    from mkdeck.source import Place


def notes(context: Context) -> Iterator[Draft]:
    """Ask for the reason of every fact that stands in the points of one reason only, and not in its name."""
    if len(context.keys) < 2:
        return
    homes = _homes(context)
    above = Headings.of(context.question)
    for key, fact, place in _facts(context):
        home = homes.get(key)
        if home is None:
            continue
        reason, title = context.deck.reasons[home], context.titles[home]
        shown = escape_text(clean(fact.fact))
        if gives_away(title.html, shown) or gives_away(shown, title.html):
            continue
        fields = {
            "Front": f'<div class="label">{context.labels.sort}</div>{shown}',
            "Back": title.html,
            **above.above([folded_words(title.folded)]),
            "Source": context.source((reason.source, ("reasons", home, "source"))),
        }
        yield context.draft("sort", f"{reason.id}/sort", fact.id, fact.fact, "prompt", place, fields, reason.tags)


def _homes(context: Context) -> dict[str, int | None]:
    """Give the one reason in whose points each fact stands; None if there are several."""
    homes: dict[str, int | None] = {}
    for index, keys in enumerate(context.keys):
        for key in keys:
            homes[key] = None if key in homes else index
    return homes


def _facts(context: Context) -> Iterator[tuple[str, Fact, Place]]:
    """Give every declared fact once, with its key and place; the reasons' own come first."""
    seen: set[str] = set()
    for fact, place in _declared(context):
        key = fact_key(fact)
        if key not in seen:
            seen.add(key)
            yield key, fact, place


def _declared(context: Context) -> Iterator[tuple[Fact, Place]]:
    for i, reason in enumerate(context.deck.reasons):
        for j, fact in enumerate(reason.facts):
            yield fact, ("reasons", i, "facts", j)
        for j, point in enumerate(reason.points):
            for k, fact in enumerate(point.facts):
                yield fact, ("reasons", i, "points", j, "facts", k)
    for i, fact in enumerate(context.deck.facts):
        yield fact, ("facts", i)
