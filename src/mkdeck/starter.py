"""The deck that `mkdeck new` writes."""

from __future__ import annotations

import hashlib
import json
import re
from importlib import resources
from typing import TYPE_CHECKING

from mkdeck.slugs import slug

if TYPE_CHECKING:
    from pathlib import Path


def write_starter(name: str, folder: Path) -> Path:
    """Write a deck to start from, called `name`, into `folder`; give its path.

    Raises FileExistsError if there is such a file, and OSError if it cannot be written.
    """
    name = re.sub(r"\.ya?ml$", "", name.replace("\\", "/").rpartition("/")[2]).strip() or "deck"
    # A name without a Latin letter still gives an id of its own: decks of one id would share their notes.
    stem = slug(name)
    if not re.search("[a-z]", stem):
        stem = f"deck-{hashlib.blake2b(name.encode(), digest_size=4).hexdigest()}"
    title = name.replace("-", " ").capitalize() if name == stem else name
    path = folder / f"{stem}.yaml"
    text = resources.files("mkdeck").joinpath("templates", "starter.yaml").read_text(encoding="utf-8")
    text = text.replace("my-deck", stem).replace("deck: My deck", f"deck: {json.dumps(title, ensure_ascii=False)}")
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path
