"""What `show` tells of a package: counts and health as the official backend has them, words, and three forms."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import ExportAnkiPackageOptions
from hypothesis import given
from hypothesis import strategies as st
from real_anki import LearnersAnki, visible

import mkdeck
from mkdeck.archive import Archive, Card, Deck, Field, MediaFile, Note, NoteType, Template, read_package
from mkdeck.archive.cards import drawn
from mkdeck.archive.texts import media_names, shown
from mkdeck.show import Duplicate, Missing, ShownDeck, show, summary, to_csv, to_json, to_table

PLAIN = NoteType(
    10, "Plain", (Field("Front"), Field("Back")), (Template("One", "{{Front}}", "{{FrontSide}}<hr>{{Back}}"),)
)
GAPS = NoteType(
    11, "Gaps", (Field("Text"),), (Template("C", "{{cloze:Text}}", "{{cloze:Text}}"),), is_cloze=True, stock="cloze"
)
DECKS = {deck.id: deck for deck in (Deck(1, "Default"), Deck(2, "B"), Deck(3, "A::X"), Deck(4, "A"))}


def note(
    number: int, *fields: str, note_type: NoteType = PLAIN, cards: tuple[Card, ...] | None = None, guid: str = "",
    tags: tuple[str, ...] = (),
) -> Note:  # fmt: skip
    return Note(
        number, guid or f"g{number}", note_type.id, 0, tags, fields, (Card(0, 2),) if cards is None else cards
    )


def archive(*notes: Note, media: tuple[str, ...] = (), decks: dict[int, Deck] = DECKS, **more: Any) -> Archive:
    """Give a package that has been read."""
    files = {name: MediaFile(name, str(place), 1000) for place, name in enumerate(media)}
    types = {each.id: each for each in (PLAIN, GAPS)}
    parts: dict[str, Any] = {"note_types": types, "decks": decks, "notes": notes, "media": files} | more
    return Archive(Path("x.apkg"), 1, **parts)


# Against the official backend


FIELDS = {
    "Basic": ["What <b>is</b> it?<br>Say<div>it</div>", "a &lt;b&gt; <i>c</i>"],
    "Basic (and reversed card)": ["one", "two<img src='p.png'>"],
    "Basic (optional reversed card)": ["one way", "two", "yes"],
    "Basic (type in the answer)": ["type", "typed"],
    "Cloze": ["{{c1::Stalin}} in {{c2::1929::when?}}: {{c1::a {{c3::nested::hint}} b}} {{c2,3::both}}", "extra"],
    "Image Occlusion": ["{{c1::image-occlusion:rect:left=.1:top=.1:width=.1}}", "<img src=p.png>", "H", "B", ""],
    "Own": ["first", "", "<br>", "{{c1::x}}"],
}  # fmt: skip
OWN_FRONT = (
    "{{#A}}has {{A}}{{/A}}{{^A}}no A{{/A}} {{#B}}has B{{/B}}{{^B}}no B{{#A}} in A{{/A}}{{/B}} {{^C}}no C{{/C}}"
    "<!-- {{A}} --> {{{A}}} {{text:A}} {{Deck}} {{Subdeck}} {{Type}} {{Card}} {{Tags}} {{ A }} {{#Tags}}t{{/Tags}}"
)


@pytest.fixture
def filled(anki: LearnersAnki) -> LearnersAnki:
    """A collection with a note of each stock note type, and of one that uses all of the template language."""
    col = anki.col
    own = col.models.new("Own")
    for name in "ABCD":
        col.models.add_field(own, col.models.new_field(name))
    template = col.models.new_template("Karte")
    template |= {"qfmt": OWN_FRONT, "afmt": "{{FrontSide}} | {{D}}"}
    col.models.add_template(own, template)
    col.models.add(own)
    col.add_image_occlusion_notetype()
    for name, fields in FIELDS.items():
        made = col.new_note(col.models.by_name(name))
        made.fields = list(fields)
        made.tags = ["b", "a"]
        col.add_note(made, col.decks.id("Deck::Sub"))
    return anki


def exported(anki: LearnersAnki, path: Path) -> Path:
    options = ExportAnkiPackageOptions(with_media=True, legacy=False)
    anki.col.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


def test_cards_are_drawn_as_anki_draws_them(filled: LearnersAnki, tmp_path: Path) -> None:
    """The words of both sides are Anki's, of all stock note types and of conditions, filters and special fields."""
    read = read_package(exported(filled, tmp_path / "x.apkg"))
    compared = 0
    for each in read.notes:
        for card in each.cards:
            real = filled.col.get_card(
                filled.col.db.scalar("select id from cards where nid = ? and ord = ?", each.id, card.ordinal)
            )
            sides = tuple(words(side) for side in (real.question(), real.answer()))
            front, back = drawn(read, each, card)
            if "type" in read.note_types[each.note_type].name:
                assert (front, back) == ("type", "type typed")
            else:
                assert (front, back) == sides
            compared += 1
    assert compared == 11


