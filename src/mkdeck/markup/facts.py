"""Declared facts: finding them in a text, whatever dashes, quotes, spaces and case were used there."""

from __future__ import annotations

import bisect
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FOLDS = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("‘’‚‛′ʼ´`", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("\t\n\r\u00a0\u1680\u202f\u205f\u3000", " "),
    **{chr(code): " " for code in range(0x2000, 0x200B)},
}

# Scripts written without spaces (Thai to Burmese, Khmer, kana, Han), and Korean, which ties endings to its
# words: each character is a word of its own.
_SINGLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_FOLDS_BY_CODE = str.maketrans(_FOLDS)
_ASCII_TOKEN = re.compile(r"\w+|[^\w\s]")
"""A word or a sign, in a text of ASCII; finds them in 0.4x of the time of `_token()`."""
_ASCII = bytes(range(128))
_PLAIN = _ASCII.translate(None, "".join(_FOLDS).encode("ascii", "ignore"))
"""ASCII that stays as it is when it is folded, but for capitals."""
_BARE = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or chr(code) in "_\n" else ord(" ") for code in _ASCII
) + bytes(range(128, 256))
"""ASCII in UTF-8 -> small letters, and blanks for signs."""
_FEW = 16
"""First words up to which a text is searched for each of them; for more, its words are looked up."""


@cache
def _token() -> re.Pattern[str]:
    """Give the pattern of a word or sign; to compile one with these ranges takes 2 ms that few decks pay."""
    return re.compile(rf"[{_SINGLE}]|[^\W{_SINGLE}]+|[^\w\s]")


@cache
def _bare_word() -> re.Pattern[str]:
    return re.compile(rf"[{_SINGLE}]|[^\W{_SINGLE}]+")


@cache
def _one() -> re.Pattern[str]:
    return re.compile(f"[{_SINGLE}]")


def fold(text: str) -> str:
    """Fold dashes, quotes, spaces and case; the length stays, so that places in it are places in `text`."""
    if text.isascii():
        lower = text.lower()
        return lower if lower.isprintable() and "`" not in lower else lower.translate(_FOLDS_BY_CODE)
    # Few characters are not ASCII; to look among these takes 0.1x of what str.translate takes for the text.
    rare = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")
    folded = text
    for sign in _FOLDS.keys() & {*rare}:
        folded = folded.replace(sign, _FOLDS[sign])
    lower = folded.lower()
    if len(lower) != len(folded):  # such as U+0130, whose small form is two characters
        lower = "".join(small if len(small := char.lower()) == 1 else char for char in folded)
    return lower


def folded_words(text: str) -> str:
    """Fold a text to its words, so that two spellings of one fact are equal."""
    words = text.lower().split() if _is_simple(text) else _tokens(fold(text))
    return " ".join(words)


def folded_words_of(texts: Sequence[str]) -> list[str]:
    """Fold several texts of one line each to their words; together, in 0.5x of the time if they are simple."""
    lines = "\n".join(texts)
    blanks = lines.replace("\n", " ")
    if "  " not in blanks and blanks.strip() == blanks and _is_simple(blanks):
        return lines.lower().split("\n")
    return list(map(folded_words, texts))


def tokens(text: str) -> list[str]:
    """Fold a text to its words and signs, one by one."""
    if _is_simple(text):
        return text.lower().split()
    return _tokens(text.lower() if text.isascii() else fold(text))


def _is_simple(text: str) -> bool:
    """Tell whether a text is words and blanks, as most answers and hints are: these take 0.3x of the time."""
    return text.isascii() and text.replace(" ", "").isalnum()


def bare_words(text: str) -> list[str]:
    """Fold a text to its words: its tokens without the signs."""
    return _bare_words(text if text.isascii() else fold(text))


def bare_words_of(folded: Sequence[str]) -> list[list[str]]:
    """Give the words of several folded texts of one line each; together, in 0.6x of the time."""
    lines = "\n".join(folded)
    if _has_simple_words(lines):
        return [line.split() for line in lines.encode().translate(_BARE).decode().split("\n")]
    return list(map(_bare_words, folded))


