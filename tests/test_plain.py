"""The lean reader: it reads what PyYAML's events give, in the same way, or nothing."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mkdeck.source import Lines
from mkdeck.source.plain import MAX_DEPTH, _is_printable, places, read_plain
from mkdeck.source.reader import _FORBIDDEN, read_events
from mkdeck.starter import write_starter

if TYPE_CHECKING:
    from pathlib import Path


def is_read(text: str) -> bool:
    """Tell whether the lean reader reads a text; PyYAML then reads the same in the same places, and is content."""
    data = read_plain(text)
    if data is None:
        return False
    found = read_events(Lines("x", text))
    assert found.problems == []
    assert data == found.data
    marks, flows = places(text, data)
    assert_same(data, found.data, (marks, flows), (found.marks, found.flows))
    return True


def assert_same(ours: Any, theirs: Any, our_places: Any, their_places: Any) -> None:
    """Compare values, the order of keys, and the places, which go by the identity of what they are in."""
    assert type(ours) is type(theirs)
    if isinstance(ours, dict | list):
        assert our_places[0][id(ours)] == their_places[0][id(theirs)]
        assert (id(ours) in our_places[1]) == (id(theirs) in their_places[1])
        if isinstance(ours, dict):
            assert list(ours) == list(theirs)
            assert all(key is sys.intern(str(key)) for key in ours)
            ours, theirs = ours.values(), theirs.values()
        for our, their in zip(ours, theirs, strict=True):
            assert_same(our, their, our_places, their_places)


READ: dict[str, tuple[str, Any]] = {
    "keys and texts": ("a: b\nc: d e\n", {"a": "b", "c": "d e"}),
    "words that others take for truth or numbers": ("no: yes\n1928: 007\n", {"no": "yes", "1928": "007"}),
    "nothing after a key": ("a:\nb:  # c\nd:   \n", {"a": None, "b": None, "d": None}),
    "a list below a key": ("a:\n  - b\n  - c\nd: e\n", {"a": ["b", "c"], "d": "e"}),
    "a list at the indent of its key": (
        "a:\n- b\n- c: d\n  e: f\ng: h\n", {"a": ["b", {"c": "d", "e": "f"}], "g": "h"}
    ),
    "the same in an item": ("- a:\n  - b\n  c: d\n", [{"a": ["b"], "c": "d"}]),
    "mappings in items": ("a:\n  - b: c\n    d:\n      - e\n  - f\n", {"a": [{"b": "c", "d": ["e"]}, "f"]}),
    "blanks after a dash": ("-   a: b\n    c: d\n- e\n-  f\n", [{"a": "b", "c": "d"}, "e", "f"]),
    "all of it indented": ("  a: b\n  c: d\n", {"a": "b", "c": "d"}),
    "keys of several words": ("a b: c\nd's e, [f]: g\n", {"a b": "c", "d's e, [f]": "g"}),
    "keys in quotes": ("\"no\": a\n'b: c': d\n", {"no": "a", "b: c": "d"}),
    "letters of other scripts": ("ключ: значение\nπ: 😀\n", {"ключ": "значение", "π": "😀"}),
    "blanks that do not break": ("a: \xa0b\xa0\n", {"a": "\xa0b\xa0"}),
    "signs inside a text": ("a: b:c#d\ne: f#g *h & {{i}}\nj: http://k\n", {
        "a": "b:c#d", "e": "f#g *h & {{i}}", "j": "http://k"}),
    "a number below zero": ("a: -5 degrees\n", {"a": "-5 degrees"}),
    "blanks behind a text": ("a: b  \nc:\n- d  \n", {"a": "b", "c": ["d"]}),
    "comments": ("# a\nb: c  # d\n# e\n  # f\ng:\n  # h\n  - i   # j\n# k", {"b": "c", "g": ["i"]}),
    "comments behind quotes and brackets": ("a: 'b' # c\nd: [e] # f\n", {"a": "b", "d": ["e"]}),
    "empty lines": ("\n\na:\n\n  - b\n \n  - c\n\n", {"a": ["b", "c"]}),
    "quotes": ("a: 'b: #c'\nd: \"e's [f]\"\ng: ''\nh: \"\"\n", {"a": "b: #c", "d": "e's [f]", "g": "", "h": ""}),
    "quotes in quotes": ("a: 'b''c'\nd: \"e \\\"f\\\" \\\\ \\n\"\n", {"a": "b'c", "d": 'e "f" \\ \n'}),
    "words in brackets": ("a: [b, c d, e's]\nf: []\n", {"a": ["b", "c d", "e's"], "f": []}),
    "quotes in brackets": ("a: [\"b, c\", 'd: e',f ,g::h]\n", {"a": ["b, c", "d: e", "f", "g::h"]}),
    "a folded block": ("a: >-\n  b\n  c: d # e\n  - f\ng: h\n", {"a": "b c: d # e - f", "g": "h"}),
    "a folded block with empty lines": ("a: >-\n  b\n\n  c\n  d\n\n\n  e\n", {"a": "b\nc d\n\ne"}),
    "a folded block with deeper lines": (
        "a: >-\n  b\n  c\n    d\n    e\n  f\n\n    g\n\n  h\n", {"a": "b c\n  d\n  e\nf\n\n  g\n\nh"}
    ),
    "a folded block that ends in a break": ("a: >\n  b\n  c\n\n\nd: e\n", {"a": "b c\n", "d": "e"}),
    "a folded block that ends in blanks": ("a: >-\n  b\n   \nc: d\n", {"a": "b\n ", "c": "d"}),
    "a block of lines": ("a: |\n  b\n    c\n\n  d\ne: f\n", {"a": "b\n  c\n\nd\n", "e": "f"}),
    "a block of lines without a break at its end": ("a: |-  # b\n  c\n  d\n", {"a": "c\nd"}),
    "blocks in items": ("- >-\n  a\n  b\n- c: |-\n    d\n", ["a b", {"c": "d"}]),
    "a text in two lines": ("a: b\n  c\nd:\n  - e\n   f  g\n", {"a": "b c", "d": ["e f  g"]}),
    "no break at the end": ("a: >-\n  b\n  c", {"a": "b c"}),
    "a mapping that begins after empty values": ("a:\n  b:\n    c:\n      d:\n", {"a": {"b": {"c": {"d": None}}}}),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_what_it_reads(name: str) -> None:
    """The forms in which decks are written are read without PyYAML."""
    text, data = READ[name]
    assert is_read(text)
    assert read_plain(text) == data


LEFT = {
    "nothing": "",
    "nothing but comments": "# a\n\n  # b\n",
    "a mere text": "a text\n",
    "a key that stands twice": "a: b\na: c\n",
    "a key that stands twice, once in quotes": "a: b\n'a': c\n",
    "a merge": "<<: a\n",
    "a comment after one blank": "a: b # c\n",
    "a comment after one blank and no text": "a: # b\nc: d\n",
    "a colon in a text": "a: b: c\n",
    "a colon at the end of a text": "a: b:\n",
    "a key without a blank": "a:b\n",
    "a blank before a colon": "a : b\n",
    "a long key": f"{'k' * 1025}: a\n",
    "an anchor": "a: &b c\n",
    "an alias": "a: &b c\nd: *b\n",
    "a tag": "a: !b c\n",
    "a directive": "%YAML 1.1\n---\na: b\n",
    "the beginning of a document": "---\na: b\n",
    "the end of a document": "a: b\n...\n",
    "a second document": "a: b\n---\nc: d\n",
    "a key after a question mark": "? a\n: b\n",
    "braces": "a: {b: c}\n",
    "a text in braces": "a: {{b}}\n",
    "brackets in lines": "a: [b,\n  c]\n",
    "brackets in brackets": "a: [[b]]\n",
    "a mapping in brackets": "a: [b: c]\n",
    "an unfinished list": "a: [b, , c]\n",
    "a list in a list": "- - a\n",
    "a dash alone": "-\n  a: b\n",
    "a reserved sign": "a: @b\n",
    "a backtick": "a: `b`\n",
    "a text after quotes": "a: 'b' c\n",
    "quotes without end": "a: 'b\n",
    "quotes in lines": "a: 'b\n  c'\n",
    "an odd escape": 'a: "\\a"\n',
    "an escape of a letter": 'a: "\\u00e9"\n',
    "a tab behind a key": "a:\tb\n",
    "a tab in a text": "a: b\tc\n",
    "a tab before a comment": "a: b\t# c\n",
    "an indent that fits nothing": "a:\n    b: c\n  d: e\n",
    "an indent below a text": "a: b\n  c: d\n",
    "an item below a text": "a: b\n  - c\n",
    "an item beside keys": "a: b\n- c\n",
    "a key beside items": "- a\nb: c\n",
    "a text below nothing": "a:\n  b\n",
    "a key that goes on the text above": "a: b\n  text:c\n",
    "a comment in a text": "a: b\n  # c\n  d\n",
    "an empty line in a text": "a: b\n\n  c\n",
    "a text that goes on at the indent of its key": "a: b\nc\n",
    "a block that says how deep it is": "a: |2\n  b\n",
    "a block that keeps its end": "a: |+\n  b\n\n",
    "a block without text": "a: >-\nb: c\n",
    "a block that begins with an empty line": "a: >-\n\n  b\n",
    "a block that is not indented": "a: >-\nb\n",
    "a block in a list that is not indented": "a:\n  - >-\n  b\n",
    "a block whose end is not that of a line": "a: |\n  b",
    "blanks below a block": "a: >-\n  b\n  \nc: d\n",
    "blanks below a block, and an empty line": "a: >-\n  b\n\n \nc: d\n",
    "a null character": "a: b\0\n",
    "a bell": "a: \a\n",
    "a line end of YAML 1.1": "a: b\x85c: d\n",
    "a line separator": "a: b\u2028c\n",
    "a byte order mark inside": "a: b\ufeff\n",
    "half a character": "a: \ud800\n",
    "no character": "a: \uffff\n",
    "a text without end": "a: b\n" + "  c\n" * 9_000,
    "too deep": "".join(f"{' ' * depth}a:\n" for depth in range(MAX_DEPTH + 1)),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_it_leaves(name: str) -> None:
    """Whatever is not certain is PyYAML's, above all what is no YAML."""
    assert read_plain(LEFT[name]) is None


