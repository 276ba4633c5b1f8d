"""A build that has nothing to do, done without the parts of mkdeck that do anything."""

from __future__ import annotations

from pathlib import Path

from mkdeck.diagnostics import DeckError
from mkdeck.outlook import IMPORTING, summary
from mkdeck.paths import deck_files, lock_path, packages
from mkdeck.stamp import is_fresh, read_stamp


def unchanged(targets: dict[Path, list[Path]], *, tag_retired: bool = False) -> list[str] | None:
    """Report packages that are what their decks would be built into; None if there is anything to do."""
    report: list[str] = []
    for target, files in targets.items():
        stamp = read_stamp(target)
        decks = [(file, lock_path(file)) for file in files]
        if stamp is None or not is_fresh(stamp, decks, tag_retired=tag_retired):
            return None
        report += summary(target, stamp.notes, stamp.cards, stamp.media_count)
        report.append(f"  since the last build: {sum(stamp.notes.values())} unchanged")
    return report


def resting(words: list[str]) -> list[str] | None:
    """Report a plain `build` that has nothing to do; None for all else, which Typer reads and tells."""
    if words[:1] != ["build"]:
        return None
    paths: list[Path] = []
    out, quiet = Path("dist"), False
    rest = iter(words[1:])
    for word in rest:
        if word in {"-q", "--quiet"}:
            quiet = True
        elif word in {"-o", "--out"}:
            if (value := next(rest, None)) is None:
                return None
            out = Path(value)
        elif word.startswith("-"):
            return None
        else:
            paths.append(Path(word))
    try:
        report = unchanged(packages(deck_files(paths or [Path("decks")]), out))
    except (DeckError, OSError):
        return None
    return report if report is None else [] if quiet else [*report, IMPORTING]
