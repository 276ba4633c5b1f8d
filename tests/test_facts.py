"""Finding declared facts in texts."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdeck.markup import FactIndex, IndexedFact, fold, folded_words, mark

# name -> facts, text, what is blanked in it
FOUND = {
    "as written": (["grain crisis"], "The grain crisis began.", ["grain crisis"]),
    "any case": (["NEP"], "The nep and the NEP.", ["nep", "NEP"]),
    "dash kinds": (["20-35%"], "From 20–35% or 20—35% or 20‑35%.", ["20–35%", "20—35%", "20‑35%"]),
    "dash kinds, the other way": (["20–35%"], "From 20-35%.", ["20-35%"]),
    "quote kinds": (["Stalin's \"Great Turn\""], "It was Stalin’s “Great Turn”.", ["Stalin’s “Great Turn”"]),
    "spaces": (["grain crisis"], "A grain\u00a0crisis, a grain  crisis, a grain\ncrisis.", 3 * ["grain crisis"]),
    "spaces before a sign": (["35%"], "It was 35 % of all.", ["35 %"]),
    "every place": (["grain"], "Grain for grain.", ["Grain", "grain"]),
    "not inside a word": (["kulak"], "The kulaks and a dekulakised kulak.", ["kulak"]),
    "before a sign": (["kulak"], "A kulak's (kulak) farm: kulak.", ["kulak", "kulak", "kulak"]),
    "in a compound": (["grain"], "The grain-growing region.", ["grain"]),
    "not in a range": (["20"], "Either 20–35% or 20.", ["20"]),
    "not in a decimal": (["3", "5"], "About 3.5 or 3,5 of 5.", ["5"]),
    "not in a thousand": (["25"], "The 25,000 and the 25.", ["25"]),
    "a year before a comma": (["1928"], "In 1928, then.", ["1928"]),
    "not in a span of years": (["1928"], "In 1928–9 and in 1928.", ["1928"]),
    "the longest wins": (["grain", "grain crisis"], "The grain crisis, grain.", ["grain crisis", "grain"]),
    "the longest wins over the first": (["a b", "b c d"], "See a b c d.", ["b c d"]),
    "signs at the ends": (["$5", "(x)"], "It is $5 or \\$5 and (x).", ["$5", "$5", "(x)"]),
    "accents": (["Kołchoz"], "Ein KOŁCHOZ.", ["KOŁCHOZ"]),
    "accents written apart": (["café"], "The cafe\u0301 is open.", ["café"]),
    "not a letter without its accent": (["cafe"], "The cafe\u0301 is open.", []),
    "Chinese": (["集体化"], "斯大林的集体化运动", ["集体化"]),
    "Korean endings": (["스탈린"], "스탈린은 말했다", ["스탈린"]),
    "Hindi vowel signs": (["हिन्द"], "हिन्दी और हिन्द", ["हिन्द"]),
    "Hebrew": (["1894"], "בשנת 1894 החלה", ["1894"]),
    "in bold": (["grain crisis"], "The **grain crisis** came.", ["grain crisis"]),
    "half in bold": (["grain crisis"], "A **grain** crisis, a grain *crisis*.", 2 * ["grain crisis"]),
    "across the edge of bold": (["grain crisis"], "The **bad grain** crisis.", []),
    "in code": (["x += 1"], "Write `x += 1` here.", ["x += 1"]),
    "in maths": (["mc^2"], "So $E = mc^2$.", ["mc^2"]),
    "not half a brace": (["a}"], "So ${a}$.", []),
    "in a table": (["gamma"], "| a |\n|---|\n| gamma |", ["gamma"]),
    "not in a link's address": (["example"], "See [the example](https://example.org).", ["example"]),
    "not inside the author's cloze": (["grain"], "The {{grain crisis}} of grain.", ["grain crisis", "grain"]),
    "signs Anki acts on": (["std::vector", "}}"], "A std::vector and }}.", ["std::vector", "}}"]),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "text", "blanked"), FOUND.values(), ids=FOUND)
def test_found(facts: list[str], text: str, blanked: list[str]) -> None:
    """A fact is found whatever dashes, quotes, spaces and case the text has, and only as whole words."""
    index = FactIndex()
    for fact in facts:
        index.add([fact], IndexedFact(folded_words(fact)))
    assert mark(text, index, clozes=True).answers() == blanked


def test_one_number_for_all_places() -> None:
    """All places of one fact in a text have one number, other spellings of it too."""
    index = FactIndex()
    index.add(["twenty-five-thousanders", "25,000ers"], IndexedFact("them", "who"))
    marked = mark("25,000ers, that is twenty-five-thousanders, in {{1929}}.", index, clozes=True)
    assert marked.numbers() == {"them": 1, "1929": 2}
    assert marked.clozed(marked.numbers()) == (
        "{{c1::25,000ers::who}}, that is {{c1::twenty-five-thousanders::who}}, in {{c2::1929}}."
    )


@given(st.text())
def test_folding_keeps_places(text: str) -> None:
    """Folding never changes the length of a text, so that a match in it is a match in the text."""
    assert len(fold(text)) == len(text)


words = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=8)


@given(st.lists(words, min_size=1, max_size=3), st.lists(words, max_size=5), st.lists(words, max_size=5))
def test_a_fact_between_words_is_found(fact: list[str], before: list[str], after: list[str]) -> None:
    """Whatever the words are, a fact that stands in the text as words of its own is found."""
    index = FactIndex()
    index.add([" ".join(fact)], IndexedFact("key"))
    text = " ".join([*before, *fact, *after])
    assert {folded_words(text[match.start : match.end]) for match in index.find(text)} == {
        folded_words(" ".join(fact))
    }


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=10), max_size=5))
def test_matches_are_apart_and_equal_to_a_fact(text: str, facts: list[str]) -> None:
    """Matches do not overlap, come in order, and each has the words of a declared fact."""
    index = FactIndex()
    for fact in facts:
        index.add([fact], IndexedFact(folded_words(fact)))
    matches = index.find(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(matches))
    assert all(folded_words(text[match.start : match.end]) == match.fact.key for match in matches)
