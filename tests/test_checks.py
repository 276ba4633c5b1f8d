"""The rules of the linter: what each finds and where, and that the mended source has no finding of any rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import mkdeck
from mkdeck.checks.table import RULES
from mkdeck.checks.words import count, language
from mkdeck.diagnostics import Severity

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Case:
    """A deck (without its first keys), its findings as `line:column rule`, and how it is mended."""

    source: str
    found: list[str]
    mends: tuple[tuple[str, str], ...] = ()

    @property
    def mended(self) -> str:
        text = self.source
        for old, new in self.mends:
            assert old in text, old
            text = text.replace(old, new)
        return text


def findings(source: str, folder: Path) -> list[str]:
    """Check a deck whose first keys are put at its end, so that lines count from the first one shown."""
    path = folder / "deck.yaml"
    keys = {"deck": "Example", "id": "example", "question": "Why did all of it fail?", "source": "Class notes"}
    lines = [f"{key}: {value}\n" for key, value in keys.items() if f"{key}:" not in source.replace(f" {key}:", "")]
    path.write_text(source.lstrip("\n") + "".join(lines), encoding="utf-8")
    return [f"{each.span.line}:{each.span.column} {each.rule}" for each in mkdeck.check(path)]


CASES = {
    "answer-leak: the word stands twice": Case(
        """
cards:
  - cloze: The {{NEP}} was ended when the NEP had failed.
""",
        ["2:18 answer-leak"],
        (("the NEP had", "it had"),),
    ),
    "answer-leak: one word of two": Case(
        """
cards:
  - cloze: The {{grain crisis}} of 1928 was a lack of grain in towns.
""",
        ["2:18 answer-leak"],
        (("lack of grain", "lack of bread"),),
    ),
    "answer-leak: a plural": Case(
        """
cards:
  - cloze: The {{armies}} of the Whites were beaten by the Red Army.
""",
        ["2:18 answer-leak"],
        (("Red Army", "Reds"),),
    ),
    "answer-leak: a plural in German": Case(
        """
lang: de
cards:
  - cloze: Die {{Fabriken}} standen still, weil jede Fabrik bestreikt wurde.
""",
        ["3:18 answer-leak"],
        (("jede Fabrik", "überall"), ("bestreikt", "gestreikt")),
    ),
    "answer-leak: a case in Russian": Case(
        """
lang: ru
cards:
  - cloze: После смерти {{Ленина}} место, которое Ленин занимал в партии, осталось пустым.
""",
        ["3:27 answer-leak"],
        (("Ленин занимал", "вождь занимал"),),
    ),
    "answer-leak: in another blank": Case(
        """
cards:
  - cloze: After the {{October Revolution}} came the {{Revolution of the villages}} in the east.
""",
        ["2:24 answer-leak", "2:56 answer-leak"],
        (("{{Revolution of the villages}}", "rising of the {{villages}}"),),
    ),
    "answer-leak: the number": Case(
        """
cards:
  - cloze: By 1921 the famine of {{1921}} had reached the cities on the Volga.
""",
        ["2:36 answer-leak"],
        (("By 1921 the", "The"),),
    ),
    "answer-leak: a heading that tells stands on the back": Case(
        """
reasons:
  - id: reds
    reason: The Army of the Reds
    points:
      - In the civil war the {{armies}} of the Whites were beaten one by one.
""",
        [],
    ),
    "answer-leak: the hint of a fact": Case(
        """
reasons:
  - id: war
    reason: The war
    facts:
      - fact: Ludendorff
        hint: General Ludendorff
    points:
      - In the summer of 1918 Ludendorff asked for an armistice.
""",
        ["6:15 answer-leak"],
        (("hint: General Ludendorff", "hint: a general"),),
    ),
    "answer-leak: a hint in braces": Case(
        """
cards:
  - cloze: In 1918 {{Ludendorff::Erich Ludendorff}} asked for an armistice.
""",
        ["2:22 answer-leak"],
        (("Erich Ludendorff", "a general"),),
    ),
    "answer-leak: a hint that offers a choice": Case(
        """
cards:
  - cloze: The armistice of 1918 {{was::was/were}} signed in a forest.
""",
        [],
    ),
    "answer-leak: a prompt that says it": Case(
        """
