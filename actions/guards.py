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
# Sums of money and rows of years are what people ask about; they stand first, so that no other pattern takes them for a number
# of somebody. Then e-mail, phone, identity card (12 or 9 digits), tax code (10, 10-3), card or account numbers.
_PERSONAL = re.compile(
    r"(?P<kept>(?<![\d.,+])(?!84[.,]\d{3}[.,]\d{3}[.,]\d{3}(?!\d))[1-9]\d{0,2}(?:[.,]\d{3})+(?![.,]?\d)|"
    r"(?<![\d.,+])[1-9](?:[., ]?\d)*(?= ?(?:đ|đồng|dong|vnđ|vnd|usd|tỷ|tỉ|ty|ti|triệu|trieu|tr)\b)|"
    r"(?<!\d)(?:19|20)\d\d(?:(?:, | ?- ?| )(?:19|20)\d\d)+(?! ?\d))|"
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|"
    r"(?<!\d)(?<!\d[.,])(?:\+?84|\(?0)(?:[ .)-]{0,2}\d){8,10}(?!\d)|"
    r"(?<![\d/.,])\d(?:[ -]?\d){8,18}(?!\d)",
    re.IGNORECASE,
)
MASK = "[đã che]"


def is_injection(text: str) -> bool:
    return _INJECTION.search(fold(text)) is not None


def is_abuse(text: str) -> bool:
    return _ABUSE.search(fold(text)) is not None


def mask_personal(text: str) -> str:
    """Identity, tax, phone and account numbers and e-mail addresses replaced; nothing that answers a question is lost."""
    return _PERSONAL.sub(lambda found: found["kept"] or MASK, text)


def has_personal(text: str) -> bool:
    return mask_personal(text) != text


def clean(text: str) -> str:
    """A message in normal form: NFC, no control or invisible characters, spaces folded."""
    return " ".join(nfc(text).split())
