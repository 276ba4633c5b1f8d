"""The HTML of a field as lines of words, each with its look: what Markdown can be made of."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from mkdeck.markup import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_TAG = re.compile(
    r"<(/?)([A-Za-z][\w:-]*)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>"
    r"|<!--(?:[^-]++|-(?!->)){0,99}+-->"
)
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(src|href|alt|style|width|height|align)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))",
    re.IGNORECASE,
)
_TAG_BEGINS = re.compile(r"<[A-Za-z/!?]")
_LOOKS_LIKE_HTML = re.compile(
    r"</?(?:a|b|blockquote|br|code|div|em|font|h\d|hr|i|img|li|ol|p|pre|s|span|strong|sub|sup|table|t[dhr]|u|ul)"
    r"(?:\s[^<>]*+)?/?>|&(?:nbsp|amp|lt|gt|quot|#\d{1,7});",
    re.IGNORECASE,
)
_UNSEEN = frozenset(["style", "script"])
_STYLES = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "s": "s", "strike": "s", "del": "s", "code": "code",
}  # fmt: skip
_LISTS = frozenset(["ul", "ol"])
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table",
    "td", "th", "tr", "ul",
])  # fmt: skip
"""Elements that begin on a line of their own."""
_KEPT = frozenset(["a", "br", "div", "img", "p", "pre", "span", "wbr", "li", *_LISTS, *_STYLES])
"""Elements of which nothing is lost; a `span` shows nothing by itself."""
_OF_TABLES = frozenset(["caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"])
_LOOKS = frozenset(["align", "height", "width"])
"""Attributes that say how something looks; `style` has such inside."""
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_LOOSE = re.compile("[ \xa0]*(?:(?<![^ \xa0])\xa0|\xa0(?=[ \xa0]|$))[ \xa0]*")
"""No-break spaces beside others, as editors leave them; one between two words is meant."""
_UNTIDY = re.compile("[\t\n\r\f\xa0]|  ")
_NONE: frozenset[str] = frozenset()
MATHS = re.compile(r"\\\(((?:[^\\]|\\(?![()]))*+)\\\)|\\\[((?:[^\\]|\\(?![\[\]]))*+)\\\]")
"""What MathJax draws in Anki."""
_STEP = "   "
_PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"

Look = list[tuple[str, frozenset[str]]]
"""The signs that are seen, each with its look; a run of blanks is one."""


class Run(NamedTuple):
    """Words of one look, or the file of a `picture` and what it is said to show."""

    text: str
    styles: frozenset[str] = frozenset()
    link: str = ""
    picture: str = ""


@dataclass(slots=True)
class Line:
    """One line as it is seen."""

    runs: list[Run] = field(default_factory=list)
    item: str = ""
    """What stands before an item of a list: `- `, `1. `, with its indent."""
    inside: str = ""
    """The indent of a line that goes on an item."""
    apart: bool = False
    """An empty line stands above."""
    is_code: bool = False

    @property
    def is_empty(self) -> bool:
        if self.is_code:
            return False
        for run in self.runs:  # noqa: SIM110 - `all` takes twice the time, for every line of every field
            if run.picture or run.text.strip():
                return False
        return True


def has_odd_tags(text: str) -> bool:
    """Tell whether a text has what a browser takes for a tag, or drops, and what is none here."""
    return "<" in text and _TAG_BEGINS.search(_TAG.sub("", text)) is not None


def looks_like_html(text: str) -> bool:
    """Tell whether a text has tags or entities of HTML."""
    return ("<" in text or "&" in text) and _LOOKS_LIKE_HTML.search(text) is not None


def lines_of(field_html: str, has_picture: Callable[[str], bool]) -> tuple[list[Line], list[str]]:
    """Read the HTML of a field, and what of it cannot be kept; of a missing picture, its name is."""
    reader = _Reader(has_picture)
    return reader.read(field_html), list(dict.fromkeys(reader.lost))


def look(lines: Iterable[Line]) -> Look:
    """Give what is seen of lines, wherever they break."""
    seen: Look = []
    for line in lines:
        for run in [*line.runs, Run(" ")]:
            styles = run.styles | {f"link {run.link}"} if run.link else run.styles
            signs = [_PICTURE + run.picture] if run.picture else clean(MATHS.sub(_tight, run.text))
            for sign in signs:
                if not sign.isspace():
                    seen.append((sign, styles))
                elif seen and seen[-1][0] != " ":
                    seen.append((" ", frozenset()))
    if seen and seen[-1][0] == " ":
        seen.pop()
    return seen


def _tight(match: re.Match[str]) -> str:
    return rf"\({match[1].strip()}\)" if match[1] is not None else rf"\[{match[2].strip()}\]"


@dataclass(slots=True)
class _List:
    is_numbered: bool
    items: int = 0


class _Reader:
    """Reads the tags of a field one by one."""

    def __init__(self, has_picture: Callable[[str], bool]) -> None:
        self.lost: list[str] = []
        self._has_picture = has_picture
        self._lines = [Line()]
        self._styles: list[str] = []
        self._links: list[str] = []
        self._lists: list[_List] = []
        """Those that are open."""
        self._in_code = False

    def read(self, text: str) -> list[Line]:
        done = 0
        unseen = ""
        for match in _TAG.finditer(text):
            closing, name, more = match.groups()
            name = name.lower() if name else ""
            if not unseen:
                self._text(text[done : match.start()])
            elif name == unseen:
                unseen = ""
            done = match.end()
            if name in _UNSEEN:
                unseen = "" if closing else name
                self.lost.append(f"<{name}>")
            elif name and not unseen:
                self._tag(name, more, closes=bool(closing))
        if not unseen:
            self._text(text[done:])
        return [line for line in self._lines if not line.is_empty]

    def _text(self, text: str) -> None:
        if not text:
            return
        link = self._links[-1] if self._links else ""
        styles = frozenset(self._styles) if self._styles else _NONE
        if not self._in_code:
            shown = html.unescape(text) if "&" in text else text
            if _UNTIDY.search(shown):
                shown = _LOOSE.sub(" ", _BLANKS.sub(" ", shown))
            self._lines[-1].runs.append(Run(shown, styles, link))
            return
        for number, line in enumerate(html.unescape(text).split("\n")):
            if number:
                self._lines.append(Line(is_code=True))
            if line:
                self._lines[-1].runs.append(Run(line, styles | {"code"}))

    def _tag(self, name: str, more: str, *, closes: bool) -> None:
        self.lost += _lost(name, more)
        if name in _STYLES:
            style = _STYLES[name]
            if not closes:
                self._styles.append(style)
            elif style in self._styles:
                del self._styles[len(self._styles) - 1 - self._styles[::-1].index(style)]
        elif name == "a":
            if not closes:
                self._links.append(_attribute(more, "href"))
            elif self._links:
                self._links.pop()
        elif name == "img":
            self._picture(unquote(_attribute(more, "src")), _attribute(more, "alt"))
        elif name == "br" or name in _BLOCKS:
            self._in_code = (name == "pre" and not closes) or (self._in_code and name != "pre")
            self._block(name, closes=closes)

    def _picture(self, name: str, said: str) -> None:
        styles = frozenset(self._styles)
        if name and self._has_picture(name):
            self._lines[-1].runs.append(Run(said, styles, picture=name))
        elif name:
            self.lost.append(f"the picture `{name}`, which does not lie beside the file,")
            self._lines[-1].runs.append(Run(f"[{name}]", styles))

    def _block(self, name: str, *, closes: bool) -> None:
        before = self._lines[-1]
        if name in _LISTS:
            if closes and self._lists:
                self._lists.pop()
            elif not closes:
                self._lists.append(_List(is_numbered=name == "ol"))
        is_fresh = before.is_empty and not before.item
        is_item = name == "li" and not closes and bool(self._lists)
        if is_item:
            self._lists[-1].items += 1
        depth = sum(each.items > 0 for each in self._lists) if self._lists else 0
        line = Line(inside=_STEP * depth, apart=name == "p" or (name == "br" and is_fresh))
        line.is_code = self._in_code
        if is_item:
            line.item = _STEP * (depth - 1) + (
                f"{self._lists[-1].items}. " if self._lists[-1].is_numbered else "- "
            )
        elif is_fresh:
            before.apart, before.inside, before.is_code = before.apart or line.apart, line.inside, line.is_code
            return
        self._lines.append(line)


def _lost(name: str, more: str) -> Iterable[str]:
    """Give what of a tag cannot be kept."""
    if name in _KEPT:
        return [f"the {each}" for each in _looks(more)] if "=" in more else ()
    return ("<table>" if name in _OF_TABLES else f"<{name}>",)


def _looks(more: str) -> Iterator[str]:
    """Give what the attributes of an element say of its look: the names of CSS, as `color`."""
    for match in _ATTRIBUTE.finditer(more):
        name = match[1].lower()
        if name in _LOOKS:
            yield name
        elif name == "style":
            said = (
                each.partition(":") for each in html.unescape(match[2] or match[3] or match[4] or "").split(";")
            )
            yield from (key.strip().lower() for key, _, value in said if key.strip() and value.strip())


def _attribute(more: str, name: str) -> str:
    for match in _ATTRIBUTE.finditer(more):
        if match[1].lower() == name:
            return html.unescape(match[2] or match[3] or match[4] or "").strip()
    return ""
