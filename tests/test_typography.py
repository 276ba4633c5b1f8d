"""Dashes, quotation marks and tags: what is reported, where, and what is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mkdeck
from mkdeck.checks.texts import BARRIER, prose, strings, texts
from mkdeck.deck import from_source
from mkdeck.source import parse

if TYPE_CHECKING:
    from mkdeck.source import Place

QUOTES = "mend: write the same kind in the whole deck"


def deck_of(source: str) -> mkdeck.Deck:
    """Make a deck of a fragment; the keys that it lacks stand below it, so that lines count from the first."""
    return from_source(parse(f"{source.strip()}\ndeck: Example\nid: example\nquestion: Why did it fail?\n"))


def said(source: str, *rules: str) -> list[str]:
    """Give the findings of these rules: `line:column message`, then `mend: ...`."""
    lines = []
    for each in mkdeck.check(deck_of(source)):
        if each.rule in rules:
            assert each.severity == "warning"
            lines += [f"{each.span.line}:{each.span.column} {each.message}"] + [f"mend: {each.mend}"] * bool(
                each.mend
            )
    return lines


def cards(*fronts: str, lang: str = "en") -> str:
    """Make a deck of fronts, which stand in lines 3, 6, 9 ... from column 7 on."""
    items = "".join(f"  - front: >-\n      {front}\n    back: x\n" for front in fronts)
    return f"cards:\n{items}lang: {lang}\n"


# text -> the range in it
RANGES = {
    "Years from 1914-1918.": "1914-1918",
    "The years 1914-18.": "1914-18",
    "The winter of 1928-9.": "1928-9",
    "The war of 1904-05.": "1904-05",
    "From 476-1453.": "476-1453",
    "About 20-35% of all.": "20-35",
    "About 20%-35% of all.": "20%-35",
    "On pp. 10-20.": "10-20",
    "On pages 110-5.": "110-5",
    "On p.10-20.": "10-20",
    "Some 25,000-30,000 men.": "25,000-30,000",
    "Rund 25.000-30.000 Mann.": "25.000-30.000",
    "Okolo 25 000-30 000.": "25 000-30 000",
    "Some 3.5-4 million.": "3.5-4",
    "For $5-$10 each.": "5-$10",
    "Open 9:00-17:30.": "9:00-17:30",
    "In Exodus 3:16-17.": "3:16-17",
    "A **10-20** in bold.": "10-20",
    "(1870-1924)": "1870-1924",
    "With a non-breaking 1914\u201118.": "1914\u201118",
    "In October 10-12 days.": "10-12",
}


@pytest.mark.parametrize(("text", "found"), RANGES.items(), ids=RANGES)
def test_a_hyphen_in_a_range_is_reported(text: str, found: str) -> None:
    """Years, shortened ones too, pages, shares, amounts, times: whatever ascends."""
    column = 7 + text.index(found)
    mended = found.replace("-", "–").replace("\u2011", "–")
    assert said(cards(text), "dash-or-quote-mixed") == [
        f"3:{column} `{found}` is a range, and a hyphen joins words",
        f"mend: write `{mended}`",
    ]


NO_RANGES = [
    "A dash: 1914–18, 20—35.",
    "Words: twenty-five, F-16, T-34, T-34-85, COVID-19, Covid-19-2.",
    "A date: 2024-01-15, or a month: 2001-02 or 2010-11.",
    "A telephone: call 555-1234, or 867-5309, or (020) 7946-8958, or +44 7946-8958.",
    "A part: Article 58-10, Article 107-110, § 10-12, no. 7-12, Boeing 737-800, ISO 8601-1.",
    "A score: won 2-1, drew 50-50, work 9-5, 24-7.",
    "Numbers with more hyphens: 9-1-1, 0-14-044, 10-20-30, -10-20, 10-20-.",
    "Chemistry: 1,2-dichloroethane, 2,4-D, uranium-235.",
    "Letters beside it: 10-20km, x10-20, 1920-30s, 5th-6th, v1.2-1.3.",
    "Sums: 10-20 = -10, =5-10, 2^5-10.",
    "Names of files: img/10-20, 10-20.png, \\10-20, #10-20, a@10-20.",
    "Code `1914-18`, ``10`-20``, maths $10-20$ and $$10-20$$.",
    "An address: https://example.org/1914-18 or www.example.org/?y=10-20.",
    "A [link](a 10-20), <urn:x:10-20>, 1914\\-18.",
    "Zeros: 007-010, 00-10.",
]


@pytest.mark.parametrize("text", NO_RANGES, ids=[text.partition(":")[0] for text in NO_RANGES])
def test_other_hyphens_are_left_alone(text: str) -> None:
    """A hyphen joins words and parts of names; what may be something else than a range is no finding."""
    assert said(cards(text), "dash-or-quote-mixed") == []


@pytest.mark.parametrize("lang", ["fr", "es-MX", "it", "pt-BR", "ja", "zh-Hant"])
def test_some_languages_have_hyphens_in_ranges(lang: str) -> None:
    """Where the rules of a language allow a hyphen, or ask for another sign, it is no finding."""
    assert said(cards("1914-1918", lang=lang), "dash-or-quote-mixed") == []


# name -> the deck, what is said
MIXED = {
    "straight ones among curly ones": (
        cards("A “goods famine” here.", 'The "kulaks" and "bedniaks" and', "“tribute” and “tax”."),
        ['6:11 `"` and `“` are mixed in this deck', "mend: write `“kulaks`"],
    ),
    "a curly one among straight ones": (
        cards('A "goods famine" here.', "The “kulaks”.", '"Tribute" and "tax".'),
        ['6:11 `“` and `"` are mixed in this deck', 'mend: write `"kulaks`'],
    ),
    "as many of both": (
        cards("A “goods famine” here.", 'The "kulaks".'),
        ['6:11 `"` and `“` are mixed in this deck', "mend: write `“kulaks`"],
    ),
    "in one text": (
        cards('“A”, “b” and *"c"*.'),
        ['3:20 `"` and `“` are mixed in this deck', "mend: write `*“c`"],
    ),
    "apostrophes": (
        cards("It isn't Stalin's.", "It was Lenin’s."),
        ["6:14 `’` and `'` are mixed in this deck", "mend: write `Lenin's.`"],
    ),
    "both kinds, and a range": (
        cards("“It’s”, “A’s”", "\"It's\" in 1914-18."),
        [
            '6:7 `"` and `“` are mixed in this deck',
            "mend: write `“It`",
            "6:8 `'` and `’` are mixed in this deck",
            "mend: write `It’s`",
            "6:17 `1914-18` is a range, and a hyphen joins words",
            "mend: write `1914–18`",
        ],
    ),
    "single quotes and apostrophes are one kind": (
        cards("‘Kulaks’ and ‘bedniaks’", "Stalin's 'kulaks'"),
        ["6:7 `'` and `‘` are mixed in this deck", "mend: write `Stalin’s`"],
    ),
    "German": (
        cards("Die „Scherenkrise“ kam.", 'Die "Krise".', lang="de"),
        ['6:11 `"` and `„` are mixed in this deck', "mend: write `„Krise`"],
    ),
    "Russian": (
        cards("Газета «Правда».", 'Газета "Известия".', lang="ru"),
        ['6:14 `"` and `«` are mixed in this deck', "mend: write `«Известия`"],
    ),
    "Swedish": (
        cards("Ordet ”kulak”.", 'Ordet "bonde".', lang="sv"),
        ['6:13 `"` and `”` are mixed in this deck', "mend: write `”bonde`"],
    ),
    "Chinese, without spaces": (
        cards("他说“你好”了。", '他说"再见"了。', lang="zh"),
        ['6:7 `"` and `“` are mixed in this deck', "mend: write `他说“再见`"],
    ),
    "French, with blanks inside: not mended": (
        cards("Le « plan » et « l'impôt ».", 'Le "plan".', lang="fr"),
        ['6:10 `"` and `«` are mixed in this deck', QUOTES],
    ),
    "Japanese brackets: not mended": (
        cards("「農民」と「労働者」", '"農民"', lang="ja"),
        ['6:7 `"` and `「` are mixed in this deck', QUOTES],
    ),
    "a quotation that is not closed: not mended": (
        cards("“A” and “b”", 'He said "yes and no'),
        ['6:15 `"` and `“` are mixed in this deck', QUOTES],
    ),
    "at a digit": (
        cards("“A” and “b” and “c”", 'The "law of 1917" and "1918".'),
        ['6:11 `"` and `“` are mixed in this deck', "mend: write `“law`"],
    ),
    "in every text that is shown": (
        """
