"""The linter: what is wrong with cards that can be built. One function a rule; `table.RULES` has them all.

A build waits for the errors, so what only warnings need is not loaded with this module.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdeck.checks.allow import allowed, silences, unknown, unused
from mkdeck.checks.fronts import ERRORS
from mkdeck.checks.rules import rule
from mkdeck.checks.sheets import Sheets
from mkdeck.diagnostics import Diagnostic, Severity, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdeck.checks.allow import Allowed
    from mkdeck.checks.rules import Finding, Rule
    from mkdeck.compile import Compiled
    from mkdeck.diagnostics import Span
    from mkdeck.model import DeckData

_ERRORS = tuple(rule(Severity.ERROR, check) for check in ERRORS)


def errors(compiled: Compiled) -> tuple[Diagnostic, ...]:
    """Give what stops a build: what the compiler found, and what makes a card worthless to a learner."""
    allows = allowed(compiled.deck)
    sheets = Sheets(compiled)
    # Where a mild finding stands, nobody asks here, and to find it out takes longer than to find it.
    found = [each for each in _raw(sheets, allows, _ERRORS) if not each[1].is_mild]
    problems = [*compiled.problems, *_told(sheets, found)]
    if allows:
        problems += _unknown(compiled, allows)
    return in_order(each for each in problems if each.severity is Severity.ERROR)


def findings(compiled: Compiled) -> tuple[Diagnostic, ...]:
    """Give all that is wrong with a deck, in the order of its source."""
    from mkdeck.checks.table import BY_ID, RULES  # noqa: PLC0415 - see above

    allows = allowed(compiled.deck)
    sheets = Sheets(compiled)
    _ = sheets.all  # most rules need them; the errors alone do not
    found = [*compiled.problems, *_told(sheets, _raw(sheets, allows, RULES))]
    return in_order([*found, *_unknown(compiled, allows), *unused(compiled.deck, allows, BY_ID)])


def _unknown(compiled: Compiled, allows: Allowed) -> Iterator[Diagnostic]:
    from mkdeck.checks.table import BY_ID  # noqa: PLC0415 - few decks allow anything

    yield from unknown(compiled.deck, allows, BY_ID)


def _raw(sheets: Sheets, allows: Allowed, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Finding]]:
    for each in rules:
        for finding in each.check(sheets) if each.check else ():
            if not silences(allows, each, finding):
                yield each, finding


def _told(sheets: Sheets, found: Iterable[tuple[Rule, Finding]]) -> Iterator[Diagnostic]:
    for each, finding in found:
        severity = Severity.WARNING if finding.is_mild else each.severity
        yield Diagnostic(each.id, finding.message, _span(sheets.deck, finding), finding.mend, severity)


def _span(deck: DeckData, finding: Finding) -> Span:
    """Find the words of a finding: in braces, or as words of their own, or wherever they first stand."""
    part = finding.part
    if part.strip() and deck.origin:
        words = r"\s+".join(map(re.escape, part.split()))
        for pattern in (rf"\{{\{{(?:c\d+::)?({words})(?=\}}\}}|::)", rf"(?<!\w)({words})(?!\w)"):
            span = deck.origin.find(finding.place, pattern)
            if span:
                return span
    return deck.span(finding.place, part=part)
