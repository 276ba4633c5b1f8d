"""`mkdeck check --suggest`: key facts that nothing asks for yet, as a patch of the deck file."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mkdeck
from mkdeck.compile import compile_deck
from mkdeck.deck import load
from mkdeck.markup import mark, words
from mkdeck.suggest import patch, suggestions

TOOLS = [["git", "apply"], *([["patch", "-p1", "--binary", "-i"]] if shutil.which("patch") else [])]
"""What a patch is taken with; its name follows."""


def deck(point: str, *, lang: str = "en", reason: str = "A reason", above: str = "") -> str:
    """Give a deck of one point; `above` are more keys of its reason."""
    return (
        f"deck: History\nid: history\nlang: {lang}\nquestion: Why?\nreasons:\n  - id: one\n    reason: {reason}\n"
        f"{above}    points:\n{point}\n"
    )


POINT = "      - On {} the new policy towards kulaks was announced to the whole country."
CASES: dict[str, tuple[str, str]] = {
    "a date, an amount, a share": (
        deck("      - In May 1929 it foresaw 3.5 million tonnes of grain, or 20–35% of all."),
        """\
-      - In May 1929 it foresaw 3.5 million tonnes of grain, or 20–35% of all.
+      - In {{May 1929::date}} it foresaw {{3.5 million tonnes::amount}} of grain, or {{20–35%::percentage}} of all.
""",
    ),
    "years": (
        deck("      - The towns brought in rationing during the winter of 1928–9, as supplies dwindled."),
        """\
-      - The towns brought in rationing during the winter of 1928–9, as supplies dwindled.
+      - The towns brought in rationing during the winter of {{1928–9::years}}, as supplies dwindled.
""",
    ),
    "a term in quotation marks": (
        deck(
            '      - text: >-\n          Such a lack of wares is what\n          is called a "goods famine" today.'
        ),
        """\
-          is called a "goods famine" today.
+          is called a "{{goods famine::term}}" today.
""",
    ),
    "a title in italics": (
        deck("      - The remedy was set out in *Notes of an Economist*, which the press condemned."),
        """\
-      - The remedy was set out in *Notes of an Economist*, which the press condemned.
+      - The remedy was set out in *{{Notes of an Economist::term}}*, which the press condemned.
""",
    ),
    "names": (
        deck("      - The remedy that Nikolai Bukharin had defended was taken up in Moscow's congress halls."),
        """\
-      - The remedy that Nikolai Bukharin had defended was taken up in Moscow's congress halls.
+      - The remedy that {{Nikolai Bukharin::name}} had defended was taken up in {{Moscow::name}}'s congress halls.
""",
    ),
    "the first word of a sentence is no name": (
        deck("      - Bukharin defended another remedy. Peasants hoarded their grain in the meantime."),
        "",
    ),
    "months, days and peoples are no names": (
        deck("      - It was on a Monday in May that the Russian and the French armies met in the field."),
        "",
    ),
    "what stands in a heading is no fact of the text": (
        deck("      - The remedy of the right was defeated by Stalin in the end.", reason="Stalin's rise"),
        "",
    ),
    "three blanks, the most telling ones": (
        deck("      - In May 1929 Stalin told a meeting that 5% of kulaks had to go by 5 May."),
        """\
-      - In May 1929 Stalin told a meeting that 5% of kulaks had to go by 5 May.
+      - In {{May 1929::date}} Stalin told a meeting that {{5%::percentage}} of kulaks had to go by {{5 May::date}}.
""",
    ),
    "two blanks there are": (
        deck("      - On {{27 December}} he told {{a meeting::whom}} to change by 5 May 1930 or by 6 June 1931."),
        """\
-      - On {{27 December}} he told {{a meeting::whom}} to change by 5 May 1930 or by 6 June 1931.
+      - On {{27 December}} he told {{a meeting::whom}} to change by {{5 May 1930::date}} or by 6 June 1931.
""",
    ),
    "declared facts": (deck(POINT.format("27 December 1929"), above="    facts: [December 1929]\n"), ""),
    "code, maths, links": (
        deck("      - Here `5 May 1930` and $x = 1930$ and [in Moscow, 1931](https://example.org/1932) stand."),
        "",
    ),
    "words that stand twice": (
        deck("      - In 1929 they said that the plan of 1929 would be fulfilled by all farms."),
        "",
    ),
    "words that run over the end of a line": (
        deck("      - text: >-\n          The plan for the country was passed on 27\n          December 1929."),
        "",
    ),
    "what gives its answer away": (
        deck("      - It was called the Five-Year Plan, and was the first of all five-year plans to come."),
        "",
    ),
    "what leaves nothing to go by": (deck("      - It was in May 1930."), ""),
    "a text that begins with a fact is quoted": (
        deck("      - 27 December 1929 is the day on which the policy towards the kulaks was announced."),
        """\
