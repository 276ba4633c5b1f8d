"""Dates and amounts in running text, as people write them; the words beside them are those of Unicode CLDR."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple

from mkdeck.checks.words import language

if TYPE_CHECKING:
    from babel import Locale


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its sign, scale word and unit: text[start:end]."""

    start: int
    end: int
    number_end: int  # where the bare number, or range, ends
    low: float
    high: float  # scale applied; equal unless it is a range
    unit: str  # the same for all spellings: `%`, `tonne`, `year`, `€`; nothing if there is none


@dataclass(frozen=True, slots=True)
class Date:
    """A date, a year, a span of years or a decade: text[start:end]."""

    start: int
    end: int
    first: int
    last: int  # years; negative before Christ, 0 if the date has none
    month: int = 0
    day: int = 0


class _Words(NamedTuple):
    """What stands beside numbers in one language."""

    point: str
    month_first: bool
    months: dict[str, int]
    eras: list[tuple[str, int]]  # and -1 before Christ
    era_after: re.Pattern[str]
    named: dict[str, tuple[float, str]]  # a scale and no unit, or 1 and a unit
    one: frozenset[str]  # forms beside 1 only: `grain` of corn, but `1928 grain crisis`
    money_scales: dict[str, tuple[float, str]]  # letters that say a scale beside a currency only: `$5m`
    signs: dict[str, str]


# Hebrew, kana, Han and Hangul stand beside a number without a blank.
_LETTER = r"[^\W\d_\u0590-\u05ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
_BLANK = "[ \u00a0\u2009\u202f]"
_DASH = "[-‐‑‒–−—~〜～]"
_DIGIT = re.compile(r"\d")
_INSIDE_WORD = re.compile(rf"(?:{_LETTER}|[_.])$")
_JUNK = re.compile(r"\d++(?:[.,:/\-–_]?[\dA-Za-z])*+")  # a time, a version, the number of a telephone
_ISO = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?(?![\d-])")
_NUMERIC = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})(?!\d|[./-]\d)")
_DAY_MONTH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|°|-?го|\.)?(?:{_BLANK}?[-–/]{_BLANK}?\d{{1,2}}\.?)?{_BLANK}?"
    rf"(?:(?:of|de){_BLANK}|d[’'])?([^\W\d_]{{2,20}}+)(\.?)"
)
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?:[-–]\d{1,2})?(?!\w|[.,:/-]\d)")
_BEFORE_YEAR = re.compile(rf"\.?,?{_BLANK}(?:del?{_BLANK})?")
_EAST = re.compile(r"(?:(\d{1,4})\s?[年년](?!代))?(?:\s?(?<!\d)(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일号號])?)?")
_YEARS = re.compile(rf"(\d{{1,4}})(?!\d)(?:(?:[/]|{_DASH}|{_BLANK}[–—]{_BLANK})(\d{{1,4}})(?!\d|[-–/]\d))?")
_DECADE = re.compile(r"[’']?s(?!\w)|ern?(?!\w)|-(?:е|х|ые|ых)(?!\w)|\s?年代")
_NO_YEAR = re.compile(rf"[.,:/–-]\d|{_LETTER}")
_ORDINAL = re.compile(rf"-?{_LETTER}{{1,3}}(?!\w)")
_WORD = r"[^\s\d(),;:!?…–—\"“”«»]{1,30}"
_PHRASE = re.compile(rf"{_BLANK}{{0,2}}({_WORD}(?:{_BLANK}{_WORD}){{0,2}})")
_NO_END = re.compile("[A-Za-z]{2}| ")
_HYPHENS, _SIGNS = frozenset("-−+‐‑"), "$€£¥₽₹₩₪"
_WORD_END = re.compile(r"\S+?(?=\.?(?:\s|$)|[-'’])")
_OF = re.compile(rf"{_BLANK}(?:d[ei]{_BLANK}|d[’'])")
_LONGEST, _EARLIEST, _LATEST = 80, 1000, 2100  # signs of a number, and the years that four digits may be
_TO = rf"(?:{_BLANK}?[%°])?(?:{_DASH}|{_BLANK}[–-]{_BLANK}|—)"
_NUMBERS = {
    point: re.compile(rf"{either}(?:{_TO}{either})?+(?![.,:/\-–_]?\d)")
    for point, other in (".,", ",.")  # an amount as written in another land, `3.5` in German, is read, too
    for grouped in [rf"\d{{1,3}}(?:,\d{{2}}(?=,))*+(?:[{other}'’٬\u00a0\u2009\u202f ]\d{{3}})++(?!\d)"]
    for either in [rf"((?:(?:{grouped}|\d++)(?:[{point}٫]\d++)?+(?![.,]\d)|\d++[{other}]\d++))"]
}