def words(side: str) -> str:
    """Give the words of a side as Anki draws it."""
    side = re.sub(r"(?s)<style>.*?</style>|<script>.*?</script>|<!--.*?-->", "", side)
    side = re.sub(r"<img src=[\"']?([^\"'>]*)[\"']?>", r" [\1] ", side)
    side = re.sub(r"</?(?:div|br|hr|button)\b[^>]*>", " ", side)
    return visible(side)


def test_media_that_are_missing_and_not_used(filled: LearnersAnki, tmp_path: Path) -> None:
    """Health names the files that Anki's own media check names."""
    folder = Path(filled.col.media.dir())
    for name in ("used.png", "unused.png", "_kept.css", "a&b.mp3", "ü.png"):
        (folder / name).write_bytes(b"x")
    fields = [
        '<img alt="a > b" src="used.png"> <img src=gone.png> <img src="https://example.org/x.png"> src=nothing.png',
        """<audio src='a&amp;b.mp3'></audio> [sound:gone.mp3] <object data="gone.svg"> <img src="u\u0308.png">
        <IMG class=x SRC='gone too.png' /> <p data='no.png'>""",
    ]
    made = filled.col.new_note(filled.col.models.by_name("Basic"))
    made.fields = fields
    filled.col.add_note(made, 1)
    path = tmp_path / "x.colpkg"
    filled.col.export_collection_package(out_path=str(path), include_media=True, legacy=False)
    filled.col.reopen()
    checked = filled.col.media.check()
    health = show(path).health
    assert [each.name for each in health.missing_media] == sorted(checked.missing)
    assert list(health.unused_media) == sorted(checked.unused)
    assert sorted(checked.missing) == ["gone too.png", "gone.mp3", "gone.png", "gone.svg", "p.png"]
    assert sorted(checked.unused) == ["unused.png"]
    assert health.missing_media[-1] == Missing("p.png", 2)


def test_counts(filled: LearnersAnki, tmp_path: Path) -> None:
    """Decks, note types and cards are counted as Anki counts them."""
    made = show(exported(filled, tmp_path / "x.apkg"))
    col = filled.col
    assert (made.notes, made.cards) == (col.note_count(), col.card_count())
    assert made.decks == (ShownDeck("Deck", 0, 0), ShownDeck("Deck::Sub", 7, 11))
    assert {each.name: each.notes for each in made.note_types} == {
        each.name: each.use_count for each in col.models.all_use_counts()
    }
    assert made.format == 3


# Health


HEALTH: dict[str, tuple[Archive, dict[str, Any]]] = {
    "nothing is wrong": (archive(note(1, "a", "b"), note(2, "c", "")), {}),
    "no card": (archive(note(1, "a", "b", cards=())), {"notes_without_cards": ("g1",)}),
    "an empty first field": (
        archive(note(1, "<br>&nbsp;", "b"), note(2, "<img src=p.png>", "b"), media=("p.png",)),
        {"empty_first_fields": ("g1",)},
    ),
    "a sound alone is not empty": (archive(note(1, "[sound:p.mp3]", "b"), media=("p.mp3",)), {}),
    "the same front in other tags": (
        archive(note(1, "<b>Same</b> text", "b"), note(2, "Same&nbsp;text", "c"), note(3, "Same texts", "d")),
        {"duplicate_fronts": (Duplicate("Plain", "Same text", ("g1", "g2")),)},
    ),
    "the same front of another note type": (
        archive(note(1, "Same", "b"), note(2, "Same", note_type=GAPS)), {}
    ),
    "the same words with other pictures": (
        archive(note(1, "<img src=a.png>", "b"), note(2, "<img src=b.png>", "b"), media=("a.png", "b.png")), {}
    ),
    "one guid twice": (
        archive(note(1, "a", "b", guid="g"), note(2, "b", "b", guid="g")), {"doubled_guids": ("g",)}
    ),
    "missing, counted by notes": (
        archive(note(1, "a<img src=p.png><img src=p.png>", "[sound:p.png]"), note(2, "b", "<img src=p.png>")),
        {"missing_media": (Missing("p.png", 2),)},
    ),
    "not used": (archive(note(1, "a", "b"), media=("b.png", "_a.css", "latex-1.png", "a.png")), {
        "unused_media": ("a.png", "b.png")}),
}  # fmt: skip


