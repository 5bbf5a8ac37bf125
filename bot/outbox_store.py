"""The outbox as chat apps see it: what is due, how far it has got, what can't be delivered. Every method blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from actions.outbox import DEAD, MOST_ERROR, WAITING, OutboxRow
from bot import choices
from bot.conversations import ConversationRow, keep_said
from bot.errors import InboxError
from bot.messages import AnswerMessage
from knowledge.database import Database, utc

DEAD_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to a person; `closed` tells why nothing can be sent to them."""

    id: int
    sender: str
    at: datetime
    answer: AnswerMessage
    parts_sent: int = 0
    attempts: int = 0
    maybe_twice: int = 0
    stands: bool = True  # in the conversation already
    error: str = ""
    closed: str = ""
    heard_at: datetime | None = None  # when the person last wrote

    @property
    def chat(self) -> str:
        return self.sender.partition(":")[2]


class OutboxStore:
    """Reads and writes of the delivery."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recover(self) -> int:
        """At the start: what was on its way when the server stopped may have arrived; how many such messages."""
        with self._database.session() as session:
            left = update(OutboxRow).where(OutboxRow.on_its_way, OutboxRow.state == WAITING)
            done = session.execute(left.values(on_its_way=False, maybe_twice=OutboxRow.maybe_twice + 1))
            return int(done.rowcount)  # type: ignore[attr-defined]

    def due_senders(self, channels: tuple[str, ...], now: datetime, busy: frozenset[str], limit: int) -> list[str]:
        """People whose oldest message is due."""
        ours = or_(*(OutboxRow.sender.startswith(f"{name}:", autoescape=True) for name in channels))
        first = (
            select(func.min(OutboxRow.id))
            .where(OutboxRow.state == WAITING, ours)
            .group_by(OutboxRow.sender)
            .scalar_subquery()
        )
        due = select(OutboxRow.sender).where(
            OutboxRow.id.in_(first), or_(OutboxRow.due_at.is_(None), OutboxRow.due_at <= now)
        )
        with self._database.session() as session:
            found = session.scalars(due.order_by(OutboxRow.id).limit(limit + len(busy))).all()
        return [sender for sender in found if sender not in busy][:limit]

    def next_due(self, sender: str, now: datetime) -> Outgoing | None:
        """The person's oldest message, if it is due."""
        query = select(OutboxRow).where(OutboxRow.sender == sender, OutboxRow.state == WAITING).order_by(OutboxRow.id)
        with self._database.session() as session:
            row = session.scalar(query.limit(1))
            if row is None or (row.due_at is not None and utc(row.due_at) > now):
                return None
            chat = session.get(ConversationRow, sender)
            return _outgoing(row, chat)

    def find(self, message: int) -> Outgoing | None:
        with self._database.session() as session:
            row = session.get(OutboxRow, message)
            return _outgoing(row) if row else None

    def leaving(self, message: Outgoing, last: bool) -> None:
        """A part is on its way; with the last one go the choices."""
        with self._database.session() as session:
            session.execute(update(OutboxRow).where(OutboxRow.id == message.id).values(on_its_way=True))
            if last:
                choices.offer(session, message.sender, message.id, message.answer)

    def arrived(self, message: Outgoing, parts: int, whole: bool) -> None:
        """So many parts have arrived; a message that has arrived whole leaves the outbox."""
        with self._database.session() as session:
            if not whole:
                left = update(OutboxRow).where(OutboxRow.id == message.id)
                session.execute(left.values(parts_sent=parts, on_its_way=False, attempts=0))
                return
            gone = session.execute(delete(OutboxRow).where(OutboxRow.id == message.id))
            if gone.rowcount and not message.stands:  # type: ignore[attr-defined]
                _keep(session, message)

    def try_again(self, message: Outgoing, due: datetime, error: str, counts: bool, doubtful: bool) -> None:
        with self._database.session() as session:
            left = update(OutboxRow).where(OutboxRow.id == message.id)
            session.execute(
                left.values(
                    on_its_way=False,
                    due_at=due,
                    error=error[:MOST_ERROR],
                    attempts=OutboxRow.attempts + int(counts),
                    maybe_twice=OutboxRow.maybe_twice + int(doubtful),
                )
            )

    def give_up(self, message: Outgoing, error: str) -> None:
        """A dead letter: kept, listed, and sent when a person says so."""
        with self._database.session() as session:
            dead = {"state": DEAD, "on_its_way": False, "error": error[:MOST_ERROR]}
            session.execute(update(OutboxRow).where(OutboxRow.id == message.id).values(**dead))
            session.execute(delete(OutboxRow).where(OutboxRow.state == DEAD, OutboxRow.at < message.at - DEAD_KEPT))

    def close(self, message: Outgoing, reason: str) -> None:
        """The person can't be written to; what waits for them is given up with this message."""
        with self._database.session() as session:
            session.execute(
                update(ConversationRow).where(ConversationRow.id == message.sender).values(closed=reason[:80])
            )
        self.give_up(message, reason)

    def dead(self) -> list[Outgoing]:
        """Messages that could not be delivered, oldest first."""
        with self._database.session() as session:
            rows = session.scalars(select(OutboxRow).where(OutboxRow.state == DEAD).order_by(OutboxRow.id)).all()
            return [_outgoing(row) for row in rows]

    def replay(self, message: int) -> None:
        """Have a dead message sent, from the first part that has not arrived. Raises InboxError where there is none."""
        with self._database.session() as session:
            dead = update(OutboxRow).where(OutboxRow.id == message, OutboxRow.state == DEAD)
            anew = {"state": WAITING, "attempts": 0, "maybe_twice": 0, "due_at": None}
            if session.execute(dead.values(**anew)).rowcount != 1:  # type: ignore[attr-defined]
                raise InboxError(f"no message {message} waits to be sent again; award outbox lists those that do")


def _outgoing(row: OutboxRow, chat: ConversationRow | None = None) -> Outgoing:
    return Outgoing(
        id=row.id,
        sender=row.sender,
        at=utc(row.at),
        answer=AnswerMessage.model_validate(row.answer),
        parts_sent=row.parts_sent,
        attempts=row.attempts,
        maybe_twice=row.maybe_twice,
        stands=row.seq is not None,
        error=row.error or "",
        closed=(chat.closed or "") if chat else "",
        heard_at=utc(chat.heard_at) if chat and chat.heard_at else None,
    )


def _keep(session: Session, message: Outgoing) -> None:
    """What was said unasked stands in the conversation once it has arrived."""
    if session.get(ConversationRow, message.sender) is not None:
        keep_said(session, message.sender, message.answer)
