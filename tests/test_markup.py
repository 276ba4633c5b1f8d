"""Markdown, clozes and maths -> the HTML of Anki's fields."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_anki import visible

from mkdeck.markup import FactIndex, clean, folded_words, mark, ordinals
from mkdeck.markup.markdown import render

# name -> Markdown, the field
RENDERED = {
    "plain": ("In 1928 the state failed.", "In 1928 the state failed."),
    "HTML is text": ("<b>bold</b> & <script>", "&lt;b&gt;bold&lt;/b&gt; &amp; &lt;script&gt;"),
    "emphasis": ("*a* **b** ~~c~~", "<em>a</em> <strong>b</strong> <s>c</s>"),
    "emphasis by a line": ("_a_", "<em>a</em>"),
    "only struck out": ("~~c~~", "<s>c</s>"),
    "only escaped": (r"a\!", "a!"),
    "entities": ("R&amp;D", "R&amp;D"),
    "line break": ("a\\\nb", "a<br />\nb"),
    "line break by two blanks": ("a  \nb", "a<br />\nb"),
    "two paragraphs": ("a\n\nb", "<p>a</p>\n<p>b</p>"),
    "list": ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    "code": ("`a < b`", "<code>a &lt; b</code>"),
    "only code": ("`a`", "<code>a</code>"),
    "fence": ("```py\na & b\n```", "<pre><code>a &amp; b\n</code></pre>"),
    "link": ('[x](https://a.b/?c="d"&e)', '<a href="https://a.b/?c=%22d%22&amp;e">x</a>'),
    "only a link": ("[a](b)", '<a href="b">a</a>'),
    "only an address": ("<https://a.b>", '<a href="https://a.b">https://a.b</a>'),
    "no script in a link": ("[x](javascript:alert)", "[x](javascript:alert)"),
    "maths": ("$a<b$ and $$x$$", r"\(a&lt;b\) and \[x\]"),
    "maths at the start of a line that ends in a digit": ("$a$ is 1", r"\(a\) is 1"),
    "maths on lines of its own": ("$$\na\n- b\n$$", "\\[a\n- b\\]"),
    "money": ("$5 and $10", "$5 and $10"),
    "escaped": (r"\*a\* \$x\$", "*a* $x$"),
    "sound tag is text": ("[sound:x.mp3]", "&#91;sound:x.mp3]"),
    "LaTeX tag is text": (r"[latex]x[/latex] [\$]y[/\$]", "&#91;latex]x&#91;/latex] &#91;$]y&#91;/$]"),
    "MathJax sign is text": (r"\\(x\\)", r"\<span></span>(x\)"),
    "double colon is text": ("std::vector", "std&#58;:vector"),
    "control characters go": ("a\x1fb\x00c\x7fd", "abcd"),
    "NFC": ("cafe\u0301", "caf\u00e9"),
}


@pytest.mark.parametrize(("text", "field"), RENDERED.values(), ids=RENDERED)
def test_rendered(text: str, field: str) -> None:
    """CommonMark in a line, lists, tables, code and maths become HTML; all else is shown as it is written."""
    marked = mark(text)
    assert (marked.html, marked.problems) == (field, ())


@pytest.mark.parametrize("before", ["", "é"])
def test_control_characters(before: str) -> None:
    """Those of ASCII go, but for tab and newline, whether all of the text is ASCII or not; all else stays."""
    gone = {char for char in map(chr, range(256)) if clean(before + char) == before}
    assert gone == {char for char in map(chr, range(128)) if unicodedata.category(char) == "Cc"} - {"\t", "\n"}


# name -> Markdown, the field with its clozes
CLOZED = {
    "answer": ("In {{1928}}.", "In {{c1::1928}}."),
    "hint": ("In {{1928::year}}.", "In {{c1::1928::year}}."),
    "number": ("{{c3::a}} {{b}} {{c1::c}}", "{{c3::a}} {{c2::b}} {{c1::c}}"),
    "same answer, same number": ("{{a}} {{b}} {{A}}", "{{c1::a}} {{c2::b}} {{c1::A}}"),
    "colon in the answer": ("{{25:00}} {{a:}} {{:b}}", "{{c1::25:00}} {{c2::a&#58;}} {{c3:::b}}"),
    "nested": ("{{a {{b}} c}}", "{{c1::a {{c2::b}} c}}"),
    "nested, each with its hint": ("{{a {{b::x}} c::y}}", "{{c1::a {{c2::b::x}} c::y}}"),
    "Markdown inside": ("{{a **b**}}", "{{c1::a <strong>b</strong>}}"),
    "inside Markdown": ("**{{a}} b**", "<strong>{{c1::a}} b</strong>"),
    "emphasis does not cross": ("{{a **b}} c**", "{{c1::a **b}} c**"),
    "in code": ("`f({{x}})`", "<code>f({{c1::x}})</code>"),
    "in a fence": ("```\n{{x}}\n```", "<pre><code>{{c1::x}}\n</code></pre>"),
    "in maths": ("$E = {{mc^2}}$", r"\(E = {{c1::mc^2}}\)"),
    "braces in maths": (r"${{\frac{a}{b}}}$", r"\({{c1::\frac{a}{b&#125;}}\)"),
    "maths inside": ("{{$x$}}", r"{{c1::\(x\)}}"),
    "brace in the answer": ("{{a}b}} {{{c}}}", "{{c1::a}b}} {{c2::{c&#125;}}"),
    "brace before": (r"\{{{a}} b", "&#123;{{c1::a}} b"),
    "escaped is text": (r"\{\{a\}\} and a \}\}", "&#123;{a&#125;} and a &#125;}"),
    "hint with signs": ("{{a::<b> } c}}", "{{c1::a::&lt;b&gt; &#125; c}}"),
    "escaped colons": (r"{{a\:\:b::c}}", "{{c1::a&#58;:b::c}}"),
    "in a list": ("- {{a}}\n- {{b}}", "<ul>\n<li>{{c1::a}}</li>\n<li>{{c2::b}}</li>\n</ul>"),
    "in a link": ("[{{a}}](https://b.c)", '<a href="https://b.c">{{c1::a}}</a>'),
    "pasted from Anki": ("{{c1::a}} and {{c1::b::h}}", "{{c1::a}} and {{c1::b::h}}"),
    "not an image occlusion": ("{{image-occlusion:rect}}", "{{c1::image-occlusion&#58;rect}}"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "field"), CLOZED.values(), ids=CLOZED)
def test_clozed(text: str, field: str) -> None:
    """Clozes and Markdown nest both ways; an answer may hold braces and colons without breaking the cloze."""
    marked = mark(text, clozes=True)
    assert (marked.clozed(marked.numbers()), marked.problems) == (field, ())


# name -> Markdown, (message, the words it concerns)
WRONG = {
    "unclosed": ("a {{b", ("this cloze is not closed in its paragraph", "{{b")),
    "closed in the next paragraph": ("a {{b\n\nc}}", ("this cloze is not closed in its paragraph", "{{b")),
    "empty": ("a {{}} b", ("this cloze has no answer", "{{}}")),
    "blank": ("a {{ }} b", ("this cloze has no answer", "{{ }}")),
    "hint only": ("a {{::b}}", ("this cloze has no answer", "{{::b}}")),
    "number 0": ("{{c0::a}}", ("Anki has no cloze number 0; numbers go from 1 to 500", "{{c0::a}}")),
    "number 501": ("{{c501::a}}", ("Anki has no cloze number 501; numbers go from 1 to 500", "{{c501::a}}")),
    "large C": ("{{C1::a}}", ("`C1` looks like a cloze number", "{{C1::a}}")),
}


@pytest.mark.parametrize(("text", "problem"), WRONG.values(), ids=WRONG)
def test_wrong_clozes(text: str, problem: tuple[str, str]) -> None:
    """A cloze that Anki would not take as it is meant is a finding."""
    found = mark(text, clozes=True).problems
    assert [(each.message, each.part) for each in found] == [problem]


# name -> cloze, (what is taken for a number, the mend)
NEARLY_NUMBERED = {
    "one colon": ("{{c1:x}}", ("c1:x", "{{c1::x}}")),
    "one colon and a hint": ("{{c1:x::h}}", ("c1:x", "{{c1::x::h}}")),
    "one colon in Markdown": ("{{c1:**x**}}", ("c1:**x**", "{{c1::**x**}}")),
    "space inside": ("{{c 1::zz}}", ("c 1", "{{c1::zz}}")),
    "space before": ("{{ c1::x}}", ("c1", "{{c1::x}}")),
    "space after": ("{{c1 ::x}}", ("c1", "{{c1::x}}")),
    "large C": ("{{C2::x}}", ("C2", "{{c2::x}}")),
    "two numbers": ("{{c1,2::x}}", ("c1,2", "{{c1::x}}")),
    "no answer": ("{{c1}}", ("c1", "{{c1::answer}}")),
    "colon and no answer": ("{{c1:}}", ("c1:", "{{c1::answer}}")),
    "in code": ("`{{c1:x}}`", ("c1:x", "{{c1::x}}")),
}


@pytest.mark.parametrize(("text", "found"), NEARLY_NUMBERED.values(), ids=NEARLY_NUMBERED)
def test_what_nearly_is_a_cloze_number(text: str, found: tuple[str, str]) -> None:
    """A mistyped number is a finding: the answer would stand on the front as the hint, or hold the number."""
    number, mend = found
    assert [(each.rule, each.message, each.mend) for each in mark(text, clozes=True).problems] == [
        ("cloze-syntax", f"`{number}` looks like a cloze number", f"write `{mend}`")
    ]


# name -> cloze, (number, answer)
NOT_A_NUMBER = {
    "a level of language": ("{{C1}}", (None, "c1")),
    "a year": ("{{c1450}}", (None, "c1450")),
    "a year and a hint": ("{{c 1450::about when}}", (None, "c 1450")),
    "a word": ("{{c4x::what}}", (None, "c4x")),
    "with a number of its own": ("{{c1::c1}}", (1, "c1")),
    "with a number and a hint": ("{{c1::c2::square}}", (1, "c2")),
}


@pytest.mark.parametrize(("text", "blank"), NOT_A_NUMBER.values(), ids=NOT_A_NUMBER)
def test_what_only_begins_like_a_cloze_number(text: str, blank: tuple[int | None, str]) -> None:
    """Answers that cannot be meant as a number are answers, and all can be if they are given one."""
    marked = mark(text, clozes=True)
    assert [(each.number, each.answer) for each in marked.blanks] == [blank]
    assert marked.problems == ()


def test_clozes_only_where_they_belong() -> None:
    """Where nothing is asked for, a cloze is a finding, while braces in maths and code are theirs."""
    assert [each.message for each in mark("a {{b}}").problems] == [
        "a cloze cannot stand here; points and `cloze:` cards hold clozes"
    ]
    assert mark(r"$\frac{{a}}{b}$ `{{x}}`").problems == ()
    assert ordinals((mark(r"$\frac{{c1::a}}{b}$ `{{c1::x}}`").html,)) == []


ORDINALS = {
    "none": ("no cloze", []),
    "one": ("{{c1::a}}", [0]),
    "twice": ("{{c1::a}} {{c1::b}}", [0]),
    "nested": ("{{c1::a {{c2::b}} c}}", [0, 1]),
    "two numbers": ("{{c1,3::a}}", [0, 2]),
    "zero": ("{{c0::a}}", []),
    "over 500": ("{{c501::a}}", [499]),
    "large C": ("{{C1::a}}", []),
    "unclosed": ("{{c1::a", []),
    "unclosed inside": ("{{c1::a {{c2::b}}", [1]),
    "over lines": ("{{c1::a\nb}}", [0]),
    "empty": ("{{c1::}}", [0]),
}


@pytest.mark.parametrize(("text", "expected"), ORDINALS.values(), ids=ORDINALS)
def test_ordinals(text: str, expected: list[int]) -> None:
    """Cards are counted by Anki's own rule."""
    assert ordinals(("", text)) == expected


