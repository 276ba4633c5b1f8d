"""What a rule is, and what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mkdeck.checks.sheets import Sheets
    from mkdeck.diagnostics import Severity
    from mkdeck.source import Place


class Finding(NamedTuple):
    """What a rule has to say about the value at `place`, or about the words `part` in it."""

    place: Place
    message: str
    mend: str = ""
    part: str = ""
    other: Place | None = None
    """Of two cards that are alike, the other one; an `allow:` at either is enough."""
    is_mild: bool = False
    """It is a warning, though its rule is an error."""


class Rule(NamedTuple):
    """A rule: its id, whether it stops a build, and the function that finds it, whose docstring is its manual."""

    id: str
    severity: Severity
    check: Callable[[Sheets], Iterator[Finding]] | None
    """None for what is found while a deck is read, compiled or built; its manual is then `manuals/ID.md`."""

    @property
    def manual(self) -> str:
        """What is wrong (the first line), why it matters, a bad and a good example; in Markdown."""
        if self.check is None:
            from importlib.resources import files  # noqa: PLC0415 - a build does not read manuals

            return files("mkdeck.checks").joinpath("manuals", f"{self.id}.md").read_text(encoding="utf-8").rstrip()
        from inspect import getdoc  # noqa: PLC0415

        return getdoc(self.check) or ""

    @property
    def title(self) -> str:
        return self.manual.partition("\n")[0].rstrip(".")

    @property
    def can_be_allowed(self) -> bool:
        """Whether `allow:` may silence it: without a deck that can be read and compiled there are no cards."""
        return self.check is not None


def rule(severity: Severity, check: Callable[[Sheets], Iterator[Finding]]) -> Rule:
    """Make a rule of its function, whose name is the rule's id with `_` for `-`."""
    return Rule(check.__name__.replace("_", "-"), severity, check)
