"""Which note is which after an edit: no history goes to another fact, and what is pinned or named settles it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mkdeck
from mkdeck.lock import Entry, Identity, Lock, settle
from mkdeck.lock.likeness import pair_up
from mkdeck.notes import Draft

if TYPE_CHECKING:
    from pathlib import Path

Data = dict[str, Any]


def deck(*points: Any, **more: Any) -> Data:
    """Give a deck of one reason, x, with these points."""
    reasons = [{"id": "x", "reason": "Weather", "points": list(points)}] if points else []
    return {"deck": "D", "id": "d", "question": "Why?", "make": ["fact", "plain", "term", "map", "link"],
            "reasons": reasons, **more}  # fmt: skip


def cards(*sides: tuple[str, str]) -> Data:
    """Give a deck of cards, whose fronts may be equal: what an author allows must keep its history, too."""
    sheets = [{"front": front, "back": back} for front, back in sides]
    repeats = len({front for front, _ in sides}) < len(sides)
    return deck(cards=sheets, allow=["ambiguous-front"] if repeats else [])


def reasons(**titles: str) -> Data:
    return deck(
        reasons=[{"id": each, "reason": title, "points": [f"A {{{{{each}}}}}."]} for each, title in titles.items()]
    )


def build(tmp_path: Path, *decks: Data) -> list[dict[str, tuple[str, int]]]:
    """Build decks one after the other; give for each what it asks for: answer -> (guid, cloze number)."""
    lock: Any = {}
    found = []
    for data in decks:
        made = mkdeck.Deck(**data)
        notes = made.to_genanki(tmp_path, lock=lock).notes
        lock = mkdeck.build(made, tmp_path / "x.apkg", folder=tmp_path, lock=lock).locks["d"]
        asked = {}
        for note in notes:
            fields = dict(zip(note.model.names, note.fields, strict=True))
            clozes = lock["notes"][fields["Key"].partition("/")[2]].get("numbers", {})
            if fields["Kind"] == "map":
                text = fields["Text"]
                asked[text[text.index("::") + 2 : text.index("}}")]] = (note.guid, 1)
            elif clozes:
                asked.update({fact: (note.guid, number) for fact, number in clozes.items()})
            else:
                asked[fields["Back"]] = (note.guid, 0)
        found.append(asked)
    return found


# name -> the deck before and after, the answers that keep their cards, and those that must have new ones
CASES: dict[str, tuple[Data, Data, set[str], set[str]]] = {
    "one reason goes, another comes": (
        reasons(x="Weather", y="Famine"), reasons(x="Weather", z="Unions"), {"x", "Weather"}, {"z", "Unions"},
    ),
    "a reason with another id, but the same name": (
        reasons(x="Weather", y="Famine"), reasons(x="Weather", w="Famine"), {"x", "Weather", "Famine"}, set(),
    ),
    "equal fronts, the first is taken out": (
        cards(("Name a cause.", "militarism"), ("Name a cause.", "alliances")),
        cards(("Name a cause.", "alliances")), {"alliances"}, set(),
    ),
    "equal fronts, reordered": (
        cards(("Name a cause.", "militarism"), ("Name a cause.", "alliances")),
        cards(("Name a cause.", "alliances"), ("Name a cause.", "militarism")), {"alliances", "militarism"}, set(),
    ),
    "an answer corrected": (
        cards(("Who led the party?", "Lenin"), ("When?", "1917")),
        cards(("Who led the party?", "Stalin"), ("When?", "1917")), {"1917"}, set(),
    ),
    "a card like another": (
        cards(("When was Stalin born?", "1878")), cards(("When was Lenin born?", "1870")), set(), {"1870"},
    ),
    "equal words, other blanks, reordered": (
        deck("The {{cat}} sat on a mat.", "The cat sat on a {{mat}}."),
        deck("The cat sat on a {{mat}}.", "The {{cat}} sat on a mat."), {"cat", "mat"}, set(),
    ),
    "a picture in a blank, and another before it": (
        deck("First {{![](a.png)}} then."), deck("First {{![](b.png)}} and {{![](a.png)}} then."),
        {"[a.png]"}, {"[b.png]"},
    ),
    "capitals in formulas": (
        deck("Both {{$e$}} and {{$E$}}."), deck("Both {{$E$}} and {{$e$}}."), {r"\(e\)", r"\(E\)"}, set(),
    ),
    "an id of a fact, and its word": (
        deck({"text": "The {{NEP}} was a policy.", "facts": [{"fact": "a policy", "id": "nep"}]}),
        deck({"text": "The {{NEP}} was a policy.", "facts": [{"fact": "a policy", "id": "nep"}]}),
        {"nep", "#nep"}, set(),
    ),
    "a number in another place": (
        deck("It fell in {{1928}} there."), deck("It fell in {{1929}} there, not in 1928."), set(), {"1929"},
    ),
    "another word that looks alike": (
        deck("There was {{inflation}} at that time in all towns."),
        deck("There was {{deflation}} at that time in all towns."), set(), {"deflation"},
    ),
    "a number corrected": (
        deck("Britain had {{29}} dreadnoughts, {{20}} of them new."),
        deck("Britain had {{31}} dreadnoughts, {{20}} of them new."), {"20"}, set(),
    ),
    "a point written anew around its facts": (
        deck("Bulgaria fought {{Serbia}} over {{Macedonia}}."),
        deck("In vain Sofia took arms against {{Serbia}} for {{Macedonia}}."), {"serbia", "macedonia"}, set(),
    ),
    "an id for a new point": (
        deck("Stalin ordered the {{purge}} of kulaks in {{1930}}."),
        deck({"id": "new", "text": "Stalin ordered the {{arrest}} of generals in {{1937}}."}), set(),
        {"arrest", "1937"},
    ),
    "an id taken away": (
        deck({"id": "p", "text": "It {{rained}} hard."}), deck("It {{rained}} hard."), {"rained"}, set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_which_is_which(name: str, tmp_path: Path) -> None:
    """Answers that stay keep their note and number; new ones have a card that nothing had before."""
    before, after, kept, new = CASES[name]
    for picture in ("a.png", "b.png"):
        (tmp_path / picture).write_bytes(picture.encode())
    first, second = build(tmp_path, before, after)
    assert {answer: second[answer] for answer in kept} == {answer: first[answer] for answer in kept}
    assert {answer: second[answer] for answer in new if second[answer] in first.values()} == {}
    assert len(set(second.values())) == len(second)


def test_an_answer_corrected_keeps_its_card(tmp_path: Path) -> None:
    """A corrected back is the same card, and so is a corrected number in the same words."""
    first, second = build(tmp_path, cards(("Who led?", "Lenin")), cards(("Who led?", "Stalin")))
    assert first["Lenin"] == second["Stalin"]
    first, second = build(tmp_path, deck("It had {{29}} ships."), deck("It had {{31}} ships."))
    assert first["29"] == second["31"]


def test_an_answer_is_declared(tmp_path: Path) -> None:
    """An answer in braces that becomes a declared fact in another spelling keeps its card."""
    declared = deck({"text": "The NEP of Lenin.", "facts": [{"fact": "New Economic Policy", "also": ["NEP"]}]})
    first, second = build(tmp_path, deck("The {{NEP}} of Lenin."), declared)
    assert first["nep"] == second["new economic policy"]


def test_ids_of_one_name(tmp_path: Path) -> None:
    """An id belongs to its reason: a new note of the same id elsewhere is not the one that was taken out."""
    here = deck(reasons=[{"id": "x", "reason": "A", "points": [{"id": "p", "text": "It {{rained}} hard."}]}])
    nothing = deck(reasons=[{"id": "y", "reason": "B", "points": ["Some {{other}}."]}])
    there = deck(
        reasons=[{"id": "q", "reason": "C", "points": [{"id": "p", "text": "Gold was {{scarce}} always."}]}]
    )
    first, _, third = build(tmp_path, here, nothing, there)
    assert first["rained"][0] != third["scarce"][0]

    moved = deck(
        reasons=[
            {"id": "x", "reason": "A", "points": []},
            {"id": "y", "reason": "B", "points": [{"id": "p", "text": "It {{rained}} hard."}]},
        ]
    )
    both = deck(
        reasons=[
            {"id": "x", "reason": "A", "points": [{"id": "p", "text": "Gold was {{scarce}} always."}]},
            {"id": "y", "reason": "B", "points": [{"id": "p", "text": "It {{rained}} hard."}]},
        ]
    )
    first, second, third = build(tmp_path, here, moved, both)
    assert first["rained"] == second["rained"] == third["rained"]
    assert third["scarce"][0] != first["rained"][0]


PINS = {
    "the number of another fact": [deck("{{alpha}}, {{beta}}"), deck("{{alpha}}, {{beta}}, {{c2::gamma}}")],
    "a number that was retired": [
        deck("Now {{alpha}} and {{beta}}."), deck("Now and {{beta}}."), deck("Now {{c1::zebra}} and {{beta}}."),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", PINS)
def test_pins_take_nothing(name: str, tmp_path: Path) -> None:
    """A pinned number that belongs to another fact, or did, is an error."""
    with pytest.raises(mkdeck.DeckError, match="the pinned cloze number") as caught:
        build(tmp_path, *PINS[name])
    assert [each.rule for each in caught.value.diagnostics] == ["lock"]


def test_a_pin_that_changes(tmp_path: Path) -> None:
    """The number that a fact had before it was pinned to another is not given again."""
    before = deck("{{c1::alpha}} {{c2::beta}} here")
    pinned = deck("{{c3::alpha}} {{c2::beta}} here")
    more = deck("{{c3::alpha}} {{c2::beta}} {{quux}} here")
    *_, last = build(tmp_path, before, pinned, more)
    assert {fact: number for fact, (_, number) in last.items()} == {"alpha": 3, "beta": 2, "quux": 4}


def test_a_pin_of_the_number_that_it_has(tmp_path: Path) -> None:
    """A pin that says what is so changes nothing, not even the order in the lock's lines."""
    path = tmp_path / "a.yaml"
    text = "deck: A\nid: a\ncards:\n  - cloze: '{{alpha}} {{beta}} here'\n"
    path.write_text(text)
    mkdeck.build(path, tmp_path / "x.apkg")
    before = (tmp_path / "a.lock.json").read_bytes()
    path.write_text(text.replace("{{beta", "{{c2::beta"))
    assert mkdeck.build(path, tmp_path / "x.apkg").changes == ()
    assert (tmp_path / "a.lock.json").read_bytes() == before


