"""Messages that are no question for the knowledge: commands to the machine, insults, personal numbers."""

from __future__ import annotations

import re

from knowledge.vietnamese import fold, nfc

_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instruction|prompt|rule|previous|above)|\b(?:system|hidden|initial) (?:prompt|instruction)|"
    r"\b(?:reveal|print|show|repeat)\b.{0,30}\b(?:prompt|instruction|source code|password|token|api key)|\bjailbreak\b|\bdeveloper mode\b|"
    r"\bdan mode\b|\bact as\b|\bpretend (?:to be|you)|\byou are now\b|"
    r"\b(?:bo qua|quen|phot lo)\b.{0,40}\b(?:huong dan|chi dan|lenh|quy tac|yeu cau truoc)|\b(?:lenh he thong|cau lenh goc|mat khau|ma nguon)\b|"
    r"\b(?:dong vai|gia vo|gia lam|nhap vai)\b|\bdrop table\b|<script"
)
_ABUSE = re.compile(
    r"\b(?:dm|dkm|dcm|vcl|vkl|cc|clm|dit me|du ma|dmm|ngu (?:nhu|vl|vai|the|qua)|do ngu|oc cho|con cho|khon nan|mat day|may ngu|bot ngu|"
    r"fuck\w*|shit|stupid|idiot|bullshit)\b"
)
# What must not be taken for a number of somebody stands first: the mask itself, money, rows of years, dates, numbers of regulations.
_KEPT = (
    r"\[đã che\]",
    r"(?<![\d.,+])(?!84[.,]\d{3}[.,]\d{3}[.,]\d{3}(?!\d))[1-9]\d{0,2}(?:[.,]\d{3})+(?![.,]?\d)",
    r"(?<![\d.,+])[1-9](?:[., ]?\d)*(?= ?(?:đ|đồng|dong|vnđ|vnd|usd|tỷ|tỉ|ty|ti|triệu|trieu|tr)\b)",
    r"(?<![\d.,+])[1-9]\d{0,5}0{6,}(?!\d)",
    r"(?<!\d)(?:19|20)\d\d(?:(?:, | ?- ?| )(?:19|20)\d\d)+(?! ?\d)",
    r"(?<![\d./-])[0-3]?\d(?P<mark>[-./])[01]?\d(?P=mark)(?:19|20)\d\d(?![-./]?\d)",
    r"(?<!\d)\d{1,4}/(?:19|20)\d\d/[A-ZĐ][\w-]*",
)
_WORDS = (
    r"[^\S\n]{0,3}(?:(?:của|cua|em|tôi|toi|mình|minh|là|la|số|so|cty|công ty|cong ty|số là|:|=|-|–)[^\S\n]{0,3}){0,6}"
)
# What follows one of these words is such a number, however it is grouped.
_IDENTITY = (
    r"(?:cccd|cmnd|cmt|căn cước(?: công dân)?|can cuoc(?: cong dan)?|chứng minh(?: thư| nhân dân)?|chung minh(?: thu| nhan dan)?|"
    r"định danh|dinh danh|hộ chiếu|ho chieu|passport|mst|mã số thuế|ma so thue|mã số doanh nghiệp|ma so doanh nghiep|mã thuế|tax code|"
    r"stk|số tài khoản|so tai khoan|tài khoản|tai khoan|bhxh)"
)
_TELEPHONE = r"(?:sđt|sdt|đt|điện thoại|dien thoai|di động|di dong|hotline|zalo|phone|tel)"
_PERSONAL = re.compile(
    rf"(?P<kept>{'|'.join(_KEPT)})|"
    # e-mail, its signs also in words or brackets
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@[ ]?|[ ]?(?:\(at\)|\[at\]|\(a\)|\[a\])[ ]?|[ ](?:a còng|a cong|acong|@)[ ]?)[\w-]+"
    r"(?:(?:\.|[ ](?:chấm|cham|dot|\.)[ ])[\w-]+)+|"
    rf"(?P<named>\b(?:{_IDENTITY}|{_TELEPHONE})\b{_WORDS})(?!{_KEPT[2]}|{_KEPT[4]})[A-Za-z]?\d(?:[ .-]{{0,2}}\d){{6,18}}(?![\d/])|"
    # tax code of a branch, Vietnamese telephone numbers, mobile and fixed, then those of other countries
    r"(?<![\d/.,])\d{10}-\d{3}(?!\d)|"
    r"(?<!\d)(?<!\d[.,])(?:\(?\+?84\)?|\(?0)(?:[ .()-]{0,2}\d){8,10}(?!\d)|"
    r"(?<![\w+])\+\d{1,3}(?:[ .-]?\d){6,12}(?!\d)|"
    # identity card (12 or 9 digits), tax code (10 or 13), card and account numbers; groups of one or two digits are points
    r"(?<![\d/.,])(?=\d(?:[ -]?\d){8,18}(?!\d))\d{3,}(?:[ -]\d{3,})*(?:[ -]\d{1,2})?(?![ -]?\d)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    rf"(?P<other>\b{_IDENTITY}\b{_WORDS}[A-Za-z]?\d(?:[ .-]{{0,2}}\d){{6,18}})|[\w.+-]{{1,64}}@[\w-]+(?:\.[\w-]+)+|"
    r"(?<!\d)(?<!\d[.,])(?:\(?\+84\)?|\(?0)[ .()-]{0,2}(?:3[ .-]?[2-9]|5[ .-]?[2-9]|7[ .-]?[06-9]|8[ .-]?[1-9]|9[ .-]?\d|2[ .()-]?\d)"
    r"(?:[ .()-]{0,2}\d){7,8}(?!\d)",
    re.IGNORECASE,
)
MASK = "[đã che]"


def is_injection(text: str) -> bool:
    return _INJECTION.search(fold(text)) is not None


def is_abuse(text: str) -> bool:
    return _ABUSE.search(fold(text)) is not None


def mask_personal(text: str) -> str:
    """Identity, tax, phone and account numbers and e-mail addresses replaced; nothing that answers a question is lost."""
    return _PERSONAL.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    """The cue («CCCD của tôi là») stays, so that what was said can still be understood."""
    return found["kept"] or f"{found['named'] or ''}{MASK}"


def has_personal(text: str) -> bool:
    """True also where it was masked before."""
    return MASK in text or mask_personal(text) != text


def contact_details(text: str) -> tuple[str, ...]:
    """Telephone numbers and e-mail addresses, as they were typed: what a person may leave for an officer, and nothing else."""
    return tuple(found[0].strip() for found in _CONTACT.finditer(text) if not found["other"])


def clean(text: str) -> str:
    """A message in normal form: NFC, no control or invisible characters, spaces folded."""
    return " ".join(nfc(text).split())
