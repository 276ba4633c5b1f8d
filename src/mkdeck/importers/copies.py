"""The pictures and recordings of an imported deck, copied beside it where it is written into another folder."""

from __future__ import annotations

import filecmp
import os
import shutil
from typing import IO, TYPE_CHECKING

from mkdeck.diagnostics import DeckError, Diagnostic, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_MEND = "rename one of the two, or write the deck into another folder with -o"


def copies(names: Iterable[str], source: Path, deck: Path) -> list[tuple[Path, Callable[[IO[bytes]], object]]]:
    """Give what is to be written so that the files `names` of a folder lie beside `deck`, under the same names.

    What lies there with the same content already is left alone. Nothing is written here (see `transaction`).
    Raises DeckError if another file is in the way, or if a link would lead out of the deck's folder.
    """
    home = deck.parent.resolve()
    if source.resolve() == home:
        return []
    found: list[tuple[Path, Callable[[IO[bytes]], object]]] = []
    problems: list[Diagnostic] = []
    for name in names:
        path = deck.parent / name
        if not path.resolve().is_relative_to(home):
            message = f"`{name}` is to be copied here, and a link leads out of the deck's folder"
            problems.append(Diagnostic("file", message, Span(str(path)), _MEND))
        elif path == deck or (os.path.lexists(path) and not _are_equal(source / name, path)):
            message = f"`{name}` is to be copied here, and another file of this name is there already"
            problems.append(Diagnostic("file", message, Span(str(path)), _MEND))
        elif not path.exists():
            found.append((path, _copier(source / name)))
    if problems:
        raise DeckError(problems)
    return found


def _are_equal(one: Path, other: Path) -> bool:
    try:
        return filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def _copier(source: Path) -> Callable[[IO[bytes]], object]:
    def copy(file: IO[bytes]) -> None:
        with source.open("rb") as original:
            shutil.copyfileobj(original, file)

    return copy