def dates(text: str, lang: str) -> list[Date]:
    """Give the dates of a text in their order."""
    return [each for each in _found(text, lang) if type(each) is Date] if _DIGIT.search(text) else []


def amounts(text: str, lang: str) -> list[Amount]:
    """Give the amounts of a text in their order; a year or a date is none."""
    return [each for each in _found(text, lang) if type(each) is Amount] if _DIGIT.search(text) else []


def unit_after(text: str, at: int, lang: str) -> str:
    """Give the scale word, unit, % or currency that begins at `at`, after blanks, as written."""
    return text[at : _after(_words(lang), text, at, one=text[max(0, at - 1) : at] == "1")[0]].strip()


def is_bare_number(text: str, lang: str) -> bool:
    """Tell whether a text is nothing but a number or a range: no year, no date, and no unit."""
    found = amounts(text.strip(), lang)
    return [(0, len(text.strip()), "")] == [(each.start, each.number_end, each.unit) for each in found]


@lru_cache(maxsize=1024)  # rules ask for the dates and the amounts of one text in turn
def _found(text: str, lang: str) -> tuple[Date | Amount, ...]:
    words = _words(lang)
    found: list[Date | Amount] = []
    done = 0
    while digit := _DIGIT.search(text, done):
        at = digit.start()
        inside = _INSIDE_WORD.search(text[max(0, at - 2) : at])
        each = None if inside else _date(text, at, words) or _amount(text, at, done, words)
        last = found[-1] if found else None
        if isinstance(each, Amount) and isinstance(last, Amount) and last.end == at:  # 1億2000万
            found.pop()
            each = replace(each, start=last.start, low=last.low + each.low, high=last.high + each.high)
        found += [each] if each else []
        done = each.end if each else max(at + 1, junk.end() if (junk := _JUNK.match(text, at)) else 0)
    return tuple(found)


def _date(text: str, at: int, words: _Words) -> Date | None:
    date = (at > 3 and _after_month(text, at, words)) or _from_day(text, at, words)
    if date and not date.first and (gap := _BEFORE_YEAR.match(text, date.end)):
        year = _years(text, gap.end(), words)
        date = replace(date, end=year.end, first=year.first, last=year.last) if year else date
    date = date or (None if text.isascii() else _east(text, at, words)) or _years(text, at, words)
    return date if date and date.month <= 12 and date.day <= 31 else None


def _from_day(text: str, at: int, words: _Words) -> Date | None:
    """Read `2024-01-05`, `27.12.1929`, and `27 December` of some year."""
    if (iso := _ISO.match(text, at)) and (iso[3] or int(iso[2]) <= int(iso[1]) % 100):  # 1905-10 is a span of years
        return Date(at, iso.end(), int(iso[1]), int(iso[1]), int(iso[2]), int(iso[3] or 0))
    if numeric := _NUMERIC.match(text, at):
        day, month, year = int(numeric[1]), int(numeric[3]), int(numeric[4])
        if numeric[2] == "/" and (month > 12 or (words.month_first and day <= 12)):
            day, month = month, day
        return Date(at, numeric.end(), year, year, month, day)
    found = _DAY_MONTH.match(text, at)
    month = words.months.get(found[2], 0) if found else 0
    return Date(at, found.end(2), 0, 0, month, int(found[1])) if found and month else None


def _after_month(text: str, at: int, words: _Words) -> Date | None:
    """Read `December 1929`, and `December 27` of some year; `at` is where their digits begin."""
    before = text[max(0, at - 30) : at]
    parts = [] if before[-1].isalnum() else before.replace(",", " ").removesuffix(" de ").split()
    month = words.months.get(parts[-1].rstrip("."), 0) if parts else 0
    if not month:
        return None
    start = text.rfind(parts[-1], 0, at)
    if year := _years(text, at, words):
        return replace(year, start=start, month=month)
    day = _DAY.match(text, at)
    return Date(start, day.end(), 0, 0, month, int(day[1])) if day else None


