"""What pydantic finds wrong with a deck's data, said as diagnostics."""

from __future__ import annotations

import difflib
import re
import types
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from mkdeck.diagnostics import Diagnostic, Span, clipped
from mkdeck.quoting import BELOW, listed, quoted, reading, scalar, text_end
from mkdeck.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from mkdeck.source import Place, Source

_WANTED = {"string_type": "a text", "tuple_type": "a list", "dict_type": "a mapping"}
_GIVEN: dict[type, str] = {list: "a list", dict: "a mapping", str: "a text"}
_DASHES: dict[tuple[str, type], str] = {
    ("a list", str): "put `- ` before each item",
    ("a list", dict): "put `- ` before the first key of each item",
    ("a text", list): "take the `- ` away",
    ("a text or a mapping", list): "take the `- ` away",
}
_EXAMPLES = {"browser_size": 12, "size": 20, "tag": 0}
"""Of the keys that take a number, such a one; an id must not be copied."""
_A_NUMBER = "whole number that no other has, such as the time in milliseconds"
_FIELDS = "the names of its fields, such as `fields: [Front, Back]`"
_SIDES = "`- name:`, `front:` and `back:` for each of its cards"
_MISSING = {
    "id": "add an `id:` in small letters, digits and hyphens; it must never change once the deck is shared",
    "deck": "add `deck:`, the deck's name in Anki, such as `History::USSR`",
    "reason": "add `reason:`, the reason in a few words",
    "fields": f"add {_FIELDS}",
    "templates": f"add `templates:`, and below it {_SIDES}",
    "name": "add `name:`, its name in Anki",
    "front": "add `front:`, the HTML of its front, such as `{{Front}}` for the field `Front`",
}
_NO_NUMBER = f"add an `id:`, a {_A_NUMBER}; it must never change once the deck is shared"
"""What a note type needs whose `id` is missing."""
_EMPTY = {
    "deck": "write it as `deck: History::USSR`",
    "id": "write it in small letters, digits and hyphens",
    "fields": f"write {_FIELDS}",
    "templates": f"write {_SIDES} below it",
}
_MAPPED = {
    "decks": ("the number of a card", "write each as `1: History::USSR`, the number of a card and its deck"),
    "fields": ("the name of a field", "write each as the name of a field and its text, such as `Front: a text`"),
    "note_types": (
        "the name of a note type",
        "write each as its name, and below it `id:`, `fields:` and `templates:`",
    ),
    "terms": ("a term", "write each as `term: its meaning`"),
}
"""What the keys of a mapping are whose keys the author chooses, and how each entry is written."""
_OTHER_WORDS = {
    "afmt": ["back"],
    "answer": ["back"],
    "effect": ["consequence"],
    "evidence": ["points"],
    "point": ["points", "text"],
    "qfmt": ["front"],
    "question": ["front"],
    "title": ["reason", "deck"],
}
"""What authors write, and the names for it, of which the first is meant that can stand there."""
_OF_A_TEXT = {"text", "fact"}
"""The keys of a mapping that may be written as a mere text."""
_OF_A_NAME = "font"
"""A key of a field of a note type, which may be written as its mere name."""
_NO_LETTERS = re.compile(r"[\s'\"\\]")
"""Blanks, and what quotation marks and their escapes are made of."""
_LONGEST_NAME = 60
"""Characters up to which a name may be a misspelt key."""


def diagnose(error: ValidationError, model: type[Any], source: Source | None = None) -> list[Diagnostic]:
    """Turn every finding of `error`, raised for `model`, into a diagnostic.

    With a `source` they have lines and columns; without (a deck made in Python) they name the place,
    such as `Reason.points[2]`.
    """
    findings = error.errors(include_url=False)
    unknown = {
        finding["loc"]: _UnknownKey.at(finding["loc"], model, source)
        for finding in findings
        if finding["type"] == "extra_forbidden"
    }
    meant = {(*place[:-1], name) for place, key in unknown.items() for name in key.meant}
    return [
        unknown[place].diagnostic(_span(place, model, source, key=True))
        if (place := finding["loc"]) in unknown
        else _diagnose(finding, model, source)
        for finding in findings
        # The unknown key says all; that the one which is meant is missing does not help.
        if not (finding["type"] == "missing" and finding["loc"] in meant)
        # pydantic counts the sound items only, and what is wrong with the others is told.
        and not (finding["type"] == "too_short" and finding["input"])
    ]


