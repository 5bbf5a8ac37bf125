"""Turns of phrase in the eligibility form, as readable tables over the words of spelling.plain: yes, no, not known, stop, …"""

from __future__ import annotations

import re

# Words around an answer that carry nothing, before and after it.
_BEFORE = r"(?:(?:da|a|o|u|um|uh|thi|thua|em|minh|toi|ben|cong ty|don vi|doanh nghiep|hien|hien tai|nay|van|chac|cung|hinh nhu|tat nhien) )*"
_AFTER = (
    r"(?: (?:a|roi|nha|nhe|nhen|ne|em|anh|chi|ban_?|ban|het|ca|day|do|dau|luon|chu|ma|thoi|nua|vay|hen|hi|ad|shop))*"
)

YES = re.compile(
    rf"{_BEFORE}(?:co|roi|dung|chuan|chinh xac|day du|yes|yep|yeah|yup|ok|vang_yes|sure|duong nhien|chac chan|xong|du)\b(?! (?:khong|chua)\b)"
    rf"|(?:da|vang_yes|u|um|uh|uhm|vang)(?: (?:da|vang|vang_yes|u))*{_AFTER}$"
    rf"|.*\b(?:thi|la|deu) (?:co|roi|du|day du|xong){_AFTER}$"
    rf"|.* (?:day du|dang hoang|roi){_AFTER}$"
)
NO = re.compile(
    rf"{_BEFORE}(?:khong|chua|chang|no|nope|never|not yet|none|lam gi co)\b"
    rf"|.*\b(?:thi|la|van|cung|deu) (?:khong|chua)(?: (?:co|tung|he))?{_AFTER}$"
)
BARE_YES = re.compile(rf"{_BEFORE}(?:co|roi|dung|yes|yep|ok){_AFTER}")

NOT_KNOWN = re.compile(
    r"\b(?:khong|chua|chang|kho)(?: (?:duoc|co|the|he|thay|con|dam))* (?:ro|biet|nho|chac|xac dinh|nam|tinh|chot|quyet|len ke hoach|co ke hoach"
    r"|xac nhan|kiem tra|thong ke|nghi toi|noi duoc|tra loi duoc)\b"
    r"|\bquen(?: mat| roi)?\b|\bchiu\b(?! trach)|\bde (?:em |minh |toi |ben em )?(?:hoi|xem|check|kiem tra|tra|coi) (?:lai|da|thu)"
    r"|\bphai (?:hoi|xem|kiem tra) lai\b|\bmu mo\b|\bbo qua\b|\bskip\b|\b(?:not sure|don't know|dont know|no idea|idk|unknown|can't remember)\b"
    r"|^(?:chua|khong) (?:ro|biet|chac)"
)
# What has slipped the mind is the year of the prize, not the prize.
NOT_KNOWN_YEAR = re.compile(
    r"\b(?:ro|biet|nho|chac|quen)(?: (?:ro|chinh xac|la|mat|duoc|cai|chac))* (?:nam|thoi_? ?diem|khi|luc|ngay|thang)\b"
)

CORRECTION = re.compile(
    r"\b(?:a |o |da |ui |uy )*(?:(?:noi|viet|ghi|nhap|go|tra loi|em|minh|toi) )?(?:nham|lon roi|lon)\b(?: (?:roi|mat|ti|chut|xiu|cai|em|a|nha|lan))*"
    r"|\b(?:noi|ghi|viet|sua|chinh|doi|nhap|cap nhat)(?: (?:cho|giup|dum))?(?: (?:em|minh|toi))? (?:lai|sai)\b(?: (?:roi|la|thanh|cho dung))*"
    r"|\bsai roi\b|\bdinh chinh\b|\b(?:thuc|that) ra\b|\by (?:em|toi|minh) la\b|^(?:a|o|ui|uy) khong(?: phai)?\b(?=,|$)"
    r"|\b(?:actually|sorry|correction|i mean|wait)\b"
)
NOT_THAT_BUT_THIS = re.compile(r"\bkhong phai(?: la)? [^,.;?]{1,40}?,? (?:ma|la) (?:la )?")
NOT_THAT = re.compile(r",? *\bchu (?:khong|chang) phai\b[^,.;?]*")
DENIAL = re.compile(r"^(?:da |a |o )*khong phai\b")

