"""The manual of the rules is whole and true: each example is checked, each message in it is what is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mkdeck
from mkdeck.checks.elsewhere import FOUND_ELSEWHERE
from mkdeck.checks.rules import Rule
from mkdeck.checks.table import RULES
from mkdeck.diagnostics import Severity
from mkdeck.manual import near, overview, page, sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mkdeck.checks.rules import Finding
    from mkdeck.checks.sheets import Sheets

ROOT = Path(__file__).parent.parent
_LINES = re.DOTALL | re.MULTILINE
_EXAMPLE = re.compile(
    r"^(?P<kind>Bad|Good):\n+```yaml\n(?P<deck>.*?)^```$(?:\n+```text\n(?P<said>.*?)^```$)?",
    _LINES,
)
_MEDIA = re.compile(r"[\w/-]+\.(?:png|jpg|mp3)")


@dataclass(frozen=True)
class Example:
    """A deck of a manual, and what the manual says that mkdeck prints for it."""

    deck: str
    said: str | None

    def problems(self) -> list[mkdeck.Diagnostic]:
        Path("deck.yaml").write_text(self.deck, encoding="utf-8")
        return mkdeck.check("deck.yaml")


def examples(rule: Rule, kind: str) -> list[Example]:
    return [
        Example(whole(match["deck"]) if rule.check else match["deck"], match["said"])
        for match in _EXAMPLE.finditer(rule.manual)
        if match["kind"] == kind
    ]


def whole(deck: str) -> str:
    """Add what a fragment lacks to be a deck, below it, so that its lines keep their numbers."""
    keys = set(re.findall(r"^(\w+):", deck, re.MULTILINE))
    if "deck" not in keys:
        deck += "deck: Example\nid: example\n"
    if "reasons" in keys and "question" not in keys:
        deck += "question: Why?\n"
    return deck


def shown(problems: list[mkdeck.Diagnostic], rule: str) -> str:
    """Give what mkdeck prints for the findings of a rule."""
    return "".join(f"{each.show()}\n" for each in problems if each.rule == rule)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the current one, so that messages name files as the manual does."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def missing_file(folder: Path) -> list[mkdeck.Diagnostic]:
    return mkdeck.check("decks/cold-wra.yaml")


def latin_1(folder: Path) -> list[mkdeck.Diagnostic]:
    (folder / "deck.yaml").write_bytes("deck: History::Café\nid: cafe\n".encode("latin-1"))
    return mkdeck.check("deck.yaml")


def edited_lock(folder: Path) -> list[mkdeck.Diagnostic]:
    card = "  - id: airlift\n    cloze: An airlift supplied {{West Berlin}} in the winter of 1948.\n"
    (folder / "deck.yaml").write_text(f"deck: Cold War\nid: cold-war\ncards:\n{card}", encoding="utf-8")
    mkdeck.build("deck.yaml", "cold-war.apkg")
    lock = folder / "deck.lock.json"
    lock.write_text(lock.read_text(encoding="utf-8").replace('"text"', "text"), encoding="utf-8")
    with pytest.raises(mkdeck.DeckError) as error:
        mkdeck.build("deck.yaml", "cold-war.apkg")
    return list(error.value.diagnostics)


# Rules that no deck on a page can break -> what does.
SITUATIONS: dict[str, Callable[[Path], list[mkdeck.Diagnostic]]] = {
    "encoding": latin_1,
    "file": missing_file,
    "lock": edited_lock,
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_manual_is_whole(rule: Rule) -> None:
    """Its first line is one sentence on what is wrong; then it says why; then it shows bad and good."""
    title, gap, rest = rule.manual.partition("\n\n")
    assert re.fullmatch(r"[A-Z`].*[^.]\.", title)
    assert gap
    assert re.match(r"(?!Bad:|Good:|```)\S", rest)
    kinds = {kind for kind in ("Bad", "Good") if examples(rule, kind)}
    assert kinds == (set() if rule.id in SITUATIONS else {"Bad", "Good"})
    # No block is passed over by the tests below, and no heading breaks the page in two.
    assert rule.manual.count("```yaml\n") == sum(len(examples(rule, kind)) for kind in kinds)
    assert not re.search(r"^#", re.sub(r"^```.*?^```$", "", rule.manual, flags=_LINES), _LINES)


@pytest.mark.parametrize("rule", [each for each in RULES if each.id not in SITUATIONS], ids=lambda rule: rule.id)
def test_the_examples_of_a_manual_are_true(rule: Rule, folder: Path) -> None:
    """The rule finds something in what is bad, and says what the manual says; what is good breaks no rule."""
    good = examples(rule, "Good")
    for name in _MEDIA.findall("".join(each.deck for each in good)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"any content")
    for example in examples(rule, "Bad"):
        problems = example.problems()
        assert {each.severity for each in problems if each.rule == rule.id} == {rule.severity}
        assert [each for each in problems if each.severity is Severity.ERROR and each.rule != rule.id] == []
        assert example.said in {None, shown(problems, rule.id)}
    for example in good:
        assert example.problems() == []


@pytest.mark.parametrize("rule", SITUATIONS)
def test_the_messages_of_a_manual_without_examples_are_true(rule: str, folder: Path) -> None:
    """Where no deck on a page can show what is wrong, the message in the manual is one of mkdeck's."""
    manual = next(each.manual for each in RULES if each.id == rule)
    said = re.search(r"^```text\n(.*?)^```$", manual, _LINES)
    assert said
    assert said[1] == shown(SITUATIONS[rule](folder), rule)


