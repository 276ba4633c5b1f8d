"""Mending a file in place: what is mended in every way to write a text, and that nothing else changes."""

from __future__ import annotations

import itertools
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

import mkdeck
from mkdeck.checks.texts import texts as texts_of
from mkdeck.deck import from_source
from mkdeck.fixes import fix_file, fixed
from mkdeck.source import parse

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "deck: D\nid: d\n"


def mended(source: str) -> str:
    """Mend a fragment of a deck."""
    text = fixed(parse(HEAD + source))
    assert text.startswith(HEAD)
    return text[len(HEAD) :]


# name -> a fragment, and what it becomes
STYLES = {
    "plain": ("source: Pages 10-20 and 1914-18\n", "source: Pages 10–20 and 1914–18\n"),
    "plain over several lines": (
        "source: Pages\n  10-20\n  and 1914-18  # or 1914-18\n",
        "source: Pages\n  10–20\n  and 1914–18  # or 1914-18\n",
    ),
    "single quotes": ("source: 'It: 10-20'\n", "source: 'It: 10–20'\n"),
    "double quotes": ('source: "It:\\t10-20"\n', 'source: "It:\\t10–20"\n'),
    "a hyphen as an escape": ('source: "10\\x2d20 \\u0031-2"\n', 'source: "10–20 \\u0031–2"\n'),
    "double quotes over several lines": (
        'source: "It was in\n\n  1914-18, \\\n  pages \\\n  \\ 10-20"\n',
        'source: "It was in\n\n  1914–18, \\\n  pages \\\n  \\ 10–20"\n',
    ),
    "a folded block": (
        "description: >-  # in 1914-18\n  In 1914-18\n\n    pages 10-20\n  or.\n\n# 1914-18\n",
        "description: >-  # in 1914-18\n  In 1914–18\n\n    pages 10–20\n  or.\n\n# 1914-18\n",
    ),
    "a literal block": (
        "description: |2+\n    In 1914-18\n  and 10-20\n\nlang: en\n",
        "description: |2+\n    In 1914–18\n  and 10–20\n\nlang: en\n",
    ),
    "a list in brackets": (
        "facts: [1914-18, '10-20', {fact: 5-10, also: [\"6-11\"]}]\n",
        "facts: [1914–18, '10–20', {fact: 5–10, also: [\"6–11\"]}]\n",
    ),
    "a term": ("terms:\n  1914-18: A war.\n", "terms:\n  1914–18: A war.\n"),
    "a term with a question mark": ("terms:\n  ? '1914-18'\n  : 1-2\n", "terms:\n  ? '1914–18'\n  : 1–2\n"),
    "an alias": (
        "source: &it 1914-18\ndescription: *it\nterms: {a: *it, b: {text: c, source: *it}}\n",
        "source: &it 1914–18\ndescription: *it\nterms: {a: *it, b: {text: c, source: *it}}\n",
    ),
    "an anchor before quotes": (
        "source: &it   '1914-18'\ndescription: *it\n",
        "source: &it   '1914–18'\ndescription: *it\n",
    ),
    "an alias of a list": (
        "question: Why?\nfacts: &f [1914-18]\nreasons:\n- {id: r, reason: R, facts: *f}\n",
        "question: Why?\nfacts: &f [1914–18]\nreasons:\n- {id: r, reason: R, facts: *f}\n",
    ),
    "tags": (
        "tags:\n- USSR  # Stalin's\n- 'Grain-Crisis'\n- \"\\x41::B\"\n- СССР\n- fine\n",
        "tags:\n- ussr  # Stalin's\n- 'grain-crisis'\n- \"a::b\"\n- ссср\n- fine\n",
    ),
    "characters beyond U+FFFF": ("source: 🌾 1914-18 🌾 10-20\n", "source: 🌾 1914–18 🌾 10–20\n"),
}


@pytest.mark.parametrize(("source", "expected"), STYLES.values(), ids=STYLES)
def test_every_way_to_write_a_text(source: str, expected: str) -> None:
    """Dashes and tags are mended in place; comments, blanks and escapes stay as they are."""
    assert mended(source) == expected
    assert mended(expected) == expected


