"""Who builds the same packages as mkdeck: one script and one row each."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import PACKAGE, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE = Path(__file__).resolve().parent
NOTES = "ready-made notes"


@dataclass(frozen=True, slots=True)
class Peer:
    """A way from notes to a package. Its script takes the path of its form and that of the package."""

    name: str
    distribution: str
    script: str
    form: str
    """Which of the files of forms.py it reads."""
    reads: str
    most: tuple[int, int]
    """The greatest light deck and the greatest rich deck that it builds in less than some ten seconds."""
    lacks: tuple[str, ...] = ()
    """What examine.py does not find in its packages, because it cannot make it."""
    remark: str = ""

    def task(self, folder: Path) -> Task:
        """Give the task of building the deck whose forms are in a folder."""
        return Task(
            self.name,
            (str(_HERE / self.script), self.form, PACKAGE),
            (folder / self.form,),
            against=MKDECK,
            wanted=folder / "notes.pickle",
            lacks=self.lacks,
            reads=self.reads,
            remark=self.remark,
        )


MKDECK = "mkdeck"
PLAIN = "plain script"
RAW = "raw genanki"
PYLIB = "official anki pylib"
FORGE = "ankiforge"
TOOL = "anki-yaml-tool"
COMPILER = "ankcompiler"
_NO_TEXT = "no text is read"

PEERS = (
    Peer(
        PLAIN, "PyYAML", "plain_script.py", "deck.yaml", "YAML", (100_000, 10_000),
        remark="CSafeLoader, a loop and genanki; checks nothing, keeps no identity",
    ),
    Peer(RAW, "genanki", "genanki_raw.py", "notes.pickle", NOTES, (100_000, 100_000), remark=_NO_TEXT),
    Peer(PYLIB, "anki", "anki_pylib.py", "notes.pickle", NOTES, (100_000, 100_000), remark=_NO_TEXT),
    Peer(FORGE, "ankiforge", "ankiforge_sdk.py", "notes.pickle", NOTES, (100_000, 100_000), remark=_NO_TEXT),
    Peer(
        TOOL, "anki-yaml-tool", "anki_yaml_tool_cli.py", "cards.yaml", "YAML", (10_000, 10_000),
        lacks=("cards",),
        remark="no clozes: they stay text, and each note has one card for all of them",
    ),
    Peer(
        COMPILER, "ankcompiler", "ankcompiler_cli.py", "cards.md", "Markdown", (1000, 1000),
        remark="no back for clozes: what else there is stands on the front, too",
    ),
)  # fmt: skip


def mkdeck(folder: Path) -> Task:
    """Give mkdeck's own task: the command, with all that it does."""
    return Task(
        MKDECK,
        BUILD,
        (folder / "deck.yaml",),
        against=MKDECK,
        wanted=folder / "notes.pickle",
        reads="YAML",
        remark="with validation, checks, identity and lock",
    )


BUILD = ("-m", "mkdeck", "build", "deck.yaml", "-o", PACKAGE, "-q")


def absent(not_installed: Mapping[str, str]) -> dict[str, str]:
    """Give the peers that are not here, and why."""
    reasons = {}
    for peer in PEERS:
        try:
            metadata.version(peer.distribution)
        except metadata.PackageNotFoundError:
            reasons[peer.name] = f"not installed: {not_installed.get(peer.distribution, 'install.py was not run')}"
    return reasons
