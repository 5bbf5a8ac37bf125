"""A decree of which one clause was amended and one repealed, with its own words; beside it a former decree and the amending one.

All of it is invented: the words are ours, the numbers belong to no regulation.
"""

from __future__ import annotations

from datetime import date

from knowledge.corpus import Corpus
from knowledge.documents import Period, Provision
from small_corpus import document, entry, pid

SINCE = Period(date(2026, 1, 23))
UNTIL_JUNE = Period(date(2026, 1, 23), date(2027, 6, 30))
FROM_JULY = Period(date(2027, 7, 1))
OLD = Period(date(2009, 2, 1), date(2026, 6, 30))
FIRST_WORDS = "1. Đơn vị đã hoạt động  từ 36 tháng;\ntheo khoản 2 Điều này."
NEW_WORDS = "1. Đơn vị đã hoạt động từ 24 tháng."


def amended_corpus() -> Corpus:
    """In force on 22/11/2026: Điều 59 with three clauses; from 01/07/2027 clause 1 reads anew and clause 3 is gone."""
    decree = document(
        "ND37-2026",
        "37/2026/NĐ-CP",
        SINCE,
        Provision(pid("ND37-2026:57"), SINCE, "Tiêu chí xét thưởng.", title="Tiêu chí"),
        Provision(pid("ND37-2026:59"), SINCE, "", title="Điều kiện", official_text="Điều 59. Điều kiện dự giải"),
        Provision(pid("ND37-2026:59.1"), UNTIL_JUNE, "", official_text=FIRST_WORDS, ended_by=pid("ND99-2027:1.1")),
        Provision(pid("ND37-2026:59.1"), FROM_JULY, "", official_text=NEW_WORDS, made_by=pid("ND99-2027:1.1")),
        Provision(
            pid("ND37-2026:59.2"),
            SINCE,
            "",
            official_text="2. Theo Điều 57 Nghị định này và Điều 60:",
            official_closing="Trừ trường hợp nêu tại Nghị định số 132/2008/NĐ-CP.",
        ),
        Provision(pid("ND37-2026:59.2.a"), SINCE, "", official_text="a) Có giấy tờ;"),
        Provision(pid("ND37-2026:59.2.đ"), SINCE, "", official_text="đ) Có hồ sơ <đủ> & “đúng”."),
        Provision(
            pid("ND37-2026:59.3"), UNTIL_JUNE, "Điều khoản phụ.", official_text=None, ended_by=pid("ND99-2027:1.2")
        ),
        status_note="Đang có hiệu lực. Thay Nghị định 132/2008/NĐ-CP.",
        checked_against="Bản Công báo số 1.",
    )
    amending = document(
        "ND99-2027",
        "99/2027/NĐ-CP",
        FROM_JULY,
        Provision(pid("ND99-2027:1"), FROM_JULY, "Sửa Điều 59.", title="Sửa đổi"),
        Provision(pid("ND99-2027:1.1"), FROM_JULY, "Sửa khoản 1 Điều 59; bỏ khoản 2."),
        Provision(pid("ND99-2027:1.2"), FROM_JULY, "Bỏ khoản 3 Điều 59."),
        title="Nghị định sửa đổi, bổ sung một số điều của Nghị định số 37/2026/NĐ-CP",
        source=None,
    )
    former = document(
        "ND132-2008",
        "132/2008/NĐ-CP",
        OLD,
        Provision(pid("ND132-2008:25"), OLD, "Giải có bảy tiêu chí.", title="Tiêu chí cũ"),
        Provision(pid("ND132-2008:27"), Period(OLD.start, date(2018, 6, 30)), "Cách chấm.", title="Chấm điểm"),
        ended_by=pid("ND37-2026:59"),
    )
    undated = document("TT03-2026", "03/2026/TT-BKHCN", Period(), type="Thông tư", rank=4, title=None)
    faq = (entry("hoat-dong", "Hoạt động bao lâu?", "36 tháng.", citations=(pid("ND37-2026:59.1"),), valid=SINCE),)
    return Corpus((decree, amending, former, undated), (), faq)
