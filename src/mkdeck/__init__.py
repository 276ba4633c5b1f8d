"""mkdeck, the compiler for flashcards: reason cards in, packages that Anki imports out.

>>> import mkdeck
>>> deck = mkdeck.load("decks/collectivisation.yaml")
>>> result = mkdeck.build(deck, "dist/collectivisation.apkg")

Names are loaded when they are first used, so that importing mkdeck costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mkdeck._version import __version__

if TYPE_CHECKING:
    from mkdeck.deck import Deck, load
    from mkdeck.diagnostics import DeckError, Diagnostic, Severity, Span
    from mkdeck.model import Card, Chain, Fact, Judgement, Link, Meaning, Point, Reason, Text
    from mkdeck.pipeline import BuildResult, build, check

_HOMES = {
    **dict.fromkeys(("BuildResult", "build", "check"), "mkdeck.pipeline"),
    **dict.fromkeys(("Deck", "load"), "mkdeck.deck"),
    **dict.fromkeys(("DeckError", "Diagnostic", "Severity", "Span"), "mkdeck.diagnostics"),
    **dict.fromkeys(
        ("Card", "Chain", "Fact", "Judgement", "Link", "Meaning", "Point", "Reason", "Text"), "mkdeck.model"
    ),
}

__all__ = [
    "BuildResult", "Card", "Chain", "Deck", "DeckError", "Diagnostic", "Fact", "Judgement", "Link",
    "Meaning", "Point", "Reason", "Severity", "Span", "Text", "__version__", "build", "check", "load",
]  # fmt: skip


if not TYPE_CHECKING:  # a checker shall see the names above, and no others

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
