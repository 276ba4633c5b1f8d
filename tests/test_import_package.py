"""Packages -> YAML -> packages: what the official backend holds of both is the same."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions
from real_anki import LearnersAnki

import mkdeck
from mkdeck.importers import import_file
from mkdeck.importers.writing import write_deck

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
SAME = {"b": "strong", "i": "em", "strike": "s", "del": "s"}
BREAKS = {"br", "div", "p"}


class Seen(HTMLParser):
    """HTML as a browser draws it, as far as spellings differ: words, ends of lines, tags with their attributes."""

    def __init__(self, field: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.feed(field)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: value for name, value in attrs if (name, value) != ("alt", "")}
        if tag in BREAKS and not kept:
            self.parts.append("\n")
        else:
            self.parts.append(f"<{SAME.get(tag, tag)} {json.dumps(kept, sort_keys=True)}>")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append("\n" if tag in BREAKS else f"</{SAME.get(tag, tag)}>")

    def handle_data(self, data: str) -> None:
        is_pre = any(part.startswith("<pre ") for part in self.parts)
        self.parts.append(html.escape(data if is_pre else re.sub("[ \t\r\n]+", " ", data)))


def seen(field: str) -> str:
    """Give a field without what nobody sees: where blanks stand around tags, how lines are ended."""
    text = "".join(Seen(field).parts).replace("\xa0", " ")
    text = re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t]+", " ", text))
    # A style around nothing, and one that goes on at once.
    while (bare := re.sub(r"<(strong|em|s|code) {}>\s*</\1>|</(strong|em|s|code)><\2 {}>", "", text)) != text:
        text = bare
    text = re.sub(r"\s*(</?(?:ul|ol|li) ?[^>]*>)\s*", r"\1", text)
    return re.sub(r" ?(</?(?:strong|em|s|code|a) ?[^>]*>) ?", r"\1", text).strip()


def held(anki: LearnersAnki) -> dict[str, Any]:
    """Tell what is in a collection of Anki's, in its own terms."""
    col = anki.col
    kinds = {each["id"]: each for each in col.models.all()}
    notes = {}
    for note in map(col.get_note, col.db.list("select id from notes")):
        cards = {(card.ord, col.decks.name(card.did)) for card in note.cards()}
        notes[note.guid] = (kinds[note.mid]["id"], [*map(seen, note.fields)], sorted(note.tags), note.mod, cards)
    used = {note[0] for note in notes.values()}
    media = Path(col.media.dir())
    return {
        "notes": notes,
        "note types": {id_: without_counters(kinds[id_]) for id_ in used},
        "media": {name: (media / name).read_bytes() for name in sorted(each.name for each in media.iterdir())},
    }


def without_counters(kind: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a note type what a collection says of itself, and the deck that an import does not take.

    Its time is that of the import if the collection has another note type of the same name.
    """
    found = {key: each for key, each in kind.items() if key not in {"did", "mod", "usn", "req", "tags", "vers"}}
    found["tmpls"] = [{key: each for key, each in part.items() if key != "did"} for part in kind["tmpls"]]
    found["flds"] = [{key: each for key, each in part.items() if key != "media"} for part in kind["flds"]]
    return found


def taken_back(package: Path, folder: Path) -> Path:
    """Make a deck of a package and a package of the deck; no finding of the deck is an error."""
    deck, out = folder / "deck.yaml", folder / "again.apkg"
    write_deck(import_file(package, out=deck), deck, package.parent)
    assert [each for each in mkdeck.check(deck) if each.severity == "error"] == []
    result = mkdeck.build(deck, out)
    assert result.unchanged == sum(result.notes.values()), "the lock says that something has changed"
    return out


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[tuple[Any, ...]]:
    """List what differs between two collections: where, in the one, in the other."""
    found: list[tuple[Any, ...]] = []
    for part, held_here in one.items():
        for key in held_here.keys() | other[part].keys():
            here, there = held_here.get(key), other[part].get(key)
            if here != there and isinstance(here, dict) and isinstance(there, dict):
                found += [(part, key, each, here[each], there[each]) for each in here if here[each] != there[each]]
            elif here != there:
                found.append((part, key, here, there))
    return found


def assert_same(package: Path, folder: Path) -> None:
    """Import both packages into a collection each, and the second one over the first."""
    again = taken_back(package, folder)
    first, second = LearnersAnki(folder / "first"), LearnersAnki(folder / "second")
    first.import_package(package)
    second.import_package(again)
    assert differences(held(second), held(first)) == []
    before = first.col.db.all("select id, nid, ord, did from cards"), held(first)
    counts = first.import_package(again)
    assert set(counts) <= {"duplicate", "found_notes"}, counts
    assert (first.col.db.all("select id, nid, ord, did from cards"), held(first)) == before
    for each in (first, second):
        each.col.close()


def exported(col: Collection, out: Path, *, is_legacy: bool) -> Path:
    """Export a whole collection as a package, and close it."""
    options = ExportAnkiPackageOptions(
        with_scheduling=False, with_media=True, with_deck_configs=False, legacy=is_legacy
    )
    col.export_anki_package(out_path=str(out), options=options, limit=None)
    col.close()
    return out


def add(col: Collection, kind: str, fields: list[str], deck: str = "Default", tags: tuple[str, ...] = ()) -> None:
    """Add a note of one of Anki's note types."""
    note = col.new_note(col.models.by_name(kind))
    for place, field in enumerate(fields):
        note.fields[place] = field
    note.tags = list(tags)
    col.add_note(note, col.decks.id(deck))


def all_stock_types(col: Collection) -> None:
    add(col, "Basic", ["Where was the <b>first</b> steam mill?", "Blackfriars<br>London"], "A", ("x", "y::z"))
    add(col, "Basic (and reversed card)", ["l'eau", "water"], "A::B")
    add(col, "Basic (optional reversed card)", ["front", "back", "yes"], "A::B")
    add(col, "Basic (optional reversed card)", ["front 2", "back 2", ""], "A::B")
    add(col, "Basic (type in the answer)", ["2 &lt; 3?", "yes &amp; no"])
    add(col, "Cloze", ["The {{c1::Danube}} flows into the {{c2::Black Sea::a sea}}.", "<i>Wien</i>"])
    shape = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1}}<br>"
    col.media.write_data("map.png", PICTURE)
    add(col, "Image Occlusion", [shape, '<img src="map.png">', "Head"])


