"""One text of a deck -> HTML with marks for its blanks: the short way for plain prose, and Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdeck.markup.blanks import Blank, Marked, MarkupProblem, blanked
from mkdeck.markup.clozes import check_number
from mkdeck.markup.escape import clean, escape_html
from mkdeck.markup.facts import FactIndex, folded_words

if TYPE_CHECKING:
    from collections.abc import Callable

    MediaName = Callable[[str], str | None]
    """Gives the name under which a picture is stored in the package; None (and a finding) if it cannot be."""

_NO_FACTS = FactIndex()

# Most texts hold no markup at all; for those, Markdown would cost some 100 times the time of escaping.
# What Markdown could act on, anywhere or at the start of a text:
_SIGNS = r"\\`*_\[\]<&$~|{}\n\t"
_BLOCK_START = r"(?!\s*(?:[-+*#>=]|\d{1,9}[.)]))"
_PROSE = rf"[^{_SIGNS}]"
# The quantifiers are possessive (`++`): without, a text that does not match takes exponential time.
_ANSWER = rf"(?:[^{_SIGNS}:]++|:(?!:))++"
# What nearly is a cloze number is left to Markdown, which has the messages.
_NUMBER = r"(?:c(\d+)::|(?!\s*[cC]\s*\d))"
_SIMPLE_CLOZE = rf"\{{\{{{_NUMBER}(?!\s*\}}\}}|\s*::)({_ANSWER})(?:::({_ANSWER}))?+\}}\}}"
_CLOZE = re.compile(_SIMPLE_CLOZE)
_PLAIN = re.compile(rf"{_BLOCK_START}{_PROSE}*")
_PLAIN_WITH_CLOZES = re.compile(rf"{_BLOCK_START}(?:{_PROSE}++|{_SIMPLE_CLOZE})*+")


def mark(
    text: str,
    facts: FactIndex = _NO_FACTS,
    *,
    clozes: bool = False,
    media: MediaName | None = None,
) -> Marked:
    """Render a Markdown text to HTML, with marks where `facts` stand and, with `clozes`, at `{{...}}`.

    `media` is asked for the stored name of every picture. What is wrong in the text is in
    `Marked.problems`; the HTML is safe to show all the same.
    """
    text = clean(text).strip()
    if "{" not in text and _PLAIN.fullmatch(text):
        return _with_facts(text, facts)
    if clozes and _PLAIN_WITH_CLOZES.fullmatch(text):
        return _with_simple_clozes(text, facts)
    from mkdeck.markup.markdown import render  # noqa: PLC0415 - 40 ms that a plain deck does not pay

    return render(text, facts, clozes=clozes, media=media)


def _with_facts(text: str, facts: FactIndex) -> Marked:
    parts: list[str] = []
    blanks: list[Blank] = []
    _add_prose(text, facts, parts, blanks)
    return Marked("".join(parts), tuple(blanks))


def _with_simple_clozes(text: str, facts: FactIndex) -> Marked:
    parts: list[str] = []
    blanks: list[Blank] = []
    problems: list[MarkupProblem] = []
    done = 0
    for match in _CLOZE.finditer(text):
        _add_prose(text[done : match.start()], facts, parts, blanks)
        number, answer, hint = match.groups()
        folded = folded_words(answer)
        blank = Blank(None, escape_html(hint) if hint else "", folded or answer, folded)
        if number is not None:
            blank.number = check_number(number, match[0], problems)
        parts.append(blanked(len(blanks), escape_html(answer)))
        blanks.append(blank)
        done = match.end()
    _add_prose(text[done:], facts, parts, blanks)
    return Marked("".join(parts), tuple(blanks), tuple(problems))


def _add_prose(text: str, facts: FactIndex, parts: list[str], blanks: list[Blank]) -> None:
    done = 0
    for match in facts.find(text) if facts else ():
        parts.append(escape_html(text[done : match.start]))
        parts.append(blanked(len(blanks), escape_html(text[match.start : match.end])))
        blanks.append(Blank(None, match.fact.hint, match.fact.key, match.answer, match.fact.words))
        done = match.end
    parts.append(escape_html(text[done:]))
