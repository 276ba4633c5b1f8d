"""A build that has nothing to do, done without the parts of mkdeck that do anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.outlook import summary
from mkdeck.paths import lock_path
from mkdeck.stamp import is_fresh, read_stamp

if TYPE_CHECKING:
    from pathlib import Path


def unchanged(targets: dict[Path, list[Path]], *, tag_retired: bool = False) -> list[str] | None:
    """Report packages that are what their decks would be built into; None if there is anything to do."""
    report: list[str] = []
    for target, files in targets.items():
        stamp = read_stamp(target)
        decks = [(file, lock_path(file)) for file in files]
        if stamp is None or not is_fresh(stamp, decks, tag_retired=tag_retired):
            return None
        report += summary(target, stamp.notes, stamp.cards, stamp.media_count)
        report.append(f"  since the last build: {sum(stamp.notes.values())} unchanged")
    return report
