"""Rules on what a front gives away, and on fronts that look alike. They are errors: such a card teaches nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.checks.limits import SHORT_ANSWER
from mkdeck.checks.quantities import amounts, dates
from mkdeck.checks.rules import Finding
from mkdeck.checks.sheets import is_exact
from mkdeck.checks.words import or_word
from mkdeck.markup import tokens

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from mkdeck.checks.sheets import Blank, Sheet, Sheets
    from mkdeck.checks.words import Language


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
      - cloze: The {{grain crisis}} of 1928 was a lack of grain in the towns.
    ```

    Good:

    ```yaml
    cards:
      - cloze: The {{NEP}} was ended when it had failed.
      - cloze: The {{grain crisis}} of 1928 was a lack of bread in the towns.
    ```
    """
    yield from _told_by_declared_hint(sheets)
    language, hints = sheets.language, {fact.hint for fact, _ in sheets.facts if fact.hint}
    for sheet in sheets.scan.unclear:
        if not sheet.blanks:
            yield from _told_by_prompt(sheet, language)
        seen = set()
        for blank in sheet.blanks:
            answer = sheet.answer(blank)
            if (blank.number, answer) not in seen and (finding := _told(sheet, blank, language, hints)):
                yield finding
            seen.add((blank.number, answer))


def _told(sheet: Sheet, blank: Blank, language: Language, declared: Container[str]) -> Finding | None:
    """Find where a front shows an answer, or enough of it to guess the rest."""
    answer = sheet.answer(blank)
    if language.is_small(answer):
        return None  # `the` stands everywhere; such a blank has a rule of its own
    telling = _telling(answer, language) if sheet.is_written else set()
    shown = {
        "in its hint": "" if "/" in blank.hint or blank.hint in declared else blank.hint,
        "in the heading above it": sheet.header,
        "in the description of a picture": sheet.descriptions,
        "outside of its blank": sheet.shown(blank.number),
    }
    for where, text in shown.items():
        if _stands_in(answer, text, language):
            message = f"`{answer}` can be read on the front that asks for it: it stands {where}"
            return Finding(sheet.place, message, _mend(sheet, where), answer)
    found: set[str] = set()
    for where, text in shown.items():
        found |= telling & language.stems(tokens(text))
        if _tells(found, telling):
            word = next(each for each in tokens(answer) if language[each] in found)
            message = f"`{answer}` can be guessed on the front that asks for it: `{word}` stands {where}"
            return Finding(sheet.place, message, _mend(sheet, where), answer, is_mild=True)
    return None


def _tells(found: set[str], telling: set[str]) -> bool:
    """Tell whether of the words that tell an answer enough are found."""
    return bool(found) and (len(telling) <= SHORT_ANSWER or 2 * len(found) > len(telling))


_HINT = "take the answer out of the hint; a choice is written with a stroke: `was/were`"


def _mend(sheet: Sheet, where: str) -> str:
    match where:
        case "in its hint":
            return _HINT
        case "outside of its blank" if sheet.draft.kind == "fact":
            return "write it in another way, or declare the whole answer under `facts:`, which blanks it everywhere"
        case "outside of its blank":
            return "write it in another way, or put the whole answer into braces there, too"
        case _:
            return "say it in other words there, or blank other words"


def _told_by_declared_hint(sheets: Sheets) -> Iterator[Finding]:
    """Find the hints of declared facts that tell them, in any of their spellings."""
    language = sheets.language
    for fact, place in sheets.facts:
        if fact.hint and "/" not in fact.hint:
            known = {language[word] or word for word in tokens(fact.hint)}
            words = language.stems(tokens(fact.hint))
            for spelling in (fact.fact, *fact.also):
                if known.isdisjoint(language[word] or word for word in tokens(spelling)):
                    continue  # nearly always
                telling = _telling(spelling, language)
                is_whole = _stands_in(spelling, fact.hint, language)
                if is_whole or _tells(telling & words, telling):
                    message = f"this hint tells its fact, `{spelling}`"
                    yield Finding((*place, "hint"), message, _HINT, is_mild=not is_whole)
                    break


def _telling(answer: str, language: Language) -> set[str]:
    """Give the stems that tell an answer: not its unit, and of a date not its month."""
    if not any(char.isdecimal() for char in answer):
        return language.stems(tokens(answer))
    for date in dates(answer, language.lang):
        if date.end - date.start == len(answer.strip()):
            return {each for each in language.stems(tokens(answer)) if each.isdecimal()}
    for amount in reversed(amounts(answer, language.lang)):
        answer = f"{answer[: amount.number_end]} {answer[amount.end :]}"
    return language.stems(tokens(answer))


def _stands_in(answer: str, text: str, language: Language) -> bool:
    """Tell whether the words of an answer stand one after the other in a text, but for plurals.

    In formulas and code, capitals are other letters, and signs count.
    """
    if is_exact(answer):
        return answer.strip() in text
    sought, words = tokens(answer), tokens(text)
    if not sought or len(sought) > len(words) or not any(word[0].isalnum() for word in sought):
        return False
    run = " ".join(language[word] or word for word in sought)
    return f" {run} " in f" {' '.join(language[word] or word for word in words)} "


def _told_by_prompt(sheet: Sheet, language: Language) -> Iterator[Finding]:
    """Find a prompt's answer on its front."""
    draft = sheet.draft
    for ordinal in draft.cards:
        front, back = (sheet.back, sheet.text) if ordinal else (f"{sheet.header} {sheet.text}", sheet.back)
        if len(back) <= len(front) and _stands_in(back, front, language):
            if draft.kind == "plain" and f" {or_word(language.lang)} " in f" {front.lower()} ":
                continue  # a choice: the words of the answer must stand there
            message = f"`{back.strip()}` can be read on the front that asks for it"
            yield Finding(sheet.place, message, "ask in other words", back.strip())


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
