"""Decks, from files or from data, and what they can become."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mkdeck.diagnostics import DeckError, Diagnostic
from mkdeck.model import DeckData
from mkdeck.paths import DECK_ENDINGS
from mkdeck.source import Source, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    import genanki


class Deck(DeckData):
    """A question, the reasons that answer it, and whatever else is to be learnt with them.

    Made by `load` from a file or here from keyword arguments; raises DeckError with every finding.
    """

    def folder(self) -> Path:
        """Give the folder in which the deck's pictures and recordings lie; the current one without a file."""
        return self.origin.folder if self.origin else Path()

    def to_genanki(self, folder: str | Path | None = None, lock: Mapping[str, Any] | None = None) -> genanki.Deck:
        """Give the deck as a genanki.Deck, for a script that writes a package of its own.

        It holds the same notes as `build` would write, by the lock file beside the deck or by `lock` (see
        `build`), neither of which is changed. Its media, as (name in the package, file), are in `.media`.
        Raises DeckError if the deck has errors.
        """
        from mkdeck.checks import errors  # noqa: PLC0415 - genanki is loaded when it is needed
        from mkdeck.compile import compile_deck  # noqa: PLC0415
        from mkdeck.lock import build_time, settle_deck  # noqa: PLC0415
        from mkdeck.package import AnkiDeck  # noqa: PLC0415

        compiled = compile_deck(self, self.folder() if folder is None else Path(folder))
        if problems := errors(compiled):
            raise DeckError(problems)
        return AnkiDeck(compiled, settle_deck(compiled, lock, build_time()).settled)


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
        if not empty and Path(source.path).suffix not in {"", *DECK_ENDINGS}:
            mend = f"`mkdeck import {source.path}` makes a deck of notes or a table"
        raise DeckError([Diagnostic("empty-deck", message, source.span(), mend)])
    try:
        deck = Deck.model_validate(source.data)
    except ValidationError as error:
        from mkdeck.validation import diagnose  # noqa: PLC0415 - most decks are right

        # Where YAML read a text otherwise than it looks, what its shape would be says nothing more.
        lines = {problem.span.line for problem in source.problems}
        found = [each for each in diagnose(error, Deck, source) if each.span.line not in lines]
        raise DeckError([*source.problems, *found]) from None
    deck._source = source  # noqa: SLF001 - only a reader may set it
    if source.problems:
        from mkdeck.checks import errors  # noqa: PLC0415 - all findings in one run, those of notes too
        from mkdeck.compile import compile_deck  # noqa: PLC0415

        # Without the texts that YAML did not read, there may be no card.
        lines = {problem.span.line for problem in source.problems}
        others = [
            each
            for each in errors(compile_deck(deck, deck.folder()))
            if each.rule != "empty-deck" and each.span.line not in lines
        ]
        raise DeckError([*source.problems, *others])
    return deck
