"""Which files there are: the decks in folders, the lock beside a deck, the package for a deck."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from mkdeck.diagnostics import DeckError, Diagnostic, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DECK_ENDINGS = frozenset({".yaml", ".yml"})
_NO_FOLDERS = DECK_ENDINGS | {".apkg", ".colpkg", ".zip", ".anki2", ".json", ".html"}
"""With such an ending, whatever its capitals, a name is meant for a file."""
_MOST_NAMES = 1000
"""In a folder of more files, no more are looked at for a name like a given one."""


def deck_files(paths: Iterable[Path]) -> list[Path]:
    """Give the deck files that `paths` name: files as they are, folders for all deck files in them.

    Raises DeckError for a folder without decks.
    """
    found: list[Path] = []
    problems: list[Diagnostic] = []
    for path in paths:
        inside = [path]
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if _is_deck(each.relative_to(path)) and each.is_file())
        found += inside
        if not inside:
            message, mend = "there are no deck files (.yaml) in this folder", "`mkdeck new NAME` writes one"
            problems.append(Diagnostic("file", message, Span(str(path)), mend))
    if problems:
        raise DeckError(problems)
    return list(dict.fromkeys(found))


def near_deck(path: Path) -> str:
    """Ask for the deck whose name is most like that of one that is not there; empty if there is none like it.

    It lies in the same folder, or in `decks` inside of that.
    """
    import difflib  # noqa: PLC0415 - few names are wrong

    found: dict[str, Path] = {}
    for folder in (path.parent, path.parent / "decks"):
        with suppress(OSError):
            names = (each for each in islice(folder.iterdir(), _MOST_NAMES) if _is_deck(Path(each.name)))
            found = {**{each.stem: each for each in sorted(names)}, **found}
    near = difflib.get_close_matches(path.stem, found, 1)
    return f"did you mean `{found[near[0]]}`?" if near else ""


def lock_path(deck: str | Path) -> Path:
    """Give the place of a deck's lock: `NAME.lock.json` beside `NAME.yaml`."""
    path = Path(deck)
    return path.with_name(f"{path.stem}.lock.json")


def packages(files: Sequence[Path], out: Path) -> dict[Path, list[Path]]:
    """Give the packages that decks go into, each with its decks: `out`, or `NAME.apkg` in the folder `out`.

    Raises DeckError if `out` is neither, nor can be, or if two decks of one name would go into one package unasked.
    """
    if str(out) == "-" or (out.suffix != ".apkg" and out.exists() and not out.is_dir()):
        mend = "give the name of one with `-o NAME.apkg`, or a folder with `-o FOLDER`"
        raise DeckError([Diagnostic("file", "no package can be written here", Span(str(out)), mend)])
    if out.suffix != ".apkg" and out.suffix.lower() in _NO_FOLDERS and not out.is_dir():
        mend = f"write `-o {out.with_suffix('.apkg')}`"
        raise DeckError([Diagnostic("file", "this is no name for a package", Span(str(out)), mend)])
    locks: dict[Path, Path] = {}
    for file in files:
        other = locks.setdefault(lock_path(file), file)
        if other != file:
            message = f"{other} and {file} would both have the lock `{lock_path(file)}`"
            raise DeckError([Diagnostic("file", message, mend="rename one of them")])
    if out.suffix == ".apkg":
        return {out: list(files)}
    targets: dict[Path, list[Path]] = {}
    for file in files:
        targets.setdefault(out / f"{file.stem}.apkg", []).append(file)
    mend = "rename one of them, or build them into one package with `-o NAME.apkg`"
    problems = [
        Diagnostic("file", f"{' and '.join(map(str, decks))} would both be written to `{target}`", mend=mend)
        for target, decks in targets.items()
        if len(decks) > 1
    ]
    if problems:
        raise DeckError(problems)
    return targets


def _is_deck(path: Path) -> bool:
    """Tell whether a file in a folder is a deck by its name; hidden folders and files hold none."""
    return path.suffix in DECK_ENDINGS and not any(part.startswith(".") for part in path.parts)
