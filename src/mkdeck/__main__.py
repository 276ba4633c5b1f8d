"""`python -m mkdeck`."""

from mkdeck.cli import app

app()
