"""`mkdeck import` of CSV, TSV and Anki's text export: every row is a card that shows what it held."""

from __future__ import annotations

import csv
import html
import io
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from findings import errors
from hypothesis import given
from hypothesis import strategies as st

import mkdeck
from mkdeck.deck import from_source
from mkdeck.importers import import_file
from mkdeck.importers.field_html import markdown_of
from mkdeck.importers.html_lines import lines_of, look
from mkdeck.importers.yaml_text import WIDTH
from mkdeck.markup import clean, mark, words
from mkdeck.source import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from real_anki import LearnersAnki

    from mkdeck.importers import Imported, Kind
    from mkdeck.importers.html_lines import Look

PICTURE, RECORDING = b"\x89PNG", b"ID3"


def imported(
    folder: Path,
    text: str,
    *,
    kind: Kind | None = None,
    columns: Sequence[str] | None = None,
    name: str = "deck.csv",
) -> Imported:
    """Import a text from a file of its own, beside which a picture and a recording lie."""
    (folder / "map.png").write_bytes(PICTURE)
    (folder / "a map.png").write_bytes(PICTURE)
    (folder / "call.mp3").write_bytes(RECORDING)
    path = folder / name
    path.write_bytes(text.encode())
    return import_file(path, kind=kind, columns=columns)


def read(result: Imported) -> mkdeck.Deck:
    return from_source(parse(result.yaml))


def cards(result: Imported) -> list[str]:
    """Tell the cards of a deck in lines: `front | back`, or the cloze, then `/ note`, `source:` and tags."""
    lines = []
    for card in read(result).cards:
        sides = [side for side in (card.front, card.back, card.cloze) if side]
        line = " | ".join(side.text + (f" [{side.audio}]" if side.audio else "") for side in sides)
        line += f" / {card.note.text}" if card.note else ""
        line += f" source: {card.source}" if card.source else ""
        lines.append(line + "".join(f" #{tag}" for tag in card.tags))
    return lines


