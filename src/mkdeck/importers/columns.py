"""What the columns of a table hold: told by a header, by the `#` lines of Anki's own export, or by the user."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.importers.delimited import rows_of
from mkdeck.importers.report import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mkdeck.importers.delimited import Row

Role = Literal["front", "back", "cloze", "note", "source", "tags", "guid", "deck", "notetype", "skip"]
ROLES: tuple[Role, ...] = get_args(Role)

_WORDS: dict[Role, str] = {
    "front": "front question prompt q word expression term vorderseite frage begriff recto anverso pregunta fronte "
    "domanda",
    "back": "back answer response a definition meaning translation rückseite antwort bedeutung verso réponse "
    "reverso respuesta retro risposta",
    "cloze": "cloze text lückentext",
    "note": "note notes extra comment comments remark remarks more hinweis bemerkung remarque nota",
    "source": "source sources reference quelle",
    "tags": "tags tag schlagwörter étiquettes etiquetas",
    "guid": "guid",
    "deck": "deck",
    "notetype": "notetype",
}
_NAMES: dict[str, Role] = {
    **{name: role for role, names in _WORDS.items() for name in names.split()},
    "back extra": "note",
    "note type": "notetype",
}
_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}
_COLUMN = re.compile(r"(guid|notetype|deck|tags) column", re.IGNORECASE)
_HEAD = re.compile(
    r"#(?:separator|html|tags|columns|notetype|deck|if matches|match scope|(?:guid|notetype|deck|tags) column):",
    re.IGNORECASE,
)


_LONGEST_HEAD = 4096
_COLUMNS = Span(place="--columns")


class Column(NamedTuple):
    """What a column holds, and what it is called; nothing if it has no name."""

    role: Role
    name: str = ""


@dataclass(slots=True)
class Head:
    """What the lines at the top of Anki's text export say."""

    lines: int = 0
    delimiter: str = ""
    is_html: bool | None = None
    tags: tuple[str, ...] = ()
    deck: str = ""
    note_type: str = ""
    names: tuple[str, ...] = ()
    columns: dict[int, Role] = field(default_factory=dict)
    """Number of a column, from 0 -> what it holds."""
    remarks: list[Remark] = field(default_factory=list)


def has_head(text: str) -> bool:
    """Tell whether a text begins as Anki's text export does."""
    lines = takewhile(lambda line: line.startswith("#"), text[:_LONGEST_HEAD].split("\n"))
    return any(map(_HEAD.match, lines))


def read_head(text: str) -> Head:
    """Read the lines that begin with `#` at the top of a text."""
    head = Head()
    names = ""
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        head.lines += 1
        key, _, value = line[1:].partition(":")
        key = key.strip().lower()
        if key == "columns":
            names = value
        elif not _take(head, key, value.strip() or value):
            head.remarks.append(Remark(head.lines, f"left out, a line for Anki: {line}"))
    if names:
        row = next(rows_of(names, head.delimiter or "\t"), None)
        head.names = tuple(name.strip() for name in row.cells) if row else ()
    return head


def _take(head: Head, key: str, value: str) -> bool:
    """Take in one line of the head; tell whether it says something to mkdeck."""
    if key == "separator":
        # Where a spreadsheet saved the file again, signs between cells stand behind the value.
        word = re.match(r"[A-Za-z]*", value)
        name = word[0].lower() if word else ""
        head.delimiter = _SEPARATORS.get(name, "" if name else value[:1])
        return bool(head.delimiter)
    if key == "html":
        head.is_html = value.lower().startswith("true")
    elif key == "tags":
        head.tags = tuple(value.split())
    elif key == "deck":
        head.deck = value
    elif key == "notetype":
        head.note_type = value
    elif (column := _COLUMN.fullmatch(key)) and (number := re.match(r"\d{1,4}", value)) and int(number[0]):
        roles: Mapping[str, Role] = {"guid": "guid", "notetype": "notetype", "deck": "deck", "tags": "tags"}
        head.columns[int(number[0]) - 1] = roles[column[1]]
    else:
        return False
    return True


def columns_of(names: Sequence[str], known: Mapping[int, Role]) -> list[Column]:
    """Give what columns hold, by their names and what is known of them.

    What has no known name is the front, the back, or more for the note, in this order.
    """
    roles: dict[int, Role] = dict(known)
    for number, name in enumerate(names):
        role = _NAMES.get(name.strip().lower())
        if role and number not in roles:
            roles[number] = role
    taken = set(roles.values())
    wanted: list[Role] = [] if "front" in taken or "cloze" in taken else ["front"]
    wanted += [] if "back" in taken else ["back"]
    return [
        Column(roles[number], name) if number in roles else Column(wanted.pop(0) if wanted else "note", name)
        for number, name in enumerate(names)
    ]


def is_header(row: Row) -> bool:
    """Tell whether a row names columns: known names, what is asked among them."""
    roles = [_NAMES.get(cell.strip().lower()) for cell in row.cells]
    known = [role for role in roles if role]
    asks = {"front", "back", "cloze"} & set(known)
    return bool(asks) and len(known) > 1 and 2 * len(known) >= len(roles) and len(set(known)) > 1


def chosen(columns: Iterable[str]) -> list[Column]:
    """Read the columns that the user names: `front,back,tags`, or in the words that a header may have.

    Raises DeckError for what is none.
    """
    found = []
    for name in columns:
        word = name.strip().lower()
        role: Role | None = "skip" if word in {"", "skip"} else _NAMES.get(word)
        if role is None:
            near = "".join(f"did you mean `{each}`? " for each in difflib.get_close_matches(word, ROLES, 1))
            mend = f"{near}known are {', '.join(ROLES)}"
            raise DeckError([Diagnostic("value", f"`{name}` is no column", _COLUMNS, mend)])
        found.append(Column(role))
    if not {"front", "cloze"} & {column.role for column in found}:
        message = "no column holds what is asked"
        raise DeckError([Diagnostic("value", message, _COLUMNS, "name one of them `front` or `cloze`")])
    return found
