"""The language of notes, by their script and their small words."""

from __future__ import annotations

import re
from collections import Counter

from mkdeck.checks.words import language

_SCRIPTS = (
    ("he", "\u0590-\u05ff"), ("ja", "\u3040-\u30ff"), ("ko", "\uac00-\ud7af"), ("zh", "\u3400-\u9fff"),
    ("th", "\u0e00-\u0e7f"), ("hi", "\u0900-\u097f"), ("el", "\u0370-\u03ff"),
)  # fmt: skip
_ARABIC, _CYRILLIC = re.compile("[\u0600-\u06ff]"), re.compile("[\u0400-\u04ff]")
_PERSIAN, _UKRAINIAN = re.compile("[پچژگ]"), re.compile("[іїєґ]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_WITH_LISTS = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "hu", "id", "ga")
_SAMPLE = 50_000
_SHARE = 0.2
"""Part of the letters from which a script decides."""
_CLEARLY = 1.2
_LEAST = 5
"""Small words, all different, by which a language is known."""


def language_of(text: str) -> str:
    """Guess the language of a text, as a deck's `lang`; English if nothing speaks for another."""
    text = text[:_SAMPLE]
    least = max(1.0, _SHARE * len(_LETTER.findall(text)))
    for lang, script in _SCRIPTS:
        if len(re.findall(f"[{script}]", text)) >= least:
            return lang
    if len(_ARABIC.findall(text)) >= least:
        return "fa" if _PERSIAN.search(text) else "ar"
    if len(_CYRILLIC.findall(text)) >= least:
        return "uk" if _UKRAINIAN.search(text) else "ru"
    words = Counter(_WORD.findall(text.lower()))
    hits = {lang: {word for word in words if word in language(lang).small} for lang in _WITH_LISTS}
    most = {lang: sum(words[word] for word in found) for lang, found in hits.items()}
    best = max(most, key=lambda lang: most[lang])
    return best if len(hits[best]) >= _LEAST and most[best] >= _CLEARLY * most["en"] else "en"
