"""The measurements as a picture: bars on a log scale, for day and night."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

from peers import MKDECK, NOTES
from report import seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from measuring import Group, Outcome

_LABELS, _BARS, _FIGURES = 150, 250, 60
"""Widths: of the names, of the longest bar, of the seconds after it."""
_COLUMN = _LABELS + _BARS + _FIGURES
_MARGIN, _LINE, _BAR = 20, 20, 13
_HEAD = 30
"""Height of a panel's heading."""
_FOOT = 50
"""Height of the scale and the legend."""
_TEXT = 4
"""How far below the middle of a line its letters stand."""

_STYLE = """\
svg { font: 13px system-ui, sans-serif; --back: #fff; --ink: #1f2328; --faint: #d1d9e0; --soft: #59636e;
  --ours: #0969da; --text: #6e7781; --ready: #b6bec7 }
@media (prefers-color-scheme: dark) {
  svg { --back: #0d1117; --ink: #f0f6fc; --faint: #3d444d; --soft: #9198a1;
    --ours: #4493f8; --text: #9198a1; --ready: #59636e } }
.back { fill: var(--back) } text { fill: var(--ink) } .soft { fill: var(--soft) } .head { font-weight: 600 }
line { stroke: var(--faint) } .ours { fill: var(--ours) } .text { fill: var(--text) } .ready { fill: var(--ready) }
.end { text-anchor: end } .middle { text-anchor: middle }"""

_LEGEND = (("ours", "mkdeck"), ("text", "reads a text, too"), ("ready", "gets ready-made notes"))


def picture(groups: Sequence[Group]) -> str:
    """Draw the light decks on the left and the rich ones on the right, small ones at the top."""
    sides = [[group for group in groups if group.name == name] for name in ("light", "rich")]
    sides = [side for side in sides if side]
    low, high = _decades([outcome for side in sides for group in side for outcome in group.outcomes])
    heights = [sum(_height(group) for group in side) for side in sides]
    width = 2 * _MARGIN + len(sides) * _COLUMN + (len(sides) - 1) * _MARGIN
    height = 2 * _MARGIN + max(heights) + _FOOT
    drawn = []
    for place, side in enumerate(sides):
        left = _MARGIN + place * (_COLUMN + _MARGIN)
        drawn += _scale(left + _LABELS, max(heights), low, high)
        top = _MARGIN
        for group in side:
            drawn += _panel(group, left, top, low, high)
            top += _height(group)
    drawn += _legend(height)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            "<title>Seconds from notes to a package, on a log scale</title>",
            f"<style>\n{_STYLE}\n</style>",
            f'<rect class="back" width="{width}" height="{height}"/>',
            *drawn,
            "</svg>\n",
        )
    )


def _decades(outcomes: list[Outcome]) -> tuple[int, int]:
    """Give the powers of ten between which all bars end."""
    figures = [outcome.seconds for outcome in outcomes if outcome.runs]
    low = math.floor(math.log10(min(figures)))
    return low, max(math.ceil(math.log10(max(figures))), low + 1)


def _height(group: Group) -> int:
    return _HEAD + _LINE * len(group.outcomes)


def _scale(left: int, height: int, low: int, high: int) -> list[str]:
    drawn = []
    bottom = _MARGIN + height + 5
    for power in range(low, high + 1):
        x = left + _x(10**power, low, high)
        drawn.append(f'<line x1="{x:g}" y1="{_MARGIN + _HEAD - 8}" x2="{x:g}" y2="{bottom}"/>')
        drawn.append(f'<text class="soft middle" x="{x:g}" y="{bottom + 15}">{10.0**power:g} s</text>')
    return drawn


def _panel(group: Group, left: int, top: int, low: int, high: int) -> list[str]:
    drawn = [f'<text class="head" x="{left}" y="{top + _LINE - _TEXT}">{group.name}, {group.notes:,} notes</text>']
    start = left + _LABELS
    for number, outcome in enumerate(group.outcomes):
        middle = top + _HEAD + _LINE * number + _LINE // 2
        name = html.escape(outcome.task.name)
        drawn.append(f'<text class="end" x="{start - 6}" y="{middle + _TEXT}">{name}</text>')
        if outcome.runs:
            long = _x(outcome.seconds, low, high)
            drawn.append(
                f'<rect class="{_kind(outcome)}" x="{start}" y="{middle - _BAR // 2}" width="{long:g}" '
                f'height="{_BAR}" rx="2"/>'
            )
            said = f'x="{start + long + 5:g}" y="{middle + _TEXT}">{seconds(outcome.seconds)} s'
            drawn.append(f"<text {said}</text>")
        else:
            drawn.append(f'<text class="soft" x="{start + 5}" y="{middle + _TEXT}">no figure</text>')
    return drawn


def _legend(height: int) -> list[str]:
    drawn = []
    for place, (kind, words) in enumerate(_LEGEND):
        x, y = _MARGIN + _COLUMN // 3 * place, height - _MARGIN
        drawn.append(f'<rect class="{kind}" x="{x}" y="{y - 10}" width="{_BAR}" height="{_BAR}" rx="2"/>')
        drawn.append(f'<text x="{x + _BAR + 6}" y="{y + 1}">{words}</text>')
    return drawn


def _kind(outcome: Outcome) -> str:
    if outcome.task.name == MKDECK:
        return "ours"
    return "ready" if outcome.task.reads == NOTES else "text"


def _x(figure: float, low: int, high: int) -> float:
    return round(_BARS * (math.log10(figure) - low) / (high - low), 1)
