"""Cards drawn from templates, as words: enough of Anki's template language to show what a card asks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mkdeck.archive.texts import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mkdeck.archive.content import Archive, Card, Note

_MOST = 1 << 16
"""Characters of a side, so that no template and no field can ask for much."""
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*+", re.IGNORECASE)
"""What a condition takes for an empty field."""
_CLOZE = re.compile(r"\{\{c([\d,]+)::|\}\}")
_OCCLUSION = "image-occlusion:"
_OPEN = re.compile(r"\{\{|<!--")
_DIGITS = 6


def drawn(archive: Archive, note: Note, card: Card) -> tuple[str, str]:
    """Give the words of a card's front and back; a blank stands as `[...]` or `[hint]`, a picture by its name.

    What only a program can draw is left out: the box to type into, what was typed, speech.
    """
    note_type = archive.note_types[note.note_type]
    template = note_type.templates[0 if note_type.is_cloze else card.ordinal]
    deck = archive.decks[card.deck].name
    texts = {each.name: text[:_MOST] for each, text in zip(note_type.fields, note.fields, strict=True)}
    texts |= {
        "Tags": " ".join(note.tags), "Type": note_type.name, "Deck": deck, "Subdeck": deck.rpartition("::")[2],
        "Card": template.name,
    }  # fmt: skip
    number = card.ordinal + 1 if note_type.is_cloze else 0
    front = _Side(texts, number, is_back=False).draw(template.front)
    back = _Side(texts | {"FrontSide": front}, number, is_back=True).draw(template.back)
    return shown(front), shown(back)


@dataclass(slots=True)
class _Side:
    """One side of a card while it is drawn."""

    texts: Mapping[str, str]
    number: int
    """Of the cloze that is asked for; 0 if the note type has none."""
    is_back: bool
    filled: dict[tuple[str, str], str] = field(default_factory=dict)
    """What stands for a field and its filters, so that a template does not do the same a thousand times."""

    def draw(self, template: str) -> str:
        """Fill a template in. What is wrong in it is passed over."""
        parts: list[str] = []
        left = _MOST
        open_: list[tuple[str, bool]] = []
        hidden = 0
        for text, tag in _tokens(template):
            kind, name = tag[:1], tag[1:].strip()
            if not hidden:
                made = text if kind in ("#", "^", "/") else text + self._filled(tag)
                parts.append(made[:left])
                left -= len(made)
            if kind in ("#", "^"):
                is_hidden = self._is_empty(name) == (kind == "#")
                open_.append((name, is_hidden))
                hidden += is_hidden
            elif kind == "/" and open_ and open_[-1][0] == name:
                hidden -= open_.pop()[1]
            if left <= 0:
                break
        return "".join(parts)

    def _filled(self, tag: str) -> str:
        filters, _, name = tag.rpartition(":")
        key = name.strip(), filters
        if key not in self.filled:
            self.filled[key] = self._value(*key)
        return self.filled[key]

    def _value(self, name: str, filters: str) -> str:
        text = self.texts.get(name, "")
        applied = [each.strip() for each in filters.split(":")] if filters else []
        if any(each.startswith("tts") for each in applied) or ("type" in applied and not self.is_back):
            return ""
        if "hint" in applied:
            return f"[{name}]" if text else ""
        if "cloze" in applied or "cloze-only" in applied:
            return _with_blanks(text, self.number, is_back=self.is_back, others="cloze" in applied)
        return text

    def _is_empty(self, name: str) -> bool:
        if name[:1] == "c" and name[1:].isdecimal():
            return name[1:] != str(self.number)
        key = name, "#"
        if key not in self.filled:
            self.filled[key] = "" if _EMPTY.fullmatch(self.texts.get(name, "")) else "full"
        return not self.filled[key]


def _tokens(template: str) -> Iterator[tuple[str, str]]:
    """Part a template into a text and the inside of the `{{...}}` after it; comments are passed over."""
    at = 0
    while match := _OPEN.search(template, at):
        is_comment = match[0] == "<!--"
        close = "-->" if is_comment else "}}"
        end = template.find(close, match.end())
        if end < 0:
            break
        tag = "" if is_comment else template[match.end() : end].lstrip("{").strip()
        yield template[at : match.start()], tag
        at = end + len(close)
    yield template[at:], ""


def _with_blanks(text: str, number: int, *, is_back: bool, others: bool) -> str:
    """Draw a field with clozes, those of `number` blank on the front; without `others` these are all that stays.

    Nothing stays if none has that number, as in Anki.
    """
    asked: list[str] = []
    open_: list[bool] = []
    parts: list[list[str]] = [[]]
    at = 0
    for match in _CLOZE.finditer(text):
        parts[-1].append(text[at : match.start()])
        at = match.end()
        if match[1] is not None:
            open_.append(number in [int(each) for each in match[1].split(",") if 0 < len(each) < _DIGITS])
            parts.append([])
        elif open_:
            answer, _, hint = "".join(parts.pop()).partition("::")
            is_asked = open_.pop()
            if answer.startswith(_OCCLUSION):
                answer = ""
            elif is_asked and not is_back:
                answer = f"[{hint or '...'}]"
            if is_asked:
                asked.append(answer)
            parts[-1].append(answer)
        else:
            parts[-1].append(match[0])
    if not asked:
        return ""
    return "".join(["".join(each) for each in parts]) + text[at:] if others else ", ".join(asked)
