"""What all classes of the format are made of: a frozen model, and the texts, names and ids that it holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from mkdeck.diagnostics import DeckError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mkdeck.source import Place

T = TypeVar("T")
Several = Annotated[tuple[T, ...], BeforeValidator(lambda value: () if value is None else value)]
"""A list; a key with nothing after it is an empty one."""
Words = Annotated[str, Field(pattern=r"[^\s\p{Cc}\p{Cf}]")]
"""A text with something in it that can be seen."""
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Tag = Annotated[str, Field(pattern=r"^[^\s\p{Cc}]+$")]
Lang = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
AnkiId = Annotated[int, Field(ge=-(1 << 63), le=(1 << 63) - 1)]
"""What Anki knows a note type, a field or a template by."""
CardNumber = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")]
"""Of a note's cards: that of a template, from 1, or that of a cloze."""


def misplaced(found: Iterable[tuple[Place, str, str]]) -> None:
    """Raise ValidationError with each finding (the way to its key, what is wrong, the mend), if there is any."""
    findings = [
        InitErrorDetails(
            # Names of the author's go in by `what`, last: braces in them are theirs.
            type=PydanticCustomError("misplaced", "{what}", {"mend": mend, "what": what}),
            loc=place,
            input=place[-1],
        )
        for place, what, mend in found
    ]
    if findings:
        raise ValidationError.from_exception_data("misplaced", findings)


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


DeckName = Annotated[str, AfterValidator(_deck_name)]


def _style(value: str) -> str:
    if "<" in value:
        # The sheet stands inside a <style> element of every card: `</style>` would end it there.
        raise PydanticCustomError("style", "a style sheet holds no `<`", {"mend": "take it out"})
    return value


Sheet = Annotated[Words, AfterValidator(_style)]
"""A style sheet."""

if TYPE_CHECKING:

    class _Ground:
        """What a type checker sees of BaseModel: strings are taken for texts, so arguments have no types."""

        model_fields: ClassVar[dict[str, Any]]
        __pydantic_validator__: ClassVar[Any]

        def __init__(self, /, **data: Any) -> None: ...

        @classmethod
        def model_validate(cls, data: object) -> Self: ...

        def model_copy(self, *, update: dict[str, Any]) -> Self: ...

        def model_dump(self, *, exclude_defaults: bool) -> dict[str, Any]: ...

else:
    _Ground = BaseModel


_dict_of: Callable[[object], dict[str, Any]] = vars(BaseModel)["__dict__"].__get__


class Model(_Ground):
    """The ground that the classes below share: frozen, no unknown keys, DeckError for what is wrong."""

    # Deferred: a deck's validator holds those of all that is in it, which are seldom needed by themselves.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def __init__(self, /, **data: Any) -> None:
        try:
            self.__pydantic_validator__.validate_python(data, self_instance=self)
        except ValidationError as error:
            from mkdeck.validation import diagnose  # noqa: PLC0415 - most data are right

            raise DeckError(diagnose(error, type(self))) from None

    # Without this mark, pydantic would call __init__ for every model inside a model: 10x slower, and one
    # error would hide all others.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @property
    def __pydantic_fields_set__(self) -> set[str]:
        """Which keys were given, for pydantic: all of them, for a set in each model would be 0.4x of its memory.

        So `exclude_unset` leaves nothing out; `exclude_defaults` gives what says something.
        """
        return set(type(self).model_fields)

    @__pydantic_fields_set__.setter
    def __pydantic_fields_set__(self, names: set[str]) -> None:
        """Let go of the names as pydantic gives them: 0.9x of the time of a validation."""

    def _fill(self, values: dict[str, Any]) -> None:
        """Take the values one by one from the dict that pydantic gives a model for its own.

        In that, each model has a table of names; in the one that Python makes, all of a class share it: 0.7x of
        the memory of a deck's models. It costs 0.2x of the time of a validation, which is 0.005x of a build.
        """
        own = _dict_of(self)
        for name, value in values.items():
            own[name] = value

    __dict__ = property(_dict_of, _fill)

    def __eq__(self, other: object) -> bool:
        """Compare what the two hold; where it was read does not matter."""
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]  # lists are inside
