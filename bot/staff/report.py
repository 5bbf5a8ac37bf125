"""The report of a time as a document to hand upward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from actions.documents.content import Block, Column, Document, Heading, Table, Text, Tone
from bot.staff.inbox import QuestionGroup
from bot.staff.statistics import Statistics

LABEL = "Báo cáo hoạt động của trợ lý Giải thưởng Chất lượng Quốc gia"
HOW_COUNTED = (
    "Tỷ lệ trả lời: số câu được trả lời (cả trả lời một phần) trên số câu hỏi thuộc phạm vi, không kể lời chào, biểu mẫu, câu chuyển cán bộ và "
    "câu ngoài phạm vi. Thời gian trả lời: nửa số lượt (p50) và 95% số lượt (p95) không lâu hơn. Số được đếm từ các lượt còn lưu; lượt của người "
    "đã yêu cầu xoá dữ liệu không còn trong báo cáo."
)


def percent(rate: float | None) -> str:
    """«86,4%»; a dash where nothing was counted."""
    return "–" if rate is None else f"{100 * rate:.1f}%".replace(".", ",")


def thousands(count: int | None) -> str:
    """«12.345»."""
    return "–" if count is None else f"{count:,}".replace(",", ".")


def facts(found: Statistics) -> list[tuple[str, str]]:
    """What is told first, on the page and in the report."""
    return [
        ("Lượt hỏi", thousands(found.total)),
        ("Tỷ lệ trả lời", percent(found.answer_rate)),
        ("Hài lòng (👍)", f"{percent(found.good_rate)} của {thousands(found.up + found.down)} đánh giá"),
        ("Yêu cầu gặp cán bộ", thousands(found.cases)),
        ("Thời gian trả lời p50", _milliseconds(found.latency_50)),
        ("Thời gian trả lời p95", _milliseconds(found.latency_95)),
    ]


def compose_report(
    found: Statistics,
    groups: Sequence[QuestionGroup],
    status_words: Mapping[str, str],
    channel_words: Mapping[str, str],
    operator: str,
    today: date,
) -> Document:
    """Facts, endings, channels, topics, and what could not be answered."""
    plain = [(name.replace(" (👍)", ""), value) for name, value in facts(found)]  # the font of the PDF has no such sign
    blocks: list[Block] = [
        Heading("Số liệu chính"),
        _table(("Chỉ số", "Giá trị"), plain),
        Heading("Lượt hỏi theo kết quả"),
        _counts("Kết quả", [(status_words.get(one, one), count) for one, count in found.statuses.most_common()]),
        Heading("Lượt hỏi theo kênh"),
        _counts("Kênh", [(channel_words.get(one, one), count) for one, count in found.channels.most_common()]),
        Heading("Chủ đề được hỏi nhiều"),
        _counts("Chủ đề", found.topics),
        Heading("Câu chưa được trả lời tốt, hỏi nhiều nhất"),
        _counts("Câu hỏi", [(one.title[:300], one.count) for one in groups]),
        Text(HOW_COUNTED, Tone.QUIET),
    ]
    subtitle = " · ".join(filter(None, (found.period.words, operator)))
    return Document("Báo cáo hoạt động", subtitle, LABEL, today, tuple(blocks))


def _milliseconds(value: int | None) -> str:
    return "–" if value is None else f"{thousands(value)} ms"


def _counts(name: str, rows: Sequence[tuple[str, int]]) -> Block:
    if not rows:
        return Text("Không có.", Tone.QUIET)
    return _table((name, "Số lượt"), [(words, thousands(count)) for words, count in rows])


def _table(names: tuple[str, str], rows: Sequence[tuple[str, str]]) -> Table:
    return Table((Column(names[0], 0.68), Column(names[1], 0.32, right=True)), tuple(rows))
