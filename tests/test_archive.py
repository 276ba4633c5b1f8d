"""Packages of every maker and age, against what the official backend holds; and files that mean harm."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import stat
import struct
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import genanki
import pytest
from anki.collection import Collection, ExportAnkiPackageOptions
from anki.import_export_pb2 import MediaEntries
from anki.notetypes_pb2 import Notetype
from genanki.apkg_schema import APKG_SCHEMA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_anki import LearnersAnki

import mkdeck
from mkdeck.archive import Archive, Field, Limits, Template, opened_media, read_package
from mkdeck.archive.limits import RefusedError
from mkdeck.archive.names import safe_name
from mkdeck.archive.wire import Message
from mkdeck.show import summary, to_csv, to_json, to_table

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
FORMS = [
    *(f"{kind}, {age}" for kind in ("deck", "deck with scheduling", "collection") for age in ("legacy", "modern"))
]
"""What Anki can export, for `exported`."""
FIELD_KEYS = (
    "name", "id", "description", "font", "size", "rtl", "sticky", "plainText", "collapsed", "excludeFromSearch",
    "tag", "preventDeletion",
)  # fmt: skip
TEMPLATE_KEYS = ("name", "qfmt", "afmt", "id", "bqfmt", "bafmt", "bfont", "bsize", "did")
"""Anki's own terms, in the order of `archive.Field` and `archive.Template`."""


# What the backend holds, and what mkdeck reads, in the same terms


def held(col: Collection) -> dict[str, Any]:
    """Tell what is in a collection of Anki's."""
    return {
        "notes": {
            note.guid: (
                note.note_type()["name"], tuple(note.fields), frozenset(note.tags), note.mod,
                {(card.ord, col.decks.name(card.odid or card.did)) for card in note.cards()},
            )
            for note in map(col.get_note, col.db.list("select id from notes"))
        },
        "note types": {
            each["name"]: (
                each["id"], each["mod"], each["type"] == 1, each["sortf"], each["css"],
                [tuple(field[key] for key in FIELD_KEYS) for field in each["flds"]],
                [tuple(part[key] for key in TEMPLATE_KEYS) for part in each["tmpls"]],
            )
            for each in col.models.all()
            if col.models.use_count(each)
        },
        "decks": {
            each["name"]: (each["desc"], bool(each.get("md")))
            for each in col.decks.all()
            if each["id"] in col.db.list("select distinct case when odid then odid else did end from cards")
        },
        "media": {path.name: path.read_bytes() for path in Path(col.media.dir()).iterdir()},
    }  # fmt: skip


def read(path: Path) -> dict[str, Any]:
    """Tell what mkdeck reads in a package, which is free of problems."""
    archive = read_package(path)
    assert archive.problems == ()
    used = {note.note_type for note in archive.notes}
    homes = {card.deck for note in archive.notes for card in note.cards}
    with opened_media(archive) as open_:
        media = {name: _content(open_, name) for name in archive.media}
    assert {name: file.size for name, file in archive.media.items()} == {
        name: len(data) for name, data in media.items()
    }
    return {
        "notes": {
            note.guid: (
                archive.note_types[note.note_type].name, note.fields, frozenset(note.tags), note.mod,
                {(card.ordinal, archive.decks[card.deck].name) for card in note.cards},
            )
            for note in archive.notes
        },
        "note types": {
            each.name: (
                each.id, each.mod, each.is_cloze, each.sort_field, each.css,
                list(map(astuple, each.fields)),
                list(map(astuple, each.templates)),
            )
            for each in archive.note_types.values()
            if each.id in used
        },
        "decks": {
            each.name: (each.description, each.is_markdown) for each in archive.decks.values() if each.id in homes
        },
        "media": media,
    }  # fmt: skip


def _content(open_: Callable[[str], io.RawIOBase], name: str) -> bytes:
    with open_(name) as stream:
        return stream.read()


def imported(path: Path, folder: Path) -> dict[str, Any]:
    """Tell what Anki makes of a package."""
    anki = LearnersAnki(folder)
    try:
        anki.import_package(path)
        return held(anki.col)
    finally:
        anki.col.close()


# Packages made by hand


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def package(collection: bytes, *, media: object = None, **members: bytes) -> dict[str, bytes]:
    """Give the members of a package of Anki 2.0."""
    listed = {} if media is None else {"media": json.dumps(media).encode()}
    return {"collection.anki2": collection, **listed, **members}


def modern(collection: bytes, entries: bytes = b"", **members: bytes) -> dict[str, bytes]:
    """Give the members of a package of the newer form."""
    return {
        "meta": b"\x08\x03", "collection.anki21b": zstd.compress(collection), "media": zstd.compress(entries),
        **{name: zstd.compress(data) for name, data in members.items()},
    }  # fmt: skip


