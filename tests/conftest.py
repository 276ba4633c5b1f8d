from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from real_anki import LearnersAnki

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
# No test fails because its machine is busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[LearnersAnki]:
    """An empty collection."""
    learner = LearnersAnki(tmp_path / "anki")
    yield learner
    learner.col.close()


@pytest.fixture
def project() -> Path:
    """The project's folder; nothing is built in it."""
    return ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the project's decks, so that the locks of builds do not come into the project."""
    for name in ("decks", "tests/decks"):
        shutil.copytree(ROOT / name, tmp_path / "root" / name)
    return tmp_path / "root"
