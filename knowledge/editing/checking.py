"""Whether a record can become an entry: its form, the provisions and the entries that it names. Messages are for staff."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from knowledge.citations import ProvisionId
from knowledge.database import DocumentRow, FaqRow, plain_record
from knowledge.errors import ContentError, EditRefused
from knowledge.faq import FaqKind
from knowledge.files import FaqFile, faq_record, parse_faq
from knowledge.vietnamese import fold

MOST_ANSWER, MOST_QUESTION, MOST_VARIANTS, MOST_ID = 4_000, 500, 200, 80
NAMES = {
    "id": "Mã",
    "topic": "Chủ đề",
    "kind": "Loại",
    "question": "Câu hỏi",
    "variants": "Cách hỏi khác",
    "answer": "Câu trả lời",
    "citations": "Căn cứ",
    "facts": "Dữ kiện",
    "confidence": "Độ chắc chắn",
    "valid_from": "Áp dụng từ ngày",
    "valid_to": "Áp dụng đến ngày",
    "where": "Hỏi ở đâu",
    "choices": "Lựa chọn",
    "follow_ups": "Gợi ý hỏi tiếp",
    "en": "Tiếng Anh",
}
_MARKED = re.compile(r"[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]")


def checked_record(session: Session, record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as it is kept. Raises EditRefused with the field that is wrong."""
    given = {key: value for key, value in record.items() if value not in (None, "", [])}
    try:
        FaqFile.model_validate(given)
        entry = parse_faq(given, "")
    except ValidationError as error:
        first = error.errors()[0]
        raise EditRefused(_in_words(str(first["loc"][0]) if first["loc"] else "", first["type"])) from error
    except ContentError as error:
        raise EditRefused(f"Căn cứ: {error}") from error
    wording = entry.vietnamese
    if len(wording.answer) > MOST_ANSWER:
        raise EditRefused(f"Câu trả lời dài nhất {MOST_ANSWER} ký tự: trong trò chuyện không ai đọc dài hơn.")
    if len(wording.variants) > MOST_VARIANTS or any(len(one) > MOST_QUESTION for one in wording.all_questions):
        raise EditRefused(f"Nhiều nhất {MOST_VARIANTS} cách hỏi, mỗi câu hỏi dài nhất {MOST_QUESTION} ký tự.")
    if entry.valid.start and entry.valid.end and entry.valid.start > entry.valid.end:
        raise EditRefused("Ngày bắt đầu áp dụng nằm sau ngày kết thúc.")
    if entry.kind is FaqKind.CLARIFY and len(entry.choices) < 2:
        raise EditRefused("Loại «hỏi lại» cần ít nhất hai lựa chọn (mã của các mục khác).")
    if _MARKED.search(json.dumps(given, ensure_ascii=False).replace("\\n", "")) or _MARKED.search(wording.answer):
        raise EditRefused("Có ký tự điều khiển ẩn trong nội dung; hãy gõ lại chỗ dán từ nơi khác.")
    kept = plain_record(faq_record(entry))
    _check_citations(session, entry.citations)
    _check_entries(session, entry.id, (*entry.choices, *entry.follow_ups))
    return kept


def check_not_needed(session: Session, entry: str) -> None:
    """Raises EditRefused where other entries lead to this one."""
    query = select(FaqRow.id, FaqRow.content).where(
        FaqRow.id != entry, cast(FaqRow.content, String).contains(f'"{entry}"', autoescape=True)
    )
    users = [
        identity
        for identity, content in session.execute(query)
        if content and entry in (*content.get("choices", []), *content.get("follow_ups", []))
    ]
    if users:
        raise EditRefused(f"Các mục khác đang dẫn tới mục này: {', '.join(users[:8])}. Hãy sửa các mục đó trước.")


def new_id(session: Session, topic: str, question: str) -> str:
    """An id that nobody has, from the topic and the question."""
    words = re.findall(r"[a-z0-9]+", fold(f"{topic} {question}"))
    base = "-".join(words)[:60].strip("-") or "muc"
    taken = set(session.scalars(select(FaqRow.id).where(FaqRow.id.startswith(base, autoescape=True))))
    return next(one for one in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if one not in taken)


def _check_citations(session: Session, citations: tuple[ProvisionId, ...]) -> None:
    for name in dict.fromkeys(one.document for one in citations):
        content = session.scalar(select(DocumentRow.content).where(DocumentRow.id == name))
        if content is None:
            raise EditRefused(f"Căn cứ {name}: kho không có văn bản này.")
        held = {str(one["id"]) for one in content.get("provisions", [])}
        for one in citations:
            if one.document == name and one.article and str(one) not in held:
                raise EditRefused(f"Căn cứ {one}: văn bản không có chỗ này trong kho.")


def _check_entries(session: Session, entry: str, named: tuple[str, ...]) -> None:
    there = set(session.scalars(select(FaqRow.id).where(FaqRow.id.in_(named), FaqRow.content.is_not(None))))
    missing = [one for one in named if one not in there]
    if entry in named:
        raise EditRefused("Mục không thể dẫn tới chính nó.")
    if missing:
        raise EditRefused(f"Không có mục nào đang dùng mang mã {', '.join(missing)}.")


def _in_words(field: str, kind: str) -> str:
    name = NAMES.get(field, field)
    if kind in ("missing", "string_too_short"):
        return f"{name}: chưa có nội dung."
    if field == "id":
        return "Mã gồm chữ thường không dấu và chữ số, nối bằng dấu gạch ngang."
    if kind.startswith("date"):
        return f"{name}: hãy chọn một ngày có thật."
    return f"{name}: giá trị không hợp lệ."
