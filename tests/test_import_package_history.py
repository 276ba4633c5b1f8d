"""Decks that came from a package: made by any builder, edited, rebuilt, and imported over what learners have."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import genanki
import pytest
from anki.collection import Collection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_anki import LearnersAnki
from test_cli import mkdeck as run
from test_import_package import add, assert_same, exported, seen

import mkdeck
from mkdeck.importers import import_file
from mkdeck.importers.writing import write_deck

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CSS = ".card { color: teal; }"


def of_genanki(folder: Path) -> Path:
    """Make a package with genanki: two note types, two decks, a picture, guids of its own and of a script's."""
    simple = genanki.Model(
        1607392319, "Capitals", fields=[{"name": "Country"}, {"name": "Capital"}, {"name": "Map"}],
        templates=[
            {"name": "To", "qfmt": "{{Country}}", "afmt": "{{FrontSide}}<hr>{{Capital}}{{Map}}"},
            {"name": "Back", "qfmt": "{{#Map}}{{Capital}}{{/Map}}", "afmt": "{{Country}}"},
        ],
        css=CSS,
    )  # fmt: skip
    cloze = genanki.Model(
        998877661, "My cloze", model_type=genanki.Model.CLOZE, fields=[{"name": "Text"}, {"name": "Extra"}],
        templates=[{"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}<br>{{Extra}}"}], css=CSS,
    )  # fmt: skip
    (folder / "map one.png").write_bytes(b"a map")
    world, europe = genanki.Deck(2059400110, "World"), genanki.Deck(2059400111, "World::Europe")
    world.add_note(genanki.Note(simple, ["Peru", "Lima", '<img src="map one.png">'], tags=["south"]))
    europe.add_note(genanki.Note(simple, ["Norway", "Oslo", ""], guid="norway-1"))
    europe.add_note(genanki.Note(cloze, ["{{c1::Oslo}} lies on the {{c2::Oslofjord::a fjord}}", ""]))
    out = folder / "world.apkg"
    package = genanki.Package([world, europe])
    package.media_files = [str(folder / "map one.png")]
    package.write_to_file(out)
    return out


def test_round_trip_of_genanki(tmp_path: Path) -> None:
    """What genanki made comes back as it was."""
    assert_same(of_genanki(tmp_path), tmp_path)


def test_round_trip_of_mkdeck(project: Path, tmp_path: Path) -> None:
    """And what mkdeck itself made, with its own two note types."""
    shutil.copyfile(project / "dist/collectivisation.apkg", tmp_path / "made.apkg")
    assert_same(tmp_path / "made.apkg", tmp_path)


def test_of_notes_with_one_guid_the_last_keeps_it(tmp_path: Path) -> None:
    """It is the one that Anki updates; that the others come a second time is told."""
    model = genanki.Model(
        1607392320, "Pairs", fields=[{"name": "F"}, {"name": "B"}],
        templates=[{"name": "c", "qfmt": "{{F}}", "afmt": "{{B}}"}],
    )  # fmt: skip
    made = genanki.Deck(2059400113, "Pairs")
    for front, guid in (("one", "aa"), ("two", "aa"), ("three", "aa"), ("four", "bb")):
        made.add_note(genanki.Note(model, [front, "back"], guid=guid))
    genanki.Package(made).write_to_file(tmp_path / "p.apkg")
    learner = LearnersAnki(tmp_path / "learner")
    learner.import_package(tmp_path / "p.apkg")
    found = import_file(tmp_path / "p.apkg", out=tmp_path / "p.yaml")
    (said,) = [line for line in found.report if "guid" in line]
    assert said.startswith("notes that have the guid of a later one: 2; Anki updates only the last of such notes")
    write_deck(found, tmp_path / "p.yaml", tmp_path)
    text = (tmp_path / "p.yaml").read_text(encoding="utf-8")
    (tmp_path / "p.yaml").write_text(text.replace("three", "three again"), encoding="utf-8")
    mkdeck.build(tmp_path / "p.yaml", tmp_path / "again.apkg")
    counts = learner.import_package(tmp_path / "again.apkg")
    assert (counts["updated"], counts["new"]) == (1, 2)
    fronts = [learner.col.get_note(each)["F"] for each in learner.col.find_notes("")]
    assert sorted(fronts) == ["four", "one", "one", "three again", "two", "two"]


