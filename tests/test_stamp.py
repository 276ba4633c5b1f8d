"""A build that has nothing to do does nothing, and knows for certain that there is nothing to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import genanki
import pytest

from mkdeck.stamp import _libraries

if TYPE_CHECKING:
    from collections.abc import Callable

DECK = "deck: D\nid: d\ncards:\n  - front: Who?\n    back: {text: He, image: he.png}\n  - cloze: It {{was}}.\n"
HEAVY = ("yaml", "genanki", "markdown_it")


def build(folder: Path, *options: str, libraries: str = "") -> tuple[str, bool]:
    """Run `mkdeck build`; give what it printed, and whether it read the deck at all.

    What is in the folder `libraries` is found before what is installed.
    """
    code = (
        "import sys; from mkdeck.start import run\n"
        f"sys.argv[1:] = ['build', 'deck.yaml', '-o', 'deck.apkg', *{list(options)!r}]\n"
        "try: run()\n"
        f"finally: print('worked' if any(name in sys.modules for name in {HEAVY!r}) else 'rested', file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": libraries},
    )
    return done.stdout + done.stderr, done.stderr.rstrip().endswith("worked")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "deck.yaml").write_text(DECK, encoding="utf-8")
    (tmp_path / "he.png").write_bytes(b"a picture")
    assert build(tmp_path)[1]
    return tmp_path


def test_nothing_to_do(built: Path) -> None:
    """The second build reads no deck, leaves the package as it is and reports the same counts."""
    before = (built / "deck.apkg").stat().st_mtime_ns
    said, worked = build(built)
    assert not worked
    assert said.splitlines()[:3] == [
        "deck.apkg: 2 notes, 2 cards, 1 media file",
        "  notes (cards) of each kind: plain 2 (2)",
        "  since the last build: 2 unchanged",
    ]
    assert (built / "deck.apkg").stat().st_mtime_ns == before
    assert not build(built, "--locked")[1]
    assert "Nothing was written" in build(built, "--dry-run")[0]


def edit_deck(folder: Path) -> None:
    (folder / "deck.yaml").write_text(DECK + "# a comment\n", encoding="utf-8")


def cut_package(folder: Path) -> None:
    package = folder / "deck.apkg"
    package.write_bytes(package.read_bytes()[:-10])


def edit_package(folder: Path) -> None:
    with zipfile.ZipFile(folder / "deck.apkg", "a") as archive:
        archive.comment = b'{"mkdeck": {"digest": "x", "media": [], "notes": {}, "cards": {}, "media_count": 0}}'


SOMETHING: dict[str, Callable[[Path], object]] = {
    "the deck": edit_deck,
    "a picture": lambda folder: (folder / "he.png").write_bytes(b"another"),
    "a picture gone": lambda folder: (folder / "he.png").unlink(),
    "the lock gone": lambda folder: (folder / "deck.lock.json").unlink(),
    "the lock edited": lambda folder: (folder / "deck.lock.json").write_text("{}"),
    "the package gone": lambda folder: (folder / "deck.apkg").unlink(),
    "the package cut": cut_package,
    "the package edited": edit_package,
}


@pytest.mark.parametrize("edit", SOMETHING.values(), ids=SOMETHING)
def test_something_to_do(edit: Callable[[Path], object], built: Path) -> None:
    """Whatever a package follows from, if it has changed, the deck is built."""
    edit(built)
    assert build(built)[1]


def test_another_option_is_something_to_do(built: Path) -> None:
    """A package without the retired notes is not one with them."""
    assert build(built, "--tag-retired")[1]
    assert not build(built, "--tag-retired")[1]
    assert build(built)[1]


def test_another_version_of_a_library_is_something_to_do(built: Path) -> None:
    """A package is built anew when a library that its texts come through is another one, and only once."""
    home = Path(genanki.__file__).parent
    libraries = built / "libraries"
    shutil.copytree(home, libraries / "genanki")
    (libraries / "genanki-0.13.99.dist-info").mkdir()
    assert build(built, libraries=str(libraries))[1]
    assert not build(built, libraries=str(libraries))[1]
    assert build(built)[1]


def test_every_library_is_found() -> None:
    """Each library that a package comes through has its version in the stamp."""
    names = [name.lower().partition("-")[0] for name in _libraries()]
    assert names == sorted(["babel", "genanki", "markdown_it_py", "mdit_py_plugins", "pyyaml"])