def test_each_character_that_cannot_stand() -> None:
    """For a single character it leaves what PyYAML's reader tells of, and a tab, which may mean something."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    odd = {*_FORBIDDEN.findall(every), "\t"}
    assert [each for char in odd for each in (char, f"é{char}") if _is_printable(each)] == []
    assert _is_printable("".join(char for char in every if char not in odd))


def test_depth() -> None:
    """It stops before PyYAML's reader would, wherever the innermost brackets stand."""
    for depth in range(MAX_DEPTH - 4, MAX_DEPTH + 4):
        keys = "".join(f"{' ' * each}a:\n" for each in range(depth))
        for text in (keys, f"{keys}{' ' * depth}- a: [b]\n", f"{keys}{' ' * depth}a: [b]\n"):
            assert is_read(text) or depth > MAX_DEPTH - 4


WORDS = [
    "the", "of", "1921", "Émile", "north–south", "{{x}}", "it's", "C#", "a:b", "http://c.d", "«x»", "-5", "--",
    "#1", "a*b", '"q"', "日本", "😀", "x ", "?", "!", "&c", "text:foo", "[1]", "a,b",
]  # fmt: skip
SIGNS = [
    *":#-|>&*!%@`{}[],?'\"\\\t \n", "- ", ": ", " #", "  #", "\n\n", "---\n", "...\n", "%YAML 1.1\n", "<<: a\n",
    "é", "\u2028", "\x85", "\ufeff", "\xa0", "\u3000", "\0", "\x1b", "\ud800", "😀", "  ", "    ", "\n  ",
    "\n    ", "? ", "- - ", "|2\n", ">+", "!!str ", "&a ", "*a ", "\n# c\n", "\n\t", "   \n",
]  # fmt: skip
KEYS = ["deck", "id", "text", "facts", "hint", "a b", "Grün", "x-1", "1928", "no", '"no"', "'a: b'", '"<<"']
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
plain_texts = st.lists(st.sampled_from(WORDS[:4]), min_size=1, max_size=3).map(" ".join)
between = st.sampled_from(["", "", "", "", "\n", "# c\n", "  # c\n", "  \n", "    # d: e\n", "      \n"])


