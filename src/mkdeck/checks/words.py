"""Words by language: which are small, which point back, and which two are one word.

The small words are those of the Snowball project (see words/LICENSE.txt).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from mkdeck.checks.limits import DIGITS_THAT_TELL, LETTERS_THAT_TELL
from mkdeck.markup import bare_words, tokens

_AS_LISTED = {"nb": "no", "nn": "no"}
"""Languages whose list has another name."""

# What a plural, or a case, puts at the end of a word of four letters or more; grammar, not vocabulary.
_ENDINGS = {
    "en": r"(?:(?<=[xz])es|(?<=[cs]h)es|(?<=ss)es|(?<![suiy])s|(?<=[aeo]y)s|ies)$",
    "de": r"(?:en|es|[ens])$",
    "nl": r"(?:en|s)$",
    "fr": r"[sx]$",
    "ru": r"(?:ами|ями|ов|ев|ей|ой|ом|ем|ам|ям|ах|ях|[аяыиуюеоьй])$",
    "it": r"[aeio]$",
}
_ENDING = r"s$"
_SPACED = re.compile(r"[^\W_](?:[\w'’.,:/–-]*\w)?")


class Language(dict[str, str]):
    """The words of one language; as a mapping, word (folded) -> its stem, or nothing for a word that tells nothing.

    A word tells what is asked for if it has four letters or more and is no small word, or is a number of two
    digits or more.
    """

    def __init__(self, lang: str) -> None:
        super().__init__()
        language = lang.lower().split("-")[0]
        listed = _listed(_AS_LISTED.get(language, language))
        self.lang = lang
        self.small = frozenset(word.rstrip(" *") for word in listed)
        """Articles, pronouns, prepositions, auxiliaries ...; none for a language without a list."""
        self.pronouns = frozenset(word.removesuffix(" *") for word in listed if word.endswith(" *"))
        """Those that stand for something said before: it, they, this."""
        self._ending = re.compile(_ENDINGS.get(language, _ENDING))

    def __missing__(self, word: str) -> str:
        stem = ""
        if word.isdecimal():
            stem = word if len(word) >= DIGITS_THAT_TELL else ""
        elif len(word) >= LETTERS_THAT_TELL and word not in self.small:
            stem = self._ending.sub(lambda end: "y" if end[0] == "ies" else "", word)
            stem = stem if len(stem) >= LETTERS_THAT_TELL else word
        self[word] = stem
        return stem

    def stems(self, text: str) -> set[str]:
        """Give the stems of those words of a text that tell something."""
        found = set(map(self.__getitem__, bare_words(text)))
        found.discard("")
        return found

    def is_small(self, text: str) -> bool:
        """Tell whether a text has words, and nothing but small ones."""
        words = [word for word in tokens(text) if word[0].isalnum()]
        return bool(words) and self.small.issuperset(words)

    def content(self, text: str) -> list[str]:
        """Give the words of a text that are not small; a character of a script without spaces is a word."""
        return [word for word in tokens(text) if word[0].isalnum() and word not in self.small]


@cache
def language(lang: str) -> Language:
    """Give the words of the language with this tag."""
    return Language(lang)


@cache
def _listed(language: str) -> tuple[str, ...]:
    file = Path(__file__).with_name("words") / f"{language}.txt"
    return tuple(file.read_text(encoding="utf-8").splitlines()) if language.isalpha() and file.is_file() else ()


@cache
def or_word(lang: str) -> str:
    """Give the word between two things of which one is to be chosen, in small letters (Unicode CLDR)."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 100 ms; few decks need it

    try:
        locale = Locale.parse(lang, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    pattern: str = locale.list_patterns["or"]["2"]
    return pattern.replace("{0}", "").replace("{1}", "").strip().lower()


@cache
def _characters() -> re.Pattern[str]:
    """Give the pattern of Han and kana, and of Thai, Lao, Burmese and Khmer; it takes 1 ms that few decks pay."""
    return re.compile(
        "([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])|([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])"
    )


def count(text: str) -> int:
    """Count the words of a text; in scripts without spaces, two Chinese or four Thai characters are about one."""
    spaced = text
    without = 0
    if not text.isascii():
        found = _characters().findall(text)
        if found:
            east = sum(bool(one) for one, _ in found)
            without = -(-east // 2) + -(-(len(found) - east) // 4)
            spaced = _characters().sub(" ", text)
    return without + sum(1 for _ in _SPACED.finditer(spaced))
