"""The benchmarks, without a clock: what is measured with, and what is said of figures that were made up."""

from __future__ import annotations

import importlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import yaml

import mkdeck

if TYPE_CHECKING:
    from collections.abc import Iterator

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
Made = dict[str, tuple[tuple[float, float], ...] | str]
"""Task -> seconds and megabytes of its runs, or why there are none."""
MODULES = (
    "examine",
    "forms",
    "goals",
    "install",
    "measuring",
    "parts",
    "peers",
    "picture",
    "report",
    "run",
    "workloads",
)


@pytest.fixture(scope="module")
def bench() -> Iterator[dict[str, Any]]:
    """The modules of the benchmarks, which are scripts and import each other by their bare names."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield {name: importlib.import_module(name) for name in MODULES}
    finally:
        sys.path.remove(str(BENCHMARKS))
        for name in MODULES:
            sys.modules.pop(name, None)


def group(bench: dict[str, Any], name: str, notes: int, made: Made) -> Any:
    """Make up what was measured."""
    measuring, peers = bench["measuring"], bench["peers"]
    tasks = {each.name: each.task(Path("deck")) for each in peers.PEERS} | {"mkdeck": peers.mkdeck(Path("deck"))}
    outcomes = []
    for task, runs in made.items():
        if isinstance(runs, str):
            outcomes.append(measuring.Outcome(tasks[task], failure=runs))
        else:
            measured = tuple(measuring.Run(*run) for run in runs)
            outcomes.append(measuring.Outcome(tasks[task], measured, notes, 3 * notes))
    return measuring.Group(name, notes, tuple(outcomes))


@pytest.fixture
def light(bench: dict[str, Any]) -> Any:
    return group(bench, "light", 10_000, {
        "mkdeck": ((3.0, 50.0), (1.2, 61.0), (1.1, 40.0)),
        "plain script": ((1.0, 70.0), (0.6, 70.0), (0.9, 70.4)),
        "ankcompiler": "slow | so not run",
    })  # fmt: skip


def test_a_table_of_measurements(bench: dict[str, Any], light: Any) -> None:
    """Medians with the fastest, ratios to mkdeck, the peak of all runs; a reason where there is no figure."""
    assert bench["report"].table(light) == (
        "|  | reads | notes | cards | time | ratio | memory | remarks |\n"
        "|---|---|--:|--:|--:|--:|--:|---|\n"
        "| mkdeck | YAML | 10,000 | 30,000 | 1.20 s (1.10) | 1.00x | 61 MB "
        "| with validation, checks, identity and lock |\n"
        "| plain script | YAML | 10,000 | 30,000 | 0.900 s (0.600) | 0.75x | 70 MB "
        "| CSafeLoader, a loop and genanki; checks nothing, keeps no identity |\n"
        "| ankcompiler | Markdown |  |  |  |  |  | slow \\| so not run |\n"
    )


@pytest.mark.parametrize(
    ("ours", "row"),
    [
        (0.8, "≤ 1.5x | ≤ 1x | 0.80x | moonshot |"),
        (1.0, "≤ 1.5x | ≤ 1x | 1.00x | moonshot |"),
        (1.5, "≤ 1.5x | ≤ 1x | 1.50x | goal |"),
        (1.51, "≤ 1.5x | ≤ 1x | 1.51x | **no** |"),
        (None, "≤ 1.5x | ≤ 1x |  | not measured |"),
    ],
)
def test_a_goal_of_at_most(bench: dict[str, Any], ours: float | None, row: str) -> None:
    """A ratio to be small is reached at its bound."""
    made = group(bench, "light", 10_000, {
        "mkdeck": "it failed" if ours is None else ((ours, 1.0),), "plain script": ((1.0, 1.0),),
    })  # fmt: skip
    assert f"| light, 10,000 notes, against the plain script | {row}" in bench["report"].goals([made]).splitlines()


@pytest.mark.parametrize(
    ("theirs", "row"),
    [
        (20.0, "≥ 12x | ≥ 20x | 20.00x | moonshot |"),
        (12.0, "≥ 12x | ≥ 20x | 12.00x | goal |"),
        (11.9, "≥ 12x | ≥ 20x | 11.90x | **no** |"),
    ],
)
def test_a_goal_of_at_least(bench: dict[str, Any], theirs: float, row: str) -> None:
    """How many times as fast mkdeck is than a peer is to be great."""
    made = group(bench, "rich", 10_000, {"mkdeck": ((1.0, 1.0),), "anki-yaml-tool": ((theirs, 1.0),)})
    line = f"| rich, 10,000 notes: how many times as fast as anki-yaml-tool | {row}"
    assert line in bench["report"].goals([made]).splitlines()


@pytest.mark.parametrize(
    ("megabytes", "row"), [(80.0, "80 MB | moonshot |"), (250.0, "250 MB | goal |"), (251.0, "251 MB | **no** |")]
)
def test_a_goal_of_memory(bench: dict[str, Any], megabytes: float, row: str) -> None:
    """Memory is held against megabytes, not against a peer."""
    made = group(bench, "light", 100_000, {"mkdeck": ((1.0, megabytes),)})
    line = f"| light, 100,000 notes: peak memory | ≤ 250 MB | ≤ 80 MB | {row}"
    assert line in bench["report"].goals([made]).splitlines()


def test_the_page_has_all_parts(bench: dict[str, Any], light: Any) -> None:
    """The page names the machine, shows the picture, and has the goals, the method and a part for each group."""
    page = bench["report"].page([light], 3, "mkdeck 1.2, a machine.")
    assert [line for line in page.splitlines() if line.startswith(("#", "!", "mkdeck 1.2"))] == [
        "# How fast mkdeck is",
        "mkdeck 1.2, a machine.",
        "![Seconds of each peer, on a log scale](results.svg)",
        "## Goals",
        "## How it is measured",
        "## Light, 10,000 notes",
    ]
    assert "Each figure is the median of 3 runs of the whole process" in page


def test_the_bars_of_the_picture(bench: dict[str, Any], light: Any) -> None:
    """Bars are as long as the logarithm of the seconds; who has no figure has no bar."""
    drawn = bench["picture"].picture([light])
    root = ET.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    bars = [(bar.get("class"), bar.get("width")) for bar in root.iter(f"{space}rect") if bar.get("height") == "13"]
    texts = [text.text for text in root.iter(f"{space}text")]
    # From 0.1 s to 10 s in 250 pixels: 1.2 s and 0.9 s stand beside the middle. The last three are the legend.
    assert bars[:2] == [("ours", "134.9"), ("text", "119.3")]
    assert len(bars) == 5
    assert texts == [
        "0.1 s", "1 s", "10 s", "light, 10,000 notes", "mkdeck", "1.20 s", "plain script", "0.900 s", "ankcompiler",
        "no figure", "mkdeck", "reads a text, too", "gets ready-made notes",
    ]  # fmt: skip
    assert "@media (prefers-color-scheme: dark)" in drawn


def written(bench: dict[str, Any], entries: list[Any], folder: Path) -> tuple[Path, Path]:
    """Build a deck; give its package, and the notes that it is compared with."""
    deck, wanted = folder / "deck.yaml", folder / "notes.pickle"
    deck.write_bytes(b"".join(bench["forms"].deck_yaml(iter(entries))))
    wanted.write_bytes(b"".join(bench["forms"].notes_pickle(iter(entries))))
    return mkdeck.build(deck, folder / "x.apkg").path, wanted


@pytest.mark.parametrize("name", ["light", "rich", "light, one changed", "rich, one changed"])
def test_mkdeck_makes_the_wanted_notes(bench: dict[str, Any], name: str, tmp_path: Path) -> None:
    """Anki finds in mkdeck's package the notes, clozes, tags and cards that the other contestants make."""
    package, wanted = written(bench, list(bench["workloads"].WORKLOADS[name](60)), tmp_path)
    assert bench["examine"].examine(package, wanted) == bench["examine"].Content(60, 180, 0)


