"""How findings are printed: for people, for programs, for GitHub's annotations and as SARIF 2.1.0."""

from __future__ import annotations

import json
import os
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mkdeck.diagnostics import Severity, printable
from mkdeck.outlook import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mkdeck.checks.rules import Rule
    from mkdeck.diagnostics import Diagnostic, Span

VERSION = 1
"""Of the JSON document: a new key does not change it; one that is taken out or gets another meaning does."""

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BOLD, _CYAN, _GREEN, _PLAIN = "\x1b[1m", "\x1b[36m", "\x1b[1;32m", "\x1b[0m"
_COLOURS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}
_NOT_IN_A_NAME = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Surrogates that do not stand for a byte of a file's name."""


def to_text(problems: Sequence[Diagnostic], *, colour: bool) -> str:
    """Give each finding with its source line and its mend, then how many there are; nothing if there are none.

    Without `colour` there is no escape sequence in it, whatever a deck holds.
    """
    if not problems:
        return ""
    shown = [_coloured(each) if colour else each.show() for each in problems]
    counts = _counts(problems)
    said = [count(number, what) for what, number in (("error", counts[0]), ("warning", counts[1])) if number]
    files = {each.span.path for each in problems if each.span.path}
    return "\n".join([*shown, ", ".join(said) + (f" in {count(len(files), 'file')}" if files else "")])


def to_json(problems: Sequence[Diagnostic], files: Iterable[str | os.PathLike[str]]) -> str:
    """Give the report for programs, on the files that were checked; docs/check.md describes it."""
    errors, warnings = _counts(problems)
    return _json(
        {
            "version": VERSION,
            "files": [os.fspath(file) for file in files],
            "summary": {"errors": errors, "warnings": warnings},
            "findings": [_finding(each) for each in problems],
        }
    )


def to_github(problems: Iterable[Diagnostic]) -> str:
    """Give workflow commands, one a line, which GitHub Actions shows beside the lines of a pull request."""
    return "\n".join(map(_command, problems))


def to_sarif(problems: Iterable[Diagnostic], rules: Iterable[Rule], version: str) -> str:
    """Give a SARIF log of one run, by mkdeck of this `version`, with every rule it could have found broken."""
    table = {rule.id: rule for rule in rules}
    index = {name: number for number, name in enumerate(table)}
    driver = {"name": "mkdeck", "version": version, "rules": [_descriptor(rule) for rule in table.values()]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index) for each in problems],
    }
    return _json({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def artifact_uri(path: PurePath) -> str:
    """Give the URI of a file: relative for a relative path, `file:` for an absolute one."""
    name = path.as_posix()
    if not path.is_absolute():
        return _quoted(name)
    if path.drive.endswith(":"):
        return f"file:///{path.drive}{_quoted(name[len(path.drive) :])}"
    return ("file:" if path.drive else "file://") + _quoted(name)


def _quoted(name: str) -> str:
    """Percent-encode a name, byte by byte as the file system has it; `:` too, which could end a scheme."""
    return quote(_NOT_IN_A_NAME.sub("\N{REPLACEMENT CHARACTER}", name).encode("utf-8", "surrogateescape"), safe="/")


def _counts(problems: Iterable[Diagnostic]) -> tuple[int, int]:
    """Count errors and warnings."""
    are_errors = [each.severity is Severity.ERROR for each in problems]
    return sum(are_errors), len(are_errors) - sum(are_errors)


def _coloured(problem: Diagnostic) -> str:
    """Colour the lines of `show()`: the severity and the rule, the carets and the mend."""
    first, *rest = problem.show().split("\n")
    # What is printable is as long as what it is made of, so lengths tell the parts of the line.
    where, label = len(str(problem.span)), len(f"{problem.severity}[{problem.rule}]")
    said = where + len(": ") + label
    severity = f"{_COLOURS[problem.severity]}{first[said - label : said]}{_PLAIN}"
    lines = [f"{_BOLD}{first[:where]}{_PLAIN}: {severity}{first[said:]}"]
    mend = [f"{_CYAN}{rest.pop()}{_PLAIN}"] if problem.mend else []
    if rest:
        *source, carets = rest
        gutter = carets.rstrip("^")
        lines += [*source, f"{gutter}{_GREEN}{carets[len(gutter) :]}{_PLAIN}"]
    return "\n".join(lines + mend)


def _finding(problem: Diagnostic) -> dict[str, Any]:
    span = problem.span
    return {
        "rule": problem.rule,
        "severity": problem.severity.value,
        "message": problem.message,
        "mend": problem.mend or None,
        "path": span.path or None,
        "line": span.line or None,
        "column": span.column or None,
        "place": span.place or None,
    }


def _command(problem: Diagnostic) -> str:
    span = problem.span
    known: dict[str, str | int] = {"file": span.path, "line": span.line, "col": span.column}
    properties = {name: str(value) for name, value in known.items() if value} | {"title": f"mkdeck {problem.rule}"}
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    place = f"{span.place}: " if span.place and not span.path else ""
    return f"::{problem.severity} {said}::{_data(place + _message(problem))}"


def _message(problem: Diagnostic) -> str:
    return f"{problem.message}\nmend: {problem.mend}" if problem.mend else problem.message


def _data(text: str) -> str:
    """Escape as the runner unescapes; then nothing is left that ends a line or acts on a terminal."""
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _descriptor(rule: Rule) -> dict[str, Any]:
    manual = rule.manual or rule.id
    why = " ".join(" ".join(manual.split("\n\n")[:2]).split())
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title or rule.id},
        "fullDescription": {"text": why or rule.id},
        "help": {"text": manual, "markdown": manual},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(problem: Diagnostic, index: Mapping[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.rule,
        "level": problem.severity.value,
        "message": {"text": _message_string(_message(problem))},
    }
    if problem.rule in index:
        result["ruleIndex"] = index[problem.rule]
    if location := _location(problem.span):
        result["locations"] = [location]
    return result


def _message_string(text: str) -> str:
    """Keep SARIF from reading clozes as placeholders (section 3.11.5) and Markdown as a link (3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def _location(span: Span) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if span.path:
        location["physicalLocation"] = {"artifactLocation": {"uri": artifact_uri(PurePath(span.path))}}
        if span.line:
            location["physicalLocation"]["region"] = _region(span)
    if span.place:
        location["logicalLocations"] = [{"fullyQualifiedName": span.place}]
    return location


def _region(span: Span) -> dict[str, int]:
    if not span.column:
        return {"startLine": span.line}
    return {"startLine": span.line, "startColumn": span.column, "endColumn": span.column + span.length}


def _json(data: Mapping[str, Any]) -> str:
    """Write JSON that reads well and passes everywhere: what cannot be printed is escaped.

    Half of a surrogate pair, as in a name that is no Unicode, is replaced: many readers would refuse the
    whole document.
    """
    lines = json.dumps(data, ensure_ascii=False, indent=1).split("\n")
    return "\n".join(line if line.isprintable() else "".join(map(_escaped, line)) for line in lines)


def _escaped(char: str) -> str:
    if char.isprintable():
        return char
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= char <= "\udfff" else json.dumps(char)[1:-1]
