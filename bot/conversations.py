"""Conversations of the web chat and of chat apps, and the turns of every channel, in the database.

A conversation of a chat app bears the sender's name («telegram:123»); what is said in it goes out through the outbox.
A message is acknowledged only after its transaction; what was acknowledged and not answered is found again at the next start.
Sequence numbers are given by the conversation's row, so two writers never share one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from string import ascii_lowercase
from typing import Any

from sqlalchemy import JSON, DateTime, Float, ForeignKey, Index, String, Text, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.answer import AnswerStatus, Query
from actions.guards import mask_personal
from actions.outbox import OutboxRow
from actions.personal_data import MOST_SENDER, PersonalDataHolder, register
from bot.messages import AnswerMessage
from bot.turn_record import answer_digest, query_record
from knowledge.database import Base, Database, utc
from knowledge.vietnamese import nfc

WAITING, HEARD, DONE = "waiting", "heard", "done"  # heard: an officer has it
DEAD = "dead"  # of a chat app: it could not be answered, an apology was sent; `award inbox replay` has it answered
_RECEIPTS = {WAITING: "sent", HEARD: "received", DONE: "seen", DEAD: "seen"}
TURN_KEY = 22  # letters: 100 bits
WEB = "web:"  # how senders of the web chat begin; the conversation's ID follows
APPS = ("telegram", "zalobot", "zalooa")  # channels whose senders and conversations are called «telegram:<chat>»
NOT_ANSWERED = "no answer; see the server's log"


class ConversationRow(Base):
    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_seq: Mapped[int] = mapped_column(default=0)
    seen_seq: Mapped[int] = mapped_column(default=0)
    # Of chat apps: when the person last wrote, why nothing can be sent any more, until when a person of the app's own console answers.
    heard_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed: Mapped[str | None] = mapped_column(String(80))
    paused_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


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
    error: Mapped[str | None] = mapped_column(String(200))


class TurnRow(Base):
    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("key", name="uq_turns_key"),
        # What the console counts and lists stays quick over many turns.
        Index("ix_turns_status_at", "status", "at"),
        Index("ix_turns_evidence", "status", "evidence", "at"),
        Index("ix_turns_figures", "at", "channel", "status", "milliseconds"),
        Index("ix_turns_entry", "at", "entry"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(24))  # what clients know a turn by
    conversation_id: Mapped[str] = mapped_column(String(MOST_SENDER), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    question: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), index=True)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    publication: Mapped[int | None]
    milliseconds: Mapped[int]
    asked: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    stamp: Mapped[str | None] = mapped_column(String(16))
    answer_digest: Mapped[str | None] = mapped_column(String(64))
    query: Mapped[str | None] = mapped_column(Text)  # the question as it was answered, follow-ups filled in
    candidates: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))  # key and evidence of the best hits
    entry: Mapped[str | None] = mapped_column(String(160))  # what answered
    evidence: Mapped[float | None] = mapped_column(Float)  # how sure that was


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
            "at": utc(self.at).isoformat(),
            "client_msg_id": self.client_msg_id,
            "answer": self.answer,
            "state": _RECEIPTS[self.state],
        }


@dataclass(frozen=True, slots=True)
class NewConversation:
    """The token is shown once and kept only as a digest."""

    id: str
    token: str
    expires_at: datetime


def new_turn_key() -> str:
    """Nobody can guess one. Letters only: a row of digits in a message would be masked as somebody's number."""
    return "".join(secrets.choice(ascii_lowercase) for _ in range(TURN_KEY))


