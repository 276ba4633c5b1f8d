"""A field of HTML -> Markdown, where that shows the same; else the text of the field without its tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from mkdeck.importers.html_lines import MATHS, Line, Run, lines_of, look
from mkdeck.importers.plain_text import as_markdown, in_one_line
from mkdeck.markup import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mkdeck.importers.html_lines import Look

    Escape = Callable[[str], str]

_SIGNS = {"strong": "**", "em": "*", "s": "~~"}
_CLOZE = re.compile(r"\{\{c\d+::|::|\}\}")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_QUIET = re.compile(r"\s*(?!\d{1,9}[.)])[^\W_][^\\`*_\[\]<&$~|{}\n]*+")
"""A line that begins with a letter or digit, and holds nothing on which Markdown acts."""
_ONE_STYLE = frozenset([frozenset(["strong"]), frozenset(["em"])])
_AROUND = re.compile(r"\s*[^\W_](?:.*[^\W_])?\s*")
_BEHIND = r"\\\g<0>"
_FENCE = "```"


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of a field."""

    text: str
    lost: tuple[str, ...] = ()
    """What could not be kept, in words."""


def markdown_of(field_html: str, *, clozes: bool, has_picture: Callable[[str], bool]) -> Shown:
    """Turn the HTML of a field into Markdown; `has_picture` tells whether a file lies beside the deck.

    With `clozes`, Anki's clozes stay clozes if they can.
    """
    lines, lost = lines_of(field_html, has_picture)
    if all(map(_is_harmless, lines)):
        return Shown(_written(lines, _nothing, clozes=False), tuple(lost))
    unstyled = [
        replace(line, runs=[run._replace(styles=frozenset(), link="") for run in line.runs]) for line in lines
    ]
    for each, more in ((lines, []), (unstyled, ["bold, italics or links"])):
        wanted = look(each)
        for escape in (_nothing, in_one_line, _everything):
            written = _written(each, escape, clozes=clozes)
            if _rendered(written, clozes=clozes) == wanted:
                return Shown(written, (*lost, *more))
    plain = "\n".join(
        "".join(f"[{run.picture}]" if run.picture else run.text for run in line.runs).strip() for line in lines
    )
    return Shown(as_markdown(plain), (*lost, "the look of it"))


def _is_harmless(line: Line) -> bool:
    """Tell whether a line is certain to be shown as it is: no sign in it acts, and emphasis is around words.

    Reading it back, as is done for all others, takes ten times as long.
    """
    if line.item or line.is_code or not _QUIET.fullmatch("".join(run.text for run in line.runs)):
        return False
    if any(run.picture or run.link or (run.styles and not _is_around_words(run)) for run in line.runs):
        return False
    return all(
        run.styles == after.styles or not (run.styles and after.styles) for run, after in pairwise(line.runs)
    )


def _is_around_words(run: Run) -> bool:
    return run.styles in _ONE_STYLE and _AROUND.fullmatch(run.text) is not None


def _rendered(markdown: str, *, clozes: bool) -> Look | None:
    marked = mark(markdown, clozes=clozes, media=lambda name: name)
    if marked.problems or marked.pinned_twice():
        return None
    return look(lines_of(marked.clozed(marked.numbers()), lambda _: True)[0])


def _nothing(text: str) -> str:
    return text


def _everything(text: str) -> str:
    return _PUNCTUATION.sub(_BEHIND, text)


def _written(lines: Iterable[Line], escape: Escape, *, clozes: bool) -> str:
    parts: list[str] = []
    before = Line()
    for is_code, group in groupby(lines, key=lambda line: line.is_code):
        if is_code:
            code = "\n".join("".join(run.text for run in line.runs) for line in group).strip("\n")
            parts += ("\n\n", _FENCE, "\n", code, "\n", _FENCE)
            before = Line(apart=True, is_code=True)
            continue
        for line in group:
            parts += (_between(before, line), "".join(_inline(line.runs, escape, clozes=clozes)).strip())
            before = line
    return "".join(parts).strip()


def _between(before: Line, line: Line) -> str:
    """Give what stands between two lines, or before the first."""
    if line.item:
        return ("\n" if before.item or before.inside else "\n\n") + line.item
    if line.apart or before.is_code or ((before.item or before.inside) and not line.inside):
        return "\n\n" + line.inside
    return "\\\n" + line.inside if before.runs else ""


def _inline(runs: Iterable[Run], escape: Escape, *, clozes: bool) -> Iterator[str]:
    """Write runs with their signs; blanks stand outside of emphasis."""
    for (styles, link, picture), group in groupby(runs, key=lambda run: run[1:]):
        text = "".join(run.text for run in group)
        if picture:
            yield f"![{_PUNCTUATION.sub(_BEHIND, text)}]({_address(picture)})"
            continue
        inside = text.strip()
        lead = " " if text[:1] == " " else ""
        if not inside:
            yield lead
            continue
        code = "code" in styles
        written = f"`{inside}`" if code else "".join(_pieces(inside, escape, clozes=clozes))
        for style, sign in _SIGNS.items():
            written = f"{sign}{written}{sign}" if style in styles else written
        yield f"{lead}[{written}]({_address(link)})" if link else lead + written
        if text[-1:] == " ":
            yield " "


def _pieces(text: str, escape: Escape, *, clozes: bool) -> Iterator[str]:
    """Escape text, but not its maths, and with `clozes` not the signs of clozes."""
    done = 0
    for match in MATHS.finditer(text):
        yield from _around_clozes(text[done : match.start()], escape, clozes=clozes)
        yield f"${match[1].strip()}$" if match[1] is not None else f"$${match[2].strip()}$$"
        done = match.end()
    yield from _around_clozes(text[done:], escape, clozes=clozes)


def _around_clozes(text: str, escape: Escape, *, clozes: bool) -> Iterator[str]:
    done = 0
    for match in _CLOZE.finditer(text) if clozes else ():
        yield _spaced(text[done : match.start()], escape)
        yield match[0]
        done = match.end()
    yield _spaced(text[done:], escape)


def _spaced(text: str, escape: Escape) -> str:
    """Escape a text between its blanks."""
    inside = text.strip()
    start = text.find(inside)
    return text[:start] + escape(inside) + text[start + len(inside) :] if inside else text


def _address(name: str) -> str:
    """Write the name of a file or an address so that Markdown takes all of it."""
    return f"<{name}>" if re.search(r"[\s()\\]", name) and not re.search(r"[<>\n]", name) else name
