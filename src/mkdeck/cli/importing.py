"""The command that brings decks in from elsewhere: import."""

from __future__ import annotations

import enum
import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mkdeck.cli.app import app
from mkdeck.terminal import print_errors, progress_bar

_NAMED = 8
"""Files that are named; the rest are counted."""


class _Kind(enum.StrEnum):
    """What a file may be taken for."""

    NOTES = "notes"
    MARKDOWN = "markdown"
    CSV = "csv"
    TSV = "tsv"
    ANKI_TEXT = "anki-text"
    PACKAGE = "package"


def _kind(word: str) -> _Kind:
    """Read a kind. What Typer says itself of a wrong one differs from version to version."""
    if word not in list(_Kind):
        raise typer.BadParameter(f"`{word}` is none of {', '.join(_Kind)}")
    return _Kind(word)


@app.command(
    "import",
    epilog="Examples: mkdeck import notes.txt -o decks/tudors.yaml; "
    "mkdeck import cards.csv --columns front,back,tags; mkdeck import biology.apkg -o decks/biology.yaml",
)
def import_(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Study notes, a Markdown outline, CSV or TSV, Anki's text export, or a package."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DECK",
            help="Write the deck here. [default: print it; a package becomes NAME.yaml in this folder]",
        ),
    ] = None,
    kind: Annotated[
        _Kind | None,
        typer.Option(
            "--from",
            parser=_kind,
            metavar=f"[{'|'.join(_Kind)}]",
            help="What the file is. [default: found from what it holds]",
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="NAMES",
            help="What the columns of a table hold, in their order: front, back, cloze, note, source, tags, guid, "
            "deck; skip leaves one out. [default: as its header says, or front,back]",
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="TAG", help="The language, such as en or pt-BR. [default: guessed]"),
    ] = None,
) -> None:
    """Make a deck of notes, an outline, a table or a package.

    Headings of notes become reasons, bullets points, arrows chains; notes of a package stay the notes they are.

    The media of a package are written into a folder beside the deck, and a lock, so that those who have it keep
    their notes and their history when they import what you build.

    What became what, and what was left out, is told on standard error. No file is written over. The pictures and
    recordings of FILE are copied beside DECK where that is in another folder.
    """
    gc.disable()  # as in `build`
    from mkdeck.diagnostics import DeckError  # noqa: PLC0415 - `--version` needs none of it
    from mkdeck.importers import import_file  # noqa: PLC0415
    from mkdeck.importers.stages import silent  # noqa: PLC0415
    from mkdeck.importers.writing import write_deck  # noqa: PLC0415

    names = [each.strip() for each in columns.split(",")] if columns else None
    try:
        if out is not None:
            _require_free(out, path)
        with progress_bar(quiet=False) as bar:
            progress = bar or silent
            made = import_file(
                path, kind=kind.value if kind else None, columns=names, lang=lang, out=out, progress=progress
            )
            if out is None and made.archive is not None:
                out = Path(path.with_suffix(".yaml").name)
            media = write_deck(made, out, path.parent, progress) if out else made.media
        if out is None:
            typer.echo(made.yaml, nl=False)
            media = () if path.parent.resolve() == Path.cwd() else media
    except DeckError as error:
        print_errors(error)
        raise typer.Exit(1) from None
    except OSError as error:
        print(f"{error.filename or path}: error[file]: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(1) from None
    print(*made.report, sep="\n", file=sys.stderr)
    if media:
        what = "copied beside the deck" if out else f"the deck needs these files of {path.parent} beside it"
        print(f"{what}: {_listed(media)}", file=sys.stderr)
    if out is None and made.lock:
        print("the guids are lost here, for a deck that is printed has no lock: write it with -o", file=sys.stderr)
    if out is not None:
        print(f"{out}: written. Read it through, then: mkdeck check {out}", file=sys.stderr)


def _require_free(out: Path, path: Path) -> None:
    """Refuse, before a long file is read, a name that no deck can have or that is taken."""
    from mkdeck.paths import DECK_ENDINGS  # noqa: PLC0415 - see above

    if out.is_dir():
        name = out / f"{path.stem}.yaml"
        raise IsADirectoryError(0, f"this is a folder; name the deck in it: -o {name}", str(out))
    if str(out) == "-" or (out.exists() and not out.is_file()):  # standard output, another device, or a pipe
        message = f"`{out}` is no file; write `-o {path.stem}.yaml`. Without -o, notes and tables are printed"
        raise typer.BadParameter(message)
    if out.suffix not in DECK_ENDINGS:
        raise typer.BadParameter(f"`{out}` is no name for a deck; write `-o {out.with_suffix('.yaml')}`")
    if os.path.lexists(out):
        raise FileExistsError(0, "this file is there already; take another name", str(out))
    above = next((each for each in out.parents if os.path.lexists(each)), None)
    if above and not above.is_dir():
        raise NotADirectoryError(0, "this is a file, so no deck can lie in it; take another folder", str(above))


def _listed(names: tuple[str, ...]) -> str:
    """Name the first files, and count the rest."""
    from mkdeck.diagnostics import printable  # noqa: PLC0415 - see above

    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(map(printable, names[:_NAMED])) + more
