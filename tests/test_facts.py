"""Finding declared facts in texts, and keeping what is asked for off the fronts that ask for it."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
from findings import errors
from hypothesis import given
from hypothesis import strategies as st

import mkdeck
from mkdeck.compile import compile_deck
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
    marked = mark(text, index, clozes=True)
    assert marked.answers() == blanked
    assert [blank.answer for blank in marked.blanks] == [folded_words(each) for each in blanked]


def test_one_number_for_all_places() -> None:
    """All places of one fact in a text have one number, other spellings of it too."""
    index = FactIndex()
    index.add(["twenty-five-thousanders", "25,000ers"], IndexedFact("them", "who"))
    marked = mark("25,000ers, that is twenty-five-thousanders, in {{1929}}.", index, clozes=True)
    assert marked.numbers() == {"them": 1, "1929": 2}
    assert marked.clozed(marked.numbers()) == (
        "{{c1::25,000ers::who}}, that is {{c1::twenty-five-thousanders::who}}, in {{c2::1929}}."
    )


def test_an_inner_scope_leaves_the_outer_one_alone() -> None:
    """What is added to a copy is found by the copy only, and goes before what was there."""
    outer = FactIndex()
    outer.add(["grain"], IndexedFact("outer"))
    inner = outer.copy()
    inner.add(["grain", "grain crisis"], IndexedFact("inner"))
    found = [
        [(match.fact.key, match.answer) for match in each.find("Grain crisis, grain.")] for each in (outer, inner)
    ]
    assert found == [[("outer", "grain"), ("outer", "grain")], [("inner", "grain crisis"), ("inner", "grain")]]


def test_a_fact_that_stands_everywhere() -> None:
    """Time grows as the text does: with the square of the places, minutes would pass here."""
    index = FactIndex()
    index.add(["a"], IndexedFact("a"))
    assert len(index.find("a " * 30_000)) == 30_000


@given(st.text())
def test_folding_keeps_places(text: str) -> None:
    """Folding never changes the length of a text, so that a match in it is a match in the text."""
    assert len(fold(text)) == len(text)


def test_ascii_is_folded_alike_everywhere() -> None:
    """A sign of ASCII is folded to the same in a text of ASCII, which has a way of its own, and in any other."""
    signs = [chr(code) for code in range(128)]
    assert [fold(f"é{sign}") for sign in signs] == [f"é{fold(sign)}" for sign in signs]
    assert {sign: fold(sign) for sign in signs if fold(sign) != sign.lower()} == {
        "`": "'", "\t": " ", "\n": " ", "\r": " ",
    }  # fmt: skip


def test_the_nearest_text_is_no_other_fact(tmp_path: Path) -> None:
    """Another fact's words are not proposed as the spelling of one that stands nowhere; a misspelling is."""
    (tmp_path / "a.yaml").write_text(
        "deck: A\nid: a\nquestion: Why?\nreasons:\n  - reason: So it was\n    id: r\n    points:\n"
        "      - text: There was Holvenmormor\n        facts: [Holvenmormor, Holvenmorma]\n"
        "      - text: There was grain criss\n        facts: [{fact: grain crisis}]\n"
    )
    found = [each.mend for each in mkdeck.check(tmp_path / "a.yaml") if each.rule == "fact-not-used"]
    assert found == [
        "write it into a point, or take the fact out",
        "the nearest text is `grain criss`; write it the same, or add it under `also:`",
    ]


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


def deck(question: str, reason: str, point: str) -> mkdeck.Deck:
    reasons = [mkdeck.Reason(id="one", reason=reason, points=[point])]
    return mkdeck.Deck(deck="A", id="a", question=question, make=["fact"], reasons=reasons)


QUESTION, REASON = '<div class="question">{}</div>', '<div class="reason">{}</div>'

