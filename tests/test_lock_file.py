"""The lock's file: one note a line, checked on reading, never written over if it is damaged."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock, Timeout
from hypothesis import given
from hypothesis import strategies as st

import mkdeck
from mkdeck.lock import Entry, Lock, read_lock, write_lock
from mkdeck.lock.files import _claim_file, claimed

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.synchronize import Event

texts = st.text(max_size=20)
# A number is a fact's or retired, never both.
facts = st.dictionaries(texts, st.integers(1, 250), max_size=3)
gone_facts = st.dictionaries(texts, st.integers(251, 500), max_size=3)
entries = st.builds(
    Entry, texts, st.sampled_from(["one/fact", "two/link"]), texts, st.integers(1, 2**32), st.integers(1, 2**50),
    slot=texts, numbers=facts, retired=gone_facts, gone=st.booleans(),
)  # fmt: skip
locks = st.builds(
    Lock, texts, texts, notes=st.dictionaries(texts.map(lambda text: f"one/fact/{text}"), entries, max_size=5)
)


@given(locks)
def test_what_is_written_is_read(lock: Lock) -> None:
    """A lock comes back from its file, and from plain data, as it was."""
    text = write_lock(lock).decode("utf-8", "surrogatepass")
    assert read_lock(text, "x") == lock
    assert Lock.from_mapping(json.loads(json.dumps(lock.to_mapping()))) == lock
    assert text.count("\n") == 5 + len(lock.notes)
    assert json.loads(text)["mkdeck"]["deck"] == lock.deck


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """A deck that has been built once: four notes."""
    path = tmp_path / "deck.yaml"
    path.write_text(
        "deck: D\nid: d\nquestion: Why?\nreasons:\n  - id: one\n    reason: First\n    points:\n"
        "      - The {{first}} point.\n      - The {{second}} point.\nterms:\n  mir: A commune.\n",
        encoding="utf-8",
    )
    mkdeck.build(path, tmp_path / "deck.apkg")
    return path


def lines(deck: Path) -> list[str]:
    return deck.with_name("deck.lock.json").read_text(encoding="utf-8").splitlines()


Lines = list[str]


def cut(lines: Lines) -> Lines:
    return [*lines[:4], lines[4][:30], *lines[5:]]


def formatted(lines: Lines) -> Lines:
    return json.dumps(json.loads("\n".join(lines)), indent=2).splitlines()


# name -> what is done to the lines of the lock, the line of the first finding and its message
DAMAGE: dict[str, tuple[Callable[[Lines], Lines], int, str]] = {
    "a text edited": (lambda all_: [line.replace("mir", "mirs") for line in all_], 7, "not written by mkdeck"),
    "a number edited": (lambda all_: [line.replace('"first": 1', '"first": 2') for line in all_], 5, "not written"),
    "a line cut": (cut, 5, "not written by mkdeck"),
    "a line doubled": (lambda all_: [*all_[:4], all_[4], *all_[4:]], 6, "a second time"),
    "the end missing": (lambda all_: all_[:5], 4, "frame"),
    "a merge conflict": (lambda all_: [*all_[:4], "<<<<<<< HEAD", *all_[4:]], 5, "git left a conflict"),
    "half of a conflict": (lambda all_: [*all_[:5], "=======", *all_[5:]], 6, "git left a conflict"),
    "formatted anew": (formatted, 1, "did not write this file as it is"),
    "another kind of file": (lambda _: ["hello"], 1, "frame"),
    "empty": (lambda _: [], 1, "first lines"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage(name: str, deck: Path) -> None:
    """A lock that mkdeck did not write is an error with its line; nothing is built and nothing overwritten."""
    damage, line, message = DAMAGE[name]
    lock = deck.with_name("deck.lock.json")
    lock.write_text("\n".join([*damage(lines(deck)), ""]), encoding="utf-8")
    before = lock.read_bytes(), deck.with_name("deck.apkg").read_bytes()
    found = _errors(deck)
    assert {each.rule for each in found} == {"lock"}
    assert (found[0].span.path, found[0].span.line, found[0].span.column) == (str(lock), line, 1)
    assert message in found[0].message
    assert (lock.read_bytes(), deck.with_name("deck.apkg").read_bytes()) == before


def test_every_edited_line_is_named(deck: Path) -> None:
    """All damaged lines come in one run."""
    lock = deck.with_name("deck.lock.json")
    lock.write_text("\n".join([*lines(deck), ""]).replace("point", "pint"), encoding="utf-8")
    assert [each.span.line for each in _errors(deck)] == [5, 6]


def test_a_newer_lock(deck: Path) -> None:
    """A lock of a newer mkdeck is left alone, whatever is in it."""
    head = '"mkdeck": {"version": 2, "deck": "d", "name": "D"'
    digest = hashlib.blake2b(head.encode(), digest_size=4).hexdigest()
    text = f'{{\n{head}, "sum": "{digest}"}},\n"notes": {{\n"x": "unheard of"\n}}\n}}\n'
    deck.with_name("deck.lock.json").write_text(text, encoding="utf-8")
    (problem,) = _errors(deck)
    assert "newer mkdeck" in problem.message
    assert deck.with_name("deck.lock.json").read_text(encoding="utf-8") == text


def _errors(deck: Path) -> tuple[mkdeck.Diagnostic, ...]:
    with pytest.raises(mkdeck.DeckError) as caught:
        mkdeck.build(deck, deck.with_name("deck.apkg"))
    return caught.value.diagnostics


def test_the_lock_of_another_deck(deck: Path) -> None:
    """A changed deck id would make all notes new; that is said, not done."""
    deck.write_text(deck.read_text(encoding="utf-8").replace("id: d\n", "id: e\n"), encoding="utf-8")
    (problem,) = _errors(deck)
    assert problem.message == "this is the lock of the deck `d`, and the deck's id is `e`"


def test_style_cannot_come_later(deck: Path) -> None:
    """Notes cannot change their note type, so a built deck cannot gain a style sheet of its own."""
    deck.write_text(deck.read_text(encoding="utf-8") + "style: '.mkdeck { color: red }'\n", encoding="utf-8")
    (problem,) = _errors(deck)
    assert (problem.rule, problem.span.line) == ("lock", 12)


def test_one_note_a_line_sorted(deck: Path) -> None:
    """Every note has one line, in the order of keys, so that a change of one note is a change of one line."""
    keys = [re.match(r'"([^"]+)": ', line)[1] for line in lines(deck)[3:-2]]  # type: ignore[index]
    assert keys == sorted(keys)
    assert [key.rpartition("/")[0] for key in keys] == ["one/explain", "one/fact", "one/fact", "terms/term"]
    before = lines(deck)
    deck.write_text(deck.read_text(encoding="utf-8").replace("second}} point", "second}} one"), encoding="utf-8")
    mkdeck.build(deck, deck.with_name("deck.apkg"))
    changed = [one for one, other in zip(before, lines(deck), strict=True) if one != other]
    assert sorted(line.split("/")[1] for line in changed) == ["explain", "fact"]


def _hold(path: Path, held: Event, release: Event) -> None:
    with claimed([path]):
        held.set()
        release.wait(30)


def test_two_builds_at_once(tmp_path: Path) -> None:
    """A build that finds another one at work waits, and says so when its patience ends."""
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "a.lock.json", held, release))
    other.start()
    assert held.wait(30)
    with pytest.raises(mkdeck.DeckError, match="another build"), claimed([tmp_path / "a.lock.json"], patience=0.2):
        pass
    with claimed([tmp_path / "b.lock.json"], patience=0.2):
        release.set()
    with claimed([tmp_path / "a.lock.json"], patience=30):
        other.join(30)
    assert other.exitcode == 0


def test_a_claim_is_a_file_lock(tmp_path: Path) -> None:
    """A claim that was free keeps off whoever asks filelock for it, as other builds may, and is kept off too."""
    path = tmp_path / "a.lock.json"
    lock = FileLock(_claim_file(path.resolve()), timeout=0)
    with claimed([path]), pytest.raises(Timeout):
        lock.acquire()
    with lock, pytest.raises(mkdeck.DeckError, match="another build"), claimed([path], patience=0):
        pass
    with claimed([path], patience=0):
        pass


@pytest.mark.filterwarnings("ignore:flock not supported")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where mkdeck locks files itself")
def test_a_claim_where_no_file_can_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without locks, filelock goes by the file that it makes: builds have the claim in turn."""

    def flock(_file: int, _operation: int) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr("fcntl.flock", flock)
    path = tmp_path / "a.lock.json"
    for _ in range(2):
        with claimed([path]), pytest.raises(mkdeck.DeckError, match="another build"), claimed([path], patience=0):
            pass
    assert not Path(_claim_file(path.resolve())).exists()


