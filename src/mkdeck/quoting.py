"""What YAML makes of a text that its author meant otherwise: how to say it, and how to quote the text."""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTS = {
    "{": "a mapping", "[": "a list", "}": "the end of a mapping", "]": "the end of a list", ",": "a separator",
    "*": "an alias", "&": "an anchor", "!": "a tag", "%": "a directive", "@": "a reserved sign",
    "`": "a reserved sign", "|": "a block of lines", ">": "a folded block", "'": "a quotation that ends early",
    '"': "a quotation that ends early", "?": "a key", "-": "an item of a list", "#": "a comment",
}  # fmt: skip
"""What YAML makes of a text that starts with a sign."""
HOLDS_COLON = "YAML reads a text that holds `: ` as a key and its value"
CUT = "text-cut-by-comment"
CUTS = "` #` begins a comment and cuts the text short"
BELOW = "put the whole text below a `>-`"
NO_SPACE = "YAML sees a key only where a space follows the `:`"
TOO_DEEP_ITEM = "this item is indented deeper than its list, so YAML reads it as more of the text above"

KEYS = frozenset([
    "allow", "also", "audio", "back", "cards", "chain", "chains", "cloze", "counter", "criteria", "decided", "deck",
    "decks", "description", "explain", "fact", "facts", "fields", "front", "hint", "html", "id", "image",
    "judgement", "lang", "links", "make", "media", "note", "note_types", "points", "question", "ranking", "reason",
    "reasons", "role", "source", "style", "tags", "terms", "text", "theme", "title", "type", "verdict",
])  # fmt: skip
"""All keys of the format, but those inside `note_types`, which nobody writes by hand."""
LISTS = frozenset([
    "allow", "also", "cards", "chain", "chains", "criteria", "facts", "links", "make", "points", "ranking",
    "reasons", "tags",
])  # fmt: skip
"""Those that take a list."""
ANY_KEY = "(?:" + "|".join(sorted(KEYS)) + ")"

