"""The README and docs/ are true: their commands, decks and scripts are run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import mkdeck
from mkdeck.importers import import_file

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(language: str) -> list[Block]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in _BLOCK.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Block(page.name, line, match[1], match[2]))
    return [block for block in found if block.language == language]


# The decks of rules.md, good ones and bad, are those of test_rules.py.
DECKS = [block for block in blocks("yaml") if block.text.startswith("deck:") and block.page != "rules.md"]


@pytest.mark.parametrize("block", DECKS, ids=str)
def test_decks_build(block: Block, tmp_path: Path) -> None:
    """Every whole deck in the pages builds, and makes at least one card."""
    for media in re.findall(r"[\w-]+\.(?:png|mp3)", block.text):
        (tmp_path / media).write_bytes(b"any content")
    (tmp_path / "deck.yaml").write_text(block.text, encoding="utf-8")
    assert mkdeck.check(tmp_path / "deck.yaml") == []
    assert sum(mkdeck.build(tmp_path / "deck.yaml", tmp_path / "x.apkg").cards.values()) > 0


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_scripts_run(block: Block, tmp_path: Path) -> None:
    """Every Python block runs in the project's folder as it stands."""
    for part in ("decks", "tests/decks"):
        shutil.copytree(ROOT / part, tmp_path / part)
    subprocess.run([sys.executable, "-c", block.text], cwd=tmp_path, check=True, capture_output=True)


def commands(language: str) -> list[str]:
    """Give the commands of the README; in a `console` block they follow a `$`, and comments are cut."""
    found = []
    for block in blocks(language):
        if block.page == "README.md":
            lines = block.text.splitlines()
            if language == "console":
                lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
            found += [line.split("  #")[0].strip() for line in lines if line.strip()]
    return found


def test_the_commands_of_the_readme(tmp_path: Path) -> None:
    """Every command of the README works, in order, in a fresh copy of the project.

    `make test` is the one that is left out: it runs this very test.
    """
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in tracked.stdout.splitlines():
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    listed = [*commands("console"), *commands("sh")]
    assert "make" in listed
    assert "make test" in listed
    lines = [command for command in listed if command != "make test"]
    # The page shows several ways to one environment; each begins without it.
    lines = [f"rm -rf .venv; {command}" if "venv" in command.split() else command for command in lines]
    script = "\n".join(["set -e", *lines])
    path = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    shutil.rmtree(tmp_path / "dist")
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PATH": path, "HOME": str(tmp_path), **_network()},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "dist/collectivisation.apkg").exists()


def _network() -> dict[str, str]:
    """Give the settings by which pip and uv reach the package index from here."""
    import os

    names = ("PIP_", "UV_", "SSL_", "REQUESTS_", "HTTP", "http", "NO_PROXY", "no_proxy")
    return {name: value for name, value in os.environ.items() if name.startswith(names)}


def test_the_notes_of_the_page_become_its_deck(tmp_path: Path) -> None:
    """The deck in import.md is what mkdeck makes of the notes above it, and the report what it says of them."""
    notes, report = [block.text for block in blocks("text") if block.page == "import.md"][:2]
    deck = next(block.text for block in blocks("yaml") if block.page == "import.md")
    (tmp_path / "napoleon.txt").write_text(notes, encoding="utf-8")
    made = import_file(tmp_path / "napoleon.txt")
    assert made.yaml[made.yaml.index("deck:") :] == deck
    assert made.report == tuple(report.splitlines())


def test_links() -> None:
    """Every link to a file of the project leads to one."""
    broken = []
    for page in PAGES:
        prose = re.sub(r"`[^`\n]+`", "", _BLOCK.sub("", page.read_text(encoding="utf-8")))
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", prose):
            broken += [] if (page.parent / target).exists() else [f"{page.name}: {target}"]
    assert broken == []
