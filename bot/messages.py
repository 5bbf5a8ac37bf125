"""What comes in and what goes out, whatever the channel."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from actions.answer import AnswerStatus, AttachmentKind, plain_text
from actions.sentences import TOO_LONG
from knowledge.vietnamese import nfc

MAX_CHARACTERS = 2_000
OFFICER = {"vi": "Cán bộ phụ trách", "en": "Officer"}
UNAVAILABLE = "Xin lỗi, hệ thống đang bận nên mình chưa trả lời được câu này. Bạn gửi lại sau ít phút giúp mình nhé."


class CitationMessage(BaseModel):
    """A source as clients get it."""

    model_config = ConfigDict(frozen=True)
    id: str
    label: str
    quote: str
    quote_kind: Literal["summary", "official"]
    period: str
    url: str | None = None


class SuggestionMessage(BaseModel):
    """A button."""

    model_config = ConfigDict(frozen=True)
    title: str
    payload: str


class AttachmentMessage(BaseModel):
    """A picture or a file of this server."""

    model_config = ConfigDict(frozen=True)
    kind: AttachmentKind
    url: str
    title: str
    media_type: str
    alt: str = ""


class Trace(BaseModel):
    """How an answer was found: kept with the turn, never sent to a client."""

    model_config = ConfigDict(frozen=True)
    query: str | None = None  # the question as it was answered, follow-ups filled in
    candidates: tuple[tuple[str, float], ...] = ()  # key and evidence of the best hits


class AnswerMessage(BaseModel):
    """An answer as it comes back through Rasa; unknown keys (of forms, say) are carried on.

    `turn` is what feedback names; `author` is «officer» where a person speaks; `forget` asks for everything about the sender to be
    deleted before this is said.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    status: AnswerStatus
    text: str
    as_of: str
    language: str = "vi"
    citations: tuple[CitationMessage, ...] = ()
    suggestions: tuple[SuggestionMessage, ...] = ()
    attachments: tuple[AttachmentMessage, ...] = ()
    notices: tuple[str, ...] = ()
    turn: str | None = None
    author: Literal["assistant", "officer"] = "assistant"
    forget: bool = Field(False, exclude=True)
    trace: Trace = Field(Trace(), exclude=True)

    @property
    def full_text(self) -> str:
        """Text, sources and notices, for channels that draw nothing else."""
        text = f"{OFFICER[self.language]}: {self.text}" if self.author == "officer" else self.text
        return plain_text(text, [one.label for one in self.citations], self.notices, self.language)


def read_reply(messages: list[dict[str, Any]]) -> AnswerMessage:
    """The one answer among Rasa's messages; a plain text of Rasa's own counts as small talk."""
    for message in messages:
        if "custom" in message:
            return AnswerMessage.model_validate(message["custom"])
    text = "\n\n".join(str(message["text"]) for message in messages if message.get("text"))
    return AnswerMessage(status=AnswerStatus.SMALL_TALK, text=text, as_of="")


def too_long(text: str) -> str | None:
    """The sentence to send back where a message is longer than 2,000 characters after NFC, else None."""
    return TOO_LONG if len(nfc(text)) > MAX_CHARACTERS else None
