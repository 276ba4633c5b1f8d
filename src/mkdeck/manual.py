"""The manual of the rules: all in one list, one by one, and as a page of Markdown."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from mkdeck.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdeck.checks.rules import Rule

_LONGEST_NAME = 60
"""Characters up to which a name may be a misspelt id."""
_LINK = re.compile(r"\[([^\]\n]+)\]\(([\w-]+\.md)?(?:#[\w-]+)?\)")
"""A link to a page in docs/, or to a heading of the same page."""

_INTRO = """\
# Rules

`mkdeck check` looks for all that is on this page but `lock`, in every deck it is given, and writes nothing.
`mkdeck build` looks for the errors. What they find is said like this:

```text
decks/cold-war.yaml:9:9: error[fact-not-used]: `Long Telegramm` stands in no point
 9 |       - Long Telegramm
   |         ^
   mend: the nearest text is `Long Telegram`; write it the same, or add it under `also:`
```

That is the file, the line, the column, the severity, the rule's id in brackets, what is wrong, the line itself, and
how to mend it. `mkdeck rules ID` prints what this page has on one rule, `mkdeck rules` lists them all.

All findings of all decks come in one run: how YAML reads a file, the shape of the deck, and, if that is right, what
shows only when cards are made. So a file whose shape was wrong may show new findings once it is mended.

**Errors and warnings.** An error stops a build: mkdeck prints every error and writes nothing. A warning is advice
on a card that can be made but is hard to learn; it stops nothing, unless you ask for that with
`mkdeck check --strict`.

**Exit status.** 0 if all is well, 1 if there are errors (with `--strict`, errors or warnings), 2 for a wrong use of
the command line.

**Silencing.** Where you know better than a rule, say so with `allow:`, and why in a comment. It can stand in the
deck, a reason, a point, a term, the judgement or a card, and holds for that and for all below it. An `allow:` that
silences nothing is itself a warning. Rules that are not about a card cannot be silenced; each of them says so.

```yaml
cards:
  - front: Which planets circle the Sun, from the innermost to the outermost?
    back: Mercury, Venus, Earth, Mars, Jupiter, Saturn, Uranus, Neptune
    allow: [enumeration-too-long]  # everybody learns them in one go
```
"""

_END = "This page is what `mkdeck rules --all` prints."


def overview(rules: Iterable[Rule]) -> str:
    """Give one line a rule: its id, its severity and what is wrong; errors first, then by the alphabet."""
    rows = in_order(rules)
    width = max((len(each.id) for each in rows), default=0)
    return "\n".join(f"{each.id:{width}}  {each.severity:7}  {each.title}" for each in rows)


def sheet(rule: Rule) -> str:
    """Give the manual of one rule as a terminal shows it: a link is the name of its page."""
    text = _LINK.sub(lambda link: f"{link[1]} (docs/{link[2]})" if link[2] else link[1], rule.manual)
    return f"{rule.id}: {_standing(rule)}\n\n{text}"


def page(rules: Iterable[Rule]) -> str:
    """Give the manual of all rules in Markdown, as it stands in docs/rules.md."""
    rows = in_order(rules)
    table = ["| rule | severity | what is wrong |", "|---|---|---|"]
    table += [f"| [`{each.id}`](#{each.id}) | {each.severity} | {_cell(each.title)} |" for each in rows]
    sections = [f"## {each.id}\n\n{_standing(each).capitalize()}\n\n{each.manual}\n" for each in rows]
    return "\n".join([_INTRO, *table, "", *sections, _END, ""])


def near(name: str, rules: Iterable[Rule]) -> str | None:
    """Give the id that `name` is nearly, if there is one."""
    if len(name) > _LONGEST_NAME:
        return None
    word = re.sub(r"[\s_]+", "-", name.strip().lower())
    return next(iter(difflib.get_close_matches(word, [each.id for each in rules], 1)), None)


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """Sort rules: errors, then warnings, each by their ids."""
    return sorted(rules, key=lambda each: (each.severity is not Severity.ERROR, each.id))


def _standing(rule: Rule) -> str:
    what = "an error" if rule.severity is Severity.ERROR else "a warning"
    return f"{what}." if rule.can_be_allowed else f"{what}; `allow:` cannot silence it."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
