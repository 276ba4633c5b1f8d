"""What Anki makes of packages, measured with the official backend: facts that mkdeck's importer relies on.

A failure here after an update of the backend means that Anki changed, not mkdeck.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import ExportAnkiPackageOptions
from anki.scheduler.v3 import CardAnswer
from real_anki import LearnersAnki
from test_archive import DECK, DECKS, MODELS, NOTE_TYPE, PICTURE, models, old, package, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

NOTE = 1342697561421
MOD = MODELS[str(NOTE_TYPE)]["mod"]
(OLD,) = MODELS.values()
(FRONT_ONLY,) = OLD["tmpls"]
BOTH_WAYS = models(tmpls=[FRONT_ONLY, FRONT_ONLY | {"name": "Back", "qfmt": "{{B}}", "afmt": "{{A}}"}])
CLOZES = models(type=1, tmpls=[FRONT_ONLY | {"qfmt": "{{cloze:A}}", "afmt": "{{cloze:A}}"}])


def note(
    *fields: str, guid: str = "g", mod: int = 5, tags: str = "", note_type: int = NOTE_TYPE
) -> tuple[Any, ...]:
    return NOTE, guid, note_type, mod, tags, "\x1f".join(fields)


def cards(*ordinals: int, deck: int = DECK) -> list[tuple[int, int, int, int]]:
    return [(NOTE, ordinal, deck, 0) for ordinal in ordinals]


PLAIN: dict[str, Any] = {"notes": [note("front", "back")], "cards": cards(0)}


def written(folder: Path, media: Iterable[str] = (), **parts: Any) -> Path:
    """Write a package; each of its media holds its own name."""
    listed = {str(number): name for number, name in enumerate(media)}
    path = folder / "x.apkg"
    files = {number: name.encode() for number, name in listed.items()}
    path.write_bytes(zipped(package(old(**PLAIN | parts), media=listed, **files)))
    return path


def held_type(anki: LearnersAnki, number: int = NOTE_TYPE) -> dict[str, Any]:
    """Give a note type as the backend has it; Python's own side of Anki remembers older ones."""
    found: dict[str, Any] = json.loads(anki.col._backend.get_notetype_legacy(number))
    return found


def media_of(anki: LearnersAnki) -> dict[str, str]:
    return {path.name: path.read_text() for path in Path(anki.col.media.dir()).iterdir()}


def names_of_decks(anki: LearnersAnki) -> list[str]:
    return [each.name for each in anki.col.decks.all_names_and_ids()]


def home(anki: LearnersAnki) -> str:
    """Name the deck of the first card, or tell that it is in none."""
    found = anki.col.db.scalar("select did from cards")
    return anki.col.decks.name(found) if anki.col.decks.have(found) else f"none:{found}"


# Media

MEDIA = {
    "in_a_field.png": True,
    "_in_css.ttf": True,
    "_in_a_template.js": True,
    "_nowhere.png": True,
    "latex-0123456789abcdef0123456789abcdef01234567.png": True,
    "latex-nowhere.svg": True,
    "in_css.ttf": False,
    "in_a_template.png": False,
    "nowhere.png": False,
}
"""Names -> whether Anki imports them: those that a field names, and those that begin with `_` or `latex-`."""
WITH_MEDIA: dict[str, Any] = {
    "models": models(
        css="@font-face { src: url('_in_css.ttf') } @font-face { src: url('in_css.ttf') }",
        tmpls=[
            FRONT_ONLY | {"qfmt": "{{A}}<script src='_in_a_template.js'></script><img src='in_a_template.png'>"}
        ],
    ),
    "notes": [note("<img src=in_a_field.png>", "back")],
}


def test_which_media_are_imported(anki: LearnersAnki, tmp_path: Path) -> None:
    """What begins with `_` or `latex-` always is, and of the rest only what a field names."""
    anki.import_package(written(tmp_path, MEDIA, **WITH_MEDIA))
    assert media_of(anki).keys() == {name for name, is_imported in MEDIA.items() if is_imported}


