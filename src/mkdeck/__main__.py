"""`python -m mkdeck`."""

from mkdeck.start import run

run()
