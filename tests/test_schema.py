"""The JSON Schema of the format: it is the model's, and it says of a file what mkdeck says.

An editor's YAML parser stands between the two: each file is read by PyYAML's rules (YAML 1.1, where `no` is
false) and by those of YAML 1.2 (where it is a text), and mkdeck reads the same text in its own way.
"""

from __future__ import annotations

import copy
import inspect
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError
from test_docs import DECKS, ROOT, blocks

import mkdeck
from mkdeck import model
from mkdeck.compile import compile_deck
from mkdeck.deck import from_source
from mkdeck.schema import schema, to_json
from mkdeck.source import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdeck.source import Place, Source

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)
MODELS: list[Any] = [
    each for each in vars(model).values() if isinstance(each, type) and issubclass(each, BaseModel)
]
MODELS = [each for each in MODELS if each.model_fields]


class OfYaml11(yaml.SafeLoader):
    """What an editor reads; a date stays a text, as JSON has none, and so does every key."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        for key, _ in node.value:
            key.tag = "tag:yaml.org,2002:str"


class OfYaml12(OfYaml11):
    """What an editor reads that has fewer words for true and false."""


OfYaml11.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in each if not tag.endswith(":timestamp")]
    for first, each in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
OfYaml12.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in each if first in "tTfF" or not tag.endswith(":bool")]
    for first, each in OfYaml11.yaml_implicit_resolvers.items()
}
READERS: list[type[OfYaml11]] = [OfYaml11, OfYaml12]


def mkdecks(source: Source) -> Sequence[mkdeck.Diagnostic]:
    """Give what mkdeck says of the shape of a file, without what shows only when notes are made of it."""
    try:
        deck = from_source(source)
    except mkdeck.DeckError as error:
        return error.diagnostics
    return [each for each in compile_deck(deck, ROOT).problems if each.rule == "missing-key"]


def editors(source: Source, reader: type[OfYaml11]) -> list[tuple[Place, str]]:
    """Give what the schema says of the same text: the place, and the keyword that is not satisfied there."""
    found: list[tuple[Place, str]] = []
    for error in VALIDATOR.iter_errors(yaml.load(source.text, reader)):
        place = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = error.schema["properties"]
            found += [((*place, key), "unknown") for key in error.instance if key not in known]
        elif error.validator is None:  # `false`, whose place jsonschema does not tell: a fact has it for `text`
            found.append(((*place, "text"), "unknown"))
        elif "propertyNames" in error.absolute_schema_path:
            found.append(((*place, error.instance), "name"))
        else:
            found.append((place, str(error.validator)))
    return found


def said(problems: Sequence[mkdeck.Diagnostic]) -> list[str]:
    return [f"{each.span.line}:{each.span.column} {each.rule}" for each in problems]


def places(source: Source, found: list[tuple[Place, str]]) -> set[str]:
    """Give line and column of what the schema says: those of a key if it is wrong itself or nothing is after it."""
    marks = [
        source.span(place, key=keyword in {"unknown", "name"} or source.locate(place)[1] is None)
        for place, keyword in found
    ]
    return {f"{mark.line}:{mark.column}" for mark in marks}


HEAD = "deck: D\nid: d\n"
REASON = HEAD + "question: Q?\nreasons:\n  - id: r\n    reason: R\n"
CARD = HEAD + "cards:\n  - "
JUDGEMENT = HEAD + "judgement:\n  "
POINT = REASON + "    points:\n      - "
FACT = REASON + "    facts:\n      - "

RIGHT: dict[str, str] = {
    "the least": HEAD,
    "a reason without points": REASON,
    "reasons that are none, without a question": HEAD + "reasons: []\n",
    "a reason as consequence": REASON + "    role: consequence\n",
    "every list left empty": REASON + "    facts:\n    points:\n    chain:\n    chains:\n    tags:\n    allow:\n",
    "every key of the deck left empty that may be": (
        HEAD
        + "question:\ntags:\nsource:\ndecided:\nallow:\ndescription:\nstyle:\nmake:\nfacts:\nreasons:\nterms:\n"
        "judgement:\ncards:\n"
    ),
    "every key of a point left empty that may be": (
        POINT + "text: a\n        image:\n        audio:\n        id:\n        facts:\n        note:\n"
        "        role:\n        source:\n        tags:\n        allow:\n"
    ),
    "every key of a card left empty that may be": (
        CARD + "front: a\n    back: b\n    id:\n    cloze:\n    note:\n    source:\n    tags:\n    allow:\n"
    ),
    "a front that is a number": CARD + "front: 1928\n    back: 3.5\n",
    "a back that may be false": CARD + "front: a\n    back: no\n",
    "a back that is true": CARD + "front: a\n    back: true\n",
    "a back that is a date": CARD + "front: a\n    back: 2024-01-01\n",
    "a back that is a time of day": CARD + "front: a\n    back: 25:00\n",
    "a text that is a number": CARD + "cloze:\n      text: 1928\n",
    "points that are number, truth value and date": REASON + "    points: [1928, yes, 1929-11-07, a]\n",
    "facts that are number, truth value and date": REASON + "    facts: [1928, off, 1929-11-07, a]\n",
    "tags that are numbers": HEAD + "tags: [1928, -3, 2.5, on]\n",
    "other spellings that are numbers": FACT + "fact: 1928\n        also: [28, no]\n        hint: 4\n",
    "a ranking of what may be numbers": JUDGEMENT + "question: Q?\n  ranking: [1928, no, a]\n",
    "ids that are a number or may be false": "deck: D\nid: 1928\nquestion: Q?\nreasons: [{id: no, reason: R}]\n",
    "a deck whose name is a number": "deck: 1984\nid: d\n",
    "a deck inside another": 'deck: "A:B:: C ::D"\nid: d\n',
    "a deck named with colons": 'deck: "a:::"\nid: d\n',
    "when it was decided": HEAD + "decided: 1929\n",
    "Norwegian": HEAD + "lang: no\n",
    "a language with a script and a region": HEAD + "lang: zh-Hant-TW\n",
    "a style": HEAD + "style: |\n  .card > p { color: red }\n",
    "kinds to make": HEAD + "make: [fact, link, map, explain, sort, judge, term, plain]\n",
    "no kinds to make": HEAD + "make: []\n",
    "what is allowed": HEAD + "allow: [text-too-long]\n",
    "a text and what stands below it": HEAD + "question: {text: Q, image: a.png, audio: b.mp3}\n",
    "a fact under fact": FACT + "fact: a\n",
    "a fact under text": FACT + "text: a\n        hint: h\n",
    "facts of a point": POINT + "text: a\n        facts: [a, {fact: b, also: [c], id: b}]\n",
    "a chain": REASON + "    chain: [a, {text: b, note: {text: n}, source: s, id: b}]\n",
    "chains with and without a title": REASON
    + "    chains:\n      - [a, b]\n      - {title: t, links: [a, {text: b}]}\n",
    "a chain whose links are left empty": REASON + "    chains:\n      - links:\n",
    "terms": HEAD + "terms:\n  kulak: a\n  mir: {text: b, note: n, tags: [t], id: mir}\n",
    "terms that may be no texts": HEAD + "terms: {no: a, 1928: b, 1929-11-07: c, 3.5: 4}\n",
    "a judgement": JUDGEMENT + "question: {text: Q}\n  criteria: [a, {text: b}]\n  verdict: v\n  counter: c\n",
    "a cloze": CARD + "cloze: a {{b}}\n",
    "a cloze with a front left empty": CARD + "cloze: a\n    front:\n    back:\n",
    "a modeline": "# yaml-language-server: $schema=deck.schema.json\n" + HEAD,
}

WRONG: dict[str, tuple[str, list[str]]] = {
    "an unknown key of the deck": (HEAD + "qestion: Q?\n", ["3:1 unknown-key"]),
    "two unknown keys of the deck": (HEAD + "zzz: a\nyyy: [b]\n", ["3:1 unknown-key", "4:1 unknown-key"]),
    "a key of the deck in capitals": (HEAD + "Tags: [a]\n", ["3:1 unknown-key"]),
    "an unknown key of a reason": (REASON + "    zzz: a\n", ["7:5 unknown-key"]),
    "an unknown key of a point": (POINT + "text: a\n        chain: [b]\n", ["9:9 unknown-key"]),
    "an unknown key of a fact": (FACT + "fact: a\n        zzz: b\n", ["9:9 unknown-key"]),
    "a fact that has both of its names": (FACT + "fact: a\n        text: b\n", ["9:9 unknown-key"]),
    "an unknown key of a fact of a point": (
        POINT + "text: a\n        facts:\n          - fact: a\n            note: b\n",
        ["11:13 unknown-key"],
    ),
    "an unknown key of a fact of the deck": (HEAD + "facts:\n  - text: a\n    zzz: b\n", ["5:5 unknown-key"]),
    "an unknown key of a step": (
        REASON + "    chain:\n      - text: a\n        role: cause\n",
        ["9:9 unknown-key"],
    ),
    "an unknown key of a step in chains": (
        REASON + "    chains:\n      - links:\n          - text: a\n            tags: [b]\n",
        ["10:13 unknown-key"],
    ),
    "an unknown key of a step in a list in chains": (
        REASON + "    chains:\n      - - text: a\n          tags: [b]\n",
        ["9:11 unknown-key"],
    ),
    "an unknown key of a chain": (REASON + "    chains:\n      - id: a\n        links: [b]\n", ["8:9 unknown-key"]),
    "an unknown key of a text": (HEAD + "question:\n  text: Q?\n  note: n\n", ["5:3 unknown-key"]),
    "an unknown key of a note": (
        POINT + "text: a\n        note:\n          text: b\n          source: c\n",
        ["11:11 unknown-key"],
    ),
    "an unknown key of a meaning": (HEAD + "terms:\n  mir:\n    text: a\n    role: cause\n", ["6:5 unknown-key"]),
    "an unknown key of the judgement": (JUDGEMENT + "question: Q?\n  zzz: a\n", ["5:3 unknown-key"]),
    "an unknown key of a criterion": (
        JUDGEMENT + "question: Q?\n  criteria:\n    - text: a\n      id: b\n",
        ["7:7 unknown-key"],
    ),
    "an unknown key of a card": (CARD + "front: a\n    back: b\n    zzz: c\n", ["6:5 unknown-key"]),
    "an unknown key of a front": (
        CARD + "front:\n      text: a\n      note: b\n    back: b\n",
        ["6:7 unknown-key"],
    ),
    "other words for keys": (CARD + "question: a\n    answer: b\n", ["4:5 unknown-key", "5:5 unknown-key"]),
    "a list for a text": (HEAD + "question:\n  - Q?\n", ["4:3 value"]),
    "a mapping for a string": (HEAD + "source:\n  text: a\n  image: b\n", ["4:3 value"]),
    "a list for a string": (HEAD + "source:\n  - a\n", ["4:3 value"]),
    "a list for a point": (POINT + "- a\n", ["8:9 value"]),
    "a list for a step": (REASON + "    chain:\n      - - a\n", ["8:9 value"]),
    "a list for a fact": (FACT + "- a\n", ["8:9 value"]),
    "a list for a front": (CARD + "front:\n      - a\n    back: b\n", ["5:7 value"]),
    "a list for an id": ("deck: D\nid:\n  - d\n", ["3:3 value"]),
    "a mapping for a name": ("deck:\n  a: b\nid: d\n", ["2:3 yaml-reads-otherwise"]),
    "a mapping for a list of reasons": (HEAD + "question: Q?\nreasons:\n  r: R\n", ["5:3 value"]),
    "a mapping for a list of points": (REASON + "    points:\n      text: a\n", ["8:7 value"]),
    "a mapping for tags": (HEAD + "tags:\n  a: b\n", ["4:3 value"]),
    "a number for a list": (REASON + "    points: 5\n", ["7:13 value"]),
    "a text for a list": (HEAD + "tags: a, b\n", ["3:7 value"]),
    "a text for a list of facts": (REASON + "    facts: Plan\n", ["7:12 value"]),
    "a truth value for a list": (HEAD + "cards: true\n", ["3:8 value"]),
    "a list for terms": (HEAD + "terms:\n  - kulak\n", ["4:3 value"]),
    "a text for terms": (HEAD + "terms: kulak\n", ["3:8 value"]),
    "a list for a meaning": (HEAD + "terms:\n  mir:\n    - a\n", ["5:5 value"]),
    "a text for a reason": (HEAD + "question: Q?\nreasons:\n  - a\n", ["5:5 value"]),
    "a number for a reason": (HEAD + "question: Q?\nreasons:\n  - 5\n", ["5:5 value"]),
    "a text for the judgement": (HEAD + "judgement: a\n", ["3:12 value"]),
    "a list for the judgement": (HEAD + "judgement:\n  - a\n", ["4:3 value"]),
    "a text for a card": (CARD + "a\n", ["4:5 value"]),
    "a text for a chain of several": (REASON + "    chains:\n      - a\n", ["8:9 value"]),
    "a number for a chain": (REASON + "    chain: 5\n", ["7:12 value"]),
    "a list in a list of tags": (HEAD + "tags:\n  - - a\n", ["4:5 value"]),
    "a mapping among other spellings": (
        FACT + "fact: a\n        also:\n          - text: b\n            hint: c\n",
        ["10:13 value"],
    ),
    "no name": ("id: d\n", ["1:1 missing-key"]),
    "no id": ("deck: D\n", ["1:1 missing-key"]),
    "a reason without an id": (HEAD + "question: Q?\nreasons:\n  - reason: R\n", ["5:5 missing-key"]),
    "a reason without its name": (HEAD + "question: Q?\nreasons:\n  - id: r\n", ["5:5 missing-key"]),
    "reasons without a question": (HEAD + "reasons:\n  - id: r\n    reason: R\n", ["1:1 missing-key"]),
    "a point without its text": (POINT + "note: a\n", ["8:9 missing-key"]),
    "a fact without its words": (FACT + "hint: a\n", ["8:9 missing-key"]),
    "a chain without links": (REASON + "    chains:\n      - title: a\n", ["8:9 missing-key"]),
    "a text without its text": (HEAD + "question:\n  image: a.png\n", ["4:3 missing-key"]),
    "a judgement without a question": (JUDGEMENT + "verdict: a\n", ["4:3 missing-key"]),
    "a meaning without its text": (HEAD + "terms:\n  mir:\n    note: a\n", ["5:5 missing-key"]),
    "a name and an id left empty": ("deck:\nid:\n", ["1:1 value", "2:1 value"]),
    "a reason's name left empty": (HEAD + "question: Q?\nreasons:\n  - id: r\n    reason:\n", ["6:5 value"]),
    "a language left empty": (HEAD + "lang:\n", ["3:1 value"]),
    "a reason's role left empty": (REASON + "    role:\n", ["7:5 value"]),
    "a point left empty": (REASON + "    points:\n      - a\n      -\n", ["9:8 value"]),
    "a tag left empty": (HEAD + "tags:\n  - a\n  -\n", ["5:4 value"]),
    "a kind left empty": (HEAD + "make:\n  -\n", ["4:4 value"]),
    "a text left empty in a mapping": (HEAD + "question:\n  text:\n", ["4:3 value"]),
    "a fact left empty in a mapping": (FACT + "fact:\n        hint: a\n", ["8:9 value"]),
    "a meaning left empty": (HEAD + "terms:\n  mir:\n", ["4:3 value"]),
    "a criterion left empty": (JUDGEMENT + "question: Q?\n  criteria:\n    -\n", ["6:6 value"]),
    "texts that are blank": (
        HEAD + 'question: ""\nsource: " "\ntags: [""]\nterms: {a: ""}\n',
        ["3:11 value", "4:9 value", "5:8 value", "6:12 value"],
    ),
    "texts in which nothing can be seen": (
        HEAD + 'question: "\\u200b"\nsource: "\\u00ad\\u3000"\n',
        ["3:11 value", "4:9 value"],
    ),
    "terms that are blank": (HEAD + 'terms:\n  "": a\n  "\\u200d": b\n', ["4:3 value", "5:3 value"]),
    "an id in capitals": ("deck: D\nid: My Deck\n", ["2:5 unstable-id"]),
    "an id with two hyphens": ("deck: D\nid: a--b\n", ["2:5 unstable-id"]),
    "an id that ends in a line break": ('deck: D\nid: "d\\n"\n', ["2:5 unstable-id"]),
    "an id that is a negative number": ("deck: D\nid: -5\n", ["2:5 unstable-id"]),
    "an id that is a decimal number": ("deck: D\nid: 1.5\n", ["2:5 unstable-id"]),
    "an id of a point with a space": (POINT + "text: a\n        id: b c\n", ["9:13 unstable-id"]),
    "a tag with a space": (HEAD + "tags: [a, b c]\n", ["3:11 value"]),
    "a tag that ends in a line break": (HEAD + 'tags: ["a\\n"]\n', ["3:8 value"]),
    "a tag with a no-break space": (HEAD + 'tags: ["a\\u00a0b"]\n', ["3:8 value"]),
    "a language that is a name": (HEAD + "lang: English\n", ["3:7 value"]),
    "a language with an underscore": (HEAD + "lang: pt_BR\n", ["3:7 value"]),
    "a language that is a number": (HEAD + "lang: 5\n", ["3:7 value"]),
    "a name that is blank": ('deck: " "\nid: d\n', ["1:7 value"]),
    "a name with a part that is blank": ('deck: "A:: ::B"\nid: d\n', ["1:7 value"]),
    "a name that ends in colons": ('deck: "A::"\nid: d\n', ["1:7 value"]),
    "a name that begins with colons": ('deck: "::A"\nid: d\n', ["1:7 value"]),
    "a name in two lines": ('deck: "A\\nB"\nid: d\n', ["1:7 value"]),
    "a name that ends in a line break": ('deck: "A\\n"\nid: d\n', ["1:7 value"]),
    "a style that ends itself": (HEAD + 'style: ".card {} </style>"\n', ["3:8 value"]),
    "a style that is blank": (HEAD + 'style: ""\n', ["3:8 value"]),
    "an unknown kind": (HEAD + "make: [fact, facts]\n", ["3:14 value"]),
    "a kind that is a number": (HEAD + "make: [fact, 5]\n", ["3:14 value"]),
    "a text for kinds": (HEAD + "make: fact\n", ["3:7 value"]),
    "an unknown role of a point": (POINT + "text: a\n        role: effect\n", ["9:15 value"]),
    "an unknown role of a reason": (REASON + "    role: Cause\n", ["7:11 value"]),
    "a role that may be false": (REASON + "    role: no\n", ["7:11 value"]),
    "a list for a role": (REASON + "    role:\n      - cause\n", ["8:7 value"]),
    "a card without a shape": (CARD + "note: a\n", ["4:5 value"]),
    "a card without a back": (CARD + "front: a\n", ["4:5 value"]),
    "a card without a front": (CARD + "back: a\n", ["4:5 value"]),
    "a card whose cloze is left empty": (CARD + "cloze:\n", ["4:5 value"]),
    "much that is wrong": (
        HEAD + "zzz: a\nlang: English\nquestion: Q?\nreasons:\n  - id: R\n    point: a\n",
        ["3:1 unknown-key", "4:7 value", "7:5 missing-key", "7:9 unstable-id", "8:5 unknown-key"],
    ),
}

ELSEWHERE: dict[str, tuple[str, list[str], list[str]]] = {
    "reasons with a question left empty": (
        HEAD + "question:\nreasons:\n  - id: r\n    reason: R\n",
        ["1:1 missing-key"],
        ["3:1"],
    ),
    "a card of both shapes": (CARD + "front: a\n    back: b\n    cloze: c\n", ["4:5 value"], ["4:12", "5:11"]),
    "a card with a front and a cloze": (CARD + "front: a\n    cloze: c\n", ["4:5 value"], ["4:12"]),
    "a card whose back is left empty": (CARD + "front: a\n    back:\n", ["4:5 value"], ["5:5"]),
}
"""What mkdeck finds in a mapping, and an editor at one of its keys."""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_right(text: str, reader: type[OfYaml11]) -> None:
    """What mkdeck takes, an editor does not underline."""
    source = parse(text)
    assert (mkdecks(source), editors(source, reader)) == ([], [])


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_wrong(text: str, expected: list[str], reader: type[OfYaml11]) -> None:
    """What mkdeck refuses, an editor underlines at the same places, and unknown keys as unknown keys."""
    source = parse(text)
    assert source.problems == ()
    assert said(mkdecks(source)) == expected
    found = editors(source, reader)
    assert places(source, found) == {each.split()[0] for each in expected}
    unknown = [each for each in found if each[1] == "unknown"]
    assert places(source, unknown) == {each.split()[0] for each in expected if each.endswith(" unknown-key")}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("text", "expected", "underlined"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_wrong_elsewhere(text: str, expected: list[str], underlined: list[str], reader: type[OfYaml11]) -> None:
    """Where keys do not go together, mkdeck names the mapping that holds them, and an editor underlines one."""
    source = parse(text)
    assert said(mkdecks(source)) == expected
    assert places(source, editors(source, reader)) == set(underlined)


A_CARD = "cards: [{front: a, back: b}]\n"
BEYOND: dict[str, tuple[str, bool, bool]] = {
    "a number spelt as no id is": ("deck: D\nid: 1.0\n" + A_CARD, False, True),
    "a truth value spelt as no language is": (HEAD + "lang: true\n" + A_CARD, False, True),
    "a null that is a word": (CARD + "front: Which pointer leads nowhere?\n    back: null\n", True, False),
    "a tag that is the learner's": (HEAD + "tags: [leech]\n" + A_CARD, False, True),
    "an id that stands twice": (CARD + "{id: x, front: a, back: b}\n  - {id: x, front: c, back: d}\n", False, True),
    "a fact that stands in no point": (FACT + "a\n    points: [b]\n" + A_CARD, False, True),
    "a ranking of no reason": (JUDGEMENT + "{question: Q, verdict: v, ranking: [r]}\n", False, True),
    "a deck without cards": (HEAD, False, True),
}
"""A file; whether mkdeck takes it; whether an editor does."""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("text", "is_taken", "is_clean"), BEYOND.values(), ids=BEYOND)
def test_beyond_a_schema(text: str, reader: type[OfYaml11], *, is_taken: bool, is_clean: bool) -> None:
    """No schema can tell how a value was spelt, what stands elsewhere, and what shows when notes are made."""
    source = parse(text)
    try:
        problems = compile_deck(from_source(source), ROOT).problems
    except mkdeck.DeckError as error:
        problems = error.diagnostics
    assert (not problems, not editors(source, reader)) == (is_taken, is_clean)


# Every key of every class, in each form that it can have.
WHOLE: dict[str, Any] = {
    "deck": "A::B", "id": "d", "question": {"text": "Q", "image": "a.png"}, "lang": "en", "tags": ["a", "b"],
    "source": "s", "decided": 1929, "allow": ["r"], "description": "d", "style": ".card {}", "make": ["fact"],
    "facts": ["a", {"fact": "b", "id": "b", "hint": "h", "also": ["c", 1928]}, {"text": "d"}],
    "reasons": [
        {
            "id": "r", "reason": {"text": "R", "audio": "a.mp3"}, "facts": ["a"], "role": "context",
            "image": "b.png",
            "points": [1928, {"text": "a", "id": "p", "facts": ["a"], "note": "n", "role": "cause", "tags": ["a"]}],
            "chain": ["a", {"text": "b", "note": {"text": "n"}, "source": "s"}],
            "chains": [["a", "b"], {"title": "t", "links": ["a", {"text": "b", "id": "l"}]}],
            "explain": "e", "source": "s", "tags": ["a"], "allow": ["r"],
        },
        {"id": "s", "reason": "S"},
    ],
    "terms": {"a": "b", "c": {"text": "d", "id": "c", "note": "n", "source": "s", "tags": ["a"], "allow": ["r"]}},
    "judgement": {
        "id": "j", "question": "Q", "criteria": ["a", {"text": "b"}], "ranking": ["r", "s"], "verdict": "v",
        "counter": "c", "source": "s", "tags": ["a"], "allow": ["r"],
    },
    "cards": [
        {"id": "x", "front": "a", "back": {"text": "b"}, "note": "n", "source": "s", "tags": ["a"], "allow": ["r"]},
        {"cloze": "a"},
    ],
}  # fmt: skip
KEYS = sorted({key for each in MODELS for key in each.model_fields})
VALUES: list[Any] = [
    None, "", " ", "a", "A b", "a-b", "no", "1928", "cause", "fact", "A::", "<", 0, 1928, -1, 2.5, False,
    [], [None], ["a"], [1928], ["fact"], [["a"]], [{}], {}, {"a": "b"}, {"text": "a"}, {"text": 5, "fact": "a"},
    {"id": "a", "reason": "b"}, {"front": "a", "back": None}, {"links": None},
]  # fmt: skip


def holders(node: Any) -> list[Any]:
    """Give the mappings and lists in a deck's data that hold something."""
    if not node or not isinstance(node, dict | list):
        return []
    return [
        node,
        *(each for child in (node.values() if isinstance(node, dict) else node) for each in holders(child)),
    ]


