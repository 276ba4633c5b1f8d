"""What pydantic finds wrong with a deck's data, said as diagnostics."""

from __future__ import annotations

import difflib
import re
import types
import typing
import unicodedata
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from mkdeck.diagnostics import Diagnostic, Span
from mkdeck.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from mkdeck.source import Place, Source

_KINDS = {
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a text or a mapping",
}


def diagnose(error: ValidationError, model: type[BaseModel], source: Source | None = None) -> list[Diagnostic]:
    """Turn every finding of `error`, raised for `model`, into a diagnostic.

    With a `source` they have lines and columns; without (a deck made in Python) they name the place,
    such as `Reason.points[2]`.
    """
    findings = error.errors(include_url=False)
    strangers = {finding["loc"][:-1] for finding in findings if finding["type"] == "extra_forbidden"}
    return [
        _diagnose(finding, model, source)
        for finding in findings
        # Where a text was read as a mapping, its strange key says all; that `text` is missing does not help.
        if not (finding["type"] == "missing" and finding["loc"][:-1] in strangers)
    ]


def _diagnose(finding: ErrorDetails, model: type[BaseModel], source: Source | None) -> Diagnostic:
    place, kind, value = finding["loc"], finding["type"], finding["input"]
    name = str(place[-1]) if place else model.__name__
    known = list(_fields(model, place[:-1]))
    span = _span(model, place, source, key=kind == "extra_forbidden")
    if kind == "extra_forbidden":
        return _unknown_key(name, known, span, source)
    if kind == "missing":
        return Diagnostic("missing-key", f"`{name}` is missing", span, _MISSING.get(name, f"add `{name}:`"))
    if kind == "string_pattern_mismatch":
        message, mend = _pattern(name, str(value))
        rule = "unstable-id" if name == "id" else "value"
        return Diagnostic(rule, message, span, mend)
    if kind == "literal_error":
        expected = finding["ctx"]["expected"].replace("'", "`")
        near = difflib.get_close_matches(str(value), expected.replace("`", "").replace(" or ", ", ").split(", "), 1)
        return Diagnostic("value", f"`{value}` is none of {expected}", span, _did_you_mean(near))
    if kind in _KINDS:
        return _wrong_kind(name, kind, value, span, source, place)
    return Diagnostic("value", finding["msg"], span, finding.get("ctx", {}).get("mend", ""))


_MISSING = {
    "id": "add an `id:` in small letters, digits and hyphens; it must never change once the deck is shared",
    "deck": "add `deck:`, the deck's name in Anki, such as `History::USSR`",
    "reason": "add `reason:`, the reason in a few words",
}


def _unknown_key(name: str, known: list[str], span: Span, source: Source | None) -> Diagnostic:
    near = difflib.get_close_matches(name, known, 1)
    if source is not None and not near and (" " in name or not name.isidentifier()):
        start = source.offset(span)
        message = "YAML reads a text that holds `: ` as a key and its value"
        return Diagnostic("yaml-reads-otherwise", message, span, quoted(source.text, start))
    mend = _did_you_mean(near) or f"the keys here are {', '.join(f'`{key}`' for key in known)}"
    return Diagnostic("unknown-key", f"unknown key `{name}`", span, mend)


def _wrong_kind(
    name: str, kind: str, value: object, span: Span, source: Source | None, place: Place
) -> Diagnostic:
    wanted = _KINDS[kind]
    subject = f"`{name}`"
    if place and isinstance(place[-1], int):
        holder = next((step for step in reversed(place) if isinstance(step, str)), "list")
        subject = f"item {place[-1] + 1} of `{holder}`"
    if value is None:
        return Diagnostic("value", f"{subject} is empty; it takes {wanted}", span)
    got = {list: "a list", dict: "a mapping", str: "a text"}.get(type(value), type(value).__name__)
    if kind == "list_type" and isinstance(value, str):
        return Diagnostic("value", f"{subject} takes a list, not a text", span, "put `- ` before each item")
    mend = ""
    if source is not None and isinstance(value, list | dict) and "text" in wanted:
        mend = quoted(source.text, source.offset(span))
        return Diagnostic("yaml-reads-otherwise", f"{subject} takes {wanted}; YAML reads {got}", span, mend)
    return Diagnostic("value", f"{subject} takes {wanted}, not {got}", span, mend)


def _pattern(name: str, value: str) -> tuple[str, str]:
    if not value.strip():
        return f"`{name}` is blank", "write a text or leave the key out"
    if name == "id":
        return f"`{value}` is not an id", f"write it as `{slug(value)}`: small letters, digits and hyphens"
    if name == "lang":
        return f"`{value}` is not a language tag", "write it as in BCP 47: `en`, `pt-BR`, `zh-Hant`"
    return f"the tag `{value}` holds a space", f"write it as `{'-'.join(value.split())}`; Anki splits tags at spaces"


def slug(text: str) -> str:
    """Make an id of any text: `Resistance in the countryside` -> `resistance-in-the-countryside`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "my-id"


def _did_you_mean(near: list[str]) -> str:
    return f"did you mean `{near[0]}`?" if near else ""


def _span(model: type[BaseModel], place: Place, source: Source | None, *, key: bool) -> Span:
    if source is not None:
        return source.span(place, key=key)
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return Span(place=model.__name__ + steps)


def _fields(model: type[BaseModel], place: Place) -> Iterator[str]:
    """Name the keys that the mapping at `place` inside a `model` may have."""
    kind: Any = model
    for step in place:
        kind = _bare(kind)
        arguments = typing.get_args(kind)
        if arguments:  # list[item] or dict[str, item]
            kind = arguments[-1]
        elif isinstance(kind, type) and issubclass(kind, BaseModel) and str(step) in kind.model_fields:
            kind = kind.model_fields[str(step)].annotation
        else:
            return
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from kind.model_fields


def _bare(annotation: Any) -> Any:
    """Give the `Model` in `Model | None`."""
    if isinstance(annotation, types.UnionType):
        return next(each for each in annotation.__args__ if each is not type(None))
    return annotation