def test_pictures() -> None:
    """A picture gets its stored name, and its description as plain text."""
    marked = mark('![a "b" *c*](<x y.png>)', media=lambda name: {"x y.png": "stored.png"}[name])
    assert marked.html == '<img src="stored.png" alt="a &quot;b&quot; c">'


# Anything that Markdown could act on, escaped: what is left is text.
def escaped(text: str) -> str:
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


lines = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e")
)


@given(lines)
def test_any_text_is_shown_as_it_is(text: str) -> None:
    """What an author escapes is shown as it is, and never becomes a cloze, whatever it is made of."""
    marked = mark(escaped(text), clozes=True)
    assert marked.problems == ()
    assert visible(marked.html) == kept_by_anki(text)
    assert ordinals((marked.html,)) == []


def kept_by_anki(text: str) -> str:
    """Give a text as Anki keeps it: NFC, no control characters; its white space folded."""
    kept = "".join(char for char in text if char in "\n\t" or not (ord(char) < 0x20 or ord(char) == 0x7F))
    return " ".join(unicodedata.normalize("NFC", kept).split())


simple = st.one_of(
    st.text("aB1 .,:;!?'\"-–é{}c()#+=>/%", max_size=30),
    st.lists(st.sampled_from(["{{", "{{", "}}", "}}", "::", ":", "c1", "C", "2", ",", "/", " ", "a", "b"])).map(
        "".join
    ),
)


