"""Deck files -> decks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from mkdeck.diagnostics import DeckError, Diagnostic
from mkdeck.model import Deck
from mkdeck.source import Source, read
from mkdeck.validation import diagnose

if TYPE_CHECKING:
    from pathlib import Path


def load(path: str | Path) -> Deck:
    """Read the deck file at `path`.

    Raises DeckError with every finding about its YAML or its shape. What shows only when notes are made (a
    fact that stands nowhere, a missing picture) is found by `check` and `build`.
    """
    return deck_of(read(path))


def deck_of(source: Source) -> Deck:
    """Validate what stands in `source`. Raises DeckError with every finding."""
    if not isinstance(source.data, dict):
        what = "the file is empty" if source.data is None else "a deck is a mapping of keys such as `deck:` and `id:`"
        mend = "`mkdeck new NAME` writes a deck to start from"
        raise DeckError([Diagnostic("empty-deck", what, source.span(), mend)])
    try:
        deck = Deck.model_validate(source.data)
    except ValidationError as error:
        raise DeckError(diagnose(error, Deck, source)) from None
    deck._source = source  # noqa: SLF001 - the model's own loader
    return deck
