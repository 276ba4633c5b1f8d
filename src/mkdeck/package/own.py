"""Note types of a deck's own, as Anki keeps them in a package (its schema 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import genanki

from mkdeck.archive.content import STOCKS
from mkdeck.note_types import NoteType
from mkdeck.notes import own_fields
from mkdeck.render import ordinals_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdeck.model import OwnField, OwnNoteType, OwnTemplate
    from mkdeck.notes import NoteTypeName


class OwnAnkiNoteType(genanki.Model):  # type: ignore[misc]
    """A note type of a deck's own, as genanki knows them."""

    def __init__(self, name: str, data: OwnNoteType, mod: int) -> None:
        self.mod = mod
        self._data = data
        super().__init__(
            data.id,
            name,
            fields=[_field(each) for each in data.fields],
            templates=[_template(each) for each in data.templates],
            css=data.css,
            model_type=genanki.Model.CLOZE if data.cloze else genanki.Model.FRONT_BACK,
            latex_pre=genanki.Model.DEFAULT_LATEX_PRE if data.latex_pre is None else data.latex_pre,
            latex_post=genanki.Model.DEFAULT_LATEX_POST if data.latex_post is None else data.latex_post,
            sort_field_index=data.names.index(data.sort_field) if data.sort_field else 0,
        )
        self._req = _needs(NoteType.own(name, data))

    def texts(self, shape: NoteTypeName, fields: Mapping[str, str]) -> list[str]:
        """Give the fields of a note in the order of the note type, whichever names they have."""
        own = own_fields(shape, self._data.names, fields)
        return [own.get(name, "") for name in self._data.names]

    def to_json(self, _timestamp: float, deck_id: int) -> dict[str, Any]:
        """Give the note type as Anki keeps it; its `mod` moves only when it changes."""
        more: dict[str, Any] = {"mod": self.mod, "latexsvg": self._data.latex_svg}
        if self._data.stock:
            more["originalStockKind"] = STOCKS.index(self._data.stock)
        return {**super().to_json(self.mod, deck_id), **more}


def _field(field: OwnField) -> dict[str, Any]:
    return {
        "name": field.name, "font": field.font, "size": field.size, "rtl": field.rtl, "sticky": field.sticky,
        "description": field.description, "plainText": field.plain_text, "collapsed": field.collapsed,
        "excludeFromSearch": field.exclude_from_search, "preventDeletion": field.prevent_deletion,
        "id": field.id, "tag": field.tag,
    }  # fmt: skip


def _template(template: OwnTemplate) -> dict[str, Any]:
    return {
        "name": template.name, "qfmt": template.front, "afmt": template.back, "id": template.id,
        "bqfmt": template.browser_front, "bafmt": template.browser_back, "bfont": template.browser_font,
        "bsize": template.browser_size,
    }  # fmt: skip


def _needs(note_type: NoteType) -> list[list[Any]]:
    """Tell which fields must be filled for each card: any of some, or all of some."""
    names = [name for name, _ in note_type.fields]
    if note_type.is_cloze:
        return [[0, "any", [0]]]
    full = dict.fromkeys(names, "x")
    alone = [ordinals_of(note_type, {name: "x"}) for name in names]
    without = [ordinals_of(note_type, {**full, name: ""}) for name in names]
    needs: list[list[Any]] = []
    for ordinal in range(len(note_type.templates)):
        if some := [place for place, made in enumerate(alone) if ordinal in made]:
            needs.append([ordinal, "any", some])
        elif ordinal in ordinals_of(note_type, full):
            needs.append([ordinal, "all", [place for place, made in enumerate(without) if ordinal not in made]])
        else:
            needs.append([ordinal, "none", []])
    return needs
