"""What a build lets go of on its way, so that a large deck takes little memory, is read again if it is needed."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from findings import errors

import mkdeck
from mkdeck import pipeline, source
from mkdeck.source import parse, read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HEAD = "deck: A\nid: a\nquestion: Why did it fall?\n"
POINT = "reasons:\n  - id: r\n    reason: Fear\n    points:\n      - In the {{%sgrain crisis}} bread was short.\n"
WRONG = {
    "a fact that is not used": HEAD + "facts: [Long Telegram]\n" + POINT % "",
    "a picture that is missing": HEAD + POINT % "" + "cards:\n  - front: a {{b\n    back: ![](none.png)\n",
    "an answer that can be read": HEAD + "cards:\n  - cloze: The {{NEP}} ended as the NEP had\n      failed.\n",
    "one front with two answers": HEAD + "cards:\n  - {front: Who?, back: A}\n  - {front: Who?, back: B}\n",
    "a tag below a comment": f"# A comment\n{HEAD}tags: [marked]\n" + POINT % "",
    "letters of two bytes and line ends of Windows": (HEAD + "facts: [Čapek]\n" + POINT % "").replace("\n", "\r\n"),
    "an unknown key": HEAD + "cads: []\n",
    "no YAML": HEAD + "tags: [a\n",
}


@pytest.fixture
def all_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every file for a large one."""
    monkeypatch.setattr(source, "LARGE", 0)


def told(deck: str | Path, out: Path) -> Sequence[mkdeck.Diagnostic]:
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.build(deck, out)
    return caught.value.diagnostics


@pytest.mark.usefixtures("all_large")
@pytest.mark.parametrize("name", WRONG)
def test_findings_are_the_same(tmp_path: Path, name: str) -> None:
    """A build tells of a file whose content was let go what `check` tells of it, with line, column and excerpt."""
    path = tmp_path / "a.yaml"
    path.write_bytes(WRONG[name].encode())
    assert told(path, tmp_path / "a.apkg") == tuple(errors(mkdeck.check(path)))


@pytest.mark.usefixtures("all_large")
def test_the_lock_has_the_last_word(tmp_path: Path) -> None:
    """What shows only when notes get their identity has its line, too."""
    path, out = tmp_path / "a.yaml", tmp_path / "a.apkg"
    path.write_text(HEAD + POINT % "" + "      - By {{1928}} it was {{dear}}.\n")
    mkdeck.build(path, out)
    path.write_text(HEAD + POINT % "" + "      - By {{c2::1928}} it was {{dear}}.\n")
    (clash,) = told(path, out)
    assert (clash.rule, str(clash.span)) == ("lock", f"{path}:9:9")
    assert "{{c2::1928}}" in clash.span.excerpt


@pytest.mark.usefixtures("all_large")
@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_text(f"# More\n{HEAD}")])
def test_a_file_that_changes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]
) -> None:
    """If the file is another when something is told of it, or is gone, its name stands in the place of a line."""
    path = tmp_path / "a.yaml"
    path.write_text(WRONG["a fact that is not used"])
    (before,) = told(path, tmp_path / "a.apkg")
    load = mkdeck.load

    def load_and_change(path: str | Path) -> mkdeck.Deck:
        deck = load(path)
        assert deck.origin
        deck.origin.let_go()
        change(Path(path))
        return deck

    monkeypatch.setattr(pipeline, "load", load_and_change)
    (after,) = told(path, tmp_path / "a.apkg")
    assert (after.message, after.mend) == (before.message, before.mend)
    assert (str(before.span), after.span) == (f"{path}:4:9", mkdeck.Span(str(path)))


BECOMES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "another deck": lambda path: path.write_text("deck: B\n"),
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
}


@pytest.mark.usefixtures("all_large")
@pytest.mark.parametrize("what", BECOMES)
def test_a_file_that_is_gone(what: str, tmp_path: Path) -> None:
    """Of a file that is another by now, or none, the name is given without a line; nothing waits for it."""
    path = tmp_path / "a.yaml"
    path.write_text(HEAD + POINT % "")
    source = read(path)
    source.let_go()
    path.unlink()
    BECOMES[what](path)
    assert str(source.span(("id",))) == str(path)
    twin = pickle.loads(pickle.dumps(source))
    assert str(twin.span(("id",))) == str(path)


@pytest.mark.usefixtures("all_large")
def test_a_process_that_goes_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is found again from another folder, and bears the name by which it was read."""
    (tmp_path / "a.yaml").write_text(HEAD + POINT % "")
    monkeypatch.chdir(tmp_path)
    source = read("a.yaml")
    source.let_go()
    source.let_go()  # twice is once
    (tmp_path / "b").mkdir()
    monkeypatch.chdir(tmp_path / "b")
    assert str(source.span(("id",))) == "a.yaml:2:5"


def test_a_source_that_was_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives the same as before: text, data and places. A small one, or one without a file, is not let go."""
    path = tmp_path / "a.yaml"
    path.write_text(HEAD + POINT % "", encoding="utf-16")
    small, other = read(path), read(path)
    small.let_go()
    monkeypatch.setattr(source, "LARGE", 0)
    one, alone = read(path), parse(HEAD, str(path))
    one.let_go()
    alone.let_go()
    place = ("reasons", 0, "points", 0)
    for each in (small, one):
        assert (each.text, each.data, each.digest) == (other.text, other.data, other.digest)
        assert each.span(place, part="grain crisis") == other.span(place, part="grain crisis")
        assert each.find(place, "(bread)") == other.find(place, "(bread)")
    assert alone.span(("id",)).line == 2
    assert alone.text == HEAD