def test_a_claim_that_is_a_link(tmp_path: Path) -> None:
    """Where a link lies in place of the claim's file, nothing is opened through it."""
    path = tmp_path / "a.lock.json"
    claim = Path(_claim_file(path.resolve()))
    claim.symlink_to(tmp_path / "other")
    try:
        with pytest.raises(OSError, match="symbolic links"), claimed([path], patience=0):
            pass
        assert not (tmp_path / "other").exists()
    finally:
        claim.unlink()


def of_another_user(claim: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be somebody else than the one who has made the claim's file."""
    claim.touch()
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)


def taken_away(claim: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the claim's file away after it was opened, just before it is claimed."""
    import fcntl  # not on Windows

    claim.touch()
    lock = fcntl.flock

    def late(file: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        claim.unlink()
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", late)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where mkdeck locks files itself")
@pytest.mark.parametrize("happens", [of_another_user, taken_away], ids=lambda happens: happens.__name__)
def test_a_claim_that_is_left_to_filelock(
    happens: Callable[[Path, pytest.MonkeyPatch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is more to a claim than to take it, it is filelock that holds it while a build runs."""
    # filelock takes no other user's file in a folder that is everybody's.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "a.lock.json"
    locks: list[FileLock] = []

    def noted(file: str) -> FileLock:
        locks.append(FileLock(file))
        return locks[-1]

    monkeypatch.setattr("filelock.FileLock", noted)
    happens(Path(_claim_file(path.resolve())), monkeypatch)
    with claimed([path], patience=0):
        assert [lock.is_locked for lock in locks] == [True]
    assert [lock.is_locked for lock in locks] == [False]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork")
def test_a_claim_ends_for_forked_processes(tmp_path: Path) -> None:
    """A process that was forked in the midst of a build does not hold the claim when the build has ended."""
    path = tmp_path / "a.lock.json"
    read, written = os.pipe()
    with claimed([path]):
        if (child := os.fork()) == 0:
            os.close(written)  # else the child would wait for itself
            os.read(read, 1)
            os._exit(0)
    try:
        with claimed([path], patience=0):
            pass
    finally:
        os.close(written)
        os.close(read)
        _, status = os.waitpid(child, 0)
    assert status == 0


def signed(line: str) -> str:
    """Give a line with the check sum that mkdeck would give it."""
    return f'{line}, "sum": "{hashlib.blake2b(line.encode(), digest_size=4).hexdigest()}"}}'


HEAD = '"mkdeck": {"version": 1, "deck": "d", "name": "D"'
NOTE = '"cards/cloze/q": {"text": "x", "hash": "h", "mod": 5000, "note": 1000, "numbers": {"king": 1}'

# name -> the first line and the line of a note, both with right check sums
HOSTILE = {
    "a version that is no number": (HEAD.replace("1", '"x"'), NOTE),
    "no version": (HEAD.replace('"version": 1, ', ""), NOTE),
    "a name that is a number": (HEAD.replace('"D"', "7"), NOTE),
    "a style time that is a text": (HEAD + ', "style": "x", "style_mod": "y"', NOTE),
    "no JSON": (HEAD, NOTE + ", x"),
    "two keys": (HEAD, '"a/b/c": {}, ' + NOTE),
    "nothing for a note": (HEAD, '"cards/cloze/q": {"text": null'),
    "nested deep": (HEAD, NOTE + ', "x": ' + "[" * 100_000),
    "a large number": (HEAD, NOTE.replace("5000", "9" * 5000)),
    "numbers in a list": (HEAD, NOTE.replace('{"king": 1}', "[1]")),
    "a number that is a text": (HEAD, NOTE.replace('"king": 1', '"king": "1"')),
    "number 0": (HEAD, NOTE.replace('"king": 1', '"king": 0')),
    "a number retired and in use": (HEAD, NOTE + ', "retired": {"queen": 1}'),
    "note 0": (HEAD, NOTE.replace("1000", "0")),
    "a note beyond numbers": (HEAD, NOTE.replace("1000", "1e400")),
    "a time beyond times": (HEAD, NOTE.replace("5000", "1" + "0" * 20)),
    "a text that is a number": (HEAD, NOTE.replace('"x"', "5")),
    "a key without parts": (HEAD, NOTE.replace("cards/cloze/q", "q")),
    "a stranger": (HEAD, NOTE + ', "stranger": 1'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_locks(name: str, deck: Path) -> None:
    """Whatever a lock holds, with right check sums too, it is read or it is an error, never a traceback."""
    head, note = HOSTILE[name]
    text = f'{{\n{signed(head)},\n"notes": {{\n{signed(note)}\n}}\n}}\n'
    deck.with_name("deck.lock.json").write_text(text, encoding="utf-8")
    assert {each.rule for each in _errors(deck)} == {"lock"}
    assert deck.with_name("deck.lock.json").read_text(encoding="utf-8") == text
