"""Work of a large deck that a copy of the process does while this one goes on: compiling a part, and the checks."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from test_cli import mkdeck

from mkdeck.lock.files import claimed

CAN_COPY = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
BEGIN = "import os, signal, sys, threading\nfrom mkdeck.aside import begin\nhome = os.getpid()\n"
WORK: dict[str, tuple[str, ...]] = {
    "a result": ("wait = begin(lambda: ('x', 1))", "print(wait(), wait())", "('x', 1) ('x', 1)"),
    "in a copy": ("print(begin(os.getpid)() != home)", str(CAN_COPY)),
    "an exception that cannot be handed over": (
        "class Odd(Exception):",
        "    def __init__(self, one, two): super().__init__(one)",
        "def work(): raise Odd('this', 'that')",
        "wait = begin(work)",
        "for _ in range(2):",
        "    try: wait()",
        "    except Exception as error: print('this' in str(error))",
        "True\nTrue",
    ),
    "nothing is left": (
        "before = sorted(os.listdir('/proc/self/fd')) if sys.platform == 'linux' else []",
        "waits = [begin(lambda: 1 / 0) for _ in range(3)]",
        "for wait in waits:",
        "    try: wait()",
        "    except ZeroDivisionError: pass",
        "after = sorted(os.listdir('/proc/self/fd')) if sys.platform == 'linux' else []",
        "try: os.waitpid(-1, 0)",
        "except ChildProcessError: print(before == after)",
        "True",
    ),
    "several": (
        "waits = [begin(lambda n=n: n) for n in range(3)]",
        "print([wait() for wait in waits])",
        "[0, 1, 2]",
    ),
    "large": ("print(len(begin(lambda: 'x' * 10_000_000)()))", "10000000"),
    "what was begun here is ended here": ("print('once')", "begin(int)()", "once"),
    "this process goes on": (
        "there, here = os.pipe()",
        f"wait = begin(lambda: os.read(there, 1) if {CAN_COPY} else b'x')",  # at once, nobody would have written
        "os.write(here, b'x')",
        "print(wait())",
        "b'x'",
    ),
    "what work raises": (
        "wait = begin(lambda: open('none'))",
        "try: wait()",
        "except OSError: pass",
        "try: wait()",
        "except OSError as error: print(repr(error))",
        "FileNotFoundError(2, 'No such file or directory')",
    ),
    "beside a thread": (
        "stop = threading.Event()",
        "threading.Thread(target=stop.wait).start()",
        "print(begin(os.getpid)() == home)",
        "stop.set()",
        "True",
    ),
    "where there may be no more processes": (
        "def fork(): raise BlockingIOError(11, 'Resource temporarily unavailable')",
        "os.fork = fork",
        "print(begin(os.getpid)() == home)",
        "True",
    ),
    "where nobody waits for processes": (
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
        "print(begin(lambda: 1)())",
        "1",
    ),
}


def python(script: str, cwd: Path, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, which has no threads."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("case", WORK)
def test_work(case: str, tmp_path: Path) -> None:
    """Work gives or raises what it would give or raise here, whether or not a copy does it."""
    *script, printed = WORK[case]
    done = python(BEGIN + "\n".join(script), tmp_path)
    assert (done.stdout, done.stderr) == (f"{printed}\n", "")


def test_a_copy_that_is_left_alone(tmp_path: Path) -> None:
    """A copy whose process was killed ends when its work is done, and keeps nobody who waits for its output."""
    script = "import time\ncopy = begin(lambda: (time.sleep(3), 'x' * 10_000_000))\nos.kill(home, signal.SIGKILL)"
    started = time.monotonic()
    done = python(BEGIN + script, tmp_path)
    assert (done.returncode, time.monotonic() - started < 3) == (-9, CAN_COPY)
    for _ in range(100):
        if not any(str(tmp_path) in where for where in folders_of_processes()):
            return
        time.sleep(0.1)
    pytest.fail("the copy did not end")


def folders_of_processes() -> list[str]:
    """Name the folders in which processes run, where the system tells."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            found.append(str(process.readlink()))
    return found


def test_without_standard_streams(tmp_path: Path) -> None:
    """A process that has neither input nor output, such as a service, can let a copy work, too."""
    script = "for each in range(3): os.close(each)\nos._exit(7 if begin(lambda: 'x')() == 'x' else 1)"
    assert python(BEGIN + script, tmp_path).returncode == 7


