"""Durations in typed Vietnamese as months, least and most: «hơn 3 năm», «gần 3 năm», «2 năm rưỡi», «khoảng 14 tháng».

How far a word reaches is a choice made here once; it never goes beyond what the word says («gần 3 năm» is less than 36 months).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from re import Match

from actions.eligibility.numbers import NUM, NUMBER_WORDS, Clock, number
from knowledge.months import DayRange, Duration, Since, add_months

_MODIFIERS = {
    "near": "ngot nghet|gan nghet|gan nhu|gan|sap sua|sap|suyt soat|suyt|almost|nearly|close to",
    "under": "chua day|chua toi|chua den|chua duoc|chua du|chua tron|chua qua|duoi|it hon|nho hon|khong den|khong toi|khong day"
    "|khong duoc|chua co|chua|under|less than",
    "more": "nhieu hon|lau hon|hon|tren|vuot|qua|ngoai|over|more than",
    "least": "it nhat|toi thieu|khong duoi|khong it hon|at least|day du|du",
    "most": "toi da|khong qua|khong hon|nhieu nhat|at most",
    "exact": "vua dung|vua tron|vua chan|vua du|dung|tron|chan|exactly",
    "about": "tren duoi|hon kem|uoc chung|uoc tinh|uoc|xap xi|khoang|tam|chung|around|about|approximately",
}
_KIND_OF = {word: kind for kind, words in _MODIFIERS.items() for word in words.split("|")}
_MODIFIER = "|".join(sorted(_KIND_OF, key=len, reverse=True))
_FILLER = r"(?:(?:duoc|da|cung|co|moi|la|chung|khoang|tam|chi|tron|chan|du|dung) )*"
_YEARS = r"(?:nam(?! ?\d{4})(?! (?:ngoai|kia))|years?|yrs?)"
_MONTHS = r"(?:thang(?! ?\d(?!\d? ngay))|months?)"
_UNIT = rf"(?P<unit>{_YEARS}|{_MONTHS}|tuan(?! thu)|weeks?|ngay|days?)"
_TAIL = (
    r"(?P<tail>(?: (?:tro len|do len|tro xuong|do lai|tro lai|hon|may|le|co hon|gi do|gi ay|gi day|hay sao do)\b)?)"
    r"(?P<ago> truoc| ago)?"
    r"(?P<ahead> nua| sau nua| toi(?! (?:nay|gio|luc|ngay|thoi|hom|bay)))?"
    r"(?: (?:roi|nay|qua))*(?P<until>,? (?:tinh )?(?:toi|den|cho den|vao|luc)(?: (?:thoi diem|ngay|luc|khi))* ?(?:dang ky|nop))?"
)
_CORE = (
    rf"(?P<vague>(?:may|vai|hang_?|dam|nhieu)(?: (?:ba|bay|chuc))? {_UNIT.replace('unit', 'vunit')})"
    r"|(?P<fixed>nua nam|half a year|nam ruoi(?! \d)|thang ruoi|a year and a half)"
    rf"|(?P<low>{NUM})(?: ?(?:-|den|toi|hoac|hay|,) ?(?P<to>{NUM})| (?P<next>{NUM}))? ?{_UNIT}"
    rf"(?P<half> ruoi| and a half)?(?:,? (?:le |hon )?(?P<rest>{NUM}) ?{_MONTHS})?(?: \d{{1,2}} ngay)?"
)
LAPSE = re.compile(rf"(?:\b(?P<modifier>{_MODIFIER}) {_FILLER})?(?:{_CORE})\b{_TAIL}")
_FIXED = {"nua nam": 6, "half a year": 6, "nam ruoi": 18, "thang ruoi": 1, "a year and a half": 18}
_AFTER = {"tro len": "least", "do len": "least", "tro xuong": "most", "do lai": "most", "tro lai": "most"}
_AFTER |= dict.fromkeys(("hon", "may", "le", "co hon"), "more")
_AFTER |= dict.fromkeys(("gi do", "gi ay", "gi day", "hay sao do"), "about")
MOST_MONTHS = 3000
# «còn 2 tháng nữa mới đủ 3 năm»
SHORT_OF = re.compile(
    rf"(?P<left>{NUM}) ?thang(?: nua)?(?: (?:la|moi|thi|se))* (?:du|tron|duoc|vua|day)+(?: \w+)? (?P<goal>{NUM}) ?(?P<unit>nam|thang)\b"
)
# «hơn năm nay», «gần năm»: one, left unsaid.
ONE = re.compile(
    r"\b(?P<kind>hon|tren|gan|chua (?:day|toi|den|duoc))(?: (?:tron|du|duoc))? (?P<unit>nam|thang)\b"
    rf"(?! ?\d)(?! (?:ngoai|kia|sau|toi|{NUMBER_WORDS})\b)(?: (?:roi|nay|truoc))*"
)


def lapse(found: Match[str], clock: Clock) -> Since | None:
    """A duration with its modifiers; days and weeks, and times to come, as days."""
    until = None if found["until"] else clock.today
    if found["vague"]:
        return _vague(found["vague"], until)
    kind = _AFTER.get(found["tail"].strip()) or _KIND_OF.get(found["modifier"] or "", "plain")
    if found["fixed"]:
        return _duration(kind, _FIXED[found["fixed"]], False, False, until)
    low, high = _bounds(found)
    if found["unit"].startswith(("tuan", "week", "ngay", "day")):
        return _by_days(low, high, found, clock)
    years = found["unit"].startswith(("nam", "y"))
    months = round(low * (12 if years else 1)) + (_half(years) if found["half"] else 0)
    months += int(number(found["rest"])) if found["rest"] and years else 0
    if months > MOST_MONTHS:
        return None
    if found["ahead"]:
        return _ahead(months, clock)
    if high is not None:
        top = round(high * (12 if years else 1)) + (11 if years else 0)
        return Duration(months, max(months, top), until)
    whole = years and not found["half"] and not found["rest"] and low == int(low)
    return _duration(kind, months, years, whole, until)


def lapse_short_of(found: Match[str], clock: Clock) -> DayRange | None:
    goal = round(number(found["goal"]) * (12 if found["unit"] == "nam" else 1))
    left = round(number(found["left"]))
    return _ahead(left, clock).plus(-goal) if left < goal <= MOST_MONTHS else None


def lapse_of_one(found: Match[str], clock: Clock) -> Duration | None:
    years = found["unit"] == "nam"
    return _duration(_KIND_OF[found["kind"]], 12 if years else 1, years, years, clock.today)


def _half(years: bool) -> int:
    return 6 if years else 0


def _bounds(found: Match[str]) -> tuple[float, float | None]:
    """«2-3», «hai ba» and «2,3» are two and three; «2,5» is two and a half."""
    text = found["low"]
    high = found["to"] or found["next"]
    if high:
        return (number(text), number(high)) if number(high) > number(text) else (number(high), None)
    if re.fullmatch(r"\d,\d", text) and int(text[2]) == int(text[0]) + 1:
        return float(text[0]), float(text[2])
    return number(text), None


def _by_days(low: float, high: float | None, found: Match[str], clock: Clock) -> DayRange | None:
    days = 7 if found["unit"].startswith(("tuan", "week")) else 1
    least, most = round(low * days), round((high or low) * days)
    if most > MOST_MONTHS * 31:
        return None
    slack = 3 if days == 7 else 0
    if found["ahead"]:
        return days_off(max(0, least - slack), most + slack, clock)
    return DayRange(clock.today - timedelta(days=most + slack), clock.today - timedelta(days=max(0, least - slack)))


def _ahead(months: int, clock: Clock) -> DayRange:
    """«2 tháng nữa» is said roughly: half a month to either side, but not before today."""
    there = add_months(clock.today, months)
    return DayRange(max(clock.today, there - timedelta(days=15)), there + timedelta(days=15))


def _vague(words: str, until: date | None) -> Duration:
    if re.search(r"tuan|week|ngay|day", words):
        return Duration(0, 1, until)
    if re.search(r"thang|month", words):
        return Duration(2, 9, until)
    if "chuc" in words:
        return Duration(120, None, until)
    return Duration(24, None if words.startswith("nhieu") else 119, until)


def _duration(kind: str, months: int, years: bool, whole: bool, until: date | None) -> Duration | None:
    """The months that are meant: how far a word reaches is a choice, but never beyond what it says."""
    reach = {
        "plain": (months, months + 11 if whole else months),
        "exact": (months, months),
        "least": (months, None),
        "most": (0, months),
        "under": (0, months - 1),
        "near": (months - (min(6, months // 4) if years else max(1, months // 12)), months - 1),
        "more": (months, _more(months, years, whole)),
        "about": (months - _spread(months, years, whole), months + _spread(months, years, whole)),
    }
    least, most = reach[kind]
    least = max(0, least)
    return None if most is not None and most < least else Duration(least, most, until)


def _more(months: int, years: bool, whole: bool) -> int | None:
    """«hơn 3 năm» is less than four; «hơn 30 tháng» may hide a few, «hơn 11 tháng» does not."""
    if whole:
        return months + 11 if months < 120 else None
    if years:
        return months + 5
    return months + (months // 6 if months % 5 == 0 or months % 6 == 0 else 0)


def _spread(months: int, years: bool, whole: bool) -> int:
    if whole:
        return max(2, min(6, months // 4)) if months < 120 else months // 6
    return 3 if years else max(1, round(months / 10))


def days_off(first: int, last: int, clock: Clock) -> DayRange:
    """The days so many days from today."""
    return DayRange(clock.today + timedelta(days=first), clock.today + timedelta(days=last))


Builder = Callable[[Match[str], Clock], Since | None]
# In this order: the more special first.
LAPSES: list[tuple[re.Pattern[str], Builder]] = [(SHORT_OF, lapse_short_of), (ONE, lapse_of_one), (LAPSE, lapse)]
