"""The note types of a package -> `note_types:` of a deck, and what its notes become there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from mkdeck.importers.yaml_text import Bare
from mkdeck.markup import clean
from mkdeck.note_types import id_by

if TYPE_CHECKING:
    from mkdeck.archive import Archive, Field, NoteType, Template

Shape = Literal["prompt", "cloze", "own"]
"""What a note becomes if Markdown can say it: a front and a back, a cloze with a note, or its fields."""

_SIDES = 2
"""Fields of a note type that is as simple as that."""
_FLAGS = ("rtl", "sticky", "plain_text", "collapsed", "exclude_from_search", "prevent_deletion")
_LATIN_CONTROLS = re.compile("[\x80-\x9f\ufffe\uffff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\r(?!\n)")
"""What YAML does not have, and a carriage return that ends no line."""
_ARIAL, _SIZE = "Arial", 20


@dataclass(frozen=True, slots=True)
class OwnType:
    """A note type as a deck names it."""

    name: str
    fields: tuple[str, ...]
    shape: Shape


def own_types(archive: Archive) -> tuple[dict[int, OwnType], dict[str, Any]]:
    """Give the note types that notes of a package have, by their ids, and what stands under `note_types:`."""
    used = {note.note_type: None for note in archive.notes}
    found: dict[int, OwnType] = {}
    data: dict[str, Any] = {}
    for id_ in used:
        note_type = archive.note_types[id_]
        name = _name(note_type.name, "Note type")
        while name in data:
            name += "+"
        fields = _names([field.name for field in note_type.fields], "Field")
        found[id_] = OwnType(name, fields, _shape(note_type))
        data[name] = _data(note_type, fields)
    return found, data


def _shape(note_type: NoteType) -> Shape:
    first = note_type.templates[0]
    names = [re.escape(field.name.strip()) for field in note_type.fields]
    if note_type.is_cloze:
        has_blanks = re.search(rf"\{{\{{[^{{}}]*cloze:\s*{names[0]}\s*\}}\}}", first.front)
        return "cloze" if len(names) <= _SIDES and has_blanks else "own"
    if len(names) != _SIDES or len(note_type.templates) > _SIDES:
        return "own"
    asks = re.search(rf"\{{\{{\s*{names[0]}\s*\}}\}}", first.front)
    answers = re.search(rf"\{{\{{(?:type:)?\s*{names[1]}\s*\}}\}}", first.back)
    return "prompt" if asks and answers else "own"


def _data(note_type: NoteType, fields: tuple[str, ...]) -> dict[str, Any]:
    names = _names([each.name for each in note_type.templates], "Card")
    data: dict[str, Any] = {"id": Bare(note_type.id)}
    if note_type.is_cloze:
        data["cloze"] = Bare("true")
    data |= {"stock": note_type.stock} if note_type.stock else {}
    data["fields"] = [_field(each, name) for each, name in zip(note_type.fields, fields, strict=True)]
    if 0 < note_type.sort_field < len(fields):
        data["sort_field"] = fields[note_type.sort_field]
    templates = zip(note_type.templates, names, strict=True)
    data["templates"] = [_template(each, name) for each, name in templates]
    data |= {"css": _source(note_type.css)} if note_type.css else {}
    for key, text in (("latex_pre", note_type.latex_pre), ("latex_post", note_type.latex_post)):
        data |= {key: _source(text)} if text is not None else {}
    return data | ({"latex_svg": Bare("true")} if note_type.latex_svg else {})


def _field(field: Field, name: str) -> str | dict[str, Any]:
    data: dict[str, Any] = {"name": name}
    data |= {"id": Bare(field.id)} if field.id is not None else {}
    data |= {"description": _source(field.description)} if field.description else {}
    data |= {"font": _source(field.font)} if field.font != _ARIAL else {}
    data |= {"size": Bare(field.size)} if field.size != _SIZE else {}
    data |= {flag: Bare("true") for flag in _FLAGS if getattr(field, flag)}
    data |= {"tag": Bare(field.tag)} if field.tag is not None else {}
    return data if len(data) > 1 else name


def _template(template: Template, name: str) -> dict[str, Any]:
    data: dict[str, Any] = {"name": name}
    data |= {"id": Bare(template.id)} if template.id is not None else {}
    data |= {"front": _source(template.front), "back": _source(template.back)}
    for key in ("browser_front", "browser_back", "browser_font"):
        data |= {key: _source(text)} if (text := getattr(template, key)) else {}
    data |= {"browser_size": Bare(template.browser_size)} if template.browser_size else {}
    return data


def _source(text: str) -> str:
    """Give a text of a note type as a deck can hold it: unlike fields, Anki leaves it as it is."""
    return _CONTROLS.sub("", text)


def with_ids(archive: Archive) -> Archive:
    """Give a note type of the id 0, which Anki itself would not import, an id by its name."""
    if 0 not in archive.note_types:
        return archive
    given = replace(archive.note_types[0], id=id_by(archive.note_types[0].name))
    return replace(
        archive,
        note_types={
            each.id: each for each in (given if not each.id else each for each in archive.note_types.values())
        },
        notes=tuple(note if note.note_type else replace(note, note_type=given.id) for note in archive.notes),
    )


def loses_controls(note_type: NoteType) -> bool:
    """Tell whether a note type has control characters that a deck cannot hold."""
    texts = [note_type.name, note_type.css, note_type.latex_pre or "", note_type.latex_post or ""]
    for field in note_type.fields:
        texts += [field.name, field.description, field.font]
    for each in note_type.templates:
        texts += [each.name, each.front, each.back, each.browser_front, each.browser_back, each.browser_font]
    return any(map(_CONTROLS.search, texts))


def kept(text: str) -> str:
    """Give a text as a deck can hold it: as Anki cleans it, without the controls of Latin-1, which nobody sees."""
    return _LATIN_CONTROLS.sub("", clean(text))


def full_name(deck: str) -> str:
    """Give a deck's name as Anki takes it from a package: nothing in it is blank."""
    parts = ("".join(filter(str.isprintable, kept(part))).strip(" :") for part in deck.split("::"))
    return "::".join(part or "blank" for part in parts)


def _names(names: list[str], default: str) -> tuple[str, ...]:
    return tuple(_name(name, f"{default} {number}") for number, name in enumerate(names, 1))


def _name(name: str, default: str) -> str:
    """Give a name that can be seen."""
    shown = "".join(sign if sign.isprintable() else " " for sign in kept(name))
    return shown if shown.strip() else default
