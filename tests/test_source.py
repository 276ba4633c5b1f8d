"""Reading YAML: what is written is what is read, with its line and column, or there is a diagnostic."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from findings import said
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

import mkdeck
from mkdeck.deck import from_source
from mkdeck.diagnostics import in_order
from mkdeck.model import Model
from mkdeck.quoting import KEYS, LISTS, quote
from mkdeck.source import Lines, parse, reader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOADERS = {"libyaml": getattr(yaml, "CSafeLoader", yaml.SafeLoader), "pure": yaml.SafeLoader}
"""With libyaml, where PyYAML has it, and without."""


@pytest.fixture(params=[*LOADERS, "plain"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read with each of PyYAML's two parsers, and as a deck is read: line by line, where that can be done."""
    name: str = request.param
    if name == "plain":
        return "libyaml"
    monkeypatch.setattr(reader, "_LOADER", LOADERS[name])
    monkeypatch.setattr(mkdeck.source, "read_plain", lambda text: None)
    return name


def problems_of(source: str) -> Sequence[mkdeck.Diagnostic]:
    try:
        return in_order(parse(source).problems)
    except mkdeck.DeckError as error:
        return error.diagnostics


READINGS: dict[str, tuple[str, Any]] = {
    "words that YAML takes for truth or nothing": (
        "a: no\nb: Yes\nc: off\nd: ~\ne: null\nf: true\n",
        {"a": "no", "b": "Yes", "c": "off", "d": "~", "e": "null", "f": "true"},
    ),
    "numbers of all kinds": (
        "[1928, 007, 0x1F, 1_000, 1.50, 6e3, .inf, +1, 0b10]\n",
        ["1928", "007", "0x1F", "1_000", "1.50", "6e3", ".inf", "+1", "0b10"],
    ),
    "times and dates": (
        "- 25:00\n- 2024-01-02\n- 2001-12-14 21:59:43.10 -5\n",
        ["25:00", "2024-01-02", "2001-12-14 21:59:43.10 -5"],
    ),
    "keys": ("1928: a\nno: b\n2024-01-02: c\n~: d\n", {"1928": "a", "no": "b", "2024-01-02": "c", "~": "d"}),
    "an equals sign": ("a: =\n", {"a": "="}),
    "nothing after a key": ("a:\nb: ''\nc:  # comment\n", {"a": None, "b": "", "c": None}),
    "a comment above a list": ("a: # comment\n  - b\n", {"a": ["b"]}),
    "an empty key": ('"": a\n', {"": "a"}),
    "quotation marks": (
        "a: 'it''s'\nb: \"a \\\"b\\\" \\\\ \\u00e9 \\t\\n\"\n",
        {"a": "it's", "b": 'a "b" \\ é \t\n'},
    ),
    "quotation marks inside": ('a: it\'s\nb: the "great" turn\n', {"a": "it's", "b": 'the "great" turn'}),
    "a text in two lines": ("a: one\n  two\n", {"a": "one two"}),
    "a folded block with a dash": ("- >-\n  1927\n  - 1929\n", ["1927 - 1929"]),
    "a quotation in two lines": ('a: "one\n  two"\n', {"a": "one two"}),
    "a folded block": ("a: >-\n  one\n  two # three: four\n\n  five\n", {"a": "one two # three: four\nfive"}),
    "a block of lines": ("a: |\n  one\n   two\n", {"a": "one\n two\n"}),
    "a comment after two blanks": ("a: b  # c\nd: e   # f\n", {"a": "b", "d": "e"}),
    "a hash inside a word": ("a: b#c\nd: C#\n", {"a": "b#c", "d": "C#"}),
    "a hash in quotes": ('a: "b #c"\n', {"a": "b #c"}),
    "a comment after a closing sign": ("a: [b] # c\nd: 'e' # f\n", {"a": ["b"], "d": "e"}),
    "colons inside words": ("a: History::USSR\nb: http://c.d\n", {"a": "History::USSR", "b": "http://c.d"}),
    "signs inside a text": (
        "- a *b* c\n- d & e\n- f {{g}} h\n- i @ j! 5%\n",
        ["a *b* c", "d & e", "f {{g}} h", "i @ j! 5%"],
    ),
    "a dash that is no item": ("- -5 degrees\n- --- a\n", ["-5 degrees", "--- a"]),
    "braces and brackets": ("{a: [b, 'c, d'], e: {f: g}}\n", {"a": ["b", "c, d"], "e": {"f": "g"}}),
    "braces and brackets in lines": ("a: [\n  b,  # one\n  c,\n]\n", {"a": ["b", "c"]}),
    "a key after a question mark": ("? a\n: b\n", {"a": "b"}),
    "anchors and aliases": ("a: &x\n  - b\nc: *x\nd: &y e\nf: *y\n", {"a": ["b"], "c": ["b"], "d": "e", "f": "e"}),
    "an alias as a key": ("a: &x b\n*x : c\n", {"a": "b", "b": "c"}),
    "a merge key in quotes": ("'<<': a\n", {"<<": "a"}),
    "the beginning and the end of a document": ("---\na: b\n...\n", {"a": "b"}),
    "a directive that says which YAML": ("%YAML 1.2\n---\na: b\n", {"a": "b"}),
    "an empty file": ("", None),
    "nothing but comments": ("# a\n\n  # b\n", None),
    "nothing but blanks": (" \n\n", None),
    "an empty document": ("---\n", None),
    "a mere text": ("a text\n", "a text"),
    "a byte order mark": ("\ufeffa: b\n", {"a": "b"}),
    "two byte order marks": ("\ufeff\ufeffa: b\n", {"a": "b"}),
    "lines that end as on Windows": ("a: b\r\nc:\r\n  - d\r\n", {"a": "b", "c": ["d"]}),
    "lines that end as on old Macs": ("a: b\rc: d\r", {"a": "b", "c": "d"}),
    "a block whose lines end as on Windows": ("a: |\r\n  b\r\n  c\r\n", {"a": "b\nc\n"}),
    "characters of all planes": ("a: é 中 😀 \U0010fffd\n", {"a": "é 中 😀 \U0010fffd"}),
    "blanks that do not break and joiners": (
        "a: 1928\u00a0г. \u200cمی\u200cخواهم\n",
        {"a": "1928\u00a0г. \u200cمی\u200cخواهم"},
    ),
    "blanks at the end of a line": ("a: b   \n", {"a": "b"}),
    "a key of 1,024 characters": ("k" * 1024 + ": a\n", {"k" * 1024: "a"}),
    "lists 32 deep": ("- " * 32 + "a\n", [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["a"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]),
}


@pytest.mark.parametrize("name", READINGS)
@pytest.mark.usefixtures("loader")
def test_readings(name: str) -> None:
    """Scalars stay the strings that were written; only a key with nothing after it has no value."""
    source, data = READINGS[name]
    assert parse(source).data == data


TOO_DEEP = "this item is indented deeper than its list, so YAML reads it as more of the text above"

PROBLEMS: dict[str, tuple[str, list[str]]] = {
    "a colon in a text after a key": (
        "question: Why? Because: it was\n",
        [
            "1:11 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `question: "Why? Because: it was"`',
        ],
    ),
    "a colon in a list item": (
        "- front: a\n- One: two: three\n",
        [
            "2:3 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `- "One: two: three"`',
        ],
    ),
    "a colon after a key of the format in an item": (
        "- text: The plan: a leap\n",
        [
            "1:9 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `- text: "The plan: a leap"`',
        ],
    ),
    "a text that ends in a colon": (
        "question: The end:\n",
        [
            "1:11 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `question: "The end:"`',
        ],
    ),
    "a colon after a term of two words": (
        "Five-Year Plan: target: 100\n",
        [
            "1:17 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `Five-Year Plan: "target: 100"`',
        ],
    ),
    "a colon in the second line of a text": (
        "question: A text that\n  goes on: and on\n",
        [
            "2:3 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            (
                "mend: if it goes on the text above: put the whole text below a `>-`; if it is a "
                "key: give it the indent of the other keys"
            ),
        ],
    ),
    "a key that is indented too far": (
        "deck: A\n  id: a\n",
        [
            "2:3 yaml-syntax: the indent of `id:` is that of no other key",
            "mend: indent it like `deck:` in line 1 (0 spaces)",
        ],
    ),
    "a key that is indented too little for its mapping": (
        "reasons:\n  - id: r\n    reason: R\n   points:\n      - a\n",
        [
            "4:4 yaml-syntax: the indent of `points:` is that of no other key",
            "mend: indent it like `reason:` in line 3 (4 spaces)",
        ],
    ),
    "a key that is indented as little as the dash above": (
        "reasons:\n  - id: r\n    reason: R\n    points:\n      - text: a\n        note: b\n  chain:\n",
        [
            "7:3 yaml-syntax: the indent of `chain:` is that of no other key",
            "mend: indent it like `points:` in line 4 (4 spaces)",
        ],
    ),
    "a key below a text": (
        "points:\n  - text one {{x}}\n    note: n\n  - two\n    in lines\n    note: n\n    source: s\n",
        [
            "3:5 yaml-syntax: `note:` stands below an item that is a mere text",
            "mend: write the item as `- text: text one {{x}}`",
            "6:5 yaml-syntax: `note:` stands below an item that is a mere text",
            "mend: write the item as `- text: two in lines`",
            "7:5 yaml-syntax: `source:` stands below an item that is a mere text",
            "mend: write the item as `- text: two in lines`",
        ],
    ),
    "a key below a text in quotes": (
        "points:\n  - 'one: {{x}}'\n    note: n\n",
        [
            "3:5 yaml-syntax: `note:` stands below an item that is a mere text",
            "mend: write the item as `- text: 'one: {{x}}'`",
        ],
    ),
    "a key below a fact": (
        "points:\n  - a\nfacts:\n  - Plan\n    also: [plan]\n",
        [
            "5:5 yaml-syntax: `also:` stands below an item that is a mere text",
            "mend: write the item as `- fact: Plan`",
        ],
    ),
    "items that are indented too far": (
        "points:\n  - one\n    - two\n   - three\ntags:\n  - a\n",
        [
            "3:5 yaml-reads-otherwise: " + TOO_DEEP,
            "mend: give it 2 spaces; if it goes on the text above: put the whole text below a `>-`",
            "4:4 yaml-reads-otherwise: " + TOO_DEEP,
            "mend: give it 2 spaces; if it goes on the text above: put the whole text below a `>-`",
        ],
    ),
    "an item with a key that is indented too far": (
        "points:\n  - one\n    - text: two\n",
        [
            "3:5 yaml-reads-otherwise: " + TOO_DEEP,
            "mend: give it 2 spaces; if it goes on the text above: put the whole text below a `>-`",
        ],
    ),
    "an item that is indented too far below a key": (
        "points: one\n  - two\n",
        [
            "2:3 yaml-reads-otherwise: " + TOO_DEEP,
            ("mend: give it the indent of its list; if it goes on the text above: put the whole text below a `>-`"),
        ],
    ),
    "an item with a dash in brackets": (
        "points: [one\n  - two]\n",
        [
            "2:3 yaml-reads-otherwise: " + TOO_DEEP,
            ("mend: put a `,` in place of its dash; if it goes on the text above: put the whole text below a `>-`"),
        ],
    ),
    "a key without a space that is indented too far": (
        "- front: a\n    note:b\n",
        [
            "2:5 yaml-reads-otherwise: YAML sees a key only where a space follows the `:`",
            "mend: put a space after `note:`, and give it the indent of the other keys",
        ],
    ),
    "no space after a colon": (
        "deck:A\nid: a\n",
        [
            "1:6 yaml-syntax: YAML sees a key only where a space follows the `:`",
            "mend: put a space after `deck:`",
        ],
    ),
    "no space after the colon of a later key": (
        "deck: a\nid:a\n",
        [
            "2:4 yaml-syntax: YAML sees a key only where a space follows the `:`",
            "mend: put a space after `id:`",
        ],
    ),
    "a space after a colon that does not break": (
        "deck: a\nid:\u00a0a\n",
        [
            "2:4 yaml-syntax: YAML sees a key only where a space follows the `:`",
            "mend: put a space after `id:` in place of the U+00A0",
        ],
    ),
    "no space after the dash of a key": (
        "cards:\n  -front: a\n   back: b\n",
        [
            "2:3 yaml-syntax: YAML sees an item of a list only where a space follows the `-`",
            "mend: put a space after `-`",
        ],
    ),
    "no space after dashes": (
        "tags:\n-a\n-b\n",
        [
            "2:1 yaml-syntax: YAML sees an item of a list only where a space follows the `-`",
            "mend: put a space after `-`",
        ],
    ),
    "a folded block that is not indented": (
        "- cloze: >-\n  The {{x}}\n  and y\n",
        [
            "2:3 yaml-syntax: YAML expects a key with a colon here: `key: text`",
            "mend: indent the text deeper than `- cloze:`",
        ],
    ),
    "a blank and a colon": (
        "question: :\n",
        [
            "1:11 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `question: ":"`',
        ],
    ),
    "two clozes at the start": (
        "- {{1928}} and {{1929}}\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `{{` as a mapping",
            'mend: write it as `- "{{1928}} and {{1929}}"`',
        ],
    ),
    "a cloze alone": (
        "- {{1928}}\n",
        [
            "1:3 yaml-reads-otherwise: YAML reads a text that starts with `{{` as a mapping",
            'mend: write it as `- "{{1928}}"`',
        ],
    ),
    "a cloze with a hint alone": (
        "- {{1928::year}}\n",
        [
            "1:3 yaml-reads-otherwise: YAML reads a text that starts with `{{` as a mapping",
            'mend: write it as `- "{{1928::year}}"`',
        ],
    ),
    "a cloze as a key": (
        "{{1928}}: a\n",
        [
            "1:1 yaml-reads-otherwise: YAML reads a text that starts with `{{` as a mapping",
            'mend: write it as `"{{1928}}: a"`',
        ],
    ),
    "a cloze with a colon": (
        "- {{a: b: c}} d\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `{{` as a mapping",
            'mend: write it as `- "{{a: b: c}} d"`',
        ],
    ),
    "a cloze in a list in brackets": (
        "[{{1928}}, b]\n",
        [
            "1:2 yaml-reads-otherwise: YAML reads a text that starts with `{{` as a mapping",
            'mend: write it as `"{{1928}}"`',
        ],
    ),
    "a cloze and more in a list in brackets": (
        "[{{1928}} crisis, b]\n",
        [
            "1:2 yaml-syntax: YAML reads a text that starts with `{{` as a mapping",
            'mend: write it as `"{{1928}} crisis"`',
        ],
    ),
    "a picture at the start": (
        "- [the map] of 1928\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `[` as a list",
            'mend: write it as `- "[the map] of 1928"`',
        ],
    ),
    "a brace that is not closed": (
        "a: {b\nc: d\n",
        [
            "1:4 yaml-syntax: the mapping that begins here is not closed",
            'mend: close it with `}`; if it is a text, write it as `a: "{b"`',
        ],
    ),
    "a bracket that is not closed": (
        "tags: [a, b\nid: c\n",
        [
            "1:7 yaml-syntax: the list that begins here is not closed",
            'mend: close it with `]`; if it is a text, write it as `tags: "[a, b"`',
        ],
    ),
    "a bracket that is not closed at the end of the file": (
        "tags: [a, b",
        [
            "1:7 yaml-syntax: the list that begins here is not closed",
            'mend: close it with `]`; if it is a text, write it as `tags: "[a, b"`',
        ],
    ),
    "a bracket too many": (
        "tags: [a, b]]\n",
        [
            "1:7 yaml-syntax: YAML reads a text that starts with `[` as a list",
            'mend: write it as `tags: "[a, b]]"`',
        ],
    ),
    "a closing brace": (
        "a: }\n",
        [
            "1:4 yaml-syntax: YAML reads a text that starts with `}` as the end of a mapping",
            'mend: write it as `a: "}"`',
        ],
    ),
    "a comma at the start": (
        "a: , b\n",
        [
            "1:4 yaml-syntax: YAML reads a text that starts with `,` as a separator",
            'mend: write it as `a: ", b"`',
        ],
    ),
    "two commas": (
        "tags: [a, , b]\n",
        [
            "1:11 yaml-syntax: YAML expects a value here",
        ],
    ),
    "a colon in a mapping in braces": (
        "{a: b: c}\n",
        [
            "1:5 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `"b: c"`',
        ],
    ),
    "a quotation and more in brackets": (
        "tags: ['a' b, c]\n",
        [
            "1:8 yaml-syntax: YAML reads a text that starts with `'` as a quotation that ends early",
            "mend: write it as `\"'a' b\"`",
        ],
    ),
    "emphasis": (
        "- *Pravda* said so\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `*` as an alias",
            'mend: write it as `- "*Pravda* said so"`',
        ],
    ),
    "strong emphasis": (
        "- **Pravda** said so\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `*` as an alias",
            'mend: write it as `- "**Pravda** said so"`',
        ],
    ),
    "an alias without an anchor": (
        "- *Pravda\n",
        [
            ("1:3 yaml-reads-otherwise: YAML takes `*Pravda` for an alias, and there is no anchor `&Pravda`"),
            'mend: write it as `- "*Pravda"`',
        ],
    ),
    "an alias without an anchor in brackets": (
        "tags: [a, *b]\n",
        [
            "1:11 yaml-reads-otherwise: YAML takes `*b` for an alias, and there is no anchor `&b`",
            'mend: write it as `"*b"`',
        ],
    ),
    "an anchor that is not used": (
        "- &c. means et cetera\n- &c means et cetera\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `&` as an anchor",
            'mend: write it as `- "&c. means et cetera"`',
            ("2:3 yaml-reads-otherwise: YAML takes `&c` for the name of an anchor, and nothing refers to it"),
            'mend: write it as `- "&c means et cetera"`',
        ],
    ),
    "an anchor that is taken twice": (
        "- &a x\n- &a y\n- *a\n",
        [
            ("1:3 yaml-reads-otherwise: YAML takes `&a` for the name of an anchor, and nothing refers to it"),
            'mend: write it as `- "&a x"`',
        ],
    ),
    "an anchor of a list": (
        "- &a [x]\n",
        [
            ("1:3 yaml-reads-otherwise: YAML takes `&a` for the name of an anchor, and nothing refers to it"),
            "mend: take `&a` away",
        ],
    ),
    "an alias inside its anchor": (
        "a: &x\n  - *x\n",
        [
            "2:5 yaml-syntax: the alias `*x` stands inside what it names",
        ],
    ),
    "a local tag": (
        "- !important words\n",
        [
            "1:3 yaml-reads-otherwise: YAML takes `!important` for the tag of a type; a deck has none",
            'mend: write it as `- "!important words"`',
        ],
    ),
    "a tag of Python": (
        "- !!python/object/apply:os.system [ls]\n",
        [
            (
                "1:3 yaml-reads-otherwise: YAML takes `!!python/object/apply:os.system` for the tag "
                "of a type; a deck has none"
            ),
            "mend: take `!!python/object/apply:os.system` away",
        ],
    ),
    "a tag of YAML": (
        "back: !!int 1928\n",
        [
            "1:7 yaml-reads-otherwise: YAML takes `!!int` for the tag of a type; a deck has none",
            "mend: take `!!int` away",
        ],
    ),
    "a tag with an unknown handle": (
        "- !e!x y\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `!` as a tag",
            'mend: write it as `- "!e!x y"`',
        ],
    ),
    "a per cent sign": (
        "- %1928 was\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `%` as a directive",
            'mend: write it as `- "%1928 was"`',
        ],
    ),
    "a directive": (
        "%FOO bar\n---\na: b\n",
        [
            "1:1 yaml-syntax: YAML reads a line that starts with `%` as a directive",
            "mend: take the line away",
        ],
    ),
    "an at sign": (
        "- @home\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `@` as a reserved sign",
            'mend: write it as `- "@home"`',
        ],
    ),
    "a backtick": (
        "- `code` here\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with a backtick as a reserved sign",
            'mend: write it as `- "`code` here"`',
        ],
    ),
    "a greater-than sign": (
        "- > 5 million\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `>` as a folded block",
            'mend: write it as `- "> 5 million"`',
        ],
    ),
    "a bar": (
        "- | said\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `|` as a block of lines",
            'mend: write it as `- "| said"`',
        ],
    ),
    "a question mark": (
        "a: ? b\n",
        [
            "1:4 yaml-syntax: YAML reads a text that starts with `?` as a key",
            'mend: write it as `a: "? b"`',
        ],
    ),
    "a dash after the key of a list": (
        "points: - a {{b}}\ntags: - history\nfacts: - 1914: war\n",
        [
            "1:9 yaml-syntax: YAML reads a text that starts with `-` as an item of a list",
            "mend: write `points:` and below it `- a {{b}}`",
            "2:7 yaml-syntax: YAML reads a text that starts with `-` as an item of a list",
            "mend: write it as `tags: [history]`",
            "3:8 yaml-syntax: YAML reads a text that starts with `-` as an item of a list",
            'mend: write `facts:` and below it `- "1914: war"`',
        ],
    ),
    "a dash after a key": (
        "a: - b\n",
        [
            "1:4 yaml-syntax: YAML reads a text that starts with `-` as an item of a list",
            'mend: write it as `a: "- b"`',
        ],
    ),
    "a quotation and more": (
        '- "Full collectivisation" was the slogan\n',
        [
            '1:3 yaml-syntax: YAML reads a text that starts with `"` as a quotation that ends early',
            "mend: write it as `- '\"Full collectivisation\" was the slogan'`",
        ],
    ),
    "an apostrophe at the start": (
        "- 'Twas the night\n- it's cold\n",
        [
            "1:3 yaml-syntax: YAML reads a text that starts with `'` as a quotation that ends early",
            'mend: write it as `- "\'Twas the night"`',
        ],
    ),
    "a double quotation that is not closed": (
        'a: "b\nc: d\n',
        [
            "1:4 yaml-syntax: the quotation that begins here is not closed",
            "mend: close it with `\"`; if the text itself begins with that sign, write it as `a: '\"b'`",
        ],
    ),
    "a single quotation that is not closed": (
        "a: 'b\nc: d\n",
        [
            "1:4 yaml-syntax: the quotation that begins here is not closed",
            "mend: close it with `'`; if the text itself begins with that sign, write it as `a: \"'b\"`",
        ],
    ),
    "LaTeX in double quotes": (
        '- "$\\alpha$ and $\\frac{1}{2}$"\n',
        [
            r"1:5 yaml-reads-otherwise: YAML reads `\a` in double quotes as a control character",
            (
                r"mend: in single quotes a backslash is itself: write it as `- '$\alpha$ and "
                r"$\frac{1}{2}$'`"
            ),
        ],
    ),
    "an unknown escape": (
        '- "50 \\% of it"\n',
        [
            r"1:7 yaml-syntax: `\%` is no escape that YAML knows",
            r"mend: in single quotes a backslash is itself: write it as `- '50 \% of it'`",
        ],
    ),
    "LaTeX in double quotes in two lines": (
        '- "$\\alpha$\n  and so on"\n',
        [
            r"1:5 yaml-reads-otherwise: YAML reads `\a` in double quotes as a control character",
            "mend: write every backslash twice",
        ],
    ),
    "half of a surrogate pair": (
        '- "\\ud83d\\ude00"\n',
        [
            r"1:4 yaml-syntax: `\ud83d` is no character",
            "mend: write the character itself",
        ],
    ),
    "an escape beyond Unicode": (
        '- "\\U00110000"\n',
        [
            r"1:4 yaml-syntax: `\U00110000` is no character",
            "mend: write the character itself",
        ],
    ),
    "a comment that cuts a text": (
        "- the #1 of it\n",
        [
            "1:7 text-cut-by-comment: ` #` begins a comment and cuts the text short",
            (
                'mend: if the text goes on: write it as `- "the #1 of it"`; if it is a comment: put '
                "two spaces before it"
            ),
        ],
    ),
    "a comment in place of a text": (
        "question: #1 of what?\n",
        [
            "1:11 text-cut-by-comment: ` #` begins a comment and cuts the text short",
            (
                'mend: if the text goes on: write it as `question: "#1 of what?"`; if it is a '
                "comment: put two spaces before it"
            ),
        ],
    ),
    "a comment that cuts a text of two lines": (
        "- the first\n  and #1 of it\n",
        [
            "2:7 text-cut-by-comment: ` #` begins a comment and cuts the text short",
            (
                "mend: if the text goes on: put the whole text below a `>-`; if it is a comment: put "
                "two spaces before it"
            ),
        ],
    ),
    "a comment that cuts an item in brackets": (
        "tags: [a, b #c]\n",
        [
            "1:13 text-cut-by-comment: ` #` begins a comment and cuts the text short",
            ('mend: if the text goes on: write it as `"b #c"`; if it is a comment: put two spaces before it'),
        ],
    ),
    "a comment that cuts a key": (
        "deck: a\nthe #1 of it: b\n",
        [
            "2:5 text-cut-by-comment: ` #` begins a comment and cuts the text short",
            "mend: put the words before the `:` in quotes",
        ],
    ),
    "a comment between the lines of a text": (
        "a: one\n  # two\n  three\n",
        [
            "3:3 yaml-syntax: YAML expects a key (`key: `) here, indented as in line 1",
            "mend: take the comment above away: it ended the text",
        ],
    ),
    "a key twice": (
        'a: 1\nb: 2\n"a": 3\n',
        [
            "3:1 duplicate-key: `a` stands here a second time, after line 1",
            "mend: keep one of the two",
        ],
    ),
    "a merge key": (
        "a: &x {b: c}\nd:\n  <<: *x\n",
        [
            "3:3 unknown-key: `<<` merges mappings elsewhere; in a deck it is no key",
            "mend: write the keys out",
        ],
    ),
    "a list as a key": (
        "? [a, b]\n: c\n",
        [
            "1:3 yaml-reads-otherwise: YAML reads a text that starts with `[` as a list",
            'mend: write it as `? "[a, b]"`',
        ],
    ),
    "a list as a key in lines": (
        "? - a\n: c\n",
        [
            "1:3 yaml-syntax: a key is a text in one line",
        ],
    ),
    "no key": (
        ": a\n",
        [
            "1:1 yaml-syntax: no key stands before this `:`",
            "mend: write one",
        ],
    ),
    "no key in braces": (
        "{: a}\n",
        [
            "1:2 yaml-syntax: no key stands before this `:`",
            "mend: write one",
        ],
    ),
    "a tab as indent": (
        "a:\n\tb: c\n",
        [
            "2:1 yaml-syntax: YAML takes no tab here",
            "mend: write spaces instead",
        ],
    ),
    "a tab in the indent of a text": (
        "a: b\n\tc\n",
        [
            "2:1 yaml-syntax: YAML takes no tab here",
            "mend: write spaces instead",
        ],
    ),
    "a line without a key": (
        "a: b\nc\n",
        [
            "2:1 yaml-syntax: YAML expects a key with a colon here: `key: text`",
            "mend: if it goes on the text above: put the whole text below a `>-`",
        ],
    ),
    "an item among keys": (
        "a: b\n- c\n",
        [
            "2:1 yaml-syntax: YAML expects a key (`key: `) here, indented as in line 1",
            "mend: if it goes on the text above: put the whole text below a `>-`",
        ],
    ),
    "a key among items": (
        "- a\nb: c\n",
        [
            "2:1 yaml-syntax: YAML expects a list item (`- `) here, indented as in line 1",
            "mend: if it goes on the text above: put the whole text below a `>-`",
        ],
    ),
    "a key that is indented too little": (
        "a:\n  - b\n c: d\n",
        [
            "3:2 yaml-syntax: YAML expects a key (`key: `) here, indented as in line 1",
            "mend: if it goes on the text above: put the whole text below a `>-`",
        ],
    ),
    "an indent that is less than the first": (
        "  a: b\nc: d\n",
        [
            "2:1 yaml-syntax: the deck ends before this; nothing may follow it",
            "mend: if it belongs to the deck, give it the indent of the deck's other keys",
        ],
    ),
    "a second document": (
        "a: b\n---\nc: d\n",
        [
            "2:1 yaml-syntax: a second document begins here; a file holds one deck",
            "mend: put the second deck into a file of its own",
        ],
    ),
    "words after the end": (
        "a: b\n...\nc: d\n",
        [
            "3:1 yaml-syntax: the deck ends before this; nothing may follow it",
            "mend: if it belongs to the deck, give it the indent of the deck's other keys",
        ],
    ),
    "a control character": (
        "a: b\x07c\n",
        [
            "1:5 yaml-syntax: the character U+0007 cannot stand in YAML",
            "mend: delete it",
        ],
    ),
    "control characters": (
        "a: b\x07\n# \x00\nb: \x07: c: d\n",
        [
            "1:5 yaml-syntax: the character U+0007 cannot stand in YAML",
            "mend: delete it",
            "2:3 yaml-syntax: the character U+0000 cannot stand in YAML",
            "mend: delete it",
            "3:4 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `b: "\x07: c: d"`',
        ],
    ),
    "a line separator": (
        "a: b\u2028c: d\n",
        [
            "1:4 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `a: "b\u2028c: d"`',
            "1:5 yaml-syntax: YAML reads the character U+2028 as the end of a line",
            "mend: delete it, or begin a new line",
        ],
    ),
    "a lone surrogate": (
        "a: b\ud800c\n",
        [
            "1:5 yaml-syntax: the character U+D800 cannot stand in YAML",
            "mend: delete it",
        ],
    ),
    "a byte order mark inside": (
        "a: b\n\ufeffc: d\n",
        [
            "2:1 yaml-syntax: the character U+FEFF cannot stand in YAML",
            "mend: delete it",
        ],
    ),
    "many at once": (
        "a: b: c\nd: {{e}} f\ng: 'h' i\nj: @k\na: #l\nm: \"\\q\"\nn: [o: p: q, r]\ns: t #u\n",
        [
            "1:4 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `a: "b: c"`',
            "2:4 yaml-syntax: YAML reads a text that starts with `{{` as a mapping",
            'mend: write it as `d: "{{e}} f"`',
            "3:4 yaml-syntax: YAML reads a text that starts with `'` as a quotation that ends early",
            "mend: write it as `g: \"'h' i\"`",
            "4:4 yaml-syntax: YAML reads a text that starts with `@` as a reserved sign",
            'mend: write it as `j: "@k"`',
            "5:1 duplicate-key: `a` stands here a second time, after line 1",
            "mend: keep one of the two",
            "5:4 text-cut-by-comment: ` #` begins a comment and cuts the text short",
            ('mend: if the text goes on: write it as `a: "#l"`; if it is a comment: put two spaces before it'),
            r"6:5 yaml-syntax: `\q` is no escape that YAML knows",
            r"mend: in single quotes a backslash is itself: write it as `m: '\q'`",
            "7:5 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `"o: p: q"`',
            "8:6 text-cut-by-comment: ` #` begins a comment and cuts the text short",
            ('mend: if the text goes on: write it as `s: "t #u"`; if it is a comment: put two spaces before it'),
        ],
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.usefixtures("loader")
def test_problems(name: str) -> None:
    """What YAML cannot read, or reads otherwise than it looks, is told with its place and its mend."""
    source, expected = PROBLEMS[name]
    assert said(problems_of(source)) == expected


LIMITS = {
    "a key of 1,025 characters": (
        "k" * 1025 + ": a\n",
        ["1:1 yaml-syntax: YAML takes no key of more than 1,024 characters", "mend: make it shorter"],
    ),
    "lists 33 deep": ("- " * 33 + "a\n", ["1:65 yaml-syntax: nested more than 32 deep"]),
    "brackets 33 deep": ("[" * 33 + "]" * 33, ["1:33 yaml-syntax: nested more than 32 deep"]),
    "a text that is too long to be shown": (
        "- text: " + "word " * 100 + "and: more\n",
        [
            "1:9 yaml-syntax: YAML reads a text that holds `: ` as a key and its value",
            "mend: put the whole text in quotes",
        ],
    ),
    "a billion laughs": (
        "a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
        + "".join(
            f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        [
            "7:8 alias-bomb: the aliases of this file stand for more than 5,000,000 characters",
            "mend: write the texts out",
        ],
    ),
    "a long text again and again": (
        "a: &a " + "x" * 10_000 + "\nb: [" + "*a, " * 1000 + "]\n",
        [
            "2:2001 alias-bomb: the aliases of this file stand for more than 5,000,000 characters",
            "mend: write the texts out",
        ],
    ),
}


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.usefixtures("loader")
def test_limits(name: str) -> None:
    """What is too much for a deck is told where it becomes too much."""
    source, expected = LIMITS[name]
    assert said(problems_of(source)) == expected


def test_many_values_are_no_bomb() -> None:
    """A long file may use aliases: only what these stand for counts."""
    text = "a: &a word\nb: [" + "word, " * 1_200_000 + "*a]\n"
    assert parse(text).data["b"][-1] == "word"


def test_brackets_without_end(loader: str) -> None:
    """The parser of libyaml gives up by itself, later than mkdeck; it is told in the same words."""
    column = {"libyaml": 1001, "pure": 33}[loader]
    assert said(problems_of("[" * 100_000)) == [f"1:{column} yaml-syntax: nested more than 32 deep"]


ONLY_LIBYAML = {
    "a tab after a colon": ("a:\tb\n", {"a": "b"}, "1:3"),
    "a tab before a comment": ("a: b\t# c\n", {"a": "b"}, "1:5"),
    "a tab inside a text": ("a: b\tc\n", {"a": "b\tc"}, "1:5"),
}


@pytest.mark.parametrize("name", ONLY_LIBYAML)
def test_tabs_between(name: str, loader: str) -> None:
    """PyYAML without libyaml takes no tab between two values; then the tab is told."""
    source, data, place = ONLY_LIBYAML[name]
    if loader == "libyaml":
        assert parse(source).data == data
    else:
        assert said(problems_of(source)) == [
            f"{place} yaml-syntax: YAML takes no tab here",
            "mend: write spaces instead",
        ]


MENDED: dict[str, tuple[str, Any]] = {
    "a colon after a key": ("question: Why? Because: it was", {"question": "Why? Because: it was"}),
    "a colon in an item": ("- One: two: three", ["One: two: three"]),
    "a colon at the end": ("question: The end:", {"question": "The end:"}),
    "a colon after a term": ("  Five-Year Plan: target: 100", {"Five-Year Plan": "target: 100"}),
    "a colon and quotation marks": ('- He said: "no": he did', ['He said: "no": he did']),
    "a colon and both quotation marks": ('- It\'s "no": it is: x', ['It\'s "no": it is: x']),
    "a colon and a backslash": (r"- A: \(x\): y", [r"A: \(x\): y"]),
    "a colon and a comment": ("a: b: c  # d", {"a": "b: c"}),
    "a colon in a key of an item": ("- text: a: b", [{"text": "a: b"}]),
    "two dashes": ("- - One: b: c", [["One: b: c"]]),
    "two clozes": ("- {{1928}} and {{1929}}", ["{{1928}} and {{1929}}"]),
    "a cloze": ("- {{1928::year}}", ["{{1928::year}}"]),
    "a cloze in a value": ("cloze: {{1928}} was hard", {"cloze": "{{1928}} was hard"}),
    "a link": ("- [Pravda](https://example.org) wrote", ["[Pravda](https://example.org) wrote"]),
    "emphasis": ("- *Pravda* wrote", ["*Pravda* wrote"]),
    "strong emphasis": ("- **Pravda** wrote", ["**Pravda** wrote"]),
    "an alias": ("a: *b", {"a": "*b"}),
    "an anchor": ("a: &c means et cetera", {"a": "&c means et cetera"}),
    "an anchor with a full stop": ("a: &c. means et cetera", {"a": "&c. means et cetera"}),
    "a tag": ("- !important", ["!important"]),
    "a tag with a handle": ("- !e!x y", ["!e!x y"]),
    "a per cent sign": ("- %1 of it", ["%1 of it"]),
    "an at sign": ("- @home", ["@home"]),
    "brackets and an asterisk": ("- [1928]* was", ["[1928]* was"]),
    "code": ("- `a` b", ["`a` b"]),
    "a greater-than sign": ("- > 5 million", ["> 5 million"]),
    "a bar": ("- | said", ["| said"]),
    "a question mark": ("a: ? b", {"a": "? b"}),
    "a dash": ("a: - b", {"a": "- b"}),
    "a comma": ("a: , b", {"a": ", b"}),
    "a closing brace": ("a: }} b", {"a": "}} b"}),
    "a quotation and more": ('- "Full" was said', ['"Full" was said']),
    "a quotation with an apostrophe and more": ("- 'Full' wasn't it", ["'Full' wasn't it"]),
    "an apostrophe in single quotes": ("- 'Stalin's {{plan}}'", ["Stalin's {{plan}}"]),
    "a quotation in double quotes": ('- "He said "no" to it"', ['He said "no" to it']),
    "two quotations": ("- 'Yes' and 'no'", ["'Yes' and 'no'"]),
    "a colon after a small word": ("- war: {{x}} came", ["war: {{x}} came"]),
    "a comment": ("- the #1 of it", ["the #1 of it"]),
    "a comment at once": ("question: #1 of what?", {"question": "#1 of what?"}),
    "LaTeX": (r'- "$\alpha$"', [r"$\alpha$"]),
    "LaTeX and quotation marks": (r'a: "\"x\" is \omega"', {"a": r'"x" is \omega'}),
    "an escape that is none": (r'a: "50 \%"', {"a": r"50 \%"}),
    "not the last character of a line": ("a: b: c\td", {"a": "b: c\td"}),
}


@pytest.mark.parametrize("name", MENDED)
@pytest.mark.usefixtures("loader")
def test_mends(name: str) -> None:
    """The form that a mend shows, pasted over the line, is read as the text that was meant."""
    line, data = MENDED[name]
    (problem,) = problems_of(f"{line}\n")
    assert parse(paste(problem, f"{line}\n")).data == data


def paste(problem: mkdeck.Diagnostic, text: str) -> str:
    """Do what an author does with a mend: put the form that it shows over the line, at the same indent."""
    shown = re.search(r"write it as `(.*?)`(?:; if it is a comment.*)?$", problem.mend)
    assert shown
    lines = text.split("\n")
    line = lines[problem.span.line - 1]
    lines[problem.span.line - 1] = line[: len(line) - len(line.lstrip())] + shown[1]
    return "\n".join(lines)


MENDED_ITEMS = {
    "an alias": ("tags: [a, *b, c]", "*b"),
    "an anchor": ("tags: [a, &b c]", "&b c"),
    "a comment": ("tags: [a, b #c]", "b #c"),
    "a cloze": ("tags: [{{b}} c, a]", "{{b}} c"),
    "a cloze alone": ("tags: [{{b}}, a]", "{{b}}"),
    "a colon": ("{a: b: c, d: e}", "b: c"),
    "a quotation and more": ("tags: ['a' b, c]", "'a' b"),
    "brackets and more": ("tags: [[a] b, c]", "[a] b"),
    "an at sign": ("tags: [@a, b]", "@a"),
}


@pytest.mark.parametrize("name", MENDED_ITEMS)
@pytest.mark.usefixtures("loader")
def test_mends_of_items(name: str) -> None:
    """Between brackets or braces the mend shows the item alone, and reads as the item that was meant."""
    line, item = MENDED_ITEMS[name]
    (problem,) = problems_of(line)
    shown = quote(item)
    assert f"write it as `{shown}`" in problem.mend
    assert item in str(parse(line.replace(item, shown)).data)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff")))
def test_quote(value: str) -> None:
    """A text in one line, quoted, is read back unchanged."""
    assert parse(quote(value.replace("\ufeff", ""))).data == value.replace("\ufeff", "")


def test_the_rest_is_checked_without_what_is_in_doubt() -> None:
    """An item that was swallowed, or a note that stands below a mere text, makes no other finding wrong."""
    facts = "    facts:\n      - plan\n        - town\n      - grain\n        hint: h\n"
    with pytest.raises(mkdeck.DeckError) as caught:
        from_source(parse(POINT.format("the grain plan") + facts))
    assert [each.span.line for each in caught.value.diagnostics] == [11, 13]


def test_the_keys_of_the_format() -> None:
    """What the messages take for a key, and for a list, is what the model has, but inside of note types."""
    kinds = [each for each in vars(mkdeck.model).values() if isinstance(each, type) and issubclass(each, Model)]
    models = [kind for kind in kinds if kind.__module__ == "mkdeck.model"]
    fields = {name: str(field.annotation) for model in models for name, field in model.model_fields.items()}
    assert set(fields) == KEYS
    assert {name for name, kind in fields.items() if "tuple" in kind} == LISTS


POINT = "deck: D\nid: d\nquestion: Q?\nreasons:\n  - id: r\n    reason: R\n    points:\n      - {}\n"
SIGNS = st.text(st.sampled_from("""ab :#-{}[]*&!%@`|>'"?,.\\=~"""), min_size=1, max_size=12)


@settings(max_examples=500)
@given(SIGNS)
@example("a: b")
@example("{a}: b")
@example("[a] #b")
def test_a_line_is_read_or_told(line: str) -> None:
    """A text in one line is read as it stands, or there is an error, and the form shown is read as that text."""
    assume(line == line.strip() and not re.search(r"^[-?](\s|$)|^['\"#]|^[ab]+\s*:|\s\s#", line))
    text = POINT.format(line)
    try:
        deck = from_source(parse(text))
    except mkdeck.DeckError as error:
        if len(error.diagnostics) > 1 or not error.diagnostics[0].mend.startswith("write it as `- "):
            return
        deck = from_source(parse(paste(error.diagnostics[0], text)))
    assert deck.reasons[0].points[0].text == line


DECK = """\
# A comment, and an empty line.

deck: "D"
id: 'd'
😀: 😀 a
terms: {mir: [x, "y"], 'kulak': z}
reasons:
- id: &i one
  reason: >-
    folded words
    in two lines
  points:
    - |
      as it
      stands
    - plain words
      in two lines
    - text: "quoted words\\
        and more"
      note: *i
    -
      - nested
      -
empty:
last: *i
"""

PLACES: dict[str, tuple[tuple[str | int, ...], dict[str, Any], str]] = {
    "the whole": ((), {}, "3:1"),
    "double quotes": (("deck",), {}, "3:7"),
    "its key": (("deck",), {"key": True}, "3:1"),
    "single quotes": (("id",), {}, "4:5"),
    "behind a character outside the first plane": (("😀",), {}, "5:4"),
    "words behind two of them": (("😀",), {"part": "a"}, "5:6"),
    "a mapping in braces": (("terms",), {}, "6:8"),
    "a list in brackets": (("terms", "mir"), {}, "6:14"),
    "an item in brackets": (("terms", "mir", 1), {}, "6:18"),
    "a key in quotes": (("terms", "kulak"), {"key": True}, "6:24"),
    "a list at the indent of its key": (("reasons",), {}, "8:1"),
    "a mapping in a list": (("reasons", 0), {}, "8:3"),
    "an anchor": (("reasons", 0, "id"), {}, "8:7"),
    "a folded block": (("reasons", 0, "reason"), {}, "9:11"),
    "words in a folded block": (("reasons", 0, "reason"), {"part": "folded"}, "10:5"),
    "words across the fold": (("reasons", 0, "reason"), {"part": "words in two"}, "10:12"),
    "words that stand elsewhere only": (("reasons", 0, "reason"), {"part": "plain words"}, "9:11"),
    "a block of lines": (("reasons", 0, "points", 0), {}, "13:7"),
    "words in a block of lines": (("reasons", 0, "points", 0), {"part": "stands"}, "15:7"),
    "a plain text": (("reasons", 0, "points", 1), {}, "16:7"),
    "words in the second line of a plain text": (("reasons", 0, "points", 1), {"part": "two"}, "17:10"),
    "a quotation in two lines": (("reasons", 0, "points", 2, "text"), {}, "18:13"),
    "words in a mapping": (("reasons", 0, "points", 2), {"part": "and more"}, "19:9"),
    "words in what comes after": (("reasons", 0, "points", 2, "text"), {"part": "i"}, "18:13"),
    "an alias": (("reasons", 0, "points", 2, "note"), {}, "20:13"),
    "an item in the line below its dash": (("reasons", 0, "points", 3), {}, "22:7"),
    "an item that is not there": (("reasons", 0, "points", 3, 1), {}, "23:8"),
    "a value that is not there": (("empty",), {}, "24:7"),
    "the last value": (("last",), {"part": "i"}, "25:8"),
    "a key that is missing": (("reasons", 0, "explain"), {}, "8:3"),
    "an item beyond the last": (("reasons", 7, "id"), {}, "8:1"),
    "the short form of a text": (("reasons", 0, "points", 1, "text"), {}, "16:7"),
    "the short form of a list": (("reasons", 0, "points", 3, "links", 0), {}, "22:9"),
}


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.usefixtures("loader")
def test_places(name: str) -> None:
    """Every value has its line and column, whatever its style, and so have the words in it."""
    place, options, expected = PLACES[name]
    assert str(parse(DECK, "d.yaml").span(place, **options)) == f"d.yaml:{expected}"


def test_places_after_a_byte_order_mark_and_windows_lines() -> None:
    """Marks and line ends do not shift columns."""
    source = parse("\ufeffa: b\r\nc:\r\n  - d\r\n")
    assert [str(source.span(place)) for place in [("a",), ("c", 0)]] == ["<text>:1:4", "<text>:3:5"]


@given(st.text(st.sampled_from("ab\n😀\t ")), st.data())
def test_offset_is_the_inverse_of_span(text: str, data: st.DataObject) -> None:
    """An offset in a text is a line and a column, and the other way round."""
    offset = data.draw(st.integers(0, len(text)))
    lines = Lines("d.yaml", text)
    span = lines.span(offset)
    assert lines.offset(span) == offset
    assert text.split("\n")[span.line - 1][: span.column - 1] == text[offset - span.column + 1 : offset]


FILES: dict[str, tuple[bytes, Any]] = {
    "UTF-8": ("a: é😀\n".encode(), {"a": "é😀"}),
    "UTF-8 with a byte order mark": ("a: é\n".encode("utf-8-sig"), {"a": "é"}),
    "UTF-16, little end first": ("\ufeffa: é😀\r\n".encode("utf-16-le"), {"a": "é😀"}),
    "UTF-16, big end first": ("\ufeffa: é😀\n".encode("utf-16-be"), {"a": "é😀"}),
    "no bytes": (b"", None),
    "no line end": (b"a: b", {"a": "b"}),
}


@pytest.mark.parametrize("name", FILES)
def test_files(name: str, tmp_path: Path) -> None:
    """A deck file is UTF-8, or UTF-16 with a byte order mark."""
    raw, data = FILES[name]
    (tmp_path / "a.yaml").write_bytes(raw)
    assert mkdeck.source.read(tmp_path / "a.yaml").data == data


BAD_FILES: dict[str, tuple[bytes, list[str]]] = {
    "Latin-1": ("a: b\ncafé: d\n".encode("latin-1"), ["2:4 encoding: the byte 0xe9 is not UTF-8"]),
    "Windows-1251 after Windows line ends": (
        b"\xef\xbb\xbfa: b\r\nc: \xcd\xdd\xcf\r\n",
        ["2:4 encoding: the byte 0xcd is not UTF-8"],
    ),
    "half a character": (b"a: \xf0\x9f\x98", ["1:4 encoding: the byte 0xf0 is not UTF-8"]),
    "a surrogate in UTF-8": (b"a: \xed\xa0\x80", ["1:4 encoding: the byte 0xed is not UTF-8"]),
    "UTF-16 without a byte order mark": (
        "a: b\n".encode("utf-16-le"),
        ["1:2 encoding: a zero byte is not text in UTF-8"],
    ),
    "UTF-16 with half a character": (
        "\ufeffa: b".encode("utf-16-le") + b"x",
        ["1:5 encoding: the byte 0x78 is not UTF-16"],
    ),
    "UTF-32": ("\ufeffa: b".encode("utf-32-le"), ["1:1 encoding: a zero byte is not text in UTF-16"]),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", ["1:1 encoding: the byte 0x89 is not UTF-8"]),
    "a zero byte": (b"a: b\nc: \0d\n", ["2:4 encoding: a zero byte is not text in UTF-8"]),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files(name: str, tmp_path: Path) -> None:
    """What is no text is told with the place of its first such byte."""
    raw, expected = BAD_FILES[name]
    (tmp_path / "a.yaml").write_bytes(raw)
    assert said(mkdeck.check(tmp_path / "a.yaml")) == [*expected, "mend: save the file as UTF-8"]


def test_no_files(tmp_path: Path) -> None:
    """A path that names no file that can be read is told, too."""
    (tmp_path / "file.yaml").write_text("a: b\n")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    paths = {
        tmp_path / "none.yaml": "there is no such file",
        tmp_path: "this is a folder, not a deck file",
        tmp_path / "file.yaml" / "a.yaml": "cannot be read: Not a directory",
        tmp_path / "loop.yaml": "cannot be read: Too many levels of symbolic links",
        tmp_path / ("a" * 300): "cannot be read: File name too long",
    }
    for path, message in paths.items():
        assert [str(each) for each in mkdeck.check(path)] == [f"{path}: error[file]: {message}"]
    assert [str(each) for each in mkdeck.check("a\0b")] == ["'a\\x00b': error[file]: this is not a file name"]
    assert [str(each) for each in mkdeck.check("")] == [".: error[file]: this is a folder, not a deck file"]


HEAD = "deck: D\nid: d\nquestion: Q?\n"


def test_a_file_of_50_megabytes(tmp_path: Path) -> None:
    """Fifty megabytes are read right, to the last word."""
    words = "In the {} grain crisis the state could not buy enough grain to feed the towns.".format
    points = "".join(f"      - {words(number) * 12}\n" for number in range(53_000))
    (tmp_path / "a.yaml").write_text(f"{HEAD}reasons:\n  - id: r\n    reason: R\n    points:\n{points}last: 1928\n")
    assert (tmp_path / "a.yaml").stat().st_size > 50_000_000
    source = mkdeck.source.read(tmp_path / "a.yaml")
    assert source.data["reasons"][0]["points"][-1] == words(52_999) * 12
    assert source.data["last"] == "1928"
    assert str(source.span(("last",))) == f"{tmp_path}/a.yaml:53008:7"


FLOODS = {
    "texts with colons": (
        HEAD + "reasons:\n  - id: r\n    reason: R\n    points:\n",
        "      - {}: " + "word " * 18 + "\n",
    ),
    "unknown keys": (
        HEAD + "reasons:\n",
        "  - id: r{}\n    reason: R\n    poinst: []\n    source: " + "word " * 10 + "\n",
    ),
    "wrong values of one mapping": (HEAD + "terms:\n", "  term {}: []  # " + "word " * 18 + "\n"),
    "comments that cut": (HEAD + "tags:\n", "  - tag{} #" + "word " * 18 + "\n"),
    "keys twice": (HEAD + "a: b\n", "a: {} " + "word " * 18 + "\n"),
    "items of one line": (HEAD + "tags: [a", ", *b{}, " + "word " * 18),
}


@pytest.mark.parametrize("name", FLOODS)
def test_floods(name: str) -> None:
    """20,000 errors in 2 megabytes are found in one run; with the square of their number, hours would pass."""
    head, line = FLOODS[name]
    text = head + "".join(line.format(number) for number in range(20_000))
    with pytest.raises(mkdeck.DeckError) as caught:
        from_source(parse(text + "]" if "[a" in head else text))
    assert len(caught.value.diagnostics) in (20_000, 20_001)


LONG = {
    "one text of two megabytes": "description: " + "word " * 400_000,
    "a colon behind two megabytes": "description: " + "word " * 400_000 + ": a",
    "blanks": "description: a: b" + " " * 2_000_000 + "#c",
    "hashes": "description: a: " + "#" * 2_000_000,
    "escapes": 'description: "' + "\\q" * 1_000_000,
    "quotations": "- " + "'a' " * 500_000,
    "colons": "a: " * 700_000,
    "question marks": "? " * 700_000,
    "dashes": "- " * 700_000,
    "braces": "{" * 2_000_000,
    "aliases": "tags: [" + "*a [" * 500_000,
    "anchors": "\n".join(f"- &a{number} b" for number in range(100_000)),
    "control characters": "\x01\n" * 500_000,
    "empty lines": "\n" * 2_000_000 + "a: [",
    "tags": "\n".join(["- !a b"] * 50_000),
}


@pytest.mark.parametrize("name", LONG)
def test_long(name: str) -> None:
    """No file of two megabytes takes long to be refused."""
    with pytest.raises(mkdeck.DeckError):
        from_source(parse(LONG[name]))


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *("deck:", "id:", "question:", "terms:", "reasons:", "points:", "facts:", "cards:", "tags:", "text:"),
            *(
                "chain:",
                "judgement:",
                "ranking:",
                "make:",
                "image:",
                "one: two: three",
                "a",
                "b c",
                "no",
                "1928",
                "~",
            ),
            *(": ", "- ", "? ", "[", "]", "{", "}", "{{", "}}", ",", '"', "'", "|", ">", "%", "@", "`", "<<: "),
            *("&a", "*a", "&a ", "*a ", "!x ", "!!str ", "#", " #", "  #", "---\n", "...\n", "|\n", "|-", ">-\n  "),
            *(
                " ",
                "  ",
                "\n",
                "\n  ",
                "\n    ",
                "\n  - ",
                "\n      - ",
                "\t",
                "\r\n",
                "%YAML 1.1\n",
                "é",
                "😀",
                "中",
            ),
            *("\\", r"\q", r"\x07", r"\ud800", r"\U00110000", "\x00", "\x07", "\x85", "\u2028", "\ufeff", "\u200b"),
        ]
    ),
    max_size=25,
).map("".join)
HEADS = st.sampled_from(["", HEAD, HEAD + "terms:\n  ", HEAD + "tags: [", POINT.format(""), POINT[:-3]])
ANY_KEY = st.sampled_from(
    [*mkdeck.Deck.model_fields, *mkdeck.Point.model_fields, *mkdeck.Judgement.model_fields, "<<"]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.dates() | st.text(max_size=12) | st.sampled_from(["a", "{{a}}"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_KEY | st.text(max_size=8), inner, max_size=5),
    max_leaves=25,
)
DUMPS = st.builds(
    lambda value, flow, unicode: yaml.safe_dump(value, default_flow_style=flow, allow_unicode=unicode),
    st.dictionaries(ANY_KEY | st.text(max_size=8), VALUES, max_size=6), st.booleans() | st.none(), st.booleans(),
)  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(
        [
            *("the ", "1928 ", "grain crisis ", "{{", "}}", "::", "c1::", "{{a}}", "{{c2::b::h}}", "{", "}", "\\{"),
            *(
                "*",
                "**",
                "_",
                "`",
                "```",
                "\n",
                "\n\n",
                "- ",
                "1. ",
                "# ",
                "> ",
                "    ",
                "~~",
                "| a | b |\n|---|---|\n",
            ),
            *(
                "$",
                "$$",
                "\\(",
                "\\",
                "<b>",
                "&amp;",
                "![](a.png)",
                "![](",
                "[l](u)",
                "[sound:x]",
                "é",
                "中",
                "😀",
                "İ",
            ),
        ]
    ),
    min_size=1,
    max_size=8,
).map("".join)
POINTS = TEXTS | st.fixed_dictionaries(
    {"text": TEXTS}, optional={"note": TEXTS, "image": TEXTS, "facts": st.lists(TEXTS)}
)
DECKS = st.fixed_dictionaries(
    {"deck": st.just("D"), "id": st.just("d"), "question": TEXTS},
    optional={
        "terms": st.dictionaries(TEXTS, POINTS, max_size=2),
        "cards": st.lists(
            st.fixed_dictionaries({"cloze": TEXTS}) | st.fixed_dictionaries({"front": TEXTS, "back": TEXTS}),
            max_size=2,
        ),
        "judgement": st.fixed_dictionaries({"question": TEXTS, "criteria": st.lists(TEXTS, max_size=2)}),
        "reasons": st.lists(
            st.fixed_dictionaries(
                {"id": st.sampled_from("abc"), "reason": TEXTS},
                optional={
                    "facts": st.lists(TEXTS, max_size=2),
                    "points": st.lists(POINTS, max_size=3),
                    "chain": st.lists(TEXTS, max_size=3),
                    "explain": TEXTS,
                },
            ),
            max_size=3,
        ),
    },
).map(yaml.safe_dump)
RAW = (
    st.binary()
    | st.binary().map(lambda raw: b"\xff\xfe" + raw)
    | st.text().map(str.encode)
    | st.builds(str.__add__, HEADS, FRAGMENTS).map(str.encode)
    | st.builds(str.__add__, HEADS, st.text()).map(str.encode)
    | DUMPS.map(str.encode)
    | DECKS.map(str.encode)
)