def test_a_pinned_fact_is_renamed(tmp_path: Path) -> None:
    """What stands under a pinned number is that fact, whatever its words."""
    first, second = build(tmp_path, deck("{{c1::alpha}} here"), deck("{{c1::omega}} here"))
    assert first["alpha"] == second["omega"]


def test_the_same_identities_with_any_string_hashes() -> None:
    """Which of many alike texts is which does not depend on PYTHONHASHSEED."""
    code = (
        "from mkdeck.lock.likeness import pair_up\n"
        "words = [f'w{n}' for n in range(60)]\n"
        "old = [' '.join(words[n % 50:n % 50 + 8] + [f'o{n}']) for n in range(300)]\n"
        "new = [' '.join(words[n % 50:n % 50 + 8] + [f'n{n}']) for n in range(300)]\n"
        "print(pair_up(new, old))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": str(seed)}, capture_output=True, check=True
        ).stdout
        for seed in range(4)
    }
    assert len(said) == 1


@given(
    fields=st.dictionaries(st.sampled_from(("Text", "Extra", "Source")), st.text(), min_size=1),
    tags=st.lists(st.text(min_size=1), unique=True).map(tuple),
    frame=st.sampled_from(({}, {"Kind": "fact", "Lang": "en", "Dir": "ltr"})),
    cards=st.sets(st.integers(0, 3), min_size=1).map(lambda found: tuple(sorted(found))),
)
def test_what_the_lock_says_of_a_note_is_the_same_for_ever(
    fields: dict[str, str], tags: tuple[str, ...], frame: dict[str, str], cards: tuple[int, ...]
) -> None:
    """The hash of a note is that of the `repr` of its note type, cards, tags and fields: with another one, a new
    mkdeck would take every note for changed.
    """
    draft = Draft("fact", "r/fact", "a", "alpha", "prompt", fields, tags, cards=cards, frame=frame)
    settled = settle(Identity("d", "D"), [draft], None, 1)
    texts = sorted({**fields, **frame, "Key": "d/r/fact/a"}.items())
    content = repr(("prompt", cards, sorted(tags), texts)).encode("utf-8", "surrogatepass")
    expected = hashlib.blake2b(content, digest_size=12).hexdigest()
    assert settled.lock.notes["r/fact/a"].hash == expected