def test_media_of_notes_that_are_unchanged(anki: LearnersAnki, tmp_path: Path) -> None:
    """What a learner lost comes back at once if it begins with `_`, else only when a note that names it changes."""
    path = written(tmp_path, MEDIA, **WITH_MEDIA)
    anki.import_package(path)
    folder = Path(anki.col.media.dir())
    for name in ("in_a_field.png", "_in_css.ttf"):
        (folder / name).unlink()
    # Anki looks at the files again if the folder's time is another one, which a file system sets only every few ms.
    os.utime(folder, (time.time() + 1, time.time() + 1))
    assert anki.import_package(path) == {"duplicate": 1}
    assert "_in_css.ttf" in media_of(anki)
    assert "in_a_field.png" not in media_of(anki)
    changed = WITH_MEDIA | {"notes": [note("<img src=in_a_field.png>", "back", mod=6)]}
    assert anki.import_package(written(tmp_path, MEDIA, **changed)) == {"updated": 1}
    assert "in_a_field.png" in media_of(anki)


def test_media_that_the_learner_has_with_another_content(anki: LearnersAnki, tmp_path: Path) -> None:
    """Files with `_` are never replaced; others come under a name with their hash, and the field is changed."""
    for name in ("in_a_field.png", "_in_css.ttf"):
        (Path(anki.col.media.dir()) / name).write_text("the learner's")
    anki.import_package(written(tmp_path, MEDIA, **WITH_MEDIA))
    found = media_of(anki)
    renamed = f"in_a_field-{hashlib.sha1(b'in_a_field.png').hexdigest()}.png"
    assert found["_in_css.ttf"] == found["in_a_field.png"] == "the learner's"
    assert found[renamed] == "in_a_field.png"
    assert anki.col.get_note(NOTE).fields[0] == f"<img src={renamed}>"


# Note types


def changed_type(mod: int) -> dict[str, Any]:
    """Give the note type with all that may change without making it another one."""
    return models(
        mod=mod, name="New name", css="new", sortf=1, latexPre="new",
        flds=[OLD["flds"][0] | {"font": "New", "description": "new"}, OLD["flds"][1]],
        tmpls=[FRONT_ONLY | {"qfmt": "new {{A}}", "bqfmt": "{{A}}"}],
    )  # fmt: skip


def parts(found: dict[str, Any]) -> tuple[Any, ...]:
    field, template = found["flds"][0], found["tmpls"][0]
    return (
        found["name"], found["css"], found["sortf"], found["latexPre"], field["font"], field.get("description", ""),
        template["qfmt"], template["bqfmt"],
    )  # fmt: skip


@pytest.mark.parametrize(("later", "is_taken"), [(-1, False), (0, False), (1, True)])
def test_a_note_type_of_another_time(later: int, is_taken: bool, anki: LearnersAnki, tmp_path: Path) -> None:
    """Only a later `mod` changes the learner's note type, and then all of it, name and all."""
    anki.import_package(written(tmp_path))
    before, (after,) = held_type(anki), changed_type(MOD + later).values()
    assert anki.import_package(written(tmp_path, models=changed_type(MOD + later))) == {"duplicate": 1}
    assert parts(held_type(anki)) == parts(after if is_taken else before)
    assert held_type(anki)["mod"] == MOD + max(later, 0)


def test_a_note_type_that_the_learner_edited(anki: LearnersAnki, tmp_path: Path) -> None:
    """An edit in Anki sets its `mod` to now, so a package that was made before does not undo it."""
    anki.import_package(written(tmp_path))
    anki.col.models.update_dict(held_type(anki) | {"css": "mine"})
    anki.import_package(written(tmp_path, models=changed_type(MOD + 1)))
    assert held_type(anki)["css"] == "mine"