MARKUP = (
    r"dog B 1 . , : é ( ) [ ] ! ? - + # > = * ** *** ~~ **a** *dog* ***b*** ~~c~~ \* \\ \( \ _ a_b & &amp; amp; <"
    " <b> $ | ` {{a}} {{c2::b::hint}} {{ }} ![](map.png) ![](gone.png)"
)
marked_up = st.lists(
    st.sampled_from([
        *MARKUP.split(), " ", "\xa0", "\n", "\n\n", "\\\n", "- ", "1. ", "\n- ", "\n1. ", "\n2. ", "\n\n- ",
        "\n\n1. ", ". ", "& ", "< ", "**a b.** ", "{{c1::b:: hint }}", "![x y](a.png)", "![](<a b.png>)",
    ]),
    max_size=10,
).map("".join)  # fmt: skip


@given(simple | marked_up)
def test_the_short_way_agrees_with_markdown(text: str) -> None:
    """A text without much markup is rendered as Markdown would have been, only faster; so are its findings."""

    def stored(name: str) -> str | None:
        return None if name == "gone.png" else f"stored {name}"

    quick = mark(text, clozes=True, media=stored)
    slow = render(text.strip(), FactIndex(), clozes=True, media=stored)
    assert (quick.html, quick.problems) == (slow.html, slow.problems)
    assert quick.blanks == slow.blanks
    assert [blank.answer for blank in quick.blanks] == [folded_words(each) for each in quick.answers()]


NASTY = {
    "no cloze at the end": "a" * 1_000_000 + "{",
    "opening braces": "{{" * 100_000,
    "nested": "{{a" * 5_000 + "}}" * 5_000,
    "colons": "{{" + ":" * 100_000 + "}}",
    "dollars": "$a " * 20_000,
    "stars": "*a " * 20_000,
    "brackets": "[" * 20_000,
    "backticks": "`a``" * 10_000,
    "clozes": "{{a}} " * 20_000,
    "emphasis": "*a* **b.** ~~c~~ " * 20_000 + "*",
    "stars between blanks": "*a " + " * " * 100_000,
    "pictures that are none": "![a" * 50_000,
    "lines": "a\\\n" * 50_000,
    "items": "- a\n" * 20_000,
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_no_text_takes_for_ever(text: str) -> None:
    """A hostile text is rendered in time that grows about as the text does: with the square, hours pass here."""
    assert mark(text, clozes=True).html
