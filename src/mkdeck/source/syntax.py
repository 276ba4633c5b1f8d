"""Why PyYAML cannot read a text, in the author's terms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mkdeck.quoting import (
    ANY_KEY,
    BELOW,
    CUT,
    CUTS,
    HOLDS_COLON,
    LISTS,
    LONGEST_SHOWN,
    NO_SPACE,
    STARTS,
    TOO_DEEP_ITEM,
    Misreading,
    after_key,
    listed,
    odd_escape,
    quoted,
    reading,
    text_end,
    text_start,
    too_deep_item,
)
from mkdeck.source.plain import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import yaml

TOO_DEEP = f"nested more than {MAX_DEPTH} deep"
DIRECTIVE = "YAML reads a line that starts with `%` as a directive"

_LONGEST_KEY = 1024
"""Characters after which YAML no longer looks for the `:` of a key."""
_NO_VALUE = "YAML expects a value here"
_NO_ITEM = "YAML sees an item of a list only where a space follows the `-`"
_AFTER_DASH = "put a space after `-`"
_NO_SPACE = re.compile(r"([ \t]*(?:-[ \t]+)*[A-Za-z_]\w{0,40}:)[^ \t\n:/]")
_LINE = re.compile(
    rf"(?P<indent> *)(?P<dashes>(?:-[ ]+)*)(?P<glued>-?)(?:(?P<key>{ANY_KEY}):(?=\s|$))?", re.MULTILINE
)
_MAIN_KEYS = {"facts": "fact", "reasons": "reason", "cards": "front"}
"""The key for which the mere text of an item in a list stands, where it is not `text`."""
_BACK_ONLY = frozenset(["note", "hint", "source"])
"""Keys without which the rest of a deck can be checked all the same."""
_OPENS_BLOCK = re.compile(r"[ \t]*(.*?)[ \t]*[|>][-+]?[ \t]*\n")
_OPENING = "\"'[{*&!"
"""Signs with which a value starts that ends before its line does."""
_BEYOND_UNICODE = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where PyYAML stopped, and what it had read by then."""

    text: str
    readable: str
    """The text in which what was to blame before is crossed out."""
    at: int
    begin: int
    """Where what it was reading begins."""
    last: int | None
    """Where the value starts that was read last in the innermost open mapping or list."""
    flows: Sequence[int]
    """The open brackets and braces."""
    said: str
    """PyYAML's own words; those of libyaml are others."""

    @property
    def line(self) -> int:
        return self.text.rfind("\n", 0, self.at) + 1


def explain(
    text: str, readable: str, error: yaml.MarkedYAMLError, last: int | None, flows: Sequence[int]
) -> Misreading:
    """Say what PyYAML found wrong in `text`, and show the quoted form where that mends it.

    `readable` is the text in which what was to blame before is crossed out. `last` is where the value starts
    that was read last in the innermost open mapping or list; `flows` are the places of the open brackets and
    braces.
    """
    marks = [mark.index for mark in (error.problem_mark, error.context_mark) if mark is not None] or [0]
    said = f"{error.context or ''}: {error.problem or ''}".removeprefix(": ")
    stop = _Stop(text, readable, min(marks[0], len(text)), marks[-1], last, flows, said)
    found = (rule(stop) for words, rule in _RULES if re.search(words, said))
    return next(filter(None, found), None) or Misreading(stop.at, f"YAML cannot read on from here ({said})")


def beyond_unicode(text: str) -> Misreading:
    """Find the escape at which PyYAML without libyaml fails: one beyond the last character there is."""
    match = _BEYOND_UNICODE.search(text)
    start, end = match.span() if match else (0, 0)
    return Misreading(start, f"`{text[start:end]}` is no character", "write the character itself", (start, end))


def _escape(stop: _Stop) -> Misreading | None:
    return odd_escape(stop.readable, stop.begin, len(stop.text), in_flow=bool(stop.flows))


def _open_quotation(stop: _Stop) -> Misreading:
    sign = stop.text[stop.begin]
    mend = f"close it with `{sign}`; if the text itself begins with that sign, {quoted(stop.text, stop.begin)}"
    return Misreading(stop.begin, "the quotation that begins here is not closed", mend)


def _tab(stop: _Stop) -> Misreading | None:
    if not stop.text.startswith("\t", stop.at):
        return None
    return Misreading(stop.at, "YAML takes no tab here", "write spaces instead")


def _in_flow(stop: _Stop) -> Misreading | None:
    """Explain what goes wrong between brackets or braces."""
    text, at, flows = stop.text, stop.at, stop.flows
    if not flows:
        return None
    for outer in flows:
        if text.startswith("{{", outer):
            return _misread(text, outer, in_flow=outer != flows[0])
    begin = flows[-1]
    sign = "]" if text[begin] == "[" else "}"
    rest = _line_from(text, at)
    is_open = "\n" in text[begin:at] and (rest.startswith(":") or sign not in rest)
    if is_open or not rest.strip():
        kind = "list" if sign == "]" else "mapping"
        mend = f"close it with `{sign}`; if it is a text, {quoted(text, begin, in_flow=len(flows) > 1)}"
        return Misreading(begin, f"the {kind} that begins here is not closed", mend)
    start = stop.last if stop.last is not None and stop.last > begin else at
    if start == at and rest.startswith(":"):
        return _no_key_before(stop)
    if "\n" in text[start:at] or not (rest.startswith(":") or text[start] in STARTS):
        return Misreading(at, f"YAML expects `,` or `{sign}` here" if rest[0] not in ",]}" else _NO_VALUE)
    return _misread(text, start, in_flow=True)


