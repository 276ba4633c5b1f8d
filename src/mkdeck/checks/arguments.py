"""Rules on the argument: causes before outcomes, chains that are chains, judgements with a measure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdeck.checks.limits import LINKS_IN_CHAIN
from mkdeck.checks.quantities import dates
from mkdeck.checks.rules import Finding
from mkdeck.markup import folded_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdeck.checks.quantities import Date
    from mkdeck.checks.sheets import Sheets
    from mkdeck.model import Link
    from mkdeck.source import Place


def evidence_after_outcome(sheets: Sheets) -> Iterator[Finding]:
    """A point is used as a cause, and all that it dates came after the outcome.

    `decided:` of the deck says when what the question asks about was decided. What happened later followed from it,
    or from something else. `role: consequence` says so.

    Bad:

    ```yaml
    deck: Example
    id: example
    question: Why did Stalin collectivise agriculture?
    decided: November 1929
    reasons:
      - id: kulaks
        reason: Attack on the kulaks
        points:
          - In 1930 {{twenty-five thousand}} workers were sent to the villages.
    ```

    Good:

    ```yaml
    deck: Example
    id: example
    question: Why did Stalin collectivise agriculture?
    decided: November 1929
    reasons:
      - id: kulaks
        reason: Attack on the kulaks
        points:
          - text: In 1930 {{twenty-five thousand}} workers were sent to the villages.
            role: consequence
    ```
    """
    deck = sheets.deck
    decided = [date for date in dates(deck.decided, deck.lang) if date.first] if deck.decided else []
    if deck.decided and not decided:
        yield Finding(("decided",), f"`{deck.decided}` has no year", "write a date with a year: `November 1929`")
    if not decided:
        return
    shown = {each.draft.place: each.text for each in sheets.written}
    for reason, point, place in sheets.points():
        text = shown.get(place, point.text)
        found = [date for date in dates(text, deck.lang) if date.first and not _counts(text, date, sheets)]
        if (point.role or reason.role) == "cause" and found and all(_after(date, decided[0]) for date in found):
            message = f"this came after `{deck.decided}`, so it cannot be a cause"
            date = text[found[0].start : found[0].end]
            yield Finding((*place, "text"), message, "mark it with `role: consequence`", date)


def _counts(text: str, date: Date, sheets: Sheets) -> bool:
    """Tell whether what looks like a year counts something, as far as an English plural shows: `1800 nobles`."""
    following = re.match(r"\s+([a-z]+s)\b", text[date.end :])
    is_bare = date.end - date.start == len("1800") and not date.month
    is_english = sheets.deck.lang.lower().startswith("en")
    return is_bare and is_english and following is not None and following[1] not in sheets.language.small


def _after(date: Date, decided: Date) -> bool:
    """Tell whether a date is later; a date without a month, in the same year, is not."""
    if date.first != decided.last:
        return date.first > decided.last
    return bool(date.month and decided.month) and (date.month, date.day or 0) > (decided.month, decided.day or 31)


def judgement_without_criterion(sheets: Sheets) -> Iterator[Finding]:
    """A judgement has no criterion, no rival or no verdict.

    Which reason mattered most depends on the measure, and is no judgement unless something else could have won.

    Bad:

    ```yaml
    judgement:
      question: Which reason mattered most?
      verdict: Resistance in the countryside.
    ```

    Good:

    ```yaml
    judgement:
      question: Which reason mattered most?
      criteria: [It explains the timing]
      verdict: Resistance in the countryside, because only it explains why the change came in 1929.
      counter: The wish for a socialist society was older, and ruled out any other answer.
    ```
    """
    judgement = sheets.deck.judgement
    if judgement is None:
        return
    missing = [
        name
        for name, is_there in (
            ("a criterion (`criteria:`)", judgement.criteria),
            ("a rival (`counter:`, or two reasons in `ranking:`)", judgement.counter or len(judgement.ranking) > 1),
            ("a verdict (`verdict:`)", judgement.verdict),
        )
        if not is_there
    ]
    if missing:
        mend = f"add {' and '.join(missing)}"
        yield Finding(("judgement", "question"), "this judgement has no measure, no rival or no verdict", mend)


def chain_break(sheets: Sheets) -> Iterator[Finding]:
    """A chain has fewer than three links, or goes through one of them twice.

    Two links are a cause and its effect, for which a point is enough; a link that comes again makes a circle, and
    its card has two answers.

    Bad:

    ```yaml
    reasons:
      - id: resistance
        reason: Resistance in the countryside
        chain:
          - Bread is scarce in the towns
          - The state seizes grain
    ```

    Good:

    ```yaml
    reasons:
      - id: resistance
        reason: Resistance in the countryside
        chain:
          - Bread is scarce in the towns
          - Workers protest
          - The state seizes grain
    ```
    """
    for i, reason in enumerate(sheets.deck.reasons):
        place: Place = ("reasons", i)
        if reason.chain:
            yield from _breaks(sheets, reason.chain, (*place, "chain"), (*place, "chain"))
        for j, chain in enumerate(reason.chains):
            yield from _breaks(sheets, chain.links, (*place, "chains", j), (*place, "chains", j, "links"))


def _breaks(sheets: Sheets, links: Sequence[Link], place: Place, items: Place) -> Iterator[Finding]:
    if len(links) < LINKS_IN_CHAIN:
        message = f"this chain has {len(links)} links; below {LINKS_IN_CHAIN} there is nothing in between"
        yield Finding(
            place, message.replace("1 links", "1 link"), "add the step that connects them, or make it a point"
        )
    first: dict[str, int] = {}
    for number, link in enumerate(links):
        before = first.setdefault(folded_words(link.text), number)
        if before != number:
            where = sheets.where((*items, before))
            yield Finding(
                (*items, number), f"this link stands in its chain already, {where}", "say what is new in it"
            )