def _bare_words(folded: str) -> list[str]:
    if _has_simple_words(folded):
        # To put blanks for the signs, and to split at blanks, takes 0.2x of the time of a regular expression.
        return folded.encode().translate(_BARE).decode().split()
    return _bare_word().findall(folded)


def _has_simple_words(folded: str) -> bool:
    """Tell whether all signs of a text are ASCII, and no word is one character of a script without blanks."""
    if folded.isascii():
        return True
    rare = folded.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    return rare.isalnum() and max(rare) < _SINGLE[0]


def _tokens(folded: str) -> list[str]:
    return (_ASCII_TOKEN if folded.isascii() else _token()).findall(folded)


class Match(NamedTuple):
    """A fact found at `text[start:end]`."""

    start: int
    end: int
    fact: IndexedFact
    answer: str
    """What stands there, folded to its words."""


class IndexedFact(NamedTuple):
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
        self.add_folded(map(folded_words, spellings), fact)

    def add_folded(self, spellings: Iterable[str], fact: IndexedFact) -> None:
        """Do as `add` does, for spellings that are folded to their words already."""
        for spelling in filter(None, spellings):
            words = spelling.split(" ")
            entry = (words, fact, spelling)
            # A list of its own: the old one may be an outer scope's.
            same_word = self._by_word[words[0]] = [*self._by_word.get(words[0], ()), entry]
            if len(same_word) > 1:
                same_word.pop()
                bisect.insort_left(same_word, entry, key=lambda each: -len(each[0]))

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
        few = len(self._by_word) <= _FEW
        first_words = self._by_word if few else self._by_word.keys() & set(_tokens(folded))
        found: list[Match] = []
        for word in first_words:
            start = folded.find(word)
            while start >= 0:
                if _is_token(word, folded, start):
                    self._take(folded, start, word, found)
                start = folded.find(word, start + len(word))
        found.sort(key=itemgetter(0))
        if all(one.end <= other.start for one, other in pairwise(found)):
            return found  # nearly always
        kept: list[Match] = []
        taken = bytearray(len(folded))
        for match in sorted(found, key=lambda each: each.start - each.end):
            if taken.find(1, match.start, match.end) < 0:
                taken[match.start : match.end] = b"\x01" * (match.end - match.start)
                kept.append(match)
        return sorted(kept, key=lambda each: each.start)

    def _take(self, folded: str, start: int, first: str, found: list[Match]) -> None:
        """Add the facts whose first word is the one at `start` to `found`."""
        for words, fact, answer in self._by_word[first]:
            if folded.startswith(answer, start):  # nearly always: 0.3x of the time of going from word to word
                end = start + len(answer)
                last = words[-1]
                if not _is_token(last, folded, end - len(last)):
                    continue
            else:
                end = _end(words, folded, start)
            if end > 0 and is_boundary(folded, start) and is_boundary(folded, end):
                found.append(Match(start, end, fact, answer))


def _end(words: Sequence[str], folded: str, start: int) -> int:
    """Find where the words end of which the first stands at `start`; 0 if the others do not follow it."""
    end = start + len(words[0])
    for word in words[1:]:
        while folded[end : end + 1].isspace():
            end += 1
        if not (folded.startswith(word, end) and _is_token(word, folded, end)):
            return 0
        end += len(word)
    return end


def _is_token(word: str, folded: str, at: int) -> bool:
    """Tell whether the word or sign that stands at `at` is not a part of a longer word."""
    end = at + len(word)
    before, after = folded[at - 1 : at], folded[end : end + 1]
    if before <= " " and after <= " ":
        return True  # nearly always: blanks or nothing
    return not ((_joins(after) and _joins(word[-1])) or (_joins(before) and _joins(word[0])))


def _joins(char: str) -> bool:
    """Tell whether words of several characters may hold this one: no sign, and no Han character, which is alone."""
    return (char.isalnum() or char == "_") and (char < _SINGLE[0] or not _one().match(char))


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
        return bool(_one().match(before) or _one().match(after)) and not unicodedata.combining(after)
    return not any(
        0 < sign < len(text) - 1 and text[sign] in "-.,:/" and text[sign - 1].isdigit() and text[sign + 1].isdigit()
        for sign in (at - 1, at)
    )


def _wordy(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"
