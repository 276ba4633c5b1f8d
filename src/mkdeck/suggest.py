"""Key facts that nothing asks for yet: dates, amounts, quoted terms and names, offered as a patch of the file."""

from __future__ import annotations

import difflib
import os
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from mkdeck.checks import findings
from mkdeck.checks.limits import CLOZES_IN_POINT
from mkdeck.checks.texts import BARRIER, prose
from mkdeck.compile import compile_deck
from mkdeck.deck import from_source
from mkdeck.diagnostics import DeckError, Severity
from mkdeck.key_facts import key_facts
from mkdeck.markup import FactIndex, IndexedFact, folded_words, mark, words
from mkdeck.markup.clozes import written_at
from mkdeck.quoting import quote
from mkdeck.source import parse, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mkdeck.deck import Deck
    from mkdeck.diagnostics import Diagnostic, Span
    from mkdeck.key_facts import KeyFact, Sort
    from mkdeck.source import Place, Source


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words of a text that could be a blank."""

    place: Place
    words: str
    sort: Sort
    hint: str
    span: Span
    start: int = field(repr=False)
    """Where the words begin in the file, its line ends counted as one character."""
    text: tuple[int, int] = field(repr=False)
    """Where the text begins and ends in which they stand."""
    opens: bool = field(default=False, repr=False)
    """The words open an unquoted text, and YAML would read `{{` there as a mapping."""

    @property
    def new(self) -> str:
        return f"{{{{{self.words}{'::' if self.hint else ''}{self.hint}}}}}"


_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\n]*\n|[^\n]+$")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BADLY_CHOSEN = frozenset(
    [
        "bare-number",
        "cloze-too-long",
        "cloze-whole-sentence",
        "date-without-event",
        "too-many-clozes",
        "trivial-cloze",
    ]
)
"""Warnings that say that a blank was badly chosen."""
_MOST_TRIED = 50
_OFTEN = 3
"""Texts in which a name stands that is what the deck is about, and no key fact of any of them."""
_BRACKETS = re.compile(rf"!?\[[^\[\]{BARRIER}]*+(?:\]|(?={BARRIER}))")


def suggestions(path: Path) -> list[Suggestion]:
    """Propose blanks for a deck file, in the order of the file; with them, no text has more than three.

    Raises DeckError if the deck has errors.
    """
    source = read(path)
    deck = from_source(source)
    before = findings(compile_deck(deck, deck.folder()))
    errors = [each for each in before if each.severity is Severity.ERROR]
    if errors:
        raise DeckError(errors)
    if _characters(path) is None:
        return []
    found = list(_candidates(source, deck))
    return sorted(_sensible(source, found, {_told(each) for each in before}), key=lambda each: each.start)


def patch(path: Path, found: Sequence[Suggestion]) -> str:
    """Give a unified diff that puts `{{...}}` around the words of suggestions, for `git apply` or `patch -p1`."""
    old = _characters(path)
    if not found or old is None:
        return ""
    body = old.lstrip("\ufeff")
    ends = [*_LINE_END.findall(body), ""]
    text = _LINE_END.sub("\n", body)
    # What somebody has changed in the meantime is left as it is.
    lines = _applied(text, [each for each in found if text.startswith(each.words, each.start)]).split("\n")
    new = old[: len(old) - len(body)] + "".join(line + end for line, end in zip(lines, ends, strict=True))
    name = Path(os.path.relpath(path)).as_posix()
    name += "\t" if " " in name else ""  # else the name would end at its first blank
    diff = difflib.unified_diff(_LINE.findall(old), _LINE.findall(new), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in diff)


def _characters(path: Path) -> str | None:
    """Give the characters of a file as they are; None if it is not UTF-8, for which no patch can be made."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        return None


def _applied(text: str, found: Iterable[Suggestion]) -> str:
    """Put the blanks into a file, and quotation marks around a text that would begin with `{{`."""
    parts: list[str] = []
    done = 0
    ordered = sorted(found, key=lambda each: each.start)
    for (start, end), group in groupby(ordered, key=lambda each: each.text):
        of_text = list(group)
        pieces = [text[done:start]]
        done = start
        inside: list[str] = []
        for each in of_text:
            inside += (text[done : each.start], each.new)
            done = each.start + len(each.words)
        inside.append(text[done:end])
        whole = "".join(inside)
        done = end
        parts += (*pieces, quote(whole) if any(each.opens for each in of_text) else whole)
    parts.append(text[done:])
    return "".join(parts)


def _told(finding: Diagnostic) -> tuple[str, int, str]:
    return finding.rule, finding.span.line, finding.message


def _sensible(source: Source, found: list[Suggestion], known: set[tuple[str, int, str]]) -> list[Suggestion]:
    """Leave out what makes a card that `mkdeck check` would find fault with.

    The first suggestions of all texts are tried together, then the second ones: the deck is compiled a few times,
    however large it is.
    """
    if not _at_fault(source, found, known):
        return found
    kept: list[Suggestion] = []
    by_text: dict[Place, list[Suggestion]] = {}
    for each in found:
        by_text.setdefault(each.place, []).append(each)
    for number in range(CLOZES_IN_POINT):
        batch = [several[number] for several in by_text.values() if number < len(several)]
        while batch and (lines := _at_fault(source, [*kept, *batch], known)):
            good = [each for each in batch if lines.isdisjoint(_lines_of(source, each))]
            batch = good if len(good) < len(batch) else []
        kept += batch
    return kept


