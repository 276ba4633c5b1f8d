"""The source format as data: what a deck may hold, and nothing about what becomes of it.

`docs/format.md` is this module told to authors. Every class is made from keyword arguments; wherever a
`Text` (or a point, link, meaning or fact) is taken, a plain string may be given instead. Instances cannot
be changed. A wrong value raises DeckError with every finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from mkdeck.diagnostics import Span
from mkdeck.model.ground import CardNumber, DeckName, Id, Lang, Model, Several, Sheet, Tag, Words, misplaced
from mkdeck.model.own import OwnField, OwnNoteType, OwnTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.source import Place, Source

Kind = Literal["fact", "link", "map", "explain", "sort", "judge", "term", "plain"]
"""The kinds of notes; `compile/` has one file for each."""
Role = Literal["cause", "consequence", "context"]
Theme = Literal["paper", "plain", "high-contrast"]
"""The looks that ship; `templates/themes/` has one sheet for each. `paper` is that of the shared note types."""

# What several classes say alike of a key, for the author who reads it in an editor or in docs/format.md.
_OWN_ID = "A name by which mkdeck knows it again however its text changes."
_NOTE = "More on it; shown on the back only."
_ALLOW = "Rules of `mkdeck check` that are silenced here."


class Text(Model):
    """A text in Markdown, perhaps with a picture or a recording that stands below it."""

    text: Words = Field(description="The text, in Markdown.")
    image: Words | None = Field(None, description="A picture below the text: a file beside the deck.")
    audio: Words | None = Field(None, description="A recording below the text: a file beside the deck.")

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: object) -> object:
        return {"text": value} if isinstance(value, str) else value


class Fact(Model):
    """A key fact. It is blanked wherever it stands in the points of its scope, in any spelling of `also`."""

    fact: Words = Field(description="The words that are blanked wherever they stand.")
    id: Id | None = Field(None, description=_OWN_ID)
    hint: Words | None = Field(None, description="A few words that are shown in the blank.")
    also: Several[Words] = Field((), description="Other spellings that are the same fact.")

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: object) -> object:
        if isinstance(value, str):
            return {"fact": value}
        if isinstance(value, dict) and "text" in value and "fact" not in value:
            return {("fact" if key == "text" else key): each for key, each in value.items()}
        return value


class Point(Text):
    """One piece of evidence: a sentence with facts in it."""

    id: Id | None = Field(None, description=_OWN_ID)
    facts: Several[Fact] = Field((), description="Key facts that are blanked in this point.")
    note: Text | None = Field(None, description=_NOTE)
    role: Role | None = Field(None, description="What the point is to the question; by default what its reason is.")
    source: Words | None = Field(None, description="Where the point comes from; shown on the back.")
    tags: Several[Tag] = Field((), description="Tags of this point's note, besides those of its reason.")
    allow: Several[Words] = Field((), description=_ALLOW)


class Link(Text):
    """One step of a causal chain."""

    id: Id | None = Field(None, description=_OWN_ID)
    note: Text | None = Field(None, description=_NOTE)
    source: Words | None = Field(None, description="Where the step comes from; shown on the back.")


class Chain(Model):
    """Steps of which each leads to the next."""

    title: Text | None = Field(None, description="What the chain is about; stands above its cards.")
    links: Several[Link] = Field(description="The steps, from the first cause to the last effect.")

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: object) -> object:
        return {"links": value} if isinstance(value, list) else value


class Reason(Model):
    """One answer to the deck's question, with the evidence for it."""

    id: Id = Field(description="The reason's name for ever; never change it once the deck is shared.")
    reason: Text = Field(description="The reason, in a few words.")
    facts: Several[Fact] = Field((), description="Key facts that are blanked in the points of this reason.")
    points: Several[Point] = Field((), description="The evidence: one or two sentences each.")
    chain: Several[Link] = Field((), description="The steps by which one thing led to the next.")
    chains: Several[Chain] = Field((), description="Several chains, with or without a title.")
    explain: Text | None = Field(None, description="The paragraph that a student should be able to write.")
    role: Role = Field("cause", description="What the reason and its points are to the question.")
    image: Words | None = Field(None, description="A picture for the backs of the cards on the whole reason.")
    source: Words | None = Field(None, description="Where its points come from, unless they say otherwise.")
    tags: Several[Tag] = Field((), description="Tags of this reason's notes, besides those of the deck.")
    allow: Several[Words] = Field((), description=_ALLOW)


class Meaning(Text):
    """What a term means."""

    id: Id | None = Field(None, description=_OWN_ID)
    note: Text | None = Field(None, description=_NOTE)
    source: Words | None = Field(None, description="Where the meaning comes from; shown on the back.")
    tags: Several[Tag] = Field((), description="Tags of this term's note, besides those of the deck.")
    allow: Several[Words] = Field((), description=_ALLOW)


class Judgement(Model):
    """The weighing of the reasons: which one mattered most, by what measure, and what speaks against it."""

    id: Id | None = Field(None, description=_OWN_ID)
    question: Text = Field(description="What is to be judged, such as which reason mattered most.")
    criteria: Several[Text] = Field((), description="By what the reasons are measured.")
    ranking: Several[str] = Field((), description="The ids of the reasons, the strongest first.")
    verdict: Text | None = Field(None, description="The judgement, and why.")
    counter: Text | None = Field(None, description="The best that speaks against the verdict.")
    source: Words | None = Field(None, description="Where the judgement comes from; shown on the back.")
    tags: Several[Tag] = Field((), description="Tags of the judgement's note, besides those of the deck.")
    allow: Several[Words] = Field((), description=_ALLOW)


