"""The look of the cards: what the sheets and templates may hold, and that every text can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mkdeck
from mkdeck import note_types
from mkdeck.compile import compile_deck
from mkdeck.deck import load
from mkdeck.model import Kind, Theme
from mkdeck.note_types import look_mod, sheet, template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from real_anki import LearnersAnki

DECKS = Path(__file__).parent / "decks"
THEMES: tuple[str, ...] = get_args(Theme)
SIDES = [f"{name}.{side}.html" for name in ("cloze", "prompt", "reverse") for side in ("front", "back")]
SHEETS = ["style.css", *(f"themes/{name}.css" for name in THEMES)]

NIGHT = (".card.nightMode", ".card.night_mode", ".nightMode .card", ".night_mode .card")
"""Every way in which the programs put their night classes on the card or around it."""
COLOURS = {"--desk", "--paper", "--tint", "--blank", "--mat", "--ink", "--soft", "--accent", "--line", "--lift"}
"""What a theme sets by night as well."""


@dataclass(frozen=True)
class Rule:
    """One rule of a sheet: its selectors and its declarations, in order; `@media` and `@supports` around it."""

    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]
    around: str


_PART = re.compile(r"(?P<close>\})|(?P<at>@[^{]+)\{|(?P<selectors>[^{}@]+)\{(?P<body>[^{}]*)\}")


def rules(css: str) -> list[Rule]:
    """Read a sheet as it is written here: rules, and rules inside one `@media` or `@supports`."""
    found, around, at = [], "", 0
    while css[at:].strip():
        match = _PART.match(css, at + len(css[at:]) - len(css[at:].lstrip()))
        assert match, css[at : at + 80]
        at = match.end()
        if match["close"]:
            around = ""
        elif match["at"]:
            assert not around, "a block in a block"
            around = match["at"].strip()
        else:
            pairs = [each.split(":", 1) for each in match["body"].split(";") if each.strip()]
            declarations = tuple((name.strip(), value.strip()) for name, value in pairs)
            selectors = tuple(each.strip() for each in match["selectors"].split(","))
            found.append(Rule(selectors, declarations, around))
    return found


def values(theme: str) -> dict[str, dict[str, str]]:
    """Give the properties that a theme sets, by day and by night."""
    day, night = rules(template(f"themes/{theme}.css"))
    return {"day": dict(day.declarations), "night": {**dict(day.declarations), **dict(night.declarations)}}


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours as WCAG 2.2 defines it: from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * each for each in digits)
    assert re.fullmatch("[0-9a-f]{6}", digits), colour
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000", "#ffffff", 21.0), ("#777777", "#fff", 4.48), ("#fff", "#fff", 1.0), ("#ff0000", "#0000ff", 2.15)],
)
def test_the_measure(one: str, other: str, expected: float) -> None:
    """The contrast of known pairs, so that the tables below measure what they say."""
    assert round(contrast(one, other), 2) == expected


WRITTEN_ON = {
    "the text": ("--ink", "--paper"),
    "a step of a chain": ("--ink", "--tint"),
    "code": ("--ink", "--tint"),
    "question, labels, sources, the front on the back": ("--soft", "--paper"),
    "code in one of these": ("--soft", "--tint"),
    "a blank, an answer, the hidden step": ("--accent", "--blank"),
    "maths in a blank that runs over its ground": ("--accent", "--paper"),
}
DRAWN_ON = {
    "an arrow": ("--soft", "--paper"),
    "the frame of the hidden step": ("--accent", "--paper"),
    "the play button": ("--ink", "--tint"),
}
LEAST = {"paper": 4.5, "plain": 4.5, "high-contrast": 7.0}


@pytest.mark.parametrize("time", ["day", "night"])
@pytest.mark.parametrize("theme", THEMES)
def test_every_text_can_be_read(theme: str, time: str) -> None:
    """Texts have a contrast of 4.5:1 or more (7:1 in `high-contrast`), and what is drawn has 3:1."""
    value = values(theme)[time]
    faint = {
        what: (ink, ground, round(contrast(value[ink], value[ground]), 2))
        for pairs, least in ((WRITTEN_ON, LEAST[theme]), (DRAWN_ON, 3.0))
        for what, (ink, ground) in pairs.items()
        if contrast(value[ink], value[ground]) < least
    }
    assert faint == {}


def test_the_lines_of_high_contrast_can_be_seen() -> None:
    """In `high-contrast` the lines and frames can be made out as well as the text; elsewhere they are faint."""
    for value in values("high-contrast").values():
        assert contrast(value["--line"], value["--paper"]) >= 7
        assert contrast(value["--line"], value["--tint"]) >= 7


def test_no_other_pair_is_used() -> None:
    """Colours come from the properties alone, and each that is written with or on stands in the tables above."""
    inks, grounds = set(), set()
    for rule in rules(template("style.css")):
        for name, value in rule.declarations:
            if name == "color":
                inks.add(value)
            elif name == "background":
                grounds.add(value)
            elif not name.startswith("--"):
                assert not re.search(r"#[0-9a-f]{3}|\brgb|\bhsl", value), (rule.selectors, name, value)
    assert inks == {f"var({ink})" for ink, _ in WRITTEN_ON.values()} | {"inherit"}  # a link, as the text around it
    nothing_is_written_there = {"var(--desk)", "var(--mat)", "none"}
    assert grounds == {f"var({ground})" for _, ground in WRITTEN_ON.values()} | nothing_is_written_there


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_only_sets_properties(theme: str) -> None:
    """A theme is two rules, for the day and for the night, and sets what `paper` sets, no more and no less."""
    found = rules(template(f"themes/{theme}.css"))
    assert [(rule.selectors, rule.around) for rule in found] == [((".card",), ""), (NIGHT, "")]
    day, night = (dict(rule.declarations) for rule in found)
    assert set(day) == set(values("paper")["day"])
    assert set(night) == COLOURS
    assert [len(dict(rule.declarations)) for rule in found] == [len(rule.declarations) for rule in found]


def test_every_property_has_a_value_and_a_use() -> None:
    """The layout uses what the themes set, and nothing else."""
    used = set(re.findall(r"var\((--[\w-]+)\)", template("style.css")))
    assert used == set(values("paper")["day"])
    # Anki has properties of its own on the page, which its buttons and scroll bars use.
    assert used.isdisjoint({"--border", "--canvas", "--fg", "--shadow", "--highlight-bg", "--accent-note"})


def test_the_docs_list_every_property(project: Path) -> None:
    """docs/format.md names every property, and every theme."""
    section = (project / "docs/format.md").read_text(encoding="utf-8")
    section = section.split("\n## The look of the cards\n")[1].split("\n## ")[0]
    assert {name for name in values("paper")["day"] if f"`{name}`" not in section} == set()
    assert {name for name in THEMES if f"| `{name}`" not in section} == set()


@pytest.mark.parametrize("name", [*SIDES, *SHEETS])
def test_nothing_runs_and_nothing_is_fetched(name: str) -> None:
    """No script, no file from elsewhere, and no `attr()`: what Anki keeps in `data-cloze` is the answer."""
    text = template(name)
    forbidden = (
        r"<script|javascript:|\son\w+\s*=|@import|@font-face|url\(|image-set|attr\(|expression\(|https?:|src="
    )
    assert re.search(forbidden, text, re.IGNORECASE) is None
    if name in SHEETS:
        assert "<" not in text


def test_functions_have_a_plain_value_before_them() -> None:
    """An engine that does not know `env()`, `min()`, `max()` or `clamp()` finds a value that it does know."""
    fallen_back = 0
    for rule in rules(template("style.css")):
        for place, (name, value) in enumerate(rule.declarations):
            if re.search(r"\b(env|min|max|clamp)\(", value):
                before = dict(rule.declarations[:place])
                assert re.fullmatch(r"[\d.]+rem", before.get(name, "")), (rule.selectors, name)
                fallen_back += 1
    assert fallen_back == 1


def test_the_night_is_set_on_the_card() -> None:
    """By night ground and text are set again: the desktop's own `body.nightMode` is stronger than `.card`."""
    (rule,) = [each for each in rules(template("style.css")) if each.selectors == NIGHT and not each.around]
    assert dict(rule.declarations) == {
        "background": "var(--paper)", "color": "var(--ink)", "color-scheme": "dark"
    }  # fmt: skip
    wide, on_paper = [each for each in rules(template("style.css")) if each.selectors == (".card", *NIGHT)]
    assert dict(wide.declarations)["background"] == "var(--desk)"
    assert on_paper.around == "@media print"
    # Print is the day's, whatever a theme or a deck sets for the night.
    assert {name for name, value in on_paper.declarations if value.endswith("!important")} == COLOURS


