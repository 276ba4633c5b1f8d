"""The preview's page: what is in it, and that nothing in it is run or fetched but what mkdeck put there.

What it does in a browser is tested in a browser; here, its text is read.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mkdeck
from mkdeck.preview import Preview, inlined, page, payload, preview
from mkdeck.preview.page import _mathjax

if TYPE_CHECKING:
    from real_anki import LearnersAnki

ROOT = Path(__file__).parent.parent
DECKS = sorted([*ROOT.glob("decks/*.yaml"), *ROOT.glob("tests/decks/*.yaml")])
EVERYTHING = ROOT / "tests/decks/everything.yaml"
HEAD = "deck: Test\nid: test\nquestion: Why?\n"


class Reader(HTMLParser):
    """Reads a page as a browser does: its elements with their attributes, and what stands in its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: dict[str, list[str]] = {}
        self.open = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        self.open = attributes.get("type", "text/javascript") if tag == "script" else ""
        if self.open:
            self.scripts.setdefault(self.open, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open:
            self.scripts[self.open][-1] += data

    @property
    def policy(self) -> dict[str, list[str]]:
        metas = [each for tag, each in self.elements if tag == "meta"]
        text = next(each["content"] for each in metas if each.get("http-equiv") == "Content-Security-Policy")
        return {words[0]: words[1:] for part in text.split(";") if (words := part.split())}

    @property
    def data(self) -> Any:
        (text,) = self.scripts["application/json"]
        return json.loads(text)


def of(source: str, folder: Path) -> Preview:
    path = folder / "deck.yaml"
    path.write_text(source, encoding="utf-8")
    return preview(mkdeck.load(path))


def alone(shown: Preview) -> str:
    return page(shown, live=False, media=inlined(shown))


def stored(name: str) -> str:
    return f"/media/{name}"


@pytest.fixture(scope="module")
def everything() -> Preview:
    """Every feature of the format."""
    return preview(mkdeck.load(EVERYTHING))


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_every_card_of_a_build_is_shown_once(path: Path, tmp_path: Path) -> None:
    """As many cards of each kind as a build makes, each under a key of its own and under a reason that is there."""
    deck = mkdeck.load(path)
    shown = preview(deck)
    built = mkdeck.build(deck, tmp_path / "deck.apkg", lock={})
    assert Counter(card.kind for card in shown.cards) == built.cards
    assert len({card.key for card in shown.cards}) == len(shown.cards)
    assert len({card.home for card in shown.cards}) == len(shown.cards)
    assert {card.reason for card in shown.cards} <= {"", *(reason.id for reason in deck.reasons)}
    assert [card for card in shown.cards if card.problem] == []
    assert Reader(alone(shown)).data["cards"] == json.loads(payload(shown, stored))["cards"]


def test_cards_have_their_kind_reason_and_place(tmp_path: Path) -> None:
    """Kinds that range over all reasons belong to none, though a reason may have their name."""
    source = HEAD + (
        "reasons:\n"
        "- id: terms\n"
        "  reason: First\n"
        "  points: ['The {{one}} and the {{two}}']\n"
        "  chain: [a cause, an effect]\n"
        "- id: cards\n"
        "  reason: Second\n"
        "terms: {kulak: A rich peasant}\n"
        "judgement: {question: Which?, criteria: [timing], verdict: The first}\n"
        "cards: [{front: When, back: Then}, {cloze: 'In {{1921}}'}]\n"
    )
    assert [(card.kind, card.reason, card.ordinal, card.line) for card in of(source, tmp_path).cards] == [
        ("map", "terms", 0, 6),
        ("map", "cards", 0, 10),
        ("fact", "terms", 0, 7),
        ("fact", "terms", 1, 7),
        ("link", "terms", 0, 8),
        ("explain", "terms", 0, 5),
        ("term", "", 0, 11),
        ("term", "", 1, 11),
        ("judge", "", 0, 12),
        ("plain", "", 0, 13),
        ("plain", "", 0, 13),
    ]


def test_the_map_has_reasons_and_chains_as_words(everything: Preview) -> None:
    """Markup is left out, and a chain without a title has none."""
    assert everything.question == "Why did the tests & their <authors> succeed?"
    assert [(each.id, each.title, each.role) for each in everything.reasons] == [
        ("markup", "Text with markup", "cause"),
        ("chains-only", "Chains only", "cause"),
        ("points-only", "Points only", "cause"),
    ]
    assert [[(chain.title, chain.links) for chain in each.chains] for each in everything.reasons] == [
        [("", ("First step", "Second step", "First step again, as First step"))],
        [("A title", ("cause", "effect", "end")), ("", ("start", "middle"))],
        [],
    ]


FINDINGS = {
    "a point": (
        "  points: ['They sold {{grain}} and {{meat}}']\n",
        {"r/fact/0#0": ["opens-with-pronoun"], "r/fact/0#1": ["opens-with-pronoun"]},
        [],
    ),
    "one blank of a point": (
        "  points: ['The towns took {{one two three four five six seven}} and {{meat}}']\n",
        {"r/fact/0#0": ["cloze-too-long"]},
        [],
    ),
    "a blank whose answer is a word of another": (
        "  points: ['A decree gave land to {{the}} villages and {{took away the estates}}']\n",
        {"r/fact/0#0": ["trivial-cloze"]},
        [],
    ),
    "the second of two points": (
        "  points: ['The {{peasants}} sold grain', 'The winter of 1927-8 saw {{hunger}}']\n",
        {"r/fact/1#0": ["dash-or-quote-mixed"]},
        [],
    ),
    "a point that makes no card": (
        "  points: ['The {{peasants}} sold grain', 'Nothing is asked']\n",
        {},
        ["point-without-fact"],
    ),
    "a fact that stands nowhere": (
        "  facts: [Petrograd]\n  points: ['The {{peasants}} sold grain']\n",
        {},
        ["fact-not-used"],
    ),
    "a chain": (
        "  chain: [one cause, one effect]\n",
        {"r/link/0#0": ["chain-break"]},
        [],
    ),
    "a chain with a title, in long form": (
        "  chains: [{title: A title, links: [{text: one cause}, {text: one effect}]}]\n",
        {"r/link/0#0": ["chain-break"]},
        [],
    ),
    "the first step of a chain, which no card asks for": (
        "  chain: ['in 1927-8 a cause', an effect, an end]\n",
        {"r/link/0#0": ["dash-or-quote-mixed"], "r/link/1#0": ["dash-or-quote-mixed"]},
        [],
    ),
    "a term, both ways": (
        "terms: {kulak: 'A peasant of 1927-8'}\n",
        {"terms/term/0#0": ["dash-or-quote-mixed"], "terms/term/0#1": ["dash-or-quote-mixed"]},
        [],
    ),
    "the judgement": (
        "judgement: {question: Which?, verdict: This one}\n",
        {"judgement/judge/0#0": ["judgement-without-criterion"]},
        [],
    ),
    "a missing picture": (
        "cards: [{front: A, back: B, note: '![x](no.png)'}]\n",
        {"cards/prompt/0#0": ["media"]},
        [],
    ),
    "two cards with one front": (
        "cards: [{front: Who?, back: Lenin}, {front: Who?, back: Stalin}]\n",
        {"cards/prompt/1#0": ["ambiguous-front"]},
        [],
    ),
    "the deck's tags": ("tags: [Capital]\ncards: [{front: A, back: B}]\n", {}, ["tag-hygiene"]),
}


@pytest.mark.parametrize("case", FINDINGS)
def test_findings_are_at_the_cards_they_concern(case: str, tmp_path: Path) -> None:
    """Each finding is at its cards and at no other; what concerns no card is in the rest."""
    part, at_cards, rest = FINDINGS[case]
    reason = "reasons:\n- id: r\n  reason: A reason\n"
    shown = of(HEAD + (reason + part if part.startswith(" ") else part), tmp_path)
    found = {card.home: [each.rule for each in card.findings] for card in shown.cards if card.findings}
    assert found == at_cards
    data = json.loads(payload(shown, stored))
    assert [data["findings"][number]["rule"] for number in data["rest"]] == rest


def test_findings_of_a_deck_made_in_python(tmp_path: Path) -> None:
    """Without a file, places are named, and cards have no line."""
    reason = mkdeck.Reason(id="r", reason="A reason", points=["The {{peasants}} sold", "They {{starved}}"])
    shown = preview(mkdeck.Deck(deck="D", id="d", question="Why?", reasons=[reason]), tmp_path)
    facts = [card for card in shown.cards if card.kind == "fact"]
    assert [[f"{each.span}: {each.message}" for each in card.findings] for card in facts] == [
        [],
        ["reasons[0].points[1].text: `They` points back, and nothing stands before it"],
    ]
    assert {card.line for card in shown.cards} == {0}


def test_a_finding_is_told_with_its_place_and_source_line(tmp_path: Path) -> None:
    """The words it is about are apart, so that the page can mark them."""
    shown = of(HEAD + "cards:\n- front: In 1927-8?\n  back: Hunger\n", tmp_path)
    (found,) = json.loads(payload(shown, stored))["findings"]
    assert found == {
        "severity": "warning",
        "rule": "dash-or-quote-mixed",
        "message": "`1927-8` is a range, and a hyphen joins words",
        "mend": "write `1927–8`",
        "at": "deck.yaml:5:13",
        "line": 5,
        "source": ["- front: In ", "1927-8", "?"],
    }


def test_a_card_keeps_its_key_while_the_deck_is_edited(tmp_path: Path) -> None:
    """A point before it, or another line, changes nothing; an edited text keeps its home."""
    reason = HEAD + "reasons:\n- id: r\n  reason: A reason\n  points:\n"
    kept, edited = "  - The {{peasants}} sold grain\n", "  - The {{peasants}} sold no grain\n"

    def facts(source: str) -> list[tuple[str, str]]:
        return [(card.key, card.home) for card in of(reason + source, tmp_path).cards if card.kind == "fact"]

    ((key, home),) = facts(kept)
    assert facts("  - A {{new}} point\n" + kept)[1] == (key, "r/fact/1#0")
    assert facts(edited)[0][0] != key
    assert facts(edited)[0][1] == home == "r/fact/0#0"


def test_a_deck_with_errors_is_shown(tmp_path: Path) -> None:
    """Its cards are drawn as far as they can be, and nothing is raised."""
    shown = of(HEAD + "cards: [{front: A, back: B}, {cloze: nothing is asked}]\n", tmp_path)
    assert [card.question.count("A") for card in shown.cards] == [1]
    assert [each.rule for each in shown.findings] == ["cloze-syntax"]


def test_nothing_is_written(tmp_path: Path) -> None:
    """No lock is made beside the deck."""
    alone(of(HEAD + "cards: [{front: A, back: B}]\n", tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["deck.yaml"]


def test_recordings_are_known_by_their_buttons(everything: Preview) -> None:
    """The sides are as Anki draws them, and each play button leads to a file of the deck."""
    with_sounds = {card.kind: card for card in everything.cards if card.sounds}
    assert with_sounds["plain"].sounds == dict.fromkeys(("q:0", "a:0"), "anthem-c4450004957cf0b9.wav")
    assert "Which tune?[anki:play:q:0]</section>" in with_sounds["plain"].question
    assert with_sounds["fact"].sounds == {"a:0": "anthem-c4450004957cf0b9.wav"}
    assert not any("<!--" in card.question + card.answer for card in everything.cards)


def test_words_are_those_of_both_sides(tmp_path: Path) -> None:
    """Each once, without markup, hints with them: what the text filter looks in."""
    (card,) = of(HEAD + "cards: [{cloze: 'The *NEP* & {{1921::when}}', note: The NEP}]\n", tmp_path).cards
    assert card.words == "The NEP & [when] 1921"


def test_the_style_of_a_deck_is_in_its_style_sheet(tmp_path: Path) -> None:
    """After that of the note types, so that it wins."""
    shown = of(HEAD + "style: '.card { color: teal }'\ncards: [{front: A, back: B}]\n", tmp_path)
    assert shown.css.startswith(of(HEAD + "cards: [{front: A, back: B}]\n", tmp_path).css)
    assert shown.css.endswith(".card { color: teal }")


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_the_page_is_one_file(path: Path) -> None:
    """No element of it fetches anything: links and sources are inside the page or data."""
    shown = preview(mkdeck.load(path))
    read = Reader(alone(shown))
    addresses = {
        (tag, value)
        for tag, attributes in read.elements
        for name, value in attributes.items()
        if name in {"src", "href", "srcset", "action", "data", "poster", "background", "style"}
    }
    assert addresses == {("link", "data:,"), ("a", "#cards")}
    assert {tag for tag, _ in read.elements} & {"iframe", "object", "embed", "base", "img", "audio"} == set()
    own = "".join(read.scripts["text/javascript"][:1])
    assert re.findall(r"https?://|@import|url\(", own) == []


def test_every_asset_is_in_the_page(everything: Preview) -> None:
    """Each script and style sheet of the folder, whole."""
    text = alone(everything)
    assets = [path for path in (ROOT / "src/mkdeck/preview/assets").iterdir() if path.suffix in {".js", ".css"}]
    assert len(assets) > 10
    assert [path.name for path in assets if text.count(path.read_text(encoding="utf-8")) != 1] == []


@pytest.mark.parametrize(
    ("live", "expected"),
    {
        "alone": (
            False,
            {"img-src": ["data:"], "media-src": ["data:"], "font-src": ["data:"], "connect-src": ["'none'"]},
        ),
        "live": (
            True,
            {
                "img-src": ["data:", "'self'"],
                "media-src": ["data:", "'self'"],
                "font-src": ["data:", "'self'"],
                "connect-src": ["'self'"],
            },
        ),
    }.values(),
    ids=["alone", "live"],
)
def test_the_policy_lets_only_the_pages_own_scripts_run(
    live: bool, expected: dict[str, list[str]], everything: Preview
) -> None:
    """By their hashes; all else is refused, but for styles and what the kind of page needs."""
    read = Reader(page(everything, live=live, media=stored))
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in read.scripts["text/javascript"]
    ]
    assert read.policy == {
        "default-src": ["'none'"],
        "script-src": hashes,
        "style-src": ["'unsafe-inline'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        **expected,
    }
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)


HOSTILE = {
    "the end of a script": "</script><script>alert(1)</script>",
    "a script that is not closed": "<script>alert(1)",
    "a comment": "<!-- <script>",
    "quotes": "\"'`${alert(1)}\\",
    "line separators": "a\u2028b\u2029c",
    "a character reference": "&lt;/script&gt; &quot;",
    "a slot of the page's template": "%scripts% %data% %policy%",
    "the end of a style sheet": "</style><img src=x onerror=alert(1)>",
    "a link": "[x](javascript:alert(1)) <javascript:alert(1)>",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_text_stays_data(case: str, tmp_path: Path) -> None:
    """Wherever it stands in a deck, the page has the elements and scripts that it has without it."""
    text = HOSTILE[case]
    plain = Reader(alone(preview(_deck("harmless", "harmless"), tmp_path)))
    read = Reader(alone(preview(_deck(text, "x" + re.sub(r"\s", "", text)), tmp_path)))
    assert [tag for tag, _ in read.elements] == [tag for tag, _ in plain.elements]
    assert read.scripts["text/javascript"] == plain.scripts["text/javascript"]
    sides = [Reader(card[side]) for card in read.data["cards"] for side in ("question", "answer")]
    elements = [each for side in sides for each in side.elements]
    assert {tag for tag, _ in elements} & {"script", "img", "style"} == set()
    assert {name for _, attributes in elements for name in attributes} <= SAFE


SAFE = {"class", "id", "lang", "dir", "data-cloze", "data-ordinal"}
"""The attributes of a card that has no links and no media."""


def _deck(text: str, tag: str) -> mkdeck.Deck:
    reason = mkdeck.Reason(
        id="r", reason=text, points=[f"{text} and {{{{a blank}}}}"], chain=[text, "effect"], tags=[tag]
    )
    return mkdeck.Deck(deck="D", id="d", question=text, reasons=[reason], terms={f"A {text}": text})


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_comes_out_of_the_page_as_it_went_in(text: str) -> None:
    """The data has no `<` and no line separator, whatever the deck holds."""
    shown = Preview(text, text, text, "ltr", text, (), (), (), text, {}, {})
    data = payload(shown, stored)
    assert re.findall("[<\u2028\u2029\n]", data) == []
    read = Reader(page(shown, live=True, media=stored))
    assert (read.data["title"], read.data["css"]) == (text, text)


def test_media_are_in_the_page_if_a_card_shows_them(tmp_path: Path) -> None:
    """As data, byte for byte; what stands only in a kind that is not made is not there."""
    files = {"shown.png": b"\x89PNG\0\xff", "other.png": b"another", "tune.mp3": b"ID3"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    source = HEAD + (
        "make: [plain]\n"
        "terms: {kulak: {text: A peasant, image: other.png}}\n"
        "cards: [{front: A, back: {text: B, image: shown.png, audio: tune.mp3}}]\n"
    )
    media = Reader(alone(of(source, tmp_path))).data["media"]
    found = {name.rsplit("-", 1)[0]: address.split(";base64,") for name, address in media.items()}
    assert {name: (kind, base64.b64decode(data)) for name, (kind, data) in found.items()} == {
        "shown": ("data:image/png", files["shown.png"]),
        "tune": ("data:audio/mpeg", files["tune.mp3"]),
    }


def test_a_medium_that_has_gone_is_an_error_of_the_system(tmp_path: Path) -> None:
    """It was there when the cards were drawn."""
    (tmp_path / "tune.mp3").write_bytes(b"ID3")
    shown = of(HEAD + "cards: [{front: A, back: {text: B, audio: tune.mp3}}]\n", tmp_path)
    (tmp_path / "tune.mp3").unlink()
    with pytest.raises(FileNotFoundError):
        alone(shown)


def test_a_live_page_asks_its_server_for_media(everything: Preview) -> None:
    """Their addresses are those that the server gives."""
    read = Reader(page(everything, live=True, media=stored))
    assert read.data["media"] == {name: f"/media/{name}" for name in everything.media}
    assert len(everything.media) == 3
    assert read.elements[0][1]["data-live"] == "true"


MATHS = {
    "none": ("cards: [{front: 'It costs $5', back: '\\(x\\)'}]\n", False),
    "inline": ("cards: [{front: A, back: 'It is $x^2$'}]\n", True),
    "display": ("cards: [{front: A, back: '$$x^2$$'}]\n", True),
    "in a chain alone": (
        "make: [map]\nreasons: [{id: r, reason: R, chain: ['$x$', b]}, {id: s, reason: S}]\n",
        True,
    ),
}


@pytest.mark.parametrize("case", MATHS)
def test_mathjax_is_in_the_page_once_if_there_are_formulas(case: str, tmp_path: Path) -> None:
    """Two million characters are carried only where they are needed."""
    pytest.importorskip("mathjax", reason="the extra `preview` is not installed")
    source, has_maths = MATHS[case]
    read = Reader(alone(of(HEAD + source, tmp_path)))
    assert len(read.scripts["text/javascript"]) == 1 + has_maths
    assert read.elements[0][1]["data-maths"] == ("drawn" if has_maths else "none")
    assert len(read.policy["script-src"]) == 1 + has_maths


def test_without_mathjax_formulas_stay_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page knows that, and says how to get it."""
    monkeypatch.setitem(sys.modules, "mathjax", None)  # as if it were not installed
    _mathjax.cache_clear()
    try:
        text = alone(of(HEAD + MATHS["inline"][0], tmp_path))
    finally:
        _mathjax.cache_clear()
    read = Reader(text)
    assert len(read.scripts["text/javascript"]) == 1
    assert read.elements[0][1]["data-maths"] == "missing"
    assert "pip install django-static-mathjax" in text


def test_the_page_says_what_the_deck_is_called(tmp_path: Path) -> None:
    """In its title, and in the direction of its writing; a deck without a question has its own name."""
    cases = {
        "question: Why <b>?\n": ("<title>Why &lt;b&gt;? · Test &amp; more</title>", 'dir="ltr"'),
        "lang: he\n": ("<title>Test &amp; more</title>", 'dir="rtl"'),
    }
    for extra, expected in cases.items():
        text = alone(of(f"deck: Test & more\nid: t\n{extra}cards: [{{front: A, back: B}}]\n", tmp_path))
        assert [part in text for part in expected] == [True, True]


@pytest.mark.parametrize("name", ["collectivisation", "weimar"])
def test_cards_are_drawn_as_anki_draws_them(name: str, root: Path, tmp_path: Path, anki: LearnersAnki) -> None:
    """The HTML of both sides of every card is what the official backend renders, byte for byte."""
    deck = mkdeck.load(root / f"decks/{name}.yaml")
    anki.import_package(mkdeck.build(deck, tmp_path / "x.apkg", lock={}).path)
    drawn = sorted((card.question.strip(), card.answer.strip()) for card in anki.cards())
    assert sorted((card.question.strip(), card.answer.strip()) for card in preview(deck).cards) == drawn
