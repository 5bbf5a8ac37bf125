"""Reminders that people asked for, and what they were told of the season dates, in the database.

Said once: a message goes into the outbox in the transaction that notes it under a unique key, so that it is either noted and on
its way, or neither; two servers that find it due at once, or one that was stopped half way, say it once. No lease is needed.

What somebody was told of an event is known by the event's sequence, never by comparing clocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import DateTime, String, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.personal_data import MOST_SENDER, PersonalDataHolder, register
from actions.reminders.planning import day_of, due_moment, matches
from knowledge.calendar import VIETNAM, EventKind, EventState, SeasonEvent
from knowledge.calendar_store import TrackedEvent, read_tracked
from knowledge.database import Base, utc

MOST_REMINDERS = 10  # of one sender; who asks for them keeps to it
NOTICE = "notice"


class ReminderRow(Base):
    """`days_before` is null for one who only wants to hear of dates that appear or change; `kinds` are joined by commas."""

    __tablename__ = "reminders"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sender: Mapped[str] = mapped_column(String(MOST_SENDER), index=True)
    days_before: Mapped[int | None]
    kinds: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ToldRow(Base):
    """A sender was told of an event: as it stood at `sequence`, on an occasion that comes once.

    The occasion is «notice-3» (the third change), or the day reminded of and the day on which that was due.
    """

    __tablename__ = "reminders_told"
    sender: Mapped[str] = mapped_column(String(MOST_SENDER), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    occasion: Mapped[str] = mapped_column(String(24), primary_key=True)
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Reminder:
    """What somebody asked to be reminded of."""

    id: int
    days_before: int | None
    kinds: tuple[EventKind, ...]
    created: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is due: to whom, on what occasion; `since` the promised moment, `told` the sequence last heard of."""

    sender: str
    occasion: str
    since: datetime
    told: int | None


# -- what people ask for


def add_reminder(
    session: Session, sender: str, days_before: int | None, kinds: Sequence[EventKind], now: datetime
) -> Reminder:
    """Keep a reminder; the same one is kept once."""
    for one in reminders_of(session, sender):
        if (one.days_before, one.kinds) == (days_before, tuple(kinds)):
            return one
    row = ReminderRow(sender=sender, days_before=days_before, kinds=",".join(kinds), created_at=now.astimezone(UTC))
    session.add(row)
    session.flush()
    for tracked in read_tracked(
        session
    ):  # the confirmation tells what stands in the calendar, so that no notice needs to
        if matches(kinds, tracked.event):
            note_told(session, tracked.event, [Due(sender, news(tracked.event), now, None)], now)
    return _reminder(row)


def reminders_of(session: Session, sender: str) -> list[Reminder]:
    """In the order in which they were asked for."""
    rows = session.scalars(select(ReminderRow).where(ReminderRow.sender == sender).order_by(ReminderRow.id))
    return [_reminder(row) for row in rows]


def cancel_reminders(session: Session, sender: str, identities: Iterable[int]) -> int:
    """Forget these reminders of the sender; how many there were. With the last one goes what the sender was told."""
    chosen = delete(ReminderRow).where(ReminderRow.sender == sender, ReminderRow.id.in_(list(identities)))
    gone = int(session.execute(chosen).rowcount)  # type: ignore[attr-defined]
    if not reminders_of(session, sender):
        session.execute(delete(ToldRow).where(ToldRow.sender == sender))
    return gone


# -- what is due


def due_reminders(session: Session, tracked: TrackedEvent, now: datetime, hour: time) -> list[Due]:
    """Who is to be reminded of the event by now and was not."""
    event, day = tracked.event, day_of(tracked.event)
    left = (day - now.astimezone(VIETNAM).date()).days
    known = {(sender, occasion): sequence for sender, occasion, sequence in _told(session, event)}
    found: dict[tuple[str, str], Due] = {}
    for row in session.scalars(select(ReminderRow).where(ReminderRow.days_before >= left).order_by(ReminderRow.id)):
        reminder = _reminder(row)
        since = max(reminder.created, tracked.changed)
        moment = due_moment(event, reminder.days_before or 0, since, hour) if matches(reminder.kinds, event) else None
        if moment is None or moment > now:
            continue
        key = (row.sender, f"{day}/{moment.astimezone(VIETNAM).date()}")
        if key not in known:
            heard = [sequence for (sender, _), sequence in known.items() if sender == row.sender]
            found[key] = Due(*key, moment, max(heard, default=None))
    return list(found.values())


def due_notices(session: Session, event: SeasonEvent, now: datetime) -> list[Due]:
    """Who has not heard of the event as it stands; a cancelled one is no news to those who never heard of it."""
    heard = (
        select(ToldRow.sender, func.max(ToldRow.sequence).label("sequence"))
        .where(ToldRow.event_id == event.id)
        .group_by(ToldRow.sender)
        .subquery()
    )
    behind = heard.c.sequence < event.sequence
    wanted = behind if event.state is EventState.CANCELLED else or_(behind, heard.c.sequence.is_(None))
    asked = (
        select(ReminderRow, heard.c.sequence)
        .outerjoin(heard, heard.c.sender == ReminderRow.sender)
        .where(wanted)
        .order_by(ReminderRow.id)
    )
    found = {
        row.sender: Due(row.sender, news(event), now, told)
        for row, told in session.execute(asked)
        if matches(_reminder(row).kinds, event)
    }
    return list(found.values())


def note_told(session: Session, event: SeasonEvent, due: Sequence[Due], now: datetime) -> list[Due]:
    """Note what is about to be said, in the transaction that says it; returns what nobody else has said meanwhile."""
    if not due:
        return []
    rows = [
        {
            "sender": one.sender,
            "event_id": event.id,
            "occasion": one.occasion,
            "sequence": event.sequence,
            "at": now.astimezone(UTC),
        }
        for one in due
    ]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(ToldRow).on_conflict_do_nothing().returning(ToldRow.sender, ToldRow.occasion)
    made = {(sender, occasion) for sender, occasion in session.execute(statement, rows)}
    return [one for one in due if (one.sender, one.occasion) in made]


def news(event: SeasonEvent) -> str:
    """The occasion of telling an event as it stands."""
    return f"{NOTICE}-{event.sequence}"


# -- what is kept of people


def _export(session: Session, sender: str) -> list[dict[str, Any]]:
    return [
        {
            "nhắc trước (ngày)": one.days_before,
            "về": [str(kind) for kind in one.kinds] or "mọi ngày của lịch",
            "đặt lúc": one.created.astimezone(VIETNAM).isoformat(),
        }
        for one in reminders_of(session, sender)
    ]


def _delete(session: Session, sender: str) -> int:
    gone = cancel_reminders(session, sender, [one.id for one in reminders_of(session, sender)])
    session.execute(delete(ToldRow).where(ToldRow.sender == sender))
    return gone


register(PersonalDataHolder("reminders", ("reminders", "reminders_told"), _export, _delete))


# -- rows


def _reminder(row: ReminderRow) -> Reminder:
    kinds = tuple(EventKind(one) for one in row.kinds.split(",") if one)
    return Reminder(row.id, row.days_before, kinds, utc(row.created_at))


def _told(session: Session, event: SeasonEvent) -> list[tuple[str, str, int]]:
    query = select(ToldRow.sender, ToldRow.occasion, ToldRow.sequence).where(ToldRow.event_id == event.id)
    return [(sender, occasion, sequence) for sender, occasion, sequence in session.execute(query)]
