"""Note types of a deck's own, written by hand: what is wrong with them is told where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from findings import said
from typer.testing import CliRunner

import mkdeck
from mkdeck.cli.app import app
from mkdeck.deck import from_source
from mkdeck.diff import Difference, NoteDiff, compare, read_sides, to_text
from mkdeck.note_types import NOTE_TYPES
from mkdeck.outlook import not_by_itself
from mkdeck.pipeline import compile_all, settle_all
from mkdeck.preview.faces import preview
from mkdeck.source import parse

if TYPE_CHECKING:
    from pathlib import Path

    from real_anki import LearnersAnki

DECK = """\
deck: D
id: d
note_types:
  T:
    id: 5
    fields: [A, B]
    templates:
      - {name: c, front: "{{A}}", back: "{{B}}"}
cards:
  - {type: T, front: a, back: b}
"""
TWO = """\
  U:
    id: 5
    fields: [A, B]
    templates:
      - {name: c, front: "{{A}}", back: "{{B}}"}
cards:
"""
OF_MKDECK = f"id: {NOTE_TYPES['prompt'].id}"

IDS = {
    "0": (DECK.replace("id: 5", "id: 0"), "5:9: error[value]: 0 is the id of no note type: Anki refuses it"),
    "that of another": (
        DECK.replace("cards:\n", TWO),
        "10:9: error[value]: the note type `T` has this id, too",
    ),
    "that of one of mkdeck's which is needed": (
        f"{DECK.replace('id: 5', OF_MKDECK)}  - {{front: c, back: d}}\n",
        "5:9: error[value]: this is the id of a note type of mkdeck's, which other cards have",
    ),
    "that of one of mkdeck's which is not needed": (DECK.replace("id: 5", OF_MKDECK), ""),
}


def found(path: Path) -> str:
    return "\n".join(
        f"{each.span.line}:{each.span.column}: {each.severity}[{each.rule}]: {each.message}"
        for each in mkdeck.check(path)
    )


@pytest.mark.parametrize(("text", "expected"), IDS.values(), ids=IDS)
def test_ids(text: str, expected: str, tmp_path: Path) -> None:
    """An id that would make Anki refuse the package, or mix notes, is an error where it stands."""
    path = tmp_path / "deck.yaml"
    path.write_text(text)
    assert found(path) == expected


def test_a_colon_too_few(tmp_path: Path) -> None:
    """A name of a deck in Anki that has one colon for two is told once; other colons are as they are meant."""
    path = tmp_path / "deck.yaml"
    path.write_text(
        f"{DECK}"
        "  - {type: T, front: c, back: d, deck: 'D:E'}\n"
        "  - {type: T, front: e, back: f, decks: {1: 'D:E'}}\n"
        "  - {type: T, front: g, back: h, decks: {1: 'D::E:F'}}\n"
        "  - {type: T, front: i, back: j, deck: 'D: E'}\n"
        "  - {type: T, front: k, back: l, deck: 'F:E'}\n"
        "  - {type: T, front: m, back: n, deck: 'D::E'}\n"
    )
    assert said(mkdeck.check(path)) == [
        "11:40 value: the deck `D:E` is not inside `D`: two colons part their names",
        "mend: write `D::E`",
    ]


def test_a_deck_for_a_card_that_is_not_made(tmp_path: Path) -> None:
    """It is an error of the deck, of which a preview shows the cards that there are."""
    path = tmp_path / "deck.yaml"
    path.write_text(DECK.replace("front: a, back: b", "fields: {A: a}, decks: {1: x, 3: y}"))
    assert found(path) == "10:45: error[value]: this note has no card 3"
    assert [each.ordinal for each in preview(mkdeck.load(path)).cards] == [0]


def test_html_that_names_a_file_without_a_folder(tmp_path: Path) -> None:
    """Files get another name in Anki if they do not lie in the folder `media`, and HTML stays as it is."""
    (tmp_path / "a.png").write_bytes(b"x")
    path = tmp_path / "deck.yaml"
    deck = DECK.replace("front: a, back: b", "fields: {A: '<img src=\"a.png\">'}, html: true")
    path.write_text(deck)
    message = "warning[media]: `a.png` will have another name in Anki, and HTML stays as it is"
    assert message in found(path)
    path.write_text(f"media: .\n{deck}")
    assert message not in found(path)


HEAD = "deck: D\nid: d\n"
AN_ID = "mend: write a whole number that no other has, such as the time in milliseconds"
NO_ID = (
    "mend: add an `id:`, a whole number that no other has, such as the time in milliseconds; "
    "it must never change once the deck is shared"
)
KEYS = (
    "mend: the keys here are `id`, `fields`, `templates`, `css`, `cloze`, `stock`, `sort_field`, `latex_pre`, "
    "`latex_post`, `latex_svg`"
)


def with_type(
    fields: str = "[A]", templates: str = "[{name: c, front: x}]", more: str = "", id_: str = "    id: 5\n"
) -> str:
    """Write a deck with one note type; its `fields:` stand in line 6, its `templates:` in line 7."""
    return f"{HEAD}note_types:\n  T:\n{id_}    fields: {fields}\n    templates: {templates}\n{more}"


def with_card(card: str) -> str:
    """Write a deck with one card, in line 4."""
    return f"{HEAD}cards:\n  - {{{card}}}\n"


SHAPES: dict[str, tuple[str, list[str]]] = {
    "html that is neither true nor false": (
        with_card("type: T, fields: {A: a}, html: maybe"),
        [
            "4:37 value: `html` takes `true` or `false`, not `maybe`",
            "mend: write `html: true`, or leave it out",
        ],
    ),
    "html that is empty": (
        with_card("type: T, fields: {A: a}, html: "),
        [
            "4:31 value: `html` is empty; it takes `true` or `false`",
            "mend: write `html: true`, or leave it out",
        ],
    ),
    "html that is a list": (
        with_card("type: T, fields: {A: a}, html: [true]"),
        [
            "4:37 value: `html` takes `true` or `false`, not a list",
            "mend: write `html: true`, or leave it out",
        ],
    ),
    "html of a front and a back": (
        with_card("front: b, back: c, html: true"),
        [
            "4:25 value: `html` is for cards with `fields`",
            "mend: take it out, or write the texts under `fields:`",
        ],
    ),
    "an id that is a word": (
        with_type(id_="    id: T\n"),
        [
            "5:9 value: `id` takes a whole number, not `T`",
            AN_ID,
        ],
    ),
    "an id that is no whole number": (
        with_type(id_="    id: 1.5\n"),
        [
            "5:9 value: `id` takes a whole number, not `1.5`",
            AN_ID,
        ],
    ),
    "an id that is too large": (
        with_type(id_="    id: 9223372036854775808\n"),
        [
            "5:9 value: `id` is at most 9223372036854775807, not `9223372036854775808`",
            AN_ID,
        ],
    ),
    "an id that is too small": (
        with_type(id_="    id: -9223372036854775809\n"),
        [
            "5:9 value: `id` is at least -9223372036854775808, not `-9223372036854775809`",
            AN_ID,
        ],
    ),
    "an id of very many digits": (
        with_type(id_=f"    id: {'9' * 5000}\n"),
        [
            "5:9 value: `id` is longer than any number that Anki takes",
            AN_ID,
        ],
    ),
    "an id that is empty": (
        with_type(id_="    id:\n"),
        [
            "5:5 value: `id` is empty; it takes a whole number",
            AN_ID,
        ],
    ),
    "an id that is a list": (
        with_type(id_="    id: [5]\n"),
        [
            "5:9 value: `id` takes a whole number, not a list",
            AN_ID,
        ],
    ),
    "no id": (
        with_type(id_=""),
        [
            "5:5 missing-key: `id` is missing",
            NO_ID,
        ],
    ),
    "sizes": (
        with_type("[{name: A, size: 20px}, {name: B, size: -1}, {name: C, size: 70000}]"),
        [
            "6:30 value: `size` takes a whole number, not `20px`",
            "mend: write a whole number, such as `size: 20`",
            "6:53 value: `size` is at least 0, not `-1`",
            "mend: write a whole number, such as `size: 20`",
            "6:74 value: `size` is at most 65535, not `70000`",
            "mend: write a whole number, such as `size: 20`",
        ],
    ),
    "a size that is empty": (
        with_type("[{name: A, size: }]"),
        [
            "6:24 value: `size` is empty; it takes a whole number",
            "mend: write a whole number, such as `size: 20`",
        ],
    ),
    "a size for the browser": (
        with_type(templates="[{name: c, front: x, browser_size: big}]"),
        [
            "7:51 value: `browser_size` takes a whole number, not `big`",
            "mend: write a whole number, such as `browser_size: 12`",
        ],
    ),
    "ids of a field and of a template": (
        with_type("[{name: A, id: one}]", "[{name: c, front: x, id: two}]"),
        [
            "6:28 value: `id` takes a whole number, not `one`",
            AN_ID,
            "7:41 value: `id` takes a whole number, not `two`",
            AN_ID,
        ],
    ),
    "a tag": (
        with_type("[{name: A, tag: one}]"),
        [
            "6:29 value: `tag` takes a whole number, not `one`",
            "mend: write a whole number, such as `tag: 0`",
        ],
    ),
    "switches": (
        with_type("[{name: A, rtl: right, sticky: 2}]", more="    cloze: nope\n    latex_svg:\n"),
        [
            "6:29 value: `rtl` takes `true` or `false`, not `right`",
            "mend: write `rtl: true`, or leave it out",
            "6:44 value: `sticky` takes `true` or `false`, not `2`",
            "mend: write `sticky: true`, or leave it out",
            "8:12 value: `cloze` takes `true` or `false`, not `nope`",
            "mend: write `cloze: true`, or leave it out",
            "9:5 value: `latex_svg` is empty; it takes `true` or `false`",
            "mend: write `latex_svg: true`, or leave it out",
        ],
    ),
    "no field in the list": (
        with_type("[]"),
        [
            "6:13 value: `fields` is empty",
            "mend: write the names of its fields, such as `fields: [Front, Back]`",
        ],
    ),
    "fields that are empty": (
        with_type(""),
        [
            "6:5 value: `fields` is empty",
            "mend: write the names of its fields, such as `fields: [Front, Back]`",
        ],
    ),
    "no fields": (
        HEAD + "note_types:\n  T:\n    id: 5\n    templates: [{name: c, front: x}]\n",
        [
            "5:5 missing-key: `fields` is missing",
            "mend: add the names of its fields, such as `fields: [Front, Back]`",
        ],
    ),
    "fields in a text": (
        with_type("A, B"),
        [
            "6:13 value: `fields` takes a list, not a text",
            "mend: write it as `fields: [A, B]`",
        ],
    ),
    "fields in a mapping": (
        with_type("{A: a}"),
        [
            "6:13 value: `fields` takes a list, not a mapping",
            "mend: write the names of its fields, such as `fields: [Front, Back]`",
        ],
    ),
    "a field that is a list": (
        HEAD + "note_types:\n  T:\n    id: 5\n    fields:\n      - - A\n    templates: [{name: c, front: x}]\n",
        [
            "7:9 value: item 1 of `fields` takes a text or a mapping, not a list",
            "mend: take the `- ` away",
        ],
    ),
    "a field that is empty": (
        HEAD
        + "note_types:\n  T:\n    id: 5\n    fields:\n      - A\n      -\n    templates: [{name: c, front: x}]\n",
        [
            "8:8 value: item 2 of `fields` is empty; it takes a text or a mapping",
            "mend: write it, or take its `-` away",
        ],
    ),
    "a field without a name": (
        with_type("[{size: 20}]"),
        [
            "6:14 missing-key: `name` is missing",
            "mend: add `name:`, its name in Anki",
        ],
    ),
    "a field with misspelt keys": (
        with_type("[{nme: A}, {name: B, sise: 3}]"),
        [
            "6:15 unknown-key: unknown key `nme`",
            "mend: did you mean `name`?",
            "6:34 unknown-key: unknown key `sise`",
            "mend: did you mean `size`?",
        ],
    ),
    "no template in the list": (
        with_type(templates="[]"),
        [
            "7:16 value: `templates` is empty",
            "mend: write `- name:`, `front:` and `back:` for each of its cards below it",
        ],
    ),
    "templates that are empty": (
        with_type(templates=""),
        [
            "7:5 value: `templates` is empty",
            "mend: write `- name:`, `front:` and `back:` for each of its cards below it",
        ],
    ),
    "no templates": (
        HEAD + "note_types:\n  T:\n    id: 5\n    fields: [A]\n",
        [
            "5:5 missing-key: `templates` is missing",
            "mend: add `templates:`, and below it `- name:`, `front:` and `back:` for each of its cards",
        ],
    ),
    "templates in a text": (
        with_type(templates="c"),
        [
            "7:16 value: `templates` takes a list, not a text",
            "mend: write `- name:`, `front:` and `back:` for each of its cards below it",
        ],
    ),
    "a template without a front": (
        with_type(templates="[{name: c}]"),
        [
            "7:17 missing-key: `front` is missing",
            "mend: add `front:`, the HTML of its front, such as `{{Front}}` for the field `Front`",
        ],
    ),
    "a template in the words of Anki's files": (
        with_type(templates="[{name: c, qfmt: x, afmt: y}]"),
        [
            "7:27 unknown-key: unknown key `qfmt`",
            "mend: did you mean `front`?",
            "7:36 unknown-key: unknown key `afmt`",
            "mend: did you mean `back`?",
        ],
    ),
    "a field to sort by that there is not": (
        with_type(more="    sort_field: B\n"),
        [
            "8:5 value: there is no field `B` to sort by",
            "mend: its fields are `A`",
        ],
    ),
    "a field to sort by that is misspelt": (
        with_type("[Front, Back]", more="    sort_field: Fornt\n"),
        [
            "8:5 value: there is no field `Fornt` to sort by",
            "mend: did you mean `Front`?",
        ],
    ),
    "a field twice": (
        with_type("[A, B, A]"),
        [
            "6:20 value: another field is called `A`, too",
            "mend: give one of them another name",
        ],
    ),
    "fields that differ in capitals": (
        with_type("[Word, {name: word, size: 3}]"),
        [
            "6:21 value: another field is called `Word`, too; capitals make no difference to Anki",
            "mend: give one of them another name",
        ],
    ),
    "a template twice": (
        with_type(templates="[{name: c, front: x}, {name: c, front: y}]"),
        [
            "7:39 value: another template is called `c`, too",
            "mend: give one of them another name",
        ],
    ),
    "two fields twice, and a field to sort by": (
        with_type("[A, A, A]", more="    sort_field: Z\n"),
        [
            "6:17 value: another field is called `A`, too",
            "mend: give one of them another name",
            "6:20 value: another field is called `A`, too",
            "mend: give one of them another name",
            "8:5 value: there is no field `Z` to sort by",
            "mend: its fields are `A`, `A`, `A`",
        ],
    ),
    "a kind of Anki's that there is not": (
        with_type(more="    stock: zzz\n"),
        [
            (
                "8:12 value: `zzz` is none of `basic`, `basic-and-reversed`, `basic-optional-reversed`, "
                "`basic-typing`, `cloze` or `image-occlusion`"
            ),
            "mend: write one of them",
        ],
    ),
    "a sheet that is empty": (
        with_type(more="    css:\n"),
        [
            "8:5 value: `css` is empty; it takes a text",
            "mend: write it or leave it out",
        ],
    ),
    "an unknown key": (
        with_type(more="    csss: a\n"),
        [
            "8:5 unknown-key: unknown key `csss`",
            "mend: did you mean `css`?",
        ],
    ),
    "note types in a list": (
        HEAD + "note_types:\n  - T:\n      id: 5\n",
        [
            "4:3 value: `note_types` takes a mapping, not a list",
            "mend: write each as its name, and below it `id:`, `fields:` and `templates:`, without `- `",
        ],
    ),
    "note types in a text": (
        HEAD + "note_types: T\n",
        [
            "3:13 value: `note_types` takes a mapping, not a text",
            "mend: write each as its name, and below it `id:`, `fields:` and `templates:`",
        ],
    ),
    "a note type that is a text": (
        HEAD + "note_types:\n  T: x\n",
        [
            "4:6 value: `T` takes a mapping, not a text",
            KEYS,
        ],
    ),
    "a note type that is empty": (
        HEAD + "note_types:\n  T:\n",
        [
            "4:3 value: `T` is empty; it takes a mapping",
            KEYS,
        ],
    ),
    "a note type without a name": (
        HEAD + 'note_types:\n  "": {id: 5, fields: [A], templates: [{name: c, front: x}]}\n',
        [
            "4:3 value: the name of a note type is blank",
            "mend: write the name itself",
        ],
    ),
    "a folder that is blank": (
        HEAD + 'media: ""\n',
        [
            "3:8 value: `media` is blank",
            "mend: write a text or leave it out",
        ],
    ),
    "a folder that is a list": (
        HEAD + "media:\n  - a\n",
        [
            "4:3 value: `media` takes a text, not a list",
            "mend: take the `- ` away",
        ],
    ),
    "a deck and decks": (
        with_card("type: T, front: a, back: b, deck: x, decks: {1: y}"),
        [
            "4:34 value: a card has either a `deck` or `decks`",
            "mend: take one of the two out",
        ],
    ),
    "decks of a cloze": (
        with_card('type: T, cloze: "{{a}}", decks: {1: y}'),
        [
            "4:31 value: a card with a `cloze` has no `decks`",
            "mend: write a `deck:` in its place, or `fields:` in place of `cloze:`",
        ],
    ),
    "decks of cards that there cannot be": (
        with_card('type: T, front: a, back: b, decks: {0: x, 01: y, one: z, 1000: z, "": z}'),
        [
            "4:42 value: `0` is the number of no card",
            "mend: write the number of one of the note's cards, from 1",
            "4:48 value: `01` is the number of no card",
            "mend: write the number of one of the note's cards, from 1",
            "4:55 value: `one` is the number of no card",
            "mend: write the number of one of the note's cards, from 1",
            "4:63 value: `1000` is the number of no card",
            "mend: write the number of one of the note's cards, from 1",
            "4:72 value: the number of a card is blank",
            "mend: write the number itself",
        ],
    ),
    "a deck without a name": (
        with_card("type: T, front: a, back: b, decks: {1: }"),
        [
            "4:42 value: `1` is empty; it takes a text",
            "mend: write it or leave it out",
        ],
    ),
    "names that no deck has": (
        with_card('type: T, front: a, back: b, decks: {1: "a::"}'),
        [
            "4:45 value: this is not a deck's name",
            "mend: write names that are not blank, with `::` between them",
        ],
    ),
    "decks in a list": (
        with_card("type: T, front: a, back: b, decks: [x]"),
        [
            "4:41 value: `decks` takes a mapping, not a list",
            "mend: write each as `1: History::USSR`, the number of a card and its deck, without `- `",
        ],
    ),
    "decks in a text": (
        with_card("type: T, front: a, back: b, decks: x"),
        [
            "4:41 value: `decks` takes a mapping, not a text",
            "mend: write each as `1: History::USSR`, the number of a card and its deck",
        ],
    ),
    "fields without a type": (
        with_card("fields: {A: a}"),
        [
            "4:6 value: a card with `fields` needs a `type`, its note type",
            "mend: add `type:`, the name of one of the deck's `note_types:`",
        ],
    ),
    "fields and other texts": (
        with_card("type: T, fields: {A: a}, front: b, back: c, note: d, source: e"),
        [
            "4:31 value: a card with `fields` has no `front`",
            "mend: put its text into one of the `fields:`, or take it out",
            "4:41 value: a card with `fields` has no `back`",
            "mend: put its text into one of the `fields:`, or take it out",
            "4:50 value: a card with `fields` has no `note`",
            "mend: put its text into one of the `fields:`, or take it out",
            "4:59 value: a card with `fields` has no `source`",
            "mend: put its text into one of the `fields:`, or take it out",
        ],
    ),
    "fields and a cloze": (
        with_card('type: T, fields: {A: a}, cloze: "{{b}}"'),
        [
            "4:31 value: a card with `fields` has no `cloze`",
            "mend: put its text into one of the `fields:`, or take it out",
        ],
    ),
    "fields without a type, and all that does not belong together": (
        with_card("fields: {A: a}, front: b, deck: x, decks: {1: y}"),
        [
            "4:6 value: a card with `fields` needs a `type`, its note type",
            "mend: add `type:`, the name of one of the deck's `note_types:`",
            "4:22 value: a card with `fields` has no `front`",
            "mend: put its text into one of the `fields:`, or take it out",
            "4:32 value: a card has either a `deck` or `decks`",
            "mend: take one of the two out",
        ],
    ),
    "fields that say nothing": (
        with_card("type: T, fields: "),
        [
            "4:5 value: a card has either `front` and `back`, or `cloze`",
            "mend: add `front:` and `back:`, `cloze:` or `fields:`",
        ],
    ),
    "a field that says nothing": (
        with_card("type: T, fields: {A: }"),
        [
            "4:24 value: `A` is empty; it takes a text",
            "mend: write it or leave it out",
        ],
    ),
    "fields of a card in a list": (
        HEAD + "cards:\n  - type: T\n    fields:\n      - A: x\n",
        [
            "6:7 value: `fields` takes a mapping, not a list",
            "mend: write each as the name of a field and its text, such as `Front: a text`, without `- `",
        ],
    ),
    "fields of a card in a text": (
        with_card("type: T, fields: a"),
        [
            "4:23 value: `fields` takes a mapping, not a text",
            "mend: write each as the name of a field and its text, such as `Front: a text`",
        ],
    ),
    "a field without its name": (
        with_card('type: T, fields: {"": a}'),
        [
            "4:24 value: the name of a field is blank",
            "mend: write the name itself",
        ],
    ),
    "a type that is blank": (
        with_card('type: "", front: a, back: b'),
        [
            "4:12 value: `type` is blank",
            "mend: write a text or leave it out",
        ],
    ),
    "a type alone": (
        with_card("type: T"),
        [
            "4:5 value: a card has either `front` and `back`, or `cloze`",
            "mend: add `front:` and `back:`, `cloze:` or `fields:`",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), SHAPES.values(), ids=SHAPES)
def test_shapes(text: str, expected: list[str]) -> None:
    """Whatever is wrong with the keys and values is told in plain words, where it stands, with a mend."""
    with pytest.raises(mkdeck.DeckError) as caught:
        from_source(parse(text))
    assert said(caught.value.diagnostics) == expected


def test_decks_by_numbers_in_python() -> None:
    """A deck that is made in Python names its cards by texts, as YAML does."""
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.Card(type="T", front="a", back="b", decks={1: "x"})
    assert said(caught.value.diagnostics) == [
        "0:0 value: the number of a card is a text, not int",
        "mend: write it as a string: '1'",
    ]


CLOZES = (
    f"{HEAD}note_types:\n  T:\n    id: 5\n    fields: [Text, More]\n    cloze: true\n"
    "    templates: [{name: c, front: '{{cloze:Text}}', back: '{{cloze:Text}}'}]\ncards:\n  - "
)
SIDES = CLOZES.replace("    cloze: true\n", "").replace("cloze:", "")
IN_FIELDS = "write `cloze:` in place of `fields:`, or beside them `html: true`, with clozes as `{{c1::answer}}`"
NO_CLOZE = "value: this note has an empty card: no field has a cloze"
STANDS_HERE = "cloze-syntax: a cloze cannot stand here; points and `cloze:` cards hold clozes"

CARDS: dict[str, tuple[str, list[str]]] = {
    "clozes in Markdown": (
        CLOZES + "{type: T, fields: {Text: 'a {{c1::b}} c', More: '{{d}}'}}",
        [
            f"10:33 {STANDS_HERE}",
            f"mend: {IN_FIELDS}",
            f"10:54 {STANDS_HERE}",
            f"mend: {IN_FIELDS}",
        ],
    ),
    "clozes in Markdown of another note type": (
        SIDES + "{type: T, fields: {Text: 'a {{c1::b}} c'}}",
        [f"9:33 {STANDS_HERE}", r"mend: take the braces out, or write `\{\{`"],
    ),
    "no cloze in Markdown": (
        CLOZES + "{type: T, fields: {Text: a}}",
        [f"10:5 {NO_CLOZE}", f"mend: {IN_FIELDS}, or take the note out"],
    ),
    "no cloze in HTML": (
        CLOZES + "{type: T, fields: {Text: 'a {{b}}'}, html: true}",
        [f"10:5 {NO_CLOZE}", "mend: write what is asked for as `{{c1::answer}}`, or take the note out"],
    ),
    "an empty front": (
        SIDES + "{type: T, fields: {More: a}}",
        [
            "9:5 value: this note has an empty card: no front shows a field that is filled",
            "mend: fill one that a front shows, or take the note out",
        ],
    ),
    "a field that there is not": (
        CLOZES + "{type: T, fields: {Txt: '{{c1::a}}', Zz: b}, html: true}",
        [
            "10:24 unknown-key: the note type `T` has no field `Txt`",
            "mend: did you mean `Text`?",
            "10:42 unknown-key: the note type `T` has no field `Zz`",
            "mend: its fields are `Text`, `More`",
        ],
    ),
    "a front for a note type of clozes": (
        CLOZES + "{type: T, front: a, back: b}",
        ["10:12 value: the note type `T` takes `cloze`", "mend: write `cloze` in their place, or `fields`"],
    ),
    "a note type that there is not": (
        CLOZES + "{type: U, fields: {Text: a}}",
        [
            "10:12 value: there is no note type `U`",
            "mend: take one of those there (T), or write it under `note_types:`, or take `type:` out",
        ],
    ),
    "a folder that there is not": (
        CLOZES + "{type: T, fields: {Text: '{{c1::a}}'}, html: true}\nmedia: zz\n",
        [
            "11:8 media: there is no folder `zz` beside the deck",
            "mend: write the folder where the files lie that HTML names, or take `media:` out",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CARDS.values(), ids=CARDS)
def test_cards(text: str, expected: list[str], tmp_path: Path) -> None:
    """What is wrong with a card of an own note type is told once, with the mend that fits the note type."""
    path = tmp_path / "deck.yaml"
    path.write_text(text)
    assert said(mkdeck.check(path)) == expected


SOUGHT = {
    "words": "  - {type: T, front: What does a ribosome make?, back: proteins}\n",
    "signs of Anki's searches": "  - {type: T, front: 'is:due or \"a_b\" (and) -not * 50% C:\\x', back: b}\n",
    "words with HTML in and between them": (
        "  - {type: T, html: true, fields: {A: '<b>Zel</b>le &amp; <i>Kern</i>', B: <u>cell</u> and nucleus}}\n"
    ),
    "letters written as entities": "  - {type: T, html: true, fields: {A: 'caf&eacute; au lait', B: b}}\n",
    "another alphabet": "  - {type: T, front: Что такое НЭП?, back: политика}\n",
    "a cloze": "  - {type: C, cloze: 'The {{Long Telegram::which}} of {{1946}} warned.'}\n",
    "a long text": f"  - {{type: T, front: {'many words and ' * 30}, back: b}}\n",
    "a picture alone": "  - {type: T, html: true, fields: {A: '<img src=\"x y.png\">', B: b}}\n",
}
TYPES = """\
  C:
    id: 6
    cloze: true
    fields: [Text]
    templates:
      - {name: c, front: "{{cloze:Text}}", back: "{{cloze:Text}}"}
