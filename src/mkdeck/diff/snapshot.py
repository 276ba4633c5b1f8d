"""One state of a deck, from wherever it was read, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, NamedTuple, get_args

from mkdeck.diagnostics import Diagnostic, Severity, Span
from mkdeck.lock import settle_deck
from mkdeck.model import Kind
from mkdeck.note_types import NOTE_TYPES, own_id
from mkdeck.notes import guid, own_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdeck.archive import Archive, Note, NoteType
    from mkdeck.compile import Compiled
    from mkdeck.lock import Built, Lock
    from mkdeck.model import OwnNoteType


@dataclass(frozen=True, slots=True)
class NoteState:
    """One note as far as it is known; None stands for what the source does not tell."""

    guid: str
    key: str
    kind: str
    deck: str
    """The deck's name in Anki."""
    mod: int | None
    """When it last changed; None if it is changed and not built yet, so that it will be later than all before."""
    text: str | None = None
    """The words that the lock knows the note by."""
    fields: Mapping[str, str] | None = None
    """Field -> HTML, in the order of the note type; empty fields are left out."""
    tags: frozenset[str] | None = None
    ordinals: frozenset[int] | None = None
    hash: str | None = None
    """Of all that reaches Anki."""
    reason: str | None = None
    """The id of the reason it stands under now; its key names the one it stood under at first."""
    note_type: int | None = None
    first: tuple[str, str] = ("", "")
    """Its first field: the name, if that is known, and the HTML."""


class Look(NamedTuple):
    """The name, the style sheet and the templates of a note type."""

    name: str
    css: str
    templates: tuple[tuple[str, str, str], ...]
    """(name, front, back) of each."""

    @classmethod
    def of(cls, name: str, note_type: NoteType | OwnNoteType) -> Look:
        """Take the look of a note type, from a package or a deck; blanks at the ends do not matter."""
        sides = ((each.name, each.front.strip(), each.back.strip()) for each in note_type.templates)
        return cls(name, note_type.css.strip(), tuple(sides))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One side of a comparison."""

    name: str
    notes: Mapping[str, NoteState]
    """By guid, in the order of the source."""
    looks: Mapping[int, Look] = field(default_factory=dict)
    """Id of a note type -> how its cards look; of a deck, those of its own note types; of a lock, none."""
    problems: tuple[Diagnostic, ...] = ()
    """What a package holds that is damaged and was left out, or that a deck has no lock. All are warnings."""


# Far in the future: what is given this time, or one even later, has changed since the last build.
_UNBUILT = 1 << 40


def of_deck(name: str, compiled: Compiled) -> Snapshot:
    """Take the notes of a deck as a build would make them now, by the lock file beside it."""
    built = settle_deck(compiled, None, _UNBUILT)
    deck, lock = compiled.deck, built.settled.lock
    notes = {}
    for note in built.settled.notes:
        entry = lock.notes[note.lock_key]
        if note.type:
            type_id, names = deck.note_types[note.type].id, deck.note_types[note.type].names
            fields = own_fields(note.note_type, names, note.fields)
        else:
            type_ = NOTE_TYPES[note.note_type]
            type_id = own_id(type_, deck.id) if deck.has_own_look else type_.id
            texts, names = note.all_fields, tuple(name for name, _ in type_.fields)
            fields = {name: texts[name] for name in names if texts.get(name)}
        notes[note.guid] = NoteState(
            guid=note.guid, key=note.key, kind=note.kind, deck=note.deck or deck.deck,
            mod=None if note.mod >= _UNBUILT else note.mod, text=_in_one_line(entry.text),
            fields=fields, tags=frozenset(note.tags), ordinals=frozenset(note.ordinals),
            hash=entry.hash, reason=entry.home.rpartition("/")[0],
            note_type=type_id, first=(names[0], fields.get(names[0], "")),
        )  # fmt: skip
    looks = {own.id: Look.of(each, own) for each, own in deck.note_types.items()}
    return Snapshot(name, notes, looks, _without_lock(built))


def _without_lock(built: Built) -> tuple[Diagnostic, ...]:
    """Warn that notes may be other ones than learners have, because nothing says which those are."""
    if not built.is_first:
        return ()
    message = (
        "there is no lock beside this deck, so its notes are those of a first build: what learners have may stand "
        "here as retired, and once more as new"
    )
    mend = "put the lock back, from version control or from where the deck was copied; a deck never built has none"
    return (Diagnostic("lock", message, Span(str(built.lock_path)), mend, Severity.WARNING),)


def of_lock(name: str, lock: Lock) -> Snapshot:
    """Take the notes of the last build, as far as its lock remembers them; those taken out are not among them."""
    notes = {}
    for short, entry in lock.notes.items():
        if entry.gone:
            continue
        key = f"{lock.deck}/{short}"
        reason, _, kind = entry.home.rpartition("/")
        numbers = frozenset(number - 1 for number in entry.numbers.values())
        is_own = kind.lstrip("-").isdigit()
        first = escape(entry.text.partition("\n")[0], quote=False)
        identity = entry.guid or guid(key)
        notes[identity] = NoteState(
            guid=identity, key=key, kind=kind if kind in get_args(Kind) else "plain",
            # A lock does not know to which of several decks the cards of an own note type go.
            deck="" if is_own else lock.name,
            mod=entry.mod, text=_in_one_line(entry.text), ordinals=numbers or None, hash=entry.hash, reason=reason,
            note_type=int(kind) if is_own else None, first=("", first),
        )  # fmt: skip
    return Snapshot(name, notes)


def of_archive(name: str, archive: Archive) -> Snapshot:
    """Take the notes of a package, mkdeck's or another maker's; of two with one guid, the first."""
    notes: dict[str, NoteState] = {}
    for note in archive.notes:
        notes.setdefault(note.guid, _of_note(note, archive))
    looks = {each: Look.of(own.name, own) for each, own in archive.note_types.items()}
    return Snapshot(name, notes, looks, archive.problems)


def _of_note(note: Note, archive: Archive) -> NoteState:
    note_type = archive.note_types[note.note_type]
    texts = zip(note_type.fields, note.fields, strict=True)
    fields = {field.name: text for field, text in texts if text}
    key, kind = note.guid, note_type.name
    if guid(fields.get("Key", "")) == note.guid:
        key, kind = fields["Key"], fields.get("Kind", kind)
    return NoteState(
        note.guid, key, kind, archive.decks[note.cards[0].deck].name if note.cards else "", note.mod,
        fields=fields, tags=frozenset(note.tags), ordinals=frozenset(card.ordinal for card in note.cards),
        note_type=note.note_type, first=(note_type.fields[0].name, note.fields[0]),
    )  # fmt: skip


def _in_one_line(text: str) -> str:
    """Give a text of the lock, in which a line may tell a note from others of the same words."""
    return text.replace("\n", " ")
