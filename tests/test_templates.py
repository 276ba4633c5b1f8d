"""Card templates of a deck's own note types: what Anki would not save is told at its tag, and can be imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import genanki
import pytest
from anki.errors import CardTypeError
from findings import said
from real_anki import LearnersAnki
from test_import_package import exported, held, taken_back

import mkdeck

if TYPE_CHECKING:
    from pathlib import Path

DECK = """\
deck: D
id: d
note_types:
  T:
    id: 1700000000001
    fields: [Word, Note]
    cloze: {cloze}
    templates:
      - name: c
        front: '{front}'
        back: '{back}'
cards:
  - {{type: T, fields: {{Word: "{{{{c1::a}}}}", Note: b}}, html: true}}
"""
INSTEAD = "Anki shows an error in place of its cards"
CLOSE = "mend: write `{{/Note}}` where the part ends that begins here, or take this out"
FIELDS = "mend: its fields are `Word`, `Note`"
FILTERS = "mend: Anki's are `cloze`, `cloze-only`, `text`, `hint`, `type`, `kanji`, `kana`, `furigana`"
NO_CLOZE = [
    "11:15 value: the back has no field with `cloze:`, so that it blanks nothing",
    "mend: write `{{cloze:Word}}` for the field with the clozes",
]

# Sides of a template, whether its note type is for clozes, whether Anki's editor refuses it, and the findings.
TEMPLATES: dict[str, tuple[str, str, bool, bool, list[str]]] = {
    "sound": ("{{Word}}{{#Note}}x{{/Note}}", "{{FrontSide}}{{hint:Note}}{{^Note}}y{{/Note}}", False, False, []),
    "what all note types have": (
        "{{Word}}{{Tags}}{{Deck}}{{#c7}}x{{/c7}}",
        "{{Card}}{{CardFlag}}",
        False,
        False,
        [],
    ),
    "filters of Anki's": (
        "{{tts en_US voices=a:Word}}{{type:nc:Word}}",
        "{{furigana:kana:Note}}",
        False,
        False,
        [],
    ),
    "a condition that is not closed": (
        "{{Word}}{{#Note}}x",
        "b",
        False,
        True,
        [f"10:25 value: the front ends without `{{{{/Note}}}}`: {INSTEAD}", CLOSE],
    ),
    "the second of two conditions": (
        "{{#Note}}{{Word}}{{/Note}} {{ #Note }}x",
        "b",
        False,
        True,
        [f"10:44 value: the front ends without `{{{{/Note}}}}`: {INSTEAD}", CLOSE],
    ),
    "a negation that is not closed": (
        "{{Word}}",
        "{{^Note}}x",
        False,
        True,
        [f"11:16 value: the back ends without `{{{{/Note}}}}`: {INSTEAD}", CLOSE],
    ),
    "a condition that another closes": (
        "{{Word}}{{#Note}}x{{/Word}}",
        "b",
        False,
        True,
        [
            f"10:35 value: the front has `{{{{/Word}}}}` where `{{{{/Note}}}}` should be: {INSTEAD}",
            "mend: write `{{/Note}}` before it, or in its place",
        ],
    ),
    "an end without a beginning": (
        "{{#Note}}{{Word}}{{/Note}}{{/Note}}",
        "b",
        False,
        True,
        [
            f"10:43 value: the front has `{{{{/Note}}}}`, and nothing is open: {INSTEAD}",
            "mend: take it out, or write `{{#Note}}` before it",
        ],
    ),
    "fields that there are not": (
        "<!-- {{Sense}} -->{{Word}}{{hint:Sense}}{{#Notes}}x{{/Notes}}",
        "b",
        False,
        True,
        [
            f"10:43 value: the front has `{{{{hint:Sense}}}}`, and the note type has no such field: {INSTEAD}",
            FIELDS,
            f"10:57 value: the front has `{{{{#Notes}}}}`, and the note type has no such field: {INSTEAD}",
            "mend: did you mean `Note`?",
        ],
    ),
    "both sides": (
        "{{/Word}}",
        "{{Sense}}",
        False,
        True,
        [
            f"10:17 value: the front has `{{{{/Word}}}}`, and nothing is open: {INSTEAD}",
            "mend: take it out, or write `{{#Word}}` before it",
            f"11:16 value: the back has `{{{{Sense}}}}`, and the note type has no such field: {INSTEAD}",
            FIELDS,
        ],
    ),
    "unknown filters": (
        "{{hnt:Word}}",
        "{{mine:text:Word}}",
        False,
        False,
        [
            "10:17 value: Anki has no filter `hnt`: without an add-on it does nothing",
            "mend: did you mean `hint`?",
            "11:16 value: Anki has no filter `mine`: without an add-on it does nothing",
            FILTERS,
        ],
    ),
    "a front without a field": (
        "Which word?",
        "{{Word}}",
        False,
        True,
        [
            "10:16 value: the front shows no field, and Anki makes no card of it",
            "mend: put a field on it, such as `{{Word}}`",
        ],
    ),
    "a front with nothing but a condition": (
        "{{#Word}}Which word?{{/Word}}",
        "{{Word}}",
        False,
        False,
        [
            "10:16 value: the front shows no field, and Anki makes no card of it",
            "mend: put a field on it, such as `{{Word}}`",
        ],
    ),
    "clozes": ("{{cloze:Word}}", "{{type:cloze:Word}}", True, False, []),
    "no cloze on the back": ("{{cloze:Word}}", "{{Word}}", True, True, NO_CLOZE),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates(name: str, tmp_path: Path) -> None:
    """Each finding stands at its tag, is a warning, and takes the place of one at each note."""
    front, back, is_cloze, _, expected = TEMPLATES[name]
    path = tmp_path / "deck.yaml"
    path.write_text(DECK.format(front=front, back=back, cloze=str(is_cloze).lower()))
    found = mkdeck.check(path)
    assert said(found) == expected
    assert {each.severity for each in found} <= {"warning"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_anki_refuses_is_told(name: str, tmp_path: Path) -> None:
    """Anki's own editor agrees: what it refuses to save has a finding."""
    front, back, is_cloze, is_refused, expected = TEMPLATES[name]
    anki = LearnersAnki(tmp_path)
    models = anki.col.models
    kind, template = models.new("T"), models.new_template("c")
    kind["type"] = int(is_cloze)
    for field in ("Word", "Note"):
        models.add_field(kind, models.new_field(field))
    template |= {"qfmt": front, "afmt": back}
    models.add_template(kind, template)
    if is_refused:
        assert expected
        with pytest.raises(CardTypeError):
            models.add(kind)
    else:
        models.add(kind)
    anki.col.close()


