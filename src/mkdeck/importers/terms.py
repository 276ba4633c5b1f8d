"""Lists of terms with their meanings, as they stand under headings such as `Key terms`."""

from __future__ import annotations

import re

from mkdeck.importers.plain_text import is_seen
from mkdeck.importers.yaml_text import MAX_KEY

_HEADING = re.compile(
    r"(?:.+: )?(?:(?:key|important|main|useful)\s+)?"
    r"(?:terms?|terminology|vocab(?:ulary)?|glossary|definitions?|key\s*words?|concepts?|begriffe|glossar|wortschatz"
    r"|vocabulaire|glossaire|définitions|termes|vocabulario|glosario|términos|definiciones|glossario|termini)"
    r"(?:\s+(?:and|&|und|et|y|e)\s+.+)?",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"(\*\*|__|\*|_|`)(?=\S)(?P<term>.+?)(?<=\S)(?P<colon>:?)\1\s*(?P<sign>[:=–—-]?)\s*(?P<meaning>\S.*)"
)
_PLAIN = re.compile(r"(?P<term>[^:=–—]{1,80}?)\s*(?::\s|=\s|\s[–—-]\s)\s*(?P<meaning>\S.*)")

_FEW_WORDS = 4


def is_about_terms(heading: str) -> bool:
    """Tell whether a heading says that terms follow."""
    return _HEADING.fullmatch(heading) is not None


def term_of(text: str) -> tuple[str, str] | None:
    """Split `term: its meaning`; None if a text is no such thing."""
    marked = _MARKED.fullmatch(text)
    found = marked if marked and (marked["colon"] or marked["sign"]) else _PLAIN.fullmatch(text)
    if found is None or not any(map(str.isalnum, found["term"])) or not is_seen(found["meaning"]):
        return None
    term = found["term"].strip()
    return (term, found["meaning"]) if len(term) <= MAX_KEY else None


def is_term(text: str) -> bool:
    """Tell whether a text is `term: its meaning` without doubt: the term is of a few words."""
    return (found := term_of(text)) is not None and len(found[0].split()) <= _FEW_WORDS


def rows_of_terms(table: str) -> list[tuple[str, str]] | None:
    """Read a Markdown table of two columns as terms, its head first; None if it is none."""
    lines = [line.strip() for line in table.split("\n")]
    if len(lines) < 3 or "\\|" in table:
        return None
    rows = [[cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")] for line in lines]
    if any(len(row) != 2 or not all(row) for row in rows) or len({row[0] for row in rows}) < len(rows):
        return None
    return [(term, meaning) for term, meaning in (rows[0], *rows[2:])]