def test_the_page_is_up_to_date() -> None:
    """docs/rules.md is what `mkdeck rules --all` prints."""
    written = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    assert written == page(RULES), "run `mkdeck rules --all > docs/rules.md`"


def test_the_links_of_the_page_lead_to_headings() -> None:
    """Every link of the page names a heading that is there."""

    def anchors(text: str) -> set[str]:
        headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

    text = page(RULES)
    links = re.findall(r"\]\(([\w-]+\.md)?#([\w-]+)\)", text)
    pages = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") if name else text for name, _ in links}
    assert [(name, anchor) for name, anchor in links if anchor not in anchors(pages[name])] == []


def test_every_rule_that_a_finding_can_have_is_in_the_table() -> None:
    """Every rule id in the code is that of a rule; every rule without a function is found somewhere."""
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src/mkdeck").rglob("*.py")
        if path.name != "elsewhere.py"
    )
    finders = r"(?:Diagnostic|report|problem|MarkupProblem|_found|_problem)"
    used = set(re.findall(rf"{finders}\(\s*f?\"([a-z]+(?:-[a-z]+)*)\"", sources))
    ids = [rule.id for rule in RULES]
    assert used - set(ids) == set()
    assert {rule.id for rule in RULES if rule.check is None and f'"{rule.id}"' not in sources} == set()
    assert len(ids) == len(set(ids))
    assert set(FOUND_ELSEWHERE) <= set(RULES)


def tidy(sheets: Sheets) -> Iterator[Finding]:
    """A card is untidy.

    See [Tags](format.md#tags), [b](#b) and [the lock](re-import.md).
    """
    yield from ()


SOME = (
    Rule("tidy", Severity.WARNING, tidy),
    Rule("value", Severity.ERROR, None),
    Rule("file", Severity.ERROR, None),
)


def test_the_overview_has_one_line_a_rule() -> None:
    """Errors come first, then warnings, each by the alphabet; the columns stand below each other."""
    assert overview(SOME).splitlines() == [
        "file   error    A file or folder cannot be used",
        "value  error    A value is of the wrong kind",
        "tidy   warning  A card is untidy",
    ]


def test_a_sheet_is_for_the_terminal() -> None:
    """It begins with the id and the severity, and names pages in place of links."""
    assert sheet(SOME[0]).splitlines() == [
        "tidy: a warning.",
        "",
        "A card is untidy.",
        "",
        "See Tags (docs/format.md), b and the lock (docs/re-import.md).",
    ]
    assert sheet(SOME[1]).startswith("value: an error; `allow:` cannot silence it.\n\nA value is")


def test_the_page_lists_and_explains() -> None:
    """The page has a table with a link to each rule, and a section for each, in the same order."""
    text = page(SOME)
    assert re.findall(r"^\| \[`(.*)`\]\(#(.*)\) \| (\w+) \|", text, re.MULTILINE) == [
        ("file", "file", "error"),
        ("value", "value", "error"),
        ("tidy", "tidy", "warning"),
    ]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["file", "value", "tidy"]
    assert "## tidy\n\nA warning.\n\nA card is untidy.\n\nSee [Tags](format.md#tags)" in text


NEAR = {
    "fact-unused": "fact-not-used",
    "FACT_NOT_USED": "fact-not-used",
    "unknown key": "unknown-key",
    "yaml": None,
    "": None,
    "x" * 10_000: None,
}


@pytest.mark.parametrize(("name", "meant"), NEAR.items(), ids=[name[:20] or "nothing" for name in NEAR])
def test_a_misspelt_id_is_understood(name: str, meant: str | None) -> None:
    """Capitals, blanks, underlines and a wrong word make no difference; what is far from all is no id."""
    assert near(name, FOUND_ELSEWHERE) == meant


@given(st.sampled_from(RULES))
def test_an_id_is_nearest_to_itself(rule: Rule) -> None:
    """An id is what it says."""
    assert near(rule.id, RULES) == rule.id


@given(st.text())
def test_any_name_is_near_a_rule_or_none(name: str) -> None:
    """Whatever is typed, what is suggested is an id."""
    assert near(name, RULES) in {None, *(rule.id for rule in RULES)}
