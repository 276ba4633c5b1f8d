"""A field of HTML -> Markdown, where that shows the same; else the text of the field without its tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from mkdeck.importers.html_lines import MATHS, Line, Run, lines_of, look
from mkdeck.importers.plain_text import as_markdown, in_one_line
from mkdeck.markup import SIMPLE_CLOZE, mark, without_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mkdeck.importers.html_lines import Look
    from mkdeck.markup import Marked

    Escape = Callable[[str], str]

_SIGNS = {"strong": "**", "em": "*", "s": "~~"}
_CLOZE = re.compile(r"\{\{c\d+::|::|\}\}")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_QUIET_SIGN = r"[^\\`*_\[\]<&$~|{}\n]|&(?![#\w])|<(?= )"
"""What Markdown never acts on, but for what may stand at the start of a line."""
_QUIET = re.compile(rf"(?:{_QUIET_SIGN})*+")
_APART = "\n"
"""Stands for a picture or words with a look where the words between them are examined."""
_START = r"[^\S\n]*(?!\d{1,9}[.)])"
_QUIET_LINE = re.compile(rf"(?={_START}(?:[^\W_]|{_APART}))(?:{_QUIET_SIGN}|{_APART})*+")
"""A line that begins with a letter or digit, and holds nothing on which Markdown acts."""
_QUIET_LINE_WITH_CLOZES = re.compile(
    rf"(?={_START}(?:[^\W_]|{_APART}|\{{\{{c\d))"
    rf"(?:{_QUIET_SIGN}|{_APART}|(?=\{{\{{c\d){without_groups(SIMPLE_CLOZE)})*+"
)
_ONE_STYLE = frozenset([frozenset(["strong"]), frozenset(["em"])])
_AROUND = re.compile(r"\s*[^\W_](?:.*[^\W_])?\s*")
_BEFORE_BLANK = re.compile(r"\s*[^\W_](?:.*[^\W_.,:;!?)])?[.,:;!?)]\s*")
"""Words that end with a stop: behind it, a sign closes emphasis only if a blank or nothing follows."""
_SIMPLE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_SIMPLE_ITEM = re.compile(r"- |\d{1,4}\. ")
_BEHIND = r"\\\g<0>"
_FENCE = "```"


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of a field."""

    text: str
    lost: tuple[str, ...] = ()
    """What could not be kept, in words."""
    is_certain: bool = False
    """No sign in it acts, so it was not read back."""


def is_quiet(text: str) -> bool:
    """Tell whether a text without tags is the same in Markdown, for no sign in it acts."""
    return _APART not in text and _QUIET_LINE.fullmatch(text) is not None


def markdown_of(field_html: str, *, clozes: bool, has_picture: Callable[[str], bool]) -> Shown:
    """Turn the HTML of a field into Markdown; `has_picture` tells whether a file lies beside the deck.

    With `clozes`, Anki's clozes stay clozes if they can.
    """
    lines, lost = lines_of(field_html, has_picture)
    if _are_harmless(lines, clozes=clozes):
        written = _written(lines, _nothing, clozes=False)
        if not (clozes and "{{" in written and _is_wrong(mark(written, clozes=True))):
            return Shown(written, tuple(lost), is_certain=True)
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


def _are_harmless(lines: Sequence[Line], *, clozes: bool) -> bool:
    """Tell whether lines are certain to be shown as they are: no sign in them acts, and emphasis is around words.

    Reading them back, as is done with all others, takes ten times as long.
    """
    before = ""
    for line in lines:
        if line.item and (not _SIMPLE_ITEM.fullmatch(line.item) or (before and before[-2:] != line.item[-2:])):
            return False  # an inner list, or one of another kind that would go on the last
        if (line.inside and not line.item) or not _is_harmless(line, clozes=clozes):
            return False
        before = line.item
    return True


def _is_harmless(line: Line, *, clozes: bool) -> bool:
    if line.is_code:
        return False
    between = ""
    for place, run in enumerate(line.runs):
        if run.link:
            return False
        if run.picture:
            if run.text or run.styles or not _SIMPLE_NAME.fullmatch(run.picture):
                return False
            between += _APART
        elif run.styles:
            after = line.runs[place + 1] if place + 1 < len(line.runs) else None
            if not (_QUIET.fullmatch(run.text) and _is_around_words(run, after)):
                return False
            between += _APART
        else:
            between += run.text
    return (_QUIET_LINE_WITH_CLOZES if clozes else _QUIET_LINE).fullmatch(between) is not None


def _is_around_words(run: Run, after: Run | None) -> bool:
    """Tell whether the emphasis of a run begins and ends where Markdown takes its signs for that."""
    if run.styles not in _ONE_STYLE or (after and after.styles and after.styles != run.styles):
        return False
    if _AROUND.fullmatch(run.text):
        return True
    return _BEFORE_BLANK.fullmatch(run.text) is not None and (
        after is None or run.text[-1] == " " or after.text[:1] == " "
    )


def _rendered(markdown: str, *, clozes: bool) -> Look | None:
    marked = mark(markdown, clozes=clozes, media=lambda name: name)
    if _is_wrong(marked):
        return None
    return look(lines_of(marked.clozed(marked.numbers()), lambda _: True)[0])


def _is_wrong(marked: Marked) -> bool:
    return bool(marked.problems or marked.pinned_twice())


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
            parts += (_between(before, line), _line(line.runs, escape, clozes=clozes).strip())
            before = line
    return "".join(parts).strip()


def _line(runs: Sequence[Run], escape: Escape, *, clozes: bool) -> str:
    if escape is _nothing and len(runs) == 1 and not any(runs[0][1:]) and "\\" not in runs[0].text:
        return runs[0].text
    return "".join(_inline(runs, escape, clozes=clozes))


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
        texts = [run.text for run in group]
        if picture:
            yield from (f"![{_PUNCTUATION.sub(_BEHIND, said)}]({_address(picture)})" for said in texts)
            continue
        text = "".join(texts)
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
