"""The measurements as a page of Markdown."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
import zlib
from importlib import metadata
from typing import TYPE_CHECKING

from goals import GOALS
from peers import PEERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from measuring import Group, Outcome

PICTURE = "results.svg"

_HEADINGS = {
    "light": "Light",
    "rich": "Rich",
    "rebuild light": "Again, light",
    "rebuild rich": "Again, rich",
    "start": "Start",
    "writer": "The writer alone",
    "media": "Pictures of 100 kB",
}
_ABOUT = {
    "light": "20 words and three clozes a note, some 210 bytes of YAML.",
    "rich": "Three declared facts, a note, a source and tags a note, some 1.5 kB of YAML.",
    "writer": "Timed inside the process: before the clock starts, the deck is compiled, and the rows lie ready.",
}
_METHOD = """\
Each figure is the median of {runs} of the whole process, from start to exit, run in turn with the others of its
table, after one that warms up; the fastest is in brackets, far below the median where the machine was busy. A
ratio in a table is that to the time of mkdeck, or of the row to which the goal compares; the table of goals says
what is held against what. Memory is the peak of any run, and of all processes together where there are several at
once. mkdeck does all that it does for anybody: validation, checks, identity, the lock. Every package, of every
run, is imported into the official Anki after the clock has stopped: its notes and cards are counted, the clozes,
tags and other texts of each note compared with the notes that the deck should make, and the cards of a sample
drawn. Where a package is not as it should be, no figure stands. On Linux, mkdeck lets a second core work along up
to 50,000 notes. `make bench` makes this page; `python benchmarks/run.py --help` tells how to measure less.
"""


def page(groups: Sequence[Group], runs: int, machine: str) -> str:
    """Write the whole page."""
    parts = ["# How fast mkdeck is\n", f"{machine}\n"]
    if any(group.name in ("light", "rich") for group in groups):
        parts.append(f"![Seconds of each peer, on a log scale]({PICTURE})\n")
    parts += [f"## Goals\n\n{goals(groups)}", f"## How it is measured\n\n{_METHOD.format(runs=_times(runs))}"]
    parts += [f"## {_heading(group)}\n\n{_about(group)}{table(group)}" for group in groups]
    return "\n".join(parts)


def goals(groups: Iterable[Group]) -> str:
    """Draw the table of goals, with what was measured of each."""
    groups = list(groups)
    rows = []
    for goal in GOALS:
        figure = goal.figure(groups)
        bounds = (goal.bound(goal.goal), goal.bound(goal.moonshot))
        rows.append((goal.what, *bounds, goal.show(figure), str(goal.verdict(figure))))
    return _markdown(("figure", "goal", "moonshot", "measured", "reached"), rows, "l---l")


def table(group: Group) -> str:
    """Draw what was measured of one group."""
    named = {outcome.task.name: outcome for outcome in group.outcomes}
    has_reader = any(outcome.task.reads for outcome in group.outcomes)
    rows = [_row(outcome, named, has_reader=has_reader) for outcome in group.outcomes]
    return _markdown(
        ("", *(("reads",) if has_reader else ()), "notes", "cards", "time", "ratio", "memory", "remarks"),
        rows,
        "ll-----l" if has_reader else "l-----l",
    )


def machine() -> str:
    """Name what was measured with and on: versions and size, not whose machine it is."""
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    versions = [f"mkdeck {metadata.version('mkdeck')}", f"Python {platform.python_version()}"]
    versions += [f"SQLite {sqlite3.sqlite_version}", f"zlib {zlib.ZLIB_RUNTIME_VERSION}"]
    versions += list(_installed(sorted({peer.distribution for peer in PEERS})))
    system = {"darwin": "macOS"}.get(sys.platform, platform.system())
    return f"{', '.join(versions)}. {system} {platform.machine()}, {os.cpu_count()} cores, {size:.0f} GB of memory."


def _installed(distributions: list[str]) -> Iterator[str]:
    for name in distributions:
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            continue


def _row(outcome: Outcome, named: dict[str, Outcome], *, has_reader: bool) -> tuple[str, ...]:
    task = outcome.task
    name = (task.name, *((task.reads,) if has_reader else ()))
    if outcome.failure:
        return (*name, "", "", "", "", "", _cell(outcome.failure))
    against = named.get(task.against)
    return (
        *name,
        *(f"{count:,}" if count else "" for count in (outcome.notes, outcome.cards)),
        f"{seconds(outcome.seconds)} s ({seconds(outcome.fastest)})",
        f"{outcome.seconds / against.seconds:.2f}x" if against and against.runs else "",
        "" if task.is_own_clock else f"{outcome.megabytes:.0f} MB",
        _cell(task.remark),
    )


def seconds(figure: float) -> str:
    """Write seconds with three digits that count."""
    return f"{figure:.3f}" if figure < 1 else f"{figure:.2f}" if figure < 10 else f"{figure:.1f}"


def _heading(group: Group) -> str:
    return f"{_HEADINGS[group.name]}, {group.notes:,} notes" if group.notes else _HEADINGS[group.name]


def _about(group: Group) -> str:
    return f"{_ABOUT[group.name]}\n\n" if group.name in _ABOUT else ""


def _times(runs: int) -> str:
    return "one run" if runs == 1 else f"{runs} runs"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _markdown(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], sides: str) -> str:
    """Draw a table; `sides` has an `l` for each column of words."""
    rule = ("---" if side == "l" else "--:" for side in sides)
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(rule)}|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"