SHAPES: dict[str, tuple[str, list[str]]] = {
    "commas": ("dog,chien\ncat,chat\n", ["dog | chien", "cat | chat"]),
    "semicolons": ("dog;chien\ncat;chat\n", ["dog | chien", "cat | chat"]),
    "tabs": ("dog\tchien\ncat\tchat\n", ["dog | chien", "cat | chat"]),
    "bars": ("dog|chien\ncat|chat\n", ["dog | chien", "cat | chat"]),
    "semicolons, with commas inside": ("dog;chien, toutou\ncat;chat\n", ["dog | chien, toutou", "cat | chat"]),
    "quotation marks": ('"dog, big","le ""grand"" chien"\n', ['dog, big | le "grand" chien']),
    "blanks around quotation marks": ('"dog" , "chien"\ncat, chat\n', ["dog | chien", "cat | chat"]),
    "a quotation that is a part of a cell": ('"dog" barks,chien\n', ['"dog" barks | chien']),
    "a quotation that is not closed": ('"dog,chien\ncat,chat\n', ['"dog | chien', "cat | chat"]),
    "lines inside a cell": ('"dog\nbig\n\nold",chien\n', ["dog\\\nbig\n\nold | chien"]),
    "line ends of Windows": ("dog,chien\r\ncat,chat\r\n", ["dog | chien", "cat | chat"]),
    "a header": ("Question,Answer,Tags\ndog,chien,animal\n", ["dog | chien"]),
    "a table of Markdown": ("| front | back | guid |\n|---|:--|--:|\n| dog | chien | g-1 |\n", ["dog | chien"]),
    "a header in another order": (
        "tags,back,front\nanimal,chien,dog\nfish,raie,ray\n",
        ["dog | chien #animal", "ray | raie #fish"],
    ),
    "a header in German": ("Begriff;Bedeutung;Hinweis\nHund;chien;ein Tier\n", ["Hund | chien / ein Tier"]),
    "a column of notes and one of sources": (
        "front,back,note,source\ndog,chien,masculine,Lesson *1*\n",
        [r"dog | chien / masculine source: Lesson \*1\*"],
    ),
    "columns without a name": ("dog,chien,masculine\ncat,chat,\n", ["dog | chien / masculine", "cat | chat"]),
    "several columns of notes": (
        "front,back,example,plural\ndog,chien,Le chien dort.,chiens\n",
        ["dog | chien / example: Le chien dort.\n\nplural: chiens"],
    ),
    "tags with blanks, commas and doubles": (
        'front,back,tags\ndog,chien,"a b, c::d;a"\ncat,chat,e\n',
        ["dog | chien #a #b #c::d", "cat | chat #e"],
    ),
    "signs of Markdown": (
        "front,back\n2*3*4,# of _dogs_\n1914. year,- $x$ [a](b) {{c}}\n",
        [r"2\*3\*4 | \# of \_dogs\_", r"1914\. year | \- \$x\$ \[a](b) \{\{c\}\}"],
    ),
    "maths of MathJax": ("front,back\nWhat is \\( x^2 \\) of 3?,\\[9\\]\n", ["What is $x^2$ of 3? | $$9$$"]),
    "clozes": (
        "text,extra\n{{c1::dog}} and {{c2::cat::a pet}},note\n",
        ["{{c1::dog}} and {{c2::cat::a pet}} / note"],
    ),
    "a recording": (
        "front,back\ndog [sound:call.mp3],chien\n[sound:call.mp3],cat\n",
        ["dog [call.mp3] | chien", "♪ [call.mp3] | cat"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_rows_become_cards(name: str, tmp_path: Path) -> None:
    """Whatever stands between cells, and whatever a header says they hold."""
    text, wanted = SHAPES[name]
    result = imported(tmp_path, text)
    assert cards(result) == wanted
    assert errors(mkdeck.check(read(result), folder=tmp_path)) == []


def test_what_all_cards_share_is_the_decks() -> None:
    """Tags that every row has stand once, above."""
    with tempfile.TemporaryDirectory() as folder:
        result = imported(Path(folder), "front,back,tags\ndog,chien,french animal\nred,rouge,french\n")
    assert read(result).tags == ("french",)
    assert cards(result) == ["dog | chien #animal", "red | rouge"]


HTML: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "bold and italic": ("<b>dog</b> and <i>cat</i>", "**dog** and *cat*", ()),
    "their other names": ("<strong>dog</strong> <em>cat</em> <s>cow</s>", "**dog** *cat* ~~cow~~", ()),
    "inside a word": ("un<b>like</b>ly", "un**like**ly", ()),
    "blanks inside": ("<b> dog </b>cat", "**dog** cat", ()),
    "one in the other": ("<b><i>dog</i></b>", "***dog***", ()),
    "line breaks": ("dog<br>cat<br/>cow", "dog\\\ncat\\\ncow", ()),
    "blocks": ("<div>dog</div><div>cat</div>", "dog\\\ncat", ()),
    "an empty block": ("dog<div><br></div><div>cat</div>", "dog\n\ncat", ()),
    "paragraphs": ("<p>dog</p><p>cat</p>", "dog\n\ncat", ()),
    "a list": ("pets<ul><li>dog</li><li>cat</li></ul>no more", "pets\n\n- dog\n- cat\n\nno more", ()),
    "a list inside a numbered list": (
        "<ol><li>dog<ul><li>big</li></ul></li><li>cat</li></ol>", "1. dog\n   - big\n2. cat", (),
    ),
    "a picture": ('<img src="map.png"> dog', "![](map.png) dog", ()),
    "one picture twice": ('<img src="map.png"><img src="map.png">', "![](map.png)![](map.png)", ()),
    "a picture that is said to show something": ('<img alt="a map" src=map.png>', "![a map](map.png)", ()),
    "a picture with a blank in its name": ('<img src="a%20map.png">', "![](<a map.png>)", ()),
    "a picture that does not lie beside the file": (
        '<img src="gone.png"> dog',
        "[gone.png] dog",
        ("the picture `gone.png`, which does not lie beside the file,",),
    ),
    "a link": ('<a href="https://example.org/">dog</a>', "[dog](https://example.org/)", ()),
    "code": ("<pre>if a:\n    b = *c</pre>dog", "```\nif a:\n    b = *c\n```\n\ndog", ()),
    "code in a line": ("<code>a*b*c</code> dog", "`a*b*c` dog", ()),
    "entities": ("&lt;b&gt; &amp;amp; 5&nbsp;kg&nbsp; dog", "\\<b> \\&amp; 5\xa0kg dog", ()),
    "spans and comments": ('<span style="x">dog</span><!-- no --> cat', "dog cat", ()),
    "what Markdown has no sign for": ("H<sub>2</sub>O <u>is</u> water", "H2O is water", ("<sub>", "<u>")),
    "a table": ("<table><tr><td>dog</td><td>cat</td></tr></table>", "dog\\\ncat", ("<table>",)),
    "colours and sizes": (
        "<span style=\"color:red; font-size: 2em\">dog</span><div align=left style='COLOR: teal'>cat</div>",
        "dog\\\ncat",
        ("the color", "the font-size", "the align"),
    ),
    "a picture with a width": ('<img src="map.png" width="20">', "![](map.png)", ("the width",)),
    "a style that says nothing": ('<span style="">dog</span> <b style=";color:">cat</b>', "dog **cat**", ()),
    "a style sheet": ("<style>.a { b }</style>dog", "dog", ("<style>",)),
    "maths": (r"\(a &lt; b\) and \[ c \]", "$a < b$ and $$c$$", ()),
    "maths behind a digit, where Markdown takes none": (r"5\(x\)", r"5\\(x\\)", ("the look of it",)),
    "signs of Markdown": ("2*3*4 <b>dog</b>", r"2\*3\*4 **dog**", ()),
    "a line that looks like a list": ("- dog<br>1. cat", "\\- dog\\\n1\\. cat", ()),
    "no tag at all": ("a < b and b > c", "a < b and b > c", ()),
}  # fmt: skip


@pytest.mark.parametrize("name", HTML)
def test_html_becomes_markdown_where_that_shows_the_same(name: str) -> None:
    """What Markdown can show is kept; of the rest the words are, and what was lost is told."""
    field, wanted, lost = HTML[name]
    shown = markdown_of(field, clozes=False, has_picture=lambda file: file != "gone.png")
    assert (shown.text, shown.lost) == (wanted, lost)


CLOZES: dict[str, tuple[str, str, list[str]]] = {
    "with a look": ("{{c1::<b>dog</b>::pet}} and {{c2::cat}}", "{{c1::**dog**::pet}} and {{c2::cat}}", []),
    "blanks around a hint": ("({{c1::dog:: a pet }})", "({{c1::dog::a pet}})", []),
    "in maths": (r"\({{c1::x}}\)", "${{c1::x}}$", []),
    "maths in a cloze": (r"{{c1::\(x\)}}", "{{c1::$x$}}", []),
    "one in another": ("{{c1::a {{c2::big}} dog}}", "{{c1::a {{c2::big}} dog}}", []),
    "two numbers for one answer": (
        "{{c1::dog}} and {{c2::dog}}",
        "{{c1::dog}} and {{c1::dog}}",
        ["line 2: a second number of one answer could not be kept; the words were"],
    ),
    "bold type across its edge": (
        "<b>a {{c1::dog</b> barks}}",
        "a {{c1::dog barks}}",
        ["line 2: bold, italics or links could not be kept; the words were"],
    ),
    "two numbers at once": (
        "a {{c1,2::dog}} barks",
        "a [...] barks | a dog barks / x",
        ["line 2: its clozes are none that mkdeck can have; they became gaps in a question"],
    ),
    "a number that mkdeck does not take": (
        "a {{c501::dog::pet}} barks",
        "a [pet] barks | a dog barks / x",
        ["line 2: its clozes are none that mkdeck can have; they became gaps in a question"],
    ),
    "not closed": ("a {{c1::dog", r"a \{\{c1::dog | x", []),
}  # fmt: skip


@pytest.mark.parametrize("name", CLOZES)
def test_clozes_of_anki_stay_clozes(name: str, tmp_path: Path) -> None:
    """With their numbers and hints; what mkdeck cannot have becomes a question with gaps, and is told."""
    field, wanted, told = CLOZES[name]
    result = imported(tmp_path, f"#separator:tab\n{field}\tx\n", kind="anki-text")
    assert errors(mkdeck.check(read(result), folder=tmp_path)) == []
    assert cards(result)[0].removesuffix(" / x") == wanted.removesuffix(" / x")
    assert list(result.report[1:]) == told


def test_long_clozes_are_folded(tmp_path: Path) -> None:
    """Also those of several lines: blanks are no markup that has to stay as it is."""
    text = f"#separator:tab\n#html:true\n{{{{c1::dog}}}} {'barks ' * 30}<br>at the {{{{c2::cat}}}}\n"
    result = imported(tmp_path, text)
    assert cards(result) == [f"{{{{c1::dog}}}} {'barks ' * 29}barks\\\nat the {{{{c2::cat}}}}"]
    assert max(map(len, result.yaml.splitlines())) <= WIDTH


def test_the_report_tells_what_was_left_out(tmp_path: Path) -> None:
    """Empty rows, rows without a side, the learner's own tags, columns, guids: each with its line."""
    text = (
        "front,back,tags,guid,skip me\n"
        "dog,chien,marked animal,g1,x\n"
        ",,,,\n"
        "cat,,,g2,\n"
        ",vache,,,\n"
        '"two\nlines",chat,,g3,\n'
    )
    result = imported(tmp_path, text, columns=["front", "back", "tags", "guid", "skip"])
    assert result.report == (
        "deck.csv, read as csv: 2 cards",
        "column 5, `skip me`, was left out",
        "guids of 2 cards: kept in the lock, which is written beside a deck with -o",
        (
            "notes of other note types that Anki has under these guids are not updated by what you build: its "
            "cards are of mkdeck's, and Anki never changes the type of a note; to update those, export a package "
            "(.apkg) and import that"
        ),
        "line 1: the header: front, back, tags, guid, skip me",
        "line 2: left out, the tag `marked`, which is the learner's own in Anki",
        "line 3: left out, an empty row",
        "line 4: left out, for it has no back: cat | g2",
        "line 5: left out, for it has no front: vache",
    )
    assert [(card.line, card.guid) for card in result.cards] == [(2, "g1"), (6, "g3")]


COLUMNS: dict[str, tuple[list[str], list[str]]] = {
    "in another order": (["back", "front"], ["chien | dog", "chat | cat"]),
    "a column that is left out": (["front", "skip", "back"], ["dog | animal", "cat | pet"]),
    "more for the note": (["front", "back", "note"], ["dog | chien / animal", "cat | chat / pet"]),
    "fewer than there are": (["front", "back"], ["dog | chien", "cat | chat"]),
    "tags": (["front", "back", "tags"], ["dog | chien #animal", "cat | chat #pet"]),
    "in the words of a header": (["Question", "answer", "tag"], ["dog | chien #animal", "cat | chat #pet"]),
    "in German": (["Frage", "Antwort", "Hinweis"], ["dog | chien / animal", "cat | chat / pet"]),
    "nothing for one that is left out": (["frage", "", "antwort"], ["dog | animal", "cat | pet"]),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_can_be_named(name: str, tmp_path: Path) -> None:
    """By their order, as on the command line."""
    columns, wanted = COLUMNS[name]
    result = imported(tmp_path, "dog,chien,animal\ncat,chat,pet\n", columns=columns)
    assert cards(result) == wanted


KNOWN = "known are front, back, cloze, note, source, tags, guid, deck, notetype, skip"
WRONG_COLUMNS = {
    "a name that is none": (["front", "bakc"], "`bakc` is no column", f"did you mean `back`? {KNOWN}"),
    "a name that is like none": (["front", "zebra"], "`zebra` is no column", KNOWN),
    "nothing that is asked": (
        ["back", "tags"],
        "no column holds what is asked",
        "name one of them `front` or `cloze`",
    ),
}


@pytest.mark.parametrize("name", WRONG_COLUMNS)
def test_a_wrong_column_is_an_error(name: str, tmp_path: Path) -> None:
    """It is said which columns there are."""
    columns, message, mend = WRONG_COLUMNS[name]
    with pytest.raises(mkdeck.DeckError) as caught:
        imported(tmp_path, "dog,chien\n", columns=columns)
    assert [(each.message, each.mend) for each in caught.value.diagnostics] == [(message, mend)]


def test_recordings_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    """One that does not lie beside the file, and several in one cell: their names stay in the text."""
    text = "front,back\ndog,[sound:gone.mp3]\ncat,[sound:call.mp3][sound:gone.mp3]\n"
    assert imported(tmp_path, text).report[2:] == (
        "line 2: the recording `gone.mp3`, which does not lie beside the file, could not be kept; the words were",
        "line 3: the recording `call.mp3`, one of several in its cell, could not be kept; the words were",
        "line 3: the recording `gone.mp3`, one of several in its cell, could not be kept; the words were",
    )


def test_the_look_that_is_lost_is_told_with_its_lines(tmp_path: Path) -> None:
    """Once for each thing that Markdown has no sign for, with all its lines."""
    text = (
        "front,back\n"
        "dog,\"<span style='color:red'>chien</span>\"\n"
        "cat,<table><tr><td>chat</td></tr></table>\n"
        "cow,\"<p style='color:red'>vache</p>\"\n"
    )
    assert imported(tmp_path, text).report[2:] == (
        "lines 2 and 4: the color could not be kept; the words were",
        "line 3: <table> could not be kept; the words were",
    )


EXPORT = """\
#separator:Semicolon
#html:true
#tags:french lesson::1
#deck:Languages::French
#columns:Front;Back;Extra
#if matches:keep both
dog;chien;<b>masculine</b>
# a comment
"#cat";chat;
"""


def test_the_lines_at_the_top_of_ankis_export_are_read(tmp_path: Path) -> None:
    """Separator, HTML, tags, deck and columns; other lines, and comments, are told."""
    result = imported(tmp_path, EXPORT, name="notes.txt")
    deck = read(result)
    assert (result.kind, deck.deck, deck.id, deck.tags) == (
        "anki-text", "Languages::French", "languages-french", ("french", "lesson::1")
    )  # fmt: skip
    assert cards(result) == ["dog | chien / **masculine**", "#cat | chat"]
    assert result.report[1:] == (
        "column 3, `Extra`, became the note",
        "line 6: left out, a line for Anki: #if matches:keep both",
        "line 8: left out, a comment: # a comment",
    )


def test_what_would_be_an_error_is_allowed_and_marked(tmp_path: Path) -> None:
    """Rows that are there twice, or ask one thing with two answers, stay; a comment says what is wrong."""
    text = "front,back\nWho?,He\nWho?,She\nWhere?,There\nwhere?,there\nIs it a dog?,a dog\n"
    assert imported(tmp_path, text).yaml.rpartition("cards:\n")[2] == (
        "  - front: Who?\n"
        "    back: He\n"
        "  - front: Who?\n"
        "    back: She\n"
        "    allow: [ambiguous-front]  # TODO: another card has the same front: reword one of them\n"
        "  - front: Where?\n"
        "    back: There\n"
        "  - front: where?\n"
        "    back: there\n"
        "    allow: [duplicate-note]  # TODO: another card says the same: keep one of them\n"
        "  - front: Is it a dog?\n"
        "    back: a dog\n"
        "    allow: [answer-leak]  # TODO: the answer can be read on the front: reword it\n"
    )


NOTES_IN_ANKI: list[tuple[str, list[str], list[str], str]] = [
    ("Basic", ['Who <b>won</b>? "x"<br>new\tline', 'Caesar, and "him"'], ["b::c", "rome"], "H::Rome"),
    ("Cloze", ["{{c1::Rome::a city}} fell in {{c2::476}}<div>or so</div>", "more"], [], "H::Rome"),
    ("Basic (and reversed card)", ["#5 &lt;b&gt; &amp; c", "line 1\nline 2"], ["t"], "H::Other"),
    ("Basic", [r"What is \(x^2\)?", r"\[y\]"], [], "H::Other"),
]
AS_CARDS = [
    'Who **won**? "x"\\\nnew line | Caesar, and "him"{tags}',
    "{{c1::Rome::a city}} fell in {{c2::476}}\\\nor so / more",
    "#5 <b> & c | line 1 line 2{t}",
    "What is $x^2$? | $$y$$",
]


def collection(anki: LearnersAnki) -> Any:
    """Put notes into a learner's collection."""
    for note_type, fields, tags, deck in NOTES_IN_ANKI:
        note = anki.col.new_note(anki.col.models.by_name(note_type))
        note.fields = fields
        note.tags = tags
        anki.col.add_note(note, anki.col.decks.id(deck))
    return anki.col


@pytest.mark.parametrize("columns", [(), ("tags",), ("guid", "notetype", "deck", "tags"), ("deck",)])
def test_notes_that_anki_itself_exports_become_cards(
    columns: tuple[str, ...], tmp_path: Path, anki: LearnersAnki
) -> None:
    """With HTML, and with any of its columns: the same cards, in the same deck, with the same guids."""
    col = collection(anki)
    with_columns = {f"with_{name}": name in columns for name in ("tags", "deck", "notetype", "guid")}
    col.export_note_csv(out_path=str(tmp_path / "notes.txt"), limit=None, with_html=True, **with_columns)
    result = import_file(tmp_path / "notes.txt")
    with_tags = {"{tags}": " #b::c #rome", "{t}": " #t"} if "tags" in columns else {"{tags}": "", "{t}": ""}
    wanted = [re.sub(r"\{\w+\}$", lambda sign: with_tags[sign[0]], line) for line in AS_CARDS]
    if "notetype" in columns:
        wanted.insert(3, "line 1 line 2 | #5 <b> & c #t")
    assert cards(result) == wanted
    assert read(result).deck == ("H" if "deck" in columns else "Notes")
    guids = col.db.list("select guid from notes order by id") if "guid" in columns else [""] * 4
    guids[3:3] = [""] * ("notetype" in columns)
    assert [card.guid for card in result.cards] == guids
    assert errors(mkdeck.check(read(result), folder=tmp_path)) == []


NOTE_TYPES = {
    "Basic": "2, now cards with a front and a back, or clozes",
    "Basic (and reversed card)": "2, now two cards each, one for each direction; the second is a new note to Anki",
    "Basic (and reversed card)+": "2, now two cards each, one for each direction; the second is a new note to Anki",
    "Anatomy": (
        "2, now cards with a front and a back, or clozes; if it makes several cards of a note, only the first is "
        "here: import a package (.apkg)"
    ),
}


@pytest.mark.parametrize("name", NOTE_TYPES)
def test_what_became_of_a_note_type_is_told(name: str, tmp_path: Path) -> None:
    """Both directions stay where Anki's own note type asks both; of others it is not known."""
    head = f"#separator:tab\n#html:true\n#notetype:{name}\n"
    result = imported(tmp_path, f"{head}dog\t<b>chien</b> [sound:call.mp3]\n{{{{c1::cats}}}}\t\n", name="notes.txt")
    back = ["**chien** [call.mp3] | dog"] if "reversed" in name else []
    assert cards(result) == ["dog | **chien** [call.mp3]", *back, "{{c1::cats}}"]
    assert f"of the note type `{name}`: {NOTE_TYPES[name]}" in result.report


def test_the_reverse_of_a_card_is_another_note(tmp_path: Path, anki: LearnersAnki) -> None:
    """Its guid is one of its own; the first has that which Anki knows."""
    head = "#separator:tab\n#html:false\n#guid column:1\n#notetype:Basic (and reversed card)\n"
    result = imported(tmp_path, f"{head}g-1\tdog\tchien\n", name="notes.txt")
    (tmp_path / "deck.yaml").write_text(result.yaml)
    (tmp_path / "deck.lock.json").write_bytes(result.lock)
    built = mkdeck.build(tmp_path / "deck.yaml", tmp_path / "deck.apkg")
    assert anki.import_package(built.path) == {"new": 2}
    fields = dict(anki.col.db.execute("select guid, sfld from notes"))
    assert (len(fields), fields["g-1"]) == (2, "dog")


def test_notes_exported_without_html_become_cards(tmp_path: Path, anki: LearnersAnki) -> None:
    """Text is text: what looks like a tag is shown."""
    collection(anki).export_note_csv(
        out_path=str(tmp_path / "notes.txt"), limit=None, with_html=False, with_tags=False, with_deck=False,
        with_notetype=False, with_guid=False,
    )  # fmt: skip
    assert cards(import_file(tmp_path / "notes.txt")) == [
        'Who won? "x" new\tline | Caesar, and "him"',
        "{{c1::Rome::a city}} fell in {{c2::476}} or so / more",
        "#5 <b> & c | line 1 line 2",
        "What is $x^2$? | $$y$$",
    ]


def test_cards_that_anki_itself_exports_become_cards(tmp_path: Path, anki: LearnersAnki) -> None:
    """One for each card: a cloze note is as many questions as it has blanks, the other side of a note another."""
    collection(anki).export_card_csv(out_path=str(tmp_path / "cards.txt"), limit=None, with_html=True)
    assert sorted(cards(import_file(tmp_path / "cards.txt"))) == [
        "#5 <b> & c | line 1 line 2",
        "Rome fell in [...]\\\nor so | Rome fell in 476\\\nor so\n\nmore",
        "What is $x^2$? | $$y$$",
        'Who **won**? "x"\\\nnew line | Caesar, and "him"',
        "[a city] fell in 476\\\nor so | Rome fell in 476\\\nor so\n\nmore",
        "line 1 line 2 | #5 <b> & c",
    ]


def test_an_imported_table_works(tmp_path: Path, anki: LearnersAnki) -> None:
    """It builds with its pictures and recordings, and Anki takes it and finds nothing to mend."""
    text = 'front,back\ndog <img src="map.png">,chien [sound:call.mp3]\n{{c1::a}} b,\n'
    result = imported(tmp_path, text)
    path = tmp_path / "deck.yaml"
    path.write_text(result.yaml, encoding="utf-8")
    built = mkdeck.build(path, tmp_path / "deck.apkg")
    assert anki.import_package(built.path) == {"new": 2}
    assert (built.media, anki.is_sound()) == (2, True)


SIGNS = [
    "dog", " ", "\n", "\n\n", "*", "_", "`", "[a](b)", "#", "- ", "1. ", "<b>", "&amp;", "$x$", "{{", "}}",
    "::", '"', "'", ",", ";", "\t", "|", "---", "===", "\\", "~~", "![](map.png)", "> ", ": ", "é", "中",
]  # fmt: skip
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t")),
    st.lists(st.sampled_from(SIGNS)).map("".join),
)


def seen(text: mkdeck.Text | None) -> str:
    """Give the words and signs that a text of a deck shows."""
    assert text is not None
    return words(mark(text.text, media=lambda name: name).html.replace("<span></span>", ""))


def normal(cell: str) -> str:
    """Give what of a cell is to be shown: an import leaves out what shows nothing and can stand in no deck."""
    return " ".join(clean(re.sub("[\ufeff\ufdd0-\ufdef\ufffe\uffff]", "", cell)).split())


def shows(cell: str) -> bool:
    return any(not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"} for char in normal(cell))


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT), min_size=1), st.sampled_from([",", ";", "\t", "|"]))
def test_rows_come_out_as_they_went_in(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    """Any texts, in any kind of table: each card shows what its row held, and a row that is no card is told."""
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    name = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Pipe"}[delimiter]
    whole = [row for row in rows if all(map(shows, row[:2]))]
    text = f"#separator:{name}\n#html:false\n#columns:front{delimiter}back{delimiter}note\n{file.getvalue()}"
    with tempfile.TemporaryDirectory() as folder:
        if not whole:
            with pytest.raises(mkdeck.DeckError, match="nothing to learn"):
                imported(Path(folder), text)
            return
        deck = read(imported(Path(folder), text))
        assert errors(mkdeck.check(deck, folder=folder)) == []
    assert [(seen(card.front), seen(card.back)) for card in deck.cards] == [
        (normal(front), normal(back)) for front, back, _ in whole
    ]
    notes = [normal(note) if shows(note) else "" for _, _, note in whole]
    assert [seen(card.note) if card.note else "" for card in deck.cards] == notes


TAGS = st.sampled_from(["b", "i", "s", "div", "p", "ul", "ol", "li", "span", "code", "pre", "u", "td"])
PIECES = st.one_of(
    TAGS.map(lambda tag: f"<{tag}>"),
    TAGS.map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        [
            "<br>",
            "dog",
            " cat ",
            "*",
            "_",
            "-",
            "1.",
            "#",
            "&lt;",
            "&nbsp;",
            r"\(x\)",
            "[",
            "](",
            ")",
            "`",
            "<b>dog</b>",
            "<i>cat.</i> ",
            '<img src="map.png">',
            "<div>dog</div>",
            "<li>cat</li>",
            "&amp; ",
            "amp;",
            "! ",
            "(",
            '"',
            "é",
        ]
    ),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=3).map(html.escape),
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_markdown_shows_what_the_html_showed(field: str) -> None:
    """Sign for sign, and but for what is told, with the same look."""
    check_look(field, clozes=False)


