"""When officers are there, and when the next one will be; a department that says nothing is held to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LONGEST_SEARCH = 60  # days; longer than any row of holidays
DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """`days` are ISO weekdays (1 is Monday), `hours` spans of a day, begin included and end not; empty: not known."""

    days: frozenset[int] = frozenset()
    hours: tuple[tuple[time, time], ...] = ()
    holidays: frozenset[date] = frozenset()
    reply_within: str = ""  # «1 ngày làm việc»; empty: no time is promised

    @property
    def known(self) -> bool:
        return bool(self.days and self.hours)

    def is_open(self, moment: datetime) -> bool:
        """Whether an officer is there at that moment (any zone)."""
        local = moment.astimezone(TIME_ZONE)
        return self._works_on(local.date()) and any(begin <= local.time() < end for begin, end in self.hours)

    def next_opening(self, moment: datetime) -> datetime | None:
        """The first begin of a span after that moment, in Vietnam's time; None where none is known within 60 days."""
        return next((begin for begin in self._openings(moment.astimezone(TIME_ZONE)) if begin > moment), None)

    def _openings(self, local: datetime) -> Iterator[datetime]:
        for ahead in range(LONGEST_SEARCH):
            day = local.date() + timedelta(days=ahead)
            if self._works_on(day):
                yield from (datetime.combine(day, begin, TIME_ZONE) for begin, _ in sorted(self.hours))

    def _works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days and day not in self.holidays


UNKNOWN_HOURS = OfficeHours()
