"""The glance at a note: what it says is what the whole note says, and for most notes it says something."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mkdeck
from mkdeck.checks import errors, findings, scan
from mkdeck.checks.glance import above, fronts_at_a_glance
from mkdeck.checks.sheets import sheet
from mkdeck.checks.words import language
from mkdeck.compile import compile_deck
from mkdeck.markup import bare_words, bare_words_of, fold, mark, tokens
from mkdeck.notes import Draft

# Few words, so that answers leak and fronts are equal; and all that makes a field more than words.
PLAIN = st.sampled_from(["grain", "Grains", "crisis", "winter", "NEP", "1928", "of", "graincrisis"])
WORDS = PLAIN | st.sampled_from([
    "28", "the", "émigrés", "Straße", "ΟΔΟΣ", "年", "grain年", "don’t", "peasants'", "1927–28", "1850km", "`grain`",
    "**grain**", "<b>grain</b>", "$grain$", "R&D", "[grain]", "[]", "in: winter", "a\u0301", "’", ".", "{", "\\*",
    "![grain](grain.png)",
])  # fmt: skip


def phrases(words: st.SearchStrategy[str], spaces: str, most: int) -> st.SearchStrategy[str]:
    parts = st.tuples(words, st.sampled_from(spaces))
    return st.lists(parts, min_size=1, max_size=most).map(lambda found: "".join(map("".join, found)))


def texts(words: st.SearchStrategy[str], spaces: str) -> st.SearchStrategy[str]:
    few = phrases(words, spaces, 2)
    hint = st.sampled_from(["", "", "", "::"]).flatmap(lambda sign: few.map(sign.__add__) if sign else st.just(""))
    blanks = st.builds("{{{{{}{}{}}}}}".format, st.sampled_from(["", "", "c1::", "c2::"]), few, hint)
    return phrases(blanks | few, spaces, 6).map("Here {}".format)


TEXTS = texts(PLAIN, " ") | texts(PLAIN, "\0 ").map(lambda text: text.replace("\0", "")) | texts(WORDS, "   \n-’")
PHRASES = phrases(WORDS, "   -", 3)
POINTS: st.SearchStrategy[object] = TEXTS | st.builds(
    dict, text=TEXTS, facts=st.lists(WORDS, max_size=2), note=PHRASES.map("so {}".format)
)
CARDS: st.SearchStrategy[object] = st.builds(dict, cloze=TEXTS) | st.builds(
    dict, front=PHRASES.map("what {}".format), back=PHRASES.map("it {}".format)
)
DECKS = st.builds(
    lambda lang, question, reasons, cards: mkdeck.Deck(
        deck="A",
        id="a",
        lang=lang,
        question=question,
        reasons=[
            {"id": f"r{number}", "reason": reason, "points": points}
            for number, (reason, points) in enumerate(reasons)
        ],
        cards=cards,
    ),
    st.sampled_from(["en", "de", "ru", "zh"]),
    PHRASES.map("why {}".format),
    st.lists(st.tuples(PHRASES.map("so {}".format), st.lists(POINTS, max_size=5)), max_size=2),
    st.lists(CARDS, max_size=4),
)


@settings(max_examples=500)
@example("Here {{grain}}crisis or {{graincrisis}}", "")
@given(TEXTS, st.sampled_from(["", "grain", "A 1928 winter"]))
def test_a_glance_is_never_wrong(text: str, header: str) -> None:
    """Where a glance at a note is enough, its sheet is clear and has the same fronts."""
    marked = mark(text, clozes=True)
    fields = {"Text": marked.clozed(marked.numbers()), "Header": header}
    draft = Draft("fact", "r/fact", None, text, "cloze", fields, ())
    words = language("en")
    fronts = fronts_at_a_glance(draft, above(draft, words), words)
    if fronts is not None:
        read = sheet(draft)
        assert fronts == list(map(hash, read.fronts()))
        assert scan.is_clear(read, above(draft, words).stems, words)


@given(DECKS)
def test_what_is_found_at_a_glance_is_what_is_found_by_reading(deck: mkdeck.Deck) -> None:
    """The findings of a deck are the same if every note of it is read."""
    compiled = compile_deck(deck, Path())
    found = errors(compiled), findings(compiled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "fronts_at_a_glance", lambda *_: None)
        assert (errors(compiled), findings(compiled)) == found


@pytest.mark.parametrize(
    ("text", "is_enough"),
    {
        "words and blanks": ("In {{1928}} the {{Politburo}} sent {{Stalin}} to Siberia.", True),
        "a hint": ("In {{1928::year}} the party met.", True),
        "other scripts": ("{{Émigrés}} – from the «Красная армия» – met in {{1928}}.", True),
        "a word twice": ("In {{1928}} and after 1928 the party met.", False),
        "a word in a hint": ("In {{1928::not 1927, but 1928}} the party met.", False),
        "a word of a heading that is on the back": ("The {{grain crisis}} began in the winter.", True),
        "one blank twice": ("{{NEP}} was {{NEP}}.", False),
        "a part of a word": ("The {{farm}}ers met.", False),
        "no word that tells": ("It was the {{US}}.", False),
        "Markdown": ("The **party** met in {{1928}}.", False),
        "code": ("The party met in {{`1928`}}.", False),
    }.values(),
)
def test_what_a_glance_is_enough_for(text: str, *, is_enough: bool) -> None:
    """Prose is seen at a glance, unless an answer of it stands on a front."""
    deck = mkdeck.Deck(
        deck="A", id="a", question="Why a grain shortage?", make=["fact"],
        reasons=[{"id": "r", "reason": "It rained", "points": [text]}],
    )  # fmt: skip
    (draft,) = compile_deck(deck, Path()).drafts
    words = language("en")
    assert (fronts_at_a_glance(draft, above(draft, words), words) is not None) == is_enough


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("In `x_1`: peasants' BREAD, 3.5", ["in", "x_1", "peasants", "bread", "3", "5"]),
        ("Émigrés’ north–south: «ein Maß»", ["émigrés", "north", "south", "ein", "maß"]),
        ("NEP “in” Moscow’s 1927–28", ["nep", "in", "moscow", "s", "1927", "28"]),
        ("農業 in 1927年", ["農", "業", "in", "1927", "年"]),
        ("", []),
    ],
)
def test_bare_words(text: str, words: list[str]) -> None:
    """A text's bare words are folded, without its signs."""
    assert bare_words(text) == words
    assert bare_words_of([fold(text), "and more", fold(text)]) == [words, ["and", "more"], words]


@given(st.lists(st.text().map(lambda text: text.replace("\n", " ")), min_size=1))
def test_bare_words_are_the_tokens_that_are_no_signs(texts: list[str]) -> None:
    """Whatever a text is made of, its bare words are its tokens, but for signs."""

    def words(found: list[str]) -> list[str]:
        return [word for word in found if word[0].isalnum() or word[0] == "_"]

    expected = [words(tokens(text)) for text in texts]
    assert [words(bare_words(text)) for text in texts] == expected
    assert list(map(words, bare_words_of(list(map(fold, texts))))) == expected
