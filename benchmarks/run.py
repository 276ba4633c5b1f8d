"""mkdeck against its peers, and its parts against their limits: time and memory of whole processes.

make bench                                                          all of it; writes results.md and results.svg
python benchmarks/run.py --workload light --notes 1000 --runs 1     prints, and writes nothing
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from install import failures
from measuring import Group, Outcome, Task, measure
from parts import PARTS, prepare
from peers import PEERS, absent, mkdeck
from picture import picture
from report import PICTURE, goals, machine, page, table

_DECKS = ("light", "rich")
_SIZES = [1000, 10_000, 100_000]
_MILLION = 1_000_000
_SMALL = 10_000
"""Up to here a round is run before those that are measured; in longer ones, what it would warm does not show."""


def main() -> None:
    options = _options()
    groups: list[Group] = []
    with tempfile.TemporaryDirectory(prefix="mkdeck-bench-") as name:
        for workload, notes, runs in _plan(options):
            _say(f"{workload}{f', {notes:,} notes' if notes else ''}")
            folder = Path(name, "group")
            folder.mkdir()
            groups.append(_measured(workload, notes, runs, folder))
            shutil.rmtree(folder)
            print(table(groups[-1]), flush=True)
    print(goals(groups))
    if options.out and (options.workload or options.notes):
        print("Nothing is written: this is a part of the measurements, and the page has all of them.")
    elif options.out:
        (options.out / "results.md").write_text(page(groups, options.runs, machine()), encoding="utf-8")
        if drawn := [group for group in groups if group.name in _DECKS]:
            (options.out / PICTURE).write_text(picture(drawn), encoding="utf-8")


def _plan(options: argparse.Namespace) -> list[tuple[str, int, int]]:
    """Give workload, number of notes and runs of each group."""
    plan = []
    for workload in options.workload or [*_DECKS, *PARTS]:
        if workload in _DECKS:
            sizes = options.notes or _SIZES
        else:
            usual = PARTS[workload][0]
            sizes = [min(usual, options.notes[-1]) if options.notes else usual]
        plan += [(workload, notes, options.runs) for notes in sizes]
    return [*plan, ("light", _MILLION, 1)] if options.million else plan


def _measured(workload: str, notes: int, runs: int, folder: Path) -> Group:
    """Measure one group. Exits if mkdeck fails, or what a part of it is held against."""
    not_run: list[Outcome] = []
    if workload in PARTS:
        tasks = PARTS[workload][1](notes, folder)
    else:
        tasks, not_run = _contestants(workload, notes, folder / "deck", absent(failures()))
        forms = {file.name for task in tasks for file in task.files} | {"notes.pickle"}
        prepare(workload, notes, folder / "deck", *sorted(forms))
    outcomes = measure(tasks, runs, folder, _say, warm_up=notes <= _SMALL)
    for outcome in outcomes if workload in PARTS else outcomes[:1]:
        if outcome.failure:
            sys.exit(f"{workload}: {outcome.task.name}: {outcome.failure}")
    return Group(workload, notes, (*outcomes, *not_run))


def _contestants(
    workload: str, notes: int, deck: Path, reasons: dict[str, str]
) -> tuple[list[Task], list[Outcome]]:
    """Give mkdeck and the peers that can build a deck of this size, and why the others do not.

    `reasons` has those that are not here at all.
    """
    if notes == _MILLION:
        return [replace(mkdeck(deck), remark="one run")], []
    tasks, not_run = [mkdeck(deck)], []
    for peer in PEERS:
        most = peer.most[_DECKS.index(workload)]
        if notes > most:
            reasons = {peer.name: f"slow, so not run with more than {most:,} notes"} | reasons
        if peer.name in reasons:
            not_run.append(Outcome(peer.task(deck), failure=reasons[peer.name]))
        else:
            tasks.append(peer.task(deck))
    return tasks, not_run


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    several = "may be given more than once"
    parser.add_argument("--workload", action="append", choices=[*_DECKS, *PARTS], help=f"{several} [all of them]")
    parser.add_argument(
        "--notes", action="append", type=_positive,
        help=f"{several}; light and rich are measured with each, the others with no more than the last "
        "[1000, 10000 and 100000]",
    )  # fmt: skip
    parser.add_argument("--runs", type=_positive, default=5, help="measured runs of each command [5]")
    parser.add_argument("--million", action="store_true", help="build a light deck of 1,000,000 notes, too, once")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write results.md and results.svg into it")
    return parser.parse_args()


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number from 1 on")
    return int(text)


if __name__ == "__main__":
    main()
