"""Names for what has none: groups without a heading, decks without a question, ids."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

from mkdeck.checks.words import language
from mkdeck.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST_ID = 48
_LONGEST_DECK = 100
_FIRST_WORDS = 6
_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_LIST_OF = re.compile(
    r"(?:the\s+)?((?:main|key|long[- ]term|short[- ]term)\s+)?"
    r"(reasons|causes|effects|consequences|results|factors|impacts?|stages|steps|features|parts|functions)\b\s*(.+)",
    re.IGNORECASE,
)
_NOT_IN_A_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def deck_name(title: str) -> str:
    """Make the name of a deck of a title: in one line, not too long, and each part of it has words."""
    shown = " ".join(_NOT_IN_A_NAME.sub(" ", title).split())
    if len(shown) > _LONGEST_DECK:
        shown = shown[:_LONGEST_DECK].rsplit(" ", 1)[0] + "…"
    return "::".join(filter(None, (part.strip() for part in shown.split("::")))) or "Imported"


def deck_id(title: str) -> str:
    """Make the id of a deck of a title; one without a Latin letter has an id of its own all the same."""
    found = _cut(slug(title))
    if re.search("[a-z]", found):
        return found
    return f"deck-{hashlib.blake2b(title.encode(), digest_size=4).hexdigest()}"


def reason_ids(names: Iterable[str]) -> list[str]:
    """Make an id of each name; of those that would have the same, the later ones are numbered."""
    taken: set[str] = set()
    tried: Counter[str] = Counter()
    ids = []
    for number, name in enumerate(names, 1):
        first = each = _cut(slug(name)) or f"reason-{number}"
        while each in taken:
            tried[first] += 1
            each = f"{first}-{tried[first] + 1}"
        taken.add(each)
        ids.append(each)
    return ids


def _cut(whole: str) -> str:
    if len(whole) <= _LONGEST_ID:
        return whole
    return (
        whole[: whole.rfind("-", 1, _LONGEST_ID + 1)] if "-" in whole[1 : _LONGEST_ID + 1] else whole[:_LONGEST_ID]
    )


def proposed_question(title: str, lang: str) -> str:
    """Make a question of a title: `Causes of the war` -> `What were the causes of the war?`."""
    if lang == "en" and (found := _LIST_OF.fullmatch(title)):
        return f"What were the {(found[1] or '').lower()}{found[2].lower()} {found[3]}?"
    return f"{title}: what belongs to it?" if lang == "en" else f"{title}?"


def proposed_names(groups: Sequence[Sequence[str]], lang: str) -> list[str]:
    """Name each group of texts after the word that it says most often and the others do not."""
    counted = [_counted(texts, lang) for texts in groups]
    everywhere = Counter(stem for words in counted for stem in words)
    names = []
    for texts, words in zip(groups, counted, strict=True):
        best = max(words, key=lambda stem: words[stem] ** 2 / everywhere[stem], default="")
        if words[best] > 1:
            shown = next(word for text in texts for word in _WORD.findall(text) if _stem(word, lang) == best)
            names.append(shown[0].upper() + shown[1:])
        else:
            first = " ".join((texts[0] if texts else "").split(" → ", 1)[0].split()[:_FIRST_WORDS])
            first = first.rstrip(",;:.") or "Untitled"
            names.append(first[0].upper() + first[1:])
    return names


def _counted(texts: Iterable[str], lang: str) -> Counter[str]:
    return Counter(stem for text in texts for word in _WORD.findall(text) if (stem := _stem(word, lang)))


def _stem(word: str, lang: str) -> str:
    return language(lang)[word.lower().removesuffix("'s").removesuffix("’s")]
