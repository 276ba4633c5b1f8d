"""Decks -> notes: one file for each kind of note.

To add a kind: a file with `notes(context)`, a name in `model.Kind`, and a row in `_KINDS` below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mkdeck.compile import explain, fact, judge, link, map, plain, sort, term  # noqa: A004 - the kind's name
from mkdeck.compile.checks import check_drafts, check_ids
from mkdeck.compile.context import Context
from mkdeck.diagnostics import in_order
from mkdeck.media import Media

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from mkdeck.diagnostics import Diagnostic
    from mkdeck.media import Look
    from mkdeck.model import DeckData, Kind
    from mkdeck.notes import Draft


class Compiled(NamedTuple):
    """A deck's notes in the order in which Anki will show them, its media, and what is wrong with it."""

    deck: DeckData
    drafts: tuple[Draft, ...]
    media_names: Mapping[str, str]
    """Name in the deck -> stored name."""
    media: Mapping[str, Path]
    """Stored name -> file."""
    media_looks: Mapping[str, Look]
    """Stored name -> the file as it was."""
    description: str
    """HTML."""
    problems: tuple[Diagnostic, ...]


# The overview first, then each reason with its evidence, then what ranges over all reasons.
_BEFORE: dict[Kind, Callable[[Context], Iterator[Draft]]] = {"map": map.notes}
_REASON: dict[Kind, Callable[[Context, int], Iterator[Draft]]] = {
    "fact": fact.notes,
    "link": link.notes,
    "explain": explain.notes,
}
_AFTER: dict[Kind, Callable[[Context], Iterator[Draft]]] = {
    "sort": sort.notes,
    "term": term.notes,
    "judge": judge.notes,
    "plain": plain.notes,
}
_SHOWN_ELSEWHERE: frozenset[Kind] = frozenset({"map", "sort"})
"""Kinds without a text of their own: those that nobody wants need not be made, 0.1x of the time of a large deck."""
DEFAULT_KINDS: frozenset[Kind] = frozenset({*_BEFORE, *_REASON, *_AFTER} - {"sort"})


def compile_deck(
    deck: DeckData,
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
    *,
    media: Media | None = None,
) -> Compiled:
    """Make every note that `deck` has the data for; `folder` is where its media lie, if `media` has them not.

    `progress(done, all)` is told how many of its reasons are done.
    Nothing is raised: what is wrong is in `Compiled.problems`, and the notes are worth building only if
    that is empty.
    """
    wanted = DEFAULT_KINDS if deck.make is None else frozenset(deck.make)
    context = Context(deck, media or Media(folder, deck.media), wanted)
    check_ids(context)
    context.take_unnamed()
    drafts: list[Draft] = []

    def take(kind: Kind, made: Iterator[Draft]) -> None:
        # Kinds that are not wanted are made all the same: their texts are checked with the rest.
        if kind in wanted or kind not in _SHOWN_ELSEWHERE:
            drafts.extend(draft for draft in made if kind in wanted)

    for kind, of_deck in _BEFORE.items():
        take(kind, of_deck(context))
    for index in range(len(deck.reasons)):
        if progress:
            progress(index, len(deck.reasons))
        for kind, of_reason in _REASON.items():
            take(kind, of_reason(context, index))
    context.check_deck_facts()
    for kind, of_deck in _AFTER.items():
        take(kind, of_deck(context))
    check_drafts(context, drafts)
    if deck.note_types:
        from mkdeck.compile import own, templates  # noqa: PLC0415 - few decks have note types of their own

        own.check_types(context, drafts)
        own.check_decks(context)
        templates.check_templates(context)
    compiled = Compiled(
        deck, tuple(drafts), context.media.names, context.media.files, context.media.looks,
        context.description(), in_order(context.problems),
    )  # fmt: skip
    del context.scope  # the two know each other: where nobody collects garbage, a deck would stay for ever
    return compiled
