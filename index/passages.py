"""What can be retrieved: each piece of content with the wordings that ask for it and the text that answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.corpus import Corpus
from knowledge.documents import Document, Period, Provision
from knowledge.faq import FaqEntry, FaqKind
from knowledge.guidance import Guidance, Regime


class PassageKind(StrEnum):
    FAQ = "faq"
    PROVISION = "provision"
    GUIDANCE = "guidance"


@dataclass(frozen=True, slots=True)
class Passage:
    """One retrievable piece; `key` is the id of the entry, provision or guidance item."""

    kind: PassageKind
    key: str
    wordings: tuple[str, ...]
    body: str
    valid: Period
    faq_kind: FaqKind | None = None


def cut_passages(corpus: Corpus) -> list[Passage]:
    """All passages of a corpus, in a fixed order."""
    faq = [_of_entry(entry) for entry in corpus.faq]
    provisions = [_of_provision(document, provision) for document, provision in corpus.provisions()]
    return [*faq, *provisions, *(_of_guidance(item) for item in corpus.guidance)]


def _of_entry(entry: FaqEntry) -> Passage:
    english = entry.english.all_questions if entry.english else ()
    return Passage(
        PassageKind.FAQ,
        entry.id,
        (*entry.vietnamese.all_questions, *english),
        entry.vietnamese.answer,
        entry.valid,
        entry.kind,
    )


def _of_provision(document: Document, provision: Provision) -> Passage:
    label = provision.id.label(document.name)
    wordings = (f"{label}: {provision.title}", provision.title) if provision.title else (label,)
    return Passage(
        PassageKind.PROVISION,
        str(provision.id),
        wordings,
        " ".join(filter(None, (provision.summary, provision.official_text, provision.official_closing))),
        provision.valid,
    )


_REGIME_WORDS = {
    Regime.CURRENT: "khía cạnh",
    Regime.FORMER: "tiêu chí theo quy định cũ",
    Regime.REFERENCE: "hạng mục Baldrige",
}


def _of_guidance(item: Guidance) -> Passage:
    title = f"{_REGIME_WORDS[item.regime]} {item.title}"
    return Passage(
        PassageKind.GUIDANCE, item.id, (title, *item.asks), " ".join((*item.asks, *item.evidence)), item.valid
    )
