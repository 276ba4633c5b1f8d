"""What the kinds of notes share while one deck is compiled: rendering, findings, and the assembly of a note."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mkdeck.compile.scope import Scope
from mkdeck.diagnostics import Diagnostic
from mkdeck.languages import direction, labels
from mkdeck.markup import MAX_NUMBER, Marked, escape_attribute, escape_html, folded_words, mark, words
from mkdeck.media import MediaError
from mkdeck.model import Text
from mkdeck.note_types import NoteType
from mkdeck.notes import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mkdeck.markup import FactIndex
    from mkdeck.media import Media, MediaKind
    from mkdeck.model import DeckData, Kind
    from mkdeck.notes import NoteTypeName
    from mkdeck.source import Place


@dataclass(frozen=True, slots=True)
class Heading:
    """A text that may stand above a card's front, and the words by which it could give an answer away."""

    name: str
    html: str
    folded: str
    """Its words, with a space before and after them."""
    telling: Telling
    part: str
    """Its HTML as it stands on a card; empty if there is none."""

    def holds_one_of(self, answers: Sequence[str], said: Sequence[str]) -> bool:
        """Tell whether one of these answers (folded) stands here; `said` are all words of all of them.

        Nearly always none of the words is here, and that is all: 0.3x of the time.
        """
        words = self.telling.words
        return not (words and words.isdisjoint(said)) and any(f" {each} " in self.folded for each in answers)


@dataclass(frozen=True, slots=True)
class Telling:
    """The words by which one text gives another one away, though the other's words do not stand in it.

    Two words tell on each other if both have four letters or more and they begin alike: for four letters, and
    for 60% of the longer one. Numbers must be equal, and a word of three letters tells only on its plural.
    """

    words: frozenset[str]
    beginnings: frozenset[str]
    """The first four letters of its long words, its numbers, and its words of three letters and their plurals."""

    @classmethod
    def of(cls, folded: str) -> Telling:
        words = frozenset(folded.split())
        return cls(words, _all_beginnings(words))

    def tells(self, answers: Sequence[str], starts: frozenset[str]) -> bool:
        """Tell whether a word of an answer (folded) and a word of this text give each other away.

        `starts` are the beginnings of the answers' words: nearly always none is shared, and that is all.
        """
        return not starts.isdisjoint(self.beginnings) and any(
            _alike(word, other) for answer in answers for word in answer.split() for other in self.words
        )


def _all_beginnings(words: Iterable[str]) -> frozenset[str]:
    return frozenset([start for word in words for start in _beginnings(word)])


def _singular(word: str) -> str:
    """Give `army` for `armies`, of which the fourth letter is another one."""
    return f"{word[:-3]}y" if word.endswith("ies") else word


@lru_cache(maxsize=1 << 14)  # the same words come again and again: 0.3x of the time
def _beginnings(word: str) -> tuple[str, ...]:
    word = _singular(word)
    if len(word) == 3 and not word.isdigit():
        return word, f"{word}s"
    return (word[:4],) if len(word) > 3 or word.isdigit() else ()


def _alike(one: str, other: str) -> bool:
    one, other = _singular(one), _singular(other)
    if one.isdigit() or other.isdigit():
        return one == other
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == 3:
        return longer == f"{shorter}s"
    alike = max(4, (3 * len(longer) + 4) // 5)
    return len(shorter) > 3 and shorter[:alike] == longer[:alike]


class Kept(NamedTuple):
    """What a card that came from elsewhere keeps: its note type and its decks, as in `Draft`."""

    type: str = ""
    deck: str = ""
    decks: Mapping[int, str] = MappingProxyType({})


NOT_KEPT = Kept()


class Context:
    """One deck in the making."""

    def __init__(self, deck: DeckData, media: Media) -> None:
        self.deck = deck
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
        self._frame = {"Lang": deck.lang, "Dir": direction(deck.lang)}
        self._sources: dict[str, str] = {}
        self._above: dict[str, str] = {}
        self._tags: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = {}
        self.points: list[list[Marked]] = []
        """The rendered points of each reason, as `fact` leaves them for the kinds after it."""

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
        for fact in marked.pinned_twice():
            self.report("cloze-syntax", f"`{fact}` is pinned to two numbers", place, "give it one of the two")
        return marked

    def html(self, text: Text | None, place: Place) -> str:
        """Render a text that asks for nothing, with its picture and recording below it."""
        if text is None:
            return ""
        return self.mark(text, place).html + self.attached(text, place)

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

    def headings(self, answers: Iterable[str], *headings: Heading) -> dict[str, str]:
        """Put headings above the front, or, where they would give an answer away, on the back only."""
        return self.headings_of([folded_words(answer) for answer in answers], *headings)

    def headings_of(self, folded: Sequence[str], *headings: Heading) -> dict[str, str]:
        """Do as `headings` does, for answers that are folded already."""
        said = " ".join(folded).split()
        starts = _all_beginnings(said)
        front = back = ""
        for heading in headings:
            if heading.telling.tells(folded, starts) or heading.holds_one_of(folded, said):
                back += heading.part
            else:
                front += heading.part
        # Most notes of a reason have the same headings: one string for all of them.
        share = self._above.setdefault
        return {"Header": share(front, front), "Context": share(back, back)}

    def source(self, *sources: tuple[str | None, Place]) -> str:
        """Give the HTML of the first source there is, or of the deck's; each comes with its place."""
        for text, place in (*sources, (self.deck.source, ("source",))):
            if text:
                if text not in self._sources:
                    self._sources[text] = self.mark(Text(text=text), place).html
                return self._sources[text]
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
        if not kept.type:
            full["Kind"] = kind
            full.update(self._frame)
        all_tags = self._tags.get(tags)
        if all_tags is None:
            all_tags = self._tags[tags] = tuple(dict.fromkeys([*self.deck.tags, *chain.from_iterable(tags)]))
        return Draft(
            kind, home, slot, text, note_type, full, all_tags, numbers or {}, aliases or {}, pinned, cards,
            place, is_only, *kept,
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

    def check_deck_facts(self) -> None:
        """Report the deck's own facts that stand in no point of any reason."""
        self.scope.check([marked for points in self.points for marked in points])


def _shows_something(html: str) -> bool:
    return len(html) > 40 or bool(words(html)) or "<img" in html


def labelled(label: str, html: str) -> str:
    """Give a part of a back with a small label above it; nothing if there is nothing to show."""
    return f'<div class="part"><div class="label">{escape_html(label)}</div>{html}</div>' if html else ""


def listed(items: Iterable[str], tag: str = "ul") -> str:
    rows = "".join(f"<li>{item}</li>" for item in items)
    return f"<{tag}>{rows}</{tag}>" if rows else ""


def gives_away(text: str, answer: str) -> bool:
    """Tell whether the words of `answer` stand in `text`; both are HTML."""
    return f" {folded_words(words(answer))} " in f" {folded_words(words(text))} "


def tells(text: str, answer: str) -> bool:
    """Tell whether `text` has a word that begins like one of `answer`; both are HTML."""
    folded = folded_words(words(answer))
    return Telling.of(folded_words(words(text))).tells([folded], _all_beginnings(folded.split()))
