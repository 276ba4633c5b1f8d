"""Parts of what mkdeck does, each against what it is to be held against."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import PACKAGE, Task, run_python
from peers import BUILD
from workloads import PICTURES

if TYPE_CHECKING:
    from collections.abc import Callable

_HERE = Path(__file__).resolve().parent
_FORMS = _HERE.parent / "forms.py"
_SEED = _HERE.parents[1] / "decks" / "collectivisation.yaml"
_PICTURE_BYTES = 100_000

FULL = "full build"
UNCHANGED = "build with nothing changed"
ONE_CHANGED = "build with one point changed"
CHECK = "`mkdeck check`"
VERSION = "`mkdeck --version`"
TYPER = "`import typer`"
SEED = "build of the seed deck"
IMPORTS = "`import genanki, yaml, typer`"
WRITER = "mkdeck's writer"
LIMIT = "SQLite and zip, rows ready made"
DEFLATED = "the same, deflated as mkdeck does"
MEDIA = "build with pictures"
COPY = "copying the pictures"


def prepare(workload: str, notes: int, folder: Path, *forms: str) -> None:
    """Write a deck in some of its forms into a new folder."""
    folder.mkdir()
    run_python(str(_FORMS), workload, str(notes), *forms, folder=folder)


def rebuild(workload: str) -> Callable[[int, Path], list[Task]]:
    """Build a deck that was built before: as it was, and with one point changed; and check it."""

    def tasks(notes: int, folder: Path) -> list[Task]:
        built, changed = folder / "built", folder / "changed"
        prepare(workload, notes, built, "deck.yaml", "notes.pickle")
        prepare(f"{workload}, one changed", notes, changed, "deck.yaml", "notes.pickle")
        run_python(*BUILD, folder=built)
        deck, wanted = built / "deck.yaml", built / "notes.pickle"
        before = (*built.glob("*.lock.json"), built / PACKAGE)
        return [
            Task(FULL, BUILD, (deck,), FULL, wanted),
            Task(UNCHANGED, BUILD, (deck, *before), FULL, wanted),
            Task(ONE_CHANGED, BUILD, (changed / "deck.yaml", *before), FULL, changed / "notes.pickle"),
            Task(CHECK, ("-m", "mkdeck", "check", "deck.yaml"), (deck,), FULL),
        ]

    return tasks


def start(_notes: int, folder: Path) -> list[Task]:
    """Start the command, and build a deck of ordinary size."""
    shutil.copyfile(_SEED, folder / "deck.yaml")
    return [
        Task(VERSION, ("-m", "mkdeck", "--version"), against=TYPER),
        Task(TYPER, ("-c", "import typer"), against=TYPER),
        Task(SEED, BUILD, (folder / "deck.yaml",), IMPORTS),
        Task(IMPORTS, ("-c", "import genanki, yaml, typer"), against=IMPORTS),
    ]


def writer(notes: int, folder: Path) -> list[Task]:
    """Write notes that have been compiled and have their identity; beside it, the least that writing takes."""
    deck = folder / "deck"
    prepare("rich", notes, deck, "deck.yaml", "notes.pickle")
    run_python(*BUILD, folder=deck)
    rows = (deck / PACKAGE).rename(deck / "rows.apkg")
    wanted = deck / "notes.pickle"

    def task(name: str, script: str, source: Path, *more: str) -> Task:
        arguments = (str(_HERE / script), source.name, PACKAGE, *more)
        return Task(name, arguments, (source,), LIMIT, wanted, is_own_clock=True)

    return [
        task(WRITER, "mkdeck_writer.py", deck / "deck.yaml"),
        task(LIMIT, "sqlite_and_zip.py", rows, "0"),
        task(DEFLATED, "sqlite_and_zip.py", rows, "1"),
    ]


def media(notes: int, folder: Path) -> list[Task]:
    """Build a deck with a picture at every point; the pictures do not compress."""
    deck = folder / "deck"
    prepare("illustrated", notes, deck, "deck.yaml", "notes.pickle")
    pictures = deck / PICTURES
    pictures.mkdir()
    chance = random.Random(notes)
    for number in range(notes):
        (pictures / f"{number}.png").write_bytes(chance.randbytes(_PICTURE_BYTES))
    copy = f"import shutil; shutil.copytree({PICTURES!r}, 'copy')"
    return [
        Task(MEDIA, BUILD, (deck / "deck.yaml", pictures), COPY, deck / "notes.pickle"),
        Task(COPY, ("-c", copy), (pictures,), COPY),
    ]


PARTS: dict[str, tuple[int, Callable[[int, Path], list[Task]]]] = {
    "rebuild light": (10_000, rebuild("light")),
    "rebuild rich": (10_000, rebuild("rich")),
    "start": (0, start),
    "writer": (10_000, writer),
    "media": (1000, media),
}
"""Name -> how many notes it is about (0: it is about no number), and its tasks."""
