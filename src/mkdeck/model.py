"""The source format as data: what a deck may hold, and nothing about what becomes of it.

`docs/format.md` is this module told to authors. Every class is made from keyword arguments; wherever a
`Text` (or a point, link, meaning or fact) is taken, a plain string may be given instead. Instances cannot
be changed. A wrong value raises DeckError with every finding.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from mkdeck.diagnostics import DeckError
from mkdeck.validation import diagnose

if TYPE_CHECKING:
    from mkdeck.source import Source

Kind = Literal["fact", "link", "map", "explain", "sort", "judge", "term", "plain"]
"""The kinds of notes; `compile/` has one file for each."""
Role = Literal["cause", "consequence", "context"]

T = TypeVar("T")
Several = Annotated[tuple[T, ...], BeforeValidator(lambda value: () if value is None else value)]
"""A list; a key with nothing after it is an empty one."""
Words = Annotated[str, Field(pattern=r"[^\s\p{Cc}\p{Cf}]")]
"""A text with something in it that can be seen."""
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Tag = Annotated[str, Field(pattern=r"^[^\s\p{Cc}]+$")]
Lang = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]

_NOT_IN_A_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _deck_name(value: str) -> str:
    if _NOT_IN_A_NAME.search(value):
        mend = "write it in one line: `deck: History::USSR`"
        raise PydanticCustomError(
            "deck_name", "a deck's name holds no line break or control character", {"mend": mend}
        )
    if not all(part.strip() for part in value.split("::")):
        mend = "write names that are not blank, with `::` between them"
        raise PydanticCustomError("deck_name", "this is not a deck's name", {"mend": mend})
    return value


def _style(value: str) -> str:
    if "<" in value:
        # The sheet stands inside a <style> element of every card: `</style>` would end it there.
        raise PydanticCustomError("style", "a style sheet holds no `<`", {"mend": "take it out"})
    return value


if TYPE_CHECKING:

    class _Ground:
        """What a type checker sees of BaseModel: strings are taken for texts, so arguments have no types."""

        model_fields: ClassVar[dict[str, Any]]
        __pydantic_validator__: ClassVar[Any]

        def __init__(self, /, **data: Any) -> None: ...

        @classmethod
        def model_validate(cls, data: object) -> Self: ...

else:
    _Ground = BaseModel


class Model(_Ground):
    """The ground that the classes below share: frozen, no unknown keys, DeckError for what is wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __init__(self, /, **data: Any) -> None:
        try:
            self.__pydantic_validator__.validate_python(data, self_instance=self)
        except ValidationError as error:
            raise DeckError(diagnose(error, type(self))) from None

    # Without this mark, pydantic would call __init__ for every model inside a model: 10x slower, and one
    # error would hide all others.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def __eq__(self, other: object) -> bool:
        """Compare what the two hold; where it was read does not matter."""
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]  # lists are inside


class Text(Model):
    """A text in Markdown, perhaps with a picture or a recording that stands below it.

    `image` and `audio` name files beside the deck.
    """

    text: Words
    image: Words | None = None
    audio: Words | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: object) -> object:
        return {"text": value} if isinstance(value, str) else value


class Fact(Model):
    """A key fact. It is blanked wherever it stands in the points of its scope, in any spelling of `also`."""

    fact: Words
    id: Id | None = None
    hint: Words | None = None
    also: Several[Words] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: object) -> object:
        if isinstance(value, str):
            return {"fact": value}
        if isinstance(value, dict) and "text" in value and "fact" not in value:
            return {("fact" if key == "text" else key): each for key, each in value.items()}
        return value


class Point(Text):
    """One piece of evidence: a sentence with facts in it. `note` is shown on the back only."""

    id: Id | None = None
    facts: Several[Fact] = ()
    note: Text | None = None
    role: Role | None = None
    """That of its reason, if it has none of its own."""
    source: Words | None = None
    tags: Several[Tag] = ()


class Link(Text):
    """One step of a causal chain."""

    id: Id | None = None
    note: Text | None = None
    source: Words | None = None


class Chain(Model):
    """Steps of which each leads to the next."""

    title: Text | None = None
    links: Several[Link]

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: object) -> object:
        return {"links": value} if isinstance(value, list) else value


class Reason(Model):
    """One answer to the deck's question, with the evidence for it."""

    id: Id
    reason: Text
    facts: Several[Fact] = ()
    points: Several[Point] = ()
    chain: Several[Link] = ()
    chains: Several[Chain] = ()
    explain: Text | None = None
    role: Role = "cause"
    image: Words | None = None
    source: Words | None = None
    tags: Several[Tag] = ()


class Meaning(Text):
    """What a term means."""

    id: Id | None = None
    note: Text | None = None
    source: Words | None = None
    tags: Several[Tag] = ()


class Judgement(Model):
    """The weighing of the reasons: which one mattered most, by what measure, and what speaks against it."""

    id: Id | None = None
    question: Text
    criteria: Several[Text] = ()
    ranking: Several[str] = ()
    verdict: Text | None = None
    counter: Text | None = None
    source: Words | None = None
    tags: Several[Tag] = ()


class Card(Model):
    """A card that belongs to no reason: `front` and `back`, or a `cloze`."""

    id: Id | None = None
    front: Text | None = None
    back: Text | None = None
    cloze: Text | None = None
    note: Text | None = None
    source: Words | None = None
    tags: Several[Tag] = ()

    @model_validator(mode="after")
    def _one_shape(self) -> Card:
        sides = (self.front is not None, self.back is not None)
        if sides != ((False, False) if self.cloze else (True, True)):
            raise PydanticCustomError("card", "a card has either `front` and `back`, or `cloze`")
        return self


class DeckData(Model):
    """A question, the reasons that answer it, and whatever else is to be learnt with them."""

    deck: Annotated[str, AfterValidator(_deck_name)]
    id: Id
    question: Text | None = None
    lang: Lang = "en"
    tags: Several[Tag] = ()
    source: Words | None = None
    description: Text | None = None
    style: Annotated[Words, AfterValidator(_style)] | None = None
    make: tuple[Kind, ...] | None = None
    facts: Several[Fact] = ()
    reasons: Several[Reason] = ()
    terms: dict[Words, Meaning] = Field(default_factory=dict)
    judgement: Judgement | None = None
    cards: Several[Card] = ()

    _source: Source | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _from_mapping(cls, value: object) -> object:
        if isinstance(value, dict) and value.get("terms", "") is None:
            return {key: each for key, each in value.items() if key != "terms"}
        return value

    @property
    def origin(self) -> Source | None:
        """The file that the deck was read from; None for a deck that was made in Python."""
        return self._source
