"""Editing a deck never moves a learner's history: every edit, against reviews answered in the real Anki."""

from __future__ import annotations

import copy
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from anki.scheduler_pb2 import CardAnswer
from real_anki import LearnersAnki, visible

import mkdeck
from mkdeck.searches import by_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Data = dict[str, Any]

DECK: Data = {
    "deck": "History::Test",
    "id": "history-test",
    "question": "Why did it happen?",
    "tags": ["one"],
    "style": ".mkdeck { color: black }",
    "reasons": [
        {
            "id": "hunger",
            "reason": "Hunger in the towns",
            "facts": ["grain crisis", "bread rationing", "1928", "Moscow"],
            "points": [
                "The grain crisis of 1928 brought bread rationing to Moscow.",
                "Peasants fed their crop to {{cattle}} and sold {{meat}} at the market instead.",
                {"id": "prices", "text": "Low prices gave the villages {{no reason}} to sell anything."},
            ],
            "chain": ["prices are low", "peasants keep their grain", "the towns starve"],
            "explain": "Because the towns were hungry.",
        },
        {
            "id": "power",
            "reason": "Power over the villages",
            "points": [
                "Collective farms stored the harvest in {{one barn}}.",
                "Few villages had a {{party cell}}.",
            ],
        },
    ],
    "terms": {"kulak": "A peasant better off than most.", "mir": "The commune of a village."},
    "cards": [{"front": "Who led the party?", "back": "Stalin"}, {"cloze": "The plan began in {{October}}."}],
}


DECK_KINDS = ["map", "fact", "link", "explain", "term", "plain"]


def points(deck: Data, reason: int = 0) -> list[Any]:
    return deck["reasons"][reason]["points"]  # type: ignore[no-any-return]


def change(reason: int, point: int, old: str, new: str) -> Callable[[Data], None]:
    def edit(deck: Data) -> None:
        assert old in points(deck, reason)[point]
        points(deck, reason)[point] = points(deck, reason)[point].replace(old, new)

    return edit


def links(deck: Data) -> list[str]:
    return deck["reasons"][0]["chain"]  # type: ignore[no-any-return]


def insert_fact(deck: Data) -> None:
    points(deck)[1] = (
        points(deck)[1].replace("Peasants", "{{Hungry}} peasants").replace("market", "{{bazaar}} market")
    )


def remove_fact(deck: Data) -> None:
    deck["reasons"][0]["facts"].remove("1928")


def reorder_facts(deck: Data) -> None:
    deck["reasons"][0]["facts"].reverse()
    points(deck)[0] = "To Moscow the grain crisis brought bread rationing, in 1928."


def move_point(deck: Data) -> None:
    points(deck, 1).append(points(deck).pop(1))


def move_named_point(deck: Data) -> None:
    points(deck, 1).insert(0, points(deck).pop(2))


def remove_reason(deck: Data) -> None:
    del deck["reasons"][1]


@dataclass(frozen=True)
class Edit:
    """An edit, what the build must report, and what a card asks for now that asked for something else."""

    edit: Callable[[Data], object]
    new: int = 0
    updated: int = 0
    retired: int = 0
    asks: tuple[tuple[str, str], ...] = ()