ENDED = {
    "at work": (
        "def work():\n    if os.getpid() != home: os.kill(os.getpid(), signal.SIGKILL)\nwait = begin(work)\n"
    ),
    "while it hands over": (
        "import time\nfork, made = os.fork, []\nos.fork = lambda: made.append(fork()) or made[-1]\n"
        f"wait = begin(lambda: 'x' * 10_000_000 if {CAN_COPY} else None)\n"
        "time.sleep(0.5)\nfor copy in made: os.kill(copy, signal.SIGKILL)\n"
    ),
}


@pytest.mark.parametrize("when", ENDED)
def test_work_that_is_ended(when: str, tmp_path: Path) -> None:
    """A copy that is killed gives no result: that is an error of the system."""
    report = "try: print(wait())\nexcept ChildProcessError as error: print(error.strerror)\n"
    done = python(f"{BEGIN}{ENDED[when]}{report}", tmp_path)
    ended = "a part of the work was ended, for want of memory perhaps; try again"
    assert (done.stdout, done.stderr) == (f"{ended if CAN_COPY else None}\n", "")


COMPILED_BOTH_WAYS = """
import sys
from pathlib import Path
from mkdeck import aside, compile
from mkdeck.deck import load
compile.WORTH_A_COPY, compile._SHARE = range(1, 9999), 0.5
begun = []
def begin(work):
    begun.append(1)
    return aside.begin(work)
for name in sys.argv[1:]:
    deck, count = load(name), len(begun)
    whole = compile.compile_deck(deck, deck.folder())
    halves = compile.compile_deck(deck, deck.folder(), begin=begin)
    differ = [what for what, one, two in zip(whole._fields, whole, halves) if one != two]
    print(Path(name).stem, len(begun) - count, len(whole.drafts) > 0, len(whole.problems), differ)
"""
FAULTY = """
deck: A
id: a
question: Why?
make: [fact, link, explain, sort]
reasons:
  - reason: One
    id: one
    points:
      - "{{a}} ![](first.png)"
      - "![](none.png) {{b}}"
      - {text: "{{q}}", source: "![](no.png)"}
      - {text: "{{x} c", facts: [{fact: d, id: k}]}
  - {reason: Two, id: two, points: [{text: "{{c2::e}} and {{c3::e}}", image: there.png}, {text: f, facts: [f, f]}]}
  - reason: Three
    id: three
    facts: [nowhere]
    points: ["g {{h}}", "h {{i}}"]
    chain: [j, k, {text: l, audio: none.mp3}]
  - reason: Four
    id: four
    points: [{text: "{{m}} is in Four", source: "![](there.png)"}, {text: "{{n}} is {{m}}", source: "![](no.png)"}]
"""
BOTH_WAYS: dict[str, str] = {
    "tests/decks/everything.yaml": "everything 0 True 0 []",  # a fact of the deck may stand in any reason
    "tests/decks/hebrew.yaml": "hebrew 1 True 0 []",
    "decks/collectivisation.yaml": "collectivisation 1 True 0 []",
    "decks/weimar.yaml": "weimar 1 True 0 []",
}


def test_halves_are_the_whole(project: Path, tmp_path: Path) -> None:
    """A deck whose reasons are compiled in two processes has the same notes, media and findings, in their order."""
    (tmp_path / "faulty.yaml").write_text(FAULTY)
    for name in ("first.png", "there.png"):
        (tmp_path / name).write_bytes(name.encode())
    paths = [*(project / name for name in BOTH_WAYS), tmp_path / "faulty.yaml"]
    done = python(COMPILED_BOTH_WAYS, tmp_path, *paths)
    assert (done.stdout.splitlines(), done.stderr) == ([*BOTH_WAYS.values(), "faulty 1 True 9 []"], "")


def deck(name: str, points: int, *wrong: int) -> str:
    """Write a deck of that many points; those that are wrong give their answer away."""
    text = f"deck: A\nid: {name}\nquestion: Why?\nreasons:\n  - reason: So it was\n    id: r\n    points:\n"
    for number in range(points):
        leak = f" was 1{number:04}" if number in wrong else ""
        text += f"      - Town {number}{leak} had {{{{1{number:04}}}}} peasants.\n"
    return text


