"""Decks -> notes: one file for each kind of note.

To add a kind: a file with `notes(context)`, a name in `model.Kind`, and a row in `_KINDS` below.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from mkdeck.aside import WORTH_A_COPY
from mkdeck.compile import explain, fact, judge, link, map, plain, sort, term  # noqa: A004 - the kind's name
from mkdeck.compile.checks import check_drafts, check_ids
from mkdeck.compile.context import Context
from mkdeck.diagnostics import in_order
from mkdeck.media import Media

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from mkdeck.aside import Begin
    from mkdeck.compile.context import Found
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
_SHARE = 0.44
"""Of the points, what a copy of the process compiles: it takes 1.27x as long for one, which it has to hand over."""
DEFAULT_KINDS: frozenset[Kind] = frozenset({*_BEFORE, *_REASON, *_AFTER} - {"sort"})


def compile_deck(
    deck: DeckData,
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
    *,
    media: Media | None = None,
    begin: Begin | None = None,
) -> Compiled:
    """Make every note that `deck` has the data for; `folder` is where its media lie, if `media` has them not.

    `progress(done, all)` is told how many of its reasons are done. With `begin` (see `aside`), another process may
    do a part of them; ChildProcessError is raised if that was ended.
    Else nothing is raised: what is wrong is in `Compiled.problems`, and the notes are worth building only if
    that is empty.
    """
    wanted = DEFAULT_KINDS if deck.make is None else frozenset(deck.make)
    context = Context(deck, media or Media(folder, deck.media), wanted)
    check_ids(context)
    context.take_unnamed()
    drafts = [draft for kind, make in _BEFORE.items() for draft in _wanted(context, kind, make(context))]
    # Not with facts of the deck's own: for those, the points of all reasons have to be known.
    if begin and not deck.facts and (count := _reasons_aside(deck)):
        drafts += _in_two_processes(context, count, begin, progress)
    else:
        drafts += _of_reasons(context, range(len(deck.reasons)), progress)
    context.check_deck_facts()
    for kind, make in _AFTER.items():
        drafts += _wanted(context, kind, make(context))
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


def _of_reasons(context: Context, indexes: range, progress: Callable[[int, int], None] | None) -> list[Draft]:
    drafts: list[Draft] = []
    for done, index in enumerate(indexes):
        if progress:
            progress(done, len(indexes))
        for kind, make in _REASON.items():
            drafts += _wanted(context, kind, make(context, index))
    return drafts


def _wanted(context: Context, kind: Kind, made: Iterator[Draft]) -> Iterable[Draft]:
    # Kinds that are not wanted are made all the same: their texts are checked with the rest.
    if kind in context.wanted or kind not in _SHOWN_ELSEWHERE:
        drafts = list(made)
        return drafts if kind in context.wanted else ()
    return ()


def _reasons_aside(deck: DeckData) -> int:
    """Give how many reasons of a large deck hold about the copy's share of its points; 0 if none do."""
    upto = list(accumulate(len(reason.points) for reason in deck.reasons))
    if not upto or upto[-1] not in WORTH_A_COPY:
        return 0
    missed, number = min((abs(points / upto[-1] - _SHARE), number) for number, points in enumerate(upto, 1))
    return number if missed < _SHARE / 2 else 0


def _in_two_processes(
    context: Context, count: int, begin: Begin, progress: Callable[[int, int], None] | None
) -> list[Draft]:
    """Compile the first reasons aside, the others here: 0.9x of the time of a build of 10,000 notes."""

    def first() -> tuple[list[Draft], Found]:
        part = context.part()
        return _of_reasons(part, range(count), None), part.found()

    wait = begin(first)
    part = context.part()
    drafts: list[Draft]
    try:
        later = _of_reasons(part, range(count, len(context.deck.reasons)), progress)
    finally:
        drafts, found = wait()
    context.take_found(found)
    context.take_found(part.found())
    return drafts + later
