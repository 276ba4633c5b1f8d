"""Note types of a deck's own, with all that Anki keeps of them: those of decks that came from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from mkdeck.diagnostics import clipped
from mkdeck.model.ground import AnkiId, Model, Several, Words, misplaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.source import Place

Stock = Literal[
    "basic", "basic-and-reversed", "basic-optional-reversed", "basic-typing", "cloze", "image-occlusion"
]
"""The note types that Anki itself comes with."""

_FONT, _FIELD_SIZE = "Arial", 20
"""Those of a field in Anki's editor, unless it says otherwise."""
_BY_ID = "What Anki knows it by when its name changes."


class OwnField(Model):
    """A field of a note type, and how Anki's editor shows it."""

    name: Words = Field(description="Its name, which stands in templates between `{{` and `}}`.")
    id: AnkiId | None = Field(None, description=_BY_ID)
    description: str = Field("", description="Shown in Anki's editor while the field is empty.")
    font: str = Field(_FONT, description="Its font in Anki's editor.")
    size: int = Field(_FIELD_SIZE, ge=0, le=65_535, description="The size of that font, in pixels.")
    rtl: bool = Field(default=False, description="Whether it is written from right to left in Anki's editor.")
    sticky: bool = Field(default=False, description="Whether Anki's editor keeps it for the next note.")
    plain_text: bool = Field(default=False, description="Whether Anki's editor shows it as HTML.")
    collapsed: bool = Field(default=False, description="Whether Anki's editor folds it up.")
    exclude_from_search: bool = Field(
        default=False, description="Whether Anki looks into it only if a search names it."
    )
    tag: int | None = Field(None, ge=0, le=(1 << 32) - 1, description="What Anki's own note types know it by.")
    prevent_deletion: bool = Field(default=False, description="Whether Anki keeps it from being deleted.")

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


class OwnTemplate(Model):
    """A card template of a note type, in Anki's template language."""

    name: Words = Field(description="Its name in Anki.")
    front: str = Field(description="The HTML of its front.")
    back: str = Field("", description="The HTML of its back.")
    id: AnkiId | None = Field(None, description=_BY_ID)
    browser_front: str = Field("", description="What Anki's browser shows instead of the front.")
    browser_back: str = Field("", description="What Anki's browser shows instead of the back.")
    browser_font: str = Field("", description="The font in Anki's browser.")
    browser_size: int = Field(0, ge=0, le=65_535, description="The size of that font, in pixels.")


class OwnNoteType(Model):
    """A note type that comes with the deck, under its name in `note_types:`."""

    id: AnkiId = Field(description="What Anki knows it by; never change it once the deck is shared.")
    fields: Several[OwnField] = Field(min_length=1, description="Its fields, in order.")
    templates: Several[OwnTemplate] = Field(min_length=1, description="Its card templates, in order.")
    css: str = Field("", description="The style sheet of its cards.")
    cloze: bool = Field(default=False, description="Whether it makes a card for each cloze.")
    stock: Stock | None = Field(None, description="The note type of Anki's own that it began as.")
    sort_field: Words | None = Field(None, description="The field that Anki sorts by; by default the first.")
    latex_pre: str | None = Field(None, description="The head of its LaTeX documents; by default Anki's.")
    latex_post: str | None = Field(None, description="The foot of its LaTeX documents; by default Anki's.")
    latex_svg: bool = Field(default=False, description="Whether its LaTeX becomes SVG.")

    @model_validator(mode="after")
    def _sound(self) -> OwnNoteType:
        misplaced(self._wrong())
        return self

    def _wrong(self) -> Iterator[tuple[Place, str, str]]:
        for parts, what in ((self.fields, "field"), (self.templates, "template")):
            taken: dict[str, str] = {}
            for number, name in enumerate(part.name for part in parts):
                if other := taken.get(name.casefold()):
                    same = "" if other == name else "; capitals make no difference to Anki"
                    message = f"another {what} is called `{clipped(other)}`, too{same}"
                    yield (f"{what}s", number, "name"), message, "give one of them another name"
                taken.setdefault(name.casefold(), name)
        if self.sort_field is not None and self.sort_field not in self.names:
            from difflib import get_close_matches  # noqa: PLC0415 - few names are wrong

            near = get_close_matches(self.sort_field, self.names, 1)
            mend = (
                f"did you mean `{near[0]}`?"
                if near
                else f"its fields are {', '.join(f'`{name}`' for name in self.names)}"
            )
            yield ("sort_field",), f"there is no field `{clipped(self.sort_field)}` to sort by", mend

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(field.name for field in self.fields)
