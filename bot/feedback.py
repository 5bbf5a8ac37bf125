"""What people think of an answer: a thumb, perhaps a reason, kept beside the turn with its publication, query and candidates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, ForeignKey, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.guards import mask_personal
from actions.personal_data import PersonalDataHolder, register
from bot.conversations import TURN_KEY, TurnRow, conversation_of
from knowledge.database import Base, insert_into, utc
from knowledge.vietnamese import fold, nfc

MOST_COMMENT = 1_000  # characters
TURN = f"[a-z]{{{TURN_KEY}}}"
_COMMAND = re.compile(rf"/feedback\s+(?P<turn>{TURN})\s+(?P<rating>up|down)(?:\s+(?P<why>\S.*))?", re.DOTALL)


class Rating(StrEnum):
    UP = "up"
    DOWN = "down"


class Reason(StrEnum):
    """What was wrong with an answer."""

    WRONG = "sai"
    INCOMPLETE = "thieu"
    UNCLEAR = "khohieu"
    OUTDATED = "cu"
    OTHER = "khac"


class FeedbackRow(Base):
    """One a turn; the last word counts."""

    __tablename__ = "feedback"
    turn_key: Mapped[str] = mapped_column(ForeignKey("turns.key", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    rating: Mapped[str] = mapped_column(String(4), index=True)
    reason: Mapped[str | None] = mapped_column(String(12))
    comment: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Feedback:
    """A rating of the turn with that key."""

    turn: str
    rating: Rating
    reason: Reason | None = None
    comment: str | None = None


def read_feedback(text: str) -> Feedback | None:
    """«/feedback <turn> up», «/feedback <turn> down thiếu», «/feedback <turn> down <own words>»; None for any other text."""
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return None
    why = (found["why"] or "").strip()
    reason = reason_of(why)
    return Feedback(found["turn"], Rating(found["rating"]), reason, None if reason else why[:MOST_COMMENT] or None)


def reason_of(text: str) -> Reason | None:
    """The reason that is meant by its name, with or without marks and spaces."""
    name = re.sub(r"\W", "", fold(text))
    return next((reason for reason in Reason if reason == name), None)


def keep_feedback(session: Session, sender: str, feedback: Feedback) -> bool:
    """Store it over an earlier one; False where the sender had no such turn. A comment is masked."""
    turn = session.scalar(
        select(TurnRow.key).where(TurnRow.key == feedback.turn, TurnRow.conversation_id == conversation_of(sender))
    )
    if turn is None:
        return False
    values = {
        "at": datetime.now(UTC),
        "rating": str(feedback.rating),
        "reason": str(feedback.reason) if feedback.reason else None,
        "comment": mask_personal(nfc(feedback.comment)) if feedback.comment else None,
    }
    new = insert_into(session, FeedbackRow).values(turn_key=turn, **values)
    session.execute(new.on_conflict_do_update(index_elements=[FeedbackRow.turn_key], set_=values))
    return True


def ratings_of(session: Session, turns: list[str]) -> dict[str, str]:
    """«up» or «down» for each of the turns that was rated."""
    if not turns:
        return {}
    rows = session.execute(select(FeedbackRow.turn_key, FeedbackRow.rating).where(FeedbackRow.turn_key.in_(turns)))
    return {row.turn_key: row.rating for row in rows}


def _own(sender: str) -> Any:
    return select(TurnRow.key).where(TurnRow.conversation_id == conversation_of(sender))


def _export(session: Session, sender: str) -> list[dict[str, Any]]:
    rows = session.execute(
        select(FeedbackRow, TurnRow.question)
        .join(TurnRow, TurnRow.key == FeedbackRow.turn_key)
        .where(TurnRow.conversation_id == conversation_of(sender))
        .order_by(FeedbackRow.at)
    )
    return [
        {
            "at": utc(row.at).isoformat(),
            "question": question,
            "rating": row.rating,
            "reason": row.reason,
            "comment": row.comment,
        }
        for row, question in rows
    ]


def _delete(session: Session, sender: str) -> int:
    gone = session.execute(delete(FeedbackRow).where(FeedbackRow.turn_key.in_(_own(sender))))
    return int(gone.rowcount)  # type: ignore[attr-defined]


register(PersonalDataHolder("feedback", ("feedback",), _export, _delete))
