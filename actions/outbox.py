"""What is to be said to a person without being asked just now, kept until it was said: exactly once, over stops and crashes.

A message is put here in the transaction that decides it (an officer's reply, a case given back, an answer for a chat app);
bot/courier.py brings it to web conversations, bot/delivery.py to chat apps.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.answer import Answer
from actions.personal_data import MOST_SENDER, PersonalDataHolder, register
from knowledge.database import Base, utc

WAITING, DEAD = "waiting", "dead"
MOST_ERROR = 200  # characters


class OutboxRow(Base):
    """`answer` is the JSON form of an Answer; the row is gone once the message was delivered, or kept as dead where it can't be.

    The rest is for chat apps, where a message goes out in parts over a network: how many parts have arrived, whether one is on its way
    (after a crash nobody knows), how many may have arrived twice, when the next attempt is due. `seq` is the message's place in the
    conversation, where it stands there already.
    """

    __tablename__ = "outbox"
    __table_args__ = ({"sqlite_autoincrement": True},)  # ids tell the order: none is ever used again
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sender: Mapped[str] = mapped_column(String(MOST_SENDER), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default=WAITING, index=True)
    seq: Mapped[int | None]
    parts_sent: Mapped[int] = mapped_column(default=0)
    on_its_way: Mapped[bool] = mapped_column(default=False)
    maybe_twice: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    error: Mapped[str | None] = mapped_column(String(MOST_ERROR))


def put(session: Session, sender: str, answer: Answer) -> None:
    """Have a message delivered once this transaction is committed."""
    session.add(OutboxRow(sender=sender, at=datetime.now(UTC), answer=answer.to_json()))


def _export(session: Session, sender: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(OutboxRow).where(OutboxRow.sender == sender).order_by(OutboxRow.id))
    return [{"at": utc(row.at).isoformat(), "text": row.answer["text"]} for row in rows]


def _delete(session: Session, sender: str) -> int:
    return int(session.execute(delete(OutboxRow).where(OutboxRow.sender == sender)).rowcount)  # type: ignore[attr-defined]


register(PersonalDataHolder("outbox", ("outbox",), _export, _delete))
