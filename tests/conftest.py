from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from real_anki import LearnersAnki

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[LearnersAnki]:
    """An empty collection."""
    learner = LearnersAnki(tmp_path / "anki")
    yield learner
    learner.col.close()


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return ROOT
