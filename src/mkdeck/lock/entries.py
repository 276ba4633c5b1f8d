"""The lock as data, and as the file `NAME.lock.json`: one note a line, so that git merges and shows it well.

Each line ends with a check sum of itself. A line that was edited, or damaged, or half merged, is found out
and named; nothing is built from it and nothing is written over it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import blake2b
from json.encoder import encode_basestring as _quoted
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from mkdeck.diagnostics import DeckError, Diagnostic
from mkdeck.model import Kind
from mkdeck.source import require_no_conflict, span_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

VERSION = 1
_RULE = "lock"
_SUM = ', "sum": "'
_ENDS = frozenset({'"}', '"},'})
_NO_NUMBERS: Mapping[str, int] = MappingProxyType({})
_MAX_MOD, _MAX_ID = 1 << 33, 1 << 53
_MANY = 20
"""More damaged lines than that are not told one by one: the file was formatted anew, or is another."""
_RESTORE = "restore the file from your version control (git checkout -- FILE); mkdeck writes it, nobody else"


class Entry(NamedTuple):
    """What is remembered of one note, under its key without the deck's id.

    A tuple, as there is one for each note: a frozen dataclass takes four times as long to make.
    """

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
    numbers: Mapping[str, int] = _NO_NUMBERS
    """The cloze number of each fact."""
    retired: Mapping[str, int] = _NO_NUMBERS
    """Numbers of facts that were taken out; never given to another fact."""
    gone: bool = False
    """The note is not in the deck any more."""
    guid: str = ""
    """The one that it had before it came to mkdeck; empty if it is a hash of its key."""

    @property
    def kind(self) -> Kind:
        """Give the kind of note, which its home tells: `resistance/fact`, `cards/prompt`."""
        return _kind(self.home.rpartition("/")[2])


@cache
def _kind(name: str) -> Kind:
    return next((each for each in get_args(Kind) if each == name), "plain")


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """What is remembered of a note type of the deck's own, under its id."""

    hash: str
    """Of all that reaches Anki."""
    shape: str
    """Hash of the fields and templates by which Anki knows it; with others, it would be another one."""
    mod: int
    """When it last changed, in seconds."""
    name: str = ""
    """Its name in Anki; empty in a lock from the time before that was remembered."""


@dataclass(frozen=True, slots=True)
class Lock:
    """All that is remembered of one deck."""

    deck: str
    """Its id."""
    name: str
    """Its name in Anki."""
    style: str = ""
    """Hash of the look of its own note types; empty for a deck that has none."""
    style_mod: int = 0
    """When that last changed."""
    notes: Mapping[str, Entry] = field(default_factory=dict)
    types: Mapping[str, TypeEntry] = field(default_factory=dict)
    """The note types of its own, by their ids; those that were taken out, too."""

    def to_mapping(self) -> dict[str, Any]:
        """Give the lock as plain data, for a script that keeps it in a place of its own."""
        return {
            **self.head(),
            "notes": {key: _decode(f"{{{_said(key, entry)}}}}}")[0][key] for key, entry in self.notes.items()},
        }

    def head(self) -> dict[str, Any]:
        """Give what is remembered of the deck itself."""
        head: dict[str, Any] = {"version": VERSION, "deck": self.deck, "name": self.name}
        if self.style:
            head |= {"style": self.style, "style_mod": self.style_mod}
        if self.types:
            head["types"] = {key: _lean_type(entry) for key, entry in self.types.items()}
        return head

    @classmethod
    def from_mapping(
        cls, data: Mapping[str, Any], notes: Iterable[tuple[str, Mapping[str, Any]]] | None = None
    ) -> Lock:
        """Read what `to_mapping` gave; with `notes`, they are its notes. Raises DeckError if it is none."""
        try:
            notes = data["notes"].items() if notes is None else notes
            if _is_newer(data["version"]):
                raise DeckError([_newer(data["version"])])
            head = {name: each for name, each in data.items() if name not in {"version", "notes", "types"}}
            types = {key: _type_entry(key, item) for key, item in data.get("types", {}).items()}
            lock = cls(**head, notes={key: _entry(key, item) for key, item in notes}, types=types)
            if not all(isinstance(each, str) for each in (lock.deck, lock.name, lock.style)):
                raise TypeError("a name that is no text")  # noqa: TRY301 - told like the other findings
            if type(data["version"]) is not int or type(lock.style_mod) is not int:
                raise TypeError("a number that is none")  # noqa: TRY301
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            message = f"this is no lock of mkdeck ({type(error).__name__}: {error})"
            raise DeckError([Diagnostic(_RULE, message)]) from None
        return lock


