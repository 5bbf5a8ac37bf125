"""What an applicant's message says about the items of the eligibility check, by rules over folded text.

A message is cut into clauses. In each, times are given to the item whose word stands nearest («thành lập 2019, sản phẩm bán từ
đầu năm ngoái»), and what has no such word answers what was asked, or corrects what was answered last. Nothing is guessed:
what can't be placed is left out, and the form asks again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from actions.eligibility import phrases
from actions.eligibility.spelling import plain
from actions.eligibility.times import Clock, Moment, find_times
from knowledge.eligibility import Item, LegalForm, Prize
from knowledge.months import DayRange, Duration


class Remark(StrEnum):
    """What is said of an item beside a plain value; all but NOT_KNOWN leave open what else is said of it."""

    NOT_KNOWN = "not_known"
    PAUSED = "paused"
    ONLY_SERVICES = "only_services"
    SAME_AS_OPERATING = "same_as_operating"


@dataclass(frozen=True, slots=True)
class Legal:
    """Whether it was legally established, and in which form."""

    established: bool | None = None
    form: LegalForm | None = None


@dataclass(frozen=True, slots=True)
class Compliance:
    """Whether it keeps the law; a violation told of is for a person to judge, its days may be open."""

    complies: bool | None = None
    violated: DayRange | None = None


Value = Legal | Compliance | Prize | DayRange | Duration | Remark


@dataclass(frozen=True, slots=True)
class Mention:
    """One item with its value; `bare` where only the question tells what the word belongs to («dạ có»)."""

    item: Item
    value: Value
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A message understood: its facts, and what kind of message it is."""

    mentions: tuple[Mention, ...] = ()
    question: bool = False
    cancel: bool = False
    correction: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What a message is read against: the item asked for, those answered in order, the day."""

    asked: Item | None
    answered: tuple[Item, ...]
    today: date
    correction: bool = False

    @property
    def about_prizes(self) -> bool:
        about = self.answered[-1:] if self.correction and self.answered else (self.asked,)
        return any(item in (Item.LAST_PRIZE, Item.LAST_PRIZE_YEAR) for item in about)


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that tells which item is spoken of."""

    start: int
    end: int
    item: Item


@dataclass(frozen=True, slots=True)
class Clause:
    text: str
    question: bool = False


TEMPORAL = (Item.OPERATING, Item.PRODUCT, Item.LAST_PRIZE_YEAR, Item.REGISTRATION_DATE)
YES_NO = (Item.LEGAL, Item.COMPLIANCE, Item.LAST_PRIZE)

# Tried in this order; what one has taken the next can't see («dự giải» is no prize).
_CUES: list[tuple[Item, str]] = [
    (
        Item.REGISTRATION_DATE,
        r"dang ky(?: tham du| du giai| du thi| giai)*|nop(?: ho so| don| giay)?|gui ho so|tham du(?: giai)?|du giai|tham gia(?: giai)?"
        r"|du thi|du kien|du dinh|regist\w*|apply\w*|submit\w*",
    ),
    (
        Item.PRODUCT,
        r"san pham|hang hoa|mat hang|(?<!khach )(?<!cua )(?<!nha )(?<!ngan )hang(?! (?:nam|thang|ngay|tuan|chuc|loat|vietnam))"
        r"|ban(?: ra| hang| le| si)?|tung ra|(?:ra |tren |ngoai )?thi truong|luu hanh|cung ung|ra mat|xuat xuong|xuat khau|len ke"
        r"|products?|sold|sell\w*|market\w*|launch\w*",
    ),
    (
        Item.COMPLIANCE,
        r"phap luat|vi pham|(?:xu )?phat|chap hanh|tuan thu|sai pham|dinh chi|(?:no|tron) thue|no bao hiem|bien ban|thanh tra|dieu tra"
        r"|complian\w*|compl(?:y|ies|ied)|violat\w*|fined|penalt\w*",
    ),
    (
        Item.LAST_PRIZE,
        r"(?:dat |doat |nhan |duoc )?giai(?: thuong)?(?: chat luong)?(?: quoc gia)?|huy chuong|awards?|prizes?|won|gold|silver|vinh danh",
    ),
    (
        Item.OPERATING,
        r"giayphep|thanh lap|hoat dong|khai truong|mo cua|mo|ra doi|khoi nghiep|vao vietnam|lam an|establish\w*|found\w*|operat\w*"
        r"|in business|started",
    ),
]
_COMPILED_CUES = [(item, re.compile(rf"\b(?:{pattern})\b")) for item, pattern in _CUES]
_COMPANY = re.compile(
    r"\b(?:cong ty|doanh nghiep|don vi|ben (?:em|minh|toi)|hop tac xa|htx|kinh doanh|xuong|company|we)\b"
)

