"""Everything but times that one clause says: legal standing, compliance, prizes, remarks, yes and no, «không nhớ»."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from actions.eligibility import phrases
from actions.eligibility.cues import find_cues, speaks_of, yes_no_item
from actions.eligibility.mentions import YES_NO, Compliance, Context, Legal, Mention, Remark, Value
from actions.eligibility.numbers import Clock
from actions.eligibility.times import find_times
from knowledge.eligibility import Item, LegalForm, Prize
from knowledge.months import DayRange

BEGINNINGS = (Item.OPERATING, Item.PRODUCT)


def statements(clause: str, context: Context, timed: Sequence[Mention]) -> list[Mention]:
    """The mentions of a clause beside its times, which are passed in."""
    if phrases.NOT_KNOWN.search(clause) and not timed:
        return _not_known(clause, context)
    stated = [*_legal(clause, context), *_compliance(clause, context), *_prize(clause, context)]
    stated += [*_remarks(clause, context), *_not_begun(clause, context, timed)]
    return [*stated, *_bare(clause, context, [*stated, *timed])]


# ------------------------------------------------------------------ legal standing

_FORMS = [
    (LegalForm.PRIVATE, r"\b(?:doanh nghiep tu_? nhan|dntn)\b"),
    (LegalForm.HOUSEHOLD, r"\bhokinhdoanh\b"),
    (
        LegalForm.BRANCH,
        r"\b(?:la|thuoc) (?:mot )?chi nhanh\b|\bchi nhanh (?:cua|tai|cong ty)\b|\bvan phong dai dien\b",
    ),
    (LegalForm.COMPANY, r"\b(?:tnhh|cophan|cong ty cp|ctcp|hop danh|htx|hop tac xa|tong cong ty|tap doan)\b"),
]
_NOT_LEGAL = re.compile(
    r"\b(?:chua|khong)(?: (?:co|duoc|he|tung|kip|cap|xin|lam|phai|bat ky|dang ky|ra|nhan|lay|thay|cam|so huu))* "
    r"(?:giayphep|giay|hop phap|thanh lap)\b"
    r"|\b(?:dang|con|moi)(?: (?:trong|qua trinh|lam|xin|cho|doi|hoan tat|hoan thien|nop|ho so|thu tuc|cap|ra|nhan|lai|cai))+ "
    r"(?:giayphep|thu tuc|cap phep|thanh lap)\b"
    r"|\b(?:sap|se|chuan bi|du kien|du dinh|(?:tuan|thang|quy|nam|dot) (?:sau|toi))(?: (?:moi|se|thi|co|duoc|cap|xin|lam|ra|nhan|di|dang))* "
    r"(?:giayphep|thanh lap)\b|\bchua dang ky\b(?! (?:tham|du|giai))"
    r"|\bthieu (?:\w+ )?giayphep\b|\bgiayphep (?:\w+ )?(?:het han|bi thu hoi)\b|\b(?:thu hoi|tuoc) giayphep\b|\bda (?:giaidoan|pha san)\b"
)
_ANEW = re.compile(r"\b(?:cap|doi|lam|xin) lai(?: \w+)? giayphep\b")  # whether it is valid meanwhile, nobody knows
_IS_LEGAL = re.compile(r"\b(?:hop phap|giayphep)\b")
_NO_PERSON = re.compile(r"\b(?:chua|khong)(?: \w+){0,2} (?:tu_? cach )?phap nhan\b")
_PERSON = re.compile(r"\bphap nhan\b")
_COMPANY_ASKED = re.compile(
    r"^(?:da |la |ben em la |ben minh la |thuoc |loai hinh )*cong ty(?: (?:a|thoi|nha|nhe|em))*$"
)
_IS_LEGAL_ASKED = re.compile(
    r"\b(?:(?:da|co|duoc) (?:dang ky|thanh lap|cap phep)|(?:dang ky|thanh lap) (?:roi|day du|dang hoang|xong))\b"
)


def _legal(clause: str, context: Context) -> list[Mention]:
    form = next((one for one, pattern in _FORMS if re.search(pattern, clause)), None)
    if form is None and context.asked is Item.LEGAL and re.search(r"\bchi nhanh\b", clause):
        form = LegalForm.BRANCH
    if form is None and context.asked is Item.LEGAL and _COMPANY_ASKED.search(clause):
        form = LegalForm.COMPANY
    established: bool | None = True if form in (LegalForm.COMPANY, LegalForm.PRIVATE) else None
    if _IS_LEGAL.search(clause) or (context.asked is Item.LEGAL and _IS_LEGAL_ASKED.search(clause)):
        established = True
    if _ANEW.search(clause):
        established = None
    elif _NOT_LEGAL.search(clause):
        established = False
    person = False if _NO_PERSON.search(clause) else True if _PERSON.search(clause) else None
    legal = Legal(True if person else established, form, person)
    return [] if legal == Legal() else [Mention(Item.LEGAL, legal)]


# ------------------------------------------------------------------ compliance

_VIOLATION = (
    r"(?:vi pham|(?:xu )?phat|sai pham|dinh chi|(?:no|tron) thue|no bao hiem|bien ban|dieu tra|thanh tra|kien|nhac nho"
    r"|canh cao|khoi to|tuoc|thu hoi|fined|violat\w*|penalt\w*)"
)
_HAS_VIOLATION = re.compile(rf"\b{_VIOLATION}\b")
_NO_VIOLATION = re.compile(
    r"\b(?:khong|chua|chang|never|no|not)"
    r"(?: (?:tung|he|bi|co|mac|dinh|phai|ai|bao gio|loi|gi|lan|nao|nam|xay|ra|dang|con|duoc|bat|ky|mot|hanh vi|de|been|any))*"
    rf" {_VIOLATION}\b"
    r"|\b(?:khong|chua|chang)(?: (?:co|bi|he))*(?: (?:van de|loi|gi|sao|on ao|khieu nai|tieng xau))+\b"
)
_VIOLATING = re.compile(
    r"\b(?:dang|van|con)(?: con| bi| tam)*(?: coso (?:\w+ ){0,2})? ?(?:vi pham|(?:xu )?phat|dinh chi)\b|\bbi (?:tam )?(?:dinh chi|tuoc|thu hoi)\b"
    r"|\b(?:khong|chua)(?: (?:he|duoc|thuc su|co|day du|hoan toan))* (?:chap hanh|tuan thu|comply)\b"
)
_COMPLIES = re.compile(
    r"\b(?:chap hanh|tuan thu|sach(?: se)?|dung (?:phap )?luat|theo (?:phap )?luat|dung quy dinh|complian\w*|compl(?:y|ies|ied))\b"
)


def tells_violation(clause: str) -> bool:
    """True where a violation or a penalty is told of, and not denied."""
    return _HAS_VIOLATION.search(clause) is not None and _NO_VIOLATION.search(clause) is None


def _compliance(clause: str, context: Context) -> list[Mention]:
    """A violation of the past is told on, not judged: whether it costs the right to take part, the rules don't say."""
    if context.asked is not Item.COMPLIANCE and not speaks_of(clause, Item.COMPLIANCE):
        return []
    if _VIOLATING.search(clause):
        return [Mention(Item.COMPLIANCE, Compliance(False))]
    if _NO_VIOLATION.search(clause):
        return [Mention(Item.COMPLIANCE, Compliance(True))]
    if _HAS_VIOLATION.search(clause):
        return [Mention(Item.COMPLIANCE, Compliance(None, DayRange()))]
    return [Mention(Item.COMPLIANCE, Compliance(True))] if _COMPLIES.search(clause) else []


