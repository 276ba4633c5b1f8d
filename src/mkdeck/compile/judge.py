"""judge: one prompt. Which reason mattered most? Verdict, criteria, ranking, and what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.context import labelled, listed
from mkdeck.compile.headings import Headings
from mkdeck.markup import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.notes import Draft


def notes(context: Context) -> Iterator[Draft]:
    """Ask for a judgement, if the deck has one with anything to answer."""
    judgement = context.deck.judgement
    if judgement is None:
        return
    labels = context.labels
    titles = {reason.id: title.html for reason, title in zip(context.deck.reasons, context.titles, strict=True)}
    criteria = [context.html(each, ("judgement", "criteria", i)) for i, each in enumerate(judgement.criteria)]
    back = (
        labelled(labels.verdict, context.html(judgement.verdict, ("judgement", "verdict")))
        + labelled(labels.criteria, listed(criteria))
        + labelled(labels.ranking, listed([titles[each] for each in judgement.ranking if each in titles], "ol"))
        + labelled(labels.counter, context.html(judgement.counter, ("judgement", "counter")))
    )
    front = context.html(judgement.question, ("judgement", "question"))
    if back:
        fields = {
            "Front": front,
            "Back": back,
            **Headings.of(context.question).above([]),
            "Source": context.source((judgement.source, ("judgement", "source"))),
        }
        text = words(front)
        yield context.draft(
            "judge", "judgement/judge", None, text, "prompt", ("judgement",), fields, judgement.tags, is_only=True
        )