def media_of_all_sorts(col: Collection) -> None:
    for name in ("a b.png", "é.png", "_font.ttf", "latex-0a1b2c.png", "sound (1).mp3", "100%25.png"):
        col.media.write_data(name, PICTURE + name.encode())
    add(col, "Basic", ['<img src="a b.png">', "[sound:sound (1).mp3]"])
    add(col, "Basic", ['x <img src="é.png" width="30">', '<img src="100%25.png">'])
    add(col, "Cloze", ['{{c1::<img src="a b.png">}} is a picture'])
    kind = col.models.by_name("Basic")
    kind["css"] += "@font-face { font-family: own; src: url('_font.ttf'); }"
    col.models.update_dict(kind)


def odd_clozes(col: Collection) -> None:
    for text in (
        "{{c2::b}} before {{c1::a}}", "{{c1::one}} and {{c1::two}} together", "{{c1::same}} {{c2::same}}",
        "{{c1::outer {{c2::inner}} rest}}", "{{c3::only a third}}", "{{c1,2::two at once}}",
        r"\({{c1::x^2}}\) and {{c2::\(y\)}}", "{{c1::a::b::c}}", "{{c1::<b>bold</b>::<i>hint</i>}}",
        "{{c1::line<br>break}}", "<ul><li>{{c1::one}}</li><li>{{c2::two}}</li></ul>", "{{c1::a}}{{c2::b}}",
        "two  blanks {{c1::x}}&nbsp;here", "{{c1::}}", "{{c1::a}} {{not a cloze}} }} ::",
    ):  # fmt: skip
        add(col, "Cloze", [text, "extra for " + html.escape(text).replace("{", "(")])


def odd_texts(col: Collection) -> None:
    for number, text in enumerate((
        "# no heading", "- no list", "1. no list", "*no emphasis*", "a_b_c", "`no code`", "[no](link)", "$m$",
        "<div>a</div><div>b</div>", "a<br><br>b", "<p>a</p><p>b</p>", '<span style="color: red">red</span>',
        "<table><tr><td>1</td></tr></table>", "&lt;b&gt;", "&amp;amp;", "a\nb", "  a  ", "<b> a </b>b", "{{a}}",
        "<pre>  x\n  y</pre>", '<a href="https://example.org">a</a>', "<h1>x</h1>", "1 < 2", "x<script>1</script>",
        "no: yes", "'", '"', "- ", "#", "yes", "1928", "null", "~", "\u2028", "\u200f\u05d0", "[latex]x[/latex]",
        "<b><i>both</i></b>", "a<sub>2</sub>", "<!-- seen? -->a", "\U0001f600", "<b>open", "</b>closed", "é",
        "<ol><li>one<ul><li>in</li></ul></li></ol>after", "[sound:]", "<img>", "trailing\\", "| a |", "> a", "---",
    )):  # fmt: skip
        add(col, "Basic", [f"{number} {text}", text])


