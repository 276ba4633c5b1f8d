"""`mkdeck import`, run as a user runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_cli import mkdeck

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CARDS = 'front,back\nWhich land?,<img src="maps/land.png">\nWhose voice?,Gandhi [sound:voice.mp3]\n'


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Give a folder with a table in `old/`, and the picture and the recording that it names."""
    (tmp_path / "old/maps").mkdir(parents=True)
    (tmp_path / "old/maps/land.png").write_bytes(b"a map")
    (tmp_path / "old/voice.mp3").write_bytes(b"a voice")
    (tmp_path / "old/unused.png").write_bytes(b"no card shows it")
    (tmp_path / "old/cards.csv").write_text(CARDS)
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def test_media_are_copied_beside_the_deck(course: Path) -> None:
    """Those that the deck shows, under the same names, so that it builds where it was written."""
    done = mkdeck("import", "old/cards.csv", "-o", "decks/india.yaml", cwd=course)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-2:] == [
        "copied beside the deck: maps/land.png, voice.mp3",
        "decks/india.yaml: written. Read it through, then: mkdeck check decks/india.yaml",
    ]
    assert files(course / "decks") == ["india.yaml", "maps/land.png", "voice.mp3"]
    assert (course / "decks/maps/land.png").read_bytes() == b"a map"
    assert mkdeck("build", "decks/india.yaml", cwd=course).returncode == 0


def test_media_that_are_there_already_are_left_alone(course: Path) -> None:
    """A second import into the same folder copies what is missing, and names only that."""
    mkdeck("import", "old/cards.csv", "-o", "decks/one.yaml", cwd=course)
    before = (course / "decks/voice.mp3").stat().st_mtime_ns
    (course / "decks/maps/land.png").unlink()
    done = mkdeck("import", "old/cards.csv", "-o", "decks/two.yaml", cwd=course)
    assert done.stderr.splitlines()[-2] == "copied beside the deck: maps/land.png"
    assert (course / "decks/voice.mp3").stat().st_mtime_ns == before
    assert files(course / "decks") == ["maps/land.png", "one.yaml", "two.yaml", "voice.mp3"]


def test_nothing_is_copied_where_the_deck_is_written_beside_the_file(course: Path) -> None:
    """However the folder is called."""
    for number, name in enumerate(["old/a.yaml", "./old/b.yaml", "decks/../old/c.yaml"]):
        (course / "decks").mkdir(exist_ok=True)
        done = mkdeck("import", "old/cards.csv", "-o", name, cwd=course)
        assert (number, done.returncode, "copied" in done.stderr) == (number, 0, False)
    assert files(course) == [
        "old/a.yaml", "old/b.yaml", "old/c.yaml", "old/cards.csv", "old/maps/land.png", "old/unused.png",
        "old/voice.mp3",
    ]  # fmt: skip


IN_THE_WAY: dict[str, tuple[Callable[[Path], object], str]] = {
    "another picture of this name": (
        lambda decks: (decks / "voice.mp3").write_bytes(b"another voice"),
        "voice.mp3: error[file]: `voice.mp3` is to be copied here, and another file of this name is there already",
    ),
    "a folder": (
        lambda decks: (decks / "voice.mp3").mkdir(),
        "voice.mp3: error[file]: `voice.mp3` is to be copied here, and another file of this name is there already",
    ),
    "a link to nothing": (
        lambda decks: (decks / "voice.mp3").symlink_to("gone.mp3"),
        "voice.mp3: error[file]: `voice.mp3` is to be copied here, and another file of this name is there already",
    ),
    "a link that leads out": (
        lambda decks: (decks / "maps").symlink_to(decks.parent / "elsewhere"),
        (
            "maps/land.png: error[file]: `maps/land.png` is to be copied here, "
            "and a link leads out of the deck's folder"
        ),
    ),
}


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_nothing_is_written_where_something_is_in_the_way(name: str, course: Path) -> None:
    """Neither the deck nor one of its files, and what is there stays as it is."""
    put, message = IN_THE_WAY[name]
    (course / "decks").mkdir()
    (course / "elsewhere").mkdir()
    put(course / "decks")
    before = files(course)
    done = mkdeck("import", "old/cards.csv", "-o", "decks/india.yaml", cwd=course)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"decks/{message}",
        "   mend: rename one of the two, or write the deck into another folder with -o",
        "1 error; nothing was written.",
    ]
    assert files(course) == before


def test_a_deck_that_is_printed_says_which_files_it_needs(course: Path) -> None:
    """They are copied nowhere; in the file's own folder, there is nothing to say."""
    before = files(course)
    done = mkdeck("import", "old/cards.csv", cwd=course)
    assert done.stderr.splitlines()[-1] == "the deck needs these files of old beside it: maps/land.png, voice.mp3"
    assert "beside it" not in mkdeck("import", "cards.csv", cwd=course / "old").stderr
    assert files(course) == before
