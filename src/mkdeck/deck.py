"""Decks, from files or from data, and what they can become."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from mkdeck.diagnostics import DeckError, Diagnostic
from mkdeck.model import DeckData
from mkdeck.source import Source, read
from mkdeck.validation import diagnose

if TYPE_CHECKING:
    import genanki


class Deck(DeckData):
    """A question, the reasons that answer it, and whatever else is to be learnt with them.

    Made by `load` from a file or here from keyword arguments; raises DeckError with every finding.
    """

    def folder(self) -> Path:
        """Give the folder in which the deck's pictures and recordings lie; the current one without a file."""
        return self.origin.folder if self.origin else Path()

    def to_genanki(self, folder: str | Path | None = None) -> genanki.Deck:
        """Give the deck as a genanki.Deck, for a script that writes a package of its own.

        It writes the same notes as `build`. Its media, as (name in the package, file), are in `.media`.
        Raises DeckError if the deck has errors.
        """
        from mkdeck.compile import compile_deck  # noqa: PLC0415 - genanki is loaded when it is needed
        from mkdeck.package import AnkiDeck  # noqa: PLC0415

        compiled = compile_deck(self, self.folder() if folder is None else Path(folder))
        if compiled.problems:
            raise DeckError(compiled.problems)
        return AnkiDeck(compiled)


def load(path: str | Path) -> Deck:
    """Read the deck file at `path`.

    Raises DeckError with every finding about its YAML or its shape. What shows only when notes are made (a
    fact that stands nowhere, a missing picture) is found by `check` and `build`.
    """
    return from_source(read(path))


def from_source(source: Source) -> Deck:
    """Validate what stands in `source`. Raises DeckError with every finding."""
    if not isinstance(source.data, dict):
        empty = source.data is None
        message = "the file is empty" if empty else "a deck is a mapping of keys such as `deck:` and `id:`"
        mend = "`mkdeck new NAME` writes a deck to start from"
        raise DeckError([Diagnostic("empty-deck", message, source.span(), mend)])
    try:
        deck = Deck.model_validate(source.data)
    except ValidationError as error:
        raise DeckError(diagnose(error, Deck, source)) from None
    deck._source = source  # noqa: SLF001 - only a reader may set it
    return deck
