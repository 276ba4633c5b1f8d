"""How far an import is: its stages, each with its part of the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Is told the stage of the work, how much of it is done, and how much there is."""

WHOLE = 100
READING, CHECKING, WRITING = 0, 45, 75
"""Where the stages begin, as they were measured at 50,000 cards."""
_STEP = 200


def silent(stage: str, done: int, whole: int) -> None:
    """Tell nobody."""


def told_in_steps(items: Iterable[T], count: int, progress: Progress) -> Iterator[T]:
    """Give what is read, one of `count` after the other, and tell how far the reading is."""
    for number, item in enumerate(items):
        if number % _STEP == 0:
            progress("reading", READING + (CHECKING - READING) * number // max(count, 1), WHOLE)
        yield item
