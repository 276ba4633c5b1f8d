"""What a learner's Anki will do with a package, and what it will not do by itself, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from mkdeck.lock import Built, Change

_LISTED = 10
"""Of each sort, so many are named; the rest are counted."""
_WIDTH = 70

IMPORTING = "To import: open the file in Anki, or choose File > Import there."


def summary(path: Path, notes: Mapping[str, int], cards: Mapping[str, int], media: int) -> list[str]:
    """Give the lines that say what is in a package."""
    kinds = ", ".join(f"{kind} {number} ({cards[kind]})" for kind, number in notes.items())
    parts = [count(sum(notes.values()), "note"), count(sum(cards.values()), "card")]
    if media:
        parts.append(count(media, "media file"))
    return [f"{path}: {', '.join(parts)}", f"  notes (cards) of each kind: {kinds or 'none'}"]


def count(number: int, name: str) -> str:
    """Give `1 note`, `2 notes`."""
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def outlook(built: Built, *, dry_run: bool = False, tag_retired: bool = False) -> Iterator[str]:
    """Give the lines that a build prints about one deck, most important last."""
    settled, changes = built.settled, built.settled.changes
    if built.is_first:
        if built.lock_path and not dry_run:
            yield f"  {built.lock_path}: begun. Commit it with the deck: it keeps learners' history on its facts."
        yield from _farewells(0, tag_retired=tag_retired)
        return
    counts = dict.fromkeys(("new", "updated", "back", "moved", "retired"), 0)
    for change in changes:
        counts[change.what] += 1
    said = "".join(f"{number} {what}, " for what, number in counts.items() if number)
    unchanged = len(settled.notes) - settled.farewells - counts["new"] - counts["updated"] - counts["back"]
    yield f"  since the last build: {said}{unchanged - counts['moved']} unchanged"
    yield from _list(
        "new, without a `type:`, so of mkdeck's note types and not of the deck's", _without_type(built)
    )
    yield from _looks(built)
    yield from _farewells(settled.farewells, tag_retired=tag_retired)
    kept = [_kept(change) for change in changes if change.how == "likeness"]
    yield from _list("kept, as the text or its facts are alike (an `id:` settles it)", kept)
    yield from _list(
        "facts kept, as they are alike (an `id:`, or {{c1::...}} with its number, settles it)",
        [f"{old!r} -> {new!r}" for change in changes for old, new in change.facts_edited],
    )
    if counts["retired"]:
        yield from _maybe_known(built)
    yield from not_by_itself(built)


def _maybe_known(built: Built) -> Iterator[str]:
    """Name the new notes, which may be ones that were taken out."""
    changes = built.settled.changes
    # A card that has the words of another of its note type is that one.
    gone = {change.before for change in changes if change.what == "retired" and change.kind == "plain"}
    new = [change for change in changes if change.what == "new"]
    retyped = [change.kind == "plain" and change.after in gone for change in new]
    yield from _list(
        "new, as Anki never changes the note type of a note: with another `type:`, or none, it is another note",
        [_short(change.after) for change, is_retyped in zip(new, retyped, strict=True) if is_retyped],
    )
    yield from _list(
        "new (if one of them is a note that was taken out: undo, give that an `id:`, build)",
        [_short(change.after) for change, is_retyped in zip(new, retyped, strict=True) if not is_retyped],
    )


def _looks(built: Built) -> Iterator[str]:
    """Tell of a new look of the deck, and of new names and looks of note types of its own."""
    settled = built.settled
    if settled.is_restyled:
        yield "  the deck's style has changed; it is that of all its cards"
    for before, after in settled.renamed_types:
        yield f"  the note type {before!r} is called {after!r} now; Anki knows it by its id"
    for name, each in built.compiled.deck.note_types.items():
        if str(each.id) in settled.changed_types:
            yield f"  the note type {name!r} has changed; Anki takes that for all its cards"


def _farewells(number: int, *, tag_retired: bool) -> Iterator[str]:
    """Tell how many retired notes are in the package; if they were asked for, also that there is none."""
    if number:
        are = "is" if number == 1 else "are"
        yield (
            f"  {count(number, 'retired note')} {are} shipped once more, with the tag mkdeck::retired: "
            "for learners who have the deck, not for new ones"
        )
    elif tag_retired:
        yield "  no note is tagged as retired: none that was taken out can be shipped"


def warned(built: Built) -> Iterator[str]:
    """Count what the compiler warns of; to look for more would take a build long."""
    deck, number = built.compiled.deck, len(built.compiled.problems)
    if number and deck.origin:
        them = "it" if number == 1 else "them"
        yield f"  {count(number, 'warning')}: `mkdeck check {deck.origin.path}` shows {them}"


def not_by_itself(built: Built) -> Iterator[str]:
    """Name what Anki leaves to the learner, with the search in its browser that finds it."""
    changes = built.settled.changes
    if before := built.settled.renamed_from:
        yield from _renamed(built, before)
    if not any(change.what == "retired" or change.cards_removed for change in changes):
        return
    from mkdeck.searches import searches  # noqa: PLC0415 - a build that changes nothing does not need it

    search = searches(built)
    safe = "" if built.settled.farewells else ", or build with --tag-retired and delete `tag:mkdeck::retired`"
    yield from _list(
        f"taken out, but Anki deletes nothing; search and delete{safe}",
        [f"{search(change.key)} {_short(change.before)}" for change in changes if change.what == "retired"],
    )
    yield from _list(
        "blanks taken out; Tools > Empty Cards deletes their cards, or search",
        [
            f"{search(change.key, f' card:{number}')} {_short(change.after)}"
            for change in changes
            if change.what != "retired"
            for number in change.cards_removed
        ],
    )


def _renamed(built: Built, before: str) -> Iterator[str]:
    """Say what a new name of the deck leaves to the learner, and to the author."""
    deck = built.compiled.deck
    # Notes of other note types have no key to search for.
    keys = "" if any(note.type for note in built.settled.notes) else f" Key:{deck.id}/*"
    name = before.replace("\\", "\\\\").replace("_", r"\_").replace("*", r"\*").replace('"', r"\"")
    yield (
        f"  Anki moves no cards: those that learners have stay in the deck {before!r}. "
        f'Search there for `deck:"{name}" -deck:"{name}::*"{keys}`, and change the deck.'
    )
    inside = {name for note in built.settled.notes for name in (note.deck, *note.decks.values())}
    kept = sorted(name for name in inside if name == before or name.startswith(f"{before}::"))
    yield from _list("cards with a `deck:` of their own keep the old name; change it there, too", kept)


def between_decks(built: Sequence[Built]) -> Iterator[str]:
    """Name the notes that left one deck of a build and are new in another: Anki moves no cards."""
    if len(built) == 1:
        return
    new = {
        (change.kind, change.after): each
        for each in built
        for change in each.settled.changes
        if change.what == "new"
    }
    yield from _list(
        "moved to another deck, where it is a new note without history; the old one stays where it is",
        [
            f"{_short(change.before)}: from {each.compiled.deck.deck!r} to {home.compiled.deck.deck!r}"
            for each in built
            for change in each.settled.changes
            if change.what == "retired" and (home := new.get((change.kind, change.before))) not in (None, each)
        ],
    )


def _without_type(built: Built) -> list[str]:
    """Name the new cards of mkdeck's own if there was none before: an author may have forgotten their `type:`."""
    settled = built.settled
    notes = settled.notes[: len(settled.notes) - settled.farewells]
    own = [note for note in notes if not note.type]
    new = {change.place for change in settled.changes if change.what == "new"}
    is_mixed = any(note.kind != "plain" or note.place not in new for note in own)
    if is_mixed or len(own) == len(notes):
        return []
    return [_short(settled.lock.notes[note.lock_key].text) for note in own]


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
