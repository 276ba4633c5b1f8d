"""The notes of a package -> the `cards:` of a deck: Markdown where that shows the same, else the HTML of fields."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from mkdeck.importers.field_html import is_quiet, markdown_of
from mkdeck.importers.html_lines import has_odd_tags
from mkdeck.importers.own_types import full_name, kept
from mkdeck.importers.plain_text import is_seen
from mkdeck.importers.report import Remark
from mkdeck.importers.yaml_text import Bare
from mkdeck.markup import clean, mark, ordinals
from mkdeck.markup.normal_form import normal_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdeck.archive import Archive, Note
    from mkdeck.importers.own_types import OwnType

_LEARNERS = frozenset(["marked", "leech"])
"""Tags that are the learner's own in Anki."""
_NO_TAG = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_PINNED = re.compile(r"\{\{c(\d+)::")
# A tag that is not closed goes on behind the field, in the template around it.
_OPENS, _CLOSES = (
    re.compile(rf"<{sign}(?:b|strong|i|em|s|strike|del|code|p|ul|ol|li|pre|a)\b", re.IGNORECASE)
    for sign in ("", "/")
)
_NO_MARKDOWN = re.compile(
    r"<(?:(?!/?(?:b|strong|i|em|s|strike|del|code|br|div|p|ul|ol|li|a|img|pre)\b)[a-z/!]|(?!(?:a|img)\s)[a-z]+\s+[a-z])"
    r"|\[/?(?:sound:|anki:|latex\]|\$\$?\]|type:)",
    re.IGNORECASE,
)
"""A tag or an attribute that nothing in Markdown becomes, and what Anki acts on by itself."""
_LOST = "tags `marked` and `leech`, which are the learner's own, left out of so many notes"


class OwnCards:
    """Makes cards of the notes of a package, and notes what could not be kept."""

    def __init__(self, archive: Archive, types: dict[int, OwnType]) -> None:
        self._archive = archive
        self._types = types
        self._decks = {id_: full_name(deck.name) for id_, deck in archive.decks.items()}
        self._told: Counter[str] = Counter()
        self.deck = self._common_deck()

    def cards(self) -> Iterator[dict[str, Any]]:
        """Give the data of each note, in the order of the package."""
        for note in self._archive.notes:
            yield {**self.texts(note), **self._where(note), **self._tags(note)}

    def remarks(self) -> list[Remark]:
        return [Remark(0, f"{what}: {count:,}") for what, count in self._told.items()]

    def texts(self, note: Note) -> dict[str, Any]:
        """Give what a note says: a front and a back or a cloze if Markdown can say it."""
        own = self._types[note.note_type]
        said = self._in_markdown(note, own.shape)
        return {**said, "type": own.name} if said else self.fields(note)

    def fields(self, note: Note) -> dict[str, Any]:
        """Give a note as the HTML of its fields; those that are empty are left out."""
        own = self._types[note.note_type]
        pairs = zip(own.fields, map(self._kept, note.fields), strict=True)
        fields = {name: text for name, text in pairs if text.strip()}
        return {"type": own.name, "fields": fields or {own.fields[0]: ""}, "html": Bare("true")}

    def _kept(self, field: str) -> str:
        """Give a field as Anki imports it, without the control characters that YAML does not have."""
        if field.isascii() and field.isprintable():
            return field
        found = kept(field)
        if len(found) < len(clean(field)):
            self._tell("fields with control characters, which were left out")
        return found

    def _in_markdown(self, note: Note, shape: str) -> dict[str, Any]:
        if shape == "prompt":
            texts = [self._markdown(field) for field in note.fields]
            has_both = all(text and is_seen(text) for text in texts)
            return dict(zip(("front", "back"), texts, strict=True)) if has_both else {}
        if shape == "cloze" and len({card.deck for card in note.cards}) < 2:
            text = self._cloze(note)
            more = self._markdown(note.fields[1]) if len(note.fields) > 1 and note.fields[1].strip() else ""
            if text and (more == "" or (more and is_seen(more))):
                return {"cloze": text, **({"note": more} if more else {})}
        return {}

    def _cloze(self, note: Note) -> str | None:
        """Give a cloze in Markdown, without its numbers if mkdeck would give it the same ones."""
        field = note.fields[0]
        if ordinals((field,)) != [card.ordinal for card in note.cards]:
            return None
        pinned = self._markdown(field, clozes=True)
        if pinned is None:
            return None
        marked = mark(pinned, clozes=True, media=str)
        if marked.pinned_twice():
            return None
        given = [int(number) for number in _PINNED.findall(pinned)]
        is_natural = given == list(range(1, len(marked.numbers()) + 1))
        bare = _PINNED.sub("{{", pinned)
        # A cloze whose words begin like the number of another, as in `{{c1::c1::x}}`, keeps its own.
        return bare if is_natural and not _PINNED.search(bare) else pinned

    def _markdown(self, field: str, *, clozes: bool = False) -> str | None:
        """Turn a field into Markdown that shows the same; None if there is none."""
        field = self._kept(field)
        # Most fields are plain words, or have a tag that Markdown has not: 0.7x of the time of an import.
        if is_quiet(field) and "  " not in field:
            return field.strip()
        if _NO_MARKDOWN.search(field) or has_odd_tags(field):
            return None
        shown = markdown_of(field, clozes=clozes, has_picture=self._archive.media.__contains__)
        if shown.lost or (shown.text and not any(map(_is_visible, shown.text))):
            return None
        if shown.is_certain and len(_OPENS.findall(field)) == len(_CLOSES.findall(field)):
            return shown.text
        marked = mark(shown.text, clozes=clozes, media=str)
        html = marked.clozed(marked.numbers()) if clozes else marked.html
        return shown.text if not marked.problems and normal_form(html) == normal_form(field) else None

    def _where(self, note: Note) -> dict[str, Any]:
        """Give the deck of a note, or the decks of its cards, if that is not the deck itself."""
        decks = {card.ordinal: self._decks[card.deck] for card in note.cards}
        if not decks:
            self._tell("notes without a card, which get their cards in the next build")
            return {}
        only = next(iter(decks.values()))
        if any(deck != only for deck in decks.values()):
            return {"decks": {str(ordinal + 1): deck for ordinal, deck in decks.items()}}
        return {"deck": only} if only != self.deck else {}

    def _tags(self, note: Note) -> dict[str, Any]:
        kept = [_NO_TAG.sub("_", tag) for tag in note.tags if tag.lower() not in _LEARNERS]
        if len(kept) < len(note.tags):
            self._tell(_LOST)
        return {"tags": list(dict.fromkeys(filter(None, kept)))} if kept else {}

    def _common_deck(self) -> str:
        """Give the deck that holds all others, or the one that has the most cards."""
        counts = Counter(self._decks[card.deck] for note in self._archive.notes for card in note.cards)
        if not counts:
            return ""
        return _common(counts) or counts.most_common(1)[0][0]

    def _tell(self, what: str) -> None:
        self._told[what] += 1


def _is_visible(sign: str) -> bool:
    return sign.isprintable() and not sign.isspace()


def _common(names: Iterable[str]) -> str:
    parts = [name.split("::") for name in names]
    first, last = min(parts), max(parts)
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return "::".join(first[:same])