# ------------------------------------------------------------------ prizes

OTHER_PRIZE = re.compile(
    r"\b(?:giai (?:thuong )?)?sao vangg?(?: dat viet)?\b|\bhang vietnam chat luong cao\b|\bthuong hieu (?:quoc gia|manh|vangg?)\b"
    r"|\bgpea\b|\bocop\b|\bhuy chuong \w+"
    r"|\b(?:ban tay|bong lua|cup|rong|qua cau) vangg?\b|\btop \d+\b"
    r"|\bgiai (?:thuong )?(?:cua )?(?:tinh|nganh|dia phuong|hiep hoi|bong da|chau a)\b"
)
_ENTERING = re.compile(r"\b(?:tham du|du|tham gia|dang ky|xet) giai(?: thuong)?(?: chat luong)?(?: quoc gia)?\b")
_TIER = r"giai(?: thuong)?(?: chat luong)?(?: quoc gia)?(?: giai| hang_?| loai)? "
_GOLD = re.compile(rf"\b{_TIER}vangg?\b|\bvangg? chat luong quoc gia\b|\bgold\b|\bvietnam excellence\b")
_SILVER = re.compile(rf"\b{_TIER}bac\b|\bbac chat luong quoc gia\b|\bsilver\b|\bvietnam best quality\b")
_BARE_GOLD = re.compile(r"\bvangg?\b")
_BARE_SILVER = re.compile(r"\bbac\b")
# Without accents «vang» is gold or a polite yes; the words around it tell.
_POLITE_YES = re.compile(r"^(?:da )?vang(?: (?:a|da|em|dung|dung roi|co|roi))+$|^da vang$")
_NOT_GOLD = re.compile(r"\bkhong phai(?: la)?(?: giai| hang_?)? vangg?\b")
_PRIZE = re.compile(r"\b(?:giai(?: thuong)?|awards?|prizes?|won|vinh danh)\b")
_NEVER = re.compile(
    r"\b(?:chua|never)(?: (?:tung|he|bao gio))* (?:tham gia|tham du|#|du thi|dang ky|nop|dat|co|duoc|doat|nhan)(?!\w)"
    r"|\bchua (?:tung|bao gio|he)\b"
)
_NEGATION = re.compile(r"\b(?:chua|khong|chang|never|no|not|none)\b")
_HAD = re.compile(r"\b(?:da|tung|co|duoc|dat|doat|nhan|roi|won|received|got)\b")