media: .
cards:
  - {type: T, front: Another note?, back: "yes"}
"""


@pytest.mark.parametrize("name", SOUGHT)
def test_notes_without_a_key_are_found(name: str, tmp_path: Path, anki: LearnersAnki) -> None:
    """The search that a build and a diff give for one that was taken out finds it, and not the others."""
    head = DECK.partition("cards:")[0] + TYPES
    (tmp_path / "x y.png").write_bytes(b"a picture")
    assert _found(head, SOUGHT[name], tmp_path, anki) == [1, 1, 1]


# name -> the note that is taken out, a note that stays, and how many notes are found by the search of a build, of a
# diff of packages, and of a diff of a lock, which knows no HTML
STAYING = {
    "its words inside another": (
        "{type: T, front: DNA?, back: a}",
        "{type: T, front: b, back: some DNA}",
        [1, 1, 1],
    ),
    "its words in the same field": (
        "{type: T, front: DNA, back: a}",
        "{type: T, front: My DNA, back: a}",
        [1, 1, 1],
    ),
    "other capitals": ("{type: T, fields: {A: DNA, B: a}}", "{type: T, fields: {A: dna, B: b}}", [1, 1, 1]),
    "the same front": ("{type: T, fields: {A: DNA, B: a}}", "{type: T, fields: {A: DNA, B: b}}", [0, 0, 0]),
    "the same front, spelt otherwise": (
        "{type: T, fields: {A: DNA, B: a}}",
        "{type: T, html: true, fields: {A: '<b>D</b>NA', B: b}}",
        [0, 0, 0],
    ),
    "the words of a cloze in the same order": (
        "{type: C, cloze: 'The {{Telegram}} warned.'}",
        "{type: C, cloze: 'The {{Long}} Telegram of 1946 warned.'}",
        [0, 1, 0],
    ),
    "the words of a cloze in another order": (
        "{type: C, cloze: 'The {{Telegram}} warned.'}",
        "{type: C, cloze: 'Warned by the {{Telegram}}.'}",
        [1, 1, 1],
    ),
    "lines, of which a lock does not know": (
        "{type: T, html: true, fields: {A: 'a<br>poem', B: c}}",
        "{type: T, fields: {A: a, B: b}}",
        [0, 1, 0],
    ),
    "an empty first field": ("{type: T, fields: {B: a}}", "{type: T, fields: {A: a, B: b}}", [0, 0, 0]),
}


@pytest.mark.parametrize(("gone", "stays", "count"), STAYING.values(), ids=STAYING)
def test_no_note_that_stays_is_found(
    gone: str, stays: str, count: list[int], tmp_path: Path, anki: LearnersAnki
) -> None:
    """Where no search tells a note from one that stays, none is given: what is found will be deleted."""
    head = f"{DECK.partition('cards:')[0]}{TYPES}  - {stays}\n"
    assert _found(head, f"  - {gone}\n", tmp_path, anki) == count


RESERVED = (
    "added card cid deck did dupe edited flag has-cd introduced is mid nc nid note preset prop rated re resched sc "
    "tag w front B_x B*x (a) a.b"
)


@pytest.mark.parametrize("field", RESERVED.split())
def test_names_of_fields_that_mean_something_else(field: str, tmp_path: Path, anki: LearnersAnki) -> None:
    """A field may be called as a search of Anki's is, or have signs in its name that mean more to it."""
    head = (
        (DECK.partition("cards:")[0] + TYPES)
        .replace("[Text]", f"['{field}']")
        .replace("cloze:Text", f"cloze:{field}")
    )
    assert _found(head, SOUGHT["a cloze"], tmp_path, anki) == [1, 1, 1]


