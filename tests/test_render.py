r"""Cards drawn without Anki are, byte for byte, the cards that the official backend draws."""

from __future__ import annotations

import html
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_anki import LearnersAnki, visible

import mkdeck
from mkdeck.note_types import NOTE_TYPES, NoteType, Template
from mkdeck.notes import Note
from mkdeck.pipeline import compile_all, settle_all
from mkdeck.render import Face, Problem, cards, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent
DECK = "School::Unit 1: History"
HELP = "https://docs.ankiweb.net/templates/errors.html"
NAMES = ("X", "Y", "Empty")
TYPES = {
    False: NoteType("Any", 1, False, tuple((name, 0) for name in NAMES), (Template("The card", 0, "", ()),)),
    True: NoteType("Any cloze", 2, True, tuple((name, 0) for name in NAMES), (Template("The card", 0, "", ()),)),
}


class Studio:
    """A collection in which any template draws any note."""

    def __init__(self, folder: Path) -> None:
        self.col = LearnersAnki(folder).col
        self.deck = self.col.decks.id(DECK)
        self.kinds: dict[bool, Any] = {}
        models = self.col.models
        for is_cloze, note_type in TYPES.items():
            kind = models.new(note_type.name)
            kind["type"] = int(is_cloze)
            kind["flds"] = [models.new_field(name) for name in NAMES]
            card = models.new_template("The card")
            card["qfmt"] = card["afmt"] = "{{cloze:X}}" if is_cloze else "{{X}}"
            kind["tmpls"] = [card]
            models.add_dict(kind)
            self.kinds[is_cloze] = models.by_name(note_type.name)

    def draw(
        self, front: str, back: str, fields: Mapping[str, str], number: int = 1, *, is_cloze: bool = False
    ) -> tuple[str, str]:
        """Give question and answer of a card of a saved note, as the backend draws them."""
        kind = self.kinds[is_cloze]
        kind["tmpls"][0] |= {"qfmt": front, "afmt": back}
        self.col.models.update_dict(kind, skip_checks=True)
        note = self.col.new_note(kind)
        for name, text in fields.items():
            note[name] = text
        note.tags = ["a", "b::c"]
        self.col.add_note(note, self.deck)
        drawn = note.cards()
        card = next((each for each in drawn if each.ord == number - 1), drawn[0])
        self.col.db.execute("update cards set ord = ? where id = ?", number - 1, card.id)
        output = self.col.get_card(card.id).render_output()
        self.col.remove_notes([note.id])
        return output.question_text, output.answer_text

    def spoken(self, face: Face) -> tuple[str, str]:
        """Put what Anki says in the learner's language where a face has a problem."""
        found, tr = face.problem, self.col.tr
        if found is None:
            return face.question, face.answer
        more = tr.card_template_rendering_more_info()
        if found.rule in ("no-cloze", "blank-front"):
            said, at = tr.card_template_rendering_empty_front(), "front-of-card-is-blank"
            if found.rule == "no-cloze":
                said = tr.card_template_rendering_missing_cloze(int(found.wanted))
                at = "no-cloze-filter-on-cloze-note-type"
            message = f"<div>{said}<br><a href='{HELP}#{at}'>{more}</a></div>"
            return face.question + message, message
        inner = found.tag[2:-2]
        if found.rule == "no-such-field":
            name = inner[1:] if inner[:1] in ("#", "^") and len(inner) > 1 else inner.rpartition(":")[2]
            said = tr.card_template_rendering_no_such_field(found.tag, name)
        elif found.rule == "not-closed":
            said = tr.card_template_rendering_conditional_not_closed(found.tag)
        elif found.rule == "wrong-close":
            said = tr.card_template_rendering_wrong_conditional_closed(found.tag, found.wanted)
        else:
            opens = [f"{{{{{sign}{inner[1:]}}}}}" for sign in "#^"]
            said = tr.card_template_rendering_conditional_not_open(found.tag, *opens)
        header = {
            "front": tr.card_template_rendering_front_side_problem(),
            "back": tr.card_template_rendering_back_side_problem(),
        }[found.side]
        message = f"{header}<br>{html.escape(said)}<br><a href='{HELP}#template-syntax-error'>{more}</a>"
        return message, message

    def check(
        self, front: str, back: str, fields: Mapping[str, str], number: int = 1, *, is_cloze: bool = False
    ) -> Face:
        """Assert that both draw a card alike, and give it."""
        face = render(TYPES[is_cloze], front, back, fields, number - 1, tags=("a", "b::c"), deck=DECK)
        # Where a picture of LaTeX has not been drawn yet, Anki says so at the end of a side.
        undrawn = self.col.tr.preferences_latex_generation_disabled()
        sides = [side.removesuffix(undrawn) for side in self.draw(front, back, fields, number, is_cloze=is_cloze)]
        assert list(self.spoken(face)) == sides
        return face


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    """One collection for all that is drawn here."""
    with tempfile.TemporaryDirectory() as folder:
        made = Studio(Path(folder, "anki"))
        yield made
        made.col.close()