cards:
  - front: Of which country is Mexico City the capital?
    back: Mexico
""",
        ["2:32 answer-leak"],
        (("Mexico City the capital", "Acapulco a harbour"),),
    ),
    "answer-leak: small words, units and months do not tell": Case(
        """
cards:
  - cloze: From January 1929 to {{January 1930}} prices rose from month to month.
  - cloze: Of 30 million farms {{5 million}} were gone, with all that went with them.
  - cloze: He asked {{with whom Russia would side}}, with a look at the map.
  - front: Which came first, the Great Turn or the Five-Year Plan?
    back: The Five-Year Plan
""",
        ["4:12 opens-with-pronoun"],
        (("He asked", "Bismarck asked"),),
    ),
    "answer-leak: a capital in a formula is another letter": Case(
        """
cards:
  - cloze: Energy {{$E$}} is not the number $e$, which is about $2.7$ in size.
  - cloze: The rest energy of a body with the mass $m$ is {{$mc^2$}} in any frame.
""",
        [],
    ),
    "answer-leak: Chinese": Case(
        """
lang: zh
cards:
  - cloze: "{{北京}}是中国的首都，北京的人口超过两千万。"
""",
        ["3:15 answer-leak"],
        (("北京的人口", "那里的人口"),),
    ),
    "ambiguous-front": Case(
        """
cards:
  - front: Who led the Soviet Union?
    back: Lenin
  - front: who led  the Soviet Union?
    back: Stalin
""",
        ["4:12 ambiguous-front"],
        (("who led  the Soviet Union?", "Who led it in the war?"),),
    ),
    "ambiguous-front: two blanks": Case(
        """
cards:
  - cloze: The capital of Prussia was {{Berlin}}.
  - cloze: The capital of Prussia was {{Königsberg}}.
""",
        ["3:12 ambiguous-front"],
        (("Prussia was {{K", "the province was {{K"),),
    ),
    "ambiguous-front: two terms of one meaning": Case(
        """
terms:
  muzhik: A peasant under the tsars.
  smerd: A peasant under the tsars.
""",
        ["3:10 ambiguous-front"],
        (("smerd: A peasant under the tsars", "smerd: A peasant of Kievan Rus"),),
    ),
    "ambiguous-front: the heading tells them apart": Case(
        """
reasons:
  - id: war
    reason: The war
    points:
      - Prices rose by {{half::how much}} in one year.
  - id: peace
    reason: The peace
    points:
      - Prices rose by {{half::how much}} in one year.
""",
        [],
    ),
    "duplicate-note": Case(
        """
cards:
  - front: Who wrote The Prince?
    back: Machiavelli
  - cloze: "{{Machiavelli}} wrote The Prince in 1513."
  - front: Who wrote The Prince?
    back: machiavelli
  - cloze: "{{machiavelli}} wrote the prince in 1513."
""",
        ["5:12 duplicate-note", "7:12 duplicate-note"],
        (
            ("  - front: Who wrote The Prince?\n    back: machiavelli\n", ""),
            ('  - cloze: "{{machiavelli}} wrote the prince in 1513."\n', ""),
        ),
    ),
    "cloze-too-long": Case(
        """
cards:
  - cloze: In 1929 it was decided that {{all of the peasant households should join}} a kolkhoz before spring.
""",
        ["2:42 cloze-too-long"],
        (("{{all of the peasant households should join}}", "all should join"), ("a kolkhoz", "{{a kolkhoz}}")),
    ),
    "cloze-whole-sentence": Case(
        """
cards:
  - cloze: There was {{a shortage of grain}}.
  - cloze: Nobody in the towns had bread. {{Winter}} came.
""",
        ["2:24 cloze-whole-sentence"],
        (("There was", "In the towns there was then"),),
    ),
    "cloze-whole-sentence: initials end no sentence": Case(
        """
cards:
  - cloze: In 1917 V. I. {{Lenin}} came back from his exile in Zurich.
""",
        [],
    ),
    "cloze-whole-sentence: a day is no end of a sentence": Case(
        """
lang: de
cards:
  - cloze: Am {{20. Juli 1932}} setzte Papen die preußische Regierung ab.
""",
        [],
    ),
    "too-many-clozes": Case(
        """
