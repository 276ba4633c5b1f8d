"""What must hold between the parts of a deck, before any note is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mkdeck.compile.context import Context
    from mkdeck.notes import Draft
    from mkdeck.source import Place

_RESERVED_TAGS = frozenset({"marked", "leech"})
"""Anki strips these on import: they are the learner's own."""


def check_ids(context: Context) -> None:
    """Report doubled ids, a ranking of reasons that do not exist, reserved tags, and a missing question."""
    deck = context.deck
    _check_unique(context, ((("reasons", i, "id"), each.id) for i, each in enumerate(deck.reasons)))
    for i, reason in enumerate(deck.reasons):
        points: Place = ("reasons", i, "points")
        _check_unique(context, (((*points, j, "id"), each.id) for j, each in enumerate(reason.points)))
        chains: Place = ("reasons", i, "chains")
        _check_tags(context, ("reasons", i), reason.tags)
        for j, point in enumerate(reason.points):
            _check_tags(context, (*points, j), point.tags)
        links: list[tuple[Place, str | None]] = [
            (("reasons", i, "chain", k, "id"), each.id) for k, each in enumerate(reason.chain)
        ]
        for j, chain in enumerate(reason.chains):
            links += [((*chains, j, "links", k, "id"), each.id) for k, each in enumerate(chain.links)]
        _check_unique(context, links)
    _check_unique(context, ((("terms", term, "id"), each.id) for term, each in deck.terms.items()))
    _check_unique(context, ((("cards", i, "id"), each.id) for i, each in enumerate(deck.cards)))
    for i, card in enumerate(deck.cards):
        _check_tags(context, ("cards", i), card.tags)
    for term, meaning in deck.terms.items():
        _check_tags(context, ("terms", term), meaning.tags)
    _check_tags(context, (), deck.tags)
    if deck.judgement:
        _check_tags(context, ("judgement",), deck.judgement.tags)
        _check_ranking(context, deck.judgement.ranking)
    facts: list[tuple[Place, str | None]] = [(("facts", i, "id"), each.id) for i, each in enumerate(deck.facts)]
    for i, reason in enumerate(deck.reasons):
        context.image(reason.image, ("reasons", i, "image"))  # checked, whatever is made of it
        facts += [(("reasons", i, "facts", j, "id"), each.id) for j, each in enumerate(reason.facts)]
        for j, point in enumerate(reason.points):
            facts += [
                (("reasons", i, "points", j, "facts", k, "id"), each.id) for k, each in enumerate(point.facts)
            ]
    _check_unique(context, facts)
    if deck.reasons and deck.question is None:
        mend = "add `question:`, what the reasons are the answer to"
        context.report("missing-key", "`question` is missing", (), mend)


def check_drafts(context: Context, drafts: list[Draft]) -> None:
    """Report a deck that makes no note, and two notes that would be one to Anki."""
    if not drafts and not context.problems:
        mend = (
            "write points with facts, chains of two steps or more, terms, or cards; or see what `make:` leaves out"
        )
        context.report("empty-deck", "this deck makes no cards", (), mend)
    seen: set[tuple[str, str]] = set()
    for draft in drafts:
        if draft.slot is not None and (draft.home, draft.slot) in seen:
            message = f"two notes would have the key `{draft.home}/{draft.slot}`"
            context.report("unstable-id", message, draft.place, "give one of them another `id:`")
        seen.add((draft.home, draft.slot or ""))


def _check_unique(context: Context, ids: Iterable[tuple[Place, str | None]]) -> None:
    seen: set[str] = set()
    for place, each in ids:
        if each is not None and each in seen:
            context.report("unstable-id", f"the id `{each}` stands here a second time", place, "give each its own")
        seen.add(each or "")


def _check_tags(context: Context, place: Place, tags: Sequence[str]) -> None:
    for number, tag in enumerate(tags):
        if tag.lower() in _RESERVED_TAGS:
            message = f"the tag `{tag}` is the learner's own in Anki, which strips it on import"
            context.report("value", message, (*place, "tags", number), "take another tag")


def _check_ranking(context: Context, ranking: Sequence[str]) -> None:
    known = [reason.id for reason in context.deck.reasons]
    for number, each in enumerate(ranking):
        place: Place = ("judgement", "ranking", number)
        if each not in known:
            import difflib  # noqa: PLC0415 - few names are wrong

            near = difflib.get_close_matches(each, known, 1)
            mend = f"did you mean `{near[0]}`?" if near else f"the reasons are {', '.join(known)}"
            context.report("unknown-reason", f"there is no reason with the id `{each}`", place, mend)
        elif each in ranking[:number]:
            context.report("unknown-reason", f"`{each}` is ranked twice", place)
