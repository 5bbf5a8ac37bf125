"""The dates of the award's seasons: data that staff keep, because no regulation fixes a date.

An event is what a notice says: the first day a dossier is taken, the last one, a ceremony. Its id never changes, so that calendar
programs know it again; `sequence` counts how often its dates or its state have changed since it was first shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from knowledge.documents import Confidence
from knowledge.errors import ContentError

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class EventKind(StrEnum):
    """What happens on the day."""

    REGISTRATION = "registration"  # đăng ký
    DOSSIER = "dossier"  # nộp hồ sơ
    ASSESSMENT = "assessment"  # sơ tuyển, đánh giá, hiệp y
    CEREMONY = "ceremony"  # lễ trao giải
    OTHER = "other"


DEADLINES = (EventKind.REGISTRATION, EventKind.DOSSIER)


class EventState(StrEnum):
    """How sure the dates are; MOVED and CANCELLED say what became of earlier ones."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SeasonEvent:
    """One date or span of a season. `end` is the last day, included; times are Vietnam's, none where the whole day counts.

    `by_month` says that the notice names months only: the days are then the first and the last of them, never to be shown.
    """

    id: str
    season: int  # the year that the award is named after
    kind: EventKind
    title: str
    start: date
    basis: str  # the notice that says so
    end: date | None = None
    start_time: time | None = None
    end_time: time | None = None
    by_month: bool = False
    province: str | None = None  # None: the whole country
    source: str | None = None  # where the notice can be read
    confidence: Confidence = Confidence.STATE_AGENCY_PAGE
    state: EventState = EventState.PLANNED
    note: str | None = None
    moved_from: date | None = None
    sequence: int = 0
    modified: datetime | None = None  # UTC; set by the store

    @property
    def all_day(self) -> bool:
        return self.start_time is None

    @property
    def last_day(self) -> date:
        return self.end or self.start

    @property
    def dates(self) -> tuple[object, ...]:
        """What calendar programs and people must be told of when it changes."""
        return (self.start, self.end, self.start_time, self.end_time, self.by_month, self.state)

    def over(self, today: date) -> bool:
        return self.last_day < today

    def check(self) -> None:
        """Raises ContentError where the parts contradict each other, with the remedy."""
        if self.end is not None and self.end < self.start:
            raise ContentError(f"{self.id}: it ends on {self.end}, before it starts on {self.start}; swap the two days")
        if self.end_time is not None and self.start_time is None:
            raise ContentError(f"{self.id}: an end time needs a start time")
        if self.by_month and self.start_time is not None:
            raise ContentError(f"{self.id}: an event known by its month only has no time of day")
        if self.start_time and self.end_time and self.last_day == self.start and self.end_time <= self.start_time:
            raise ContentError(
                f"{self.id}: it ends at {self.end_time:%H:%M}, not after its start {self.start_time:%H:%M}"
            )
        if self.by_month and (self.start.day != 1 or (self.last_day + timedelta(days=1)).day != 1):
            raise ContentError(
                f"{self.id}: known by month, so it runs from the first day of a month to the last of one"
            )
        if self.state is EventState.MOVED and self.moved_from is None:
            raise ContentError(f"{self.id}: the state is «moved», so moved_from must hold the day before")

    def when(self) -> str:
        """«10/03/2027», «10/03/2027 – 31/03/2027», «08:30 ngày 10/03/2027», «tháng 6/2027 – tháng 8/2027»."""
        if self.by_month:
            first, last = (f"tháng {day.month}/{day.year}" for day in (self.start, self.last_day))
            return first if first == last else f"{first} – {last}"
        start, end = _moment(self.start, self.start_time), _moment(self.last_day, self.end_time)
        if self.start_time and self.end_time and self.last_day == self.start:
            return f"{self.start_time:%H:%M} – {self.end_time:%H:%M} ngày {self.start:%d/%m/%Y}"
        return start if self.end is None or self.end == self.start else f"{start} – {end}"


def _moment(day: date, at: time | None) -> str:
    return f"{at:%H:%M} ngày {day:%d/%m/%Y}" if at else f"{day:%d/%m/%Y}"


def in_order(events: Iterable[SeasonEvent]) -> list[SeasonEvent]:
    """By day, then by id."""
    return sorted(events, key=lambda one: (one.start, one.start_time or time.min, one.id))


def coming(events: Iterable[SeasonEvent], today: date) -> list[SeasonEvent]:
    """What is not over yet, in order; cancelled ones too, for people who had them noted."""
    return in_order(one for one in events if not one.over(today))


def gone_by(events: Iterable[SeasonEvent], today: date) -> list[SeasonEvent]:
    """What is over, in order."""
    return in_order(one for one in events if one.over(today))


def newest_change(events: Sequence[SeasonEvent]) -> datetime | None:
    """When the calendar was last edited, UTC; None for an empty one."""
    return max((one.modified.astimezone(UTC) for one in events if one.modified), default=None)
