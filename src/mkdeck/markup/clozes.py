"""The author's own clozes, `{{answer}}`, `{{answer::hint}}` and `{{c2::answer::hint}}`: their grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mkdeck.markup.blanks import MAX_NUMBER, MarkupProblem
from mkdeck.markup.escape import escape_html

RULE = "cloze-syntax"
_NUMBER = re.compile(r"c(\d+)::")


@dataclass(frozen=True, slots=True)
class Written:
    """A cloze in a text: `text[start:end]` is all of it, `text[answer:answer_end]` its answer."""

    start: int
    end: int
    answer: int
    answer_end: int
    number: str | None
    hint: str


def written_at(text: str, start: int, stop: int) -> Written | None:
    """Read the cloze that opens with `{{` at `start`; None if it is not closed before `stop`."""
    number = _NUMBER.match(text, start + 2, stop)
    answer = number.end() if number else start + 2
    close, hint = _find_close(text, answer, stop, braces=True)
    if close < 0:
        close, hint = _find_close(text, answer, stop, braces=False)
    if close < 0:
        return None
    words = text[hint + 2 : close] if hint >= 0 else ""
    words = escape_html(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words)).replace("}", "&#125;")
    end = hint if hint >= 0 else close
    return Written(start, close + 2, answer, end, number[1] if number else None, words.strip())


def _find_close(text: str, at: int, stop: int, *, braces: bool) -> tuple[int, int]:
    r"""Find the `}}` that closes what opened before `at`, and the `::` of its hint (-1 where there is none).

    With `braces`, single ones inside the answer are paired, so that `{{\frac{a}{b}}}` ends where it should.
    """
    waiting: list[str] = []
    hint = -1
    while at < stop:
        pair = text[at : at + 2]
        if pair[0] == "\\":
            at += 2
            continue
        if pair == "{{" or (braces and pair[0] == "{"):
            waiting.append(pair if pair == "{{" else "{")
        elif waiting and waiting[-1] == "{" and pair[0] == "}":
            waiting.pop()
            pair = "}"
        elif pair == "}}":
            if not waiting:
                return (at, hint) if at + 2 <= stop else (-1, -1)
            waiting.pop()
        elif pair == "::" and not waiting and hint < 0:
            hint = at
        at += 2 if pair in ("{{", "}}", "::") else 1
    return -1, -1


def check(cloze: Written, text: str, problems: list[MarkupProblem]) -> int | None:
    """Give the pinned number of a cloze; add what is wrong with it to `problems`."""
    whole = text[cloze.start : cloze.end]
    answer = text[cloze.answer : cloze.answer_end]
    if not answer.strip():
        problems.append(MarkupProblem(RULE, "this cloze has no answer", whole, "write it as `{{answer}}`"))
    elif re.fullmatch(r"C\d+", answer) and cloze.hint:
        problems.append(MarkupProblem(RULE, f"`{answer}` is no cloze number", whole, f"write `{answer.lower()}`"))
    return check_number(cloze.number, whole, problems) if cloze.number is not None else None


def check_number(number: str, whole: str, problems: list[MarkupProblem]) -> int | None:
    """Give the cloze number that the author pinned; None (and a problem) if Anki would not take it."""
    if len(number) < 5 and 1 <= int(number) <= MAX_NUMBER:
        return int(number)
    message = f"Anki has no cloze number {number[:20]}; numbers go from 1 to {MAX_NUMBER}"
    problems.append(MarkupProblem(RULE, message, whole, "leave the number out"))
    return None
