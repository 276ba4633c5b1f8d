"""Markdown with clozes and declared facts -> the HTML of Anki fields."""

from mkdeck.markup.blanks import (
    MAX_NUMBER,
    Blank,
    Marked,
    MarkupProblem,
    cloze,
    ordinals,
    pictures,
    renumbered,
    shown_words,
    words,
)
from mkdeck.markup.clozes import SIMPLE_CLOZE, without_groups
from mkdeck.markup.escape import clean, escape_attribute, escape_html, escape_text, unescape
from mkdeck.markup.facts import FactIndex, IndexedFact, bare_words, bare_words_of, fold, folded_words, tokens
from mkdeck.markup.text import mark

__all__ = [
    "MAX_NUMBER",
    "SIMPLE_CLOZE",
    "Blank",
    "FactIndex",
    "IndexedFact",
    "Marked",
    "MarkupProblem",
    "bare_words",
    "bare_words_of",
    "clean",
    "cloze",
    "escape_attribute",
    "escape_html",
    "escape_text",
    "fold",
    "folded_words",
    "mark",
    "ordinals",
    "pictures",
    "renumbered",
    "shown_words",
    "tokens",
    "unescape",
    "without_groups",
    "words",
]
