"""What the official Anki backend makes of built packages: every card of every deck, looked at."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from findings import errors
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from real_anki import LearnersAnki, visible
from test_markup import escaped, kept_by_anki

import mkdeck
from mkdeck.checks.words import language

if TYPE_CHECKING:
    from real_anki import RenderedCard

DECKS = {
    "seed": (
        "decks/collectivisation.yaml",
        {"map": 7, "fact": 56, "link": 63, "explain": 7, "term": 9, "judge": 1, "plain": 8},
        {"map": 7, "fact": 82, "link": 63, "explain": 7, "term": 18, "judge": 1, "plain": 12},
    ),
    "in English, a science": (
        "decks/plate-tectonics.yaml",
        {"map": 5, "fact": 34, "link": 39, "explain": 5, "term": 10, "judge": 1, "plain": 7},
        {"map": 5, "fact": 62, "link": 39, "explain": 5, "term": 20, "judge": 1, "plain": 8},
    ),
    "in German": (
        "decks/weimar.yaml",
        {"map": 5, "fact": 37, "link": 41, "explain": 5, "term": 10, "judge": 1, "plain": 7},
        {"map": 5, "fact": 73, "link": 41, "explain": 5, "term": 20, "judge": 1, "plain": 9},
    ),
    "every feature": (
        "tests/decks/everything.yaml",
        {"map": 3, "fact": 11, "link": 5, "explain": 2, "sort": 9, "term": 3, "judge": 1, "plain": 3},
        {"map": 3, "fact": 24, "link": 5, "explain": 2, "sort": 9, "term": 5, "judge": 1, "plain": 4},
    ),
    "right to left": (
        "tests/decks/hebrew.yaml",
        {"map": 2, "fact": 2, "link": 2, "explain": 2, "term": 1},
        {"map": 2, "fact": 3, "link": 2, "explain": 2, "term": 2},
    ),
}


@pytest.fixture(params=DECKS)
def built(request: pytest.FixtureRequest, root: Path, tmp_path: Path) -> tuple[str, mkdeck.BuildResult]:
    """Each deck of the table, built."""
    source = root / DECKS[request.param][0]
    return request.param, mkdeck.build(source, tmp_path / "deck.apkg")


def leaks(card: RenderedCard) -> list[str]:
    """Give the answers of a card that can be read on its own front."""
    front = visible(re.sub(r' data-cloze="[^"]*"', "", card.question)).lower()
    return [answer for answer in card.asked if re.search(rf"(?<!\w){re.escape(answer.lower())}(?!\w)", front)]


def test_counts(built: tuple[str, mkdeck.BuildResult], anki: LearnersAnki) -> None:
    """Anki holds exactly the notes and cards of each kind that the build reported; all notes are new."""
    name, result = built
    _, notes, cards = DECKS[name]
    assert (result.notes, result.cards) == (notes, cards)
    assert anki.import_package(result.path) == {"new": sum(notes.values())}
    rendered = anki.cards()
    assert Counter(card.kind for card in rendered) == cards
    assert Counter({card.note_id: card.kind for card in rendered}.values()) == notes


def test_sound(built: tuple[str, mkdeck.BuildResult], anki: LearnersAnki) -> None:
    """Anki finds nothing to mend: no empty card, no missing card, no media missing or unused."""
    anki.import_package(built[1].path)
    assert anki.is_sound()


def test_fronts_do_not_hold_their_answers(built: tuple[str, mkdeck.BuildResult], anki: LearnersAnki) -> None:
    """No front, as Anki renders it, shows what it asks for; every back does."""
    anki.import_package(built[1].path)
    rendered = anki.cards()
    assert [(card.kind, leaks(card)) for card in rendered if leaks(card)] == []
    assert all(card.asked and all(card.asked) for card in rendered)
    for card in rendered:
        back = visible(card.answer)
        assert [answer for answer in card.asked if answer not in back] == []


WORDS = ["grain", "Grain", "grains", "towns", "crisis", "1928", "the", "with", "NEP", "20–35%", "peasant's", "was"]
GENERATED = st.lists(st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), st.integers(0, 3)),
                     min_size=2, max_size=6)  # fmt: skip


@given(st.lists(GENERATED, min_size=1, max_size=12))
@settings(max_examples=40)
def test_what_is_not_reported_does_not_leak(drawn: list[list[tuple[list[str], int]]]) -> None:
    """Of any texts with blanks, those without an answer-leak have no front, as Anki renders it, with its answer."""
    texts = [
        " ".join(f"{{{{c{number}::{' '.join(part)}}}}}" if number else " ".join(part) for part, number in parts)
        for parts in drawn
    ]
    head = {"deck": "Words", "id": "words", "allow": ["ambiguous-front", "duplicate-note"]}
    told = {each.span.place for each in mkdeck.check(mkdeck.Deck(**head, cards=[{"cloze": each} for each in texts]))
            if each.rule in {"answer-leak", "cloze-syntax"}}  # fmt: skip
    clean = [{"cloze": text} for number, text in enumerate(texts) if f"cards[{number}].cloze" not in told]
    assume(clean)
    with tempfile.TemporaryDirectory() as folder:
        learner = LearnersAnki(Path(folder, "anki"))
        learner.import_package(mkdeck.build(mkdeck.Deck(**head, cards=clean), Path(folder, "x.apkg"), lock={}).path)
        # A blank that asks for `the` is trivial-cloze, wherever else the word stands.
        shown = [(card.fields["Text"], leaks(card)) for card in learner.cards()]
        found = [(text, told) for text, told in shown if any(not language("en").is_small(each) for each in told)]
        learner.col.close()
    assert found == []


def test_fronts_and_backs_hold_what_they_should(built: tuple[str, mkdeck.BuildResult], anki: LearnersAnki) -> None:
    """A front shows its header; a back shows note, source and hidden context too. Clozes show as blanks."""
    anki.import_package(built[1].path)
    for card in anki.cards():
        front, back, fields = visible(card.question), visible(card.answer), card.fields
        asks_term = card.kind == "term" and card.ordinal == 1
        if not asks_term:
            assert visible(fields["Header"]) in front
        for name in ("Extra", "Source", "Context"):
            assert visible(re.sub(r"\[sound:[^]]*\]", "", fields[name])) in back
            assert not fields[name] or fields[name] not in card.question
        if "Text" in fields:
            # Anki takes the spans out of MathJax; the blank stays.
            assert 'class="cloze"' in card.question or "[...]" in front
            assert "{{c" not in card.question + card.answer


def test_languages(built: tuple[str, mkdeck.BuildResult], anki: LearnersAnki) -> None:
    """Everything on a card stands inside one element with the deck's language and direction."""
    name, result = built
    anki.import_package(result.path)
    frame = {
        "seed": 'lang="en" dir="ltr"',
        "in English, a science": 'lang="en" dir="ltr"',
        "in German": 'lang="de" dir="ltr"',
        "every feature": 'lang="en-GB" dir="ltr"',
        "right to left": 'lang="he" dir="rtl"',
    }[name]
    for card in anki.cards():
        for side in (card.question, card.answer):
            assert re.fullmatch(rf'\s*<main class="mkdeck {card.kind}" {frame}>.*</main>\s*', side, re.DOTALL), side