def _prize(clause: str, context: Context) -> list[Mention]:
    clause = _ENTERING.sub("#", OTHER_PRIZE.sub("#", clause))
    prize = _prize_of(clause, context.about_prizes)
    return [Mention(Item.LAST_PRIZE, prize)] if prize else []


def _prize_of(clause: str, about: bool) -> Prize | None:
    """`about`: prizes were asked for, so a bare «bạc» is one."""
    worded, gold, silver = _PRIZE.search(clause), _gold(clause, about), _silver(clause, about)
    if _NOT_GOLD.search(clause) and not silver:
        return Prize.FORMER if about or worded else None
    if re.search(r"\blan dau\b", clause) and (about or "#" in clause) and not (gold or silver):
        return Prize.NONE
    negation = _NEGATION.search(clause)
    places = [one.start() for one in (gold, silver, worded) if one]
    if negation and (not places or negation.start() < min(places)):
        return _denied(clause, about, bool(worded), bool(gold) != bool(silver))
    if gold or silver:
        return Prize.GOLD if gold else Prize.SILVER
    had = worded and _HAD.search(clause) and not re.search(r"\bthi (?:chua|khong)", clause)
    return Prize.UNSPECIFIED if had else None


def _denied(clause: str, about: bool, worded: bool, one_tier: bool) -> Prize | None:
    """«chưa đạt Giải Vàng» leaves Silver open and says nothing; «chưa có giải nào» says none."""
    if one_tier:
        return None
    return Prize.NONE if worded or (about and _NEVER.search(clause)) else None


def _gold(clause: str, about: bool) -> re.Match[str] | None:
    if found := _GOLD.search(clause):
        return found
    return _BARE_GOLD.search(clause) if about and not _POLITE_YES.match(clause) else None


def _silver(clause: str, about: bool) -> re.Match[str] | None:
    return _SILVER.search(clause) or (_BARE_SILVER.search(clause) if about else None)


# ------------------------------------------------------------------ remarks

PAUSED = re.compile(
    r"\b(?:tam |phai )*(?:ngung|nghi|dung)(?: (?:hoat dong|kinh doanh|san xuat|dich))+\b"
    r"|\btam (?:ngung|dung|nghi|dong cua)\b|\bgian doan\b|\bdut quang\b|\bthi nghi\b|\bnghi (?:mat|het|\d)"
)
_NOT_PAUSED = re.compile(r"\b(?:khong|chua)(?: \w+){0,3} (?:tam|ngung|gian doan|nghi|dut)\b")
_SERVICE = re.compile(r"\bdich vu\b")
_SERVICE_ONLY = re.compile(
    r"\b(?:chi|la|lam|nganh|mang|cung cap|thuan)(?: \w+){0,2} dich vu\b|\bcong ty dich vu\b|\bdich vu (?:thoi|la chinh)\b"
)
_GOODS = re.compile(r"\b(?:san pham(?! (?:cua \w+ )?(?:\w+ )?la dich vu)|hang hoa|san xuat|mat hang)\b")
_SAME = re.compile(
    r"\b(?:tu|ngay tu|cung|bang|ke tu)(?: (?:luc|khi|ngay|hoi|nam|voi))+(?: \w+){0,3} (?:thanh lap|mo|hoat dong|mo cua)\b"
    r"|\b(?:ngay )?tu dau\b|\bcung (?:vay|the|nhu vay|tuong tu)\b"
    r"|\b(?:giong|nhu|bang|cung luc)(?: voi)? cong ty\b"
)
_NOT_BEGUN = re.compile(
    r"\bchua(?: (?:co|dua|duoc|tung|kip|he|chinh thuc|di vao|dem|cho|san pham|hang))* "
    r"(?:ban|ra(?! giayphep)|tung|luu hanh|hoat dong|mo cua|cung ung|kinh doanh|co san pham|xuat|thuong mai)\b"
)
_NOT_YET = re.compile(r"(?:da |a |thua )*chua(?: (?:a|em|nua|co|dau|nha))*")
_AT_ONCE = re.compile(
    r"^(?:da |chac |dang ky |nop |lam )*(?:ngay|nay|gio|bay gio|luon|lien|lap tuc|cang som cang tot|som nhat|asap)\b(?! \d)"
)


