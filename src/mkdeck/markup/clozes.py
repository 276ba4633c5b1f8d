"""The author's own clozes, `{{answer}}`, `{{answer::hint}}` and `{{c2::answer::hint}}`: their grammar."""

from __future__ import annotations

import re
from typing import NamedTuple

from mkdeck.markup.blanks import MAX_NUMBER, MarkupProblem
from mkdeck.markup.escape import escape_text

RULE = "cloze-syntax"
_NUMBER = re.compile(r"c(\d+)::")
MATHS = r"(?<!\d)\$(?:\$((?:\\.|[^$\\])+)\$|(?!\s)((?:\\.|[^$\\])+)(?<!\s))\$(?!\d)"
"""Pandoc's rule: no blank after the first and before the last sign, no digit outside."""
_WHOLE = re.compile(rf"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)|{MATHS}", re.DOTALL)
"""A code span or maths."""
SIGNS = "\\`*_[]<&$~|{}\n\t"
"""What Markdown could act on."""
# The quantifiers are possessive (`++`): without, a text that does not match takes exponential time.
_ANSWER = rf"(?:[^{re.escape(SIGNS)}:]++|:(?!:))++"
# What nearly is a cloze number is left to Markdown, which has the messages.
_PINNED = r"(?:c(?P<number>\d+)::|(?!\s*[cC]\s*\d))"
SIMPLE_CLOZE = rf"\{{\{{{_PINNED}(?!\s*\}}\}}|\s*::)(?P<answer>{_ANSWER})(?:::(?P<hint>{_ANSWER}))?+\}}\}}"
"""A cloze of prose."""
_NEARLY_NUMBER = re.compile(r"\s*c\s*(\d{1,3})(?:\s*,\s*\d+)*\s*(?::\s*(.*))?", re.IGNORECASE | re.DOTALL)


def without_groups(pattern: str) -> str:
    """Give a regular expression without its named groups: inside of `*+`, Python 3.11 loses its way with them."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


class Written(NamedTuple):
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
    shown = text[hint + 2 : close] if hint >= 0 else ""
    shown = escape_text(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", shown)).replace("}", "&#125;")
    end = hint if hint >= 0 else close
    return Written(start, close + 2, answer, end, number[1] if number else None, shown.strip())


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
        if pair[0] in "`$" and (whole := _WHOLE.match(text, at, stop)):
            at = whole.end()  # what looks like a brace or a colon in code and maths is none
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
    elif problem := _needless(cloze, text):
        problems.append(MarkupProblem(RULE, problem[0], whole, problem[1]))
    elif cloze.number is None and (meant := _meant(answer, text[cloze.answer_end + 2 : cloze.end - 2])):
        message = f"`{answer.strip()}` looks like a cloze number"
        problems.append(MarkupProblem(RULE, message, whole, f"write `{meant}`"))
    return check_number(cloze.number, whole, problems) if cloze.number is not None else None


def _needless(cloze: Written, text: str) -> tuple[str, str] | None:
    """Tell what does nothing in a cloze, and the mend: an empty or second hint, or a cloze around a cloze."""
    answer = text[cloze.answer : cloze.answer_end]
    after = text[cloze.answer_end : cloze.end - 2]
    if after.strip() == "::":
        return "this cloze has an empty hint", "take `::` out, or write the hint after it"
    if "::" in _WHOLE.sub("", after[2:]):
        return "a hint holds no `::`", r"a cloze has one hint; a colon of a text is written `\:`"
    start = cloze.answer + len(answer) - len(answer.lstrip())
    inner = written_at(text, start, cloze.answer_end) if text.startswith("{{", start) else None
    if inner and not text[inner.end : cloze.answer_end].strip():
        return "this cloze holds nothing but another one", "write one of the two"
    if cloze.number is not None and f"{{{{c{cloze.number}::" in answer:
        return "a cloze of the same number stands inside this one", "take the inner one out: both are one blank"
    return None


def _meant(answer: str, hint: str) -> str | None:
    """Give the cloze that was meant by `c1:x`, `c 1::x`, `C1::x`, `c1,2::x` or `c1`; None if it is an answer.

    Otherwise the answer would stand on the front as the hint, or would be `c1` itself. A year (`c 1450`) is
    higher than any cloze number, and an author who does ask for `c1` writes `{{c1::c1}}`.
    """
    nearly = _NEARLY_NUMBER.fullmatch(answer)
    if nearly is None or int(nearly[1]) > MAX_NUMBER:
        return None
    number, after_colon = nearly.groups()
    if after_colon is not None:
        hint = f"{after_colon.strip()}::{hint}" if hint else after_colon
    elif not hint and not re.fullmatch(r"c\d+", answer.strip()):
        return None  # `C1` is a level of language, `c 14` a date
    return f"{{{{c{number}::{hint.strip() or 'answer'}}}}}"


def check_number(number: str, whole: str, problems: list[MarkupProblem]) -> int | None:
    """Give the cloze number that the author pinned; None (and a problem) if Anki would not take it."""
    if len(number) < 5 and 1 <= int(number) <= MAX_NUMBER:
        return int(number)
    message = f"Anki has no cloze number {number[:20]}; numbers go from 1 to {MAX_NUMBER}"
    problems.append(MarkupProblem(RULE, message, whole, "leave the number out"))
    return None
