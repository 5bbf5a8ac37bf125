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
# Identity card (12 or 9 digits), tax code (10, 10-3), phone, card or account numbers, e-mail.
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)")
_NUMBER = re.compile(r"(?<![\d/.,])\d(?:[ -]?\d){8,18}(?!\d)")
MASK = "[đã che]"


def is_injection(text: str) -> bool:
    return _INJECTION.search(fold(text)) is not None


def is_abuse(text: str) -> bool:
    return _ABUSE.search(fold(text)) is not None


def mask_personal(text: str) -> str:
    """Identity, tax, phone and account numbers and e-mail addresses replaced; nothing that answers a question is lost."""
    for pattern in (_EMAIL, _PHONE, _NUMBER):
        text = pattern.sub(MASK, text)
    return text


def has_personal(text: str) -> bool:
    return mask_personal(text) != text


def clean(text: str) -> str:
    """A message in normal form: NFC, no control or invisible characters, spaces folded."""
    return " ".join(nfc(text).split())
