"""Where the command starts. What needs no framework for command lines is done at once; the rest is `cli`'s.

Typer and what it loads take 0.1 s, which is a third of the build of an ordinary deck, and twice as long as a
build that has nothing to do.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path

from mkdeck._version import __version__

_INTERRUPTED = 130
"""The exit status of what Ctrl+C has ended, as shells and Typer have it."""
_EXPANDED = frozenset("*?[~$%")
"""What Typer expands in a word on Windows, where no shell does."""


def run() -> None:
    """Run the command line of this process."""
    words = sys.argv[1:]
    # Pydantic would look for plug-ins, of which decks need none, in the metadata of all that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # At its end, Python would look for cycles in all that there is, all of which goes with the process.
    atexit.register(gc.freeze)
    if words == ["--version"]:
        print(f"mkdeck {__version__}")
    elif (order := plain_build(words)) is not None:
        _build(*order)
    else:
        from mkdeck.cli import app  # noqa: PLC0415

        app()


def plain_build(words: list[str]) -> tuple[list[Path], Path, bool] | None:
    """Give the paths, the target and whether to be quiet, of a plain `build`; None for what Typer is to read.

    It knows no more than what people write day by day; whatever looks otherwise, Typer reads, and tells what
    is wrong with it.
    """
    if words[:1] != ["build"] or (os.name == "nt" and not _EXPANDED.isdisjoint("".join(words))):
        return None
    paths: list[Path] = []
    out, quiet = Path("dist"), False
    rest = iter(words[1:])
    for word in rest:
        if word in {"-q", "--quiet"}:
            quiet = True
        elif word in {"-o", "--out"}:
            if (value := next(rest, None)) is None:
                return None
            out = Path(value)
        elif word.startswith("-"):
            return None
        else:
            paths.append(Path(word))
    return paths or [Path("decks")], out, quiet


def _build(paths: list[Path], out: Path, quiet: bool) -> None:  # noqa: FBT001 - as it was read
    """Build, and end as Typer ends a command: quietly if it is interrupted, or if nobody reads on."""
    gc.disable()  # as `building` does, but before anything is loaded
    try:
        from mkdeck.building import build_once  # noqa: PLC0415 - `--version` needs none of it

        try:
            is_built = build_once(paths, out, quiet=quiet)
            if sys.stdout:  # there may be none
                sys.stdout.flush()
        except OSError as error:
            # Of the output: of what it builds, `build_once` tells itself.
            if not isinstance(error, BrokenPipeError):
                print(f"standard output: error[file]: {error.strerror}", file=sys.stderr)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    if not is_built:
        sys.exit(1)
