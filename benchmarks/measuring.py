"""Time and memory of whole processes, run in turn."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "x.apkg"
"""What a task calls the package that it makes."""
Progress = Callable[[str], None]

_EXAMINE = Path(__file__).resolve().parent / "examine.py"
_PATIENCE = 1800
"""Seconds after which a process is ended."""
_EVERY = 0.02
"""Seconds between two looks at the processes that a task has begun."""
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in one unit of `ru_maxrss`."""
# What is set for Python here (not to keep compiled modules, say) would be measured with the rest.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@dataclass(frozen=True, slots=True)
class Task:
    """What one contestant does: a command of Python, in a folder that holds nothing but its files."""

    name: str
    arguments: tuple[str, ...]
    files: tuple[Path, ...] = ()
    """Files and folders, which the command finds under their own names."""
    against: str = ""
    """The task to which its time is compared."""
    wanted: Path | None = None
    """The notes that its package has to hold, as `forms.notes_pickle` writes them."""
    lacks: tuple[str, ...] = ()
    """What of them it is known not to hold."""
    reads: str = ""
    remark: str = ""
    is_own_clock: bool = False
    """It prints the seconds itself, because only a part of what it does is meant."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The measured runs of a task, or why there are none."""

    task: Task
    runs: tuple[Run, ...] = ()
    notes: int = 0
    cards: int = 0
    failure: str = ""
    warm_up: Run | None = None
    """The run whose time does not count, and whose memory does: it is that of all its processes together."""

    @property
    def seconds(self) -> float:
        return statistics.median(run.seconds for run in self.runs)

    @property
    def fastest(self) -> float:
        return min(run.seconds for run in self.runs)

    @property
    def megabytes(self) -> float:
        return max(run.megabytes for run in (*self.runs, *filter(None, [self.warm_up])))


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks that were run in turn; `notes` is 0 where they are about no number."""

    name: str
    notes: int
    outcomes: tuple[Outcome, ...]


class TaskError(Exception):
    """A task that did not do its work; the text says how it failed."""


def measure(
    tasks: list[Task], runs: int, folder: Path, progress: Progress, *, warm_up: bool = True
) -> tuple[Outcome, ...]:
    """Run the tasks in turn, each round from another one on, so that a busy machine slows all of them.

    The round that warms up is not measured: it compiles modules and fills the file cache. The memory of tasks of
    several processes is looked at there, for to look takes time from them. What fails once is not run again.
    """
    measured: dict[str, list[Run]] = {task.name: [] for task in tasks}
    warm_ups: dict[str, Run] = {}
    counts: dict[str, tuple[int, int]] = {}
    failures: dict[str, str] = {}
    for turn in range(-1 if warm_up else 0, runs):
        first = turn % len(tasks)
        for task in tasks[first:] + tasks[:first]:
            if task.name in failures:
                continue
            try:
                run, counts[task.name] = run_once(task, folder, is_watched=turn < 0)
            except TaskError as error:
                failures[task.name] = str(error)
                progress(f"  {task.name}: {error}")
                continue
            note = "" if turn >= 0 else " (not measured)"
            progress(f"  {task.name}: {run.seconds:.3f} s, {run.megabytes:.0f} MB{note}")
            if turn >= 0:
                measured[task.name].append(run)
            else:
                warm_ups[task.name] = run
    return tuple(
        Outcome(task, failure=failures[task.name])
        if task.name in failures
        else Outcome(task, tuple(measured[task.name]), *counts[task.name], warm_up=warm_ups.get(task.name))
        for task in tasks
    )


def run_once(task: Task, folder: Path, *, is_watched: bool = False) -> tuple[Run, tuple[int, int]]:
    """Run a task in a new folder; count the notes and cards of its package, and compare them with those wanted.

    If it is watched, which costs it time, its memory is that of all its processes together.
    """
    with tempfile.TemporaryDirectory(dir=folder) as name:
        here = Path(name, "here")
        here.mkdir()
        for source in task.files:
            _link(source, here / source.name)
        with Path(name, "out").open("w+") as out, Path(name, "err").open("w+") as err:
            start = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, *task.arguments], cwd=here, stdout=out, stderr=err, env=_ENVIRONMENT
            )
            timer = threading.Timer(_PATIENCE, process.kill)
            timer.start()
            together = 0.0
            while not (ended := os.wait4(process.pid, os.WNOHANG if is_watched else 0))[0]:
                together = max(together, _held_together(process.pid))
                time.sleep(_EVERY)
            _, status, usage = ended
            seconds = time.perf_counter() - start
            timer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise TaskError(_last_words(Path(name, "err"), process.returncode))
        if task.is_own_clock:
            seconds = float(Path(name, "out").read_text(encoding="utf-8").split()[-1])
        megabytes = max(usage.ru_maxrss * _RSS_UNIT / 1e6, together)
        return Run(seconds, megabytes), _counted(task, here / PACKAGE)


def _held_together(pid: int) -> float:
    """Give the megabytes that a process and those it began hold together, or 0 if there is but one.

    What they share is counted once (`Pss` of proc(5), on Linux only).
    """
    try:
        begun = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return 0
    return sum(map(_share, [pid, *begun])) if begun else 0


def _share(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def run_python(*arguments: str, folder: Path) -> None:
    """Run what is not measured. Exits if it fails, for then there is nothing to measure."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=_ENVIRONMENT, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        sys.exit(f"python {' '.join(arguments)} ended with status {done.returncode}")


def _link(source: Path, target: Path) -> None:
    """Let a file or a folder be there without copying it: a contestant gets a file that is in the cache."""
    if source.is_dir():
        shutil.copytree(source, target, copy_function=os.link)
    else:
        os.link(source, target)


def _counted(task: Task, package: Path) -> tuple[int, int]:
    """Import the package into Anki. Raises TaskError if it is not there, or lacks what it should hold."""
    if not package.exists():
        if task.wanted:
            raise TaskError("it made no package")
        return 0, 0
    wanted = [str(task.wanted)] if task.wanted else []
    done = subprocess.run(
        [sys.executable, str(_EXAMINE), str(package), *wanted], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TaskError(f"Anki does not import its package: {_last_line(done.stderr)}")
    content = json.loads(done.stdout)
    if more := sorted(set(content["lacks"]) - set(task.lacks)):
        raise TaskError(f"its package is not as it should be: {', '.join(more)}")
    return content["notes"], content["cards"]


def _last_words(err: Path, status: int) -> str:
    if status == -9:
        return f"it was ended (after {_PATIENCE} s, or for want of memory)"
    return f"it ended with status {status}: {_last_line(err.read_text(encoding='utf-8', errors='replace'))}"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "(no message)"