def _lines_of(source: Source, each: Suggestion) -> range:
    """Give the lines of the point or card in whose text the words stand."""
    first = source.lines.number(source.locate(each.place[:-1])[3])
    return range(first, source.lines.number(each.text[1]) + 1)


def _at_fault(source: Source, found: Sequence[Suggestion], known: set[tuple[str, int, str]]) -> set[int]:
    """Give the lines of what is wrong only with these blanks in the deck."""
    told: Iterable[Diagnostic]
    try:
        deck = from_source(parse(_applied(source.text, found), source.path))
        told = findings(compile_deck(deck, deck.folder()))
    except DeckError as error:
        told = error.diagnostics
    return {
        each.span.line
        for each in told
        if (each.severity is Severity.ERROR or each.rule in _BADLY_CHOSEN) and _told(each) not in known
    }


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that may have blanks, and where it is written in the file."""

    place: Place
    text: str
    facts: FactIndex
    start: int
    end: int
    style: str
    """As YAML has it: nothing for an unquoted text, a kind of quotation marks, `|` or `>`."""
    prose: str
    """The text with a barrier in the place of what no blank may reach into."""


def _candidates(source: Source, deck: Deck) -> Iterator[Suggestion]:
    texts = list(_texts(source, deck))
    found = [key_facts(text.prose, deck.lang) for text in texts]
    in_texts = Counter(name for facts in found for name in {fact.words for fact in facts if fact.is_name})
    headings = [each.text for each in (deck.question, *(reason.reason for reason in deck.reasons)) if each]
    headed = frozenset(folded_words(" ".join([deck.deck, *headings])).split())
    known = {
        name for name, count in in_texts.items() if count >= _OFTEN or headed.issuperset(folded_words(name).split())
    }
    for text, facts in zip(texts, found, strict=True):
        yield from _of_text(source, deck.lang, text, [each for each in facts if each.words not in known])


def _of_text(source: Source, lang: str, text: _Text, found: list[KeyFact]) -> Iterator[Suggestion]:
    """Choose of what was found in a text, the most telling first, what leaves it three blanks in all."""
    marked = mark(text.text, text.facts, clozes=True)
    keys = {blank.key for blank in marked.blanks}
    taken = bytearray(len(text.text))
    for start, end, sort, said in found[:_MOST_TRIED]:
        key = folded_words(said)
        if len(keys) >= CLOZES_IN_POINT or taken.find(1, start, end) >= 0 or key in keys:
            continue
        at = source.text.find(said, text.start, text.end)
        is_once = text.text.count(said) == 1 and at >= 0 and source.text.find(said, at + 1, text.end) < 0
        opens = not text.style and start == 0
        if not is_once or (opens and source.text[text.start : text.end] != text.text):
            continue
        hint = str(sort) if lang.lower().split("-")[0] == "en" else ""
        bounds = (text.start, text.end)
        each = Suggestion(text.place, said, sort, hint, source.lines.span(at, len(said)), at, bounds, opens)
        trial = mark(text.text[:start] + each.new + text.text[end:], text.facts, clozes=True)
        is_same = words(trial.revealed()) == words(marked.revealed()) and trial.problems == marked.problems
        if (
            is_same
            and len({blank.key for blank in trial.blanks}) == len({blank.key for blank in marked.blanks}) + 1
        ):
            keys.add(key)
            taken[start:end] = b"\x01" * (end - start)
            yield each


def _texts(source: Source, deck: Deck) -> Iterator[_Text]:
    """Give the points and clozes of a deck that make cards, and are not written between braces or brackets."""
    found: list[tuple[Place, str, FactIndex]] = []
    for i, reason in enumerate(deck.reasons):
        around = [*deck.facts, *reason.facts]
        for j, point in enumerate(reason.points):
            index = FactIndex()
            for fact in [*around, *point.facts]:
                index.add([fact.fact, *fact.also], IndexedFact(folded_words(fact.fact)))
            found.append((("reasons", i, "points", j, "text"), point.text, index))
    clozes = ((number, card.cloze) for number, card in enumerate(deck.cards))
    found += [(("cards", number, "cloze", "text"), text.text, FactIndex()) for number, text in clozes if text]
    kinds = {"reasons": "fact", "cards": "plain"}
    scalars = _scalars(source.text)
    for place, text, index in found:
        holder, written, _, offset = source.locate(place)
        is_made = deck.make is None or kinds[str(place[0])] in deck.make
        if is_made and offset in scalars and written == text and id(holder) not in source.flows:
            yield _Text(place, text, index, *scalars[offset], _prose(text, index))


def _scalars(text: str) -> dict[int, tuple[int, int, str]]:
    """Give where each text of a file begins -> where its words begin and end, and its style."""
    found: dict[int, tuple[int, int, str]] = {}
    with suppress(yaml.YAMLError):
        events: Any = yaml.parse(text, Loader=_LOADER)
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                start, end, style = event.start_mark.index, event.end_mark.index, event.style or ""
                found[start] = (text.find("\n", start) if style in {"|", ">"} else start), end, style
    return found


def _prose(text: str, facts: FactIndex) -> str:
    """Put a barrier over code, maths, links, pictures, blanks and declared facts."""
    shown = _BRACKETS.sub(lambda match: BARRIER * len(match[0]), prose(text))
    spans = [(match.start, match.end) for match in facts.find(text)]
    at = shown.find("{{")
    while at >= 0:
        cloze = written_at(text, at, len(text))
        end = cloze.end if cloze else len(text)
        spans.append((at, end))
        at = shown.find("{{", end)
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        parts += (shown[done:start], BARRIER * (end - max(start, done)))
        done = max(done, end)
    return "".join([*parts, shown[done:]])
