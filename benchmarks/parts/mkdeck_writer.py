"""mkdeck's writer alone: from notes that have their identity to the package. Prints the seconds.

python mkdeck_writer.py DECK.yaml OUT.apkg
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

from mkdeck.package import AnkiDeck, AnkiPackage
from mkdeck.pipeline import compile_all, settle_all


def main(source: str, target: str) -> None:
    gc.disable()  # as in the command
    built = settle_all(compile_all([Path(source)]))
    start = time.perf_counter()
    AnkiPackage([AnkiDeck(each.compiled, each.settled) for each in built]).write_to_file(target)
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(*sys.argv[1:])
