"""What a deck's `lang` decides: the direction of its writing, and the words that mkdeck itself puts on cards."""

from __future__ import annotations

from typing import NamedTuple

_RTL_SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)
"""Languages usually written from right to left (Unicode CLDR, likely subtags and script metadata)."""


def direction(lang: str) -> str:
    """Give `rtl` or `ltr` for a language tag (BCP 47); a script in it, as in `ku-Arab`, decides."""
    language, *rest = lang.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    is_rtl = script in _RTL_SCRIPTS if script else language in _RTL_LANGUAGES
    return "rtl" if is_rtl else "ltr"


class Labels(NamedTuple):
    """The words that mkdeck puts on cards, in one language."""

    explain: str
    sort: str
    evidence: str
    consequences: str
    chain: str
    verdict: str
    criteria: str
    ranking: str
    counter: str
    consequence: str
    context: str


_LABELS = {
    "en": Labels(
        "Explain this reason", "Which reason does this support?", "Evidence", "What followed", "Chain",
        "Verdict", "Criteria", "Ranking", "Against it", "A consequence, not a cause", "Background",
    ),
    "de": Labels(
        "Erkläre diesen Grund", "Welchen Grund stützt das?", "Belege", "Was folgte", "Kette",
        "Urteil", "Kriterien", "Rangfolge", "Dagegen spricht", "Eine Folge, keine Ursache", "Hintergrund",
    ),
    "fr": Labels(
        "Expliquez cette raison", "Quelle raison cela appuie-t-il ?", "Faits", "Ce qui suivit", "Enchaînement",
        "Jugement", "Critères", "Classement", "Contre", "Une conséquence, non une cause", "Contexte",
    ),
    "es": Labels(
        "Explica esta razón", "¿Qué razón apoya esto?", "Pruebas", "Lo que siguió", "Cadena",
        "Veredicto", "Criterios", "Orden", "En contra", "Una consecuencia, no una causa", "Contexto",
    ),
    "it": Labels(
        "Spiega questa ragione", "Quale ragione sostiene?", "Prove", "Che cosa seguì", "Catena",
        "Giudizio", "Criteri", "Graduatoria", "Contro", "Una conseguenza, non una causa", "Contesto",
    ),
    "pt": Labels(
        "Explique esta razão", "Que razão isto apoia?", "Provas", "O que se seguiu", "Cadeia",
        "Veredicto", "Critérios", "Ordem", "Contra", "Uma consequência, não uma causa", "Contexto",
    ),
    "nl": Labels(
        "Leg deze reden uit", "Welke reden ondersteunt dit?", "Bewijs", "Wat volgde", "Keten",
        "Oordeel", "Criteria", "Rangorde", "Ertegen", "Een gevolg, geen oorzaak", "Achtergrond",
    ),
    "ru": Labels(
        "Объясните эту причину", "Какую причину это подтверждает?", "Доводы", "Что последовало", "Цепочка",
        "Вывод", "Критерии", "По важности", "Возражение", "Следствие, а не причина", "Предпосылки",
    ),
    "he": Labels(
        "הסבירו את הסיבה", "באיזו סיבה זה תומך?", "ראיות", "מה קרה אחר כך", "שרשרת",
        "מסקנה", "אמות מידה", "דירוג", "נגד", "תוצאה, לא סיבה", "רקע",
    ),
    "ar": Labels(
        "اشرح هذا السبب", "أي سبب يدعمه هذا؟", "الأدلة", "ما تلا ذلك", "السلسلة",
        "الحكم", "المعايير", "الترتيب", "ما يعارضه", "نتيجة وليست سببًا", "الخلفية",
    ),
}  # fmt: skip


def labels(lang: str) -> Labels:
    """Give the words for a language tag; English where there are none for it."""
    return _LABELS.get(lang.lower().split("-")[0], _LABELS["en"])
