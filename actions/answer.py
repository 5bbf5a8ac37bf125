"""What goes into the answerer and what comes out; the JSON form is what Rasa carries and every channel draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class AnswerStatus(StrEnum):
    """Every way a turn can end has a name (../docs/decisions/0002)."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    UNKNOWN = "unknown"
    CLARIFY = "clarify"
    OUT_OF_SCOPE = "out_of_scope"
    REFUSED = "refused"
    SMALL_TALK = "small_talk"
    FORM = "form"
    HANDOFF = "handoff"
    ERROR = "error"


class Language(StrEnum):
    VIETNAMESE = "vi"
    ENGLISH = "en"


SOURCES = {Language.VIETNAMESE: "Căn cứ: {labels}.", Language.ENGLISH: "Legal basis: {labels}."}


@dataclass(frozen=True, slots=True)
class Query:
    """A message with what the conversation knows: the last question that was answered and the day it was answered for."""

    text: str
    today: date
    previous_question: str | None = None
    previous_as_of: date | None = None


@dataclass(frozen=True, slots=True)
class CitedProvision:
    """A provision as shown under an answer; `quote` is our summary or the official text, and `quote_kind` says which."""

    id: str
    label: str
    quote: str
    quote_kind: str  # "summary" | "official"
    period: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button: what it shows and what it sends."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What might have answered, and how sure that was: kept with the turn for whoever looks into a bad answer."""

    key: str  # of the passage
    evidence: float


class AttachmentKind(StrEnum):
    """A picture is shown in the chat, a file is offered for download."""

    IMAGE = "image"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or a file that comes with an answer; `url` is a path of this server, `alt` says what a picture shows."""

    kind: AttachmentKind
    url: str
    title: str
    media_type: str
    alt: str = ""

    def to_json(self) -> dict[str, str]:
        return {
            "kind": str(self.kind),
            "url": self.url,
            "title": self.title,
            "media_type": self.media_type,
            "alt": self.alt,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, whole: a channel needs nothing else to draw it."""

    status: AnswerStatus
    text: str
    as_of: date
    citations: tuple[CitedProvision, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    notices: tuple[str, ...] = ()
    language: Language = Language.VIETNAMESE
    entry: str | None = None  # id of the FAQ entry, provision or guidance that answered
    evidence: float = 0.0
    question: str | None = None  # the question that was answered, follow-ups filled in
    extra: Mapping[str, str] = field(
        default_factory=dict
    )  # further keys of the JSON form: what a form asks, its verdict
    attachments: tuple[Attachment, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The form that travels through Rasa; `AnswerMessage` in bot/messages.py reads it."""
        return {
            "status": str(self.status),
            "text": self.text,
            "as_of": self.as_of.isoformat(),
            "language": str(self.language),
            "citations": [
                {
                    "id": one.id,
                    "label": one.label,
                    "quote": one.quote,
                    "quote_kind": one.quote_kind,
                    "period": one.period,
                    "url": one.url,
                }
                for one in self.citations
            ],
            "suggestions": [{"title": one.title, "payload": one.payload} for one in self.suggestions],
            "attachments": [one.to_json() for one in self.attachments],
            "notices": list(self.notices),
            "entry": self.entry,
            "evidence": round(self.evidence, 4),
            "trace": {"query": self.question, "candidates": [[one.key, one.evidence] for one in self.candidates]},
            **self.extra,
        }


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Evidence from which an answer is given, offered, or not given; chosen on data (docs/decisions/0004)."""

    answer: float = 0.2
    offer: float = 0.1  # from here the likeliest entry is offered, headed by its question
    scope: float = 0.4  # below: about something else
    sure: float = 0.8  # from here the scope is not asked
    doubt: float = 0.6  # scope and evidence together; below: about something else
    small_talk: float = 0.6  # from here the knowledge answers what the dialogue layer took for small talk


def plain_text(text: str, labels: Sequence[str], notices: Sequence[str], language: str) -> str:
    """An answer as one text, for channels that draw nothing else: the answer, what it rests on, what to mind."""
    sources = SOURCES[Language(language)].format(labels="; ".join(labels)) if labels else ""
    return "\n\n".join(part for part in (text, sources, *notices) if part)
