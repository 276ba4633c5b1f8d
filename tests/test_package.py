"""The bytes of a package, and its agreement with genanki's own writer."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import genanki
import pytest
from real_anki import LearnersAnki

import mkdeck
from mkdeck import package


@pytest.fixture
def every_feature(root: Path) -> mkdeck.Deck:
    return mkdeck.load(root / "tests/decks/everything.yaml")


def test_members(every_feature: mkdeck.Deck, tmp_path: Path) -> None:
    """The database comes first and is deflated, media are stored; nothing tells when or where it was made."""
    path = mkdeck.build(every_feature, tmp_path / "x.apkg").path
    with zipfile.ZipFile(path) as archive:
        members = [(each.filename, each.compress_type, each.date_time) for each in archive.infolist()]
        names = json.loads(archive.read("media"))
    date = (1980, 1, 1, 0, 0, 0)
    assert members == [
        ("collection.anki2", zipfile.ZIP_DEFLATED, date),
        ("media", zipfile.ZIP_STORED, date),
        ("0", zipfile.ZIP_STORED, date),
        ("1", zipfile.ZIP_STORED, date),
        ("2", zipfile.ZIP_STORED, date),
    ]
    assert list(names.values()) == sorted(names.values())


def test_same_bytes_everywhere(root: Path, tmp_path: Path) -> None:
    """Same source, same lock, same bytes: in another process, folder, time zone, with other string hashes."""
    mkdeck.build(root / "tests/decks/everything.yaml", tmp_path / "first.apkg")
    packages = [(tmp_path / "first.apkg").read_bytes()]
    for number, zone in enumerate(("UTC", "Asia/Tokyo")):
        out = tmp_path / str(number) / "x.apkg"
        out.parent.mkdir()
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": str(number + 1)}
        shutil.copytree(root / "tests/decks", tmp_path / str(number) / "other")
        command = [
            sys.executable,
            "-m",
            "mkdeck",
            "build",
            "other/everything.yaml",
            "-o",
            str(out),
            "-q",
            "--locked",
        ]
        subprocess.run(command, check=True, env=environment, cwd=out.parent)
        packages.append(out.read_bytes())
    assert packages[0] == packages[1] == packages[2]


def test_the_header_names_no_sqlite_version(every_feature: mkdeck.Deck, tmp_path: Path) -> None:
    """The version of SQLite that wrote the database is not in its bytes."""
    path = mkdeck.build(every_feature, tmp_path / "x.apkg").path
    with zipfile.ZipFile(path) as archive:
        assert archive.read("collection.anki2")[96:100] == bytes(4)


def test_ids(every_feature: mkdeck.Deck, tmp_path: Path) -> None:
    """Note and card ids are unique, never 0, and times in the past; so are those of the deck."""
    path = mkdeck.build(every_feature, tmp_path / "x.apkg").path
    with zipfile.ZipFile(path) as archive:
        archive.extract("collection.anki2", tmp_path)
    database = sqlite3.connect(tmp_path / "collection.anki2")
    ids = [each for (each,) in database.execute("select id from notes union all select id from cards")]
    database.close()
    assert len(ids) == len(set(ids)) > 0
    assert all(1_200_000_000_000 <= each < 1_700_000_000_000 for each in ids)


def snapshot(anki: LearnersAnki) -> list[Any]:
    """Give what a collection holds, without the ids of its rows."""
    rows = anki.col.db.all(
        "select n.guid, n.mod, n.mid, n.tags, n.flds, c.ord, c.due, d.name from notes n, cards c, decks d"
        " where c.nid = n.id and c.did = d.id order by c.due"
    )
    return list(rows)


def test_genanki_writes_the_same(every_feature: mkdeck.Deck, tmp_path: Path, root: Path) -> None:
    """`deck.to_genanki()` in a package of genanki's own and `mkdeck build` give Anki the same collection."""
    result = mkdeck.build(every_feature, tmp_path / "ours.apkg")
    theirs, ours = LearnersAnki(tmp_path / "theirs"), LearnersAnki(tmp_path / "ours")
    deck = every_feature.to_genanki()
    media = []
    for name, file in deck.media:
        media.append(tmp_path / name)
        media[-1].write_bytes(file.read_bytes())
    genanki.Package(deck, media).write_to_file(tmp_path / "theirs.apkg")
    theirs.import_package(tmp_path / "theirs.apkg")
    ours.import_package(result.path)
    assert snapshot(theirs) == snapshot(ours) != []
    assert theirs.is_sound()
    theirs.col.close()
    ours.col.close()


def test_genanki_writes_each_note_the_same(every_feature: mkdeck.Deck, tmp_path: Path) -> None:
    """A script may put mkdeck's notes into a deck of its own: genanki's row-by-row writer takes them, too."""
    result = mkdeck.build(every_feature, tmp_path / "ours.apkg")
    learner = LearnersAnki(tmp_path / "anki")
    deck = genanki.Deck(1_234_567_890_123, "A script's own")
    for note in every_feature.to_genanki().notes:
        deck.add_note(note)
    genanki.Package(deck).write_to_file(tmp_path / "x.apkg")
    assert learner.import_package(tmp_path / "x.apkg") == {"new": sum(result.notes.values())}
    assert learner.col.card_count() == sum(result.cards.values())
    assert learner.import_package(result.path) == {"duplicate": sum(result.notes.values())}
    learner.col.close()


def test_notes_that_a_script_looks_at(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes are written the same whether a script has looked at them or not; what it changes or adds is, too."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # or notes are as old as the second they are made in
    deck = mkdeck.load(root / "tests/decks/everything.yaml")
    looked_at, changed = deck.to_genanki(), deck.to_genanki()
    assert len(looked_at.notes) > 10
    first = changed.notes[0]
    first.fields[0] += " indeed"
    changed.add_note(genanki.Note(genanki.BASIC_MODEL, ["Peru", "Lima"], guid="peru"))
    databases = []
    for number, each in enumerate((deck.to_genanki(), looked_at, changed)):
        path = tmp_path / f"{number}.apkg"
        package.AnkiPackage([each]).write_to_file(path, timestamp=1.0)
        with zipfile.ZipFile(path) as archive:
            databases.append(Path(archive.extract("collection.anki2", tmp_path / str(number))))
    assert databases[0].read_bytes() == databases[1].read_bytes()
    before, after = (
        dict(sqlite3.connect(each).execute("select guid, flds from notes").fetchall()) for each in databases[1:]
    )
    assert {guid: text for guid, text in after.items() if before.get(guid) != text} == {
        first.guid: "\x1f".join(first.fields),
        "peru": "Peru\x1fLima",
    }


def test_a_failed_write_leaves_the_old_package(
    every_feature: mkdeck.Deck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If writing fails half-way, the old file is untouched and nothing else is left in the folder."""
    target = tmp_path / "x.apkg"
    old = mkdeck.build(mkdeck.Deck(deck="O", id="o", cards=[mkdeck.Card(front="a", back="b")]), target, lock={})
    before = old.path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(package.AnkiDeck, "write_to_db", fail)
    with pytest.raises(OSError, match="No space"):
        mkdeck.build(every_feature, target)
    assert target.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"x.apkg", "root"}
    assert not (tmp_path / "root/tests/decks/everything.lock.json").exists()
