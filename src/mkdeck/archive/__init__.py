"""Anki packages of any maker and age, read within bounds: they come from anywhere and are trusted in nothing."""

from mkdeck.archive.container import Stream
from mkdeck.archive.content import (
    Archive,
    Card,
    Deck,
    Field,
    MediaFile,
    Note,
    NoteType,
    Stock,
    Template,
    Version,
)
from mkdeck.archive.limits import Limits
from mkdeck.archive.media import opened_media
from mkdeck.archive.read import read_package

__all__ = [
    "Archive",
    "Card",
    "Deck",
    "Field",
    "Limits",
    "MediaFile",
    "Note",
    "NoteType",
    "Stock",
    "Stream",
    "Template",
    "Version",
    "opened_media",
    "read_package",
]