EDITS = {
    "nothing": Edit(lambda deck: deck),
    "a typo": Edit(change(0, 1, "crop", "crops"), updated=2),
    "half a point reworded": Edit(
        change(0, 1, "and sold {{meat}} at the market instead", "as {{meat}} fetched a better price"), updated=2
    ),
    "a fact spelt better": Edit(
        change(1, 1, "party cell", "party cells"), updated=2, asks=(("party cell", "party cells"),)
    ),
    "facts inserted before and after": Edit(insert_fact, updated=2),
    "a fact inserted between": Edit(change(0, 1, "their crop", "{{their crop}}"), updated=1),
    "a fact removed": Edit(remove_fact, updated=1),
    "facts reordered": Edit(reorder_facts, updated=2),
    "points reordered": Edit(lambda deck: points(deck).reverse(), updated=1),
    "a point inserted first": Edit(lambda deck: points(deck).insert(0, "A {{new}} beginning."), new=1, updated=1),
    "a point removed": Edit(lambda deck: points(deck).pop(1), updated=1, retired=1),
    "a point moved to another reason": Edit(move_point, updated=3),
    "a point with an id moved": Edit(move_named_point, updated=3),
    "reasons reordered": Edit(lambda deck: deck["reasons"].reverse(), updated=2),
    "a reason renamed": Edit(
        lambda deck: deck["reasons"][1].update(reason="Control of the villages"),
        updated=5, asks=(("Power over the villages", "Control of the villages"),),
    ),
    "a reason removed": Edit(remove_reason, retired=5),
    "a link reworded": Edit(
        lambda deck: links(deck).__setitem__(1, "peasants keep the grain"),
        updated=3, asks=(("peasants keep their grain", "peasants keep the grain"),),
    ),
    "a link inserted": Edit(lambda deck: links(deck).insert(1, "shops stand empty"), new=1, updated=3),
    "the deck renamed": Edit(lambda deck: deck.update(deck="History::Other")),
    "only the style": Edit(lambda deck: deck.update(style=".mkdeck { color: navy }")),
    "only a tag": Edit(lambda deck: deck["reasons"][1].update(tags=["two"]), updated=4),
    "a kind less": Edit(lambda deck: deck.update(make=["fact", "term", "plain"]), retired=6),
    "a kind more": Edit(lambda deck: deck.update(make=[*DECK_KINDS, "sort"]), new=4),
    "a term renamed": Edit(
        lambda deck: deck["terms"].update(kulaks=deck["terms"].pop("kulak")),
        updated=1, asks=(("kulak", "kulaks"),),
    ),
    "a card's answer": Edit(
        lambda deck: deck["cards"][0].update(back="Josef Stalin"), updated=1, asks=(("Stalin", "Josef Stalin"),)
    ),
}  # fmt: skip


