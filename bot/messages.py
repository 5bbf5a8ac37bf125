"""What comes in and what goes out, whatever the channel."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from actions.answer import AnswerStatus, plain_text
from actions.sentences import TOO_LONG
from knowledge.vietnamese import nfc

MAX_CHARACTERS = 2_000
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


class AnswerMessage(BaseModel):
    """An answer as it comes back through Rasa; unknown keys (of forms, say) are carried on."""

    model_config = ConfigDict(frozen=True, extra="allow")
    status: AnswerStatus
    text: str
    as_of: str
    language: str = "vi"
    citations: tuple[CitationMessage, ...] = ()
    suggestions: tuple[SuggestionMessage, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def full_text(self) -> str:
        """Text, sources and notices, for channels that draw nothing else."""
        return plain_text(self.text, [one.label for one in self.citations], self.notices, self.language)


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
