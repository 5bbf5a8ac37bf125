"""Dates and durations in typed Vietnamese (a little English), as intervals: «từ tháng 3/2022», «gần 3 năm», «năm ngoái».

Works on the words of spelling.plain. The tables are tried in order and what one has taken the next can't see: months with
a year before durations («tháng 5 năm ngoái» is not «5 năm»), durations before bare years («3 năm trước» is not «năm
trước»).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from re import Match

from actions.eligibility.durations import LAPSES, Builder, days_off
from actions.eligibility.numbers import NUMBERS, Clock, number
from knowledge.months import DayRange, Since, add_months, month_end


@dataclass(frozen=True, slots=True)
class Moment:
    """A time found at a place of the words; `now` marks «hôm nay», which says nothing about a beginning."""

    start: int
    end: int
    value: Since
    now: bool = False


_MONTH_NAMES = {
    **{word: at for word, at in NUMBERS.items() if 1 <= at <= 12 and word.isascii()},
    "gieng": 1,
    "tu": 4,
    "chap": 12,
}
_MON = rf"(?:(?:0?[1-9]|1[0-2])(?![\d/.-]*\d)|\b(?:{'|'.join(sorted(_MONTH_NAMES, key=len, reverse=True))})\b)"
_ENGLISH_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

# ------------------------------------------------------------------ years and parts of them

_Y4 = r"(?:19|20)\d\d(?!\d)"
_RELATIVE = (
    r"(?:nam (?:ngoai|roi|truoc nua|truoc|vua roi|vua qua|qua|kia_?|nay|sau|toi)|sang nam|(?:last|this|next) year)"
)
_YEAR = rf"(?:(?:nam )?{_Y4}|{_RELATIVE})"
_BACK = {
    "ngoai": 1,
    "roi": 1,
    "truoc": 1,
    "truoc nua": 2,
    "vua roi": 1,
    "vua qua": 1,
    "qua": 1,
    "kia": 2,
    "kia_": 3,
    "nay": 0,
}
_ENGLISH_BACK = {"last": 1, "this": 0, "next": -1}
_PART = r"(?:dau|giua|cuoi|nua dau|nua cuoi|nua dau cua|early|mid|late)"
_MONTHS_OF_PART = {
    "dau": (1, 4),
    "early": (1, 4),
    "giua": (5, 8),
    "mid": (5, 8),
    "cuoi": (9, 12),
    "late": (9, 12),
    "nua dau": (1, 6),
    "nua dau cua": (1, 6),
    "nua cuoi": (7, 12),
}
_DAYS_OF_PART = {
    "dau": (1, 10),
    "giua": (11, 20),
    "cuoi": (21, 31),
    "early": (1, 10),
    "mid": (11, 20),
    "late": (21, 31),
}


def _year(text: str, clock: Clock) -> int:
    words = text.strip()
    if digits := re.search(_Y4, words):
        return int(digits[0])
    if words.endswith(" year"):
        return clock.today.year - _ENGLISH_BACK[words.split()[0]]
    return clock.today.year - _BACK.get(words.removeprefix("nam "), -1)


def _months(year: int, first: int, last: int, clock: Clock) -> DayRange | None:
    if not (1 <= first <= 12 and 1900 <= year <= 2100):
        return None
    return _clipped(DayRange.of_months(year, first, last), clock)


def _clipped(days: DayRange, clock: Clock) -> DayRange:
    """A beginning in «năm nay» is not after today, a registration in «tháng này» not before."""
    if days.earliest is None or days.latest is None:
        return days
    if days.earliest <= clock.today <= days.latest and days.earliest != days.latest:
        return DayRange(clock.today, days.latest) if clock.ahead else DayRange(days.earliest, clock.today)
    return days


def _part_of_month(part: str | None, year: int, month: int, clock: Clock) -> DayRange | None:
    if not part or part not in _DAYS_OF_PART:
        return _months(year, month, month, clock)
    if not (1 <= month <= 12 and 1900 <= year <= 2100):
        return None
    first, last = _DAYS_OF_PART[part]
    end = month_end(date(year, month, 1)).day
    return _clipped(DayRange(date(year, month, first), date(year, month, min(last, end))), clock)


def _month_number(text: str) -> int:
    return int(text) if text.isdigit() else _MONTH_NAMES[text]


def _day(year: int, month: int, day: int) -> DayRange | None:
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    try:
        return DayRange.of(date(year, month, day))
    except ValueError:  # «31/02»: no day; the form asks again
        return None


def _nearest_day(month: int, day: int, clock: Clock) -> DayRange | None:
    found = _day(clock.today.year, month, day)
    if found and found.earliest:
        if clock.ahead and found.earliest < clock.today:
            return _day(clock.today.year + 1, month, day)
        if not clock.ahead and found.earliest > clock.today:
            return _day(clock.today.year - 1, month, day)
    return found


def _nearest_month(part: str | None, month: int, clock: Clock) -> DayRange | None:
    year = clock.today.year
    if clock.ahead and month < clock.today.month:
        year += 1
    if not clock.ahead and month > clock.today.month:
        year -= 1
    return _part_of_month(part, year, month, clock)


def _nearest_part(part: str, clock: Clock) -> DayRange | None:
    first, last = _MONTHS_OF_PART[part]
    year = clock.today.year
    if clock.ahead and last < clock.today.month:
        year += 1
    if not clock.ahead and first > clock.today.month:
        year -= 1
    return _months(year, first, last, clock)


def _quarter(text: str, year: str | None, clock: Clock) -> DayRange | None:
    at = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(text) or int(number(text))
    if not 1 <= at <= 4:
        return None
    last = at * 3
    when = _year(year, clock) if year else clock.today.year
    if not year and clock.ahead and last < clock.today.month:
        when += 1
    if not year and not clock.ahead and last - 2 > clock.today.month:
        when -= 1
    return _months(when, last - 2, last, clock)


def _month_off(part: str | None, months: int, clock: Clock) -> DayRange | None:
    there = add_months(clock.today.replace(day=1), months)
    return _part_of_month(part, there.year, there.month, clock)


# «3 tháng trước» is a duration, «tháng trước» a month: no number may stand before the latter.
_COUNTED = [
    "mot",
    "hai",
    "ba",
    "bon",
    "nam",
    "sauu",
    "bay",
    "tam",
    "tamm",
    "chin",
    "muoi",
    "chuc",
    "vai",
    "may",
    "ruoi",
    "lam",
]
_UNCOUNTED = r"(?<!\d )" + "".join(rf"(?<!\b{word} )" for word in _COUNTED)

# ------------------------------------------------------------------ the tables

_THINGS = r"(?! ?(?:tan|kg|nguoi|lao dong|cong nhan|nhan vien|trieu|ty|dong|vnd|met|m2|khach|cai|chiec|diem))"

_DATED: list[tuple[str, Builder]] = [
    (r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", lambda m, c: _day(int(m[1]), int(m[2]), int(m[3]))),
    (
        r"(?:\bngay )?(?<![\d/])(\d{1,2}) ?[/.-] ?(\d{1,2}) ?[/.-] ?(\d{4}|\d{2})(?![\d/])",
        lambda m, c: _day(int(m[3]), int(m[2]), int(m[1])),
    ),
    (
        rf"\b(?:(?:ngay|mung|hom) )?(\d{{1,2}}) thang ({_MON})[ ,/-]*({_YEAR})",
        lambda m, c: _day(_year(m[3], c), _month_number(m[2]), int(m[1])),
    ),
    (
        rf"\b(?:quy|q) ?(\d|iv|i{{1,3}}|mot|hai|ba|bon)\b(?:[ /,-]*({_YEAR}))?",
        lambda m, c: _quarter(m[1], m[2], c),
    ),
    (
        rf"(?:\b({_PART}) )?(?:\bthang )?(?<![\d/])(\d{{1,2}}) ?[/.-] ?({_Y4})",
        lambda m, c: _part_of_month(m[1], int(m[3]), int(m[2]), c),
    ),
    (
        rf"(?:\b({_PART}) )?\bthang ({_MON})[ ,/-]*(?:cua )?({_YEAR})",
        lambda m, c: _part_of_month(m[1], _year(m[3], c), _month_number(m[2]), c),
    ),
    (
        rf"\b({'|'.join(_ENGLISH_MONTHS)})[a-z]* (?:(\d{{1,2}})(?:st|nd|rd|th)?,? )?({_Y4}|(?:last|this|next) year)",
        lambda m, c: _english(m[1], m[2], _year(m[3], c), c),
    ),
    (rf"\b({_PART}) (?:cua )?({_YEAR})", lambda m, c: _months(_year(m[2], c), *_MONTHS_OF_PART[m[1]], c)),
    (
        r"\b(?:(?:ngay|mung|hom) )(\d{1,2}) ?(?:[/-]| thang ) ?(\d{1,2})(?![\d/])",
        lambda m, c: _nearest_day(int(m[2]), int(m[1]), c),
    ),
    (
        r"\b(?:(?:ngay|mung|hom) )(\d{1,2}) thang (sau|toi)\b",
        lambda m, c: _day_of(add_months(c.today.replace(day=1), 1), int(m[1])),
    ),
    (r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])", lambda m, c: _nearest_day(int(m[2]), int(m[1]), c)),
    (rf"(?:\b({_PART}) )?{_UNCOUNTED}\bthang nay\b", lambda m, c: _month_off(m[1], 0, c)),
    (rf"(?:\b({_PART}) )?{_UNCOUNTED}\bthang (?:truoc|roi|vua roi|vua qua)\b", lambda m, c: _month_off(m[1], -1, c)),
    (
        rf"(?:\b({_PART}) )?{_UNCOUNTED}\bthang (?:sau|toi)\b(?! nam)",
        lambda m, c: _month_off(m[1], 1, c) if c.ahead else None,
    ),
    (r"\b(?:last month)\b", lambda m, c: _month_off(None, -1, c)),
    (r"\b(?:next month)\b", lambda m, c: _month_off(None, 1, c)),
    (
        rf"(?:\b({_PART}) )?\bthang (?!(?:nam|sau)\b)({_MON})\b(?! (?:nam|thang|ngay)\b)",
        lambda m, c: _nearest_month(m[1], _month_number(m[2]), c),
    ),
    (r"\bcuoi thang\b", lambda m, c: _month_off("cuoi", 0 if c.ahead else -1, c)),
    (r"\b(nua dau|nua cuoi|dau|giua|cuoi) nam\b(?! ?\d)", lambda m, c: _nearest_part(m[1], c)),
    (r"\bhom qua\b|\byesterday\b", lambda m, c: days_off(-1, -1, c)),
    (r"\bngaymai\b|\btomorrow\b", lambda m, c: days_off(1, 1, c)),
    (r"\bngay (?:kia|mot)\b", lambda m, c: days_off(2, 2, c)),
    (rf"{_UNCOUNTED}\btuan (?:truoc|roi|vua roi)\b|\blast week\b", lambda m, c: days_off(-13, -1, c)),
    (rf"{_UNCOUNTED}\btuan (?:sau|toi)\b|\bnext week\b", lambda m, c: days_off(1, 14, c)),
    (rf"{_UNCOUNTED}\btuan nay\b|\bthis week\b", lambda m, c: days_off(0, 6, c) if c.ahead else days_off(-6, 0, c)),
]
_YEARLY: list[tuple[str, Builder]] = [
    (rf"\btet(?: am lich| ta)? ({_YEAR})", lambda m, c: _months(_year(m[1], c), 1, 2, c)),
    (rf"\b{_YEAR}{_THINGS}", lambda m, c: _months(_year(m[0], c), 1, 12, c)),
    (r"\b(?:nam|hoi) (\d{2})\b(?! ?(?:nam|thang|ngay|tuan|%|[/.-]))", lambda m, c: _short_year(int(m[1]), c)),
]
_NOW = re.compile(r"\b(?:(?:ngay )?(?:hom nay|bay gio|hien nay|hien tai|luc nay|bua nay)|today|right now|now)\b")
_SIDE = re.compile(r"(?<!nam )(?<!thang )(?<!tuan )\b(truoc|sau)(?: (?:nam|thang|ngay|thoi_? diem))* $")
_TABLES = [[(re.compile(pattern), build) for pattern, build in table] for table in (_DATED, _YEARLY)]


def _english(month: str, day: str | None, year: int, clock: Clock) -> DayRange | None:
    number = _ENGLISH_MONTHS.index(month) + 1
    return _day(year, number, int(day)) if day else _months(year, number, number, clock)


def _day_of(month: date, day: int) -> DayRange | None:
    return _day(month.year, month.month, day)


def _short_year(year: int, clock: Clock) -> DayRange | None:
    full = 2000 + year if 2000 + year <= clock.today.year else 1900 + year
    return _months(full, 1, 12, clock)


def find_times(words: str, clock: Clock) -> list[Moment]:
    """All times in the words of spelling.plain, in order of place; none overlaps another."""
    moments: list[Moment] = []
    text = words
    for table in (_TABLES[0], LAPSES, _TABLES[1]):
        for pattern, build in table:
            for found in pattern.finditer(words):
                value = build(found, clock)
                if value is not None:
                    moments.append(Moment(found.start(), found.end(), _bounded(value, text[: found.start()], clock)))
                words = _blotted(words, found)  # «31/02/2022» is no day, and its 2022 not the year meant
    for found in _NOW.finditer(words):
        moments.append(Moment(found.start(), found.end(), DayRange.of(clock.today), now=True))
    return sorted(moments, key=lambda one: one.start)


def _bounded(value: Since, before: str, clock: Clock) -> Since:
    """«trước 2020» and «sau tháng 3/2022» leave one side open; what has begun began no later than today."""
    side = _SIDE.search(before)
    if side is None or not isinstance(value, DayRange) or value.earliest is None or value.latest is None:
        return value
    if side[1] == "truoc":
        last = value.earliest - timedelta(days=1)
        return DayRange(min(clock.today, last) if clock.ahead else None, last)
    first = value.latest + timedelta(days=1)
    return DayRange(first, None if clock.ahead else max(first, clock.today))


def _blotted(words: str, found: Match[str]) -> str:
    """The same length without the words taken; a sign that no pattern crosses."""
    return words[: found.start()] + "#" * (found.end() - found.start()) + words[found.end() :]