DECKS = sorted([*ROOT.glob("decks/*.yaml"), *ROOT.glob("tests/decks/*.yaml")])


@pytest.mark.parametrize("path", DECKS, ids=[path.stem for path in DECKS])
def test_every_card_of_every_deck(path: Path, root: Path, anki: LearnersAnki, tmp_path: Path) -> None:
    """Question and answer of each card of a built deck are those of the backend after the import."""
    source = root / path.relative_to(ROOT)
    anki.import_package(mkdeck.build(source, tmp_path / "deck.apkg").path)
    (built,) = settle_all(compile_all([source]))
    drawn = [face for note in built.settled.notes for face in cards(note, deck=built.compiled.deck.deck)]
    assert len(drawn) > 10
    assert drawn == [Face(card.question, card.answer) for card in anki.cards()]


# name -> template, X (Y is `y`, Empty is empty), what is drawn
FIELDS = {
    "text": ("a &amp; <b>", "", "a &amp; <b>"),
    "field": ("<i>{{X}}</i>", "a &amp; <b>b</b>", "<i>a &amp; <b>b</b></i>"),
    "field twice": ("{{X}}{{Y}}{{X}}", "x", "xyx"),
    "blanks around a name": ("{{ X\n}}", "x", "x"),
    "three braces": ("{{{X}}}", "x", "x}"),
    "braces in a field": ("{{X}}", "{{Y}} {{c1::z}}", "{{Y}} {{c1::z}}"),
    "tag that is not closed": ("{{X}} {{Y", "x", "x {{Y"),
    "braces that open nothing": ("}} { {X} {{X}}", "x", "}} { {X} x"),
    "comment": ("<!-- {{Nope}} {{#X}} -->{{X}}", "x", "<!-- {{Nope}} {{#X}} -->x"),
    "comment that is not closed": ("<!-- {{X}}", "x", "<!-- x"),
    "tag that holds a comment": ("{{#X}}<!--{{/X}}-->{{/X}}", "x", "<!--{{/X}}-->"),
    "other delimiters": ("{{=<% %>=}}<%X%> {{X}}<%#Y%>.<%/Y%>", "x", "x {{X}}."),
    "other delimiters after a blank": (" {{=<% %>=}}{{=<% %>=}} <%X%>", "x", " x"),
    "delimiters of no other kind": ("{{=[ ]=}}", "", Problem("no-such-field", "back", "{{=[ ]=}}")),
    "condition": ("{{#X}}a{{/X}}{{^X}}b{{/X}}", "x", "a"),
    "condition, empty": ("{{#X}}a{{/X}}{{^X}}b{{/X}}", "", "b"),
    "condition, blanks": ("{{#X}}a{{/X}}{{^X}}b{{/X}}", " \n\t", "b"),
    "condition, line breaks": ("{{#X}}a{{/X}}{{^X}}b{{/X}}", "<br> <BR/><br /></br>", "b"),
    "condition, div": ("{{#X}}a{{/X}}{{^X}}b{{/X}}", "<div><br></div> <DIV />", "b"),
    "condition, other tags": ("{{#X}}a{{/X}}{{^X}}b{{/X}}", "<p></p>", "a"),
    "condition, tag with two blanks": ("{{#X}}a{{/X}}{{^X}}b{{/X}}", "<br  />", "a"),
    "condition, entity": ("{{#X}}a{{/X}}{{^X}}b{{/X}}", "&nbsp;", "a"),
    "condition, other space": ("{{#X}}a{{/X}}{{^X}}b{{/X}}", "\u2003", "a"),
    "condition, Turkish i": ("{{#X}}a{{/X}}{{^X}}b{{/X}}", "<d\u0130v>", "a"),
    "condition, blanks in the tag": ("{{# X }}a{{/  X}}", "x", "a"),
    "nested conditions": ("{{#X}}a{{^Empty}}b{{#Empty}}c{{/Empty}}{{/Empty}}{{/X}}", "x", "ab"),
    "condition in itself": ("{{#X}}{{#X}}a{{/X}}b{{/X}}{{^X}}{{#X}}c{{/X}}{{/X}}", "x", "ab"),
    "card number": ("{{c1}}{{#c1}}a{{/c1}}{{#c2}}b{{/c2}}{{^c+2}}c{{/c+2}}", "", "1ac"),
    "card": ("{{Card}}|{{Type}}|{{CardFlag}}", "", "The card|Any|flag0"),
    "deck": ("{{Deck}}|{{Subdeck}}", "", "School::Unit 1: History|Unit 1: History"),
    "tags": ("{{Tags}}{{#Tags}}!{{/Tags}}", "", "a b::c!"),
    "front": ("{{FrontSide}}<hr id=answer>{{X}}", "x", "The card<hr id=answer>x"),
    "front through filters": ("{{text:nope:FrontSide}}", "", "The card"),
    "no filter": ("{{:X}} {{::X}}", "x", "x x"),
    "unknown filter": ("{{nope:X}}", "<b>x</b>", "<b>x</b>"),
    "filter after an unknown one": ("{{text:nope:X}}", "<b>x</b>", "<b>x</b>"),
    "filter before an unknown one": ("{{nope:text:X}}", "<b>x</b>", "x"),
    "blank in a filter": ("{{text :X}}", "<b>x</b>", "<b>x</b>"),
    "filter without a field": ("a{{text:}}b", "", "ab"),
    "text:": ("{{text:X}}", "a<b>b</b><br>c &lt; &amp; &eacute;&#x41;&nbsp;.", "abc < & éA ."),
    "text: of a style and a script": ("{{text:X}}", "a<STYLE>b</style><script x>c</script>d<!-- > -->e", "ade"),
    "text: with a long s": ("{{text:X}}", "<\u017fcript>a</script>b", "b"),
    "text: with a Turkish i": ("{{text:X}}", "<scr\u0130pt>a</script>b", "ab"),
    "text: of a style in a style": ("{{text:X}}", "<style </style>a>b</style>c", "c"),
    "text: of half a tag": ("{{text:X}}", "a < b <i", "a < b <i"),
    "text: with an unknown entity": ("{{text:X}}", "<b>&lt; &nope; \xa0</b>", "&lt; &nope; \xa0"),
    "text: with a bare ampersand": ("{{text:X}}", "a & b &lt; c", "a & b &lt; c"),
    "text: with a code of no character": ("{{text:X}}", "&lt;&#xd800;", "&lt;&#xd800;"),
    "hint:, empty": ("{{hint:X}}", " \u2003", " \u2003"),
    "type:": ("{{type:X}}{{type:cloze:X}}{{type:nc:X}}", "x", "[[type:X]][[type:cloze:X]][[type:nc:X]]"),
    "type: through filters": ("{{type:nope:X}}{{text:type:X}}", "x", "[[type:X]][[type:X]]"),
    "tts:": ("{{tts en_US voices=A:X}} {{tts de:text:X}}", "x", "[anki:play:a:0] [anki:play:a:1]"),
    "kana:": ("{{kana:X}}", "日本[にほん] 語[ご]です", "にほんごです"),
    "kanji:": ("{{kanji:X}}", "日本[にほん] 語[ご]です", "日本語です"),
    "furigana:": ("{{furigana:X}}", "a&nbsp;語[ご]", "a<ruby><rb>語</rb><rt>ご</rt></ruby>"),
    "furigana: of a sound": ("{{furigana:X}}", "語[sound:a.mp3] 語[ご", "語[anki:play:a:0] 語[ご"),
    "furigana: of brackets": ("{{kana:X}}", "[a[b] c[]d] e[\nf[g]", "b]dg"),
    "cloze: in another note type": ("{{cloze:X}}{{cloze-only:X}}", "{{c2::a}}", ""),
    "sound": ("{{X}}[sound:c]", "[sound:a b.mp3]&[sound:]", "[anki:play:a:0]&[sound:][anki:play:a:1]"),
    "tag with a bracket": ("{{X}}", "[anki:a[b=c]d[/anki:a]", "[anki:a[b=c]d[/anki:a]"),
    "sound that is not closed": ("{{X}}", "[sound:a", "[sound:a"),
    "speech": ("{{X}}", "[anki:tts lang=en]a[/anki:tts][sound:b]", "[anki:play:a:0][anki:play:a:1]"),
    "tag of an add-on": ("{{X}}", '[anki:a b="c d" ]e[/anki:a]', '[anki:a b="c d"]e[/anki:a]'),
    "tag of another end": ("{{X}}", "[anki:a  b=c]d[/anki:b]", "[anki:a  b=c]d[/anki:b]"),
    "LaTeX": (
        "{{X}}", "[$]a<br>&lt;[/$]",
        '<img class=latex alt="&#x24;a&#x0A;&lt;&#x24;" src="latex-29842441d3aefa3c02c30392f32b62b4640a3b82.png">',
    ),
    "LaTeX of its own and on a line": (
        "{{X}}", "[LATEX]a[/latex]-[$$]b[/$$]",
        ('<img class=latex alt="a" src="latex-86f7e437faa5a7fce15d1ddcb9eaeaea377667b8.png">-'
         '<img class=latex alt="&#x5C;begin&#x7B;displaymath&#x7D;b&#x5C;end&#x7B;displaymath&#x7D;" '
         'src="latex-cbb846542841e58ce774d16821f517cb9ce26dac.png">'),
    ),
    "LaTeX of two lines": (
        "{{X}}", "[latex]a<br/>b<br />c<div>d[/latex]",
        '<img class=latex alt="a&#x0A;bc&#x0A;d" src="latex-7f8aa230961a252c8db36ccda34f8efdfdf3c9da.png">',
    ),
    "LaTeX of its own end": (
        "{{X}}", "[$][/$][/$]",
        ('<img class=latex alt="&#x24;&#x5B;&#x2F;&#x24;&#x5D;&#x24;" '
         'src="latex-fc3d20de48a2f3ce48d340c796265860ca75bdcb.png">'),
    ),
    "LaTeX that is not closed": ("{{X}}", "[latex]a[/$] [$$]b[/$]", "[latex]a[/$] [$$]b[/$]"),
    "MathJax": ("{{X}}", r"\(a<b>b</b>\) \[c\]", r"\(a<b>b</b>\) \[c\]"),
    "control characters": ("{{X}}", "a\x00b\x1fc\x7f\td", "abc\td"),
    "NFC": ("{{X}}", "e\u0301", "\xe9"),
}  # fmt: skip