def _diagnose(finding: ErrorDetails, model: type[Any], source: Source | None) -> Diagnostic:
    place, kind, value = finding["loc"], finding["type"], finding["input"]
    holder = str(place[-3]) if len(place) > 2 and place[-1] == "[key]" else ""
    if holder in _MAPPED:
        return _wrong_key(holder, value, _span(place[:-1], model, source, key=True))
    span = _span(place, model, source, key=value in (None, ()))
    subject = _subject(place, model, source)
    if kind == "missing":
        name = str(place[-1])
        of_number = name == "id" and "templates" in _keys(model, place[:-1])
        mend = _NO_NUMBER if of_number else _MISSING.get(name, f"add `{name}:`")
        return Diagnostic("missing-key", f"`{name}` is missing", span, mend)
    if kind.startswith(("literal_error", "int_", "greater_than", "less_than", "bool_", "too_short")):
        return _plain_value(finding, subject, span)
    if kind == "string_pattern_mismatch":
        return _pattern(place, subject, str(value), span)
    if kind in _WANTED or kind == "model_type":
        return _wrong_kind(place, subject, value, kind, model, source)
    message, mend = finding["msg"], finding.get("ctx", {}).get("mend", "")
    if kind == "misplaced":
        span = _span(place, model, source, key=True)
    if kind == "card":
        mend = _other_side(value)
    if kind == "string_unicode":
        message = f"{subject} holds half of a surrogate pair, which is no character"
    return Diagnostic("value", message, span, mend)


def _wrong_key(holder: str, value: object, span: Span) -> Diagnostic:
    """Tell what is wrong with a key that the author chose, in the mapping `holder`."""
    what, _ = _MAPPED[holder]
    if not isinstance(value, str):
        message = f"{what} is a text, not {type(value).__name__}"
        return Diagnostic("value", message, span, f"write it as a string: '{value}'")
    if holder == "decks" and value:
        message = f"`{clipped(value)}` is the number of no card"
        return Diagnostic("value", message, span, "write the number of one of the note's cards, from 1")
    itself = what.split()[1]
    return Diagnostic("value", f"{what} is blank", span, f"write the {itself} itself")


def _plain_value(finding: ErrorDetails, subject: str, span: Span) -> Diagnostic:
    """Tell what is wrong with a number, `true` or `false`, one of several words, or a list without an item."""
    kind, value, key = finding["type"], finding["input"], str(finding["loc"][-1])
    if kind == "literal_error":
        return _choice(subject, value, finding["ctx"]["expected"].replace("'", "`"), span)
    wanted, mend = "a whole number", f"write a whole number, such as `{key}: {_EXAMPLES.get(key)}`"
    if key == "id":
        mend = f"write a {_A_NUMBER}"
    if kind.startswith("bool_"):
        wanted, mend = "`true` or `false`", f"write `{key}: true`, or leave it out"
    shown = _GIVEN[type(value)] if isinstance(value, list | dict) else f"`{clipped(str(value))}`"
    match kind:
        case "too_short":
            return Diagnostic("value", f"{subject} is empty", span, _EMPTY[key])
        case "greater_than_equal":
            message = f"{subject} is at least {finding['ctx']['ge']}, not {shown}"
        case "less_than_equal":
            message = f"{subject} is at most {finding['ctx']['le']}, not {shown}"
        case "int_parsing_size":
            message = f"{subject} is longer than any number that Anki takes"
        case _ if value is None:
            message = f"{subject} is empty; it takes {wanted}"
        case _:
            message = f"{subject} takes {wanted}, not {shown}"
    return Diagnostic("value", message, span, mend)


def _other_side(card: dict[str, Any]) -> str:
    """Tell what a card needs that is neither `front` and `back` nor a `cloze`."""
    given = [f"`{key}:`" for key in ("front", "back") if card.get(key)]
    if card.get("cloze"):
        return f"take {' and '.join(given)} out, or `cloze:`"
    other = {"`front:`": "`back:`, the answer", "`back:`": "`front:`, the question"}
    all_shapes = (
        "`front:` and `back:`, `cloze:` or `fields:`" if card.get("type") else "`front:` and `back:`, or `cloze:`"
    )
    return f"add {other[given[0]] if given else all_shapes}"


