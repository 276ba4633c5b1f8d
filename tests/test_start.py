"""The build that is done without Typer: it says and does what Typer's would."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from mkdeck.start import plain_build

BY_TYPER = "from mkdeck.cli import app; app(prog_name='mkdeck')"
GOOD = "deck: D\nid: d\ncards:\n  - front: Who?\n    back: He\n  - cloze: It {{was}}.\n"

LINES = {
    "nothing else": (),
    "a deck": ("good.yaml",),
    "a folder": ("decks",),
    "two decks, one package": ("good.yaml", "decks", "-o", "both.apkg"),
    "a folder for the packages": ("good.yaml", "--out", "there/x"),
    "an option first": ("-o", "x.apkg", "good.yaml"),
    "an option twice": ("-o", "a.apkg", "-o", "b.apkg", "good.yaml"),
    "an option that looks like a name": ("good.yaml", "-o", "-q"),
    "an empty name": ("good.yaml", "-o", ""),
    "an empty path": ("",),
    "quiet": ("-q", "good.yaml"),
    "quiet, in full, twice": ("--quiet", "good.yaml", "-q"),
    "a deck with errors": ("bad.yaml",),
    "a deck with errors, quiet": ("bad.yaml", "-q"),
    "no YAML": ("broken.yaml", "good.yaml"),
    "no such file": ("none.yaml",),
    "no deck": ("notes.txt",),
    "a name that is no text": ("\udcff.yaml",),
    "a target that cannot be written": ("good.yaml", "-o", "notes.txt/x.apkg"),
    "two decks of one name": ("good.yaml", "more/good.yaml"),
}
LEFT_TO_TYPER = {
    "another command": ("check", "good.yaml"),
    "no command": (),
    "a name with its value": ("build", "--out=x.apkg"),
    "letters together": ("build", "-qo", "x.apkg"),
    "a value at the letter": ("build", "-ox.apkg"),
    "no value": ("build", "-o"),
    "an unknown option": ("build", "--fast"),
    "a dash": ("build", "-"),
    "no options from here on": ("build", "--", "-q.yaml"),
    "help": ("build", "--help"),
    "another option": ("build", "good.yaml", "--locked"),
}


FILES = {
    "good.yaml": GOOD,
    "more/good.yaml": GOOD.replace("id: d", "id: e"),
    "decks/other.yaml": GOOD.replace("id: d", "id: other").replace("deck: D", "deck: Other"),
    "bad.yaml": GOOD + "  - front: Who else?\n    image: none.png\ncolour: red\n",
    "broken.yaml": "deck: [\n",
    "notes.txt": "notes",
}


def with_files(folder: Path) -> Path:
    """Make a folder that holds all files."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def ran(folder: Path, *command: str) -> tuple[int, bytes, bytes, dict[str, bytes]]:
    """Run Python; give its exit status, what it printed, and the files that there are."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1764000000"}
    done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, check=False, env=environment)
    files = {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    return done.returncode, done.stdout, done.stderr, files


@pytest.mark.parametrize("words", LINES.values(), ids=list(LINES))
def test_both_ways_are_one(words: tuple[str, ...], tmp_path: Path) -> None:
    """What is printed, the exit status and every byte that is written are those of Typer's command, twice."""
    assert plain_build(["build", *words]) is not None
    plain, typer = with_files(tmp_path / "plain"), with_files(tmp_path / "typer")
    for _ in range(2):  # the second build may have nothing to do
        assert ran(plain, "-m", "mkdeck", "build", *words) == ran(typer, "-c", BY_TYPER, "build", *words)


@pytest.mark.parametrize("words", LEFT_TO_TYPER.values(), ids=list(LEFT_TO_TYPER))
def test_what_typer_reads(words: tuple[str, ...]) -> None:
    """A line that is not plain is left to Typer."""
    assert plain_build(list(words)) is None


def test_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """There, Typer looks for the files that are meant by `*.yaml`, or by `~`, for no shell does."""
    words = ["build", "decks/*.yaml", "-o", "~/x.apkg"]
    assert plain_build(words) is not None
    with monkeypatch.context() as windows:
        windows.setattr("os.name", "nt")
        assert plain_build(words) is None