@pytest.mark.parametrize("case", HEALTH)
def test_health(case: str) -> None:
    """Each complaint stands alone."""
    given_, expected = HEALTH[case]
    sound = summary(archive(note(1, "a", "b"))).health
    assert summary(given_).health == replace(sound, **expected)


# Words


SHOWN = {
    "plain": ("a  b", "a b"),
    "entities": ("&lt;a&gt; &amp; b&nbsp;c", "<a> & b c"),
    "inline and block": ("<b>H</b>ello<div>you</div>there<br/>x", "Hello you there x"),
    "a picture": ("see<img class='x' src='a b.png'>this", "see [a b.png] this"),
    "a sign in an attribute": ('<a title="a > b">c</a>', "c"),
    "style, script and comment": ("a<style>b{}</style>c<script>if (a<b) d</script>e<!-- <b> -->f", "a c e f"),
    "a tag without end": ("a <b c", "a"),
    "a comment without end": ("a <!-- b", "a"),
    "a quote without end": ('a <i title="x>b</i>', "a b"),
    "less than": ("1 < 2 and 3<4", "1 < 2 and 3<4"),
}


@pytest.mark.parametrize("case", SHOWN)
def test_words_of_html(case: str) -> None:
    """HTML shows the words that a reader sees."""
    markup, expected = SHOWN[case]
    assert shown(markup) == expected


MEDIA_NAMES = {
    "quotes of all kinds": (
        "<img src=a.png><img src='b c.png'><img src=\"d'.png\">", {"a.png", "b c.png", "d'.png"}
    ),
    "sounds": ("[sound:a.mp3] [sound:b &amp; c.mp3] [sound:]", {"a.mp3", "b & c.mp3"}),
    "other elements": (
        "<video src=a.mp4><source src=b.ogg><object data=c.svg><audio src=d.mp3><a href=e.png><iframe src=f>",
        {"a.mp4", "b.ogg", "c.svg", "d.mp3"},
    ),
    "elsewhere": ("<img src=https://x/a.png><img src='data:image/png;base64,x'><img src=//x/a.png>", set()),
    "inside another tag": ("<a<img src='p.png'>", {"p.png"}),
    "no source": ("<img alt=x> src=a.png", set()),
}  # fmt: skip


@pytest.mark.parametrize("case", MEDIA_NAMES)
def test_media_of_a_field(case: str) -> None:
    """A field names its files in elements and in sounds."""
    field, expected = MEDIA_NAMES[case]
    assert media_names(field) == expected


LONG = {
    "tags that do not end": "<a " * 300_000,
    "signs in quotes only": '<a ">" ' * 200_000,
    "a last quote that does not end": '<a ">" ' * 200_000 + '<a "',
    "sources": "<img " + "src=a " * 200_000,
    "quotes of both kinds": "<a '\" " * 200_000,
    "comments": "<!--" * 200_000,
    "styles": "<style>" * 200_000,
    "sounds": "[sound:" * 200_000,
    "clozes": "{{c1::" * 200_000,
    "cloze ends": "}}" * 200_000,
    "comments that end": "<!---->" * 200_000,
    "braces": "{" * 1_000_000,
    "fields": "{{Front}}" * 100_000,
    "conditions": "{{#Front}}" * 100_000,
    "blanks": " " * 1_000_000,
}


@pytest.mark.parametrize("case", LONG)
def test_no_text_takes_long(case: str) -> None:
    """A megabyte of anything, as a field and as a template, is done in a moment and gives a short sample."""
    text = LONG[case]
    loop = replace(PLAIN, templates=(Template("One", text, text + "{{FrontSide}}" * 1000),))
    (plain,) = summary(archive(note(1, text, text), note_types={10: loop})).note_types
    (cloze,) = summary(archive(note(1, text, note_type=GAPS), note_types={11: GAPS})).note_types
    for sample in (*plain.samples, *cloze.samples):
        assert max(len(sample.front), len(sample.back)) <= 1000