def own_note_types(col: Collection) -> None:
    kind = col.models.new("Vocabulary: 日本語")
    for name in ("Word", "Meaning", "Example", "No. 5", "no - yes"):
        col.models.add_field(kind, col.models.new_field(name))
    kind["flds"][1].update(rtl=True, size=12, font="Times", sticky=True, description="what: it is")
    for name, front, back in (
        ("Card 1", "{{Word}}", "{{FrontSide}}<hr>\n{{Meaning}}\n\n  {{#Example}}{{Example}}{{/Example}}"),
        ("Meaning -> Word", "{{#Meaning}}{{Meaning}}{{/Meaning}}", "{{Word}}"),
        ("Without an example", "{{^Example}}{{Word}} without{{/Example}}", "{{Word}}"),
    ):
        part = col.models.new_template(name)
        part["qfmt"], part["afmt"], part["bqfmt"] = front, back, "browser {{Word}}"
        col.models.add_template(kind, part)
    kind["css"] = ".card { color: teal }\n\n  /* a <comment> */\n"
    kind["sortf"] = 1
    kind["latexPre"] = "\\documentclass{book}\n"
    kind["latexsvg"] = True
    col.models.add(kind)
    for fields in (["犬", "dog", "", "", ""], ["猫", "cat", "<b>e</b>", "h", "n"], ["鳥", "", "", "", ""]):
        add(col, "Vocabulary: 日本語", fields, "日本語::N5")


def lines_of_windows(col: Collection) -> None:
    kind = col.models.by_name("Basic")
    kind["css"] = ".card {\r\n  color: teal;\r\n\r\n}\r\n"
    kind["tmpls"][0].update(qfmt='{{Front}}\r\n\\r\r\n\t<b>"x"</b>', afmt="\r\n {{Back}}", bqfmt="a\r\n\n")
    kind["flds"][0]["description"] = "a\r\nb"
    kind["latexPre"], kind["latexPost"] = "", " "
    col.models.update_dict(kind)
    add(col, "Basic", ["<table>a", "b"])


def decks_of_cards(col: Collection) -> None:
    add(col, "Basic (and reversed card)", ["one", "two"], "History")
    card = col.find_notes("")[0]
    col.set_deck([col.get_note(card).cards()[1].id], col.decks.id("History::Hard"))
    add(col, "Cloze", ["{{c1::x}} {{c2::y}}"], "History")
    cards = col.get_note(col.find_notes("note:Cloze")[0]).cards()
    col.set_deck([cards[1].id], col.decks.id("Elsewhere"))
    add(col, "Basic (and reversed card)", ["three", "four"], "Default")
    col.decks.id("Empty::Deck")


def notes_without_all_their_cards(col: Collection) -> None:
    add(col, "Basic (and reversed card)", ["one", "two"], "History")
    col.db.execute("delete from cards where ord = 1")
    add(col, "Cloze", ["{{c1::x}} {{c2::y}} {{c3::z}}"], "History")
    col.db.execute("delete from cards where ord = 1")
    add(col, "Basic", ["", "a back without a front"])
    add(col, "Cloze", ["no cloze at all"])


def doubles(col: Collection) -> None:
    for _ in range(3):
        add(col, "Basic", ["the same", "the same"])
        add(col, "Basic", ["the same", "another"])
        add(col, "Cloze", ["The {{c1::same}} sentence"])
    add(col, "Basic", ["Who led the Long March? Mao", "Mao"])


COLLECTIONS: dict[str, Callable[[Collection], None]] = {
    each.__name__.replace("_", " "): each
    for each in (
        all_stock_types, media_of_all_sorts, odd_clozes, odd_texts, own_note_types, lines_of_windows,
        decks_of_cards, notes_without_all_their_cards, doubles,
    )
}  # fmt: skip


@pytest.mark.parametrize("is_legacy", [True, False], ids=["legacy", "modern"])
@pytest.mark.parametrize("fill", COLLECTIONS.values(), ids=COLLECTIONS)
def test_round_trip_of_anki(fill: Callable[[Collection], None], *, is_legacy: bool, tmp_path: Path) -> None:
    """A package of Anki's own, in both of its forms, comes back from YAML as it was, and is new to nobody."""
    col = Collection(str(tmp_path / "made.anki2"))
    fill(col)
    assert_same(exported(col, tmp_path / "made.apkg", is_legacy=is_legacy), tmp_path)


def texts_that_are_hard_to_write(col: Collection) -> None:
    for number, text in enumerate((
        "\u200b", "&nbsp;", "<img src=a'b.png>", '<b class=a"b>x</b>', "a <b", "</", "<!-- x",
    )):  # fmt: skip
        add(col, "Basic", [f"{number}", text])
        add(col, "Cloze", [f"{number} {{{{c1::x}}}}", text])
    for text in ("{{c1::c1::x}}", "{{c1::c12::x}} {{c2::y}}"):
        add(col, "Cloze", [text, ""])


def test_texts_that_are_hard_to_write(tmp_path: Path) -> None:
    """What shows nothing, what is no whole tag, and a cloze that begins like another come back as they were."""
    col = Collection(str(tmp_path / "made.anki2"))
    texts_that_are_hard_to_write(col)
    assert_same(exported(col, tmp_path / "made.apkg", is_legacy=False), tmp_path)
