"""What has one right mend is mended in the file: dashes in ranges, the deck's own quotation marks, tags in small
letters. All else in the file stays as it is, byte for byte.
"""

from __future__ import annotations

import codecs
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import yaml

from mkdeck.checks.tags import tags
from mkdeck.checks.texts import SHOWN, strings
from mkdeck.checks.typography import changes
from mkdeck.deck import from_source
from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.source import parse, read
from mkdeck.stamp import digest_of
from mkdeck.transaction import write_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mkdeck.model import DeckData
    from mkdeck.source import Place, Source

_BLANKS = " \t\n"
"""What YAML folds; there may be more or less of it in a file than in the text that is read from it."""
_LINE_END = re.compile(r"\r\n|\r|\n")
_IN_DOUBLE = re.compile(r"\\(?:x(\w{2})|u(\w{4})|U(\w{8})|(.))|([^\\])", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "_": "\xa0", "N": "\x85", "L": "\u2028", "P": "\u2029"}
_MOST_TRIES = 64
"""Times that a mended file is read again to find which mends cannot be."""
_MARKS = {
    **dict.fromkeys(map(ord, "‐‑–"), "-"),
    **dict.fromkeys(map(ord, "“”„‟«»"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛"), "'"),
}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class _Scalar:
    """A text as it is written: `written[start:end]`, with its anchor if it has one."""

    start: int
    end: int
    style: str
    """As YAML has it: nothing for a plain one, a kind of quotation marks, `|` or `>`."""


@dataclass(frozen=True, slots=True)
class _Mend:
    """What belongs together: (start, end, new) of pieces of the file that are mended all or not at all."""

    pieces: tuple[tuple[int, int, str], ...]
    count: int


def fixed(source: Source) -> str:
    """Give the text of a deck file, mended; the same text if there is nothing to mend.

    Raises DeckError if the deck cannot be read.
    """
    return _mended(source)[0]


def fix_file(path: Path) -> int:
    """Mend a deck file in place, and give how many places were mended.

    Its byte order mark, encoding, line ends and mode stay. Raises DeckError if the deck cannot be read, and OSError
    if the file cannot be written; then it is as it was.
    """
    source = read(path)
    text, count = _mended(source)
    if not count:
        return 0
    target = path.resolve()
    raw = target.read_bytes()
    if digest_of(raw) != source.digest:
        raise DeckError([Diagnostic("file", "somebody else has changed the file just now", Span(source.path))])
    content = _as_bytes(text, raw)
    mode = stat.S_IMODE(target.stat().st_mode)

    def write(file: IO[bytes]) -> None:
        Path(file.name).chmod(mode)
        file.write(content)

    write_together([(target, write)])
    return count


def _as_bytes(text: str, raw: bytes) -> bytes:
    """Give a text as bytes, with the byte order mark, the encoding and the line ends of `raw`."""
    mark, encoding = b"", "utf-8"
    for each, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(each):
            mark, encoding = each, name
    old = raw[len(mark) :].decode(encoding)
    marks = old[: len(old) - len(old.lstrip("\ufeff"))]
    ends = [*_LINE_END.findall(old), ""]
    lines = zip(text.split("\n"), ends, strict=True)
    return mark + (marks + "".join(line + end for line, end in lines)).encode(encoding)


def _mended(source: Source) -> tuple[str, int]:
    deck = from_source(source)
    mends = list(_mends(source, deck))
    if not mends:
        return source.text, 0
    before = _words(deck)
    tries = 0

    def holds(some: Sequence[_Mend]) -> bool:
        """Tell whether a file that is mended so says the same as before, but for the marks."""
        nonlocal tries
        tries += 1
        try:
            new = parse(_applied(source.text, some), source.path)
            return not new.problems and _words(from_source(new)) == before
        except DeckError:
            return False

    def most(kept: list[_Mend], some: list[_Mend]) -> list[_Mend]:
        """Add to `kept` as many mends as can be."""
        if tries >= _MOST_TRIES:
            return kept
        if holds(kept + some):
            return kept + some
        half = len(some) // 2
        return most(most(kept, some[:half]), some[half:]) if half else kept

    kept = most([], mends)
    return _applied(source.text, kept), sum(mend.count for mend in kept)


def _applied(text: str, mends: Iterable[_Mend]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, new in sorted(piece for mend in mends for piece in mend.pieces):
        parts += (text[done:start], new)
        done = end
    parts.append(text[done:])
    return "".join(parts)


def _words(deck: DeckData) -> list[tuple[Place, str]]:
    """Give all strings of a deck, what may be mended in them made equal."""
    found = []
    for place, text in strings(deck):
        name = next(step for step in reversed(place) if isinstance(step, str))
        if _is_term(place):
            name = "terms"
        same = text.lower() if name == "tags" else text.translate(_MARKS) if name in SHOWN else text
        steps = tuple(step.translate(_MARKS) if isinstance(step, str) else step for step in place)
        found.append((steps, same))
    return found


def _is_term(place: Place) -> bool:
    return place[0] == "terms" and len(place) == 2


def _mends(source: Source, deck: DeckData) -> Iterator[_Mend]:
    scalars = _scalars(source.text)
    done: set[int] = set()

    def scalar_at(place: Place, *, key: bool) -> _Scalar | None:
        """Find the text at a place, once: several aliases may stand for it."""
        found = scalars.get(source.locate(place)[2 if key else 3])
        if found is None or found.start in done:
            return None
        done.add(found.start)
        return found

    terms = set(deck.terms)
    for place, text, found in changes(deck):
        scalar = scalar_at(place, key=_is_term(place))
        if scalar is None:
            continue
        if _is_term(place):
            news = {change.at: change.new for change in found}
            term = "".join(news.get(at, char) for at, char in enumerate(text))
            if term in terms:
                continue  # it would be the same key twice
            terms.add(term)
        signs = _signs(source.text, scalar, text)
        ranges = [{change.at: change.new} for change in found if change.kind == "range"]
        quotes = [
            {change.at: change.new for change in found if change.kind == kind} for kind in ("double", "single")
        ]
        yield from _together(scalar, signs, ranges + quotes)
    for place, tag in tags(deck):
        lower = tag.lower()
        if lower != tag and len(lower) == len(tag) and (scalar := scalar_at(place, key=False)):
            news = {at: new for at, new in enumerate(lower) if new != tag[at]}
            for mend in _together(scalar, _signs(source.text, scalar, tag), [news]):
                yield _Mend(mend.pieces, 1)


def _together(
    scalar: _Scalar, signs: Mapping[int, tuple[int, int]], several: Iterable[Mapping[int, str]]
) -> Iterator[_Mend]:
    """Give the mends of a text, each by the places of signs in it and the new ones."""
    first = next(iter(signs), -1)
    for news in several:
        # YAML would take the mark for the beginning of a quoted text.
        begins_quoted = not scalar.style and news.get(first, "") in {"'", '"'}
        if news and signs and all(news.values()) and not begins_quoted:
            escapes = {"'": {"'": "''"}, '"': {'"': '\\"'}}.get(scalar.style, {})
            yield _Mend(tuple((*signs[at], escapes.get(new, new)) for at, new in news.items()), len(news))


def _scalars(text: str) -> dict[int, _Scalar]:
    """Find every text in a file, by where it starts or where an alias of it stands."""
    found: dict[int, _Scalar] = {}
    anchors: dict[str, _Scalar] = {}
    events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
    for event in events:
        start: int = event.start_mark.index
        kind = type(event)
        if kind is yaml.AliasEvent and event.anchor in anchors:
            found[start] = anchors[event.anchor]
        elif kind is yaml.ScalarEvent and event.value:
            found[start] = scalar = _Scalar(start, event.end_mark.index, event.style or "")
            if event.anchor is not None:
                anchors[event.anchor] = scalar
    return found


def _signs(text: str, scalar: _Scalar, value: str) -> dict[int, tuple[int, int]]:
    """Tell where each character of a text stands in the file, blanks left out; nothing if that is not certain."""
    start, end, style = scalar.start, scalar.end, scalar.style
    if style in {"'", '"'}:
        start, end = text.index(style, start) + 1, end - 1
    elif style:
        start = text.index("\n", start)
    written = [sign for sign in _written(text, start, end, style) if sign[0] not in _BLANKS]
    places = [at for at, char in enumerate(value) if char not in _BLANKS]
    if not style:  # an anchor may stand before it
        written = written[len(written) - len(places) :]
    if [char for char, _, _ in written[: len(places)]] != [value[at] for at in places]:
        return {}
    return {at: (begin, stop) for at, (_, begin, stop) in zip(places, written, strict=False)}


def _written(text: str, start: int, end: int, style: str) -> Iterator[tuple[str, int, int]]:
    """Give the characters that a piece of a file stands for, each with its place there."""
    if style == '"':
        for match in _IN_DOUBLE.finditer(text, start, end):
            code = match[1] or match[2] or match[3]
            char = chr(int(code, 16)) if code else match[5] or _ESCAPED.get(match[4], match[4])
            yield char, match.start(), match.end()
        return
    at = start
    while at < end:
        stop = at + 2 if style == "'" and text.startswith("''", at) else at + 1
        yield text[at], at, stop
        at = stop
