"""Where a front shows its own answer, or enough of it to guess the rest."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from mkdeck.checks.limits import SHORT_ANSWER
from mkdeck.checks.rules import Finding
from mkdeck.checks.shown import is_exact
from mkdeck.checks.words import or_word
from mkdeck.markup import folded_words, tokens

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from mkdeck.checks.sheets import Blank, Sheet, Sheets
    from mkdeck.checks.words import Language

_MOST_BLANKS = 100
"""Blanks of one note that are looked at: each takes time that grows with the text. Nobody learns such a note."""
_QUOTED = re.compile(r"\([^()]*\)|[“”„«»\"][^“”„«»\"]*[“”„«»\"]|(?<!\w)['‘‚][^'‘’‚]*['’‘](?!\w)")
"""What a question is about, as a word (`the plural of 'sheep'`), or says of it (`sheep (plural)`)."""
_DIGIT = re.compile(r"\d")
_FEW_WORDS = 4
"""Words up to which a front that is no question is a word to translate or to inflect."""
_HINT = "take the answer out of the hint; a choice is written with a stroke: `was/were`"


def told_by_note(sheet: Sheet, language: Language, declared: Container[tuple[str, str]]) -> Iterator[Finding]:
    """Find what the fronts of a cloze note tell; `declared` are the hints of facts, which are looked at there."""
    seen = set()
    for blank in islice(sheet.blanks, _MOST_BLANKS):
        answer = sheet.answer(blank)
        if (blank.number, answer) not in seen and (finding := _told(sheet, blank, language, declared)):
            yield finding
        seen.add((blank.number, answer))


def _told(
    sheet: Sheet, blank: Blank, language: Language, declared: Container[tuple[str, str]]
) -> Finding | None:  # fmt: skip
    answer = sheet.answer(blank)
    if language.is_small(answer) or (len(answer) == 1 and not answer.isascii()):
        return None  # `the` stands everywhere, and so does a single Chinese character: that is another rule's
    telling = _telling(answer, language) if sheet.is_written else set()
    is_known = _is_choice(blank.hint, answer) or (blank.hint, folded_words(answer)) in declared
    shown = {
        "in its hint": "" if is_known else blank.hint,
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
        found |= telling & language.stems(text)
        if _tells(found, telling):
            word = next((each for each in tokens(text) if language[each] in found), "")
            message = f"`{answer}` can be guessed on the front that asks for it: `{word}` stands {where}"
            return Finding(sheet.place, message, _mend(sheet, where), answer, is_mild=True)
    return None


def _is_choice(hint: str, answer: str) -> bool:
    """Tell whether a hint offers a choice of which the answer is one: `was/were`."""
    return "/" in hint and folded_words(answer) in {folded_words(each) for each in hint.split("/")}


def _tells(found: set[str], telling: set[str]) -> bool:
    """Tell whether of the words that tell an answer enough are found."""
    return bool(found) and (len(telling) <= SHORT_ANSWER or 2 * len(found) > len(telling))


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


def declared_hints(sheets: Sheets) -> Iterator[Finding]:
    """Find the hints of declared facts that tell them, in any of their spellings."""
    language = sheets.language
    for fact, place in sheets.facts:
        if not fact.hint:
            continue
        known = {language[word] or word for word in tokens(fact.hint)}
        for spelling in (fact.fact, *fact.also):
            if known.isdisjoint([language[word] or word for word in tokens(spelling)]):
                continue  # nearly always
            if _is_choice(fact.hint, spelling):
                break
            is_whole = _stands_in(spelling, fact.hint, language)
            # To know what is a number's unit takes 20 ms at first; where no words are shared, nobody asks.
            is_apart = not _DIGIT.search(fact.hint) and known.isdisjoint(language.stems(spelling))
            telling = set() if is_apart else _telling(spelling, language)
            if is_whole or _tells(telling & known, telling):
                message = f"this hint tells its fact, `{spelling}`"
                yield Finding((*place, "hint"), message, _HINT, is_mild=not is_whole)
                break


def _telling(answer: str, language: Language) -> set[str]:
    """Give the stems that tell an answer: not its unit, and of a date not its month."""
    if not any(char.isdecimal() for char in answer):
        return language.stems(answer)
    from mkdeck.checks.quantities import amounts, dates  # noqa: PLC0415 - 30 ms; few notes come here

    for date in dates(answer, language.lang):
        if date.end - date.start == len(answer.strip()):
            return {each for each in language.stems(answer) if each.isdecimal()}
    for amount in reversed(amounts(answer, language.lang)):
        answer = f"{answer[: amount.number_end]} {answer[amount.end :]}"
    return language.stems(answer)


def _stands_in(answer: str, text: str, language: Language) -> bool:
    """Tell whether the words of an answer stand one after the other in a text, but for plurals.

    In formulas and code, capitals are other letters, and signs count.
    """
    if is_exact(answer):
        return answer.strip() in text
    if answer.isupper() and answer.isalpha():  # `US` is not `us`
        return re.search(rf"(?<!\w){answer}(?!\w)", text) is not None
    return _run(tokens(answer), tokens(text), language) >= 0


def _run(sought: list[str], words: list[str], language: Language) -> int:
    """Find where the words of an answer stand one after the other; -1 if nowhere."""
    if not sought or len(sought) > len(words) or not any(word[0].isalnum() for word in sought):
        return -1
    stems = [language[word] or word for word in words]
    run = [language[word] or word for word in sought]
    if f" {' '.join(run)} " not in f" {' '.join(stems)} ":
        return -1  # nearly always
    return next(at for at in range(len(stems)) if stems[at : at + len(run)] == run)


def told_by_prompt(sheet: Sheet, language: Language) -> Iterator[Finding]:
    """Find a prompt's answer on its front."""
    draft = sheet.draft
    for ordinal in draft.cards:
        front, back = (sheet.back, sheet.text) if ordinal else (f"{sheet.header} {sheet.text}", sheet.back)
        if len(back) > len(front) + len(" the "):
            continue
        if is_exact(back):
            is_told = back.strip() in front
        else:
            is_told = _is_told(back, front, language, is_free=draft.kind == "plain")
        if is_told:
            message = f"`{back.strip()}` can be read on the front that asks for it"
            yield Finding(sheet.place, message, "ask in other words", back.strip())


def _is_told(back: str, front: str, language: Language, *, is_free: bool) -> bool:
    """Tell whether a front says its answer; if `is_free`, not as a choice or as a word to work on."""
    answer = [word for word in tokens(back) if word not in language.small] or tokens(back)
    if is_free:
        rest = _QUOTED.sub(" ", front)
        if "?" not in front and len(tokens(rest)) <= _FEW_WORDS:
            return False
        front = rest
    words = tokens(front)
    at = _run(answer, words, language)
    return at >= 0 and not (is_free and _is_offered(words, at, at + len(answer), language))


def _is_offered(words: list[str], start: int, end: int, language: Language) -> bool:
    """Tell whether what stands there is one of two things of which one is to be chosen: `A or the B?`."""
    either = or_word(language.lang)
    before = words[max(0, start - 3) : start]
    after = words[end : end + 1]
    while before and before[-1] in language.small and before[-1] != either:
        before.pop()
    return before[-1:] == [either] or after == [either]
