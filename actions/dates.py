"""Which day's law a question asks about: years, dates and «quy định cũ» in the text move `as_of`.

A year that belongs to the asker's own story («đạt Giải Vàng năm 2024», «thành lập từ 2019») asks about today's law and moves
nothing; so does a comparison of then and now.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.vietnamese import fold

_DAY = re.compile(r"\b(?:ngay )?(\d{1,2})[/-](\d{1,2})[/-]((?:19|20)\d{2})\b")
_MONTH = re.compile(r"\b(?:thang )?(\d{1,2})[/-]((?:19|20)\d{2})\b|\bthang (\d{1,2}) nam ((?:19|20)\d{2})\b")
_BEFORE_YEAR = re.compile(r"\b(?:truoc|before|prior to)(?: nam| the year)? ((?:19|20)\d{2})\b(?! ?/)")
_YEAR = re.compile(r"(?<![\d/.,:-])((?:19|20)\d{2})(?![\d/]|[.,]\d)")
_OLD_RULE = re.compile(
    r"\b(?:(?:quy dinh|che do|luat|quy che|nghi dinh|thong tu|cach|the le) (?:cu|truoc day|truoc kia)|"
    r"truoc (?:khi co )?(?:nghi dinh|nd) (?:so )?37|hoi truoc|ngay truoc|thoi truoc|"
    r"(?:old|former|previous) (?:rules?|regulations?|regime|decree|law))\b"
)
_COMPARISON = re.compile(
    r"\b(?:khac (?:gi|nhau|biet|the nao|sao|voi)|so voi|thay doi|diem moi|co gi moi|con (?:ap dung|hieu luc|dung)|het hieu luc|"
    r"bo (?:chua|roi)|khac|differen\w*|compar\w*|changed?|what'?s new|still)\b"
)
# The year tells when something happened to the asker or to a company, not which law is meant.
_OWN_STORY = re.compile(
    r"\b(?:dat|doat|duoc (?:tang|trao|giai|nhan|cong nhan)|nhan (?:giai|duoc)|thang giai|trung giai|thanh lap|lap|mo|khai truong|ra doi|"
    r"hoat dong|ban|ra mat|tung ra|len ke|san xuat|kinh doanh|cung ung|tu|since|from|won|founded|established|got|received|awarded|launched)"
    r"\b[^.?!;]{0,40}$"
)
_LAST_YEAR = re.compile(r"\b(?:nam ngoai|(?<!cac )(?<!nhung )(?<!may )(?<!\d )nam truoc|last year)\b")
# What happened to the asker last year, or who won, is no question about last year's rules.
_STORY = re.compile(
    r"\b(?:minh|em|toi|tui|tao|ben (?:minh|em|chi|anh|toi|tui)|chung toi|we|our|my|i)\b|"
    r"\b(?:dat|doat|duoc|om|nhan|gianh|thang|trung|truot|rot|trao|won?|win|winners?) ?(?:giai|vang|bac|the award)?\b"
)
_BEFORE = (
    r"(?:cu|(?:cac |nhung |may )?nam truoc|truoc nam 2026|truoc day|truoc kia|truoc|ngay truoc|nam ngoai|"
    r"(?:nghi dinh|nd) 132\S*|(?:the )?(?:old|former|previous|past) \w+|before)"
)
_AGAINST = (
    r"(?:so voi|khac(?: gi| nhau| the nao| sao)?(?: so)?(?: voi)?|different from|differs? from|compared (?:to|with))"
)
_RULES = r"(?:(?:quy dinh|luat|nghi dinh|che do|thoi|hoi|the|under) )*"
_THEN_AND_NOW = re.compile(
    rf"\b{_AGAINST} {_RULES}{_BEFORE}\b|\btruoc (?:va|voi) (?:sau|nay|bay gio|hien nay)\b|"
    r"\b(?:cu|truoc day|hoi truoc) (?:va|voi) (?:moi|nay|hien nay|bay gio)\b"
)
# Words that say when, taken out where the rule itself is looked for among those of that time.
_TIME_WORDS = re.compile(
    r"\b(?:(?:trong |vao |hoi |tu |in |back in )?(?:nam |giai nam )?(?:19|20)\d{2}|nam ngoai|nam truoc|last year|"
    rf"{_AGAINST} {_RULES}{_BEFORE}|theo {_RULES}{_BEFORE}|"
    r"(?:theo|thoi|under|by) (?:nghi dinh|nd|thong tu|tt|decree|circular) (?:so )?\d+(?:/\d{4})?(?:/[a-z-]+)?|"
    r"khac (?:gi|nhau|the nao|sao)|thay doi (?:gi|the nao|ra sao))(?!\w)(?: thi\b)?"
)
_ASKS_ABOUT_YEAR = re.compile(r"\b(?:theo (?:quy dinh|luat|nghi dinh)|quy dinh|luat|rules?|under)\b[^.?!;]{0,25}$")


@dataclass(frozen=True, slots=True)
class QuestionDate:
    """The day whose law counts; `moved` is True where the question itself names another time than today."""

    day: date
    moved: bool


def question_date(text: str, today: date, old_regime_ended: date) -> QuestionDate:
    """Read the day that a question asks about. `old_regime_ended` is the last day before today's rules began."""
    plain = fold(text)
    if _COMPARISON.search(plain):
        return QuestionDate(today, False)
    day = _exact_day(plain) or _month_end(plain) or _before_year(plain) or _year_end(plain, today)
    if day is None and _LAST_YEAR.search(plain) and not _STORY.search(plain):
        day = date(today.year - 1, 12, 31)
    if day is None and _OLD_RULE.search(plain):
        day = old_regime_ended
    if day is None or day >= today:
        return QuestionDate(today, False)
    return QuestionDate(day, True)


def compares_regimes(text: str) -> bool:
    """True where a question asks how the rules of now and of before differ."""
    return _THEN_AND_NOW.search(fold(text)) is not None


def is_comparison(text: str) -> bool:
    """True where a question asks for a difference or a change, of whatever."""
    return _COMPARISON.search(fold(text)) is not None


def without_time(text: str) -> str:
    """The question without the words that say when or «khác gì so với trước»: what is left names the rule."""
    plain = fold(text)
    if len(plain) != len(text):  # folding has changed lengths: positions would not fit
        text = plain
    kept, end = [], 0
    for match in _TIME_WORDS.finditer(plain):
        kept.append(text[end : match.start()])
        end = match.end()
    return " ".join("".join([*kept, text[end:]]).split()).strip(" ,?.") or text


def _exact_day(plain: str) -> date | None:
    match = _DAY.search(plain)
    if match is None or _OWN_STORY.search(plain[: match.start()]):
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def _month_end(plain: str) -> date | None:
    match = _MONTH.search(plain)
    if match is None or _OWN_STORY.search(plain[: match.start()]):
        return None
    month, year = int(match[1] or match[3]), int(match[2] or match[4])
    return date(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _before_year(plain: str) -> date | None:
    match = _BEFORE_YEAR.search(plain)
    return date(int(match[1]), 1, 1) - timedelta(days=1) if match else None


def _year_end(plain: str, today: date) -> date | None:
    for match in _YEAR.finditer(plain):
        before = plain[: match.start()]
        if _OWN_STORY.search(before) and not _ASKS_ABOUT_YEAR.search(before):
            continue
        year = int(match[1])
        return today if year >= today.year else date(year, 12, 31)
    return None
