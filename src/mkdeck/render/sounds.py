"""Sounds and speech, `[sound:x.mp3]` and `[anki:tts lang=en_US]x[/anki:tts]`, as the places of play buttons."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

_SOUND = "[sound:"
_OPENS = re.compile(r"\[anki:([^\[\] \t\r\n]++)(?!\[)[ \t\r\n]*+")
_OPTION = re.compile(r"""([^\] \t\r\n=]++)=(?:"([^"]*+)"|([^\] \t\r\n"]*+))[ \t\r\n]*+""")
_CLOSES = re.compile(r"\[/anki:([^\[\] \t\r\n]++)\]")
_NEEDS_QUOTES = re.compile(r"[\] \t\r\n]")


def placed(text: str, side: str) -> str:
    """Give a side with `[anki:play:q:0]` for its first sound or speech and so on; `side` is q or a.

    Speech without a language is left out: Anki puts an error there, in the learner's language.
    """
    if _SOUND not in text and "[/anki:" not in text:
        return text
    reader = _Reader(text)
    parts: list[str] = []
    played = copied = at = 0
    while (at := text.find("[", at)) >= 0:
        found = reader.sound(at) or reader.directive(at)
        if found is None:
            at += 1
            continue
        written = found.written
        if written is None:
            written = f"[anki:play:{side}:{played}]"
            played += 1
        parts += text[copied:at], written
        copied = at = found.end
    parts.append(text[copied:])
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands in a text up to `end`; None is written as a play button."""

    end: int
    written: str | None = None


@dataclass(slots=True)
class _Reader:
    """Reads what opens at a place, and never reads twice what came to nothing."""

    text: str
    last: int = -1
    """Where the last `]` stands."""
    closing: dict[str, list[int]] = field(default_factory=dict)
    """Name -> where `[/anki:name]` stands."""
    ends: dict[int, int] = field(default_factory=dict)
    """Where options begin -> where they end."""

    def __post_init__(self) -> None:
        self.last = self.text.rfind("]")
        for closes in _CLOSES.finditer(self.text):
            self.closing.setdefault(closes[1], []).append(closes.start())

    def sound(self, start: int) -> _Found | None:
        name = start + len(_SOUND)
        if not self.text.startswith(_SOUND, start) or name >= self.last or self.text[name] == "]":
            return None
        return _Found(self.text.index("]", name) + 1)

    def directive(self, start: int) -> _Found | None:
        """Read `[anki:name key=value]content[/anki:name]`; but for speech, only an add-on knows what it means."""
        opens = _OPENS.match(self.text, start)
        if opens is None or opens[1] not in self.closing:
            return None
        at = self._end_of_options(opens.end())
        places = self.closing[opens[1]]
        place = bisect_left(places, at + 1)
        if not self.text.startswith("]", at) or place == len(places):
            return None
        closes = f"[/anki:{opens[1]}]"
        end = places[place] + len(closes)
        options = {
            option[1]: option[3] if option[2] is None else option[2]
            for option in _OPTION.finditer(self.text, opens.end(), at)
        }
        if opens[1] == "tts":
            return _Found(end, None if options.get("lang") else "")
        written = "".join(
            f' {key}="{value}"' if _NEEDS_QUOTES.search(value) else f" {key}={value}"
            for key, value in options.items()
        )
        return _Found(end, f"[anki:{opens[1]}{written}]{self.text[at + 1 : places[place]]}{closes}")

    def _end_of_options(self, at: int) -> int:
        passed = [at]
        while at not in self.ends and (option := _OPTION.match(self.text, at)):
            at = option.end()
            passed.append(at)
        end = self.ends.get(at, at)
        self.ends.update(dict.fromkeys(passed, end))
        return end
