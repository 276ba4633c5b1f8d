"""Cards as Anki draws them: its template language, equal to the official backend byte for byte.

What the two differ in is what Anki says in the learner's own language in place of a card, or on it: here it
is a `Problem`, or left out. Nothing is raised, whatever stands in templates and fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from mkdeck.markup import ordinals as cloze_ordinals
from mkdeck.markup.escape import clean
from mkdeck.note_types import NOTE_TYPES
from mkdeck.render import clozes
from mkdeck.render.filters import View
from mkdeck.render.grammar import FRONT, Condition, Field, Template, is_needed, parse
from mkdeck.render.latex import pictured
from mkdeck.render.sounds import placed
from mkdeck.render.texts import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from mkdeck.note_types import NoteType
    from mkdeck.notes import Note

Rule = Literal["no-such-field", "not-closed", "not-open", "wrong-close", "blank-front", "no-cloze", "too-long"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a card cannot be drawn."""

    rule: Rule
    side: Literal["front", "back"]
    tag: str = ""
    """The tag of the template that is wrong, or is missing."""
    wanted: str = ""
    """What should stand there: a tag, or a cloze number."""

    def __str__(self) -> str:
        """Say it in a sentence."""
        return {
            "no-such-field": f"the {self.side} has {self.tag}, and the note type has no such field",
            "not-closed": f"the {self.side} ends without {self.tag}",
            "not-open": f"the {self.side} has {self.tag}, and nothing is open",
            "wrong-close": f"the {self.side} has {self.tag} where {self.wanted} should be",
            "blank-front": "no field that the front shows is filled",
            "no-cloze": f"no field has a cloze of number {self.wanted}",
            "too-long": f"the clozes of the {self.side} nest so that their answers are too long to draw",
        }[self.rule]


@dataclass(frozen=True, slots=True)
class Face:
    """A card: the HTML of its two sides, without the style sheet.

    With a problem, there is as much of it as Anki draws all the same: of a front without its field or its
    cloze, the rest of the front; of other cards, nothing.
    """

    question: str
    answer: str
    problem: Problem | None = None


def cards(note: Note, *, deck: str = "", note_type: NoteType | None = None) -> Iterator[Face]:
    """Draw the cards of a note of mkdeck, in the order of its ordinals.

    `note_type` is a deck's own copy of the note type, if it has one: it has another name.
    """
    note_type = note_type or NOTE_TYPES[note.note_type]
    fields = note.all_fields
    for ordinal in note.ordinals:
        yield card(note_type, fields, ordinal, tags=note.tags, deck=deck)


def card(
    note_type: NoteType, fields: Mapping[str, str], ordinal: int, *, tags: Sequence[str] = (), deck: str = ""
) -> Face:
    """Draw one card by the templates of its note type; see `render`."""
    front, back = note_type.templates[0 if note_type.is_cloze else ordinal].sides
    return render(note_type, front, back, fields, ordinal, tags=tags, deck=deck)


def ordinals_of(note_type: NoteType, fields: Mapping[str, str]) -> tuple[int, ...]:
    """Give the ordinals of the cards that Anki makes of a note; it makes none of a front that shows no field."""
    if note_type.is_cloze:
        return tuple(cloze_ordinals(tuple(fields.values())))
    filled = frozenset(name for name, value in fields.items() if not is_blank(value))
    return _made(tuple(each.sides[0] for each in note_type.templates), filled)


@lru_cache(maxsize=1024)  # notes of a note type have nearly all the same fields filled
def _made(fronts: tuple[str, ...], filled: frozenset[str]) -> tuple[int, ...]:
    sides = map(parse, fronts)
    return tuple(
        ordinal
        for ordinal, side in enumerate(sides)
        if not side.fault and any(isinstance(step, Field) and step.name in filled for step in _shown(side, filled))
    )


