"""How findings are printed: each format word for word, and what holds for any finding."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema  # type: ignore[import-untyped, unused-ignore]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdeck import Diagnostic, Severity, Span
from mkdeck.checks.rules import Rule
from mkdeck.diagnostics import printable
from mkdeck.reports import artifact_uri, to_github, to_json, to_sarif, to_text
from mkdeck.source import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdeck.checks.rules import Finding
    from mkdeck.checks.sheets import Sheets

E, W = Severity.ERROR, Severity.WARNING


def leak(_: Sheets) -> Iterator[Finding]:
    """The answer stands on its own front.

    Then the learner reads it
    and recalls nothing.

    ```yaml
    - The {{grain}} crisis was a crisis of grain.
    ```
    """
    yield from ()


def long(_: Sheets) -> Iterator[Finding]:
    """A front is too long"""
    yield from ()


def without_a_manual(_: Sheets) -> Iterator[Finding]:
    yield from ()


RULES = [
    Rule("answer-leak", E, leak),
    Rule("text-too-long", W, long),
    Rule("syntax", E, without_a_manual),
]
LEAK = """The answer stands on its own front.

Then the learner reads it
and recalls nothing.

```yaml
- The {{grain}} crisis was a crisis of grain.
```"""


def at(path: str, text: str, part: str) -> Span:
    """Give the place of `part` in a file."""
    return Lines(path, text).span(text.index(part), len(part))


GRAIN = at("decks/d.yaml", "a: b\nc: The grain crisis\n", "grain")

FINDINGS: dict[str, Diagnostic] = {
    "an error": Diagnostic("answer-leak", "the front says it", GRAIN),
    "a warning with a mend": Diagnostic("text-too-long", "41 words", GRAIN, "cut it", W),
    "the whole file": Diagnostic("syntax", "the file is empty", Span("d.yaml"), "write a deck"),
    "a deck without a file": Diagnostic("answer-leak", "it leaks", Span(place="reasons[0].points[2]")),
    "a deck and nothing else": Diagnostic("syntax", "it is empty"),
    "a line without its text": Diagnostic("syntax", "this is wrong", Span("d.yaml", 3, 1)),
    "a line without a column": Diagnostic("syntax", "this is wrong", Span("d.yaml", 3)),
    "wide characters": Diagnostic("answer-leak", "「農業」", at("d.yaml", "集: 農業", "農業"), "農", W),
    "Hebrew": Diagnostic("answer-leak", "שלום", at("d.yaml", "א: שלום ב", "שלום")),
    "outside the first plane": Diagnostic("syntax", "😀", at("😀.yaml", "a: 😀😀 b", "b")),
    "clozes and links": Diagnostic("answer-leak", "{{a::b}} in [x](http://y)", Span("d.yaml"), "{c}"),
    "signs that act on a terminal": Diagnostic(
        "syntax", "\x1b[31mred\x9b\u202e\x07", at("\x1b.yaml", "a: \x1b[31m", "\x1b"), "no \x1b[2J"
    ),
    "messages of many lines": Diagnostic("syntax", "a\r\nb\u2028::error::c", Span("d.yaml"), "x\ny"),
    "percent signs": Diagnostic("syntax", "35%, %0A", Span("100%0A.yaml"), "36%"),
    "a hostile name": Diagnostic("syntax", "a, b: c", Span("my \"de\nck', ::x.yaml", 1, 2)),
    "a name that is no Unicode": Diagnostic("syntax", "wrong", Span("gr\udcfcn.yaml")),
    "half of a pair": Diagnostic("syntax", "wr\ud800ng", Span("\ud83d.yaml")),
    "an absolute path": Diagnostic("syntax", "wrong", Span("/tmp/a b/d.yaml")),
}

TEXT: dict[str, list[str]] = {
    "an error": [
        "decks/d.yaml:2:8: error[answer-leak]: the front says it",
        " 2 | c: The grain crisis",
        "   |        ^^^^^",
    ],
    "a warning with a mend": [
        "decks/d.yaml:2:8: warning[text-too-long]: 41 words",
        " 2 | c: The grain crisis",
        "   |        ^^^^^",
        "   mend: cut it",
    ],
    "the whole file": ["d.yaml: error[syntax]: the file is empty", "   mend: write a deck"],
    "a deck without a file": ["reasons[0].points[2]: error[answer-leak]: it leaks"],
    "a deck and nothing else": ["deck: error[syntax]: it is empty"],
    "a line without its text": ["d.yaml:3:1: error[syntax]: this is wrong"],
    "a line without a column": ["d.yaml:3:0: error[syntax]: this is wrong"],
    "wide characters": [
        "d.yaml:1:4: warning[answer-leak]: 「農業」",
        " 1 | 集: 農業",
        "   |     ^^^^",
        "   mend: 農",
    ],
    "Hebrew": ["d.yaml:1:4: error[answer-leak]: שלום", " 1 | א: שלום ב", "   |    ^^^^"],
    "outside the first plane": ["😀.yaml:1:7: error[syntax]: 😀", " 1 | a: 😀😀 b", "   |         ^"],
    "clozes and links": ["d.yaml: error[answer-leak]: {{a::b}} in [x](http://y)", "   mend: {c}"],
    "signs that act on a terminal": [
        "�.yaml:1:4: error[syntax]: �[31mred���",
        " 1 | a: �[31m",
        "   |    ^",
        "   mend: no �[2J",
    ],
    "messages of many lines": ["d.yaml: error[syntax]: a��b�::error::c", "   mend: x�y"],
    "percent signs": ["100%0A.yaml: error[syntax]: 35%, %0A", "   mend: 36%"],
    "a hostile name": ["my \"de�ck', ::x.yaml:1:2: error[syntax]: a, b: c"],
    "a name that is no Unicode": ["gr�n.yaml: error[syntax]: wrong"],
    "half of a pair": ["�.yaml: error[syntax]: wr�ng"],
    "an absolute path": ["/tmp/a b/d.yaml: error[syntax]: wrong"],
}


@pytest.mark.parametrize("name", FINDINGS)
def test_text(name: str) -> None:
    """A finding is told as `Diagnostic.show()` tells it, and counted; without colour there is no escape."""
    problem = FINDINGS[name]
    *lines, summary = to_text([problem], colour=False).split("\n")
    assert lines == TEXT[name]
    counted = "1 error" if problem.severity is E else "1 warning"
    assert summary == (f"{counted} in 1 file" if problem.span.path else counted)


@pytest.mark.parametrize("name", FINDINGS)
def test_colours_add_no_text(name: str) -> None:
    """What is coloured is the text that is printed without colours, and every colour ends on its line."""
    problem = FINDINGS[name]
    coloured = to_text([problem], colour=True)
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == to_text([problem], colour=False)
    for line in coloured.split("\n"):
        assert re.fullmatch("([^\x1b]|\x1b\\[[0-9;]+m[^\x1b]*\x1b\\[0m)*", line)


def test_colours() -> None:
    """Errors are red, warnings yellow, carets green, mends cyan, and the place is bold."""
    names = ("an error", "a warning with a mend")
    assert to_text([FINDINGS[name] for name in names], colour=True).split("\n") == [
        "\x1b[1mdecks/d.yaml:2:8\x1b[0m: \x1b[1;31merror[answer-leak]\x1b[0m: the front says it",
        " 2 | c: The grain crisis",
        "   |        \x1b[1;32m^^^^^\x1b[0m",
        "\x1b[1mdecks/d.yaml:2:8\x1b[0m: \x1b[1;33mwarning[text-too-long]\x1b[0m: 41 words",
        " 2 | c: The grain crisis",
        "   |        \x1b[1;32m^^^^^\x1b[0m",
        "\x1b[36m   mend: cut it\x1b[0m",
        "1 error, 1 warning in 1 file",
    ]


SUMMARIES: dict[str, tuple[list[Diagnostic], str]] = {
    "errors and warnings": (
        [Diagnostic("a", "b", Span("x")), Diagnostic("a", "c", Span("x")), Diagnostic("a", "b", Span("y"), "", W)],
        "2 errors, 1 warning in 2 files",
    ),
    "warnings": ([Diagnostic("a", c, Span("x"), "", W) for c in "bc"], "2 warnings in 1 file"),
    "a file and a deck without one": (
        [Diagnostic("a", "b", Span("x")), Diagnostic("a", "c")],
        "2 errors in 1 file",
    ),
    "no file": ([Diagnostic("a", "b", Span(place="reasons[0]"))], "1 error"),
    "nothing": ([], ""),
}


@pytest.mark.parametrize("name", SUMMARIES)
def test_summary(name: str) -> None:
    """The last line counts what there is, in how many files; nothing is said about nothing."""
    problems, expected = SUMMARIES[name]
    assert to_text(problems, colour=False).split("\n")[-1] == expected


def test_json_word_for_word() -> None:
    """The document is indented and readable; what is not there is null."""
    assert to_json(
        [FINDINGS["wide characters"], FINDINGS["a deck without a file"]], [Path("d.yaml"), "農.yaml"]
    ) == (
        """{
 "version": 1,
 "files": [
  "d.yaml",
  "農.yaml"
 ],
 "summary": {
  "errors": 1,
  "warnings": 1
 },
 "findings": [
  {
   "rule": "answer-leak",
   "severity": "warning",
   "message": "「農業」",
   "mend": "農",
   "path": "d.yaml",
   "line": 1,
   "column": 4,
   "place": null
  },
  {
   "rule": "answer-leak",
   "severity": "error",
   "message": "it leaks",
   "mend": null,
   "path": null,
   "line": null,
   "column": null,
   "place": "reasons[0].points[2]"
  }
 ]
}"""
    )


def test_json_of_nothing() -> None:
    """A deck without findings is in the list of files, and the lists and counts are there."""
    assert json.loads(to_json([], ["d.yaml"])) == {
        "version": 1,
        "files": ["d.yaml"],
        "summary": {"errors": 0, "warnings": 0},
        "findings": [],
    }


def test_json_escapes_what_acts_on_a_terminal() -> None:
    """A terminal that shows the document shows it; what no Unicode text can hold is replaced."""
    document = to_json([FINDINGS["signs that act on a terminal"], FINDINGS["half of a pair"]], ["gr\udcfcn.yaml"])
    assert r'"message": "\u001b[31mred\u009b\u202e\u0007"' in document
    assert '"wr�ng"' in document
    assert '"gr�n.yaml"' in document
    assert document.replace("\n", "").isprintable()


GITHUB: dict[str, str] = {
    "an error": "::error file=decks/d.yaml,line=2,col=8,title=mkdeck answer-leak::the front says it",
    "a warning with a mend": (
        "::warning file=decks/d.yaml,line=2,col=8,title=mkdeck text-too-long::41 words%0Amend: cut it"
    ),
    "the whole file": "::error file=d.yaml,title=mkdeck syntax::the file is empty%0Amend: write a deck",
    "a deck without a file": "::error title=mkdeck answer-leak::reasons[0].points[2]: it leaks",
    "a deck and nothing else": "::error title=mkdeck syntax::it is empty",
    "a line without its text": "::error file=d.yaml,line=3,col=1,title=mkdeck syntax::this is wrong",
    "a line without a column": "::error file=d.yaml,line=3,title=mkdeck syntax::this is wrong",
    "wide characters": "::warning file=d.yaml,line=1,col=4,title=mkdeck answer-leak::「農業」%0Amend: 農",
    "Hebrew": "::error file=d.yaml,line=1,col=4,title=mkdeck answer-leak::שלום",
    "outside the first plane": "::error file=😀.yaml,line=1,col=7,title=mkdeck syntax::😀",
    "clozes and links": (
        "::error file=d.yaml,title=mkdeck answer-leak::{{a::b}} in [x](http://y)%0Amend: {c}"
    ),
    "signs that act on a terminal": (
        "::error file=�.yaml,line=1,col=4,title=mkdeck syntax::�[31mred���%0Amend: no �[2J"
    ),
    "messages of many lines": "::error file=d.yaml,title=mkdeck syntax::a%0D%0Ab�::error::c%0Amend: x%0Ay",
    "percent signs": "::error file=100%250A.yaml,title=mkdeck syntax::35%25, %250A%0Amend: 36%25",
    "a hostile name": (
        "::error file=my \"de%0Ack'%2C %3A%3Ax.yaml,line=1,col=2,title=mkdeck syntax::a, b: c"
    ),
    "a name that is no Unicode": "::error file=gr�n.yaml,title=mkdeck syntax::wrong",
    "half of a pair": "::error file=�.yaml,title=mkdeck syntax::wr�ng",
    "an absolute path": "::error file=/tmp/a b/d.yaml,title=mkdeck syntax::wrong",
}  # fmt: skip


@pytest.mark.parametrize("name", FINDINGS)
def test_github(name: str) -> None:
    """A finding is one workflow command, whatever is in it."""
    assert to_github([FINDINGS[name]]) == GITHUB[name]


def test_github_has_one_command_a_line() -> None:
    """Commands stand on lines of their own, in the order of the findings; nothing is said about nothing."""
    assert to_github(FINDINGS.values()).split("\n") == [GITHUB[name] for name in FINDINGS]
    assert to_github([]) == ""


def in_file(uri: str, **region: int) -> list[dict[str, Any]]:
    """Give the locations of a result in a file."""
    artifact = {"artifactLocation": {"uri": uri}}
    return [{"physicalLocation": artifact | {"region": region} if region else artifact}]


SARIF: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "an error": ("the front says it", in_file("decks/d.yaml", startLine=2, startColumn=8, endColumn=13)),
    "a warning with a mend": (
        "41 words\nmend: cut it", in_file("decks/d.yaml", startLine=2, startColumn=8, endColumn=13),
    ),
    "the whole file": ("the file is empty\nmend: write a deck", in_file("d.yaml")),
    "a deck without a file": ("it leaks", [{"logicalLocations": [{"fullyQualifiedName": "reasons[0].points[2]"}]}]),
    "a deck and nothing else": ("it is empty", []),
    "a line without its text": ("this is wrong", in_file("d.yaml", startLine=3, startColumn=1, endColumn=2)),
    "a line without a column": ("this is wrong", in_file("d.yaml", startLine=3)),
    "wide characters": ("「農業」\nmend: 農", in_file("d.yaml", startLine=1, startColumn=4, endColumn=6)),
    "Hebrew": ("שלום", in_file("d.yaml", startLine=1, startColumn=4, endColumn=8)),
    "outside the first plane": ("😀", in_file("%F0%9F%98%80.yaml", startLine=1, startColumn=7, endColumn=8)),
    "clozes and links": ("{{{{a::b}}}} in [x\\](http://y)\nmend: {{c}}", in_file("d.yaml")),
    "signs that act on a terminal": (
        "\x1b[31mred\x9b\u202e\x07\nmend: no \x1b[2J",
        in_file("%1B.yaml", startLine=1, startColumn=4, endColumn=5),
    ),
    "messages of many lines": ("a\r\nb\u2028::error::c\nmend: x\ny", in_file("d.yaml")),
    "percent signs": ("35%, %0A\nmend: 36%", in_file("100%250A.yaml")),
    "a hostile name": (
        "a, b: c", in_file("my%20%22de%0Ack%27%2C%20%3A%3Ax.yaml", startLine=1, startColumn=2, endColumn=3),
    ),
    "a name that is no Unicode": ("wrong", in_file("gr%FCn.yaml")),
    "half of a pair": ("wr�ng", in_file("%EF%BF%BD.yaml")),
    "an absolute path": ("wrong", in_file("file:///tmp/a%20b/d.yaml")),
}  # fmt: skip


@pytest.fixture(scope="module")
def sarif() -> Any:
    """The validator of the official schema."""
    path = Path(__file__).parent / "data/sarif-schema-2.1.0.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


@pytest.mark.parametrize("name", FINDINGS)
def test_sarif_results(name: str, sarif: Any) -> None:
    """A finding is a valid result: its rule, level, message with the mend, and location."""
    problem = FINDINGS[name]
    log = json.loads(to_sarif([problem], RULES, "1.0"))
    sarif.validate(log)
    message, locations = SARIF[name]
    assert log["runs"][0]["results"] == [
        {
            "ruleId": problem.rule,
            "level": problem.severity.value,
            "message": {"text": message},
            "ruleIndex": [rule.id for rule in RULES].index(problem.rule),
            **({"locations": locations} if locations else {}),
        }
    ]


def test_sarif_run(sarif: Any) -> None:
    """A log says which tool of which version ran, counts columns in characters, and holds every rule's manual."""
    log = json.loads(to_sarif([], RULES, "1.2.3"))
    sarif.validate(log)
    assert log.keys() == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    assert log["$schema"] == sarif.schema["id"]
    (run,) = log["runs"]
    assert run == {
        "tool": {"driver": {"name": "mkdeck", "version": "1.2.3", "rules": run["tool"]["driver"]["rules"]}},
        "columnKind": "unicodeCodePoints",
        "results": [],
    }
    assert run["tool"]["driver"]["rules"] == [
        {
            "id": "answer-leak",
            "shortDescription": {"text": "The answer stands on its own front"},
            "fullDescription": {
                "text": "The answer stands on its own front. Then the learner reads it and recalls nothing."
            },
            "help": {"text": LEAK, "markdown": LEAK},
            "defaultConfiguration": {"level": "error"},
        },
        {
            "id": "text-too-long",
            "shortDescription": {"text": "A front is too long"},
            "fullDescription": {"text": "A front is too long"},
            "help": {"text": "A front is too long", "markdown": "A front is too long"},
            "defaultConfiguration": {"level": "warning"},
        },
        {
            "id": "syntax",
            "shortDescription": {"text": "syntax"},
            "fullDescription": {"text": "syntax"},
            "help": {"text": "syntax", "markdown": "syntax"},
            "defaultConfiguration": {"level": "error"},
        },
    ]


