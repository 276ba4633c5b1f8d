"""Image occlusions: `rect:left=.1:top=.2`, what hides a part of a picture, as the attributes of its element."""

from __future__ import annotations

import re

from mkdeck.render.texts import encode_attribute

_PROPERTY = re.compile(r":([^=]+)=((?:[^\\:]|\\[\\:])++)(?!\\)")
_ESCAPED = re.compile(r"\\([\\:])")
_SHAPES = frozenset({"rect", "ellipse", "polygon", "text"})
_NAMES = {
    name: f"data-{name}"
    for name in ("left", "top", "angle", "fill", "width", "height", "rx", "ry", "points", "text", "scale")
} | {"oi": "data-occludeInactive", "fs": "data-font-size"}
_NEVER_NOUGHT = frozenset({"width", "height", "rx", "ry", "scale"})


def shape(text: str) -> str:
    """Give the attributes, each with a blank after it. What Anki does not know is left out."""
    kind, colon, _ = text.partition(":")
    if not colon:
        return ""
    attributes = [f'data-shape="{kind}" '] if kind in _SHAPES else []
    at = len(kind)
    while found := _PROPERTY.match(text, at):
        at = found.end()
        name, value = found[1], _ESCAPED.sub(r"\1", found[2])
        if name == "points":
            value = " ".join(point for point in value.split(" ") if "," in point)
        elif name == "text":
            value = encode_attribute(value)
        if name in _NAMES and value and not (value == "0" and name in _NEVER_NOUGHT):
            attributes.append(f'{_NAMES[name]}="{value}" ')
    return "".join(attributes)
