"""The form of an entry: from its fields to a record and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.staff.access import Visit
from knowledge.documents import Confidence
from knowledge.faq import FaqKind, FaqState

KINDS = {
    FaqKind.ANSWER: "Trả lời",
    FaqKind.PARTIAL: "Trả lời một phần",
    FaqKind.UNKNOWN: "Chưa có thông tin chính thức",
    FaqKind.CLARIFY: "Hỏi lại cho rõ",
    FaqKind.OUT_OF_SCOPE: "Ngoài phạm vi",
}
CONFIDENCES = {
    Confidence.OFFICIAL_TEXT: "Theo văn bản",
    Confidence.STATE_AGENCY_PAGE: "Theo trang của cơ quan nhà nước",
    Confidence.PRESS: "Theo báo chí",
    Confidence.INFERRED: "Suy ra từ văn bản",
}
STATES = {
    FaqState.DRAFT: "Bản nháp",
    FaqState.REVIEW: "Chờ duyệt",
    FaqState.APPROVED: "Đã duyệt, chờ công bố",
    FaqState.PUBLISHED: "Đang dùng",
    FaqState.WITHDRAWN: "Đã rút",
}
LISTS = ("variants", "facts", "choices", "follow_ups")
_ONE_LINE = ("topic", "kind", "question", "confidence", "valid_from", "valid_to", "where")


def read_form(visit: Visit) -> dict[str, Any]:
    """The record that was typed, unchecked; lists are typed one item a line."""
    record: dict[str, Any] = {name: " ".join(visit.text(name).split()) for name in _ONE_LINE}
    record["answer"] = visit.text("answer")
    record |= {name: _lines(visit.text(name)) for name in LISTS}
    record["citations"] = list(dict.fromkeys(visit.texts("citations")))
    if identity := visit.text("id", 120):
        record["id"] = identity
    english = {"question": visit.text("en_question"), "answer": visit.text("en_answer")}
    variants = _lines(visit.text("en_variants"))
    if any(english.values()) or variants:
        record["en"] = {**english, "variants": variants}
    return record


def form_fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of a record."""
    english = record.get("en") or {}
    fields = {name: str(record.get(name) or "") for name in ("id", *_ONE_LINE, "answer")}
    fields |= {name: "\n".join(record.get(name) or []) for name in LISTS}
    fields["en_question"], fields["en_answer"] = english.get("question", ""), english.get("answer", "")
    fields["en_variants"] = "\n".join(english.get("variants") or [])
    return {**fields, "citations": list(record.get("citations") or [])}


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(" ".join(line.split()) for line in text.split("\n") if line.strip()))