def test_sarif_of_a_rule_that_is_not_in_the_table(sarif: Any) -> None:
    """A finding of an unknown rule is a result without an index; a rule that is given twice is one rule."""
    log = json.loads(to_sarif([Diagnostic("new", "wrong")], [*RULES, RULES[0]], "1"))
    sarif.validate(log)
    (run,) = log["runs"]
    assert run["results"] == [{"ruleId": "new", "level": "error", "message": {"text": "wrong"}}]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.id for rule in RULES]


def test_sarif_names_the_place_in_a_file_too() -> None:
    """A place in a deck stands beside the file that it is in."""
    (result,) = json.loads(to_sarif([Diagnostic("new", "wrong", Span("d.yaml", place="id"))], [], "1"))["runs"][0][
        "results"
    ]
    assert result["locations"] == [{**in_file("d.yaml")[0], "logicalLocations": [{"fullyQualifiedName": "id"}]}]


URIS: dict[str, tuple[PurePath, str]] = {
    "beside": (PurePosixPath("d.yaml"), "d.yaml"),
    "the folder's own name": (PurePosixPath("./decks//d.yaml"), "decks/d.yaml"),
    "a folder above": (PurePosixPath("../d.yaml"), "../d.yaml"),
    "what looks like a scheme": (PurePosixPath("http:x/d.yaml"), "http%3Ax/d.yaml"),
    "a query and a fragment": (PurePosixPath("a?b#c[d].yaml"), "a%3Fb%23c%5Bd%5D.yaml"),
    "a backslash in a name": (PurePosixPath("a\\b.yaml"), "a%5Cb.yaml"),
    "absolute": (PurePosixPath("/decks/é.yaml"), "file:///decks/%C3%A9.yaml"),
    "two slashes": (PurePosixPath("//decks/d.yaml"), "file:////decks/d.yaml"),
    "Windows": (PureWindowsPath("decks\\d e.yaml"), "decks/d%20e.yaml"),
    "a drive": (PureWindowsPath("C:\\decks\\d e.yaml"), "file:///C:/decks/d%20e.yaml"),
    "a share": (PureWindowsPath("\\\\host\\share\\d e.yaml"), "file://host/share/d%20e.yaml"),
}