description: “a” “b” “c” “d” “e” “f” “g” “h” “i” “j”
facts: ['the "x"']
source: 'In "s"'
reasons:
  - id: r
    reason: 'R "r"'
    points:
      - text: 'The "x" {{a}}.'
        note: 'N "n"'
    explain: 'E "e"'
    chain: ['A "a"', b, c]
terms:
  t: 'T "t"'
judgement:
  question: 'Q "q"'
  criteria: ['C "c"']
""",
        [
            line
            for at, name in [
                ("2:14", "x"), ("3:13", "s"), ("6:16", "r"), ("8:20", "x"), ("9:18", "n"), ("10:17", "e"),
                ("11:16", "a"), ("13:9", "t"), ("15:16", "q"), ("16:17", "c"),
            ]
            for line in (f'{at} `"` and `“` are mixed in this deck', f"mend: write `“{name}`")
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "lines"), MIXED.values(), ids=MIXED)
def test_mixed_quotation_marks_are_reported(source: str, lines: list[str]) -> None:
    """What the deck has less of is reported, once a text and kind; of as many, the straight ones."""
    assert said(source, "dash-or-quote-mixed") == lines


# name -> fronts
NOT_MIXED = {
    "straight only": ['"A"', "it's", '"B"'],
    "curly only": ["“A”", "it’s", "‘B’"],
    "two curly kinds": ["“A”", "«B»", "„C“", "「D」"],
    "double and single apart": ["“A”", "it's"],
    "feet and inches": ["“A” is 5' 6\" tall", "it’s 6'2\"", "55° 45' 20\" N"],
    "inches in a quotation": ['“A 6" gun”'],
    "thousands in Swiss": ["it’s 1'000'000"],
    "code, maths, links, escapes": ["“A”", 'Code `"b"`', "maths $f'(x)$ and $\"$", '[x](y "t")', '\\"b\\"', "it’s"],
    "Hebrew": ["“A”", 'צה"ל'],
    "two apostrophes that touch": ["it’s", "a ''b''"],
}


@pytest.mark.parametrize("fronts", NOT_MIXED.values(), ids=NOT_MIXED)
def test_what_is_no_mixture(fronts: list[str]) -> None:
    """Kinds of curly marks are not mixed with each other; primes, code and maths are no quotation marks."""
    assert said(cards(*fronts), "dash-or-quote-mixed") == []


def test_names_of_decks_and_files_are_no_texts() -> None:
    """The deck's name, ids, files, styles and comments may be as they are."""
    source = """
# "x" 1914-18
style: '.card { font-family: "Noto" }'
decided: 1914-18
cards:
  - front: A “curly” one.
    back: b
"""
    assert said(source, "dash-or-quote-mixed") == []


