"""What a message about reminders asks for: «nhắc em trước hạn 7 ngày», «em đang có nhắc gì», «thôi khỏi nhắc nữa»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from actions.eligibility.numbers import NUMBERS
from knowledge.calendar import DEADLINES, EventKind
from knowledge.vietnamese import fold

MOST_DAYS = 180
USUAL_DAYS = 7  # where a deadline is named and no number of days


class Wish(StrEnum):
    """SET also holds for a wish that can't be met: `unmet` says why."""

    SET = "set"
    LIST = "list"
    CANCEL = "cancel"
    NONE = "none"  # «nhắc lại điều kiện giúp em» asks a question


class Unmet(StrEnum):
    """What is asked for and not offered."""

    OWN_DAY = "own_day"  # a day of one's own choosing
    HOURS = "hours"  # hours instead of days
    TOO_EARLY = "too_early"  # more than MOST_DAYS


@dataclass(frozen=True, slots=True)
class Request:
    """`days` before the date, several possible; empty: only a notice when dates appear or change. `number` as the list counts."""

    wish: Wish
    days: tuple[int, ...] = ()
    kinds: tuple[EventKind, ...] = ()  # empty: every kind
    number: int | None = None
    everything: bool = False
    unmet: Unmet | None = None


_COUNT = r"(\d{1,3}|" + "|".join(sorted((w for w in NUMBERS if w != "nam"), key=len, reverse=True)) + r"|nua)"
_UNITS = {
    "ngay": 1,
    "hom": 1,
    "bua": 1,
    "tuan": 7,
    "thang": 30,
    "day": 1,
    "days": 1,
    "week": 7,
    "weeks": 7,
    "month": 30,
    "nam": 365,
    "year": 365,
}
_SPAN = re.compile(rf"(?<!thu )\b{_COUNT} ?(ngay|hom|bua|tuan|thang|nam|days?|weeks?|months?|years?)\b(?! ?\d)")
_ON_THE_DAY = re.compile(
    r"\b(?:dung|ngay|vao|trong|hom) (?:ngay|hom) (?:han|do|nop|trao|het han|den han)\b|\bngay cuoi\b|\bon the day\b"
)
_HOURS = re.compile(r"\b\d{1,2} ?(?:tieng|gio|phut|hours?|minutes?|h)\b")
_OWN_DAY = re.compile(
    r"\b\d{1,2}[/-]\d{1,2}\b|\bngay \d{1,2} thang \d{1,2}\b|\b(?:ngay )?mai\b|\b(?:ngay )?mot nhac\b|\b(?:chieu|toi|sang) (?:nay|mai)\b|"
    r"\bthu (?:hai|ba|tu|nam|sau|bay|[2-7])\b|\b(?:tuan|thang) (?:sau|toi)\b|\btomorrow\b"
)
_SAY_AGAIN = re.compile(r"\bnhac (?:lai|den)\b(?!.*\bnhac (?!lai|den)\b)")
_CANCEL = re.compile(
    r"\b(?:huy|bo|tat|xoa|thoi|ngung|ngat|dung|khoi|khong can|khong muon|ko can|k can|cancel|stop|remove|turn off)\b[^.?!]*\b(?:nhac|remind\w*)\b|"
    r"\b(?:nhac|remind\w*)\b[^.?!]*\b(?:huy|bo|tat|xoa|thoi|ngung) (?:di|het|luon|giup|nha|nhe)\b"
)
_LIST = re.compile(
    r"\b(?:danh sach|xem|liet ke|kiem tra|coi|list|show)\b[^.?!]*\b(?:nhac|remind\w*)\b|"
    r"\b(?:nhac|remind\w*)\b[^.?!]*\b(?:nhung gi|gi roi|gi khong|gi vay|gi the|gi ko|gi k|cai gi|may cai|nao khong|nao ko|nao roi|gi)$|"
    r"\b(?:dang|da|co|dat|hen)\b[^.?!]*\b(?:nhac)\b[^.?!]*\b(?:gi|nao|chua|may)\b|\bwhat reminders\b|"
    r"\bnhac(?: hen| nho)? cua (?:toi|em|minh|e|t|m)\b|\bmy reminders\b"
)
_ALL = re.compile(r"\b(?:tat ca|het(?! han)|toan bo|moi|all|everything|nhac nua|reminders)\b")
_ASKS_TO_BE_TOLD = re.compile(
    r"\b(?:nhac|hen|oi|alert|remind\w*|notif\w+|let me know|tell me when|(?:thong )?bao (?:\w+ )?(?:em|toi|minh|tui|e|t|m|tao|bon em|lai|khi|luc|"
    r"giup|gium|dum|voi|nhe|nha|gap|ngay|truoc))\b"
)
_NUMBER = re.compile(r"\b(?:so|cai|thu|muc|number|no) ?(\d{1,2})\b|\bnhac (\d{1,2})\b(?! ?(?:ngay|hom|bua|tuan|thang))")
_KINDS: tuple[tuple[re.Pattern[str], tuple[EventKind, ...]], ...] = (
    (re.compile(r"\b(?:le|trao giai|vinh danh|ceremony)\b"), (EventKind.CEREMONY,)),
    (re.compile(r"\b(?:so tuyen|danh gia|cham|hop hoi dong|assessment)\b"), (EventKind.ASSESSMENT,)),
    (re.compile(r"\b(?:nop|ho so|submi\w+|dossier)\b"), (EventKind.DOSSIER,)),
    (re.compile(r"\b(?:dang ky|dk|ghi danh|regist\w+)\b"), (EventKind.REGISTRATION,)),
)
_DEADLINE = re.compile(r"\b(?:han|han chot|deadline|den han|het han)\b")
_UNTIL_PUBLISHED = re.compile(
    r"\b(?:khi|luc|bao gio|neu|chung nao|ngay khi|when|once)\b[^.?!]*\b(?:co|cong bo|ra|thong bao|moi|mo|bat dau|doi|published|announced)\b"
)


