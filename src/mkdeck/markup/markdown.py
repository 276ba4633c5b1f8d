"""Texts that do hold markup: markdown-it, taught clozes, facts, MathJax and Anki's escapes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from mkdeck.markup.blanks import (
    CLOSE,
    CLOSED,
    MARK,
    MAX_NESTED,
    OPEN,
    OPENED,
    Blank,
    Marked,
    MarkupProblem,
    blanked,
    shown_words,
    words,
)
from mkdeck.markup.clozes import MATHS, RULE, check, written_at
from mkdeck.markup.escape import escape_attribute, escape_html, escape_text
from mkdeck.markup.facts import FactIndex, IndexedFact, Match, folded_words

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping, Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import StateInline
    from markdown_it.utils import OptionsDict

    from mkdeck.markup.text import MediaName

_BARRIER = "\uffff"
"""Stands in a line's words for what no fact can reach across (a picture, a cloze)."""
_CODE = {"code_inline", "code_block", "fence"}
_MATH = {"math_inline", "math_inline_double", "math_block"}
_MATHS = re.compile(MATHS, re.DOTALL)


@dataclass(slots=True)
class _Work:
    """What the rules of one rendering share."""

    clozes: bool
    media: MediaName | None
    blanks: list[Blank] = field(default_factory=list)
    problems: list[MarkupProblem] = field(default_factory=list)
    depth: int = 0
    gave_up: bool = False
    """A cloze was not closed; looking again at every `{{` would take time that grows with the square."""

    def blank(self, number: int | None, hint: str) -> int:
        self.blanks.append(Blank(number, hint))
        return len(self.blanks) - 1

    def fact(self, fact: IndexedFact) -> int:
        self.blanks.append(Blank(None, fact.hint, fact.key, words=fact.words))
        return len(self.blanks) - 1


def render(text: str, facts: FactIndex, *, clozes: bool, media: MediaName | None) -> Marked:
    """Render `text`, which `mark` has cleaned."""
    work = _Work(clozes, media)
    env = {"work": work}
    markdown = _markdown()
    tokens = markdown.parse(text, env)
    for token in tokens:
        if token.type == "inline":
            token.children = _mark_line(token.children or [], facts, work)
        elif token.type in _CODE | _MATH:
            _mark_raw(token, facts, work)
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        tokens = tokens[1:2]
    output = str(markdown.renderer.render(tokens, markdown.options, env)).strip()
    return _in_order(output, work)


def _in_order(output: str, work: _Work) -> Marked:
    """Number the marks in the order of standing, and give every blank without one its key."""
    order = [match[2] for match in MARK.finditer(output) if match[1] == OPEN]
    places = {old: new for new, old in enumerate(order)}
    output = MARK.sub(lambda match: f"{match[1]}{places[match[2]]}{match[3]}", output)
    marked = Marked(output, tuple(work.blanks[int(old)] for old in order))
    for place, (blank, inside) in enumerate(zip(marked.blanks, marked.insides(), strict=True)):
        shown = shown_words(inside)
        blank.answer = folded_words(words(inside))
        if not blank.key:
            # In maths and code, capitals are other letters. A picture is known by its name.
            exact = "<img" in inside or "<code>" in inside or inside.startswith((r"\(", r"\["))
            blank.key = (shown if exact else blank.answer) or shown or f"blank {place}"
    return replace(marked, problems=tuple(work.problems))


def _cloze_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own signature
    r"""Read `{{answer::hint}}` as markdown-it reads a link: what is inside is Markdown again."""
    work: _Work = state.env["work"]
    if not state.src.startswith("{{", state.pos) or work.gave_up:
        return False
    cloze = written_at(state.src, state.pos, state.posMax)
    if cloze is None:
        if work.clozes and not silent:
            part = state.src[state.pos :].split("\n", 1)[0][:40]
            message = "this cloze is not closed in its paragraph"
            work.problems.append(MarkupProblem(RULE, message, part, r"close it with `}}`, or write `\{\{`"))
        work.gave_up = not silent
        return False
    if silent:
        state.pos = cloze.end
        return True
    whole = state.src[cloze.start : cloze.end]
    if not work.clozes:
        message = "a cloze cannot stand here; points and `cloze:` cards hold clozes"
        work.problems.append(MarkupProblem(RULE, message, whole, r"take the braces out, or write `\{\{`"))
        return False
    if work.depth == MAX_NESTED:
        work.problems.append(MarkupProblem(RULE, f"Anki nests clozes {MAX_NESTED} deep, no deeper", whole))
        work.gave_up = True
        return False
    number = check(cloze, state.src, work.problems)
    meta = {"blank": work.blank(number, cloze.hint)}
    state.push("cloze_open", "", 1).meta = meta
    stop, state.pos, state.posMax = state.posMax, cloze.answer, cloze.answer_end
    work.depth += 1
    state.md.inline.tokenize(state)
    work.depth -= 1
    state.push("cloze_close", "", -1).meta = meta
    state.pos, state.posMax = cloze.end, stop
    return True


