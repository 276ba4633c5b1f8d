"""The command line: arguments, printing and exit status. What it does is done elsewhere.

Exit status: 0 done, 1 a deck has errors or a file cannot be written, 2 wrong usage.
"""

from __future__ import annotations

import enum
import gc
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mkdeck._version import __version__
from mkdeck.outlook import IMPORTING, count
from mkdeck.rest import unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.diagnostics import DeckError, Diagnostic
    from mkdeck.pipeline import Progress

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
    from mkdeck.diagnostics import DeckError  # noqa: PLC0415 - `--version` needs none of it
    from mkdeck.paths import deck_files, packages  # noqa: PLC0415

    try:
        targets = packages(deck_files(paths or [Path("decks")]), out)
        report = unchanged(targets, tag_retired=tag_retired)
        if report is None:
            with _progress(quiet=quiet) as progress:
                report = _build(targets, progress, locked=locked, dry_run=dry_run, tag_retired=tag_retired)
    except DeckError as error:
        _print_errors(error)
        raise typer.Exit(1) from None
    except OSError as error:
        # Of a failed renaming, the second name is the one that the user gave.
        name = error.filename2 or error.filename or out
        print(f"{name}: error[file]: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(1) from None
    if not quiet:
        print(*report, sep="\n")
        print("Nothing was written." if dry_run else IMPORTING)


def _build(
    targets: dict[Path, list[Path]], progress: Progress | None, *, locked: bool, dry_run: bool, tag_retired: bool
) -> list[str]:  # fmt: skip
    """Build packages and report on them."""
    # A deck is data without cycles, all of it alive until the end: the collector would only walk it over
    # and over (at 100,000 notes, ten times as long as the rest). The process ends before memory matters.
    gc.disable()
    from mkdeck import outlook, pipeline  # noqa: PLC0415
    from mkdeck.lock.files import claimed  # noqa: PLC0415

    files = [file for group in targets.values() for file in group]
    compiled = pipeline.compile_all(files, progress=progress)
    with claimed([*pipeline.lock_paths(compiled), *targets]):
        built = dict(zip(files, pipeline.settle_all(compiled, tag_retired=tag_retired), strict=True))
        if locked:
            pipeline.require_unchanged(built.values())
        groups = {target: [built[file] for file in group] for target, group in targets.items()}
        if dry_run:
            results = [pipeline.result(group, target) for target, group in groups.items()]
        else:
            results = pipeline.write(groups, progress, tag_retired=tag_retired)
    report: list[str] = []
    for result in results:
        for warning in result.warnings:
            print(warning.show(), file=sys.stderr)
        report += outlook.summary(result.path, result.notes, result.cards, result.media)
        for each in groups[result.path]:
            report += outlook.outlook(each, dry_run=dry_run)
    report += outlook.between_decks(list(built.values()))
    return report


class _Report(enum.StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


@app.command(
    epilog="Examples: mkdeck check; mkdeck check --strict --format github; mkdeck check --fix decks/cold-war.yaml; "
    "mkdeck check --suggest decks/cold-war.yaml | git apply"
)
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Deck files, or folders of them. [default: decks]"),
    ] = None,
    form: Annotated[_Report, typer.Option("--format", help="For people or for programs.")] = _Report.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="First mend what has one right mend: dashes in ranges, quotes, case of tags."),
    ] = False,
    suggest: Annotated[
        bool,
        typer.Option("--suggest", help="Print, instead, a patch that blanks facts which nothing asks for yet."),
    ] = False,
) -> None:  # fmt: skip
    """Look for cards that give their answer away, ask for too much or cannot be answered.

    `mkdeck rules` lists what is looked for. Exit status: 0 no errors (with --strict: nothing at all), 1 findings.
    """
    from mkdeck import pipeline  # noqa: PLC0415 - `--version` needs none of it
    from mkdeck.diagnostics import DeckError, Severity  # noqa: PLC0415
    from mkdeck.paths import deck_files  # noqa: PLC0415

    gc.disable()  # as in `build`
    try:
        files = deck_files(paths or [Path("decks")])
        if fix:
            _fix(files)
        if suggest:
            _suggest(files)
            return
        with _progress(quiet=form is not _Report.TEXT) as progress:
            found = pipeline.check_all(files, progress=progress)
    except DeckError as error:
        files, found = [], list(error.diagnostics)
    except OSError as error:
        print(f"{error.filename or 'mkdeck'}: error[file]: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(1) from None
    report = _report(form, found, files)
    if report:
        typer.echo(report)
    if any(strict or each.severity is Severity.ERROR for each in found):
        raise typer.Exit(1)


def _report(form: _Report, found: list[Diagnostic], files: list[Path]) -> str:
    from mkdeck import reports  # noqa: PLC0415 - only `check` prints findings

    match form:
        case _Report.JSON:
            return reports.to_json(found, files)
        case _Report.GITHUB:
            return reports.to_github(found)
        case _Report.SARIF:
            from mkdeck.checks import RULES  # noqa: PLC0415

            return reports.to_sarif(found, RULES, __version__)
        case _Report.TEXT:
            colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
            return reports.to_text(found, colour=colour) or f"No findings in {count(len(files), 'deck')}."


def _fix(files: list[Path]) -> None:
    """Mend files in place, and say how much; what cannot be read is left to the report."""
    from mkdeck.diagnostics import DeckError  # noqa: PLC0415
    from mkdeck.fixes import fix_file  # noqa: PLC0415

    for file in files:
        try:
            mends = fix_file(file)
        except DeckError:
            print(f"{file}: nothing mended, because it has errors", file=sys.stderr)
            continue
        if mends:
            print(f"{file}: mended {count(mends, 'place')}", file=sys.stderr)


def _suggest(files: list[Path]) -> None:
    """Print a patch for every file, and what to do with it."""
    from mkdeck.suggest import patch, suggestions  # noqa: PLC0415

    total = 0
    for file in files:
        found = suggestions(file)
        total += len(found)
        typer.echo(patch(file, found), nl=False)
    mend = "; look through them, then: mkdeck check --suggest PATH | git apply" if total else ""
    print(f"{count(total, 'suggestion')}{mend}", file=sys.stderr)


@app.command(epilog="Examples: mkdeck rules; mkdeck rules answer-leak")
def rules(
    name: Annotated[str | None, typer.Argument(metavar="ID", help="The rule to explain. [default: a list]")] = None,
    every: Annotated[bool, typer.Option("--all", help="Print the whole manual, in Markdown.")] = False,
) -> None:
    """Say what the rules are, why, and how to mend what they find."""
    from mkdeck import manual  # noqa: PLC0415 - as above
    from mkdeck.checks import RULES  # noqa: PLC0415

    if every:
        typer.echo(manual.page(RULES), nl=False)
    elif name is None:
        typer.echo(manual.overview(RULES))
    elif known := next((each for each in RULES if each.id == name), None):
        typer.echo(manual.sheet(known))
    else:
        near = manual.near(name, RULES)
        mend = f"did you mean `{near}`?" if near else "`mkdeck rules` lists them all"
        from mkdeck.diagnostics import printable  # noqa: PLC0415

        raise typer.BadParameter(f"there is no rule `{printable(name)}`; {mend}")


@app.command(
    epilog="Example: mkdeck schema > deck.schema.json; then begin a deck with the line "
    "`# yaml-language-server: $schema=deck.schema.json`"
)
def schema() -> None:
    """Print the JSON Schema of deck files, by which an editor completes and checks them."""
    from mkdeck.schema import to_json  # noqa: PLC0415 - as above

    typer.echo(to_json(), nl=False)


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
        difference = compare(*read_sides(old, new))
    except DeckError as error:
        _print_errors(error)
        raise typer.Exit(1) from None
    except OSError as error:
        print(f"{error.filename or old}: error[file]: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(1) from None
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    print(to_json(difference) if form is _Format.JSON else to_text(difference, colour=colour))


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


def _print_errors(error: DeckError) -> None:
    """Print every diagnostic with its source line, in colour on a terminal, and how many there are."""
    colour = sys.stderr.isatty()
    for problem in error.diagnostics:
        first, *rest = problem.show().split("\n")
        typer.echo(typer.style(first, fg="red", bold=True) if colour else first, err=True)
        for line in rest:
            typer.echo(line, err=True)
    typer.echo(f"{count(len(error.diagnostics), 'error')}; nothing was written.", err=True)
