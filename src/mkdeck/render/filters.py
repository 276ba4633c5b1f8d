"""The filters of a template: `{{hint:X}}`, `{{cloze:X}}` and so on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from mkdeck.render import clozes
from mkdeck.render.blake3 import digest
from mkdeck.render.texts import BLANKS, strip_html

_RUBY_SIGN = re.compile(r"[ >\[]")


@dataclass(frozen=True, slots=True)
class View:
    """What is drawn: the side of the card with this cloze number."""

    number: int
    is_question: bool


Filter = Callable[[str, str, View], str]
"""Takes the text so far, the name of the field, and what is drawn."""


def named(names: list[str]) -> tuple[Filter, ...]:
    """Give the filters with these names, the one next to the field first.

    Anki leaves a filter it does not know to an add-on, and with it all that come after; there is no add-on.
    """
    found: list[Filter] = []
    for name in _joined(names):
        if name.startswith("tts "):
            found.append(partial(_speech, name.removeprefix("tts ")))
        elif name in _FILTERS:
            found.append(_FILTERS[name])
        elif name:
            break
    return tuple(found)


def unknown(names: list[str]) -> str:
    """Give the first of these names, that next to the field first, which is of no filter of Anki's; or nothing."""
    return next(
        (each for each in _joined(names) if each and each not in _FILTERS and not each.startswith("tts ")), ""
    )


def _joined(names: list[str]) -> list[str]:
    """Make one of names that Anki takes together; what stands beside `type` does nothing."""
    if names in (["cloze", "type"], ["nc", "type"]):
        return [f"type-{names[0]}"]
    return ["type"] if names[-1:] == ["type"] else names


def _cloze(text: str, _field: str, view: View) -> str:
    return clozes.reveal(text, view.number, is_question=view.is_question)


def _cloze_only(text: str, _field: str, view: View) -> str:
    return clozes.reveal_only(text, view.number, is_question=view.is_question)


def _text(text: str, _field: str, _view: View) -> str:
    return strip_html(text)


def _hint(text: str, field: str, _view: View) -> str:
    if not text.strip(BLANKS):
        return text
    hashed = digest((text + field).encode(errors="surrogatepass"))
    name = f"hint{hashed[:8].hex()}"
    return (
        '\n<a class=hint href="#"\n'
        "onclick=\"this.style.display='none';\n"
        f"document.getElementById('{name}').style.display='block';\n"
        f'return false;" draggable=false>\n{field}</a>\n'
        f'<div id="{name}" class=hint style="display: none">{text}</div>\n'
    )


def _speech(options: str, text: str, _field: str, _view: View) -> str:
    return f"[anki:tts lang={options}]{text}[/anki:tts]"


def _type(kind: str, _text: str, field: str, _view: View) -> str:
    """Give what Anki's reviewer would make a field to type into."""
    return f"[[type:{kind}{field}]]"


def _ruby(frame: str, text: str, _field: str, _view: View) -> str:
    """Write `漢字[かんじ]` into a frame of `base` and `reading`; a sound in brackets stays."""
    text = text.replace("&nbsp;", " ")
    parts: list[str] = []
    start = at = copied = 0
    closing, newline = -1, -1
    while sign := _RUBY_SIGN.search(text, at):
        at = sign.end()
        if sign[0] != "[":
            start = at
            continue
        if start == sign.start():
            continue  # a bracket with nothing before it is itself what the next one may explain
        if closing <= at:
            closing = text.find("]", at + 1)
            if closing < 0:
                break
        if newline < at:
            newline = text.find("\n", at)
            newline = len(text) if newline < 0 else newline
        if newline < closing:
            continue
        reading = text[at:closing]
        begin = start - 1 if start > copied and text[start - 1] == " " else start
        parts.append(text[copied:begin])
        if reading.startswith("sound:"):
            parts.append(text[begin : closing + 1])
        else:
            parts.append(frame.format(base=text[start : sign.start()], reading=reading))
        start = at = copied = closing + 1
    parts.append(text[copied:])
    return "".join(parts)


_FILTERS: dict[str, Filter] = {
    "cloze": _cloze,
    "cloze-only": _cloze_only,
    "text": _text,
    "hint": _hint,
    "type": partial(_type, ""),
    "type-cloze": partial(_type, "cloze:"),
    "type-nc": partial(_type, "nc:"),
    "kanji": partial(_ruby, "{base}"),
    "kana": partial(_ruby, "{reading}"),
    "furigana": partial(_ruby, "<ruby><rb>{base}</rb><rt>{reading}</rt></ruby>"),
}
FILTERS = tuple(name for name in _FILTERS if not name.startswith("type-"))
"""Their names, as one writes them; one more is `tts` with its options."""
