"""The command line: arguments, printing and exit status. What it does is done elsewhere.

Exit status: 0 done, 1 a deck has errors or a file cannot be written, 2 wrong usage.
"""

from __future__ import annotations

import gc
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mkdeck._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.diagnostics import DeckError
    from mkdeck.pipeline import BuildResult, Progress

app = typer.Typer(
    name="mkdeck",
    help="The compiler for flashcards: reason cards in YAML become packages that Anki imports.",
    epilog="Example: mkdeck new cold-war; mkdeck build; then open dist/cold-war.apkg in Anki.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_PROGRESS_AFTER = 1.0
"""Seconds of work before a progress bar appears."""


def run() -> None:
    """Start the command line.

    Typer (0.29) loads pydantic to read any option at all, 4x the time of everything that a version needs.
    """
    if sys.argv[1:] == ["--version"]:
        print(f"mkdeck {__version__}")
    else:
        app()


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        print(f"mkdeck {__version__}")
        raise typer.Exit


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
) -> None:  # fmt: skip
    """Build decks into .apkg packages, and remember in NAME.lock.json what was built.

    If any deck has an error, all errors are printed and nothing is written.
    """
    # A deck is data without cycles, all of it alive until the end: the collector would only walk it over
    # and over (at 100,000 notes, ten times as long as the rest). The process ends before memory matters.
    gc.disable()
    from mkdeck import outlook, pipeline  # noqa: PLC0415 - `--version` needs none of it
    from mkdeck.diagnostics import DeckError  # noqa: PLC0415
    from mkdeck.lock.files import claimed  # noqa: PLC0415

    try:
        files = pipeline.deck_files(paths or [Path("decks")])
        targets = _targets(files, out)
        with _progress(quiet=quiet) as progress:
            compiled = pipeline.compile_all(files, progress=progress)
            with claimed([*pipeline.lock_paths(compiled), *targets.values()]):
                built = pipeline.settle_all(compiled, tag_retired=tag_retired)
                if locked:
                    pipeline.require_unchanged(built)
                results = []
                for target in dict.fromkeys(targets.values()):
                    group = [each for file, each in zip(files, built, strict=True) if targets[file] == target]
                    finish = pipeline.result if dry_run else pipeline.write
                    results.append((group, finish(group, target)))
    except DeckError as error:
        _print_errors(error)
        raise typer.Exit(1) from None
    except OSError as error:
        # Of a failed renaming, the second name is the one that the user gave.
        name = error.filename2 or error.filename or out
        print(f"{name}: error[file]: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(1) from None
    if not quiet:
        for group, result in results:
            print(_summary(result))
            for each in group:
                for line in outlook.outlook(each):
                    print(line)
        print(
            "Nothing was written."
            if dry_run
            else "To import: open the file in Anki, or choose File > Import there."
        )


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


def _targets(files: list[Path], out: Path) -> dict[Path, Path]:
    """Give the package that each deck goes into."""
    if out.suffix == ".apkg":
        return dict.fromkeys(files, out)
    from mkdeck.diagnostics import DeckError, Diagnostic  # noqa: PLC0415

    targets: dict[Path, Path] = {}
    for file in files:
        target = out / f"{file.stem}.apkg"
        if target in targets.values():
            mend = "rename one of them, or build them one by one with `-o NAME.apkg`"
            raise DeckError([Diagnostic("file", f"two decks would be written to `{target}`", mend=mend)])
        targets[file] = target
    return targets


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress | None]:
    """Show a bar on a terminal, for work that takes more than a second."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    started = time.monotonic()
    bars: list[Any] = []

    def show(stage: str, done: int, total: int) -> None:
        if not bars and time.monotonic() - started > _PROGRESS_AFTER:
            from rich.console import Console  # noqa: PLC0415 - short builds do not pay for it
            from rich.progress import Progress as Bars  # noqa: PLC0415

            bars.append(Bars(console=Console(stderr=True), transient=True))
            bars[0].start()
            bars[0].add_task(stage)
        if bars:
            bars[0].update(bars[0].task_ids[0], description=stage, completed=done, total=total)

    try:
        yield show
    finally:
        for each in bars:
            each.stop()


def _summary(result: BuildResult) -> str:
    kinds = ", ".join(f"{kind} {count} ({result.cards[kind]})" for kind, count in result.notes.items())
    parts = [_count(sum(result.notes.values()), "note"), _count(sum(result.cards.values()), "card")]
    if result.media:
        parts.append(_count(result.media, "media file"))
    return f"{result.path}: {', '.join(parts)}\n  notes (cards) of each kind: {kinds or 'none'}"


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _print_errors(error: DeckError) -> None:
    """Print every diagnostic with its source line, in colour on a terminal, and how many there are."""
    colour = sys.stderr.isatty()
    for problem in error.diagnostics:
        first, *rest = problem.show().split("\n")
        typer.echo(typer.style(first, fg="red", bold=True) if colour else first, err=True)
        for line in rest:
            typer.echo(line, err=True)
    typer.echo(f"{_count(len(error.diagnostics), 'error')}; nothing was written.", err=True)
