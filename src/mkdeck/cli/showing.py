"""Commands that let people see cards: preview, of a deck; show, of a package."""

from __future__ import annotations

import enum
import errno
import pydoc
import sys
import webbrowser
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated

import typer

from mkdeck.cli.app import app
from mkdeck.outlook import count
from mkdeck.terminal import print_errors


@app.command(
    epilog="Examples: mkdeck preview decks/cold-war.yaml; mkdeck preview decks/cold-war.yaml -o cold-war.html"
)
def preview(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The deck file.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="OUT", help="Write one page that needs nothing else, and end."),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port of the live page; 0 takes a free one.")
    ] = 0,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the live page in a browser.")] = True,
) -> None:
    """Show the cards of a deck as Anki will draw them, live while you edit, or as a page to keep or print.

    The live page is at this computer only. Ctrl+C ends it.
    """
    from mkdeck.diagnostics import DeckError  # noqa: PLC0415 - `--version` needs none of it

    try:
        if out is not None:
            if out.suffix.lower() not in {".html", ".htm"}:  # nothing but a page is ever written over
                raise typer.BadParameter(f"`{out}` is no name for a page; write `-o {out.stem or 'page'}.html`")
            print(f"{out}: written{_write_page(path, out)}. Open it in a browser; printed, it is a revision sheet.")
        else:
            _serve(path, port, browser=browser)
    except DeckError as error:
        print_errors(error)
        raise typer.Exit(1) from None
    except OSError as error:
        what = f"port {port}" if error.errno == errno.EADDRINUSE else error.filename2 or error.filename or path
        print(f"{what}: error[file]: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(1) from None


def _write_page(path: Path, out: Path) -> str:
    """Write the page; say what stands on it that a class need not see."""
    from mkdeck.deck import load  # noqa: PLC0415
    from mkdeck.preview import inlined, page, preview  # noqa: PLC0415
    from mkdeck.transaction import write_together  # noqa: PLC0415

    shown = preview(load(path))
    text = page(shown, live=False, media=inlined(shown))
    write_together([(out, lambda file: file.write(text.encode()))])
    notes = [f"with {count(len(shown.findings), 'finding')} of the check"] if shown.findings else []
    if 'data-maths="missing"' in text:
        notes.append("with formulas as they were written: pip install django-static-mathjax")
    return f", {'; '.join(notes)}" if notes else ""


def _serve(path: Path, port: int, *, browser: bool) -> None:
    def ready(address: str) -> None:
        print(f"The cards of {path}: {address}   (Ctrl+C ends it)", flush=True)
        if browser:
            webbrowser.open(address)

    try:
        from mkdeck.preview.server import serve  # noqa: PLC0415

        serve(path, port=port, ready=ready)
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] not in {"starlette", "uvicorn", "watchfiles"}:
            raise
        print(
            f"The live page needs {error.name}: pip install starlette uvicorn watchfiles\n"
            f"Without it, write the page to a file: mkdeck preview {path} -o page.html",
            file=sys.stderr,
        )
        raise typer.Exit(1) from None


class _Format(enum.StrEnum):
    """How a package is shown."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@app.command(epilog="Examples: mkdeck show deck.apkg; mkdeck show deck.apkg --format csv > notes.csv")
def show(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A package: .apkg or .colpkg, of any age.")],
    form: Annotated[
        _Format, typer.Option("--format", help="For people, for programs, or one row a note.")
    ] = _Format.TABLE,
) -> None:
    """Say what is in a package: decks, note types, counts, media, some cards, and what is not as it should be."""
    from mkdeck.archive import read_package  # noqa: PLC0415 - `--version` needs none of it
    from mkdeck.diagnostics import DeckError  # noqa: PLC0415
    from mkdeck.show import summary, to_csv, to_json, to_table  # noqa: PLC0415

    try:
        _require_package(path)
        archive = read_package(path)
    except DeckError as error:
        print_errors(error, "nothing is shown")
        raise typer.Exit(1) from None
    for problem in archive.problems:
        print(problem.show(), file=sys.stderr)
    match form:
        case _Format.CSV:
            for row in to_csv(archive):
                sys.stdout.write(row)
        case _Format.JSON:
            typer.echo(to_json(summary(archive)))
        case _Format.TABLE if sys.stdout.isatty():
            pydoc.pager(to_table(summary(archive)))
        case _Format.TABLE:
            typer.echo(to_table(summary(archive)))


def _require_package(path: Path) -> None:
    """Refuse a deck, of which `read_package` would say that it is no zip file."""
    from mkdeck.diagnostics import DeckError, Diagnostic, Span  # noqa: PLC0415 - see above
    from mkdeck.paths import DECK_ENDINGS  # noqa: PLC0415

    if path.suffix in DECK_ENDINGS and path.is_file():
        mend = f"`mkdeck preview {path}` shows its cards, `mkdeck check {path}` looks for what is wrong with them"
        raise DeckError([Diagnostic("file", "this is a deck, and not a package", Span(str(path)), mend)])
