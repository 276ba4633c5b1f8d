"""Key facts that nothing asks for yet: dates, amounts, quoted terms and names, offered as a patch of the file."""

from __future__ import annotations

import difflib
import os
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from mkdeck.checks import findings
from mkdeck.checks.limits import ANSWER_WORDS, CLOZES_IN_POINT
from mkdeck.checks.quantities import amounts, dates
from mkdeck.checks.texts import BARRIER, prose
from mkdeck.checks.words import language
from mkdeck.compile import compile_deck
from mkdeck.deck import from_source
from mkdeck.diagnostics import DeckError, Severity
from mkdeck.markup import FactIndex, IndexedFact, folded_words, mark, words
from mkdeck.markup.clozes import written_at
from mkdeck.quoting import quote
from mkdeck.source import parse, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mkdeck.deck import Deck
    from mkdeck.diagnostics import Diagnostic, Span
    from mkdeck.source import Place, Source

Sort = Literal["date", "year", "percentage", "amount", "term", "name"]
"""What is asked for; in English decks it is the hint, too."""
Found = tuple[int, int, Sort]
"""Words in a text that could be a blank: text[start:end]."""


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
_RANK: tuple[Sort, ...] = ("date", "percentage", "amount", "term", "name", "year")
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
_LEAST = 1000
"""The least number without a unit that is worth a card."""
_MOST_TRIED = 50
_OFTEN = 3
"""Texts in which a name stands that is what the deck is about, and no key fact of any of them."""
_NOUNS_ARE_CAPITAL = frozenset(["de", "gsw", "lb", "nds"])
_BRACKETS = re.compile(rf"!?\[[^\[\]{BARRIER}]*+(?:\]|(?={BARRIER}))")
_QUOTED = re.compile(
    r"[“„]([^“”„\n]{2,60}+)[”“]|(?<!\w)\"([^\"\n]{2,60}+)\"(?!\w)|«([^«»\n]{2,60}+)»|‘([^‘’\n]{2,60}+)’"
    r"|「([^「」\n]{2,60}+)」|『([^『』\n]{2,60}+)』"
)
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*?)(?=[^\s*])([^*\n]{2,60}+)\1(?![\w*])")
_TERM = re.compile(rf"\w[^{BARRIER}{{}}\\*_~]*")
_WORD = re.compile(r"[^\W\d_]++(?:[’'-][^\W\d_]++)*+")
_POSSESSIVE = re.compile(r"['’]s$")
_JOINS = re.compile(r" (?:(?:of|de|du|di|da|del|al|bin|von|van)(?: the| la| der| den)? )?")
_PEOPLE = re.compile(r"(?:ish|ians?|ese|ists?|isms?|ics?|iks?|ern)$")
"""English words for what belongs to a people or a party, which are no names: `Russian`, `Bolshevik`."""
_ARTICLE = re.compile(r"\b(?:d(?:er|ie|as|en|em|es)|eine?[rmns]?) $")
"""German: in `der Regierung Grundrechte` two nouns meet; a name has no article, or is `der Londoner Plan`."""
_BEFORE_SENTENCE = re.compile(r"(?:^|[.!?…:\n])[\s\"“”‘’«»„(*_>#-]*$")


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
    names = [_names(text.prose, deck.lang) for text in texts]
    in_texts = Counter(
        name for text, found in zip(texts, names, strict=True) for name in {text.text[a:b] for a, b, _ in found}
    )
    headings = [each.text for each in (deck.question, *(reason.reason for reason in deck.reasons)) if each]
    headed = frozenset(folded_words(" ".join([deck.deck, *headings])).split())
    known = {
        name for name, count in in_texts.items() if count >= _OFTEN or headed.issuperset(folded_words(name).split())
    }
    for text, found in zip(texts, names, strict=True):
        fresh = [each for each in found if text.text[each[0] : each[1]] not in known]
        yield from _of_text(
            source, deck.lang, text, [*_quantities(text.prose, deck.lang), *_terms(text.prose), *fresh]
        )