def _stray_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own signature
    """Report a `}}` that closes no cloze; what it is shown as stays the same."""
    work: _Work = state.env["work"]
    if work.clozes and not (work.depth or work.gave_up or silent) and state.src.startswith("}}", state.pos):
        part = state.src[max(0, state.pos - 20) : state.pos + 2].split("\n")[-1]
        message = "this `}}` closes no cloze"
        work.problems.append(MarkupProblem(RULE, message, part, r"open it with `{{`, or write `\}\}`"))
    return False


def _maths_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own signature
    """Read `$...$` and `$$...$$` inside a line; `$5 and $10` is money."""
    match = _MATHS.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        kind = "math_inline" if match[2] else "math_inline_double"
        state.push(kind, "math", 0).content = match[2] or match[1]
    state.pos = match.end()
    return True


def _mark_raw(token: Token, facts: FactIndex, work: _Work) -> None:
    """Mark clozes and facts in code and maths, where Markdown does not reach."""
    content = token.content
    if work.clozes and "{{" in content:
        token.content = _raw_clozes(content, work)
    elif matches := facts.find(content):
        for match in reversed(matches):
            token.content = _insert(token.content, match, work)


def _raw_clozes(content: str, work: _Work) -> str:
    parts: list[str] = []
    done = 0
    while (start := content.find("{{", done)) >= 0 and not work.gave_up:
        cloze = written_at(content, start, len(content))
        if cloze is None or work.depth == MAX_NESTED:
            break  # LaTeX and code are full of braces; only closed pairs are clozes
        number = check(cloze, content, work.problems)
        index = work.blank(number, cloze.hint)
        work.depth += 1
        answer = _raw_clozes(content[cloze.answer : cloze.answer_end], work)
        work.depth -= 1
        parts += (content[done:start], blanked(index, answer))
        done = cloze.end
    return "".join(parts) + content[done:]


def _insert(content: str, match: Match, work: _Work) -> str:
    answer = content[match.start : match.end]
    if answer.count("{") != answer.count("}"):
        return content
    index = work.fact(match.fact)
    return content[: match.start] + blanked(index, answer) + content[match.end :]


def _mark_line(tokens: list[Token], facts: FactIndex, work: _Work) -> list[Token]:
    """Mark the facts of a line, also those that begin or end inside emphasis."""
    for token in tokens:
        if token.type in _CODE | _MATH and work.clozes and "{{" in token.content:
            token.content = _raw_clozes(token.content, work)
    line, starts = _words_of(tokens)
    for match in reversed(facts.find(line)):
        _mark_match(tokens, starts, match, work)
    return tokens


def _words_of(tokens: Sequence[Token]) -> tuple[str, list[int]]:
    """Give the words of a line, and where in them each token begins."""
    parts: list[str] = []
    starts: list[int] = []
    length = inside = 0
    for token in tokens:
        starts.append(length)
        inside += {"cloze_open": 1, "cloze_close": -1}.get(token.type, 0)
        reachable = token.type == "text" or (token.type in _CODE | _MATH and OPEN not in token.content)
        if inside or token.type in ("image", "cloze_close"):
            part = _BARRIER
        elif reachable:
            part = token.content
        else:
            part = " " if token.type in ("softbreak", "hardbreak") else ""
        parts.append(part)
        length += len(part)
    return "".join(parts), starts


