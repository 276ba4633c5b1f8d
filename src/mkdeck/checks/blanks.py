"""Rules on what is blanked: not too much, not too little, and not what says nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdeck.checks.limits import ANSWER_WORDS, CLOZES_IN_POINT, SHARE_OF_SENTENCE
from mkdeck.checks.rules import Finding
from mkdeck.checks.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.checks.sheets import Blank, Sheet, Sheets

_SENTENCE_END = re.compile(
    r"(?:(?<=[^\W\d_]{3}[.!?…])|(?<=\d{4}[.!?…])|(?<=[)\]\"”’%][.!?…]))\s+(?=[^\W_])|(?<=[。！？])"
)
"""Not after an initial, a short abbreviation or a day: `V. I. Lenin`, `c. 1450`, `20. Juli 1932`."""
_MOST_BLANKS = 100
"""A text with more is not one to be measured."""
_SIGN_INSIDE = re.compile(r"[.!?…。！？].")


def cloze_too_long(sheets: Sheets) -> Iterator[Finding]:
    """A blank holds more than six words.

    A long answer is never given twice in the same words, so nobody can say whether it was right. Blank the words on
    which the sentence turns.

    Bad:

    ```yaml
    cards:
      - cloze: In 1929 the party decided {{to join all peasant households into large common farms}}.
    ```

    Good:

    ```yaml
    cards:
      - cloze: In 1929 the party decided to join all peasant households into {{large common farms}}.
    ```
    """
    for sheet in sheets.written:
        for blank in sheet.blanks:
            if blank.length > 2 * ANSWER_WORDS and (words := count(sheet.answer(blank))) > ANSWER_WORDS:
                message = f"this answer has {words} words; up to {ANSWER_WORDS} can be recalled as one thing"
                mend = "blank the words that matter, or make two blanks"
                yield Finding(sheet.place, message, mend, sheet.answer(blank))


def cloze_whole_sentence(sheets: Sheets) -> Iterator[Finding]:
    """A card blanks more than 60% of a sentence.

    What is left does not say what is asked for.

    Bad:

    ```yaml
    cards:
      - cloze: There was {{a shortage of grain}}.
    ```

    Good:

    ```yaml
    cards:
      - cloze: In the towns of 1928 there was {{a shortage of grain}}.
    ```
    """
    for sheet in sheets.written:
        # A fifth of the letters is never 60% of the words, if the text is one sentence.
        if len(sheet.blanks) > _MOST_BLANKS:
            continue
        longest = max(sum(blank.length for blank in blanks) for blanks in sheet.by_number().values())
        if 5 * longest < len(sheet.text) and not _SIGN_INSIDE.search(sheet.text):
            continue
        for sentence in _sentences(sheet):
            for blanks in sheet.by_number().values():
                inside = [blank for blank in blanks if sentence[0] <= blank.start < sentence[1]]
                blanked = sum(count(sheet.answer(blank)) for blank in inside)
                words = count(sheet.text[slice(*sentence)])
                is_answer = sheet.text[: sentence[0]].rstrip().endswith("?")
                if inside and not is_answer and blanked > SHARE_OF_SENTENCE * words:
                    message = f"{blanked} of the {words} words of this sentence are blanked at once"
                    if blanked >= words:
                        message = "the whole sentence is blanked at once"
                    yield Finding(
                        sheet.place, message, "blank less, or say more around it", sheet.answer(inside[0])
                    )


def _sentences(sheet: Sheet) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _SENTENCE_END.finditer(sheet.text):
        if not any(blank.start < end.end() <= blank.end for blank in sheet.blanks):
            yield start, end.start()
            start = end.end()
    yield start, len(sheet.text)


def too_many_clozes(sheets: Sheets) -> Iterator[Finding]:
    """A text has more than three blanks.

    Its cards come back one after the other, and each shows the answers of the others: the fourth is no effort. Two
    short sentences are better than one that holds everything.

    Bad:

    ```yaml
    cards:
      - cloze: In {{1928}} the {{Politburo}} sent {{Stalin}} to {{Siberia}} to collect grain from the villages.
    ```

    Good:

    ```yaml
    cards:
      - cloze: In {{1928}} the Politburo sent {{Stalin}} to Siberia to collect grain from the villages.
    ```
    """
    for sheet in sheets.written:
        if len(sheet.blanks) > CLOZES_IN_POINT and (cards := len(sheet.by_number())) > CLOZES_IN_POINT:
            message = f"this text has {cards} blanks; more than {CLOZES_IN_POINT} tell on each other"
            yield Finding(sheet.place, message, "make two texts of it")


def trivial_cloze(sheets: Sheets) -> Iterator[Finding]:
    """A blank asks for nothing but small words: an article, a preposition, an auxiliary.

    Grammar gives the answer, and nothing is learnt.

    Bad:

    ```yaml
    cards:
      - cloze: The peasants rose {{against the}} collection of grain in many villages.
    ```

    Good:

    ```yaml
    cards:
      - cloze: The peasants rose against the {{collection of grain}} in many villages.
    ```
    """
    language = sheets.language
    for sheet in sheets.written:
        for blank in sheet.blanks:
            # Names (`the US`, `IT`) may be spelt as small words are; a choice (`for/since`) is a drill.
            answer = sheet.answer(blank)
            if (
                blank.length < 30
                and "/" not in blank.hint
                and not _is_name(sheet, blank)
                and language.is_small(answer)
            ):
                message = f"`{answer}` says nothing of the subject"
                yield Finding(sheet.place, message, "blank the word that matters", answer)


def _is_name(sheet: Sheet, blank: Blank) -> bool:
    """Tell whether a word of an answer has a capital that does not come from beginning a sentence."""
    answer = sheet.answer(blank)
    begins = not sheet.text[: blank.start].rstrip() or sheet.text[: blank.start].rstrip()[-1] in ".!?…"
    return answer[1:] != answer[1:].lower() or (not begins and answer[:1] != answer[:1].lower())


def point_without_fact(sheets: Sheets) -> Iterator[Finding]:
    """A point asks nothing: it has no blank, and no declared fact stands in it.

    It is shown among the evidence of its reason, and no card makes anyone remember it.

    Bad:

    ```yaml
    reasons:
      - id: resistance
        reason: Resistance in the countryside
        points:
          - Many peasants kept their grain back in the winter of 1927.
    ```

    Good:

    ```yaml
    reasons:
      - id: resistance
        reason: Resistance in the countryside
        points:
          - Many peasants {{kept back}} their grain in the winter of 1927.
    ```
    """
    if sheets.deck.make is not None and "fact" not in sheets.deck.make:
        return
    asking = {sheet.draft.place for sheet in sheets.all if sheet.draft.kind == "fact"}
    for _, _, place in sheets.points():
        if place not in asking:
            yield Finding(
                (*place, "text"), "this point asks nothing", "declare a fact in it, or put braces around one"
            )