def _misplaced(stop: _Stop) -> Misreading | None:
    """Explain a key of the format where no mapping goes on: below a mere text, or at an indent that is no key's."""
    here = _LINE.match(stop.text, stop.line)
    if stop.flows or not here or not here["key"] or here["glued"] or stop.at > here.end():
        return None
    column = _column(here)
    sibling = None
    end = stop.line
    for above in _lines_above(stop):
        if above["glued"] and above["key"]:
            return Misreading(above.start("glued"), _NO_ITEM, _AFTER_DASH)
        item = above.start("dashes") - above.start()
        if above["dashes"] and not above["key"] and item < column:
            return _below_text(stop, here, above, end)
        if above["key"] and _column(above) == column:
            end = above.start()  # another key below the same text
            continue
        if sibling and _column(above) <= column:
            break
        if above["key"] and (sibling is None or _column(above) < _column(sibling)):
            sibling = above
        if (above["key"] or above["dashes"]) and _column(above) <= column:
            break
    if sibling is None or here["dashes"]:
        return None
    place = f"line {stop.text.count(chr(10), 0, sibling.start()) + 1} ({_column(sibling)} spaces)"
    message = f"the indent of `{here['key']}:` is that of no other key"
    return Misreading(here.start("key"), message, f"indent it like `{sibling['key']}:` in {place}")


def _below_text(stop: _Stop, here: re.Match[str], above: re.Match[str], end: int) -> Misreading | None:
    """Explain the key `here` below the item `above`, a mere text up to `end`; or an item indented too far."""
    text = stop.text
    if here["dashes"]:
        mend = too_deep_item(text, above.end("dashes"))
        return Misreading(here.start("dashes"), TOO_DEEP_ITEM, mend, rule="yaml-reads-otherwise")
    whole = " ".join(text[above.end("dashes") : end].split())
    if whole.startswith(tuple("{[|>&*!")):
        return None
    dash = above.start("dashes") - above.start()
    holders = (each["key"] for each in _lines_above(stop, above.start()) if each["key"] and _column(each) <= dash)
    lead = f"- {_MAIN_KEYS.get(next(holders, ''), 'text')}:"
    mend = f"write the item as `{lead} {whole}`" if len(whole) <= LONGEST_SHOWN else f"begin the item with `{lead}`"
    message = f"`{here['key']}:` stands below an item that is a mere text"
    blame = (stop.line, here.end() + len(_line_from(text, here.end()))) if here["key"] in _BACK_ONLY else None
    return Misreading(here.start("key"), message, mend, blame)


def _lines_above(stop: _Stop, before: int | None = None) -> Iterator[re.Match[str]]:
    """Give the lines above one, from the nearest on, without those that are empty."""
    end = stop.line if before is None else before
    while end > 0:
        start = stop.text.rfind("\n", 0, end - 1) + 1
        match = _LINE.match(stop.text, start, end)
        if match and stop.text[start:end].strip():
            yield match
        end = start


def _column(line: re.Match[str]) -> int:
    return line.end("dashes") - line.start()


def _colon(stop: _Stop) -> Misreading:
    """Explain a `: ` in a text: `- Why? Because: it was`, or `key: text: more`."""
    text, line = stop.text, stop.line
    if stop.last is not None and line <= stop.last < stop.at:
        return _misread(text, text_start(text, stop.last))
    if (start := text_start(text, stop.at)) < stop.at:
        return _misread(text, start)
    if text[line : stop.at].rstrip().endswith(":"):
        return _misread(text, stop.at)
    start = stop.at - len(text[line : stop.at].lstrip())
    above = _NO_SPACE.match(text, text.rfind("\n", 0, max(0, line - 1)) + 1, max(0, line - 1))
    if above:
        return Misreading(above.end(1), NO_SPACE, after_key(text, above.end(1)))
    if stop.at - start > _LONGEST_KEY:
        return Misreading(start, f"YAML takes no key of more than {_LONGEST_KEY:,} characters", "make it shorter")
    mend = f"if it goes on the text above: {BELOW}; if it is a key: give it the indent of the other keys"
    return Misreading(start, HOLDS_COLON, mend)


def _what_begins(stop: _Stop) -> Misreading:
    return _word(stop, stop.begin)


def _what_stops(stop: _Stop) -> Misreading:
    return _word(stop, stop.at)


