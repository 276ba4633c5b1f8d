"""`mkdeck check`, `rules` and `schema`, run as a user runs them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest
from test_cli import GOOD, mkdeck

from mkdeck.checks.table import RULES

ROOT = Path(__file__).parent.parent
HEAD = "deck: A\nid: a\nlang: en\ncards:\n"
WARNED = HEAD + "  - cloze: There was {{a lack of grain}}.\n"
WRONG = HEAD + "  - front: What is Mexico?\n    back: Mexico\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a good deck, one with a warning and one with an error."""
    (tmp_path / "decks").mkdir()
    for name, text in {"good": GOOD, "warned": WARNED, "wrong": WRONG}.items():
        (tmp_path / f"decks/{name}.yaml").write_text(text.replace("id: a", f"id: {name}"), encoding="utf-8")
    return tmp_path


# name -> arguments, exit status
EXITS: dict[str, tuple[list[str], int]] = {
    "nothing": (["decks/good.yaml"], 0),
    "a warning": (["decks/warned.yaml"], 0),
    "a warning, strictly": (["decks/warned.yaml", "--strict"], 1),
    "an error": (["decks/wrong.yaml"], 1),
    "all of the folder": ([], 1),
    "no such file": (["decks/none.yaml"], 1),
    "an empty folder": (["empty"], 1),
    "no such format": (["--format", "xml"], 2),
    "for GitHub": (["--format", "github", "decks/wrong.yaml"], 1),
    "nothing, in JSON": (["--format", "json", "decks/good.yaml"], 0),
}


@pytest.mark.parametrize("name", EXITS)
def test_exit_status(name: str, folder: Path) -> None:
    """0 if there is no error, with `--strict` nothing at all; 1 for findings, 2 for a wrong use."""
    (folder / "empty").mkdir()
    arguments, status = EXITS[name]
    assert mkdeck("check", *arguments, cwd=folder).returncode == status


def test_text(folder: Path) -> None:
    """Findings go to standard output, those of all files in one run, with the line and a summary."""
    done = mkdeck("check", cwd=folder)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        (
            "decks/warned.yaml:5:24: warning[cloze-whole-sentence]: "
            "4 of the 6 words of this sentence are blanked at once"
        ),
        " 5 |   - cloze: There was {{a lack of grain}}.",
        "   |                        ^^^^^^^^^^^^^^^",
        "   mend: blank less, or say more around it",
        "decks/wrong.yaml:5:20: error[answer-leak]: `Mexico` can be read on the front that asks for it",
        " 5 |   - front: What is Mexico?",
        "   |                    ^^^^^^",
        "   mend: ask in other words",
        "1 error, 1 warning in 2 files",
    ]
    assert mkdeck("check", "decks/good.yaml", cwd=folder).stdout == "No findings in 1 deck.\n"


def test_nothing_is_written(folder: Path) -> None:
    """A check leaves every file as it was, and makes none."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for form in ("text", "json", "github", "sarif"):
        mkdeck("check", "--format", form, cwd=folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_formats(folder: Path) -> None:
    """JSON, GitHub's commands and SARIF tell the same findings; the SARIF is valid and has every rule."""
    arguments = ["decks/warned.yaml", "decks/missing.yaml"]
    told = json.loads(mkdeck("check", "--format", "json", *arguments, cwd=folder).stdout)
    assert told["files"] == arguments
    found = [(each["rule"], each["severity"], each["line"]) for each in told["findings"]]
    assert found == [("file", "error", None), ("cloze-whole-sentence", "warning", 5)]
    lines = mkdeck("check", "--format", "github", *arguments, cwd=folder).stdout.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning"]
    log = json.loads(mkdeck("check", "--format", "sarif", *arguments, cwd=folder).stdout)
    schema = json.loads((ROOT / "tests/data/sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.validators.validator_for(schema)(schema).validate(log)
    assert [each["ruleId"] for each in log["runs"][0]["results"]] == ["file", "cloze-whole-sentence"]
    assert {each["id"] for each in log["runs"][0]["tool"]["driver"]["rules"]} == {each.id for each in RULES}


def test_fix(folder: Path) -> None:
    """`--fix` mends the file, says so on standard error, and then reports what is left."""
    deck = folder / "decks/mixed.yaml"
    deck.write_text(f"{HEAD}  - cloze: In 1928-9 the {{{{towns}}}} ran short of grain.  # why?\n", encoding="utf-8")
    done = mkdeck("check", "--strict", "--fix", "decks/mixed.yaml", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "decks/mixed.yaml: mended 1 place\n")
    assert deck.read_text(encoding="utf-8").endswith("In 1928–9 the {{towns}} ran short of grain.  # why?\n")
    again = mkdeck("check", "--strict", "--fix", "decks/mixed.yaml", cwd=folder)
    assert (again.returncode, again.stderr) == (0, "")


def test_suggest(folder: Path) -> None:
    """`--suggest` prints a patch that git takes, and how many suggestions there are on standard error."""
    deck = folder / "decks/more.yaml"
    deck.write_text(
        "deck: A\nid: a\nquestion: Why?\nreasons:\n  - id: one\n    reason: The shops\n    points:\n"
        "      - On 27 December 1929 the peasants of the Volga heard the news.\n",
        encoding="utf-8",
    )
    done = mkdeck("check", "--suggest", "decks/more.yaml", cwd=folder)
    assert done.returncode == 0
    assert done.stderr.split(";")[0] == "2 suggestions"
    subprocess.run(["git", "apply"], input=done.stdout, text=True, cwd=folder, check=True)
    assert "{{27 December 1929" in deck.read_text(encoding="utf-8")


def test_rules() -> None:
    """`mkdeck rules` lists all rules, `rules ID` explains one, and a wrong id is answered with the nearest one."""
    folder = Path()
    listed = mkdeck("rules", cwd=folder).stdout.splitlines()
    assert sorted(line.split()[0] for line in listed) == sorted(each.id for each in RULES)
    assert mkdeck("rules", "bare-number", cwd=folder).stdout.startswith("bare-number: a warning.\n\nA number is")
    wrong = mkdeck("rules", "bare-numbers", cwd=folder)
    assert wrong.returncode == 2
    assert "did you mean `bare-number`?" in wrong.stderr
    page = mkdeck("rules", "--all", cwd=folder).stdout
    assert page == (ROOT / "docs/rules.md").read_text(encoding="utf-8")


def test_schema() -> None:
    """`mkdeck schema` prints what is committed under docs/."""
    assert mkdeck("schema", cwd=Path()).stdout == (ROOT / "docs/deck.schema.json").read_text(encoding="utf-8")


def test_a_new_deck_has_no_findings(tmp_path: Path) -> None:
    """The deck that `mkdeck new` writes passes everything."""
    mkdeck("new", "rome", cwd=tmp_path)
    assert mkdeck("check", "--strict", cwd=tmp_path).stdout == "No findings in 1 deck.\n"


def test_hooks_name_commands(project: Path) -> None:
    """The hooks for pre-commit run commands that there are."""
    entries = [
        line.split(":")[1].split() for line in (project / ".pre-commit-hooks.yaml").read_text().splitlines()
        if line.strip().startswith("entry:")
    ]  # fmt: skip
    assert [entry[:2] for entry in entries] == [["mkdeck", "check"], ["mkdeck", "build"]]
    for entry in entries:
        assert mkdeck(*entry[1:], "--help", cwd=project).returncode == 0