ORDERS: dict[str, tuple[str, ...]] = {
    "build": (),
    "only looked at": ("--dry-run",),
    "not to change a lock": ("--locked",),
}


@pytest.mark.parametrize("order", ORDERS)
def test_an_error_of_one_large_deck(order: str, tmp_path: Path) -> None:
    """What only another process finds keeps a deck from being built, too."""
    (tmp_path / "a.yaml").write_text(deck("a", 2200, 700))
    done = mkdeck("build", "a.yaml", *ORDERS[order], cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("a.yaml:708:34: error[answer-leak]")
    assert done.stderr.endswith("1 error; nothing was written.\n")
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == ["a.yaml"]


def test_an_error_is_told_before_waiting(tmp_path: Path) -> None:
    """A build that has to wait for another one does not wait to tell what is wrong with the deck."""
    (tmp_path / "a.yaml").write_text(deck("a", 2200, 700))
    started = time.monotonic()
    with claimed([tmp_path / "a.lock.json"]):
        done = mkdeck("build", "a.yaml", cwd=tmp_path)
    assert (done.returncode, time.monotonic() - started < 25) == (1, True)
    assert done.stderr.startswith("a.yaml:708:34: error[answer-leak]")


@pytest.mark.parametrize("order", ORDERS)
def test_errors_of_large_decks(order: str, tmp_path: Path) -> None:
    """The errors of large decks and small ones come together, in order; nothing is written."""
    (tmp_path / "a.yaml").write_text(deck("a", 2200, 700, 3))
    (tmp_path / "b.yaml").write_text(deck("b", 5, 2))
    (tmp_path / "c.yaml").write_text(deck("c", 2300, 2299))
    done = mkdeck("build", "a.yaml", "b.yaml", "c.yaml", *ORDERS[order], cwd=tmp_path)
    found = [line.split(": error[")[0] for line in done.stderr.splitlines() if ": error[" in line]
    assert (done.returncode, done.stdout) == (1, "")
    assert found == ["a.yaml:11:32", "a.yaml:708:34", "b.yaml:10:32", "c.yaml:2307:35"]
    assert done.stderr.splitlines()[-1] == "4 errors; nothing was written."
    assert sorted(each.name for each in tmp_path.rglob("*") if each.is_file()) == ["a.yaml", "b.yaml", "c.yaml"]


def test_errors_of_cards_go_first(tmp_path: Path) -> None:
    """What is wrong with the cards is told before what is wrong with their lock, as if one waited for the other."""
    (tmp_path / "a.yaml").write_text(deck("a", 2200))
    assert mkdeck("build", "a.yaml", cwd=tmp_path).returncode == 0
    before = {path: path.read_bytes() for path in (tmp_path / "a.lock.json", tmp_path / "dist/a.apkg")}
    (tmp_path / "a.yaml").write_text(deck("other", 2200, 700))
    done = mkdeck("build", "a.yaml", cwd=tmp_path)
    assert [line.split(": error[")[1].split("]")[0] for line in done.stderr.splitlines() if ": error[" in line] == [
        "answer-leak"
    ]
    assert {path: path.read_bytes() for path in before} == before
    (tmp_path / "a.yaml").write_text(deck("other", 2200))
    assert "this is the lock of the deck `a`" in mkdeck("build", "a.yaml", cwd=tmp_path).stderr


def test_a_check_that_is_ended(tmp_path: Path) -> None:
    """A build whose checks were killed says so, and writes nothing: nobody knows whether its cards are right."""
    (tmp_path / "a.yaml").write_text(deck("a", 2200))
    script = (
        "import os, signal\nfrom pathlib import Path\nfrom mkdeck import building, pipeline\nhome = os.getpid()\n"
        "def errors(compiled):\n"
        "    if os.getpid() == home: raise OSError(0, 'a part of the work was ended')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "pipeline.errors = errors\nprint(building.build_once([Path('a.yaml')], Path('dist')))"
    )
    done = python(script, tmp_path)
    assert (done.stdout, "a part of the work was ended" in done.stderr) == ("False\n", True)
    assert "Traceback" not in done.stderr
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == ["a.yaml"]
