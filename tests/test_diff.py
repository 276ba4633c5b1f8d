"""`mkdeck diff`: what a learner's Anki will do, from decks, locks and packages, in the folder or in git."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import struct
import subprocess
import sys
import zipfile
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import genanki
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mkdeck
from mkdeck.archive.texts import shown
from mkdeck.diff import compare, read_sides, to_json, to_text
from mkdeck.diff.words import revealed, word_diff

if TYPE_CHECKING:
    from collections.abc import Callable

    from real_anki import LearnersAnki

    from mkdeck.diff import Difference

DECK = """\
deck: History::Test
id: test
question: Why did it happen?
reasons:
  - id: hunger
    reason: Hunger
    facts: [grain crisis, "1928"]
    points:
      - The grain crisis of 1928 came to Moscow.
      - Peasants fed their crop to {{cattle}}.
  - id: power
    reason: Power
    points:
      - id: barn
        text: Farms stored the harvest in {{one barn}}.
terms:
  mir: A commune.
cards:
  - front: Who led the party?
    back: Stalin
"""
NOTES = 9

Edits = tuple[tuple[str, str], ...]

BARN = "      - id: barn\n        text: Farms stored the harvest in {{one barn}}.\n"

# name -> edits, the counts of `mkdeck diff`, and what is said of each note but maps and explanations
EDITS: dict[str, tuple[Edits, dict[str, int], list[str]]] = {
    "nothing": ((), {}, []),
    "a word": (
        (("A commune", "A village"),),
        {"updated": 1},
        ["updated term: mir | Back: A [-commune-]{+village+}."],
    ),
    "a hint": (
        (("{{cattle}}", "{{cattle::animals}}"),),
        {"updated": 1},
        ["updated fact: Peasants fed their crop to {{c1::cattle{+::animals+}}}."],
    ),
    "only the markup": (
        (("A commune", "A **commune**"),),
        {"updated": 1},
        ["updated term: mir | Back: A commune."],
    ),
    "a fact more": (
        (('"1928"]', '"1928", Moscow]'),),
        {"updated": 1},
        ["updated fact: The {{c1::grain crisis}} of {{c2::1928}} came to {+{{c3::+}Moscow{+}}+}. | cards +3"],
    ),
    "a fact less": (
        (('[grain crisis, "1928"]', "[grain crisis]"),),
        {"updated": 1},
        ["updated fact: The {{c1::grain crisis}} of [-{{c2::-]1928[-}}-] came to Moscow. | cards -2"],
    ),
    "a tag": (
        (("    back: Stalin", "    back: Stalin\n    tags: [people]"),),
        {"updated": 1},
        ["updated plain: Who led the party? | tags +people"],
    ),
    "a card more": (
        (("    back: Stalin", "    back: Stalin\n  - cloze: In {{October}}."),),
        {"new": 1},
        ["new plain: {+In October.+} | cards +1"],
    ),
    "a term less": (
        (("terms:\n  mir: A commune.\n", ""),),
        {"retired": 1},
        ["retired term: [-mir-] | cards -1 | cards -2"],
    ),
    "another reason": (
        ((BARN, "      - Few had a {{telephone}}.\n"), ("{{cattle}}.\n", "{{cattle}}.\n" + BARN)),
        {"new": 1, "updated": 3},
        [
            "updated fact: Farms stored the harvest in {{c1::one barn}}.",
            "new fact: {+Few had a telephone.+} | cards +1",
        ],
    ),
    "another deck": ((("History::Test", "History::Other"),), {"moved": 9}, []),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, in which the deck of the first build is committed with its lock and its package."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    Path("decks").mkdir()
    Path("decks/deck.yaml").write_text(DECK, encoding="utf-8")
    mkdeck.build("decks/deck.yaml", "decks/deck.apkg")
    git("init", "--quiet")
    commit()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000100")
    return tmp_path


def git(*arguments: str) -> None:
    identity = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], check=True, env={**os.environ, **identity}, capture_output=True)


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "x")


def edit(edits: Edits) -> None:
    path = Path("decks/deck.yaml")
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def build(name: str = "decks/new.apkg") -> None:
    mkdeck.build("decks/deck.yaml", name)


def difference(old: str, new: str) -> Difference:
    return compare(*read_sides(old, new))


def counts(found: Difference) -> dict[str, int]:
    return {what: count for what, count in found.counts.items() if count}


def marked(words: tuple[tuple[str, str], ...]) -> str:
    marks = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(marks[op].format(text) for op, text in words)


def said(found: Difference) -> list[str]:
    """Put what is said of each note into one line."""
    lines = []
    for note in found.notes:
        parts = [f"{note.what} {note.kind}: {marked(note.words)}"]
        parts += [f"{name}: {marked(words)}" for name, words in note.fields.items()]
        parts += [f"tags +{tag}" for tag in note.tags_added] + [f"tags -{tag}" for tag in note.tags_removed]
        parts += [f"cards +{each}" for each in note.cards_added] + [f"cards -{each}" for each in note.cards_removed]
        lines.append(" | ".join(parts))
    return lines


@pytest.mark.parametrize("name", EDITS)
def test_edits(name: str, folder: Path) -> None:
    """An edit that is not built yet is compared with the last commit word by word, field by field."""
    edits, wanted, lines = EDITS[name]
    edit(edits)
    found = difference("HEAD:decks/deck.yaml", "decks/deck.yaml")
    unchanged = NOTES - sum(count for what, count in wanted.items() if what != "new")
    assert counts(found) == {**wanted, **({"unchanged": unchanged} if unchanged else {})}
    if name != "another deck":
        notes = [line for line in said(found) if line.split()[1] not in {"map:", "explain:"}]
        assert [line for line in notes if line in lines] == [line for line in lines if line in notes]
        assert set(lines) == {line.split(" | Header")[0].split(" | Context")[0] for line in notes}


SIDES = {
    "decks": ("HEAD:decks/deck.yaml", "decks/deck.yaml"),
    "locks": ("HEAD:decks/deck.lock.json", "decks/deck.lock.json"),
    "packages": ("HEAD:decks/deck.apkg", "decks/new.apkg"),
    "a package from the folder": ("decks/deck.apkg", "decks/new.apkg"),
    "a deck and a package": ("HEAD:decks/deck.yaml", "decks/new.apkg"),
    "a package and a deck": ("decks/deck.apkg", "decks/deck.yaml"),
    "a lock and a package": ("HEAD:decks/deck.lock.json", "decks/new.apkg"),
    "a package and a lock": ("decks/deck.apkg", "decks/deck.lock.json"),
    "a deck and a lock": ("HEAD:decks/deck.yaml", "decks/deck.lock.json"),
    "a lock and a deck": ("HEAD:decks/deck.lock.json", "decks/deck.yaml"),
}


@pytest.mark.parametrize("sides", SIDES.values(), ids=SIDES)
@pytest.mark.parametrize("name", EDITS)
def test_sides_agree(name: str, sides: tuple[str, str], folder: Path) -> None:
    """After the build, every kind of side gives the same counts and the same notes."""
    edits, wanted, _ = EDITS[name]
    edit(edits)
    build()
    found = difference(*sides)
    unchanged = NOTES - sum(count for what, count in wanted.items() if what != "new")
    assert counts(found) == {**wanted, **({"unchanged": unchanged} if unchanged else {})}
    whole = difference(*SIDES["decks"])
    assert {(note.guid, note.key, note.kind, note.deck) for note in found.notes} == {
        (note.guid, note.key, note.kind, note.deck) for note in whole.notes
    }


@pytest.mark.parametrize("name", EDITS)
def test_anki_does_what_was_said(name: str, folder: Path, anki: LearnersAnki) -> None:
    """Anki's own log of the two imports has the counts of the diff, before the build and after it."""
    edits, _, _ = EDITS[name]
    edit(edits)
    before = difference("decks/deck.apkg", "decks/deck.yaml").counts
    build()
    found = difference("decks/deck.apkg", "decks/new.apkg")
    assert found.counts == before
    assert anki.import_package(Path("decks/deck.apkg")) == {"new": NOTES}
    cards = anki.col.card_count()
    log = anki.import_package(Path("decks/new.apkg"))
    wanted = {
        "new": found.counts["new"],
        "updated": found.counts["updated"],
        "duplicate": found.counts["unchanged"] + found.counts["moved"],
    }
    assert log == {what: count for what, count in wanted.items() if count}
    gained = sum(len(note.cards_added) for note in found.notes)
    assert anki.col.card_count() == cards + gained


