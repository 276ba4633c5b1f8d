"""Declared facts: finding them in a text, whatever dashes, quotes, spaces and case were used there."""

from __future__ import annotations

import bisect
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FOLDS = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("‘’‚‛′ʼ´`", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("\t\n\r\u00a0\u1680\u202f\u205f\u3000", " "),
    **{chr(code): " " for code in range(0x2000, 0x200B)},
}
_FOLDED = re.compile(f"[{re.escape(''.join(_FOLDS))}]")

# Scripts written without spaces (Thai to Burmese, Khmer, kana, Han), and Korean, which ties endings to its
# words: each character is a word of its own.
_SINGLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"[{_SINGLE}]|[^\W{_SINGLE}]+|[^\w\s]")
_NEXT_TOKEN = re.compile(rf"\s*({_TOKEN.pattern})")
_ONE = re.compile(f"[{_SINGLE}]")


def fold(text: str) -> str:
    """Fold dashes, quotes, spaces and case; the length stays, so that places in it are places in `text`."""
    # Looking for the few signs takes 0.1x of what str.translate takes for a text that is not ASCII.
    folded = _FOLDED.sub(lambda match: _FOLDS[match[0]], text)
    lower = folded.lower()
    if len(lower) != len(folded):  # such as U+0130, whose small form is two characters
        lower = "".join(small if len(small := char.lower()) == 1 else char for char in folded)
    return lower


def folded_words(text: str) -> str:
    """Fold a text to its words, so that two spellings of one fact are equal."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return " ".join(text.lower().split())  # most answers; 0.2x of the time
    return " ".join(_TOKEN.findall(fold(text)))


def tokens(text: str) -> list[str]:
    """Fold a text to its words and signs, one by one."""
    return _TOKEN.findall(text.lower() if text.isascii() else fold(text))


@dataclass(frozen=True, slots=True)
class Match:
    """A fact found at `text[start:end]`."""

    start: int
    end: int
    fact: IndexedFact
    answer: str
    """What stands there, folded to its words."""


@dataclass(frozen=True, slots=True)
class IndexedFact:
    """A declared fact: what it is known by, its hint as HTML, and its words if it is known by an id."""

    key: str
    hint: str = ""
    words: str = ""


@dataclass(slots=True)
class FactIndex:
    """The facts of a scope, by their first word, so that one pass over a text finds them all."""

    _by_word: dict[str, list[tuple[list[str], IndexedFact, str]]] = field(default_factory=dict)
    """First word -> words, fact and words in one string, of the longest spelling first."""

    def add(self, spellings: Iterable[str], fact: IndexedFact) -> None:
        """Take in a fact. A later one of the same spelling (an inner scope's) goes before an earlier one."""
        for spelling in spellings:
            tokens = _TOKEN.findall(fold(spelling))
            if tokens:
                # A list of its own: the old one may be an outer scope's.
                same_word = self._by_word[tokens[0]] = list(self._by_word.get(tokens[0], ()))
                spelled = (tokens, fact, " ".join(tokens))
                bisect.insort_left(same_word, spelled, key=lambda each: -len(each[0]))

    def __bool__(self) -> bool:
        return bool(self._by_word)

    def copy(self) -> FactIndex:
        """Give an index that can grow on its own."""
        return FactIndex(dict(self._by_word))

    def find(self, text: str) -> list[Match]:
        """Find the facts in `text`, longest first where they overlap, in the order of standing."""
        if not self._by_word:
            return []
        folded = fold(text)
        found = [
            match
            for token in _TOKEN.finditer(folded)
            if token[0] in self._by_word
            for match in self._at(folded, token)
        ]
        if len(found) < 2:
            return found
        kept: list[Match] = []
        taken = bytearray(len(folded))
        for match in sorted(found, key=lambda each: each.start - each.end):
            if taken.find(1, match.start, match.end) < 0:
                taken[match.start : match.end] = b"\x01" * (match.end - match.start)
                kept.append(match)
        return sorted(kept, key=lambda each: each.start)

    def _at(self, folded: str, first: re.Match[str]) -> Iterator[Match]:
        """Find the facts whose first word is the token `first`."""
        for words, fact, answer in self._by_word[first[0]]:
            end = first.end()
            for word in words[1:]:
                following = _NEXT_TOKEN.match(folded, end)
                if following is None or following[1] != word:
                    break
                end = following.end()
            else:
                if is_boundary(folded, first.start()) and is_boundary(folded, end):
                    yield Match(first.start(), end, fact, answer)


def is_boundary(text: str, at: int) -> bool:
    """Tell whether a word of the folded `text` may begin or end at `at`.

    Not inside a word, nor inside a number or a range: `20` does not stand in `20-35` or `3.20`.
    """
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    if before == " " or after == " ":
        return True
    if _wordy(before) and _wordy(after):
        return bool(_ONE.match(before) or _ONE.match(after)) and not unicodedata.combining(after)
    return not any(
        0 < sign < len(text) - 1 and text[sign] in "-.,:/" and text[sign - 1].isdigit() and text[sign + 1].isdigit()
        for sign in (at - 1, at)
    )


def _wordy(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"