ANKIS_OWN = {"card", "nightMode", "night_mode", "mobile", "replay-button", "replaybutton"}
UNSTYLED = {
    "question",  # it has the style of its header
    "cloze-inactive",  # the blanks of the other cards are read as text
    *(set(get_args(Kind)) - {"link", "map"}),  # for the styles of decks
}


def test_every_class_is_styled_or_left_alone() -> None:
    """Every class of the templates and the fields has a style, or is listed as one that needs none."""
    drafts = [
        draft for path in DECKS.glob("*.yaml") for draft in compile_deck(load(path), path.parent).drafts
    ]  # fmt: skip
    markup = [*map(template, SIDES), *(field for draft in drafts for field in draft.fields.values())]
    made = {word for text in markup for found in re.findall(r'class="([^"]*)"', text) for word in found.split()}
    made = made - {"{{Kind}}"} | {draft.kind for draft in drafts} | {"cloze", "cloze-inactive"}
    styled = {
        name
        for rule in rules(template("style.css"))
        for selector in rule.selectors
        for name in re.findall(r"\.([A-Za-z][\w-]*)", selector)
    }
    assert made - styled == UNSTYLED
    assert styled - made == ANKIS_OWN


@pytest.mark.parametrize("name", SIDES)
def test_anki_scrolls_to_the_answer(name: str) -> None:
    """A back has the one `id="answer"` that Anki scrolls to; a front has none."""
    assert template(name).count('id="answer"') == (1 if ".back." in name else 0)


