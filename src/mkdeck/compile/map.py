"""map: one note a reason, in the list of all. Why collectivise? Resistance, {{modernisation}}, ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.context import listed
from mkdeck.compile.link import HIDDEN
from mkdeck.markup import cloze, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.notes import Draft


def notes(context: Context) -> Iterator[Draft]:
    """Ask for each reason with the question above and the other reasons around it."""
    reasons = context.deck.reasons
    if len(reasons) < 2 or not context.question.html:
        return
    question = {"Header": f'<div class="question">{context.question.html}</div>'}
    for index, (reason, title) in enumerate(zip(reasons, context.titles, strict=True)):
        if title.folded in context.question.folded:
            continue  # a question that names its own answer asks nothing
        others = [HIDDEN if title.folded in other.folded else other.html for other in context.titles]
        others[index] = cloze(title.html)
        fields = {
            "Text": listed(others),
            **question,
            "Extra": context.image(reason.image, ("reasons", index, "image")),
            "Source": context.source((reason.source, ("reasons", index, "source"))),
        }
        place = ("reasons", index, "reason")
        home = f"{reason.id}/map"
        yield context.draft(
            "map", home, None, words(title.html), "cloze", place, fields, reason.tags, numbers={"reason": 1},
            is_only=True,
        )  # fmt: skip
