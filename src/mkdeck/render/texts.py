"""Field texts as Anki reads them: what is blank, what is left without tags, how an attribute is written.

Anki matches with a library of linear time. Python's has none, so that what would look for the end of a tag
again from each `<` looks for it by hand.
"""

from __future__ import annotations

import re
from html.entities import name2codepoint

BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Unicode calls white space. Python's own strip takes four separators more, such as U+001C."""

_BLANK = re.compile(r"(?:[\t\n\v\f\r ]|</?(?:[bB][rR]|[dD][iI][vV]) ?/?>)*+")
_REFERENCE = re.compile(r"&(?:#([0-9]+)|#x([0-9a-fA-F]+)|([^#;][^;]*));")
# To Anki as to Unicode, a long S is an S; to Python alone, a Turkish I is an I.
_ELEMENT = re.compile(r"<(?:([sSſ][tT][yY][lL][eE])|[sSſ][cC][rR][iI][pP][tT])")
_ENDS = {
    "style": re.compile(r"</[sSſ][tT][yY][lL][eE]>"),
    "script": re.compile(r"</[sSſ][cC][rR][iI][pP][tT]>"),
}
_ATTRIBUTE = {
    code: f"&#x{code:02X};" for code in range(256) if not (chr(code).isascii() and chr(code).isalnum())
} | {ord('"'): "&quot;", ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_LAST_CODE = 0x10FFFF
_LONGEST_CODE = len("1114111")


def is_blank(text: str) -> bool:
    """Tell whether a field is empty to a condition: nothing but blanks, `<br>` and `<div>`."""
    return not text or (text[0] in "<\t\n\v\f\r " and _BLANK.fullmatch(text) is not None)


def encode_attribute(text: str) -> str:
    """Write a text as the value of an attribute: of Latin-1, only letters and digits of ASCII stay."""
    return text.translate(_ATTRIBUTE)


def strip_html(html: str) -> str:
    """Give the text of HTML, its character references decoded."""
    return _decoded(strip_tags(html))


def strip_tags(html: str) -> str:
    """Take out tags and comments, and style sheets and scripts with what they hold."""
    if "<" not in html:
        return html
    kept: list[str] = []
    at = 0
    missing: set[str] = set()
    while (start := html.find("<", at)) >= 0 and (end := _end(html, start, missing)):
        kept.append(html[at:start])
        at = end
    kept.append(html[at:])
    return "".join(kept)


def _end(html: str, start: int, missing: set[str]) -> int:
    """Give where what opens at `start` ends; 0 if neither it nor anything after it does.

    `missing` grows by the ends that stand nowhere in the rest, so that they are not looked for again.
    """
    if html.startswith("<!--", start) and "-->" not in missing:
        end = html.find("-->", start + 4)
        if end >= 0:
            return end + 3
        missing.add("-->")
    tag = html.find(">", start + 1) + 1
    element = _ELEMENT.match(html, start) if tag else None
    if element:
        name = "style" if element[1] else "script"
        if name not in missing:
            closed = _ENDS[name].search(html, tag)
            if closed:
                return closed.end()
            missing.add(name)
    return tag


def _decoded(text: str) -> str:
    """Decode the references of HTML 4, all or none: Anki leaves a text with an unknown one as it is."""
    if "&" not in text:
        return text
    parts: list[str] = []
    at = 0
    while (start := text.find("&", at)) >= 0:
        reference = _REFERENCE.match(text, start)
        code = _code(*reference.groups()) if reference else None
        if reference is None or code is None:
            return text
        parts += text[at:start], chr(code)
        at = reference.end()
    parts.append(text[at:])
    return "".join(parts).replace("\xa0", " ")


def _code(decimal: str | None, hexadecimal: str | None, name: str | None) -> int | None:
    if name is not None:
        return name2codepoint.get(name)
    digits, base = (decimal, 10) if decimal is not None else (hexadecimal or "", 16)
    digits = digits.lstrip("0") or "0"
    code = int(digits, base) if len(digits) <= _LONGEST_CODE else _LAST_CODE + 1
    return code if code <= _LAST_CODE and not 0xD800 <= code <= 0xDFFF else None