def _remarks(clause: str, context: Context) -> list[Mention]:
    found = []
    if PAUSED.search(clause) and not _NOT_PAUSED.search(clause):
        found.append(Mention(Item.OPERATING, Remark.PAUSED))
    asked = context.asked is Item.PRODUCT
    if _SERVICE.search(clause) and not _GOODS.search(clause) and (asked or _SERVICE_ONLY.search(clause)):
        found.append(Mention(Item.PRODUCT, Remark.ONLY_SERVICES))
    dated = find_times(clause, Clock(context.today))
    if _SAME.search(clause) and not dated and (asked or speaks_of(clause, Item.PRODUCT)):
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
        item = next((cue.item for cue in reversed(find_cues(clause)) if cue.item in BEGINNINGS), context.asked)
        return [Mention(item, later)] if item in BEGINNINGS else []
    if context.asked in BEGINNINGS and not context.correction and _NOT_YET.fullmatch(clause):
        return [Mention(context.asked, later, bare=True)]
    return []


# ------------------------------------------------------------------ yes, no and not known


def _bare(clause: str, context: Context, said: Sequence[Mention]) -> list[Mention]:
    """A yes or no that only the question gives a meaning; not where the clause already speaks for that item."""
    item = _bare_item(clause, context)
    if item is None or any(one.item is item for one in said):
        return []
    if item is Item.REGISTRATION_DATE:
        return [Mention(item, Remark.NOT_KNOWN, bare=True)] if phrases.is_no(clause) and not said else []
    if item is Item.LAST_PRIZE and _POLITE_YES.match(clause):
        return [Mention(item, Prize.UNSPECIFIED, bare=True)]
    answer = False if phrases.is_no(clause) else True if phrases.is_yes(clause, bool(said)) else None
    if answer is None or _overstated(item, answer, clause):
        return []
    return [Mention(item, _value(item, answer), bare=True)]


def _overstated(item: Item, answer: bool, clause: str) -> bool:
    """«có bị …» is no yes to whether the law is kept, «không phải Vàng» no never to prizes."""
    if item is Item.COMPLIANCE:
        if not answer:  # «chưa từng» means perhaps that the law was never broken, but does not say so
            return re.search(r"\b(?:chua|khong) (?:tung|he|lan|bao gio)\b", clause) is not None
        return re.search(r"\bbi\b", clause) is not None or len(clause.split()) > 6
    one_tier = (_BARE_GOLD.search(clause) is None) != (_BARE_SILVER.search(clause) is None)
    return item is Item.LAST_PRIZE and not answer and one_tier


def _bare_item(clause: str, context: Context) -> Item | None:
    """The item a bare word answers: the one asked, or in a correction the last yes-or-no one answered."""
    if context.correction:
        return next((one for one in reversed(context.answered) if one in YES_NO), context.asked)
    cued = {yes_no_item(cue, clause) for cue in find_cues(clause)} - {Item.REGISTRATION_DATE}
    if cued and context.asked not in cued:
        return next((one for one in YES_NO if one in cued), None)
    return context.asked if context.asked in (*YES_NO, Item.REGISTRATION_DATE) else None


def _value(item: Item, answer: bool) -> Value:
    if item is Item.LEGAL:
        return Legal(answer)
    if item is Item.COMPLIANCE:
        return Compliance(answer)
    return Prize.UNSPECIFIED if answer else Prize.NONE


def _not_known(clause: str, context: Context) -> list[Mention]:
    """«giải thì có mà quên năm»: there was a prize, its year is not known."""
    item = _unknown_item(clause, context)
    if item is None:
        return []
    found = [Mention(item, Remark.NOT_KNOWN)]
    if item is Item.LAST_PRIZE_YEAR:
        prizes = [one for one in _prize(clause, context) if one.value is not Prize.NONE]
        if not prizes and context.asked is Item.LAST_PRIZE and _HAD.search(clause):
            prizes = [Mention(Item.LAST_PRIZE, Prize.UNSPECIFIED, bare=True)]
        found += prizes
    return found


def _unknown_item(clause: str, context: Context) -> Item | None:
    about_prize = context.about_prizes or speaks_of(clause, Item.LAST_PRIZE)
    if about_prize and phrases.NOT_KNOWN_YEAR.search(clause):
        return Item.LAST_PRIZE_YEAR
    cued = [yes_no_item(cue, clause) for cue in find_cues(clause)]
    if not cued or context.asked in cued or (context.asked is Item.LEGAL and Item.OPERATING in cued):
        return context.asked
    return context.asked if cued[0] is Item.REGISTRATION_DATE and context.asked else cued[0]