def test_a_note_type_without_notes(anki: LearnersAnki, tmp_path: Path) -> None:
    """A note type that no note of the package has is passed over."""
    anki.import_package(written(tmp_path))
    anki.import_package(written(tmp_path, models=changed_type(MOD + 1), notes=[], cards=[]))
    assert held_type(anki)["css"] == OLD["css"]


def test_a_note_type_whose_name_is_taken(anki: LearnersAnki, tmp_path: Path) -> None:
    """It gets a `+` and its `mod` is now, so that only a package from after the import changes it."""
    anki.import_package(written(tmp_path, models=models(name="Basic")))
    found = held_type(anki)
    assert (found["name"], found["mod"] > 1_700_000_000) == ("Basic+", True)
    anki.import_package(written(tmp_path, models=models(name="Basic", css="new", mod=MOD + 1)))
    assert held_type(anki)["css"] == OLD["css"]
    anki.import_package(written(tmp_path, models=models(name="Basic", css="new", mod=found["mod"] + 1)))
    assert (held_type(anki)["css"], held_type(anki)["name"]) == ("new", "Basic+")


def test_stock_note_types_have_no_time(anki: LearnersAnki) -> None:
    """A note type of Anki's own that nobody edited has the `mod` 0."""
    assert {each["name"]: each["mod"] for each in anki.col.models.all()} == {
        "Basic": 0,
        "Basic (and reversed card)": 0,
        "Basic (optional reversed card)": 0,
        "Basic (type in the answer)": 0,
        "Cloze": 0,
        "Image Occlusion": 0,
    }


@pytest.mark.parametrize(("override", "wanted"), [(None, "Mine"), (DECK, "Default")])
def test_the_deck_of_a_template_is_not_translated(
    override: int | None, wanted: str, anki: LearnersAnki, tmp_path: Path
) -> None:
    """It stays the number that it is in the package, and is no deck of the learner's: new notes go to Default."""
    anki.import_package(written(tmp_path, models=models(tmpls=[FRONT_ONLY | {"did": override}])))
    assert held_type(anki)["tmpls"][0]["did"] == override
    assert DECK not in anki.col.db.list("select id from decks")
    added = anki.col.new_note(held_type(anki))
    added.fields = ["new", ""]
    anki.col.add_note(added, anki.col.decks.id("Mine"))
    assert [anki.col.decks.name(card.did) for card in added.cards()] == [wanted]


# Notes