def test_order(built: tuple[str, mkdeck.BuildResult], anki: LearnersAnki, root: Path) -> None:
    """New cards are numbered 1, 2, 3 ... in the deck's order: the map, each reason, then what is for all."""
    name, result = built
    anki.import_package(result.path)
    rendered = anki.cards()
    assert [card.due for card in rendered] == list(range(1, len(rendered) + 1))
    kinds = list(dict.fromkeys(card.kind for card in rendered))
    expected = ["map", "fact", "link", "explain", "sort", "term", "judge", "plain"]
    assert kinds == [kind for kind in expected if kind in DECKS[name][1]]


def test_nested_deck_and_description(anki: LearnersAnki, root: Path, tmp_path: Path) -> None:
    """`A::B` nests in Anki, the default deck stays empty, and the description arrives."""
    anki.import_package(mkdeck.build(root / "tests/decks/everything.yaml", tmp_path / "x.apkg").path)
    names = [each.name for each in anki.col.decks.all_names_and_ids()]
    assert names == ["Default", "Test", "Test::Every feature"]
    deck = anki.col.decks.by_name("Test::Every feature")
    assert deck is not None
    assert deck["desc"] == "A deck with <strong>every</strong> feature."
    assert {card.deck for card in anki.cards()} == {"Test::Every feature"}


def test_tags(anki: LearnersAnki, root: Path, tmp_path: Path) -> None:
    """A note has the tags of its deck, its reason and its point."""
    anki.import_package(mkdeck.build(root / "tests/decks/everything.yaml", tmp_path / "x.apkg").path)
    (note_id,) = anki.col.find_notes('Kind:fact "What came after"')
    assert set(anki.col.get_note(note_id).tags) == {"test", "Sample::Nested", "markup", "own"}
    (note_id,) = anki.col.find_notes('"Front:Which tune?*"')
    assert set(anki.col.get_note(note_id).tags) == {"test", "Sample::Nested"}


