"""LaTeX in `[latex]`, `[$]` and `[$$]`: Anki shows a picture in its place, named by a hash of the formula."""

from __future__ import annotations

import hashlib
import re

from mkdeck.render.texts import encode_attribute, strip_html

_OPENS = re.compile(r"\[(?:(latex)|(\$\$?))\]", re.IGNORECASE)
_CLOSES = {
    "latex": re.compile(r"\[/latex\]", re.IGNORECASE),
    "$": re.compile(r"\[/\$\]"),
    "$$": re.compile(r"\[/\$\$\]"),
}
_FRAMES = {"latex": ("", ""), "$": ("$", "$"), "$$": (r"\begin{displaymath}", r"\end{displaymath}")}
_NEWLINES = re.compile(r"<[bB][rR]/?>|<[dD][iI][vV]>")


def pictured(html: str) -> str:
    """Give HTML with a picture for each formula. Whether anyone has drawn that picture is not looked at."""
    if "[/" not in html:
        return html
    parts: list[str] = []
    missing: set[str] = set()
    copied = at = 0
    while opened := _OPENS.search(html, at):
        kind = "latex" if opened[1] else opened[2]
        closed = None if kind in missing else _CLOSES[kind].search(html, opened.end() + 1)
        if closed:
            parts += html[copied : opened.start()], _picture(kind, html[opened.end() : closed.start()])
            copied = at = closed.end()
        else:
            missing.add(kind)
            at = opened.end()
    parts.append(html[copied:])
    return "".join(parts)


def _picture(kind: str, inner: str) -> str:
    before, after = _FRAMES[kind]
    formula = strip_html(_NEWLINES.sub("\n", f"{before}{inner}{after}"))
    name = hashlib.sha1(formula.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()
    return f'<img class=latex alt="{encode_attribute(formula)}" src="latex-{name}.png">'