FIELD = {"sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}
MODELS: dict[str, Any] = {
    "1342697561419": {
        "id": "1342697561419", "name": "Old", "type": 0, "mod": 1342697561, "usn": 0, "sortf": 0, "did": None,
        "css": ".card { }", "vers": [], "tags": [], "latexPre": "\\documentclass{a}", "latexPost": "",
        # The order in the list counts, not `ord`.
        "flds": [{"name": "A", "ord": 1, **FIELD}, {"name": "B", "ord": 0, **FIELD}],
        "tmpls": [{"name": "T", "ord": 0, "qfmt": "{{A}}", "afmt": "{{B}}", "did": None, "bqfmt": "", "bafmt": ""}],
    }
}  # fmt: skip
TODAY = {name: [0, 0] for name in ("newToday", "revToday", "lrnToday", "timeToday")}
DECKS: dict[str, Any] = {
    number: {
        "id": number, "name": name, "desc": "", "dyn": 0, "conf": "1", "collapsed": False, "usn": 0, "mod": 0,
        **TODAY,
    }
    for number, name in (("1", "Default"), ("1342697561420", "Old::Deck"))
}  # fmt: skip
NOTE_TYPE, DECK = 1342697561419, 1342697561420
NOTES = [
    (1342697561421, "g1", NOTE_TYPE, 5, " a  b\u3000c ", "front <img src=b.png>\x1fback"),
    (1342697561422, "g2", NOTE_TYPE, 6, "", "second\x1f"),
]
CARDS = [(1342697561421, 0, DECK, 0), (1342697561422, 0, DECK, 0)]
"""Note, ordinal, deck, home deck."""


def old(
    *, models: object = MODELS, decks: object = DECKS, notes: Sequence[tuple[Any, ...]] = NOTES,
    cards: Sequence[tuple[Any, ...]] = CARDS, then: str = "", schema: str = APKG_SCHEMA,
) -> bytes:  # fmt: skip
    """Give a collection of schema 11; `then` is SQL that spoils it."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(schema)
        texts = [each if isinstance(each, str) else json.dumps(each) for each in (models, decks)]
        db.execute("insert into col values (1, 1300000000, 0, 0, 11, 0, 0, 0, '{}', ?, ?, '{}', '{}')", texts)
        db.executemany("insert into notes values (?, ?, ?, ?, -1, ?, ?, 0, 0, 0, '')", notes)
        db.executemany(
            "insert into cards values (?, ?, ?, ?, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, ?, 0, '')",
            [(number, note, deck, ordinal, home) for number, (note, ordinal, deck, home) in enumerate(cards, 1)],
        )
        db.commit()
        db.executescript(then)
        return bytes(db.serialize())


# Packages of Anki's own


def add(col: Collection, kind: str, deck: str, fields: Sequence[str], tags: Sequence[str] = ()) -> None:
    note = col.new_note(col.models.by_name(kind))
    note.fields = list(fields)
    note.tags = list(tags)
    col.add_note(note, col.decks.id(deck))


def fill(col: Collection) -> None:
    """Put notes of all stock note types into a collection, with media, nested decks, tags and odd names."""
    folder = Path(col.media.dir())
    for name in ("map.png", "Überblick 東.png", "a & b.mp3", "_font.ttf"):
        (folder / name).write_bytes(PICTURE + name.encode())
    add(col, "Basic", "Default", ["in the default deck", "b"])
    add(col, "Basic", "History", ["When?<img src='map.png'>", "1929 [sound:a &amp; b.mp3]"], ["ussr::stalin", "x"])
    add(col, "Basic (and reversed card)", "History::USSR::Ünïts 東", ["collectif", "<b>kolkhoz</b>\nfarm"], ["東"])
    add(col, "Basic (optional reversed card)", "History::USSR", ["one way", '<img src="Überblick 東.png">', ""])
    add(col, "Basic (optional reversed card)", "History::USSR", ["both ways", "x", "y"])
    add(col, "Basic (type in the answer)", "History", ["Type it", "&lt;answer&gt;"])
    add(col, "Cloze", "History::USSR", ["{{c2::Stalin}} in {{c1::1929::when}} {{c2::again}}", "extra"])
    col.decks.set_current(col.decks.id("Pictures"))
    col.add_image_occlusion_notetype()
    occlusion = "".join(
        f"{{{{c{number}::image-occlusion:rect:left=.{number}:top=.1:width=.2:height=.2:oi=1}}}}<br>"
        for number in (1, 2)
    )
    col.add_image_occlusion_note(
        col.models.by_name("Image Occlusion")["id"], str(folder / "map.png"), occlusion, "Header", "Back", ["io"]
    )
    own = col.models.new("Own 東 note type")
    for name in ("Vorne", "Hinten"):
        col.models.add_field(own, col.models.new_field(name))
    template = col.models.new_template("Karte ü")
    template |= {"qfmt": "{{Vorne}}", "afmt": "{{FrontSide}}<hr>{{Hinten}}"}
    col.models.add_template(own, template)
    set_options(col, own)
    own |= {
        "css": "@font-face { font-family: '東'; src: url('_font.ttf') }",
        "sortf": 1,
        "latexPre": r"\documentclass{own}",
        "latexPost": "x",
    }
    col.models.add(own)
    add(col, "Own 東 note type", "Own", ["v", "h"])
    deck = col.decks.by_name("History")
    deck |= {"desc": "About *history*", "md": True}
    col.decks.save(deck)


def set_options(col: Collection, note_type: dict[str, Any]) -> None:
    """Give the second field and the first template of a note type all of their options."""
    note_type["flds"][1] |= {
        "description": "Was dahinter steht", "font": "Amiri 東", "size": 31, "rtl": True, "sticky": True,
        "plainText": True, "collapsed": True, "excludeFromSearch": True, "tag": 0, "preventDeletion": True,
    }  # fmt: skip
    note_type["tmpls"][0] |= {
        "bqfmt": "{{Hinten}}", "bafmt": "<b>{{Vorne}}</b>", "bfont": "Gentium", "bsize": 13,
        "did": col.decks.id("Own"),
    }  # fmt: skip


def exported(col: Collection, path: Path, form: str) -> Path:
    """Let Anki write a package in one of FORMS; the collection may be closed by that."""
    kind, age = form.split(", ")
    if kind == "collection":
        col.export_collection_package(out_path=str(path), include_media=True, legacy=age == "legacy")
        return path
    options = ExportAnkiPackageOptions(
        with_scheduling=kind == "deck with scheduling", with_media=True, legacy=age == "legacy"
    )
    col.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


@dataclass(frozen=True)
class Exports:
    """One collection, what it holds, and packages of it by FORMS."""

    held: dict[str, Any]
    packages: dict[str, Path]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    """A collection with everything, exported in all forms; where cards keep their scheduling, some are away."""
    folder = tmp_path_factory.mktemp("exports")
    packages = {}
    anki = LearnersAnki(folder / "anki")
    fill(anki.col)
    for form in FORMS:
        if form == "deck with scheduling, legacy":
            anki.col.sched.rebuild_filtered_deck(anki.col.decks.new_filtered("Away"))
        content = held(anki.col)
        packages[form] = exported(anki.col, folder / f"{form}.apkg", form)
        if anki.col.db is None:
            anki = LearnersAnki(folder / "anki")
    anki.col.close()
    return Exports(content, packages)


@pytest.mark.parametrize("form", FORMS)
def test_what_anki_exports(form: str, exports: Exports) -> None:
    """Notes, cards, note types, decks and media of all stock note types come out as Anki holds them."""
    assert read(exports.packages[form]) == exports.held


@pytest.mark.parametrize("form", FORMS)
def test_version_and_what_note_types_began_as(form: str, exports: Exports) -> None:
    """The version is that of the collection that Anki would read, not of the one beside it for old Ankis."""
    archive = read_package(exports.packages[form])
    assert archive.version == (2 if "legacy" in form else 3)
    assert {each.name: each.stock for each in archive.note_types.values()} == {
        "Basic": "basic",
        "Basic (and reversed card)": "basic-and-reversed",
        "Basic (optional reversed card)": "basic-optional-reversed",
        "Basic (type in the answer)": "basic-typing",
        "Cloze": "cloze",
        "Image Occlusion": "image-occlusion",
        "Own 東 note type": "basic",
    }
    own = next(each for each in archive.note_types.values() if each.name.startswith("Own"))
    assert (own.latex_pre, own.latex_post) == (r"\documentclass{own}", "x")
    assert {each.latex_pre for each in archive.note_types.values()} == {None, own.latex_pre}
    assert [each.name for each in archive.decks.values() if each.is_filtered] == (
        [] if form.startswith("deck, ") else ["Away"]
    )


@pytest.mark.parametrize("form", FORMS)
def test_options_of_fields_and_templates(form: str, exports: Exports) -> None:
    """Every option that Anki keeps of a field and of a template is read, from both schemas."""
    archive = read_package(exports.packages[form])
    own = next(each for each in archive.note_types.values() if each.name.startswith("Own"))
    (home,) = (each.id for each in archive.decks.values() if each.name == "Own")
    plain, field = own.fields
    assert plain == Field("Vorne", plain.id)
    assert field == Field(
        "Hinten", field.id, description="Was dahinter steht", font="Amiri 東", size=31, rtl=True, sticky=True,
        plain_text=True, collapsed=True, exclude_from_search=True, tag=0, prevent_deletion=True,
    )  # fmt: skip
    (template,) = own.templates
    assert template == Template(
        "Karte ü", "{{Vorne}}", "{{FrontSide}}<hr>{{Hinten}}", template.id, browser_front="{{Hinten}}",
        browser_back="<b>{{Vorne}}</b>", browser_font="Gentium", browser_size=13, deck=home,
    )  # fmt: skip


ODD_OPTIONS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "truth as a number": ({"sticky": 1, "rtl": 0}, {}),
    "truth as a text": ({"sticky": "true", "rtl": "1"}, {}),
    "a number where only truth is truth": ({"plainText": 1, "collapsed": "true", "preventDeletion": None}, {}),
    "texts that are none": ({"description": 5}, {"bfont": ["Arial"]}),
    "numbers that are none": ({"tag": "3"}, {"bsize": "13", "did": "7"}),
    "numbers out of range": ({"tag": -1}, {"bsize": 256, "did": -7}),
    "the highest numbers": ({"tag": 2**32 - 1, "size": 2**16 - 1}, {"bsize": 255}),
    "no deck": ({}, {"did": 0}),
}
"""Options of a field and of a template."""


@pytest.mark.parametrize("case", ODD_OPTIONS)
def test_odd_options_are_read_as_anki_reads_them(case: str, tmp_path: Path) -> None:
    """An option that is odd costs no note type: it is what Anki makes of it."""
    of_field, of_template = ODD_OPTIONS[case]
    (note_type,) = models().values()
    changed = models(
        flds=[note_type["flds"][0] | of_field, note_type["flds"][1]],
        tmpls=[note_type["tmpls"][0] | of_template],
    )
    path = tmp_path / "x.apkg"
    path.write_bytes(zipped(package(old(models=changed))))
    assert read(path)["note types"] == imported(path, tmp_path / "anki")["note types"]


# Packages of other makers


def genankis(path: Path) -> None:
    """Write a package with genanki: two decks, clozes, media, ids of fields."""
    plain = genanki.Model(
        1607392319, "Plain", [{"name": "F", "id": 11}, {"name": "B", "id": 12}],
        [{"name": "One", "qfmt": "{{F}}", "afmt": "{{B}}", "id": 21},
         {"name": "Two", "qfmt": "{{B}}", "afmt": "{{F}}", "id": 22}],
        css=".card { color: red }", sort_field_index=1,
    )  # fmt: skip
    clozes = genanki.Model(
        1607392320, "Gaps", [{"name": "T", "id": 13}],
        [{"name": "C", "qfmt": "{{cloze:T}}", "afmt": "{{cloze:T}}", "id": 23}],
        model_type=genanki.Model.CLOZE,
    )  # fmt: skip
    decks = genanki.Deck(2059400110, "A::B 東", "<i>described</i>"), genanki.Deck(2059400111, "C")
    (path.parent / "p.png").write_bytes(PICTURE)
    decks[0].add_note(genanki.Note(plain, ["<img src=p.png>", "b"], guid="one", tags=["x", "y::z"]))
    decks[1].add_note(genanki.Note(clozes, ["{{c1::a}} {{c3::b}}"], guid="two"))
    genanki.Package(decks, media_files=[path.parent / "p.png"]).write_to_file(path, timestamp=1_700_000_000)


def mkdecks(path: Path) -> None:
    """Write a package with mkdeck: its deck of every feature."""
    mkdeck.build(Path(__file__).parent / "decks/everything.yaml", path, lock={})


def ancients(path: Path) -> None:
    """Write a package as Anki 2.0 did: no ids of fields, numbers as texts, no `meta`, no sizes of media."""
    path.write_bytes(zipped(package(old(), media={"7": "_a.png", "3": "b.png"}, **{"7": PICTURE, "3": b"x"})))


MAKERS = {"genanki": genankis, "mkdeck": mkdecks, "Anki 2.0": ancients}


@pytest.mark.parametrize("maker", MAKERS)
def test_what_others_write(maker: str, tmp_path: Path) -> None:
    """A package reads as Anki reads it: what a new collection holds after its import."""
    path = tmp_path / "x.apkg"
    MAKERS[maker](path)
    content = imported(path, tmp_path / "anki")
    assert len(content["notes"]) >= 2
    assert read(path) == content


def test_the_order_of_tags_is_the_packages(tmp_path: Path) -> None:
    """Tags are parted as Anki parts them, at ideographic blanks too, and stay in their order."""
    path = tmp_path / "x.apkg"
    path.write_bytes(zipped(package(old(notes=[(1, "g", NOTE_TYPE, 5, " b  a\u3000c ", "x\x1fy")], cards=[]))))
    assert [note.tags for note in read_package(path).notes] == [("b", "a", "c")]


ODD_NAMES = {
    "plain.png": "plain.png",
    "no ending": "no ending",
    "a:b?c.png": "abc.png",
    'all[]<>:"?*^|signs': "allsigns",
    "con": "con_",
    "LPT1.tar.gz": "LPT1_.tar.gz",
    "connect.png": "connect.png",
    "full stop.": "full stop._",
    "blank ": "blank _",
    "..?": ".._",
    "u\u0308.png": "ü.png",
    "hard\u00a0blank": "hard blank",
    "no\u0378character": "nocharacter",
    "x" * 200 + ".jpeg": "x" * 114 + ".jpeg",
    "ü" * 80 + ".png": "ü" * 57 + ".png",
    "y" * 130: "y" * 118,
    "z." + "e" * 130: "z." + "e" * 10,
}
"""Names of media -> those under which Anki saves them."""


def test_names_of_media_are_ankis(tmp_path: Path) -> None:
    """A file has the name that Anki gives it on import, and where that differs it is told."""
    listed = {str(number): f"_{name}" for number, name in enumerate(ODD_NAMES)}
    path = tmp_path / "x.apkg"
    path.write_bytes(zipped(package(old(), media=listed, **{number: number.encode() for number in listed})))
    anki = imported(path, tmp_path / "anki")
    archive = read_package(path)
    with opened_media(archive) as open_:
        assert {name: _content(open_, name) for name in archive.media} == anki["media"]
    assert {name: safe_name(name) for name in ODD_NAMES} == ODD_NAMES
    told = [each.message for each in archive.problems]
    assert len(told) == sum(safe_name(name) != name for name in listed.values()) - 1  # NFC is not worth telling
    assert "the media file `_a:b?c.png` is named `_abc.png`, as Anki would name it" in told


@given(st.text())
def test_a_name_of_media_is_one_name(name: str) -> None:
    """Whatever a package says: one file in one folder, on every system, and a name that stays what it is."""
    try:
        safe = safe_name(name)
    except RefusedError:
        return
    assert safe not in ("", ".", "..")
    assert not set('/\\:*?"<>|\0') & set(safe)
    assert Path("media", safe).name == safe
    assert safe[-1] not in " ."
    assert len(safe.encode()) <= 121
    assert safe_name(safe) == safe


# Protocol Buffers


CONFIGS = st.builds(
    Notetype.Config, kind=st.sampled_from([0, 1]), sort_field_idx=st.integers(0, 2**32 - 1), css=st.text(),
    latex_svg=st.booleans(), original_id=st.integers(-(2**63), 2**63 - 1), other=st.binary(),
    reqs=st.lists(
        st.builds(Notetype.Config.CardRequirement, card_ord=st.integers(0, 9), field_ords=st.just([1, 2]))
    ),
)  # fmt: skip


@given(CONFIGS)
def test_protobuf_is_read_as_its_own_library_writes_it(config: Notetype.Config) -> None:
    """Numbers, negative ones too, texts, bytes and repeated messages of Anki's note types come out alike."""
    message = Message(config.SerializeToString())
    assert message.number(1) == config.kind
    assert message.number(2) == config.sort_field_idx
    assert message.text(3) == config.css
    assert bool(message.number(7)) == config.latex_svg
    assert [Message(each).number(1) for each in message.each(8)] == [each.card_ord for each in config.reqs]
    assert message.number_if_any(10) == config.original_id
    assert message.raw(255) == config.other
    assert message.number_if_any(9) is None


def test_protobuf_passes_over_what_it_does_not_ask_for() -> None:
    """Doubles and floats are stepped over; the last of several values counts."""
    message = Message(b"\x09" + bytes(8) + b"\x15" + bytes(4) + b"\x18\x01\x18\x02")
    assert (message.number(3), message.has(1), message.has(4)) == (2, True, False)


DAMAGED_MESSAGES = {
    "a number without end": (b"\x08" + b"\xff" * 11, "it has a number that is cut off or too long"),
    "a number of 70 bits": (b"\x08" + b"\xff" * 9 + b"\x7f", "it has a number that is cut off or too long"),
    "a number that is cut off": (b"\x08\x80", "it has a number that is cut off or too long"),
    "field 0": (b"\x00\x01", "it has a field number 0"),
    "a group": (b"\x0b\x0c", "its field 1 is of an unknown kind"),
    "an unknown kind": (b"\x0f", "its field 1 is of an unknown kind"),
    "more bytes than there are": (
        b"\x0a\xff\xff\xff\xff\x0fx",
        "it says that 4,294,967,295 bytes follow, and 1 do",
    ),
    "four bytes of which one is there": (b"\x0d\x00", "it says that 4 bytes follow, and 1 do"),
    "too many values": (b"\x08\x01" * 1_000_001, "it has more than 1,000,000 values"),
}


@pytest.mark.parametrize("case", DAMAGED_MESSAGES)
def test_damaged_protobuf(case: str) -> None:
    """What is no message is refused in words."""
    data, message = DAMAGED_MESSAGES[case]
    with pytest.raises(RefusedError) as refused:
        Message(data)
    assert str(refused.value) == message


WRONG_KINDS: dict[str, tuple[Callable[[Message], object], str]] = {
    "a text for a number": (lambda message: message.number(2), "its field 2 is no number"),
    "a number for a text": (lambda message: message.text(1), "its field 1 is a number"),
    "a number among messages": (lambda message: message.each(1), "its field 1 is a number"),
    "bytes for a text": (lambda message: message.text(2), "its field 2 is no UTF-8"),
}


@pytest.mark.parametrize("case", WRONG_KINDS)
def test_protobuf_of_a_wrong_kind(case: str) -> None:
    """A field that is not of the kind that is asked for is refused."""
    ask, message = WRONG_KINDS[case]
    with pytest.raises(RefusedError) as refused:
        ask(Message(b"\x08\x01\x12\x01\xff"))
    assert str(refused.value) == message


# What is odd in one place does not keep the rest from being read


def models(**changes: Any) -> dict[str, Any]:
    """Give MODELS with changes to its one note type; a value of None takes a key out."""
    ((number, data),) = MODELS.items()
    return {number: {key: value for key, value in (data | changes).items() if value is not None or key == "did"}}


def blob(data: bytes) -> str:
    """Give bytes in SQL, as a text that need not be UTF-8."""
    return f"cast(x'{data.hex()}' as text)"


GUID = "(guid `g1`)"
ONE = 1342697561421
LEFT_OUT = f"the note {ONE} {GUID} is left out: "
ODD: dict[str, tuple[bytes, list[str], int, int]] = {
    "a field too few": (
        old(then=f"update notes set flds = 'x' where id = {ONE}"),
        [LEFT_OUT + "it has 1 fields, and its note type `Old` has 2"], 1, 1,
    ),
    "fields without end": (
        old(then=f"update notes set flds = {blob(bytes([31]) * 1_000_000)} where id = {ONE}"),
        [LEFT_OUT + "it has 1,000,001 fields, and its note type `Old` has 2"], 1, 1,
    ),
    "no UTF-8 in a field": (
        old(then=f"update notes set flds = {blob(b'a' + bytes([255, 31]))} where id = {ONE}"),
        [LEFT_OUT + "it is no UTF-8"], 1, 1,
    ),
    "a surrogate in a tag": (
        old(then=f"update notes set tags = {blob(bytes([0xED, 0xA0, 0x80]))} where id = {ONE}"),
        [LEFT_OUT + "it is no UTF-8"], 1, 1,
    ),
    "an unknown note type": (
        old(then=f"update notes set mid = 77 where id = {ONE}"),
        [LEFT_OUT + "its note type 77 is not in this package"], 1, 1,
    ),
    "a note type in words": (
        old(then=f"update notes set mid = 'Basic' where id = {ONE}"),
        [LEFT_OUT + "its note type 0 is not in this package"], 1, 1,
    ),
    "no guid": (
        old(schema=APKG_SCHEMA.replace("guid text NOT NULL", "guid text").replace(" not null", ""),
            then=f"update notes set guid = null where id = {ONE}"),
        [f"the note {ONE} (guid ``) is left out: a part of it is missing"], 1, 1,
    ),
    "two notes of one id": (
        old(schema=re.sub(r"(?i)id\s+integer primary key", "id integer", APKG_SCHEMA),
            then=f"update notes set id = {ONE}; update cards set nid = {ONE}, ord = 0"),
        [f"the note {ONE} (guid `g2`) is left out: another note has its id",
         f"the note {ONE} {GUID} has its card 1 twice"], 1, 1,
    ),
    "a card without a note": (
        old(then=f"update cards set nid = 1 where nid = {ONE}"), ["cards without a note are left out: 1"], 2, 1,
    ),
    "a card of no template": (
        old(then=f"update cards set ord = 1 where nid = {ONE}"),
        [f"the note {ONE} {GUID} has a card of no template, number 2; it is left out"], 2, 1,
    ),
    "a card before the first": (
        old(then=f"update cards set ord = -1 where nid = {ONE}"),
        [f"the note {ONE} {GUID} has a card of no template, number 0; it is left out"], 2, 1,
    ),
    "a card in no deck": (
        old(then=f"update cards set did = 9 where nid = {ONE}"),
        ["the deck 9 is not in this package and is named `recovered9`, cards: 1"], 2, 2,
    ),
    "a deck that is no mapping": (
        old(decks=DECKS | {"5": []}), ["the deck `5` is damaged and left out: it is no mapping"], 2, 2,
    ),
    "a deck without a name": (
        old(decks=DECKS | {"5": {"id": 5}}), ["the deck `5` is damaged and left out: its `name` is no text"], 2, 2,
    ),
    "half a surrogate pair": (
        old(decks=DECKS | {"5": {"name": "\ud800"}}),
        ["the deck `5` is damaged and left out: its `name` is no text of Unicode"], 2, 2,
    ),
    "an id without end": (
        old(decks=DECKS | {"5": {"name": "x", "id": 10**30}}),
        ["the deck `5` is damaged and left out: its id is no whole number"], 2, 2,
    ),
    "a note type of no number": (
        old(models=MODELS | {"x": {}}),
        ["the note type `x` is damaged and left out: its id is no whole number"], 2, 2,
    ),
    "a note type without fields": (
        old(models=MODELS | {"5": models(flds=[])[str(NOTE_TYPE)]}),
        ["the note type `5` is damaged and left out: it has no fields"], 2, 2,
    ),
    "a note type whose templates are no list": (
        old(models=MODELS | {"5": models(tmpls={})[str(NOTE_TYPE)]}),
        ["the note type `5` is damaged and left out: its `tmpls` is no list"], 2, 2,
    ),
    "a note type of 1,001 fields": (
        old(models=MODELS | {"5": models(flds=[{"name": str(number)} for number in range(1001)])[str(NOTE_TYPE)]}),
        ["the note type `5` is damaged and left out: it has 1,001 fields; mkdeck stops at 1,000"], 2, 2,
    ),
}  # fmt: skip
"""A collection, what is told, and how many notes and cards are read all the same."""


@pytest.mark.parametrize("case", ODD)
def test_odd_parts_are_left_out(case: str, tmp_path: Path) -> None:
    """What is odd is left out and told, and the rest is read."""
    collection, told, notes, cards = ODD[case]
    archive = opened(zipped(package(collection)), tmp_path)
    assert [each.message for each in archive.problems] == told
    assert {(each.rule, str(each.severity), each.span.path) for each in archive.problems} == {
        ("file", "warning", str(archive.path))
    }
    assert (len(archive.notes), sum(len(note.cards) for note in archive.notes)) == (notes, cards)
    assert {card.deck for note in archive.notes for card in note.cards} <= archive.decks.keys()


def opened(data: bytes, folder: Path, **limits: Any) -> Archive:
    """Read a package from its bytes."""
    path = folder / "x.apkg"
    path.write_bytes(data)
    return read_package(path, limits=Limits(**limits))


def test_what_is_odd_is_told_within_bounds(tmp_path: Path) -> None:
    """A thousand odd notes are told as a hundred and a number."""
    notes = [(number, f"g{number}", 77, 0, "", "x") for number in range(1, 1001)]
    problems = opened(zipped(package(old(notes=notes, cards=[]))), tmp_path).problems
    assert len(problems) == 101
    assert problems[-1].message == "and 900 more of this kind"


def test_doubled_names_of_fields_differ(tmp_path: Path) -> None:
    """Fields that have one name, whatever its case, get a `+`, as Anki gives it."""
    fields = [{"name": name, "ord": 0, **FIELD} for name in ("A", "a", "A", "B")]
    notes = [(1, "g", NOTE_TYPE, 0, "", "1\x1f2\x1f3\x1f4")]
    data = zipped(package(old(models=models(flds=fields), notes=notes, cards=[(1, 0, DECK, 0)])))
    archive = opened(data, tmp_path)
    mine = [each.name for each in archive.note_types[NOTE_TYPE].fields]
    assert mine == ["A", "a+", "A++", "B"]
    anki = imported(archive.path, tmp_path / "anki")
    assert mine == [name for name, *_ in anki["note types"]["Old"][5]]


def test_media_that_are_only_named_or_named_twice(tmp_path: Path) -> None:
    """A file that is not there is told, and so is a second one of a name; the first one is read."""
    members = package(old(), media={"0": "a.png", "1": "gone.png", "2": "a.png"}, **{"0": b"first", "2": b"second"})
    archive = opened(zipped(members), tmp_path)
    assert [each.message for each in archive.problems] == [
        "the media file `gone.png` is not in this package, only its name",
        "two media files are named `a.png`; the second one is left out",
    ]
    with opened_media(archive) as open_:
        assert {name: _content(open_, name) for name in archive.media} == {"a.png": b"first"}


def test_odd_parts_of_a_newer_collection(exports: Exports, tmp_path: Path) -> None:
    """Protobuf that is damaged costs its note type or deck, whose notes and cards are told."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.create_collation("unicase", lambda a, b: (a > b) - (a < b))
        db.deserialize(unpacked(exports.packages["deck, modern"])[0])
        (cloze,) = db.execute("select id from notetypes where hex(name) = hex('Cloze')").fetchone()
        (own,) = db.execute("select id from decks where hex(name) = hex('Own')").fetchone()
        db.execute("update notetypes set config = x'08' where id = ?", [cloze])
        db.execute("update decks set kind = x'0a0522' where id = ?", [own])
        db.execute("insert into notetypes values (5, 'Nothing', 0, 0, x'')")
        db.execute("insert into decks values (6, x'ff', 0, 0, x'', x'')")
        (lost,) = db.execute("select id from notes where mid = ?", [cloze]).fetchone()
        (guid,) = db.execute("select guid from notes where mid = ?", [cloze]).fetchone()
        db.commit()
        archive = opened(zipped(modern(bytes(db.serialize()))), tmp_path)
    assert [each.message for each in archive.problems] == [
        "the note type `5` is damaged and left out: it has no fields",
        f"the note type `{cloze}` is damaged and left out: it has a number that is cut off or too long",
        "the deck `6` is damaged and left out: its name is no UTF-8",
        f"the deck `{own}` is damaged and left out: it says that 5 bytes follow, and 1 do",
        f"the note {lost} (guid `{guid}`) is left out: its note type {cloze} is not in this package",
        f"the deck {own} is not in this package and is named `recovered{own}`, cards: 1",
    ]
    assert len(archive.notes) == len(exports.held["notes"]) - 1


def test_a_row_without_end(exports: Exports, tmp_path: Path) -> None:
    """A row that says it has 2**63 bytes is damage, and not a want of memory."""
    collection, _ = unpacked(exports.packages["deck, modern"])
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(collection)
        (root,) = db.execute("select rootpage from sqlite_master where name = 'templates'").fetchone()
    page = (root - 1) * int.from_bytes(collection[16:18])
    cells = int.from_bytes(collection[page + 3 : page + 5])
    spoiled = bytearray(collection)
    for cell in range(cells):
        pointer = page + 8 + 2 * cell
        start = page + int.from_bytes(collection[pointer : pointer + 2])
        spoiled[start : start + 8] = b"\xff" * 8
    with pytest.raises(mkdeck.DeckError, match="the collection in this package is damaged"):
        opened(zipped(modern(bytes(spoiled))), tmp_path)


def unpacked(path: Path) -> tuple[bytes, dict[str, bytes]]:
    """Give the collection that Anki would read, unpacked, and all members of a package."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    if "collection.anki21b" not in members:
        return members["collection.anki21"], members
    data = zstd.decompress(members["collection.anki21b"])
    return data[:18] + b"\1\1" + data[20:], members  # without a journal on disk, which memory cannot have


# Files that mean harm, and files that are broken


def with_info(members: Mapping[str, bytes], name: str, change: Callable[[zipfile.ZipInfo], object]) -> bytes:
    """Give a zip of which one member's entry says something else."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for each, data in members.items():
            info = zipfile.ZipInfo(each)
            if each == name:
                change(info)
            archive.writestr(info, data)
    return file.getvalue()


def linked(info: zipfile.ZipInfo) -> None:
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16


def by_lzma(info: zipfile.ZipInfo) -> None:
    info.compress_type = zipfile.ZIP_LZMA


def flagged(flag: int) -> bytes:
    """Give a zip whose first member has a flag, in both places."""
    data = bytearray(zipped(package(old())))
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + offset] |= flag
    return bytes(data)


def twice() -> bytes:
    """Give a zip that holds two collections, of which Anki would take one and mkdeck another."""
    data = zipped({"collection.anki2": old(), "collection.ankiX": old(notes=[])})
    return data.replace(b"collection.ankiX", b"collection.anki2")


def lying(size: int) -> bytes:
    """Give a zip whose collection says in the table of contents that it unpacks to `size` bytes."""
    data = bytearray(zipped(package(old()), zipfile.ZIP_DEFLATED))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", size)
    return bytes(data)


def elsewhere(place: int) -> bytes:
    """Give a zip that says its one member is at a place, in the form for places beyond 4 GB."""
    data = bytearray(zipped(package(old())))
    entry, end = data.index(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    extra = struct.pack("<HHQ", 1, 8, place)
    (size,) = struct.unpack_from("<I", data, end + 12)
    struct.pack_into("<I", data, end + 12, size + len(extra))
    struct.pack_into("<H", data, entry + 30, len(extra))
    struct.pack_into("<I", data, entry + 42, 0xFFFF_FFFF)
    name = entry + 46 + len("collection.anki2")
    return bytes(data[:name] + extra + data[name:])


def miscounted() -> bytes:
    """Give a zip whose collection does not have the checksum that it says."""
    data = bytearray(zipped(package(old())))
    data[data.index(b"PK\x01\x02") + 16] ^= 1
    return bytes(data)


def crowded() -> bytes:
    """Give a database whose schema has 100,000 tables, all at one place."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("create table a (b)")
        db.execute("pragma writable_schema = on")
        tables = ((f"t{number}", f"t{number}", f"create table t{number} (a)") for number in range(100_000))
        db.executemany("insert into sqlite_master values ('table', ?, ?, 2, ?)", tables)
        db.commit()
        return bytes(db.serialize())


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def media_entries(*names: str, size: int = 1) -> bytes:
    entries = [MediaEntries.MediaEntry(name=name, size=size, sha1=b"x" * 20) for name in names]
    return bytes(MediaEntries(entries=entries).SerializeToString())


def overwritten(table: str, kind: str, sql: str) -> bytes:
    """Give a collection one of whose tables says in the schema that it is something else."""
    return old(
        then=f"pragma writable_schema = on; update sqlite_master set type = '{kind}', sql = '{sql}'"
        f" where name = '{table}'"
    )


ENDLESS = "with recursive n(a) as (select 1 union all select a + 1 from n) select a as id from n"
COMPUTED = "drop table notes; create table notes (id, guid, mid, mod, tags, flds as (hex(zeroblob(9))) {})"
NO_PACKAGE = "this is no package, or a damaged one"
NOTHING = "there is no collection in this file; it is no package of Anki's"
IS_DAMAGED = "the collection in this package is damaged"
NO_COLLECTION = "the collection in this package is not one of Anki's"
LIST = "the list of media in this package is damaged: "

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", f"{NO_PACKAGE} ("),
    "no zip": (lambda: b"deck: A\n", f"{NO_PACKAGE} ("),
    "cut short": (lambda: zipped(package(old()))[:-1], f"{NO_PACKAGE} ("),
    "an empty zip": (lambda: zipped({}), NOTHING),
    "another zip": (
        lambda: zipped({"word/document.xml": b"x"}), NOTHING
    ),
    "encrypted": (lambda: flagged(0x01), "this package is encrypted, at `collection.anki2`"),
    "a name of a member that is no UTF-8": (
        lambda: zipped(package(old(), ü=b"x")).replace("ü".encode(), b"\xff\xff"), f"{NO_PACKAGE} ('utf-8' codec"
    ),
    "a member beyond the end": (
        lambda: elsewhere(2**64 - 1), f"{NO_PACKAGE} (it points beyond its end)"
    ),
    "a member a little beyond the end": (
        lambda: elsewhere(2**30), f"{NO_PACKAGE} (Truncated file header)"
    ),
    "a method of a later zip": (
        lambda: flagged(0x20), f"{NO_PACKAGE} (compressed patched data (flag bit 5))"
    ),
    "a symbolic link": (
        lambda: with_info(package(old(), x=b"/etc/passwd"), "x", linked), "this package holds a symbolic link, `x`"
    ),
    "two members of a name": (twice, "this package holds `collection.anki2` twice"),
    "LZMA, whose header can ask for gigabytes": (
        lambda: with_info(package(old()), "collection.anki2", by_lzma),
        "`collection.anki2` in this package is compressed in a way that Anki does not know",
    ),
    "a wrong checksum": (miscounted, f"{NO_PACKAGE} (Bad CRC-32 for file 'collection.anki2')"),
    "a bomb": (
        lambda: zipped({"collection.anki2": bytes(20_000_000)}, zipfile.ZIP_DEFLATED),
        "`collection.anki2` in this package would unpack to more than 16,777,216 bytes; mkdeck stops",
    ),
    "a size that is not true": (
        lambda: lying(0xFFFF_FFFE),
        "`collection.anki2` in this package would unpack to more than 16,777,216 bytes; mkdeck stops",
    ),
    "a zstd bomb": (
        lambda: zipped(modern(bytes(20_000_000))),
        "`collection.anki21b` in this package would unpack to more than 16,777,216 bytes; mkdeck stops",
    ),
    "a zstd bomb in the list of media": (
        lambda: zipped(modern(old(), bytes(20_000_000))),
        "`media` in this package would unpack to more than 16,777,216 bytes; mkdeck stops",
    ),
    "no zstd": (
        lambda: zipped({"meta": b"\x08\x03", "collection.anki21b": old()}),
        "this package holds damaged zstd data (",
    ),
    "zstd that is cut short": (
        lambda: zipped({"meta": b"\x08\x03", "collection.anki21b": zstd.compress(old())[:-5]}),
        f"{NO_PACKAGE} (",
    ),
    "zstd with a window of 2 GB": (
        lambda: zipped({"meta": b"\x08\x03", "collection.anki21b": b"\x28\xb5\x2f\xfd\x00\xa8" + bytes(20)}),
        "this package holds damaged zstd data (Unable to decompress Zstandard data: Frame requires too much memory",
    ),
    "a newer version": (
        lambda: zipped(package(old(), meta=b"\x08\x04")), "this package is of version 4, which mkdeck does not know"
    ),
    "no version": (
        lambda: zipped(package(old(), meta=b"")), "this package is of version 0, which mkdeck does not know"
    ),
    "a damaged version": (
        lambda: zipped(package(old(), meta=b"\x08")),
        "`meta` of this package is damaged: it has a number that is cut off or too long",
    ),
    "a long version": (
        lambda: zipped(package(old(), meta=bytes(1001))),
        "`meta` of this package is damaged: `meta` in this package would unpack to more than 1,000 bytes",
    ),
    "a version without its collection": (
        lambda: zipped(package(old(), meta=b"\x08\x03")),
        NOTHING,
    ),
    "media in a folder above": (
        lambda: zipped(package(old(), media={"0": "../../.bashrc"}, **{"0": b"x"})),
        "a media file of this package is named `../../.bashrc`, which leaves its folder",
    ),
    "media at the root": (
        lambda: zipped(package(old(), media={"0": "/etc/passwd"}, **{"0": b"x"})),
        "a media file of this package is named `/etc/passwd`, which leaves its folder",
    ),
    "media in a folder of Windows": (
        lambda: zipped(package(old(), media={"0": "..\\x.exe"}, **{"0": b"x"})),
        "a media file of this package is named `..\\x.exe`, which leaves its folder",
    ),
    "media that are a folder": (
        lambda: zipped(package(old(), media={"0": ".."}, **{"0": b"x"})),
        "a media file of this package is named `..`, which leaves its folder",
    ),
    "media cut by NUL": (
        lambda: zipped(package(old(), media={"0": "a.png\0.exe"}, **{"0": b"x"})),
        "a media file of this package is named `a.png\0.exe`, which leaves its folder",
    ),
    "media without a name": (
        lambda: zipped(package(old(), media={"0": ":"}, **{"0": b"x"})), "a media file of this package has no name"
    ),
    "a newer package's media in a folder above": (
        lambda: zipped(modern(old(), media_entries("../x"), **{"0": b"x"})),
        "a media file of this package is named `../x`, which leaves its folder",
    ),
    "media by name": (
        lambda: zipped(package(old(), media={"collection.anki2": "a"})),
        LIST + "the number of a file is no whole number",
    ),
    "media of no name": (lambda: zipped(package(old(), media={"0": 1})), LIST + "the name of a file is no text"),
    "media of half a character": (
        lambda: zipped(package(old(), media={"0": "\udc80"})), LIST + "the name of a file is no text of Unicode"
    ),
    "a list of media that is a list": (lambda: zipped(package(old(), media=[])), LIST + "it is no mapping"),
    "a list of media that is no JSON": (
        lambda: zipped({**package(old()), "media": b"{"}),
        LIST + "it is no JSON (",
    ),
    "a list of media that is no UTF-8": (
        lambda: zipped({**package(old()), "media": b"\xff"}), LIST + "it is no UTF-8"
    ),
    "a list of media without end": (
        lambda: zipped({**package(old()), "media": b"[" * 100_000}), LIST + "its JSON is nested too deeply"
    ),
    "a list of media that is too long": (
        lambda: zipped({**package(old()), "media": b" " * (2**24 + 1)}),
        "`media` in this package would unpack to more than 16,777,216 bytes; mkdeck stops",
    ),
    "media that would fill the disk": (
        lambda: zipped(modern(old(), media_entries("a", "b", size=2**32 - 1), **{"0": b"x", "1": b"x"})),
        "the media of this package would unpack to more than 16,777,216 bytes; mkdeck stops",
    ),
    "a list of media of another kind": (
        lambda: zipped(modern(old(), b"\x08\x01")), LIST + "its field 1 is a number"
    ),
    "media of no UTF-8": (
        lambda: zipped(modern(old(), b"\x0a\x03\x0a\x01\xff")), LIST + "its field 1 is no UTF-8"
    ),
    "no database": (
        lambda: zipped(package(b"x" * 5000)), f"{IS_DAMAGED} ("
    ),
    "an empty database": (lambda: zipped(package(b"")), f"{NO_COLLECTION}: it has no cards, col, notes"),
    "a database that is cut short": (
        lambda: zipped(package(old()[:5000])), f"{IS_DAMAGED} ("
    ),
    "a database with a broken page": (
        lambda: zipped(package(flipped(old(), 4096 + 3))), f"{IS_DAMAGED} ("
    ),
    "a missing table": (
        lambda: zipped(package(old(then="drop table cards"))), f"{NO_COLLECTION}: it has no cards"
    ),
    "a missing column": (
        lambda: zipped(package(old(then="alter table notes rename column flds to fields"))),
        f"{NO_COLLECTION} (no such column: flds)",
    ),
    "a view without end": (
        lambda: zipped(package(old(then=f"drop table notes; create view notes as {ENDLESS}"))),
        f"{NO_COLLECTION}: `notes` is no table",
    ),
    "a virtual table": (
        lambda: zipped(package(old(then="drop table notes; create virtual table notes using fts5(guid, flds)"))),
        f"{NO_COLLECTION}: `notes` is no table",
    ),
    "a view that says it is a table": (
        lambda: zipped(package(overwritten("notes", "table", f"create view notes as {ENDLESS}"))),
        IS_DAMAGED,
    ),
    "a column that calls functions": (
        lambda: zipped(package(old(then=COMPUTED.format("virtual")))), f"{NO_COLLECTION}: `notes` is computed"
    ),
    "a column that has called functions": (
        lambda: zipped(package(old(then=COMPUTED.format("stored")))), f"{NO_COLLECTION}: `notes` is computed"
    ),
    "a schema of 100,000 tables": (
        lambda: zipped(package(crowded())),
        "the collection in this package is too much: its schema is too large",
    ),
    "a text of 70 MB": (
        lambda: zipped(package(old(then="update notes set flds = cast(zeroblob(70000000) as text)"))),
        f"{IS_DAMAGED} (string or blob too big)",
    ),
    "no row in `col`": (
        lambda: zipped(package(old(then="delete from col"))), "the collection in this package has no note types"
    ),
    "note types that are no JSON": (
        lambda: zipped(package(old(models="x"))),
        "the list of note types in this package is damaged: it is no JSON (",
    ),
    "decks that are no mapping": (
        lambda: zipped(package(old(decks=[]))), "the list of decks in this package is damaged: it is no mapping"
    ),
    "note types nested without end": (
        lambda: zipped(package(old(models='{"a":' * 100_000))),
        "the list of note types in this package is damaged: its JSON is nested too deeply",
    ),
    "note types of 17 MB": (
        lambda: zipped(package(old(models=" " * 17_000_000))),
        "the note types in this package take 17,000,000 bytes; mkdeck stops at 16,777,216",
    ),
    "a number of a million digits": (
        lambda: zipped(package(old(models='{"1": ' + "1" * 1_000_000 + "}"))),
        "the list of note types in this package is damaged: it is no JSON (Exceeds the limit",
    ),
}  # fmt: skip
"""A file -> the one message about it, or, where a library has the word, its start."""


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files(case: str, tmp_path: Path) -> None:
    """Each is one error that says what is wrong and names the file; nothing is left behind."""
    make, message = HOSTILE[case]
    path = tmp_path / "x.apkg"
    path.write_bytes(make())
    with pytest.raises(mkdeck.DeckError) as refused:
        read_package(path)
    (problem,) = refused.value.diagnostics
    assert problem.message.startswith(message)
    assert (problem.rule, str(problem.severity), problem.span.path) == ("file", "error", str(path))
    assert list(tmp_path.iterdir()) == [path]


def test_only_what_is_far_too_much_is_refused(tmp_path: Path) -> None:
    """A small member may be compressed at any ratio: an empty collection of many pages is no bomb."""
    roomy = old(then="create table x (y); insert into x values (zeroblob(10000000)); drop table x")
    data = zipped(package(roomy), zipfile.ZIP_DEFLATED)
    assert len(roomy) > 200 * len(data)
    assert len(opened(data, tmp_path).notes) == 2


LIMITED: dict[str, tuple[dict[str, Any], str]] = {
    "members": ({"members": 2}, "this package has 4 files; mkdeck stops at 2"),
    "directory": ({"directory": 150}, "this package's table of contents has more than 150 bytes; mkdeck stops"),
    "collection": (
        {"collection": 9999}, "`collection.anki2` in this package would unpack to more than 9,999 bytes; mkdeck"
    ),
    "list": ({"list": 10}, "`media` in this package would unpack to more than 10 bytes; mkdeck stops"),
    "media": ({"media": 5}, "the media of this package would unpack to more than 5 bytes; mkdeck stops"),
    "ratio": (
        {"ratio": 2, "free": 0},
        "`collection.anki2` in this package would unpack to more than ",
    ),
    "notes": ({"notes": 1}, "this package has more than 1 notes; mkdeck stops"),
    "cards": ({"cards": 1}, "this package has more than 1 cards; mkdeck stops"),
    "text": ({"text": 1000}, "the notes of this package take more than 1,000 bytes; mkdeck stops"),
    "seconds": (
        {"seconds": 0}, "the collection in this package is too much: reading it takes more than 0 seconds"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITED)
def test_limits(name: str, tmp_path: Path) -> None:
    """Every bound can be set, and is one error when it is passed."""
    limits, message = LIMITED[name]
    notes = [*NOTES, *((number, f"g{number}", NOTE_TYPE, 0, "", "a\x1fb") for number in range(1, 1000))]
    members = package(old(notes=notes), media={"0": "a.png", "1": "b.png"}, **{"0": b"1234", "1": b"56"})
    data = zipped(members, zipfile.ZIP_DEFLATED)
    assert opened(data, tmp_path).problems == ()
    with pytest.raises(mkdeck.DeckError) as refused:
        opened(data, tmp_path, **limits)
    (problem,) = refused.value.diagnostics
    assert problem.message.startswith(message)


def test_note_types_of_a_newer_collection_are_bounded(exports: Exports, tmp_path: Path) -> None:
    """What JSON may not take, tables may not take either."""
    data = exports.packages["deck, modern"].read_bytes()
    with pytest.raises(
        mkdeck.DeckError, match="the fields in this package take more than 1,000 bytes; mkdeck stops"
    ):
        opened(data, tmp_path, list=1000)


NO_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda path: None, "there is no such file"),
    "a folder": (lambda path: path.mkdir(), "this is not a file"),
    "a pipe": (os.mkfifo, "this is not a file"),
    "a link to itself": (lambda path: path.symlink_to(path), "this file cannot be read ("),
}


