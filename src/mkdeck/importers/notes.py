"""Plain study notes and Markdown outlines -> the data of a deck, with key facts proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdeck.importers.blocks import blocks_of
from mkdeck.importers.choice import MOST_FACTS, choose_facts
from mkdeck.importers.groups import Group, outline_of
from mkdeck.importers.language import language_of
from mkdeck.importers.naming import deck_id, deck_name, proposed_names, proposed_question, reason_ids
from mkdeck.importers.questions import take_questions
from mkdeck.importers.reasons import reason_of, take_terms
from mkdeck.importers.report import Remark
from mkdeck.importers.sketch import Sketch
from mkdeck.importers.terms import is_about_terms, is_term
from mkdeck.markup import FactIndex, IndexedFact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdeck.importers.groups import Outline
    from mkdeck.importers.reasons import Point, Reason
    from mkdeck.importers.written import Writer

    Data = dict[str, Any]

_LEAST_TERMS = 3
"""Lines without a heading that are a list of terms, if each of them explains one."""


def read_notes(text: str, name: str, writer: Writer, *, lang: str | None = None) -> Sketch:
    """Make a deck of notes; `name` is what it is called if they have no title."""
    lang = lang or language_of(text)
    remarks: list[Remark] = []
    questions = take_questions(text, writer, remarks)
    found = blocks_of(questions.rest, is_markdown=writer.is_markdown)
    outline = outline_of(found.blocks, is_markdown=writer.is_markdown)
    made = Sketch(remarks=[*remarks, *found.remarks, *outline.remarks])
    terms: Data = {}
    reasons = [reason_of(group, writer, lang) for group in _without_terms(outline, writer, terms, made.remarks)]
    _name(reasons, lang, made.remarks)
    titles = (each for each in (outline.title, questions.title) if each and not each.endswith("?"))
    title = next(titles, name)
    choose_facts(reasons, lang, [title, outline.question])
    _put_deck(made, outline, title, lang, writer, has_reasons=bool(reasons))
    if reasons:
        ids = reason_ids(reason.name for reason in reasons)
        made.data["reasons"] = [
            _put_reason(made, *each, writer) for each in zip(range(len(ids)), ids, reasons, strict=True)
        ]
    if terms:
        made.data["terms"] = terms
    if questions.cards:
        made.data["cards"] = list(questions.cards)
    for picture in writer.missing:
        made.remarks.append(
            Remark(0, f"the picture `{picture}` does not lie beside the file; its name stands in the text")
        )
    return made


def _without_terms(outline: Outline, writer: Writer, terms: Data, remarks: list[Remark]) -> list[Group]:
    """Take the terms out of the groups that are lists of terms; what is left is a reason."""
    groups = []
    for group in outline.groups:
        if is_about_terms(group.name) or _is_list_of_terms(group):
            had = len(group.items)
            left = take_terms(group, writer, terms, remarks)
            if had and not left.items:
                remarks += [Remark(group.line, f"the heading of terms: {group.name}")] if group.name else []
                continue
        groups.append(group)
    return groups


def _is_list_of_terms(group: Group) -> bool:
    """Tell whether a group without a heading is nothing but lines that explain a term each."""
    is_list = not group.name and len(group.items) >= _LEAST_TERMS
    return is_list and all(item.kind == "text" and not item.parts and is_term(item.text) for item in group.items)


def _name(reasons: Sequence[Reason], lang: str, remarks: list[Remark]) -> None:
    """Name the groups that have no heading."""
    if all(reason.name for reason in reasons):
        return
    proposed = proposed_names([reason.texts() or reason.explain for reason in reasons], lang)
    for reason, name in zip(reasons, proposed, strict=True):
        if not reason.name:
            reason.name, reason.is_proposed = name, True
            remarks.append(Remark(reason.line, f"a group without a heading; `{name}` is proposed as its name"))


def _put_deck(made: Sketch, outline: Outline, title: str, lang: str, writer: Writer, *, has_reasons: bool) -> None:
    """Write what holds for the whole deck."""
    made.data |= {"deck": deck_name(title), "id": deck_id(title)}
    if outline.question:
        made.data["question"] = writer.text(outline.question, has_pictures=False)
    elif has_reasons:
        made.data["question"] = writer.text(proposed_question(title, lang), has_pictures=False)
        made.comments[("question",)] = "TODO: write the question that the reasons answer"
    if lang != "en":
        made.data["lang"] = lang
        made.remarks.append(Remark(0, f"the language was taken for `{lang}`; `lang:` says so"))
    if outline.source:
        made.data["source"] = writer.text(outline.source)
    if outline.intro:
        made.data["description"] = "\n\n".join(writer.text(item.text, has_pictures=False) for item in outline.intro)
        made.remarks += [
            Remark(item.line, "the introduction became the description of the deck") for item in outline.intro
        ]


def _put_reason(made: Sketch, number: int, name: str, reason: Reason, writer: Writer) -> Data:
    """Write one reason, and tell what became of it."""
    data: Data = {"id": name, "reason": writer.text(reason.name, has_pictures=False)}
    if reason.is_proposed:
        made.comments[("reasons", number, "reason")] = "TODO: name this reason"
    index = FactIndex()
    for fact in reason.facts:
        words = fact if isinstance(fact, str) else fact["fact"]
        index.add([words], IndexedFact(words))
    points = [
        point
        for point in reason.points
        if not point.links or point.notes or (not point.is_long and index.find(point.said))
    ]
    chains = [[writer.text(link) for link in point.links] for point in reason.points if point.links]
    parts = {
        "facts": reason.facts,
        "points": [_put_point(point, writer) for point in points],
        "chain": chains[0] if len(chains) == 1 else [],
        "chains": [{"links": links} for links in chains] if len(chains) > 1 else [],
        "explain": "\n\n".join(reason.explain),
        "source": writer.text(reason.source) if reason.source else "",
    }
    data |= {key: value for key, value in parts.items() if value}
    told = [
        f"{count} {word}{'s' * (count > 1)}"
        for word, count in (("point", len(points)), ("chain", len(chains)))
        if count
    ]
    told += ["an explanation"] if reason.explain else []
    made.remarks.append(Remark(reason.line, f"reason `{name}`: {', '.join(told) or 'nothing but its name'}"))
    for point in reason.points:
        if point.links:
            what = "a chain, and a point for its key facts and notes" if point in points else "a chain"
            made.remarks.append(Remark(point.line, what))
    if len(reason.facts) == MOST_FACTS:
        made.remarks.append(
            Remark(reason.line, f"no more than {MOST_FACTS} key facts were proposed for one reason")
        )
    return data


def _put_point(point: Point, writer: Writer) -> str | Data:
    said = writer.point(point.said)
    return {"text": said, "note": "\n\n".join(point.notes)} if point.notes else said