def _east(text: str, at: int, words: _Words) -> Date | None:
    """Read `1928年5月3日`; `30年` alone is an amount."""
    if not (found := _EAST.match(text, at)) or not (found[1] or found[2]):
        return None
    start, era = _era_before(text, at, words)
    year = int(found[1]) * (era or 1) if found[1] and (len(found[1]) > 2 or era) else 0
    east = Date(start, found.end(), year, year, int(found[2] or 0), int(found[3] or 0))
    return east if year or found[2] else None


def _era_before(text: str, at: int, words: _Words) -> tuple[int, int]:
    """Give where an era begins that stands before the number, and 1, or -1 before Christ; 0 if there is none."""
    before = text[max(0, at - 24) : at].rstrip()
    for name, sign in words.eras if before else ():
        if before.endswith(name) and (name[0] > "\u3000" or not before[: -len(name)][-1:].isalnum()):
            return max(0, at - 24) + len(before) - len(name), sign
    return at, 0


def _years(text: str, at: int, words: _Words) -> Date | None:
    """Read a year, a span of years or a decade that begins at `at`, with its era."""
    if not (found := _YEARS.match(text, at)) or not (first := int(found[1])):
        return None
    last = _last(found[1], found[2] or "")
    end = found.end(2) if last else found.end(1)
    start, era = _era_before(text, at, words)
    after = words.era_after.match(text, end)
    if after and (after["era"] or len(found[1]) == 4):
        end = after.end()
        era = -1 if after["bc"] else 1 if after["era"] or after["mark"] else era
    if era:
        return Date(start, end, era * first, era * (last or first))
    if (
        len(found[1]) < 4
        or not _EARLIEST <= first <= _LATEST
        or (at and unicodedata.category(text[at - 1]) == "Sc")
    ):
        return None
    if not last and first % 10 == 0 and (decade := _DECADE.match(text, end)):
        return Date(at, decade.end(), first, first + 9)
    if _NO_YEAR.match(text, end) or _after(words, text, end, one=False)[0] > end:
        return None
    return Date(at, end, first, max(first, last))


def _last(first: str, last: str) -> int:
    """Give the year in which a span ends, 1929 of `1928-9`; 0 if it is none. Before Christ years count down."""
    if not last or len(last) > len(first) or len(last) == 3 < len(first):
        return 0
    year = int(first[: len(first) - len(last)] + last)
    return year if int(first) < year <= _LATEST or (len(first) < 4 and 0 < year < int(first)) else 0


def _amount(text: str, at: int, done: int, words: _Words) -> Amount | None:
    if not (found := _NUMBERS[words.point].match(text, at)) or found.end() - at > _LONGEST:
        return None
    start, currency = _currency_before(text, at, done, words)
    before = text[max(0, start - 2) : start] if start > done else ""
    if before[-1:] in _HYPHENS and _INSIDE_WORD.search(before[:-1]):
        return None  # T-34
    is_negative = before[-1:] in {"-", "−"} and not before[:-1].strip(" \u00a0\n([„“«\"'")
    number_end, joined = found.end(), text[found.end() : found.end() + 1] == "-"
    one = joined or found[0][-1] == "1"
    end, scale, unit = _after(words, text, number_end + joined, one=one, money=bool(currency))
    end = number_end if end == number_end + joined else end
    if end == number_end and _ORDINAL.match(text, end):
        return None
    values = [_value(each, words.point) * (-scale if is_negative else scale) for each in found.groups() if each]
    return Amount(start - is_negative, end, number_end, min(values), max(values), currency or unit)


def _currency_before(text: str, at: int, done: int, words: _Words) -> tuple[int, str]:
    """Give where the currency before a number begins, and which it is."""
    end = at - (text[at - 1 : at] in {" ", "\u00a0"})
    before = text[max(done, end - 4) : end] if end > done else ""
    if before and (before[-1].isupper() or unicodedata.category(before[-1]) == "Sc"):
        for size in range(len(before), 0, -1):
            inside = before[-size].isalpha() and text[end - size - 1 : end - size].isalpha()
            if not inside and before[-size:] in words.signs:
                return end - size, words.signs[before[-size:]]
    return at, ""


def _value(number: str, point: str) -> float:
    """Read digits of any script; an amount written as in another land is read by its own signs."""
    digits = "".join(char for char in number if char.isdecimal() or char in ".,٫")
    at = max(map(digits.rfind, ".,٫"))
    if digits[at] not in {point, "٫"} and (len(digits) - at == 4 or digits.count(digits[at]) > 1):
        at = -1  # a sign between thousands
    whole = digits if at < 0 else digits[:at]
    return float("".join(filter(str.isdecimal, whole)) + "." + (digits[at + 1 :] if at >= 0 else "0"))


