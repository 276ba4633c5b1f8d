"""Decks from elsewhere: study notes, Markdown outlines and tables -> the YAML of a deck, and a report.

To add a kind of file: a name in `Kind`, a way to know it in `kind_of`, and its reader in `import_file`.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdeck.importers.report import Remark, told
from mkdeck.importers.stages import CHECKING, WHOLE, WRITING, silent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mkdeck.archive import Archive
    from mkdeck.importers.sketch import Sketch
    from mkdeck.importers.stages import Progress
    from mkdeck.importers.table import TableCard
    from mkdeck.source import Place

Kind = Literal["notes", "markdown", "csv", "tsv", "anki-text", "package"]
"""What a file may be taken for."""

_MARKDOWN = re.compile(r"^(?:#{1,6} \S|```)|\*\*[^\s*][^*\n]*\*\*|\]\(\w+:", re.MULTILINE)
_SAMPLE = 200_000
OFFICE = frozenset([".docx", ".odt", ".pages", ".xlsx", ".ods", ".numbers", ".pptx", ".odp", ".key", ".epub"])
"""The endings of files of programs for offices, which are zip archives."""
MOST_REASONS = 1000
"""Reasons of a deck; each is asked for among all others."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A deck that was imported."""

    yaml: str
    report: tuple[str, ...]
    """Lines that tell what became what, and what was left out and why."""
    kind: Kind
    cards: tuple[TableCard, ...] = ()
    """The rows of a table, in the order of the deck's cards, with the guids that the YAML does not hold."""
    lock: bytes = b""
    """The file that belongs beside the deck, so that its notes are those that learners have."""
    archive: Archive | None = None
    """The package, whose media belong into a folder beside the deck."""
    media: tuple[str, ...] = ()
    """The pictures and recordings that the deck needs beside it; now they lie beside the file."""


def import_file(
    path: Path,
    *,
    kind: Kind | None = None,
    columns: Sequence[str] | None = None,
    lang: str | None = None,
    out: Path | None = None,
    progress: Progress = silent,
) -> Imported:
    """Read notes, an outline, a table or a package; what it is, is found from what it holds, unless `kind` says it.

    `columns` says what the columns of a table hold, such as front, back, tags (see `columns.Role`). `lang` is the
    language of the deck; without, it is guessed. Pictures and recordings are looked for beside the file. `out` is
    where the deck will be (default: beside the file), which names the folder for the media of a package and the
    file in the comments. `progress(stage, done, whole)` is told now and then how far the work is.
    Raises DeckError for a file that cannot be read or holds nothing to learn, and for columns of what has none.
    """
    from mkdeck.importers.reading import read_text  # noqa: PLC0415 - a command that imports nothing loads nothing
    from mkdeck.importers.refusals import require_foreign, require_language, require_no_columns  # noqa: PLC0415

    require_language(lang)
    if kind == "package" or (kind is None and _is_package(path)):
        require_no_columns(path, columns, "package")
        return _from_package(path, out, lang, progress)
    text, remarks = read_text(path)
    if kind is None:
        require_foreign(path, text)
    kind = kind or kind_of(text, path.suffix, has_columns=columns is not None)
    task = _Task(path, kind, lang, out, progress, has_columns=columns is not None)
    if kind in {"notes", "markdown"}:
        require_no_columns(path, columns, kind)
        return _from_notes(task, text, remarks)
    return _from_table(task, text, remarks, columns)


def kind_of(text: str, suffix: str = "", *, has_columns: bool = False) -> Kind:
    """Tell what a text is; the ending of its file's name decides only where the text leaves it open."""
    from mkdeck.importers.columns import has_head, is_header  # noqa: PLC0415 - see above
    from mkdeck.importers.delimited import DELIMITERS, is_table, rows_of  # noqa: PLC0415

    if has_head(text):
        return "anki-text"
    first = text.split("\n", 1)[0]
    is_headed = any(is_header(row) for sign in DELIMITERS for row in rows_of(first, sign))
    named_so = suffix.lower() in {".csv", ".tsv"}
    if has_columns or is_headed or is_table(text, is_named_so=named_so):
        return "csv"
    if suffix.lower() in {".md", ".markdown"} or _MARKDOWN.search(text[:_SAMPLE]):
        return "markdown"
    return "notes"


@dataclass(frozen=True, slots=True)
class _Task:
    """What is asked of an import of a text."""

    path: Path
    kind: Kind
    lang: str | None
    out: Path | None
    progress: Progress
    has_columns: bool = False

    @property
    def mend(self) -> str:
        """What to do if there is nothing in the file, read as it was."""
        if self.has_columns:
            return "it was read as a table because of `--columns`; if it is none, leave that out"
        return f"it was read as {self.kind}; if it is something else, say what with `--from`"


def _from_notes(task: _Task, text: str, remarks: list[Remark]) -> Imported:
    from mkdeck.importers.aside import without_comments, without_front_matter  # noqa: PLC0415 - see above
    from mkdeck.importers.notes import read_notes  # noqa: PLC0415
    from mkdeck.importers.written import Writer  # noqa: PLC0415

    title, is_markdown = "", task.kind == "markdown"
    if is_markdown:
        title, text = without_front_matter(text, remarks)
        text = without_comments(text, remarks)
    writer = Writer(task.path.parent, is_markdown=is_markdown)
    made = read_notes(text, title or _title_of(task.path), writer, lang=task.lang)
    return _finished(task, made, remarks)


