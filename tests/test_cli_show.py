"""`mkdeck preview -o`, `mkdeck build --watch`, `mkdeck show` and `mkdeck import`, run as a user runs them."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from test_cli import GOOD, mkdeck

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_page_is_written(tmp_path: Path) -> None:
    """`-o` writes one page that holds the cards, and nothing else."""
    (tmp_path / "a.yaml").write_text(GOOD.replace("front: x", "front: Who signed at Rapallo?"))
    done = mkdeck("preview", "a.yaml", "-o", "out/a.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "out/a.html: written. Open it in a browser; printed, it is a revision sheet.\n"
    assert "Who signed at Rapallo?" in (tmp_path / "out/a.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.html", "a.yaml", "out"]


def test_what_cannot_be_shown(tmp_path: Path) -> None:
    """A deck that is not there, or cannot be read, is an error; no page is written, and no server begins."""
    (tmp_path / "b.yaml").write_text("deck: a: b\n")
    for arguments in (["none.yaml", "-o", "x.html"], ["b.yaml", "-o", "x.html"], ["none.yaml", "--no-open"]):
        done = mkdeck("preview", *arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert ": error[" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["b.yaml"]


def test_a_page_is_never_written_over_a_deck(tmp_path: Path) -> None:
    """`-o` takes a name that ends in .html, so that no deck, picture or package is lost to a slip of the hand."""
    (tmp_path / "a.yaml").write_text(GOOD)
    for name in ("a.yaml", "b.svg", "decks"):
        done = mkdeck("preview", "a.yaml", "-o", name, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is no name for a page" in done.stderr
    assert (tmp_path / "a.yaml").read_text() == GOOD


def test_the_live_page_ends_quietly(tmp_path: Path) -> None:
    """Interrupted while a page listens, the server ends without a word."""
    (tmp_path / "a.yaml").write_text(GOOD)
    command = [sys.executable, "-m", "mkdeck", "preview", "a.yaml", "--no-open"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        address = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert address
        page = http.client.HTTPConnection("127.0.0.1", int(address[1]), timeout=20)
        page.request("GET", "/events")
        assert page.getresponse().readline() == b"retry: 500\n"
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
        page.close()
    assert (process.returncode, told) == (0, "")


def test_watch(tmp_path: Path) -> None:
    """`--watch` builds again after every save, tells what is wrong meanwhile, and goes on."""
    deck, package, told = tmp_path / "a.yaml", tmp_path / "dist/a.apkg", tmp_path / "told"
    deck.write_text(GOOD)
    command = [sys.executable, "-m", "mkdeck", "build", "a.yaml", "--watch", "-q"]
    with told.open("w") as stderr, subprocess.Popen(command, cwd=tmp_path, stderr=stderr) as process:
        try:
            assert _becomes_true(lambda: "Waiting for changes" in told.read_text())
            first = package.read_bytes()
            wrong = GOOD.replace("front: x", "fornt: x")
            assert _becomes_true(lambda: "unknown-key" in told.read_text(), lambda: deck.write_text(wrong))
            assert package.read_bytes() == first
            mended = GOOD.replace("front: x", "front: y")
            assert _becomes_true(lambda: package.read_bytes() != first, lambda: deck.write_text(mended))
        finally:
            process.terminate()


def _becomes_true(is_so: Callable[[], bool], act: Callable[[], object] = lambda: None) -> bool:
    """Wait for what happens in another process, and act until it does: it may not have begun to look yet."""
    end = time.monotonic() + 30
    while not is_so() and time.monotonic() < end:
        act()
        time.sleep(0.3)
    return is_so()


def test_import(tmp_path: Path) -> None:
    """`mkdeck import` writes a deck that builds, tells what became what, and writes over nothing."""
    (tmp_path / "notes.txt").write_text("Why did Rome fall?\n\nArmies\n• In 107 BC Marius armed the poor.\n")
    done = mkdeck("import", "notes.txt", "-o", "rome.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "line 3: reason `armies`: 1 point" in done.stderr
    assert done.stderr.endswith("rome.yaml: written. Read it through, then: mkdeck check rome.yaml\n")
    assert mkdeck("build", "rome.yaml", cwd=tmp_path).returncode == 0
    again = mkdeck("import", "notes.txt", "-o", "rome.yaml", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "rome.yaml: error[file]: this file is there already; take another name\n"
    (tmp_path / "cards.csv").write_text("Who won?,Rome\n")
    printed = mkdeck("import", "cards.csv", "--columns", "front,back", cwd=tmp_path).stdout
    assert "  - front: Who won?\n    back: Rome\n" in printed


def test_show(tmp_path: Path) -> None:
    """`mkdeck show` describes a package for people and for programs; another file is an error."""
    (tmp_path / "a.yaml").write_text(GOOD)
    mkdeck("build", "a.yaml", "-o", "a.apkg", cwd=tmp_path)
    table = mkdeck("show", "a.apkg", cwd=tmp_path)
    assert (table.returncode, table.stdout.splitlines()[0]) == (0, "a.apkg: 1 note, 1 card")
    told = json.loads(mkdeck("show", "a.apkg", "--format", "json", cwd=tmp_path).stdout)
    assert [(deck["name"], deck["notes"]) for deck in told["decks"]] == [("A", 1)]
    rows = mkdeck("show", "a.apkg", "--format", "csv", cwd=tmp_path).stdout.splitlines()
    assert [row.split(",")[1] for row in rows] == ["note type", "mkdeck prompt"]
    wrong = mkdeck("show", "a.yaml", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.splitlines() == [
        "a.yaml: error[file]: this is a deck, and not a package",
        "   mend: `mkdeck preview a.yaml` shows its cards, `mkdeck check a.yaml` looks for what is wrong with them",
        "1 error; nothing is shown.",
    ]
