"""Work that another core does in a copy of this process, while this one goes on.

Only on Linux: Windows cannot copy a process, and on macOS a copy may fail in the system's libraries (`os.fork`).
"""

from __future__ import annotations

import copyreg
import errno
import io
import os
import pickle
import signal
import sys
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Begin = Callable[[Callable[[], Any]], Callable[[], Any]]
    """Begins work, and gives the function that waits for its result: `begin`."""
    Outcome = tuple[Any, Exception | None]
    """What work gave, and what it raised."""

T = TypeVar("T")

WORTH_A_COPY = range(2000, 50_001)
"""Notes, or points, of a deck for which a copy is worth its start, 10 ms, and its memory, up to 2 kB a note."""


def begin(work: Callable[[], T]) -> Callable[[], T]:
    """Begin `work`, and give the function that waits for its result, which has to be fit for pickle.

    It is done at once where there is no other core, where the system makes no process more, or where other threads
    run, which a copy would not have. What `work` raises, the function raises, each time that it is called; and
    ChildProcessError if the copy was ended, for want of memory, say. Whoever begins work has to wait for it.
    """
    copy = _copied(work) if _can_copy() else None
    outcomes = [] if copy else [_tried(work)]

    def wait() -> T:  # it does not hold `work`, and what that holds, any longer
        if copy and not outcomes:
            outcomes.append(_handed_over(*copy))
        result: T
        result, error = outcomes[0]
        if error:
            raise error
        return result

    return wait


def _can_copy() -> bool:
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return False
    try:
        return len([*os.scandir("/proc/self/task")]) == 1  # threads that are not Python's, too
    except OSError:
        return False


def _tried(work: Callable[[], object]) -> Outcome:
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001 - whoever waits for the result gets it
        return None, error


def _copied(work: Callable[[], object]) -> tuple[int, int] | None:
    """Copy this process to do the work; give the copy's number and where to read its answer, or None."""
    try:
        reader, writer = os.pipe()
    except OSError:
        return None
    # Ctrl+C reaches both processes: in the copy, not before it is sure to end there.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        copy = os.fork()
        if not copy:
            _work(work, reader, writer, before)
    except OSError:
        os.close(reader)
        return None
    finally:
        os.close(writer)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return copy, reader


def _work(work: Callable[[], object], reader: int, writer: int, signals: set[int]) -> NoReturn:
    """Do the copy's work, and end it without a trace: what had been begun is the other one's to end."""
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
        os.close(reader)  # so that the copy ends when nobody is there any more to read what it writes
        import fcntl  # noqa: PLC0415 - not on Windows

        writer = fcntl.fcntl(writer, fcntl.F_DUPFD_CLOEXEC, 3)  # where there is no standard output, it may be that
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):  # who waits for this process's output does not wait for the copy
            os.dup2(nowhere, standard)
        answer = _answer(_tried(work))
        with os.fdopen(writer, "wb") as file:
            file.write(answer)
    finally:
        os._exit(0)


def _answer(outcome: Outcome) -> bytes:
    """Give an outcome as bytes; an exception with where it was raised, and in words if it cannot be handed over."""
    _, error = outcome
    if not error:
        return _dumps(outcome)
    import traceback  # noqa: PLC0415 - nothing is wrong, nearly always

    where = "".join(traceback.format_exception(error))
    error.add_note(where)
    try:
        answer = _dumps((None, error))
        pickle.loads(answer)  # noqa: S301 - of what was made here
    except Exception:  # noqa: BLE001 - some can be written and not be read
        return _dumps((None, RuntimeError(where)))
    return answer


def _dumps(outcome: Outcome) -> bytes:
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


def _handed_over(copy: int, reader: int) -> Outcome:
    """Read a copy's answer, and let go of the copy."""
    with os.fdopen(reader, "rb") as file:
        answer = file.read()
    with suppress(ChildProcessError):  # where a parent has said that it does not wait
        os.waitpid(copy, 0)
    outcome: Outcome
    try:
        outcome = pickle.loads(answer)  # noqa: S301 - it comes from a copy of this process
    except (EOFError, pickle.UnpicklingError):
        ended = "a part of the work was ended, for want of memory perhaps; try again"
        return None, ChildProcessError(errno.ECHILD, ended)
    return outcome