_BREAK = re.compile(
    r"[;\n!?]+|(?<!\d)[.,]+|[.,]+(?!\d)|\b(?:nhung(?: ma)?|tuy nhien|con|va(?! (?:bac|vangg?))|but|and(?! a half))\b"
)


# ------------------------------------------------------------------ the whole message


def extract(text: str, asked: Item | None, today: date, answered: Sequence[Item] = ()) -> tuple[Mention, ...]:
    """The facts of a message, one an item; `answered` is in order, its last the one a correction means."""
    return read(text, asked, today, answered).mentions


def read(text: str, asked: Item | None, today: date, answered: Sequence[Item] = ()) -> Reading:
    """The facts of a message and its kind. A question and facts may come together («3 năm rồi, đủ chưa?»)."""
    words = plain(text)
    correction = phrases.CORRECTION.search(words) is not None or phrases.NOT_THAT_BUT_THIS.search(words) is not None
    words = phrases.NOT_THAT.sub("", phrases.NOT_THAT_BUT_THIS.sub("", phrases.CORRECTION.sub(" ", words)))
    context = Context(asked, tuple(answered), today, correction)
    clauses = _clauses(words)
    mentions = _mentions([one.text for one in clauses if not one.question], context)
    cancel = not mentions_stated(mentions) and phrases.CANCEL.search(_unpunctuated(words)) is not None
    question = any(one.question for one in clauses) and not cancel
    return Reading(() if cancel else mentions, question, cancel, correction)


def is_question(text: str) -> bool:
    """True where the message, or a part of it, asks something."""
    return any(one.question for one in _clauses(plain(text)))


def is_cancel(text: str) -> bool:
    """True where the whole message wants the check to stop («thôi», not «8 tháng thôi»)."""
    return phrases.CANCEL.search(_unpunctuated(plain(text))) is not None


def is_correction(text: str) -> bool:
    """True where the message takes something back («à nhầm, 30 tháng»)."""
    words = plain(text)
    return phrases.CORRECTION.search(words) is not None or phrases.NOT_THAT_BUT_THIS.search(words) is not None


def mentions_stated(mentions: Iterable[Mention]) -> bool:
    """True where a value is stated that needs no question to be understood."""
    return any(not one.bare for one in mentions)


