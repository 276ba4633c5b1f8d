"""The deck that `mkdeck new` writes."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from mkdeck.validation import slug


def write_starter(name: str, folder: Path) -> Path:
    """Write a deck to start from, called `name`, into `folder`; give its path.

    Raises FileExistsError if there is such a file, and OSError if it cannot be written.
    """
    stem = slug(Path(name).stem if name.endswith((".yaml", ".yml")) else name)
    path = folder / f"{stem}.yaml"
    text = resources.files("mkdeck").joinpath("templates", "starter.yaml").read_text(encoding="utf-8")
    text = text.replace("my-deck", stem).replace("My deck", stem.replace("-", " ").capitalize())
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path
