"""What is in a package, any maker's: counts, samples and what is wrong with it, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
import os
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from mkdeck.archive import read_package
from mkdeck.archive.cards import drawn
from mkdeck.archive.texts import media_names, media_needed, shown
from mkdeck.diagnostics import printable
from mkdeck.outlook import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mkdeck.archive import Archive, Limits, Note, NoteType

VERSION = 1
"""Of the JSON document: a new key does not change it; one that is taken out or gets another meaning does."""

_SAMPLES = 3
_LONGEST_SAMPLE = 1000
_LISTED = 10
"""Of each sort, the table names so many; the rest are counted."""
_WIDTH = 100
_DEFAULT_DECK = 1
_UNUSED_IS_FINE = ("_", "latex-")
"""What names of files begin with that a style sheet, a template or LaTeX may need."""


@dataclass(frozen=True, slots=True)
class ShownDeck:
    """A deck, with the notes that have a card in it."""

    name: str
    notes: int
    cards: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A card as words."""

    front: str
    back: str


@dataclass(frozen=True, slots=True)
class ShownNoteType:
    """A note type, with its first cards."""

    id: int
    name: str
    stock: str
    """The note type of Anki's own that it began as; empty if it is not known."""
    is_cloze: bool
    fields: tuple[str, ...]
    templates: tuple[str, ...]
    notes: int
    cards: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A media file that so many notes refer to and that is not there."""

    name: str
    notes: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Notes of one note type whose first fields show the same words."""

    note_type: str
    front: str
    guids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """What a learner would stumble over. Notes are named by their guids."""

    missing_media: tuple[Missing, ...]
    unused_media: tuple[str, ...]
    notes_without_cards: tuple[str, ...]
    empty_first_fields: tuple[str, ...]
    duplicate_fronts: tuple[Duplicate, ...]
    doubled_guids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A package at a glance."""

    path: str
    format: int
    """1, 2 or 3: which of `collection.anki2`, `.anki21` and `.anki21b` Anki reads."""
    notes: int
    cards: int
    media: int
    media_bytes: int
    decks: tuple[ShownDeck, ...]
    """By name; the Default deck only if it has cards."""
    note_types: tuple[ShownNoteType, ...]
    """By name."""
    health: Health
    problems: tuple[str, ...]
    """What could not be read."""


def show(path: str | os.PathLike[str], *, samples: int = _SAMPLES, limits: Limits | None = None) -> Shown:
    """Look at a package. Raises DeckError if it cannot be read."""
    return summary(read_package(path, limits=limits), samples=samples)


def summary(archive: Archive, *, samples: int = _SAMPLES) -> Shown:
    """Look at a package that has been read, with so many sample cards of each note type."""
    return Shown(
        path=os.fsencode(archive.path).decode(errors="replace"),
        format=archive.version,
        notes=len(archive.notes),
        cards=sum(len(note.cards) for note in archive.notes),
        media=len(archive.media),
        media_bytes=sum(file.size for file in archive.media.values()),
        decks=_decks(archive),
        note_types=_note_types(archive, samples),
        health=_health(archive),
        problems=tuple(each.message for each in archive.problems),
    )


def _decks(archive: Archive) -> tuple[ShownDeck, ...]:
    notes: Counter[int] = Counter()
    cards: Counter[int] = Counter()
    for note in archive.notes:
        notes.update({card.deck for card in note.cards})
        cards.update(card.deck for card in note.cards)
    found = [
        ShownDeck(deck.name, notes[deck.id], cards[deck.id])
        for deck in archive.decks.values()
        if cards[deck.id] or deck.id != _DEFAULT_DECK
    ]
    return tuple(sorted(found, key=lambda deck: deck.name.split("::")))


def _note_types(archive: Archive, samples: int) -> tuple[ShownNoteType, ...]:
    notes: dict[int, list[Note]] = defaultdict(list)
    for note in archive.notes:
        notes[note.note_type].append(note)
    found = [_note_type(archive, each, notes[each.id], samples) for each in archive.note_types.values()]
    return tuple(sorted(found, key=lambda each: (each.name, each.id)))


def _note_type(archive: Archive, note_type: NoteType, notes: Sequence[Note], samples: int) -> ShownNoteType:
    first = ((note, card) for note in notes for card in note.cards)
    drawings = [drawn(archive, note, card) for (note, card), _ in zip(first, range(samples), strict=False)]
    return ShownNoteType(
        id=note_type.id,
        name=note_type.name,
        stock=note_type.stock,
        is_cloze=note_type.is_cloze,
        fields=tuple(field.name for field in note_type.fields),
        templates=tuple(template.name for template in note_type.templates),
        notes=len(notes),
        cards=sum(len(note.cards) for note in notes),
        samples=tuple(
            Sample(_cut(front, _LONGEST_SAMPLE), _cut(back, _LONGEST_SAMPLE)) for front, back in drawings
        ),
    )


def _health(archive: Archive) -> Health:
    needed = media_needed(archive.notes)
    fronts: dict[tuple[int, str], list[str]] = defaultdict(list)
    empty = []
    for note in archive.notes:
        front = shown(note.fields[0])
        if front:
            fronts[note.note_type, front].append(note.guid)
        elif not media_names(note.fields[0]):
            empty.append(note.guid)
    guids = Counter(note.guid for note in archive.notes)
    unused = archive.media.keys() - needed.keys()
    return Health(
        missing_media=tuple(Missing(name, needed[name]) for name in sorted(needed.keys() - archive.media.keys())),
        unused_media=tuple(sorted(name for name in unused if not name.startswith(_UNUSED_IS_FINE))),
        notes_without_cards=tuple(note.guid for note in archive.notes if not note.cards),
        empty_first_fields=tuple(empty),
        duplicate_fronts=tuple(
            Duplicate(archive.note_types[note_type].name, _cut(front, _LONGEST_SAMPLE), tuple(same))
            for (note_type, front), same in fronts.items()
            if len(same) > 1
        ),
        doubled_guids=tuple(sorted(guid for guid, times in guids.items() if times > 1)),
    )


def to_json(shown: Shown) -> str:
    """Give the document for programs: one object, in UTF-8, with keys and lists in a fixed order.

    Its keys are `version` (of the document, 1), then the attributes of `Shown`, and in the same way down to
    `Sample` and `Missing`: `decks[].name`, `note_types[].samples[].front`, `health.missing_media[].name`.
    What is not known is empty and never left out.
    """
    return json.dumps({"version": VERSION, **asdict(shown)}, ensure_ascii=False, indent=2)


def to_csv(archive: Archive) -> Iterator[str]:
    """Give the notes as CSV (RFC 4180), a row at a time with its end: guid, note type, deck, tags, then the fields.

    Fields are HTML, word for word. A column is named for its field where all note types agree on the name,
    and else for its place: `field 3`. The deck is that of the first card.
    """
    used = [archive.note_types[each] for each in {note.note_type: None for note in archive.notes}]
    width = max((len(each.fields) for each in used), default=0)
    yield _row(["guid", "note type", "deck", "tags", *_columns(used, width)])
    for note in archive.notes:
        deck = archive.decks[note.cards[0].deck].name if note.cards else ""
        rest = [""] * (width - len(note.fields))
        name = archive.note_types[note.note_type].name
        yield _row([note.guid, name, deck, " ".join(note.tags), *note.fields, *rest])


def _columns(note_types: Iterable[NoteType], width: int) -> Iterator[str]:
    names: list[set[str]] = [set() for _ in range(width)]
    for note_type in note_types:
        for place, field in enumerate(note_type.fields):
            names[place].add(field.name)
    for place, found in enumerate(names, 1):
        yield found.pop() if len(found) == 1 else f"field {place}"


def _row(cells: Sequence[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


def to_table(shown: Shown) -> str:
    """Give what a person wants to know first, in lines; nothing in them acts on a terminal."""
    media = f", {count(shown.media, 'media file')} of {_size(shown.media_bytes)}" if shown.media else ""
    lines = [f"{shown.path}: {count(shown.notes, 'note')}, {count(shown.cards, 'card')}{media}", "", "Decks"]
    lines += _columns_of(["notes", "cards", "deck"], [[str(d.notes), str(d.cards), d.name] for d in shown.decks])
    lines += ["", "Note types"]
    rows = [[str(each.notes), str(each.cards), _described(each)] for each in shown.note_types]
    lines += _columns_of(["notes", "cards", "note type (fields)"], rows)
    for each in shown.note_types:
        if each.samples:
            lines += ["", f"Sample cards of {each.name}"]
        for sample in each.samples:
            # Most backs repeat the front; what they add is what one wants to see.
            back = sample.back.removeprefix(sample.front).strip() or sample.back
            front, back = (_cut(each, _WIDTH) or "(nothing)" for each in (sample.front, back))
            lines += [f"  {front}", f"    -> {back}"]
    lines += ["", "Health", *(f"  {line}" for line in _complaints(shown.health) or ["nothing is wrong"])]
    if shown.problems:
        lines += ["", "Not read", *_some([f"  {each}" for each in shown.problems])]
    return "\n".join(printable(line).rstrip() for line in lines)


def _described(note_type: ShownNoteType) -> str:
    kind = ", cloze" if note_type.is_cloze and note_type.stock not in ("cloze", "image-occlusion") else ""
    return f"{note_type.name} ({', '.join(note_type.fields)}){kind}"


def _columns_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay numbers out in columns, and the last text after them as wide as it is."""
    table = [head, *rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(head) - 1)]
    return [
        "  " + "  ".join([*(cell.rjust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in table
    ]


def _complaints(health: Health) -> list[str]:
    missing = [f"{each.name} (in {count(each.notes, 'note')})" for each in health.missing_media]
    doubled = [
        f"{each.front} ({count(len(each.guids), 'note')} of {each.note_type})" for each in health.duplicate_fronts
    ]
    sorts = [
        ("media that notes refer to and that are not there", missing),
        ("media that no note refers to", health.unused_media),
        ("notes without a card, by guid", health.notes_without_cards),
        ("notes whose first field is empty, by guid", health.empty_first_fields),
        ("first fields that several notes have", doubled),
        ("guids that several notes have: Anki would take them for one", health.doubled_guids),
    ]
    lines = []
    for title, found in sorts:
        if found:
            lines += [f"{title}: {len(found)}", *_some([f"  {_cut(each, _WIDTH)}" for each in found])]
    return lines


def _some(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _LISTED
    return [*lines[:_LISTED], *([f"  and {more} more"] if more > 0 else [])]


def _size(size: int) -> str:
    """Give a size as people say it."""
    number, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB"):
        if number < 1000:
            break
        number, unit = number / 1000, larger
    return f"{size} bytes" if unit == "bytes" else f"{number:.1f} {unit}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
