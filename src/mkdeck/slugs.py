"""Ids made of names."""

from __future__ import annotations

import re
import unicodedata


def slug(text: str) -> str:
    """Make an id of any text: `Résistance in the countryside` -> `resistance-in-the-countryside`.

    Empty if no Latin letter or digit is in it.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