@pytest.mark.parametrize(("template", "text", "drawn"), FIELDS.values(), ids=FIELDS)
def test_fields(studio: Studio, template: str, text: str, drawn: str | Problem) -> None:
    """A back draws its fields through conditions and filters."""
    face = studio.check("{{Card}}", template, {"X": text, "Y": "y"})
    assert face == (Face("", "", drawn) if isinstance(drawn, Problem) else Face("The card", drawn))


def told(text: str, numbers: str = "1", look: str = "cloze") -> str:
    """Write a cloze that is told; or, with another look, one that is not asked for."""
    return f'<span class="{look}" data-ordinal="{numbers}">{text}</span>'


def asked(answer: str, numbers: str = "1", hint: str = "...") -> str:
    """Write a blank; the answer is as it stands in an attribute."""
    return f'<span class="cloze" data-cloze="{answer}" data-ordinal="{numbers}">[{hint}]</span>'


def other(text: str, numbers: str = "2") -> str:
    """Write a cloze of another number."""
    return told(text, numbers, "cloze-inactive")


# name -> X, the number asked for, question, answer
CLOZES = {
    "cloze": ("a {{c1::b}} c", 1, f"a {asked('b')} c", f"a {told('b')} c"),
    "hint": ("{{c1::b::<i>h</i>}}", 1, asked("b", hint="<i>h</i>"), told("b")),
    "hint, empty": ("{{c1::b::}}", 1, asked("b", hint=""), told("b")),
    "hint with colons": ("{{c1::b::h::i}} ::", 1, asked("b", hint="h::i") + " ::", told("b") + " ::"),
    "colon in the answer": ("{{c1::a:b}}", 1, asked("a&#x3A;b"), told("a:b")),
    "answer in an attribute": (
        "{{c1::é &\"'<b>ł日1_}}", 1,
        asked("&#xE9;&#x20;&amp;&quot;&#x27;&lt;b&gt;ł日1&#x5F;"), told("é &\"'<b>ł日1_"),
    ),
    "empty cloze": ("{{c1::}}", 1, asked(""), told("")),
    "two of a number": ("{{c1::a}}{{c1::b}}", 1, asked("a") + asked("b"), told("a") + told("b")),
    "another number": ("{{c1::a}}{{c2::b::h}}", 1, asked("a") + other("b"), told("a") + other("b")),
    "second card": ("{{c1::a}}{{c2::b}}", 2, other("a", "1") + asked("b", "2"), other("a", "1") + told("b", "2")),
    "two numbers": ("{{c1,2::a}}", 2, asked("a", "1,2"), told("a", "1,2")),
    "numbers in no order": ("{{c33,,17,9,03,3::a}}", 9, asked("a", "3,9,17,33"), told("a", "3,9,17,33")),
    "number nought": ("{{c0,1::a}}", 1, asked("a", "0,1"), told("a", "0,1")),
    "number nought alone": ("{{c0::a}}{{c1::b}}", 1, other("a", "0") + asked("b"), other("a", "0") + told("b")),
    "number too high": ("{{c65536::a}}{{c1::b}}", 1, "{{c65536::a}}" + asked("b"), "{{c65536::a}}" + told("b")),
    "number of many digits": (f"{{{{c1,{'9' * 5000}::b}}}}", 1, asked("b"), told("b")),
    "nearly a cloze": (
        "{{C1::a}} {{c1:b}} {c1::c} {{c::d}} {{c,::e}} {{c1::f}}", 1,
        f"{{{{C1::a}}}} {{{{c1:b}}}} {{c1::c}} {{{{c::d}}}} {{{{c,::e}}}} {asked('f')}",
        f"{{{{C1::a}}}} {{{{c1:b}}}} {{c1::c}} {{{{c::d}}}} {{{{c,::e}}}} {told('f')}",
    ),
    "not closed": ("{{c1::a}} b {{c1::c", 1, asked("a") + " b ", told("a") + " b "),
    "closed twice": ("{{c1::a}}}} b", 1, asked("a") + "}} b", told("a") + "}} b"),
    "brace at the end": ("{{c1::{a}}}", 1, asked("&#x7B;a") + "}", told("{a") + "}"),
    "three braces": ("{{{c1::a}}}", 1, "{" + asked("a") + "}", "{" + told("a") + "}"),
    "nested, outer asked": (
        "{{c1::a {{c2::b}} c}}", 1,
        asked("a&#x20;&lt;span&#x20;class&#x3D;&quot;cloze&#x2D;inactive&quot;&#x20;data&#x2D;ordinal&#x3D;&quot;2&quot;"
              "&gt;b&lt;&#x2F;span&gt;&#x20;c"),
        told(f"a {other('b')} c"),
    ),
    "nested, inner asked": (
        "{{c2::a {{c1::b::h}}::i}}", 1, other(f"a {asked('b', hint='h')}"), other(f"a {told('b')}"),
    ),
    "nested, hint before": ("{{c2::a::h{{c1::b}}}}", 1, other(f"a{asked('b')}"), other(f"a{told('b')}")),
    "eleven deep": (
        "{{c2::" * 10 + "{{c1::a}}" + "}}" * 10 + "{{c1::b}}", 1,
        *('<span class="cloze-inactive" data-ordinal="2">' * 10 + "a" + "</span>" * 10 + "}}" + b
          for b in (asked("b"), told("b"))),
    ),
    "MathJax": (r"\(a {{c1::b<b>c</b>}}\) {{c1::d}}", 1, rf"\(a [...]\) {asked('d')}", rf"\(a bc\) {told('d')}"),
    "MathJax inside": (
        r"{{c1::\[a<b>\]::\(<i>c\)}}", 1,
        asked("&#x5C;&#x5B;a&lt;b&gt;&#x5C;&#x5D;", hint=r"\(c\)"), told(r"\[a\]"),
    ),
    "MathJax of two kinds": (r"\(<b>a\]<b>\[{{c1::b}}", 1, rf"\(a\]<b>\[{asked('b')}", rf"\(a\]<b>\[{told('b')}"),
    "HTML across": ("<b>{{c1::a</b>}}", 1, f"<b>{asked('a&lt;&#x2F;b&gt;')}", f"<b>{told('a</b>')}"),
    "sound": ("{{c1::a[sound:b]}}", 1, asked("a&#x5B;sound&#x3A;b&#x5D;"), told("a[anki:play:a:0]")),
    "image occlusion": (
        r"{{c1::image-occlusion:rect:left=.1:top=:width=0:x=y:text=\:a}}", 1,
        '<div class="cloze" data-ordinal="1" data-shape="rect" data-left=".1" ></div>',
        '<div class="cloze-highlight" data-ordinal="1" data-shape="rect" data-left=".1" ></div>',
    ),
    "image occlusion of another number": (
        r"{{c1::a}}{{c2::image-occlusion:star:oi=1::a=b:text=x}}", 1,
        asked("a") + '<div class="cloze-inactive" data-ordinal="2" data-occludeInactive="1" data-text="x" ></div>',
        told("a") + '<div class="cloze-inactive" data-ordinal="2" data-occludeInactive="1" data-text="x" ></div>',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "number", "question", "answer"), CLOZES.values(), ids=CLOZES)