def test_one_header_on_the_back(anki: LearnersAnki, tmp_path: Path) -> None:
    """What was held back on the front joins the header on the back; the sheet puts the question first."""
    reason = mkdeck.Reason(id="a", reason="Famine", points=["The {{harvest}} failed.", "The {{famine}} came."])
    question = "Why was there no harvest?"
    deck = mkdeck.Deck(deck="A", id="a", question=question, reasons=[reason], make=["fact"])
    anki.import_package(mkdeck.build(deck, tmp_path / "x.apkg").path)
    sides = [side for card in anki.cards() for side in (card.question, card.answer)]
    headers = [re.findall("<header>(.*)</header>", side) for side in sides]
    asks, named = f'<div class="question">{question}</div>', '<div class="reason">Famine</div>'
    assert headers == [[named], [named + asks], [asks], [asks + named]]
    placed = {
        rule.selectors[0]: dict(rule.declarations)["order"]
        for rule in rules(template("style.css"))
        if "order" in dict(rule.declarations)
    }
    assert placed == {".mkdeck header .reason": "1", ".mkdeck header .title": "2"}


def looks(anki: LearnersAnki) -> dict[str, str]:
    """Give the CSS of each of mkdeck's note types in a learner's Anki, by its name."""
    found = {each.name: anki.col.models.get(each.id)["css"] for each in anki.col.models.all_names_and_ids()}
    return {name: css for name, css in found.items() if name.startswith("mkdeck")}


GREEN = ".card { --accent: green; }"
LOOKS: Mapping[str, tuple[str, str, str]] = {
    "nothing said": ("", "mkdeck prompt", sheet("paper")),
    "the default said": ("theme: paper\n", "mkdeck prompt", sheet("paper")),
    "a theme": ("theme: plain\n", "mkdeck prompt (a)", sheet("plain")),
    "another theme": ("theme: high-contrast\n", "mkdeck prompt (a)", sheet("high-contrast")),
    "a style": (f"style: '{GREEN}'\n", "mkdeck prompt (a)", f"{sheet('paper')}\n{GREEN}"),
    "both": (f"theme: plain\nstyle: '{GREEN}'\n", "mkdeck prompt (a)", f"{sheet('plain')}\n{GREEN}"),
}