def _from_table(task: _Task, text: str, remarks: list[Remark], columns: Sequence[str] | None) -> Imported:
    from mkdeck.importers.cards import sketch_of  # noqa: PLC0415 - see above
    from mkdeck.importers.table import read_table  # noqa: PLC0415

    delimiter = "\t" if task.kind == "tsv" else ""
    table = read_table(text, task.path.parent, delimiter=delimiter, columns=columns, progress=task.progress)
    guids = [card.guid for card in table.cards]
    sketch = sketch_of(table, _title_of(task.path), task.lang)
    made = _finished(task, sketch, remarks, guids if any(guids) else ())
    return replace(made, cards=table.cards)


def _is_package(path: Path) -> bool:
    """Tell whether a file is a zip, or is named like a package; what cannot be opened is told elsewhere."""
    suffix = path.suffix.lower()
    if suffix in {".apkg", ".colpkg"}:
        return True
    if suffix in OFFICE:
        return False  # a zip, too
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\3\4"
    except OSError:
        return False


def _from_package(path: Path, out: Path | None, lang: str | None, progress: Progress) -> Imported:
    from mkdeck.diagnostics import printable  # noqa: PLC0415 - see above
    from mkdeck.importers.packages import read_deck  # noqa: PLC0415
    from mkdeck.importers.writing import media_folder  # noqa: PLC0415
    from mkdeck.lock import write_lock  # noqa: PLC0415

    out = out or Path(path.with_suffix(".yaml").name)
    made = read_deck(path, media_folder(out), lang=lang, head=tuple(_next({}, {}, out)), progress=progress)
    report = map(printable, (f"{path.name}, read as package: {made.counted}", *told(made.remarks)))
    return Imported(made.yaml, tuple(report), "package", lock=write_lock(made.lock), archive=made.archive)


def _title_of(path: Path) -> str:
    """Make a title of the name of a file."""
    from mkdeck.diagnostics import printable  # noqa: PLC0415 - see above

    words = re.sub(r"[_\s]+|(?<=\w)-(?=\w)", " ", printable(path.stem)).strip()
    return words[:1].upper() + words[1:] if words else "Imported"


def _finished(task: _Task, made: Sketch, remarks: list[Remark], guids: Sequence[str] = ()) -> Imported:
    """Check a deck, write it, and read it back."""
    from mkdeck.deck import Deck, from_source  # noqa: PLC0415 - see above
    from mkdeck.diagnostics import DeckError, Diagnostic, Span, printable  # noqa: PLC0415
    from mkdeck.importers.proof import made_sound  # noqa: PLC0415
    from mkdeck.importers.yaml_text import yaml_text  # noqa: PLC0415
    from mkdeck.source import parse  # noqa: PLC0415

    def wrong(message: str, mend: str = "") -> DeckError:
        return DeckError([Diagnostic("file", message, Span(str(path)), mend)])

    path, data = task.path, made.data
    if not any(data.get(key) for key in ("reasons", "terms", "cards")):
        raise wrong("there is nothing to learn in this file", task.mend)
    if (count := len(data.get("reasons", ()))) > MOST_REASONS:
        message = f"this file has {count:,} groups; a deck can have {MOST_REASONS:,} reasons"
        raise wrong(message, "make several files of it")
    task.progress("checking", CHECKING, WHOLE)
    try:
        proof = made_sound(data, path.parent, guids)
    except DeckError as error:
        if any(each.rule == "empty-deck" for each in error.diagnostics):
            raise wrong("there is nothing to learn in this file", task.mend) from None
        raise
    if proof.dropped:
        bad = ", ".join(proof.dropped)
        made.remarks.append(Remark(0, f"no key facts after all, for they make bad cards: {bad}"))
    task.progress("writing", WRITING, WHOLE)
    comments = made.comments | proof.comments
    counted, name = _counts(data), printable(path.name)
    head = [f"Imported by mkdeck from {name}: {counted}.", *_next(data, comments, task.out)]
    text = yaml_text(data, head=head, comments=comments)
    source = parse(text, str(path))
    # What is read back as it was written needs no second deck to be compared.
    if (source.problems or source.data != data) and from_source(source) != Deck(**data):
        raise wrong("this file cannot be written as a deck")
    report = map(printable, told([*remarks, *made.remarks]))
    return Imported(
        text, (f"{name}, read as {task.kind}: {counted}", *report), task.kind, lock=proof.lock, media=proof.media
    )


def _next(data: dict[str, Any], comments: Mapping[Place, str], out: Path | None) -> list[str]:
    """Say what an author does with an imported deck, in the commands for its file."""
    from mkdeck.diagnostics import printable  # noqa: PLC0415 - see above

    # Where somebody's folders lie is nothing to the others who get the deck.
    file = "NAME.yaml" if out is None else printable(shlex.quote(out.name if out.is_absolute() else str(out)))
    return [
        "",
        "What to do next:",
        f"- Read it through.{' What is marked TODO needs your words.' if comments else ''}",
        *(
            [f"- Take out the facts that are not worth a card; `mkdeck check --suggest {file}` finds others."]
            if "reasons" in data
            else []
        ),
        f"- `mkdeck check {file}` tells which cards are hard to learn.",
        f"- `mkdeck build {file}` makes the package for Anki.",
        "Never change an `id:` once you have shared the deck.",
    ]


def _counts(data: dict[str, Any]) -> str:
    """Say how much of everything a deck holds."""
    reasons = data.get("reasons", [])
    counts = {
        "reason": len(reasons),
        "point": sum(len(reason.get("points", ())) for reason in reasons),
        "chain": sum(len(reason.get("chains", ())) + ("chain" in reason) for reason in reasons),
        "key fact": sum(len(reason.get("facts", ())) for reason in reasons),
        "term": len(data.get("terms", ())),
        "card": len(data.get("cards", ())),
    }
    return ", ".join(f"{count:,} {word}{'s' * (count > 1)}" for word, count in counts.items() if count)
