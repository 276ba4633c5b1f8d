"""Key facts in running text: dates, shares, amounts, terms in quotation marks, people, groups and other names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from mkdeck.checks.limits import ANSWER_WORDS
from mkdeck.checks.quantities import amounts, dates
from mkdeck.checks.texts import BARRIER, prose
from mkdeck.checks.words import language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Sort = Literal[
    "date", "percentage", "amount", "term", "person", "group", "event", "name", "country", "year", "years", "decade"
]
"""What is asked for; in an English deck it is the hint, too."""


class KeyFact(NamedTuple):
    """Words of a text that could be asked for: text[start:end]."""

    start: int
    end: int
    sort: Sort
    words: str

    @property
    def is_name(self) -> bool:
        return self.sort in {"person", "group", "event", "name", "country"}


ARROW = r"(?<![<=\-–—])(?:[-–—]{1,8}>|={1,8}>|[→⇒⟶⟹➔➜➝➞➡🡒]\ufe0f?)(?!>)"
"""What joins a cause and its effect: `-->`, `->`, `=>`, `→`."""
_RANK: tuple[Sort, ...] = (
    "date", "percentage", "amount", "term", "person", "event", "group", "name", "years", "decade", "year", "country"
)  # fmt: skip
_LEAST = 1000
"""The least number without a unit that is worth a card."""
_NOUNS_ARE_CAPITAL = frozenset(["de", "gsw", "lb", "nds"])
_BLANK = re.compile(r"\{\{(?:[^{}]|\{(?!\{)|\}(?!\}))*+\}\}")
_QUOTED = re.compile(
    r"[“„]([^“”„\n]{2,60}+)[”“]|(?<!\w)\"([^\"\n]{2,60}+)\"(?!\w)|«([^«»\n]{2,60}+)»|‘([^‘’\n]{2,60}+)’(?!\w)"
    r"|(?<![\w'])'([^'\n]{2,60}+)'(?!\w)|「([^「」\n]{2,60}+)」|『([^『』\n]{2,60}+)』"
)
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*?|__)(?=[^\s*_])([^*_\n]{2,60}+)\1(?![\w*])")
_TERM = re.compile(rf"\w[^{BARRIER}{{}}\\*_~]*[\w)]")
_WORD = re.compile(r"[^\W\d_]++(?:[’'-][^\W\d_]++)*+")
_POSSESSIVE = re.compile(r"['’]s$|(?<=s)['’]$")
_JOINS = re.compile(r" (?:(?:of|de|du|di|da|del|al|bin|von|van)(?: the| la| der| den)? )?|\. ?")
_ON = re.compile(r" (?:on|for|against) (?:the )?")
_DECREE = re.compile(r"(?:Act|Charter|Convention|Declaration|Decree|Edict|Law|Pact|Report|Theses|Treaty)$")
_BEFORE_SENTENCE = re.compile(rf"(?:^|[.!?…:;/(\n]|{ARROW}| [-–—])[\s\"“”‘’'«»„(*_>#-]*$")
_EVENT = re.compile(
    r"(?:Armistice|Battle|Coup|Crash|Crisis|Depression|Famine|Massacre|Mutiny|Plague|Purges?|Rebellion|Restoration"
    r"|Revolt|Revolution|Rising|Siege|Strike|Terror|Uprising|Wars?)$"
)
_PEOPLE = re.compile(r"(?:ish|ians?|ese|isms?|ics?|ern|ists?)$|^soviet$")
"""English words for what belongs to a people or an idea, which are no names: `Russian`, `Marxist`."""
_ARTICLE = re.compile(r"\b(?:d(?:er|ie|as|en|em|es)|eine?[rmns]?) $")
"""German: in `der Regierung Grundrechte` two nouns meet; a name has no article, or is `der Londoner Plan`."""
_SEVERAL = re.compile(r"(?:[^s]s|men|peoples?)$")
_TITLE = re.compile(
    r"(?:Archduke|Bishop|Captain|Chancellor|Colonel|Count|Countess|Dr|Duchess|Duke|Emperor|Empress|General|Kaiser|King"
    r"|Lady|Lord|Marshal|Minister|Pope|President|Prime|Prince|Princess|Professor|Queen|Saint|Senator|Sir|St|Sultan"
    r"|Tsar|Tsarina)$"
)
_GROUP = re.compile(
    r"(?:Alliance|Army|Assembly|Association|Bloc|Brotherhood|Church|Club|Committee|Congress|Council|Duma|Entente"
    r"|Front|Government|Guards?|Hand|International|League|Movement|Navy|Parliament|Party|Senate|Society|Union)$"
)
_ORDINAL = re.compile(r"[IVX]+$")
_BETWEEN = re.compile(r"\b(?:between|from|zwischen|von|entre|de) $", re.IGNORECASE)
_RANGE = re.compile(r"\s(?:and|to|or|bis|und|et|à)\s")


def key_facts(text: str, lang: str, *, known: Collection[str] = ()) -> list[KeyFact]:
    """Give what could be asked for in a text, the most telling first; nothing overlaps.

    Names that begin a sentence count only if they are `known` as names from elsewhere.
    """
    shown = _BLANK.sub(lambda blank: BARRIER * len(blank[0]), prose(text))
    found = [*_terms(shown), *_names(shown, lang, known), *_quantities(shown, lang)]
    taken = bytearray(len(text))
    kept = []
    for fact in sorted(found, key=_rank):
        if taken.find(1, fact.start, fact.end) < 0:
            taken[fact.start : fact.end] = b"\x01" * (fact.end - fact.start)
            kept.append(fact)
    return kept


def _rank(fact: KeyFact) -> tuple[int, int]:
    """Rank a name of one word below the years: it is often no more than who acts."""
    is_one_word = fact.sort in {"name", "group"} and " " not in fact.words
    return _RANK.index("country" if is_one_word else fact.sort), fact.start


def names_inside(text: str, lang: str) -> set[str]:
    """Give the names that stand inside the sentences of a text, where a capital tells that they are some."""
    return {fact.words for fact in _names(prose(text), lang, ())}


def _fact(text: str, start: int, end: int, sort: Sort) -> KeyFact:
    return KeyFact(start, end, sort, text[start:end])


def _quantities(text: str, lang: str) -> Iterator[KeyFact]:
    yield from _dates(text, lang)
    worth = [each for each in amounts(text, lang) if each.unit or abs(each.high) >= _LEAST]
    at = 0
    while at < len(worth):
        each, end = worth[at], worth[at].end
        # `between 20% and 35%` is one answer.
        if (
            at + 1 < len(worth)
            and worth[at + 1].unit == each.unit
            and _RANGE.fullmatch(text, end, worth[at + 1].start)
        ):
            at += 1
            end = worth[at].end
        yield _fact(text, each.start, end, "percentage" if each.unit == "%" else "amount")
        at += 1


def _dates(text: str, lang: str) -> Iterator[KeyFact]:
    found = dates(text, lang)
    at = 0
    while at < len(found):
        date, end = found[at], found[at].end
        sort: Sort = "date"
        if not date.month and date.first:
            is_decade = date.last == date.first + 9 and not re.search(r"\d\W+\d", text[date.start : end])
            sort = "decade" if is_decade else "year" if date.first == date.last else "years"
        # `between 1870 and 1914` is one answer.
        is_range = sort == "year" and at + 1 < len(found) and _RANGE.fullmatch(text, end, found[at + 1].start)
        if is_range and _BETWEEN.search(text[max(0, date.start - 9) : date.start]):
            at += 1
            end, sort = found[at].end, "years"
        yield _fact(text, date.start, end, sort)
        at += 1


def _terms(text: str) -> Iterator[KeyFact]:
    """Find what is emphasised, or stands between quotation marks, if it is a term and not a sentence."""
    for pattern in (_EMPHASIS, _QUOTED):
        for match in pattern.finditer(text):
            number = match.lastindex or 0
            start, end = match.span(number)
            if match[0].startswith("*") and not match[0].startswith("**") and not text[start].isupper():
                continue  # italics stress a word, or are the title of a book
            if _TERM.fullmatch(text, start, end) and len(text[start:end].split()) <= ANSWER_WORDS:
                yield _fact(text, start, end, "term")


def _names(text: str, lang: str, known: Collection[str]) -> Iterator[KeyFact]:
    """Find runs of words with capitals; the first word of a sentence alone is none.

    Where every noun has a capital, one word is no name.
    """
    short = lang.lower().split("-")[0]
    least = 2 if short in _NOUNS_ARE_CAPITAL else 1
    small, common = language(lang).small, _common(short)
    for run in _runs(_EMPHASIS.sub(lambda match: BARRIER * len(match[0]), text)):
        parts = list(run)
        before = text[max(0, parts[0].start() - 8) : parts[0].start()]
        if least > 1 and _ARTICLE.search(before) and not parts[0][0].endswith("er"):
            continue
        if _BEFORE_SENTENCE.search(before):
            is_loose = len(parts) > 1 and parts[1].start() > parts[0].end() + 2 and parts[1][0] not in _NUMERALS
            if _is_small(parts[0], text, small) or (is_loose and not _DECREE.search(parts[0][0])):
                parts = parts[1:]
            elif len(parts) == 1 and _bare(parts[0][0]) not in known:
                continue
        while parts and _is_small(parts[0], text, small):
            parts = parts[1:]
        said = [_bare(part[0]).lower() for part in parts]
        if not least <= len(said) <= ANSWER_WORDS or not common.isdisjoint(said):
            continue
        if len(said) == 1 and ((short == "en" and _PEOPLE.search(said[0])) or _TITLE.match(parts[0][0])):
            continue
        end = parts[-1].end() - len(parts[-1][0]) + len(_bare(parts[-1][0]))
        if end - parts[0].start() > 1:
            sort = _sort(parts)
            sort = "country" if sort == "name" and text[parts[0].start() : end] in _countries(short) else sort
            yield _fact(text, _with_year(text, parts[0].start(), len(parts)), end, sort)


_NUMERALS = frozenset(
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIV", "XV", "XVI"]
)


def _is_small(word: re.Match[str], text: str, small: Collection[str]) -> bool:
    """Tell whether a word is an article or the like; an `A.` is the letter of a name."""
    return word[0].lower() in small and text[word.end() : word.end() + 1] != "."


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word)


def _with_year(text: str, start: int, words: int) -> int:
    """Take the year before a name of several words into it: the `1928 Grain Crisis`."""
    before = re.search(r"(?<![\w–-])[12]\d{3} $", text[max(0, start - 6) : start])
    return start - len(before[0]) if before and words > 1 else start


def _sort(parts: list[re.Match[str]]) -> Sort:
    words = [_bare(part[0]) for part in parts]
    if _TITLE.match(words[0]) and len(words) > 1:
        return "person"
    if len(words) > 1 and words[-1] in _NUMERALS:
        return "person"
    if len(words) > 1 and any(map(_EVENT.match, words)):
        return "event"
    if any(map(_GROUP.match, words)) or (len(words) == 1 and _SEVERAL.search(words[0])):
        return "group"
    return "name"


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Give runs of words with capitals between which a blank stands, or `of`, `de`, `von` and the like."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if not word[0][0].isupper() or BARRIER in text[max(0, word.start() - 1) : word.end() + 1]:
            continue
        if run and not _is_joined(text, run[-1], word):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_joined(text: str, last: re.Match[str], word: re.Match[str]) -> bool:
    between = text[last.end() : word.start()]
    if not between or len(between) > 12 or _POSSESSIVE.search(last[0]):
        return False
    if between[0] == ".":
        return (len(last[0]) == 1 or _TITLE.match(last[0]) is not None) and _JOINS.fullmatch(between) is not None
    return bool(_JOINS.fullmatch(between) or (_DECREE.search(last[0]) and _ON.fullmatch(between)))


@cache
def _countries(lang: str) -> frozenset[str]:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 100 ms

    try:
        territories = Locale.parse(lang).territories
    except (UnknownLocaleError, ValueError):
        return frozenset()
    return frozenset(name for code, name in territories.items() if code.isalpha() and code != "ZZ")


@cache
def _common(lang: str) -> frozenset[str]:
    """Give words that have capitals and are no names: months, days, and languages, which are peoples as well."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 100 ms

    try:
        locale = Locale.parse(lang)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    names = [*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values()]
    return frozenset(name.lower() for name in [*names, *locale.languages.values()])