@st.composite
def mutants(draw: st.DrawFn) -> Any:
    """Draw a deck in which up to three keys or items were left out, renamed or given another value."""
    deck = copy.deepcopy(WHOLE)
    for _ in range(draw(st.integers(1, 3))):
        if not (found := holders(deck)):
            break
        node = draw(st.sampled_from(found))
        key = draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        match draw(st.sampled_from(["drop", "rename", "replace"])):
            case "rename" if isinstance(node, dict):
                node[draw(st.sampled_from([*KEYS, f"{key}s", key.upper()]))] = node.pop(key)
            case "replace":
                node[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
            case _:
                del node[key]
    return deck


class Writer(yaml.SafeDumper):
    """Writes an empty key as authors do, with nothing after it, and false as the language `no`."""


Writer.add_representer(type(None), lambda self, _: self.represent_scalar("tag:yaml.org,2002:null", ""))
Writer.add_representer(bool, lambda self, _: self.represent_scalar("tag:yaml.org,2002:bool", "no"))


@given(mutants(), st.sampled_from(READERS))
@settings(max_examples=300)
def test_mutants(deck: Any, reader: type[OfYaml11]) -> None:
    """Whatever was done to a deck, mkdeck finds its shape right if and only if an editor underlines nothing.

    What BEYOND has is not drawn (`1.0`, `true`, a null that is written out) or not of the shape.
    """
    source = parse(yaml.dump(deck, Dumper=Writer, allow_unicode=True, sort_keys=False))
    assert source.problems == ()
    assert bool(mkdecks(source)) == bool(editors(source, reader))


A_DECK = TypeAdapter[Any](model.DeckData)
NAMED: dict[str, TypeAdapter[Any]] = {
    "id": TypeAdapter(model.Id),
    "tag": TypeAdapter(model.Tag),
    "words": TypeAdapter(model.Words),
}
"""The patterns that the schema has under a name."""


def is_taken(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("name", NAMED)
def test_every_character(name: str) -> None:
    """The schema's patterns take the same characters for blank, unseen or not allowed as the model.

    Those that this Python does not know are left out: pydantic may be newer.
    """
    adapter, pattern = NAMED[name], re.compile(SCHEMA["$defs"][name]["pattern"])
    chars = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in {"Cn", "Cs"}]
    assert [each for each in chars if bool(pattern.search(each)) != is_taken(adapter, each)] == []


ALPHABET = "aB9-_<>:: \t\n\x1f\x85\xa0\xad\u2028\u200b\u3000\ufeff\U000e0020中"


@given(st.text(st.sampled_from(ALPHABET), max_size=8))
def test_patterns(text: str) -> None:
    """Each pattern of the schema takes a text if and only if the model does, a last line break included."""
    keys = {name: SCHEMA["properties"][name] for name in ("deck", "lang", "style")}
    found = {name: not [*VALIDATOR.evolve(schema=each).iter_errors(text)] for name, each in keys.items()}
    assert found == {name: is_taken(A_DECK, {"deck": "D", "id": "d", name: text}) for name in keys}
    of_names = {name: re.search(SCHEMA["$defs"][name]["pattern"], text) is not None for name in NAMED}
    assert of_names == {name: is_taken(adapter, text) for name, adapter in NAMED.items()}


def test_schema_is_valid() -> None:
    """The schema says which dialect it is written in, and keeps to it."""
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(SCHEMA)


def test_patterns_have_words() -> None:
    """No editor has to show a pattern where a text does not match it."""

    def nodes(node: Any) -> list[Any]:
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
        return [node, *(each for child in inner for each in nodes(child))]

    patterns = [each for each in nodes(SCHEMA) if isinstance(each, dict) and "pattern" in each]
    assert len(patterns) == 7
    assert [each for each in patterns if not each.get("patternErrorMessage")] == []


def test_committed_schema() -> None:
    """The file in docs/ is the schema of this model."""
    committed = (ROOT / "docs/deck.schema.json").read_text(encoding="utf-8")
    assert committed == to_json(), "renew it: mkdeck schema > docs/deck.schema.json"


@pytest.mark.parametrize("kind", MODELS)
def test_everything_is_described(kind: Any) -> None:
    """Every class of the model and every key of it is described in the schema, in the model's words."""
    of_kind = SCHEMA if kind is model.DeckData else SCHEMA["$defs"][kind.__name__]
    assert of_kind["description"] == inspect.getdoc(kind)
    told = {key: each["description"] for key, each in of_kind["properties"].items() if key in kind.model_fields}
    assert told == {key: field.description for key, field in kind.model_fields.items()}
    assert all(told.values())


FILES = {
    **{
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for folder in ("decks", "tests/decks", "src/mkdeck/templates")
        for path in sorted((ROOT / folder).glob("*.yaml"))
    },
    **{str(block): block.text for block in [*DECKS, *blocks("yaml")] if block in DECKS or "$schema" in block.text},
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_decks_are_valid(text: str, reader: type[OfYaml11]) -> None:
    """Nothing is underlined in the project's own decks, nor in those of its pages."""
    source = parse(text)
    assert (mkdecks(source), editors(source, reader)) == ([], [])


TOLD = {
    "The deck": model.DeckData,
    "A reason": model.Reason,
    "A point": model.Point,
    "A fact": model.Fact,
    "A text": model.Text,
    "A step of a chain": model.Link,
    "A chain": model.Chain,
    "The meaning of a term": model.Meaning,
    "The judgement": model.Judgement,
    "A card": model.Card,
    "A note type": model.OwnNoteType,
    "A field": model.OwnField,
    "A template": model.OwnTemplate,
}
"""The headings under which docs/format.md has the keys of each class."""
VALUES_TOLD = {
    "Text": "text", "Judgement": "mapping", "words": "string", "id": "id", "tag": "tag", "Fact": "fact",
    "Point": "point", "Link": "step", "Chain": "chain", "Reason": "reason", "Card": "card",
    "OwnField": "field", "OwnTemplate": "template",
}  # fmt: skip


def told(key: str, of_key: Any) -> str:
    """Tell what may stand after a key, as docs/format.md does."""
    if "items" in of_key:
        names = {"make": "kind", "ranking": "id"}
        return f"list of {names.get(key) or told('', of_key['items'])}s"
    if "enum" in of_key:
        *others, last = [f"`{each}`" for each in of_key["enum"] if each]
        return f"{', '.join(others)} or {last}"
    mappings = {"terms": "terms", "note_types": "note types", "fields": "texts", "decks": "decks"}
    if key in mappings:
        return f"mapping of {mappings[key]}"
    kinds = str(of_key.get("type", ""))
    if kinds == "boolean":
        return "`true` or `false`"
    if "integer" in kinds and "string" not in kinds:
        return "number"
    return VALUES_TOLD[of_key.get("$ref", "/words").rpartition("/")[2]]


def test_all_keys_of_the_page() -> None:
    """The tables at the end of docs/format.md have the model's keys in its order and words, needed ones in bold."""
    page = (ROOT / "docs/format.md").read_text(encoding="utf-8").partition("\n## All keys\n")[2]
    found = {
        heading: [line for line in text.splitlines() if line.startswith("|")]
        for heading, text in re.findall(r"^### (.*)\n((?:(?!###).*\n)*)", page, re.MULTILINE)
    }
    expected = {}
    for heading, kind in TOLD.items():
        of_kind = SCHEMA if kind is model.DeckData else SCHEMA["$defs"][kind.__name__]
        expected[heading] = ["| key | value | what it is |", "|---|---|---|"]
        for key, field in kind.model_fields.items():
            name = f"**`{key}`**" if field.is_required() else f"`{key}`"
            value = told(key, of_kind["properties"][key])
            expected[heading].append(f"| {name} | {value} | {field.description} |")
    assert {*TOLD.values()} == {*MODELS}
    assert found == expected
