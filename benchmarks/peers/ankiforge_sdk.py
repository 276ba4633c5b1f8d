"""ankiforge, which is written in Rust: notes from a pickle.

python ankiforge_sdk.py NOTES.pickle OUT.apkg
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from ankiforge import BuildOptions, Content, Note, Project


def main(source: str, target: str) -> None:
    project = Project("benchmark", default_deck="Benchmark")
    for number, (text, extra, tags) in enumerate(pickle.loads(Path(source).read_bytes())):
        project.add(str(number), Note.cloze(text).field("back_extra", Content.html(extra)).tags(tags))
    project.build(BuildOptions.to(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