CLOZED = st.sampled_from(
    ["{{c1::dog}}", "{{c2::big cat::a pet}}", "{{c3::<b>cow</b>}}", "{{c1::", "{{c12::", "::", "}}"]
)


@given(st.lists(st.one_of(CLOZED, PIECES), max_size=20).map("".join))
def test_clozes_show_what_the_html_showed(field: str) -> None:
    """Where clozes can be kept, they stand where they stood, with the same numbers and hints."""
    check_look(field, clozes=True)


def check_look(field: str, *, clozes: bool) -> None:
    """Compare what is seen of a field with what is seen of the Markdown that it became."""
    shown = markdown_of(field, clozes=clozes, has_picture=lambda _: True)
    marked = mark(shown.text, clozes=clozes, media=lambda name: name)
    if "the look of it" in shown.lost and clozes:
        return  # its clozes are none that mkdeck can have: another text is made of it
    lines, _ = lines_of(field, lambda _: True)
    again, _ = lines_of(marked.clozed(marked.numbers()), lambda _: True)
    if any(each in shown.lost for each in ("the look of it", "bold, italics or links")):
        assert told_of(look(again)) == told_of(look(lines))
    else:
        assert look(again) == look(lines)


def told_of(seen: Look) -> str:
    """Give the words of what is seen; of a picture, its name."""
    return "".join(f"[{sign[1:]}]" if sign[0] == "\N{OBJECT REPLACEMENT CHARACTER}" else sign for sign, _ in seen)