cards:
  - cloze: In {{1928}} the {{Politburo}} sent {{Stalin}} to {{Siberia}} for grain.
  - cloze: "{{c1::Kamenev}}, {{c1::Zinoviev}}, {{c1::Bukharin}} and {{c1::Rykov}} were shot after trials."
""",
        ["2:12 too-many-clozes"],
        (("{{Siberia}}", "Siberia"),),
    ),
    "text-too-long": Case(
        """
cards:
  - cloze: >-
      In the winter the peasants of many parts of the country, who were paid little by the state and found nothing
      in the shops that they wished to buy, did not sell what they had reaped in the autumn before, so that the
      towns ran short of {{bread}}.
""",
        ["2:12 text-too-long"],
        (("of many parts of the country, who were paid little by the state and found nothing", "found nothing"),),
    ),
    "trivial-cloze": Case(
        """
cards:
  - cloze: The peasants rose {{against the}} collection of grain in many villages.
""",
        ["2:32 trivial-cloze"],
        (("{{against the}} collection", "against the {{collection}}"),),
    ),
    "trivial-cloze: in German, French, Spanish and Russian": Case(
        """
lang: de
cards:
  - cloze: Der Kaiser ging {{nach}} Holland ins Exil und kam nie zurück.
""",
        ["3:30 trivial-cloze"],
        (("{{nach}} Holland", "nach {{Holland}}"),),
    ),
    "trivial-cloze: French": Case(
        """
lang: fr
cards:
  - cloze: Le roi fut arrêté {{dans}} la ville de Varennes en juin 1791.
""",
        ["3:32 trivial-cloze"],
        (("{{dans}} la ville de Varennes", "dans la ville de {{Varennes}}"),),
    ),
    "trivial-cloze: Spanish": Case(
        """
lang: es
cards:
  - cloze: La guerra civil empezó {{con}} un golpe militar en Marruecos.
""",
        ["3:37 trivial-cloze"],
        (("{{con}} un golpe", "con un {{golpe}}"),),
    ),
    "trivial-cloze: Russian": Case(
        """
lang: ru
cards:
  - cloze: Царь отрёкся {{от}} престола в поезде под Псковом.
""",
        ["3:27 trivial-cloze"],
        (("{{от}} престола", "от {{престола}}"),),
    ),
    "trivial-cloze: a name in capitals is not small": Case(
        """
cards:
  - cloze: The programs of the company were written by its {{IT}} department in Kent.
""",
        [],
    ),
    "bare-number": Case(
        """
cards:
  - cloze: From 1929 on about {{30}}% of all livestock was killed.
  - cloze: The famine killed about {{5}} million people on the Volga.
  - cloze: Some {{20–35}} % of the cattle was gone within two years.
  - cloze: Each village had to deliver {{25,000}} tonnes of rye.
""",
        ["2:33 bare-number", "3:38 bare-number", "4:19 bare-number", "5:42 bare-number"],
        (("{{30}}%", "{{30%}}"), ("{{5}} million", "{{5 million}}"), ("{{20–35}} %", "{{20–35 %}}"),
         ("{{25,000}} tonnes", "{{25,000 tonnes}}")),
    ),
    "bare-number: in German": Case(
        """
lang: de
cards:
  - cloze: Im Winter waren {{6}} Millionen Menschen ohne Arbeit.
""",
        ["3:30 bare-number"],
        (("{{6}} Millionen", "{{6 Millionen}}"),),
    ),
    "bare-number: years and counted things": Case(
        """
cards:
  - cloze: The Bastille fell to the crowd in {{1789}}.
  - cloze: The Directory had {{five}} members, and the Consulate {{three}} of them.
""",
        [],
    ),
    "date-without-event": Case(
        """
cards:
  - cloze: The crisis began in {{1928}}.
  - cloze: NATO was founded in {{1949}}.
""",
        ["2:34 date-without-event"],
        (("The crisis", "The crisis of grain deliveries"),),
    ),
    "opens-with-pronoun": Case(
        """
cards:
  - cloze: It was followed by {{War Communism}} in the summer of 1918.
  - cloze: They met at {{Rapallo}} in the spring of 1922.
  - front: When did this treaty end?
    back: In 1941
  - cloze: "{{It}} is what the English call {{the weather}} of a given day."