CURLY = f"description: {12 * '“a” '}{9 * 'it’s ‘b’ '}\n"
STRAIGHT = 'description: a "b" "c" "d" "e" \'f\' \'g\' it\'s it\'s\n'
QUOTES = {
    "plain": (CURLY, 'source: The "goods" of \'f\' aren\'t', "source: The “goods” of ‘f’ aren’t"),
    "single": (CURLY, "source: 'The \"goods\" of ''f'' aren''t'", "source: 'The “goods” of ‘f’ aren’t'"),
    "double": (
        CURLY,
        r'''source: "The \"goods\" of 'f' ar\u0065n\x27t"''',
        'source: "The “goods” of ‘f’ ar\\u0065n’t"',
    ),
    "folded": (CURLY, 'source: >-\n  "The goods"\n  aren\'t', "source: >-\n  “The goods”\n  aren’t"),
    "single ones where only apostrophes are curly": (
        "description: “a” it’s it’s it’s\n", "source: An 'x' y", "source: An ‘x’ y",
    ),
    "German single ones where only double ones are curly": (
        "description: „a“ it’s it’s it’s\n", "source: An 'x' y", "source: An ‚x‘ y",
    ),
    "single ones of a deck without any: left": (
        "lang: ru\ndescription: «a» it’s it’s it’s\n", "source: An 'x' y", "source: An 'x' y",
    ),
    "German": (
        "description: „a“ „b“ „c“ it’s\n", 'source: \'"A": "b"\'', "source: '„A“: „b“'",
    ),
    "Swedish": ("description: ”a” ”b” ”c”\n", "source: 'A \"b\"'", "source: 'A ”b”'"),
    "guillemets": ("description: «a» «b» «c»\n", "source: 'A \"b\"'", "source: 'A «b»'"),
    "reversed guillemets": ("description: »a« »b« »c«\n", "source: 'A \"b\"'", "source: 'A »b«'"),
    "Chinese": ("description: 他说“你好”了\n", 'source: 他说"你好"了', "source: 他说“你好”了"),
    "after brackets, dashes, emphasis, colons and in blanks": (
        CURLY,
        "source: '(\"a\") [\"b\"] c—\"d\"—e *\"f\"* \"*g*\" {{\"h\"::\"i\"}} so:\"j\"'",
        "source: '(“a”) [“b”] c—“d”—e *“f”* “*g*” {{“h”::“i”}} so:“j”'",
    ),
    "apostrophes that begin a word": (
        CURLY,
        "source: 'In ''29 ''tis rock ''n'' roll, the peasants'' 1920''s'",
        "source: 'In ’29 ’tis rock ’n’ roll, the peasants’ 1920’s'",
    ),
    "numbers and inches": (
        CURLY,
        "source: 'A 6\" gun, \"law of 1917\", \"a 6\" gun\"'",
        "source: 'A 6\" gun, “law of 1917”, “a 6\" gun”'",
    ),
    "code and maths": (CURLY, "source: '\"a\" `\"b\"` $f''$ \\\"'", "source: '“a” `\"b\"` $f''$ \\\"'"),
    "to straight, plain": (STRAIGHT, "source: The “goods” of ‘f’ aren’t", 'source: The "goods" of \'f\' aren\'t'),
    "to straight, single": (STRAIGHT, "source: '“goods” of ‘f’ aren’t'", "source: '\"goods\" of ''f'' aren''t'"),
    "to straight, double": (STRAIGHT, 'source: "“goods” of ‘f’ aren’t"', 'source: "\\"goods\\" of \'f\' aren\'t"'),
    "to straight, folded": (STRAIGHT, "source: >-\n  “goods” aren’t", 'source: >-\n  "goods" aren\'t'),
    "to straight, in brackets": (
        STRAIGHT, "facts: [a “b” c, 'it’s', it’s]", "facts: [a \"b\" c, 'it''s', it's]",
    ),
    "to straight, at the start of a plain text: left": (
        STRAIGHT, "source: “goods” aren’t “x”", "source: “goods” aren't “x”",
    ),
    "to straight, behind an anchor: left": (
        STRAIGHT, "source: &x “goods”\nterms: {a: *x}", "source: &x “goods”\nterms: {a: *x}",
    ),
    "to straight, behind a backslash: left": (STRAIGHT, "source: a \\“b\\”", "source: a \\“b\\”"),
    "French, with blanks inside: left": ("description: « a » « b »\n", "source: 'A \"b\"'", "source: 'A \"b\"'"),
    "Japanese brackets: left": ("description: 「a」「b」\n", "source: 'A \"b\"'", "source: 'A \"b\"'"),
    "not closed: left": (CURLY, "source: 'A \"b, it''s'", "source: 'A \"b, it’s'"),
}  # fmt: skip


