"""The lock's file beside its deck, and the claim on it while a build runs."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.lock.entries import Lock, read_lock
from mkdeck.stamp import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PATIENCE = 30.0
"""Seconds that a build waits for another build of the same deck."""


def load_lock(path: Path) -> tuple[Lock | None, str]:
    """Read a lock's file: the lock and the digest of the file; None and no digest if there is no file.

    Raises DeckError for a file that cannot be read or was not written by mkdeck.
    """
    try:
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest = digest_of(content)
        # The text has no name here, so that `read_lock` can let go of it: like the bytes, it is 0.4 kB a note.
        texts = [content.decode("utf-8", "surrogatepass")]
        del content
        return read_lock(texts.pop(), str(path)), digest
    except FileNotFoundError:
        return None, ""
    except (OSError, UnicodeDecodeError) as error:
        message = f"the lock cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}"
        raise DeckError([Diagnostic("lock", message, Span(str(path)))]) from None


@contextmanager
def claimed(paths: Iterable[Path], patience: float = _PATIENCE) -> Iterator[None]:
    """Keep other builds off these locks; wait `patience` seconds for one that runs.

    Raises DeckError if it does not end by then. The claim ends with the process, however that ends.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - 30 ms that a deck without a file does not pay

    with ExitStack() as stack:
        # One order for all builds, so that no two wait for each other.
        for path in sorted({path.resolve() for path in paths}):
            try:
                stack.enter_context(FileLock(_claim_file(path)).acquire(timeout=patience))
            except Timeout:
                message = f"another build of this deck has been running for {patience:g} seconds"
                raise DeckError([Diagnostic("lock", message, Span(str(path)))]) from None
        yield


def _claim_file(path: Path) -> str:
    """Name the claim's file; it lies in the temporary folder, where nobody commits it."""
    user = os.getuid() if hasattr(os, "getuid") else ""
    digest = hashlib.blake2b(str(path).encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
    return str(Path(tempfile.gettempdir(), f"mkdeck-{user}-{digest}.claim"))
