"""Conversations of the web chat and the turns of every channel, in the database.

A message is acknowledged only after its transaction; what was acknowledged and not answered is found again at the next start.
Sequence numbers are given by the conversation's row, so two writers never share one.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, String, Text, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.guards import mask_personal
from bot.messages import AnswerMessage
from knowledge.database import Base, Database
from knowledge.vietnamese import nfc

MOST_CONVERSATION = (
    80  # characters; callers of the REST channel choose their names, PostgreSQL refuses longer ones and NUL
)
WAITING, DONE = "waiting", "done"


class ConversationRow(Base):
    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_seq: Mapped[int] = mapped_column(default=0)
    seen_seq: Mapped[int] = mapped_column(default=0)


class MessageRow(Base):
    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("conversation_id", "client_msg_id", name="uq_messages_client_msg_id"),)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    client_msg_id: Mapped[str | None] = mapped_column(String(64))
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), index=True)


class TurnRow(Base):
    __tablename__ = "turns"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(String(MOST_CONVERSATION), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    question: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), index=True)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    publication: Mapped[int | None]
    milliseconds: Mapped[int]


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message of a conversation, as clients get it."""

    seq: int
    role: str
    text: str
    at: datetime
    client_msg_id: str | None
    answer: dict[str, Any] | None
    state: str

    def to_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "role": self.role,
            "text": self.text,
            "at": _utc(self.at).isoformat(),
            "client_msg_id": self.client_msg_id,
            "answer": self.answer,
            "state": "seen" if self.state == DONE else "sent",
        }


@dataclass(frozen=True, slots=True)
class NewConversation:
    """The token is shown once and kept only as a digest."""

    id: str
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """Who asked what, how it ended and how long it took."""

    conversation: str
    channel: str
    question: str
    answer: AnswerMessage
    publication: int | None
    milliseconds: int