def test_round_trip_of_a_collection(tmp_path: Path) -> None:
    """A whole collection, exported as `.colpkg`, becomes a deck that builds."""
    col = Collection(str(tmp_path / "made.anki2"))
    add(col, "Basic", ["Which ship?", "The Aurora"], "A")
    add(col, "Cloze", ["The {{c1::Aurora}} fired"], "B")
    col.export_collection_package(str(tmp_path / "made.colpkg"), include_media=True, legacy=False)
    write_deck(import_file(tmp_path / "made.colpkg", out=tmp_path / "d.yaml"), tmp_path / "d.yaml", tmp_path)
    result = mkdeck.build(tmp_path / "d.yaml", tmp_path / "d.apkg")
    assert (result.notes, result.cards) == ({"plain": 2}, {"plain": 2})


FIELDS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\x01"), max_size=12),
        st.sampled_from((
            "<b>", "</b>", "<br>", "<div>", "</div>", "&nbsp;", "&amp;", "word ", " two words ", "*", "#", "- ",
            "\n", "<i>it</i>", "<img src='p.png'>", "{{c1::", "}}", "::", "\\(x\\)", "[sound:s.mp3]", "1. ", "`",
        )),
    ),
    max_size=6,
).map("".join)  # fmt: skip
NOTES = st.lists(
    st.tuples(
        st.sampled_from(["Basic", "Cloze", "Basic (and reversed card)", "Basic (optional reversed card)"]),
        st.lists(FIELDS, min_size=2, max_size=2),
        st.sampled_from(["A", "A::B", "Default"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(notes=NOTES, is_legacy=st.booleans())
def test_round_trip_of_anything(
    notes: list[tuple[str, list[str], str]], *, is_legacy: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever notes a collection holds, they come back, and are nothing new to those who have them."""
    folder = tmp_path_factory.mktemp("any")
    col = Collection(str(folder / "made.anki2"))
    col.media.write_data("p.png", b"a picture")
    for kind, fields, deck in notes:
        add(col, kind, fields, deck)
    assert_same(exported(col, folder / "made.apkg", is_legacy=is_legacy), folder)


# Edits


class Course:
    """A package that a learner has studied, and the deck that was made of it."""

    def __init__(self, folder: Path) -> None:
        self.package = of_genanki(folder)
        self.deck = folder / "world.yaml"
        write_deck(import_file(self.package, out=self.deck), self.deck, folder)
        self.learner = LearnersAnki(folder / "learner")
        self.learner.import_package(self.package)
        self.learner.col.db.execute("update cards set reps = 3, ivl = 20, type = 2, queue = 2, due = 99")
        self.out = folder / "again.apkg"

    def edited(self, old: str, new: str) -> dict[str, int]:
        """Edit the deck, build it, and give what Anki says of it."""
        text = self.deck.read_text(encoding="utf-8")
        assert old in text
        self.deck.write_text(text.replace(old, new, 1), encoding="utf-8")
        mkdeck.build(self.deck, self.out)
        return self.learner.import_package(self.out)

    def held(self) -> dict[str, list[str]]:
        col = self.learner.col
        return {note.guid: note.fields for note in map(col.get_note, col.db.list("select id from notes"))}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)


EDITS = {
    "a text": ("Norway", "Kingdom of Norway", "Kingdom of Norway", {"updated": 1, "duplicate": 2}, 5),
    "a hint": ("a fjord", "a long fjord", "{{c2::Oslofjord::a long fjord}}", {"updated": 1, "duplicate": 2}, 5),
    "a new blank": ("lies on", "{{lies}} on", "{{c3::lies}} on", {"updated": 1, "duplicate": 2}, 6),
    "a short front": ("Norway", "Norge", "Norge", {"updated": 1, "duplicate": 2}, 5),
    "another card in its place": ("Norway", "Sweden", "Sweden", {"new": 1, "duplicate": 2}, 6),
    "a field filled": ("Capital: Oslo", "Capital: Oslo\n      Map: by the sea", "by the sea",
                       {"updated": 1, "duplicate": 2}, 6),
    "a new card": ("cards:\n", "cards:\n  - {front: Who, back: I}\n", "'Who'", {"new": 1, "duplicate": 3}, 6),
    "a style": ("color: teal", "color: red", ".card { color: red; }", {"duplicate": 3}, 5),
    "a template": ("<hr>{{Capital}}", "<p>{{Capital}}", "{{FrontSide}}<p>", {"duplicate": 3}, 5),
    "nothing": ("deck: World", "deck: World", "Norway", {"duplicate": 3}, 5),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "arrives", "counts", "cards"), EDITS.values(), ids=EDITS)
def test_an_edit_is_an_update(
    course: Course, old: str, new: str, arrives: str, counts: dict[str, int], cards: int
) -> None:
    """No note is there twice, no history is lost, and what changed reaches the learner."""
    before = course.learner.col.db.all("select id, nid, ord, did, reps, ivl from cards")
    assert course.edited(old, new) == counts
    after = course.learner.col.db.all("select id, nid, ord, did, reps, ivl from cards")
    assert [row for row in after if row in before] == before
    assert len(after) == cards
    said = repr([*course.held().values(), *course.learner.col.models.all()])
    assert arrives in said


def test_a_new_look_reaches_the_learner(course: Course) -> None:
    """The note type is newer where its CSS has changed, and only there."""
    course.edited("color: teal", "color: red")
    kinds = {each["name"]: each["css"] for each in course.learner.col.models.all()}
    assert [kinds["Capitals"], kinds["My cloze"]].count(".card { color: red; }") == 1


def test_a_new_look_is_told(course: Course) -> None:
    """The report of a build names the note type, `--locked` asks for a build, and a diff says what has changed."""
    text = course.deck.read_text(encoding="utf-8")
    course.deck.write_text(text.replace("color: teal", "color: red", 1), encoding="utf-8")
    done = run("build", "world.yaml", "-o", "again.apkg", "--locked", cwd=course.deck.parent)
    assert "the lock is out of date: the style has changed" in done.stderr
    done = run("build", "world.yaml", "-o", "again.apkg", cwd=course.deck.parent)
    assert "the note type 'Capitals' has changed; Anki takes that for all its cards" in done.stdout
    done = run("diff", "world.apkg", "again.apkg", cwd=course.deck.parent)
    assert done.stdout.splitlines() == [
        "world.apkg -> again.apkg: 3 unchanged", "the look of the note type 'Capitals' has changed"
    ]  # fmt: skip
    done = run("diff", "again.apkg", "world.yaml", cwd=course.deck.parent)
    assert done.stdout.splitlines() == ["again.apkg -> world.yaml: 3 unchanged"]


def test_the_id_of_a_note_type_stays(course: Course) -> None:
    """Under another id, all its notes would be new ones and the old ones retired: nothing is built."""
    text = course.deck.read_text(encoding="utf-8")
    changed = text.replace("id: 1607392319", "id: 1607392320", 1)
    course.deck.write_text(changed, encoding="utf-8")
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.build(course.deck, course.out)
    (problem,) = caught.value.diagnostics
    line = next(number for number, each in enumerate(changed.splitlines(), 1) if "1607392320" in each)
    assert (problem.rule, problem.span.line, problem.mend) == ("lock", line, "write `id: 1607392319` again")
    assert not course.out.exists()


def test_a_note_type_of_the_same_fields_under_another_name(course: Course) -> None:
    """A note type made anew in place of another is no change of its id."""
    text = course.deck.read_text(encoding="utf-8")
    text = text.replace("id: 1607392319", "id: 1607392320", 1)
    course.deck.write_text(re.sub(r"\bCapitals\b", "Towns", text), encoding="utf-8")
    result = mkdeck.build(course.deck, course.out)
    assert sorted(change.what for change in result.changes) == ["new", "new", "retired", "retired"]


def test_fields_of_a_note_type_stay(course: Course) -> None:
    """Another order of fields would make conflicts of all notes in Anki: nothing is built."""
    text = course.deck.read_text(encoding="utf-8")
    swapped = re.sub(r"(      - (?:name: )?)Country(.*?)Capital", r"\1Capital\2Country", text, flags=re.DOTALL)
    assert swapped != text
    course.deck.write_text(swapped, encoding="utf-8")
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.build(course.deck, course.out)
    assert [each.rule for each in caught.value.diagnostics] == ["lock"]
    assert "new `id:`" in caught.value.diagnostics[0].mend
    assert not course.out.exists()


def test_a_retired_note_is_shipped_as_one(course: Course) -> None:
    """With `--tag-retired`, a note that was taken out comes once more, of its own note type, with the tag."""
    text = course.deck.read_text(encoding="utf-8")
    start = text.index("  - type: Capitals", text.index("Norway") - 60)
    end = text.index("  - ", start + 4)
    course.deck.write_text(text[:start] + text[end:], encoding="utf-8")
    done = run("build", "world.yaml", "-o", "again.apkg", "--tag-retired", cwd=course.deck.parent)
    assert done.returncode == 0, done.stderr
    counts = course.learner.import_package(course.out)
    assert (counts.get("updated"), counts.get("new"), counts.get("conflicting")) == (1, None, None)
    note = course.learner.col.get_note(course.learner.col.find_notes("tag:mkdeck::retired")[0])
    assert (note.guid, note.fields) == ("norway-1", ["Norway", "Oslo", ""])


def test_a_retired_cloze_keeps_its_cards(tmp_path: Path) -> None:
    """All fields and clozes of a note in HTML come once more, so that no card of the learner's becomes empty."""
    model = genanki.Model(
        998877662, "Wide", model_type=genanki.Model.CLOZE, css=CSS,
        fields=[{"name": "Top"}, {"name": "Text"}, {"name": "Extra"}],
        templates=[{"name": "Cloze", "qfmt": "{{Top}}{{cloze:Text}}", "afmt": "{{cloze:Text}}<br>{{Extra}}"}],
    )  # fmt: skip
    made = genanki.Deck(2059400112, "Wide")
    made.add_note(
        genanki.Note(model, ["", "{{c1::Oslo}} &lt; {{c3::Rome::where}} \\(x\\)", "<b>and</b> more"], guid="g-1")
    )
    made.add_note(genanki.Note(model, ["", "{{c1::stays}}", ""], guid="g-2"))
    genanki.Package(made).write_to_file(tmp_path / "wide.apkg")
    learner = LearnersAnki(tmp_path / "learner")
    learner.import_package(tmp_path / "wide.apkg")
    deck = tmp_path / "wide.yaml"
    write_deck(import_file(tmp_path / "wide.apkg", out=deck), deck, tmp_path)
    head, _, rest = deck.read_text(encoding="utf-8").partition("  - type: Wide\n")
    deck.write_text(head + "  - type: Wide\n" + rest.partition("  - type: Wide\n")[2], encoding="utf-8")
    assert run("build", "wide.yaml", "-o", "again.apkg", "--tag-retired", cwd=tmp_path).returncode == 0
    counts = learner.import_package(tmp_path / "again.apkg")
    assert (counts.get("updated"), counts.get("new"), counts.get("duplicate")) == (1, None, 1)
    note = learner.col.get_note(learner.col.find_notes("tag:mkdeck::retired")[0])
    assert note.fields == ["", "{{c1::Oslo}} &lt; {{c3::Rome::where}} \\(x\\)", "and more"]
    assert [card.ord for card in note.cards()] == [0, 2]


# Tables


def test_guids_of_a_table_are_kept(tmp_path: Path) -> None:
    """The lock of an imported table has them, and the package that is built of it."""
    (tmp_path / "t.csv").write_text("front,back,guid\nWho?,Ada,g-1\nWhen?,1843,\nWhere?,London,g-1\n")
    deck = tmp_path / "t.yaml"
    write_deck(import_file(tmp_path / "t.csv"), deck, tmp_path)
    mkdeck.build(deck, tmp_path / "t.apkg")
    anki = LearnersAnki(tmp_path / "learner")
    anki.import_package(tmp_path / "t.apkg")
    guids = {note["Front"]: note.guid for note in map(anki.col.get_note, anki.col.find_notes(""))}
    assert guids["Who?"] == "g-1"
    assert len({*guids.values()}) == 3


def of_simple_notes(path: Path, *notes: tuple[str, str]) -> None:
    """Make a package with genanki: notes of a front and a back, with the guids g-1, g-2 ..."""
    simple = genanki.Model(
        1_500_000_000_001,
        "Simple",
        fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Back}}"}],
    )
    theirs = genanki.Deck(1_500_000_000_002, "Simple")
    for number, sides in enumerate(notes, 1):
        theirs.add_note(genanki.Note(simple, list(sides), guid=f"g-{number}"))
    genanki.Package(theirs).write_to_file(path, timestamp=1_600_000_000)


@pytest.mark.parametrize("kind", ["table", "package"])
def test_what_becomes_of_notes_that_are_there(kind: str, tmp_path: Path) -> None:
    """From a text they come back as conflicting ones, as the report says; from a package, Anki updates them."""
    of_simple_notes(tmp_path / "old.apkg", ("Who?", "Ada"))
    anki = LearnersAnki(tmp_path / "learner")
    anki.import_package(tmp_path / "old.apkg")
    (tmp_path / "old.csv").write_text("front,back,guid\nWho?,Ada,g-1\n")
    deck = tmp_path / "new.yaml"
    made = import_file(tmp_path / ("old.csv" if kind == "table" else "old.apkg"), out=deck)
    write_deck(made, deck, tmp_path)
    mkdeck.build(deck, tmp_path / "new.apkg")
    deck.write_text(deck.read_text().replace("Ada", "Ada Lovelace"))
    mkdeck.build(deck, tmp_path / "new.apkg")
    counts = anki.import_package(tmp_path / "new.apkg")
    [note] = map(anki.col.get_note, anki.col.find_notes(""))
    wanted = ({"conflicting": 1}, "Ada") if kind == "table" else ({"updated": 1}, "Ada Lovelace")
    assert (counts, note["Back"]) == wanted
    warnings = [line for line in made.report if "are not updated by what you build" in line]
    assert len(warnings) == (kind == "table")


def test_why_notes_stay_html_is_told(tmp_path: Path) -> None:
    """Of each note type, how many became Markdown, and how many did not."""
    of_simple_notes(
        tmp_path / "old.apkg", ("Who?", "Ada"), ("When?", '<span style="color: red">1843</span>'), ("Where?", "")
    )
    made = import_file(tmp_path / "old.apkg")
    assert made.report[1] == (
        "of the note type `Simple`, 3 notes: 1 in Markdown, as a front and a back; 2 in HTML (`html: true`), "
        "for they have what Markdown cannot say (colours, tables ...), or an empty side"
    )
    assert made.yaml.count("html: true") == 2


def test_media_that_are_missing_are_told(tmp_path: Path) -> None:
    """With how many notes name them; the first of many by name."""
    many = [(f"{number}?", f"[sound:{number}.mp3]") for number in range(10)]
    of_simple_notes(tmp_path / "old.apkg", ("Who?", '<img src="0.mp3">'), ("What?", "Ada"), *many)
    report = import_file(tmp_path / "old.apkg").report
    told = "media that notes name and that are not in the package: `0.mp3` (in 2 notes), "
    told += "".join(f"`{number}.mp3` (in 1 note), " for number in range(1, 8)) + "2 more"
    assert [line for line in report if "not in the package" in line] == [told]


# The command


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def test_the_command_writes_three_things(tmp_path: Path) -> None:
    """Without -o beside nothing but where one stands, with it where it says; and says what became what."""
    (tmp_path / "old").mkdir()
    of_genanki(tmp_path / "old")
    done = run("import", "old/world.apkg", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert files(tmp_path)[2:] == ["world-media/map one.png", "world.lock.json", "world.yaml"]
    assert done.stderr.splitlines() == [
        "world.apkg, read as package: 3 notes, 5 cards, 1 media file",
        (
            "of the note type `Capitals`, 2 notes: 2 in HTML (`html: true`), for their note type is more than a "
            "front and a back, or a cloze"
        ),
        "of the note type `My cloze`, 1 note: 1 in Markdown, as clozes",
        "2 decks: cards that are not in `World` name theirs",
        "left out, the scheduling and the options of decks: Anki keeps those that a learner has",
        "world.yaml: written. Read it through, then: mkdeck check world.yaml",
    ]
    done = run("import", "old/world.apkg", "-o", "decks/w.yaml", cwd=tmp_path)
    assert files(tmp_path / "decks") == ["w-media/map one.png", "w.lock.json", "w.yaml"]


def test_media_that_cannot_be_written(tmp_path: Path) -> None:
    """The folder is named, not the package, which is sound; and nothing is left of what was begun."""
    made = genanki.Package(genanki.Deck(2059400114, "Large"))
    model = genanki.Model(
        1607392321, "One", fields=[{"name": "F"}], templates=[{"name": "c", "qfmt": "{{F}}", "afmt": "{{F}}"}]
    )
    made.decks[0].add_note(genanki.Note(model, ['<img src="large.png">']))
    (tmp_path / "large.png").write_bytes(bytes(500_000))
    made.media_files = [str(tmp_path / "large.png")]
    made.write_to_file(tmp_path / "large.apkg")
    (tmp_path / "large.png").unlink()
    command = f"ulimit -f 100; exec {sys.executable} -m mkdeck import large.apkg"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "large-media: error[file]: File too large\n")
    assert files(tmp_path) == ["large.apkg"]


def damaged(package: Path) -> None:
    """Change a byte in the picture, so that its check sum is wrong."""
    data = bytearray(package.read_bytes())
    at = data.index(b"a map")
    data[at] ^= 1
    package.write_bytes(data)


IN_THE_WAY: dict[str, tuple[Callable[[Path], Any], str]] = {
    "the deck": (lambda folder: (folder / "world.yaml").write_text("mine"), "world.yaml"),
    "its lock": (lambda folder: (folder / "world.lock.json").write_text("mine"), "world.lock.json"),
    "its media": (lambda folder: (folder / "world-media").mkdir(), "world-media"),
    "a damaged picture": (lambda folder: damaged(folder / "world.apkg"), "world.apkg"),
}


@pytest.mark.parametrize(("make", "named"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_nothing_is_half_written(make: Callable[[Path], Any], named: str, tmp_path: Path) -> None:
    """What is there already stays, what is damaged is told, and no part of the deck is left behind."""
    of_genanki(tmp_path)
    make(tmp_path)
    before = files(tmp_path)
    done = run("import", "world.apkg", "-o", "world.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{named}: error[file]: "), done.stderr
    assert files(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_all_that_is_in_the_way_is_told_at_once(tmp_path: Path) -> None:
    """The lock and the folder of media: another name serves for both."""
    of_genanki(tmp_path)
    (tmp_path / "world.lock.json").write_text("mine")
    (tmp_path / "world-media").mkdir()
    done = run("import", "world.apkg", "-o", "world.yaml", cwd=tmp_path)
    assert done.stderr.splitlines() == [
        "world-media: error[file]: this is there already",
        "   mend: give another name with -o",
        "world.lock.json: error[file]: this is there already",
        "   mend: give another name with -o",
        "2 errors; nothing was written.",
    ]


def test_names_of_media_stay_in_their_folder(tmp_path: Path) -> None:
    """A package whose media would be written elsewhere is refused, and nothing is written."""
    of_genanki(tmp_path)
    with zipfile.ZipFile(tmp_path / "world.apkg") as old, zipfile.ZipFile(tmp_path / "evil.apkg", "w") as new:
        for name in old.namelist():
            new.writestr(name, b'{"0": "../../evil.sh"}' if name == "media" else old.read(name))
    before = files(tmp_path)
    done = run("import", "evil.apkg", "-o", "evil.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "leaves its folder" in done.stderr
    assert files(tmp_path) == before


def test_what_the_preview_shows(tmp_path: Path) -> None:
    """Cards of a deck's own note types are drawn by their templates, each with its own style sheet."""
    of_genanki(tmp_path)
    run("import", "world.apkg", cwd=tmp_path)
    done = run("preview", "world.yaml", "-o", "page.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("color: teal") == 2
    assert "Oslofjord" in page
    assert "data:image/png;base64," in page


def test_seen_is_strict() -> None:
    """The measure of these tests tells apart what a learner would."""
    assert seen("<b>a</b>") == seen("<strong>a</strong>")
    for other in ("a", "<i>a</i>", '<b style="color:red">a</b>', "<b>a</b>b", "<b>a</b><br>b"):
        assert seen("<b>a</b>") != seen(other)
