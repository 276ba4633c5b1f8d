"""The command line, run as a user runs it."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from mkdeck import Card, Deck, DeckError, build
from mkdeck import terminal as printing

if TYPE_CHECKING:
    from pathlib import Path

GOOD = 'deck: A\nid: a\ncards:\n  - front: x\n    back: "1"\n'


def mkdeck(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in `cwd`."""
    return subprocess.run(
        [sys.executable, "-m", "mkdeck", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_build(tmp_path: Path) -> None:
    """`mkdeck build` builds decks/ into dist/ and says what it made and how to import it."""
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks/a.yaml").write_text(GOOD)
    done = mkdeck("build", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "dist/a.apkg: 1 note, 1 card",
        "  notes (cards) of each kind: plain 1 (1)",
        "  decks/a.lock.json: begun. Commit it with the deck: it keeps learners' history on its facts.",
        "To import: open the file in Anki, or choose File > Import there.",
    ]
    assert (tmp_path / "dist/a.apkg").exists()


def test_quiet(tmp_path: Path) -> None:
    """`-q` prints nothing; `-o` names the package."""
    (tmp_path / "a.yaml").write_text(GOOD)
    done = mkdeck("build", "a.yaml", "-o", "out/b.apkg", "-q", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out/b.apkg").exists()


def test_all_errors_of_all_decks(tmp_path: Path) -> None:
    """All errors of all decks come in one run, on standard error, with exit status 1; nothing is written."""
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text("deck: B\nid: B\ncards:\n  - fornt: x\n    back: y\n")
    (tmp_path / "c.yaml").write_text("deck: C\nid: c\ncards:\n  - cloze: nothing\n  - cloze: '{{x'\n")
    (tmp_path / "d.yaml").write_text("a: b: c")
    done = mkdeck("build", "a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    found = [line.split(": error[")[0] for line in done.stderr.splitlines() if ": error[" in line]
    assert found == [
        "b.yaml:2:5",
        "b.yaml:4:5",
        "c.yaml:4:12",
        "c.yaml:5:13",
        "d.yaml:1:4",
        "e.yaml",
    ]
    assert done.stderr.splitlines()[-1] == "6 errors; nothing was written."
    assert not (tmp_path / "dist").exists()


def test_a_failed_build_leaves_the_old_package(tmp_path: Path) -> None:
    """An error leaves the package of the last build as it was."""
    (tmp_path / "a.yaml").write_text(GOOD)
    mkdeck("build", "a.yaml", cwd=tmp_path)
    before = (tmp_path / "dist/a.apkg").read_bytes()
    (tmp_path / "a.yaml").write_text(GOOD + "x: y\n")
    assert mkdeck("build", "a.yaml", cwd=tmp_path).returncode == 1
    assert (tmp_path / "dist/a.apkg").read_bytes() == before


WRONG_USAGE = {
    "unknown option": ["build", "--nope"],
    "unknown command": ["bild"],
    "no name": ["new"],
}


@pytest.mark.parametrize("arguments", WRONG_USAGE.values(), ids=WRONG_USAGE)
def test_wrong_usage(arguments: list[str], tmp_path: Path) -> None:
    """Wrong usage has exit status 2 and says what is wrong."""
    done = mkdeck(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Error" in done.stderr


UNBUILDABLE = {
    "no folder decks": (["build"], "decks: error[file]: there is no such file"),
    "an empty folder": (["build", "."], ".: error[file]: there are no deck files (.yaml) in this folder"),
    "a folder as output": (
        ["build", "a.yaml", "-o", "folder.apkg"],
        "folder.apkg: error[file]: Is a directory",
    ),
    "a file as folder": (
        ["build", "a.yaml", "-o", "a.yaml"],
        "a.yaml: error[file]: no package can be written here",
    ),
    "a deck as output": (
        ["build", "a.yaml", "-o", "out.yaml"],
        "out.yaml: error[file]: this is no name for a package\n   mend: write `-o out.apkg`",
    ),
    "a collection as output": (
        ["build", "a.yaml", "-o", "out/a.colpkg"],
        "out/a.colpkg: error[file]: this is no name for a package\n   mend: write `-o out/a.apkg`",
    ),
    "capitals": (
        ["build", "a.yaml", "-o", "out.APKG"],
        "out.APKG: error[file]: this is no name for a package\n   mend: write `-o out.apkg`",
    ),
    "no ending": (["build", "a"], "a: error[file]: there is no such file\n   mend: did you mean `a.yaml`?"),
    "another ending": (
        ["build", "a.yml"],
        "a.yml: error[file]: there is no such file\n   mend: did you mean `a.yaml`?",
    ),
    "another name": (
        ["build", "decks/revolutoin.yaml"],
        "decks/revolutoin.yaml: error[file]: there is no such file\n   mend: did you mean `decks/revolution.yaml`?",
    ),
    "a name without its folder": (
        ["build", "revolution"],
        "revolution: error[file]: there is no such file\n   mend: did you mean `decks/revolution.yaml`?",
    ),
    "a name like no other": (["build", "zebra"], "zebra: error[file]: there is no such file\n1 error"),
    "notes": (
        ["build", "notes.txt"],
        "notes.txt: error[file]: this is not a deck\n   mend: `mkdeck import notes.txt`",
    ),
    "standard output": (
        ["build", "a.yaml", "-o", "-"],
        "-: error[file]: no package can be written here",
    ),
    "standard output by its name": (
        ["build", "a.yaml", "-o", "/dev/stdout"],
        "/dev/stdout: error[file]: no package can be written here",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), UNBUILDABLE.values(), ids=UNBUILDABLE)
def test_unbuildable(arguments: list[str], message: str, tmp_path: Path) -> None:
    """What cannot be read or written is one clear line and exit status 1."""
    if "." not in arguments:
        (tmp_path / "a.yaml").write_text(GOOD)
        (tmp_path / "notes.txt").write_text(GOOD)
    if "revol" in arguments[-1]:
        (tmp_path / "decks").mkdir()
        (tmp_path / "decks/revolution.yaml").write_text(GOOD)
    (tmp_path / "folder.apkg").mkdir()
    done = mkdeck(*arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not any((tmp_path / name).exists() for name in ("-", "dist", "out", "out.yaml", "out.APKG"))


def foreign_package(path: Path) -> Path:
    """Put a zip file there as another program makes it."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("collection.anki2", "what Anki exported")
    return path


def test_a_package_of_another_maker_is_not_written_over(tmp_path: Path) -> None:
    """It may be all that there is of it. All such targets are named, whether -o or a deck's name leads there."""
    (tmp_path / "dist").mkdir()
    theirs = [foreign_package(tmp_path / f"dist/{name}.apkg") for name in "ab"]
    before = theirs[0].read_bytes()
    for name in "ab":
        (tmp_path / f"{name}.yaml").write_text(GOOD.replace("id: a", f"id: {name}"))
    message = "mkdeck did not make this package, and does not write over it"
    mend = "   mend: give another name with `-o NAME.apkg`, or delete this one first if nobody needs it"
    for options in ([], ["--dry-run"]):
        done = mkdeck("build", "a.yaml", "b.yaml", *options, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.splitlines() == [
            f"dist/a.apkg: error[file]: {message}", mend,
            f"dist/b.apkg: error[file]: {message}", mend,
            "2 errors; nothing was written.",
        ]  # fmt: skip
    assert mkdeck("build", "a.yaml", "-o", "dist/b.apkg", cwd=tmp_path).returncode == 1
    assert [path.read_bytes() for path in theirs] == [before, before]
    assert not list(tmp_path.glob("*.lock.json"))


def test_what_is_no_whole_package_is_not_written_over(tmp_path: Path) -> None:
    """A damaged package or another file may be mended by someone; an empty one has nothing to lose."""
    deck = Deck(deck="D", id="d", cards=[Card(front="x", back="y")])
    whole = foreign_package(tmp_path / "x.apkg").read_bytes()
    for content in (whole[:-9], b"a letter"):
        (tmp_path / "x.apkg").write_bytes(content)
        with pytest.raises(DeckError, match="mkdeck did not make this package"):
            build(deck, tmp_path / "x.apkg", lock={})
        assert (tmp_path / "x.apkg").read_bytes() == content
    (tmp_path / "x.apkg").write_bytes(b"")
    assert build(deck, tmp_path / "x.apkg", lock={}).notes == {"plain": 1}


def test_a_package_of_mkdecks_is_known_without_a_digest(tmp_path: Path) -> None:
    """It may be of a deck that was made in Python, or of one with a folder of media."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m/x.png").write_bytes(b"a picture")
    (tmp_path / "a.yaml").write_text(f"{GOOD}media: m\n")
    deck = Deck(deck="D", id="d", cards=[Card(front="x", back="y")])
    for _ in range(2):
        assert mkdeck("build", "a.yaml", "-o", "a.apkg", cwd=tmp_path).returncode == 0
        assert build(deck, tmp_path / "d.apkg", lock={}).path.exists()
    with pytest.raises(DeckError, match="mkdeck did not make this package"):
        build(deck, foreign_package(tmp_path / "x.apkg"), lock={})


def test_two_decks_for_one_package(tmp_path: Path) -> None:
    """Two decks that would be written to one file are an error, not a loss."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.yaml").write_text(GOOD.replace("id: a", f"id: {folder}"))
    done = mkdeck("build", "one", "two", cwd=tmp_path)
    assert done.returncode == 1
    assert "one/a.yaml and two/a.yaml would both be written to `dist/a.apkg`" in done.stderr
    assert mkdeck("build", "one", "two", "-o", "both.apkg", cwd=tmp_path).returncode == 0


def test_two_decks_of_one_id(tmp_path: Path) -> None:
    """Two decks of one id would share their notes in Anki; that is an error."""
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(GOOD)
    done = mkdeck("build", "a.yaml", "b.yaml", cwd=tmp_path)
    assert "b.yaml:2:5: error[unstable-id]: the id `a` is that of a.yaml, too" in done.stderr


def test_new(tmp_path: Path) -> None:
    """`mkdeck new` writes a deck that builds, and never over another."""
    done = mkdeck("new", "Cold War", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "id: cold-war" in (tmp_path / "decks/cold-war.yaml").read_text()
    assert mkdeck("build", cwd=tmp_path).returncode == 0
    assert (tmp_path / "dist/cold-war.apkg").exists()
    (tmp_path / "decks/cold-war.yaml").write_text("mine")
    again = mkdeck("new", "cold-war", cwd=tmp_path)
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert (tmp_path / "decks/cold-war.yaml").read_text() == "mine"


@pytest.mark.parametrize("command", [[], ["build"], ["new"]])
def test_help(command: list[str], tmp_path: Path) -> None:
    """Every command has help with an example."""
    done = mkdeck(*command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Example" in done.stdout


def test_version_is_quick() -> None:
    """`mkdeck --version` loads neither genanki nor pydantic nor yaml, nor even Typer."""
    code = (
        "import sys, mkdeck.start as c\n"
        "sys.argv[1:] = ['--version']\n"
        "c.run()\n"
        "print(sorted({'genanki', 'pydantic', 'yaml', 'markdown_it', 'rich', 'typer'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, loaded = done.stdout.splitlines()
    assert version.startswith("mkdeck ")
    assert loaded == "[]"


def test_a_note_that_moves_to_another_deck(tmp_path: Path) -> None:
    """Anki moves no cards, so a note that is written into another deck is named."""
    front = "  - front: Which wall fell?\n    back: The wall of Berlin\n"
    (tmp_path / "a.yaml").write_text(GOOD + front)
    (tmp_path / "b.yaml").write_text(GOOD.replace("A", "B").replace("id: a", "id: b"))
    mkdeck("build", "a.yaml", "b.yaml", cwd=tmp_path)
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(GOOD.replace("A", "B").replace("id: a", "id: b") + front)
    done = mkdeck("build", "a.yaml", "b.yaml", cwd=tmp_path)
    assert "moved to another deck" in done.stdout
    assert "from 'A' to 'B'" in done.stdout


def test_a_deck_file_renamed_without_its_lock(tmp_path: Path) -> None:
    """A deck whose lock has the old name would begin anew; that is an error that says which lock it is."""
    (tmp_path / "a.yaml").write_text(GOOD)
    mkdeck("build", "a.yaml", cwd=tmp_path)
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    done = mkdeck("build", "b.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "rename the lock, too: to `b.lock.json`" in done.stderr
    (tmp_path / "a.lock.json").rename(tmp_path / "b.lock.json")
    assert "1 unchanged" in mkdeck("build", "b.yaml", cwd=tmp_path).stdout


def test_two_decks_with_one_lock(tmp_path: Path) -> None:
    """`a.yaml` and `a.yml` would share `a.lock.json`; that is an error before anything is written."""
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "a.yml").write_text(GOOD.replace("id: a", "id: b"))
    done = mkdeck("build", "a.yaml", "a.yml", "-o", "x.apkg", cwd=tmp_path)
    assert (done.returncode, "would both have the lock `a.lock.json`" in done.stderr) == (1, True)
    assert not (tmp_path / "x.apkg").exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("patience", "shown"), [(-1.0, True), (3600.0, False)])
def test_progress_bar(patience: float, shown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that takes a while shows a bar on a terminal; quick work does not, and neither does a quiet build."""
    monkeypatch.setattr(printing, "_PROGRESS_AFTER", patience)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with printing.progress_bar(quiet=False) as progress:
        assert progress is not None
        progress("compiling", 1, 3)
        progress("packing", 2, 3)
    assert ("packing" in terminal.getvalue()) is shown
    with printing.progress_bar(quiet=True) as progress:
        assert progress is None
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with printing.progress_bar(quiet=False) as progress:
        assert progress is None


NO_DECKS: dict[str, tuple[bytes, str, str]] = {
    "x.apkg": (
        b"PK\x03\x04\x14\0\0\0",
        "x.apkg: error[file]: this is a package, or another zip file, and not a deck",
        "   mend: `mkdeck import x.apkg` makes a deck of a package, `mkdeck show x.apkg` says what is in it",
    ),
    "x.lock.json": (
        b"{}\n",
        "x.lock.json: error[file]: this is the lock of a deck, and not a deck",
        "   mend: name the `.yaml` file beside it",
    ),
    "x.csv": (
        b"front,back\nx,y\n",
        "x.csv: error[file]: this is not a deck",
        "   mend: `mkdeck import x.csv` makes a deck of notes or a table; the name of a deck ends in .yaml",
    ),
}


@pytest.mark.parametrize("command", [["build"], ["check"], ["preview", "-o", "x.html"], ["diff", "a.yaml"]])
@pytest.mark.parametrize("name", NO_DECKS)
def test_what_is_no_deck_is_named(name: str, command: list[str], tmp_path: Path) -> None:
    """A file of another kind is called what it is, with the command that takes it; `diff` takes most of them."""
    content, message, mend = NO_DECKS[name]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "a.yaml").write_text(GOOD)
    done = mkdeck(*command, name, cwd=tmp_path)
    assert done.returncode == 1
    if command[0] != "diff" or name == "x.csv":
        said = (done.stdout + done.stderr).splitlines()
        assert (said[0], [line for line in said if "mend" in line]) == (message, [mend])
    assert "not UTF-8" not in done.stdout + done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", name]