def render(
    note_type: NoteType,
    front: str,
    back: str,
    fields: Mapping[str, str],
    ordinal: int,
    *,
    tags: Sequence[str] = (),
    deck: str = "",
) -> Face:
    """Draw one card by the texts of its two templates, as Anki does once the note has been imported.

    Fields that are not in `fields` are empty; `tags` and `deck` are as Anki has them. The card has no flag,
    and 0 for the id that it would get in a collection.
    """
    values = _values(note_type, fields, ordinal, tags, deck)
    filled = {name for name, value in values.items() if not is_blank(value)}
    number = ordinal + 1
    sides = parse(front), parse(back)
    if problem := _fault(sides[0], "front", values.keys()):
        return Face("", "", problem)
    try:
        question = placed(_draw(sides[0], values, filled, View(number, is_question=True), ""), "q")
    except clozes.TooLongError:
        return Face("", "", Problem("too-long", "front"))
    if problem := _emptiness(note_type, sides[0], values, filled, number):
        return Face(pictured(question), "", problem)
    if problem := _fault(sides[1], "back", values.keys()):
        return Face("", "", problem)
    answer = placed(_draw(sides[1], values, filled, View(number, is_question=False), question), "a")
    return Face(pictured(question), pictured(answer))


def known_names(note_type: NoteType, ordinal: int) -> AbstractSet[str]:
    """Give the names that the templates of a card may have between `{{` and `}}`, but `FrontSide`."""
    return _values(note_type, {}, ordinal, (), "").keys()


def _values(
    note_type: NoteType, fields: Mapping[str, str], ordinal: int, tags: Sequence[str], deck: str
) -> dict[str, str]:
    """Give the value of each field, and of those that every note type has unless its own have the names."""
    return {
        "Tags": " ".join(tags),
        "Type": note_type.name,
        "Deck": deck,
        "Subdeck": deck.rpartition("::")[2],
        "Card": note_type.templates[0 if note_type.is_cloze else ordinal].name,
        "CardFlag": "flag0",
        "CardID": "0",
        f"c{ordinal + 1}": "1",
        **{name: clean(fields.get(name, "")) for name, _ in note_type.fields},
    }


def _fault(side: Template, name: Literal["front", "back"], known: AbstractSet[str]) -> Problem | None:
    """Give what makes a template useless, whatever is in the fields."""
    if side.fault:
        return Problem(side.fault.rule, name, side.fault.tag, side.fault.wanted)
    if side.needs <= known:
        return None
    for step in side.steps:
        if not isinstance(step, str) and is_needed(step) and step.name not in known:
            return Problem("no-such-field", name, step.tag)
    return None


def _emptiness(
    note_type: NoteType, front: Template, values: Mapping[str, str], filled: AbstractSet[str], number: int
) -> Problem | None:
    """Give what makes a card one that Anki calls empty: text alone does not fill a front."""
    if note_type.is_cloze:
        if any(number in clozes.numbers(value) for value in values.values()):
            return None
        return Problem("no-cloze", "front", wanted=str(number))
    if any(isinstance(step, Field) and step.name in filled for step in _shown(front, filled)):
        return None
    return Problem("blank-front", "front")


def _shown(side: Template, filled: AbstractSet[str]) -> Iterator[str | Field]:
    """Give the steps that are drawn: the conditions decided."""
    at = 0
    while at < len(side.steps):
        step = side.steps[at]
        at += 1
        if not isinstance(step, Condition):
            yield step
        elif (step.name in filled) is step.is_negated:
            at = step.end


def _draw(side: Template, values: Mapping[str, str], filled: AbstractSet[str], view: View, front: str) -> str:
    parts = []
    for step in _shown(side, filled):
        if isinstance(step, str):
            parts.append(step)
        elif step.name == FRONT:
            parts.append(front)
        else:
            text = values[step.name]
            for each in step.filters:
                text = each(text, step.name, view)
            parts.append(text)
    return "".join(parts)
