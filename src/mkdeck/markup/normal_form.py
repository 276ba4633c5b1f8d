"""HTML in its normal form: what two fields have in common if a learner cannot tell them from each other.

Other spellings of the same are the same: `<b>` and `<strong>`, an entity and its character, a run of blanks and
one, a line in `<div>` and one before `<br>`. Whatever else a tag has, such as a colour or a size, counts.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from mkdeck.markup.escape import unescape

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>|<!--(?s:.*?)-->")
_ATTRIBUTE = re.compile(r"([^\s=/]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"']++)))?")
_BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")
_SAME = {"b": "strong", "i": "em", "strike": "s", "del": "s"}
_STYLES = frozenset(["strong", "em", "s", "u", "code", "a", "sub", "sup"])
"""What is around words; a blank at the inside of its edge is one at the outside."""
_LINES = {"br": 1, "div": 1, "p": 2, "ul": 1, "ol": 1, "li": 1}
"""How many ends of lines these are; two of them make an empty line."""
_UNSEEN = frozenset(["br", "div", "p"])
"""Tags that part lines, and are nothing more."""
_TAG_SIGN = "\1"
"""Tells a tag from words that look like one."""
_NO_WORDS = f"{_TAG_SIGN}\n"
_DEFAULTS = {("img", "alt"): ""}


def normal_form(field: str) -> tuple[str, ...]:
    """Give the words, ends of lines and tags of a field of HTML, in order."""
    if "<" not in field and "&" not in field:
        text = _BLANKS.sub(" ", normalize("NFC", field)).strip()
        return (text,) if text else ()
    form = _Form()
    done = 0
    for match in _TAG.finditer(field):
        form.text(field[done : match.start()])
        done = match.end()
        name = (match[2] or "").lower()
        name = _SAME.get(name, name)
        if name:
            form.tag(match[1], name, _attributes(name, match[3]))
    form.text(field[done:])
    return form.parts()


class _Form:
    """A normal form in the making."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._ends = 0
        """Ends of lines that come before whatever is next."""
        self._blank = False
        """Whether a blank comes before whatever is next, if that is on the same line."""
        self._has_words = False
        """Whether the line has anything that can be seen."""

    def text(self, written: str) -> None:
        text = _BLANKS.sub(" ", normalize("NFC", unescape(written)))
        inside = text.strip(" ")
        self._blank |= text.startswith(" ")
        if inside:
            self._settle()
            if self._found and self._found[-1][:1] not in _NO_WORDS:
                self._found[-1] += inside
            else:
                self._found.append(inside)
            self._has_words = True
            self._blank = text.endswith(" ")

    def tag(self, close: str, name: str, attributes: str) -> None:
        if name in _LINES:
            self._blank = False
            self._ends = min(2, self._ends + 1) if name == "br" else max(self._ends, _LINES[name])
        if name in _UNSEEN and not attributes:
            return
        if not (close and name in _STYLES):
            self._settle()  # what waits before the end of a style comes behind it
        if close and name in _STYLES and self._found and self._found[-1] == f"{_TAG_SIGN}<{name}>":
            self._found.pop()  # a style around nothing
            return
        self._found.append(f"{_TAG_SIGN}<{close}{name}{attributes}>")
        self._has_words |= name == "img"

    def _settle(self) -> None:
        """Put down what waits before the next words."""
        if self._ends:
            if self._found:
                self._found.append("\n" * self._ends)
        elif self._blank and self._has_words:
            if self._found[-1][:1] not in _NO_WORDS:
                self._found[-1] += " "
            else:
                self._found.append(" ")
        if self._ends:
            self._has_words = False
        self._ends, self._blank = 0, False

    def parts(self) -> tuple[str, ...]:
        return tuple(self._found)


def _attributes(name: str, written: str) -> str:
    pairs = []
    for match in _ATTRIBUTE.finditer(written):
        key = match[1].lower()
        value = unescape(match[2] or match[3] or match[4] or "")
        if _DEFAULTS.get((name, key)) != value:
            pairs.append(f' {key}="{value}"')
    return "".join(sorted(pairs))