def test_anki_refuses(folder: Path, anki: LearnersAnki) -> None:
    """A change that Anki will not take is `refused`: an older package, and notes of another type."""
    edit(EDITS["a word"][0])
    build()
    found = difference("decks/new.apkg", "decks/deck.apkg")
    assert [(note.what, note.why, note.kind) for note in found.notes] == [("refused", "not newer", "term")]
    anki.import_package(Path("decks/new.apkg"))
    assert anki.import_package(Path("decks/deck.apkg")) == {"duplicate": NOTES}

    Path("decks/deck.lock.json").unlink()
    edit((("question:", 'style: ".card { color: red }"\nquestion:'),))
    build("decks/styled.apkg")
    found = difference("decks/new.apkg", "decks/styled.apkg")
    assert {(note.what, note.why) for note in found.notes} == {("refused", "note type")}
    assert anki.import_package(Path("decks/styled.apkg")) == {"conflicting": NOTES}


def test_moved(folder: Path) -> None:
    """A note that moves says where it was: its deck, and its reason where both sides know that."""
    edit(EDITS["another reason"][0])
    (moved,) = [note for note in difference(*SIDES["decks"]).notes if note.reason_before]
    assert (moved.key, moved.reason_before, moved.reason) == ("test/power/fact/barn", "power", "hunger")
    assert "    moved from the reason power to hunger" in to_text(difference(*SIDES["decks"]), colour=False)
    build()
    assert [note for note in difference(*SIDES["packages"]).notes if note.reason_before] == []

    edit(EDITS["another deck"][0])
    found = difference("decks/new.apkg", "decks/deck.yaml")
    assert {(note.what, note.deck_before, note.deck) for note in found.notes} == {
        ("moved", "History::Test", "History::Other")
    }
    last = "Anki moves no cards: those that learners have stay in the deck 'History::Test'."
    assert to_text(found, colour=False).splitlines()[-1] == last


