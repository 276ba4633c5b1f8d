"""explain: a prompt for each reason. Explain how resistance in the countryside led to collectivisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.context import labelled, listed
from mkdeck.compile.link import chains_of, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.notes import Note


def notes(context: Context, index: int) -> Iterator[Note]:
    """Ask for the whole reason; the back has its paragraph, its evidence and its chains."""
    reason = context.deck.reasons[index]
    if not reason.explain and not reason.points:
        return
    said = list(zip(reason.points, context.points[index], strict=True))
    causes = listed(marked.revealed() for point, marked in said if point.role != "consequence")
    consequences = listed(marked.revealed() for point, marked in said if point.role == "consequence")
    chains = "".join(
        steps([context.mark(link, (*place, number, "text")).html for number, link in enumerate(links)])
        for _, _, links, place in chains_of(reason, index)
    )
    place = ("reasons", index)
    labels = context.labels
    fields = {
        "Front": f'<div class="label">{labels.explain}</div>{context.titles[index].html}',
        "Back": context.html(reason.explain, (*place, "explain"))
        + labelled(labels.evidence, causes)
        + labelled(labels.chain, chains)
        + labelled(labels.consequences, consequences),
        "Header": f'<div class="question">{context.question.html}</div>' if context.question.html else "",
        "Extra": context.image(reason.image, (*place, "image")),
        "Source": context.source(reason.source),
    }
    path = f"{reason.id}/explain/paragraph"
    yield context.note("explain", path, "prompt", (*place, "explain"), fields, (0,), reason.tags)