def _entry(key: str, item: Mapping[str, Any]) -> Entry:
    """Read one entry; raises TypeError for what no build has written, as a lock may come from anywhere."""
    entry = Entry(**item) if "home" in item else Entry(home=key.rpartition("/")[0], **item)
    if not (
        key.count("/") >= 2
        and isinstance(entry.text, str)
        and isinstance(entry.home, str)
        and isinstance(entry.hash, str)
        and isinstance(entry.slot, str)
        and isinstance(entry.guid, str)
        and isinstance(entry.gone, bool)
        and type(entry.mod) is int
        and 0 < entry.mod < _MAX_MOD
        and type(entry.note) is int
        and 0 < entry.note < _MAX_ID
        and _are_numbers(entry.numbers)
        and (not entry.retired or _are_numbers(entry.retired))
        and set(entry.numbers.values()).isdisjoint(entry.retired.values())
    ):
        raise TypeError(f"`{key}` has values that mkdeck does not write")
    return entry


def _are_numbers(numbers: Mapping[str, int]) -> bool:
    for fact, each in numbers.items():  # a loop, as `all` of a generator takes twice as long
        if type(each) is not int or each <= 0 or not isinstance(fact, str):
            return False
    return True


def _lean_type(entry: TypeEntry) -> dict[str, Any]:
    return {name: value for name, value in asdict(entry).items() if (name, value) != ("name", "")}


def _type_entry(key: str, item: Mapping[str, Any]) -> TypeEntry:
    entry = TypeEntry(**item)
    is_sound = isinstance(entry.hash, str) and isinstance(entry.shape, str) and type(entry.mod) is int
    if not is_sound or not isinstance(entry.name, str) or not 0 <= entry.mod < _MAX_MOD:
        raise TypeError(f"`{key}` has values that mkdeck does not write")
    return entry


def write_lock(lock: Lock) -> bytes:
    """Give the content of the lock's file, in UTF-8."""
    return b"".join(lock_lines(lock))


def lock_lines(lock: Lock) -> Iterator[bytes]:
    """Give the content of the lock's file line by line: 0.4 kB a note, which need not be in memory at once."""
    head = json.dumps(lock.head(), ensure_ascii=False)
    yield b'{\n%b,\n"notes": {' % _line(f'"mkdeck": {head[:-1]}')
    between = b"\n"
    for key in sorted(lock.notes):
        yield between + _line(_said(key, lock.notes[key]))
        between = b",\n"
    yield b"\n}\n}\n"


def read_lock(text: str, path: str) -> Lock:
    """Read the lock's file. Raises DeckError with the line of whatever is wrong in it."""
    require_no_conflict(_RULE, path, text)
    items, problems = _items(text, path)
    header = items.pop("mkdeck", None)
    if header and _is_newer(header.get("version")):
        problems = [_newer(header["version"], path, text)]
    elif not problems and header is None:
        problems.append(_damaged(path, text, 0, "the first lines of the lock are missing"))
    if len(problems) > _MANY:
        message = f"mkdeck did not write this file as it is: {len(problems)} lines are others"
        problems = [_damaged(path, text, 0, message)]
    if problems or header is None:
        raise DeckError(problems)
    start = text[:2]
    del text  # a large lock would be in memory three times; and each note, twice, if its item did not go
    try:
        return Lock.from_mapping(header, ((key, items.pop(key)) for key in list(items)))
    except DeckError as error:
        raise DeckError([_damaged(path, start, 0, each.message) for each in error.diagnostics]) from None


