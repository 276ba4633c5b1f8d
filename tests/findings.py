"""Findings in lines, to be compared with what is expected word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import mkdeck


def errors(problems: Iterable[mkdeck.Diagnostic]) -> list[mkdeck.Diagnostic]:
    """Leave the advice on cards out."""
    return [each for each in problems if each.severity == "error"]


def said(problems: Iterable[mkdeck.Diagnostic]) -> list[str]:
    """Tell findings in lines: `line:column rule: message`, then `mend: ...` if there is one."""
    lines = []
    for each in problems:
        lines.append(f"{each.span.line}:{each.span.column} {each.rule}: {each.message}")
        lines += [f"mend: {each.mend}"] if each.mend else []
    return lines
