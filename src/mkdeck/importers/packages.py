"""A package of Anki's -> a deck, and the lock by which learners' notes are known again."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from mkdeck.archive import read_package
from mkdeck.archive.texts import media_needed, shown
from mkdeck.checks import errors
from mkdeck.checks.table import BY_ID
from mkdeck.compile import compile_deck
from mkdeck.deck import from_source
from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.importers.field_html import markdown_of
from mkdeck.importers.history import lock_of
from mkdeck.importers.language import language_of
from mkdeck.importers.naming import deck_id
from mkdeck.importers.own_cards import OwnCards
from mkdeck.importers.own_types import full_name, loses_controls, own_types, with_ids
from mkdeck.importers.report import Remark
from mkdeck.importers.stages import CHECKING, WHOLE, WRITING, silent, told_in_steps
from mkdeck.importers.yaml_text import yaml_text
from mkdeck.media import Media, MediaError
from mkdeck.outlook import count
from mkdeck.source import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mkdeck.archive import Archive, Note, NoteType
    from mkdeck.compile import Compiled
    from mkdeck.deck import Deck
    from mkdeck.importers.own_types import OwnType
    from mkdeck.importers.stages import Progress
    from mkdeck.lock import Lock
    from mkdeck.notes import Draft
    from mkdeck.source import Place

    Data = dict[str, Any]

_SAMPLE = 2000
"""Notes by which the language is guessed."""
_ROUNDS = 4
_NAMED = 8
"""Missing files that are named; the others are counted."""
_NO_MARKDOWN = "they have what Markdown cannot say (colours, tables ...), or an empty side"
_NO_ID = Remark(0, "a note type had the id 0, with which Anki imports nothing: it gets one by its name")
_ALLOWED_BECAUSE = {
    "answer-leak": "the answer can be read on the front: reword it",
    "ambiguous-front": "another card has the same front: reword one of them",
    "duplicate-note": "another card says the same: keep one of them",
}


@dataclass(frozen=True, slots=True)
class PackageDeck:
    """What a package became."""

    yaml: str
    lock: Lock
    archive: Archive
    remarks: tuple[Remark, ...]
    counted: str
    """How much of everything there is, in words."""


class _Packed(Media):
    """The media of a package, before they are written."""

    def __init__(self, archive: Archive, folder: str | None) -> None:
        super().__init__(archive.path.parent, folder)
        self._packed = archive.media

    def store(self, name: str, kind: object) -> str:  # noqa: ARG002 - any file of a package is one of its media
        if name not in self._packed:
            raise MediaError(f"there is no file `{name}` in this package")
        self.names[name] = name
        return name

    def unnamed(self) -> list[str]:
        return []


def read_deck(
    path: Path,
    media_folder: str,
    *,
    lang: str | None = None,
    head: tuple[str, ...] = (),
    progress: Progress = silent,
) -> PackageDeck:
    """Make a deck of a package; its media will lie in `media_folder` beside it, `head` are comments for its top.

    Raises DeckError if the package cannot be read or holds no note.
    """
    read = read_package(path)
    archive = with_ids(read)
    if not archive.notes:
        raise DeckError([Diagnostic("file", "there is no note in this package", Span(str(path)))])
    types, note_types = own_types(archive)
    reader = OwnCards(archive, types)
    data = _deck_data(archive, reader.deck or path.stem, lang)
    cards = list(told_in_steps(reader.cards(), len(archive.notes), progress))
    _share_tags(data, cards)
    data |= {"media": media_folder} if archive.media else {}
    data["cards"] = cards
    data["note_types"] = note_types
    counted = _counted(archive)
    top = [f"Imported by mkdeck from {path.name}: {counted}.", *head]
    progress("checking", CHECKING, WHOLE)
    text, deck, compiled = _sound(data, archive, reader, top)
    progress("writing", WRITING, WHOLE)
    told = (*_became(cards, types), *_remarks(archive, types, reader), *reader.remarks())
    if archive is not read:
        told = (_NO_ID, *told)
    return PackageDeck(text, lock_of(deck, compiled, archive), archive, told, counted)


def _deck_data(archive: Archive, name: str, lang: str | None) -> Data:
    sample = "\n".join(shown(field) for note in islice(archive.notes, _SAMPLE) for field in note.fields)
    lang = lang or language_of(sample)
    name = full_name(name)
    data: Data = {"deck": name, "id": deck_id(name)}
    data |= {"lang": lang} if lang != "en" else {}
    if said := _description(archive, name):
        data["description"] = said
    return data


def _description(archive: Archive, name: str) -> str:
    deck = next((each for each in archive.decks.values() if full_name(each.name) == name), None)
    if deck is None or not deck.description.strip():
        return ""
    if deck.is_markdown:
        return deck.description.strip()
    told = markdown_of(deck.description, clozes=False, has_picture=lambda _: False)
    return told.text


def _share_tags(data: Data, cards: list[Data]) -> None:
    """Give tags that all notes have to the deck."""
    shared = [tag for tag in cards[0].get("tags", ()) if all(tag in card.get("tags", ()) for card in cards)]
    if not shared or len(cards) == 1:
        return
    data["tags"] = shared
    for card in cards:
        if own := [tag for tag in card["tags"] if tag not in shared]:
            card["tags"] = own
        else:
            del card["tags"]


def _sound(data: Data, archive: Archive, reader: OwnCards, head: list[str]) -> tuple[str, Deck, Compiled]:
    """Write the deck, read it back, and mend what is wrong with single cards until nothing is."""
    comments: dict[Place, str] = {}
    wrong: list[Diagnostic] = []
    for _ in range(_ROUNDS):
        text = yaml_text(data, head=head, comments=comments)
        deck = from_source(parse(text, str(archive.path)))
        compiled = compile_deck(deck, archive.path.parent, media=_Packed(archive, deck.media))
        wrong = list(errors(compiled))
        is_rewritten = _mended(data, deck, wrong, comments, archive, reader)
        if not is_rewritten and not _with_same_cards(data["cards"], compiled.drafts, archive, reader):
            # What is allowed changes no note, so the deck need not be read again: 0.6x of the time.
            return yaml_text(data, head=head, comments=comments) if wrong else text, deck, compiled
    raise DeckError(wrong)


def _mended(
    data: Data, deck: Deck, wrong: list[Diagnostic], comments: dict[Place, str], archive: Archive, reader: OwnCards
) -> bool:
    """Allow what is hard to learn, and give what cannot be said in Markdown as HTML; tell whether any was that."""
    if not wrong:
        return False
    is_rewritten = False
    lines = [deck.span(("cards", number)).line for number in range(len(deck.cards))]
    for each in wrong:
        number = bisect_right(lines, each.span.line) - 1
        if number < 0 or each.span.line > deck.span(("note_types",), key=True).line:
            raise DeckError([each])
        card = data["cards"][number]
        rule = BY_ID[each.rule]
        if rule.can_be_allowed:
            card.setdefault("allow", []).append(each.rule)
            comments["cards", number, "allow"] = f"TODO: {_ALLOWED_BECAUSE.get(each.rule, each.message)}"
        elif "fields" in card:
            raise DeckError([each])
        else:
            _as_fields(card, archive.notes[number], reader)
            is_rewritten = True
    return is_rewritten


def _as_fields(card: Data, note: Note, reader: OwnCards) -> None:
    rest: Data = {key: card[key] for key in ("deck", "decks", "tags", "allow") if key in card}
    card.clear()
    card.update({**reader.fields(note), **rest})


def _with_same_cards(cards: list[Data], drafts: tuple[Draft, ...], archive: Archive, reader: OwnCards) -> bool:
    """List the cards of notes that have not all that they could have; tell whether there was any."""
    changed = False
    for card, draft, note in zip(cards, drafts, archive.notes, strict=True):
        made = {number - 1 for number in draft.numbers.values()} or set(draft.cards)
        has = {each.ordinal for each in note.cards} & made
        if has and has != made and "decks" not in card:
            if "cloze" in card:
                _as_fields(card, note, reader)
            card.pop("deck", None)
            names = {each.ordinal: full_name(archive.decks[each.deck].name) for each in note.cards}
            card["decks"] = {str(ordinal + 1): names[ordinal] for ordinal in sorted(has)}
            changed = True
    return changed


def _counted(archive: Archive) -> str:
    parts = [count(len(archive.notes), "note"), count(sum(len(note.cards) for note in archive.notes), "card")]
    return ", ".join([*parts, *([count(len(archive.media), "media file")] if archive.media else [])])


def _became(cards: list[Data], types: Mapping[int, OwnType]) -> Iterator[Remark]:
    """Tell of each note type how many of its notes became Markdown, and why the others stay HTML."""
    for own in types.values():
        of_type = [card for card in cards if card["type"] == own.name]
        html = sum("html" in card for card in of_type)
        sides = "clozes" if own.shape == "cloze" else "a front and a back"
        why = "their note type is more than a front and a back, or a cloze" if own.shape == "own" else _NO_MARKDOWN
        parts = [f"{len(of_type) - html:,} in Markdown, as {sides}"] if html < len(of_type) else []
        parts += [f"{html:,} in HTML (`html: true`), for {why}"] if html else []
        yield Remark(0, f"of the note type `{own.name}`, {count(len(of_type), 'note')}: {'; '.join(parts)}")


def _remarks(archive: Archive, types: Mapping[int, OwnType], reader: OwnCards) -> Iterator[Remark]:
    """Tell what a deck has no place for."""
    counts = Counter(note.note_type for note in archive.notes)
    used = {card.deck for note in archive.notes for card in note.cards}
    if len(used) > 1:
        yield Remark(0, f"{count(len(used), 'deck')}: cards that are not in `{reader.deck}` name theirs")
    for deck in archive.decks.values():
        if deck.description.strip() and full_name(deck.name) != reader.deck:
            yield Remark(0, f"left out, the description of the deck `{deck.name}`")
    for note_type in filter(_has_deck_of_its_own, map(archive.note_types.__getitem__, counts)):
        name = types[note_type.id].name
        yield Remark(0, f"left out, the deck for new cards of the note type `{name}`: Anki does not take it")
    for note_type in filter(loses_controls, map(archive.note_types.__getitem__, counts)):
        name = types[note_type.id].name
        yield Remark(0, f"control characters left out of the note type `{name}`, its templates and style sheet")
    guids = Counter(note.guid for note in archive.notes)
    if empty := guids.pop("", 0):
        yield Remark(0, f"notes without a guid: {empty:,}; whoever has them gets them a second time")
    if doubled := sum(number - 1 for number in guids.values()):
        yield Remark(
            0,
            f"notes that have the guid of a later one: {doubled:,}; Anki updates only the last of such notes, so "
            "whoever has the others gets them a second time",
        )
    yield from _missing(archive)
    yield Remark(0, "left out, the scheduling and the options of decks: Anki keeps those that a learner has")
    yield from (Remark(0, f"not read: {each.message}") for each in archive.problems)


def _missing(archive: Archive) -> Iterator[Remark]:
    """Tell of the media that fields name and the package has not; a learner sees a gap there."""
    needed = media_needed(archive.notes)
    missing = sorted(needed.keys() - archive.media.keys())
    named = [f"`{name}` (in {count(needed[name], 'note')})" for name in missing[:_NAMED]]
    if len(missing) > _NAMED:
        named.append(f"{len(missing) - _NAMED:,} more")
    if named:
        yield Remark(0, f"media that notes name and that are not in the package: {', '.join(named)}")


def _has_deck_of_its_own(note_type: NoteType) -> bool:
    return any(template.deck for template in note_type.templates)