def _after(words: _Words, text: str, at: int, *, one: bool, money: bool = False) -> tuple[int, float, str]:
    """Give where the scale word and the unit after a number end, the scale, and the unit."""
    end, scale = at, 1.0
    found = (money and _longest(words.money_scales, text, at)) or _longest(words.named, text, at)
    if found and not found[2]:
        end, scale, _ = found
        at = of.end() if (of := _OF.match(text, end)) else end
        found = _longest(words.named, text, at)
    if found and found[2] and not money and (one or scale > 1 or _key(text[at : found[0]]) not in words.one):
        return found[0], scale, found[2]
    return end, scale, ""


def _longest(table: dict[str, tuple[float, str]], text: str, at: int) -> tuple[int, float, str] | None:
    """Find the longest entry that stands at `at`, after blanks."""
    if not (phrase := _PHRASE.match(text, at)):
        return None
    shown = phrase[1]
    if shown[0].isalpha() and shown[0] < "\u3000":
        ends = [match.end() for match in _WORD_END.finditer(shown)][::-1]
    else:  # a sign, or a script without blanks
        ends = [end for end in range(min(len(shown), 8), 0, -1) if not _NO_END.match(shown, end - 1)]
    return next(((phrase.start(1) + end, *table[key]) for end in ends if (key := _key(shown[:end])) in table), None)


def _key(word: str) -> str:
    """Give a word as the tables have it: abbreviations as written, words in small letters."""
    word = word.replace("\u00a0", " ").replace("\u202f", " ").strip(" \u200e\u200f")
    return word.lower() if len(word) > 3 else word


# Signs that mean the same in all languages; no other single Latin letter is taken for a unit.
_SI = {
    "m": "meter", "g": "gram", "l": "liter", "L": "liter", "h": "hour", "s": "second", "t": "tonne", "W": "watt",
    "V": "volt", "A": "ampere", "K": "kelvin", "N": "newton", "J": "joule", "%": "%", "％": "%", "٪": "%", "°": "°",
}  # fmt: skip
# Two currencies each: what both names share is the noun, `dollars`.
_CURRENCIES = {
    "$": ("USD", "CAD"), "£": ("GBP", "EGP"), "€": ("EUR", "EUR"), "₽": ("RUB", "BYN"), "franc": ("CHF", "BEF"),
    "mark": ("DEM", "FIM"), "peso": ("MXN", "ARS"), "krone": ("DKK", "NOK"),
}  # fmt: skip
_CODES = {codes[0]: sign for sign, codes in _CURRENCIES.items()} | {"JPY": "¥"}
_NOT_UNITS = re.compile("graphics|light|arc-|pico|-grain|item|karat|length-point|drop|dram|jigger|pinch|cup")
_LENGTHS: tuple[Literal["short", "long", "narrow"], ...] = ("short", "long", "narrow")
_ALSO = {"en": ["en-GB"]}
_MORE: dict[str, dict[str, tuple[float, str]]] = {
    "en": {"bn": (1e9, ""), "yen": (1, "¥")}, "fr": {"milliers": (1e3, "")}, "zh": {"吨": (1, "tonne")},
    "ja": {"円": (1, "¥")}, "$": {"m": (1e6, ""), "k": (1e3, ""), "tn": (1e12, "")},
}  # fmt: skip
_MORE_ERAS = {
    "en": {"BCE": -1, "B.C.": -1, "A.D.": 1, "CE": 1}, "fr": {"avant notre ère": -1},
    "de": {"vor Christus": -1, "v. u. Z.": -1}, "ru": {"до нашей эры": -1, "нашей эры": 1},
}  # fmt: skip
_YEAR_MARK = r"[年년](?!代)|\s?r\."
_YEAR_MARKS = {"ru": r"\s?(?:гг?\.|год(?:а|у|ом|ы|ов|ах)?(?!\w))", "uk": r"\s?(?:рр?\.|р(?:ік|оку|оці|оки)(?!\w))"}


