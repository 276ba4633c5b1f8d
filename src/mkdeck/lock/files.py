"""The lock's file beside its deck, and the claim on it while a build runs."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.lock.entries import Lock, read_lock
from mkdeck.stamp import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
def claimed(
    paths: Iterable[Path], patience: float = _PATIENCE, before_waiting: Callable[[], None] | None = None
) -> Iterator[None]:
    """Keep other builds off these locks; wait `patience` seconds for one that runs.

    `before_waiting` is called before that, for what need not wait.
    Raises DeckError if it does not end by then. The claim ends with the process, however that ends.
    """
    with ExitStack() as stack:
        # One order for all builds, so that no two wait for each other.
        for path in sorted({path.resolve() for path in paths}):
            if _claimed_at_once(_claim_file(path), stack):
                continue
            if before_waiting:
                before_waiting()
            from filelock import FileLock, Timeout  # noqa: PLC0415 - see `_claimed_at_once`

            try:
                stack.enter_context(FileLock(_claim_file(path)).acquire(timeout=patience))
            except Timeout:
                message = f"another build of this deck has been running for {patience:g} seconds"
                raise DeckError([Diagnostic("lock", message, Span(str(path)))]) from None
        yield


def _claimed_at_once(file: str, stack: ExitStack) -> bool:
    """Take a claim that nobody has, in the way of filelock; False if there is any more to it, which it knows of.

    filelock takes 10 ms to load, which is 0.05x of the time of an ordinary build; nearly all can do without.
    """
    if sys.platform == "win32":
        return False
    import fcntl  # noqa: PLC0415 - not on Windows

    is_new = False
    try:
        claim, is_new = _opened(file)
        stack.callback(os.close, claim)
        if os.fstat(claim).st_uid != os.geteuid():
            return False
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False  # another build has it
    except OSError:
        if is_new:  # where no file can be locked, filelock takes one that is there for a claim
            Path(file).unlink(missing_ok=True)
        return False
    # Said, for a process that was forked meanwhile would hold the claim, too.
    stack.callback(fcntl.flock, claim, fcntl.LOCK_UN)
    return os.fstat(claim).st_nlink > 0  # else somebody took the file away before it was claimed


def _opened(file: str) -> tuple[int, bool]:
    """Open a claim's file, and tell whether it was made for that."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        return os.open(file, flags | os.O_CREAT | os.O_EXCL, 0o644), True
    except FileExistsError:
        return os.open(file, flags), False


def _claim_file(path: Path) -> str:
    """Name the claim's file; it lies in the temporary folder, where nobody commits it."""
    user = os.getuid() if hasattr(os, "getuid") else ""
    digest = hashlib.blake2b(str(path).encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
    return str(Path(tempfile.gettempdir(), f"mkdeck-{user}-{digest}.claim"))