def read_request(text: str) -> Request:
    """Never raises; what is not understood is a wish for every date."""
    plain = " ".join(re.sub(r"[^\w\s/.-]", " ", fold(text)).split())
    if _SAY_AGAIN.search(plain) or not _ASKS_TO_BE_TOLD.search(plain):
        return Request(Wish.NONE)
    if _CANCEL.search(plain):
        number = _NUMBER.search(plain)
        everything = _ALL.search(plain) is not None
        return Request(Wish.CANCEL, kinds=kinds_in(plain), number=_first(number), everything=everything)
    if _LIST.search(plain):
        return Request(Wish.LIST)
    return _set(plain)


def kinds_in(plain: str) -> tuple[EventKind, ...]:
    """The kinds of dates that folded text names; empty where it names none."""
    found = [kind for pattern, kinds in _KINDS if pattern.search(plain) for kind in kinds]
    if not found and _DEADLINE.search(plain):
        return DEADLINES
    return tuple(dict.fromkeys(found))


def _set(plain: str) -> Request:
    days = tuple(sorted({_days(count, unit) for count, unit in _SPAN.findall(plain)}, reverse=True))
    if _ON_THE_DAY.search(plain):
        days = (*days, 0) if 0 not in days else days
    kinds = kinds_in(plain)
    unmet = None
    if not days and _HOURS.search(plain):
        unmet = Unmet.HOURS
    elif not days and _OWN_DAY.search(plain):
        unmet = Unmet.OWN_DAY
    elif any(one > MOST_DAYS for one in days):
        unmet = Unmet.TOO_EARLY
    if not days and not unmet and kinds and not _UNTIL_PUBLISHED.search(plain):
        days = (USUAL_DAYS,)
    return Request(Wish.SET, days, kinds, unmet=unmet)


def _days(count: str, unit: str) -> int:
    length = next(days for name, days in _UNITS.items() if unit.startswith(name))
    if count == "nua":  # «nửa tháng», «nửa tuần»
        return length // 2
    return int(float(count) if count.isdigit() else NUMBERS[count]) * length


def _first(match: re.Match[str] | None) -> int | None:
    return int(next(filter(None, match.groups()))) if match else None
