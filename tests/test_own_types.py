"""Note types of a deck's own, written by hand: what is wrong with them is told where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import mkdeck
from mkdeck.note_types import NOTE_TYPES
from mkdeck.preview.faces import preview

if TYPE_CHECKING:
    from pathlib import Path

DECK = """\
deck: D
id: d
note_types:
  T:
    id: 5
    fields: [A, B]
    templates:
      - {name: c, front: "{{A}}", back: "{{B}}"}
cards:
  - {type: T, front: a, back: b}
"""
TWO = """\
  U:
    id: 5
    fields: [A, B]
    templates:
      - {name: c, front: "{{A}}", back: "{{B}}"}
cards:
"""
OF_MKDECK = f"id: {NOTE_TYPES['prompt'].id}"

IDS = {
    "0": (DECK.replace("id: 5", "id: 0"), "5:9: error[value]: 0 is the id of no note type: Anki refuses it"),
    "that of another": (
        DECK.replace("cards:\n", TWO),
        "10:9: error[value]: the note type `T` has this id, too",
    ),
    "that of one of mkdeck's which is needed": (
        f"{DECK.replace('id: 5', OF_MKDECK)}  - {{front: c, back: d}}\n",
        "5:9: error[value]: this is the id of a note type of mkdeck's, which other cards have",
    ),
    "that of one of mkdeck's which is not needed": (DECK.replace("id: 5", OF_MKDECK), ""),
}


def found(path: Path) -> str:
    return "\n".join(
        f"{each.span.line}:{each.span.column}: {each.severity}[{each.rule}]: {each.message}"
        for each in mkdeck.check(path)
    )


@pytest.mark.parametrize(("text", "expected"), IDS.values(), ids=IDS)
def test_ids(text: str, expected: str, tmp_path: Path) -> None:
    """An id that would make Anki refuse the package, or mix notes, is an error where it stands."""
    path = tmp_path / "deck.yaml"
    path.write_text(text)
    assert found(path) == expected


def test_a_deck_for_a_card_that_is_not_made(tmp_path: Path) -> None:
    """It is an error of the deck, of which a preview shows the cards that there are."""
    path = tmp_path / "deck.yaml"
    path.write_text(DECK.replace("front: a, back: b", "fields: {A: a}, decks: {1: x, 3: y}"))
    assert found(path) == "10:45: error[value]: this note has no card 3"
    assert [each.ordinal for each in preview(mkdeck.load(path)).cards] == [0]


def test_html_that_names_a_file_without_a_folder(tmp_path: Path) -> None:
    """Files get another name in Anki if they do not lie in the folder `media`, and HTML stays as it is."""
    (tmp_path / "a.png").write_bytes(b"x")
    path = tmp_path / "deck.yaml"
    deck = DECK.replace("front: a, back: b", "fields: {A: '<img src=\"a.png\">'}, html: true")
    path.write_text(deck)
    message = "warning[media]: `a.png` will have another name in Anki, and HTML stays as it is"
    assert message in found(path)
    path.write_text(f"media: .\n{deck}")
    assert message not in found(path)