# tags -> what is said
TAGS = {
    "capitals": ("[USSR]", ["1:8 the tag `USSR` has capitals", "mend: write `ussr`"]),
    "capitals of any script": ("[СССР, 中国]", ["1:8 the tag `СССР` has capitals", "mend: write `ссср`"]),
    "capitals alone make no two tags": (
        "[ussr, Ussr]",
        ["1:14 the tag `Ussr` has capitals", "mend: write `ussr`"],
    ),
    "too deep": (
        "[a::b::c::d::e]",
        ["1:8 the tag `a::b::c::d::e` is 5 deep; up to 4 can be overlooked", "mend: leave levels out"],
    ),
    "without a hyphen": ("[grain-crisis, graincrisis]", ["1:22", "graincrisis", "grain-crisis"]),
    "with another sign": ("[grain-crisis, grain_crisis]", ["1:22", "grain_crisis", "grain-crisis"]),
    "in the plural": ("[grain-crisis, grain-crises]", ["1:22", "grain-crises", "grain-crisis"]),
    "a plural of s": ("[war, wars]", ["1:13", "wars", "war"]),
    "a plural of es": ("[class, classes]", ["1:15", "classes", "class"]),
    "a plural of ies": ("[party, parties]", ["1:15", "parties", "party"]),
    "a plural inside": ("[peasant-revolt, peasants-revolt]", ["1:24", "peasants-revolt", "peasant-revolt"]),
    "the rarer one": ("[grain_crisis, a, grain-crisis]\ncards: [{cloze: '{{a}}', tags: [grain-crisis]}]",
                      ["1:8", "grain_crisis", "grain-crisis"]),
    "above": ("[history::a, histories::b]", ["1:20", "histories", "history"]),
    "below": ("[history::war, history::wars]", ["1:22", "history::wars", "history::war"]),
}  # fmt: skip


@pytest.mark.parametrize(("tags", "lines"), TAGS.values(), ids=TAGS)
def test_untidy_tags_are_reported(tags: str, lines: list[str]) -> None:
    """Capitals, a tree of five levels, and two spellings of one tag, of which the rarer or later one is told."""
    if len(lines) == 3:
        at, tag, other = lines
        mend = "mend: write both the same, or say in both what is different"
        lines = [f"{at} the tag `{tag}` is nearly `{other}`, line 1", mend]
    assert said(f"tags: {tags}", "tag-hygiene") == lines


