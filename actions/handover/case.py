"""What a case of a hand-over is: its state, its number, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from actions.answer import Language
from actions.handover.errors import CaseError
from actions.handover.office import TIME_ZONE

PERSON, ASSISTANT = "person", "assistant"


class CaseState(StrEnum):
    """Open waits for an officer; while owned the assistant is silent; answered was given back after a reply."""

    OPEN = "open"
    OWNED = "owned"
    ANSWERED = "answered"
    CLOSED = "closed"


class CaseReason(StrEnum):
    """Why a person was brought in."""

    ASKED = "asked"
    FEEDBACK = "feedback"
    FAILED = "failed"


# What officers read, in the console and at the command line.
STATE_WORDS = {
    CaseState.OPEN: "chờ cán bộ",
    CaseState.OWNED: "cán bộ giữ",
    CaseState.ANSWERED: "đã trả lời",
    CaseState.CLOSED: "đã đóng",
}
REASON_WORDS = {
    CaseReason.ASKED: "xin gặp cán bộ",
    CaseReason.FEEDBACK: "không hài lòng với câu trả lời",
    CaseReason.FAILED: "trợ lý chưa trả lời được",
}
EVENT_WORDS = {
    "opened": "mở yêu cầu",
    "reopened": "hỏi lại",
    "taken": "nhận",
    "message": "nhắn",
    "reply": "trả lời",
    "contact": "để lại liên hệ",
    "returned": "quay lại trợ lý",
    "given back": "trả lại trợ lý",
    "closed": "đóng",
}


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """`by` is «person», «assistant» or the officer's name."""

    at: datetime
    kind: str
    by: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands."""

    id: int
    sender: str
    channel: str
    language: Language
    reason: CaseReason
    state: CaseState
    officer: str | None
    contact: str | None
    replies: int
    opened_at: datetime
    touched_at: datetime

    @property
    def number(self) -> str:
        return f"HT-{self.opened_at.astimezone(TIME_ZONE).year}-{self.id:06d}"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message went to the officer; `first` since the officer's last word, so that receipt is confirmed once and not each time."""

    case: Case
    first: bool


def case_id(number: str) -> int:
    """«HT-2026-000123», «123» → 123. Raises CaseError."""
    digits = number.strip().rpartition("-")[2]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):  # what a database takes as a number
        raise CaseError(f"«{number}» is no case number; write it like HT-2026-000123")
    return int(digits)
