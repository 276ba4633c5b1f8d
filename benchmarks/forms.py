"""The files that contestants read: the same deck in the form that each of them takes.

python forms.py WORKLOAD NOTES FILE ...

The files come into the current folder, in a process of its own: a parent that held a whole deck would show
in the peak memory of its children.
"""

from __future__ import annotations

import pickle
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from workloads import WORKLOADS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workloads import Entry

_WIDTH = 100
"""Of a line of YAML; about the width of ten words, in which the decks of mkdeck are set."""


def deck_yaml(entries: Iterator[Entry]) -> Iterator[bytes]:
    """Write a deck of mkdeck; the plain script reads the same file."""
    for entry in entries:
        yield entry.yaml.encode()


def cards_yaml(entries: Iterator[Entry]) -> Iterator[bytes]:
    """Write a deck of anki-yaml-tool, which has no note type for clozes: they stand in an ordinary field."""
    yield (
        b"config:\n"
        b"  name: Benchmark\n"
        b"  deck-name: Benchmark\n"
        b"  fields: [Text, Extra]\n"
        b"  templates:\n"
        b'    - {name: Card, qfmt: "{{Text}}", afmt: "{{Text}}<hr>{{Extra}}"}\n'
        b"data:\n"
    )
    for entry in entries:
        tags = ", ".join(entry.tags)
        fields = f"text: >-\n{_folded(entry.text)}    extra: >-\n{_folded('<br>'.join(entry.extra))}"
        yield f"  - {fields}    tags: [{tags}]\n".encode()


def cards_md(entries: Iterator[Entry]) -> Iterator[bytes]:
    """Write a deck of ankcompiler, whose clozes have no back: what they show besides is a paragraph more."""
    yield b"---\ndeck: Benchmark\n---\n\n"
    for number, entry in enumerate(entries):
        tags = "".join(f"[^tag]: {tag}\n" for tag in entry.tags)
        body = f"{entry.text}\n\n{'<br>'.join(entry.extra)}"
        yield f"---\n\n{body}\n\n---\n[^uid]: {number:010}\n{tags}\n".encode()


def notes_pickle(entries: Iterator[Entry]) -> Iterator[bytes]:
    """Write notes as (text, extra, tags), for those that read no text; packages are compared with it, too."""
    yield pickle.dumps([(entry.text, "<br>".join(entry.extra), list(entry.tags)) for entry in entries])


FORMS: dict[str, Callable[[Iterator[Entry]], Iterator[bytes]]] = {
    "deck.yaml": deck_yaml,
    "cards.yaml": cards_yaml,
    "cards.md": cards_md,
    "notes.pickle": notes_pickle,
}


def _folded(text: str) -> str:
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return "".join(f"      {line}\n" for line in lines)


def main(workload: str, notes: str, *names: str) -> None:
    for name in names:
        with Path(name).open("wb") as file:
            file.writelines(FORMS[name](WORKLOADS[workload](int(notes))))


if __name__ == "__main__":
    main(*sys.argv[1:])
