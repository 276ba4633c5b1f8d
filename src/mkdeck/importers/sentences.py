"""Running text -> sentences."""

from __future__ import annotations

import re

from mkdeck.checks.words import language

_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[^\W_a-z])|(?<=[。！？])")
_NO_END = re.compile(
    r"(?:^|[\s(\"“])(?:[^\W\d_]|[Cc]a|[Dd]r|[Mm]rs?|[Mm]s|[Ss]t|[Pp]rof|vs|etc|[Nn]o|Jr|e\.g|i\.e|z\.B|d\.h)\.$"
)


def sentences(text: str) -> list[str]:
    """Split a text where its sentences end."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if not _NO_END.search(text[max(start, match.start() - 8) : match.start()].rstrip("\"”’')]")):
            found.append(text[start : match.end()].strip())
            start = match.end()
    found.append(text[start:].strip())
    return [each for each in found if each]


def self_contained(text: str, lang: str) -> list[str]:
    """Split a text into sentences; one that begins with `it`, `they` or the like stays with the one before."""
    joined: list[str] = []
    for each in sentences(text):
        first = re.match(r"\W*(\w+)", each)
        if joined and first and first[1].lower() in language(lang).pronouns:
            joined[-1] += f" {each}"
        else:
            joined.append(each)
    return joined
