"""The HTML of fields and cards: the words that it shows, and the media that it refers to."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdeck.archive.content import Note

_TAG = re.compile(r"<(?:(!--)|(/?)([a-zA-Z][a-zA-Z0-9-]*))")
_ATTRIBUTES = re.compile(r"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+")
"""What stands before the end of a tag, or before a quote that is never closed: a `>` in quotes ends no tag."""
_INLINE = frozenset([
    "a", "abbr", "b", "bdi", "bdo", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "rp", "rt", "ruby",
    "s", "small", "span", "strong", "sub", "sup", "u", "var", "wbr",
])  # fmt: skip
"""Elements that do not part words."""
_UNSEEN = frozenset(["style", "script"])
_MEDIA = frozenset(["img", "audio", "video", "object", "source"])
_INSIDE = re.compile(r"<(?:img|audio|video|object|source)\b([^>]*)", re.IGNORECASE)
"""Anki looks for these letters wherever they stand, as in `<a<img src=x.png>`, one odd tag to a browser."""
_SOURCE = re.compile(r"\b(?:src|data)\b=(?:\"([^\"]+)\"|'([^']+)'|([^\s>\"']+))", re.IGNORECASE)
_SOUND = re.compile(r"\[sound:([^\[\]]+)\]")
_ELSEWHERE = re.compile(r"(?:https?|ftp|file):|data:|//", re.IGNORECASE)


def shown(markup: str) -> str:
    """Give the words that a piece of HTML shows, blanks folded; a picture stands as `[picture.png]`."""
    if "<" not in markup:
        return " ".join(html.unescape(markup).split())
    parts: list[str] = []
    for text, tag, attributes in _pieces(markup):
        parts.append(html.unescape(text))
        if tag == "img":
            parts.append(f" [{_source(attributes)}] ")
        elif tag not in _INLINE:
            parts.append(" ")
    return " ".join("".join(parts).split())


def media_names(markup: str) -> set[str]:
    """Name the files that a field needs, as Anki finds them: pictures and the like, and `[sound:...]`."""
    names = []
    if "[sound:" in markup:
        names += [html.unescape(name) for name in _SOUND.findall(markup)]
    if "<" in markup and (inside := _INSIDE.findall(markup)):  # most HTML is bold or a line break
        names += [_source(attributes) for _, tag, attributes in _pieces(markup) if tag in _MEDIA]
        names += map(_source, inside)
    return {normalize("NFC", name) for name in names if name and not _ELSEWHERE.match(name)}


def media_needed(notes: Iterable[Note]) -> Counter[str]:
    """Count, of each file that fields need, the notes that need it."""
    return Counter(name for note in notes for name in set().union(*map(media_names, note.fields)))


def _source(attributes: str) -> str:
    match = _SOURCE.search(attributes)
    return html.unescape(match[1] or match[2] or match[3]) if match else ""


def _pieces(markup: str) -> Iterator[tuple[str, str, str]]:
    """Part HTML into a text, the name of the tag after it (empty at the end) and that tag's attributes.

    It goes forward only, so no text takes long; what does not end takes the rest of the text with it.
    """
    at = 0
    while match := _TAG.search(markup, at):
        text, name, start = markup[at : match.start()], (match[3] or "").lower(), match.end()
        if match[1]:
            end = _after(markup, "-->", start)
        else:
            before = _ATTRIBUTES.match(markup, start)
            end = _after(markup, ">", before.end() if before else start)
        attributes = "" if match[1] or match[2] else markup[start : end - 1]
        if name in _UNSEEN and not match[2]:
            close = re.compile(f"</{name}", re.IGNORECASE).search(markup, end)
            end = close.start() if close else len(markup)
        yield text, name, attributes
        at = end
    yield markup[at:], "", ""


def _after(markup: str, mark: str, start: int) -> int:
    found = markup.find(mark, start)
    return len(markup) if found < 0 else found + len(mark)