@st.composite
def scalars(draw: st.DrawFn, indent: int) -> str:
    """Make what stands behind a key or a dash at `indent`."""
    form = draw(st.sampled_from(["plain", "plain", "quotes", "brackets", "block", "block", "lines", "comment"]))
    text = draw(plain_texts | texts)
    if form == "quotes":
        return draw(
            st.sampled_from([f" {json.dumps(text, ensure_ascii=False)}", " '{}'".format(text.replace("'", "''"))])
        )
    if form == "brackets":
        items = draw(st.lists(plain_texts | texts | st.sampled_from(['"x, y"', "'z'", "a::b"]), max_size=3))
        return f" [{draw(st.sampled_from([', ', ',', ' , '])).join(items)}]"
    if form == "block":
        pad = " " * (indent + draw(st.sampled_from([2, 2, 2, 1, 4])))
        lines = draw(
            st.lists(st.tuples(st.sampled_from([pad, pad, pad, f"{pad}  ", ""]), texts | st.just("")), max_size=4)
        )
        head = draw(st.sampled_from([" >-", " >-", " |", " |-", " >", " >+", " |2", " >-  # c", " |- "]))
        return "\n".join([head, pad + text, *(before + line for before, line in lines)])
    if form == "lines":
        return f" {text}\n{' ' * (indent + draw(st.integers(0, 3)))}{draw(texts)}"
    return draw(st.sampled_from(["", " ", "  # c", " # c"])) if form == "comment" else f" {text}"