def _mark_match(tokens: list[Token], starts: list[int], match: Match, work: _Work) -> None:
    """Put a cloze around a match in `tokens`; matches come last first, so earlier places stay right."""
    first, last = bisect_right(starts, match.start) - 1, bisect_left(starts, match.end) - 1
    if not (_has_words(tokens[first]) and _has_words(tokens[last])):
        return
    if first == last and tokens[first].type in _CODE | _MATH:
        token, start = tokens[first], starts[first]
        inner = Match(match.start - start, match.end - start, match.fact, match.answer)
        token.content = _insert(token.content, inner, work)
        return
    head, tail = match.start - starts[first], match.end - starts[last]
    if (head and tokens[first].type != "text") or (
        tail < len(tokens[last].content) and tokens[last].type != "text"
    ):
        return
    # Emphasis that the fact fills from its first word, or to its last, goes into the cloze with it.
    while head == 0 and first and tokens[first - 1].nesting == 1 and not _balanced(tokens[first : last + 1]):
        first -= 1
    at_end = tail == len(tokens[last].content)
    while (
        at_end
        and last + 1 < len(tokens)
        and tokens[last + 1].nesting == -1
        and not _balanced(tokens[first : last + 1])
    ):
        last += 1
    if not _balanced(tokens[first : last + 1]):
        return
    _wrap(tokens, first, last, head, None if at_end else tail, work.fact(match.fact))


def _wrap(tokens: list[Token], first: int, last: int, head: int, tail: int | None, index: int) -> None:
    """Replace `tokens[first:last + 1]` by the same in a cloze, cut at `head` and `tail` of the outer two."""
    inner = tokens[first : last + 1]
    after: list[Token] = []
    before: list[Token] = []
    if tail is not None:
        inner[-1], rest = _cut(inner[-1], tail)
        after = [rest]
    if head:
        start, inner[0] = _cut(inner[0], head)
        before = [start]
    opening = Token("cloze_open", "", 1, meta={"blank": index})
    closing = Token("cloze_close", "", -1, meta={"blank": index})
    tokens[first : last + 1] = [*before, opening, *inner, closing, *after]


def _cut(token: Token, at: int) -> tuple[Token, Token]:
    return token.copy(content=token.content[:at]), token.copy(content=token.content[at:])


def _has_words(token: Token) -> bool:
    return token.type == "text" or token.type in _CODE | _MATH


def _balanced(tokens: Sequence[Token]) -> bool:
    depth = 0
    for token in tokens:
        depth += token.nesting
        if depth < 0:
            return False
    return depth == 0


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.disable(["html_block", "html_inline"])
    dollarmath_plugin(markdown, allow_labels=False, double_inline=True)
    # The plugin (0.7.0) takes the last character of a line for the one before a `$` that begins the line.
    markdown.inline.ruler.at("math_inline", _maths_rule)
    markdown.inline.ruler.before("math_inline", "cloze", _cloze_rule)
    markdown.inline.ruler.after("math_inline", "stray", _stray_rule)
    for name, rule in _RULES.items():
        markdown.add_render_rule(name, rule)
    return markdown


def _text(_: RendererHTML, tokens: Sequence[Token], at: int, *__: object) -> str:
    return escape_text(tokens[at].content)


def _code_inline(_: RendererHTML, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f"<code>{escape_html(tokens[at].content)}</code>"


def _code(_: RendererHTML, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f"<pre><code>{escape_html(tokens[at].content)}</code></pre>\n"


def _maths(_: RendererHTML, tokens: Sequence[Token], at: int, *__: object) -> str:
    return rf"\({escape_html(tokens[at].content)}\)"


def _display_maths(_: RendererHTML, tokens: Sequence[Token], at: int, *__: object) -> str:
    return rf"\[{escape_html(tokens[at].content.strip())}\]"


def _image(
    _: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    work: _Work = env["work"]
    name = unquote(str(tokens[at].attrs["src"]))
    stored = work.media(name) if work.media else None
    if stored is None:
        if work.media is None:
            work.problems.append(MarkupProblem("media", "a picture cannot stand here", name))
        return ""
    alt = escape_attribute(words("".join(_alt(tokens[at].children or []))))
    return f'<img src="{escape_attribute(stored)}" alt="{alt}">'


def _alt(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        yield escape_html(token.content) if token.type in {"text", "code_inline"} else " "


def _link(_: RendererHTML, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f'<a href="{escape_attribute(str(tokens[at].attrs["href"]))}">'


def _cloze_open(_: RendererHTML, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f"{OPEN}{tokens[at].meta['blank']}{OPENED}"


def _cloze_close(_: RendererHTML, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f"{CLOSE}{tokens[at].meta['blank']}{CLOSED}"


_RULES: dict[str, Any] = {
    "text": _text,
    "code_inline": _code_inline,
    "code_block": _code,
    "fence": _code,
    "math_inline": _maths,
    "math_inline_double": _display_maths,
    "math_block": _display_maths,
    "image": _image,
    "link_open": _link,
    "cloze_open": _cloze_open,
    "cloze_close": _cloze_close,
}
