"""FAQ entries: a question as people ask it in many wordings, and the answer that the department stands by."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.citations import ProvisionId
from knowledge.documents import Confidence, Period


class FaqKind(StrEnum):
    """What an entry's answer does (see knowledge/data/README.md)."""

    ANSWER = "answer"
    PARTIAL = "partial"
    UNKNOWN = "unknown"
    OUT_OF_SCOPE = "out_of_scope"
    CLARIFY = "clarify"


class FaqState(StrEnum):
    """Where an entry is on its way: written, looked at by a second person, taken by the next publication, in service, withdrawn."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Wording:
    """Question, further wordings and answer in one language."""

    question: str
    variants: tuple[str, ...]
    answer: str

    @property
    def all_questions(self) -> tuple[str, ...]:
        return (self.question, *self.variants)


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """One answer with everything that asks for it; `valid` is open where the answer is no rule."""

    id: str
    topic: str
    kind: FaqKind
    vietnamese: Wording
    english: Wording | None = None
    citations: tuple[ProvisionId, ...] = ()
    facts: tuple[str, ...] = ()
    confidence: Confidence = Confidence.OFFICIAL_TEXT
    valid: Period = field(default_factory=Period)
    where: str | None = None
    choices: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