def test_a_picture_changes(folder: Path) -> None:
    """The media of a revision are those of the revision; those that are not in git are those of today."""
    edit((("    back: Stalin", "    back:\n      text: Stalin\n      image: media/a b.png"),))
    Path("decks/media").mkdir()
    picture = Path("decks/media/a b.png")
    picture.write_bytes(b"one")
    build()
    commit()
    picture.write_bytes(b"two")
    (line,) = said(difference("HEAD:decks/deck.yaml", "decks/deck.yaml"))
    assert line.startswith("updated plain: Who led the party? | Back: Stalin [[-a-b-")
    git("rm", "--quiet", "--cached", "decks/media/a b.png")
    git("commit", "--quiet", "--message", "x")
    assert said(difference("HEAD:decks/deck.yaml", "decks/deck.yaml")) == []
    picture.unlink()
    with pytest.raises(mkdeck.DeckError, match=r"^HEAD:decks/deck.yaml:\d+:\d+: error\[media\]: there is no file"):
        difference("HEAD:decks/deck.yaml", "decks/deck.lock.json")


def test_a_revision_whose_folder_is_gone(folder: Path) -> None:
    """What a revision had can be compared when its folder is not there any more, and from other folders."""
    Path("decks/deck.lock.json").rename("other.lock.json")
    for path in Path("decks").iterdir():
        path.unlink()
    Path("decks").rmdir()
    assert counts(difference("HEAD:decks/deck.yaml", "other.lock.json")) == {"unchanged": NOTES}
    assert counts(difference(f"HEAD:{folder}/decks/deck.yaml", "HEAD:./decks/deck.apkg")) == {"unchanged": NOTES}


def test_a_deck_without_a_lock(folder: Path) -> None:
    """At a revision or in the folder, it is read as its first build would make it; that it has no lock is told."""
    git("rm", "--quiet", "--cached", "decks/deck.lock.json")
    git("commit", "--quiet", "--message", "x")
    assert counts(difference("HEAD:decks/deck.yaml", "decks/deck.apkg")) == {"unchanged": NOTES}
    before, after = read_sides("HEAD:decks/deck.yaml", "decks/deck.apkg")
    message = (
        "HEAD:decks/deck.lock.json: warning[lock]: there is no lock beside this deck, so its notes are those of a "
        "first build: what learners have may stand here as retired, and once more as new"
    )
    assert ([str(each) for each in before.problems], after.problems) == ([message], ())
    Path("copy").mkdir()
    Path("copy/deck.yaml").write_text(DECK, encoding="utf-8")
    done = command("decks/deck.yaml", "copy/deck.yaml")
    assert done.stderr.splitlines() == [
        message.replace("HEAD:decks", "copy"),
        (
            "   mend: put the lock back, from version control or from where the deck was copied; "
            "a deck never built has none"
        ),
    ]


def test_a_file_goes_before_a_revision(folder: Path) -> None:
    """A file whose name looks like REV:PATH is that file."""
    Path("HEAD:deck.yaml").write_text(DECK.replace("id: test", "id: other"), encoding="utf-8")
    assert counts(difference("HEAD:deck.yaml", "decks/deck.yaml")) == {"new": NOTES, "retired": NOTES}