@given(
    st.text(alphabet="{}c1:#^/FrontBack<>!-\"'= [sound]&;", max_size=60),
    st.text(alphabet="{}c12:, a<>", max_size=40),
)
def test_any_template_and_any_field_are_drawn(template: str, field: str) -> None:
    """What is wrong in a template or a cloze is passed over."""
    own = replace(PLAIN, templates=(Template("One", template, template + "{{Front}}"),))
    clozes = replace(GAPS, templates=(Template("One", template + "{{cloze:Text}}", "{{cloze-only:Text}}"),))
    given_ = archive(note(1, field, field), note(2, field, note_type=GAPS), note_types={10: own, 11: clozes})
    for each in given_.notes:
        assert len(drawn(given_, each, each.cards[0])) == 2


FILTERS = {
    "{{hint:Front}}": "[Front]",
    "{{hint:Back}}": "",
    "{{tts en_US voices=Apple:Front}} x": "x",
    "{{type:Front}} x": "x",
    "{{text:Front}}": "a b",
    "{{furigana:Front}}": "a b",
    "{{Nothing}} x": "x",
    "{{#c1}}x{{/c1}}": "",
    "{{#Front}}x": "x",
    "x{{/Front}}y": "xy",
    "{{#Front}}x{{/Back}}y": "xy",
    "x {{Front": "x {{Front",
}


@pytest.mark.parametrize("template", FILTERS)
def test_filters(template: str) -> None:
    """A hint is named, what else only a program can draw is left out, and a filter of add-ons changes nothing."""
    own = replace(PLAIN, templates=(Template("One", template, ""),))
    given_ = archive(note(1, "<b>a</b> b", ""), note_types={10: own})
    assert drawn(given_, given_.notes[0], Card(0, 2)) == (FILTERS[template], "")


CLOZES = {
    "the asked one": ("{{c1::a}} b {{c2::c}}", 0, ("[...] b c", "a b c")),
    "a hint": ("{{c1::a::what}}", 0, ("[what]", "a")),
    "another number": ("{{c1::a}}", 1, ("", "")),
    "inner and outer": ("{{c1::a {{c2::b}} c}}", 1, ("a [...] c", "a b c")),
    "two numbers": ("{{c1,2::a}} {{c2::b}}", 0, ("[...] b", "a b")),
    "one that does not end": ("{{c1::a}} {{c2::b", 0, ("[...] b", "a b")),
    "ends of nothing": ("a }} {{c1::b}}", 0, ("a }} [...]", "a }} b")),
}


@pytest.mark.parametrize("case", CLOZES)
def test_clozes(case: str) -> None:
    """A cloze of the card's number is a blank, the others show their answers."""
    text, ordinal, expected = CLOZES[case]
    given_ = archive(note(1, text, note_type=GAPS, cards=(Card(ordinal, 2),)))
    assert drawn(given_, given_.notes[0], given_.notes[0].cards[0]) == expected


# The three forms


TOLD = archive(
    note(1, "Why?<img src=gone.png>", 'Because, "so"\nthere', tags=("a", "b::c")),
    note(2, "{{c1::Stalin}} in {{c2::1929::when}}", note_type=GAPS, cards=(Card(0, 3), Card(1, 2))),
    note(3, "Why?<img src=gone.png>", "", cards=()),
    media=("map.png",),
)  # fmt: skip

TABLE = """\
x.apkg: 3 notes, 3 cards, 1 media file of 1.0 kB

Decks
  notes  cards  deck
      0      0  A
      1      1  A::X
      2      2  B

Note types
  notes  cards  note type (fields)
      1      2  Gaps (Text)
      2      1  Plain (Front, Back)

Sample cards of Gaps
  [...] in 1929
    -> Stalin in 1929
  Stalin in [when]
    -> Stalin in 1929

Sample cards of Plain
  Why? [gone.png]
    -> Because, "so" there

Health
  media that notes refer to and that are not there: 1
    gone.png (in 2 notes)
  media that no note refers to: 1
    map.png
  notes without a card, by guid: 1
    g3
  first fields that several notes have: 1
    Why? [gone.png] (2 notes of Plain)"""


def test_table() -> None:
    """The table has all at a glance; what a back repeats of its front is left out."""
    assert to_table(summary(TOLD)) == TABLE


def test_table_of_much() -> None:
    """Long lists are cut, and nothing in a package acts on a terminal."""
    many = archive(*(note(number, f"\x1b[31m{number}", "", cards=()) for number in range(1, 13)))
    table = to_table(summary(many))
    assert "notes without a card, by guid: 12\n    g1\n" in table
    assert table.endswith("    g10\n    and 2 more")
    assert "\x1b" not in to_table(summary(archive(note(1, "\x1b[31m \u202e", "b"))))