@dataclass(frozen=True, slots=True)
class _UnknownKey:
    name: str
    known: list[str]
    near: list[str]
    text: Diagnostic | None
    """What to say if the whole mapping is a text that holds `: `."""

    @classmethod
    def at(cls, place: Place, model: type[Any], source: Source | None) -> _UnknownKey:
        name, known = str(place[-1]), _keys(model, place[:-1])
        return cls(name, known, _near(name, known), _text_read_otherwise(place[:-1], source, known))

    @property
    def meant(self) -> Iterable[str]:
        """The known keys in whose place this one stands."""
        return _OF_A_TEXT if self.text else self.near

    def diagnostic(self, span: Span) -> Diagnostic:
        if self.text and not self.near:
            return self.text
        mend = _did_you_mean(self.near) or _all_keys(self.known)
        if self.text:
            mend += f" If it is one text: {self.text.mend}"
        message = f"unknown key `{clipped(self.name)}`" if self.name else "a key is empty"
        return Diagnostic("unknown-key", message, span, mend)


def _text_read_otherwise(place: Place, source: Source | None, known: Iterable[str]) -> Diagnostic | None:
    """Tell whether the mapping or list at `place` is, as far as one can see, a text that YAML read otherwise.

    It may have the `known` keys, or be a text, if they are those of a text.
    """
    if source is None or not _OF_A_TEXT.intersection(known):
        return None
    holder, node, _, start = source.locate(place)
    if isinstance(node, dict) and not node.keys().isdisjoint(known):
        return None
    text, in_flow = source.text, id(holder) in source.flows
    mend = ""
    if text[start] in "{[":
        mend = quoted(text, start, in_flow=in_flow)
    elif isinstance(node, dict) and len(node) == 1 and text[start] not in "\"'":
        [(key, value)] = node.items()
        if value is None or isinstance(value, str):
            line = text[start : text_end(text, start, in_flow=in_flow)]
            is_whole = _NO_LETTERS.sub("", line) == _NO_LETTERS.sub("", f"{key}:{value or ''}")
            mend = quoted(text, start, in_flow=in_flow) if is_whole else BELOW
            if "hint" in known and value and is_whole and not in_flow:
                mend += f"; or, with a hint, `- fact: {scalar(key)}` and below it `hint: {scalar(value)}`"
    return (
        Diagnostic("yaml-reads-otherwise", reading(text, start), source.lines.span(start), mend) if mend else None
    )


def _wrong_kind(
    place: Place, subject: str, value: object, kind: str, model: type[Any], source: Source | None
) -> Diagnostic:
    span = _span(place, model, source, key=value is None)
    keys = _keys(model, place)
    mend = ""
    if kind != "model_type":
        wanted, (_, mend) = _WANTED[kind], _MAPPED.get(str(place[-1]), ("", ""))
        if wanted != "a mapping":
            mend = _EMPTY.get(str(place[-1]), "") if wanted == "a list" else ""
        elif isinstance(value, list):
            mend += ", without `- `"
    elif _OF_A_TEXT.isdisjoint(keys) and _OF_A_NAME not in keys:
        wanted, mend = "a list or a mapping" if "links" in keys else "a mapping", _all_keys(keys)
    else:
        wanted = "a text or a mapping"
    if value is None:
        return Diagnostic("value", f"{subject} is empty; it takes {wanted}", span, _not_empty(place, mend))
    if "text" in wanted and (text := _text_read_otherwise(place, source, _OF_A_TEXT)):
        return text
    if source is not None:
        mend = _as_a_list(place, value, wanted, source) or _DASHES.get((wanted, type(value)), mend)
    elif "text" in wanted and type(value) in (int, float):
        mend = f"write it as a string: '{value}'"
    given = _GIVEN.get(type(value), type(value).__name__)
    return Diagnostic("value", f"{subject} takes {wanted}, not {given}", span, mend)


def _not_empty(place: Place, mend: str) -> str:
    """Tell what belongs to a key that has nothing after it, which takes more than that."""
    key = place[-1] if place else ""
    if isinstance(key, int):
        return "write it, or take its `-` away"
    if key in {"id", "deck"}:
        return _EMPTY[key]
    return mend or "write it or leave it out"


