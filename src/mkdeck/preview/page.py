"""The page that shows a preview: one HTML file that needs nothing from the network.

All that comes from a deck is in it as data (JSON); scripts run by their hash alone, so that nothing a deck
holds is ever run.
"""

from __future__ import annotations

import base64
import hashlib
import html
import importlib.util
import json
import re
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkdeck.diagnostics import Diagnostic
    from mkdeck.preview.faces import Preview, ShownCard

_SCRIPTS = ("parts", "card", "window", "findings", "map", "cards", "filters", "keys", "live", "start")
_STYLES = ("page", "map", "cards", "print")
_MATHS = ("\\(", "\\[")
_SLOT = re.compile(r"%(\w+)%")
_TYPES = {
    "aac": "audio/aac", "avif": "image/avif", "bmp": "image/bmp", "flac": "audio/flac", "gif": "image/gif",
    "ico": "image/x-icon", "jpeg": "image/jpeg", "jpg": "image/jpeg", "m4a": "audio/mp4", "mkv": "video/x-matroska",
    "mov": "video/quicktime", "mp3": "audio/mpeg", "mp4": "video/mp4", "oga": "audio/ogg", "ogg": "audio/ogg",
    "ogv": "video/ogg", "opus": "audio/ogg", "png": "image/png", "spx": "audio/ogg", "svg": "image/svg+xml",
    "tif": "image/tiff", "tiff": "image/tiff", "wav": "audio/wav", "webm": "video/webm", "webp": "image/webp",
}  # fmt: skip


def page(preview: Preview, *, live: bool, media: Callable[[str], str]) -> str:
    """Give the page as HTML.

    `media` gives the address of what is stored under a name: `inlined(preview)` for a page that stands alone.
    A `live` page listens at `/events` of the server that it comes from, for `event: deck` with a new `payload`
    and `event: broken` with findings as text.
    """
    has_maths = _has_maths(preview)
    mathjax = _mathjax() if has_maths else ""
    scripts = [_script(), *([mathjax] if mathjax else [])]
    own = " 'self'" if live else ""
    events = "'self'" if live else "'none'"
    policy = (
        f"default-src 'none'; script-src {' '.join(map(_hash, scripts))}; style-src 'unsafe-inline'; "
        f"img-src data:{own}; media-src data:{own}; font-src data:{own}; "
        f"connect-src {events}; base-uri 'none'; form-action 'none'"
    )
    name = preview.question or preview.title
    slots = {
        "policy": html.escape(policy),
        "title": html.escape(f"{name} · {preview.title}" if preview.question else name),
        "style": "\n".join(_asset(f"{each}.css") for each in _STYLES),
        "dir": preview.dir,
        "live": "true" if live else "false",
        "maths": ("drawn" if mathjax else "missing") if has_maths else "none",
        "data": payload(preview, media),
        "scripts": "\n".join(f"<script>{each}</script>" for each in scripts),
    }
    return _SLOT.sub(lambda slot: slots[slot[1]], _asset("page.html"))


def payload(preview: Preview, media: Callable[[str], str]) -> str:
    """Give what the page shows as JSON in one line, which may stand inside a `<script>` element."""
    numbers = {finding: number for number, finding in enumerate(preview.findings)}
    cards = [_card(card, numbers) for card in preview.cards]
    told = {number for card in cards for number in card["findings"]}
    data = {
        "title": preview.title,
        "question": preview.question,
        "lang": preview.lang,
        "dir": preview.dir,
        "path": Path(preview.path).name,
        "css": preview.css,
        "sheets": preview.sheets,
        "maths": _has_maths(preview),
        "reasons": [
            {
                "id": reason.id,
                "title": reason.title,
                "role": reason.role,
                "chains": [{"title": chain.title, "links": chain.links} for chain in reason.chains],
            }
            for reason in preview.reasons
        ],
        "cards": cards,
        "findings": [_finding(each) for each in preview.findings],
        "rest": [number for number in numbers.values() if number not in told],
        "media": {name: media(name) for name in preview.media},
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def inlined(preview: Preview) -> Callable[[str], str]:
    """Give what gives a medium of `preview` as a `data:` address. It raises OSError if the file cannot be read."""

    def address(name: str) -> str:
        kind = _TYPES.get(Path(name).suffix[1:].lower(), "application/octet-stream")
        return f"data:{kind};base64,{base64.b64encode(preview.media[name].read_bytes()).decode()}"

    return address


def _card(card: ShownCard, numbers: Mapping[Diagnostic, int]) -> dict[str, Any]:
    return {
        "key": card.key,
        "home": card.home,
        "kind": card.kind,
        "type": card.type,
        "reason": card.reason,
        "ordinal": card.ordinal,
        "tags": card.tags,
        "question": card.question,
        "answer": card.answer,
        "problem": card.problem,
        "sounds": card.sounds,
        "words": card.words,
        "line": card.line,
        "findings": [numbers[each] for each in card.findings],
    }


def _finding(finding: Diagnostic) -> dict[str, Any]:
    span = finding.span
    start, end = span.caret, span.caret + span.length
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "message": finding.message,
        "mend": finding.mend,
        "at": str(replace(span, path=Path(span.path).name)),  # no folder of the author's on a page for others
        "line": span.line,
        "source": [span.excerpt[:start], span.excerpt[start:end], span.excerpt[end:]] if span.excerpt else [],
    }


def _has_maths(preview: Preview) -> bool:
    texts = [preview.question]
    texts += [text for each in preview.reasons for chain in each.chains for text in (each.title, *chain.links)]
    texts += [side for card in preview.cards for side in (card.question, card.answer)]
    return any(sign in text for text in texts for sign in _MATHS)


@cache
def _asset(name: str) -> str:
    return resources.files("mkdeck.preview").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    parts = "\n".join(_asset(f"{each}.js") for each in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();'


@cache
def _mathjax() -> str:
    """Give MathJax from the package that carries it; nothing if it is not installed."""
    package = importlib.util.find_spec("mathjax")
    for folder in (package.submodule_search_locations or []) if package else []:
        # The full one: what the small one lacks, it would fetch when a formula asks for it.
        file = Path(folder, "static", "mathjax", "es5", "tex-svg-full.js")
        if file.is_file():
            # To HTML these would end the script or hide its end; to JavaScript they are the same as before.
            script = file.read_text(encoding="utf-8").replace("<!--", "<\\!--")
            return re.sub(r"</(?=script)", r"<\\/", script, flags=re.IGNORECASE)
    return ""


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