def test_fronts_that_are_the_same(tmp_path: Path) -> None:
    """Anki's editor refuses two templates with one front, too."""
    path = tmp_path / "deck.yaml"
    deck = DECK.format(front="{{Word}}", back="{{Note}}", cloze="false")
    path.write_text(deck.replace("cards:", '      - {name: d, front: "{{Word}}"}\ncards:'))
    assert said(mkdeck.check(path))[:2] == [
        "12:26 value: the front is that of the template `c`, too",
        "mend: make the two differ",
    ]


def test_a_tag_that_is_written_with_an_escape(tmp_path: Path) -> None:
    """Where the file does not have the tag as Anki reads it, the finding stands at the template."""
    path = tmp_path / "deck.yaml"
    deck = DECK.format(front="{{Word}}{{Sense}}", back="{{Note}}", cloze="false")
    path.write_text(deck.replace("'{{Word}}{{Sense}}'", r'"{{Word}}{{S\u0065nse}}"'))
    assert said(mkdeck.check(path))[0].startswith("10:16 value: the front has `{{Sense}}`")


def test_a_deck_made_in_python() -> None:
    """It names the template."""
    deck = mkdeck.Deck(
        deck="D",
        id="d",
        note_types={"T": {"id": 5, "fields": ["Word"], "templates": [{"name": "c", "front": "{{Word}}{{/Word}}"}]}},
        cards=[mkdeck.Card(type="T", fields={"Word": "a"})],
    )
    assert [str(each.span) for each in mkdeck.check(deck)] == ["note_types.T.templates[0].front"]


