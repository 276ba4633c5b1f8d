"""What a preview shows: the cards of a deck as Anki draws them, the map of its reasons, and its findings.

Nothing is written and no lock is read: cloze numbers are those of a first build, which nobody sees.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mkdeck.checks import findings
from mkdeck.compile import compile_deck
from mkdeck.compile.link import chains_of
from mkdeck.languages import direction
from mkdeck.markup import folded_words, mark, ordinals, words
from mkdeck.note_types import NOTE_TYPES, NoteType, sheet
from mkdeck.notes import own_fields
from mkdeck.preview.concerns import Homes, concerned
from mkdeck.render import Face, card

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mkdeck.compile import Compiled
    from mkdeck.deck import Deck
    from mkdeck.diagnostics import Diagnostic
    from mkdeck.model import Kind, Reason, Text
    from mkdeck.notes import Draft

_OF_NO_REASON: frozenset[Kind] = frozenset({"term", "judge", "plain"})
_SOUND = re.compile(r"\[sound:([^\]]*)\]")
_NAMED_PLAY = re.compile(r"<!--sound:([^>]*?)-->(\[anki:play:([qa]:\d+)\])")
_PICTURE = re.compile(r'<img [^>]*?src="([^"]*)"')


@dataclass(frozen=True, slots=True)
class ShownChain:
    """A chain of the map, as words."""

    title: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A reason of the map, as words, with its chains."""

    id: str
    title: str
    role: str
    chains: tuple[ShownChain, ...]


@dataclass(frozen=True, slots=True)
class ShownCard:
    """One card: both sides as Anki draws them, and where it comes from."""

    key: str
    """The same in the next preview, too, unless the card's text has changed and it has no id."""
    home: str
    """Its place among its kind: that of a card whose key is gone, after an edit."""
    kind: Kind
    reason: str
    """The id of its reason; empty for a card that belongs to none."""
    ordinal: int
    tags: tuple[str, ...]
    question: str
    answer: str
    problem: str
    """Why Anki would not draw the card; empty if it does."""
    sounds: Mapping[str, str]
    """Play button (`q:0`) -> stored name."""
    words: str
    """All words that both sides show, each once."""
    line: int
    """In the source; 0 for a deck without a file."""
    findings: tuple[Diagnostic, ...]
    type: str = ""
    """The note type of the deck's own that it is of; empty for one of mkdeck's."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A deck as it is shown."""

    title: str
    question: str
    lang: str
    dir: str
    path: str
    """The deck's file; empty for a deck that was made in Python."""
    reasons: tuple[ShownReason, ...]
    cards: tuple[ShownCard, ...]
    findings: tuple[Diagnostic, ...]
    """All of them, in the order of the source; some concern no card."""
    css: str
    """The style sheet of mkdeck's note types in this deck."""
    sheets: Mapping[str, str]
    """Those of the deck's own note types, by their names."""
    media: Mapping[str, Path] = field(repr=False)
    """Stored name -> file, of what the cards show or play."""


def preview(deck: Deck, folder: str | Path | None = None) -> Preview:
    """Draw the cards of `deck`; `folder` is where its media lie (default: beside its file).

    Cards with errors are drawn as far as they can be. Nothing is raised for what is wrong in the deck.
    """
    compiled = compile_deck(deck, deck.folder() if folder is None else Path(folder))
    found = findings(compiled)
    cards = tuple(_cards(compiled, found))
    used = {name for card in cards for name in _media(card)}
    return Preview(
        title=deck.deck,
        question=_words(deck.question, compiled),
        lang=deck.lang,
        dir=direction(deck.lang),
        path=deck.origin.path if deck.origin else "",
        reasons=tuple(_reason(compiled, index) for index in range(len(deck.reasons))),
        cards=cards,
        findings=found,
        css=sheet(deck.theme, deck.style),
        sheets={name: each.css for name, each in deck.note_types.items()},
        media={name: path for name, path in compiled.media.items() if name in used},
    )


def _words(text: Text | None, compiled: Compiled) -> str:
    return words(mark(text.text, media=compiled.media_names.get).html) if text else ""


