"""What the kinds of notes share while one deck is compiled: rendering, findings, and the assembly of a note."""

from __future__ import annotations

from copy import copy
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from mkdeck.compile.headings import Heading, Telling
from mkdeck.compile.scope import Scope
from mkdeck.diagnostics import Diagnostic
from mkdeck.languages import direction, labels
from mkdeck.markup import MAX_NUMBER, Marked, escape_attribute, escape_html, folded_words, mark, words
from mkdeck.media import MediaError
from mkdeck.model import Text
from mkdeck.note_types import NoteType
from mkdeck.notes import NOTHING, Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mkdeck.markup import FactIndex
    from mkdeck.media import Media, MediaKind
    from mkdeck.model import DeckData, Kind
    from mkdeck.notes import NoteTypeName
    from mkdeck.source import Place


class Kept(NamedTuple):
    """What a card that came from elsewhere keeps: its note type and its decks, as in `Draft`."""

    type: str = ""
    deck: str = ""
    decks: Mapping[int, str] = NOTHING


NOT_KEPT = Kept()


class Found(NamedTuple):
    """What is found while notes are made: see `Context`."""

    problems: list[Diagnostic]
    keys: list[set[str]]
    media: Media


class Context:
    """One deck in the making."""

    def __init__(self, deck: DeckData, media: Media, wanted: frozenset[Kind]) -> None:
        self.deck = deck
        self.wanted = wanted
        """The kinds of notes that will be in the package."""
        self.problems: list[Diagnostic] = []
        self.media = media
        self.labels = labels(deck.lang)
        self.scope = Scope.of(self, deck.facts, ("facts",))
        self.question = self.heading("question", deck.question, ("question",))
        self.titles = [
            self.heading("reason", reason.reason, ("reasons", index, "reason"))
            for index, reason in enumerate(deck.reasons)
        ]
        self.types = {name: NoteType.own(name, each) for name, each in deck.note_types.items()}
        self._frames: dict[Kind, Mapping[str, str]] = {}
        self._sources: dict[str, str] = {}
        self._tags: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = {}
        self.points: Sequence[Marked] = ()
        """The rendered points of the reason that is in work, as `fact` leaves them for the kinds after it."""
        self.keys: list[set[str]] = []
        """What stands in the points of each reason, by the facts' keys, if that is asked for."""
        self._all_points: list[Marked] = []
        """Those of all reasons, if the deck has facts of its own: they would be 0.2x of the memory."""
        self._sorts = "sort" in wanted and (
            bool(deck.facts)
            or any(reason.facts or any(point.facts for point in reason.points) for reason in deck.reasons)
        )

    def report(
        self, rule: str, message: str, place: Place, mend: str = "", part: str = "", *, key: bool = False
    ) -> None:
        """Note a finding about the value at `place`, or about the words `part` in it."""
        self.problems.append(Diagnostic(rule, message, self.deck.span(place, part=part, key=key), mend))

    def mark(self, text: Text, place: Place, facts: FactIndex | None = None, *, clozes: bool = False) -> Marked:
        """Render a text without its `image` and `audio`, and report what is wrong in it."""

        def picture(name: str) -> str | None:
            return self.store(name, "picture", place, name)

        source = text.text
        if facts is None:
            marked = mark(source, clozes=clozes, media=picture)
        else:
            marked = mark(source, facts, clozes=clozes, media=picture)
        for problem in marked.problems:
            self.report(problem.rule, problem.message, place, problem.mend, problem.part)
        if not (marked.blanks or text.image or text.audio or _shows_something(marked.html) or "![" in source):
            self.report("value", "this text shows nothing", place, "write something that can be seen")
        for fact in marked.pinned_twice() if marked.blanks else ():
            self.report("cloze-syntax", f"`{fact}` is pinned to two numbers", place, "give it one of the two")
        return marked

    def html(self, text: Text | None, place: Place) -> str:
        """Render a text that asks for nothing, with its picture and recording below it."""
        if text is None:
            return ""
        return self.mark(text, (*place, "text")).html + self.attached(text, place)

    def attached(self, text: Text, place: Place) -> str:
        """Give the HTML of a text's `image` and `audio`."""
        if not (text.image or text.audio):
            return ""
        return self.image(text.image, (*place, "image")) + self.audio(text.audio, (*place, "audio"))

    def image(self, name: str | None, place: Place) -> str:
        stored = self.store(name, "picture", place) if name else None
        return f'<img src="{escape_attribute(stored)}" alt="">' if stored else ""

    def audio(self, name: str | None, place: Place) -> str:
        stored = self.store(name, "recording", place) if name else None
        return f"[sound:{stored}]" if stored else ""

    def store(self, name: str, kind: MediaKind, place: Place, part: str = "") -> str | None:
        """Take a picture or recording into the package, and give its name there."""
        try:
            return self.media.store(name, kind)
        except MediaError as error:
            self.report("media", str(error), place, part=part)
            return None

    def take_unnamed(self) -> None:
        """Take the files that the deck's own note types may need, which no field names."""
        try:
            for name in self.media.unnamed():
                self.media.store(name, None)
        except MediaError as error:
            mend = "write the folder where the files lie that HTML names, or take `media:` out"
            self.report("media", str(error), ("media",), mend)

    def heading(self, name: str, text: Text | None, place: Place) -> Heading:
        html = self.html(text, place)
        folded = folded_words(words(html))
        part = f'<div class="{name}">{html}</div>' if html else ""
        return Heading(name, html, f" {folded} ", Telling.of(folded), part)

    def source(self, *sources: tuple[str | None, Place]) -> str:
        """Give the HTML of the first source there is, or of the deck's; each comes with its place."""
        for text, place in (*sources, (self.deck.source, ("source",))):
            if text:
                if text in self._sources:
                    return self._sources[text]
                before = len(self.problems)
                html = self.mark(Text(text=text), place).html
                if len(self.problems) == before:  # what is wrong is told at each of its places
                    self._sources[text] = html
                return html
        return ""

    def draft(
        self, kind: Kind, home: str, slot: str | None, text: str, note_type: NoteTypeName, place: Place,
        fields: dict[str, str], *tags: tuple[str, ...], numbers: Mapping[str, int] | None = None,
        aliases: Mapping[str, str] | None = None, pinned: frozenset[str] = frozenset(),
        cards: tuple[int, ...] = (0,), is_only: bool = False, kept: Kept = NOT_KEPT,
    ) -> Draft:  # fmt: skip
        """Assemble a note: what all notes of the deck share is added to what is its own."""
        if numbers and len(numbers) > MAX_NUMBER:
            message = f"this text has {len(numbers)} facts; Anki takes {MAX_NUMBER} clozes in a note"
            self.report("cloze-syntax", message, place, "make two of it")
        full = {name: html for name, html in fields.items() if html}
        frame = NOTHING if kept.type else self._frames.get(kind)
        if frame is None:
            frame = self._frames[kind] = {"Kind": kind, "Lang": self.deck.lang, "Dir": direction(self.deck.lang)}
        all_tags = self._tags.get(tags)
        if all_tags is None:
            all_tags = self._tags[tags] = tuple(dict.fromkeys([*self.deck.tags, *chain.from_iterable(tags)]))
        return Draft(
            kind, home, slot, text, note_type, full, all_tags, numbers or NOTHING, aliases or NOTHING, pinned,
            cards, place, is_only, *kept, frame,
        )  # fmt: skip

    def description(self) -> str:
        """Give the HTML of the deck's description, which holds no picture: Anki imports only those of notes."""
        if self.deck.description is None:
            return ""
        text, place = self.deck.description, ("description", "text")
        marked = mark(text.text)
        for problem in marked.problems:
            self.report(problem.rule, problem.message, place, problem.mend, problem.part)
        if text.image or text.audio:
            self.report("media", "a picture or recording cannot stand here", place)
        return marked.html

    def take_points(self, points: Sequence[Marked]) -> None:
        """Keep of the next reason's rendered points what the kinds after `fact` need."""
        self.points = points
        if self.deck.facts:
            self._all_points += points
        if self._sorts:
            self.keys.append({blank.key for marked in points for blank in marked.blanks})

    def part(self) -> Context:
        """Give a context for some of the reasons, which keeps what it finds to itself."""
        part = copy(self)
        part.problems, part.keys = [], []
        return part

    def found(self) -> Found:
        """Give what was found so far."""
        return Found(self.problems, self.keys, self.media)

    def take_found(self, found: Found) -> None:
        """Take in what a part has found; parts come in the order of their reasons."""
        self.problems += found.problems
        self.keys += found.keys
        self.media.take(found.media)

    def check_deck_facts(self) -> None:
        """Report the deck's own facts that stand in no point of any reason."""
        self.scope.check(self._all_points)


def _shows_something(html: str) -> bool:
    return len(html) > 40 or bool(words(html)) or "<img" in html


def labelled(label: str, html: str) -> str:
    """Give a part of a back with a small label above it; nothing if there is nothing to show."""
    return f'<div class="part"><div class="label">{escape_html(label)}</div>{html}</div>' if html else ""


def listed(items: Iterable[str], tag: str = "ul") -> str:
    rows = "".join(f"<li>{item}</li>" for item in items)
    return f"<{tag}>{rows}</{tag}>" if rows else ""
