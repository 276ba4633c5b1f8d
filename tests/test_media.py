"""Pictures and recordings: from the deck's folder and from nowhere else."""

from __future__ import annotations

import os
import re
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from findings import errors

import mkdeck
from mkdeck import package
from mkdeck.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

# name -> what a deck names, the message
REFUSED = {
    "a missing file": ("none.png", "there is no file `none.png` beside the deck"),
    "the folder above": (
        "../secret.png",
        "`../secret.png` leaves the deck's folder",
    ),
    "above, by a detour": ("sub/../../secret.png", "`sub/../../secret.png` leaves the deck's folder"),
    "above and back": ("../deck/in.png", "`../deck/in.png` leaves the deck's folder"),
    "an absolute path": ("{outside}/secret.png", "leaves the deck's folder"),
    "a drive": ("C:/secret.png", "`C:/secret.png` leaves the deck's folder"),
    "backslashes": ("sub\\in.png", "`sub\\in.png` leaves the deck's folder"),
    "a link that leaves": ("link.png", "`link.png` is a link that leaves the deck's folder"),
    "a folder link that leaves": ("out/secret.png", "`out/secret.png` is a link that leaves the deck's folder"),
    "a device link": ("device.png", "`device.png` is a link that leaves the deck's folder"),
    "a folder": ("sub.png", "`sub.png` is not a file"),
    "a pipe": ("pipe.png", "`pipe.png` is not a file"),
    "a link to itself": ("loop.png", "there is no file `loop.png` beside the deck"),
    "no picture": ("text.txt", "`text.txt` is no picture"),
    "no ending": ("none", "there is no file `none` beside the deck"),
    "the network": ("https://example.org/a.png", "`https://example.org/a.png` lies on the network"),
    "data": ("data:image/png;base64,AAAA", "lies on the network"),
    "a zero byte": ("a\0.png", "there is no file"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A deck's folder with good files and traps, and a secret outside of it."""
    home = tmp_path / "deck"
    (home / "sub.png").mkdir(parents=True)
    (home / "sub").mkdir()
    for path in (tmp_path / "secret.png", home / "in.png", home / "sub/in.png", home / "text.txt"):
        path.write_bytes(path.name.encode())
    (home / "link.png").symlink_to(tmp_path / "secret.png")
    (home / "out").symlink_to(tmp_path)
    (home / "device.png").symlink_to("/dev/zero")
    (home / "loop.png").symlink_to("loop.png")
    (home / "inside.png").symlink_to("sub/in.png")
    os.mkfifo(home / "pipe.png")
    return home


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, folder: Path) -> None:
    """What is not a media file below the deck's folder is an error, whichever way it is named."""
    named, message = REFUSED[name]
    named = named.format(outside=folder.parent)
    deck = mkdeck.Deck(deck="D", id="d", cards=[mkdeck.Card(front=mkdeck.Text(text="x", image=named), back="y")])
    (problem,) = mkdeck.check(deck, folder=folder)
    assert problem.rule == "media"
    assert message in problem.message


@pytest.mark.parametrize("named", ["in.png", "./in.png", "sub/in.png", "inside.png"])
def test_taken(named: str, folder: Path, tmp_path: Path) -> None:
    """Files below the folder are taken, by links inside it, too."""
    deck = mkdeck.Deck(deck="D", id="d", cards=[mkdeck.Card(front=f"![x](<{named}>)", back="y")])
    result = mkdeck.build(deck, tmp_path / "x.apkg", folder=folder)
    with zipfile.ZipFile(result.path) as archive:
        assert archive.read("0") == b"in.png"


def test_the_place_of_a_missing_picture(tmp_path: Path) -> None:
    """A missing file is reported where it is named: in the text, or at its key."""
    (tmp_path / "deck.yaml").write_text(
        "deck: D\nid: d\nreasons:\n  - id: one\n    reason: First\n    image: gone.png\n"
        "    points:\n      - See ![a map](map.png) of {{Kent}}.\nquestion: Why?\n"
    )
    found = [(each.span.line, each.span.column, each.rule) for each in mkdeck.check(tmp_path / "deck.yaml")]
    assert found == [(6, 12, "media"), (8, 22, "media")]


TEXTS = """\
deck: D
id: d
question: Why ![](question.png)
source: A book ![](source.png)
reasons:
  - id: one
    reason: First ![](reason.png)
    source: A chapter ![](source-of-reason.png)
    image: image-of-reason.png
    explain: So it was ![](explain.png)
    points:
      - text: In {{1928}} ![](point.png)
        note: More ![](note-of-point.png)
        source: A page ![](source-of-point.png)
        image: image-of-point.png
      - text: Nothing is asked for ![](point-without-facts.png)
        note: More ![](note-of-point-without-facts.png)
        source: A page ![](source-of-point-without-facts.png)
    chain:
      - text: Low prices ![](first-link.png)
        note: More ![](note-of-first-link.png)
        image: image-of-first-link.png
      - text: Grain is held back ![](link.png)
        note: More ![](note-of-link.png)
        source: A page ![](source-of-link.png)
        image: image-of-link.png
    chains:
      - title: Towns ![](title.png)
        links: ['Hunger ![](cause.png)', 'Anger ![](effect.png)']
  - id: two
    reason: Without points ![](reason-without-points.png)
    source: A chapter ![](source-of-reason-without-points.png)
    image: image-of-reason-without-points.png
terms:
  mir: A commune
  kulak:
    text: A peasant ![](meaning.png)
    note: More ![](note-of-meaning.png)
    source: A page ![](source-of-meaning.png)
    image: image-of-meaning.png
judgement:
  question: Which ![](judgement.png)
  criteria:
    - Depth ![](criterion.png)
    - text: Width
      image: image-of-criterion.png
  verdict: The first ![](verdict.png)
  counter: The second ![](counter.png)
  source: A page ![](source-of-judgement.png)
note_types:
  Own:
    id: 5
    fields: [Word]
    templates: [{name: Card, front: '{{Word}}', back: '{{Word}}'}]
cards:
  - front: Who ![](front.png)
    back: He ![](back.png)
    note: More ![](note-of-card.png)
    source: A page ![](source-of-card.png)
  - cloze: It {{was}} ![](cloze.png)
  - type: Own
    fields: {Word: 'A word ![](field.png)'}
"""
"""Every key that holds a text which comes onto cards, with a picture that is missing."""


@pytest.mark.parametrize("kinds", [*get_args(Kind), ""])
def test_every_text_is_checked_whatever_is_made(kinds: str, tmp_path: Path) -> None:
    """The texts of kinds of cards that nobody wants are checked as the others are, each once."""
    path = tmp_path / "deck.yaml"
    path.write_text(f"{TEXTS}make: [{kinds}]\n")
    missing = [
        (number, f"there is no file `{name}` beside the deck")
        for number, line in enumerate(TEXTS.splitlines(), 1)
        for name in re.findall(r"[\w-]+\.png", line)
    ]
    assert [(each.span.line, each.message) for each in errors(mkdeck.check(path))] == missing


def other_file(picture: Path) -> None:
    picture.unlink()
    picture.symlink_to(picture.parents[1] / "secret.png")


def other_content(picture: Path) -> None:
    picture.write_bytes(b"other")


def other_content_of_the_same_age(picture: Path) -> None:
    before = picture.stat()
    picture.write_bytes(b"longer than before")
    os.utime(picture, ns=(before.st_atime_ns, before.st_mtime_ns))


def build_with(
    change: Callable[[Path], None], age: int, folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Build a deck with a picture of this age in seconds, which changes after it was looked at."""
    picture, then = folder / "in.png", time.time() - age
    os.utime(picture, (then, then))
    write_to_db = package.AnkiPackage.write_to_db

    def changing(self: package.AnkiPackage, *arguments: object) -> None:
        change(picture)
        write_to_db(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(package.AnkiPackage, "write_to_db", changing)
    mkdeck.build(
        mkdeck.Deck(deck="D", id="d", cards=[mkdeck.Card(front="![x](in.png)", back="y")]), out, folder=folder
    )


CHANGES = (other_file, other_content, other_content_of_the_same_age)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("age", [0, 3600])
def test_a_picture_that_changes_meanwhile(
    change: Callable[[Path], None], age: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is replaced after it was looked at does not get into the package under the old name."""
    with pytest.raises(OSError, match="it changed while the deck was built"):
        build_with(change, age, folder, tmp_path / "x.apkg", monkeypatch)
    assert not (tmp_path / "x.apkg").exists()


@pytest.mark.parametrize("age", [0, 3600])
def test_a_picture_that_is_touched_meanwhile(
    age: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What holds the same as before is taken, whenever it was written."""
    build_with(Path.touch, age, folder, tmp_path / "x.apkg", monkeypatch)
    with zipfile.ZipFile(tmp_path / "x.apkg") as archive:
        assert archive.read("0") == b"in.png"
