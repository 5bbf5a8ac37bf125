"""The season calendar in the database. It is no part of a publication: a date that moves must be shown at once, index or no index.

What is shown of an event counts: `sequence` rises when its dates or its state change, `modified` with every edit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from sqlalchemy import Date, DateTime, String, Text, Time, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge.calendar import EventKind, EventState, SeasonEvent, in_order
from knowledge.calendar_files import MOST_ID, check_events, event_record
from knowledge.database import Base, utc
from knowledge.documents import Confidence
from knowledge.errors import UnknownId


class SeasonEventRow(Base):
    """`created_at`, `changed_at` (dates or state) and `modified_at` (anything) tell who must be told of what."""

    __tablename__ = "season_events"
    id: Mapped[str] = mapped_column(String(MOST_ID), primary_key=True)
    season: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Text)
    start: Mapped[date] = mapped_column(Date)
    end: Mapped[date | None] = mapped_column(Date)
    start_time: Mapped[time | None] = mapped_column(Time)
    end_time: Mapped[time | None] = mapped_column(Time)
    by_month: Mapped[bool]
    province: Mapped[str | None] = mapped_column(String(60))
    basis: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str | None] = mapped_column(Text)
    moved_from: Mapped[date | None] = mapped_column(Date)
    sequence: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    modified_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class TrackedEvent:
    """An event with the moments (UTC) at which it was first shown and last changed its dates or its state."""

    event: SeasonEvent
    created: datetime
    changed: datetime


def read_calendar(session: Session) -> list[SeasonEvent]:
    """All events, in order."""
    return [tracked.event for tracked in read_tracked(session)]


def read_tracked(session: Session) -> list[TrackedEvent]:
    """All events with their history of changes, in order."""
    found = {row.id: _tracked(row) for row in session.scalars(select(SeasonEventRow))}
    return [found[event.id] for event in in_order(one.event for one in found.values())]


def find_event(session: Session, identity: str) -> SeasonEvent:
    """Raises UnknownId with the remedy."""
    return _tracked(_row(session, identity)).event


def put_event(session: Session, event: SeasonEvent, now: datetime) -> SeasonEvent:
    """Add an event or change the one of the same id; an event that is as it was keeps its sequence and its moments.

    Raises ContentError where its parts contradict each other.
    """
    event.check()
    now = now.astimezone(UTC)
    row = session.get(SeasonEventRow, event.id)
    if row is None:
        moment = (event.modified or now).astimezone(UTC)
        row = SeasonEventRow(id=event.id, sequence=event.sequence, created_at=now, changed_at=now, modified_at=moment)
        session.add(row)
        _write(row, event)
        session.flush()
        return _tracked(row).event
    known = _tracked(row).event
    if _same(known, event):
        return known
    if known.dates != event.dates:
        row.sequence = max(known.sequence + 1, event.sequence)
        row.changed_at = now
    row.modified_at = now
    _write(row, event)
    session.flush()
    return _tracked(row).event


def remove_event(session: Session, identity: str) -> None:
    """Raises UnknownId."""
    session.delete(_row(session, identity))


def replace_calendar(session: Session, events: Iterable[SeasonEvent], now: datetime) -> None:
    """Put the events in the place of all; one that stands already keeps what people were told of it."""
    events = list(events)
    check_events(events)
    session.execute(delete(SeasonEventRow).where(SeasonEventRow.id.not_in([one.id for one in events])))
    for event in events:
        put_event(session, event, now)


def calendar_digest(events: Iterable[SeasonEvent]) -> str:
    """SHA-256 over what the events say, not over when they were edited."""
    records = [event_record(replace(one, sequence=0, modified=None)) for one in sorted(events, key=lambda one: one.id)]
    return hashlib.sha256(json.dumps(records, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def _row(session: Session, identity: str) -> SeasonEventRow:
    row = session.get(SeasonEventRow, identity)
    if row is None:
        raise UnknownId(f"the calendar has no event {identity}; award calendar list shows all")
    return row


def _same(known: SeasonEvent, event: SeasonEvent) -> bool:
    return replace(event, sequence=known.sequence, modified=known.modified) == known


def _write(row: SeasonEventRow, event: SeasonEvent) -> None:
    for name in ("season", "title", "start", "end", "start_time", "end_time", "by_month", "province", "basis"):
        setattr(row, name, getattr(event, name))
    row.source, row.note, row.moved_from = event.source, event.note, event.moved_from
    row.kind, row.state, row.confidence = str(event.kind), str(event.state), str(event.confidence)


def _tracked(row: SeasonEventRow) -> TrackedEvent:
    event = SeasonEvent(
        id=row.id,
        season=row.season,
        kind=EventKind(row.kind),
        title=row.title,
        start=row.start,
        end=row.end,
        start_time=row.start_time,
        end_time=row.end_time,
        by_month=row.by_month,
        province=row.province,
        basis=row.basis,
        source=row.source,
        confidence=Confidence(row.confidence),
        state=EventState(row.state),
        note=row.note,
        moved_from=row.moved_from,
        sequence=row.sequence,
        modified=utc(row.modified_at).astimezone(UTC),
    )
    return TrackedEvent(event, utc(row.created_at), utc(row.changed_at))
