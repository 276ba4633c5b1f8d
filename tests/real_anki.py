"""The official Anki backend, headless: what a learner's Anki makes of a package."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

if TYPE_CHECKING:
    from pathlib import Path

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_ACTIVE = re.compile(r'<span class="cloze" data-ordinal="[\d,]+">')
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class RenderedCard:
    """One card as Anki draws it: HTML without the style sheet."""

    kind: str
    ordinal: int
    due: int
    deck: str
    note_id: int
    fields: dict[str, str]
    question: str
    answer: str

    @property
    def asked(self) -> list[str]:
        """The texts that the card asks for: the active blanks of its back, or the Back of a prompt."""
        if "Text" in self.fields:
            in_maths = re.findall(rf"{{{{c{self.ordinal + 1}::((?:[^}}]|}}(?!}}))*)", self.fields["Text"])
            return [visible(part) for part in _spans(self.answer) or in_maths]
        return [visible(self.fields["Front" if self.ordinal else "Back"])]


class LearnersAnki:
    """A collection of its own, into which packages are imported."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.col = Collection(str(folder / "collection.anki2"))

    def import_package(self, path: Path) -> dict[str, int]:
        """Import as the import window does by default; give how many notes were new, updated and so on."""
        request = ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
        log: Any = self.col.import_anki_package(request).log
        counts = {each.name: len(getattr(log, each.name)) for each in log.DESCRIPTOR.fields if each.is_repeated}
        return {name: count for name, count in counts.items() if count}

    def cards(self) -> list[RenderedCard]:
        """Render every card, in the order in which new cards are shown."""
        found = []
        for card_id in self.col.db.list("select id from cards order by due, id"):
            card = self.col.get_card(card_id)
            note = card.note()
            found.append(
                RenderedCard(
                    note["Kind"], card.ord, card.due, self.col.decks.name(card.did), note.id, dict(note.items()),
                    _STYLE.sub("", card.question()), _STYLE.sub("", card.answer()),
                )
            )  # fmt: skip
        return found

    def blanks(self, card: Any) -> list[str]:
        """Give the words of the blanks that a card asks for."""
        return [visible(part) for part in _spans(_STYLE.sub("", card.answer()))]

    def is_sound(self) -> bool:
        """Tell whether Anki finds nothing to mend: no empty card, no card added, no media missing."""
        before = self.col.card_count()
        media = self.col.media.check()
        return bool(
            not self.col.get_empty_cards().notes
            and not media.missing
            and not media.unused
            and self.col.fix_integrity()[1]
            and self.col.card_count() == before
        )


def visible(markup: str) -> str:
    """Give the text that HTML shows, its white space folded."""
    return " ".join(html.unescape(_TAG.sub("", markup.replace("<br>", " "))).split())


def _spans(answer: str) -> list[str]:
    """Give what stands in each active blank of a back, with the spans nested in it."""
    found = []
    for match in _ACTIVE.finditer(answer):
        depth, at = 1, match.end()
        while depth:
            tag = re.compile(r"<(/?)span[^>]*>").search(answer, at)
            assert tag is not None
            depth += -1 if tag[1] else 1
            at = tag.end()
        found.append(answer[match.end() : at])
    return found