def _of_text(source: Source, lang: str, text: _Text, found: list[Found]) -> Iterator[Suggestion]:
    """Choose of what was found in a text, the most telling first, what leaves it three blanks in all."""
    marked = mark(text.text, text.facts, clozes=True)
    keys = {blank.key for blank in marked.blanks}
    taken = bytearray(len(text.text))
    for start, end, sort in sorted(found, key=lambda each: (_RANK.index(each[2]), each[0]))[:_MOST_TRIED]:
        said = text.text[start:end]
        key = folded_words(said)
        if len(keys) >= CLOZES_IN_POINT or taken.find(1, start, end) >= 0 or key in keys:
            continue
        at = source.text.find(said, text.start, text.end)
        is_once = text.text.count(said) == 1 and at >= 0 and source.text.find(said, at + 1, text.end) < 0
        opens = not text.style and start == 0
        if not is_once or (opens and source.text[text.start : text.end] != text.text):
            continue
        hint = "years" if sort == "year" and not said.isdecimal() else str(sort)
        hint = hint if lang.lower().split("-")[0] == "en" else ""
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


def _quantities(text: str, lang: str) -> Iterator[Found]:
    for date in dates(text, lang):
        yield date.start, date.end, "date" if date.month or not date.first else "year"
    for amount in amounts(text, lang):
        if amount.unit or abs(amount.high) >= _LEAST:
            yield amount.start, amount.end, "percentage" if amount.unit == "%" else "amount"


def _terms(text: str) -> Iterator[Found]:
    """Find what stands between quotation marks, or is emphasised, if it is a term, not a sentence."""
    for match in chain(_QUOTED.finditer(text), _EMPHASIS.finditer(text)):
        number = match.lastindex or 0
        is_whole = _TERM.fullmatch(match[number]) and match[number][-1].isalnum()
        if is_whole and len(match[number].split()) <= ANSWER_WORDS:
            yield *match.span(number), "term"


def _names(text: str, lang: str) -> list[Found]:
    """Find runs of words with capitals; the first word of a sentence alone is none.

    Where every noun has a capital, one word is no name, and what begins a sentence is none.
    """
    short = lang.lower().split("-")[0]
    least = 2 if short in _NOUNS_ARE_CAPITAL else 1
    small, common = language(lang).small, _common(short)
    found: list[Found] = []
    for run in _runs(_EMPHASIS.sub(lambda match: BARRIER * len(match[0]), text)):
        first = run[0]
        starts = bool(_BEFORE_SENTENCE.search(text[max(0, first.start() - 8) : first.start()]))
        is_small = first[0].lower() in small
        if starts and (least > 1 or len(run) < 2) and not is_small:
            continue
        if least > 1 and _ARTICLE.search(text[max(0, first.start() - 8) : first.start()]) and first[0][-2:] != "er":
            continue
        # `The Duma`, `Lavas of the Deccan`: a sentence gives its first word a capital.
        parts = run[1:] if starts and (is_small or run[1].start() > first.end() + 1) else run
        said = [part[0].lower() for part in parts]
        is_people = short == "en" and len(parts) == 1 and _PEOPLE.search(said[0])
        is_name = small.isdisjoint(said[:1]) and common.isdisjoint(said) and not is_people
        if is_name and least <= len(said) <= ANSWER_WORDS:
            end = parts[-1].end() - (2 if _POSSESSIVE.search(parts[-1][0]) else 0)
            if end - parts[0].start() > 1:
                found.append((parts[0].start(), end, "name"))
    return found


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Give runs of words with capitals between which a blank stands, or `of`, `de`, `von` and the like."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if not word[0][0].isupper() or BARRIER in text[max(0, word.start() - 1) : word.end() + 1]:
            continue
        joined = run and _JOINS.fullmatch(text, run[-1].end(), word.start()) and not _POSSESSIVE.search(run[-1][0])
        if run and not joined:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


@cache
def _common(lang: str) -> frozenset[str]:
    """Give words that have capitals and are no names: months, days, and languages, which are peoples as well."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 100 ms

    try:
        locale = Locale.parse(lang)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    names = [*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values()]
    return frozenset(name.lower() for name in [*names, *locale.languages.values()])
