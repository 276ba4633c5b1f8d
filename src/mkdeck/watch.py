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
_OURS = frozenset({".apkg", ".tmp", ".lock", ".pyc"})


def changes(paths: Collection[Path], stop: threading.Event | None = None) -> Iterator[set[Path]]:
    """Give what changed in folders, or in the folders of files, each time that something did, until `stop` is set.

    What mkdeck itself writes there (locks and packages) and hidden files do not count. A file may be replaced, or
    be gone for a while: its folder is watched. Raises ModuleNotFoundError without watchfiles (extra `preview`).
    """
    from watchfiles import Change, watch  # noqa: PLC0415 - of an extra

    whole = [path.resolve() for path in paths]
    folders = {path if path.is_dir() else path.parent for path in whole}

    def counts(_: Change, name: str) -> bool:
        path = Path(name)
        below = next((path.relative_to(folder) for folder in folders if path.is_relative_to(folder)), path)
        is_hidden = any(part.startswith(".") for part in below.parts)
        return not (is_hidden or path.suffix in _OURS or path.name.endswith((".lock.json", "~")))

    for found in watch(
        *folders, watch_filter=counts, step=_SETTLED, debounce=_LONGEST, stop_event=stop, raise_interrupt=True,
        ignore_permission_denied=True,
    ):  # fmt: skip
        yield {Path(name) for _, name in found}
