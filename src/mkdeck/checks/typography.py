"""The rule on dashes and quotation marks, and the one right mend of each sign, if it has one.

What a sign is (a quotation opens, it closes, an apostrophe, a prime) is told by what stands around it, not by
whether it is straight or curly: so a deck that has been mended is read as it was read before.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mkdeck.checks.rules import Finding
from mkdeck.checks.texts import BARRIER, prose, texts
from mkdeck.markup import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mkdeck.checks.sheets import Sheets
    from mkdeck.model import DeckData
    from mkdeck.source import Place

Kind = Literal["range", "double", "single"]
_Role = Literal["open", "close", "apostrophe"]

_STRAIGHT: dict[Kind, str] = {"double": '"', "single": "'"}
_DOUBLE = '"“”„‟«»「」『』'
_SINGLE = "'‘’‚‛‹›"
_QUOTE = re.compile(f"[{_DOUBLE}{_SINGLE}]")
_WORD_BEFORE = re.compile(rf"[^\s{_DOUBLE}{_SINGLE}]*$")
_WORD_AFTER = re.compile(rf"[^\s{_DOUBLE}{_SINGLE}]*")
_WORTH_A_LOOK = re.compile(rf"{_QUOTE.pattern}|\d[%‰°]?[-‐‑][$£€¥₽]?\d")
_CLOSING = {"“": "”", "„": "“", "«": "»", "»": "«", "‟": "”", "”": "”", "‘": "’", "‚": "‘", "‛": "’", "’": "’"}
"""What closes a quotation in a deck that has closed none with a curly mark."""
_OPENING = {"”": "“", "“": "„", "»": "«", "«": "»", "’": "‘", "‘": "‚"}
_SINGLE_FOR = {"“": "‘", "”": "’", "„": "‚"}
"""What quotes within such a quotation, in a deck that has no single quotation marks."""
_THROUGH = f"*_~{_DOUBLE}{_SINGLE}"
"""Emphasis, and quotations in quotations: whether one opens is told by what stands before all of them."""
_OPENS_AFTER = "([{<-‐‑–—―/=:|¿¡"
_CLOSES_BEFORE = ")]}>.,;:!?…-‐‑–—―/|%。，、；：！？"
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")
_ELISION = re.compile(r"\d\ds?\b|(?:tis|twas|em|til|cause|n|bout)\b", re.IGNORECASE)
"""What follows an apostrophe at the start of a word: '90s, 'tis."""

_NEAR = 8
_AROUND = 24
"""Characters around a sign that are looked at."""

_HYPHEN_IN_RANGES = frozenset(["ca", "es", "eu", "fr", "gl", "it", "ja", "ko", "pt", "zh"])
"""Languages in which a hyphen, or a sign of their own, may stand in a range."""
_NUMBER = r"(?:\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3}){1,4}(?!\d)|\d{1,15}(?:[.,:]\d{1,15}){0,4})"
_RANGE = re.compile(
    rf"""
    (?<![\w\-‐‑–—−/\\@#=+^{BARRIER}])(?<!\d[.,:])(?<![^\w.]\.)
    ({_NUMBER})(?:[ ]?[%‰°])?([-‐‑])[$£€¥₽]?({_NUMBER})
    (?![\w\-‐‑–—−/\\@^{BARRIER}]|[.,:]\d|\.\w|\s{{0,3}}=)
    """,
    re.VERBOSE,
)
_IS_NAMED = re.compile(
    r"(?:\b(?:art(?:icle|[ií]culo|ikel)?|section|sec|rule|paragraph|clause|form|model|type|room|flight|boeing|airbus"
    r"|no|nr|iso|din|rfc|isbn|phone|tel|telephone|call|dial|fax|ст|статья|статьи|статье)\.?|[§№])\s?$",
    re.IGNORECASE,
)
"""Before a number with a part, as in Article 58-10, or one of a telephone."""
_NAME = re.compile(r"\b(?:[A-Z]\w\w+\s[A-Z]\w+|[A-Z]{2,})\s$")
"""Before the number of a law or a form: Public Law 94-142."""
_IS_CALLED = re.compile(r"(?:\+\d[\d ]*|\(\d+\)) ?$")
_IS_PAGE = re.compile(r"(?:\b(?:pp?|pages?|s|seiten?|стр?|с)\b\.?)\s?$", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?!0)\d{1,3}(?:[., \u00a0\u2009\u202f]\d{3})+")
_YEARS = range(1000, 2101)
_FIRST_ISO_MONTHS = 1970
"""From this year on, 2001-02 may be a month."""


@dataclass(frozen=True, slots=True)
class Change:
    """One sign of a text, and the one that should stand there; none if mkdeck does not know which."""

    at: int
    new: str
    kind: Kind
    usual: str
    """The sign of this kind that the deck has most of."""
    start: int
    end: int
    """Of the range or the word that the sign stands in."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quotation mark or an apostrophe."""

    at: int
    char: str
    kind: Kind
    role: _Role | None
    """None if the quotations of the text do not open and close in turn."""
    is_spaced: bool
    """A blank stands between it and what is quoted, as in French."""
    is_escape: bool
    """A backslash stands before it, which Markdown would take for an escape if the mark was straight."""
    start: int
    end: int
    """Of the word that it stands in, as far as it holds no other mark."""

    @property
    def is_straight(self) -> bool:
        return self.char in _STRAIGHT.values()


def dash_or_quote_mixed(sheets: Sheets) -> Iterator[Finding]:
    """A hyphen joins two numbers to a range, or straight and curly quotation marks are mixed.

    A hyphen joins words; a range takes a dash. Two kinds of quotation marks in one deck look like two hands. The
    kind that the deck has less of is reported; `mkdeck check --fix` mends both. Code, maths and addresses may be as
    they are, and 5' 6" too. In French, Italian, Portuguese, Spanish and some other languages a range may have a
    hyphen.

    Bad:

    ```yaml
    cards:
      - cloze: The First World War of 1914-18 brought down {{four empires}}.
      - cloze: The empty shops of the later 1920s were called a “{{goods famine}}”.
        note: The low prices were a "tribute" of the villages.
    ```

    Good:

    ```yaml
    cards:
      - cloze: The First World War of 1914–18 brought down {{four empires}}.
      - cloze: The empty shops of the later 1920s were called a “{{goods famine}}”.
        note: The low prices were a “tribute” of the villages.
    ```
    """  # noqa: RUF002 - a range has a dash
    for place, text, found in changes(sheets.deck):
        for kind in ("range", "double", "single"):
            same = [change for change in found if change.kind == kind]
            if same:
                yield _finding(place, text, same)


def _finding(place: Place, text: str, same: Sequence[Change]) -> Finding:
    """Report the first of the changes of one kind in a text."""
    first = same[0]
    part = text[first.start : first.end]
    message = f"`{text[first.at]}` and `{first.usual}` are mixed in this deck"
    if first.kind == "range":
        message = f"`{part}` is a range, and a hyphen joins words"
    mended = text[first.start : first.at] + first.new + text[first.at + 1 : first.end]
    mend = f"write `{mended}`" if first.new else "write the same kind in the whole deck"
    return Finding(place, message, mend, part)


def changes(deck: DeckData) -> Iterator[tuple[Place, str, list[Change]]]:
    """Give every text of a deck in which a sign should be another one, with its place and those signs."""
    lang = deck.lang.lower().split("-")[0]
    read = []
    for place, text in texts(deck):
        if _WORTH_A_LOOK.search(text):
            plain = prose(text)
            ranges = [] if lang in _HYPHEN_IN_RANGES else list(_ranges(plain))
            read.append((place, text, ranges, [*_double(plain), *_single(plain)]))
    styles = list(_styles([mark for each in read for mark in each[3]], lang))
    for place, text, ranges, marks in read:
        found = ranges + [change for style in styles for change in style.changes(marks)]
        if found:
            yield place, text, found


def _ranges(plain: str) -> Iterator[Change]:
    """Find the hyphens that join two numbers to a range."""
    for match in _RANGE.finditer(plain):
        before = plain[max(0, match.start() - _AROUND) : match.start()]
        is_page = bool(_IS_PAGE.search(before))
        if is_page or not (_IS_NAMED.search(before) or _IS_CALLED.search(before)):
            first, last = match[1], match[3]
            if not is_page and _NAME.search(before) and not _is_year(first):
                continue  # Public Law 94-142
            if _ascends(_completed(first, last, is_page=is_page), is_page=is_page):
                yield Change(match.start(2), "–", "range", "–", match.start(), match.end())


def _is_year(number: str) -> bool:
    return number.isdecimal() and int(number) in _YEARS


def _completed(first: str, last: str, *, is_page: bool) -> tuple[str, str]:
    """Give the ends of a range in full: 1914-18 ends in 1918, and pages 110-5 in 115."""
    is_short = len(last) < len(first) and (first + last).isdecimal()
    if is_short and (is_page or int(first) in _YEARS):
        is_month = int(first) >= _FIRST_ISO_MONTHS and len(last) == 2 and int(last) <= 12
        return first, last if is_month else first[: -len(last)] + last
    return first, last


def _ascends(ends: tuple[str, str], *, is_page: bool) -> bool:
    """Tell whether two numbers are a range, and not a score, a telephone or the number of a part."""
    first, last = ends
    if any(len(each) > 1 and each.isdecimal() and int(each[0]) == 0 for each in ends):
        return False
    if last.isdecimal() and len(last) > 3 and not is_page:
        is_odd = int(last) not in _YEARS and int(last[-1]) != 0
        if is_odd or (len(last) == 4 and first == "555"):
            return False
    low, high = _value(first), _value(last)
    return bool(low and high) and low[-len(high) :] < high


def _value(number: str) -> tuple[float, ...]:
    """Read a number, or the parts of a time of day or of a verse; nothing if it is neither."""
    if ":" in number:
        return tuple(map(float, number.replace(",", ".").split(":"))) if number.count(".") == 0 else ()
    if _THOUSANDS.fullmatch(number):
        return (float(re.sub(r"\D", "", number)),)
    number = number.replace(",", ".")
    return (float(number),) if number.count(".") < 2 else ()


def _around(plain: str, at: int) -> tuple[bool, bool]:
    """Tell whether a quotation may open here, and whether one may close."""
    before = plain[max(0, at - _NEAR) : at].rstrip(_THROUGH)[-1:]
    after = plain[at + 1 : at + 1 + _NEAR].lstrip(_THROUGH)[:1]
    opens = not before or before.isspace() or before in _OPENS_AFTER
    return opens, not after or after.isspace() or after in _CLOSES_BEFORE


def _double(plain: str) -> list[_Mark]:
    """Read the double quotation marks of a text; a mark after a digit is a prime unless a quotation is open."""
    places = [match.start() for match in _QUOTE.finditer(plain) if match[0] in _DOUBLE]
    places = [at for at in places if not _inside_word(plain, at)]
    around = {at: _around(plain, at) for at in places}
    closes_later: dict[int, bool] = {}  # whether the next mark that is no prime can only close a quotation
    later = False
    for at in reversed(places):
        closes_later[at] = later
        if not plain[at - 1 : at].isdigit():
            later = around[at] == (False, True)
    found: list[tuple[int, _Role]] = []
    for at in places:
        is_open = len(found) % 2 == 1
        if plain[at - 1 : at].isdigit():
            if is_open and not closes_later[at]:
                found.append((at, "close"))
            continue
        opens, closes = around[at]
        found.append((at, "open" if (not is_open if opens == closes else opens) else "close"))
    roles = [role for _, role in found]
    in_turn = len(roles) % 2 == 0 and roles == ["open", "close"] * (len(roles) // 2)
    return [_mark(plain, at, "double", role if in_turn else None) for at, role in found]


def _inside_word(plain: str, at: int) -> bool:
    """Tell whether a mark stands between two letters, as in Hebrew; scripts without spaces quote there."""
    sides = plain[max(0, at - 1) : at], plain[at + 1 : at + 2]
    return all(each.isalpha() and not _UNSPACED.match(each) for each in sides)


def _single(plain: str) -> list[_Mark]:
    """Read the single quotation marks and the apostrophes of a text, but not primes, nor two that touch."""
    places = [match.start() for match in _QUOTE.finditer(plain) if match[0] in _SINGLE]
    places = [at for at in places if not {plain[at - 1 : at] or " ", plain[at + 1 : at + 2] or " "} & {*_SINGLE}]
    ends = [at for at in places if not _around(plain, at)[0] and not plain[at + 1 : at + 2].isalnum()]
    last_end = ends[-1] if ends else -1
    is_open = False
    found = []
    for at in places:
        role: _Role = "apostrophe"
        after = plain[at + 1 : at + 2]
        if plain[at - 1 : at].isdigit() and not after.isalpha() and not is_open:
            continue
        if _around(plain, at)[0]:
            if at < last_end and not is_open and after.strip() and not _ELISION.match(plain, at + 1):
                role, is_open = "open", True
        elif is_open and not after.isalnum():
            role, is_open = "close", False
        found.append(_mark(plain, at, "single", role))
    return found


def _mark(plain: str, at: int, kind: Kind, role: _Role | None) -> _Mark:
    inner = plain[max(0, at - 1) : at] if role == "close" else plain[at + 1 : at + 2]
    is_spaced = role != "apostrophe" and inner.isspace()
    start = at - len(_WORD_BEFORE.findall(plain[max(0, at - _AROUND) : at])[0])
    after = _WORD_AFTER.match(plain, at + 1, at + 1 + _AROUND)
    is_escape = plain[at - 1 : at] == "\\"
    return _Mark(at, plain[at], kind, role, is_spaced, is_escape, start, after.end() if after else at + 1)


@dataclass(frozen=True, slots=True)
class _Style:
    """Which marks of a kind a deck has more of, and which of them open and close a quotation."""

    kind: Kind
    to_straight: bool
    usual: str
    signs: Mapping[str, str]
    is_spaced: bool

    def changes(self, marks: Iterable[_Mark]) -> list[Change]:
        """Give what to change in a text; if one mark has no right mend, none of this kind has."""
        odd = [mark for mark in marks if mark.kind == self.kind and mark.is_straight is not self.to_straight]
        news = [self._new(mark) for mark in odd]
        new_or_none = news if all(news) else [""] * len(news)
        return [
            Change(mark.at, new, self.kind, self.usual, mark.start, mark.end)
            for mark, new in zip(odd, new_or_none, strict=True)
        ]

    def _new(self, mark: _Mark) -> str:
        """Give the right mark; none if blanks would have to come or go, or if facts would no longer be found."""
        straight = _STRAIGHT[self.kind]
        if self.to_straight:
            return straight if fold(mark.char) == straight and not (mark.is_spaced or mark.is_escape) else ""
        new = self.signs.get(mark.role or "", "")
        is_quotation = mark.role != "apostrophe"
        return "" if new and (fold(new) != straight or (is_quotation and self.is_spaced)) else new


def _styles(marks: Sequence[_Mark], lang: str) -> Iterator[_Style]:
    """Tell which marks of each kind are the deck's own, unless it has only straight or only curly ones."""
    signs = {"open": "“", "close": "”"} if lang == "en" else {}
    for kind, straight in _STRAIGHT.items():
        same = [mark for mark in marks if mark.kind == kind]
        curly = [mark for mark in same if not mark.is_straight]
        signs = _signs(curly) or {role: _SINGLE_FOR.get(sign, "") for role, sign in signs.items()}
        if curly and len(curly) < len(same):
            to_straight = 2 * len(curly) < len(same)
            usual = straight if to_straight else _most(mark.char for mark in curly)
            is_spaced = sum(mark.is_spaced for mark in curly) * 2 > len(curly)
            yield _Style(kind, to_straight, usual, {**signs, "apostrophe": "’"}, is_spaced)


def _signs(curly: Iterable[_Mark]) -> dict[str, str]:
    """Give the marks that open and close a quotation most often; nothing if none does."""
    marks = list(curly)
    opens, closes = (_most(mark.char for mark in marks if mark.role == role) for role in ("open", "close"))
    if not opens + closes:
        return {}
    return {"open": opens or _OPENING.get(closes, ""), "close": closes or _CLOSING.get(opens, "")}


def _most(chars: Iterable[str]) -> str:
    counted = Counter(chars)
    return max(counted, key=counted.__getitem__, default="")
