"""Turns of phrase that any item may meet: yes, no, not known, no more, a question, a correction.

Readable tables over the words of spelling.plain.
"""

from __future__ import annotations

import re


def _any(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


# Words around an answer that carry nothing, before and after it.
_BEFORE = _any(
    "(?:da|a|o|u|um|uh|thi|thua|em|minh|toi|ben|cong ty|don vi|doanh nghiep|hien|hien tai|nay|van|chac|cung) "
)
_AFTER = _any(
    " (?:a|roi|nha|nhe|nhen|ne|em|anh|chi|ban_?|het|ca|day|do|dau|luon|chu|ma|thoi|nua|vay|hen|hi|ad|shop|lam)"
)
_ASSENT = "co|roi|dung|chuan|chinh xac|day du|yes|yep|yeah|yup|ok|vang_yes|sure|duong nhien|tat nhien|chac chan|xong|du|uk|uki"
# A yes may be spelled out so far and no further: «có vốn nước ngoài» is none.
_DULY = _any(
    " (?:co|roi|dung|day du|tot|on|xong|dang hoang|nghiem tuc|nghiem chinh|binh thuong|hop phap|dat|duoc|nhan|tung|dang ky|tham gia|nhu vay)"
)

YES_FIRST = re.compile(
    _any(
        rf"{_BEFORE}*(?:{_ASSENT})\b(?:{_AFTER}|{_DULY})*$",
        rf"(?:da|vang_yes|u|um|uh|uhm|vang)(?: (?:da|vang|vang_yes|u))*{_AFTER}*$",
    )
)
YES_LAST = re.compile(
    _any(rf"\b(?:thi|la|deu) (?:co|roi|du|day du|xong){_AFTER}*$", rf"(?<!rac) (?:day du|dang hoang|roi){_AFTER}*$")
)
_AT_ALL = _any(
    " (?:co|he|tung|dat|duoc|nhan|du|dang ky|tham gia|lan|lan nao|gi|nao|lam|xong|kip|may|bao gio|day du|tot|dang hoang|cai|mot)"
)
NO_FIRST = re.compile(rf"{_BEFORE}*(?:khong|chua|chang|no|nope|never|not yet|none|lam gi co)\b(?:{_AFTER}|{_AT_ALL})*$")
NO_LAST = re.compile(rf"\b(?:thi|la|van|cung|deu) (?:khong|chua)(?: (?:co|tung|he))?{_AFTER}*$")

NOT_KNOWN = re.compile(
    _any(
        r"\b(?:khong|chua|chang|kho)(?: (?:duoc|co|the|he|thay|con|dam))* (?:ro|biet|nho|chac|xac dinh|nam (?:ro|duoc)|tinh"
        r"|chot|quyet|len ke hoach|ke hoach|xac nhan|kiem tra(?! nua)|thong ke|nghi toi|noi duoc|tra loi duoc)\b",
        r"\bquen(?: mat| roi)?\b|\bchiu\b(?! trach)|\bmu mo\b|\bbo qua\b|\bskip\b",
        r"\bde (?:em |minh |toi |ben em )?(?:hoi|xem|check|kiem tra|tra|coi) (?:lai|da|thu)|\bphai (?:hoi|xem|kiem tra) lai\b",
        r"^(?:khi|bao gio|luc|dot) nao\b.* thi (?:dang ky|nop|tham gia|lam)\b",
        r"\b(?:not sure|don't know|dont know|no idea|idk|unknown|can't remember)\b",
    )
)
# What has slipped the mind is the year of the prize, not the prize.
NOT_KNOWN_YEAR = re.compile(
    r"\b(?:ro|biet|nho|chac|quen)(?: (?:ro|chinh xac|la|mat|duoc|cai|chac))* (?:nam|thoi_? ?diem|khi|luc|ngay|thang)\b"
)

CORRECTION = re.compile(
    _any(
        r"\b(?:a |o |da |ui |uy )*(?:(?:noi|viet|ghi|nhap|go|tra loi|em|minh|toi) )?(?:nham|lon roi)\b"
        r"(?: (?:roi|mat|ti|chut|xiu|cai|em|a|nha|lan))*",
        r"\b(?:noi|ghi|viet|sua|chinh|doi|nhap|cap nhat)(?: (?:cho|giup|dum))?(?: (?:em|minh|toi))? (?:lai|sai)\b"
        r"(?: (?:roi|la|thanh|cho dung))*",
        r"\bsai roi\b|\bdinh chinh\b|\b(?:thuc|that|dung) ra(?: la)?\b|\by (?:em|toi|minh) la\b"
        r"|^(?:a|o|ui|uy) khong(?: phai)?\b(?=,|$)|^(?:a|o|ui|uy) quen(?: mat)?\b(?=,)",
        r"\b(?:actually|sorry|correction|i mean|wait)\b",
    )
)
NOT_THAT_BUT_THIS = re.compile(r"\bkhong phai(?: la)? [^,.;?]{1,40}?,? (?:ma|la) (?:la )?")
NOT_THAT = re.compile(r",? *\bchu (?:khong|chang) phai\b[^,.;?]*")
DENIAL = re.compile(r"^(?:da |a |o )*khong phai\b")

_LEAVING = (
    "di|nha|nhe|nhen|a|em|anh|chi|ban_?|khoi|kiem tra|viec|lam|nua|lai|o day|tai day|giup|dum|minh|toi|het|roi|form|nay"
    "|bieu mau|khong|can|luon|vay|do|cai|qua trinh|cam on|tam|ad|bot|shop"
)
CANCEL = re.compile(
    _any(
        r"^(?:da |a |u |ok |thoi |tam )*(?:thoi(?!_)|huy|huy bo|ngung|dung lai|dung o day|dung nua|thoat|thoat ra|ket thuc"
        rf"|bo di|khoi|bo cuoc|exit|quit|stop|cancel|de (?:sau|khi khac|luc khac|bua khac|hom khac))(?: (?:{_LEAVING}))*$",
        r"\bkhong (?:muon |can |thich )?(?:kiem tra|lam|tra loi|tiep tuc|tiep|hoi)(?: gi)? nua\b",
        r"\b(?:huy|ngung|dung|dung lai) (?:viec |cai |phan )?(?:kiem tra|form|khao sat|cuoc)\b",
    )
)

_WORDED = re.compile(
    r"\b"
    + _any(
        "bao nhieu|bao lau|bao gio|khi nao|luc nao|nam nao|ngay nao|thang nao|hoi nao|the nao|nhu nao|cho nao|ben nao|cai nao",
        "lam sao|ra sao|thi sao|tinh sao|la sao|sao vay|tai sao|vi sao|sao (?:lai|phai|khong)|la gi|gi vay|gi the|cai gi|nhung_? gi",
        r"gom gi|can gi|(?:dieu|khoan) may|la \w+ gi|loai nao|o dau|phai khong|dung khong|duoc khong|duoc chua|co phai|ai (?:cham|xet|duyet|quyet)",
        "may (?:diem|tieu chi|hang|loai|muc)|hay la|duoc chu|co tinh|tinh tu|tinh the",
        r"what|when|how|why|where|which|who|can (?:i|we)|do (?:i|we)|does|is (?:it|there)",
    )
    + r"\b"
)
_YES_NO = re.compile(
    r"\b(?:co|duoc|phai|can|bi|du|dung|nen)\b(?: \w+)* (?:khong|chua)"
    r"(?: (?:a|vay|nhi|nha|ha|the|em|ban_?|anh|chi|ad|shop|nhe|ta))*$"
)
_HUH = re.compile(r"\b(?:ha|nhi|phai hong?|dung hong?)$")
_ANSWER_LAST = re.compile(r"(?:thi|la|van|cung|deu|ma) (?:khong|chua)(?: \w+)?$")
_NEGATED = re.compile(r"\b(?:chua|khong|chang|quen)\b")
_OPENING = re.compile(
    _any(
        r"\bcho (?:\w+ ){0,2}hoi\b|\b(?:muon|xin|can) hoi\b|\bhoi (?:chut|xiu|them|cai|ti|nhanh|ngoai|la|ve)\b|\bthac mac\b",
        r"\bgiaidoan (?:giup|ho|them|ro|dum|cho)\b|\bvi du (?:nhu )?(?:neu|cong ty)\b|\bnoi ro (?:hon|giup)\b|\btu van\b",
        r"\bcho (?:\w+ )?(?:biet|xin) (?:them|ve|thong tin|mau)\b",
    )
)
# «thế còn Giải Vàng?», «còn hồ sơ thì sao» ask on; «còn sản phẩm thì bán 2 năm» tells.
FOLLOW_UP = re.compile(
    r"^(?:da |a |ok |u |um |roi )*(?:(?:the|vay)(?: thi)?(?: con)?|con) (?:\w+ ){0,5}\w+(?: (?:thi|la)? ?sao)?(?: (?:a|ad|nhi|em))* ?\?+$"
    r"|^(?:da |a |ok |u |um |roi )*(?:the|vay)? ?con (?:\w+ ){1,6}(?:thi |la )?sao\b|^(?:the|vay) con (?:\w+ ?){1,4}$"
)
HYPOTHETICAL = re.compile(r"\b(?:neu|gia su|truong hop|vi du|if)\b")
# A question that leans on what stands before it: «12 tháng, tính từ lúc nào?»
LEANING = re.compile(r"^(?:thi|la|tinh|nghia la|tuc la|co nghia|hay|do|cai do|nhu vay|vay)\b(?! du| duoc| co du)")
# What follows a fact about the company in the message that opens the check: «… 2 năm rưỡi có được tham dự không».
MAY_ENTER = re.compile(r"\b(?:thi )?(?:co|da|lieu|duoc)(?: (?:duoc|du|the|dang ky|tham du|nop|dat|dieu kien))+\b")


def is_yes(clause: str, dated: bool) -> bool:
    """True for a yes; in a clause with a time only one that opens it, for «5 năm rồi» is none."""
    return YES_FIRST.match(clause) is not None or (not dated and YES_LAST.search(clause) is not None)


def is_no(clause: str) -> bool:
    """True for a no; «không rõ» is looked for before."""
    return NO_FIRST.match(clause) is not None or NO_LAST.search(clause) is not None


def opens_question(clause: str) -> bool:
    """«cho em hỏi …»: what follows belongs to the question."""
    return _OPENING.search(clause) is not None


def asks(clause: str, marked: bool) -> bool:
    """True where a clause is a question; `marked`: a question mark stands behind it."""
    if NOT_KNOWN.search(clause) and not marked:  # «không biết có vi phạm không» is an answer
        return False
    if asks_yes_or_no(clause) or _HUH.search(clause):
        return True
    found = _WORDED.search(clause)
    return found is not None and (marked or not _NEGATED.search(clause[: found.start()]))


def asks_yes_or_no(clause: str) -> bool:
    """«… có được không», «… đủ chưa»; not «giải thì chưa», not «không có vi phạm»."""
    found = _YES_NO.search(clause)
    if found is None or _ANSWER_LAST.search(clause):
        return False
    return " chua" not in found[0] or re.match(r"(?:du|duoc|co)\b", found[0]) is not None
