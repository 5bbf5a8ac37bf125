"""Dates and durations in typed Vietnamese (a little English), as intervals: «từ tháng 3/2022», «gần 3 năm», «năm ngoái».

Works on the words of spelling.plain. The tables are tried in order and what one has taken the next can't see: months with
a year before durations («tháng 5 năm ngoái» is not «5 năm»), durations before bare years («3 năm trước» is not «năm
trước»).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from re import Match

from knowledge.months import DayRange, Duration, Since, add_months, month_end


@dataclass(frozen=True, slots=True)
class Clock:
    """The day of the message, and whether a date without a year is one to come (registration) or one gone by."""

    today: date
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A time found at a place of the words; `now` marks «hôm nay», which says nothing about a beginning."""

    start: int
    end: int
    value: Since
    now: bool = False


# ------------------------------------------------------------------ numbers

_ONES = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "sauu": 6, "bay": 7, "tam": 8, "tamm": 8, "chin": 9}
_ENGLISH = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_LAST = {**_ONES, "tu": 4, "lam": 5}
del _LAST["nam"]  # «mười năm» is ten years
_NUMBERS = {
    **_ONES,
    "muoi": 10,
    "chuc": 10,
    **{f"muoi {word}": 10 + one for word, one in _LAST.items()},
    **{f"{word} {ten}": 10 * one for word, one in _ONES.items() for ten in ("muoi", "chuc")},
    **{f"{word} muoi {last}": 10 * one + two for word, one in _ONES.items() for last, two in _LAST.items()},
    **{word: at for at, word in enumerate(_ENGLISH, 1)},
}
_WORDS = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_NUM = rf"(?:(?<![\d.,/])\d{{1,3}}(?:[.,]\d{{1,2}})?|\b(?:{_WORDS})\b)"
_MONTH_NAMES = {
    **{word: at for word, at in _NUMBERS.items() if 1 <= at <= 12 and word.isascii()},
    "gieng": 1,
    "tu": 4,
    "chap": 12,
}
_MON = rf"(?:(?:0?[1-9]|1[0-2])(?![\d/.-]*\d)|\b(?:{'|'.join(sorted(_MONTH_NAMES, key=len, reverse=True))})\b)"
_ENGLISH_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _number(text: str) -> float:
    return float(text.replace(",", ".")) if text[0].isdigit() else float(_NUMBERS[text])


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
    number = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(text) or int(_number(text))
    if not 1 <= number <= 4:
        return None
    last = number * 3
    when = _year(year, clock) if year else clock.today.year
    if not year and clock.ahead and last < clock.today.month:
        when += 1
    if not year and not clock.ahead and last - 2 > clock.today.month:
        when -= 1
    return _months(when, last - 2, last, clock)


def _month_off(part: str | None, months: int, clock: Clock) -> DayRange | None:
    there = add_months(clock.today.replace(day=1), months)
    return _part_of_month(part, there.year, there.month, clock)


def _days_off(first: int, last: int, clock: Clock) -> DayRange:
    return DayRange(clock.today + timedelta(days=first), clock.today + timedelta(days=last))


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

# ------------------------------------------------------------------ durations

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
    rf"|(?P<low>{_NUM})(?: ?(?:-|den|toi|hoac|hay|,) ?(?P<to>{_NUM})| (?P<next>{_NUM}))? ?{_UNIT}"
    rf"(?P<half> ruoi| and a half)?(?:,? (?:le |hon )?(?P<rest>{_NUM}) ?{_MONTHS})?(?: \d{{1,2}} ngay)?"
)
_LAPSE = re.compile(rf"(?:\b(?P<modifier>{_MODIFIER}) {_FILLER})?(?:{_CORE})\b{_TAIL}")
_FIXED = {"nua nam": 6, "half a year": 6, "nam ruoi": 18, "thang ruoi": 1, "a year and a half": 18}
_AFTER = {"tro len": "least", "do len": "least", "tro xuong": "most", "do lai": "most", "tro lai": "most"}
_AFTER |= dict.fromkeys(("hon", "may", "le", "co hon"), "more")
_AFTER |= dict.fromkeys(("gi do", "gi ay", "gi day", "hay sao do"), "about")
MOST_MONTHS = 3000
# «còn 2 tháng nữa mới đủ 3 năm»
_SHORT_OF = re.compile(
    rf"(?P<left>{_NUM}) ?thang(?: nua)?(?: (?:la|moi|thi|se))* (?:du|tron|duoc|vua|day)+(?: \w+)? (?P<goal>{_NUM}) ?(?P<unit>nam|thang)\b"
)
# «hơn năm nay», «gần năm»: one, left unsaid.
_ONE = re.compile(
    r"\b(?P<kind>hon|tren|gan|chua (?:day|toi|den|duoc))(?: (?:tron|du|duoc))? (?P<unit>nam|thang)\b"
    rf"(?! ?\d)(?! (?:ngoai|kia|sau|toi|{_WORDS})\b)(?: (?:roi|nay|truoc))*"
)


