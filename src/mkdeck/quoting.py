"""The texts that YAML reads as something else, and how to quote them so that it does not."""

from __future__ import annotations

import re

_VALUE = re.compile(r"(?P<lead>\s*(?:-\s+)*(?:[A-Za-z_][\w-]*:\s+)?)(?P<value>\S.*?)\s*$")
"""One line: dashes, perhaps a key of the format, then a text."""

_STARTS = {
    "{": "a mapping", "[": "a list", "*": "an alias", "&": "an anchor", "!": "a tag", "%": "a directive",
    "@": "a reserved sign", "`": "a reserved sign", "|": "a block of lines", ">": "a folded block",
    "'": "a quotation that ends early", '"': "a quotation that ends early", "?": "a key", "#": "a comment",
}


def misread(text: str, offset: int) -> tuple[int, str, str] | None:
    """Tell whether the line at `offset` holds a text that YAML reads as something else.

    Gives where the text begins, what YAML makes of it and the mend; None if the line holds none.
    """
    found = _text_of_line(text, offset)
    if found is None:
        return None
    start, lead, value = found
    if value[0] in _STARTS:
        sign = "{{" if value.startswith("{{") else value[0]
        sign = "a backtick" if sign == "`" else f"`{sign}`"
        message = f"YAML reads a text that starts with {sign} as {_STARTS[value[0]]}"
    elif ": " in value or value.endswith(":"):
        message = "YAML reads a text that holds `: ` as a key and its value"
    else:
        return None
    return start, message, _shown(lead, value)


def quoted(text: str, offset: int) -> str:
    """Show the line at `offset` with its text in quotes."""
    found = _text_of_line(text, offset)
    return _shown(*found[1:]) if found else ""


def quote(value: str) -> str:
    """Write `value`, a text in one line, as a YAML scalar that is read back unchanged."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def _shown(lead: str, value: str) -> str:
    return f"write it as `{f'{lead.strip()} {quote(value)}'.strip()}`"


def _text_of_line(text: str, offset: int) -> tuple[int, str, str] | None:
    """Give where the text of a line begins, what stands before it (dashes, a key), and the text."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[start : min(len(text) if end < 0 else end, start + 2000)]
    match = _VALUE.match(line)
    return (start + match.start("value"), match["lead"], match["value"]) if match else None