def test_clozes(studio: Studio, text: str, number: int, question: str, answer: str) -> None:
    """A cloze is a blank on the front of its own card; the others are shown, on both sides."""
    face = studio.check("{{cloze:X}}", "{{cloze:X}}", {"X": text}, number, is_cloze=True)
    assert face == Face(question, answer)


# name -> image occlusion, its attributes
SHAPES = {
    "rect": ("rect:left=.1:top=0:angle=0", 'data-shape="rect" data-left=".1" data-top="0" data-angle="0" '),
    "noughts": ("ellipse:width=0:height=0:rx=0:ry=0:scale=0:fs=0", 'data-shape="ellipse" data-font-size="0" '),
    "sizes": ("text:width=1:height=2:scale=5", 'data-shape="text" data-width="1" data-height="2" data-scale="5" '),
    "radii and colour": ("rect:rx=3:ry=4:fill=red", 'data-shape="rect" data-rx="3" data-ry="4" data-fill="red" '),
    "points": ("polygon:points=1,2 3  4,5,6 ", 'data-shape="polygon" data-points="1,2 4,5,6" '),
    "no points": ("polygon:points=1 2", 'data-shape="polygon" '),
    "text": (r"text:text=a\:b\\<", 'data-shape="text" data-text="a&#x3A;b&#x5C;&lt;" '),
    "another escape": (r"rect:top=1:left=a\b:angle=1", 'data-shape="rect" data-top="1" '),
    "nothing after the sign": ("rect:top=1:left=:angle=1", 'data-shape="rect" data-top="1" '),
    "quote": ('rect:left="', 'data-shape="rect" data-left=""" '),
    "no colon": ("rect", ""),
}  # fmt: skip