@settings(
    max_examples=600,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(raw=RAW)
@example(raw=b"question: #")
@example(raw=b"{")
@example(raw=b"a: '\n---\n'")
@example(raw=b"a: !\n")
@example(raw=b"PK\x03\x04")
def test_any_file(raw: bytes, tmp_path: Path) -> None:
    """Whatever a file holds, `check` gives a list of findings, each at a place it has, or of what is no deck."""
    (tmp_path / "a.yaml").write_bytes(raw)
    is_utf_16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = raw.decode("utf-16" if is_utf_16 else "utf-8", "replace").lstrip("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for each in mkdeck.check(tmp_path / "a.yaml"):
        if each.rule == "file":
            assert raw.startswith(b"PK\x03\x04"), "a zip file is no deck as a whole"
            continue
        assert 1 <= each.span.line <= len(lines)
        assert 1 <= each.span.column <= len(lines[each.span.line - 1]) + 1
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]", each.show())


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.builds(str.__add__, HEADS, FRAGMENTS))
@pytest.mark.usefixtures("loader")
def test_any_text(text: str) -> None:
    """Whatever a text holds, both parsers read it or tell what is wrong."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for each in problems_of(text):
        assert each.span.column <= len(lines[each.span.line - 1]) + 1


VISIBLE = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1).filter(
    lambda text: any(unicodedata.category(char)[0] in "LNS" for char in text)
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    points=st.lists(VISIBLE, max_size=5),
    terms=st.dictionaries(VISIBLE, VISIBLE),
    flow=st.booleans() | st.none(),
)
@pytest.mark.usefixtures("loader")
def test_strings_stay(points: list[str], terms: dict[str, str], flow: bool | None) -> None:
    """A deck that PyYAML wrote is read with the same strings, whatever these hold."""
    reasons = [{"id": "r", "reason": "R", "points": points}]
    data = {"deck": "D", "id": "d", "question": "Q", "reasons": reasons, "terms": terms}
    deck = from_source(parse(yaml.safe_dump(data, default_flow_style=flow, width=10**9)))
    assert [point.text for point in deck.reasons[0].points] == points
    assert {term: meaning.text for term, meaning in deck.terms.items()} == terms


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(VISIBLE, max_size=5), flow=st.booleans() | st.none(), width=st.integers(5, 100))
@pytest.mark.usefixtures("loader")
def test_strings_in_many_lines(words: list[str], flow: bool | None, width: int) -> None:
    """Texts that PyYAML laid out in lines are read as PyYAML reads them."""
    text = yaml.safe_dump({"a": words}, default_flow_style=flow, width=width)
    source = parse(text)
    assume(not source.problems)  # a line may look like an item
    assert source.data == yaml.safe_load(text)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.text("ab é😀", min_size=1).filter(lambda text: text == text.strip()), max_size=30),
    width=st.integers(5, 100),
)
@pytest.mark.usefixtures("loader")
def test_places_of_any_words(words: list[str], width: int) -> None:
    """The place of a value is where its first word stands."""
    source = parse(yaml.safe_dump({"a": words}, allow_unicode=True, width=width))
    for number, word in enumerate(words):
        offset = source.offset(source.span(("a", number)))
        assert source.text[offset:].startswith(word.split(" ")[0])


@pytest.mark.usefixtures("loader")
def test_a_conflict_of_git_is_called_one() -> None:
    """The marks that git leaves in a file are told as such, and nothing else is."""
    sides = "<<<<<<< HEAD\n  - {front: a, back: b}\n=======\n  - {front: a, back: c}\n>>>>>>> x\n"
    source = f"deck: D\nid: d\ncards:\n{sides}"
    (problem,) = problems_of(source)
    assert (problem.rule, problem.message, problem.span.line) == ("yaml-syntax", "git left a conflict here", 4)