class Conversations:
    """Every read and write of conversations and turns; all calls block, so async callers use a thread."""

    def __init__(self, database: Database, session_days: int) -> None:
        self._database = database
        self._life = timedelta(days=session_days)

    def open(self, channel: str) -> NewConversation:
        token = secrets.token_urlsafe(24)
        now = datetime.now(UTC)
        new = NewConversation(secrets.token_hex(12), token, now + self._life)
        with self._database.session() as session:
            row = ConversationRow(
                id=new.id,
                channel=channel,
                token_digest=_digest(token),
                created_at=now,
                expires_at=new.expires_at,
                last_seq=0,
                seen_seq=0,
            )
            session.add(row)
        return new

    def find(self, token: str) -> str | None:
        """The conversation that a token opens, or None (unknown or expired)."""
        with self._database.session() as session:
            row = session.scalar(select(ConversationRow).where(ConversationRow.token_digest == _digest(token)))
            return row.id if row and _utc(row.expires_at) > datetime.now(UTC) else None

    def add_question(self, conversation: str, client_msg_id: str, text: str) -> tuple[StoredMessage, bool]:
        """Store a message once; the second value is False where this `client_msg_id` was stored before."""
        with self._database.session() as session:
            seq = _next_seq(session, conversation)
            known = session.scalar(
                select(MessageRow).where(
                    MessageRow.conversation_id == conversation, MessageRow.client_msg_id == client_msg_id
                )
            )
            if known is not None:
                stored = _stored(known)
                session.rollback()  # the number that was taken for it
                return stored, False
            row = _row(conversation, seq, "user", mask_personal(nfc(text)), client_msg_id, None, WAITING)
            session.add(row)
            return _stored(row), True

    def add_answer(self, conversation: str, question_seq: int, answer: AnswerMessage) -> StoredMessage | None:
        """Store the answer and mark its question done, in one transaction; None where the conversation is gone or already answered."""
        with self._database.session() as session:
            claimed = session.execute(
                update(MessageRow)
                .where(
                    MessageRow.conversation_id == conversation, MessageRow.seq == question_seq, MessageRow.state != DONE
                )
                .values(state=DONE)
            )
            if claimed.rowcount != 1:  # type: ignore[attr-defined]
                return None
            return _append(session, conversation, answer)

    def add_greeting(self, conversation: str, answer: AnswerMessage) -> StoredMessage:
        with self._database.session() as session:
            return _append(session, conversation, answer)

    def unanswered(self, conversation: str) -> list[tuple[int, str]]:
        """Sequence numbers and texts of the questions still to be answered, in order."""
        with self._database.session() as session:
            rows = session.execute(
                select(MessageRow.seq, MessageRow.text)
                .where(MessageRow.conversation_id == conversation, MessageRow.role == "user", MessageRow.state != DONE)
                .order_by(MessageRow.seq)
            )
            return [(seq, text) for seq, text in rows]

    def waiting_conversations(self) -> list[str]:
        """Conversations with unanswered questions: what a stopped server left behind."""
        with self._database.session() as session:
            query = (
                select(MessageRow.conversation_id).where(MessageRow.role == "user", MessageRow.state != DONE).distinct()
            )
            return sorted(session.scalars(query))

    def after(self, conversation: str, seq: int, limit: int = 200) -> list[StoredMessage]:
        """Messages past a cursor, oldest first."""
        with self._database.session() as session:
            rows = session.scalars(
                select(MessageRow)
                .where(MessageRow.conversation_id == conversation, MessageRow.seq > seq)
                .order_by(MessageRow.seq)
                .limit(limit)
            )
            return [_stored(row) for row in rows]

    def mark_seen(self, conversation: str, seq: int) -> None:
        with self._database.session() as session:
            session.execute(
                update(ConversationRow)
                .where(
                    ConversationRow.id == conversation, ConversationRow.seen_seq < seq, ConversationRow.last_seq >= seq
                )
                .values(seen_seq=seq)
            )

    def delete(self, conversation: str) -> None:
        """Everything that was said, and the turns that came of it."""
        with self._database.session() as session:
            session.execute(delete(MessageRow).where(MessageRow.conversation_id == conversation))
            session.execute(delete(ConversationRow).where(ConversationRow.id == conversation))
            session.execute(delete(TurnRow).where(TurnRow.conversation_id == conversation))

    def record(self, turn: Turn) -> None:
        """Keep a turn, personal numbers masked; one of a web conversation that was deleted meanwhile is not kept."""
        with self._database.session() as session:
            if turn.channel == "web" and session.get(ConversationRow, turn.conversation) is None:
                return
            session.add(
                TurnRow(
                    conversation_id=nfc(turn.conversation)[:MOST_CONVERSATION],
                    channel=turn.channel,
                    at=datetime.now(UTC),
                    question=mask_personal(nfc(turn.question)),
                    status=str(turn.answer.status),
                    answer=turn.answer.model_dump(mode="json"),
                    publication=turn.publication,
                    milliseconds=turn.milliseconds,
                )
            )


def _next_seq(session: Session, conversation: str) -> int:
    """Raise the conversation's counter; the row lock makes writers queue."""
    session.execute(
        update(ConversationRow).where(ConversationRow.id == conversation).values(last_seq=ConversationRow.last_seq + 1)
    )
    seq = session.scalar(select(ConversationRow.last_seq).where(ConversationRow.id == conversation))
    if seq is None:
        raise LookupError(conversation)
    return seq


def _append(session: Session, conversation: str, answer: AnswerMessage) -> StoredMessage:
    """Put an answer at the end of a conversation."""
    record = answer.model_dump(mode="json")
    row = _row(conversation, _next_seq(session, conversation), "assistant", answer.text, None, record, DONE)
    session.add(row)
    return _stored(row)


def _row(
    conversation: str,
    seq: int,
    role: str,
    text: str,
    client_msg_id: str | None,
    answer: dict[str, Any] | None,
    state: str,
) -> MessageRow:
    return MessageRow(
        conversation_id=conversation,
        seq=seq,
        role=role,
        text=text,
        at=datetime.now(UTC),
        client_msg_id=client_msg_id,
        answer=answer,
        state=state,
    )


def _stored(row: MessageRow) -> StoredMessage:
    return StoredMessage(row.seq, row.role, row.text, row.at, row.client_msg_id, row.answer, row.state)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _utc(moment: datetime) -> datetime:
    """SQLite gives times back without their zone; all of ours are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
