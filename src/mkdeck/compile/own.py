"""plain, too: cards of the deck's own note types, and cards that go to another deck in Anki."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mkdeck.archive.texts import media_names, shown
from mkdeck.compile.context import Kept
from mkdeck.compile.templates import makes_no_card
from mkdeck.diagnostics import Diagnostic, Severity
from mkdeck.markup import clean
from mkdeck.media import MediaError
from mkdeck.model import Text
from mkdeck.note_types import NOTE_TYPES
from mkdeck.notes import FIELD_ORDER, own_fields
from mkdeck.render import ordinals_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mkdeck.compile.context import Context
    from mkdeck.model import Card
    from mkdeck.note_types import NoteType
    from mkdeck.notes import Draft, NoteTypeName
    from mkdeck.source import Place

_CLOZES_OF_FIELDS = (
    "write `cloze:` in place of `fields:`, or beside them `html: true`, with clozes as `{{c1::answer}}`"
)
_FIRST_CARD = (0,)
_ONE_COLON = re.compile(r"(?<=[^\s:]):(?=[^\s:])")
_ANOTHER_ID = "write another number, such as the time in milliseconds"


def check_types(context: Context, drafts: Sequence[Draft]) -> None:
    """Report note types that Anki would take for one another: it would refuse the package, or mix their notes."""
    of_mkdeck = {NOTE_TYPES[draft.note_type].id for draft in drafts if not draft.type}
    taken: dict[int, str] = {}
    for name, each in context.deck.note_types.items():
        place: Place = ("note_types", name, "id")
        if not each.id:
            context.report("value", "0 is the id of no note type: Anki refuses it", place, _ANOTHER_ID)
        elif each.id in taken:
            context.report("value", f"the note type `{taken[each.id]}` has this id, too", place, _ANOTHER_ID)
        elif each.id in of_mkdeck and not context.deck.has_own_look:
            mend = f"give the cards without one a `type`, such as `{name}`"
            context.report(
                "value", "this is the id of a note type of mkdeck's, which other cards have", place, mend
            )
        taken.setdefault(each.id, name)


def check_decks(context: Context) -> None:
    """Warn of a deck in Anki whose name has one colon for two: it would not be inside the deck."""
    inside, told = f"{context.deck.deck}::", set()
    for number, card in enumerate(context.deck.cards):
        for place, name in _decks(card):
            meant = _ONE_COLON.sub("::", name)
            if name not in told and meant.startswith(inside) and not name.startswith(inside):
                told.add(name)
                message = f"the deck `{name}` is not inside `{context.deck.deck}`: two colons part their names"
                _warn(context, "value", message, ("cards", number, *place), f"write `{meant}`")


def _decks(card: Card) -> Iterator[tuple[Place, str]]:
    if card.deck is not None:
        yield ("deck",), card.deck
    for number, name in (card.decks or {}).items():
        yield ("decks", number), name


def kept(
    context: Context, card: Card, shape: NoteTypeName, fields: Mapping[str, str], place: Place
) -> tuple[str, Kept]:
    """Give a card's home and what it keeps, and check that its note type has room for its `fields`.

    A note that changes its note type is another one to Anki, so it has another home.
    """
    keeps = Kept(card.type or "", card.deck or "")
    note_type = _note_type(context, card.type, place) if card.type is not None else None
    if note_type is None:
        return f"cards/{shape}", keeps
    room = len(note_type.fields)
    for name in FIELD_ORDER[shape][room:]:
        if fields.get(name):
            key = "note" if name == "Extra" else name.lower()
            message = f"the note type `{card.type}` has no field for `{key}`: it has {room}"
            context.report("value", message, (*place, key), "take it out, or write `fields`", key=True)
    if note_type.is_cloze is not (shape == "cloze"):
        wanted = "`front` and `back`" if shape == "cloze" else "`cloze`"
        message = f"the note type `{card.type}` takes {wanted}"
        context.report("value", message, (*place, "type"), f"write {wanted} in their place, or `fields`")
    return f"cards/{note_type.id}", keeps


def prompt_cards(
    context: Context, card: Card, keeps: Kept, fields: Mapping[str, str], place: Place
) -> tuple[tuple[int, ...], Kept]:
    """Give the ordinals of the cards of a front and a back, and what they keep."""
    made: tuple[int, ...] = _FIRST_CARD
    if card.type in context.types:
        note_type = context.types[card.type]
        made = ordinals_of(note_type, own_fields("prompt", _names(note_type), fields))
        if not made and not note_type.is_cloze:  # what is wrong with that is told by `kept`
            _warn_of_no_card(context, card, note_type, place)
    return _chosen(context, card, keeps, made or _FIRST_CARD, place)


def notes(context: Context, card: Card, place: Place) -> Iterable[Draft]:
    """Make a note of a card that gives each field of its note type."""
    note_type = _note_type(context, card.type or "", place)
    if note_type is None:
        return
    fields, told = {}, len(context.problems)
    for name, text in (card.fields or {}).items():
        if name not in _names(note_type):
            near = difflib.get_close_matches(name, _names(note_type), 1)
            all_names = ", ".join(f"`{each}`" for each in _names(note_type))
            mend = f"did you mean `{near[0]}`?" if near else f"its fields are {all_names}"
            message = f"the note type `{card.type}` has no field `{name}`"
            context.report("unknown-key", message, (*place, "fields", name), mend, key=True)
        elif text.strip():
            at = (*place, "fields", name)
            fields[name] = _taken(context, text, at) if card.html else _marked(context, note_type, text, at)
    made = ordinals_of(note_type, fields)
    if not made and len(context.problems) == told:
        _warn_of_no_card(context, card, note_type, place)
    ordinals, keeps = _chosen(context, card, Kept(card.type or "", card.deck or ""), made or _FIRST_CARD, place)
    # A line for each field, with the clozes as they are written: the lock can tell all of them again.
    text = "\n".join(shown(fields.get(each, "")) for each in _names(note_type)).rstrip("\n")
    yield context.draft(
        "plain", f"cards/{note_type.id}", card.id, text, "own", place, fields, card.tags, cards=ordinals, kept=keeps
    )


def _note_type(context: Context, name: str, place: Place) -> NoteType | None:
    note_type = context.types.get(name)
    if note_type is None:
        near = difflib.get_close_matches(name, context.types, 1)
        there = f"take one of those there ({', '.join(context.types)}), or " if context.types else ""
        mend = f"did you mean `{near[0]}`?" if near else f"{there}write it under `note_types:`, or take `type:` out"
        context.report("value", f"there is no note type `{name}`", (*place, "type"), mend)
    return note_type


def _names(note_type: NoteType) -> tuple[str, ...]:
    return tuple(name for name, _ in note_type.fields)


def _marked(context: Context, note_type: NoteType, text: str, place: Place) -> str:
    """Render a field in Markdown, in which no cloze can stand: a note type for clozes has them otherwise."""
    told = len(context.problems)
    html = context.mark(Text(text=text), place).html
    if note_type.is_cloze:
        found = context.problems[told:]
        context.problems[told:] = [
            replace(each, mend=_CLOZES_OF_FIELDS) if each.rule == "cloze-syntax" else each for each in found
        ]
    return html


def _taken(context: Context, html: str, place: Place) -> str:
    """Take the HTML of a field as it is, with the files that it names."""
    html = clean(html)
    for name in sorted(media_names(html)):
        try:
            if context.media.store(name, None) != name:
                message = f"`{name}` will have another name in Anki, and HTML stays as it is"
                _warn(
                    context,
                    "media",
                    message,
                    place,
                    "write `media: .`, the folder of the files that HTML names",
                    name,
                )
        except MediaError as error:
            _warn(context, "media", str(error), place, "put it there, or take it out of the HTML", name)
    return html


def _warn_of_no_card(context: Context, card: Card, note_type: NoteType, place: Place) -> None:
    """Tell that Anki calls the card of a note empty, unless it is its templates that are empty, which is told."""
    if all(makes_no_card(note_type, number) for number in range(len(note_type.templates))):
        return
    what, mend = "no front shows a field that is filled", "fill one that a front shows"
    if note_type.is_cloze:
        what, mend = "no field has a cloze", "write what is asked for as `{{c1::answer}}`"
        mend = mend if card.html else _CLOZES_OF_FIELDS
    _warn(context, "value", f"this note has an empty card: {what}", place, f"{mend}, or take the note out")


def _chosen(
    context: Context, card: Card, keeps: Kept, made: tuple[int, ...], place: Place
) -> tuple[tuple[int, ...], Kept]:
    """Give the ordinals of those cards that a note has, and their decks."""
    if not card.decks:
        return made, keeps
    decks = {int(number) - 1: deck for number, deck in card.decks.items()}
    for ordinal in sorted(decks.keys() - set(made)):
        _tell_of_no_card(context, context.types.get(card.type or ""), ordinal, made, (*place, "decks"))
    decks = {ordinal: deck for ordinal, deck in sorted(decks.items()) if ordinal in made}
    return tuple(decks) or made, keeps._replace(decks=decks)


def _tell_of_no_card(
    context: Context, note_type: NoteType | None, ordinal: int, made: Iterable[int], place: Place
) -> None:
    """Tell of a deck for a card that a note has not: it may have had it, or there is no such template."""
    message, place = f"this note has no card {ordinal + 1}", (*place, str(ordinal + 1))
    mend = f"its cards are {', '.join(str(each + 1) for each in made)}"
    if note_type is None or not (note_type.is_cloze or ordinal < len(note_type.templates)):
        context.report("value", message, place, mend, key=True)
    elif not makes_no_card(note_type, ordinal):
        # Anki keeps the cards of a note whose fields were emptied since, so a package may hold such a card.
        what = "write a cloze of that number" if note_type.is_cloze else "fill a field of its front"
        span = context.deck.span(place, key=True)
        mend = f"{what}, or take this out; {mend}"
        context.problems.append(Diagnostic("value", message, span, mend, Severity.WARNING))


def _warn(context: Context, rule: str, message: str, place: Place, mend: str, part: str = "") -> None:
    span = context.deck.span(place, part=part)
    context.problems.append(Diagnostic(rule, message, span, mend, Severity.WARNING))