def _lines(text: str) -> Iterator[str]:
    """Split a text at its line breaks, without all lines in memory at once."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _items(text: str, path: str) -> tuple[dict[str, dict[str, Any]], list[Diagnostic]]:
    """Read the lines of a lock, and find those that mkdeck did not write."""
    last = text.count("\n")
    frame = {0: "{", 2: '"notes": {', last - 2: "}", last - 1: "}", last: ""}
    items: dict[str, dict[str, Any]] = {}
    problems: list[Diagnostic] = []
    offset = 0
    for number, line in enumerate(_lines(text)):
        if number in frame:
            if frame[number] != line:
                problems.append(_damaged(path, text, offset, "the frame of the lock is damaged here"))
        elif (item := _item(line)) is None:
            problems.append(_damaged(path, text, offset, "this line was not written by mkdeck"))
        elif item[0] in items:
            message, mend = f"`{item[0]}` stands here a second time", "delete one of the two lines"
            problems.append(Diagnostic(_RULE, message, span_at(path, text, offset), mend))
        else:
            items[item[0]] = item[1]
        offset += len(line) + 1
    return items, problems


def _line(said: str) -> bytes:
    content = said.encode("utf-8", "surrogatepass")
    return b'%b%b%b"}' % (content, _SUM.encode(), _sum(content).encode())


_decode = json.JSONDecoder().raw_decode


def _item(line: str) -> tuple[str, dict[str, Any]] | None:
    said, _, rest = line.rpartition(_SUM)
    if rest[8:] not in _ENDS or _sum(said.encode("utf-8", "surrogatepass")) != rest[:8]:
        return None
    try:
        found, end = _decode(f"{{{said}}}}}")
        ((key, value),) = found.items()
    except (ValueError, RecursionError):
        return None
    return (key, value) if isinstance(value, dict) and end == len(said) + 3 else None


def _sum(said: bytes) -> str:
    return blake2b(said, digest_size=4).hexdigest()


def _is_newer(version: object) -> bool:
    return isinstance(version, int) and version > VERSION


def _said(key: str, entry: Entry) -> str:
    """Write an entry as JSON under its key, without the last brace: in 0.6x of the time that json takes for it.

    What is empty is left out, and a home that the key tells.
    """
    said = (
        f'{_quoted(key)}: {{"text": {_quoted(entry.text)}, "hash": {_quoted(entry.hash)}, '
        f'"mod": {entry.mod}, "note": {entry.note}'
    )
    if entry.home != key.rpartition("/")[0]:
        said += f', "home": {_quoted(entry.home)}'
    if entry.slot:
        said += f', "slot": {_quoted(entry.slot)}'
    if entry.numbers:
        said += f', "numbers": {{{_numbers(entry.numbers)}}}'
    if entry.retired:
        said += f', "retired": {{{_numbers(entry.retired)}}}'
    if entry.gone:
        said += ', "gone": true'
    if entry.guid:
        said += f', "guid": {_quoted(entry.guid)}'
    return said


def _numbers(numbers: Mapping[str, int]) -> str:
    return ", ".join([f"{_quoted(fact)}: {number}" for fact, number in numbers.items()])


def _damaged(path: str, text: str, offset: int, message: str) -> Diagnostic:
    return Diagnostic(_RULE, message, span_at(path, text, offset), _RESTORE)


def _newer(version: int, path: str = "", text: str = "") -> Diagnostic:
    message = f"this lock was written by a newer mkdeck (its format is {version}, this one knows {VERSION})"
    return Diagnostic(_RULE, message, span_at(path, text, 2), "install the newest mkdeck")
