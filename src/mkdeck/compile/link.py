"""link: one note an arrow of a chain. Low prices -> grain held back -> {{towns go hungry}}."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.headings import Headings, gives_away
from mkdeck.markup import cloze, folded_words, shown_words, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdeck.compile.context import Context
    from mkdeck.model import Link, Reason, Text
    from mkdeck.notes import Draft
    from mkdeck.source import Place

HIDDEN = "…"
"""Stands for a step or a reason that would give the answer away."""


def chains_of(reason: Reason, index: int) -> Iterator[tuple[Text | None, Sequence[Link], Place]]:
    """Give title, links and place of every chain of a reason; `chain:` is the first of them."""
    place: Place = ("reasons", index)
    if reason.chain:
        yield None, reason.chain, (*place, "chain")
    for number, chain in enumerate(reason.chains):
        yield chain.title, chain.links, (*place, "chains", number, "links")


def steps(items: Sequence[str]) -> str:
    """Draw a chain: one step below the other."""
    return f'<div class="chain">{"".join(f"<div>{item}</div>" for item in items)}</div>'


def notes(context: Context, index: int) -> Iterator[Draft]:
    """Make a note for every link but the first: the links before it are shown, those after it are not.

    What the first link has of note, picture and recording stands on the back of the second.
    """
    reason = context.deck.reasons[index]
    for title, links, place in chains_of(reason, index):
        heading = context.heading("title", title, (*place[:-1], "title"))
        headings = Headings.of(context.question, context.titles[index], heading)
        shown = [context.mark(link, (*place, number, "text")).html for number, link in enumerate(links)]
        extras = [_extra(context, link, (*place, number)) for number, link in enumerate(links)]
        for number in range(1, len(links)):
            link, answer, at = links[number], shown[number], (*place, number)
            before = [HIDDEN if gives_away(step, answer) else step for step in shown[:number]]
            own, of_reason = (link.source, (*at, "source")), (reason.source, ("reasons", index, "source"))
            fields = {
                "Text": steps([*before, cloze(answer)]),
                **headings.above([folded_words(words(answer))]),
                "Extra": "".join(extras[:2]) if number == 1 else extras[number],
                "Source": context.source(own, of_reason),
            }
            text = f"{shown_words(answer)}\n{shown_words(shown[number - 1])}"
            yield context.draft(
                "link", f"{reason.id}/link", link.id, text, "cloze", at, fields, reason.tags, numbers={"link": 1}
            )  # fmt: skip


def _extra(context: Context, link: Link, at: Place) -> str:
    return context.html(link.note, (*at, "note")) + context.attached(link, at)
