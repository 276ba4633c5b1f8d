"""The lock as data, and as the file `NAME.lock.json`: one note a line, so that git merges and shows it well.

Each line ends with a check sum of itself. A line that was edited, or damaged, or half merged, is found out
and named; nothing is built from it and nothing is written over it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mkdeck.diagnostics import DeckError, Diagnostic
from mkdeck.source import span_at

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
_RULE = "lock"
_SUM = re.compile(r'^(?P<said>.*), "sum": "(?P<sum>[0-9a-f]{8})"\},?$')
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |$)", re.MULTILINE)
_RESTORE = "restore the file from your version control (git checkout -- FILE); mkdeck writes it, nobody else"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is remembered of one note, under its key without the deck's id."""

    text: str
    """The words that it was last matched by."""
    home: str
    """Where it stands now: reason and kind. The key says where it stood at first."""
    hash: str
    """Of all that reaches Anki."""
    mod: int
    """When that last changed, in seconds."""
    note: int
    """Its id in the package."""
    slot: str = ""
    """The `id:` that the author gave it, if any."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """The cloze number of each fact."""
    retired: Mapping[str, int] = field(default_factory=dict)
    """Numbers of facts that were taken out; never given to another fact."""
    gone: bool = False
    """The note is not in the deck any more."""


@dataclass(frozen=True, slots=True)
class Lock:
    """All that is remembered of one deck."""

    deck: str
    """Its id."""
    name: str
    """Its name in Anki."""
    style: str = ""
    """Hash of the style sheet of its own note types; empty for a deck that has none."""
    style_mod: int = 0
    """When that last changed."""
    notes: Mapping[str, Entry] = field(default_factory=dict)

    def to_mapping(self) -> dict[str, Any]:
        """Give the lock as plain data, for a script that keeps it in a place of its own."""
        head = {"version": VERSION, "deck": self.deck, "name": self.name}
        style = {"style": self.style, "style_mod": self.style_mod} if self.style else {}
        return {**head, **style, "notes": {key: _lean(key, entry) for key, entry in self.notes.items()}}

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Lock:
        """Read what `to_mapping` gave. Raises DeckError if it is nothing of the kind."""
        try:
            if data["version"] > VERSION:
                raise DeckError([_newer(data["version"])])
            head = {name: each for name, each in data.items() if name not in {"version", "notes"}}
            homes = {key: key.rpartition("/")[0] for key in data["notes"]}
            return cls(
                **head, notes={key: Entry(**{"home": homes[key], **item}) for key, item in data["notes"].items()}
            )
        except (KeyError, TypeError, AttributeError) as error:
            message = f"this is no lock of mkdeck ({type(error).__name__}: {error})"
            raise DeckError([Diagnostic(_RULE, message)]) from None


def write_lock(lock: Lock) -> str:
    """Give the text of the lock's file."""
    data = lock.to_mapping()
    notes = data.pop("notes")
    lines = ",\n".join(_line(key, notes[key]) for key in sorted(notes))
    return "{\n" + _line("mkdeck", data) + ',\n"notes": {\n' + lines + ("\n" if lines else "") + "}\n}\n"


def read_lock(text: str, path: str) -> Lock:
    """Read the lock's file. Raises DeckError with the line of whatever is wrong in it."""
    if conflict := _CONFLICT.search(text):
        message = "git left a conflict here"
        mend = "keep one of the two sides of each conflict, as whole lines, and take the marks out"
        raise DeckError([Diagnostic(_RULE, message, span_at(path, text, conflict.start()), mend)])
    items, problems = _items(text, path)
    header = items.pop("mkdeck", None)
    if header and header.get("version", 0) > VERSION:
        problems = [_newer(header["version"], path, text)]
    elif not problems and header is None:
        problems.append(_damaged(path, text, 0, "the first lines of the lock are missing"))
    if problems or header is None:
        raise DeckError(problems)
    try:
        return Lock.from_mapping({**header, "notes": items})
    except DeckError as error:
        raise DeckError([_damaged(path, text, 0, each.message) for each in error.diagnostics]) from None


def _items(text: str, path: str) -> tuple[dict[str, dict[str, Any]], list[Diagnostic]]:
    """Read the lines of a lock, and find those that mkdeck did not write."""
    lines = text.split("\n")
    frame = {0: "{", 2: '"notes": {', len(lines) - 3: "}", len(lines) - 2: "}", len(lines) - 1: ""}
    items: dict[str, dict[str, Any]] = {}
    problems: list[Diagnostic] = []
    offset = 0
    for number, line in enumerate(lines):
        if number in frame:
            if frame[number] != line:
                problems.append(_damaged(path, text, offset, "the frame of the lock is damaged here"))
        elif (item := _item(line)) is None:
            problems.append(_damaged(path, text, offset, "this line was not written by mkdeck"))
        elif item[0] in items:
            problems.append(_damaged(path, text, offset, f"`{item[0]}` stands here a second time"))
        else:
            items[item[0]] = item[1]
        offset += len(line) + 1
    return items, problems


def _line(key: str, value: Mapping[str, Any]) -> str:
    said = f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)[:-1]}"
    return f'{said}, "sum": "{_sum(said)}"}}'


def _item(line: str) -> tuple[str, dict[str, Any]] | None:
    match = _SUM.match(line)
    if match is None or _sum(match["said"]) != match["sum"]:
        return None
    ((key, value),) = json.loads("{" + match["said"] + "}}").items()
    return key, value


def _sum(said: str) -> str:
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _lean(key: str, entry: Entry) -> dict[str, Any]:
    """Give an entry without what is empty, and without a home that its key tells."""
    lean: dict[str, Any] = {"text": entry.text, "hash": entry.hash, "mod": entry.mod, "note": entry.note}
    if entry.home != key.rpartition("/")[0]:
        lean["home"] = entry.home
    if entry.slot:
        lean["slot"] = entry.slot
    if entry.numbers:
        lean["numbers"] = entry.numbers
    if entry.retired:
        lean["retired"] = entry.retired
    if entry.gone:
        lean["gone"] = True
    return lean


def _damaged(path: str, text: str, offset: int, message: str) -> Diagnostic:
    return Diagnostic(_RULE, message, span_at(path, text, offset), _RESTORE)


def _newer(version: int, path: str = "", text: str = "") -> Diagnostic:
    message = f"this lock was written by a newer mkdeck (its format is {version}, this one knows {VERSION})"
    return Diagnostic(_RULE, message, span_at(path, text, 2), "install the newest mkdeck")