@pytest.mark.parametrize(
    ("fault", "lacks"),
    [
        ({"text": "A point that nobody made {{c1::here}}."}, ("notes",)),
        ({"extra": ("Never said.",)}, ("extra",)),
        ({"tags": ("history", "no-such-tag")}, ("tags",)),
    ],
    ids=["text", "extra", "tags"],
)
def test_work_left_out_is_found(
    bench: dict[str, Any], fault: dict[str, Any], lacks: tuple[str, ...], tmp_path: Path
) -> None:
    """A package with one note other than the wanted one is not as it should be."""
    entries = list(bench["workloads"].rich(5))
    package, wanted = written(bench, entries, tmp_path)
    entries[3] = replace(entries[3], **fault)
    wanted.write_bytes(b"".join(bench["forms"].notes_pickle(iter(entries))))
    assert bench["examine"].examine(package, wanted).lacks == lacks


def test_a_cloze_left_out_is_found(bench: dict[str, Any], tmp_path: Path) -> None:
    """A note with other blanks than the wanted one has other cards, too."""
    entries = list(bench["workloads"].light(5))
    package, wanted = written(bench, entries, tmp_path)
    bare = entries[3].text.replace("{{c1::", "", 1).replace("}}", "", 1)
    entries[3] = replace(entries[3], text=bare)
    wanted.write_bytes(b"".join(bench["forms"].notes_pickle(iter(entries))))
    assert bench["examine"].examine(package, wanted).lacks == ("cards", "clozes")