@given(
    slots=st.lists(st.sampled_from(("a", "a#2", "b")), max_size=12),
    taken=st.sets(st.sampled_from(("a", "a#2", "a#3", "a#5", "b#2", "a#2#2"))),
)
def test_a_new_key_has_the_first_number_that_is_free(slots: list[str], taken: set[str]) -> None:
    """A key that is taken, by a note that moved away or by a new one, gets the number 2, else 3, and so on."""
    drafts = [Draft("fact", "r/fact", slot, "new", "cloze", {}, ()) for slot in slots]
    moved = {f"r/fact/{each}": Entry("old", "r/term", "", 1, 1, gone=True) for each in taken}
    keys = set(moved)
    for draft in drafts:
        names = [f"r/fact/{draft.slot}", *(f"r/fact/{draft.slot}#{number}" for number in range(2, 20))]
        keys.add(next(name for name in names if name not in keys))
    assert settle(Identity("d", "D"), drafts, Lock("d", "D", notes=moved), 1).lock.notes.keys() == keys


ALIKE: dict[str, tuple[str, str, bool]] = {
    "a front, answered otherwise": ("Which year?\n1914", "Which year?\n1939", True),
    "a front and a back, each in other words": (
        "What does ATP carry?\nenergy", "What carries ATP?\nthe energy", True,
    ),
    "three fields, of which one is another": ("Hund\ndog\nDer Hund bellt.", "Hund\ndog\nEin Tier im Haus.", True),
    "three fields, of which one is the same": (
        "Biology\nWhat does ATP carry?\nenergy", "Biology\nWhich bone is the longest?\nfemur", False,
    ),
    "an empty field, and one that is the same": (
        "\nChapter 1\nWhat does ATP carry?", "\nChapter 1\nWhich bone is the longest?", False,
    ),
    "a field that is filled": ("Hund\ndog", "Hund\ndog\nDer Hund bellt.", True),
    "clozes under one title": (
        "Biology\n{{c1::Mitochondria}} make ATP", "Biology\nThe {{c1::femur}} is the longest bone", False,
    ),
    "a cloze, corrected under its title": (
        "Biology\n{{c1::Mitochondria}} make ATP", "Biology\n{{c1::Mitochondria}} make all the ATP", True,
    ),
    "fields without a word": ("\n!", "\n?", False),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "is_alike"), ALIKE.values(), ids=ALIKE)