TIDY_TAGS = [
    "[a::b::c::d]",
    "[war-1, war-2]",
    "[1-12, 11-2, 112]",
    "[1920, 1920s]",
    "[princes, princess]",
    "[plan, planes, plant]",
    "[a::war, b::wars]",
    "[war::a, peace::a]",
    "[war, warsaw, ward]",
    "[-, _, '::', ':::', a::::b]",
    "[crisis, crisp]",
    "[中国, 中華]",
]


@pytest.mark.parametrize("tags", TIDY_TAGS)
def test_tidy_tags_are_left_alone(tags: str) -> None:
    """Words that are merely similar are two tags, and so are two numbers."""
    assert said(f"tags: {tags}", "tag-hygiene") == []


def test_every_place_of_a_tag_is_told() -> None:
    """A tag is looked at wherever it stands: deck, reason, point, term, judgement, card."""
    source = """
tags: [A]
reasons:
  - id: r
    reason: r
    tags: [B]
    points: [{text: "{{x}}", tags: [C]}]
terms: {t: {text: x, tags: [D]}}
judgement: {question: q, tags: [E]}
cards: [{cloze: "{{y}}", tags: [F]}]
"""
    assert said(source, "tag-hygiene")[::2] == [
        f"{at} the tag `{tag}` has capitals"
        for at, tag in [("1:8", "A"), ("5:12", "B"), ("6:37", "C"), ("7:29", "D"), ("8:33", "E"), ("9:33", "F")]
    ]


def test_texts_come_in_the_order_of_the_file() -> None:
    """Every text that is shown is given with its place, in short forms too, and no other string is."""
    source = """
cards:
  - tags: [no]
    back: 1
    front: {image: no.png, text: 2}
    id: no
terms: {3: 4, 5: {note: 6, text: 7}}
reasons:
  - reason: 8
    id: no
    image: no.png
    points: [9, {text: a, role: cause, facts: [b, {hint: c, also: [d], fact: e}, {text: f}]}]
    chains: [[g], {title: h, links: [i, {text: j, source: k}]}]
    explain: l
judgement: {verdict: m, question: n, ranking: [no], criteria: [o]}
description: p
style: no
decided: no
allow: [no]
"""
    deck = deck_of(source)
    found = list(texts(deck))
    assert "".join(text for _, text in found) == "123456789abcdefghijklmnop" + "Why did it fail?"
    places: dict[str, Place] = {text: place for place, text in found}
    assert places["2"] == ("cards", 0, "front", "text")
    assert places["3"] == ("terms", "3")
    assert places["4"] == ("terms", "3", "text")
    assert places["g"] == ("reasons", 0, "chains", 0, "links", 0, "text")
    assert [deck.span(place).column for place, text in found if text in "fgj"] == [89, 15, 48]
    assert len(list(strings(deck))) > len(found)


PROSE = {
    "a `b` c": "a ... c",
    "a ``b`c`` d": "a ....... d",
    "a ` b": "a . b",
    "$x$ and $5 or $6": "... and $5 or $6",
    "$$x$$": ".....",
    "see https://a.b/c. d": "see .............. d",
    'x [y](z "t") u': "x [y........ u",
    '[y](a(b)c) "u"': '[y........ "u"',
    '[y]: z "t"\nu': "..........\nu",
    'a\n\n    b "c"\nd "e"': 'a\n\n.........\nd "e"',
    "<http://a> <b>": ".......... <b>",
    "\\`a\\`": "..a..",
}


@pytest.mark.parametrize(("text", "seen"), PROSE.items(), ids=PROSE)
def test_prose_is_what_markdown_does_not_keep(text: str, seen: str) -> None:
    """Code, maths, addresses and escapes are blotted out, each character in its place."""
    assert prose(text).replace(BARRIER, ".") == seen


@given(st.text("`$\\\"'[]()<>:/-1 a\n\t"))
def test_prose_keeps_places(text: str) -> None:
    """Whatever a text is, its prose has its length and its lines, and each character is itself or hidden."""
    seen = prose(text)
    assert len(seen) == len(text)
    assert all(new in {old, BARRIER} for old, new in zip(text, seen, strict=True))
    assert seen.count("\n") == text.count("\n")


@given(st.lists(st.text("\"'“”‘’«»1-9 a.\n", min_size=1).filter(str.strip), max_size=5))
def test_one_finding_a_text_and_kind(fronts: list[str]) -> None:
    """However often marks are mixed, a text has at most one finding of each kind."""
    deck = mkdeck.Deck(deck="D", id="d", cards=[{"front": front, "back": "x"} for front in fronts])
    found = [each for each in mkdeck.check(deck) if each.rule == "dash-or-quote-mixed"]
    assert len(found) <= 3 * len(fronts)
    assert len({(each.span.place, each.message) for each in found}) == len(found)