# name -> question, reason, point, what of question and reason stands on the front
HEADINGS = {
    "nothing in common": ("Why war?", "Alliances", "The {{blank cheque}}.", ["question", "reason"]),
    "the answer itself": ("Why did the NEP end?", "Grain", "The {{NEP}}.", ["reason"]),
    "a short answer in words": ("Why a war?", "Grain", "A {{war}}.", ["reason"]),
    "one word of it": ("Why war?", "The grain crisis", "The {{1928 grain shortage}}.", ["question"]),
    "plural": ("Why revolution?", "Kulaks", "A {{rich kulak}}.", ["question"]),
    "plural of a short word": ("Why such a war?", "Grain", "The {{civil wars}}.", ["reason"]),
    "a short word of the answer": ("Why was the state weak?", "Grain", "In {{the towns}}.", ["question", "reason"]),
    "the same doctrine": ("Why Marxism?", "Grain", "A {{convinced Marxist}}.", ["reason"]),
    "people and country": ("Why Germany?", "Grain", "The {{German army}}.", ["reason"]),
    "four letters of nine": ("Why communism?", "Grain", "The {{common law}}.", ["question", "reason"]),
    "the same number": ("Why in 1928?", "Grain", "In {{May 1928}}.", ["reason"]),
    "another number": ("Why in 1928?", "Grain", "In {{1929}} and {{19281}}.", ["question", "reason"]),
    "both": ("Why did the NEP end?", "Grain crisis", "The {{NEP}}, the {{grain crises}}.", []),
}  # fmt: skip


@pytest.mark.parametrize(("question", "reason", "point", "front"), HEADINGS.values(), ids=HEADINGS)
def test_headings(question: str, reason: str, point: str, front: list[str]) -> None:
    """What would tell the answer, by a word of the same stem, stands on the back; question before reason."""
    texts = {"question": QUESTION.format(question), "reason": REASON.format(reason)}
    (draft,) = compile_deck(deck(question, reason, point), Path()).drafts
    header = "".join(html for name, html in texts.items() if name in front)
    context = "".join(html for name, html in texts.items() if name not in front)
    assert (draft.fields.get("Header", ""), draft.fields.get("Context", "")) == (header, context)


# name -> term, meaning, its cards
TERMS = {
    "both ways": ("mir", "A village commune.", (0, 1)),
    "the meaning names it": ("kulak", "A kulak is a rich peasant.", (0,)),
    "the meaning names its singular": ("kulaks", "A kulak is a rich peasant.", (0,)),
    "the meaning names its plural": ("fief", "Fiefs are land.", (0,)),
    "the meaning names its stem": ("Marxism", "What Marxists teach.", (0,)),
}


@pytest.mark.parametrize(("term", "meaning", "cards"), TERMS.values(), ids=TERMS)
def test_terms_are_asked_both_ways_unless_the_meaning_tells(
    term: str, meaning: str, cards: tuple[int, ...]
) -> None:
    """The card from meaning to term is not made if the meaning has a word of the term's stem."""
    compiled = compile_deck(mkdeck.Deck(deck="A", id="a", terms={term: meaning}), Path())
    assert [draft.cards for draft in compiled.drafts] == [cards]


# name -> fact, the spelling that its hint tells
DECLARED_HINTS = {
    "with the fact": (mkdeck.Fact(fact="Wilhelm", hint="Kaiser Wilhelm"), "Wilhelm"),
    "with another spelling": (
        mkdeck.Fact(fact="Wilhelm", also=["the Kaiser"], hint="called the Kaiser"),
        "the Kaiser",
    ),
    "with a part of it": (mkdeck.Fact(fact="Wilhelm II", also=["Wilhelm"], hint="who (II)"), ""),
    "as a choice": (mkdeck.Fact(fact="Wilhelm", hint="Wilhelm/Otto"), ""),
}


@pytest.mark.parametrize(("fact", "tells"), DECLARED_HINTS.values(), ids=DECLARED_HINTS)
def test_hints_of_declared_facts(fact: mkdeck.Fact, tells: str) -> None:
    """The hint of a declared fact must hold none of its spellings; the finding is about the hint."""
    reason = mkdeck.Reason(id="one", reason="Grain", facts=[fact], points=["In Berlin ruled Wilhelm, Wilhelm II."])
    found = mkdeck.check(mkdeck.Deck(deck="A", id="a", question="Why?", reasons=[reason]))
    message = f"reasons[0].facts[0].hint: error[answer-leak]: this hint tells its fact, `{tells}`"
    assert [str(each) for each in errors(found)] == ([message] if tells else [])


def test_many_unused_facts() -> None:
    """600 facts that stand nowhere in 10,000 points are all reported, and nobody waits for the nearest texts."""
    reason = mkdeck.Reason(
        id="one", reason="Grain", facts=[f"unheard thing {number}" for number in range(600)],
        points=[f"Of year {number} something was {{{{heard}}}} in the end." for number in range(10_000)],
    )  # fmt: skip
    wrong = mkdeck.Deck(deck="A", id="a", question="Why?", reasons=[reason])
    start = time.process_time()
    found = errors(mkdeck.check(wrong))
    assert time.process_time() - start < 5
    assert {each.rule for each in found} == {"fact-not-used"}
    assert len(found) == 600
