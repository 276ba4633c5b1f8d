"""The table of all rules."""

from __future__ import annotations

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
from mkdeck.checks.fronts import ERRORS
from mkdeck.checks.rules import Rule, rule
from mkdeck.checks.tags import tag_hygiene
from mkdeck.checks.typography import dash_or_quote_mixed
from mkdeck.checks.wording import enumeration_too_long, html_in_text, opens_with_pronoun, text_too_long
from mkdeck.diagnostics import Severity

RULES: tuple[Rule, ...] = (
    *FOUND_ELSEWHERE,
    *(rule(Severity.ERROR, check) for check in ERRORS),
    rule(Severity.WARNING, cloze_too_long),
    rule(Severity.WARNING, cloze_whole_sentence),
    rule(Severity.WARNING, too_many_clozes),
    rule(Severity.WARNING, text_too_long),
    rule(Severity.WARNING, trivial_cloze),
    rule(Severity.WARNING, bare_number),
    rule(Severity.WARNING, date_without_event),
    rule(Severity.WARNING, opens_with_pronoun),
    rule(Severity.WARNING, html_in_text),
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
BY_ID = {each.id: each for each in RULES}