def test_nothing_is_written(folder: Path) -> None:
    """Comparing leaves the folder as it was."""
    edit(EDITS["a word"][0])

    def files() -> dict[Path, tuple[int, bytes]]:
        found = (path for path in folder.rglob("*") if path.is_file())
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in found}

    before = files()
    for sides in (*SIDES.values(), ("decks/deck.yaml", "decks/deck.yaml")):
        if "decks/new.apkg" not in sides:
            difference(*sides)
    assert files() == before


# name -> OLD, and what is said of it
UNREADABLE = {
    "no such file": ("decks/none.yaml", "decks/none.yaml: error[file]: there is no such file"),
    "no such lock": ("decks/none.lock.json", "decks/none.lock.json: error[file]: there is no such file"),
    "no such package": ("none.apkg", "none.apkg: error[file]: there is no such file"),
    "a drive": ("C:/decks/deck.yaml", "C:/decks/deck.yaml: error[file]: there is no such file"),
    "a folder": ("decks", "decks: error[file]: this is a folder, not a deck file"),
    "no such revision": (
        "none:decks/deck.yaml",
        "none:decks/deck.yaml: error[file]: git cannot give this file: invalid object name 'none'.",
    ),
    "no such path": (
        "HEAD:decks/none.yaml",
        ("HEAD:decks/none.yaml: error[file]: git cannot give this file: path 'decks/none.yaml' does not exist in "
         "'HEAD'"),
    ),
    "a folder of a revision": (
        "HEAD:decks",
        "HEAD:decks: error[file]: git cannot give this file: git cat-file HEAD:./decks: bad file",
    ),
    "no repository": (
        "HEAD:../deck.yaml",
        ("HEAD:../deck.yaml: error[file]: git cannot give this file: not a git repository (or any of the parent "
         "directories): .git"),
    ),
    "an option": (
        "--output=x:decks/deck.yaml",
        "--output=x:decks/deck.yaml: error[file]: `--output=x` is no revision of git",
    ),
    "a deck with an error": (
        "broken:decks/deck.yaml",
        "broken:decks/deck.yaml:7:13: error[fact-not-used]: `grain crises` stands in no point",
    ),
    "a damaged lock": (
        "broken:decks/deck.lock.json",
        "broken:decks/deck.lock.json:4:1: error[lock]: this line was not written by mkdeck",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable(old: str, message: str, folder: Path) -> None:
    """What cannot be read is a diagnostic that names the side as it was given."""
    edit((("[grain crisis", "[grain crises"),))
    lock = Path("decks/deck.lock.json")
    lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
    lock.write_text("".join([*lines[:3], lines[3].replace("test", "tost").replace("text", "txet"), *lines[4:]]))
    if old.startswith("broken:decks/deck.yaml"):
        git("checkout", "--quiet", "--", "decks/deck.lock.json")
    git("checkout", "--quiet", "-b", "broken")
    commit()
    git("checkout", "--quiet", "HEAD~1")
    with pytest.raises(mkdeck.DeckError) as caught:
        read_sides(old, "decks/deck.yaml")
    assert [str(each) for each in caught.value.diagnostics] == [message]
    assert not Path("x").exists()


def test_no_git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git a revision is a diagnostic, and files can still be compared."""
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(mkdeck.DeckError, match="git is needed to read a revision, and is not installed"):
        difference("HEAD:decks/deck.yaml", "decks/deck.yaml")
    assert counts(difference("decks/deck.apkg", "decks/deck.yaml")) == {"unchanged": NOTES}


def test_both_sides_are_reported(folder: Path) -> None:
    """The findings of both sides come at once."""
    with pytest.raises(mkdeck.DeckError) as caught:
        read_sides("none.apkg", "HEAD:none.yaml")
    assert [each.span.path for each in caught.value.diagnostics] == ["HEAD:none.yaml", "none.apkg"]


def database(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        return connection.serialize()


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def encrypted() -> bytes:
    """Give a zip whose member says that it is encrypted."""
    data = bytearray(zipped({"collection.anki2": b"x"}))
    directory = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, 6, 1)
    struct.pack_into("<H", data, directory + 8, 1)
    return bytes(data)


def boasting(size: int) -> bytes:
    """Give a zip whose member says that it unpacks to `size` bytes."""
    data = bytearray(zipped({"collection.anki2": b"x" * 1000}, zipfile.ZIP_DEFLATED))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, size)
    return bytes(data)


COL = "create table col (models text, decks text)"
NOTES_TABLE = "create table notes (id, guid, mid, mod, tags, flds)"
CARDS_TABLE = "create table cards (nid, did, odid, ord)"
TYPES = '{"1": {"name": "T", "flds": [{"name": "F"}], "tmpls": [{"name": "C", "qfmt": "{{F}}"}]}}'


def collection(models: str = TYPES, decks: str = '{"1": {"name": "D"}}', note: str = "1") -> dict[str, bytes]:
    quoted = (models.replace("'", "''"), decks.replace("'", "''"))
    rows = f"insert into notes values (1, 'g', '{note}', 1, '', 'x')"
    filled = f"insert into col values ('{quoted[0]}', '{quoted[1]}')"
    return {"collection.anki2": database(COL, NOTES_TABLE, CARDS_TABLE, filled, rows)}


ENDLESS = "with recursive n(i) as (select 1 union all select i from n) select i, 'g', 1, 1, '', '' from n"

# name -> the bytes of a package, and what is said of it
BAD_PACKAGES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "this is no package, or a damaged one"),
    "no zip": (lambda: b"deck: A", "this is no package, or a damaged one"),
    "cut short": (lambda: zipped(collection())[:-30], "this is no package, or a damaged one"),
    "a byte changed": (
        lambda: zipped(collection()).replace(b"SQLite format 3", b"SQLite format 4", 1),
        "this is no package, or a damaged one",
    ),
    "another zip": (lambda: zipped({"a.txt": b"x"}), "there is no collection in this file"),
    "the newer form, damaged": (
        lambda: zipped({"meta": b"\x08\x03", "collection.anki21b": b"x"}), "this package holds damaged zstd data"
    ),
    "encrypted": (encrypted, "this package is encrypted"),
    "two gigabytes": (lambda: boasting(2**31), "would unpack to more than 16,777,216 bytes"),
    "a bomb": (
        lambda: zipped({"collection.anki2": bytes(2**25)}, zipfile.ZIP_DEFLATED),
        "would unpack to more than 16,777,216 bytes",
    ),
    "no database": (lambda: zipped({"collection.anki2": b"x" * 5000}), "the collection in this package is damaged"),
    "no tables": (lambda: zipped({"collection.anki2": database(COL)}), "it has no cards, notes"),
    "a view for a table": (
        lambda: zipped({"collection.anki2": database(COL, CARDS_TABLE, f"create view notes as {ENDLESS}")}),
        "is not one of Anki's: `notes` is no table",
    ),
    "no row": (
        lambda: zipped({"collection.anki2": database(COL, CARDS_TABLE, NOTES_TABLE)}),
        "the collection in this package has no note types",
    ),
    "no JSON": (lambda: zipped(collection("{")), "the list of note types in this package is damaged"),
    "deep JSON": (lambda: zipped(collection("[" * 100_000)), "its JSON is nested too deeply"),
    "a list": (lambda: zipped(collection("[]")), "note types in this package is damaged: it is no mapping"),
}  # fmt: skip


@pytest.mark.parametrize(("package", "message"), BAD_PACKAGES.values(), ids=BAD_PACKAGES)
def test_bad_packages(package: Callable[[], bytes], message: str, folder: Path) -> None:
    """A file that is no package, a damaged one, or one that would do harm is one diagnostic."""
    Path("bad.apkg").write_bytes(package())
    with pytest.raises(mkdeck.DeckError) as caught:
        read_sides("bad.apkg", "decks/deck.yaml")
    (problem,) = caught.value.diagnostics
    assert str(problem).startswith("bad.apkg: error[file]: ")
    assert message in str(problem)


def test_a_note_that_is_left_out(folder: Path) -> None:
    """A package with a damaged note can be compared; what was left out is told, also at a revision of git."""
    Path("odd.apkg").write_bytes(zipped(collection(note="2")))
    commit()
    done = command("odd.apkg", "HEAD:odd.apkg")
    told = "warning[file]: the note 1 (guid `g`) is left out: its note type 2 is not in this package"
    assert done.stderr.splitlines() == [f"odd.apkg: {told}", f"HEAD:odd.apkg: {told}"]
    assert (done.returncode, done.stdout) == (0, "odd.apkg -> HEAD:odd.apkg: no notes\n")


def foreign(back: str, *more: str) -> None:
    """Write a package of another maker."""
    note_type = genanki.Model(
        1600000000001, "Basic", fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Back}}"}],
    )  # fmt: skip
    deck = genanki.Deck(1600000000002, "Theirs")
    for number, text in enumerate((back, *more)):
        deck.add_note(genanki.Note(note_type, [f"<b>Q</b> {number}", text], guid=f"guid{number}", tags=["a"]))
    genanki.Package(deck).write_to_file(f"{len(more)}.apkg", timestamp=1000 + len(more))


def test_packages_of_other_makers(folder: Path) -> None:
    """A package that mkdeck did not make is compared by guids; its texts can be the same and yet be taken."""
    foreign("one")
    foreign("one", "two")
    found = difference("0.apkg", "1.apkg")
    assert said(found) == ["updated Basic: Q 0", "new Basic: {+Q 1+} | tags +a | cards +1"]
    assert [(note.key, note.guid, note.deck) for note in found.notes] == [
        ("guid0", "guid0", "Theirs"),
        ("guid1", "guid1", "Theirs"),
    ]
    assert "    these words are the same; what differs cannot be seen in them" in to_text(found, colour=False)


def test_what_anki_exports(folder: Path, anki: LearnersAnki) -> None:
    """Whatever a learner exported from Anki can be compared: a deck or all, in the old form and the new one."""
    from anki.collection import DeckIdLimit, ExportAnkiPackageOptions

    anki.import_package(Path("decks/deck.apkg"))
    note = anki.col.get_note(anki.col.find_notes("Kind:term")[0])
    note["Back"] = "A village."
    anki.col.update_note(note)
    deck = DeckIdLimit(anki.col.decks.id("History::Test"))
    for legacy in (True, False):
        options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=legacy)
        anki.col.export_anki_package(out_path=str(folder / f"{legacy}.apkg"), options=options, limit=deck)
    anki.col.export_collection_package(out_path=str(folder / "all.colpkg"), include_media=True, legacy=False)
    for name in ("True.apkg", "False.apkg", "all.colpkg"):
        found = difference("decks/deck.apkg", name)
        assert said(found) == ["updated term: mir | Back: A [-commune-]{+village+}."]
        assert found.unchanged == NOTES - 1


# name -> old, new and the words with their marks
WORDS = {
    "equal": ("a b", "a b", "a b"),
    "both empty": ("", "", ""),
    "all new": ("", "a b", "{+a b+}"),
    "all gone": ("a b", "", "[-a b-]"),
    "one word": ("a b c", "a x c", "a [-b-]{+x+} c"),
    "two words": ("a b c d", "a x y d", "a [-b c-]{+x y+} d"),
    "put in": ("a c", "a b c", "a {+b+} c"),
    "taken out": ("a b c", "a c", "a [-b-] c"),
    "put at the end": ("a", "a b", "a {+b+}"),
    "taken from the end": ("a b", "a", "a [-b-]"),
    "a comma": ("a b", "a, b", "a{+,+} b"),
    "a number": ("1,000 men", "1,500 men", "[-1,000-]{+1,500+} men"),
    "a comma less": ("a, b", "a b", "a[-,-] b"),
    "a dash less": ("a-b c", "a b c", "[-a-b-]{+a b+} c"),
    "a bracket less": ("a(b", "a b", "a[-(-] b"),
    "blanks": ("a  b", "a b", "a b"),
    "an answer": ("{{c1::a b}} c", "{{c1::a x}} c", "{{c1::a [-b-]{+x+}}} c"),
    "Japanese": ("大化の改新", "大化の新政", "大化の[-改-]新{+政+}"),
    "Hindi": ("हिन्दी भाषा", "हिंदी भाषा", "[-हिन्दी-]{+हिंदी+} भाषा"),
}


@pytest.mark.parametrize(("old", "new", "wanted"), WORDS.values(), ids=WORDS)
def test_words(old: str, new: str, wanted: str) -> None:
    """Texts are compared by words; signs are words of their own, but for those inside a word."""
    assert marked(word_diff(old, new)) == wanted


@given(st.text("ab ,{}:1\u4e00\n"), st.text("ab ,{}:1\u4e00\n"))
def test_words_lose_nothing(old: str, new: str) -> None:
    """What is kept and taken out is the old text, what is kept and put in is the new one."""
    runs = word_diff(old, new)
    for text, left_out in ((old, "+"), (new, "-")):
        kept = "".join(run for op, run in runs if op != left_out)
        assert "".join(kept.split()) == "".join(text.split())
    assert all(run for _, run in runs)
    assert all(one[0] != other[0] for one, other in pairwise(runs))


def test_long_texts_are_quick() -> None:
    """Texts of a size that nobody learns, and hostile ones, come to an end: in squared time, it would be hours."""
    old, new = (" ".join(f"{word}{number}" for number in range(20_000)) for word in "ab")
    assert marked(word_diff(f"x {old} y", f"x {new} y")) == f"x [-{old}-]{{+{new}+}} y"
    for text in ("<", "<a", "<!--", "<style>", "<img src=", "{{c1::", "::", "</", "&"):
        revealed(text * 50_000)
        revealed("{{c1::<img src=" + text * 50_000)
        word_diff(shown(text * 50_000), "")


REVEALED = {
    "a blank": ("{{c1::a}} b", "a b"),
    "a hint": ("{{c1::a::hint}} b", "a b"),
    "a hint with a double colon": ("{{c1::a::hint::more}} b", "a b"),
    "a blank in a blank": ("{{c1::a {{c2::b::hint}}}} c", "a b c"),
    "no hint, for it never ends": ("{{c1::a}} b::c", "a b::c"),
    "no hint, for another blank comes first": ("{{c1::a::b {{c2::c}}}}", "a::b c"),
    "no blanks": ("a::b}} c", "a::b}} c"),
}


@pytest.mark.parametrize(("field", "text"), REVEALED.values(), ids=REVEALED)
def test_revealed(field: str, text: str) -> None:
    """Blanks are filled in, and their hints left out."""
    assert revealed(field) == text


# name -> the HTML of a field, and the text it shows
FIELDS = {
    "prose": ("a &lt; b &amp; c", "a < b & c"),
    "inline": ("<b>bold</b>ly <i>go</i>", "boldly go"),
    "blocks": ("<div>a</div><div>b<br>c</div><ul><li>d</li></ul>", "a b c d"),
    "a picture": ('a<img alt="x" src="a b.png">', "a [a b.png]"),
    "a picture without quotes": ("<img src=a.png>", "[a.png]"),
    "a recording": ("[sound:a.mp3]", "[sound:a.mp3]"),
    "what is not shown": ("a<!-- b --><style>c</style><script>d</script>e", "a e"),
    "a comparison": ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
}


@pytest.mark.parametrize(("field", "text"), FIELDS.values(), ids=FIELDS)
def test_shown(field: str, text: str) -> None:
    """A field is shown as its text; pictures and recordings by their names."""
    assert shown(field) == text


REPORT = """\
HEAD:decks/deck.yaml -> decks/deck.yaml: 1 new, 2 updated, 1 retired, 6 unchanged

new: Anki adds them
  test/cards/cloze/#32072350 (plain)
    In October.

updated: Anki takes the new text and tags, and keeps the history
  test/hunger/fact/#5d3f6d7a (fact)
    The {{c1::grain crisis}} of [-{{c2::-]1928[-}}-] came to Moscow.
    loses card 2
  test/cards/prompt/#852df44b (plain)
    Who led the party?
    Back: {+Josef+} Stalin
    tags: {+people+}

retired: Anki deletes nothing; search as below, or by one tag after `mkdeck build --tag-retired`
  test/terms/term/#9df98466 (term)
    mir
    search: Key:test/terms/term/#9df98466

Anki deletes no cards: those that are lost stay, empty, until Tools > Empty Cards.
"""

REPORTED: Edits = (
    ('[grain crisis, "1928"]', "[grain crisis]"),
    ("    back: Stalin", "    back: Josef Stalin\n    tags: [people]\n  - cloze: In {{October}}."),
    ("terms:\n  mir: A commune.\n", ""),
)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdeck", "diff", *arguments], capture_output=True, text=True, check=False
    )


def test_report(folder: Path) -> None:
    """The report has the counts, then each note under what becomes of it, then what Anki leaves to do."""
    edit(REPORTED)
    done = command("HEAD:decks/deck.yaml", "decks/deck.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == REPORT


def test_report_in_colour(folder: Path) -> None:
    """On a terminal what is taken out is red and what is put in green; the marks stay."""
    edit(EDITS["a word"][0])
    lines = to_text(difference("HEAD:decks/deck.yaml", "decks/deck.yaml"), colour=True).splitlines()
    assert lines[-1] == "    Back: A \x1b[31m[-commune-]\x1b[0m\x1b[32m{+village+}\x1b[0m."


def test_a_long_text_is_cut_far_from_changes(folder: Path) -> None:
    """Of a long text, what stands around the changes is shown; a long text without changes is whole."""
    long = " ".join(["many words"] * 100)
    edit((("A commune.", f"{long} village {long}"),))
    build()
    edit(((" village ", " commune "),))
    text = to_text(difference("decks/new.apkg", "decks/deck.yaml"), colour=False)
    around = " ".join(["many words"] * 5)
    assert f"    Back: … {around} [-village-]{{+commune+}} {around} …" in text
    assert len(text) < 500


def test_nothing_acts_on_the_terminal(folder: Path) -> None:
    """Texts of a package cannot colour, move or retitle anything."""
    foreign("x")
    foreign("\x1b[31m red \x07", "\x1b]0;title\x07\u202e")
    text = to_text(difference("0.apkg", "1.apkg"), colour=False)
    assert all(char.isprintable() or char == "\n" for char in text)


def test_nothing_changed(folder: Path) -> None:
    """Without changes, the counts are all there is."""
    done = command("decks/deck.lock.json", "decks/deck.yaml")
    assert done.stdout == "decks/deck.lock.json -> decks/deck.yaml: 9 unchanged\n"


def test_json(folder: Path) -> None:
    """The report for programs is one object, with every key in every note."""
    edit(REPORTED)
    done = command("HEAD:decks/deck.yaml", "decks/deck.yaml", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    data: dict[str, Any] = json.loads(done.stdout)
    notes = data.pop("notes")
    assert data == {
        "version": 1,
        "old": "HEAD:decks/deck.yaml",
        "new": "decks/deck.yaml",
        "counts": {"new": 1, "updated": 2, "moved": 0, "refused": 0, "retired": 1, "unchanged": 6},
        "restyled": [],
        "renamed": [],
    }
    (card,) = [note for note in notes if note["tags_added"]]
    assert card == {
        "what": "updated",
        "key": "test/cards/prompt/#852df44b",
        "guid": card["guid"],
        "kind": "plain",
        "deck": "History::Test",
        "deck_before": None,
        "reason": "cards",
        "reason_before": None,
        "why": "",
        "search": "",
        "words": [["=", "Who led the party?"]],
        "fields": {"Back": [["+", "Josef"], ["=", " Stalin"]]},
        "tags_added": ["people"],
        "tags_removed": [],
        "cards_added": [],
        "cards_removed": [],
    }
    assert all(note.keys() == card.keys() for note in notes)
    assert json.loads(to_json(difference("HEAD:decks/deck.yaml", "decks/deck.yaml"))) == {**data, "notes": notes}


USAGE = {
    "one side": (["decks/deck.yaml"], 2),
    "another format": (["decks/deck.yaml", "decks/deck.yaml", "--format", "xml"], 2),
    "a side that is not there": (["decks/none.yaml", "decks/deck.yaml"], 1),
    "an option for a revision": (["--", "-x:decks/deck.yaml", "decks/deck.yaml"], 1),
    "differences": (["HEAD:decks/deck.yaml", "decks/deck.yaml"], 0),
}


@pytest.mark.parametrize(("arguments", "status"), USAGE.values(), ids=USAGE)
def test_exit_status(arguments: list[str], status: int, folder: Path) -> None:
    """0 whatever differs, 1 if a side cannot be read, 2 for wrong usage; errors go to standard error."""
    edit(EDITS["a word"][0])
    done = command(*arguments)
    assert done.returncode == status
    assert bool(done.stderr) == bool(status)
    assert bool(done.stdout) == (status == 0)
    assert "Traceback" not in done.stderr


def test_help(folder: Path) -> None:
    """The help has an example."""
    assert "mkdeck diff HEAD:decks/cold-war.yaml" in command("--help").stdout


RENAMED = """\
deck: D
id: d
note_types:
  {name}:
    id: 5
    fields: [A, B]
    css: ".card {{ color: {colour} }}"
    templates:
      - {{name: c, front: "{{{{A}}}}", back: "{{{{B}}}}"}}
cards:
  - {{type: {name}, front: a, back: b}}
"""


def test_a_note_type_of_another_name(folder: Path) -> None:
    """Anki knows a note type by its id: its new name is told, and its new look under that name."""
    deck = Path("own.yaml")
    for number, (name, colour) in enumerate(
        (("Anatomy", "red"), ("Body", "red"), ("Body", "blue"), ("Leg", "red"))
    ):
        deck.write_text(RENAMED.format(name=name, colour=colour))
        mkdeck.build(deck, f"{number}.apkg")
    called, look = "the note type 'Anatomy' is called 'Body' now", "the look of the note type 'Body' has changed"
    assert command("0.apkg", "1.apkg").stdout.splitlines() == ["0.apkg -> 1.apkg: 1 unchanged", called]
    assert command("0.apkg", "2.apkg").stdout.splitlines() == ["0.apkg -> 2.apkg: 1 unchanged", called, look]
    data = json.loads(command("0.apkg", "own.yaml", "--format", "json").stdout)
    assert (data["renamed"], data["restyled"]) == ([["Anatomy", "Leg"]], [])