def _found(head: str, gone: str, folder: Path, anki: LearnersAnki) -> list[int]:
    """Take a note out of a deck; give how many notes the search of the build finds, and those of two diffs.

    Each is that note; 0 stands for no search, too.
    """
    path, old, new = folder / "d.yaml", folder / "old.apkg", folder / "new.apkg"
    path.write_text(head + gone, encoding="utf-8")
    mkdeck.build(path, old)
    (folder / "old.lock.json").write_bytes((folder / "d.lock.json").read_bytes())
    anki.import_package(old)
    path.write_text(head, encoding="utf-8")
    (built,) = settle_all(compile_all([path]))
    mkdeck.build(path, new)
    anki.import_package(new)
    stays = {note.guid for note in built.settled.notes}
    (told,) = [line for line in not_by_itself(built) if line.startswith("    ")]
    searches = [told.split("`")[1] if "`" in told else ""]
    for side in (old, folder / "old.lock.json"):
        retired = [note for note in compare(*read_sides(str(side), str(new))).notes if note.what == "retired"]
        searches += [_search_of(note) for note in retired]
    found = [anki.col.find_notes(each) if each else [] for each in searches]
    assert not {anki.col.get_note(note).guid for each in found for note in each} & stays
    return [len(each) for each in found]


def _search_of(note: NoteDiff) -> str:
    lines = to_text(Difference("a", "b", (note,), 0), colour=False).splitlines()
    return next((line.partition("search: ")[2] for line in lines if "search: " in line), "")


