"""What the official Anki makes of a package: counts, and how it differs from the notes that it should hold.

python examine.py PACKAGE [NOTES.pickle]

Nobody is to win by leaving work out. This runs after the clock has stopped, in a process of its own.
"""

from __future__ import annotations

import html
import json
import pickle
import re
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

_TAG = re.compile(r"<[^>]*>")
_CLOZE = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}")
_ASKED = re.compile(r'<span class="cloze" data-ordinal="(\d+)">(.*?)</span>')
_DRAWN = 20
"""Notes whose cards are drawn."""

Cloze = tuple[str, str, str]
"""Its number, its answer and its hint."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a package, and what of the wanted notes is not: some of `notes clozes extra tags cards`."""

    notes: int
    cards: int
    media: int
    lacks: tuple[str, ...] = ()


def examine(package: Path, wanted: Path | None) -> Content:
    """Import a package into an empty collection; compare it with wanted notes, if there are any."""
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder, "collection.anki2")))
        try:
            request = ImportAnkiPackageRequest(
                package_path=str(package.resolve()), options=ImportAnkiPackageOptions()
            )
            collection.import_anki_package(request)
            lacks = _lacks(collection, pickle.loads(wanted.read_bytes())) if wanted else ()
            media = len(list(Path(collection.media.dir()).iterdir()))
            return Content(collection.note_count(), collection.card_count(), media, lacks)
        finally:
            collection.close()


def _lacks(collection: Any, wanted: list[tuple[str, str, list[str]]]) -> tuple[str, ...]:
    """Name what is wanted and not there."""
    found = {}
    for note, fields, tags in collection.db.execute("select id, flds, tags from notes"):
        shown = _shown(fields)
        found[_words(shown)] = note, shown, tags.split()
    cards = dict(collection.db.execute("select nid, count() from cards group by nid"))
    lacks = set()
    if len(found) != len(wanted) or len(cards) != len(wanted):
        lacks.add("notes")
    for place, (text, extra, tags) in enumerate(wanted):
        clozes = _clozes(text)
        if (each := found.get(_words(text))) is None:
            lacks.add("notes")
            continue
        note, shown, has_tags = each
        is_drawn = place % (len(wanted) // _DRAWN + 1) == 0
        faults = {
            "clozes": _clozes(shown) != clozes,
            "extra": not all(part in shown for part in extra.split("<br>")),
            "tags": not set(tags) <= set(has_tags),
            "cards": cards[note] != len(clozes) or (is_drawn and _asked(collection, note) != clozes),
        }
        lacks |= {name for name, is_fault in faults.items() if is_fault}
    return tuple(sorted(lacks))


def _asked(collection: Any, note: int) -> list[Cloze]:
    """Give the clozes that the cards of a note ask for, as Anki draws them."""
    found = []
    for card in collection.get_note(note).cards():
        hints = re.findall(r'<span class="cloze"[^>]*>\[(.*?)\]</span>', card.question())
        for (number, answer), hint in zip(_ASKED.findall(card.answer()), hints, strict=True):
            found.append((number, _shown(answer), "" if hint == "..." else _shown(hint)))
    return found


def _shown(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup.replace("\x1f", " "))).split())


def _clozes(text: str) -> list[Cloze]:
    return [(number, answer, hint) for number, answer, hint in _CLOZE.findall(_sentence(text))]


def _words(text: str) -> str:
    """Give a point without the marks of its clozes: what it is known by."""
    return _CLOZE.sub(r"\2", _sentence(text))


def _sentence(text: str) -> str:
    """Give the first sentence: the point. All points are of one sentence, and all are different."""
    return text[: text.find(".") + 1]


if __name__ == "__main__":
    print(json.dumps(asdict(examine(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None))))
