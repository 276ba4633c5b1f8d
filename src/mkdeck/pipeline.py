"""The pipeline in one place: read -> compile -> package."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mkdeck.compile import compile_deck
from mkdeck.deck import Deck, load
from mkdeck.diagnostics import DeckError, Diagnostic, Severity, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mkdeck.compile import Compiled

    Progress = Callable[[str, int, int], None]

DECK_ENDINGS = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build made: the package, and how many notes and cards of each kind are in it."""

    path: Path
    notes: Mapping[str, int]
    cards: Mapping[str, int]
    media: int


def build(
    deck: Deck | str | Path | Iterable[Deck | str | Path],
    out: str | Path,
    *,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Write one deck, or several into one package, to `out`.

    A deck is a Deck or the path of a deck file. `folder` is where the media of a deck that was made in
    Python lie (default: the current folder). `progress(stage, done, total)` is called now and then.
    Raises DeckError with every error of every deck, and OSError if the file cannot be written; then `out`
    is as it was.
    """
    decks = [deck] if isinstance(deck, Deck | str | Path) else list(deck)
    return package(compile_all(decks, folder=folder, progress=progress), Path(out), progress)


def check(deck: Deck | str | Path, *, folder: str | Path | None = None) -> list[Diagnostic]:
    """Give everything that is wrong with a deck, in the order of its source. Nothing is written."""
    try:
        deck = deck if isinstance(deck, Deck) else load(deck)
    except DeckError as error:
        return list(error.diagnostics)
    return list(compile_deck(deck, deck.folder() if folder is None else Path(folder)).problems)


def compile_all(
    decks: Iterable[Deck | str | Path],
    *,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> list[Compiled]:
    """Read and compile decks; raises DeckError with the errors of all of them together."""
    decks = list(decks)
    problems: list[Diagnostic] = []
    compiled: list[Compiled] = []
    owners: dict[str, str] = {}
    for number, each in enumerate(decks):
        if progress:
            progress("compiling", number, len(decks))
        try:
            deck = each if isinstance(each, Deck) else load(each)
        except DeckError as error:
            problems += error.diagnostics
            continue
        compiled.append(compile_deck(deck, deck.folder() if folder is None else Path(folder)))
        problems += compiled[-1].problems
        problems += _doubled_id(deck, owners)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise DeckError(problems)
    if progress:
        progress("compiling", len(decks), len(decks))
    return compiled


def package(compiled: Iterable[Compiled], out: Path, progress: Progress | None = None) -> BuildResult:
    """Write compiled decks into one package."""
    from mkdeck.package import write  # noqa: PLC0415 - a deck with errors does not pay for loading genanki

    compiled = list(compiled)
    write(compiled, out, progress)
    notes: Counter[str] = Counter()
    cards: Counter[str] = Counter()
    for note in (note for each in compiled for note in each.notes):
        notes[note.kind] += 1
        cards[note.kind] += len(note.ordinals)
    return BuildResult(out, dict(notes), dict(cards), len({name for each in compiled for name in each.media}))


def deck_files(paths: Iterable[Path]) -> list[Path]:
    """Give the deck files that `paths` name: files as they are, folders for all deck files in them.

    Raises DeckError for a path that does not exist and for a folder without decks.
    """
    found: list[Path] = []
    problems: list[Diagnostic] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(each for each in path.rglob("*") if each.suffix in DECK_ENDINGS and each.is_file())
        found += inside
        if not inside:
            mend = "`mkdeck new NAME` writes a deck to start from"
            problems.append(Diagnostic("file", f"no deck files (.yaml) in the folder `{path}`", mend=mend))
    if problems:
        raise DeckError(problems)
    return list(dict.fromkeys(found))


def _doubled_id(deck: Deck, owners: dict[str, str]) -> Iterable[Diagnostic]:
    """Report an id that another deck of this build has: their notes would be the same notes to Anki."""
    name = deck.origin.path if deck.origin else deck.deck
    if deck.id in owners:
        span = deck.origin.span(("id",)) if deck.origin else None
        message = f"the id `{deck.id}` is that of {owners[deck.id]}, too"
        finding = Diagnostic("unstable-id", message, mend="give each deck its own")
        return [finding if span is None else Diagnostic("unstable-id", message, span, finding.mend)]
    owners[deck.id] = name
    return in_order(())
