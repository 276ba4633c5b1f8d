"""Searches for Anki's browser that find one note, so that it, and nothing else, can be deleted."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from mkdeck.archive.texts import shown
from mkdeck.notes import own_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mkdeck.lock import Built

_LONGEST = 100
"""A longer text is found by its first words."""
_WORDS = 12
_OWN_HOME = re.compile(r"cards/(-?\d+)")
"""The home of a note whose note type is the deck's own; it ends with the id of that."""
_MARKED_UP = frozenset("[\\")
"""Pictures, recordings and maths stand in Anki otherwise than their text is told."""
_RESERVED = frozenset([
    "added", "card", "cid", "deck", "did", "dupe", "edited", "flag", "has-cd", "introduced", "is", "mid", "nc",
    "nid", "note", "preset", "prop", "rated", "re", "resched", "sc", "tag", "w",
])  # fmt: skip
"""What has another meaning before a colon than the name of a field (search/parser.rs in Anki)."""


def searches(built: Built) -> Callable[..., str]:
    """Give a function that tells, for the key of a note in the lock, the search that finds it and nothing else."""
    settled, types = built.settled, built.compiled.deck.note_types
    names = {str(each.id): each.names[0] for each in types.values()}

    @cache
    def first_fields() -> dict[str, dict[str, str]]:
        """Give the HTML of the first field of all notes that are in the deck, by their type's id and their key."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for note in settled.notes:
            key = note.lock_key
            if note.type and not settled.lock.notes[key].gone:
                own = types[note.type]
                texts = own_fields(note.note_type, own.names, note.fields)
                found[str(own.id)][key] = texts.get(own.names[0], "")
        return found

    def search(key: str, more: str = "") -> str:
        entry = settled.lock.notes[key]
        own = _OWN_HOME.fullmatch(entry.home)
        if not own:
            return f"`{by_key(f'{settled.lock.deck}/{key}')}{more}`"
        others = dict(first_fields()[own[1]])
        now = others.pop(key, None)
        text = entry.text.partition("\n")[0] if now is None else shown(now)
        is_whole = not entry.numbers if now is None else stripped(now) == text
        found = by_first_field(int(own[1]), names.get(own[1], ""), text, others.values(), is_whole=is_whole)
        return f"`{found}{more}`" if found else "(no search tells it from notes that stay)"

    return search


def by_key(key: str) -> str:
    """Give what finds a note of a note type of mkdeck's, which has a field for its `Note.key`."""
    return f"Key:{_escaped(key)}"


def by_first_field(note_type: int, field: str, text: str, others: Iterable[str], *, is_whole: bool) -> str:
    """Give what finds a note by its first field and finds none of the `others`; empty if nothing does.

    `field` is its name, if that is known, `text` what it shows, and `others` are the HTML of the first fields of
    the other notes of its type. If `text` is not the whole (the signs of a cloze are left out), or Anki may read it
    otherwise, what is sought has the same words in the same order, and may have more.
    """
    if is_whole and 0 < len(text) <= _LONGEST and _MARKED_UP.isdisjoint(text):
        # What Anki's editor seeks for "Show Duplicates": the first field without its HTML.
        sought = html.escape(text, quote=False).replace("\\", "\\\\").replace('"', '\\"')
        return "" if any(shown(other) == text for other in others) else f'"dupe:{note_type},{sought}"'
    words = re.findall(r"\w+", text)[:_WORDS]
    if not words or any(_holds(other, words) for other in others):
        return ""
    return f'mid:{note_type} "{_named(field)}*{"*".join(map(_escaped, words))}*"'


def stripped(markup: str) -> str:
    """Give a field as Anki compares it: without tags, and with nothing in the place of one that begins a line."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def _holds(markup: str, words: list[str]) -> bool:
    """Tell whether Anki finds `words` in this order; it looks at the HTML, and in a sort field at the text."""
    for text in (markup.casefold(), shown(markup).casefold()):
        at = 0
        for word in words:
            at = text.find(word.casefold(), at)
            if at < 0:
                break
            at += len(word)
        else:
            return True
    return False


def _named(field: str) -> str:
    """Give the part of a search that names a field; `_`, which stands for any sign, keeps it from meaning more."""
    if not field:
        return ""
    name = _escaped(field)
    return f"{name[:-1]}_:" if field.lower() in _RESERVED else f"{name}:"


def _escaped(text: str) -> str:
    return re.sub(r'([\\*_":])', r"\\\1", text)
