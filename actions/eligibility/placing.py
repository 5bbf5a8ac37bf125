"""Which item a time belongs to: the one whose word stands nearest, else the one asked for or corrected."""

from __future__ import annotations

import re
from datetime import date, timedelta

from actions.eligibility.cues import COMPANY, Cue, find_cues
from actions.eligibility.mentions import TEMPORAL, Compliance, Context, Mention
from actions.eligibility.numbers import Clock
from actions.eligibility.statements import BEGINNINGS, OTHER_PRIZE, PAUSED, tells_violation
from actions.eligibility.times import Moment, find_times
from knowledge.eligibility import Item
from knowledge.months import DayRange, Duration

_EITHER = re.compile(r"\s*(?:hay|hoac|or|-|/)?(?: la)?(?: nam)?\s*")
_UNTIL = re.compile(r"\s*(?:cho )?(?:den|toi|to)(?: nam)?\s*")
# Events in the life of a company that are not its beginning.
_RENEWED = re.compile(
    r"\b(?:doi ten|cophan hoa|chuyen (?:doi|dia diem|tru so)|tang von|nang cap|xay (?:nha may|xuong))\b"
)
_ENTERING = re.compile(r"tham du|ho so|du giai|nop|du thi|du kien|du dinh")


def place_times(clause: str, context: Context, topic: Item | None) -> list[Mention]:
    """Times of the clause with their items. Days to come are read as such only where a registration is meant."""
    gone = [one for one in find_times(clause, Clock(context.today)) if not one.now]
    past = _placed(clause, gone, context, topic)
    ahead = _placed(clause, find_times(clause, Clock(context.today, ahead=True)), context, topic)
    chosen = [one for one in past if one[0] is not Item.REGISTRATION_DATE]
    chosen += [one for one in ahead if one[0] is Item.REGISTRATION_DATE]
    mentions = [_mention(item, moment, clause, context) for item, moment in chosen]
    return [one for one in mentions if one is not None]


def open_topic(clause: str, timed: list[Mention]) -> Item | None:
    """The item a clause speaks of without giving its time: a bare time in the next clause is its own."""
    if timed:
        return None
    return next((cue.item for cue in reversed(find_cues(clause)) if cue.item in BEGINNINGS), None)


def _placed(clause: str, moments: list[Moment], context: Context, topic: Item | None) -> list[tuple[Item, Moment]]:
    moments, cues, pause = _joined(clause, moments), find_cues(clause), PAUSED.search(clause) or _RENEWED.search(clause)
    placed: list[tuple[Item, Moment]] = []
    end = 0
    for at, moment in enumerate(moments):
        following = moments[at + 1].start if at + 1 < len(moments) else len(clause)
        cue = _nearest(cues, end, moment, following)
        item = cue.item if cue else None if placed else _uncued(clause, moment, context, topic)
        paused = pause is not None and moment.start > pause.start()  # how long it paused, when renamed: no beginning
        if item and not paused:
            placed.append((_adjusted(item, clause, moment, context), moment))
        end = moment.end
    return placed


def _nearest(cues: list[Cue], end: int, moment: Moment, following: int) -> Cue | None:
    """The last word before the time, else the first one after it; the latter then serves no other time."""
    before = [cue for cue in cues if end <= cue.start < moment.start]
    if before:
        return before[-1]
    after = next((cue for cue in cues if moment.end <= cue.start < following), None)
    if after:
        cues.remove(after)
    return after


def _joined(clause: str, moments: list[Moment]) -> list[Moment]:
    """«2023 hay 2024» is one time that may be either; of «từ 2019 đến 2023» only the beginning counts."""
    joined: list[Moment] = []
    for moment in moments:
        last = joined[-1] if joined else None
        between = clause[last.end : moment.start] if last else "#"
        if last and _EITHER.fullmatch(between):
            joined[-1] = _hull(last, moment) or last
        elif last is None or not _UNTIL.fullmatch(between):
            joined.append(moment)
    return joined


def _hull(one: Moment, other: Moment) -> Moment | None:
    first, last = one.value, other.value
    if isinstance(first, DayRange) and isinstance(last, DayRange):
        starts, ends = (first.earliest, last.earliest), (first.latest, last.latest)
        if None not in starts and None not in ends:
            value = DayRange(min(day for day in starts if day), max(day for day in ends if day))
            return Moment(one.start, other.end, value)
    if isinstance(first, Duration) and isinstance(last, Duration) and first.most is not None and last.most is not None:
        span = Duration(min(first.least, last.least), max(first.most, last.most), first.until)
        return Moment(one.start, other.end, span)
    return None


def _uncued(clause: str, moment: Moment, context: Context, topic: Item | None) -> Item | None:
    """The item of a time without a word of its own."""
    if topic:
        return topic
    lapse = isinstance(moment.value, Duration)
    corrected = _corrected(context, lapse)
    if corrected or context.asked in TEMPORAL:
        return corrected or context.asked
    if context.asked is Item.LEGAL:
        return Item.OPERATING
    if context.asked is Item.LAST_PRIZE and (not lapse or re.search(r"truoc|cach (?:day|nay)|ago", clause)):
        return Item.LAST_PRIZE_YEAR
    return Item.OPERATING if COMPANY.search(clause) and context.asked is None else None


def _corrected(context: Context, lapse: bool) -> Item | None:
    fits = BEGINNINGS if lapse else TEMPORAL
    return next((one for one in reversed(context.answered) if one in fits), None) if context.correction else None


def _adjusted(item: Item, clause: str, moment: Moment, context: Context) -> Item:
    """A prize's word with a time is its year; «công ty đăng ký năm 2019», asked about the company, its founding."""
    if item is Item.LAST_PRIZE:
        return Item.LAST_PRIZE_YEAR
    founding = item is Item.REGISTRATION_DATE and context.asked in (Item.LEGAL, Item.OPERATING)
    if not founding or _ENTERING.search(clause) or not isinstance(moment.value, DayRange):
        return item
    latest = moment.value.latest
    return Item.OPERATING if latest and latest < context.today - timedelta(days=31) else item


def _mention(item: Item, moment: Moment, clause: str, context: Context) -> Mention | None:
    value = moment.value
    if item is Item.REGISTRATION_DATE:
        return Mention(item, value) if isinstance(value, DayRange) else None
    if item is Item.LAST_PRIZE_YEAR:
        year = None if OTHER_PRIZE.search(clause) else _years(value, context.today)
        return Mention(item, year) if year else None
    if item is Item.COMPLIANCE:
        days = value if isinstance(value, DayRange) else value.starts(context.today)
        return Mention(item, Compliance(None, days)) if tells_violation(clause) else None
    return Mention(item, value)


def _years(value: DayRange | Duration, today: date) -> DayRange | None:
    """The years a prize may be of; «2 năm trước» counts in years. None for a year to come."""
    if isinstance(value, Duration):
        first = today.year - (value.least + 1200 if value.most is None else value.most) // 12
        last = today.year - value.least // 12
    elif value.earliest and value.latest:
        first, last = value.earliest.year, value.latest.year
    else:
        return None
    if first > today.year or first < 1900:
        return None
    return DayRange(date(first, 1, 1), date(min(last, today.year), 12, 31))