@pytest.mark.parametrize("case", NO_FILES)
def test_what_is_no_file(case: str, tmp_path: Path) -> None:
    """A path that is no file is an error, and nothing waits for a pipe."""
    make, message = NO_FILES[case]
    make(tmp_path / "x.apkg")
    with pytest.raises(mkdeck.DeckError) as refused:
        read_package(tmp_path / "x.apkg")
    assert refused.value.diagnostics[0].message.startswith(message)


@pytest.mark.parametrize("damaged", [False, True])
def test_nothing_is_left_behind(damaged: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unpacked collection is gone when the package has been read, or could not be."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    collection = old(then="drop table cards") if damaged else old()
    try:
        opened(zipped(package(collection)), tmp_path)
    except mkdeck.DeckError:
        assert damaged
    assert list((tmp_path / "temporary").iterdir()) == []


# Media as streams


def streamed(data: bytes, folder: Path, name: str) -> str:
    """Tell the error with which one media file cannot be read."""
    archive = opened(data, folder)
    with pytest.raises(mkdeck.DeckError) as refused:
        drain(archive, name)
    (problem,) = refused.value.diagnostics
    assert (problem.rule, problem.span.path) == ("file", str(archive.path))
    return problem.message


def drain(archive: Archive, *names: str) -> None:
    """Read media in small pieces, and keep none."""
    with opened_media(archive) as open_:
        for name in names:
            with open_(name) as stream:
                while stream.read(1000):
                    pass


def test_media_are_read_in_pieces(tmp_path: Path) -> None:
    """A stream gives what was packed, in pieces of any size, and several may be open at once."""
    content = {name: os.urandom(100_000) for name in ("0", "1")}
    archive = opened(zipped(modern(old(), media_entries("a", "b", size=100_000), **content)), tmp_path)
    with opened_media(archive) as open_, open_("a") as first, open_("b") as second:
        assert first.readable()
        pieces: dict[str, list[bytes]] = {"0": [], "1": []}
        while True:
            got = first.read(777), second.read(5555)
            if not any(got):
                break
            for name, piece in zip(pieces, got, strict=True):
                pieces[name].append(piece or b"")
    assert {name: b"".join(each) for name, each in pieces.items()} == content


def test_media_that_unpack_to_more_than_they_say(tmp_path: Path) -> None:
    """A zstd bomb among the media stops where the ratio is passed, and all media together where theirs is."""
    bomb = modern(old(), media_entries("a", "b", "c"), **{each: bytes(17_000_000) for each in "01"}, **{"2": b"x"})
    assert streamed(zipped(bomb), tmp_path, "a") == (
        "`0` in this package would unpack to more than 16,777,216 bytes; mkdeck stops"
    )
    several = modern(old(), media_entries(*"abc"), **{each: bytes(6_000_000) for each in "012"})
    archive = opened(zipped(several), tmp_path)
    with pytest.raises(mkdeck.DeckError, match="the media of this package would unpack to more than 16,777,216"):
        drain(archive, *archive.media)


def test_media_that_are_damaged(tmp_path: Path) -> None:
    """A wrong checksum and zstd that is none are errors while they are read."""
    data = bytearray(zipped(package(old(), media={"0": "a"}, **{"0": b"x" * 5000})))
    data[data.rindex(b"x" * 100)] ^= 1
    assert streamed(bytes(data), tmp_path, "a") == f"{NO_PACKAGE} (Bad CRC-32 for file '0')"
    members = modern(old(), media_entries("a")) | {"0": b"no zstd"}
    assert streamed(zipped(members), tmp_path, "a").startswith("this package holds damaged zstd data (")


def test_a_package_that_becomes_another(tmp_path: Path) -> None:
    """Media are not taken from a package that has been replaced since it was read."""
    archive = opened(zipped(package(old(), media={"0": "a"}, **{"0": b"x"})), tmp_path)
    archive.path.write_bytes(zipped(package(old())))
    with pytest.raises(mkdeck.DeckError, match="this package has changed since it was read"):
        drain(archive, "a")


def test_without_zstd(tmp_path: Path) -> None:
    """Where nothing can unpack zstd, a newer package is an error that says what to install; older ones are read."""
    (tmp_path / "new.apkg").write_bytes(zipped(modern(old())))
    (tmp_path / "old.apkg").write_bytes(zipped(package(old())))
    program = (
        "import sys\n"
        "sys.modules.update({'backports': None, 'compression': None})\n"
        "from mkdeck.archive import read_package\n"
        "print(len(read_package('old.apkg').notes))\n"
        "try: read_package('new.apkg')\n"
        "except ValueError as error: print(error.diagnostics[0].message, error.diagnostics[0].mend, sep='\\n')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True, env=SOURCE
    )
    assert run.stdout.splitlines() == [
        "2",
        "this package is in Anki's newer form, which is compressed by zstd",
        "pip install backports.zstd, or export it from Anki with `Support older Anki versions` ticked",
    ]


SOURCE = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


# Size


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory of a process")
def test_50_000_notes_in_300_megabytes(exports: Exports, tmp_path: Path) -> None:
    """A collection of 50,000 notes, of 1 kB each, is read in less than 300 MB, Python and all."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(unpacked(exports.packages["deck, legacy"])[0])
        ((note_type,), (deck,)) = (
            db.execute(f"select {each}").fetchone()
            for each in ("mid from notes where flds like 'in the default deck%'", "did from cards")
        )
        db.execute("delete from notes")
        db.execute("delete from cards")
        number = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 50000)"
        db.execute(
            f"insert into notes {number} select i, 'g' || i, ?, i, -1, ' a b ', 'Question ' || i || char(31) ||"
            " hex(randomblob(480)), 0, 0, 0, '' from n",
            [note_type],
        )
        db.execute(
            f"insert into cards {number} select i, i, ?, 0, i, -1, 0, 0, i, 0, 0, 0, 0, 0, 0, 0, 0, '' from n",
            [deck],
        )
        db.commit()
        (tmp_path / "x.apkg").write_bytes(zipped(modern(bytes(db.serialize()))))
    program = (
        "import re\n"
        "from mkdeck.archive import read_package\n"
        "notes = read_package('x.apkg').notes\n"
        "print(len(notes), sum(len(note.cards) for note in notes))\n"
        "print(re.search(r'VmHWM:\\s*([0-9]+) kB', open('/proc/self/status').read())[1])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True, env=SOURCE
    )
    counts, memory = run.stdout.splitlines()
    assert counts == "50000 50000"
    assert int(memory) < 300_000


# Whatever a file holds


def survive(data: bytes, folder: Path) -> None:
    """Do all that can be done with a file: only DeckError may come of it."""
    path = folder / "x.apkg"
    path.write_bytes(data)
    rules = {"file"}
    try:
        archive = read_package(path)
        shown = summary(archive)
        json.loads(to_json(shown))
        assert len(archive.notes) == shown.notes
        for text in (to_table(shown), *to_csv(archive)):
            text.encode()
        with opened_media(archive) as open_:
            for name in archive.media:
                _content(open_, name)
    except mkdeck.DeckError as error:
        rules = {each.rule for each in error.diagnostics}
    assert rules == {"file"}


CHANGES = st.lists(
    st.tuples(st.integers(0, 2**24), st.integers(0, 40), st.binary(max_size=20), st.booleans()),
    min_size=1,
    max_size=6,
)
"""Where bytes are changed, how many are taken out and which put in, and whether the length stays."""
SAVAGE = settings(
    max_examples=int(os.environ.get("MKDECK_FUZZ", "60")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
"""`MKDECK_FUZZ=25000 pytest tests/test_archive.py -k "any_bytes or changes or any_json"` tries 125,000 and more."""


def changed(data: bytes, changes: Sequence[tuple[int, int, bytes, bool]]) -> bytes:
    for place, size, put, keeps_length in changes:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + (len(put) if keeps_length else size) :]
    return data


@SAVAGE
@given(data=st.binary(max_size=300))
def test_any_bytes(data: bytes, tmp_path: Path) -> None:
    """Bytes are read or refused, as a file, as a collection of each form, as a version and as a list of media."""
    survive(data, tmp_path)
    survive(zipped(package(data)), tmp_path)
    survive(zipped(modern(data)), tmp_path)
    survive(zipped(modern(old(), data)), tmp_path)
    survive(zipped(package(old(), meta=data)), tmp_path)
    survive(zipped({**package(old()), "media": data}), tmp_path)


@SAVAGE
@given(form=st.sampled_from(FORMS), changes=CHANGES)
def test_a_package_with_changes_in_its_zip(
    form: str, changes: list[tuple[int, int, bytes, bool]], exports: Exports, tmp_path: Path
) -> None:
    """A package of which some bytes are others is read or refused."""
    survive(changed(exports.packages[form].read_bytes(), changes), tmp_path)


@SAVAGE
@given(form=st.sampled_from(FORMS), changes=CHANGES)
def test_a_package_with_changes_in_its_database(
    form: str, changes: list[tuple[int, int, bytes, bool]], exports: Exports, tmp_path: Path
) -> None:
    """A sound zip of a database of which some bytes are others is read or refused."""
    collection, members = unpacked(exports.packages[form])
    collection = changed(collection, changes)
    if "legacy" in form:
        survive(zipped(members | {"collection.anki21": collection}), tmp_path)
    else:
        survive(zipped(members | {"collection.anki21b": zstd.compress(collection)}), tmp_path)


@SAVAGE
@given(table=st.sampled_from(["notetypes", "fields", "templates", "decks", "media", "meta"]), changes=CHANGES)
def test_a_package_with_changes_in_its_protobuf(
    table: str, changes: list[tuple[int, int, bytes, bool]], exports: Exports, tmp_path: Path
) -> None:
    """A sound database with messages of which some bytes are others is read or refused."""
    collection, members = unpacked(exports.packages["collection, modern"])
    if table == "meta":
        survive(zipped(members | {"meta": changed(members["meta"], changes)}), tmp_path)
    elif table == "media":
        data = zstd.compress(changed(zstd.decompress(members["media"]), changes))
        survive(zipped(members | {"media": data}), tmp_path)
    else:
        with closing(sqlite3.connect(":memory:")) as db:
            db.create_collation("unicase", lambda a, b: (a > b) - (a < b))
            db.deserialize(collection)
            db.create_function("changed", 1, lambda blob: changed(blob, changes))
            column = "kind" if table == "decks" else "config"
            db.execute(f"update {table} set {column} = changed({column})")
            db.commit()
            data = zstd.compress(db.serialize())
        survive(zipped(members | {"collection.anki21b": data}), tmp_path)


KEYS = st.sampled_from([*MODELS[str(NOTE_TYPE)], *DECKS["1"], "qfmt", "afmt", "1", str(NOTE_TYPE), str(DECK), "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)


@SAVAGE
@given(note_types=JSON, decks=JSON, media=JSON, part=st.dictionaries(KEYS, JSON))
def test_any_json(note_types: object, decks: object, media: object, part: dict[str, Any], tmp_path: Path) -> None:
    """Whatever stands where note types, decks and media are listed is read or refused."""
    survive(zipped(package(old(models=note_types, decks=decks), media=media)), tmp_path)
    survive(zipped(package(old(models=models(**part), decks=DECKS | {"1": part}), media={"0": part})), tmp_path)
