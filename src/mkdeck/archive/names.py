"""Names of media: one name each, which no system takes for anything else."""

from __future__ import annotations

import re
import unicodedata

from mkdeck.archive.limits import RefusedError
from mkdeck.diagnostics import clipped

_LEAVES = re.compile(r"[/\\\0]|^\.{1,2}$")
"""It names a folder, or this one, or the one above. The colon after a drive is one of the signs taken out."""
_SIGNS = re.compile(r'[\x00-\x1f\x7f\[\]<>:"/?*^\\|]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(?=\.|$)", re.IGNORECASE)
_LONGEST, _LONGEST_ENDING = 120, 10
"""In bytes of UTF-8, as Anki has them."""


def safe_name(name: str) -> str:
    """Give the name under which Anki would save a file. Raises RefusedError if it leaves the folder of media."""
    if _LEAVES.search(name):
        raise RefusedError(f"a media file of this package is named `{clipped(name)}`, which leaves its folder")
    name = _assigned(_SIGNS.sub("", unicodedata.normalize("NFC", name))).replace("\N{NO-BREAK SPACE}", " ")
    name = _shortened(_closed(_DEVICE.sub(r"\1_", name, count=1) if _DEVICE.match(name) else name))
    if not name:
        raise RefusedError("a media file of this package has no name")
    return name


def _assigned(name: str) -> str:
    """Take out what is no character of Unicode, which Macs allow in no name."""
    if name.isprintable():
        return name
    return "".join(char for char in name if unicodedata.category(char) != "Cn")


def _closed(name: str) -> str:
    """Keep Windows from cutting a blank or a full stop off the end."""
    return f"{name}_" if name.endswith((" ", ".")) else name


def _shortened(name: str) -> str:
    if len(name.encode()) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = ending, ""
    ending = _cut(ending, _LONGEST_ENDING)
    stem = _cut(stem, _LONGEST - len(ending.encode()) - 2)
    return _closed(f"{stem}.{ending}" if ending else stem)


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")