@st.composite
def blocks(draw: st.DrawFn, indent: int = 0, depth: int = 0) -> str:
    """Make a mapping or a list at `indent`."""
    lines = []
    is_list = depth > 0 and draw(st.booleans())
    for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3)):
        lead = " " * indent + ("-" if is_list else f"{key}:")
        if depth < 3 and draw(st.integers(0, 2)) == 0:
            deeper = indent + draw(st.sampled_from([2, 2, 2, 4, 0, 1]))
            inside = draw(blocks(deeper, depth + 1))
            own_line = not is_list or deeper <= indent
            lines.append(f"{lead}\n{inside}" if own_line else f"{lead}{inside[indent + 1 :]}")
        else:
            lines.append(f"{lead}{draw(scalars(indent))}\n")
        lines.append(draw(between))
    return "".join(lines)


def mutated(text: str, data: st.DataObject) -> str:
    """Change a text in some places: signs put in, lines taken out, doubled, indented otherwise."""
    for _ in range(data.draw(st.integers(0, 3))):
        lines = text.split("\n")
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        place = data.draw(st.integers(0, len(line)))
        lines[at : at + 1] = data.draw(
            st.sampled_from([
                [line[:place] + data.draw(st.sampled_from(SIGNS)) + line[place:]],
                [line[:place] + line[place + 1 :]],
                [], [line, line], [f" {line}"], [f"  {line}"], [line[1:]], [line[2:]], [f"{line} "],
                [f"{line}  # c"],
                [line, " " * place],
            ])
        )  # fmt: skip
        text = "\n".join(lines)
    return text[: len(text) - data.draw(st.sampled_from([0, 0, 0, 1, 2, 7]))]


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(text=blocks(), data=st.data())
def test_it_reads_as_events_do(text: str, data: st.DataObject) -> None:
    """Whatever is made of a deck, both readers find the same in it in the same places, or the lean one nothing."""
    is_read(mutated(text, data))