""",
        ["2:12 opens-with-pronoun", "3:12 opens-with-pronoun", "6:15 trivial-cloze"],
        (("It was followed", "The market was followed"), ("They met", "Both powers met"), ("{{It}}", "That")),
    ),
    "opens-with-pronoun: what points nowhere": Case(
        """
cards:
  - cloze: It takes {{eight minutes}} for the light of the sun to come here.
  - cloze: It was Lenin who called for {{peace}} in the spring of 1917.
  - cloze: He Who Must Not Be Named is {{Voldemort}} in the novels of Rowling.
""",
        [],
    ),
    "opens-with-pronoun: in other languages": Case(
        """
lang: fr
cards:
  - cloze: Il fut exécuté à {{Paris}} en janvier 1793 devant la foule.
""",
        ["3:12 opens-with-pronoun"],
        (("Il fut", "Louis fut"),),
    ),
    "html-in-text": Case(
        """
cards:
  - front: Which gas do <b>plants</b> take in?
    back: carbon dioxide
  - front: Which formula has water?
    back: H<sub>2</sub>O
  - cloze: The first man on the {{moon}} was<br>Neil Armstrong of the crew of Apollo 11.
  - front: What does the tag `<b>` make?
    back: bold letters, where a < b > c
""",
        ["2:25 html-in-text", "5:12 html-in-text", "6:45 html-in-text"],
        (("<b>plants</b>", "**plants**"), ("H<sub>2</sub>O", "$H_2O$"), ("<br>", " ")),
    ),
    "enumeration-too-long": Case(
        """
cards:
  - front: Which states were in the Warsaw Pact?
    back: Albania, Bulgaria, Czechoslovakia, East Germany, Hungary, Poland, Romania and the Soviet Union
""",
        ["2:12 enumeration-too-long"],
        (("Albania, Bulgaria, Czechoslovakia, East Germany, ", ""),),
    ),
    "enumeration-too-long: a list": Case(
        """
cards:
  - front: Which of the tribes are known?
    back: |-
      - Angles
      - Saxons
      - Jutes
      - Frisians
      - Franks
      - Goths
      - Vandals
      - Lombards
""",
        ["2:12 enumeration-too-long"],
        (("      - Lombards\n", ""),),
    ),
    "interfering-numbers": Case(
        """
cards:
  - cloze: The exports of the country came to {{4.8 million tonnes}} in 1930.
  - cloze: One year later they stood at {{5.2 million tonnes}} of grain.
  - cloze: The coal came to {{40 million tonnes}} at the end of the plan.
""",
        ["3:43 interfering-numbers"],
        (("{{5.2 million tonnes}}", "{{8 million tonnes}}"),),
    ),
    "interfering-numbers: on backs": Case(
        """
cards:
  - front: How many people lived in France in 1789?
    back: 28 million people
  - front: How many people lived in Austria then?
    back: about 27 million people
""",
        ["4:12 interfering-numbers"],
        (("about 27 million", "somewhat fewer"),),
    ),
    "interfering-numbers: of other things": Case(
        """
cards:
  - cloze: The share-out left some {{25 million holdings}} behind.
  - cloze: The war had cost some {{27 million lives}} in the end.
""",
        [],
    ),
    "dash-or-quote-mixed": Case(
        """
cards:
  - cloze: The crisis of 1928-9 was called a {{famine}} of goods.
""",
        ["2:26 dash-or-quote-mixed"],
        (("1928-9", "1928–9"),),
    ),
    "point-without-fact": Case(
        """
reasons:
  - id: war
    reason: The war
    points:
      - Prices rose from week to week.
      - text: Wages did not.
        id: wages
""",
        ["5:9 point-without-fact", "6:15 point-without-fact"],
        (("Prices rose", "In 1919 {{prices}} rose"), ("Wages did not.", "In the first year {{wages}} did not.")),
    ),
    "evidence-after-outcome": Case(
        """
decided: November 1929
reasons:
  - id: kulaks
    reason: The kulaks
    points:
      - In 1930 the {{volunteers}} of the factories came.
      - text: In December 1929 the {{liquidation}} of a class was announced.
      - text: From 1928 until 1931 the {{taxes}} of the better-off were raised.
      - text: In 1932 the {{famine}} began in the south.
        role: consequence
      - text: In 1929 the {{plan}} was changed in haste.
