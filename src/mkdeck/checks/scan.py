"""One pass over all notes for the few that are worth a look, because a build waits for it.

A sheet is let go as soon as it is seen: at 100,000 notes, they would take 70 MB.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mkdeck.checks.glance import above, fronts_at_a_glance
from mkdeck.markup import bare_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mkdeck.checks.glance import Above
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
    headers: dict[str, Above] = {}
    # The numbers of the notes by the hash of a front: 100 bytes a card, where a sheet would take 700.
    first: dict[int, int] = {}
    more: dict[int, list[int]] = {}
    for number, draft in enumerate(drafts):
        header = draft.fields.get("Header", "")
        if header not in headers:  # most notes of a reason have the same
            headers[header] = above(draft, language)
        fronts = fronts_at_a_glance(draft, headers[header], language)
        if fronts is None:
            sheet = read(number)
            fronts = list(map(hash, sheet.fronts()))
            if not is_clear(sheet, headers[header].stems, language):
                found.unclear.append(sheet)
        others: list[int] = []
        for front in fronts:
            other = first.setdefault(front, number)
            if other != number:
                others += (each for each in (other, *more.get(front, ())) if each != number)
                if len(same := more.setdefault(front, [])) < _MOST_ALIKE and number not in same:
                    same.append(number)
        if others:
            found.alike.extend(_alike(read(number), map(read, dict.fromkeys(others))))
    return found


def _alike(sheet: Sheet, others: Iterable[Sheet]) -> list[tuple[Sheet, Sheet, bool]]:
    """Choose one of the earlier notes that seem to share a front with a note; none if all just have its hash."""
    alike = [(sheet, other, same) for other in others if (same := _common(sheet, other)) is not None]
    # The same answer is worse than another one, and one finding for a note is enough.
    return sorted(alike, key=lambda each: not each[2])[:1]


def _common(sheet: Sheet, other: Sheet) -> bool | None:
    """Tell whether two notes have the same answer to the first front that they share; None if they share none."""
    answers = dict(zip(other.fronts(), other.answers(), strict=True))
    for front, answer in zip(sheet.fronts(), sheet.answers(), strict=True):
        if front in answers:
            return answers[front] == answer
    return None


def is_clear(sheet: Sheet, above: set[str], language: Language) -> bool:
    """Tell whether no answer shares a word that tells something with another place on the note's fronts.

    `above` are the stems of its header. True for nearly every note; only what is not clear is looked at card by
    card.
    """
    if not sheet.blanks:
        return len(sheet.back) > len(sheet.text) + len(sheet.header) and len(sheet.draft.cards) == 1
    seen: set[str] = set()
    twice = set(above)
    for stem in map(language.__getitem__, bare_words(sheet.text)):
        if stem:
            if stem in seen:
                twice.add(stem)
            seen.add(stem)
    for blank in sheet.blanks:
        own = language.stems(sheet.answer(blank))
        if not own or not own.isdisjoint(twice):
            return False
        if blank.hint and not own.isdisjoint(language.stems(blank.hint)):
            return False
    return True
