"""What a learner's Anki will do with a package, and what it will not do by itself, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdeck.lock import Built, Change

_LISTED = 10
"""Of each sort, so many are named; the rest are counted."""
_WIDTH = 70


def outlook(built: Built) -> Iterator[str]:
    """Give the lines that a build prints about one deck, most important last; none for a first build."""
    settled, changes = built.settled, built.settled.changes
    if built.is_first:
        if built.lock_path:
            yield f"  {built.lock_path}: begun. Commit it with the deck: it keeps learners' history on its facts."
        return
    counts = {
        what: sum(change.what == what for change in changes) for what in ("new", "updated", "back", "retired")
    }
    unchanged = len(settled.notes) - sum(counts[what] for what in ("new", "updated", "back"))
    said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    yield f"  since the last build: {said + ', ' if said else ''}{unchanged} unchanged"
    yield from _list(
        "kept, as the text is similar", [_kept(change) for change in changes if change.how == "likeness"]
    )
    yield from _list(
        "facts kept, as the text is similar (an `id:` settles it)",
        [f"{old!r} -> {new!r}" for change in changes for old, new in change.facts_edited],
    )
    yield from not_by_itself(built)


def not_by_itself(built: Built) -> Iterator[str]:
    """Name what Anki leaves to the learner, with the search in its browser that finds it."""
    deck_id, changes = built.compiled.deck.id, built.settled.changes
    if built.settled.renamed_from:
        yield (
            f"  Anki moves no cards: those that learners have stay in the deck {built.settled.renamed_from!r}. "
            f'Search there for `deck:"{built.settled.renamed_from}" Key:{deck_id}/*`, and change the deck.'
        )
    retired = [change for change in changes if change.what == "retired"]
    yield from _list(
        "taken out, but Anki deletes nothing; search and delete",
        [f"`{_search(deck_id, change)}` {_short(change.before)}" for change in retired],
    )
    yield from _list(
        "blanks taken out; Tools > Empty Cards deletes their cards, or search",
        [
            f"`{_search(deck_id, change)} card:{number}` {_short(change.after)}"
            for change in changes
            if change.what != "retired"
            for number in change.cards_removed
        ],
    )


def _search(deck_id: str, change: Change) -> str:
    return f"Key:{deck_id}/{change.key}"


def _kept(change: Change) -> str:
    """Show the two texts from shortly before they part."""
    same = next((i for i, (a, b) in enumerate(zip(change.before, change.after, strict=False)) if a != b), 0)
    start = max(0, change.before.rfind(" ", 0, max(0, same - _WIDTH // 3)) + 1)
    ellipsis = "…" if start else ""
    return f"{_short(ellipsis + change.before[start:])} -> {_short(ellipsis + change.after[start:])}"


def _short(text: str) -> str:
    return repr(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"  {title}:"
        yield from (f"    {line}" for line in lines[:_LISTED])
        if len(lines) > _LISTED:
            yield f"    and {len(lines) - _LISTED} more"
