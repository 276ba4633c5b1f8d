"""What an import refuses before it makes anything of a file: options that do not fit, and what is no notes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mkdeck.deck import Deck
from mkdeck.diagnostics import DeckError, Diagnostic, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SAMPLE = 200_000
_OF_A_LOCK = re.compile(r'\s*\{\s*"mkdeck"\s*:\s*\{')


def require_language(lang: str | None) -> None:
    """Raise DeckError for a language that no deck can have."""
    if lang is None:
        return
    try:
        Deck(deck="x", id="x", lang=lang, cards=[{"front": "Who?", "back": "He"}])
    except DeckError as error:
        raise DeckError(replace(each, span=Span(place="--lang")) for each in error.diagnostics) from None


def require_no_columns(path: Path, columns: Sequence[str] | None, kind: str) -> None:
    """Raise DeckError for columns that are named where there are none."""
    if columns is not None:
        message = f"only a table has columns that can be named, and this is read as {kind}"
        mend = "leave out `--columns`" + ("" if kind == "package" else ", or say that it is a table: `--from csv`")
        raise DeckError([Diagnostic("value", message, Span(str(path)), mend)])


def require_foreign(path: Path, text: str) -> None:
    """Raise DeckError for a deck, a lock, and other JSON: there is nothing to be made a deck of."""
    if all(re.search(rf"^{key}:", text[:_SAMPLE], re.MULTILINE) for key in ("deck", "id")):
        message, mend = "this is a deck already", f"build it with `mkdeck build {path}`"
    elif _OF_A_LOCK.match(text):
        message, mend = "this is the lock beside a deck, no deck", "name the deck, and keep the lock beside it"
    elif path.suffix.lower() == ".json" or _is_json(text):
        message = "this is JSON, which cannot be imported"
        mend = "make a table of it (CSV), or export a package (.apkg), and import that"
    else:
        return
    raise DeckError([Diagnostic("file", message, Span(str(path)), mend)])


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) or (isinstance(found, list) and any(isinstance(each, dict) for each in found))
