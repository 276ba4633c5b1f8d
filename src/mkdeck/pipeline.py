"""The pipeline in one place: read -> compile -> lock -> package."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from mkdeck.aside import WORTH_A_COPY
from mkdeck.checks import errors, findings
from mkdeck.compile import compile_deck
from mkdeck.deck import Deck, load
from mkdeck.diagnostics import DeckError, Diagnostic, Severity, Span, in_order
from mkdeck.lock import build_time, settle_deck
from mkdeck.lock.files import claimed
from mkdeck.lock.lost import lost_lock, lost_notes
from mkdeck.paths import lock_path
from mkdeck.stamp import UNSTAMPED, Stamp, digest, is_foreign
from mkdeck.transaction import write_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from mkdeck.aside import Begin
    from mkdeck.compile import Compiled
    from mkdeck.lock import Built, Change, Lock
    from mkdeck.model import DeckData

    Progress = Callable[[str, int, int], None]
    """Is told the stage of the work, how much of it is done, and how much there is."""


_PENDING = 2
"""Checks of large decks that may be under way at once, each in a process of its own."""
_FINE = 1000
"""Steps of progress that each deck counts for."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build made: the package, and how many notes and cards of each kind are in it."""

    path: Path
    notes: Mapping[str, int]
    cards: Mapping[str, int]
    media: int
    changes: tuple[Change, ...] = ()
    """What is new, updated, back or retired since the last build; all else is unchanged."""
    warnings: tuple[Diagnostic, ...] = ()
    kept: tuple[Lock, ...] = field(default=(), repr=False)

    @property
    def locks(self) -> dict[str, dict[str, Any]]:
        """Deck id -> its lock as plain data, to be given to the next build as `lock`."""
        return {lock.deck: lock.to_mapping() for lock in self.kept}

    @property
    def unchanged(self) -> int:
        """How many notes are as they were in the last build."""
        return sum(self.notes.values()) - sum(change.what not in {"retired", "moved"} for change in self.changes)