-      - 27 December 1929 is the day on which the policy towards the kulaks was announced.
+      - "{{27 December 1929::date}} is the day on which the policy towards the kulaks was announced."
""",
    ),
    "in single quotes if it has double ones": (
        deck('      - text: 27 December 1929 is the day of the "new line", which was announced to all.'),
        """\
-      - text: 27 December 1929 is the day of the "new line", which was announced to all.
+      - text: '{{27 December 1929::date}} is the day of the "{{new line::term}}", which was announced to all.'
""",
    ),
    "a text of several lines that begins with a fact": (
        deck("      - 27 December 1929 is the day on which the policy\n        towards the kulaks was announced."),
        "",
    ),
    "quoted texts": (
        deck(r"""      - "On 27 December 1929: the party's policy towards \u201Ckulaks\u201D was announced." """),
        r"""
-      - "On 27 December 1929: the party's policy towards \u201Ckulaks\u201D was announced."\x20
+      - "On {{27 December 1929::date}}: the party's policy towards \u201C{{kulaks::term}}\u201D was announced."\x20
""".lstrip().replace(r"\x20", " "),
    ),
    "comments stay": (
        deck("      - On 27 May 1929 the policy towards the kulaks was announced to all.  # 27 May 1929, not 28"),
        """\
-      - On 27 May 1929 the policy towards the kulaks was announced to all.  # 27 May 1929, not 28
+      - On {{27 May 1929::date}} the policy towards the kulaks was announced to all.  # 27 May 1929, not 28
""",
    ),
    "between brackets": (
        deck("      [On 27 December 1929 the policy towards the kulaks was announced to all, Another point]"),
        "",
    ),
    "a text that stands elsewhere, too": (
        deck("      - &a On 27 December 1929 the policy was announced to the country.\n    explain: *a"),
        "",
    ),
    "kinds of cards that are not made": (
        deck(POINT.format("27 December 1929")).replace("reasons:", "make: [map, explain]\nreasons:"),
        "",
    ),
    "a cloze": (
        "deck: D\nid: d\ncards:\n  - cloze: On 27 December 1929 the policy towards {{kulaks}} was announced.\n",
        """\
-  - cloze: On 27 December 1929 the policy towards {{kulaks}} was announced.
+  - cloze: On {{27 December 1929::date}} the policy towards {{kulaks}} was announced.
""",
    ),
    "a front and a back": (
        "deck: D\nid: d\ncards:\n  - front: What was said on 27 December 1929?\n    back: Much.\n",
        "",
    ),
    "German: no hints, and no noun is a name": (
        deck("      - Am 28. Februar 1933 setzte Paul von Hindenburg auf Rat der Regierung Recht aus.", lang="de"),
        """\
-      - Am 28. Februar 1933 setzte Paul von Hindenburg auf Rat der Regierung Recht aus.
+      - Am {{28. Februar 1933}} setzte {{Paul von Hindenburg}} auf Rat der Regierung Recht aus.
""",
    ),
    "Russian": (
        deck("      - В декабре 1929 г. политику объявил Сталин, и она коснулась 25 млн человек.", lang="ru"),
        """\
-      - В декабре 1929 г. политику объявил Сталин, и она коснулась 25 млн человек.
+      - В {{декабре 1929 г.}} политику объявил {{Сталин}}, и она коснулась {{25 млн}} человек.
""",
    ),
    "Chinese": (
        deck("      - 在1928年的粮食危机之后，国家征收了350万吨粮食，城市的供应仍然不足。", lang="zh"),
        """\
-      - 在1928年的粮食危机之后，国家征收了350万吨粮食，城市的供应仍然不足。
+      - 在{{1928年}}的粮食危机之后，国家征收了{{350万吨}}粮食，城市的供应仍然不足。
""",
    ),
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of one's own: the names in a patch are those from the current folder."""
    monkeypatch.chdir(tmp_path)


def written(text: str, name: str = "deck.yaml") -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


def cards(path: Path) -> int:
    data = load(path)
    compiled = compile_deck(data, data.folder())
    assert compiled.problems == ()
    return sum(len(set(draft.numbers.values())) or len(draft.cards) for draft in compiled.drafts)


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_what_is_suggested(source: str, expected: str) -> None:
    """The patch changes exactly these lines, and in them nothing but what is put around the words."""
    path = written(source)
    lines = patch(path, suggestions(path)).splitlines(keepends=True)
    assert "".join(line for line in lines if line[0] in "+-" and line[:3] not in {"+++", "---"}) == expected


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool[0])
@pytest.mark.parametrize("source", [source for source, expected in CASES.values() if expected])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "BOM"])
def test_patch_is_taken(source: str, tool: list[str], end: str, mark: str) -> None:
    """The patch is taken whatever the line ends are, and the deck has one more card for each suggestion."""
    path = written(mark + source.replace("\n", end), "my decks/däck.yaml")
    before = cards(path)
    found = suggestions(path)
    Path("suggested.patch").write_bytes(patch(path, found).encode())
    subprocess.run([*tool, "suggested.patch"], check=True, capture_output=True)
    assert cards(path) == before + len(found)
    text = path.read_bytes().decode()
    assert text.startswith(mark)
    assert text.count(end) == text.count("\n") == source.count("\n")