@pytest.mark.parametrize("name", ["light", "rich", "illustrated", "light, one changed", "rich, one changed"])
def test_a_workload_is_the_same_again(bench: dict[str, Any], name: str) -> None:
    """The same number of notes gives the same deck."""
    workload = bench["workloads"].WORKLOADS[name]
    assert list(workload(30)) == list(workload(30))


@pytest.mark.parametrize("name", ["light", "rich"])
def test_one_point_is_changed(bench: dict[str, Any], name: str) -> None:
    """Of a changed deck, the point in the middle has a word more, in the deck and in the note."""
    workloads = bench["workloads"].WORKLOADS
    pairs = list(zip(workloads[name](9), workloads[f"{name}, one changed"](9), strict=True))
    assert [place for place, (before, after) in enumerate(pairs) if before != after] == [4]
    before, after = pairs[4]
    assert after.text == f"{before.text[:-1]} indeed."
    assert len(after.yaml) == len(before.yaml) + len(" indeed")


def test_the_form_of_anki_yaml_tool(bench: dict[str, Any]) -> None:
    """Its deck is YAML with the same texts."""
    entries = list(bench["workloads"].rich(5))
    data = yaml.safe_load(b"".join(bench["forms"].cards_yaml(iter(entries))))["data"]
    assert data == [
        {"text": entry.text, "extra": "<br>".join(entry.extra), "tags": list(entry.tags)} for entry in entries
    ]


def test_slow_peers_are_named(bench: dict[str, Any]) -> None:
    """Who is not run with a great deck stands in the results, with the reason."""
    tasks, not_run = bench["run"]._contestants(
        "rich", 100_000, Path("deck"), {"ankiforge": "not installed: no wheel"}
    )
    assert [task.name for task in tasks] == ["mkdeck", "raw genanki", "official anki pylib"]
    assert [(outcome.task.name, outcome.failure) for outcome in not_run] == [
        ("plain script", "slow, so not run with more than 10,000 notes"),
        ("ankiforge", "not installed: no wheel"),
        ("anki-yaml-tool", "slow, so not run with more than 10,000 notes"),
        ("ankcompiler", "slow, so not run with more than 1,000 notes"),
    ]


HOLDING = """
import os, time
shared = b"x" * 60_000_000
other = os.fork()
own = b"y" * 60_000_000
time.sleep(0.5)
if other: os.wait()
"""


# In a process of its own: one that is begun has the peak of the one that began it for its least.
MEASURED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from measuring import Task, run_once
run, _ = run_once(Task("x", ("-c", sys.argv[2])), Path(), is_watched=sys.argv[3] == "True")
print(run.megabytes)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell what processes share")
@pytest.mark.parametrize(("is_watched", "least", "most"), [(False, 120, 170), (True, 180, 260)])
def test_memory_of_several_processes(is_watched: bool, least: int, most: int, tmp_path: Path) -> None:
    """A run that is watched has the memory of all its processes, what they share once; else that of one."""
    arguments = [sys.executable, "-c", MEASURED, str(BENCHMARKS), HOLDING, str(is_watched)]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert least < float(done.stdout) < most