def _word(stop: _Stop, start: int) -> Misreading:
    """Explain a sign that YAML cannot take where it stands: `@home`, or `[1928]*`, where the text begins before."""
    text, line = stop.text, stop.line
    before = text[line:start].rstrip()
    if stop.flows and before and before[-1] not in ",:[{":
        return Misreading(start, reading(text, start), "put the whole item in quotes")
    if not stop.flows:
        first = line + len(before) - len(before.lstrip())
        if stop.last is not None and line <= stop.last < start:
            start = stop.last
        elif first < start and text[first] in _OPENING:
            start = first
        start = text_start(text, start)
    found = _misread(text, start, in_flow=bool(stop.flows))
    key = text[text.rfind("\n", 0, start) + 1 : start].strip(" -:")
    if key in LISTS and text.startswith("- ", start) and not stop.flows and found.blame:
        return replace(found, mend=listed(key, text[slice(*found.blame)].lstrip("- ")))
    return found


def _plain_in_flow(stop: _Stop) -> Misreading:
    return _misread(stop.text, stop.begin, in_flow=True)


def _block_scalar(stop: _Stop) -> Misreading | None:
    return None if "\n" in stop.text[stop.begin : stop.at] else _what_begins(stop)


def _too_deep(stop: _Stop) -> Misreading:
    return Misreading(stop.at, TOO_DEEP)


def _directive(stop: _Stop) -> Misreading:
    return Misreading(stop.begin, DIRECTIVE, "take the line away")


def _no_key_before(stop: _Stop) -> Misreading:
    return Misreading(stop.at, "no key stands before this `:`", "write one")


def _no_key(stop: _Stop) -> Misreading:
    if cut := re.search(r"(?<!\s)\s#", _line_from(stop.text, stop.begin)):
        return Misreading(stop.begin + cut.end() - 1, CUTS, "put the words before the `:` in quotes", rule=CUT)
    text, begin = stop.text, stop.begin
    line = text.rfind("\n", 0, begin) + 1
    if key := _NO_SPACE.match(text, line):
        return Misreading(key.end(1), NO_SPACE, after_key(text, key.end(1)))
    mend = f"if it goes on the text above: {BELOW}"
    if block := _OPENS_BLOCK.fullmatch(text, text.rfind("\n", 0, max(0, line - 1)) + 1, line):
        mend = f"indent the text deeper than `{block[1]}`"
    elif text[begin] == "-":
        return Misreading(begin, _NO_ITEM, _AFTER_DASH)
    return Misreading(begin, "YAML expects a key with a colon here: `key: text`", mend)


def _in_block(stop: _Stop) -> Misreading:
    """Explain what stands where a key or a list item is expected."""
    text, last, line = stop.text, stop.last, stop.line
    before = text[line : stop.at].rstrip()
    if before and last is not None and text[last] in _OPENING:
        if "\n" not in text[last : stop.at] or before[-1] == text[last]:
            return _misread(text, text_start(text, last))
        return Misreading(last, reading(text, last), BELOW)
    if text.startswith(":", stop.at):
        return _no_key_before(stop)
    expected = "a list item (`- `)" if "collection" in stop.said else "a key (`key: `)"
    message = f"YAML expects {expected} here, indented as in line {text.count(chr(10), 0, stop.begin) + 1}"
    above = text[text.rfind("\n", 0, max(0, line - 1)) + 1 : line].lstrip()
    if above.startswith("#"):
        return Misreading(stop.at, message, "take the comment above away: it ended the text")
    return Misreading(stop.at, message, f"if it goes on the text above: {BELOW}")


def _after_the_end(stop: _Stop) -> Misreading:
    mend = "if it belongs to the deck, give it the indent of the deck's other keys"
    return Misreading(stop.at, "the deck ends before this; nothing may follow it", mend)


def _line_from(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


def _misread(text: str, start: int, *, in_flow: bool = False) -> Misreading:
    end = text_end(text, start, in_flow=in_flow)
    if end <= start:
        return Misreading(min(start, len(text.rstrip())), _NO_VALUE)
    return Misreading(start, reading(text, start), quoted(text, start, in_flow=in_flow), (start, end))


_RULES: Sequence[tuple[str, Callable[[_Stop], Misreading | None]]] = (
    (r"escape|hex", _escape),
    (r"quoted scalar", _open_quotation),
    (r"", _tab),
    (r"plain scalar", _plain_in_flow),
    (r"^while parsing a flow", _in_flow),
    (r"values are not allowed|^while parsing a block", _misplaced),
    (r"values are not allowed", _colon),
    (r"^while (?:scann|pars)ing an? (?:alias|anchor|tag)|tag handle", _what_begins),
    (r"^while (?:scann|pars)ing a (?:%\w+ )?directive", _directive),
    (r"nesting depth", _too_deep),
    (r"start any token|not allowed|node content", _what_stops),
    (r"block scalar", _block_scalar),
    (r"simple key", _no_key),
    (r"^while parsing a block", _in_block),
    (r"document start", _after_the_end),
)
"""By words of PyYAML and of libyaml; the first rule that has an explanation gives it."""
