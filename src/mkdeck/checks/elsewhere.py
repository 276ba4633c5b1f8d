"""The rules that need no function of their own: the reader, the compiler and the lock find them at work.

Their manuals are the files `manuals/ID.md`.
"""

from __future__ import annotations

from mkdeck.checks.rules import Rule
from mkdeck.diagnostics import Severity

FOUND_ELSEWHERE: tuple[Rule, ...] = tuple(
    Rule(each, Severity.ERROR, None)
    for each in (
        "alias-bomb",
        "cloze-syntax",
        "duplicate-fact",
        "duplicate-key",
        "empty-deck",
        "encoding",
        "fact-not-used",
        "file",
        "lock",
        "media",
        "missing-key",
        "text-cut-by-comment",
        "unknown-key",
        "unknown-reason",
        "unstable-id",
        "value",
        "yaml-reads-otherwise",
        "yaml-syntax",
    )
)