@pytest.mark.parametrize(("majority", "source", "expected"), QUOTES.values(), ids=QUOTES)
def test_quotation_marks_become_those_of_the_deck(majority: str, source: str, expected: str) -> None:
    """The rarer kind becomes the other one; what is not certain, or what YAML would take for its own, is left."""
    assert mended(f"{majority}{source}\n") == f"{majority}{expected}\n"
    assert mended(f"{majority}{expected}\n") == f"{majority}{expected}\n"


# Where a mend would change more than a mark.
LEFT = {
    "two terms that would be one": "terms:\n  1914-18: a\n  1914–18: b\n",
    "a text that is a tag as well": "source: &a USSR\ntags: [*a]\n",
    "a text that is a file as well": "cards:\n- front: &a 10-20\n  back: {text: b, image: *a}\n",
    "the deck's name and what is no text": "style: 'a { width: 10-20 }'\ndecided: 1914-18\n# 1914-18\n",
    "a small letter that is two": "tags: [İ]\n",
}


@pytest.mark.parametrize("source", LEFT.values(), ids=LEFT)
def test_what_would_change_more_is_left(source: str) -> None:
    """A mend that would make another deck is not made."""
    assert mended(source) == source


def test_one_mend_that_cannot_be_keeps_no_other_back() -> None:
    """Of many mends, those that can be are made."""
    terms = "".join(f"  a{number}: 1914-18\n" for number in range(20))
    source = f"terms:\n{terms}  1-2: a\n  1–2: b\n{terms.replace('a', 'b')}source: &s 5-6\ntags: [A, *s]\n"
    assert mended(source) == source.replace("1914-18", "1914–18").replace("[A", "[a")


FILES = {
    "Unix": ("\n", "utf-8", b""),
    "Windows": ("\r\n", "utf-8", b""),
    "old Mac": ("\r", "utf-8", b""),
    "byte order mark": ("\n", "utf-8", "\ufeff".encode()),
    "Windows with its mark": ("\r\n", "utf-8", "\ufeff".encode()),
    "UTF-16, little end first": ("\r\n", "utf-16-le", b"\xff\xfe"),
    "UTF-16, big end first": ("\n", "utf-16-be", b"\xfe\xff"),
}
FILE = (
    'deck: D\nid: d\n\n\n# "1914-18" 🌾\ntags:   [ USSR ]  # tab\there\nsource: "\\"x\\" 🌾"\n'
    "description: |\n  In 1914-18 “y”\n\n  and “z”\n\n\n\n"
)
MENDED_FILE = (
    'deck: D\nid: d\n\n\n# "1914-18" 🌾\ntags:   [ ussr ]  # tab\there\nsource: "“x” 🌾"\n'
    "description: |\n  In 1914–18 “y”\n\n  and “z”\n\n\n\n"
)


@pytest.mark.parametrize(("end", "encoding", "mark"), FILES.values(), ids=FILES)
def test_a_file_stays_as_it_is_elsewhere(end: str, encoding: str, mark: bytes, tmp_path: Path) -> None:
    """Line ends, encoding and byte order mark stay, and the mends are counted; a second time there are none."""
    path = tmp_path / "deck.yaml"
    path.write_bytes(mark + FILE.replace("\n", end).encode(encoding))
    assert fix_file(path) == 4
    expected = mark + MENDED_FILE.replace("\n", end).encode(encoding)
    assert path.read_bytes() == expected
    before = path.stat()
    assert fix_file(path) == 0
    assert path.stat() == before
    assert [each.name for each in tmp_path.iterdir()] == ["deck.yaml"]