class Card(Model):
    """A card that belongs to no reason: `front` and `back`, or a `cloze`."""

    id: Id | None = Field(None, description=_OWN_ID)
    front: Text | None = Field(None, description="What is asked.")
    back: Text | None = Field(None, description="The answer to the front.")
    cloze: Text | None = Field(None, description="A sentence with blanks, instead of a front and a back.")
    note: Text | None = Field(None, description=_NOTE)
    source: Words | None = Field(None, description="Where the card comes from; shown on the back.")
    type: Words | None = Field(None, description="The note type, one of `note_types`; by default mkdeck's.")
    fields: dict[Words, str] | None = Field(
        None, description="Each field of the note type with its text, instead of a front, a back or a cloze."
    )
    html: bool = Field(default=False, description="Whether `fields` hold HTML, as Anki does, and not Markdown.")
    deck: DeckName | None = Field(None, description="The deck in Anki that its cards go to; by default the deck's.")
    decks: dict[CardNumber, DeckName] | None = Field(
        None, description="The numbers of its cards, each with its deck in Anki; those not listed are not made."
    )
    tags: Several[Tag] = Field((), description="Tags of this card's note, besides those of the deck.")
    allow: Several[Words] = Field((), description=_ALLOW)

    @model_validator(mode="after")
    def _one_shape(self) -> Card:
        misplaced(self._misplaced())
        sides = (self.front is not None, self.back is not None)
        if self.fields is None and sides != ((False, False) if self.cloze else (True, True)):
            raise PydanticCustomError("card", "a card has either `front` and `back`, or `cloze`")
        return self

    def _misplaced(self) -> Iterator[tuple[Place, str, str]]:
        if self.fields is not None:
            for key in ("front", "back", "cloze", "note", "source"):
                if getattr(self, key) is not None:
                    mend = "put its text into one of the `fields:`, or take it out"
                    yield (key,), f"a card with `fields` has no `{key}`", mend
            if self.type is None:
                mend = "add `type:`, the name of one of the deck's `note_types:`"
                yield ("fields",), "a card with `fields` needs a `type`, its note type", mend
        elif self.html:
            yield ("html",), "`html` is for cards with `fields`", "take it out, or write the texts under `fields:`"
        if self.deck and self.decks:
            yield ("deck",), "a card has either a `deck` or `decks`", "take one of the two out"
        if self.decks and self.cloze:
            mend = "write a `deck:` in its place, or `fields:` in place of `cloze:`"
            yield ("decks",), "a card with a `cloze` has no `decks`", mend


class DeckData(Model):
    """A question, the reasons that answer it, and whatever else is to be learnt with them."""

    deck: DeckName = Field(description="The deck's name in Anki; `::` puts one deck inside another.")
    id: Id = Field(description="The deck's name for ever; never change it once the deck is shared.")
    question: Text | None = Field(None, description="What the reasons answer; needed if there are reasons.")
    lang: Lang = Field("en", description="The language of the deck, such as `en`, `pt-BR` or `zh-Hant`.")
    tags: Several[Tag] = Field((), description="Tags of every note.")
    source: Words | None = Field(None, description="Where all of it comes from, unless a part says otherwise.")
    decided: Words | None = Field(
        None, description="When what the question asks about was decided, such as `November 1929`."
    )
    """What is dated later cannot be a cause of it."""
    allow: Several[Words] = Field((), description="Rules of `mkdeck check` that are silenced in the whole deck.")
    description: Text | None = Field(None, description="Shown on the deck's page in Anki.")
    theme: Theme = Field("paper", description="How the cards look; `style` is added to it.")
    style: Sheet | None = Field(None, description="CSS that is added to the look of the cards.")
    make: tuple[Kind, ...] | None = Field(
        None, description="The kinds of cards to make; by default every kind but `sort`."
    )
    facts: Several[Fact] = Field((), description="Key facts that are blanked in the points of every reason.")
    reasons: Several[Reason] = Field((), description="The answers to the question.")
    terms: dict[Words, Meaning] = Field(default_factory=dict, description="Terms, each with its meaning.")
    judgement: Judgement | None = Field(None, description="The weighing of the reasons.")
    cards: Several[Card] = Field((), description="Cards that belong to no reason.")
    media: Words | None = Field(
        None, description="The folder beside the deck where its files lie under the names that Anki has for them."
    )
    note_types: dict[Words, OwnNoteType] = Field(
        default_factory=dict, description="Note types of the deck's own, each under its name in Anki."
    )

    _source: Source | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _from_mapping(cls, value: object) -> object:
        empty = {"terms", "note_types"}
        if isinstance(value, dict) and any(value.get(name, "") is None for name in empty):
            return {key: each for key, each in value.items() if key not in empty or each is not None}
        return value

    @property
    def origin(self) -> Source | None:
        """The file that the deck was read from; None for a deck that was made in Python."""
        return self._source

    def span(self, place: Place = (), *, part: str = "", key: bool = False) -> Span:
        """Give where the value at `place` stands, or the words `part` in it, or with `key` the key of it."""
        if self._source is not None:
            return self._source.span(place, part=part, key=key)
        steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
        return Span(place=steps.lstrip("."))

    @property
    def has_own_look(self) -> bool:
        """Tell whether the deck has note types of its own, which no other deck shares."""
        return self.theme != "paper" or self.style is not None


__all__ = [
    "Card", "Chain", "DeckData", "DeckName", "Fact", "Id", "Judgement", "Kind", "Lang", "Link", "Meaning", "Model",
    "OwnField", "OwnNoteType", "OwnTemplate", "Point", "Reason", "Role", "Several", "Sheet", "Tag", "Text", "Theme",
    "Words",
]  # fmt: skip