@given(text=st.lists(st.sampled_from([*"ab:-#'\"[]|> \n", "\n  ", ": ", "- "]), max_size=40).map("".join))
def test_any_signs(text: str) -> None:
    """Nor do heaps of signs make a difference."""
    is_read(text)


def test_the_decks_of_this_project(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The decks that come with mkdeck, the starter and the decks of the benchmark need no PyYAML."""
    starter = write_starter("My deck", tmp_path)
    decks = [*project.glob("decks/*.yaml"), *project.glob("tests/**/*.yaml"), starter]
    assert len(decks) >= 8  # three to build, two of all features, three imported, the starter
    assert [path.name for path in decks if not is_read(path.read_text(encoding="utf-8"))] == []
    monkeypatch.syspath_prepend(project / "benchmarks")
    for workload in importlib.import_module("workloads").WORKLOADS.values():
        assert is_read("".join(entry.yaml for entry in workload(210)))


def test_the_examples_of_the_manual(project: Path) -> None:
    """Every example is read alike by both, and nearly every one by the lean reader."""
    pages = "".join(
        page.read_text(encoding="utf-8") for page in [project / "README.md", *project.glob("docs/*.md")]
    )
    examples = re.findall(r"```yaml\n(.*?)```", pages, re.DOTALL)
    read = [example for example in examples if is_read(example)]
    assert len(read) > 0.8 * len(examples) > 20


SIZE = 200_000
HOSTILE = {
    "one word": "a" * SIZE,
    "dashes": "- " * SIZE,
    "blanks": " " * SIZE,
    "empty lines": "\n" * SIZE,
    "comments": "#\n" * SIZE,
    "colons": f"a: {':a' * SIZE}",
    "colons in keys": "- a" + ":a" * SIZE + ": b\n",
    "signs of comments": f"a: {'b#' * SIZE}",
    "items in brackets": f"a: [{'b, ' * SIZE}c]\n",
    "quotes in brackets": "a: [" + '"b' * SIZE + "]\n",
    "quotes": f"a: {chr(39) * SIZE}\n",
    "escapes": 'a: "' + "\\\\" * SIZE + '"\n',
    "quotes without end": '- "a\n' * SIZE,
    "a long block": "a: >-\n" + " b\n" * SIZE,
    "a block with empty lines": "a: >-\n" + " b\n\n" * SIZE,
    "a block and empty lines": "a: >-\n b\n" + "\n" * SIZE,
    "blocks and empty lines": ("- >-\n b\n" + "\n" * 500) * (SIZE // 500),
    "texts in many lines": ("- a\n" + " b\n" * 2000) * (SIZE // 2000),
    "many keys": "".join(f"key {number}: a\n" for number in range(SIZE)),
    "deeper and deeper": "".join(f"{' ' * depth}a:\n" for depth in range(600)),
    "wide": f"{' ' * 500}- a: b\n" * (SIZE // 500),
    "up and down": "- a:\n    b:\n      c:\n        d: e\n" * (SIZE // 20),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_takes_long(name: str) -> None:
    """No text takes more than linear time; in quadratic time these would take minutes."""
    start = time.process_time()
    data = read_plain(HOSTILE[name])
    if data is not None:
        places(HOSTILE[name], data)
    assert time.process_time() - start < 5


def test_pyyaml_is_not_loaded(project: Path) -> None:
    """A plain deck is read without PyYAML, even where it is asked where its values stand."""
    code = (
        "import sys; from mkdeck.source import read; source = read(sys.argv[1]);"
        "print(source.span(('deck',)).line, source.flows == set(), 'yaml' in sys.modules)"
    )
    line = [sys.executable, "-c", code, str(project / "decks/weimar.yaml")]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stdout == "10 False False\n"
