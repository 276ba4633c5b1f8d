"""Whatever an author does, in whatever order, history belongs to the fact it was earned on."""

from __future__ import annotations

import copy
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from test_history import Course

# Words that are unlike each other, so that no new text is taken for an edited old one.
WORDS = (
    "anchor", "basil", "cement", "donkey", "ember", "fjord", "garnet", "hazel", "iguana", "jigsaw", "kettle",
    "lumber", "mango", "nickel", "orchid", "pepper", "quartz", "raven", "saddle", "timber", "umbra", "velvet",
    "walnut", "xylem", "yonder", "zephyr",
)  # fmt: skip
FACTS = [f"{word.upper()}X{number}" for number, word in enumerate(WORDS)]


class Editing(RuleBasedStateMachine):
    """An author edits, builds and ships; a learner imports and reviews."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.course = Course(self.folder)
        self.serial = 0
        self.earned: dict[int, tuple[list[str], Any]] = {}
        self.deck: dict[str, Any] = {
            "deck": "D", "id": "d", "question": "Why?",
            "reasons": [
                {"id": "one", "reason": "First", "points": []},
                {"id": "two", "reason": "Second", "points": []},
            ],
            "cards": [{"front": "x", "back": "y"}],
        }  # fmt: skip
        self.new_point(0, [0, 1])
        self.ship()

    def teardown(self) -> None:
        self.course.anki.col.close()
        shutil.rmtree(self.folder)

    def points(self, reason: int) -> list[list[str]]:
        """A point is the list of its words, facts in braces."""
        found: list[list[str]] = self.deck["reasons"][reason]["points"]
        return found

    def all_points(self) -> list[tuple[int, int]]:
        return [(reason, point) for reason in (0, 1) for point in range(len(self.points(reason)))]

    def sentence(self) -> list[str]:
        """Give the words of a text that is unlike every other one."""
        self.serial += 1
        words = [WORDS[(self.serial * 7 + each * (self.serial % 5 + 1)) % len(WORDS)] for each in range(6)]
        return [f"{word}{self.serial}" for word in words]

    @rule(reason=st.integers(0, 1), facts=st.lists(st.integers(0, 25), min_size=1, max_size=3, unique=True))
    def new_point(self, reason: int, facts: list[int]) -> None:
        words = self.sentence()
        for place, fact in enumerate(facts):
            words.insert(place * 2 + 1, f"{{{{{FACTS[fact]}}}}}")
        self.points(reason).insert(0, words)

    @rule(data=st.data(), fact=st.integers(0, 25), place=st.integers(0, 5))
    def insert_fact(self, data: st.DataObject, fact: int, place: int) -> None:
        reason, point = data.draw(st.sampled_from(self.all_points()))
        words = self.points(reason)[point]
        if f"{{{{{FACTS[fact]}}}}}" not in words:
            words.insert(min(place, len(words)), f"{{{{{FACTS[fact]}}}}}")

    @rule(data=st.data())
    def remove_fact(self, data: st.DataObject) -> None:
        several = [each for each in self.all_points() if self.count(each) > 1]
        if not several:
            return
        reason, point = data.draw(st.sampled_from(several))
        words = self.points(reason)[point]
        words.remove(data.draw(st.sampled_from([word for word in words if word.startswith("{{")])))

    def count(self, point: tuple[int, int]) -> int:
        return sum(word.startswith("{{") for word in self.points(point[0])[point[1]])

    @rule(data=st.data())
    def reword(self, data: st.DataObject) -> None:
        reason, point = data.draw(st.sampled_from(self.all_points()))
        words = self.points(reason)[point]
        place = data.draw(st.sampled_from([i for i, word in enumerate(words) if not word.startswith("{{")]))
        words[place] += "s"

    @rule(data=st.data())
    def move_to_the_other_reason(self, data: st.DataObject) -> None:
        reason, point = data.draw(st.sampled_from(self.all_points()))
        self.points(1 - reason).append(self.points(reason).pop(point))

    @rule(data=st.data())
    def shuffle(self, data: st.DataObject) -> None:
        for reason in (0, 1):
            self.deck["reasons"][reason]["points"] = data.draw(st.permutations(self.points(reason)))

    @precondition(lambda self: len(self.all_points()) > 1)
    @rule(data=st.data())
    def remove_point(self, data: st.DataObject) -> None:
        reason, point = data.draw(st.sampled_from(self.all_points()))
        self.points(reason).pop(point)

    @rule()
    def rename(self) -> None:
        self.serial += 1
        self.deck["reasons"][0]["reason"] = f"Reason number {self.serial}"

    @rule()
    def ship(self) -> None:
        """Build, import, and look: no reviewed card asks for another fact, and no review is lost."""
        deck = copy.deepcopy(self.deck)
        for reason in deck["reasons"]:
            reason["points"] = [" ".join(words) for words in reason["points"]]
        self.course.build({**deck, "make": ["fact", "plain"]})
        self.course.anki.import_package(self.course.package)
        self.look()

    @rule()
    def review(self) -> None:
        self.course.review()
        history, asked = self.course.history(), self.course.asks()
        # A card whose blank was taken out asks for nothing; it was earned on what it asked for before.
        before = {card: facts for card, (facts, _) in self.earned.items()}
        facts = {card: asked[card] or before.get(card) for card in history}
        self.earned = {card: (asks, history[card]) for card, asks in facts.items() if asks}

    @invariant()
    def look(self) -> None:
        if not getattr(self, "earned", None):
            return
        history, asked = self.course.history(), self.course.asks()
        for card, (facts, reviews) in self.earned.items():
            assert history[card] == reviews
            assert asked[card] in (facts, [])


TestHistory = Editing.TestCase
TestHistory.settings = settings(max_examples=60, stateful_step_count=25, suppress_health_check=list(HealthCheck))
