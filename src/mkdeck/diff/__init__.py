"""Two states of a deck -> what a learner's Anki does who has the old one and imports the new one."""

from mkdeck.diff.compare import Difference, NoteDiff, compare
from mkdeck.diff.report import to_json, to_text
from mkdeck.diff.sides import read_sides
from mkdeck.diff.snapshot import NoteState, Snapshot

__all__ = ["Difference", "NoteDiff", "NoteState", "Snapshot", "compare", "read_sides", "to_json", "to_text"]