class Course:
    """An author who builds a deck, and a learner who imports and reviews it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "deck.yaml"
        self.package = folder / "deck.apkg"
        self.anki = LearnersAnki(folder / "anki")

    def build(self, deck: Data) -> mkdeck.BuildResult:
        self.path.write_text(yaml.safe_dump(deck, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return mkdeck.build(self.path, self.package)

    def review(self) -> None:
        """Answer every card once, through the scheduler."""
        col = self.anki.col
        for card_id in col.find_cards(""):
            card = col.get_card(card_id)
            card.start_timer()
            states = col._backend.get_scheduling_states(card_id)
            rating = CardAnswer.EASY if card_id % 2 else CardAnswer.GOOD
            col.sched.answer_card(col.sched.build_answer(card=card, states=states, rating=rating))

    def history(self) -> dict[int, tuple[Any, ...]]:
        """Give what Anki knows of each card that was reviewed, and its reviews."""
        rows = self.anki.col.db.all(
            "select c.id, c.nid, c.ord, c.did, c.type, c.queue, c.ivl, c.due, c.factor, c.reps, c.lapses,"
            " (select group_concat(r.id || ':' || r.ease || ':' || r.ivl) from revlog r where r.cid = c.id)"
            " from cards c where c.reps > 0"
        )
        return {row[0]: tuple(row[1:]) for row in rows}

    def asks(self) -> dict[int, list[str]]:
        """Give what each card asks for: the words of its blanks, or of its back."""
        found = {}
        for card_id in self.anki.col.find_cards(""):
            card = self.anki.col.get_card(card_id)
            note = card.note()
            if note["Kind"] == "explain":
                # Its back is the whole reason, and changes with every point of it.
                found[card_id] = [visible(note["Front"]).lower().removeprefix("explain this reason")]
            elif "Text" in note:
                found[card_id] = [each.lower() for each in self.anki.blanks(card)]
            else:
                found[card_id] = [visible(note["Front" if card.ord else "Back"]).lower()]
        return found


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)


@pytest.mark.parametrize("name", EDITS)
def test_history_survives(name: str, course: Course) -> None:
    """After an edit and an import, every card that was reviewed asks for the same fact, its history untouched.

    The build's report is what Anki then does; notes that the author did not touch keep a learner's own
    edit and tag.
    """
    wanted = EDITS[name]
    course.build(DECK)
    course.anki.import_package(course.package)
    course.review()
    history, asked = course.history(), course.asks()
    assert len(history) == len(asked) == 21

    edited = copy.deepcopy(DECK)
    wanted.edit(edited)
    result = course.build(edited)
    counts = {what: sum(each.what == what for each in result.changes) for what in ("new", "updated", "retired")}
    assert counts == {"new": wanted.new, "updated": wanted.updated, "retired": wanted.retired}

    touched = {f"history-test/{each.key}" for each in result.changes}
    col = course.anki.col
    own = next(note for note in map(col.get_note, col.find_notes("")) if note["Key"] not in touched)
    own["Extra"] = "my own words"
    own.tags.append("mine")
    col.update_note(own)

    log = course.anki.import_package(course.package)
    assert log.get("conflicting", 0) == 0
    assert log.get("new", 0) == wanted.new
    assert log.get("updated", 0) == wanted.updated
    assert log.get("duplicate", 0) == result.unchanged

    assert course.history() == history
    mended = {before.lower(): after.lower() for before, after in wanted.asks}
    gone = {(each.key, number) for each in result.changes for number in each.cards_removed}
    retired = {f"history-test/{each.key}" for each in result.changes if each.what == "retired"}
    now = course.asks()
    for card_id, facts in asked.items():
        card = col.get_card(card_id)
        key = card.note()["Key"]
        if (key.partition("/")[2], card.ord + 1) in gone and key not in retired:
            assert now[card_id] == []
        else:
            assert now[card_id] == [mended.get(fact, fact) for fact in facts]
    own.load()
    assert own["Extra"] == "my own words"
    assert "mine" in own.tags


def test_a_fact_comes_back(course: Course) -> None:
    """A fact that is taken out keeps its number for itself: other new facts get others, and it returns to it."""
    course.build(DECK)
    course.anki.import_package(course.package)
    course.review()
    history, asked = course.history(), course.asks()

    without = copy.deepcopy(DECK)
    remove_fact(without)
    course.build(without)
    course.anki.import_package(course.package)
    (lost,) = [card_id for card_id, facts in course.asks().items() if not facts]

    another = copy.deepcopy(without)
    another["reasons"][0]["facts"].append("brought")
    result = course.build(another)
    assert [each.cards_added for each in result.changes] == [(5,)]
    course.anki.import_package(course.package)
    assert course.asks()[lost] == []

    another["reasons"][0]["facts"].append("1928")
    result = course.build(another)
    assert [each.cards_added for each in result.changes] == [(2,)]
    course.anki.import_package(course.package)
    now = course.asks()
    assert {card_id: now[card_id] for card_id in asked} == asked
    assert course.history() == history


def test_a_note_comes_back(course: Course) -> None:
    """A point that is taken out and written again, in the same words, is the same note."""
    first = course.build(DECK)
    without = copy.deepcopy(DECK)
    points(without).pop(1)
    course.build(without)
    back = course.build(DECK)
    assert [each.what for each in back.changes if each.kind == "fact"] == ["back"]
    course.anki.import_package(course.package)
    notes = {note["Key"] for note in map(course.anki.col.get_note, course.anki.col.find_notes(""))}
    assert len(notes) == sum(first.notes.values()) == sum(back.notes.values())


def test_another_text_is_another_note(course: Course) -> None:
    """A point that is replaced by an unlike one is a new note; the old one's history does not go to it."""
    course.build(DECK)
    other = copy.deepcopy(DECK)
    points(other)[1] = "Quite another thing altogether, {{Leningrad}}."
    changes = {each.what: each for each in course.build(other).changes if each.kind == "fact"}
    assert set(changes) == {"new", "retired"}
    assert changes["retired"].cards_removed == (1, 2)


def test_an_id_settles_it(course: Course) -> None:
    """A note with an id is the same note, however much is written anew."""
    course.build(DECK)
    other = copy.deepcopy(DECK)
    points(other)[2]["text"] = "Quite another thing altogether, {{Leningrad}}."
    (change_,) = [each for each in course.build(other).changes if each.kind == "fact"]
    assert (change_.what, change_.how) == ("updated", "id")