def test_table_tells_what_was_not_read() -> None:
    """Problems of reading stand last."""
    problem = mkdeck.Diagnostic("file", "the note 5 is left out: it is no UTF-8")
    table = to_table(summary(archive(note(1, "a", "b"), problems=(problem,))))
    assert table.endswith("Health\n  nothing is wrong\n\nNot read\n  the note 5 is left out: it is no UTF-8")


def test_json() -> None:
    """The document for programs has every key, in a fixed order."""
    document = json.loads(to_json(summary(TOLD)))
    assert list(document) == [
        "version", "path", "format", "notes", "cards", "media", "media_bytes", "decks", "note_types", "health",
        "problems",
    ]  # fmt: skip
    assert document["decks"][1] == {"name": "A::X", "notes": 1, "cards": 1}
    assert document["note_types"][0] == {
        "id": 11, "name": "Gaps", "stock": "cloze", "is_cloze": True, "fields": ["Text"], "templates": ["C"],
        "notes": 1, "cards": 2, "samples": [
            {"front": "[...] in 1929", "back": "Stalin in 1929"},
            {"front": "Stalin in [when]", "back": "Stalin in 1929"},
        ],
    }  # fmt: skip
    assert document["health"] == {
        "missing_media": [{"name": "gone.png", "notes": 2}],
        "unused_media": ["map.png"],
        "notes_without_cards": ["g3"],
        "empty_first_fields": [],
        "duplicate_fronts": [{"note_type": "Plain", "front": "Why? [gone.png]", "guids": ["g1", "g3"]}],
        "doubled_guids": [],
    }
    assert to_json(summary(TOLD)) == to_json(summary(TOLD))


def test_csv() -> None:
    """One row a note; a column is named where note types agree, and fields stand word for word."""
    assert "".join(to_csv(TOLD)) == (
        "guid,note type,deck,tags,field 1,Back\r\n"
        'g1,Plain,B,a b::c,Why?<img src=gone.png>,"Because, ""so""\nthere"\r\n'
        "g2,Gaps,A::X,,{{c1::Stalin}} in {{c2::1929::when}},\r\n"
        "g3,Plain,,,Why?<img src=gone.png>,\r\n"
    )


@given(st.lists(st.tuples(st.text(min_size=1), st.text(), st.text()), max_size=5))
def test_csv_loses_nothing(rows: list[tuple[str, str, str]]) -> None:
    """Any fields and guids come out of the CSV as they went in."""
    notes = [note(place, front, back, guid=guid) for place, (guid, front, back) in enumerate(rows)]
    read = list(csv.reader(io.StringIO("".join(to_csv(archive(*notes))), newline="")))
    assert [(row[0], row[4], row[5]) for row in read[1:]] == rows


def test_an_empty_package() -> None:
    """A package of nothing is told like any other."""
    empty = archive(decks={1: Deck(1, "Default")}, note_types={})
    assert to_table(summary(empty)) == (
        "x.apkg: 0 notes, 0 cards\n\nDecks\n  notes  cards  deck\n\nNote types\n  notes  cards  note type (fields)"
        "\n\nHealth\n  nothing is wrong"
    )
    assert list(to_csv(empty)) == ["guid,note type,deck,tags\r\n"]


def test_samples_can_be_more_or_none() -> None:
    """So many cards of each note type are drawn."""
    many = archive(*(note(number, str(number), "") for number in range(9)))
    assert [len(summary(many, samples=wanted).note_types[1].samples) for wanted in (0, 3, 20)] == [0, 3, 9]


def test_a_file_that_is_none(tmp_path: Path) -> None:
    """What cannot be read is a DeckError."""
    with pytest.raises(mkdeck.DeckError, match="there is no such file"):
        show(tmp_path / "x.apkg")


SIZES = {999: "999 bytes", 1000: "1.0 kB", 1_234_567: "1.2 MB", 5_000_000_000: "5.0 GB", 10**15: "1000000.0 GB"}


@pytest.mark.parametrize("size", SIZES)
def test_sizes(size: int) -> None:
    """Sizes are said in the units of disks."""
    files = {"a": MediaFile("a", "0", size)}
    assert f"1 media file of {SIZES[size]}\n" in to_table(
        summary(replace(archive(note(1, "<img src=a>", "")), media=files))
    )