@pytest.mark.parametrize(("occlusion", "attributes"), SHAPES.values(), ids=SHAPES)
def test_image_occlusions(studio: Studio, occlusion: str, attributes: str) -> None:
    """What hides a part of a picture is an element with its shape."""
    text = f"{{{{c1::image-occlusion:{occlusion}}}}}"
    face = studio.check("{{cloze:X}}", "{{cloze:X}}", {"X": text}, is_cloze=True)
    shape = f'data-ordinal="1" {attributes}></div>'
    assert face == Face(f'<div class="cloze" {shape}', f'<div class="cloze-highlight" {shape}')


# name -> template, X, the number asked for, question, answer
CLOZE_FILTERS = {
    "cloze-only:": ("{{cloze-only:X}}", "a {{c1::b::h}} {{c1::c}} {{c2::d}}", 1, "h, ...", "b, c"),
    "cloze-only: of nested": ("{{cloze-only:X}}", "{{c1::a {{c1::b::h}}::i}}", 1, "i, h", "a b, b"),
    "text:cloze:": ("{{text:cloze:X}}", "a {{c1::<b>b</b>::h}} {{c2::c}}", 1, "a [h] c", "a b c"),
    "cloze:text:": ("{{cloze:text:X}}", "<i>{{c1::<b>b</b>}}</i>", 1, asked("b"), told("b")),
    "cloze of another number": ("{{cloze:X}}|{{cloze:Y}}", "{{c2::a}}", 1, f"|{asked('y')}", f"|{told('y')}"),
    "no filter": ("{{X}}", "{{c1::a}}", 1, "{{c1::a}}", "{{c1::a}}"),
    "type:cloze:": ("{{type:cloze:X}}", "{{c1::a}}", 1, "[[type:cloze:X]]", "[[type:cloze:X]]"),
    "condition of a card": ("{{#c1}}a{{/c1}}{{#c2}}b{{cloze:X}}{{/c2}}", "{{c2::c}}", 2, "b" + asked("c", "2"),
                            "b" + told("c", "2")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("template", "text", "number", "question", "answer"), CLOZE_FILTERS.values(), ids=CLOZE_FILTERS
)
def test_cloze_filters(studio: Studio, template: str, text: str, number: int, question: str, answer: str) -> None:
    """Filters follow one another, the one next to the field first."""
    face = studio.check(template, template, {"X": text, "Y": "{{c1::y}}"}, number, is_cloze=True)
    assert face == Face(question, answer)


# name -> front, back, what is wrong
PROBLEMS = {
    "no field": ("{{X}}{{text:Nope}}", "", Problem("no-such-field", "front", "{{text:Nope}}")),
    "no field, on the back": ("{{X}}", "{{Nope}}", Problem("no-such-field", "back", "{{Nope}}")),
    "no field, not drawn": ("{{X}}{{#Empty}}{{x}}{{/Empty}}", "", Problem("no-such-field", "front", "{{x}}")),
    "no field in a condition": ("{{X}}{{^ No}}{{Y}}{{/No}}", "", Problem("no-such-field", "front", "{{^No}}")),
    "no name": ("{{X}}{{}}", "", Problem("no-such-field", "front", "{{}}")),
    "a sign alone": ("{{X}}{{#}}", "", Problem("no-such-field", "front", "{{#}}")),
    "front in a condition": ("{{X}}", "{{#FrontSide}}{{/FrontSide}}",
                             Problem("no-such-field", "back", "{{#FrontSide}}")),
    "number of another card": ("{{X}}{{c2}}", "", Problem("no-such-field", "front", "{{c2}}")),
    "number of no card": ("{{X}}{{#c4294967296}}{{/c4294967296}}", "",
                          Problem("no-such-field", "front", "{{#c4294967296}}")),
    "not closed": ("{{X}}{{#X}}{{^Y}}", "", Problem("not-closed", "front", "{{/Y}}")),
    "not open": ("{{X}}", "{{#X}}{{/X}}{{/ X}}", Problem("not-open", "back", "{{/X}}")),
    "another closed": ("{{#X}}{{#Y}}{{/X}}{{/Y}}", "", Problem("wrong-close", "front", "{{/X}}", "{{/Y}}")),
    "syntax before fields": ("{{Nope}}{{#X}}", "", Problem("not-closed", "front", "{{/X}}")),
    "front before back": ("{{Nope}}", "{{/X}}", Problem("no-such-field", "front", "{{Nope}}")),
}  # fmt: skip


@pytest.mark.parametrize(("front", "back", "problem"), PROBLEMS.values(), ids=PROBLEMS)
def test_problems(studio: Studio, front: str, back: str, problem: Problem) -> None:
    """Where Anki shows a message, in the learner's language, in place of a card, its face says what is wrong."""
    assert studio.check(front, back, {"X": "x", "Y": "y"}) == Face("", "", problem)


@pytest.mark.parametrize(
    ("front", "question"),
    [("a{{X}} {{#X}}{{Y}}{{/X}}", "a<br> "), ("a{{FrontSide}}", "a"), ("{{^Y}}{{Y}}{{/Y}}", ""), ("", "")],
)
def test_blank_fronts(studio: Studio, front: str, question: str) -> None:
    """A front that shows no filled field is no front, whatever else stands on it; nor is its back looked at."""
    face = studio.check(front, "{{Nope}}", {"X": "<br>", "Y": "y"})
    assert face == Face(question, "", Problem("blank-front", "front"))


SENTENCES = {
    Problem("no-such-field", "back", "{{Nope}}"): "the back has {{Nope}}, and the note type has no such field",
    Problem("not-closed", "front", "{{/X}}"): "the front ends without {{/X}}",
    Problem("not-open", "front", "{{/X}}"): "the front has {{/X}}, and nothing is open",
    Problem("wrong-close", "front", "{{/X}}", "{{/Y}}"): "the front has {{/X}} where {{/Y}} should be",
    Problem("blank-front", "front"): "no field that the front shows is filled",
    Problem("no-cloze", "front", wanted="2"): "no field has a cloze of number 2",
    Problem("too-long", "front"): "the clozes of the front nest so that their answers are too long to draw",
}


@pytest.mark.parametrize(("problem", "sentence"), SENTENCES.items(), ids=[each.rule for each in SENTENCES])
def test_sentences(problem: Problem, sentence: str) -> None:
    """A problem is a sentence to those who read it."""
    assert str(problem) == sentence


@pytest.mark.parametrize("text", ["a", "{{c2::a}}", "{{c1::a", "{{c0::a}}"])
def test_no_cloze_of_the_number(studio: Studio, text: str) -> None:
    """A card whose cloze is gone has a problem, and its front; clozes count in every field."""
    face = studio.check("b{{cloze:X}}", "{{cloze:X}}", {"X": text}, is_cloze=True)
    assert face == Face("b", "", Problem("no-cloze", "front", wanted="1"))
    assert studio.check("b{{cloze:X}}", "c", {"X": text, "Y": "{{c1::z}}"}, is_cloze=True) == Face("b", "c")


@pytest.mark.parametrize("length", [1, 63, 64, 65, 1023, 1024, 1025, 2049, 3073, 5121, 7169, 20000])
def test_hints(studio: Studio, length: int) -> None:
    """A hint is a link that shows an element, which is named by a hash of the text and the field."""
    face = studio.check("{{Card}}", "{{hint:X}}", {"X": "é" * (length // 2) + "a" * (length % 2)})
    assert face.answer.startswith('\n<a class=hint href="#"\nonclick=')


def test_hint_of_hint(studio: Studio) -> None:
    """A filter takes what the one before it gave."""
    face = studio.check("{{hint:cloze:X}}", "{{hint:hint:X}}", {"X": "{{c1::a}}"}, is_cloze=True)
    assert face.question.endswith(f'class=hint style="display: none">{asked("a")}</div>\n')
    assert face.answer.count("<a class=hint") == 2


PIECES = st.sampled_from(
    [
        "{{c1::", "{{c2::", "{{c1,2::", "{{c0::", "{{c70000::", "{{c,::", "{{c::", "}}", "}}", "}", "{", "::", ":",
        "a", "b c", "é", "語[ご]", " x[y]", ">", "&nbsp;", "[", "]", "[sound:x]", "[sound:", "[anki:tts lang=en]",
        "[/anki:tts]", "[anki:a  b=c ]", '[anki:a b="c d"]', "[/anki:a]", "\\(", "\\)", "\\[", "\\]", "<b>", "</b>",
        "<br>", "<div>", "<", "<!--", "-->", "<style>", "</style>", "<script>", "</\u017fcript>", "&", "&amp;",
        "&#65;", "&nope;", "\xa0", ";", "[latex]", "[/latex]", "[$]", "[/$]", "[$$]", "[/$$]", "\n", "\t",
        " ", "\u2003",
        '"', "image-occlusion:", "rect:left=.1:", "text=a\\:b", "=", "\\", "\x0b", "e\u0301",
    ]
)  # fmt: skip
BLANKS = st.sampled_from([" ", "\n", "<br>", "<BR/>", "<div>", "</div>", "<br  >", "&nbsp;", "\xa0"])
TEXTS = st.one_of(
    st.lists(PIECES, max_size=14).map("".join),
    st.lists(BLANKS, max_size=4).map("".join),
    st.text(max_size=10),
    st.recursive(
        st.text("ab<>&;:{}[]\\()$ \n", max_size=8),
        lambda inner: st.builds(
            "{}{{{{c{}::{}{}}}}}{}".format,
            inner, st.sampled_from(["1", "2", "1,2", "3,1"]), inner, st.sampled_from(["", "::h", "::"]), inner,
        ),
        max_leaves=12,
    ),
)  # fmt: skip
TAGS = st.sampled_from(
    [
        "{{X}}", "{{Y}}", "{{ X }}", "{{{X}}}", "{{cloze:X}}", "{{cloze:Y}}", "{{cloze-only:X}}",
        "{{text:cloze:X}}", "{{hint:X}}", "{{text:Y}}", "{{type:X}}", "{{type:cloze:X}}", "{{kana:X}}",
        "{{kanji:Y}}", "{{furigana:X}}",
        "{{nope:X}}", "{{hint:nope:X}}", "{{nope:text:X}}", "{{tts en:X}}", "{{tts de speed=2:text:Y}}",
        "{{FrontSide}}", "{{Tags}}", "{{Card}}", "{{Subdeck}}", "{{c1}}", "{{text:}}", "<!-- {{X}} -->",
        "[sound:t]", "[latex]", "[/latex]", "t", "<hr id=answer>", " ", "\n", "\\(", "\\)", "&amp;", "{",
        "}", "%>", "<%X%>",
    ]
)  # fmt: skip
BALANCED = st.recursive(
    st.lists(TAGS, max_size=5).map("".join),
    lambda inner: st.builds(
        "{0}{{{{{1}{2}}}}}{3}{{{{/{2}}}}}".format,
        inner, st.sampled_from("#^"), st.sampled_from(["X", "Y", "Empty", "c1", "c2", "Tags"]), inner,
    ),
    max_leaves=6,
)  # fmt: skip
LOOSE = st.lists(
    TAGS
    | st.sampled_from(
        ["{{#X}}", "{{/X}}", "{{^Y}}", "{{/Y}}", "{{", "}}", "<!--", "-->", "{{Nope}}", "{{}}", "{{=<% %>=}}"]
    ),
    max_size=6,
).map("".join)
TEMPLATES = BALANCED | BALANCED | LOOSE


@settings(max_examples=400)
@given(TEMPLATES, TEMPLATES, TEXTS, TEXTS, st.integers(1, 3), st.booleans())
def test_any_card(studio: Studio, front: str, back: str, text: str, more: str, number: int, is_cloze: bool) -> None:
    """Any fields through any templates are drawn as the backend draws them, or have the same problem."""
    number = number if is_cloze else 1
    studio.check(front, back, {"X": text, "Y": more}, number, is_cloze=is_cloze)


@settings(max_examples=400)
@given(TEXTS, st.integers(1, 2))
def test_any_cloze(studio: Studio, text: str, number: int) -> None:
    """Any field is drawn alike as a cloze of any number."""
    fields = {"X": text, "Y": f"{{{{c{number}::y}}}}"}
    face = studio.check("{{cloze:X}}", "{{cloze:X}}{{cloze-only:X}}", fields, number, is_cloze=True)
    assert face.problem is None


# name -> what stands there again and again
HOSTILE = {
    "braces": "{", "closing braces": "}", "clozes that open": "{{c1::", "clozes": "{{c1::a}}", "hints": "{{c1::a::",
    "numbers": "{{c1,", "less-thans": "<", "comments": "<!--", "scripts": "<script", "MathJax": "\\(",
    "brackets": "[", "words in brackets": "a[b", "lines in brackets": "a[\n", "sounds": "[sound:",
    "tags": "[anki:x]", "LaTeX": "[latex][$][$$]", "ampersands": "&", "blanks": " ", "line breaks": "<br>",
}  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_hostile_fields(studio: Studio, piece: str) -> None:
    """100 kB of what opens and does not close are drawn alike, and not by looking for its end from each."""
    text = piece * (100_000 // len(piece)) + "[/anki:x]"
    template = "{{Card}}{{cloze:X}}{{text:X}}{{furigana:X}}{{X}}"
    assert studio.check(template, template, {"X": text, "Y": "{{c1::a}}"}, is_cloze=True).problem is None


# name -> what stands in a field, or a template; the backend itself takes quadratic time over it, or falls
WORSE = {
    "options": ("{{X}}", "[anki:x a=" * 10_000 + "[/anki:x][/anki:x", "[anki:x a=" * 10_000 + "[/anki:x][/anki:x"),
    "styles": ("{{text:X}}", "<style>" * 14_000, ""),
    "conditions": ("{{#X}}" * 20_000 + "a{{X}}" + "{{/X}}" * 20_000, "x", "ax"),
    "tags that open": ("{{X}}" + "{{" * 50_000, "x", "x" + "{{" * 50_000),
    "comments that open": ("{{X}}" + "<!--" * 25_000, "x", "x" + "<!--" * 25_000),
    "filters": ("{{" + "text:" * 20_000 + "X}}", "<b>x</b>", "x"),
    "half a surrogate": ("{{X}}", "\ud800", "\ud800"),
}


@pytest.mark.parametrize(("template", "text", "drawn"), WORSE.values(), ids=WORSE)
def test_hostile_templates(template: str, text: str, drawn: str) -> None:
    """What no backend would be asked for is drawn all the same."""
    assert render(TYPES[False], template, "{{FrontSide}}", {"X": text}, 0) == Face(drawn, drawn)


def test_answers_that_grow(studio: Studio) -> None:
    """Each cloze of its own number around an answer escapes it once more; where that gets out of hand, it ends."""
    few, many = ("{{c1::" * depth + "<" * 1000 + "}}" * depth for depth in (4, 10))
    assert studio.check("{{cloze:X}}", "{{cloze:X}}", {"X": few}, is_cloze=True).problem is None
    face = render(TYPES[True], "{{cloze:X}}", "", {"X": many}, 0)
    assert face == Face("", "", Problem("too-long", "front"))


def test_cards_of_a_note() -> None:
    """A note has a face for each of its ordinals, in their order."""
    fields = {"Front": "f", "Back": "b", "Reverse": "y", "Kind": "plain", "Lang": "en", "Dir": "ltr"}
    note = Note("k", 1, 1, "plain", "prompt", fields, (), (1, 0))
    assert [visible(face.question) for face in cards(note)] == ["b", "f"]
    named = NOTE_TYPES["prompt"]._replace(name="mkdeck prompt (x)")
    assert list(cards(note, note_type=named)) == list(cards(note))
