"""The application, to which the other files add their commands."""

from __future__ import annotations

from typing import Annotated

import typer

from mkdeck._version import __version__

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


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        print(f"mkdeck {__version__}")
        raise typer.Exit
