"""Commands that make packages and decks, and say what becomes of them: build, new, diff."""

from __future__ import annotations

import enum
import gc
import importlib.util
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mkdeck.building import build_once
from mkdeck.cli.app import app
from mkdeck.terminal import print_errors

if TYPE_CHECKING:
    from collections.abc import Callable


@app.command(epilog="Examples: mkdeck build; mkdeck build decks/cold-war.yaml -o cold-war.apkg")
def build(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Deck files, or folders of them. [default: decks]"),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="OUT",
            help="The folder for the packages, or, if it ends in .apkg, one package for all decks.",
        ),
    ] = Path("dist"),
    locked: Annotated[
        bool, typer.Option("--locked", help="Fail if a lock would change; for continuous integration.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")] = False,
    tag_retired: Annotated[
        bool,
        typer.Option(
            "--tag-retired",
            help="Ship notes that were taken out once more, with the tag mkdeck::retired, so that learners can "
            "find and delete them.",
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and build again whenever a deck or its media change.")
    ] = False,
) -> None:  # fmt: skip
    """Build decks into .apkg packages, and remember in NAME.lock.json what was built.

    If any deck has an error, all errors are printed and nothing is written.
    """

    def once() -> bool:
        return build_once(
            paths or [Path("decks")], out, locked=locked, dry_run=dry_run, tag_retired=tag_retired, quiet=quiet
        )

    if watch and importlib.util.find_spec("watchfiles") is None:
        print("--watch needs watchfiles: pip install watchfiles", file=sys.stderr)
        raise typer.Exit(1)
    began = time.time_ns()
    is_built = once()
    if watch:
        _watch(paths or [Path("decks")], began, once)
    elif not is_built:
        raise typer.Exit(1)


def _watch(paths: list[Path], since: int, build: Callable[[], bool]) -> None:
    """Build again at every change, until the command is interrupted."""
    from mkdeck.watch import changes  # noqa: PLC0415 - few builds stay

    print("Waiting for changes (Ctrl+C ends it)", file=sys.stderr)
    try:
        for _ in changes(paths, since):
            print(f"\n{datetime.now().astimezone():%H:%M:%S}", file=sys.stderr)
            build()
            gc.collect()  # one build after the other: what the last one left must go
    except KeyboardInterrupt:
        return


@app.command(epilog="Example: mkdeck new cold-war")
def new(
    name: Annotated[str, typer.Argument(help="The deck's name, such as cold-war.")],
    folder: Annotated[Path, typer.Option("--folder", "-f", help="Where to write it.")] = Path("decks"),
) -> None:
    """Write a deck to start from, which builds as it is."""
    from mkdeck.starter import write_starter  # noqa: PLC0415 - `--version` does not need it

    try:
        path = write_starter(name, folder)
    except FileExistsError as error:
        print(f"{error.filename}: error[file]: this file is there already; take another name", file=sys.stderr)
        raise typer.Exit(1) from None
    except OSError as error:
        print(f"{error.filename or folder}: error[file]: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"{path}: written. Put your question, reasons and points into it, then: mkdeck build {path}")


class _Format(enum.StrEnum):
    """How a report is printed."""

    TEXT = "text"
    JSON = "json"


@app.command(
    epilog="Examples: mkdeck diff HEAD:decks/cold-war.yaml decks/cold-war.yaml; mkdeck diff old.apkg new.apkg"
)
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="What learners have: a deck, a lock or a package.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="What they will import. Both may be REV:PATH, in git.")],
    form: Annotated[_Format, typer.Option("--format", help="For people or for programs.")] = _Format.TEXT,
) -> None:
    """Say what a learner's Anki will do: which notes are new, updated (by which words), moved, retired."""
    gc.disable()  # as in `build`
    from mkdeck.diagnostics import DeckError  # noqa: PLC0415 - `--version` needs none of it
    from mkdeck.diff import compare, read_sides, to_json, to_text  # noqa: PLC0415

    try:
        before, after = read_sides(old, new)
    except DeckError as error:
        print_errors(error, "nothing is compared")
        raise typer.Exit(1) from None
    except OSError as error:
        print(f"{error.filename or old}: error[file]: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(1) from None
    for problem in (*before.problems, *after.problems):
        print(problem.show(), file=sys.stderr)
    difference = compare(before, after)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    print(to_json(difference) if form is _Format.JSON else to_text(difference, colour=colour))
