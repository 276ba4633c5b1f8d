"""The command line: arguments, printing and exit status; a file for each group of commands.

What the commands do is done elsewhere.

Exit status: 0 done, 1 a deck has errors or a file cannot be written, 2 wrong usage.
"""

from __future__ import annotations

from mkdeck.cli import building, checking, importing, showing  # noqa: F401 - they put their commands into the app
from mkdeck.cli.app import app

__all__ = ["app"]