""",
        ["6:12 evidence-after-outcome", "7:18 evidence-after-outcome"],
        (
            ("- In 1930 the {{volunteers}} of the factories came.",
             "- text: In 1930 the {{volunteers}} of the factories came.\n        role: consequence"),
            ("- text: In December 1929 the", "- role: consequence\n        text: In December 1929 the"),
        ),
    ),
    "evidence-after-outcome: not a date": Case(
        """
decided: in autumn
cards:
  - front: Who ruled France in 1700?
    back: Louis XIV
""",
        ["1:10 evidence-after-outcome"],
        (("in autumn", "autumn 1929"),),
    ),
    "judgement-without-criterion": Case(
        """
judgement:
  question: Which of them mattered most?
  verdict: The war.
""",
        ["2:13 judgement-without-criterion"],
        (("  verdict: The war.", "  verdict: The war.\n  criteria: [the timing]\n  counter: The debts."),),
    ),
    "chain-break": Case(
        """
reasons:
  - id: war
    reason: The war
    chain: [Guns are bought, Coins are struck]
    chains:
      - title: Hunger
        links:
          - Fields lie bare
          - Bread is dear
          - Fields lie bare
""",
        ["4:12 chain-break", "10:13 chain-break"],
        (
            ("Coins are struck]", "Coins are struck, Prices rise]"),
            ("is dear\n          - Fields lie bare\n", "is dear\n          - Crowds storm the bakeries\n"),
        ),
    ),
    "fact-without-source": Case(
        """
source:
cards:
  - cloze: In 1929 about {{7.5%}} of all households were in a collective farm.
  - cloze: In 1930 the state sold {{4.8 million tonnes}} of grain abroad.
    source: A. Nove, An Economic History of the USSR
""",
        ["3:28 fact-without-source"],
        (("in a collective farm.", "in a collective farm.\n    source: R. W. Davies"),),
    ),
    "tag-hygiene": Case(
        """
tags: [History]
cards:
  - front: Who ruled France in 1700?
    back: Louis XIV
""",
        ["1:8 tag-hygiene"],
        (("History", "history"),),
    ),
    "unused-allow": Case(
        """
cards:
  - front: Who ruled France in 1700?
    back: Louis XIV
    allow: [answer-leak]