def test_an_id_given_later(course: Course) -> None:
    """A note and a fact that are given an id stay what they were."""
    course.build(DECK)
    other = copy.deepcopy(DECK)
    points(other)[1] = {"id": "cattle", "text": points(other)[1]}
    other["reasons"][0]["facts"][2] = {"fact": "1928", "id": "year"}
    result = course.build(other)
    assert [each.what for each in result.changes] == []
    points(other)[1]["text"] = "Quite another thing altogether, {{Leningrad}}."
    other["reasons"][0]["facts"][2] = {"fact": "1929", "id": "year"}
    points(other)[0] = points(other)[0].replace("1928", "1929")
    changes = [each for each in course.build(other).changes if each.kind == "fact"]
    assert [(each.what, each.cards_added, each.cards_removed) for each in changes] == [
        ("updated", (), ()),
        ("updated", (3,), (1, 2)),
    ]


def test_a_picture_changes(course: Course) -> None:
    """A picture with new content reaches the learner under a new name, and only its note is updated."""
    deck = copy.deepcopy(DECK)
    deck["cards"][0]["back"] = {"text": "Stalin", "image": "stalin.png"}
    course.path.with_name("stalin.png").write_bytes(b"one")
    course.build(deck)
    course.anki.import_package(course.package)
    course.path.with_name("stalin.png").write_bytes(b"two")
    assert [each.what for each in course.build(deck).changes] == ["updated"]
    assert course.anki.import_package(course.package)["updated"] == 1
    (note_id,) = course.anki.col.find_notes("Kind:plain Front:*")
    note = course.anki.col.get_note(note_id)
    folder = course.path.parent / "anki/collection.media"
    shown = [path for path in folder.iterdir() if path.name in note["Back"]]
    assert [path.read_bytes() for path in shown] == [b"two"]


def test_retired_notes_are_found(course: Course) -> None:
    """The searches that the build gives find what was taken out; with the tag, one search finds all of it."""
    course.build(DECK)
    course.anki.import_package(course.package)
    without = copy.deepcopy(DECK)
    remove_reason(without)
    retired = course.build(without).changes
    course.anki.import_package(course.package)
    col = course.anki.col
    assert [len(col.find_notes(by_key(f"history-test/{each.key}"))) for each in retired] == [1] * 5

    command = [sys.executable, "-m", "mkdeck", "build", "deck.yaml", "-o", "deck.apkg", "--tag-retired"]
    subprocess.run(command, cwd=course.path.parent, check=True)
    assert course.anki.import_package(course.package)["updated"] == 5
    found = col.find_notes("tag:mkdeck::retired")
    assert {col.get_note(each)["Key"] for each in found} == {f"history-test/{each.key}" for each in retired}
    assert not col.get_empty_cards().notes
    subprocess.run(command, cwd=course.path.parent, check=True)
    assert "updated" not in course.anki.import_package(course.package)

    back = course.build(DECK)
    assert [each.what for each in back.changes] == ["back"] * 5
    assert course.anki.import_package(course.package)["updated"] == 5
    assert col.find_notes("tag:mkdeck::retired") == []


def test_mod_moves_only_with_the_content(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note's time is that of its last change: later than before even if the clock went back, never 0."""

    def mods(deck: Data, epoch: int) -> dict[str, int]:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(epoch))
        locks = course.build(deck).locks
        return {key: each["mod"] for key, each in locks["history-test"]["notes"].items()}

    first = mods(DECK, 5000)
    assert set(first.values()) == {5000}
    assert mods(DECK, 9000) == first
    edited = copy.deepcopy(DECK)
    EDITS["a typo"].edit(edited)
    second = mods(edited, 9000)
    assert sorted(second.values()) == [*[5000] * (len(first) - 2), 9000, 9000]
    third = mods(DECK, 100)
    assert sorted(third.values()) == [*[5000] * (len(first) - 2), 9001, 9001]
    course.path.with_name("deck.lock.json").unlink()
    assert set(mods(DECK, 0).values()) == {1}


def test_a_lost_lock(course: Course) -> None:
    """Without its lock, a deck keeps the notes that have ids or their first texts; the rest is named."""
    course.build(DECK)
    edited = copy.deepcopy(DECK)
    EDITS["a typo"].edit(edited)
    before = course.build(edited)
    course.path.with_name("deck.lock.json").unlink()
    after = course.build(edited)
    old, new = (set(each.locks["history-test"]["notes"]) for each in (before, after))
    (lost,) = old - new
    assert lost.startswith("hunger/fact/#")
    assert [each.rule for each in after.warnings] == ["lock"]
    assert "1 note" in after.warnings[0].message
    assert lost in after.warnings[0].mend