def built(folder: Path, look: str) -> Path:
    """Build a deck with a look, over the lock of the build before; give the package."""
    text = f"deck: A\nid: a\ncards: [{{front: x, back: y}}]\n{look}"
    (folder / "deck.yaml").write_text(text, encoding="utf-8")
    return mkdeck.build(folder / "deck.yaml", folder / "deck.apkg").path


@pytest.mark.parametrize("case", LOOKS)
def test_a_theme_has_note_types_of_its_own(case: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """A deck with another theme than `paper` does not touch the look of other decks; `style:` comes after it."""
    look, name, css = LOOKS[case]
    anki.import_package(built(tmp_path, look))
    assert looks(anki) == {name: css}


CHANGES = [
    ("a theme", "another theme"),
    ("a theme", "a style"),
    ("a style", "a theme"),
    ("a theme", "both"),
    ("both", "a style"),
    ("a style", "both"),
]


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_one_look_for_another(before: str, after: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """A deck with a look of its own may change it: the learner's card takes it on and stays what it is."""
    for case in (before, after):
        anki.import_package(built(tmp_path, LOOKS[case][0]))
    _, name, css = LOOKS[after]
    assert looks(anki) == {name: css}
    assert anki.col.card_count() == 1
    assert anki.is_sound()


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("nothing said", "a theme", 4),
        ("nothing said", "both", 4),
        ("a theme", "the default said", 1),
        ("both", "nothing said", 1),
    ],
)
def test_a_look_neither_comes_nor_goes(before: str, after: str, line: int, tmp_path: Path) -> None:
    """Notes cannot change their note type, so a built deck cannot gain or lose a look of its own."""
    built(tmp_path, LOOKS[before][0])
    with pytest.raises(mkdeck.DeckError) as caught:
        built(tmp_path, LOOKS[after][0])
    (problem,) = caught.value.diagnostics
    assert (problem.rule, problem.span.line) == ("lock", line)
    assert problem.message == (
        "a deck that has been built cannot gain or lose a look of its own: its notes cannot change type"
    )


def test_the_default_theme_said_or_not_is_one_look(tmp_path: Path) -> None:
    """`theme: paper` is what a deck without a theme has, so it can be written down at any time."""
    locks = []
    for look in ("", "theme: paper\n", f"style: '{GREEN}'\n", f"theme: paper\nstyle: '{GREEN}'\n"):
        if "style" in look and "theme" not in look:
            (tmp_path / "deck.lock.json").unlink()
        built(tmp_path, look)
        locks.append((tmp_path / "deck.lock.json").read_bytes())
    assert locks[0] == locks[1]
    assert locks[2] == locks[3]


def test_a_lock_from_before_there_were_themes(tmp_path: Path) -> None:
    """The hash of a `style:` alone is what it always was: such a deck is not restyled by a newer mkdeck."""
    built(tmp_path, f"style: '{GREEN}'\n")
    assert '"style": "8a3aa6bd8c892b2b5c918633"' in (tmp_path / "deck.lock.json").read_text(encoding="utf-8")


@given(st.integers(0, 2**32), st.integers(1, 10**6), st.integers(1, 1000))
def test_a_change_of_either_look_arrives(style_mod: int, later: int, revisions: int) -> None:
    """The time of a note type grows with a change of the templates and with one of the deck's own look.

    Anki takes a note type only with a later time, and the deck's own time may be later than the templates'.
    """
    with pytest.MonkeyPatch.context() as patch:
        before = look_mod(style_mod)
        if style_mod >= note_types._FIRST_MOD:
            assert look_mod(style_mod + later) > before
        patch.setattr(note_types, "TEMPLATES_MOD", note_types.TEMPLATES_MOD + revisions)
        assert look_mod(style_mod) == before + revisions
    assert look_mod(0) == note_types.TEMPLATES_MOD