def build(
    deck: Deck | str | Path | Iterable[Deck | str | Path],
    out: str | Path,
    *,
    folder: str | Path | None = None,
    lock: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Write one deck, or several into one package, to `out`, and the lock of each beside its file.

    A deck is a Deck or the path of a deck file. `folder` is where the media of a deck that was made in
    Python lie (default: the current folder). With `lock`, the `locks[id]` of an earlier result or an empty
    mapping, no lock file is read or written: the next lock is in the result; that is the way to give one
    deck that was made in Python its history. `progress(stage, done, total)` is called now and then.

    Raises DeckError with every error of every deck, or if `out` is a package that mkdeck did not make, and
    OSError if a file cannot be written; then `out` and the locks are as they were. SOURCE_DATE_EPOCH, if set,
    is the time at which new notes are new.
    """
    _refuse_data(deck)
    decks = [deck] if isinstance(deck, Deck | str | Path) else list(deck)
    compiled = compile_all(decks, folder=folder, progress=progress)
    with claimed([Path(out), *(lock_paths(compiled) if lock is None else ())]):
        built = settle_all(compiled, lock=lock)
        del compiled  # with all drafts
        return write({Path(out): built}, progress)[0]


def check(deck: Deck | str | Path, *, folder: str | Path | None = None) -> list[Diagnostic]:
    """Give everything that is wrong with a deck, in the order of its source. Nothing is written.

    Errors keep a deck from being built; warnings are advice on its cards (see `Diagnostic.severity`).
    """
    _refuse_data(deck)
    return check_all([deck], folder=folder)


def check_all(
    decks: Sequence[Deck | str | Path], *, folder: str | Path | None = None, progress: Progress | None = None
) -> list[Diagnostic]:
    """Give everything that is wrong with decks that belong together, in the order of files and lines."""
    return list(in_order(each for _, found in _examine(decks, findings, folder, progress) for each in found))


def _refuse_data(deck: object) -> None:
    """Raise TypeError for a dict, whose keys would be taken for the names of files."""
    if isinstance(deck, dict):
        raise TypeError("a deck is a mkdeck.Deck or a path; make one of your data with mkdeck.Deck(**data)")


def compile_all(
    decks: Sequence[Deck | str | Path],
    *,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> list[Compiled]:
    """Read and compile decks; raises DeckError with the errors of all of them together."""
    compiled, require_right = compile_first(decks, folder=folder, progress=progress)
    require_right()
    return compiled


def compile_first(
    decks: Sequence[Deck | str | Path],
    *,
    folder: str | Path | None = None,
    progress: Progress | None = None,
    begin: Begin | None = None,
) -> tuple[list[Compiled], Callable[[], None]]:
    """Read and compile decks; with `begin` (see `aside`), other processes may do a part of it, for large ones.

    The function that is given waits for that, and raises DeckError with the errors of all decks together: until
    it was called, nothing of them may be shown or kept. What is wrong without a look at the cards is raised here.
    """
    problems: list[Diagnostic] = []
    compiled: list[Compiled] = []
    waiting: list[Callable[[], tuple[Diagnostic, ...]]] = []

    def check_or_begin(each: Compiled) -> tuple[Diagnostic, ...]:
        check = partial(errors, each)
        if not begin or len(each.drafts) not in WORTH_A_COPY:
            return check()
        if len(waiting) >= _PENDING:
            with suppress(Exception):  # which is kept for `require_right`
                waiting[-_PENDING]()
        waiting.append(begin(check))
        return each.problems

    require_right = partial(_require_right, problems, waiting)
    try:
        for each, found in _examine(decks, check_or_begin, folder, progress, _load_lean, begin):
            problems += (problem for problem in found if problem.severity is Severity.ERROR)
            compiled += [each] if each else []
    except Exception:
        require_right()
        raise
    if problems:
        require_right()
    return compiled, require_right


def _require_right(problems: Iterable[Diagnostic], waiting: Iterable[Callable[[], Iterable[Diagnostic]]]) -> None:
    """Raise DeckError if there is an error among the problems and what is waited for."""
    found, failures = list(problems), []
    for wait in waiting:
        try:
            found += wait()
        except Exception as error:  # noqa: BLE001 - first, all that was begun has to end
            failures.append(error)
    if any(problem.severity is Severity.ERROR for problem in found):
        raise DeckError(found)
    if failures:
        raise failures[0]


def _examine(
    decks: Sequence[Deck | str | Path],
    rules: Callable[[Compiled], Iterable[Diagnostic]],
    folder: str | Path | None,
    progress: Progress | None,
    read: Callable[[str | Path], Deck] = load,
    begin: Begin | None = None,
) -> Iterator[tuple[Compiled | None, list[Diagnostic]]]:
    """Read, compile and check decks one by one; a deck that cannot be read is None."""
    owners: dict[str, DeckData] = {}
    for number, each in enumerate(decks):
        if progress:
            progress("compiling", number * _FINE, len(decks) * _FINE)
        try:
            deck = each if isinstance(each, Deck) else read(each)
        except DeckError as error:
            yield None, list(error.diagnostics)
            continue
        in_deck = _within(progress, number, len(decks)) if progress else None
        compiled = compile_deck(deck, deck.folder() if folder is None else Path(folder), in_deck, begin=begin)
        found = list(rules(compiled))
        compiled = _without_texts(compiled)
        if deck.id in owners:
            found.append(_doubled_id(deck, owners[deck.id]))
        owners.setdefault(deck.id, compiled.deck)
        del deck  # with all its texts, as above
        yield compiled, found
    if progress:
        progress("compiling", len(decks) * _FINE, len(decks) * _FINE)


def _load_lean(path: str | Path) -> Deck:
    """Read a deck of which no more is told than what keeps it from being built, which is seldom anything.

    What a file holds besides the deck is let go: 0.4 kB a light note, 7 kB a rich one. Not if it has note types
    of its own: of those, every build may warn.
    """
    deck = load(path)
    if deck.origin and not deck.note_types:
        deck.origin.let_go()
    return deck


def _without_texts(compiled: Compiled) -> Compiled:
    """Let go of what is in a deck's notes by now, before they get their identity: 0.4 kB a light note."""
    nothing: dict[str, object] = {"facts": (), "reasons": (), "terms": {}, "judgement": None, "cards": ()}
    return compiled._replace(deck=compiled.deck.model_copy(update=nothing))


def _within(progress: Progress, number: int, decks: int) -> Callable[[int, int], None]:
    """Tell the progress inside one of several decks as a part of the whole."""

    def tell(done: int, total: int) -> None:
        progress("compiling", number * _FINE + done * _FINE // total, decks * _FINE)

    return tell


def lock_paths(compiled: Iterable[Compiled]) -> list[Path]:
    """Give where the locks of decks are kept that were read from files."""
    return [lock_path(each.deck.origin.path) for each in compiled if each.deck.origin]


def settle_all(
    compiled: Iterable[Compiled],
    *,
    lock: Mapping[str, Any] | None = None,
    now: int | None = None,
    tag_retired: bool = False,
) -> list[Built]:
    """Give the notes of each deck their identity; raises DeckError with the errors of all decks.

    With `tag_retired`, the notes that were taken out are there once more, with a tag to delete them by.
    """
    built: list[Built] = []
    problems: list[Diagnostic] = []
    now = build_time() if now is None else now
    for each in compiled:
        try:
            built.append(settle_deck(each, lock, now, tag_retired=tag_retired))
        except DeckError as error:
            problems += error.diagnostics
    if problems:
        raise DeckError(problems)
    return built


def require_unchanged(built: Iterable[Built]) -> None:
    """Raise DeckError if a lock would change: somebody edited a deck and did not build it."""
    problems = []
    for each in built:
        if each.lock_changed:
            message = f"the lock is out of date by {len(each.settled.changes)} notes"
            mend = "run `mkdeck build` and commit the lock with the deck"
            if each.is_first:
                message = "there is no lock"
                mend = f"restore it (git checkout -- FILE); if there never was one, {mend}"
            elif each.settled.is_restyled or each.settled.changed_types:
                what = f" by {len(each.settled.changes)} notes, and" if each.settled.changes else ":"
                message = f"the lock is out of date{what} the style has changed"
            problems.append(Diagnostic("lock", message, Span(str(each.lock_path)), mend))
    if problems:
        raise DeckError(problems)


def require_own(packages: Iterable[Path]) -> None:
    """Raise DeckError for packages that another program made: there may be no copy of them."""
    mend = "give another name with `-o NAME.apkg`, or delete this one first if nobody needs it"
    message = "mkdeck did not make this package, and does not write over it"
    if problems := [Diagnostic("file", message, Span(str(each)), mend) for each in packages if is_foreign(each)]:
        raise DeckError(problems)


def write(
    packages: Mapping[Path, Sequence[Built]],
    progress: Progress | None = None,
    *,
    tag_retired: bool = False,
    require_right: Callable[[], None] | None = None,
) -> list[BuildResult]:
    """Write packages and the locks of their decks: all of it or nothing, as far as a file system allows.

    `require_right` is called when all is written and nothing is in its place yet; what it raises keeps it so.

    The locks are renamed first: killed in between, the next build goes on from a lock that is newer than
    its package, and makes the package that this one would have made. Raises DeckError for a package that
    mkdeck did not make, OSError for a file that cannot be written.
    """
    require_own(packages)
    warnings = {out: _warnings(built, out) for out, built in packages.items()}
    locks: list[tuple[Path, Callable[[IO[bytes]], object]]] = []
    files: list[tuple[Path, Callable[[IO[bytes]], object]]] = []
    digests: dict[Path, str] = {}  # of the locks: those that change have theirs when they are written
    for number, (out, built) in enumerate(packages.items()):
        if progress:
            progress("packing", number, len(packages))
        for each in built:
            if each.lock_path and each.lock_changed:
                locks.append((each.lock_path, partial(_write_lock, each, each.lock_path, digests)))
            elif each.lock_path:
                digests[each.lock_path] = each.lock_digest
        files.append((out, partial(_write_package, built, digests, tag_retired)))
    write_together([*locks, *files], require_right)
    if progress:
        progress("packing", len(packages), len(packages))
    return [result(built, out, warnings[out]) for out, built in packages.items()]


def _write_lock(built: Built, path: Path, digests: dict[Path, str], file: IO[bytes]) -> None:
    digests[path] = built.write_lock(file)


def _write_package(
    built: Sequence[Built],
    locks: Mapping[Path, str],
    tag_retired: bool,  # noqa: FBT001 - as `write` has it
    file: IO[bytes],
) -> None:
    from mkdeck.package import AnkiDeck, AnkiPackage  # noqa: PLC0415 - a deck with errors does not load genanki

    stamp = _stamp(built, locks, tag_retired=tag_retired)
    AnkiPackage([AnkiDeck(each.compiled, each.settled) for each in built], stamp).write_to_file(file)


def _stamp(built: Sequence[Built], locks: Mapping[Path, str], *, tag_retired: bool) -> bytes:
    """Give what a package says of itself; no digest for decks without a file, which no later build can look up.

    Nor for a deck with a folder of media: what is missing there, or not named, may come or go. Nor for one with
    warnings, which every build counts.
    """
    plain = [each for each in built if not each.compiled.deck.media and not each.compiled.problems]
    origins = [each.compiled.deck.origin for each in plain if each.lock_path]
    if len(origins) < len(built):
        return UNSTAMPED
    decks = [
        (origin.digest if origin else "", locks[each.lock_path] if each.lock_path else "")
        for origin, each in zip(origins, built, strict=True)
    ]
    media = [
        (place, name, stored)
        for place, each in enumerate(built)
        for name, stored in sorted(each.compiled.media_names.items())
    ]
    counts = result(built, Path(), ())
    found = digest(decks, media, tag_retired=tag_retired)
    return Stamp(found, media, counts.notes, counts.cards, counts.media).comment()


def _warnings(built: Sequence[Built], out: Path) -> tuple[Diagnostic, ...]:
    return tuple(warning for each in built for warning in lost_notes(each, out) or lost_lock(each))


def result(built: Sequence[Built], out: Path, warnings: tuple[Diagnostic, ...] | None = None) -> BuildResult:
    """Count what is in a package of these decks; give what `write` would warn of before it writes."""
    warnings = _warnings(built, out) if warnings is None else warnings
    notes: Counter[str] = Counter()
    cards: Counter[str] = Counter()
    for note in (note for each in built for note in each.settled.notes):
        notes[note.kind] += 1
        cards[note.kind] += len(note.ordinals)
    media = {name for each in built for name in each.compiled.media}
    changes = tuple(change for each in built for change in each.settled.changes)
    kept = tuple(each.settled.lock for each in built)
    return BuildResult(out, dict(notes), dict(cards), len(media), changes, warnings, kept)


def _doubled_id(deck: DeckData, owner: DeckData) -> Diagnostic:
    """Report an id that another deck of this build has: their notes would be the same notes to Anki."""
    span = deck.origin.span(("id",)) if deck.origin else Span(place="id")
    message = f"the id `{deck.id}` is that of {owner.origin.path if owner.origin else owner.deck}, too"
    return Diagnostic("unstable-id", message, span, "give each deck its own")
