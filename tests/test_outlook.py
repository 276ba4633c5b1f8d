"""What a build says that Anki leaves to the author and the learner, of decks with note types of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from mkdeck.cli.app import app
from mkdeck.lock.entries import Lock, write_lock
from mkdeck.lock.files import load_lock

if TYPE_CHECKING:
    from pathlib import Path

    from real_anki import LearnersAnki

DECK = """\
deck: Biology 9B
id: d
note_types:
  T:
    id: 5
    fields: [A, B]
    templates:
      - {name: c, front: "{{A}}", back: "{{B}}"}
  U:
    id: 6
    fields: [A, B]
    templates:
      - {name: c, front: "{{A}}", back: "{{B}}"}
cards:
  - {type: T, front: heart, back: das Herz}
  - {type: T, front: lung, back: die Lunge, deck: "Biology 9B::Organs"}
"""
TAG = "or build with --tag-retired and delete `tag:mkdeck::retired`"
SHIPPED = "shipped once more, with the tag mkdeck::retired: for learners who have the deck, not for new ones"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a deck that has been built."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "deck.yaml"
    path.write_text(DECK)
    build()
    return path


def build(*options: str) -> list[str]:
    """Build, and give what is printed; the errors first."""
    done = CliRunner().invoke(app, ["build", "deck.yaml", "-o", "deck.apkg", *options])
    return [*done.stderr.splitlines(), *done.stdout.splitlines()]


def edit(path: Path, old: str, new: str) -> None:
    """Change one place of a deck."""
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_a_lost_lock(path: Path) -> None:
    """Note types of a deck's own come with its notes from elsewhere: without a lock, all of them are new ones."""
    lost = (
        "deck.lock.json: warning[lock]: there is no lock, though the deck has note types of its own: if it was "
        "imported, or built before, learners get all its notes a second time, and those they have learnt are no "
        "more updated"
    )
    mend = (
        "   mend: restore deck.lock.json from your version control, or import the package again; if nobody has its "
        "notes yet, commit the new one"
    )
    assert lost not in build("--dry-run")
    path.with_name("deck.lock.json").unlink()
    path.with_name("deck.apkg").unlink()
    assert build("--dry-run")[:2] == [lost, mend]
    path.write_text("deck: D\nid: d\ncards:\n  - {front: heart, back: das Herz}\n")
    assert [line for line in build() if "lock" in line] == [
        "  deck.lock.json: begun. Commit it with the deck: it keeps learners' history on its facts."
    ]


def test_a_deck_renamed(path: Path, anki: LearnersAnki) -> None:
    """Anki moves no cards; the search finds those that are to be moved, and not those of decks inside."""
    anki.import_package(path.with_name("deck.apkg"))
    edit(path, "deck: Biology 9B\n", "deck: Biology 10B\n")
    said = build()[3:-1]
    search = '`deck:"Biology 9B" -deck:"Biology 9B::*"`'
    moves = "Anki moves no cards: those that learners have stay in the deck 'Biology 9B'."
    assert said == [
        f"  {moves} Search there for {search}, and change the deck.",
        "  cards with a `deck:` of their own keep the old name; change it there, too:",
        "    Biology 9B::Organs",
    ]
    found = anki.col.find_notes(said[0].split("`")[1])
    assert [anki.col.get_note(note).fields for note in found] == [["heart", "das Herz"]]


def test_another_type(path: Path) -> None:
    """A card with another `type:` is another note, which no `id:` can keep from being new."""
    edit(path, "{type: T, front: heart", "{type: U, front: heart")
    assert build()[3:-1] == [
        "  new, as Anki never changes the note type of a note: with another `type:`, or none, it is another note:",
        "    'heart\\ndas Herz'",
        f"  taken out, but Anki deletes nothing; search and delete, {TAG}:",
        "    `\"dupe:5,heart\"` 'heart\\ndas Herz'",
    ]


def test_a_note_type_renamed(path: Path) -> None:
    """The lock remembers the name of a note type; one from the time before it did says only that it has changed."""
    changed = "  the note type 'Body' has changed; Anki takes that for all its cards"
    path.write_text(path.read_text().replace("type: T", "type: Body").replace("  T:", "  Body:"))
    called = "  the note type 'T' is called 'Body' now; Anki knows it by its id"
    assert build("--dry-run")[3:-1] == [called, changed]
    lock, _ = load_lock(path.with_name("deck.lock.json"))
    assert lock
    mapping = lock.to_mapping()
    assert mapping["types"]["5"].pop("name") == "T"
    write_old = write_lock(Lock.from_mapping(mapping))
    assert b'"name": "T"' not in write_old
    path.with_name("deck.lock.json").write_bytes(write_old)
    assert build("--dry-run")[3:-1] == [changed]


def test_warnings_are_counted(path: Path) -> None:
    """What the compiler warns of is counted at the end of the report, by each build, and `check` shows it."""
    edit(path, '{{B}}"}\n  U:', '{{Bb}}"}\n  U:')
    for _ in range(2):
        assert build()[-2] == "  1 warning: `mkdeck check deck.yaml` shows it"
    edit(path, "  - {type: T, front: lung", "  - {type: U, fields: {B: a}}\n  - {type: T, front: lung")
    assert build()[-2] == "  2 warnings: `mkdeck check deck.yaml` shows them"
    assert CliRunner().invoke(app, ["check", "deck.yaml"]).stdout.count("warning[value]") == 2
    assert build("-q") == []


def test_retired_notes_are_counted(path: Path) -> None:
    """With `--tag-retired`, the report says how many notes carry the tag, or that none does."""
    none = "  no note is tagged as retired: none that was taken out can be shipped"
    assert build("--dry-run", "--tag-retired")[3] == none
    for number, gone in enumerate(
        ("heart, back: das Herz", 'lung, back: die Lunge, deck: "Biology 9B::Organs"'), 1
    ):
        edit(
            path,
            f"  - {{type: T, front: {gone}}}\n",
            "  - {type: U, front: new, back: neu}\n" if number == 1 else "",
        )
        said = [line for line in build("--tag-retired") if "shipped once more" in line]
        count = "1 retired note is" if number == 1 else "2 retired notes are"
        assert said == [f"  {count} {SHIPPED}"]
