"""mkdeck against the script that most people write: time and memory of whole processes, as a Markdown table.

make bench
python benchmarks/build.py --workload light --notes 100000
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from decks import WORKLOADS

_HERE = Path(__file__).resolve().parent
_SEED = _HERE.parent / "decks" / "collectivisation.yaml"
_PACKAGE = "x.apkg"
_MEGABYTE = 1e6
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in one unit of `ru_maxrss`."""


@dataclass(frozen=True, slots=True)
class Contest:
    """The arguments of Python for mkdeck and for its peer, and the deck that both find as `deck.yaml`."""

    name: str
    mkdeck: tuple[str, ...]
    peer: tuple[str, ...]
    deck: Path | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took, and what is in the package it wrote; 0 without a package."""

    seconds: float
    megabytes: float
    notes: int
    cards: int


@dataclass(frozen=True, slots=True)
class Result:
    """The measured runs of a contest."""

    name: str
    mkdeck: tuple[Run, ...]
    peer: tuple[Run, ...]


def main() -> None:
    options = _options()
    print("| work | notes | cards | mkdeck | peer | ratio | mkdeck's memory | peer's memory |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    with tempfile.TemporaryDirectory(prefix="mkdeck-bench-") as folder:
        for name in options.workload or _WORK:
            contest = _contest(name, options.notes, Path(folder))
            print(row(measure(contest, options.runs, Path(folder))), flush=True)
    print()
    print(f"Medians of {options.runs} runs in turn, fastest in brackets; peak memory; ", end="")
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}.")


def measure(contest: Contest, runs: int, folder: Path) -> Result:
    """Run both sides in turn, so that a busy machine slows both.

    A first round, which is not measured, compiles modules and warms the file cache. Exits if one side's
    package has other numbers of notes and cards than the other's.
    """
    rounds = [(_run(contest.mkdeck, contest, folder), _run(contest.peer, contest, folder)) for _ in range(runs + 1)]
    mkdeck, peer = zip(*rounds[1:], strict=True)
    ours, theirs = ({(run.notes, run.cards) for run in side} for side in (mkdeck, peer))
    if contest.name in WORKLOADS and (ours != theirs or len(ours) != 1):
        sys.exit(f"{contest.name}: the (notes, cards) differ: mkdeck {sorted(ours)}, its peer {sorted(theirs)}")
    return Result(contest.name, mkdeck, peer)


def row(result: Result) -> str:
    """Draw a result as a row of a Markdown table."""
    made = result.mkdeck[0]
    ratio = _median(result.mkdeck) / _median(result.peer)
    cells = [
        f"{result.name}: {_WORK[result.name]}",
        *(f"{count:,}" if count else "" for count in (made.notes, made.cards)),
        *(_seconds(runs) for runs in (result.mkdeck, result.peer)),
        f"{ratio:.2f}x",
        *(_memory(runs) for runs in (result.mkdeck, result.peer)),
    ]
    return f"| {' | '.join(cells)} |"


_WORK = {
    "light": "20 words and three clozes a note, against the plain script",
    "rich": "1.5 kB and three facts a note, against the plain script",
    "check": "`check` of the light deck, against building it",
    "seed": "the seed deck, against `import genanki, yaml, typer`",
    "version": "`--version`, against `import typer`",
}


def _contest(name: str, notes: int, folder: Path) -> Contest:
    build = ("-m", "mkdeck", "build", "deck.yaml", "-o", _PACKAGE, "-q")
    if name == "version":
        return Contest(name, ("-m", "mkdeck", "--version"), ("-c", "import typer"))
    deck = folder / f"{name}.yaml"
    if name == "seed":
        shutil.copyfile(_SEED, deck)
        return Contest(name, build, ("-c", "import genanki, yaml, typer"), deck)
    with deck.open("w", encoding="utf-8") as file:
        file.writelines(WORKLOADS["light" if name == "check" else name](notes))
    if name == "check":
        return Contest(name, ("-m", "mkdeck", "check", "deck.yaml"), build, deck)
    return Contest(name, build, (str(_HERE / "plain_script.py"), "deck.yaml", _PACKAGE), deck)


def _run(arguments: tuple[str, ...], contest: Contest, folder: Path) -> Run:
    """Run Python in a folder that holds only the deck, so that no lock of an earlier run helps it."""
    with tempfile.TemporaryDirectory(dir=folder) as here:
        if contest.deck:
            os.link(contest.deck, Path(here, "deck.yaml"))
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], cwd=here, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{contest.name}: python {' '.join(arguments)} ended with status {process.returncode}")
        notes, cards = _count(Path(here, _PACKAGE))
        return Run(seconds, usage.ru_maxrss * _RSS_UNIT / _MEGABYTE, notes, cards)


def _count(package: Path) -> tuple[int, int]:
    """Count the notes and cards in a package; none if there is no package."""
    if not package.exists():
        return 0, 0
    with zipfile.ZipFile(package) as members:
        database = members.extract("collection.anki2", package.parent)
    with closing(sqlite3.connect(database)) as connection:
        notes, cards = connection.execute(
            "SELECT (SELECT count() FROM notes), (SELECT count() FROM cards)"
        ).fetchone()
    return int(notes), int(cards)


def _median(runs: tuple[Run, ...]) -> float:
    return statistics.median(run.seconds for run in runs)


def _seconds(runs: tuple[Run, ...]) -> str:
    return f"{_median(runs):.3f} s ({min(run.seconds for run in runs):.3f})"


def _memory(runs: tuple[Run, ...]) -> str:
    return f"{max(run.megabytes for run in runs):.0f} MB"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=_positive, default=10_000, help="notes of light and rich [10000]")
    parser.add_argument("--runs", type=_positive, default=5, help="measured runs of each command [5]")
    parser.add_argument(
        "--workload", action="append", choices=list(_WORK), help="may be given more than once [all of them]"
    )
    return parser.parse_args()


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number from 1 on")
    return int(text)


if __name__ == "__main__":
    main()
