"""mkdeck in a script."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from findings import errors

import mkdeck

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_everything_public_is_there() -> None:
    """Every name of `__all__` can be had, and nothing else."""
    assert [name for name in mkdeck.__all__ if getattr(mkdeck, name) is None] == []
    with pytest.raises(AttributeError, match="nope"):
        getattr(mkdeck, "nope")  # noqa: B009 - a type checker knows that it is not there


def test_import_does_no_work() -> None:
    """Importing mkdeck loads no dependency, Typer least of all, and using it as a library never does."""
    code = (
        "import sys, mkdeck\n"
        "heavy = {'typer', 'yaml', 'pydantic', 'genanki', 'rich', 'markdown_it'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "deck = mkdeck.Deck(deck='A', id='a', cards=[mkdeck.Card(front='x', back='y')])\n"
        "assert mkdeck.check(deck) == []\n"
        "assert callable(mkdeck.build)\n"
        "print('typer' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "False"]


def test_a_deck_from_data_is_a_deck_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same deck, made in Python and read from a file, is equal and gives the same package."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764000000")
    (tmp_path / "a.yaml").write_text(
        "deck: A::B\nid: a\nquestion: Why?\nreasons:\n"
        "  - id: one\n    reason: First\n    facts: [1928]\n    points: [It was in 1928.]\n    chain: [a, b]\n"
        "terms:\n  mir: A commune.\n"
    )
    read = mkdeck.load(tmp_path / "a.yaml")
    reason = mkdeck.Reason(
        id="one",
        reason="First",
        facts=["1928"],
        points=[mkdeck.Point(text="It was in 1928.")],
        chain=["a", "b"],
    )
    made = mkdeck.Deck(deck="A::B", id="a", question="Why?", reasons=[reason], terms={"mir": "A commune."})
    assert made == read
    packages = [mkdeck.build(deck, tmp_path / "x", lock={}).path.read_bytes() for deck in (read, made)]
    assert packages[0] == packages[1]


def test_errors_of_a_deck_from_data() -> None:
    """Without a file, a finding names its place in the data; DeckError has all of them."""
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.Reason(id="A b", reason="x", points=["ok", 7], chain="no list")
    assert [str(each) for each in caught.value.diagnostics] == [
        "Reason.id: error[unstable-id]: `A b` is not an id",
        "Reason.points[1]: error[value]: item 2 of `points` takes a text or a mapping, not int",
        "Reason.chain: error[value]: `chain` takes a list, not a text",
    ]
    deck = mkdeck.Deck(
        deck="A", id="a", question="Why?",
        reasons=[mkdeck.Reason(id="one", reason="First", facts=["1929"], points=["It was 1928.", "{{x"])],
    )  # fmt: skip
    found = ["reasons[0].points[1].text: error[cloze-syntax]", "reasons[0].facts[0]: error[fact-not-used]"]
    assert [str(each).rpartition(": ")[0] for each in errors(mkdeck.check(deck))] == found
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.build(deck, "never.apkg")
    assert len(caught.value.diagnostics) == 2


def test_data_is_no_deck(tmp_path: Path) -> None:
    """A dict is told how it becomes a deck, and becomes one in that way."""
    data = {"deck": "D", "id": "d", "cards": [{"front": "x", "back": "y"}]}
    for call in (mkdeck.check, lambda each: mkdeck.build(each, tmp_path / "x.apkg")):
        with pytest.raises(TypeError, match=r"mkdeck\.Deck\(\*\*data\)"):
            call(data)  # type: ignore[arg-type]
    assert mkdeck.check(mkdeck.Deck(**data)) == []


def test_frozen() -> None:
    """A deck cannot be changed by accident."""
    deck = mkdeck.Deck(deck="A", id="a")
    with pytest.raises(ValueError, match="frozen"):
        deck.id = "b"


TWINS: dict[str, Callable[[mkdeck.Deck], mkdeck.Deck]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda deck: pickle.loads(pickle.dumps(deck)),
}
NOT_PLAIN = "deck: A\nid: a\ncards:\n  - {front: x, back: '1'}\n  - {front: y, back: '2'}\n"


@pytest.mark.parametrize("asked_before", [False, True])
@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("twin", TWINS)
def test_copies(twin: str, plain: bool, asked_before: bool, root: Path, tmp_path: Path) -> None:
    """A deck can be copied and pickled, with all in it and where it stands, and is written out as it was."""
    (tmp_path / "a.yaml").write_text(NOT_PLAIN)
    deck = mkdeck.load(root / "tests/decks/everything.yaml" if plain else tmp_path / "a.yaml")
    places: list[tuple[str | int, ...]] = [("id",), ("cards", 0, "back"), ("cards", 1, "back")]
    if asked_before:
        deck.span(places[0])
    other = TWINS[twin](deck)
    assert other == deck
    assert other.model_dump(exclude_defaults=True) == deck.model_dump(exclude_defaults=True)
    assert repr(other) == repr(deck)
    assert [other.span(place) for place in places] == [deck.span(place) for place in places]
    assert deck.model_copy(update={"theme": "plain"}) != deck


def test_which_keys_were_given() -> None:
    """A deck does not keep which keys were given: `exclude_defaults` writes those that say something."""
    deck: Any = mkdeck.Deck(deck="A", id="a", cards=[{"front": "x", "back": "1"}])
    assert list(deck.model_dump(exclude_defaults=True)) == ["deck", "id", "cards"]
    assert deck.model_dump(exclude_unset=True) == deck.model_dump()


def test_check_reports_what_load_raises(tmp_path: Path) -> None:
    """`check` gives what `load` would raise, as a list."""
    (tmp_path / "a.yaml").write_text("deck: A\n")
    problems = mkdeck.check(tmp_path / "a.yaml")
    assert [(each.rule, each.span.line, each.severity) for each in problems] == [
        ("missing-key", 1, mkdeck.Severity.ERROR)
    ]
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.load(tmp_path / "a.yaml")
    assert list(caught.value.diagnostics) == problems


def test_media_of_a_deck_from_data(root: Path, tmp_path: Path) -> None:
    """`folder` tells where the media of a deck without a file lie; the default is the current folder."""
    card = mkdeck.Card(front="See ![](grain.png)", back="x")
    deck = mkdeck.Deck(deck="A", id="a", cards=[card])
    assert [each.rule for each in mkdeck.check(deck)] == ["media"]
    assert mkdeck.check(deck, folder=root / "tests/decks/media") == []
    assert mkdeck.build(deck, tmp_path / "x.apkg", folder=root / "tests/decks/media").media == 1


def test_progress(root: Path, tmp_path: Path) -> None:
    """A script may follow the work: stages, what is done of them, and how much there is."""
    seen: list[tuple[str, int, int]] = []
    mkdeck.build(
        root / "decks/collectivisation.yaml", tmp_path / "x.apkg", progress=lambda *each: seen.append(each)
    )
    assert [stage for stage, done, total in seen if done == total] == ["compiling", "packing"]
    assert all(0 <= done <= total for _, done, total in seen)


def test_guids_come_from_keys(root: Path, tmp_path: Path) -> None:
    """Changing the texts of a deck changes no guid: identity is not content."""
    path = root / "tests/decks/hebrew.yaml"
    before = [note.guid for note in mkdeck.load(path).to_genanki().notes]
    mkdeck.build(path, tmp_path / "x.apkg")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("דרייפוס", "אחרת").replace("בצרפת", "בפריז"), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    assert [note.guid for note in mkdeck.load(path).to_genanki().notes] == before
    assert len(set(before)) == len(before)