def test_line_ends_may_be_mixed(tmp_path: Path) -> None:
    """Each line keeps its own end, and the last one may have none."""
    path = tmp_path / "deck.yaml"
    path.write_bytes(b"deck: D\r\nid: d\rsource: 1-2\n# x\r\n\rdescription: >-\r\n  3-4\r  5-6")
    assert fix_file(path) == 3
    expected = "deck: D\r\nid: d\rsource: 1–2\n# x\r\n\rdescription: >-\r\n  3–4\r  5–6"
    assert path.read_bytes() == expected.encode()


def test_mode_and_link_stay(tmp_path: Path) -> None:
    """The file keeps its permissions; of a link, the file that it leads to is mended."""
    path, link = tmp_path / "deck.yaml", tmp_path / "link.yaml"
    path.write_text(f"{HEAD}source: 1-2\n", encoding="utf-8")
    path.chmod(0o640)
    link.symlink_to(path)
    assert fix_file(link) == 1
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == f"{HEAD}source: 1–2\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


BROKEN = {
    "YAML": "deck: D\nid: d\nsource: 1-2\ncards: [\n",
    "shape": "deck: D\nid: d\nsource: 1-2\nnonsense: 1\n",
    "read otherwise": "deck: D\nid: d\nsource: 1-2 #3\n",
    "nothing": "",
    "bytes": "deck: D\nid: d\nsource: 1-2 \udcff\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_read_is_not_touched(text: str, tmp_path: Path) -> None:
    """DeckError is raised, and the file is as it was."""
    path = tmp_path / "deck.yaml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(mkdeck.DeckError):
        fix_file(path)
    assert path.read_bytes() == text.encode("utf-8", "surrogateescape")


def test_a_file_that_cannot_be_written_stays(tmp_path: Path) -> None:
    """What is in the way is an OSError that names the file."""
    path = tmp_path / "deck.yaml"
    path.write_text(f"{HEAD}source: 1-2\n", encoding="utf-8")
    (tmp_path / ".deck.yaml.part").mkdir()
    with pytest.raises(OSError, match=r"deck\.yaml") as error:
        fix_file(path)
    assert error.value.filename == str(path)
    assert path.read_text(encoding="utf-8") == f"{HEAD}source: 1-2\n"


HISTORY = """
deck: History
id: history
question: Why did it "fail" in 1914-18?
tags: [USSR, Grain]
make: [map, fact, link, explain, sort, judge, term, plain]
facts:
  - 1914-18
  - fact: the "goods famine"
    also: [goods "hunger"]
    hint: the 'empty' shops
reasons:
  - id: war
    reason: The war of 1914-18, a "total" one
    tags: [War]
    points:
      - The {{"goods famine"}} of 1914-18 ("hunger"), in {{c3::the 'towns'}} and `code "x"` {{`a` "b"}}.
      - The the "goods famine" was {{20-35%}} worse, {{c2::it's said}} in {{1928-9}}.
      - text: The "kulaks" lost {{10-15%}}.
        id: kulaks
    chain: [The "war" of 1914-18, the "famine", the 'end']
    explain: It's the "war" of 1914-18.
  - id: peace
    reason: The "peace"
    points: ["The \\"peace\\" of {{1918-19}}."]
terms:
  1914-18: The "war" years.
  it's: An "it" that 'is'.
judgement:
  question: Was it the "war"?
  verdict: It's the "war".
cards:
  - {front: 'A "b"?', back: 'It''s 1914-18'}
  - {front: 'A "b" now?', back: 'It''s 1914-19'}
  - cloze: 'An {{"answer"}} and {{1-2}}.'
description: >-
  “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a” “a”
  it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s it’s
"""


def test_no_history_moves(tmp_path: Path) -> None:
    """Mending a deck that learners have keeps every note, its guid and its cloze numbers."""
    path = tmp_path / "deck.yaml"
    path.write_text(HISTORY, encoding="utf-8")

    def built() -> tuple[mkdeck.BuildResult, dict[str, Any]]:
        result = mkdeck.build(path, tmp_path / "x.apkg")
        notes = json.loads((tmp_path / "deck.lock.json").read_text(encoding="utf-8"))["notes"]
        kept = {
            key: (note["note"], note.get("home"), sorted(note.get("numbers", {}).values()), note.get("retired"))
            for key, note in notes.items()
        }
        return result, kept

    _, before = built()
    assert fix_file(path) == 73
    result, after = built()
    assert after == before
    assert {change.what for change in result.changes} == {"updated"}
    assert [change.key for change in result.changes if change.cards_added or change.cards_removed] == []
    assert {what for change in result.changes for what in change.facts_edited} <= {('a "b"', "a “b”")}


def test_no_history_moves_where_all_texts_are_alike(tmp_path: Path) -> None:
    """A mend of 512 texts of the same few words is known to be one: a dash is no other text."""
    words = ["grain", "towns", "state", "farms", "trade", "bread", "peace", "taxes"]
    path = tmp_path / "deck.yaml"
    cards = [
        f"  - cloze: The {a}, the {b} and the {c} were {{{{lost}}}} in 1914-18.\n"
        for a, b, c in itertools.product(words, repeat=3)
    ]
    path.write_text(f"{HEAD}cards:\n{''.join(cards)}", encoding="utf-8")
    mkdeck.build(path, tmp_path / "x.apkg")
    assert fix_file(path) == 512
    assert {change.what for change in mkdeck.build(path, tmp_path / "x.apkg").changes} == {"updated"}


def test_a_fact_is_still_found(tmp_path: Path) -> None:
    """A fact and the point that it stands in may be written with other dashes; mended, they are alike."""
    path = tmp_path / "deck.yaml"
    path.write_text(
        f"{HEAD}question: Why?\nreasons:\n- id: r\n  reason: R\n  facts: [1914-18, 20–35%]\n"
        "  points: [In 1914–18 some 20-35% fell.]\n",
        encoding="utf-8",
    )
    assert fix_file(path) == 2
    assert [each for each in mkdeck.check(path) if each.severity == "error"] == []


MARKS = "\"'“”‘’‚„«»-–"
TEXTS = st.text("\"\"\"'''“”‘’„«»-–129 a:#\\\\\n,[]{", min_size=1, max_size=30)
STYLES_OF_YAML = st.sampled_from([None, "'", '"', "|", ">"])


def loaded(source: str) -> mkdeck.Deck | None:
    try:
        return from_source(parse(source))
    except mkdeck.DeckError:
        return None


def without_marks(text: str) -> str:
    """Take out what a mend may change: the marks, and the backslashes before them."""
    return "".join(char for char in text if char not in MARKS and char != "\\")


@given(st.lists(TEXTS, min_size=1, max_size=5), STYLES_OF_YAML, st.integers(4, 80))
@example(['a "b', "“c”", "'1' 1\"", "1-2"], "'", 80)
@example(['„1“ 1"', '"1" "', "\\“"], None, 4)
def test_any_text_is_mended_once_and_for_all(texts: list[str], style: str | None, width: int) -> None:
    """A mended deck can be read, has nothing left to mend, and is the old one but for the marks."""
    data = {
        "deck": "D",
        "id": "d",
        "cards": [{"front": text, "back": "x"} for text in texts],
        "terms": {texts[0]: "“y”"},
    }
    source = '# 1-2 "x" “y”\n' + yaml.safe_dump(data, default_style=style, width=width, allow_unicode=True)
    before = loaded(source)
    if before is None:  # what YAML would read otherwise is no deck
        with pytest.raises(mkdeck.DeckError):
            fixed(parse(source))
        return
    text = fixed(parse(source))
    assert text.startswith('# 1-2 "x" “y”\n')
    assert without_marks(text) == without_marks(source)
    after = loaded(text)
    assert after is not None
    assert [without_marks(each) for _, each in texts_of(after)] == [
        without_marks(each) for _, each in texts_of(before)
    ]
    assert fixed(parse(text)) == text
    messages = [each.message for each in mkdeck.check(after) if each.rule == "dash-or-quote-mixed"]
    assert [message for message in messages if "range" in message] == []
