"""Anki's own library: notes from a pickle into a collection, and out of it as a package.

python anki_pylib.py NOTES.pickle OUT.apkg
"""

from __future__ import annotations

import pickle
import sys
import tempfile
from pathlib import Path

from anki.collection import AddNoteRequest, Collection, DeckIdLimit, ExportAnkiPackageOptions


def main(source: str, target: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder, "collection.anki2")))
        deck = collection.decks.id("Benchmark")
        cloze = collection.models.by_name("Cloze")
        requests = []
        for text, extra, tags in pickle.loads(Path(source).read_bytes()):
            note = collection.new_note(cloze)
            note.fields = [text, extra]
            note.tags = tags
            requests.append(AddNoteRequest(note, deck))
        collection.add_notes(requests)
        collection.export_anki_package(
            out_path=str(Path(target).absolute()),
            # The newer form of a package, which it writes faster than the older one.
            options=ExportAnkiPackageOptions(
                with_scheduling=False, with_deck_configs=False, with_media=False, legacy=False
            ),
            limit=DeckIdLimit(deck),
        )
        collection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
