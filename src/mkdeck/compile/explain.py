"""explain: a prompt for each reason. Explain how resistance in the countryside led to collectivisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.context import labelled, listed
from mkdeck.compile.link import chains_of, steps
from mkdeck.markup import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.notes import Draft


def notes(context: Context, index: int) -> Iterator[Draft]:
    """Ask for the whole reason; the back has its paragraph, its evidence and its chains."""
    reason = context.deck.reasons[index]
    if not reason.explain and not reason.points:
        return
    # Where nobody wants the note, the points are not put together for it: 0.05x of the time of a large deck.
    points = zip(reason.points, context.points, strict=True) if "explain" in context.wanted else ()
    said = [(point.role or reason.role, marked.revealed()) for point, marked in points]
    causes = listed(html for role, html in said if role != "consequence")
    results = listed(html for role, html in said if role == "consequence")
    chains = "".join(
        context.html(title, (*place[:-1], "title"))
        + steps([context.mark(link, (*place, number, "text")).html for number, link in enumerate(links)])
        for title, links, place in chains_of(reason, index)
    )
    place = ("reasons", index)
    labels = context.labels
    fields = {
        "Front": f'<div class="label">{labels.explain}</div>{context.titles[index].html}',
        "Back": context.html(reason.explain, (*place, "explain"))
        + labelled(labels.evidence, causes)
        + labelled(labels.chain, chains)
        + labelled(labels.consequences, results),
        "Header": f'<div class="question">{context.question.html}</div>' if context.question.html else "",
        "Extra": context.image(reason.image, (*place, "image")),
        "Source": context.source((reason.source, (*place, "source"))),
    }
    text = words(context.titles[index].html)
    home = f"{reason.id}/explain"
    at = (*place, "explain")
    yield context.draft("explain", home, None, text, "prompt", at, fields, reason.tags, is_only=True)
