"""Note types of packages that no program of today writes: what a deck cannot hold of them is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import genanki
import pytest
from anki.errors import NotFoundError
from real_anki import LearnersAnki
from test_import_package import taken_back

from mkdeck.importers import import_file

if TYPE_CHECKING:
    from pathlib import Path


def packed(folder: Path, *, id_: int = 1700000000001, front: str = "{{Word}}", css: str = "") -> Path:
    """Make a package of one note in HTML."""
    kind = genanki.Model(
        id_,
        "T",
        fields=[{"name": "Word"}, {"name": "Note"}],
        templates=[{"name": "c", "qfmt": front, "afmt": "{{Note}}"}],
        css=css,
    )
    deck = genanki.Deck(1700000000002, "D")
    deck.add_note(genanki.Note(kind, ["<table>a", "b"]))
    path = folder / "made.apkg"
    genanki.Package(deck).write_to_file(path)
    return path


CONTROLS = {
    "of Latin-1, in a sheet": ("{{Word}}", "a\x85b"),
    "in a template": ("{{Word}}\x9f", ""),
    "a carriage return alone": ("{{Word}}\r", ""),
    "of ASCII": ("{{Word}}\x0b", ""),
}


@pytest.mark.parametrize(("front", "css"), CONTROLS.values(), ids=CONTROLS)
def test_controls_that_are_left_out(front: str, css: str, tmp_path: Path) -> None:
    """YAML has no place for them, nobody sees them, and the report says so."""
    package = packed(tmp_path, front=front, css=css)
    told = "control characters left out of the note type `T`, its templates and style sheet"
    assert told in import_file(package, out=tmp_path / "deck.yaml").report
    anki = LearnersAnki(tmp_path / "anki")
    anki.import_package(taken_back(package, tmp_path))
    kind = anki.col.models.by_name("T")
    assert (kind["tmpls"][0]["qfmt"], kind["css"]) == ("{{Word}}", css.replace("\x85", ""))
    anki.col.close()


def test_line_ends_are_no_controls_to_tell_of(tmp_path: Path) -> None:
    """What comes back as it was is not told."""
    report = import_file(packed(tmp_path, front="{{Word}}\r\n\t\n"), out=tmp_path / "deck.yaml").report
    assert not [line for line in report if "control" in line]


def test_a_note_type_of_the_id_0(tmp_path: Path) -> None:
    """Anki itself cannot import it, so nobody has it: it gets an id, the same one each time."""
    package = packed(tmp_path, id_=0)
    anki = LearnersAnki(tmp_path / "anki")
    with pytest.raises(NotFoundError):
        anki.import_package(package)
    imported = import_file(package, out=tmp_path / "deck.yaml")
    told = "a note type had the id 0, with which Anki imports nothing: it gets one by its name"
    assert told in imported.report
    assert imported.yaml == import_file(package, out=tmp_path / "deck.yaml").yaml
    anki.import_package(taken_back(package, tmp_path))
    assert anki.col.note_count() == 1
    anki.col.close()