@pytest.mark.parametrize(("mod", "log"), [(4, "duplicate"), (5, "duplicate"), (6, "updated")])
def test_a_note_of_another_time(mod: int, log: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """A later `mod` replaces fields, tags and time; with an equal one nothing is taken, whatever it says."""
    anki.import_package(written(tmp_path, notes=[note("front", "back", tags=" a ")]))
    changed = [(77, *note("new", "", mod=mod, tags=" b ")[1:])]
    counts = anki.import_package(written(tmp_path, notes=changed, cards=[(77, 0, DECK, 0)]))
    found = anki.col.get_note(NOTE)
    assert counts == {log: 1}
    assert (found.fields, found.tags, found.mod) == (
        (["new", ""], ["b"], 6) if log == "updated" else (["front", "back"], ["a"], 5)
    )
    assert (anki.col.note_count(), anki.col.card_count()) == (1, 1)


def test_a_note_of_another_note_type(anki: LearnersAnki, tmp_path: Path) -> None:
    """It is `conflicting` and not taken, nor are its cards; but its note type is, though nothing has it."""
    anki.import_package(written(tmp_path))
    other = {"77": BOTH_WAYS[str(NOTE_TYPE)] | {"id": 77, "name": "Other"}}
    changed = written(tmp_path, models=other, notes=[note("new", "new", mod=6, note_type=77)], cards=cards(0, 1))
    assert anki.import_package(changed) == {"conflicting": 1}
    assert (anki.col.get_note(NOTE).fields, anki.col.get_note(NOTE).mid) == (["front", "back"], NOTE_TYPE)
    assert anki.col.card_count() == 1
    assert held_type(anki, 77)["name"] == "Other"


FIELDS = {
    "control characters": ("a\x00\x01\x07\x1b\x7fb", "ab"),
    "tab and line feed": ("a\tb\nc", "a\tb\nc"),
    "Windows line end": ("a\r\nb", "a\nb"),
    "carriage return alone": ("a\rb", "ab"),
    "controls beyond ASCII": ("a\x85\u2028\u200b\ufeffb", "a\x85\u2028\u200b\ufeffb"),
    "decomposed letters": ("e\u0301", "\u00e9"),
    "signs that are other signs": ("\u212b \u212a", "\u00c5 K"),
    "signs that only look like others": ("\ufb01 \u00b2", "\ufb01 \u00b2"),
    "the name of a picture": ("<img src='e\u0301.png'>", "<img src='\u00e9.png'>"),
}


@pytest.mark.parametrize("case", FIELDS)
def test_fields(case: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """Of control characters, ASCII's are taken out but for tab and line feed; the text becomes NFC."""
    text, wanted = FIELDS[case]
    assert anki.import_package(written(tmp_path, notes=[note(text, "")])) == {"new": 1}
    assert anki.col.get_note(NOTE).fields == [wanted, ""]


TAGS = {
    "no-break space": (" a\u00a0b ", ["a\u00a0b"]),
    "em space": (" a\u2003b ", ["a\u2003b"]),
    "zero width space": (" a\u200bb ", ["a\u200bb"]),
    "ideographic space": ("a\u3000b", ["a", "b"]),
    "tab and line feed": (" a\tb c\nd ", ["ab", "cd"]),
    "control characters": (" a\x01b ", ["ab"]),
    "decomposed letters": (" e\u0301 ", ["\u00e9"]),
    "other cases": (" b a A B ", ["a", "b"]),
    "quotes and commas": (' "a" b,c;d * ', ['"a"', "*", "b,c;d"]),
    "no parent": (" ::a ", ["blank::a"]),
    "no child": (" a:: ", ["a::blank"]),
    "nothing between": (" a::::b ", ["a::blank::b"]),
    "Anki's own": (" marked Leech a ", ["a"]),
}


@pytest.mark.parametrize("case", TAGS)
def test_tags(case: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """Only the two blanks of Anki part tags; all other blanks are letters of a tag, or are taken out."""
    text, wanted = TAGS[case]
    anki.import_package(written(tmp_path, notes=[note("a", "b", tags=text)]))
    assert anki.col.get_note(NOTE).tags == wanted


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a field too few": ({"notes": [note("only one")]}, "note has 1 fields, expected 2"),
    "a field too many": ({"notes": [note("a", "b", "c")]}, "note has 3 fields, expected 2"),
    "an unknown note type": ({"notes": [note("a", "b", note_type=77)]}, "No such notetype>: '77'"),
    "a card of a number beyond all": ({"cards": cards(65_536)}, "IntegralValueOutOfRange"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_one_broken_note_ends_the_import(case: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """Anki takes nothing of a package in which one note is broken; mkdeck leaves that note out."""
    broken, message = BROKEN[case]
    with pytest.raises(Exception, match=message):
        anki.import_package(written(tmp_path, **broken))
    assert anki.col.note_count() == 0


# Decks

DECK_NAMES = {
    "A::B": "A::B",
    "": "blank",
    " \u2003": "blank",
    "::A": "blank::A",
    "A::": "A::blank",
    "A::::B": "A::blank::B",
    " A ::\u00a0B\u2003": "A::B",
    ":A:": "A",
    "A:B": "A:B",
    "A:::B": "A::B",
    "a\x01\t\x1fb": "ab",
    "e\u0301": "\u00e9",
    '<b>"q"</b>': '<b>"q"</b>',
    "a\u200b": "a\u200b",
    "A::Default": "A::Default",
}
"""Names in a package -> in Anki."""


def decks(number: int, name: str, **others: str) -> dict[str, Any]:
    """Give the decks of a package: one of them with the card, and `others` by id."""
    named = {str(number): name} | {each.removeprefix("d"): others[each] for each in others}
    return {each: DECKS["1"] | {"id": int(each), "name": named[each]} for each in named}


@pytest.mark.parametrize("name", DECK_NAMES)
def test_names_of_decks(name: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """Each level loses control characters and the blanks and colons around it; an empty one is `blank`."""
    assert anki.import_package(written(tmp_path, decks=decks(DECK, name, d1="Default"))) == {"new": 1}
    assert home(anki) == DECK_NAMES[name]


DEFAULTS: dict[str, tuple[dict[str, Any], int, str]] = {
    "deck 1": (decks(1, "Default"), 1, "Mine"),
    "deck 1 of another name": (decks(1, "Other"), 1, "Mine"),
    "another deck of that name": (decks(DECK, "Default"), DECK, "Default"),
    "another deck of that name, beside deck 1": (decks(DECK, "Default", d1="Default"), DECK, "Default Default_"),
    "another deck of that name, beside deck 1 of another": (decks(DECK, "Default", d1="x"), DECK, "Default"),
    "the deck of the learner's name": (decks(DECK, "mine", d1="Default"), DECK, "Mine"),
    "no deck": (decks(DECK, "A"), 999, "none:999"),
}
"""Decks, that of the card, and where it may come to be for a learner whose deck 1 is named `Mine`."""


@pytest.mark.parametrize("case", DEFAULTS)
def test_the_default_deck(case: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """Deck 1 is the learner's deck 1, whatever the names; all others go by name, without regard to case.

    Of two in a package that are named `Default` one gets a `_`, now the one and now the other.
    """
    of_package, number, wanted = DEFAULTS[case]
    anki.col.decks.save(anki.col.decks.get(1) | {"name": "Mine"})
    assert anki.import_package(written(tmp_path, decks=of_package, cards=cards(0, deck=number))) == {"new": 1}
    assert home(anki) in wanted.split()


def test_decks_that_are_one_to_anki(anki: LearnersAnki, tmp_path: Path) -> None:
    """Decks of one package whose names become the same are kept apart by `_`; which, changes from run to run."""
    of_package = decks(10, "A::B", d11=" A::B", d12="a::b", d1="Default")
    notes = [(number, f"g{number}", NOTE_TYPE, 5, "", "x\x1fy") for number in (10, 11, 12)]
    one_each = [(number, 0, number, 0) for number in (10, 11, 12)]
    assert anki.import_package(written(tmp_path, decks=of_package, notes=notes, cards=one_each)) == {"new": 3}
    names = names_of_decks(anki)
    assert sorted(name.casefold().rstrip("_") for name in names) == ["a", "a::b", "a::b", "a::b", "default"]
    assert sorted(name.count("_") for name in names) == [0, 0, 0, 1, 2]


def test_decks_without_cards(anki: LearnersAnki, tmp_path: Path) -> None:
    """A deck comes only with a card in it or below it."""
    of_package = decks(DECK, "A::B::C", d10="A", d11="Empty", d12="A::B::C::D", d1="Default")
    anki.import_package(written(tmp_path, decks=of_package))
    assert names_of_decks(anki) == ["A", "A::B", "A::B::C", "Default"]


# Cards


def test_a_card_that_the_learner_deleted(anki: LearnersAnki, tmp_path: Path) -> None:
    """It stays deleted while packages are without it, though its note changes; one that has it brings it back."""
    anki.import_package(written(tmp_path, models=BOTH_WAYS, cards=cards(0, 1)))
    anki.col.remove_cards_and_orphaned_notes(anki.col.db.list("select id from cards where ord = 1"))
    kept: dict[str, Any] = {"models": BOTH_WAYS, "notes": [note("new", "back", mod=6)]}
    assert anki.import_package(written(tmp_path, models=BOTH_WAYS)) == {"duplicate": 1}
    assert anki.import_package(written(tmp_path, **kept)) == {"updated": 1}
    assert anki.col.card_count() == 1
    assert anki.import_package(written(tmp_path, **kept, cards=cards(0, 1))) == {"duplicate": 1}
    assert anki.col.card_count() == 2


CARDS: dict[str, tuple[dict[str, Any], list[int], int, list[int]]] = {
    "a cloze that is in no field": ({"notes": [note("{{c1::a}}", "")], "cards": cards(0, 4)}, [0, 4], 1, [0, 4]),
    "no cloze at all": ({"notes": [note("plain", "")], "cards": cards(0)}, [0], 1, [0]),
    "a cloze without its card": ({"notes": [note("{{c1::a}} {{c2::b}}", "")], "cards": cards(0)}, [0], 0, [0, 1]),
    "a note without cards": ({"notes": [note("{{c1::a}}", "")], "cards": []}, [], 0, [0]),
    "a number beyond Anki's": ({"notes": [note("{{c1::a}}", "")], "cards": cards(0, 500)}, [0, 500], 1, [0, 500]),
    "an empty front": (
        {"models": BOTH_WAYS, "notes": [note("a", "")], "cards": cards(0, 1)}, [0, 1], 1, [0, 1]
    ),
    "a front without its card": ({"models": BOTH_WAYS, "cards": cards(0)}, [0], 0, [0, 1]),
    "a card of no template": ({"models": BOTH_WAYS, "cards": cards(0, 1, 2)}, [0, 1, 2], 0, [0, 1]),
    "a card twice": ({"models": BOTH_WAYS, "cards": cards(0, 1, 1)}, [0, 1, 1], 0, [0, 1]),
}  # fmt: skip
"""A package; the cards that come of it, how many of them are empty, and the cards after Check Database."""


@pytest.mark.parametrize("case", CARDS)
def test_cards_are_what_the_package_has(case: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """Anki imports the cards that are there, empty ones too, and makes none; Check Database adds the others."""
    of_package, wanted, empty, mended = CARDS[case]
    assert anki.import_package(written(tmp_path, **{"models": CLOZES} | of_package)) == {"new": 1}
    ordinals = "select ord from cards order by ord"
    assert anki.col.db.list(ordinals) == wanted
    if "no template" not in case:
        assert sum(len(each.card_ids) for each in anki.col.get_empty_cards().notes) == empty
    anki.col.fix_integrity()
    assert anki.col.db.list(ordinals) == mended


POSITIONS = {
    "numbers": ("due = 7", 7),
    "zero": ("due = 0", 0),
    "below zero": ("due = -5", -5),
    "the highest": ("due = 2147483647", 2147483647),
    "beyond the highest": ("due = 2147483648", 0),
    "of a suspended card": ("due = 7, queue = -1", 7),
    "of a reviewed card that remembers it": ("""due = 3, type = 2, queue = 2, ivl = 9, data = '{"pos":7}'""", 7),
    "of a reviewed card that does not": ("due = 3, type = 2, queue = 2, ivl = 9", 0),
    "of a card away in a filtered deck": (f"due = -9999, odue = 7, odid = {DECK}, did = 1", 7),
}
"""What is set in a package's card -> the position that the new card has."""


@pytest.mark.parametrize("case", POSITIONS)
def test_positions_of_new_cards(case: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """Every card comes in as a new one, not suspended, at the position that it has or had; Anki renumbers none."""
    sql, wanted = POSITIONS[case]
    anki.import_package(written(tmp_path, then=f"update cards set {sql}"))
    assert anki.col.db.all("select type, queue, due, ivl, odue from cards") == [[0, 0, wanted, 0, 0]]


def test_positions_that_the_learner_has(anki: LearnersAnki, tmp_path: Path) -> None:
    """Positions are not counted on from the learner's, nor the learner's from those of the package."""
    for text in ("one", "two"):
        own = anki.col.new_note(anki.col.models.by_name("Basic"))
        own.fields = [text, ""]
        anki.col.add_note(own, anki.col.decks.id("Mine"))
        anki.import_package(written(tmp_path, then="update cards set due = 1"))
    assert anki.col.db.list("select due from cards where nid = ?", NOTE) == [1]
    assert anki.col.db.list("select due from cards where nid <> ? order by id", NOTE) == [1, 2]


@pytest.mark.parametrize("scheduling", [False, True])
@pytest.mark.parametrize("legacy", [False, True])
def test_positions_that_anki_exports(scheduling: bool, legacy: bool, anki: LearnersAnki, tmp_path: Path) -> None:
    """A card that was reviewed has its old position in what Anki exports, in every form."""
    for text in ("one", "two"):
        own = anki.col.new_note(anki.col.models.by_name("Basic"))
        own.fields = [text, ""]
        anki.col.add_note(own, 1)
    anki.col.db.execute("update cards set due = due * 10")
    queued = anki.col.sched.get_queued_cards().cards[0]
    card = anki.col.get_card(queued.card.id)
    card.start_timer()
    anki.col.sched.answer_card(anki.col.sched.build_answer(card=card, states=queued.states, rating=CardAnswer.EASY))
    other = LearnersAnki(tmp_path / "other")
    other.import_package(exported(anki, tmp_path, scheduling=scheduling, legacy=legacy))
    assert other.col.db.all("select type, due from cards order by nid") == [[0, 10], [0, 20]]
    other.col.close()


def exported(anki: LearnersAnki, folder: Path, *, scheduling: bool = False, legacy: bool = True) -> Path:
    options = ExportAnkiPackageOptions(with_scheduling=scheduling, with_media=True, legacy=legacy)
    anki.col.export_anki_package(out_path=str(folder / "exported.apkg"), options=options, limit=None)
    return folder / "exported.apkg"


# Image occlusion


MASKS = "".join(
    f"{{{{c{number}::image-occlusion:rect:left=.{number}:top=.1:width=.2:height=.2:oi=1}}}}<br>"
    for number in (1, 2)
)


def occluded(anki: LearnersAnki) -> int:
    """Add a note of image occlusion, and give its note type's id."""
    picture = Path(anki.col.media.dir()) / "map.png"
    picture.write_bytes(PICTURE)
    number = next(each["id"] for each in anki.col.models.all() if each["name"] == "Image Occlusion")
    anki.col.add_image_occlusion_note(number, str(picture), MASKS, "Header", "Back", [])
    return int(number)


def without(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Change the one note type of a package, and let it be newer than any other."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(members["collection.anki21"])
        listed = json.loads(db.execute("select models from col").fetchone()[0])
        for each in listed.values():
            each["mod"] = 4_000_000_000
            change(each)
        db.execute("update col set models = ?", [json.dumps(listed)])
        db.commit()
        members["collection.anki21"] = bytes(db.serialize())
    path.write_bytes(zipped(members))
    return path


def options_of(found: dict[str, Any]) -> tuple[Any, ...]:
    return (
        found.get("originalStockKind", 0), [each["tag"] for each in found["flds"]],
        [each["preventDeletion"] for each in found["flds"]],
    )  # fmt: skip


def drop_stock(note_type: dict[str, Any]) -> None:
    del note_type["originalStockKind"]


def drop_tags(note_type: dict[str, Any]) -> None:
    for each in note_type["flds"]:
        each["tag"] = None


def drop_protection(note_type: dict[str, Any]) -> None:
    for each in note_type["flds"]:
        each["preventDeletion"] = False


def drop_all(note_type: dict[str, Any]) -> None:
    for drop in (drop_stock, drop_tags, drop_protection):
        drop(note_type)


def swap_fields(note_type: dict[str, Any]) -> None:
    """Put the picture before the masks, and the tags at their old places, as if the tags were lost and counted."""
    first, second = note_type["flds"][:2]
    note_type["flds"][:2] = second | {"tag": 0}, first | {"tag": 1}


TAGGED, PROTECTED = [0, 1, 2, 3, 4], [True, True, True, True, False]
OCCLUSIONS: dict[str, tuple[Callable[[dict[str, Any]], object], tuple[Any, ...], bool, tuple[Any, ...]]] = {
    "nothing": (lambda _: None, (6, TAGGED, PROTECTED), True, (6, TAGGED, PROTECTED)),
    "the kind": (drop_stock, (0, TAGGED, PROTECTED), False, (0, TAGGED, PROTECTED)),
    "the tags": (drop_tags, (6, [None] * 5, PROTECTED), True, (6, [None] * 4 + [4], PROTECTED)),
    "the protection": (drop_protection, (6, TAGGED, [False] * 5), True, (6, TAGGED, PROTECTED)),
    "all": (drop_all, (0, [None] * 5, [False] * 5), False, (0, [None] * 5, [False] * 5)),
}
"""What is lost; kind, tags and protection after the import; can notes be added; the three after the check."""


@pytest.mark.parametrize("case", OCCLUSIONS)
def test_image_occlusion_that_lost_something(case: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """Cards are drawn and notes are read without kind and tags; without the kind none can be added.

    Check Database mends the tags of a field that is not protected, if the kind is there.
    """
    change, wanted, can_add, mended = OCCLUSIONS[case]
    number = occluded(anki)
    path = without(exported(anki, tmp_path), change)
    other = LearnersAnki(tmp_path / "other")
    other.import_package(path)
    assert options_of(held_type(other, number)) == wanted
    read = other.col.get_image_occlusion_note(other.col.db.scalar("select id from notes")).note
    assert (read.image_file_name, read.header, len(read.occlusions)) == ("map.png", "Header", 2)
    assert [other.col.get_card(each).question().count('class="cloze" ') for each in card_ids(other)] == [1, 1]
    if can_add:
        other.col.add_image_occlusion_note(number, str(Path(anki.col.media.dir()) / "map.png"), MASKS, "", "", [])
    else:
        with pytest.raises(Exception, match="Not an image occlusion notetype"):
            other.col.add_image_occlusion_note(number, str(path), MASKS, "", "", [])
    other.col.fix_integrity()
    assert options_of(held_type(other, number)) == mended
    other.col.close()


def card_ids(anki: LearnersAnki) -> Sequence[int]:
    found: list[int] = anki.col.db.list("select id from cards order by ord")
    return found


@pytest.mark.parametrize("legacy", [False, True])
def test_image_occlusion_is_whole_in_every_form(legacy: bool, anki: LearnersAnki, tmp_path: Path) -> None:
    """Kind, tags and protection come through both forms of packages."""
    number = occluded(anki)
    other = LearnersAnki(tmp_path / "other")
    other.import_package(exported(anki, tmp_path, legacy=legacy))
    assert options_of(held_type(other, number)) == (6, TAGGED, PROTECTED)
    other.col.close()


@pytest.mark.parametrize("case", OCCLUSIONS)
def test_a_newer_note_type_takes_image_occlusion_away(case: str, anki: LearnersAnki, tmp_path: Path) -> None:
    """A note type that lost something takes it from the learner, too, if it is newer."""
    change, wanted, _, _ = OCCLUSIONS[case]
    number = occluded(anki)
    assert anki.import_package(without(exported(anki, tmp_path), change)) == {"duplicate": 1}
    assert options_of(held_type(anki, number)) == wanted


def test_image_occlusion_goes_by_tags(anki: LearnersAnki, tmp_path: Path) -> None:
    """Where there are tags they tell which field is which, whatever their order and names."""
    occluded(anki)
    path = without(exported(anki, tmp_path), swap_fields)
    other = LearnersAnki(tmp_path / "other")
    other.import_package(path)
    read = other.col.get_image_occlusion_note(other.col.db.scalar("select id from notes")).note
    assert (read.image_file_name, len(read.occlusions)) == ("map.png", 2)
    other.col.close()