_POLITE = r"(?: (?:di|nha|nhe|nhen|a|em|anh|chi|ban_?|ban|khoi|kiem|tra|kiem tra|viec|lam|nua|lai|o day|giup|dum|minh|toi|het|roi|form|form nay|bieu mau|khong|can|luon|vay|do|cai|nay|qua trinh|cam on|tam|hoi|tai day))*"
CANCEL = re.compile(
    rf"^(?:da |a |u |ok |thoi |tam )*(?:thoi(?!_)|huy|huy bo|ngung|dung lai|dung o day|dung nua|thoat|thoat ra|ket thuc|bo di|khoi|bo cuoc"
    rf"|exit|quit|stop|cancel|(?:thoi )?de (?:sau|khi khac|luc khac|bua khac|hom khac)){_POLITE}$"
    r"|\bkhong (?:muon |can |thich )?(?:kiem tra|lam|tra loi|tiep tuc|tiep|hoi)(?: gi)? nua\b"
    r"|\b(?:huy|ngung|dung|dung lai) (?:viec |cai |phan )?(?:kiem tra|form|khao sat|cuoc)\b"
)

_WORDED_QUESTION = re.compile(
    r"\b(?:bao nhieu|bao lau|bao gio|khi nao|luc nao|nam nao|ngay nao|thang nao|hoi nao|the nao|nhu nao|lam sao|ra sao|thi sao|la sao|sao vay|la gi|gi vay"
    r"|gi the|cai gi|nhung gi|gom gi|can gi|o dau|cho nao|ben nao|cai nao|loai nao|tai sao|vi sao|sao (?:lai|phai|khong)|phai khong|dung khong|duoc khong"
    r"|duoc chua|co phai|ai (?:cham|xet|duyet|quyet)|may (?:diem|tieu chi|hang|loai|muc)|hay la|duoc chu|co tinh|tinh tu|tinh the"
    r"|what|when|how|why|where|which|who|can (?:i|we)|do (?:i|we)|does|is (?:it|there))\b"
)
_YES_NO_QUESTION = re.compile(
    r"\b(?:co|duoc|phai|can|bi|du|dung|nen)\b(?: \w+)* (?:khong|chua)(?: (?:a|vay|nhi|nha|ha|the|em|ban_?|ban|anh|chi|ad|shop|nhe|ta))*$"
)
_NOT_AT_THE_END = re.compile(r"(?:thi|la|van|cung|deu|ma) (?:khong|chua)(?: \w+)?$")
_NEGATED_BEFORE = re.compile(r"\b(?:chua|khong|chang|quen)\b")
_ASKING = re.compile(
    r"\bcho (?:\w+ ){0,2}hoi\b|\b(?:muon|xin|can) hoi\b|\bhoi (?:chut|xiu|them|cai|ti|nhanh|ngoai|la|ve)\b|\bthac mac\b|\bgiaidoan (?:giup|ho|them|ro|dum|cho)\b"
    r"|\bvi du (?:nhu )?(?:neu|cong ty)\b|\bnoi ro (?:hon|giup)\b|\bcho (?:\w+ )?(?:biet|xin) (?:them|ve|thong tin|mau)\b|\btu van\b"
)
HYPOTHETICAL = re.compile(r"\b(?:neu|gia su|truong hop|vi du|if)\b")
# A question that leans on what stands before it: «12 tháng, tính từ lúc nào?»
LEANING = re.compile(r"^(?:thi|la|tinh|nghia la|tuc la|co nghia|hay|do|cai do|nhu vay|vay)\b(?! du| duoc| co du)")


def asks(clause: str, marked: bool) -> bool:
    """True where a clause is a question; `marked`: a question mark stands behind it."""
    if _ASKING.search(clause):
        return True
    if YES_NO_ASKED(clause):
        return True
    found = _WORDED_QUESTION.search(clause)
    if found is None:
        return False
    return marked or not _NEGATED_BEFORE.search(clause[: found.start()])


def YES_NO_ASKED(clause: str) -> bool:
    """«… có được không», «… đủ chưa»; not «giải thì chưa», not «không có vi phạm»."""
    found = _YES_NO_QUESTION.search(clause)
    if found is None or _NOT_AT_THE_END.search(clause):
        return False
    ends_on_not_yet = " chua" in found[0]
    return not ends_on_not_yet or re.match(r"(?:du|duoc|co)\b", found[0]) is not None


def opens_question(clause: str) -> bool:
    """«cho em hỏi …»: what follows belongs to the question."""
    return _ASKING.search(clause) is not None