NEVER_LOADED = {
    "typer", "rich", "asyncio.events", "email.message", "babel", "rapidfuzz", "markdown_it", "difflib",
    "filelock", "logging", "html", "importlib.resources", "mkdeck.markup.simple", "mkdeck.markup.normal_form",
    "yaml.events", "yaml.reader", "_yaml", "mkdeck.source.reader",
    "mkdeck.validation", "mkdeck.render", "mkdeck.lock.farewell", "mkdeck.lock.matching", "mkdeck.lock.likeness",
}  # fmt: skip
"""What the first build of a deck in which nothing is wrong has no need of."""


def test_what_a_plain_build_does_not_load(tmp_path: Path) -> None:
    """No Typer, and no part of mkdeck that has nothing to do; asyncio and importlib.metadata when they are used."""
    code = """
import sys
from mkdeck.start import run
run()
print(*sys.modules)
import cached_property, asyncio, asyncio.queues
async def answer():
    return await asyncio.sleep(0, 42)
asks = cached_property.asyncio.iscoroutinefunction
import importlib.metadata
from importlib.metadata import entry_points
from pydantic.plugin import _loader
scripts = [{each.name for each in found(group="console_scripts")} for found in (entry_points, _loader.entry_points)]
print(importlib.metadata.version("genanki"), "mkdeck" in scripts[0] and scripts[0] == scripts[1])
print(asyncio.run(answer()), asks(answer), asyncio.queues is sys.modules['asyncio'].queues)
"""
    status, said, errors, files = ran(with_files(tmp_path), "-c", code, "build", "good.yaml", "-q")
    assert (status, errors) == (0, b"")
    loaded, *answers = said.decode().splitlines()
    assert NEVER_LOADED.isdisjoint(loaded.split())
    assert answers == [f"{version('genanki')} True", "42 True True"]
    assert "dist/good.apkg" in files


WAYS = {"plain": "from mkdeck.start import run as app", "typer": "from mkdeck.cli import app"}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_nobody_reads_on(way: str, tmp_path: Path) -> None:
    """It ends with 1, and says no more, if what it prints is not read."""
    with_files(tmp_path)
    read, written = os.pipe()
    os.close(read)
    line = [sys.executable, "-u", "-c", f"{way}; app()", "build", "good.yaml"]
    done = subprocess.run(line, cwd=tmp_path, stdout=written, stderr=subprocess.PIPE, check=False)
    os.close(written)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where there is a file that is always full")
def test_nothing_more_can_be_written(tmp_path: Path) -> None:
    """It ends with 1, and says why, if there is no room for what it prints; the package is there."""
    with_files(tmp_path)
    line = [sys.executable, "-m", "mkdeck", "build", "good.yaml"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(line, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "standard output: error[file]: No space left on device\n")
    assert (tmp_path / "dist/good.apkg").exists()


@pytest.mark.skipif(os.name == "nt", reason="only where a shell closes them so")
def test_no_standard_streams(tmp_path: Path) -> None:
    """It builds where there is no input and no output."""
    with_files(tmp_path)
    line = f"{sys.executable} -m mkdeck build good.yaml <&- >&- 2>&-"
    assert subprocess.run(line, cwd=tmp_path, shell=True, check=False).returncode == 0
    assert (tmp_path / "dist/good.apkg").exists()


# name -> the way, the event of Python's audit in which it is interrupted, and what that is about
INTERRUPTS = {
    "while it loads itself": ("plain", "import", "mkdeck.building"),
    "while it loads pydantic": ("plain", "import", "pydantic"),
    "while it loads SQLite": ("plain", "import", "sqlite3"),
    "while it reads the deck": ("plain", "open", "good.yaml"),
    "while Typer's build reads the deck": ("typer", "open", "good.yaml"),
}


@pytest.mark.parametrize("when", INTERRUPTS)
def test_an_interrupt(when: str, tmp_path: Path) -> None:
    """It ends with 130, says nothing and writes nothing if it is interrupted."""
    way, event, about = INTERRUPTS[when]
    code = f"""
import signal, sys
{WAYS[way]}
def interrupt(event, arguments):
    if event == {event!r} and str(arguments[0]) == {about!r}:
        signal.raise_signal(signal.SIGINT)
sys.addaudithook(interrupt)
app()
"""
    status, said, errors, files = ran(with_files(tmp_path), "-c", code, "build", "good.yaml")
    assert (status, said, errors) == (130, b"", b"")
    assert files.keys() == FILES.keys()
