"""A build may be killed at any moment: package and lock stay a consistent pair."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

import mkdeck

BUILDS = 50


def write(path: Path, edition: int) -> None:
    """Write an edition of a deck: each changes one point, inserts a fact and adds a point."""
    points = [
        f"The {{{{word{number}}}}} of place {number} in edition {edition if number == 0 else 0}."
        for number in range(edition + 3)
    ]
    points[1] = "In the beginning " + " ".join(f"{{{{fact{number}}}}}" for number in range(edition, -1, -1))
    rows = "\n".join(f"      - {json.dumps(point)}" for point in points)
    head = "deck: D\nid: d\nquestion: Why?\nreasons:\n  - id: one\n    reason: First\n    points:\n"
    path.write_text(f"{head}{rows}\n", encoding="utf-8")


def packaged(path: Path) -> dict[str, tuple[int, str]]:
    """Give the time and the text of every note in a package, by its key."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(archive.extract("collection.anki2", folder))
        rows = database.execute("select mod, flds from notes").fetchall()
        database.close()
    notes = {}
    for mod, fields in rows:
        key = next(field for field in fields.split("\x1f") if field.startswith("d/"))
        notes[key.partition("/")[2]] = (mod, fields)
    return notes


def assert_consistent(deck: Path, package: Path) -> None:
    """The lock knows every note of the package, as it is there or newer, and every number in it."""
    if not package.exists():
        return
    lock = json.loads(deck.with_name("deck.lock.json").read_text(encoding="utf-8"))["notes"]
    for key, (mod, fields) in packaged(package).items():
        assert lock[key]["mod"] >= mod
        known = {**lock[key].get("numbers", {}), **lock[key].get("retired", {})}
        for number in known.values() if lock[key]["mod"] == mod else ():
            assert f"{{{{c{number}::" in fields or "Explain" in fields


def test_killed_at_random_moments(tmp_path: Path) -> None:
    """Fifty builds, killed whenever: what lies there is always a pair that the next build goes on from."""
    deck, package = tmp_path / "deck.yaml", tmp_path / "deck.apkg"
    command = [sys.executable, "-m", "mkdeck", "build", "deck.yaml", "-o", "deck.apkg", "-q"]
    write(deck, 0)
    started = time.monotonic()
    subprocess.run(command, cwd=tmp_path, check=True)
    usual = time.monotonic() - started
    chance = random.Random(1928)
    killed = 0
    for edition in range(1, BUILDS + 1):
        write(deck, edition)
        process = subprocess.Popen(command, cwd=tmp_path)
        time.sleep(chance.uniform(0.3, 1.1) * usual)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        assert_consistent(deck, package)
    assert killed > 0
    subprocess.run(command, cwd=tmp_path, check=True)
    assert_consistent(deck, package)
    assert len(packaged(package)) == BUILDS + 3 + 1
    assert {path.name for path in tmp_path.iterdir()} == {"deck.yaml", "deck.lock.json", "deck.apkg"}


def test_killed_between_lock_and_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If only the lock was renamed, the next build makes the package that this one would have made."""
    deck, package = tmp_path / "deck.yaml", tmp_path / "deck.apkg"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5000")
    write(deck, 0)
    mkdeck.build(deck, package)
    before = package.read_bytes()
    write(deck, 1)
    rename = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if target == package:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        mkdeck.build(deck, package)
    assert package.read_bytes() == before
    assert_consistent(deck, package)
    lock = deck.with_name("deck.lock.json").read_bytes()

    monkeypatch.setattr(Path, "replace", rename)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9000")
    result = mkdeck.build(deck, package)
    assert result.changes == ()
    assert {mod for mod, _ in packaged(package).values()} == {5000, 5001}
    assert deck.with_name("deck.lock.json").read_bytes() == lock