def test_whole_patch() -> None:
    """A patch is a unified diff; it says where a file does not end with a line."""
    path = written(deck(POINT.format("27 December 1929")).removesuffix("\n"))
    assert patch(path, suggestions(path)) == (
        "--- a/deck.yaml\n"
        "+++ b/deck.yaml\n"
        "@@ -6,4 +6,4 @@\n"
        "   - id: one\n"
        "     reason: A reason\n"
        "     points:\n"
        f"-{POINT.format('27 December 1929')}\n"
        "\\ No newline at end of file\n"
        f"+{POINT.format('{{27 December 1929::date}}')}\n"
        "\\ No newline at end of file\n"
    )


def test_what_is_told() -> None:
    """A suggestion says where the words stand, what they are and what would be asked."""
    found = suggestions(written(deck(POINT.format("27 December 1929"))))
    told = [(each.place, each.words, each.sort, each.hint, str(each.span)) for each in found]
    place = ("reasons", 0, "points", 0, "text")
    assert told == [(place, "27 December 1929", "date", "date", "deck.yaml:9:12")]


def test_names_of_the_whole_deck() -> None:
    """A name that stands in three texts is what the deck is about, and no key fact of any of them."""
    points = [
        f"      - {start} before the party met with Stalin in {town} to talk about the grain of that year."
        for start, town in [("It was long", "Tula"), ("Not long", "Omsk"), ("They came", "Perm")]
    ]
    found = suggestions(written(deck("\n".join(points))))
    assert [each.words for each in found] == ["Tula", "Omsk", "Perm"]


def test_deck_with_errors() -> None:
    """A deck that cannot be built gets no suggestions, but its errors."""
    path = written(deck(POINT.format("27 December 1929"), above="    facts: [not there]\n"))
    with pytest.raises(mkdeck.DeckError, match="fact-not-used"):
        suggestions(path)


def test_file_that_is_not_utf8() -> None:
    """A patch is UTF-8, so a file in UTF-16 gets no suggestions."""
    path = Path("deck.yaml")
    path.write_bytes(deck(POINT.format("27 December 1929")).encode("utf-16"))
    assert suggestions(path) == []
    assert patch(path, []) == ""


def test_file_that_has_changed() -> None:
    """What does not stand any longer where it stood is left as it is."""
    path = written(deck(POINT.format("27 December 1929")))
    found = suggestions(path)
    written(deck(POINT.format("28 December 1929")))
    assert patch(path, found) == ""


def test_decks_of_the_project(root: Path) -> None:
    """Every deck gets suggestions, the same each time, and has nothing left to suggest for what it took."""
    for path in sorted((root / "decks").glob("*.yaml")):
        found = suggestions(path)
        assert found == suggestions(path)
        assert len({(each.place, each.words) for each in found}) == len(found) > 0


WORDS = st.sampled_from([
    "the", "Stalin", "grain", "1928", "25,000", "20–35%", "“goods famine”", '"x y"', "Article", "5 May 1930", "$5",
    "*a*", "in", "of", "c1", "I", "don't", "(1929)", "1930s.", "3.5 million tonnes", "x::y", "`1931`", "$x$", "-",
    "Élan", "北京", "1928年",
])  # fmt: skip


@settings(max_examples=60)
@given(st.lists(WORDS, min_size=1, max_size=25), st.sampled_from(["block", "double", "single", "plain"]))
def test_shown_words_stay(parts: list[str], style: str) -> None:
    """Whatever a text holds: with the patch, the file is read, and shows the words that it showed."""
    text = " ".join(["Then", *parts])
    line = {
        "block": f"      - >-\n        {text}",
        "double": '      - "' + text.replace('"', '\\"') + '"',
        "single": "      - '" + text.replace("'", "''") + "'",
        "plain": f"      - {text}",
    }[style]
    with tempfile.TemporaryDirectory(dir=".") as folder:
        path = written(deck(line), f"{folder}/deck.yaml")
        found = suggestions(path)
        before = load(path).reasons[0].points[0].text
        if found:
            diff = patch(path, found).encode()
            subprocess.run(["git", "apply"], check=True, capture_output=True, input=diff)
        after = load(path).reasons[0].points[0].text
    old, new = mark(before, clozes=True), mark(after, clozes=True)
    assert words(new.revealed()) == words(old.revealed())
    assert len(new.blanks) == len(old.blanks) + len(found)
