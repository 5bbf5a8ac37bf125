"""A corpus of a few entries, small enough to be read here and wide enough for every kind of passage."""

from __future__ import annotations

from datetime import date
from typing import Any

from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Confidence, Document, Period, Provision
from knowledge.faq import FaqEntry, FaqKind, Wording
from knowledge.guidance import Guidance, Regime

NEW = Period(date(2026, 1, 23))
OLD = Period(date(2009, 2, 1), date(2026, 6, 30))
GAZETTE = "https://congbao.example/37"


def pid(text: str) -> ProvisionId:
    return ProvisionId.parse(text)


def document(identity: str, number: str, valid: Period, *provisions: Provision, **more: Any) -> Document:
    fields: dict[str, Any] = {
        "type": "Nghị định",
        "title": "Quy định về giải thưởng",
        "issuer": "Chính phủ",
        "signed": valid.start,
        "source": GAZETTE,
        "checked_against": None,
        "status_note": None,
        "rank": 2,
    }
    return Document(id=identity, number=number, valid=valid, provisions=provisions, **(fields | more))


def entry(identity: str, question: str, answer: str, *variants: str, **more: Any) -> FaqEntry:
    fields: dict[str, Any] = {"topic": "điều kiện", "kind": FaqKind.ANSWER}
    return FaqEntry(id=identity, vietnamese=Wording(question, variants, answer), **(fields | more))


def small_corpus() -> Corpus:
    """Two decrees (one former), three guidance items and an entry of each kind."""
    decree = document(
        "ND37-2026",
        "37/2026/NĐ-CP",
        NEW,
        Provision(pid("ND37-2026:59"), NEW, "Ai được dự giải và cần những gì.", title="Điều kiện tham dự"),
        Provision(pid("ND37-2026:59.1"), NEW, "Được thành lập hợp pháp và hoạt động ít nhất 36 tháng."),
        Provision(pid("ND37-2026:59.1.đ"), NEW, "Không vi phạm trong 36 tháng.", official_text="đ) Không vi phạm;"),
    )
    former = document(
        "ND132-2008",
        "132/2008/NĐ-CP",
        OLD,
        Provision(pid("ND132-2008:25"), OLD, "Giải có bảy tiêu chí, tổng 1.000 điểm.", title="Tiêu chí xét tặng"),
    )
    guidance = (
        Guidance(
            "now.a",
            Regime.CURRENT,
            "Lãnh đạo",
            None,
            ("Lãnh đạo định hướng thế nào?",),
            ("Tầm nhìn",),
            (pid("ND37-2026:59"),),
        ),
        Guidance(
            "former.1",
            Regime.FORMER,
            "Vai trò của lãnh đạo",
            120,
            ("Nêu vai trò",),
            (),
            (pid("ND132-2008:25"),),
            valid=OLD,
        ),
        Guidance("ref.1", Regime.REFERENCE, "Leadership", 70, ("How do leaders lead?",)),
    )
    faq = (
        entry(
            "dieu-kien-36-thang",
            "Doanh nghiệp phải hoạt động bao lâu thì được dự giải?",
            "Ít nhất 36 tháng tính đến ngày đăng ký.",
            "cty mở bao lâu thì dc dự giải",
            "hoạt động mấy năm mới được tham dự",
            citations=(pid("ND37-2026:59.1"),),
            follow_ups=("mau-don",),
            valid=NEW,
            english=Wording(
                "How long must a company have operated?", ("how many years in business",), "At least 36 months."
            ),
        ),
        entry(
            "tieu-chi-cu",
            "Bảy tiêu chí của giải chất lượng quốc gia là gì?",
            "Bảy tiêu chí, tổng 1.000 điểm.",
            "bay tieu chi cham diem",
            topic="tiêu chí",
            citations=(pid("ND132-2008:25"),),
            valid=OLD,
        ),
        entry(
            "mau-don",
            "Mẫu đơn đăng ký lấy ở đâu?",
            "Chưa có mẫu chính thức được công bố.",
            "xin mau don o dau",
            topic="hồ sơ",
            kind=FaqKind.UNKNOWN,
            where="giaithuong.org.vn",
            confidence=Confidence.PRESS,
        ),
        entry(
            "diem",
            "Điểm",
            "Bạn hỏi điểm nào?",
            kind=FaqKind.CLARIFY,
            choices=("dieu-kien-36-thang", "mau-don"),
        ),
        entry(
            "iso",
            "Cấp chứng chỉ ISO 9001 ở đâu?",
            "Việc chứng nhận ISO nằm ngoài phạm vi.",
            topic="ngoài phạm vi",
            kind=FaqKind.OUT_OF_SCOPE,
        ),
    )
    return Corpus((decree, former), guidance, faq)
