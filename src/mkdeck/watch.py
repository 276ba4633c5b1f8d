"""Waiting for files to change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Iterator

_SETTLED = 30
"""Milliseconds without a change after which a save counts as done: editors write, rename and touch."""
_LONGEST = 200
"""Milliseconds after which what has changed so far is told, though files still change."""
_BEGUN = 100
"""Milliseconds after which it is certain that the watching has begun."""
_COARSE = 20_000_000
"""Nanoseconds by which the clock of files may lag behind that of the system."""
_OURS = frozenset({".apkg", ".tmp", ".lock", ".pyc"})


def changes(paths: Collection[Path], since: int, stop: threading.Event | None = None) -> Iterator[set[Path]]:
    """Give what changed in folders, or in the folders of files, each time that something did, until `stop` is set.

    What changed after `since` (nanoseconds, as of `time.time_ns`) and before the watching began is given first: a
    file may be saved while it is read for the first time. What mkdeck itself writes there (locks and packages) and
    hidden files do not count, unless they are named. A file may be replaced, or be gone for a while: its folder is
    watched, and that of what a link leads to. Raises ModuleNotFoundError without watchfiles (extra `preview`).
    """
    from watchfiles import Change, watch  # noqa: PLC0415 - of an extra

    named = {each for path in paths for each in (path.absolute(), path.resolve())}
    folders = {path if path.is_dir() else path.parent for path in named}

    def counts(_: Change, name: str) -> bool:
        path = Path(name)
        below = next((path.relative_to(folder) for folder in folders if path.is_relative_to(folder)), path)
        is_hidden = any(part.startswith(".") for part in below.parts)
        return path in named or not (is_hidden or path.suffix in _OURS or path.name.endswith((".lock.json", "~")))

    is_first = True
    for found in watch(
        *folders, watch_filter=counts, step=_SETTLED, debounce=_LONGEST, stop_event=stop, raise_interrupt=True,
        ignore_permission_denied=True, rust_timeout=_BEGUN, yield_on_timeout=True,
    ):  # fmt: skip
        changed = {Path(name) for _, name in found}
        if is_first:
            changed |= {path for path in named if path.is_file() and path.stat().st_mtime_ns > since - _COARSE}
            is_first = False
        if changed:
            yield changed