@dataclass(frozen=True, slots=True)
class Turn:
    """Who asked what, how it ended and how long it took."""

    conversation: str
    channel: str
    question: str
    answer: AnswerMessage
    publication: int | None
    milliseconds: int
    key: str = field(default_factory=new_turn_key)
    asked: Query | None = None  # where asking just this again gives the same answer
    stamp: str | None = None


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
            return row.id if row and utc(row.expires_at) > datetime.now(UTC) else None

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
            return _stored(_ask(session, conversation, seq, client_msg_id, text)), True

    def add_answer(
        self,
        conversation: str,
        question_seq: int,
        answer: AnswerMessage | None,
        checked: Callable[[Session, AnswerMessage], AnswerMessage | None] | None = None,
    ) -> StoredMessage | None:
        """Store the answer and mark its question done, in one transaction; None where the conversation is gone or already answered.

        Without an answer the question is only marked. `checked` may put another in its place, or none, in the same transaction.
        """
        with self._database.session() as session:
            claimed = session.execute(
                update(MessageRow)
                .where(
                    MessageRow.conversation_id == conversation,
                    MessageRow.seq == question_seq,
                    MessageRow.state == WAITING,
                )
                .values(**_ended(conversation, answer))
            )
            if claimed.rowcount != 1:  # type: ignore[attr-defined]
                return None
            if checked is not None and answer is not None:
                answer = checked(session, answer)
            return say(session, conversation, answer) if answer is not None else None

    def add_message(self, conversation: str, answer: AnswerMessage) -> StoredMessage:
        """Store what the assistant says unasked. Raises LookupError where the conversation is gone."""
        with self._database.session() as session:
            return say(session, conversation, answer)

    def unanswered(self, conversation: str) -> list[tuple[int, str, datetime]]:
        """Sequence numbers, texts and times of the questions still to be answered, in order."""
        with self._database.session() as session:
            rows = session.execute(
                select(MessageRow.seq, MessageRow.text, MessageRow.at)
                .where(
                    MessageRow.conversation_id == conversation, MessageRow.role == "user", MessageRow.state == WAITING
                )
                .order_by(MessageRow.seq)
            )
            return [(seq, text, utc(at)) for seq, text, at in rows]

    def last_status(self, sender: str) -> str | None:
        """How the sender's last recorded turn ended."""
        with self._database.session() as session:
            query = select(TurnRow.status).where(TurnRow.conversation_id == conversation_of(sender))
            return session.scalar(query.order_by(TurnRow.id.desc()).limit(1))

    def deliver(self, message: int) -> tuple[str, StoredMessage] | None:
        """Take a message out of the outbox into its web conversation, in one transaction: never twice, never lost.

        The conversation, and the message as it stands there; None where another server was faster or the conversation is gone.
        """
        with self._database.session() as session:
            taken = session.execute(
                delete(OutboxRow).where(OutboxRow.id == message).returning(OutboxRow.sender, OutboxRow.answer)
            ).one_or_none()
            if taken is None or not taken.sender.startswith(WEB):
                return None
            conversation = conversation_of(taken.sender)
            try:
                return conversation, say(session, conversation, AnswerMessage.model_validate(taken.answer))
            except LookupError:  # its session was given up; nobody can read it any more
                return None

    def collect(self, sender: str) -> list[AnswerMessage]:
        """Take everything for a sender out of the outbox, for a channel that can't be written to first."""
        with self._database.session() as session:
            if session.scalar(select(OutboxRow.id).where(OutboxRow.sender == sender).limit(1)) is None:
                return []
            taken = session.execute(
                delete(OutboxRow).where(OutboxRow.sender == sender).returning(OutboxRow.id, OutboxRow.answer)
            ).all()
            return [AnswerMessage.model_validate(row.answer) for row in sorted(taken, key=lambda row: row.id)]

    def keep(self, sender: str, answers: list[AnswerMessage]) -> None:
        """Put messages into the outbox, in order."""
        with self._database.session() as session:
            for answer in answers:
                record = answer.model_dump(mode="json")
                session.add(OutboxRow(sender=sender, at=datetime.now(UTC), answer=record))
                session.flush()

    def awaited(self, senders: list[str]) -> list[str]:
        """Those of the senders for whom something waits in the outbox."""
        with self._database.session() as session:
            return list(session.scalars(select(OutboxRow.sender).where(OutboxRow.sender.in_(senders)).distinct()))

    def choices(self, sender: str) -> dict[str, str]:
        """Face and meaning of the buttons under the sender's last answer."""
        with self._database.session() as session:
            query = select(TurnRow.answer).where(TurnRow.conversation_id == conversation_of(sender))
            answer = session.scalar(query.order_by(TurnRow.id.desc()).limit(1)) or {}
            return {one["title"]: one["payload"] for one in answer.get("suggestions") or ()}

    def undelivered(self, limit: int = 100) -> list[int]:
        """Messages of the outbox that can be brought to a web conversation, oldest first."""
        with self._database.session() as session:
            query = select(OutboxRow.id).where(OutboxRow.sender.startswith(WEB, autoescape=True))
            return list(session.scalars(query.order_by(OutboxRow.id).limit(limit)))

    def waiting_conversations(self) -> list[str]:
        """Conversations with unanswered questions: what a stopped server left behind."""
        with self._database.session() as session:
            query = (
                select(MessageRow.conversation_id)
                .where(MessageRow.role == "user", MessageRow.state == WAITING)
                .distinct()
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

    @staticmethod
    def kept_session(session: Session, sender: str) -> ConversationRow | None:
        """The conversation of a sender, out of reach of a deletion; later writers wait until this transaction ends."""
        if not is_stored(sender):
            return None
        _next_seq(session, conversation_of(sender))
        row = session.get(ConversationRow, conversation_of(sender))
        if row is not None:
            session.expunge(row)
        return row

    @staticmethod
    def begin_anew(session: Session, kept: ConversationRow, answer: AnswerMessage) -> StoredMessage:
        """The session with nothing but this message; numbers go on, because clients ask for what is past their last one.

        The key `anew` tells a page to take away what it shows.
        """
        session.add(
            ConversationRow(
                id=kept.id,
                channel=kept.channel,
                token_digest=kept.token_digest,
                created_at=datetime.now(UTC),
                expires_at=kept.expires_at,
                last_seq=kept.last_seq,
                seen_seq=0,
                heard_at=kept.heard_at,
            )
        )
        session.flush()
        return say(session, kept.id, answer.model_copy(update={"anew": True}))

    def record(self, turn: Turn) -> None:
        """Keep a turn, personal numbers masked; one of a conversation that was deleted meanwhile is not kept."""
        with self._database.session() as session:
            if turn.channel in ("web", *APPS) and session.get(ConversationRow, turn.conversation) is None:
                return
            trace, told = turn.answer.trace, turn.answer.model_extra or {}
            session.add(
                TurnRow(
                    key=turn.key,
                    conversation_id=nfc(turn.conversation)[:MOST_SENDER],  # PostgreSQL refuses longer ones and NUL
                    channel=turn.channel,
                    at=datetime.now(UTC),
                    question=mask_personal(nfc(turn.question)),
                    status=str(turn.answer.status),
                    answer=turn.answer.model_dump(mode="json"),
                    publication=turn.publication,
                    milliseconds=turn.milliseconds,
                    query=trace.query,
                    candidates=[list(one) for one in trace.candidates] or None,
                    entry=str(told["entry"])[:160] if told.get("entry") else None,
                    evidence=float(told["evidence"]) if told.get("evidence") else None,
                    asked=query_record(turn.asked) if turn.asked else None,
                    stamp=turn.stamp,
                    answer_digest=answer_digest(turn.answer.model_dump(mode="json")),
                )
            )


def conversation_of(sender: str) -> str:
    """The name under which a sender's turns are kept: the web chat's conversation ID, elsewhere the sender."""
    return sender.removeprefix(WEB)


def app_of(sender: str) -> str | None:
    """The chat app that a sender («telegram:123») writes in, None for other channels."""
    channel, separator, _ = sender.partition(":")
    return channel if separator and channel in APPS else None


def sender_of(conversation: str) -> tuple[str, str]:
    """Sender and channel of a stored conversation."""
    app = app_of(conversation)
    return (conversation, app) if app else (f"{WEB}{conversation}", "web")


def is_stored(sender: str) -> bool:
    """True where what the sender says and hears is kept message by message."""
    return sender.startswith(WEB) or app_of(sender) is not None


def latest_turns(session: Session, sender: str, count: int) -> list[tuple[str, str, str]]:
    """Question, status and answer of the sender's last turns, oldest first."""
    query = select(TurnRow).where(TurnRow.conversation_id == conversation_of(sender))
    rows = session.scalars(query.order_by(TurnRow.id.desc()).limit(count)).all()
    return [(row.question, row.status, str(row.answer["text"])) for row in reversed(rows)]


def _export(session: Session, sender: str) -> list[dict[str, Any]]:
    """What was said, in order: the transcript, where none is kept the turns."""
    conversation = conversation_of(sender)
    messages = session.scalars(
        select(MessageRow).where(MessageRow.conversation_id == conversation).order_by(MessageRow.seq)
    ).all()
    if messages or sender.startswith(WEB):
        return [{"role": row.role, "at": utc(row.at).isoformat(), "text": row.text} for row in messages]
    turns = session.scalars(select(TurnRow).where(TurnRow.conversation_id == conversation).order_by(TurnRow.id))
    return [record for row in turns for record in _said(row)]


def _said(turn: TurnRow) -> list[dict[str, Any]]:
    at = utc(turn.at).isoformat()
    return [
        {"role": "user", "at": at, "text": turn.question},
        {"role": "assistant", "at": at, "text": turn.answer["text"], "status": turn.status},
    ]


def _delete(session: Session, sender: str) -> int:
    """Everything that was said, the session and the turns that came of it."""
    conversation = conversation_of(sender)
    steps = [delete(TurnRow).where(TurnRow.conversation_id == conversation)]
    if is_stored(sender):
        steps += [
            delete(MessageRow).where(MessageRow.conversation_id == conversation),
            delete(ConversationRow).where(ConversationRow.id == conversation),
        ]
    return sum(session.execute(step).rowcount for step in steps)  # type: ignore[attr-defined]


register(PersonalDataHolder("conversations", ("conversations", "messages", "turns"), _export, _delete))


def _next_seq(session: Session, conversation: str) -> int:
    """Raise the conversation's counter; the row lock makes writers queue. Raises LookupError where it is gone."""
    session.execute(
        update(ConversationRow).where(ConversationRow.id == conversation).values(last_seq=ConversationRow.last_seq + 1)
    )
    seq = session.scalar(select(ConversationRow.last_seq).where(ConversationRow.id == conversation))
    if seq is None:
        raise LookupError(conversation)
    return seq


def _ended(conversation: str, answer: AnswerMessage | None) -> dict[str, str]:
    """The state of a question that got this answer; who writes in a chat app can't press «send again», so staff can."""
    if answer is not None and answer.status is AnswerStatus.ERROR and app_of(conversation):
        return {"state": DEAD, "error": NOT_ANSWERED}
    return {"state": DONE if answer is not None else HEARD}


def ask(session: Session, conversation: str, key: str, text: str, state: str = WAITING) -> StoredMessage:
    """Put a person's message at the end of a conversation, masked. Raises LookupError where the conversation is gone."""
    return _stored(_ask(session, conversation, _next_seq(session, conversation), key, text, state))


def _ask(
    session: Session, conversation: str, seq: int, client_msg_id: str, text: str, state: str = WAITING
) -> MessageRow:
    row = _row(conversation, seq, "user", mask_personal(nfc(text)), client_msg_id, None, state)
    session.add(row)
    return row


def say(session: Session, conversation: str, answer: AnswerMessage) -> StoredMessage:
    """Put an answer at the end of a conversation, for a chat app also into the outbox. Raises LookupError where it is gone."""
    stored = keep_said(session, conversation, answer)
    if app_of(conversation):
        session.add(OutboxRow(sender=conversation, at=stored.at, answer=answer.model_dump(mode="json"), seq=stored.seq))
    return stored


def keep_said(session: Session, conversation: str, answer: AnswerMessage) -> StoredMessage:
    """Put at the end of a conversation what the person has, or will get some other way."""
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
