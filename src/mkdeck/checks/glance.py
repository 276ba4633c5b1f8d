"""A glance at a note's field, which tells of nearly every note that none of its fronts gives an answer away.

A build waits for it, and to read a note as a `Sheet` and look at that takes three times as long.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mkdeck.checks.shown import folded, header_of, is_plain
from mkdeck.markup import bare_words_of

if TYPE_CHECKING:
    from mkdeck.checks.words import Language
    from mkdeck.notes import Draft

_BLANK = re.compile(r"\{\{c(?<!\w\{\{c)(\d+)::([^{}]*)\}\}(?!\w)")
"""A cloze without another one in it, and with no letter beside it: what is in it is whole words.

`re` is quick to find what a pattern begins with, if that is plain signs: so what is before them is looked at last.
"""


class Above(NamedTuple):
    """What stands above a front, folded, and the stems of those words in it that tell something."""

    folded: str
    stems: set[str]


def above(draft: Draft, language: Language) -> Above:
    header = header_of(draft)
    return Above(folded(header), language.stems(header))


def fronts_at_a_glance(draft: Draft, above: Above, language: Language) -> list[int] | None:
    """Give the hash of every front, as `Sheet.fronts` has it, if no answer shares a word that tells with a front.

    None where that takes a sheet to tell: where words are shared, and of all that is no plain cloze note.
    """
    if draft.note_type != "cloze":
        return None
    field = draft.fields["Text"]
    if not is_plain(field) or "`" in field or "\\" in field:
        return None
    parts = _BLANK.split(field)  # 0.6x of the time of a match for each blank
    prose, numbers, blanks = parts[::3], parts[1::3], parts[2::3]
    if not len({*numbers}) == len(numbers) == field.count("{{") > 0:
        return None
    hints = [""] * len(blanks)
    if field.count("::") > len(blanks):
        split = [each.partition("::") for each in blanks]
        blanks, hints = [answer for answer, _, _ in split], [hint.strip() for _, _, hint in split]
    text = folded(prose[0] + "".join(map("".join, zip(blanks, prose[1:], strict=True))))  # of the same length
    around, answers, fronts = [folded(hint) for hint in hints if hint], [], []
    end = 0
    for before, answer, hint in zip(prose, blanks, hints, strict=False):
        start = end + len(before)
        around.append(text[end:start])
        end = start + len(answer)
        answers.append(text[start:end])
        fronts.append(hash(f"{above.folded}\n{text[:start]}[{hint}]{text[end:]}"))
    around.append(text[end:])
    is_clear = _are_apart(bare_words_of((" ".join(around), *answers)), above.stems, language)
    return fronts if is_clear else None


def _are_apart(words: list[list[str]], above: set[str], language: Language) -> bool:
    """Tell whether every answer has a word that tells something, and none of these stands anywhere else.

    `words` are those around the answers, and those of each answer.
    """
    around, *answers = words
    stem = language.__getitem__
    own: list[str] = []
    for answer in answers:
        before = len(own)
        own += filter(None, map(stem, answer))
        if len(own) == before:
            return False
    told = set(own)
    return len(told) == len(own) and told.isdisjoint(above) and told.isdisjoint(map(stem, around))