def _as_a_list(place: Place, value: object, wanted: str, source: Source) -> str:
    """Show how the list at `place` is written, in whose place a text stands on the line of its key."""
    holder, _, key, offset = source.locate(place)
    if isinstance(value, dict) and re.match(r"-[^\s-]", next(iter(value), "")):
        return "put a space after `-`"
    if isinstance(value, dict) and place[-1] == "fields" and wanted == "a list":
        return _EMPTY["fields"]
    if not isinstance(value, str) or not isinstance(holder, dict) or wanted != "a list":
        return ""
    if place[-1] == "templates":
        return _EMPTY["templates"]
    if "\n" not in source.text[key:offset]:
        return listed(str(place[-1]), value, in_flow=id(holder) in source.flows)
    return "put a space after `-`" if re.match(r"-[^\s-]", value) else ""


def _choice(subject: str, value: object, expected: str, span: Span) -> Diagnostic:
    if not isinstance(value, str):
        given = (
            "is empty; it takes" if value is None else f"is {_GIVEN.get(type(value), type(value).__name__)}, not"
        )
        return Diagnostic("value", f"{subject} {given} one of {expected}", span, "write one of them")
    near = _near(value, re.findall("`(.*?)`", expected))
    mend = _did_you_mean(near) or "write one of them"
    return Diagnostic("value", f"`{clipped(value)}` is none of {expected}", span, mend)


def _pattern(place: Place, subject: str, value: str, span: Span) -> Diagnostic:
    shown = clipped(value)
    if not value.strip():
        return Diagnostic("value", f"{subject} is blank", span, "write a text or leave it out")
    match next(step for step in reversed(place) if isinstance(step, str)):
        case "id":
            mend = f"write it as `{clipped(slug(value)) or 'my-id'}`: small letters, digits and hyphens"
            return Diagnostic("unstable-id", f"`{shown}` is not an id", span, mend)
        case "lang":
            mend = "write it as in BCP 47: `en`, `pt-BR`, `zh-Hant`"
            return Diagnostic("value", f"`{shown}` is not a language tag", span, mend)
        case "tags":
            joined = "-".join("".join(c if c.isprintable() else " " for c in value).split()).lower()
            mend = f"write it as `{clipped(joined)}`; Anki splits tags at spaces"
            return Diagnostic("value", f"the tag `{shown}` holds a space", span, mend)
        case _:
            return Diagnostic(
                "value", f"{subject} holds nothing that can be seen", span, "write a text or leave it out"
            )


def _subject(place: Place, model: type[Any], source: Source | None) -> str:
    """Name the value at `place`: by its key, or by its number in a list."""
    if source is not None and len(place) > 1 and isinstance(source.locate(place[:-1])[1], str):
        place = place[:-1]  # a text for a mapping with `text:`
    if not place:
        return f"`{model.__name__}`"
    if isinstance(place[-1], int):
        holder = next((step for step in reversed(place) if isinstance(step, str)), "list")
        return f"item {place[-1] + 1} of `{clipped(holder)}`"
    return f"`{clipped(place[-1])}`"


def _all_keys(known: Iterable[str]) -> str:
    return f"the keys here are {', '.join(f'`{key}`' for key in known)}"


def _near(name: str, known: Sequence[str]) -> list[str]:
    word = name.lower()
    meant = [each for each in _OTHER_WORDS.get(word, ()) if each in known]
    return meant[:1] or (difflib.get_close_matches(word, known, 1) if len(name) <= _LONGEST_NAME else [])


def _did_you_mean(near: list[str]) -> str:
    return f"did you mean `{near[0]}`?" if near else ""


def _span(place: Place, model: type[Any], source: Source | None, *, key: bool) -> Span:
    if source is not None:
        return source.span(place, key=key)
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return Span(place=model.__name__ + steps)


def _keys(model: type[Any], place: Place) -> list[str]:
    """Name the keys that the mapping at `place` inside a `model` may have."""
    kind: Any = model
    for step in place:
        kind = _bare(kind)
        arguments = [each for each in typing.get_args(kind) if each is not Ellipsis]
        if arguments:  # tuple[item, ...] or dict[str, item]
            kind = arguments[-1]
        elif isinstance(kind, type) and issubclass(kind, BaseModel) and str(step) in kind.model_fields:
            kind = kind.model_fields[str(step)].annotation
        else:
            return []
    kind = _bare(kind)
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _bare(annotation: Any) -> Any:
    """Give the `Model` in `Model | None`."""
    if isinstance(annotation, types.UnionType):
        return next(each for each in annotation.__args__ if each is not type(None))
    return annotation
