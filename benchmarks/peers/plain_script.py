"""The script that most people write: YAML in, clozes numbered by a regex, genanki out. It checks nothing.

python plain_script.py DECK.yaml OUT.apkg
"""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path
from typing import Any

import genanki
import yaml


def cloze(text: str) -> str:
    """Turn `{{a}} and {{b}}` into `{{c1::a}} and {{c2::b}}`."""
    numbers = itertools.count(1)
    return re.sub(r"\{\{(.+?)\}\}", lambda match: f"{{{{c{next(numbers)}::{match[1]}}}}}", text)


def blank(text: str, facts: list[Any]) -> str:
    """Put braces around declared facts."""
    for fact in facts:
        if isinstance(fact, str):
            text = text.replace(fact, f"{{{{{fact}}}}}")
        else:
            text = text.replace(fact["fact"], f"{{{{{fact['fact']}::{fact['hint']}}}}}")
    return text


def main(source: str, target: str) -> None:
    with Path(source).open(encoding="utf-8") as file:
        data = yaml.load(file, Loader=yaml.CSafeLoader)
    deck = genanki.Deck(1357924680, data["deck"])
    for reason in data["reasons"]:
        for item in reason["points"]:
            point: dict[str, Any] = {"text": item} if isinstance(item, str) else item
            text = cloze(blank(point["text"], point.get("facts", [])))
            extra = [reason["reason"], point.get("note"), point.get("source", data["source"])]
            deck.add_note(
                genanki.Note(
                    model=genanki.CLOZE_MODEL,
                    fields=[text, "<br>".join(part for part in extra if part)],
                    tags=data["tags"] + point.get("tags", []),
                )
            )
    genanki.Package(deck).write_to_file(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
