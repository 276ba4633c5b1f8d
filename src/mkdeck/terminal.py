"""What all commands print: progress, errors, and files that cannot be used."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mkdeck.outlook import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.diagnostics import DeckError
    from mkdeck.pipeline import Progress

_PROGRESS_AFTER = 1.0
"""Seconds of work before a progress bar appears."""
_PROGRESS_EVERY = 0.1
"""Seconds after which it may be drawn anew."""


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress | None]:
    """Show a bar on a terminal, for work that takes more than a second."""
    if quiet or not (sys.stderr and sys.stderr.isatty()):  # there may be none
        yield None
        return
    started = time.monotonic()
    bars: list[Any] = []
    drawn = ("", started)

    def show(stage: str, done: int, total: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        if not bars and now - started > _PROGRESS_AFTER:
            from rich.console import Console  # noqa: PLC0415 - short builds do not pay for it
            from rich.progress import Progress as Bars  # noqa: PLC0415

            # Without a thread of its own, beside which no other process may do a part of the work (see `aside`).
            bars.append(Bars(console=Console(stderr=True), transient=True, auto_refresh=False))
            bars[0].start()
            bars[0].add_task(stage)
        if bars and (stage != drawn[0] or now - drawn[1] > _PROGRESS_EVERY):
            drawn = (stage, now)
            bars[0].update(bars[0].task_ids[0], description=stage, completed=done, total=total, refresh=True)

    try:
        yield show
    finally:
        for each in bars:
            each.stop()


def print_errors(error: DeckError, so: str = "nothing was written") -> None:
    """Print every diagnostic with its source line, in colour on a terminal, how many there are and what follows."""
    import typer  # noqa: PLC0415 - 0.05 s, which a build without errors does not pay for

    colour = sys.stderr.isatty()
    for problem in error.diagnostics:
        first, *rest = problem.show().split("\n")
        typer.echo(typer.style(first, fg="red", bold=True) if colour else first, err=True)
        for line in rest:
            typer.echo(line, err=True)
    typer.echo(f"{count(len(error.diagnostics), 'error')}; {so}.", err=True)