FIRST = "  - {type: T, front: a, back: b}\n"
LATER = {
    "without a type": (FIRST, "  - {front: c, back: d}\n", ["'c\\nd'"]),
    "with a type": (FIRST, "  - {type: T, front: c, back: d}\n", []),
    "of another kind": (FIRST, "terms: {e: f}\n", []),
    "among others without": (f"{FIRST}  - {{front: c, back: d}}\n", "  - {front: e, back: f}\n", []),
}


@pytest.mark.parametrize(("first", "more", "named"), LATER.values(), ids=LATER)
def test_cards_whose_type_may_be_forgotten(first: str, more: str, named: list[str], tmp_path: Path) -> None:
    """The first cards of a deck that are of mkdeck's note types are named, once; they may be meant so."""
    path, out = tmp_path / "deck.yaml", tmp_path / "deck.apkg"

    def lines() -> list[str]:
        said = CliRunner().invoke(app, ["build", str(path), "-o", str(out)]).output.splitlines()
        title = "  new, without a `type:`, so of mkdeck's note types and not of the deck's:"
        at = said.index(title) if title in said else len(said)
        return [line.strip() for line in said[at + 1 :] if line.startswith("    ")]

    deck = DECK.replace(FIRST, first)
    path.write_text(deck)
    assert lines() == []
    path.write_text(deck + more)
    assert lines() == named
    path.write_text(f"{deck}{more}# a comment\n")
    assert lines() == []