def _locales(lang: str) -> list[Locale]:
    """Give the locale of a tag, or of its language, and the other one of a language that is spelt in two ways."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 100 ms; few decks need it

    short = lang.split("-", maxsplit=1)[0]
    for tag in (lang, short):
        with suppress(UnknownLocaleError, ValueError):
            return [Locale.parse(each, sep="-") for each in (tag, *_ALSO.get(short, ()))]
    return []


@cache
def _words(lang: str) -> _Words:
    """Collect the words of a language; of an unknown one, signs alone."""
    short = lang.lower().split("-")[0]
    locales = _locales(lang.lower())
    main = (locales or _locales("en"))[0]
    point = "," if main.number_symbols.get("latn", {}).get("decimal") == "," else "."
    units, one = _units(locales)
    letters = _scales(locales, "short")
    scales = (_scales(locales, "long") or letters) | {word: size for word, size in letters.items() if len(word) > 2}
    symbols = [(code, sign) for locale in locales for code, sign in locale.currency_symbols.items()]
    signs = dict(zip(_SIGNS, _SIGNS, strict=True))
    signs |= {key: _CODES.get(code, code) for code, sign in symbols for key in (code, sign.strip("\u200e"))}
    named = {key: each for key, each in (units | scales).items() if key.rstrip(".") not in language(lang).small}
    named |= {sign: (1, unit) for sign, unit in (signs | _SI).items()} | _MORE.get(short, {})
    months = {
        form: number
        for locale, kind, width in product(locales, ("format", "stand-alone"), ("wide", "abbreviated"))
        for number, name in locale.months[kind][width].items()
        for word in [name.rstrip(".")]
        for form in (word, word[0].upper() + word[1:], "ב" + word, word.rstrip("ьй") + "е")
        if word.isalpha()
    }
    eras = {"BC": -1, "AD": 1} | _MORE_ERAS.get(short, {})
    for names in (locale.eras.get(width, {}) for locale in locales for width in ("wide", "abbreviated")):
        eras |= {names[era]: 2 * era - 1 for era in (0, 1) if len(names) == 2}
    before = sorted(eras.items(), key=lambda each: -len(each[0]))
    patterns = [(re.escape(name).replace("\\ ", r"\s?"), sign) for name, sign in before]
    bc, ad = ("|".join(name for name, each in patterns if each == sign) for sign in (-1, 1))
    after = re.compile(rf"(?P<mark>{_YEAR_MARKS.get(short, _YEAR_MARK)})?(?P<era>\s?(?:(?P<bc>{bc})|{ad})(?!\w))?")
    month_first = main.date_formats["short"].pattern.startswith("M")
    return _Words(point, month_first, months, before, after, named, one, letters | _MORE["$"], signs)


def _units(locales: list[Locale]) -> tuple[dict[str, tuple[float, str]], frozenset[str]]:
    """Give form -> unit, for the names of units and the nouns of currencies, and the forms beside 1 only."""
    from babel.numbers import format_decimal, get_currency_name  # noqa: PLC0415 - see _locales
    from babel.units import format_unit  # noqa: PLC0415 - see _locales

    found: dict[str, tuple[float, str]] = {}
    beside: dict[bool, set[str]] = {True: set(), False: set()}
    for locale in locales:
        ids = [each for each in map(str, locale.unit_display_names) if not _NOT_UNITS.search(each)]
        for form, number in {locale.plural_form(each): each for each in (1, 1e6, 1.5, 21, 11, 5, 2)}.items():
            written = format_decimal(number, locale=locale)
            forms = [
                (after, unit.partition("-")[2].replace("percent", "%"))
                for unit, length in product(ids, _LENGTHS)
                for before, _, after in [format_unit(number, unit, length, locale=locale).partition(written)]
                if not _key(before)
            ]
            for unit, codes in _CURRENCIES.items():
                names = [get_currency_name(code, number, locale=locale).replace("-", " ") for code in codes]
                forms += [(noun, unit) for noun in set(names[0].split()) & set(names[1].split())]
            forms = [(_key(word), unit) for word, unit in reversed(forms)]
            keys = {word: (1.0, unit) for word, unit in forms if len(word) > 1 or not word.isascii()}
            found = keys | found
            beside[form == locale.plural_form(1)].update(keys)
    return found, frozenset(beside[True] - beside[False] if beside[False] else ())


def _scales(locales: list[Locale], length: str) -> dict[str, tuple[float, str]]:
    """Give `million` -> 1e6."""
    return {
        word: (10.0 ** (len(size) - pattern.pattern.count("0")), "")
        for locale in locales
        for form in locale.compact_decimal_formats.get(length, {}).values()
        for size, pattern in form.items()
        if (word := _key(_key(pattern.pattern.replace("'", "")).strip("0")))
    }