def _lapse(found: Match[str], clock: Clock) -> Since | None:
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
    months += int(_number(found["rest"])) if found["rest"] and years else 0
    if months > MOST_MONTHS:
        return None
    if found["ahead"]:
        return _ahead(months, clock)
    if high is not None:
        top = round(high * (12 if years else 1)) + (11 if years else 0)
        return Duration(months, max(months, top), until)
    whole = years and not found["half"] and not found["rest"] and low == int(low)
    return _duration(kind, months, years, whole, until)


def _short_of(found: Match[str], clock: Clock) -> DayRange | None:
    goal = round(_number(found["goal"]) * (12 if found["unit"] == "nam" else 1))
    left = round(_number(found["left"]))
    return _ahead(left, clock).plus(-goal) if left < goal <= MOST_MONTHS else None


def _one(found: Match[str], clock: Clock) -> Duration | None:
    years = found["unit"] == "nam"
    return _duration(_KIND_OF[found["kind"]], 12 if years else 1, years, years, clock.today)


def _half(years: bool) -> int:
    return 6 if years else 0


def _bounds(found: Match[str]) -> tuple[float, float | None]:
    """«2-3», «hai ba» and «2,3» are two and three; «2,5» is two and a half."""
    text = found["low"]
    high = found["to"] or found["next"]
    if high:
        return (_number(text), _number(high)) if _number(high) > _number(text) else (_number(high), None)
    if re.fullmatch(r"\d,\d", text) and int(text[2]) == int(text[0]) + 1:
        return float(text[0]), float(text[2])
    return _number(text), None


def _by_days(low: float, high: float | None, found: Match[str], clock: Clock) -> DayRange | None:
    days = 7 if found["unit"].startswith(("tuan", "week")) else 1
    least, most = round(low * days), round((high or low) * days)
    if most > MOST_MONTHS * 31:
        return None
    slack = 3 if days == 7 else 0
    if found["ahead"]:
        return _days_off(max(0, least - slack), most + slack, clock)
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


# ------------------------------------------------------------------ the tables

Builder = Callable[[Match[str], Clock], Since | None]
_THINGS = r"(?! ?(?:tan|kg|san pham|nguoi|lao dong|cong nhan|nhan vien|trieu|ty|dong|vnd|met|m2|khach|cai|chiec|diem))"

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
    (r"\bhom qua\b|\byesterday\b", lambda m, c: _days_off(-1, -1, c)),
    (r"\bngaymai\b|\btomorrow\b", lambda m, c: _days_off(1, 1, c)),
    (r"\bngay (?:kia|mot)\b", lambda m, c: _days_off(2, 2, c)),
    (rf"{_UNCOUNTED}\btuan (?:truoc|roi|vua roi)\b|\blast week\b", lambda m, c: _days_off(-13, -1, c)),
    (rf"{_UNCOUNTED}\btuan (?:sau|toi)\b|\bnext week\b", lambda m, c: _days_off(1, 14, c)),
    (rf"{_UNCOUNTED}\btuan nay\b|\bthis week\b", lambda m, c: _days_off(0, 6, c) if c.ahead else _days_off(-6, 0, c)),
]
_YEARLY: list[tuple[str, Builder]] = [
    (rf"\btet(?: am lich| ta)? ({_YEAR})", lambda m, c: _months(_year(m[1], c), 1, 2, c)),
    (rf"\b{_YEAR}{_THINGS}", lambda m, c: _months(_year(m[0], c), 1, 12, c)),
    (r"\b(?:nam|hoi) (\d{2})\b(?! ?(?:nam|thang|ngay|tuan|%|[/.-]))", lambda m, c: _short_year(int(m[1]), c)),
]
_NOW = re.compile(r"\b(?:(?:ngay )?(?:hom nay|bay gio|hien nay|hien tai|luc nay|bua nay)|today|right now|now)\b")
_SIDE = re.compile(r"(?<!nam )(?<!thang )(?<!tuan )\b(truoc|sau)(?: (?:nam|thang|ngay|thoi_? diem))* $")
_LAPSES: list[tuple[re.Pattern[str], Builder]] = [(_SHORT_OF, _short_of), (_ONE, _one), (_LAPSE, _lapse)]
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
    for table in (_TABLES[0], _LAPSES, _TABLES[1]):
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
