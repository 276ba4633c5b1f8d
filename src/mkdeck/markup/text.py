"""One text of a deck -> HTML with marks for its blanks: the short way for plain prose, and Markdown."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from mkdeck.markup.blanks import Blank, Marked, MarkedProse, MarkupProblem
from mkdeck.markup.clozes import SIGNS, SIMPLE_CLOZE, check_number
from mkdeck.markup.escape import clean, escape_html
from mkdeck.markup.facts import FactIndex, folded_words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    MediaName = Callable[[str], str | None]
    """Gives the name under which a picture is stored in the package; None (and a finding) if it cannot be."""

_NO_FACTS = FactIndex()

# Most texts hold no markup at all; for those, Markdown would cost some 100 times the time of escaping.
_BLOCK = re.compile(r"\s*(?:[-+*#>=]|\d{1,9}[.)])")
"""What may begin a list, a heading or a table, at the start of a text."""
_SIGNS = SIGNS.encode()
_CLOZE = re.compile(SIMPLE_CLOZE)


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
    if not _BLOCK.match(text):
        if "{" not in text:
            if _is_prose(text):
                return _with_facts(text, facts)
        elif clozes and (plain := _with_simple_clozes(text, facts)):
            return plain
    if not facts:
        from mkdeck.markup.simple import render_simple  # noqa: PLC0415 - 3 ms that a deck without markup does not pay

        if simple := render_simple(text, clozes=clozes, media=media):
            return simple
    from mkdeck.markup.markdown import render  # noqa: PLC0415 - 40 ms that a plain deck does not pay

    return render(text, facts, clozes=clozes, media=media)


def _with_facts(text: str, facts: FactIndex) -> Marked:
    pieces: list[str] = []
    blanks: list[Blank] = []
    _add_prose(text, facts, pieces, blanks)
    return MarkedProse(pieces, tuple(blanks))


def _is_prose(text: str) -> bool:
    """Tell whether there is no sign in a text that Markdown could act on."""
    raw = text.encode("utf-8", "surrogatepass")
    return len(raw.translate(None, _SIGNS)) == len(raw)  # 0.3x of the time of a search


def _with_simple_clozes(text: str, facts: FactIndex) -> Marked | None:
    """Render prose with clozes; None if it is more than that."""
    parts = _CLOZE.split(text)  # 0.6x of the time of a match for each cloze
    prose, numbers, answers, hints = parts[::4], parts[1::4], parts[2::4], parts[3::4]
    if not _is_prose("".join(prose)):
        return None
    # Of what Anki acts on, prose may hold no more than these two.
    escape = escape_html if ":" in text or ">" in text else str
    own = [
        Blank(None, escape_html(hint).strip() if hint else "", folded or answer, folded)
        for answer, hint, folded in zip(answers, hints, map(_known, folded_words_of(answers)), strict=True)
    ]
    problems: list[MarkupProblem] = []
    if any(numbers):
        _pin(own, numbers, answers, hints, problems)
    if not facts:
        return MarkedProse([escape(each) for each in parts[::2]], tuple(own), tuple(problems))
    pieces: list[str] = []
    blanks: list[Blank] = []
    for before, answer, blank in zip(prose, answers, own, strict=False):
        _add_prose(before, facts, pieces, blanks)
        pieces.append(escape(answer))
        blanks.append(blank)
    _add_prose(prose[-1], facts, pieces, blanks)
    return MarkedProse(pieces, tuple(blanks), tuple(problems))


@lru_cache(maxsize=1 << 12)
def _known(folded: str) -> str:
    """Give one string for each of the words that come again and again, as names do: up to 60 bytes less a blank."""
    return folded


def _pin(
    blanks: Sequence[Blank], numbers: Sequence[str | None], answers: Sequence[str], hints: Sequence[str | None],
    problems: list[MarkupProblem],
) -> None:  # fmt: skip
    """Give blanks the numbers that the author wrote; what is wrong with one is added to `problems`."""
    for blank, number, answer, hint in zip(blanks, numbers, answers, hints, strict=True):
        if number is not None:
            whole = f"{{{{c{number}::{answer}::{hint}}}}}" if hint else f"{{{{c{number}::{answer}}}}}"
            blank.number = check_number(number, whole, problems)


def _add_prose(text: str, facts: FactIndex, pieces: list[str], blanks: list[Blank]) -> None:
    escaped = escape_html(text)
    escape = str if escaped is text else escape_html  # of a text with nothing to escape, no piece has it
    done = 0
    for start, end, fact, answer in facts.find(text):
        pieces.append(escape(text[done:start]))
        pieces.append(escape(text[start:end]))
        blanks.append(Blank(None, fact.hint, fact.key, answer, fact.words))
        done = end
    pieces.append(escape(text[done:]) if done else escaped)
