"""Markdown with clozes and declared facts -> the HTML of Anki fields."""

from mkdeck.markup.blanks import Blank, Marked, MarkupProblem, ordinals, words
from mkdeck.markup.escape import clean, escape_attribute, escape_html
from mkdeck.markup.facts import FactIndex, fold, folded_words
from mkdeck.markup.text import mark

__all__ = [
    "Blank",
    "FactIndex",
    "Marked",
    "MarkupProblem",
    "clean",
    "escape_attribute",
    "escape_html",
    "fold",
    "folded_words",
    "mark",
    "ordinals",
    "words",
]
