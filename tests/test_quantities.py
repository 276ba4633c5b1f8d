"""Numbers as people write them: what is a date, what is an amount, and what unit it has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdeck.checks.quantities import Amount, Date, amounts, dates, is_bare_number, unit_after

# name -> text, language, and for each date: as written, first and last year, month, day
DATES: dict[str, tuple[str, str, list[tuple[str, int, int, int, int]]]] = {
    "en: day, month, year": ("On 27 December 1929 it began.", "en", [("27 December 1929", 1929, 1929, 12, 27)]),
    "en: month first": ("On December 27, 1929, it began.", "en", [("December 27, 1929", 1929, 1929, 12, 27)]),
    "en: ordinals": ("2nd of May 1930, May 1st, 1933", "en", [
        ("2nd of May 1930", 1930, 1930, 5, 2), ("May 1st, 1933", 1933, 1933, 5, 1),
    ]),
    "en: abbreviated month": ("5 Sept. 1914, Oct 1917", "en", [
        ("5 Sept. 1914", 1914, 1914, 9, 5), ("Oct 1917", 1917, 1917, 10, 0),
    ]),
    "en: month and year": ("in December 1929", "en", [("December 1929", 1929, 1929, 12, 0)]),
    "en: no year": ("on 27 December", "en", [("27 December", 0, 0, 12, 27)]),
    "en: season": ("the winter of 1927–8", "en", [("1927–8", 1927, 1928, 0, 0)]),
    "en: year alone": ("in 1928.", "en", [("1928", 1928, 1928, 0, 0)]),
    "en: spans": ("1928-9, 1914–18, 1928-1933, 1928/29", "en", [
        ("1928-9", 1928, 1929, 0, 0), ("1914–18", 1914, 1918, 0, 0), ("1928-1933", 1928, 1933, 0, 0),
        ("1928/29", 1928, 1929, 0, 0),
    ]),
    "en: decade": ("the 1930s, mid-1920s, the 1890’s", "en", [
        ("1930s", 1930, 1939, 0, 0), ("1920s", 1920, 1929, 0, 0), ("1890’s", 1890, 1899, 0, 0),
    ]),
    "en: before and after Christ": ("107 BC, 264–146 BC, 44 B.C., AD 43, 70 CE, 15 March 44 BC", "en", [
        ("107 BC", -107, -107, 0, 0), ("264–146 BC", -264, -146, 0, 0), ("44 B.C.", -44, -44, 0, 0),
        ("AD 43", 43, 43, 0, 0), ("70 CE", 70, 70, 0, 0), ("15 March 44 BC", -44, -44, 3, 15),
    ]),
    "en: in digits": ("2024-01-05, 1928-05, 27.12.1929, 12/27/1929", "en", [
        ("2024-01-05", 2024, 2024, 1, 5), ("1928-05", 1928, 1928, 5, 0), ("27.12.1929", 1929, 1929, 12, 27),
        ("12/27/1929", 1929, 1929, 12, 27),
    ]),
    "en: the year of a noun that is a unit, too": ("the 1928 grain crisis, a 1929 second plan", "en", [
        ("1928", 1928, 1928, 0, 0), ("1929", 1929, 1929, 0, 0),
    ]),
    "en: what only looks like a date": ("5 times; 1500 tonnes; $1928; 1928.5; 1928%; 3000; 999; 1928x", "en", []),
    "de: day, month, year": ("am 27. Dezember 1929 und am 1.5.1930", "de", [
        ("27. Dezember 1929", 1929, 1929, 12, 27), ("1.5.1930", 1930, 1930, 5, 1),
    ]),
    "de: era and decade": ("58 v. Chr., 333 v. u. Z., in den 1930er Jahren", "de", [
        ("58 v. Chr.", -58, -58, 0, 0), ("333 v. u. Z.", -333, -333, 0, 0), ("1930er", 1930, 1939, 0, 0),
    ]),
    "fr: day, month, year": ("Le 1er mai 1930 et en mai 1968", "fr", [
        ("1er mai 1930", 1930, 1930, 5, 1), ("mai 1968", 1968, 1968, 5, 0),
    ]),
    "fr: era": ("en 52 av. J.-C.", "fr", [("52 av. J.-C.", -52, -52, 0, 0)]),
    "es: day, month, year": ("El 5 de mayo de 1931 y mayo de 1932", "es", [
        ("5 de mayo de 1931", 1931, 1931, 5, 5), ("mayo de 1932", 1932, 1932, 5, 0),
    ]),
    "es: era": ("44 a. C., 711 d. C.", "es", [("44 a. C.", -44, -44, 0, 0), ("711 d. C.", 711, 711, 0, 0)]),
    "ru: day, month, year": ("5 мая 1931 г. и 25 октября 1917 года", "ru", [
        ("5 мая 1931 г.", 1931, 1931, 5, 5), ("25 октября 1917 года", 1917, 1917, 10, 25),
    ]),
    "ru: months": ("в декабре 1929 г., к маю 1930, в мае 1931", "ru", [
        ("декабре 1929 г.", 1929, 1929, 12, 0), ("1930", 1930, 1930, 0, 0), ("мае 1931", 1931, 1931, 5, 0),
    ]),
    "ru: years": ("в 1928 году, 1929–1933 гг., 1930-е годы", "ru", [
        ("1928 году", 1928, 1928, 0, 0), ("1929–1933 гг.", 1929, 1933, 0, 0), ("1930-е", 1930, 1939, 0, 0),
    ]),
    "ru: era": ("49 г. до н. э.", "ru", [("49 г. до н. э.", -49, -49, 0, 0)]),
    "zh: dates": ("在1928年，1929年12月27日，1914–1918年，1930年代，5月4日", "zh", [
        ("1928年", 1928, 1928, 0, 0), ("1929年12月27日", 1929, 1929, 12, 27), ("1914–1918年", 1914, 1918, 0, 0),
        ("1930年代", 1930, 1939, 0, 0), ("5月4日", 0, 0, 5, 4),
    ]),
    "zh: era": ("公元前221年，公元476年", "zh", [
        ("公元前221年", -221, -221, 0, 0), ("公元476年", 476, 476, 0, 0),
    ]),
    "ja: dates": ("１９２８年、紀元前100年、西暦1600年、1945年8月15日", "ja", [
        ("１９２８年", 1928, 1928, 0, 0), ("紀元前100年", -100, -100, 0, 0), ("西暦1600年", 1600, 1600, 0, 0),
        ("1945年8月15日", 1945, 1945, 8, 15),
    ]),
    "he: dates": ("ב-14 במאי 1948, בשנת 1929, 44 לפנה״ס", "he", [
        ("14 במאי 1948", 1948, 1948, 5, 14), ("1929", 1929, 1929, 0, 0), ("44 לפנה״ס", -44, -44, 0, 0),
    ]),
    "digits of another script": ("٥ مايو ١٩٣٠", "ar", [("٥ مايو ١٩٣٠", 1930, 1930, 5, 5)]),
    "a dialect": ("5 de mayo de 1931", "es-MX", [("5 de mayo de 1931", 1931, 1931, 5, 5)]),
    "a tag that is no locale": ("5 May 1931", "en-x-y-z", [("5 May 1931", 1931, 1931, 5, 5)]),
    "an unknown language": ("5 May 1931", "xx", [("1931", 1931, 1931, 0, 0)]),
}  # fmt: skip

# name -> text, language, and for each amount: as written, up to where it is a bare number, low, high, unit
AMOUNTS: dict[str, tuple[str, str, list[tuple[str, str, float, float, str]]]] = {
    "en: percentages": ("20–35% or 40 per cent, 0.5 percent", "en", [
        ("20–35%", "20–35", 20, 35, "%"), ("40 per cent", "40", 40, 40, "%"), ("0.5 percent", "0.5", 0.5, 0.5, "%"),
    ]),
    "en: thousands": ("25,000 or 25 000 or 1,234,567.5", "en", [
        ("25,000", "25,000", 25_000, 25_000, ""), ("25 000", "25 000", 25_000, 25_000, ""),
        ("1,234,567.5", "1,234,567.5", 1_234_567.5, 1_234_567.5, ""),
    ]),
    "en: scales": ("3.5 million tonnes; 5–10 billion; 2 thousand kilometers", "en", [
        ("3.5 million tonnes", "3.5", 3_500_000, 3_500_000, "tonne"), ("5–10 billion", "5–10", 5e9, 10e9, ""),
        ("2 thousand kilometers", "2", 2_000, 2_000, "kilometer"),
    ]),
    "en: money": ("£5, $3bn, €2.5 million, £5–10m, US$5, 5 million dollars, 5 USD", "en", [
        ("£5", "£5", 5, 5, "£"), ("$3bn", "$3", 3e9, 3e9, "$"), ("€2.5 million", "€2.5", 2_500_000, 2_500_000, "€"),
        ("£5–10m", "£5–10", 5e6, 10e6, "£"), ("US$5", "US$5", 5, 5, "$"),
        ("5 million dollars", "5", 5e6, 5e6, "$"), ("5 USD", "5", 5, 5, "$"),
    ]),
    "en: units": ("30 °C, −5 °C, 12 km/h, 100 km², 24 hours, 1 hour, 1.5 kilometres", "en", [
        ("30 °C", "30", 30, 30, "celsius"), ("−5 °C", "−5", -5, -5, "celsius"),
        ("12 km/h", "12", 12, 12, "kilometer-per-hour"), ("100 km²", "100", 100, 100, "square-kilometer"),
        ("24 hours", "24", 24, 24, "hour"), ("1 hour", "1", 1, 1, "hour"),
        ("1.5 kilometres", "1.5", 1.5, 1.5, "kilometer"),
    ]),
    "en: joined": ("a 30-year war, a 5,000-strong army", "en", [
        ("30-year", "30", 30, 30, "year"), ("5,000", "5,000", 5_000, 5_000, ""),
    ]),
    "en: four digits with a unit": ("1500 tonnes, 1500–2000 km, 1500%", "en", [
        ("1500 tonnes", "1500", 1500, 1500, "tonne"), ("1500–2000 km", "1500–2000", 1500, 2000, "kilometer"),
        ("1500%", "1500", 1500, 1500, "%"),
    ]),
    "en: a comma before decimals": ("2,5 kg", "en", [("2,5 kg", "2,5", 2.5, 2.5, "kilogram")]),
    "en: neither": ("T-34, B2B, the 20th, 12:30, 1.2.3, 1-2-3, 9/11, v2.0, 1928, 5 May 1930, 1930s", "en", []),
    "en: no unit that is a small word": ("5 in 1930", "en", [("5", "5", 5, 5, "")]),
    "de": ("3,5 Millionen Tonnen, 25.000 Menschen, 3 Milliarden Euro, 5 Mio. Euro, 30 Prozent, 3.5, 9 Mark", "de", [
        ("3,5 Millionen Tonnen", "3,5", 3_500_000, 3_500_000, "tonne"), ("25.000", "25.000", 25_000, 25_000, ""),
        ("3 Milliarden Euro", "3", 3e9, 3e9, "€"), ("5 Mio. Euro", "5", 5e6, 5e6, "€"),
        ("30 Prozent", "30", 30, 30, "%"), ("3.5", "3.5", 3.5, 3.5, ""), ("9 Mark", "9", 9, 9, "mark"),
    ]),
    "fr": ("25 000 personnes, 3,5 millions de tonnes, 5 milliards d’euros, 20 %, 30 ans, 5 €", "fr", [
        ("25 000", "25 000", 25_000, 25_000, ""),
        ("3,5 millions de tonnes", "3,5", 3_500_000, 3_500_000, "tonne"),
        ("5 milliards d’euros", "5", 5e9, 5e9, "€"), ("20 %", "20", 20, 20, "%"), ("30 ans", "30", 30, 30, "year"),
        ("5 €", "5", 5, 5, "€"),
    ]),
    "es": ("3 millones de toneladas, 25 mil millones de dólares, 1.000.000, 20 años", "es", [
        ("3 millones de toneladas", "3", 3e6, 3e6, "tonne"), ("25 mil millones de dólares", "25", 25e9, 25e9, "$"),
        ("1.000.000", "1.000.000", 1e6, 1e6, ""), ("20 años", "20", 20, 20, "year"),
    ]),
    "ru": ("25 000 человек, 3,5 млн тонн, 30 лет, 5–10 %, 5 миллионов рублей, 10 тыс. человек, 5-й год", "ru", [
        ("25 000", "25 000", 25_000, 25_000, ""), ("3,5 млн тонн", "3,5", 3_500_000, 3_500_000, "tonne"),
        ("30 лет", "30", 30, 30, "year"), ("5–10 %", "5–10", 5, 10, "%"),
        ("5 миллионов рублей", "5", 5e6, 5e6, "₽"), ("10 тыс.", "10", 10_000, 10_000, ""),
    ]),
    "zh": ("350万人，2.5亿吨，３５％，30年，5公里，1,000人", "zh", [
        ("350万", "350", 3_500_000, 3_500_000, ""), ("2.5亿吨", "2.5", 250_000_000, 250_000_000, "tonne"),
        ("３５％", "３５", 35, 35, "%"), ("30年", "30", 30, 30, "year"), ("5公里", "5", 5, 5, "kilometer"),
        ("1,000", "1,000", 1_000, 1_000, ""),
    ]),
    "ja": ("350万人、1億2000万トン、30年間、約20パーセント、100円", "ja", [
        ("350万", "350", 3_500_000, 3_500_000, ""), ("1億2000万トン", "1億2000", 120_000_000, 120_000_000, "tonne"),
        ("30年", "30", 30, 30, "year"), ("20パーセント", "20", 20, 20, "%"), ("100円", "100", 100, 100, "¥"),
    ]),
    "he": ("25,000 איש, 3.5 מיליון, 20%, 5 ק״מ, 20 שנים", "he", [
        ("25,000", "25,000", 25_000, 25_000, ""), ("3.5 מיליון", "3.5", 3_500_000, 3_500_000, ""),
        ("20%", "20", 20, 20, "%"), ("5 ק״מ", "5", 5, 5, "kilometer"), ("20 שנים", "20", 20, 20, "year"),
    ]),
    "digits of another script": ("٣٫٥ مليون, ٢٥٪", "ar", [
        ("٣٫٥ مليون", "٣٫٥", 3_500_000, 3_500_000, ""), ("٢٥٪", "٢٥", 25, 25, "%"),
    ]),
    "hundreds of thousands in India": ("1,00,000", "hi", [("1,00,000", "1,00,000", 100_000, 100_000, "")]),
    "a dialect": ("25.000 km", "de-AT", [("25.000 km", "25.000", 25_000, 25_000, "kilometer")]),
    "an unknown language": ("25,000, 30%, 3 fnord", "xx", [
        ("25,000", "25,000", 25_000, 25_000, ""), ("30%", "30", 30, 30, "%"), ("3", "3", 3, 3, ""),
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "lang", "expected"), DATES.values(), ids=DATES)
def test_dates(text: str, lang: str, expected: list[tuple[str, int, int, int, int]]) -> None:
    """Dates are found as written in each language, with their years; nothing else is."""
    found = [
        (text[each.start : each.end], each.first, each.last, each.month, each.day) for each in dates(text, lang)
    ]
    assert found == expected


@pytest.mark.parametrize(("text", "lang", "expected"), AMOUNTS.values(), ids=AMOUNTS)
def test_amounts(text: str, lang: str, expected: list[tuple[str, str, float, float, str]]) -> None:
    """Amounts are found with sign, scale and unit; the unit is the same in all spellings."""
    found = [
        (text[each.start : each.end], text[each.start : each.number_end], each.low, each.high, each.unit)
        for each in amounts(text, lang)
    ]
    assert found == expected


# text, where, language -> the unit as written
UNITS = {
    "percent": ("30% of", 2, "en", "%"),
    "percent after a blank": ("30 % of", 2, "en", "%"),
    "scale": ("5 million people", 1, "en", "million"),
    "scale and unit": ("3.5 million tonnes of", 3, "en", "million tonnes"),
    "unit": ("12 km/h.", 2, "en", "km/h"),
    "currency": ("5 €", 1, "fr", "€"),
    "a noun that is no unit": ("25,000 people", 6, "en", ""),
    "the singular of a unit": ("107 second", 3, "en", ""),
    "the end": ("25", 2, "en", ""),
    "no blank": ("350万人", 3, "zh", "万"),
}


@pytest.mark.parametrize(("text", "at", "lang", "expected"), UNITS.values(), ids=UNITS)
def test_unit_after(text: str, at: int, lang: str, expected: str) -> None:
    """What follows a number is given as written, if it is a scale word, a unit, % or a currency."""
    assert unit_after(text, at, lang) == expected


BARE = {
    "20–35": True, "25,000": True, "3.5": True, " 5 ": True, "107": True, "999": True,
    "1928": False, "1928-9": False, "107 BC": False, "5 May": False, "20%": False, "£5": False, "5 million": False,
    "about 5": False, "": False, "five": False, "T-34": False, "20th": False,
}  # fmt: skip


@pytest.mark.parametrize("text", BARE)
def test_bare_number(text: str) -> None:
    """A number or range with nothing beside it is bare; a year never is."""
    assert is_bare_number(text, "en") is BARE[text]


@pytest.mark.parametrize(
    "text", [piece * 20_000 for piece in ("1", "1-", "1,", "1 ", "1'", "-", "$", "1 m. ", "1928年")]
)
def test_hostile_text(text: str) -> None:
    """Texts of nothing but digits and signs are read in linear time; in quadratic time the test would hang."""
    found: list[Date | Amount] = [*dates(text, "en"), *amounts(text, "zh")]
    assert all(0 <= each.start < each.end <= len(text) for each in found)


@given(
    st.text("0123456789.,-–%$£ °年万億月日BCADMayk't½٣", max_size=40),
    st.sampled_from(["en", "de", "fr", "ru", "ja", "he", "xx", "", "EN-us"]),
)
def test_what_is_found_is_in_order(text: str, lang: str) -> None:
    """In any text, dates and amounts stand in order, do not overlap, and are not empty or inverted."""
    found: list[Date | Amount] = [*dates(text, lang), *amounts(text, lang)]
    found.sort(key=lambda each: each.start)
    done = 0
    for each in found:
        assert done <= each.start < each.end <= len(text)
        done = each.end
        if isinstance(each, Amount):
            assert each.start < each.number_end <= each.end
            assert each.low <= each.high
        else:
            assert each.first <= each.last
            assert each.month <= 12
            assert each.day <= 31
