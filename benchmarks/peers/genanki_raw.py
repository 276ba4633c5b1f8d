"""genanki alone: the notes come ready made from a pickle.

python genanki_raw.py NOTES.pickle OUT.apkg
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import genanki


def main(source: str, target: str) -> None:
    deck = genanki.Deck(1357924680, "Benchmark")
    for text, extra, tags in pickle.loads(Path(source).read_bytes()):
        deck.add_note(genanki.Note(genanki.CLOZE_MODEL, [text, extra], tags=tags))
    genanki.Package(deck).write_to_file(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