def test_notes_of_several_lines(old: str, new: str, *, is_alike: bool) -> None:
    """Of a card with two sides the front tells; of a note with more fields, more than half of them."""
    assert pair_up([new], [old]) == ([(0, 0)] if is_alike else [])


SHORT: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]], int]] = {
    "a typing error": ([("dgo", "Hund"), ("cat", "Katze")], [("dog", "Hund"), ("cat", "Katze")], 0),
    "another word": ([("dog", "Tier"), ("fir", "Baum")], [("cow", "Tier"), ("fir", "Baum")], 1),
    "a back that another card has": ([("hat", "Ding"), ("fir", "Ding")], [("cat", "Ding"), ("fir", "Ding")], 1),
    "a long front": ([("Is iron a magnetic metal", "yes")], [("Is lead a magical metal at", "yes")], 0),
    "a long front in other words": ([("Is iron magnetic", "yes")], [("Do whales lay eggs", "yes")], 1),
    "another year": ([("1914", "war")], [("1941", "war")], 1),
    "the last card taken out and another added": (
        [("Is iron magnetic", "yes"), ("a", "b")], [("a", "b"), ("Do whales lay eggs", "yes")], 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "added"), SHORT.values(), ids=SHORT)
def test_a_back_that_no_other_card_has(
    old: list[tuple[str, str]], new: list[tuple[str, str]], added: int, tmp_path: Path
) -> None:
    """A short front is known again by its back, if its letters do not speak against it."""
    built = mkdeck.build(mkdeck.Deck(**cards(*old)), tmp_path / "d.apkg", lock={})
    again = mkdeck.build(mkdeck.Deck(**cards(*new)), tmp_path / "d.apkg", lock=built.locks["d"])
    assert [change.what for change in again.changes].count("new") == added


def test_pictures_of_a_media_folder_tell_cards_apart(tmp_path: Path) -> None:
    """Two cards with the same words and other pictures, in another order, are the same two cards."""
    for name in ("a.png", "b.png"):
        (tmp_path / "m" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "m" / name).write_bytes(name.encode())
    both = [{"front": f"![]({name})", "back": "femur"} for name in ("a.png", "b.png")]
    both += [{"cloze": f"This bone ![]({name}) is the {{{{femur}}}}"} for name in ("a.png", "b.png")]
    data = deck(cards=both, media="m", allow=["ambiguous-front", "duplicate-note"])
    built = mkdeck.build(mkdeck.Deck(**data), tmp_path / "d.apkg", lock={}, folder=tmp_path)
    turned = mkdeck.Deck(**{**data, "cards": both[::-1]})
    again = mkdeck.build(turned, tmp_path / "d.apkg", lock=built.locks["d"], folder=tmp_path)
    assert again.changes == ()
