"""Where the command starts. What needs no framework for command lines is done at once; the rest is `cli`'s.

Typer loads pydantic before it reads any option: 0.1 s, which is twice as long as all of a build that has
nothing to do.
"""

from __future__ import annotations

import sys

from mkdeck._version import __version__
from mkdeck.rest import resting


def run() -> None:
    """Run the command line of this process."""
    words = sys.argv[1:]
    if words == ["--version"]:
        print(f"mkdeck {__version__}")
    elif (report := resting(words)) is not None:
        print(*report, sep="\n", end="\n" if report else "")
    else:
        from mkdeck.cli import app  # noqa: PLC0415

        app()
