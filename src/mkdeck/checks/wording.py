"""Rules on how a front is worded: short, on its own feet, and not a list to recite."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdeck.checks.limits import ITEMS_TO_RECALL, WORDS_IN_ITEM, WORDS_ON_FRONT
from mkdeck.checks.rules import Finding
from mkdeck.checks.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.checks.sheets import Sheet, Sheets
    from mkdeck.notes import Draft

_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)")
_LIST = re.compile(r"<li>|</?[uo]l>")
_POINTS_NOWHERE = re.compile(
    r"It (?:takes|took|rain|snow)|It (?:is|was) .*\b(?:that|who)\b|Those who"
    r"|Il (?:y |exist|faut|fallut|fallait|pleu|neige)|Ce (?:sont|furent|fut|n’|n')"
    r"|\w+[-–]|\w+ \(|[A-Z]\w+ [A-Z]\w+ [A-Z]"
)
"""`It took six years`, `It was Lenin who ...`, `Il y a trois ordres`, a compound, a title."""
_TAG = re.compile(
    r"&lt;(/?(?:b|i|u|em|strong|sub|sup|br|hr|p|div|span|font|img|[uo]l|li|table|t[rdh]|h[1-6])(?=[\s/&]))"
)
_CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
_SHARED = frozenset({"Header", "Context", "Source"})
"""Fields that many notes have the same of."""
_COMMAS = re.compile(r"[,;、，；]")


def html_in_text(sheets: Sheets) -> Iterator[Finding]:
    """A text holds a tag of HTML, which the card shows as it stands: `<b>bold</b>`.

    Texts are Markdown, and nothing in them is taken for HTML. A tag that is meant to be read is code: `` `<b>` ``.

    Bad:

    ```yaml
    cards:
      - front: Which gas do plants <b>take in</b>?
        back: carbon dioxide, CO<sub>2</sub>
    ```

    Good:

    ```yaml
    cards:
      - front: Which gas do plants **take in**?
        back: carbon dioxide, $CO_2$
    ```
    """
    for draft in sheets.compiled.drafts:
        if draft.kind not in {"fact", "plain", "term", "judge"} or _is_html(sheets, draft):
            continue
        shown = (text for name, text in draft.fields.items() if name not in _SHARED and "&lt;" in text)
        tag = next(filter(None, (_TAG.search(_CODE.sub("", text)) for text in shown)), None)
        if tag:
            message = f"`<{tag[1]}>` is shown as it stands: texts are Markdown"
            mend = "write `**bold**`, `*italic*`, `$CO_2$`; or, for a note type under `note_types:`, `html: true`"
            yield Finding(draft.place, message, mend, f"<{tag[1]}")


def _is_html(sheets: Sheets, draft: Draft) -> bool:
    """Tell whether a note gives the HTML of its fields."""
    return draft.note_type == "own" and sheets.deck.cards[int(draft.place[1])].html


def text_too_long(sheets: Sheets) -> Iterator[Finding]:
    """A front has more than 40 words.

    It is read a hundred times, and in the end recognised by its shape instead of understood.

    Bad:

    ```yaml
    cards:
      - cloze: >-
          In the winter of 1927 and 1928 the peasants of many parts of the Soviet Union, who were paid little by the
          state and found nothing in the shops that they wanted to buy, did not sell their grain, so that the towns,
          which depended on it, ran short of {{bread}}.
    ```

    Good:

    ```yaml
    cards:
      - cloze: The peasants kept their grain back in the winter of 1927, so the towns ran short of {{bread}}.
    ```
    """
    for sheet in sheets.all:
        # Chains and maps are lists of texts that stand elsewhere; explanations and judgements have a short front.
        if sheet.draft.kind not in {"fact", "plain", "term", "judge"}:
            continue
        front = sheet.back if len(sheet.draft.cards) > 1 and not sheet.blanks else sheet.text  # of a term, both are
        if front.isascii() and front.count(" ") < WORDS_ON_FRONT:
            continue  # nearly always
        words = count(front)
        if words > WORDS_ON_FRONT:
            message = f"this front has {words} words; up to {WORDS_ON_FRONT} are read each time"
            yield Finding(sheet.place, message, "leave out what is not asked for, or put it into `note:`")


def opens_with_pronoun(sheets: Sheets) -> Iterator[Finding]:
    """A front begins with a word that points back: It, They, This, He.

    A card comes alone. There is nothing before it that the word could point to.

    Bad:

    ```yaml
    cards:
      - cloze: It was replaced by {{War Communism}} in the summer of 1918.
    ```

    Good:

    ```yaml
    cards:
      - cloze: The market in grain was replaced by {{War Communism}} in the summer of 1918.
    ```
    """
    pronouns = sheets.language.pronouns
    if not pronouns:
        return
    for sheet in sheets.all:
        if sheet.draft.kind not in {"fact", "plain"} or "<img" in sheet.draft.fields.get("Front", ""):
            continue  # `This map shows ...` stands beside its map
        first = _FIRST_WORD.match(sheet.text)
        if not first or first[1].lower() not in pronouns or _POINTS_NOWHERE.match(sheet.text, first.start(1)):
            continue
        if not (sheet.blanks and sheet.blanks[0].start <= first.start(1)):
            yield Finding(
                sheet.place, f"`{first[1]}` points back, and nothing stands before it", "name what is meant"
            )


def enumeration_too_long(sheets: Sheets) -> Iterator[Finding]:
    """A card asks for a list of more than seven things at once.

    Some are forgotten at every review, each time others. Blank one thing at a time with the rest around it, or make
    groups.

    Bad:

    ```yaml
    cards:
      - front: Which republics were in the Warsaw Pact?
        back: Albania, Bulgaria, Czechoslovakia, East Germany, Hungary, Poland, Romania and the Soviet Union
    ```

    Good:

    ```yaml
    cards:
      - cloze: Beside the Soviet Union, the Warsaw Pact of 1955 had {{seven members::how many}}.
    ```
    """
    for sheet in sheets.all:
        if sheet.draft.kind not in {"fact", "plain", "term"}:
            continue
        for asked in _asked(sheet):
            items = _items(asked, sheets.language.small)
            if items > ITEMS_TO_RECALL:
                message = f"this card asks for {items} things at once; up to {ITEMS_TO_RECALL} can be recalled"
                yield Finding(sheet.place, message, "make several cards, or blanks with numbers of their own")
                break


def _asked(sheet: Sheet) -> Iterator[str]:
    """Give what each card of a note asks for: HTML of a back, or the answers of one number, a line each."""
    if not sheet.blanks:
        yield sheet.draft.fields.get("Back", "")
    for blanks in sheet.by_number().values():
        yield "\n".join({sheet.answer(blank).lower(): "" for blank in blanks})


def _items(asked: str, small: frozenset[str]) -> int:
    """Count the things in a list: its items, lines or short parts between commas; 1 if it is no list."""
    items = max(_listed(asked), asked.count("\n") + 1 if "<" not in asked else 1)
    parts = _COMMAS.split(asked)
    if items == 1 and len(parts) > 2 and all(_is_item(part, small) for part in parts[:-1]):
        items = len(parts) + (count(parts[-1]) > 1 and _joins(parts[-1]))
    return items


def _listed(asked: str) -> int:
    """Count the items of the longest list in HTML; a list inside another is a group of its own."""
    open_lists: list[int] = []
    most = 0
    for tag in _LIST.findall(asked):
        if tag == "<li>" and open_lists:
            open_lists[-1] += 1
            most = max(most, open_lists[-1])
        elif tag in ("</ul>", "</ol>"):
            open_lists[-1:] = []
        elif tag != "<li>":
            open_lists.append(0)
    return most


def _is_item(part: str, small: frozenset[str]) -> bool:
    """Tell whether what stands between two commas is a thing, not a clause (`after years of wars`)."""
    return count(part) <= WORDS_IN_ITEM and sum(word.lower() in small for word in part.split()) <= 1


def _joins(part: str) -> bool:
    """Tell whether the last part holds two things: `Romania and the Soviet Union`."""
    words = part.split()
    return 2 < len(words) <= 2 * WORDS_IN_ITEM and any(len(word) <= 3 and word.islower() for word in words[1:-1])