def test_media(anki: LearnersAnki, root: Path, tmp_path: Path) -> None:
    """Pictures and recordings arrive byte for byte under names that hold a hash of their content."""
    result = mkdeck.build(root / "tests/decks/everything.yaml", tmp_path / "x.apkg")
    anki.import_package(result.path)
    folder = tmp_path / "anki" / "collection.media"
    sources = {path.read_bytes() for path in (root / "tests/decks/media").iterdir()}
    assert {path.read_bytes() for path in folder.iterdir()} == sources
    assert result.media == len(sources) == 3
    assert all(re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{16}\.(png|wav)", path.name) for path in folder.iterdir())


def test_five_hundred_facts(anki: LearnersAnki, tmp_path: Path) -> None:
    """A point may hold 500 facts, Anki's limit, and each makes its card; 501 are an error."""
    facts = [f"fact{number:03}" for number in range(500)]
    point = "Here stand " + ", ".join(facts) + "."
    reason = mkdeck.Reason(id="many", reason="Many", facts=facts, points=[point])
    deck = mkdeck.Deck(deck="Many", id="many", question="How many?", make=["fact"], reasons=[reason])
    anki.import_package(mkdeck.build(deck, tmp_path / "x.apkg").path)
    rendered = anki.cards()
    assert [card.asked for card in rendered] == [[fact] for fact in facts]
    assert anki.is_sound()

    too_many = mkdeck.Reason(id="many", reason="Many", facts=[*facts, "more"], points=[point + " And more."])
    deck = mkdeck.Deck(deck="Many", id="many", question="How many?", reasons=[too_many])
    assert [problem.rule for problem in errors(mkdeck.check(deck))] == ["cloze-syntax"]


def test_second_import_changes_nothing(anki: LearnersAnki, root: Path, tmp_path: Path) -> None:
    """Importing the same package again finds every note there already."""
    result = mkdeck.build(root / "decks/collectivisation.yaml", tmp_path / "x.apkg")
    anki.import_package(result.path)
    assert anki.import_package(result.path) == {"duplicate": sum(result.notes.values())}


def test_two_decks_in_one_collection(anki: LearnersAnki, root: Path, tmp_path: Path) -> None:
    """Two packages, and one package of two decks, give the same notes in the same two note types."""
    paths = [root / "decks/collectivisation.yaml", root / "tests/decks/everything.yaml"]
    first = [mkdeck.build(path, tmp_path / f"{path.stem}.apkg") for path in paths]
    both = mkdeck.build(paths, tmp_path / "both.apkg")
    for result in first:
        anki.import_package(result.path)
    assert anki.import_package(both.path) == {"duplicate": sum(both.notes.values())}
    ours = [each.name for each in anki.col.models.all_names_and_ids() if "mkdeck" in each.name]
    assert ours == ["mkdeck cloze", "mkdeck prompt"]


def test_style_has_note_types_of_its_own(anki: LearnersAnki, tmp_path: Path) -> None:
    """A deck with a `style:` does not touch the look of other decks."""
    plain = mkdeck.Deck(deck="A", id="a", cards=[mkdeck.Card(front="x", back="y")])
    styled = mkdeck.Deck(deck="B", id="b", style=".mkdeck { color: red }", cards=[mkdeck.Card(front="x", back="y")])
    anki.import_package(mkdeck.build([plain, styled], tmp_path / "x.apkg").path)
    css = {each.name: anki.col.models.get(each.id)["css"] for each in anki.col.models.all_names_and_ids()}
    assert css["mkdeck prompt (b)"] == css["mkdeck prompt"] + "\n.mkdeck { color: red }"
    assert anki.is_sound()


LINES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e"),
    min_size=1,
    max_size=30,
)
SIGNS = st.text("<>&{}[]()\\$*_`:'\"ée\u0301\u200d👩\u200d🌾\x00\x07\x1f a1", min_size=1, max_size=20)


@settings(max_examples=25)
@given(st.lists(LINES | SIGNS, min_size=1, max_size=25))
def test_any_text_comes_out_as_it_went_in(texts: list[str]) -> None:
    """What an author escapes is in Anki's field, and on Anki's card, as the same visible text."""
    kept = {text: kept_by_anki(text) for text in texts}
    shown = [text for text in kept if any(char.isprintable() and not char.isspace() for char in kept[text])]
    assume(shown)
    cards = [
        mkdeck.Card(
            front=f"({number}) {escaped(text)}", back=escaped(text), id=f"card-{number}", allow=["answer-leak"]
        )
        for number, text in enumerate(shown)
    ]
    with tempfile.TemporaryDirectory() as folder:
        learner = LearnersAnki(Path(folder, "anki"))
        deck = mkdeck.Deck(deck="Texts", id="texts", cards=cards)
        learner.import_package(mkdeck.build(deck, Path(folder, "x.apkg"), lock={}).path)
        found = learner.cards()
        learner.col.close()
    assert [visible(card.fields["Back"]) for card in found] == [kept[text] for text in shown]
    for card, text in zip(found, shown, strict=True):
        assert kept[text] in visible(card.answer.partition("<hr")[2].partition("<footer")[0])
