"""The report for people and for machines; gaps, repeats and torn words."""

from __future__ import annotations

import pytest

from knowledge.errors import ContentError
from knowledge.importing import Code, Finding, ImportProposal, ImportReport, Outcome, Severity, parse_upload
from knowledge.importing.report import Counts, PageShare

REPORT = ImportReport(
    Counts(articles=2, clauses=1_234),
    (PageShare(1, 200, 0.987), PageShare(2, 100, 0.5)),
    (
        Finding(Code.DUPLICATE_NUMBER, Severity.REFUSE, "Điều 57", "Số này xuất hiện hai lần."),
        Finding(Code.OMISSION, Severity.WARNING, "", "Không trọn vẹn."),
    ),
)
SYLLABLES = "Người đọc khen bài viết rõ ràng và đúng đắn thì người viết được cộng điểm cho cả năm sau nữa. "


def test_text_for_people() -> None:
    assert REPORT.text() == (
        "Cần người quyết định trước khi nhận; hệ thống không tự nhận.\n"
        "Tìm thấy: 2 điều, 1.234 khoản.\n"
        "Âm tiết hợp lệ: thấp nhất 50,0 % (trang 2).\n"
        "\n"
        "PHẢI QUYẾT ĐỊNH (1)\n"
        "  - [DuplicateNumber] Điều 57: Số này xuất hiện hai lần.\n"
        "\n"
        "CẢNH BÁO (1)\n"
        "  - [Omission] Không trọn vẹn.\n"
    )


def test_json_reads_back() -> None:
    assert ImportReport.from_json(REPORT.to_json()) == REPORT


@pytest.mark.parametrize("text", ["{}", "[]", "no json", '{"counts": 1, "page_shares": [], "findings": []}'])
def test_json_of_something_else(text: str) -> None:
    with pytest.raises(ContentError):
        ImportReport.from_json(text)


def test_the_heaviest_finding_decides() -> None:
    assert REPORT.outcome == Outcome.NEEDS_REVIEW
    assert ImportReport(REPORT.counts, (), REPORT.findings[1:]).outcome == Outcome.IMPORTED_WITH_WARNINGS
    assert ImportReport(REPORT.counts, (), ()).outcome == Outcome.IMPORTED


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Điều 5. A\nĐiều 6. B", []),
        ("Điều 5. A\nĐiều 5a. B\nĐiều 6. C", []),
        ("Điều 5. A\nĐiều 7. B", ["Điều 5 → Điều 7"]),
        ("Điều 5. A\n[…]\nĐiều 9. B", []),
        ("Điều 7. A\nĐiều 6. B", ["Điều 7 → Điều 6"]),
        ("Điều 5. A\n1. B\n3. C", ["khoản 1 Điều 5 → khoản 3 Điều 5"]),
        ("Điều 5. A\n2. B", ["khoản 2 Điều 5"]),
        ("Điều 5. A\n1. B\na) C\nb) D\nc) E\nd) G\nđ) H\ne) I\ng) K", []),
        ("Điều 5. A\n1. B\na) C\nc) E", ["điểm a khoản 1 Điều 5 → điểm c khoản 1 Điều 5"]),
    ],
)
def test_gaps(text: str, places: list[str]) -> None:
    findings = parse_upload(text.encode(), "x.txt").report.findings
    assert [one.where for one in findings if one.code == Code.NUMBERING_GAP] == places


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SYLLABLES, None),
        (
            SYLLABLES.replace("ười", "ườ i").replace("đọc", "đọ c").replace("viết", "viế t").replace("điểm", "điể m"),
            "BrokenSpacing",
        ),
        (
            "nguoi doc khen bai viet ro rang va dung dan thi nguoi viet duoc cong diem cho ca nam sau nua ",
            "LostAccents",
        ),
        (SYLLABLES.replace("ườ", "\ufffd"), "LostCharacters"),
        (SYLLABLES + "".join(f"xq{letter}zk wfj{letter} " for letter in "bcdghklmnpqrst" * 3), "LowSyllableShare"),
    ],
)
def test_spelling(text: str, code: str | None) -> None:
    suspicious = {"BrokenSpacing", "LostAccents", "LostCharacters", "LowSyllableShare"}
    found = parse_upload(("Điều 1. A\n1. " + text).encode(), "x.txt").report.codes() & suspicious
    assert (code in found) if code else not found


def test_findings_of_one_kind_are_counted_after_fifty() -> None:
    report = parse_upload("".join(f"Điều {2 * n}. A\n" for n in range(1, 100)).encode(), "x.txt").report
    gaps = [one for one in report.findings if one.code == Code.NUMBERING_GAP]
    assert (len(gaps), gaps[-1].sentence) == (51, "… và 48 chỗ khác.")


def test_an_excerpt_takes_the_document_that_a_person_names() -> None:
    without, named = (parse_upload("Điều 57. A".encode(), "x.txt", one) for one in ("", "ND37-2026"))
    assert (without.header.document, str(without.provisions[0].id)) == ("", "X0:57")
    assert (named.header.document, str(named.provisions[0].id)) == ("ND37-2026", "ND37-2026:57")
    assert Code.MISSING_HEADER in without.report.codes()


def test_a_whole_provision() -> None:
    proposal = parse_upload("Điều 1. A\nGồm:\n1. B:\na) C;\n2. D.\nHết điều.".encode(), "x.txt", "ND1-2099")
    assert proposal.full_text("ND1-2099:1") == "Điều 1. A\nGồm:\n1. B:\na) C;\n2. D.\nHết điều."
    assert proposal.full_text("ND1-2099:1.1") == "1. B:\na) C;"
    with pytest.raises(ContentError):
        proposal.provision("ND1-2099:9")
    assert ImportProposal.from_json(proposal.to_json()) == proposal
