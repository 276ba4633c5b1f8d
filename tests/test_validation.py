"""The shape of a deck: every finding with its place and its mend, and what the short forms stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from findings import said

import mkdeck
from mkdeck.deck import from_source
from mkdeck.source import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = "deck: D\nid: d\n"
REASON = "deck: D\nid: d\nquestion: Q?\nreasons:\n  - id: r\n    reason: R\n"


def problems_of(text: str) -> Sequence[mkdeck.Diagnostic]:
    try:
        from_source(parse(text))
    except mkdeck.DeckError as error:
        return error.diagnostics
    return ()


KEYS_OF_A_DECK = (
    "mend: the keys here are `deck`, `id`, `question`, `lang`, `tags`, `source`, `decided`, `allow`, "
    "`description`, `theme`, `style`, `make`, "
    "`facts`, `reasons`, `terms`, `judgement`, `cards`, `media`, `note_types`"
)
KEYS_OF_A_REASON = (
    "mend: the keys here are `id`, `reason`, `facts`, `points`, `chain`, `chains`, `explain`, `role`, `image`, "
    "`source`, `tags`, `allow`"
)
KEYS_OF_A_POINT = (
    "mend: the keys here are `text`, `image`, `audio`, `id`, `facts`, `note`, `role`, `source`, `tags`, `allow`"
)
KEYS_OF_A_CARD = (
    "mend: the keys here are `id`, `front`, `back`, `cloze`, `note`, `source`, `type`, `fields`, `html`, `deck`, "
    "`decks`, `tags`, `allow`"
)
KEYS_OF_A_JUDGEMENT = (
    "mend: the keys here are `id`, `question`, `criteria`, `ranking`, `verdict`, `counter`, `source`, `tags`, "
    "`allow`"
)
NO_ID = "mend: add an `id:` in small letters, digits and hyphens; it must never change once the deck is shared"
NO_DECK = "mend: add `deck:`, the deck's name in Anki, such as `History::USSR`"
NEW = "mend: `mkdeck new NAME` writes a deck to start from"

PROBLEMS: dict[str, tuple[str, list[str]]] = {
    "no keys": (
        "{}\n",
        [
            "1:1 missing-key: `deck` is missing",
            NO_DECK,
            "1:1 missing-key: `id` is missing",
            NO_ID,
        ],
    ),
    "no deck": (
        "id: d\n",
        [
            "1:1 missing-key: `deck` is missing",
            NO_DECK,
        ],
    ),
    "a list instead of a deck": (
        "- deck: D\n",
        [
            "1:3 empty-deck: a deck is a mapping of keys such as `deck:` and `id:`",
            NEW,
        ],
    ),
    "a text instead of a deck": (
        "deck\n",
        [
            "1:1 empty-deck: a deck is a mapping of keys such as `deck:` and `id:`",
            NEW,
        ],
    ),
    "an empty file": (
        "",
        [
            "1:1 empty-deck: the file is empty",
            NEW,
        ],
    ),
    "nothing but comments": (
        "# deck: D\n",
        [
            "1:1 empty-deck: the file is empty",
            NEW,
        ],
    ),
    "a comment above a deck without an id": (
        "# mine\n\ndeck: D\n",
        [
            "3:1 missing-key: `id` is missing",
            NO_ID,
        ],
    ),
    "a misspelt key": (
        HEAD + "qestion: Q?\n",
        [
            "3:1 unknown-key: unknown key `qestion`",
            "mend: did you mean `question`?",
        ],
    ),
    "a key that is like none": (
        HEAD + "zzz: a\n",
        [
            "3:1 unknown-key: unknown key `zzz`",
            KEYS_OF_A_DECK,
        ],
    ),
    "an empty key": (
        HEAD + '"": a\n',
        [
            "3:1 unknown-key: a key is empty",
            KEYS_OF_A_DECK,
        ],
    ),
    "a short key in capitals": (
        "deck: D\nID: d\n",
        [
            "2:1 unknown-key: unknown key `ID`",
            "mend: did you mean `id`?",
        ],
    ),
    "other words for keys": (
        HEAD
        + (
            "title: T\nreasons:\n  - id: r\n    title: T\n    evidence:\n      - a\n"
            "cards:\n  - question: a\n    answer: b\n"
        ),
        [
            "3:1 unknown-key: unknown key `title`",
            "mend: did you mean `deck`?",
            "6:5 unknown-key: unknown key `title`",
            "mend: did you mean `reason`?",
            "7:5 unknown-key: unknown key `evidence`",
            "mend: did you mean `points`?",
            "10:5 unknown-key: unknown key `question`",
            "mend: did you mean `front`?",
            "11:5 unknown-key: unknown key `answer`",
            "mend: did you mean `back`?",
        ],
    ),
    "a point with a key of its own": (
        REASON + "    points:\n      - point: x {{y}}\n",
        [
            "8:9 unknown-key: unknown key `point`",
            'mend: did you mean `text`? If it is one text: write it as `- "point: x {{y}}"`',
        ],
    ),
    "a key in capitals": (
        HEAD + "Question: Q?\n",
        [
            "3:1 unknown-key: unknown key `Question`",
            "mend: did you mean `question`?",
        ],
    ),
    "a key with a line break and a sign of the terminal": (
        HEAD + '"a\\nb\\u202ec": d\n',
        [
            "3:1 unknown-key: unknown key `a\nb\u202ec`",
            KEYS_OF_A_DECK,
        ],
    ),
    "a long key": (
        HEAD + "a" * 200 + ": b\n",
        ["3:1 unknown-key: unknown key `" + "a" * 80 + "…`", KEYS_OF_A_DECK],
    ),
    "a misspelt key of a reason": (
        REASON + "    point:\n      - a\n",
        [
            "7:5 unknown-key: unknown key `point`",
            "mend: did you mean `points`?",
        ],
    ),
    "a misspelt key that is needed": (
        HEAD + "question: Q?\nreasons:\n  - id: r\n    reson: R\n",
        [
            "6:5 unknown-key: unknown key `reson`",
            "mend: did you mean `reason`?",
        ],
    ),
    "an unknown key and a missing one": (
        HEAD + "question: Q?\nreasons:\n  - reason: R\n    zzz: a\n",
        [
            "5:5 missing-key: `id` is missing",
            NO_ID,
            "6:5 unknown-key: unknown key `zzz`",
            KEYS_OF_A_REASON,
        ],
    ),
    "a key of a reason in a point": (
        REASON + "    points:\n      - text: a\n        chain: [b]\n",
        [
            "9:9 unknown-key: unknown key `chain`",
            KEYS_OF_A_POINT,
        ],
    ),
    "a misspelt text": (
        REASON + "    points:\n      - txt: a\n",
        [
            "8:9 unknown-key: unknown key `txt`",
            'mend: did you mean `text`? If it is one text: write it as `- "txt: a"`',
        ],
    ),
    "a point that holds a colon": (
        REASON + "    points:\n      - Stalin: a life\n",
        [
            "8:9 yaml-reads-otherwise: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `- "Stalin: a life"`',
        ],
    ),
    "a point that ends in a colon": (
        REASON + "    points:\n      - Stalin's reasons:\n",
        [
            "8:9 yaml-reads-otherwise: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `- "Stalin\'s reasons:"`',
        ],
    ),
    "a point that holds a colon and quotation marks": (
        REASON + '    points:\n      - Stalin said: "no"\n',
        [
            "8:9 yaml-reads-otherwise: YAML reads a text that holds `: ` as a key and its value",
            "mend: write it as `- 'Stalin said: \"no\"'`",
        ],
    ),
    "a point that holds a colon and goes on": (
        REASON + "    points:\n      - Stalin: a life\n          in full\n",
        [
            "8:9 yaml-reads-otherwise: YAML reads a text that holds `: ` as a key and its value",
            "mend: put the whole text below a `>-`",
        ],
    ),
    "a point with two strange keys": (
        REASON + "    points:\n      - Stalin: a life\n        Lenin: a death\n",
        [
            "8:9 missing-key: `text` is missing",
            "mend: add `text:`",
            "8:9 unknown-key: unknown key `Stalin`",
            KEYS_OF_A_POINT,
            "9:9 unknown-key: unknown key `Lenin`",
            KEYS_OF_A_POINT,
        ],
    ),
    "a point that may be a note": (
        REASON + "    points:\n      - Note: he was ill\n",
        [
            "8:9 unknown-key: unknown key `Note`",
            'mend: did you mean `note`? If it is one text: write it as `- "Note: he was ill"`',
        ],
    ),
    "a point whose key is in quotes": (
        REASON + '    points:\n      - "Stalin": a life\n',
        [
            "8:9 missing-key: `text` is missing",
            "mend: add `text:`",
            "8:9 unknown-key: unknown key `Stalin`",
            KEYS_OF_A_POINT,
        ],
    ),
    "a fact that holds a colon": (
        REASON + "    facts:\n      - Plan: a leap\n    points: [a]\n",
        [
            "8:9 yaml-reads-otherwise: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `- "Plan: a leap"`; or, with a hint, `- fact: Plan` and below it `hint: a leap`',
        ],
    ),
    "a fact in brackets that holds a colon": (
        REASON + "    facts: [a, Plan: a leap]\n",
        [
            "7:16 yaml-reads-otherwise: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `"Plan: a leap"`',
        ],
    ),
    "a term whose meaning holds a colon": (
        HEAD + "terms:\n  mir: \n    Commune: a village\n",
        [
            "5:5 yaml-reads-otherwise: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `"Commune: a village"`',
        ],
    ),
    "a source that holds a colon, in a line of its own": (
        HEAD + "source:\n  Davies: The Offensive\n",
        [
            "4:3 yaml-reads-otherwise: YAML reads a text that holds `: ` as a key and its value",
            'mend: write it as `"Davies: The Offensive"`',
        ],
    ),
    "a text that is a list in brackets": (
        HEAD + "question: [1928]\n",
        [
            "3:11 yaml-reads-otherwise: YAML reads a text that starts with `[` as a list",
            'mend: write it as `question: "[1928]"`',
        ],
    ),
    "a text that is a list": (
        HEAD + "question:\n  - Q?\n",
        [
            "4:3 value: `question` takes a text or a mapping, not a list",
            "mend: take the `- ` away",
        ],
    ),
    "a text that is a mapping in braces": (
        HEAD + "question: {Q}\n",
        [
            "3:11 yaml-reads-otherwise: YAML reads a text that starts with `{` as a mapping",
            'mend: write it as `question: "{Q}"`',
        ],
    ),
    "a point that is a list": (
        REASON + "    points:\n      - - a\n",
        [
            "8:9 value: item 1 of `points` takes a text or a mapping, not a list",
            "mend: take the `- ` away",
        ],
    ),
    "a point in brackets that is a list": (
        REASON + "    points: [a, [b], c]\n",
        [
            "7:17 yaml-reads-otherwise: YAML reads a text that starts with `[` as a list",
            'mend: write it as `"[b]"`',
        ],
    ),
    "an item that is empty": (
        REASON + "    points:\n      - a\n      -\n",
        [
            "9:8 value: item 2 of `points` is empty; it takes a text or a mapping",
            "mend: write it, or take its `-` away",
        ],
    ),
    "texts that are blank": (
        HEAD + 'question: ""\ndescription: " "\ntags: [""]\nterms: {a: ""}\n',
        [
            "3:11 value: `question` is blank",
            "mend: write a text or leave it out",
            "4:14 value: `description` is blank",
            "mend: write a text or leave it out",
            "5:8 value: item 1 of `tags` is blank",
            "mend: write a text or leave it out",
            "6:12 value: `a` is blank",
            "mend: write a text or leave it out",
        ],
    ),
    "texts in which nothing can be seen": (
        HEAD + 'question: "\\u200b"\nsource: "\\u00ad\\u200f"\n',
        [
            "3:11 value: `question` holds nothing that can be seen",
            "mend: write a text or leave it out",
            "4:9 value: `source` holds nothing that can be seen",
            "mend: write a text or leave it out",
        ],
    ),
    "terms that are blank": (
        HEAD + 'terms:\n  "": a\n  "\\u200d": b\n',
        [
            "4:3 value: a term is blank",
            "mend: write the term itself",
            "5:3 value: a term is blank",
            "mend: write the term itself",
        ],
    ),
    "values that are empty": (
        "deck:\nid:\nlang:\n",
        [
            "1:1 value: `deck` is empty; it takes a text",
            "mend: write it as `deck: History::USSR`",
            "2:1 value: `id` is empty; it takes a text",
            "mend: write it in small letters, digits and hyphens",
            "3:1 value: `lang` is empty; it takes a text",
            "mend: write it or leave it out",
        ],
    ),
    "values that may be empty": (
        HEAD
        + (
            "question:\ntags:\nsource:\ndescription:\nstyle:\nmake:\nfacts:\nreasons:\nterms:\njudgement:\ncards:\n"
        ),
        [],
    ),
    "texts instead of lists": (
        REASON + "    tags: a, b\n    facts: Plan\n    points: 'a: {{x}}'\n    chain: |\n      a\n      b\n",
        [
            "7:11 value: `tags` takes a list, not a text",
            "mend: write it as `tags: [a, b]`",
            "8:12 value: `facts` takes a list, not a text",
            "mend: write `facts:` and below it `- Plan`",
            "9:13 value: `points` takes a list, not a text",
            'mend: write `points:` and below it `- "a: {{x}}"`',
            "10:12 value: `chain` takes a list, not a text",
            "mend: put each item on a line of its own, with `- ` before it",
        ],
    ),
    "a text in braces instead of a list": (
        HEAD + "judgement: {question: Q, criteria: a}\n",
        [
            "3:36 value: `criteria` takes a list, not a text",
            "mend: write it as `criteria: [a]`",
        ],
    ),
    "a text below its key instead of a list": (
        REASON + "    points:\n      a {{b}}\n",
        [
            "8:7 value: `points` takes a list, not a text",
            "mend: put `- ` before each item",
        ],
    ),
    "dashes without a space": (
        REASON + "    points:\n      -a {{b}}\n      -c\ncards:\n  -front: d\n",
        [
            "8:7 value: `points` takes a list, not a text",
            "mend: put a space after `-`",
            "11:3 value: `cards` takes a list, not a mapping",
            "mend: put a space after `-`",
        ],
    ),
    "mappings instead of lists": (
        HEAD + "tags: {a: b}\nreasons:\n  id: r\n  reason: R\n",
        [
            "3:7 value: `tags` takes a list, not a mapping",
            "mend: put `- ` before the first key of each item",
            "5:3 value: `reasons` takes a list, not a mapping",
            "mend: put `- ` before the first key of each item",
        ],
    ),
    "lists instead of mappings": (
        HEAD + "terms: [a]\njudgement:\n  - question: J?\n",
        [
            "3:8 value: `terms` takes a mapping, not a list",
            "mend: write each as `term: its meaning`, without `- `",
            "5:3 value: `judgement` takes a mapping, not a list",
            KEYS_OF_A_JUDGEMENT,
        ],
    ),
    "texts instead of mappings": (
        HEAD + "reasons: [a]\njudgement: b\ncards: [c]\nterms: d\n",
        [
            "3:11 value: item 1 of `reasons` takes a mapping, not a text",
            KEYS_OF_A_REASON,
            "4:12 value: `judgement` takes a mapping, not a text",
            KEYS_OF_A_JUDGEMENT,
            "5:9 value: item 1 of `cards` takes a mapping, not a text",
            KEYS_OF_A_CARD,
            "6:8 value: `terms` takes a mapping, not a text",
            "mend: write each as `term: its meaning`",
        ],
    ),
    "ids that are none": (
        (
            'deck: D\nid: "d\\n"\nquestion: Q?\nreasons:\n  - id: One Two\n    reason: R\n  - id: é\n'
            "    reason: R\n  - id: a--b\n    reason: R\n  - id: -a\n    reason: R\n"
        ),
        [
            "2:5 unstable-id: `d\n` is not an id",
            "mend: write it as `d`: small letters, digits and hyphens",
            "5:9 unstable-id: `One Two` is not an id",
            "mend: write it as `one-two`: small letters, digits and hyphens",
            "7:9 unstable-id: `é` is not an id",
            "mend: write it as `e`: small letters, digits and hyphens",
            "9:9 unstable-id: `a--b` is not an id",
            "mend: write it as `a-b`: small letters, digits and hyphens",
            "11:9 unstable-id: `-a` is not an id",
            "mend: write it as `a`: small letters, digits and hyphens",
        ],
    ),
    "an id that is a number": ("deck: D\nid: 1928\n", []),
    "a deck name of two lines": (
        "deck: |\n  D\nid: d\n",
        [
            "1:7 value: a deck's name holds no line break or control character",
            "mend: write it in one line: `deck: History::USSR`",
        ],
    ),
    "a deck name with a blank part": (
        "deck: A::::B\nid: d\n",
        [
            "1:7 value: this is not a deck's name",
            "mend: write names that are not blank, with `::` between them",
        ],
    ),
    "a deck name that is blank": (
        'deck: " "\nid: d\n',
        [
            "1:7 value: this is not a deck's name",
            "mend: write names that are not blank, with `::` between them",
        ],
    ),
    "deck names of all scripts": ("deck: История::تاریخ\u200cها::歴史\u3000一::👩\u200d🏫\nid: d\n", []),
    "tags": (
        HEAD + 'tags: [a b, "a\\tb", "a\\n", a\u3000b, é::b]\n',
        [
            "3:8 value: the tag `a b` holds a space",
            "mend: write it as `a-b`; Anki splits tags at spaces",
            "3:13 value: the tag `a\tb` holds a space",
            "mend: write it as `a-b`; Anki splits tags at spaces",
            "3:21 value: the tag `a\n` holds a space",
            "mend: write it as `a`; Anki splits tags at spaces",
            "3:28 value: the tag `a\u3000b` holds a space",
            "mend: write it as `a-b`; Anki splits tags at spaces",
        ],
    ),
    "languages": (
        HEAD + 'lang: "en\\n"\n',
        [
            "3:7 value: `en\n` is not a language tag",
            "mend: write it as in BCP 47: `en`, `pt-BR`, `zh-Hant`",
        ],
    ),
    "a language that is no tag": (
        HEAD + "lang: English, please\n",
        [
            "3:7 value: `English, please` is not a language tag",
            "mend: write it as in BCP 47: `en`, `pt-BR`, `zh-Hant`",
        ],
    ),
    "Norwegian": (HEAD + "lang: no\n", []),
    "kinds": (
        HEAD + "make: [fact, Link, facts, zzz, [map], ]\n",
        [
            ("3:14 value: `Link` is none of `fact`, `link`, `map`, `explain`, `sort`, `judge`, `term` or `plain`"),
            "mend: did you mean `link`?",
            ("3:20 value: `facts` is none of `fact`, `link`, `map`, `explain`, `sort`, `judge`, `term` or `plain`"),
            "mend: did you mean `fact`?",
            ("3:27 value: `zzz` is none of `fact`, `link`, `map`, `explain`, `sort`, `judge`, `term` or `plain`"),
            "mend: write one of them",
            (
                "3:32 value: item 5 of `make` is a list, not one of `fact`, `link`, `map`, "
                "`explain`, `sort`, `judge`, `term` or `plain`"
            ),
            "mend: write one of them",
        ],
    ),
    "a kind alone": (
        HEAD + "make: fact\n",
        [
            "3:7 value: `make` takes a list, not a text",
            "mend: write it as `make: [fact]`",
        ],
    ),
    "roles": (
        REASON + "    role: Cause\n    points:\n      - text: a\n        role: effect\n",
        [
            "7:11 value: `Cause` is none of `cause`, `consequence` or `context`",
            "mend: did you mean `cause`?",
            "10:15 value: `effect` is none of `cause`, `consequence` or `context`",
            "mend: did you mean `consequence`?",
        ],
    ),
    "cards": (
        HEAD
        + (
            "cards:\n  - front: a\n  - back: a\n  - cloze: '{{a}}'\n    front: b\n  - front: a\n"
            "    back: b\n    cloze: '{{c}}'\n  - note: a\n  - {}\n"
        ),
        [
            "4:5 value: a card has either `front` and `back`, or `cloze`",
            "mend: add `back:`, the answer",
            "5:5 value: a card has either `front` and `back`, or `cloze`",
            "mend: add `front:`, the question",
            "6:5 value: a card has either `front` and `back`, or `cloze`",
            "mend: take `front:` out, or `cloze:`",
            "8:5 value: a card has either `front` and `back`, or `cloze`",
            "mend: take `front:` and `back:` out, or `cloze:`",
            "11:5 value: a card has either `front` and `back`, or `cloze`",
            "mend: add `front:` and `back:`, or `cloze:`",
            "12:5 value: a card has either `front` and `back`, or `cloze`",
            "mend: add `front:` and `back:`, or `cloze:`",
        ],
    ),
    "a judgement without a question": (
        HEAD + "judgement:\n  ranking: [a, '']\n  rankin: b\n",
        [
            "4:3 missing-key: `question` is missing",
            "mend: add `question:`",
            "5:3 unknown-key: unknown key `rankin`",
            "mend: did you mean `ranking`?",
        ],
    ),
    "chains": (
        REASON
        + ("    chains:\n      - [a, '']\n      - title: a\n      - b\n      - links: [c, {text: d, tagz: e}]\n"),
        [
            "8:13 value: item 2 of `links` is blank",
            "mend: write a text or leave it out",
            "9:9 missing-key: `links` is missing",
            "mend: add `links:`",
            "10:9 value: item 3 of `chains` takes a list or a mapping, not a text",
            "mend: the keys here are `title`, `links`",
            "11:30 unknown-key: unknown key `tagz`",
            "mend: the keys here are `text`, `image`, `audio`, `id`, `note`, `source`",
        ],
    ),
    "a merge key in quotes": (
        HEAD + "'<<': a\n",
        [
            "3:1 unknown-key: unknown key `<<`",
            KEYS_OF_A_DECK,
        ],
    ),
    "many at once": (
        (
            "deck: D\nid: D\ntags: a\nreasons:\n  - id: r\n    point: []\n  - reason: R\n"
            "    points: [[a]]\ncards:\n  - front: a\n"
        ),
        [
            "2:5 unstable-id: `D` is not an id",
            "mend: write it as `d`: small letters, digits and hyphens",
            "3:7 value: `tags` takes a list, not a text",
            "mend: write it as `tags: [a]`",
            "5:5 missing-key: `reason` is missing",
            "mend: add `reason:`, the reason in a few words",
            "6:5 unknown-key: unknown key `point`",
            "mend: did you mean `points`?",
            "7:5 missing-key: `id` is missing",
            NO_ID,
            "8:14 yaml-reads-otherwise: YAML reads a text that starts with `[` as a list",
            'mend: write it as `"[a]"`',
            "10:5 value: a card has either `front` and `back`, or `cloze`",
            "mend: add `back:`, the answer",
        ],
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_problems(name: str) -> None:
    """Every finding about the shape of a deck is told in one run, with its place and its mend."""
    text, expected = PROBLEMS[name]
    assert said(problems_of(text)) == expected


READINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "a text": (HEAD + "question: Q?\n", {"question": mkdeck.Text(text="Q?")}),
    "a text with a picture": (
        HEAD + "question: {text: Q?, image: a.png}\n",
        {"question": mkdeck.Text(text="Q?", image="a.png")},
    ),
    "facts": (
        HEAD + "facts: [1928, {fact: NEP, also: [the NEP]}, {text: kulak, hint: who}]\n",
        {
            "facts": [
                mkdeck.Fact(fact="1928"),
                mkdeck.Fact(fact="NEP", also=["the NEP"]),
                mkdeck.Fact(fact="kulak", hint="who"),
            ]
        },
    ),
    "chains": (
        REASON + "    chain: [a, b]\n    chains:\n      - [c, d]\n      - title: T\n        links: [e]\n",
        {
            "question": mkdeck.Text(text="Q?"),
            "reasons": [
                mkdeck.Reason(
                    id="r",
                    reason="R",
                    chain=["a", "b"],
                    chains=[mkdeck.Chain(links=["c", "d"]), mkdeck.Chain(title="T", links=["e"])],
                )
            ],
        },
    ),
    "terms": (
        HEAD + "terms:\n  no: nothing\n  1928: {text: a year, note: hard}\n",
        {"terms": {"no": mkdeck.Meaning(text="nothing"), "1928": mkdeck.Meaning(text="a year", note="hard")}},
    ),
    "keys with nothing after them": (
        HEAD
        + "question:\ntags:\nsource:\ndescription:\nstyle:\nmake:\nfacts:\nreasons:\nterms:\njudgement:\ncards:\n",
        {},
    ),
    "names in all scripts": (
        "deck: История::تاریخ\u200cها::歴史\u3000一::👩\u200d🏫\nid: 1928\nlang: no\ntags: [é::ß, 歴史]\n",
        {
            "deck": "История::تاریخ\u200cها::歴史\u3000一::👩\u200d🏫",
            "id": "1928",
            "lang": "no",
            "tags": ["é::ß", "歴史"],
        },
    ),
    "a text written once": (
        HEAD + "source: &s Davies\ncards:\n  - {front: a, back: b, source: *s}\n",
        {"source": "Davies", "cards": [mkdeck.Card(front="a", back="b", source="Davies")]},
    ),
}


@pytest.mark.parametrize("name", READINGS)
def test_readings(name: str) -> None:
    """The short forms of a file stand for the same as what is made in Python."""
    text, data = READINGS[name]
    assert from_source(parse(text)) == mkdeck.Deck(**{"deck": "D", "id": "d"} | data)


MADE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a number for a list": ({"reasons": 5}, ["Deck.reasons: error[value]: `reasons` takes a list, not int"]),
    "a number for a reason": (
        {"reasons": [5]},
        ["Deck.reasons[0]: error[value]: item 1 of `reasons` takes a mapping, not int"],
    ),
    "the same in two reasons": (
        {"reasons": [{"id": "a"}, {"id": "b"}]},
        [
            "Deck.reasons[0].reason: error[missing-key]: `reason` is missing",
            "Deck.reasons[1].reason: error[missing-key]: `reason` is missing",
        ],
    ),
    "an unknown argument": ({"zzz": 1}, ["Deck.zzz: error[unknown-key]: unknown key `zzz`"]),
    "a number as a key": (
        {"reasons": [{"id": "a", "reason": "R", 1: 2}]},
        ["Deck.reasons[0][1]: error[value]: Keys should be strings"],
    ),
    "a number as a term": ({"terms": {1: "a"}}, ["Deck.terms[1]: error[value]: a term is a text, not int"]),
    "a blank term": ({"terms": {" ": "a"}}, ["Deck.terms. : error[value]: a term is blank"]),
    "a term that is called as pydantic calls keys": (
        {"terms": {"[key]": 5}},
        ["Deck.terms.[key]: error[value]: `[key]` takes a text or a mapping, not int"],
    ),
    "bytes": (
        {"question": b"\xff"},
        ["Deck.question: error[value]: `question` takes a text or a mapping, not bytes"],
    ),
    "a lone surrogate": (
        {"source": "\ud800"},
        ["Deck.source: error[value]: `source` holds half of a surrogate pair, which is no character"],
    ),
    "nothing": ({"lang": None}, ["Deck.lang: error[value]: `lang` is empty; it takes a text"]),
    "a number among kinds": (
        {"make": ["fact", 3]},
        [
            (
                "Deck.make[1]: error[value]: item 2 of `make` is int, not one of `fact`, `link`, `map`, `explain`, "
                "`sort`, `judge`, `term` or `plain`"
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_decks_from_data(name: str) -> None:
    """A deck that is made in Python is held to the same; a finding names its place in the data."""
    data, expected = MADE[name]
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.Deck(deck="D", id="d", **data)
    assert [str(each) for each in caught.value.diagnostics] == expected


MENDS: dict[str, tuple[dict[str, Any], str]] = {
    "a number": ({"front": "a", "back": 1914}, "write it as a string: '1914'"),
    "a number in a mapping": ({"front": {"text": 5}, "back": "a"}, "write it as a string: '5'"),
    "no back": ({"front": "a"}, "add `back:`, the answer"),
}


@pytest.mark.parametrize("name", MENDS)
def test_mends_of_cards_from_data(name: str) -> None:
    """A card that is made in Python is told how to mend it, too."""
    data, expected = MENDS[name]
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.Card(**data)
    assert [each.mend for each in caught.value.diagnostics] == [expected]


def test_every_model_tells_all() -> None:
    """Each part of a deck, made alone, raises every finding about itself."""
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.Card(id="A", front=5, tags=["a b"])
    assert [str(each) for each in caught.value.diagnostics] == [
        "Card.id: error[unstable-id]: `A` is not an id",
        "Card.front: error[value]: `front` takes a text or a mapping, not int",
        "Card.tags[0]: error[value]: the tag `a b` holds a space",
    ]