@pytest.mark.parametrize("name", URIS)
def test_uris(name: str) -> None:
    """A path is written as the URI that leads to it, on every system."""
    path, uri = URIS[name]
    assert artifact_uri(path) == uri


# Any text there is, with halves of pairs; Anki's and YAML's signs and those of the formats come often.
texts = st.text(
    st.one_of(st.sampled_from("%:,\r\n\x1b{}[]()\\\"' /\u2028\ud800\udcff"), st.characters()), max_size=20
)
spans = st.builds(
    Span, path=texts, line=st.integers(0, 3), column=st.integers(0, 3), place=texts, length=st.integers(1, 5)
) | st.builds(lambda text: Lines("d.yaml", text).span(len(text) // 2, 3), texts)
diagnostics = st.builds(
    Diagnostic,
    rule=st.sampled_from([*(rule.id for rule in RULES), "new"]),
    message=texts,
    span=spans,
    mend=texts,
    severity=st.sampled_from(Severity),
)
reports = st.lists(diagnostics, max_size=4)


def as_unicode(text: str | None) -> str:
    """Replace what no Unicode text can hold."""
    return re.sub("[\ud800-\udfff]", "�", text or "")


@given(reports)
def test_any_findings_as_text(problems: list[Diagnostic]) -> None:
    """No finding acts on a terminal, and colours change nothing but the colour."""
    plain, coloured = to_text(problems, colour=False), to_text(problems, colour=True)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", plain)
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == plain


@given(reports, st.lists(texts, max_size=3))
def test_any_findings_as_json(problems: list[Diagnostic], files: list[str]) -> None:
    """What goes in comes out, as UTF-8 that shows itself on a terminal."""
    document = to_json(problems, files)
    assert document.replace("\n", "").isprintable()
    data = json.loads(document.encode())
    assert data["files"] == list(map(as_unicode, files))
    assert sum(data["summary"].values()) == len(data["findings"]) == len(problems)
    for found, problem in zip(data["findings"], problems, strict=True):
        span = problem.span
        said = (found["rule"], found["severity"], found["message"], found["line"] or 0, found["column"] or 0)
        message = as_unicode(problem.message)
        assert said == (problem.rule, problem.severity.value, message, span.line, span.column)
        for value, text in (("mend", problem.mend), ("path", span.path), ("place", span.place)):
            assert found[value] == (as_unicode(text) or None)


def unescaped(text: str) -> str:
    """Read what GitHub's runner reads, `%25` last."""
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def as_shown(text: str) -> str:
    """Give what a workflow command carries of a text: the ends of its lines, and what can be printed."""
    return "".join(char if char in "\r\n" else printable(char) for char in text)


@given(reports)
def test_any_findings_for_github(problems: list[Diagnostic]) -> None:
    """Each finding is one line, and one command: its properties and its data are those that went in."""
    lines = to_github(problems).splitlines()
    assert len(lines) == len(problems)
    for line, problem in zip(lines, problems, strict=True):
        assert not re.search("[\x00-\x08\x0a-\x1f\x7f-\x9f]", line)
        _, head, data = line.split("::", 2)
        command, _, pairs = head.partition(" ")
        properties = {key: unescaped(value) for key, _, value in (pair.partition("=") for pair in pairs.split(","))}
        assert command == problem.severity.value
        assert properties["title"] == f"mkdeck {problem.rule}"
        assert properties.get("file", "") == as_shown(problem.span.path)
        mend = f"\nmend: {problem.mend}" if problem.mend else ""
        place = "" if problem.span.path or not problem.span.place else f"{problem.span.place}: "
        assert unescaped(data) == as_shown(f"{place}{problem.message}{mend}")


@given(problems=reports)
def test_any_findings_as_sarif(problems: list[Diagnostic], sarif: Any) -> None:
    """The log is valid, an index leads to the rule that an id names, and a URI to the file."""
    log = json.loads(to_sarif(problems, RULES, "1").encode())
    sarif.validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(problems)
    for result, problem in zip(run["results"], problems, strict=True):
        assert result["ruleId"] == problem.rule
        assert ("ruleIndex" in result) == (problem.rule != "new")
        assert problem.rule == "new" or rules[result["ruleIndex"]]["id"] == problem.rule
        if problem.span.path:
            uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"(file://)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri)
            name = unquote_to_bytes(uri.removeprefix("file://")).decode("utf-8", "surrogateescape")
            assert name == re.sub("[\ud800-\udc7f\udd00-\udfff]", "�", PurePath(problem.span.path).as_posix())
            assert urlsplit(uri).scheme == ("file" if PurePath(problem.span.path).is_absolute() else "")
