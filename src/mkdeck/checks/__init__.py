"""The linter: what is wrong with cards that can be built. One function a rule; `RULES` is the table of all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdeck.checks.allow import allowed, silences, unknown, unused
from mkdeck.checks.arguments import chain_break, evidence_after_outcome, judgement_without_criterion
from mkdeck.checks.blanks import (
    cloze_too_long,
    cloze_whole_sentence,
    point_without_fact,
    too_many_clozes,
    trivial_cloze,
)
from mkdeck.checks.elsewhere import FOUND_ELSEWHERE
from mkdeck.checks.figures import bare_number, date_without_event, fact_without_source, interfering_numbers
from mkdeck.checks.fronts import ambiguous_front, answer_leak, duplicate_note
from mkdeck.checks.rules import Rule, rule
from mkdeck.checks.sheets import Sheets
from mkdeck.checks.tags import tag_hygiene
from mkdeck.checks.typography import dash_or_quote_mixed
from mkdeck.checks.wording import enumeration_too_long, opens_with_pronoun, text_too_long
from mkdeck.diagnostics import Diagnostic, Severity, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdeck.checks.allow import Allowed
    from mkdeck.checks.rules import Finding
    from mkdeck.compile import Compiled
    from mkdeck.diagnostics import Span
    from mkdeck.model import DeckData

RULES: tuple[Rule, ...] = (
    *FOUND_ELSEWHERE,
    rule(Severity.ERROR, answer_leak),
    rule(Severity.ERROR, ambiguous_front),
    rule(Severity.ERROR, duplicate_note),
    rule(Severity.WARNING, cloze_too_long),
    rule(Severity.WARNING, cloze_whole_sentence),
    rule(Severity.WARNING, too_many_clozes),
    rule(Severity.WARNING, text_too_long),
    rule(Severity.WARNING, trivial_cloze),
    rule(Severity.WARNING, bare_number),
    rule(Severity.WARNING, date_without_event),
    rule(Severity.WARNING, opens_with_pronoun),
    rule(Severity.WARNING, enumeration_too_long),
    rule(Severity.WARNING, interfering_numbers),
    rule(Severity.WARNING, dash_or_quote_mixed),
    rule(Severity.WARNING, point_without_fact),
    rule(Severity.WARNING, evidence_after_outcome),
    rule(Severity.WARNING, judgement_without_criterion),
    rule(Severity.WARNING, chain_break),
    rule(Severity.WARNING, fact_without_source),
    rule(Severity.WARNING, tag_hygiene),
    Rule("unused-allow", Severity.WARNING, None),
)


def errors(compiled: Compiled) -> tuple[Diagnostic, ...]:
    """Give what stops a build: what the compiler found, and what makes a card worthless to a learner."""
    allows = allowed(compiled.deck)
    return in_order(_found(Sheets(compiled), allows, (each for each in RULES if each.severity is Severity.ERROR)))


def findings(compiled: Compiled) -> tuple[Diagnostic, ...]:
    """Give all that is wrong with a deck, in the order of its source."""
    allows = allowed(compiled.deck)
    sheets = Sheets(compiled)
    _ = sheets.all  # most rules need them; the errors alone do not
    found = _found(sheets, allows, RULES)
    return in_order([*found, *unused(compiled.deck, allows, _BY_ID)])


def _found(sheets: Sheets, allows: Allowed, rules: Iterable[Rule]) -> list[Diagnostic]:
    deck = sheets.deck
    found = [*sheets.compiled.problems, *unknown(deck, allows, _BY_ID)]
    for each in rules:
        for finding in each.check(sheets) if each.check else ():
            if not silences(allows, each, finding):
                severity = Severity.WARNING if finding.is_mild else each.severity
                found.append(Diagnostic(each.id, finding.message, _span(deck, finding), finding.mend, severity))
    return found


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


_BY_ID = {each.id: each for each in RULES}
