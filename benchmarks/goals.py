"""What mkdeck is to reach, and whether the measured figures reach it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parts import COPY, FULL, IMPORTS, LIMIT, MEDIA, ONE_CHANGED, SEED, TYPER, UNCHANGED, VERSION, WRITER
from peers import FORGE, MKDECK, PLAIN, PYLIB, RAW, TOOL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from measuring import Group, Outcome


@dataclass(frozen=True, slots=True)
class Place:
    """Where to find a measurement."""

    group: str
    notes: int
    task: str = MKDECK

    def find(self, groups: Iterable[Group]) -> Outcome | None:
        """Give what was measured; None if nothing was."""
        for group in groups:
            if (group.name, group.notes) == (self.group, self.notes):
                return next((each for each in group.outcomes if each.task.name == self.task and each.runs), None)
        return None


class Verdict(enum.StrEnum):
    """How far a figure has come."""

    MOONSHOT = "moonshot"
    GOAL = "goal"
    MISSED = "**no**"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio of seconds, or the peak memory of one task in megabytes where there is nothing to divide by."""

    what: str
    over: Place
    under: Place | None
    goal: float
    moonshot: float | None = None
    is_at_least: bool = False

    def figure(self, groups: Iterable[Group]) -> float | None:
        """Work the figure out; None if a part of it was not measured."""
        groups = list(groups)
        over = self.over.find(groups)
        if self.under is None:
            return over.megabytes if over else None
        under = self.under.find(groups)
        return over.seconds / under.seconds if over and under else None

    def verdict(self, figure: float | None) -> Verdict:
        if figure is None:
            return Verdict.NOT_MEASURED
        if self.moonshot is not None and self._reaches(figure, self.moonshot):
            return Verdict.MOONSHOT
        return Verdict.GOAL if self._reaches(figure, self.goal) else Verdict.MISSED

    def show(self, figure: float | None) -> str:
        """Write a figure of this goal's kind."""
        if figure is None:
            return ""
        return f"{figure:.0f} MB" if self.under is None else f"{figure:.2f}x"

    def bound(self, figure: float | None) -> str:
        """Write a bound of this goal's kind."""
        if figure is None:
            return ""
        unit = " MB" if self.under is None else "x"
        return f"{'≥' if self.is_at_least else '≤'} {figure:g}{unit}"

    def _reaches(self, figure: float, bound: float) -> bool:
        return figure >= bound if self.is_at_least else figure <= bound


def _against(group: str, notes: int, peer: str, goal: float, moonshot: float) -> Goal:
    what = f"{group}, {notes:,} notes, against the {peer}"
    return Goal(what, Place(group, notes), Place(group, notes, peer), goal, moonshot)


def _faster_than(peer: str, goal: float, moonshot: float) -> Goal:
    place = Place("rich", 10_000)
    what = f"rich, 10,000 notes: how many times as fast as {peer}"
    return Goal(what, Place("rich", 10_000, peer), place, goal, moonshot, is_at_least=True)


def _part(what: str, group: str, notes: int, tasks: tuple[str, str], goal: float, moonshot: float | None) -> Goal:
    return Goal(what, Place(group, notes, tasks[0]), Place(group, notes, tasks[1]), goal, moonshot)


def _growth(group: str) -> Goal:
    return Goal(f"{group}, 100,000 notes against 10,000", Place(group, 100_000), Place(group, 10_000), 11, 10)


def _peak(group: str) -> Goal:
    return Goal(f"{group}, 100,000 notes: peak memory", Place(group, 100_000), None, 250, 80)


def _unchanged(group: str) -> Goal:
    what = f"{group}, 10,000 notes: a build with nothing changed against a full one"
    return _part(what, f"rebuild {group}", 10_000, (UNCHANGED, FULL), 0.3, 0.1)


def _one_changed(group: str) -> Goal:
    what = f"{group}, 10,000 notes: a build with one point changed against a full one"
    return _part(what, f"rebuild {group}", 10_000, (ONE_CHANGED, FULL), 0.5, None)


GOALS = (
    _against("light", 10_000, PLAIN, 1.5, 1.0),
    _against("light", 100_000, PLAIN, 1.2, 0.7),
    _against("rich", 10_000, PLAIN, 0.4, 0.2),
    _against("rich", 10_000, RAW, 1.5, 1.0),
    _faster_than(TOOL, 12, 20),
    _faster_than(PYLIB, 2, 3),
    _faster_than(FORGE, 1.3, 2),
    _part("writer alone against SQLite and zip", "writer", 10_000, (WRITER, LIMIT), 3, 2),
    _growth("light"),
    _growth("rich"),
    _peak("light"),
    _peak("rich"),
    Goal("light, 1,000,000 notes: peak memory", Place("light", 1_000_000), None, 3000),
    _unchanged("light"),
    _unchanged("rich"),
    _one_changed("light"),
    _one_changed("rich"),
    _part("the seed deck against `import genanki, yaml, typer`", "start", 0, (SEED, IMPORTS), 2, 1.2),
    _part("`mkdeck --version` against `import typer`", "start", 0, (VERSION, TYPER), 1.3, None),
    _part("1,000 pictures of 100 kB against copying them", "media", 1000, (MEDIA, COPY), 2, None),
)