def test_many_findings_of_one_side(tmp_path: Path) -> None:
    """They are bounded, as a package may come from anybody."""
    path = tmp_path / "deck.yaml"
    front = "".join(f"{{{{Field {number}}}}}" for number in range(1000))
    path.write_text(DECK.format(front=front, back="{{Note}}", cloze="false"))
    assert len(mkdeck.check(path)) == 20


SOUND = ("{{Word}}", "{{Note}}")
PACKAGES = {
    "not closed": [("{{Word}}{{#Note}}", "b")],
    "no such field": [("{{Word}}{{Sense}}", "b")],
    "back": [("{{Word}}", "{{/Note}}")],
    "filter": [("{{mine:Word}}", "{{Sense}}")],
    "first of two": [("{{/Word}}", "b"), SOUND],
    "second of two": [SOUND, ("{{Note}}{{/Word}}", "b")],
    "no field": [SOUND, ("Which word?", "{{Word}}")],
    "both": [("{{/Word}}", "b"), ("{{/Note}}", "b")],
    "the same": [SOUND, SOUND],
}


@pytest.mark.parametrize("decks", ["D", "D::E"])
@pytest.mark.parametrize("name", PACKAGES)
def test_packages_with_such_templates(name: str, decks: str, tmp_path: Path) -> None:
    """A package is imported and built again; whoever has it keeps every note and card, also those with an error."""
    sides = PACKAGES[name]
    kind = genanki.Model(
        1700000000001,
        "T",
        fields=[{"name": "Word"}, {"name": "Note"}],
        templates=[{"name": f"c{n}", "qfmt": front, "afmt": back} for n, (front, back) in enumerate(sides)],
    )
    kind._req = [[number, "any", [0]] for number in range(len(sides))]
    deck = genanki.Deck(1700000000002, "D")
    deck.add_note(genanki.Note(kind, ["<table>a", "b"]))
    package = tmp_path / "made.apkg"
    genanki.Package(deck).write_to_file(package)
    maker = LearnersAnki(tmp_path / "maker")
    maker.import_package(package)
    last = maker.col.db.list("select id from cards where ord > 0")
    maker.col.set_deck(last, maker.col.decks.id(decks))
    exported(maker.col, package, is_legacy=False)

    learner = LearnersAnki(tmp_path / "learner")
    learner.import_package(package)
    before = learner.col.db.all("select id, nid, ord, did from cards"), held(learner)
    counts = learner.import_package(taken_back(package, tmp_path))
    assert set(counts) <= {"duplicate", "found_notes"}, counts
    assert (learner.col.db.all("select id, nid, ord, did from cards"), held(learner)) == before
    assert len(before[0]) == len(sides)
    learner.col.close()


EMPTIED = {
    "a field": ("fields: {Word: a}", "fill a field of its front, or take this out; its cards are 1"),
    "a template": ("fields: {Word: a, Note: b}", ""),
}


@pytest.mark.parametrize(("fields", "mend"), EMPTIED.values(), ids=EMPTIED)
def test_decks_of_a_card_whose_front_was_emptied(fields: str, mend: str, tmp_path: Path) -> None:
    """Anki keeps such cards, so packages hold them: it is a warning, or told of the template."""
    path = tmp_path / "deck.yaml"
    front = "{{Note}}" if mend else "x"
    deck = DECK.format(front="{{Word}}", back="b", cloze="false").split("cards:")[0]
    path.write_text(
        f"{deck}      - {{name: d, front: '{front}'}}\ncards:\n  - {{type: T, {fields}, decks: {{1: D, 2: E}}}}\n"
    )
    at_card = [each for each in mkdeck.check(path) if each.span.line == 14]
    assert [(str(each.severity), each.message, each.mend) for each in at_card] == (
        [("warning", "this note has no card 2", mend)] if mend else []
    )
