"""Rules on numbers: with their units, with an event, apart from one another, and with a source."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from mkdeck.checks.limits import NEARLY_EQUAL, WORDS_BESIDE_YEAR
from mkdeck.checks.quantities import amounts, dates, is_bare_number, unit_after
from mkdeck.checks.rules import Finding
from mkdeck.checks.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.checks.quantities import Amount
    from mkdeck.checks.sheets import Sheet, Sheets


def bare_number(sheets: Sheets) -> Iterator[Finding]:
    """A number is blanked apart from its unit.

    A bare number is hard to hold in mind. With its unit it is a size.

    Bad:

    ```yaml
    cards:
      - cloze: From 1929 to 1933 about {{30}}% of all livestock was killed.
      - cloze: The famine of 1921 killed about {{5}} million people on the Volga.
    ```

    Good:

    ```yaml
    cards:
      - cloze: From 1929 to 1933 about {{30%}} of all livestock was killed.
        source: Class notes
      - cloze: The famine of 1921 killed about {{5 million}} people on the Volga.
        source: Class notes
    ```
    """
    for sheet, answer, blank in sheets.numbers:
        if blank and is_bare_number(answer, sheets.deck.lang):
            unit = unit_after(sheet.text, blank.end, sheets.deck.lang)
            if unit:
                gap = "" if sheet.text.startswith(unit, blank.end) else " "
                message = f"`{answer}` is blanked without its unit `{unit}`"
                yield Finding(sheet.place, message, f"blank `{answer}{gap}{unit}`", answer)


def date_without_event(sheets: Sheets) -> Iterator[Finding]:
    """A year is asked for, and the sentence hardly says of what.

    Fewer than three other words of content, and no name, are left to go by.

    Bad:

    ```yaml
    cards:
      - cloze: The crisis began in {{1928}}.
    ```

    Good:

    ```yaml
    cards:
      - cloze: The crisis of grain deliveries to the Soviet towns began in {{1928}}.
    ```
    """
    language = sheets.language
    for sheet, asked, blank in sheets.numbers:
        answer = asked.strip()
        if not blank or not any(date.end - date.start == len(answer) for date in dates(answer, language.lang)):
            continue
        shown = sheet.shown(blank.number)
        words = language.content(shown)
        # In German every noun has a capital; a word of a script without spaces is more than one character.
        has_name = language.lang[:2] != "de" and _has_name(shown)
        if (
            min(len(words), count(shown)) < WORDS_BESIDE_YEAR
            and count(shown) < 2 * WORDS_BESIDE_YEAR
            and not has_name
        ):
            message = f"beside `{answer}` stands little to go by: {', '.join(words) or 'nothing'}"
            yield Finding(sheet.place, message, "say what happened, and to whom", answer)


def _has_name(text: str) -> bool:
    """Tell whether a word that does not begin the text is written with a capital, or any has two of them."""
    words = text.split()
    return any(word[:1].isupper() and word[1:2].islower() for word in words[1:]) or any(
        sum(char.isupper() for char in word) > 1 for word in words
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """An amount that a card asks for, and the word that says of what."""

    sheet: Sheet
    amount: Amount
    answer: str
    what: str
    order: int
    """Its number in the deck."""

    @property
    def key(self) -> tuple[str, str]:
        return self.amount.unit, self.what


def interfering_numbers(sheets: Sheets) -> Iterator[Finding]:
    """Two cards ask for numbers of one unit that differ by less than 10%.

    They will be taken for each other for ever. Round both, ask for one of them only, or ask how the two compare.

    Bad:

    ```yaml
    cards:
      - cloze: Grain exports of the Soviet Union came to {{4.8 million tonnes}} in 1930.
      - cloze: Grain exports of the Soviet Union came to {{5.2 million tonnes}} in 1931.
    ```

    Good:

    ```yaml
    cards:
      - cloze: Grain exports of the Soviet Union came to {{4.8 million tonnes}} in 1930; the next year saw more.
        source: Class notes
    ```
    """
    kinds: dict[tuple[str, str], list[_Asked]] = {}
    for asked in _asked(sheets):
        kinds.setdefault(asked.key, []).append(asked)
    for same in kinds.values():
        same.sort(key=lambda each: (each.amount.low, each.amount.high))
        # Only neighbours are compared: of three that are near, two pairs are told, and time stays near-linear.
        for pair in pairwise(same):
            one, other = sorted(pair, key=lambda each: each.order)
            if one.sheet is not other.sheet and _nearly(one.amount, other.amount):
                message = (
                    f"`{other.answer}` is easily mixed up with `{one.answer}`, {sheets.where(one.sheet.place)}"
                )
                mend = "round one of them, or ask how the two compare"
                yield Finding(other.sheet.place, message, mend, other.answer, one.sheet.place)


def _asked(sheets: Sheets) -> Iterator[_Asked]:
    language = sheets.language
    for order, (sheet, answer, blank) in enumerate(sheets.numbers):
        found = amounts(answer, language.lang)
        if len(found) != 1:
            continue
        after = answer[found[0].end :]
        if not after and blank:
            after = sheet.text[blank.end :]
        what = next((word for word in language.content(after[:80])), "")
        if found[0].unit or what:
            yield _Asked(sheet, found[0], answer, "" if found[0].unit else what, order)


def _nearly(one: Amount, other: Amount) -> bool:
    """Tell whether two amounts are not equal and their ends differ by less than 10%."""
    if (one.low, one.high) == (other.low, other.high):
        return False
    pairs = ((one.low, other.low), (one.high, other.high))
    return all(abs(a - b) < NEARLY_EQUAL * max(abs(a), abs(b)) or a == b for a, b in pairs)


def fact_without_source(sheets: Sheets) -> Iterator[Finding]:
    """A statistic has no source: no `source:` of its own, of its reason or of the deck.

    Figures are copied from book to book, and change. Who reviews one for years should know where it comes from.

    Bad:

    ```yaml
    cards:
      - cloze: In October 1929 about {{7.5%}} of all households belonged to a collective farm.
    ```

    Good:

    ```yaml
    cards:
      - cloze: In October 1929 about {{7.5%}} of all households belonged to a collective farm.
        source: R. W. Davies, The Socialist Offensive (1980)
    ```
    """
    for sheet, answer, _ in sheets.numbers:
        if "Source" in sheet.draft.fields:
            continue
        # A distance or a price is not a statistic; a share of something is, and so are millions of it.
        if any(each.unit == "%" or each.high >= 1_000_000 for each in amounts(answer, sheets.deck.lang)):
            mend = "add `source:` here, to the reason or to the deck"
            yield Finding(sheet.place, f"the figure `{answer}` has no source", mend, answer)
