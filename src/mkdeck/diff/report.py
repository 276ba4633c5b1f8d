"""A difference as text for people and as JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mkdeck.diagnostics import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.diff.compare import Difference, NoteDiff
    from mkdeck.diff.words import Words

VERSION = 1

_TITLES = {
    "new": "new: Anki adds them",
    "updated": "updated: Anki takes the new text and tags, and keeps the history",
    "moved": "moved, and else unchanged",
    "refused": "changed, but Anki will not take the change",
    "retired": "retired: Anki deletes nothing; search as below, or by one tag after `mkdeck build --tag-retired`",
}
_WHY = {
    "not newer": "what the learner has is as new or newer",
    "note type": "it is of another note type now; Anki leaves the old note as it is",
}
_RED, _GREEN, _BOLD, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[1m", "\x1b[0m"
_AROUND = 60
"""Characters of an unchanged stretch that are shown on either side of a change."""


def to_json(difference: Difference) -> str:
    """Give the report for programs; docs/re-import.md describes it."""
    data = {
        "version": VERSION, "old": difference.old, "new": difference.new, "counts": difference.counts,
        "restyled": difference.restyled, "renamed": difference.renamed,
        "notes": [_data(note) for note in difference.notes],
    }  # fmt: skip
    # As ASCII it passes through every terminal and pipe, whatever their encoding.
    return json.dumps(data, indent=1)


def _data(note: NoteDiff) -> dict[str, Any]:
    return {
        "what": note.what, "key": note.key, "guid": note.guid, "kind": note.kind, "deck": note.deck,
        "deck_before": note.deck_before, "reason": note.reason, "reason_before": note.reason_before,
        "why": note.why, "search": note.search, "words": note.words, "fields": note.fields,
        "tags_added": note.tags_added, "tags_removed": note.tags_removed,
        "cards_added": note.cards_added, "cards_removed": note.cards_removed,
    }  # fmt: skip


def to_text(difference: Difference, *, colour: bool) -> str:
    """Give the report for people: the counts, then every note that something becomes of."""
    return "\n".join(_lines(difference, colour=colour))


def _lines(difference: Difference, *, colour: bool) -> Iterator[str]:
    said = ", ".join(f"{count} {what}" for what, count in difference.counts.items() if count) or "no notes"
    yield printable(f"{difference.old} -> {difference.new}: {said}")
    for before, after in difference.renamed:
        yield printable(f"the note type {before!r} is called {after!r} now")
    for name in difference.restyled:
        yield printable(f"the look of the note type {name!r} has changed")
    for what, title in _TITLES.items():
        notes = [note for note in difference.notes if note.what == what]
        if notes:
            yield ""
            yield f"{_BOLD}{title}{_PLAIN}" if colour else title
            for note in notes:
                yield from _note(note, colour=colour)
    kept = [note for note in difference.notes if note.what != "retired"]
    decks = sorted({note.deck_before for note in kept if note.deck_before})
    if decks or any(note.cards_removed for note in kept):
        yield ""
    for deck in decks:
        yield printable(f"Anki moves no cards: those that learners have stay in the deck {deck!r}.")
    if any(note.cards_removed for note in kept):
        yield "Anki deletes no cards: those that are lost stay, empty, until Tools > Empty Cards."


def _note(note: NoteDiff, *, colour: bool) -> Iterator[str]:
    yield printable(f"  {note.key} ({note.kind})")
    if note.what in ("new", "retired"):
        yield from _alone(note)
        return
    if note.why:
        yield f"    {_WHY[note.why]}"
    yield f"    {_shown(note.words, colour=colour)}"
    for name, words in note.fields.items():
        yield f"    {printable(name)}: {_shown(words, colour=colour)}"
    if note.what != "moved" and not _says_what_changed(note):
        yield "    these words are the same; what differs cannot be seen in them"
    tags: Words = (*(("-", tag) for tag in note.tags_removed), *(("+", tag) for tag in note.tags_added))
    if tags:
        yield f"    tags: {' '.join(_marked(*each, colour=colour) for each in tags)}"
    for verb, numbers in (("gains", note.cards_added), ("loses", note.cards_removed)):
        if numbers:
            yield f"    {verb} card{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
    if note.reason_before is not None:
        yield printable(f"    moved from the reason {note.reason_before} to {note.reason}")
    if note.deck_before is not None:
        yield printable(f"    moved from the deck {note.deck_before!r} to {note.deck!r}")


def _alone(note: NoteDiff) -> Iterator[str]:
    """Tell of a note that only one side has; what is retired is to be found."""
    text = "".join(text for _, text in note.words)
    yield f"    {printable(text)}"
    if note.what == "retired":
        yield (
            f"    search: {printable(note.search)}"
            if note.search
            else "    no search tells it from notes that stay"
        )


def _says_what_changed(note: NoteDiff) -> bool:
    texts = (note.words, *note.fields.values())
    return bool(
        any(op != "=" for words in texts for op, _ in words)
        or note.tags_added or note.tags_removed or note.cards_added or note.cards_removed or note.why == "note type"
    )  # fmt: skip


def _shown(words: Words, *, colour: bool) -> str:
    parts = []
    for place, (op, text) in enumerate(words):
        changes = len(words) > 1
        shown = _shortened(text, before=changes and place > 0, after=changes and place < len(words) - 1)
        parts.append(printable(shown) if op == "=" else _marked(op, text, colour=colour))
    return "".join(parts)


def _shortened(text: str, *, before: bool, after: bool) -> str:
    """Cut what is far from a change; `before` and `after` tell where a change is."""
    if not (before or after) or len(text) <= 2 * _AROUND + 20:
        return text
    start = text[: text.rfind(" ", 0, _AROUND) + 1] if before else ""
    end = text[text.find(" ", len(text) - _AROUND) :] if after and " " in text[-_AROUND:] else ""
    return f"{start}…{end}"


def _marked(op: str, text: str, *, colour: bool) -> str:
    shown = f"[-{printable(text)}-]" if op == "-" else f"{{+{printable(text)}+}}"
    return f"{_RED if op == '-' else _GREEN}{shown}{_PLAIN}" if colour else shown
