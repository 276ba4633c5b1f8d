"""Commands about what is wrong with cards: check, rules, schema."""

from __future__ import annotations

import enum
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mkdeck._version import __version__
from mkdeck.cli.app import app
from mkdeck.outlook import count
from mkdeck.terminal import progress_bar

if TYPE_CHECKING:
    from mkdeck.diagnostics import Diagnostic


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
        with progress_bar(quiet=form is not _Report.TEXT) as progress:
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
            from mkdeck.checks.table import RULES  # noqa: PLC0415

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
    from mkdeck.checks.table import RULES  # noqa: PLC0415

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
