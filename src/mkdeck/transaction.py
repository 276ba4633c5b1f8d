"""Several files, written as one: each whole beside its target first, then renamed in order."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def write_together(
    files: Sequence[tuple[Path, Callable[[IO[bytes]], object]]], check: Callable[[], None] | None = None
) -> None:
    """Write each file by its function; if any fails, or `check` does after them, none of the targets has changed.

    Killed while the files are renamed, those that stand earlier are the new ones. Nobody else may write the
    same files meanwhile. Raises OSError, with the target's name, if a file cannot be written.
    """
    with ExitStack() as stack:
        parts = [_write_beside(path, write, stack) for path, write in files]
        if check:
            check()
        for part, (path, _) in zip(parts, files, strict=True):
            part.replace(path)


def _write_beside(path: Path, write: Callable[[IO[bytes]], object], stack: ExitStack) -> Path:
    """Write a file beside its target; `stack` takes away what is left of it in the end."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            stack.callback(part.unlink, missing_ok=True)
            write(file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.filename == str(part):
            error.filename = str(path)
        raise
    return part
