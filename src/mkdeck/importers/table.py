"""CSV, TSV and Anki's text export -> cards."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from mkdeck.importers.columns import Head, chosen, columns_of, has_head, is_header, read_head
from mkdeck.importers.delimited import delimiter_of, rows_of
from mkdeck.importers.fields import Cell, Fields, has_clozes
from mkdeck.importers.html_lines import looks_like_html
from mkdeck.importers.plain_text import in_one_line, is_seen
from mkdeck.importers.report import Remark
from mkdeck.importers.stages import silent, told_in_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from mkdeck.importers.columns import Column, Role
    from mkdeck.importers.delimited import Row
    from mkdeck.importers.stages import Progress

_LEARNERS = frozenset(["marked", "leech"])
"""Tags that are the learner's own in Anki."""
_OCCLUSION = "::image-occlusion:"
_NO_UPDATE = (
    "notes of other note types that Anki has under these guids are not updated by what you build: its cards are of "
    "mkdeck's, and Anki never changes the type of a note; to update those, export a package (.apkg) and import that"
)
_RULE = re.compile(r"\s*(?::?-{2,}:?)?\s*")
"""A cell of the line that Markdown has below the header of a table, or one that is empty beside its bars."""
_SINGLE = frozenset(
    ["Basic", "Cloze", "Basic (type in the answer)", "Einfach", "Lückentext", "Einfach (Antwort eintippen)"]
)
"""Anki's note types of which a row holds all that its cards ask."""
_REVERSED = (
    "Basic (and reversed card)", "Einfach (und die umgekehrte Richtung)", "Généralités (deux sens)",
    "Básico (y tarjeta invertida)", "Basilare (e carta inversa)", "Basis (en omgekeerde kaart)",
    "Básico (e cartão invertido)",
)  # fmt: skip
"""How the names of Anki's note type begin that asks both sides; a copy of it has more behind."""
_BETWEEN_TAGS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class TableCard:
    """One row as a card: Markdown, with `front` and `back` or a `cloze`."""

    line: int
    front: Cell | None = None
    back: Cell | None = None
    cloze: Cell | None = None
    note: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    guid: str = ""
    """What Anki knows the note by."""
    deck: str = ""
    note_type: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The cards of a file, and what it says of all of them."""

    cards: tuple[TableCard, ...]
    deck: str
    tags: tuple[str, ...]
    remarks: tuple[Remark, ...]


def read_table(
    text: str,
    folder: Path,
    *,
    delimiter: str = "",
    columns: Sequence[str] | None = None,
    progress: Progress = silent,
) -> Table:
    """Read the cards of a table; pictures and recordings are those in `folder`.

    Without `columns`, the file says what they hold, or the first is the front and the second the back. Raises
    DeckError for a column that there is not.
    """
    head = read_head(text) if has_head(text) else Head()
    is_export = head.lines > 0
    body = "".join(text.split("\n", head.lines)[head.lines :])
    sign = delimiter or head.delimiter or delimiter_of(body)
    rows = list(rows_of(body, sign, first=head.lines + 1, comment="#" if is_export else ""))
    remarks = [*head.remarks, *_left_out(rows, body, head)]
    rows = [row for row in rows if not row.is_empty]
    if sign == "|" and rows[1:] and all(map(_RULE.fullmatch, rows[1].cells)):
        remarks.append(Remark(rows.pop(1).line, "left out, the line below the header"))
    found, rows, told = _columns(rows, head, columns)
    remarks += told
    is_html = (
        any(looks_like_html(cell) for row in rows for cell in row.cells) if head.is_html is None else head.is_html
    )
    reader = _Rows(found, Fields(folder, is_html=is_html), head)
    cards = tuple(card for row in told_in_steps(rows, len(rows), progress) if (card := reader.card(row)))
    remarks += [*reader.remarks, *_of_all(cards, head)]
    return Table(
        tuple(_both_ways(cards, head)), _common_deck(cards), _unreserved(head.tags, 1, remarks), tuple(remarks)
    )


def _left_out(rows: Iterable[Row], body: str, head: Head) -> Iterator[Remark]:
    """Tell of empty rows, and of lines that are comments to Anki."""
    for row in rows:
        if row.is_empty:
            yield Remark(row.line, "left out, an empty row")
    if head.lines:
        inside = {row.line + n for row in rows for n in range(sum(cell.count("\n") for cell in row.cells) + 1)}
        for number, line in enumerate(body.split("\n"), head.lines + 1):
            if line.startswith("#") and number not in inside:
                yield Remark(number, f"left out, a comment: {line}")


def _columns(
    rows: list[Row], head: Head, wanted: Sequence[str] | None
) -> tuple[list[Column], list[Row], list[Remark]]:
    """Find what each column holds; a header is no row."""
    width = max((len(row.cells) for row in rows), default=0)
    remarks = []
    names = list(head.names)
    if rows and (is_header(rows[0]) if not names else list(map(str.strip, rows[0].cells)) == names):
        remarks.append(Remark(rows[0].line, f"the header: {', '.join(rows[0].cells)}"))
        names = names or [cell.strip() for cell in rows[0].cells]
        rows = rows[1:]
    if wanted is not None:
        found = chosen(wanted)
        found += [found[0]._replace(role="skip")] * (width - len(found))
    else:
        names += [""] * (width - len(names))
        found = columns_of(names, head.columns)
    for number, column in enumerate(found, 1):
        if column.role in {"note", "skip"} and any(row.cells[number - 1 : number] != ("",) for row in rows):
            name = column.name or "".join(names[number - 1 : number])
            what = f"column {number}" + (f", `{name}`," if name else "")
            remarks.append(Remark(0, f"{what} {'became the note' if column.role == 'note' else 'was left out'}"))
    return found, rows, remarks


class _Rows:
    """Makes cards of rows, and notes what could not be kept."""

    def __init__(self, columns: Sequence[Column], fields: Fields, head: Head) -> None:
        self.remarks: list[Remark] = []
        self._fields = fields
        self._head = head
        self._tags: dict[str, tuple[str, ...]] = {}
        """Of what stands in a cell, the tags: many rows have the same."""
        self._places: dict[Role, list[int]] = {}
        for number, column in enumerate(columns):
            self._places.setdefault(column.role, []).append(number)
        self._asked = sorted([*self._places.get("front", ()), *self._places.get("cloze", ())])
        notes = self._places.get("note", [])
        self._notes = [(number, columns[number].name if len(notes) > 1 else "") for number in notes]

    def card(self, row: Row) -> TableCard | None:
        """Make the card of a row; None if it is left out."""
        asked, back = self._joined(row, self._asked), self._cells(row, "back")
        notes = self._note_cells(row)
        if _OCCLUSION in asked:
            self._tell(row, f"left out, an image occlusion: {' '.join(' | '.join(row.cells).split())}")
            return None
        if has_clozes(asked):
            cloze = self._fields.read_cloze(asked)
            if cloze:
                return self._finished(row, (None, None, cloze), [back, *notes])
            self._tell(row, "its clozes are none that mkdeck can have; they became gaps in a question")
            gaps, whole = self._fields.sides_of(asked)
            return self._finished(row, (gaps, whole, None), [back, *notes])
        front, answer = self._fields.read(asked), self._fields.read(back)
        if is_seen(front.text) and is_seen(answer.text):
            return self._finished(row, (front, answer, None), notes)
        missing = "back" if is_seen(front.text) else "front"
        said = " | ".join(" ".join(cell.split()) for cell in row.cells if cell.strip())
        self._tell(row, f"left out, for it has no {missing}: {said}")
        return None

    def _finished(
        self, row: Row, sides: tuple[Cell | None, Cell | None, Cell | None], notes: Iterable[str]
    ) -> TableCard:
        """Make a card of its front and back or its cloze, and what its row has besides."""
        read = [cell for each in notes if each and is_seen((cell := self._fields.read(each)).text)]
        cells = [each for each in (*sides, *read) if each]
        for lost in dict.fromkeys(lost for cell in cells for lost in cell.lost):
            self._tell(row, f"{lost} could not be kept; the words were")
        for cell in read:
            if cell.audio:
                self._tell(row, f"the recording `{cell.audio}` of the note could not be kept")
        source = " ".join(self._cells(row, "source").split())
        return TableCard(
            row.line,
            *sides,
            note="\n\n".join(cell.text for cell in read),
            source=in_one_line(source) if source else "",
            tags=self._tags_of(row),
            guid=self._cells(row, "guid").strip(),
            deck=self._cells(row, "deck").strip() or self._head.deck,
            note_type=self._cells(row, "notetype").strip(),
        )

    def _tags_of(self, row: Row) -> tuple[str, ...]:
        cell = self._cells(row, "tags")
        if cell not in self._tags:
            before = len(self.remarks)
            found = cell.split() if self._head.lines else _BETWEEN_TAGS.split(cell)
            tags = _unreserved(found, row.line, self.remarks)
            if len(self.remarks) > before:
                return tags  # what is left out is told of every row
            self._tags[cell] = tags
        return self._tags[cell]

    def _cells(self, row: Row, role: Role) -> str:
        """Give what the columns of a role hold."""
        places = self._places.get(role)
        return self._joined(row, places) if places else ""

    def _joined(self, row: Row, places: Sequence[int]) -> str:
        cells = [row.cells[each] for each in places if each < len(row.cells)]
        return cells[0] if len(cells) == 1 else "\n\n".join(cell for cell in cells if cell.strip())

    def _note_cells(self, row: Row) -> list[str]:
        return [
            f"{name}: {row.cells[number]}" if name else row.cells[number]
            for number, name in self._notes
            if number < len(row.cells) and row.cells[number].strip()
        ]

    def _tell(self, row: Row, message: str) -> None:
        self.remarks.append(Remark(row.line, message))


def _unreserved(tags: Iterable[str], line: int, remarks: list[Remark]) -> tuple[str, ...]:
    """Give tags once each, without those that Anki keeps for the learner."""
    kept = []
    for tag in dict.fromkeys(filter(None, tags)):
        if tag.lower() in _LEARNERS:
            remarks.append(Remark(line, f"left out, the tag `{tag}`, which is the learner's own in Anki"))
        else:
            kept.append(tag)
    return tuple(kept)


def _of_all(cards: Sequence[TableCard], head: Head) -> Iterator[Remark]:
    """Tell what stands elsewhere than in the cards: guids, several decks, note types."""
    if with_guid := sum(bool(card.guid) for card in cards):
        yield Remark(0, f"guids of {with_guid:,} cards: kept in the lock, which is written beside a deck with -o")
        yield Remark(0, _NO_UPDATE)
    seen: set[str] = set()
    for card in cards:
        if card.guid and card.guid in seen:
            yield Remark(card.line, f"the guid `{card.guid}` stands here once more; this card gets another")
        seen.add(card.guid)
    for name, count in Counter(card.note_type or head.note_type for card in cards).items():
        if name:
            yield Remark(0, f"of the note type `{name}`: {count:,}, {_became(name)}")
    if len(decks := {card.deck for card in cards}) > 1:
        yield Remark(0, f"cards of {len(decks)} decks: those that are not in the deck itself name theirs")


def _became(note_type: str) -> str:
    """Say what became of the notes of a note type."""
    if note_type.startswith(_REVERSED):
        return "now two cards each, one for each direction; the second is a new note to Anki"
    became = "now cards with a front and a back, or clozes"
    if note_type in _SINGLE:
        return became
    return f"{became}; if it makes several cards of a note, only the first is here: import a package (.apkg)"


def _both_ways(cards: Iterable[TableCard], head: Head) -> Iterator[TableCard]:
    """Give the cards, and behind each that Anki asks in both directions another with its sides changed."""
    for card in cards:
        yield card
        if (card.note_type or head.note_type).startswith(_REVERSED) and not card.cloze:
            yield replace(card, front=card.back, back=card.front, guid="")


def _common_deck(cards: Sequence[TableCard]) -> str:
    """Give the deck that holds all others; nothing if there is none."""
    names = [card.deck.split("::") for card in cards]
    pairs = zip(min(names, default=[]), max(names, default=[]), strict=False)
    return "::".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