""",
        ["4:13 unused-allow"],
        (("    allow: [answer-leak]\n", ""),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_findings(name: str, tmp_path: Path) -> None:
    """A bad source has exactly the findings of the table; the mended one has none at all."""
    case = CASES[name]
    assert findings(case.source, tmp_path) == case.found
    if case.mends:
        assert findings(case.mended, tmp_path) == []


def test_descriptions_of_pictures_can_tell(tmp_path: Path) -> None:
    """Whoever has the picture read out hears its description on the front."""
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    told = "cards:\n  - cloze: In July 1789 the {{Bastille}} fell. ![The storming of the Bastille](a.png)\n"
    assert findings(told, tmp_path) == ["2:31 answer-leak"]
    assert findings(told.replace("of the Bastille]", "of a fortress]"), tmp_path) == []


def test_every_rule_has_a_case() -> None:
    """The table above shows every rule of the linter."""
    shown = {name.partition(":")[0] for name in CASES}
    assert {each.id for each in RULES if each.check} - shown == set()


# language, cloze: good cards that look like bad ones
GOOD_CARDS = [
    ("en", "Vitamin {{A}} is needed for a healthy eye."),
    ("en", "The {{WHO}} says who may travel to the south and who may not."),
    ("en", "In the {{US}} the law lets all of us vote at eighteen."),
    ("en", "If I {{were}} you, I would go to the place where you were."),
    ("es", "La vitamina {{A}} ayuda a la vista de todos."),
    ("de", "Ich gehe {{in}} die Schule, und du bist noch in der Schule."),
    ("fr", "Je vais {{à}} Paris demain, puis à Lyon."),
    ("zh", "第{{一}}次世界大战是一场大战。"),
    ("ja", "図書館{{で}}本を読んで勉強する。"),
    ("ko", "나{{는}} 학생이다. 너는 선생이다."),
    ("he", "בשנת {{1948}} קמה מדינת ישראל בתל אביב."),
    ("ru", "В {{1917}} году царь Николай отрёкся от престола."),
]


@pytest.mark.parametrize(("lang", "text"), GOOD_CARDS)
def test_good_cards_can_be_built(lang: str, text: str) -> None:
    """A letter, a name in capitals, a small word or a single character that stands twice is no answer told."""
    deck = mkdeck.Deck(deck="D", id="d", lang=lang, source="n", cards=[mkdeck.Card(cloze=text)])
    assert [each.rule for each in mkdeck.check(deck) if each.rule not in {"trivial-cloze", "bare-number"}] == []


# front, back, whether the front tells the back
PROMPTS = [
    ("What is Mexico?", "Mexico", True),
    ("What was the New Economic Policy (NEP) called: the NEP?", "The NEP", True),
    ("In which year did the October Revolution of 1917 happen?", "In 1917", True),
    ("What or who is the Politburo?", "The Politburo", True),
    ("Which war ended in 1918, in one word or two: World War One?", "World War One", True),
    ("Which came first, the Great Turn or the Five-Year Plan?", "The Five-Year Plan", False),
    ("Is the capital Berlin or Bonn?", "Berlin", False),
    ("sheep (plural)", "sheep", False),
    ("What is the Spanish for 'animal'?", "animal", False),
    ("Comment dit-on « table » en anglais ?", "table", False),
    ("no", "no", False),
]


@pytest.mark.parametrize(("front", "back", "tells"), PROMPTS)
def test_fronts_that_say_their_backs(front: str, back: str, tells: bool) -> None:
    """A front may name its answer as one of two, or as the word to translate or to inflect."""
    deck = mkdeck.Deck(deck="D", id="d", cards=[mkdeck.Card(front=front, back=back)])
    assert [each.rule for each in mkdeck.check(deck) if each.severity is Severity.ERROR] == ["answer-leak"] * tells


def test_a_unit_that_touches_its_number(tmp_path: Path) -> None:
    """The number of an amount tells it, with whatever unit it is written in one word."""
    source = "cards:\n  - cloze: The fleet got {{£15m}} in 1929, and 15 ships more.\n"
    assert findings(source, tmp_path) == ["2:28 answer-leak"]


# A text at the limit, and one beyond it: what the second adds.
LIMITS: dict[str, tuple[str, str, str]] = {
    "six words": ("Then it was {{one two three four five six}} in every town of the long coast of Kent.",
                  "Then it was {{one two three four five six seven}} in every town of the long coast of Kent.",
                  "cloze-too-long"),
    "60% of a sentence": ("Then {{came three}} kings.", "Then {{came three kings}}.", "cloze-whole-sentence"),
    "three blanks": ("In {{Kent}} and {{Essex}} they made {{cheese}} and butter.",
                     "In {{Kent}} and {{Essex}} they made {{cheese}} and {{butter}}.", "too-many-clozes"),
    "forty words": (f"Long {'ago ' * 38}{{{{peace}}}}.", f"Long {'ago ' * 39}{{{{peace}}}}.", "text-too-long"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_limits_of_texts(name: str) -> None:
    """What is just within a limit is not reported; one word or blank more is."""
    within, beyond, rule = LIMITS[name]
    found = []
    for text in (within, beyond):
        deck = mkdeck.Deck(deck="D", id="d", cards=[mkdeck.Card(cloze=text)])
        found.append(rule in {each.rule for each in mkdeck.check(deck)})
    assert found == [False, True]


# The first and the second amount, and whether they are easily mixed up: the limit is 10% of the larger one.
NEAR = [
    ("90 kg", "100 kg", False),
    ("91 kg", "100 kg", True),
    ("100 kg", "100 kg", False),
    ("10–20 kg", "10–21 kg", True),
    ("10–20 kg", "10–30 kg", False),
    ("91 kg", "100 m", False),
]


@pytest.mark.parametrize(("one", "other", "near"), NEAR)
def test_numbers_that_are_near(one: str, other: str, near: bool) -> None:
    """Two amounts of one unit interfere if both their ends differ by less than 10%, and are not equal."""
    cards = [mkdeck.Card(cloze=f"The first of the stones had {{{{{one}}}}} at last."),
             mkdeck.Card(cloze=f"Another of them was found with {{{{{other}}}}} there.")]  # fmt: skip
    deck = mkdeck.Deck(deck="D", id="d", source="n", cards=cards)
    assert ("interfering-numbers" in {each.rule for each in mkdeck.check(deck)}) is near


ALLOW = {
    "at the card": ("    allow: [cloze-whole-sentence]\n", "", []),
    "at the deck": ("", "allow: [cloze-whole-sentence]\n", []),
    "the nearer one silences, the other is not needed": (
        "    allow: [cloze-whole-sentence]\n",
        "allow: [cloze-whole-sentence]\n",
        ["5:9 unused-allow"],
    ),
    "another rule": (
        "    allow: [text-too-long]\n",
        "",
        ["2:24 cloze-whole-sentence", "3:13 unused-allow"],
    ),
    "no rule": ("    allow: [cloze-hole-sentence]\n", "", ["2:24 cloze-whole-sentence", "3:13 value"]),
    "a rule without which there is no card": (
        "    allow: [yaml-syntax]\n",
        "",
        ["2:24 cloze-whole-sentence", "3:13 value"],
    ),
}


@pytest.mark.parametrize("name", ALLOW)
def test_allow(name: str, tmp_path: Path) -> None:
    """`allow:` silences a rule where it stands and below; what is not needed or unknown is a finding."""
    at_card, at_deck, expected = ALLOW[name]
    cards = f"cards:\n  - cloze: There was {{{{a shortage of grain}}}}.\n{at_card}"
    filler = "tags: [history]\n" if at_deck else ""
    found = findings(cards + filler + at_deck, tmp_path)
    assert [each.replace("4:9", "5:9") if not at_card else each for each in found] == expected


PLACES = {
    "reason": (
        "reasons:\n  - id: a\n    reason: The war\n    allow: [point-without-fact]\n"
        "    points: [Nothing is asked.]\n"
    ),
    "point": (
        "reasons:\n  - id: a\n    reason: The war\n    points:\n      - text: Nothing is asked.\n"
        "        allow: [point-without-fact]\n"
    ),
    "term": (
        "terms:\n  muzhik: A peasant under the tsars.\n"
        "  smerd:\n    text: A peasant under the tsars.\n    allow: [ambiguous-front]\n"
    ),
    "the first of two that are alike": (
        "terms:\n  smerd:\n    text: A peasant under the tsars.\n    allow: [ambiguous-front]\n"
        "  muzhik: A peasant under the tsars.\n"
    ),
    "judgement": "judgement:\n  question: Which?\n  verdict: It.\n  allow: [judgement-without-criterion]\n",
    "card": "cards:\n  - front: What is Mexico?\n    back: Mexico\n    allow: [answer-leak]\n",
}


@pytest.mark.parametrize("name", PLACES)
def test_places_of_allow(name: str, tmp_path: Path) -> None:
    """Deck, reason, point, term, judgement and card can allow what is found in them."""
    assert findings(PLACES[name], tmp_path) == []
    assert [each.split()[1] for each in findings(PLACES[name].replace("allow:", "tags:"), tmp_path)] != []


SYNTAX = {
    "nested without need": "{{{{Lenin}}}} won the war in the end.",
    "nested without need, with numbers": "{{c1::{{c2::Lenin}}}} won the war in the end.",
    "one number inside itself": "{{c1::Lenin {{c1::Ulyanov}}}} won the war.",
    "two hints": "{{Lenin::a::b}} won the war in the end.",
    "an empty hint": "{{Lenin::}} won the war in the end.",
    "closed once more": "{{Lenin}}b}} won the war in the end.",
    "closed and not opened": "Lenin}} won the {{war}} in the end.",
}


@pytest.mark.parametrize("name", SYNTAX)
def test_clozes_that_do_nothing(name: str) -> None:
    """What is nested without need, or holds `::` or `}}` that does nothing, is an error."""
    deck = mkdeck.Deck(deck="D", id="d", cards=[mkdeck.Card(cloze=SYNTAX[name])])
    assert {each.rule for each in mkdeck.check(deck) if each.severity is Severity.ERROR} == {"cloze-syntax"}


SEVERITIES = {
    "the whole answer": ("The {{grain crisis}} was a grain crisis of the towns.", ["error"]),
    "the whole answer in a hint": ("The {{crisis::a crisis of grain}} came to the towns in 1928.", ["error"]),
    "a part of it": ("The {{grain crisis}} was a lack of grain in the towns.", ["warning"]),
    "a part of a name": ("The reign of {{Louis XIV}} lasted until Louis XV came to the throne.", ["warning"]),
    "a part of a long answer": ("The {{National Constituent Assembly of France}} gave France a map.", []),
    "a drill of grammar": ("She has lived {{for::for/since}} ten years in Kent, for she loves it.", []),
}


@pytest.mark.parametrize("name", SEVERITIES)
def test_how_much_of_an_answer_is_told(name: str) -> None:
    """Who can read the whole answer learns nothing: an error. A part of it may still leave something to know."""
    text, expected = SEVERITIES[name]
    deck = mkdeck.Deck(deck="D", id="d", cards=[mkdeck.Card(cloze=text)])
    assert [each.severity.value for each in mkdeck.check(deck) if each.rule == "answer-leak"] == expected
    if "error" not in expected:
        assert deck.to_genanki(lock={}).notes


def test_errors_stop_a_build_and_warnings_do_not(tmp_path: Path) -> None:
    """What the table of rules calls an error is raised by a build; warnings are left to the check."""
    path = tmp_path / "deck.yaml"
    head = "deck: Example\nid: example\ncards:\n"
    path.write_text(f"{head}  - cloze: There was {{{{a shortage of grain}}}}.\n", encoding="utf-8")
    assert [each.severity for each in mkdeck.check(path)] == [Severity.WARNING]
    mkdeck.build(path, tmp_path / "deck.apkg")
    path.write_text(f"{head}  - front: What is Mexico?\n    back: Mexico\n", encoding="utf-8")
    with pytest.raises(mkdeck.DeckError, match="answer-leak"):
        mkdeck.build(path, tmp_path / "deck.apkg")
    with pytest.raises(mkdeck.DeckError, match="answer-leak"):
        mkdeck.load(path).to_genanki()


def test_the_projects_decks_have_no_findings(project: Path) -> None:
    """The decks of this repository pass everything, and allow nothing."""
    decks = sorted((project / "decks").glob("*.yaml"))
    assert [path.name for path in decks] == ["collectivisation.yaml", "plate-tectonics.yaml", "weimar.yaml"]
    assert [str(each) for path in decks for each in mkdeck.check(path)] == []
    assert [path.name for path in decks if "allow:" in path.read_text(encoding="utf-8")] == []


COUNTS = {
    "In 1928 the state took grain.": 6,
    "20–35% of 25,000 farms, 3.5 million people": 7,
    "l'État, c'est moi": 3,
    "中国的首都是北京": 4,
    "ประเทศไทย": 3,
    "조선 민주주의": 2,
    "": 0,
    "...": 0,
}


@pytest.mark.parametrize("text", COUNTS)
def test_words_are_counted(text: str) -> None:
    """Numbers and ranges are one word; two Chinese and four Thai characters are about one."""
    assert count(text) == COUNTS[text]


STEMS = {
    "en": [("peasants", "peasant"), ("armies", "army"), ("churches", "church"), ("states", "state"),
           ("crisis", "crisis"),
           ("congress", "congress"), ("with", ""), ("nep", ""), ("1928", "1928"), ("9", "")],
    "de": [("bauern", "bauer"), ("staaten", "staat"), ("staates", "staat"), ("gegen", ""), ("wein", "wein")],
    "fr": [("paysans", "paysan"), ("dans", "")],
    "ru": [("ленина", "ленин"), ("крестьянами", "крестьян"), ("чтобы", "")],
    "xx": [("things", "thing"), ("with", "with")],
}  # fmt: skip


@pytest.mark.parametrize("lang", STEMS)
def test_stems(lang: str) -> None:
    """A word tells by its stem; small and short words tell nothing; without a list, no word is small."""
    assert [(word, language(lang)[word]) for word, _ in STEMS[lang]] == STEMS[lang]
