"""Work that another core does in a copy of this process, while this one goes on.

Only on Linux: Windows cannot copy a process, and on macOS a copy may fail in the system's libraries (`os.fork`).
"""

from __future__ import annotations

import copyreg
import errno
import io
import os
import pickle
import sys
import threading
from contextlib import suppress
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Begin = Callable[[Callable[[], Any]], Callable[[], Any]]
    """Begins work, and gives the function that waits for its result: `begin`."""

T = TypeVar("T")

WORTH_A_COPY = range(2000, 50_001)
"""Notes of a deck for which a copy is worth its start, of some 10 ms, and its memory, of up to 2 kB a note."""


def begin(work: Callable[[], T]) -> Callable[[], T]:
    """Begin `work`, and give the function that waits for its result, which has to be fit for pickle.

    It is done at once where there is no other core, where the system makes no process more, or where other threads
    run, which a copy would not have. What `work` raises, the function raises; and ChildProcessError if the copy was
    ended, for want of memory, say.
    """
    reader, writer = os.pipe()
    copy = _copied() if _can_copy() else None
    if copy is None:
        os.close(reader)
        os.close(writer)
        done = work()
        return lambda: done
    if copy == 0:
        os.close(reader)  # so that the copy ends when nobody is there any more to read what it writes
        _work(work, writer)
    os.close(writer)
    outcome = cache(partial(_outcome, copy, reader))

    def wait() -> T:
        result: T
        result, error = outcome()
        if error:
            raise error
        return result

    return wait


def _can_copy() -> bool:
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


def _copied() -> int | None:
    """Copy this process; give the copy's number, 0 in the copy itself, None if there may be no more processes."""
    try:
        return os.fork()
    except OSError:
        return None


def _work(work: Callable[[], object], writer: int) -> NoReturn:
    """Do the copy's work, and end it without a trace: what had been begun is the other one's to end."""
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):  # who waits for this process's output does not wait for the copy
            os.dup2(nowhere, standard)
        try:
            answer = _dumps((work(), None))
        except Exception as error:  # noqa: BLE001 - it is raised in the other process
            answer = _dumps((None, error))
        with os.fdopen(writer, "wb") as file:
            file.write(answer)
    finally:
        os._exit(0)


def _dumps(outcome: tuple[object, Exception | None]) -> bytes:
    file = io.BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {**copyreg.dispatch_table, MappingProxyType: _read_only}
    pickler.dump(outcome)
    return file.getvalue()


def _read_only(mapping: MappingProxyType[Any, Any]) -> tuple[Callable[..., object], tuple[object]]:
    """Give what a read-only mapping, of which pickle knows nothing, is made of."""
    return _proxy, (dict(mapping),)


def _proxy(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _outcome(copy: int, reader: int) -> tuple[Any, Exception | None]:
    """Give what the copy's work gave, and what it raised."""
    with os.fdopen(reader, "rb") as file:
        answer = file.read()
    with suppress(ChildProcessError):  # where a parent has said that it does not wait
        os.waitpid(copy, 0)
    outcome: tuple[Any, Exception | None]
    try:
        outcome = pickle.loads(answer)  # noqa: S301 - it comes from a copy of this process
    except (EOFError, pickle.UnpicklingError):
        ended = "a part of the work was ended, for want of memory perhaps; try again"
        return None, ChildProcessError(errno.ECHILD, ended)
    return outcome
