"""`mkdeck import`, run as a user runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_cli import mkdeck

from mkdeck import build
from mkdeck.deck import from_source
from mkdeck.importers import import_file
from mkdeck.source import parse

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


WRONG: dict[str, tuple[list[str], int, str, str]] = {
    "a name with a slip": (
        ["cards.cvs"],
        1,
        "cards.cvs: error[file]: there is no such file",
        "did you mean `cards.csv`?",
    ),
    "a folder": (
        ["maps"],
        1,
        "maps: error[file]: this is a folder, not a file",
        "name a file in it; each is imported by itself",
    ),
    "a picture": (
        ["unused.png"],
        1,
        "unused.png: error[encoding]: this is not text in UTF-8",
        "if it is text, save it as UTF-8; pictures, recordings and programs cannot be imported",
    ),
    "a file of a word processor": (
        ["notes.docx"],
        1,
        "notes.docx: error[file]: this is a file of Office, a package or another zip archive",
        "save it as plain text in UTF-8, a table as CSV, and import that",
    ),
    "an empty file": (
        ["empty.csv"],
        1,
        "empty.csv: error[file]: there is nothing in this file",
        "save your notes into it, or name another file",
    ),
    "a column that there is not": (
        ["cards.csv", "--columns", "front,bak"],
        1,
        "--columns: error[value]: `bak` is no column",
        "did you mean `back`? known are front, back, cloze, note, source, tags, guid, deck, notetype, skip",
    ),
    "no language": (
        ["cards.csv", "--lang", "english_please"],
        1,
        "--lang: error[value]: `english_please` is not a language tag",
        "write it as in BCP 47: `en`, `pt-BR`, `zh-Hant`",
    ),
    "no language of a package": (
        ["cards.apkg", "--lang", "english_please"],
        1,
        "--lang: error[value]: `english_please` is not a language tag",
        "write it as in BCP 47: `en`, `pt-BR`, `zh-Hant`",
    ),
    "no kind": (
        ["cards.csv", "--from", "apkg"],
        2,
        ("Error: Invalid value for '--from': `apkg` is none of notes, markdown, csv, tsv, anki-text, package"),
        "",
    ),
    "columns of running text": (
        ["notes.md", "--columns", "front,back"],
        1,
        "notes.md: error[file]: there is nothing to learn in this file",
        "it was read as a table because of `--columns`; if it is none, leave that out",
    ),
    "notes that are called a table": (
        ["notes.md", "--from", "csv"],
        1,
        "notes.md: error[file]: there is nothing to learn in this file",
        "it was read as csv; if it is something else, say what with `--from`",
    ),
    "columns of notes": (
        ["notes.md", "--columns", "front,back", "--from", "markdown"],
        1,
        "notes.md: error[value]: only a table has columns that can be named, and this is read as markdown",
        "leave out `--columns`, or say that it is a table: `--from csv`",
    ),
    "columns of a package": (
        ["cards.apkg", "--columns", "front,back"],
        1,
        "cards.apkg: error[value]: only a table has columns that can be named, and this is read as package",
        "leave out `--columns`",
    ),
    "a deck that is there": (
        ["cards.csv", "-o", "deck.yaml"],
        1,
        "deck.yaml: error[file]: this file is there already; take another name",
        "",
    ),
    "a folder for the deck": (
        ["cards.csv", "-o", "maps"],
        1,
        "maps: error[file]: this is a folder; name the deck in it: -o maps/cards.yaml",
        "",
    ),
    "a deck in a file": (
        ["cards.csv", "-o", "deck.yaml/x.yaml"],
        1,
        "deck.yaml: error[file]: this is a file, so no deck can lie in it; take another folder",
        "",
    ),
    "standard output": (
        ["cards.csv", "-o", "-"],
        2,
        "Error: Invalid value: `-` is no file; write `-o cards.yaml`. Without -o, notes and tables are printed",
        "",
    ),
    "standard output by its name": (
        ["cards.csv", "-o", "/dev/stdout"],
        2,
        (
            "Error: Invalid value: `/dev/stdout` is no file; write `-o cards.yaml`. Without -o, notes and tables "
            "are printed"
        ),
        "",
    ),
    "a name that is no deck's": (
        ["cards.csv", "-o", "deck.txt"],
        2,
        "Error: Invalid value: `deck.txt` is no name for a deck; write `-o deck.yaml`",
        "",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_mend(name: str, course: Path) -> None:
    """In the terms of the one who wrote the command; nothing is written."""
    folder = course / "old"
    (folder / "unused.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    (folder / "notes.docx").write_bytes(b"PK\x03\x04 and the rest")
    (folder / "empty.csv").touch()
    (folder / "notes.md").write_text("# Rome\n\n- Marius armed the poor.\n")
    (folder / "cards.apkg").write_bytes(b"PK\x03\x04 and the rest")
    (folder / "deck.yaml").write_text("deck: A\n")
    arguments, status, message, mend = WRONG[name]
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = mkdeck("import", *arguments, cwd=folder)
    said = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (status, "")
    assert message in said
    assert [line.removeprefix("   mend: ") for line in said if line.startswith("   mend: ")] == [mend] * bool(mend)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_deck_that_is_printed_loses_the_guids_of_a_table(tmp_path: Path) -> None:
    """They stand in the lock, which is written with -o; a column that is left out is named."""
    (tmp_path / "cards.csv").write_text("front,back,guid\nWho?,Gandhi,g-1\n")
    lost = "the guids are lost here, for a deck that is printed has no lock: write it with -o"
    assert mkdeck("import", "cards.csv", cwd=tmp_path).stderr.splitlines()[-1] == lost
    assert lost not in mkdeck("import", "cards.csv", "-o", "cards.yaml", cwd=tmp_path).stderr
    done = mkdeck("import", "cards.csv", "--columns", "front,back", cwd=tmp_path)
    assert done.stderr.splitlines()[1] == "column 3, `guid`, was left out"


# What is written, the options -> the file that the comments at its top name
NAMED = {
    "a deck of a table": ("cards.csv", "decks/india.yaml", "decks/india.yaml"),
    "a deck of a package": ("cards.apkg", "decks/india.yml", "decks/india.yml"),
    "a deck of a package, where it lies by default": ("cards.apkg", "", "cards.yaml"),
    "a name with a blank": ("cards.csv", "my deck.yaml", "'my deck.yaml'"),
    "a deck that is printed": ("cards.csv", "", "NAME.yaml"),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_deck_says_how_it_is_checked_and_built(name: str, tmp_path: Path) -> None:
    """The commands at its top name its file, so that they can be copied; where folders lie is not told."""
    source, out, named = NAMED[name]
    (tmp_path / "cards.csv").write_text("front,back\nWho?,Gandhi\n")
    build(from_source(parse(import_file(tmp_path / "cards.csv").yaml)), tmp_path / "cards.apkg", lock={})
    wanted = [
        f"# - `mkdeck check {named}` tells which cards are hard to learn.",
        f"# - `mkdeck build {named}` makes the package for Anki.",
    ]
    done = mkdeck("import", source, *(["-o", out] if out else []), cwd=tmp_path)
    written = tmp_path / (out or "cards.yaml")
    text = written.read_text() if written.exists() else done.stdout
    assert [line for line in text.splitlines() if line.startswith("# - `")] == wanted
    absolute = import_file(tmp_path / source, out=tmp_path / "a.yaml").yaml
    assert "`mkdeck build a.yaml`" in absolute
    assert str(tmp_path) not in absolute


def test_a_table_in_utf_16_is_read(course: Path) -> None:
    """As spreadsheets save it; what it holds counts, not its encoding."""
    (course / "old/cards.txt").write_bytes("front\tback\nWho?\tGandhi\n".encode("utf-16"))
    done = mkdeck("import", "old/cards.txt", cwd=course)
    assert "  - front: Who?\n    back: Gandhi\n" in done.stdout


TOLD = {
    "cards.csv": ["reading", "checking", "writing"],
    "notes.txt": ["checking", "writing"],
    "cards.apkg": ["reading", "checking", "writing"],
}


@pytest.mark.parametrize("name", TOLD)
def test_long_work_tells_how_far_it_is(name: str, tmp_path: Path) -> None:
    """Stage by stage, never going back, for every kind of file."""
    rows = "".join(f"Question {number}?,Answer {number}\n" for number in range(500))
    (tmp_path / "cards.csv").write_text(f"front,back\n{rows}")
    (tmp_path / "notes.txt").write_text("Why did Rome fall?\n\nArmies\n- Marius armed the poor.\n")
    deck = from_source(parse(import_file(tmp_path / "cards.csv").yaml))
    build(deck, tmp_path / "cards.apkg", lock={})
    told: list[tuple[str, int, int]] = []
    import_file(tmp_path / name, progress=lambda *each: told.append(each))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == TOLD[name]
    done = [part / whole for _, part, whole in told]
    assert done == sorted(done)
    assert 0 <= done[0] < done[-1] < 1
