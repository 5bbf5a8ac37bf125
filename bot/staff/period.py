"""The time that figures are about: whole days of Vietnam, picked by a number of days or by first and last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute, Session

from actions.handover.office import TIME_ZONE

CHOICES = (7, 30, 90, 365)
MOST_DAYS = 366
USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """UTC, as the database keeps times."""
        return datetime.combine(self.first, time(), TIME_ZONE).astimezone(UTC)

    @property
    def until(self) -> datetime:
        """UTC; not in the period any more."""
        return datetime.combine(self.last + timedelta(days=1), time(), TIME_ZONE).astimezone(UTC)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=ahead) for ahead in range((self.last - self.first).days + 1)]

    @property
    def words(self) -> str:
        return f"{self.first:%d/%m/%Y} – {self.last:%d/%m/%Y}"

    @property
    def asked(self) -> dict[str, str]:
        """As an address names it."""
        return {"first": self.first.isoformat(), "last": self.last.isoformat()}


def read_period(today: date, days: str = "", first: str = "", last: str = "") -> Period:
    """What an address asks for, as far as it makes sense; else the last 30 days."""
    begin, end = _day(first), _day(last)
    if begin and end and begin <= end:
        return Period(max(begin, end - timedelta(days=MOST_DAYS - 1)), end)
    count = int(days) if days.isdecimal() and int(days) in CHOICES else USUAL_DAYS
    return Period(today - timedelta(days=count - 1), today)


def day_of(session: Session, moment: InstrumentedAttribute[datetime]) -> ColumnElement[str]:
    """A moment's day in Vietnam as «2026-11-22», in the database's own words. Vietnam is at +7 the whole year."""
    if session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone(str(TIME_ZONE), moment), "YYYY-MM-DD")
    return func.date(moment, "+7 hours")


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
