"""term: a word and its meaning, asked both ways. kulak <-> a peasant better off than most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.compile.headings import gives_away, tells
from mkdeck.markup import shown_words, words
from mkdeck.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.compile.context import Context
    from mkdeck.notes import Draft


def notes(context: Context) -> Iterator[Draft]:
    """Ask for the meaning of each term, and for the term unless its meaning names it, or a word of its stem."""
    for term, meaning in context.deck.terms.items():
        place = ("terms", term)
        if not any(char.isprintable() and not char.isspace() for char in term):
            context.report("value", "this term is blank", place, "write the word that is to be learnt", key=True)
            continue
        front, back = context.mark(Text(text=term), place).html, context.html(meaning, place)
        longest = max(words(front).split() or [""], key=len)
        # A meaning may share small words with its term (`command economy`, `an economy in which`).
        both_ways = not gives_away(back, front) and not tells(back, longest)
        fields = {
            "Front": front,
            "Back": back,
            "Reverse": "1" if both_ways else "",
            "Extra": context.html(meaning.note, (*place, "note")),
            "Source": context.source((meaning.source, (*place, "source"))),
        }
        text = f"{words(front)}\n{shown_words(back)}"
        yield context.draft(
            "term", "terms/term", meaning.id, text, "prompt", place, fields, meaning.tags,
            cards=(0, 1) if both_ways else (0,),
        )  # fmt: skip