def _reason(compiled: Compiled, index: int) -> ShownReason:
    reason: Reason = compiled.deck.reasons[index]
    chains = tuple(
        ShownChain(_words(title, compiled), tuple(_words(link, compiled) for link in links))
        for title, links, _ in chains_of(reason, index)
    )
    return ShownReason(reason.id, _words(reason.reason, compiled), reason.role, chains)


def _cards(compiled: Compiled, found: tuple[Diagnostic, ...]) -> Iterator[ShownCard]:
    deck, drafts = compiled.deck, compiled.drafts
    types = {name: NoteType.own(name, each) for name, each in deck.note_types.items()}
    homes = Homes.of(deck, drafts)
    concerns: defaultdict[tuple[int, int | None], list[int]] = defaultdict(list)
    for place, finding in enumerate(found):
        for number, asked in concerned(deck, drafts, finding, homes).items():
            for ordinal in asked or (None,):
                concerns[number, ordinal].append(place)
    seen: Counter[str] = Counter()
    homes_filled: Counter[str] = Counter()
    for number, draft in enumerate(drafts):
        key = f"{draft.home}/{draft.slot or folded_words(draft.text)}"
        seen[key] += 1
        key += f"~{seen[key]}" if seen[key] > 1 else ""
        home = f"{draft.home}/{homes_filled[draft.home]}"
        homes_filled[draft.home] += 1
        note_type, fields = _as_in_anki(draft, types)
        for ordinal in _ordinals(draft):
            home_deck = draft.decks.get(ordinal, draft.deck or deck.deck)
            face, sounds, shown = _drawn(note_type, tuple(fields.items()), ordinal, draft.tags, home_deck)
            concerning = {*concerns.get((number, None), ()), *concerns.get((number, ordinal), ())}
            yield ShownCard(
                key=f"{key}#{ordinal}",
                home=f"{home}#{ordinal}",
                kind=draft.kind,
                reason="" if draft.kind in _OF_NO_REASON else draft.home.partition("/")[0],
                ordinal=ordinal,
                tags=draft.tags,
                question=face.question,
                answer=face.answer,
                problem=str(face.problem) if face.problem else "",
                sounds=sounds,
                words=shown,
                line=deck.span(draft.place).line,
                findings=tuple(found[each] for each in sorted(concerning)),
                type=draft.type,
            )


def _as_in_anki(draft: Draft, types: Mapping[str, NoteType]) -> tuple[NoteType, Mapping[str, str]]:
    """Give a note's type and fields; one whose type is not in the deck is drawn as one of mkdeck's."""
    own = types.get(draft.type)
    if own is None:
        return NOTE_TYPES["cloze" if draft.note_type == "cloze" else "prompt"], {**draft.fields, **draft.frame}
    return own, own_fields(draft.note_type, [name for name, _ in own.fields], draft.fields)


def _ordinals(draft: Draft) -> tuple[int, ...]:
    if draft.note_type != "cloze":
        return draft.cards
    return tuple(ordinals(tuple(draft.fields.values())))


@lru_cache(maxsize=6_000)  # of a live preview, nearly all cards are as they were before the last save
def _drawn(
    note_type: NoteType, filled: tuple[tuple[str, str], ...], ordinal: int, tags: tuple[str, ...], deck: str
) -> tuple[Face, Mapping[str, str], str]:
    """Draw a card, and tell which recording each of its play buttons plays, and the words that it shows."""
    # A comment before each recording, which no field has of its own, says after drawing which one it was.
    fields = {field: _SOUND.sub(r"<!--sound:\1-->\g<0>", html) for field, html in filled}
    face = card(note_type, fields, ordinal, tags=tags, deck=deck)
    drawn = (face.question, face.answer)
    sounds = {button: name for side in drawn for name, _, button in _NAMED_PLAY.findall(side)}
    question, answer = (_NAMED_PLAY.sub(r"\2", side) for side in drawn)
    shown = " ".join(dict.fromkeys(words(f"{question} {answer}").split()))
    return Face(question, answer, face.problem), sounds, shown


def _media(card: ShownCard) -> Iterator[str]:
    yield from card.sounds.values()
    for side in (card.question, card.answer):
        if "<img" in side:
            yield from _PICTURE.findall(side)
