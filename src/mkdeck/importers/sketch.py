"""A deck in the making: its data as a file has them, comments by place, and what is to be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdeck.importers.report import Remark
    from mkdeck.source import Place


@dataclass(slots=True)
class Sketch:
    """What an importer makes of a file."""

    data: dict[str, Any] = field(default_factory=dict)
    comments: dict[Place, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
