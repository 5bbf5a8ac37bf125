"""Messages of a calendar month (Vietnam's), where a platform's package holds so many; nobody is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from actions.handover.office import TIME_ZONE
from knowledge.database import Base, Database, insert_into


class MonthRow(Base):
    """`month` is «2026-11»."""

    __tablename__ = "messages_a_month"
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    sent: Mapped[int]


class Quota:
    """`most` 0 lifts the limit."""

    def __init__(
        self, database: Database, most: int, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._most = most
        self._clock = clock

    def spend(self, channel: str) -> float | None:
        """Count one message; the share of the month that is used, or None where nothing is left. Raises DatabaseError."""
        month = f"{self._clock().astimezone(TIME_ZONE):%Y-%m}"
        with self._database.session() as session:
            first = insert_into(session, MonthRow).values(channel=channel, month=month, sent=1)
            counted = first.on_conflict_do_update(index_elements=["channel", "month"], set_={"sent": MonthRow.sent + 1})
            session.execute(counted)
            query = select(MonthRow.sent).where(MonthRow.channel == channel, MonthRow.month == month)
            sent = session.scalar(query) or 0
            if self._most and sent > self._most:
                session.rollback()
                return None
            return sent / self._most if self._most else 0.0
