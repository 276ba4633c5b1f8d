"""The frozen parts of the note types. If a test here fails, the change is wrong, not the test.

A learner's Anki matches note types by these ids, and fields and templates by theirs, in this order.
"""

from __future__ import annotations

import hashlib
from typing import get_args

from mkdeck.model import Theme
from mkdeck.note_types import NOTE_TYPES, TEMPLATES_MOD, template

CLOZE_FIELDS = [
    ("Text", 7310845120001), ("Header", 7310845120002), ("Context", 7310845120003), ("Extra", 7310845120004),
    ("Source", 7310845120005), ("Kind", 7310845120006), ("Lang", 7310845120007), ("Dir", 7310845120008),
    ("Key", 7310845120009), ("Spare 1", 7310845120010), ("Spare 2", 7310845120011),
    ("Spare 3", 7310845120012), ("Spare 4", 7310845120013),
]  # fmt: skip
PROMPT_FIELDS = [
    ("Front", 7310845220001), ("Back", 7310845220002), ("Header", 7310845220003), ("Context", 7310845220004),
    ("Extra", 7310845220005), ("Source", 7310845220006), ("Reverse", 7310845220007), ("Kind", 7310845220008),
    ("Lang", 7310845220009), ("Dir", 7310845220010), ("Key", 7310845220011), ("Spare 1", 7310845220012),
    ("Spare 2", 7310845220013), ("Spare 3", 7310845220014), ("Spare 4", 7310845220015),
]  # fmt: skip


def test_frozen() -> None:
    """Ids of note types, fields and templates, their number and their order are those of the first release."""
    frozen = {
        name: (
            each.id,
            each.is_cloze,
            [field_id for _, field_id in each.fields],
            [t.id for t in each.templates],
        )
        for name, each in NOTE_TYPES.items()
    }
    assert frozen == {
        "cloze": (1764000000101, True, [each for _, each in CLOZE_FIELDS], [7310845130001]),
        "prompt": (1764000000202, False, [each for _, each in PROMPT_FIELDS], [7310845230001, 7310845230002]),
    }


def test_names() -> None:
    """Names may change (an id carries the change to learners), but not by accident."""
    names = {
        name: (each.name, [field for field, _ in each.fields], [template.name for template in each.templates])
        for name, each in NOTE_TYPES.items()
    }
    assert names == {
        "cloze": ("mkdeck cloze", [name for name, _ in CLOZE_FIELDS], ["Cloze"]),
        "prompt": ("mkdeck prompt", [name for name, _ in PROMPT_FIELDS], ["Forward", "Reverse"]),
    }


def test_mod_moves_with_the_look() -> None:
    """Anki takes changed templates only with a later time: whoever changes one moves TEMPLATES_MOD, and this."""
    names = [f"{each}.{side}.html" for each in ("cloze", "prompt", "reverse") for side in ("front", "back")]
    themes = [f"themes/{name}.css" for name in get_args(Theme)]
    content = "\0".join(template(name) for name in [*names, "style.css", *themes])
    assert (hashlib.sha256(content.encode()).hexdigest()[:16], TEMPLATES_MOD) == ("5385509e72025d75", 1_764_000_001)
