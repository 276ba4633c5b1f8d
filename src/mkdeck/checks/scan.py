"""One pass over all notes for the few that are worth a look, because a build waits for it.

A sheet is let go as soon as it is seen: at 100,000 notes, they would take 70 MB.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mkdeck.markup import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mkdeck.checks.sheets import Sheet
    from mkdeck.checks.words import Language
    from mkdeck.notes import Draft

_MOST_ALIKE = 10
"""Notes of one front that are kept, to tell which of them has the same answer."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What is worth a look."""

    unclear: list[Sheet] = field(default_factory=list)
    """Notes of which some words stand twice on a front, and may tell the answer."""
    alike: list[tuple[Sheet, Sheet, bool]] = field(default_factory=list)
    """Notes with a card whose front an earlier note has, one such note, and whether the answer is the same, too."""


def scan(drafts: Sequence[Draft], read: Callable[[int], Sheet], language: Language) -> Scan:
    """Look at every note once; `read` gives the sheet of a draft by its number."""
    found = Scan()
    headers: dict[str, frozenset[str]] = {}
    # The numbers of the notes by the hash of a front: 100 bytes a card, where a sheet would take 700.
    first: dict[int, int] = {}
    more: dict[int, list[int]] = {}
    for number in range(len(drafts)):
        sheet = read(number)
        above = headers.get(sheet.header)  # most notes of a reason have the same
        if above is None:
            above = headers[sheet.header] = frozenset(language.stems(tokens(sheet.header)))
        if not _is_clear(sheet, above, language):
            found.unclear.append(sheet)
        alike: dict[int, bool] = {}
        for front in map(hash, sheet.fronts()):
            other = first.setdefault(front, number)
            if other != number:
                for each in (other, *more.get(front, ())):
                    same = _common(sheet, read(each)) if each != number else None
                    if same is not None:
                        alike[each] = same
                if len(others := more.setdefault(front, [])) < _MOST_ALIKE and number not in others:
                    others.append(number)
        if alike:
            # The same answer is worse than another one, and one finding for a note is enough.
            other = next((each for each, same in alike.items() if same), next(iter(alike)))
            found.alike.append((sheet, read(other), alike[other]))
    return found


def _common(sheet: Sheet, other: Sheet) -> bool | None:
    """Tell whether two notes have the same answer to the first front that they share; None if they share none."""
    answers = dict(zip(other.fronts(), other.answers(), strict=True))
    for front, answer in zip(sheet.fronts(), sheet.answers(), strict=True):
        if front in answers:
            return answers[front] == answer
    return None


def _is_clear(sheet: Sheet, above: frozenset[str], language: Language) -> bool:
    """Tell whether no answer shares a word that tells something with another place on the note's fronts.

    `above` are the stems of its header. True for nearly every note; only what is not clear is looked at card by
    card.
    """
    if not sheet.blanks:
        return len(sheet.back) > len(sheet.text) + len(sheet.header) and len(sheet.draft.cards) == 1
    seen: set[str] = set()
    twice = set(above)
    for stem in map(language.__getitem__, tokens(sheet.text)):
        if stem:
            if stem in seen:
                twice.add(stem)
            seen.add(stem)
    for blank in sheet.blanks:
        own = language.stems(tokens(sheet.answer(blank)))
        if not own or not own.isdisjoint(twice):
            return False
        if blank.hint and not own.isdisjoint(language.stems(tokens(blank.hint))):
            return False
    return True
