"""dist/ holds the built seed deck, for learners who install nothing."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from typing import TYPE_CHECKING, Any

import mkdeck

if TYPE_CHECKING:
    from pathlib import Path


def content(package: Path) -> dict[str, Any]:
    """Give all rows and media of a package; zlib and SQLite may lay out the same content in other bytes."""
    with zipfile.ZipFile(package) as archive, tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(archive.extract("collection.anki2", folder))
        rows = {table: database.execute(f"select * from {table}").fetchall() for table in ("col", "notes", "cards")}
        database.close()
        names = json.loads(archive.read("media"))
        return {"rows": rows, "media": {name: archive.read(place) for place, name in names.items()}}


def test_dist_is_up_to_date(root: Path, project: Path, tmp_path: Path) -> None:
    """dist/ is what the source builds; if this fails, run `make` and commit dist/."""
    for deck in (root / "decks").glob("*.yaml"):
        fresh = mkdeck.build(deck, tmp_path / "fresh.apkg").path
        assert content(fresh) == content(project / "dist" / f"{deck.stem}.apkg"), "run `make` and commit dist/"


def test_seed_facts(root: Path) -> None:
    """The facts that the seed deck was written for are blanked in it, each as an answer of its own."""
    from mkdeck.compile import compile_deck

    deck = mkdeck.load(root / "decks/collectivisation.yaml")
    answers = {fact for note in compile_deck(deck, deck.folder()).drafts for fact in note.numbers}
    wanted = {
        "1928 grain crisis", "twenty - five - thousanders", "urals - siberian method", "1928 - 9", "one fifth",
        "kolkhoz", "bukharin", "rise in grain prices", "1921", "20 - 35 %",
    }  # fmt: skip
    assert wanted - answers == set()
    assert [reason.id for reason in deck.reasons] == [
        "resistance", "modernisation", "consolidation", "party-control", "living-standards", "socialist-society",
        "kulaks",
    ]  # fmt: skip
