"""How findings are told: the line, the source with carets below it, the mend, and their order."""

from __future__ import annotations

import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdeck import DeckError, Diagnostic, Severity, Span
from mkdeck.deck import from_source
from mkdeck.diagnostics import in_order, printable
from mkdeck.source import Lines, parse


def shown(text: str, part: str, mend: str = "") -> str:
    """Show a finding about the first `part` of a file."""
    span = Lines("d.yaml", text).span(text.index(part), len(part))
    return Diagnostic("value", "this is wrong", span, mend).show()


SHOWN: dict[str, tuple[str, str, list[str]]] = {
    "a word": (
        "deck: D\nid: a b\n",
        "a b",
        ["d.yaml:2:5: error[value]: this is wrong", " 2 | id: a b", "   |     ^^^"],
    ),
    "in a line of two digits": (
        "\n" * 9 + "id: a b\n",
        "a b",
        ["d.yaml:10:5: error[value]: this is wrong", " 10 | id: a b", "    |     ^^^"],
    ),
    "after wide characters": (
        "集団化: 農業 x\n",
        "x",
        ["d.yaml:1:9: error[value]: this is wrong", " 1 | 集団化: 農業 x", "   |              ^"],
    ),
    "of wide characters": (
        "a: 農業 b\n",
        "農業",
        ["d.yaml:1:4: error[value]: this is wrong", " 1 | a: 農業 b", "   |    ^^^^"],
    ),
    "after characters outside the first plane": (
        "a: 😀😀 b\n",
        "b",
        ["d.yaml:1:7: error[value]: this is wrong", " 1 | a: 😀😀 b", "   |         ^"],
    ),
    "after accents that are characters of their own": (
        "a: e\u0301te\u0301 b\n",
        "b",
        ["d.yaml:1:10: error[value]: this is wrong", " 1 | a: e\u0301te\u0301 b", "   |        ^"],
    ),
    "of an accent": (
        "a: e\u0301\n",
        "\u0301",
        ["d.yaml:1:5: error[value]: this is wrong", " 1 | a: e\u0301", "   |     ^"],
    ),
    "after the marks of an Indian script": (
        "a: हिन्दी b\n",
        "b",
        ["d.yaml:1:11: error[value]: this is wrong", " 1 | a: हिन्दी b", "   |          ^"],
    ),
    "after joiners": (
        "a: می\u200cخواهم b\n",
        "b",
        ["d.yaml:1:13: error[value]: this is wrong", " 1 | a: می\u200cخواهم b", "   |            ^"],
    ),
    "after a tab": (
        "a:\tb c\n",
        "c",
        ["d.yaml:1:6: error[value]: this is wrong", " 1 | a:\tb c", "   |   \t  ^"],
    ),
    "after blanks that do not break": (
        "a: 1928\u00a0г. 一\u3000二\n",
        "二",
        ["d.yaml:1:14: error[value]: this is wrong", " 1 | a: 1928\u00a0г. 一\u3000二", "   |                ^^"],
    ),
    "among signs that would act on a terminal": (
        "a: \x1b[31m\u202ebad\x07 x\n",
        "x",
        ["d.yaml:1:15: error[value]: this is wrong", " 1 | a: �[31m�bad� x", "   |               ^"],
    ),
    "at the end of a line": (
        "a:\nb: c\n",
        "\n",
        ["d.yaml:1:3: error[value]: this is wrong", " 1 | a:", "   |   ^"],
    ),
    "across the end of a line": (
        "a: b\n  c\n",
        "b\n  c",
        ["d.yaml:1:4: error[value]: this is wrong", " 1 | a: b", "   |    ^"],
    ),
    "in an empty line": (
        "a:\n\nb:\n",
        "\nb",
        ["d.yaml:2:1: error[value]: this is wrong"],
    ),
    "at the end of a long line": (
        "a: " + "word " * 100 + "end\n",
        "end",
        [
            "d.yaml:1:504: error[value]: this is wrong",
            " 1 | …" + "word " * 8 + "end",
            "   |  " + "     " * 8 + "^^^",
        ],
    ),
    "at the start of a long line": (
        "start: " + "word " * 100 + "\n",
        "start",
        [
            "d.yaml:1:1: error[value]: this is wrong",
            " 1 | start: " + ("word " * 100)[:113] + "…",
            "   | ^^^^^",
        ],
    ),
    "in the middle of a long line of wide characters": (
        "農" * 200 + "業" + "農" * 200 + "\n",
        "業",
        [
            "d.yaml:1:201: error[value]: this is wrong",
            " 1 | …" + "農" * 40 + "業" + "農" * 79 + "…",
            "   |  " + "  " * 40 + "^^",
        ],
    ),
    "longer than what is shown": (
        "a: " + "b" * 500 + "\n",
        "b" * 500,
        [
            "d.yaml:1:4: error[value]: this is wrong",
            " 1 | a: " + "b" * 117 + "…",
            "   |    " + "^" * 117,
        ],
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_show(name: str) -> None:
    """The source line stands below the message, and carets stand below the place, as wide as it is shown."""
    text, part, expected = SHOWN[name]
    assert shown(text, part).split("\n") == expected


def test_show_with_a_mend() -> None:
    """The mend stands last."""
    assert shown("id: a b\n", "a b", "write it as `a-b`").split("\n") == [
        "d.yaml:1:5: error[value]: this is wrong",
        " 1 | id: a b",
        "   |     ^^^",
        "   mend: write it as `a-b`",
    ]


PLACES: dict[str, tuple[Span, str]] = {
    "in a file": (Span("d.yaml", 3, 7), "d.yaml:3:7"),
    "a file": (Span("decks/d.yaml"), "decks/d.yaml"),
    "in a deck made in Python": (Span(place="reasons[0].points[2]"), "reasons[0].points[2]"),
    "a deck made in Python": (Span(), "deck"),
}


@pytest.mark.parametrize("name", PLACES)
def test_places(name: str) -> None:
    """A finding begins with its place: path, line and column, or what is known of it."""
    span, expected = PLACES[name]
    finding = Diagnostic("value", "this is wrong", span, severity=Severity.WARNING)
    assert str(finding) == finding.show() == f"{expected}: warning[value]: this is wrong"


def test_a_finding_is_one_line() -> None:
    """Whatever a message or a path cites, the finding is one line, and its mend another."""
    finding = Diagnostic("value", "a\nb\x1b[31mc", Span("d\n.yaml", 1, 1), "d\re")
    assert finding.show().split("\n") == ["d�.yaml:1:1: error[value]: a�b�[31mc", "   mend: d�e"]


@given(st.text())
def test_printable(text: str) -> None:
    """What is printed keeps its length, and holds no sign that acts on a terminal; the rest stays."""
    result = printable(text)
    assert len(result) == len(text)
    for before, after in zip(text, result, strict=True):
        category = unicodedata.category(before)
        if category in ("Cc", "Cs", "Zl", "Zp") and before != "\t":
            assert after == "�"
        elif category not in ("Cf", "Cn", "Co"):
            assert after == before


@given(st.text(st.sampled_from("ab農e\u0301\t😀 ")), st.data())
def test_carets_stand_below_the_place(text: str, data: st.DataObject) -> None:
    """Up to the carets, the line of carets is as wide as the source line up to the place."""
    offset = data.draw(st.integers(0, len(text)))
    span = Lines("d.yaml", text).span(offset, data.draw(st.integers(1, 9)))
    lines = Diagnostic("value", "wrong", span).show().split("\n")[1:]
    if lines:
        source, carets = lines
        pad = carets[: carets.index("^")]
        before = source[: 5 + span.caret]
        assert width(pad) == width(before)
        assert pad.count("\t") == before.count("\t")


def width(text: str) -> int:
    """Count the columns of a terminal, tabs left out."""
    wide = sum(unicodedata.east_asian_width(char) == "W" for char in text)
    return len(text) + wide - text.count("\u0301") - text.count("\t")


def test_order() -> None:
    """Findings stand in the order of the source, each once; those at one place in the order of being found."""
    first, second = Diagnostic("value", "b", Span("d.yaml", 2, 9)), Diagnostic("value", "a", Span("d.yaml", 10, 1))
    third = Diagnostic("media", "c", Span("d.yaml", 10, 1))
    assert in_order([second, first, third, second, first]) == (first, second, third)


def test_order_without_lines() -> None:
    """The same finding at two places of a deck made in Python is two findings; their order stays."""
    second, tenth = (Diagnostic("value", "a", Span(place=f"cards[{number}]")) for number in (2, 10))
    assert in_order([second, tenth, second]) == (second, tenth)


def test_error() -> None:
    """DeckError tells every finding, also after it has passed between processes."""
    with pytest.raises(DeckError) as caught:
        from_source(parse("deck: b: c\nid: @e\n", "d.yaml"))
    error = caught.value
    assert str(error).split("\n") == [str(each) for each in error.diagnostics]
    assert [str(each.span) for each in error.diagnostics] == ["d.yaml:1:7", "d.yaml:2:5"]
    assert pickle.loads(pickle.dumps(error)).diagnostics == error.diagnostics