def _unpunctuated(words: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[.,;!?]+", " ", words)).strip()


def _clauses(words: str) -> list[Clause]:
    """Parts between commas and the like; a question draws in the parts that belong to it."""
    clauses: list[Clause] = []
    start, opened = 0, False
    for found in [*_BREAK.finditer(words), None]:
        text = words[start : found.start() if found else len(words)].strip(" -:\"'()")
        mark = bool(found and "?" in found[0])
        start = found.end() if found else start
        if not text:
            continue
        opened = opened or phrases.opens_question(text)
        question = opened or phrases.asks(text, mark) or (mark and _asks_by_mark(text))
        if question and clauses and phrases.LEANING.match(text):
            clauses[-1] = replace(clauses[-1], question=True)
        clauses.append(Clause(text, question))
    if any(one.question for one in clauses) and phrases.HYPOTHETICAL.search(words):
        clauses = [replace(one, question=True) for one in clauses]
    return clauses


def _asks_by_mark(clause: str) -> bool:
    """Only the mark says so: a short or dated clause is an unsure answer («3 năm?»), the rest a question."""
    return len(clause.split()) > 3 and not find_times(clause, Clock(date(2000, 1, 1)))


# ------------------------------------------------------------------ one clause


def _mentions(clauses: Sequence[str], context: Context) -> tuple[Mention, ...]:
    found: list[Mention] = []
    topic: Item | None = None
    for clause in clauses:
        if phrases.DENIAL.match(clause) and not (context.about_prizes or "giai" in clause):
            continue
        timed = _timed(clause, context, topic)
        found += [*timed, *_worded(clause, context, timed)]
        topic = _open_topic(clause, timed)
    return _merged(found)


def _worded(clause: str, context: Context, timed: Sequence[Mention]) -> list[Mention]:
    """Everything but times: yes and no, forms, violations, prizes, «không nhớ»."""
    if phrases.NOT_KNOWN.search(clause) and not timed:
        item = _unknown_item(clause, context)
        extra = [one for one in _prize(clause, context) if isinstance(one.value, Prize) and one.value is not Prize.NONE]
        prizes = extra if item is Item.LAST_PRIZE_YEAR else []
        return [*prizes, *([Mention(item, Remark.NOT_KNOWN)] if item else [])]
    stated = [
        *_legal(clause, context),
        *_compliance(clause, context),
        *_prize(clause, context),
        *_remarks(clause, context),
    ]
    stated += _not_begun(clause, context, timed)
    return [*stated, *_bare(clause, context, [*stated, *timed])]


def _cues(clause: str) -> list[Cue]:
    cues: list[Cue] = []
    for item, pattern in _COMPILED_CUES:
        for found in pattern.finditer(clause):
            cues.append(Cue(found.start(), found.end(), item))
        clause = pattern.sub(lambda one: "#" * len(one[0]), clause)
    return sorted(cues, key=lambda one: one.start)


def _open_topic(clause: str, timed: Sequence[Mention]) -> Item | None:
    """The item a clause speaks of without giving its time: a bare time in the next clause is its own."""
    if timed:
        return None
    return next((one.item for one in reversed(_cues(clause)) if one.item in (Item.OPERATING, Item.PRODUCT)), None)


# ------------------------------------------------------------------ times


def _timed(clause: str, context: Context, topic: Item | None) -> list[Mention]:
    """Times of the clause with their items. Days to come are read as such only where a registration is meant."""
    past = _placed(clause, find_times(clause, Clock(context.today)), context, topic)
    ahead = _placed(clause, find_times(clause, Clock(context.today, ahead=True)), context, topic)
    chosen = [one for one in past if one[0] is not Item.REGISTRATION_DATE]
    chosen += [one for one in ahead if one[0] is Item.REGISTRATION_DATE]
    mentions = [_mention(item, moment, clause, context) for item, moment in chosen]
    return [one for one in mentions if one is not None]


def _placed(clause: str, moments: list[Moment], context: Context, topic: Item | None) -> list[tuple[Item, Moment]]:
    cues, placed, end = _cues(clause), [], 0
    moments = _joined(clause, moments)
    pause = _PAUSED.search(clause)
    for at, moment in enumerate(moments):
        following = moments[at + 1].start if at + 1 < len(moments) else len(clause)
        before = [one for one in cues if end <= one.start < moment.start]
        after = [one for one in cues if moment.end <= one.start < following]
        cue = before[-1] if before else after[0] if after else None
        if cue and not before:
            cues.remove(cue)
        item = cue.item if cue else _uncued(clause, moment, context, topic) if at == 0 or not placed else None
        if pause and moment.start > pause.start():  # how long it paused says nothing about the beginning
            item = None
        if item:
            placed.append((_past_registration(item, clause, moment, context), moment))
        end = moment.end
    return placed


def _joined(clause: str, moments: list[Moment]) -> list[Moment]:
    """«2023 hay 2024» is one time that may be either; of «từ 2019 đến 2023» only the beginning counts."""
    joined: list[Moment] = []
    for moment in moments:
        last = joined[-1] if joined else None
        between = clause[last.end : moment.start] if last else ""
        if last and re.fullmatch(r"\s*(?:hay|hoac|or|-|/)(?: la)?(?: nam)?\s*", between):
            hull = _hull(last, moment)
            joined[-1] = hull or last
        elif last and re.fullmatch(r"\s*(?:cho )?(?:den|toi|to)(?: nam)?\s*", between):
            continue
        else:
            joined.append(moment)
    return joined


def _hull(one: Moment, other: Moment) -> Moment | None:
    first, last = one.value, other.value
    if isinstance(first, DayRange) and isinstance(last, DayRange):
        if first.earliest and first.latest and last.earliest and last.latest:
            value = DayRange(min(first.earliest, last.earliest), max(first.latest, last.latest))
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
    if context.correction:
        fits = (Item.OPERATING, Item.PRODUCT) if lapse else TEMPORAL
        corrected = next((one for one in reversed(context.answered) if one in fits), None)
        if corrected:
            return corrected
    if context.asked in TEMPORAL:
        return context.asked
    if context.asked is Item.LEGAL:
        return Item.OPERATING
    if context.asked is Item.LAST_PRIZE and (not lapse or re.search(r"truoc|cach (?:day|nay)|ago", clause)):
        return Item.LAST_PRIZE_YEAR
    return Item.OPERATING if _COMPANY.search(clause) and context.asked is None else None


def _past_registration(item: Item, clause: str, moment: Moment, context: Context) -> Item:
    """«công ty đăng ký năm 2019», asked about the company, is its founding; a prize's word with a time is its year."""
    if item is Item.LAST_PRIZE:
        return Item.LAST_PRIZE_YEAR
    if item is not Item.REGISTRATION_DATE or context.asked not in (Item.LEGAL, Item.OPERATING):
        return item
    if re.search(r"tham du|ho so|du giai|nop|du thi|du kien|du dinh", clause) or not isinstance(moment.value, DayRange):
        return item
    long_ago = moment.value.latest is not None and moment.value.latest < context.today - timedelta(days=31)
    return Item.OPERATING if long_ago else item


def _mention(item: Item, moment: Moment, clause: str, context: Context) -> Mention | None:
    value = moment.value
    if item is Item.REGISTRATION_DATE:
        return Mention(item, value) if isinstance(value, DayRange) else None
    if moment.now:
        return None
    if item is Item.LAST_PRIZE_YEAR:
        if _OTHER_PRIZE.search(clause):
            return None
        year = _years(value, context.today)
        return Mention(item, year) if year else None
    if item is Item.COMPLIANCE:
        days = value if isinstance(value, DayRange) else value.starts(context.today)
        return Mention(item, Compliance(None, days)) if _violation(clause) else None
    return Mention(item, value)


def _years(value: DayRange | Duration, today: date) -> DayRange | None:
    """The years a prize may be of; «2 năm trước» counts in years. None for a year to come."""
    if isinstance(value, Duration):
        first = today.year - (value.most if value.most is not None else value.least + 1200) // 12
        last = today.year - value.least // 12
    elif value.earliest and value.latest:
        first, last = value.earliest.year, value.latest.year
    else:
        return None
    return (
        None if first > today.year or first < 1900 else DayRange(date(first, 1, 1), date(min(last, today.year), 12, 31))
    )


# ------------------------------------------------------------------ legal standing

_FORMS = [
    (LegalForm.PRIVATE, re.compile(r"\b(?:doanh nghiep tu_? nhan|dntn)\b")),
    (LegalForm.HOUSEHOLD, re.compile(r"\bhokinhdoanh\b")),
    (
        LegalForm.BRANCH,
        re.compile(r"\b(?:la|thuoc) (?:mot )?chi nhanh\b|\bchi nhanh (?:cua|tai|cong ty)\b|\bvan phong dai dien\b"),
    ),
    (
        LegalForm.COMPANY,
        re.compile(r"\b(?:tnhh|cophan|cong ty cp|ctcp|hop danh|htx|hop tac xa|tong cong ty|tap doan)\b"),
    ),
]
_NOT_LEGAL = re.compile(
    r"\b(?:chua|khong)(?: (?:co|duoc|he|tung|kip|cap|xin|lam|phai|bat ky|dang ky))* (?:giayphep|hop phap|thanh lap|(?:tu_? cach )?phap nhan)\b"
    r"|\bdang (?:lam|xin|cho|hoan tat|hoan thien) (?:giayphep|thu tuc|cap phep)\b|\bchua dang ky\b(?! (?:tham|du|giai))"
)
_IS_LEGAL = re.compile(r"\b(?:hop phap|giayphep|phap nhan)\b")
_IS_LEGAL_ASKED = re.compile(
    r"\b(?:(?:da|co|duoc) (?:dang ky|thanh lap|cap phep)|(?:dang ky|thanh lap) (?:roi|day du|dang hoang|xong))\b"
)


def _legal(clause: str, context: Context) -> list[Mention]:
    form = next((one for one, pattern in _FORMS if pattern.search(clause)), None)
    if form is None and context.asked is Item.LEGAL and re.search(r"\bchi nhanh\b", clause):
        form = LegalForm.BRANCH
    established: bool | None = True if form in (LegalForm.COMPANY, LegalForm.PRIVATE) else None
    if _IS_LEGAL.search(clause) or (context.asked is Item.LEGAL and _IS_LEGAL_ASKED.search(clause)):
        established = True
    if _NOT_LEGAL.search(clause):
        established = False
    return [Mention(Item.LEGAL, Legal(established, form))] if established is not None or form else []


# ------------------------------------------------------------------ compliance

_VIOLATION = r"(?:vi pham|(?:xu )?phat|sai pham|dinh chi|(?:no|tron) thue|no bao hiem|bien ban|dieu tra|thanh tra|kien|khoi to|tuoc|thu hoi|fined|violat\w*|penalt\w*)"
_HAS_VIOLATION = re.compile(rf"\b{_VIOLATION}\b")
_NO_VIOLATION = re.compile(
    r"\b(?:khong|chua|chang|never|no|not)"
    r"(?: (?:tung|he|bi|co|mac|dinh|phai|ai|bao gio|loi|gi|lan|nao|xay|ra|dang|con|duoc|bat|ky|mot|hanh vi|de|nhac nho|been|any|lan nao))*"
    rf" {_VIOLATION}\b"
    r"|\b(?:khong|chua|chang)(?: (?:co|bi|he))*(?: (?:van de|loi|gi|sao|on ao|khieu nai|tieng xau))+\b"
)
_VIOLATING = re.compile(
    r"\b(?:dang|van|con)(?: con| bi)* (?:vi pham|(?:xu )?phat|dinh chi)\b|\bbi (?:dinh chi|tuoc|thu hoi)\b"
    r"|\b(?:khong|chua)(?: (?:he|duoc|thuc su|co|day du|hoan toan))* (?:chap hanh|tuan thu|comply)\b"
)
_COMPLIES = re.compile(
    r"\b(?:chap hanh|tuan thu|dung (?:phap )?luat|theo (?:phap )?luat|dung quy dinh|complian\w*|compl(?:y|ies|ied))\b"
)


def _violation(clause: str) -> bool:
    return _HAS_VIOLATION.search(clause) is not None and _NO_VIOLATION.search(clause) is None


def _compliance(clause: str, context: Context) -> list[Mention]:
    """A violation of the past is told on, not judged: whether it costs the right to take part, the rules don't say."""
    if not (context.asked is Item.COMPLIANCE or any(one.item is Item.COMPLIANCE for one in _cues(clause))):
        return []
    if _VIOLATING.search(clause):
        return [Mention(Item.COMPLIANCE, Compliance(False))]
    if _NO_VIOLATION.search(clause):
        return [Mention(Item.COMPLIANCE, Compliance(True))]
    if _HAS_VIOLATION.search(clause):
        return [Mention(Item.COMPLIANCE, Compliance(None, DayRange()))]
    return [Mention(Item.COMPLIANCE, Compliance(True))] if _COMPLIES.search(clause) else []


# ------------------------------------------------------------------ prizes

_OTHER_PRIZE = re.compile(
    r"\bsao vangg? dat viet\b|\bsao vangg?\b|\bhang vietnam chat luong cao\b|\bthuong hieu (?:quoc gia|manh|vangg?)\b|\bgpea\b|\bocop\b"
    r"|\b(?:ban tay|bong lua|cup|rong|qua cau) vangg?\b|\btop \d+\b|\bgiai (?:thuong )?(?:cua )?(?:tinh|nganh|dia phuong|hiep hoi|bong da|chau a)\b"
)
_TIER = r"(?:giai(?: thuong)?(?: chat luong)?(?: quoc gia)?(?: giai| hang_?| loai)? )"
_GOLD = re.compile(rf"\b{_TIER}vangg?\b|\bvangg?(?: giaithuong)? chat luong quoc gia\b|\bgold\b")
_SILVER = re.compile(rf"\b{_TIER}bac\b|\bbac chat luong quoc gia\b|\bsilver\b")
_BARE_GOLD = re.compile(r"\bvangg?\b")
_BARE_SILVER = re.compile(r"\bbac\b")
_POLITE_YES = re.compile(r"^(?:da )?vang(?: (?:a|da|em|dung|dung roi|co|roi))+$|^da vang$")
_NOT_GOLD = re.compile(r"\bkhong phai(?: la)?(?: giai| hang_?)? vangg?\b")
_PRIZE_WORD = re.compile(r"\b(?:giai(?: thuong)?|awards?|prizes?|won|vinh danh|huy chuong)\b")
_FIRST_TIME = re.compile(
    r"\blan dau\b|\b(?:chua|never)(?: (?:tung|he|bao gio|bg))* (?:tham gia|tham du|du giai|du thi|dang ky|nop|dat|co|duoc|doat|nhan)\b|\bchua (?:tung|bao gio|he)\b"
)
_NEGATION = re.compile(r"\b(?:chua|khong|chang|never|no|not|none)\b")
_HAD = re.compile(r"\b(?:da|tung|co|duoc|dat|doat|nhan|roi|won|received|got)\b")


def _prize(clause: str, context: Context) -> list[Mention]:
    prize = _prize_of(_OTHER_PRIZE.sub("#", clause), context)
    return [Mention(Item.LAST_PRIZE, prize)] if prize else []


def _prize_of(clause: str, context: Context) -> Prize | None:
    clause = " ".join(
        re.sub(
            r"\b(?:tham du|du|tham gia|dang ky|xet) (?:giai(?: thuong)?(?: chat luong)?(?: quoc gia)?)\b", "#", clause
        ).split()
    )
    about = context.about_prizes
    worded = _PRIZE_WORD.search(clause)
    if _NOT_GOLD.search(clause) and not _silver(clause, about):
        return Prize.FORMER if about or worded else None
    gold, silver = _gold(clause, about), _silver(clause, about)
    negation = _NEGATION.search(clause)
    places = [one.start() for one in (gold, silver, worded) if one]
    denied = negation is not None and (not places or negation.start() < min(places))
    if denied:
        return _denied(clause, about, bool(worded), bool(gold) != bool(silver))
    if gold:
        return Prize.GOLD
    if silver:
        return Prize.SILVER
    return (
        Prize.UNSPECIFIED if worded and _HAD.search(clause) and not re.search(r"\bthi (?:chua|khong)", clause) else None
    )


def _denied(clause: str, about: bool, worded: bool, one_tier: bool) -> Prize | None:
    """«chưa đạt Giải Vàng» leaves Silver open and says nothing; «chưa có giải nào» says none."""
    if one_tier:
        return None
    return Prize.NONE if worded or (about and _FIRST_TIME.search(clause)) else None


def _gold(clause: str, about: bool) -> re.Match[str] | None:
    if found := _GOLD.search(clause):
        return found
    return _BARE_GOLD.search(clause) if about and not _POLITE_YES.match(clause) else None


def _silver(clause: str, about: bool) -> re.Match[str] | None:
    return _SILVER.search(clause) or (_BARE_SILVER.search(clause) if about else None)


# ------------------------------------------------------------------ remarks, yes and no

_PAUSED = re.compile(
    r"\b(?:tam |phai )*(?:ngung|nghi|dung)(?: hoat dong| kinh doanh| san xuat| dich)+\b|\btam (?:ngung|dung|nghi|dong cua)\b|\bgian doan\b|\bdut quang\b|\bnghi dich\b"
)
_NOT_PAUSED = re.compile(r"\b(?:khong|chua)(?: \w+){0,3} (?:tam|ngung|gian doan|nghi|dut)\b")
_SERVICE = re.compile(r"\bdich vu\b")
_SERVICE_ONLY = re.compile(
    r"\b(?:chi|la|lam|nganh|mang|cung cap|thuan)(?: \w+){0,2} dich vu\b|\bcong ty dich vu\b|\bdich vu (?:thoi|la chinh)\b"
)
_GOODS = re.compile(r"\b(?:san pham(?! (?:cua \w+ )?(?:\w+ )?la dich vu)|hang hoa|san xuat|mat hang)\b")
_SAME = re.compile(
    r"\b(?:tu|ngay tu|cung|bang|ke tu)(?: (?:luc|khi|ngay|hoi|nam|voi))+(?: \w+){0,3} (?:thanh lap|mo|hoat dong|mo cua)\b|\bngay tu dau\b|\btu dau\b"
)
_NOT_BEGUN = re.compile(
    r"\bchua(?: (?:co|dua|duoc|tung|kip|he|chinh thuc|di vao|dem|cho|san pham|hang))* (?:ban|ra|tung|luu hanh|hoat dong|mo cua|cung ung|kinh doanh|co san pham|xuat)\b"
)
_AT_ONCE = re.compile(
    r"^(?:da |chac |dang ky |nop |lam )*(?:ngay|luon|lien|lap tuc|ngay luon|cang som cang tot|som nhat|asap)\b(?! \d)"
)


def _remarks(clause: str, context: Context) -> list[Mention]:
    found = []
    if _PAUSED.search(clause) and not _NOT_PAUSED.search(clause):
        found.append(Mention(Item.OPERATING, Remark.PAUSED))
    about_product = context.asked is Item.PRODUCT
    if _SERVICE.search(clause) and not _GOODS.search(clause) and (about_product or _SERVICE_ONLY.search(clause)):
        found.append(Mention(Item.PRODUCT, Remark.ONLY_SERVICES))
    speaks_of_product = about_product or any(one.item is Item.PRODUCT for one in _cues(clause))
    if speaks_of_product and _SAME.search(clause) and not find_times(clause, Clock(context.today)):
        found.append(Mention(Item.PRODUCT, Remark.SAME_AS_OPERATING))
    if context.asked is Item.REGISTRATION_DATE and _AT_ONCE.match(clause):
        found.append(Mention(Item.REGISTRATION_DATE, DayRange.of(context.today)))
    return found


def _not_begun(clause: str, context: Context, timed: Sequence[Mention]) -> list[Mention]:
    """Not yet on the market or at work: it begins tomorrow at the earliest."""
    if timed:
        return []
    later = DayRange(context.today + timedelta(days=1), None)
    if _NOT_BEGUN.search(clause):
        item = next(
            (one.item for one in reversed(_cues(clause)) if one.item in (Item.OPERATING, Item.PRODUCT)), context.asked
        )
        return [Mention(item, later)] if item in (Item.OPERATING, Item.PRODUCT) else []
    if context.asked in (Item.OPERATING, Item.PRODUCT) and re.fullmatch(
        r"(?:da |a |thua )*chua(?: (?:a|em|nua|co|dau|nha))*", clause
    ):
        return [Mention(context.asked, later, bare=True)]
    return []


def _bare(clause: str, context: Context, said: Sequence[Mention]) -> list[Mention]:
    """A yes or no that only the question gives a meaning; not where the clause already speaks for that item."""
    item = _bare_item(clause, context)
    if item is None or any(one.item is item for one in said):
        return []
    if item is Item.REGISTRATION_DATE:
        refused = phrases.NO.match(clause) and not said
        return [Mention(item, Remark.NOT_KNOWN, bare=True)] if refused else []
    if item is Item.LAST_PRIZE and _POLITE_YES.match(clause):
        return [Mention(item, Prize.UNSPECIFIED, bare=True)]
    answer = False if phrases.NO.match(clause) else True if phrases.YES.match(clause) else None
    if answer is None or (item is Item.LAST_PRIZE and _one_tier_denied(clause, answer)):
        return []
    return [Mention(item, _as_value(item, answer), bare=True)]


def _one_tier_denied(clause: str, answer: bool) -> bool:
    return not answer and (_BARE_GOLD.search(clause) is None) != (_BARE_SILVER.search(clause) is None)


def _bare_item(clause: str, context: Context) -> Item | None:
    """The item a bare word answers: the one asked, or in a correction the last yes-or-no one answered."""
    if context.correction:
        corrected = next((one for one in reversed(context.answered) if one in YES_NO), None)
        return corrected or context.asked
    cued = {_legal_cue(one, clause) for one in _cues(clause)} - {Item.REGISTRATION_DATE}
    if cued and context.asked not in cued and not phrases.BARE_YES.match(clause.split(" ")[0]):
        return next((one for one in YES_NO if one in cued), None)
    return context.asked if context.asked in (*YES_NO, Item.REGISTRATION_DATE) else None


def _legal_cue(cue: Cue, clause: str) -> Item:
    return Item.LEGAL if clause[cue.start : cue.end] == "giayphep" else cue.item


def _as_value(item: Item, answer: bool) -> Value:
    if item is Item.LEGAL:
        return Legal(answer)
    if item is Item.COMPLIANCE:
        return Compliance(answer)
    return Prize.UNSPECIFIED if answer else Prize.NONE


def _unknown_item(clause: str, context: Context) -> Item | None:
    about_prize = context.about_prizes or any(one.item is Item.LAST_PRIZE for one in _cues(clause))
    if about_prize and phrases.NOT_KNOWN_YEAR.search(clause):
        return Item.LAST_PRIZE_YEAR
    cued = [_legal_cue(one, clause) for one in _cues(clause)]
    if cued and context.asked not in cued:
        if not (context.asked is Item.LEGAL and Item.OPERATING in cued):
            return cued[0] if cued[0] is not Item.REGISTRATION_DATE or context.asked is None else context.asked
    return context.asked


# ------------------------------------------------------------------ one value an item


def _merged(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Stated beats bare, a value beats «không nhớ», later beats earlier; parts of one item are put together."""
    merged: dict[tuple[Item, bool], Mention] = {}
    for one in mentions:
        beside = isinstance(one.value, Remark) and one.value in (Remark.PAUSED, Remark.ONLY_SERVICES)
        key = (one.item, beside)
        merged[key] = _better(merged[key], one) if key in merged else one
    return tuple(merged.values())


def _better(old: Mention, new: Mention) -> Mention:
    if isinstance(old.value, Legal) and isinstance(new.value, Legal):
        return _legal_of(old, old.value, new, new.value)
    if isinstance(old.value, Compliance) and isinstance(new.value, Compliance):
        return _compliance_of(old, old.value, new, new.value)
    return new if _weight(new) >= _weight(old) else old


def _weight(mention: Mention) -> int:
    """«có, giải bạc» is the silver prize, not some prize."""
    if mention.value is Remark.NOT_KNOWN:
        return 0
    if mention.bare:
        return 1
    return 2 if mention.value is Prize.UNSPECIFIED else 3


def _legal_of(old: Mention, first: Legal, new: Mention, second: Legal) -> Mention:
    keep_old = second.established is None or (new.bare and not old.bare and first.established is not None)
    established = first.established if keep_old else second.established
    return Mention(Item.LEGAL, Legal(established, second.form or first.form), old.bare and new.bare)


def _compliance_of(old: Mention, first: Compliance, new: Mention, second: Compliance) -> Mention:
    days = second.violated if second.violated not in (None, DayRange()) else first.violated or second.violated
    stated = second if not new.bare or old.bare else first
    other = first if stated is second else second
    complies = stated.complies if stated.complies is not None or other.complies is not False else other.complies
    return Mention(Item.COMPLIANCE, Compliance(complies, days), old.bare and new.bare)
