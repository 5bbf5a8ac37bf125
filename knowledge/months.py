"""Calendar months and the not-quite-known beginnings that people tell us about.

Conditions count in months («ít nhất 36 tháng»), people answer «hơn 3 năm», «từ 2019» or «12/05/2021». All of these are held as
intervals, so that what is not known stays not known instead of being rounded to the convenient side.

Counting follows Article 148(3) of the Civil Code 2015: a term of months ends on the day of the same number, and where the last
month has no such day, on its last day. So 36 months from 29/02/2024 are over on 28/02/2027, one month from 31/01 on 28/02. The
closing day itself counts as reached: exactly 36 months to the day are enough.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The day of the same number, or the last day of a shorter month; beyond the calendar's ends, the end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def completed_months(start: date, day: date) -> int:
    """Full months from start to day; 0 where day comes first."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return max(0, months if add_months(start, months) <= day else months - 1)


def latest_start(day: date, months: int) -> date:
    """The last day that lies `months` full months back: its end of month where several days close on the same one."""
    back = add_months(day, -months)
    return month_end(back) if day == month_end(day) and back != date.min else back


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days between which the true one lies, both included; None is open."""

    earliest: date | None = None
    latest: date | None = None

    def __post_init__(self) -> None:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(f"{self.earliest} lies after {self.latest}")

    @classmethod
    def of(cls, day: date) -> DayRange:
        return cls(day, day)

    @classmethod
    def of_months(cls, year: int, first: int = 1, last: int = 12) -> DayRange:
        """From the first day of one month to the last day of another in the same year."""
        return cls(date(year, first, 1), month_end(date(year, last, 1)))

    @property
    def exact(self) -> bool:
        return self.earliest is not None and self.earliest == self.latest

    def plus(self, months: int) -> DayRange:
        """Both ends so many months later."""
        return DayRange(
            self.earliest and add_months(self.earliest, months), self.latest and add_months(self.latest, months)
        )

    def words(self) -> str:
        """«12/05/2021», «03/2022», «năm 2019», «01–04/2025», «12/2024–02/2025»."""
        if self.earliest is None or self.latest is None:
            return self._open_words()
        first, last = self.earliest, self.latest
        if first == last:
            return f"{first:%d/%m/%Y}"
        if first.day > 1 or last != month_end(last):
            return f"{first:%d/%m/%Y}–{last:%d/%m/%Y}"
        if (first.month, last.month) == (1, 12):
            return f"năm {first.year}" if first.year == last.year else f"năm {first.year}–{last.year}"
        if first.year != last.year:
            return f"{first:%m/%Y}–{last:%m/%Y}"
        return f"{last:%m/%Y}" if first.month == last.month else f"{first:%m}–{last:%m/%Y}"

    def _open_words(self) -> str:
        if self.earliest:
            return f"không trước {self.earliest:%d/%m/%Y}"
        return f"chậm nhất {self.latest:%d/%m/%Y}" if self.latest else "chưa rõ"


@dataclass(frozen=True, slots=True)
class Duration:
    """Full months gone by on a day; `until` None counts to the day of registration, `most` None is open."""

    least: int
    most: int | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.least < 0 or (self.most is not None and self.most < self.least):
            raise ValueError(f"{self.least} to {self.most} months is no duration")

    def starts(self, day: date) -> DayRange:
        """When it began, if so many full months have gone by on that day."""
        earliest = None if self.most is None else latest_start(day, self.most + 1)
        return DayRange(earliest and _next(earliest), latest_start(day, self.least))

    def words(self) -> str:
        """«36 tháng», «24–35 tháng», «từ 36 tháng trở lên», «dưới 12 tháng»."""
        if self.most is None:
            return f"từ {self.least} tháng trở lên"
        if self.least == self.most:
            return f"{self.least} tháng" if self.most else "chưa đầy 1 tháng"
        return f"{self.least}–{self.most} tháng" if self.least else f"dưới {self.most + 1} tháng"


Since = DayRange | Duration


def start_of(since: Since, registration: DayRange) -> DayRange:
    """The days on which it may have begun, for a registration within the range given."""
    if isinstance(since, DayRange):
        return since
    if since.until is not None:
        return since.starts(since.until)
    earliest = since.starts(registration.earliest).earliest if registration.earliest else None
    latest = since.starts(registration.latest).latest if registration.latest else None
    return DayRange(earliest, latest)


def months_at(since: Since, registration: DayRange) -> tuple[int, int | None]:
    """Fewest and most full months gone by at registration; a duration counted to that day is its own answer."""
    if isinstance(since, Duration) and since.until is None:
        return since.least, since.most
    start = start_of(since, registration)
    least = completed_months(start.latest, registration.earliest) if start.latest and registration.earliest else 0
    most = completed_months(start.earliest, registration.latest) if start.earliest and registration.latest else None
    return least, most


def _next(day: date) -> date:
    return day if day in (date.min, date.max) else day + timedelta(days=1)
