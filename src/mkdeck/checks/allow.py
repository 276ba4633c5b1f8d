"""`allow:` at a deck, reason, point, term, judgement or card: rules that are silent there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.diagnostics import Diagnostic, Severity, clipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mkdeck.checks.rules import Finding, Rule
    from mkdeck.model import DeckData
    from mkdeck.source import Place

Allowed = dict["Place", dict[str, bool]]
"""What holds an `allow:` -> the rules in it, and whether each has silenced anything."""


def allowed(deck: DeckData) -> Allowed:
    """Collect what a deck allows, by place."""
    return {place: dict.fromkeys(names, False) for place, names in _places(deck) if names}


def _places(deck: DeckData) -> Iterator[tuple[Place, Iterable[str]]]:
    yield (), deck.allow
    for i, reason in enumerate(deck.reasons):
        yield ("reasons", i), reason.allow
        for j, point in enumerate(reason.points):
            yield ("reasons", i, "points", j), point.allow
    for term, meaning in deck.terms.items():
        yield ("terms", term), meaning.allow
    if deck.judgement:
        yield ("judgement",), deck.judgement.allow
    for i, card in enumerate(deck.cards):
        yield ("cards", i), card.allow


def silences(allows: Allowed, rule: Rule, finding: Finding) -> bool:
    """Tell whether what holds the place of a finding allows its rule; the nearest `allow:` does it."""
    for place in (finding.place, finding.other or ()):
        for length in range(len(place), -1, -1):
            names = allows.get(place[:length])
            if names and rule.id in names and rule.can_be_allowed:
                names[rule.id] = True
                return True
    return False


def unknown(deck: DeckData, allows: Allowed, rules: Mapping[str, Rule]) -> Iterator[Diagnostic]:
    """Report what is allowed and is no rule, or is a rule that nothing can silence."""
    for _, name, place in _names(deck, allows):
        if name not in rules:
            import difflib  # noqa: PLC0415 - few names are wrong

            near = difflib.get_close_matches(name, rules, 1)
            mend = f"did you mean `{near[0]}`?" if near else "`mkdeck rules` lists them"
            yield Diagnostic("value", f"there is no rule `{clipped(name)}`", deck.span(place), mend)
        elif not rules[name].can_be_allowed:
            message = f"`{name}` cannot be allowed: it is not about a card"
            yield Diagnostic("value", message, deck.span(place), "mend what it reports, and take it out here")


def unused(deck: DeckData, allows: Allowed, rules: Mapping[str, Rule]) -> Iterator[Diagnostic]:
    """Report what is allowed where nothing needs it."""
    for is_used, name, place in _names(deck, allows):
        if not is_used and name in rules and rules[name].can_be_allowed:
            message = f"`{name}` is allowed, and nothing here needs that"
            yield Diagnostic("unused-allow", message, deck.span(place), "take it out", Severity.WARNING)


def _names(deck: DeckData, allows: Allowed) -> Iterator[tuple[bool, str, Place]]:
    given = dict(_places(deck)) if allows else {}
    for place, names in allows.items():
        written = list(given[place])
        for name, is_used in names.items():
            yield is_used, name, (*place, "allow", written.index(name))
