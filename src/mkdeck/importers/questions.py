"""Questions with answers in notes, `Q: …` above `A: …` -> cards with a front and a back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdeck.importers.plain_text import is_seen
from mkdeck.importers.report import Remark
from mkdeck.importers.terms import is_term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdeck.importers.written import Writer

_BEFORE = r"\s*(?:[-*•–]\s+|\(?\d{1,3}[.)]\s+)?(?:\*\*|__)?"
_BEHIND = r"\s?\d{0,3}\s?(?:\*\*|__)?[:.)](?:\*\*|__)?\s+"
_QUESTION = re.compile(rf"{_BEFORE}(?:Q|F|question|frage|pregunta|domanda){_BEHIND}(\S.*)", re.IGNORECASE)
_ANSWER = re.compile(
    rf"{_BEFORE}(?:A|R|ans|answer|antwort|réponse|reponse|respuesta|risposta){_BEHIND}(\S.*)", re.IGNORECASE
)
_BOTH = re.compile(r"(.*\S)\s+(?:A|Ans|Answer|Antwort|R):\s+(\S.*)")
"""A question with its answer in the same line."""
_ITEM = re.compile(r"[-*•–]\s+(\S.*)")
_NO_HEADING = re.compile(r"[.,;!?…]$|^[-*•–]\s|^\d{1,3}[.)]\s")
_HEADING_WORDS = 8


@dataclass(frozen=True, slots=True)
class Questions:
    """The cards of notes, what they are called, and the notes without them; their lines are empty."""

    cards: tuple[dict[str, str], ...]
    title: str
    """The heading above the cards, if there is nothing else in the notes."""
    rest: str


def take_questions(text: str, writer: Writer, remarks: list[Remark]) -> Questions:
    """Take the questions that have an answer out of notes; the others stay."""
    lines = text.split("\n")
    cards: list[dict[str, str]] = []
    headings: list[int] = []
    at = 0
    while at < len(lines):
        if (found := _pair(lines, at)) is None:
            at += 1
            continue
        front, back, end = found
        if (above := _heading_above(lines, at)) is not None:
            headings.append(above)
        cards.append({"front": writer.text(front), "back": _written(back, writer)})
        remarks.append(Remark(at + 1, f"a card: {front}"))
        lines[at:end] = [""] * (end - at)
        at = end
    title = _without_headings(lines, headings, remarks)
    return Questions(tuple(cards), title, "\n".join(lines))


def _pair(lines: Sequence[str], at: int) -> tuple[str, list[str], int] | None:
    """Read a question and the lines of its answer, and where they end; None if none begins here."""
    if (question := _QUESTION.fullmatch(lines[at])) is None:
        return None
    if both := _BOTH.fullmatch(" ".join(question[1].split())):
        front, answer = both[1], both[2]
    else:
        above = [question[1].strip()]
        at += 1
        while at < len(lines) and lines[at].strip() and not _begins(lines[at]):
            above.append(lines[at].strip())
            at += 1
        at = next((each for each in range(at, len(lines)) if lines[each].strip()), at)
        found = _ANSWER.fullmatch(lines[at]) if at < len(lines) else None
        if found is None:
            return None
        front, answer = " ".join(above), found[1].strip()
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _begins(lines[end]):
        end += 1
    back = [answer, *(line.strip() for line in lines[at + 1 : end])]
    return (front, back, end) if is_seen(front) and is_seen(answer) else None


def _begins(line: str) -> bool:
    return _QUESTION.fullmatch(line) is not None or _ANSWER.fullmatch(line) is not None


def _written(answer: Sequence[str], writer: Writer) -> str:
    """Write the lines of an answer as a text, with a list if bullets are among them."""
    parts = [answer[0]]
    for line in answer[1:]:
        if item := _ITEM.fullmatch(line):
            parts.append(item[1])
        else:
            parts[-1] += f" {line}"
    text, *items = map(writer.text, parts)
    return "\n\n".join(filter(None, [text, "\n".join(f"- {item}" for item in items)]))


def _heading_above(lines: Sequence[str], at: int) -> int | None:
    """Give the line above that is nothing but the heading of what begins here."""
    above = next((each for each in reversed(range(max(0, at - 2), at)) if lines[each].strip()), None)
    if above is None or (above and lines[above - 1].strip()):
        return None
    said = lines[above].strip()
    is_short = len(said.split()) <= _HEADING_WORDS and any(map(str.isalnum, said))
    return above if is_short and not _NO_HEADING.search(said) and not is_term(said) else None


def _without_headings(lines: list[str], headings: Sequence[int], remarks: list[Remark]) -> str:
    """Empty the lines that are headings of cards, and give the title, if one is all that is left of the notes."""
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    above = frozenset(headings)
    is_more = any(line.strip() for at, line in enumerate(lines) if at not in above)
    title = ""
    for at in headings:
        if at == first and is_more:
            continue  # the title of the notes
        said = lines[at].strip().strip("#").strip()
        title = said if at == first else title
        remarks.append(Remark(at + 1, f"the {'title' if at == first else 'heading of cards'}: {said}"))
        lines[at] = ""
    return title