LONGEST_SHOWN = 400
"""Characters up to which a mend shows the whole text."""
_WORDS = frozenset(["allow", "fields", "tags", "make", "ranking"])
"""The lists whose items are single words."""
_ITEM = re.compile(rf"[ \t]*(?:-[ \t]+)+(?:{ANY_KEY}:[ \t]+)?")
"""What stands before the text of a list item."""
_SWALLOWED = re.compile(rf"\n[ \t]*(?:-[ \t]+(?=\S)|(?=[a-z]+:)({ANY_KEY}:)(?=[^ \t\n]))")
_STRAY = re.compile(r"(['\"])((?:(?!\1).)*(?:(?<=\w)\1(?=\w)|(?<=\s)\1(?=\S)).*)\1")
"""A text in quotation marks in which the first of the same marks is an apostrophe, or opens a quotation."""
_IN_DOUBLE_QUOTES = re.compile(r'"((?:[^"\\\n]|\\.)*+)"')
_CONTROLS = frozenset([r"\0", r"\a", r"\b", r"\e", r"\f", r"\r", r"\v", r"\N"])
_UNKNOWN = "unknown"
_HEX = "[0-9A-Fa-f]"
_ESCAPE = re.compile(rf"\\(?:x({_HEX}{{2}})|u({_HEX}{{4}})|U({_HEX}{{8}})|r\\n|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Misreading:
    """What went wrong in YAML's reading of a deck, in the author's terms."""

    offset: int
    message: str
    mend: str = ""
    blame: tuple[int, int] | None = None
    """Where the text begins and ends that is to blame, if it is certain which one that is."""
    rule: str = "yaml-syntax"


def reading(text: str, start: int) -> str:
    """Say what YAML makes of the text that starts at `start`."""
    sign = text[start]
    if sign not in STARTS or (sign in "-?" and text[start + 1 : start + 2].strip()):
        return HOLDS_COLON
    shown = "`{{`" if text.startswith("{{", start) else "a backtick" if sign == "`" else f"`{sign}`"
    return f"YAML reads a text that starts with {shown} as {STARTS[sign]}"


def quoted(text: str, start: int, *, in_flow: bool = False) -> str:
    """Show the text that starts at `start` in quotes, with the dashes and the key that stand before it.

    A text `in_flow`, between brackets or braces, is shown alone.
    """
    start = start if in_flow else text_start(text, start)
    end = text_end(text, start, in_flow=in_flow)
    stray = _STRAY.fullmatch(text, start, end)
    return _shown(text, start, stray[2] if stray else text[start:end], in_flow=in_flow) if end > start else ""


def swallowed(text: str, start: int, end: int, *, in_flow: bool) -> Iterator[Misreading]:
    """Find the lines of an unquoted text, from its second on, that look like items of a list or like keys."""
    for match in _SWALLOWED.finditer(text, start, end):
        offset = match.end() - len(match[0].lstrip())
        if match[1]:
            mend = f"{after_key(text, match.end())}, and give it the indent of the other keys"
            yield Misreading(offset, NO_SPACE, mend)
        else:
            yield Misreading(offset, TOO_DEEP_ITEM, too_deep_item(text, start, in_flow=in_flow))


def too_deep_item(text: str, start: int, *, in_flow: bool = False) -> str:
    """Tell how to mend an item that goes on the text at `start` because of its indent."""
    line = text.rfind("\n", 0, start) + 1
    spaces = "the indent of its list"
    if text_start(text, start) == start and (dash := text.rfind("-", line, start)) >= 0:
        spaces = f"{dash - line} spaces"
    place = "put a `,` in place of its dash" if in_flow else f"give it {spaces}"
    return f"{place}; if it goes on the text above: {BELOW}"


def after_key(text: str, end: int) -> str:
    """Tell what is missing after the key that ends, with its colon, at `end`."""
    key = text[text.rfind("\n", 0, end) + 1 : end].strip()
    odd = "" if text[end].isprintable() and not text[end].isspace() else f" in place of the U+{ord(text[end]):04X}"
    return f"put a space after `{key}`{odd}"


def listed(key: str, value: str, *, in_flow: bool = False) -> str:
    """Show how the list `key` is written that holds the text `value`, in one line."""
    if len(value) > LONGEST_SHOWN or "\n" in value:
        return "put each item on a line of its own, with `- ` before it"
    if in_flow or key in _WORDS:
        items = ", ".join(value.replace(",", " ").split()) if key == "tags" else value
        return f"write it as `{key}: [{items}]`"
    return f"write `{key}:` and below it `- {scalar(value)}`"


def quote(value: str) -> str:
    """Write `value`, a text in one line, as a YAML scalar that is read back unchanged."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def scalar(value: str) -> str:
    """Write `value`, a text in one line, in quotes only where YAML would read it otherwise without."""
    return value if value and value[0] not in STARTS and not re.search(r":(\s|$)|\s#", value) else quote(value)


def text_start(text: str, start: int) -> int:
    """Find where the text of a list item starts: `start` may lie behind what YAML took for its key."""
    item = _ITEM.match(text, text.rfind("\n", 0, start) + 1, start)
    return item.end() if item else start


def text_end(text: str, start: int, *, in_flow: bool) -> int:
    """Find where a text ends: with its line, or before two blanks and a `#`, or with its item `in_flow`."""
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    if in_flow:
        depth = 0
        end = min(end, start + LONGEST_SHOWN + 1)
        for place in range(start, end):
            char = text[place]
            if not depth and char in ",]}":
                end = place
                break
            depth += (char in "[{") - (char in "]}")
    comment = text.find("#", start + 2, end)
    while comment >= 0:
        if text[comment - 2 : comment].isspace():
            end = comment
            break
        comment = text.find("#", comment + 1, end)
    return start + len(text[start:end].rstrip())


def odd_escape(text: str, start: int, end: int, *, in_flow: bool) -> Misreading | None:
    r"""Find the first escape in the double quotes at `start` that YAML does not know, or that is invisible.

    LaTeX in double quotes has many: `"$\alpha$"` is a bell and `lpha`.
    """
    for match in _ESCAPE.finditer(text, start, end):
        escape, category = match[0], _category(match)
        if category not in (_UNKNOWN, "Cc", "Cs"):
            continue
        whole = _IN_DOUBLE_QUOTES.match(text, start)
        mend = "write every backslash twice"
        if category == "Cs":
            mend = "write the character itself"
        elif whole:
            value = re.sub(r'\\(["\\/])', r"\1", whole[1])
            mend = "in single quotes a backslash is itself: " + _shown(text, start, value, in_flow=in_flow)
        rule, message = {
            _UNKNOWN: ("yaml-syntax", f"`{escape}` is no escape that YAML knows"),
            "Cs": ("yaml-syntax", f"`{escape}` is no character"),
            "Cc": ("yaml-reads-otherwise", f"YAML reads `{escape}` in double quotes as a control character"),
        }[category]
        return Misreading(match.start(), message, mend, whole.span() if whole else match.span(), rule)
    return None


def _category(escape: re.Match[str]) -> str:
    """Give the Unicode category of what an escape stands for; of what stands for itself or breaks a line, none."""
    digits = escape[1] or escape[2] or escape[3]
    if digits:
        code = int(digits, 16)
        return "" if code in (9, 10) else unicodedata.category(chr(code)) if code <= sys.maxunicode else "Cs"
    if escape[0] in _CONTROLS:
        return "Cc"
    return "" if escape[0][1] in '\\"/ \t\nnrt_LP' else _UNKNOWN


def _shown(text: str, start: int, value: str, *, in_flow: bool) -> str:
    lead = "" if in_flow else text[text.rfind("\n", 0, start) + 1 : start].strip()
    if len(lead) + len(value) > LONGEST_SHOWN:
        return "put the whole text in quotes"
    return f"write it as `{f'{lead} {quote(value)}'.strip()}`"
