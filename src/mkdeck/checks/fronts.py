"""Rules on what a front gives away, and on fronts that look alike. They are errors: such a card teaches nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.checks.leaks import declared_hints, told_by_note, told_by_prompt
from mkdeck.checks.rules import Finding
from mkdeck.markup import folded_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.checks.sheets import Sheets


def answer_leak(sheets: Sheets) -> Iterator[Finding]:
    """The answer can be read on its own front.

    It stands in the sentence a second time, in another blank, in the heading above, in its own hint or in the
    description of a picture. Who sees it there learns to look for it and not to know it.

    If the whole answer stands there, that is an error; capitals and plurals make no difference. Of a blank that you
    wrote or declared, a part of the answer is a warning: a word of four letters or more, or a number; of a longer
    answer, more than half of them. Small words (`with`, `from`), units, and months in dates do not tell. A question
    that offers a choice (`A or B?`) may name its answer, and so may a hint (`was/were`).

    Bad:

    ```yaml
    cards:
      - cloze: The {{NEP}} was ended when the NEP had failed.
      - cloze: The {{grain crisis}} of 1928 was a grain crisis of the towns.
    ```

    Good:

    ```yaml
    cards:
      - cloze: The {{NEP}} was ended when it had failed.
      - cloze: The {{grain crisis}} of 1928 was a lack of bread in the towns.
    ```
    """
    yield from declared_hints(sheets)
    if not sheets.scan.unclear:
        return
    known = {(fact.hint or "", folded_words(each)) for fact, _ in sheets.facts for each in (fact.fact, *fact.also)}
    for sheet in sheets.scan.unclear:
        if sheet.blanks:
            yield from told_by_note(sheet, sheets.language, known)
        else:
            yield from told_by_prompt(sheet, sheets.language)


def ambiguous_front(sheets: Sheets) -> Iterator[Finding]:
    """Two cards have one front and different answers.

    The learner cannot know which of the two is meant, and gets one of them wrong however well both are known.
    Dashes, quotation marks, capitals and blanks make no difference; the heading above a card is part of its front.

    Bad:

    ```yaml
    cards:
      - front: Who led the Soviet Union?
        back: Lenin
      - front: Who led the Soviet Union?
        back: Stalin
    ```

    Good:

    ```yaml
    cards:
      - front: Who led the Soviet Union until 1924?
        back: Lenin
      - front: Who led the Soviet Union in the 1930s?
        back: Stalin
    ```
    """
    for sheet, other, is_same in sheets.scan.alike:
        if not is_same:
            message = f"this front is that of a card with another answer, {sheets.where(other.place)}"
            yield Finding(sheet.place, message, "add words that tell the two apart", other=other.place)


def duplicate_note(sheets: Sheets) -> Iterator[Finding]:
    """Two cards have one front and one answer.

    The learner would review the same thing twice.

    Bad:

    ```yaml
    cards:
      - front: Who wrote The Prince?
        back: Machiavelli
      - front: Who wrote The Prince?
        back: machiavelli
    ```

    Good:

    ```yaml
    cards:
      - front: Who wrote The Prince?
        back: Machiavelli
    ```
    """
    for sheet, other, is_same in sheets.scan.alike:
        if is_same:
            message = f"this card is there already, {sheets.where(other.place)}: the same front, the same answer"
            yield Finding(sheet.place, message, "keep one of the two", other=other.place)


ERRORS = (answer_leak, ambiguous_front, duplicate_note)
"""The rules that stop a build."""
