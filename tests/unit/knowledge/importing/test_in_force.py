"""First days in force, and what a document ends."""

from __future__ import annotations

import pytest

from knowledge.importing import ImportProposal, parse_upload

HEAD = "Số: 5/2099/NĐ-CP\nHà Nội, ngày 31 tháng 01 năm 2099\nNGHỊ ĐỊNH\nVề việc mẫu\n"


def parsed(text: str) -> ImportProposal:
    return parse_upload((HEAD + "Điều 1. A\n" + text).encode(), "mau.txt")


@pytest.mark.parametrize(
    ("sentence", "rule", "start"),
    [
        ("Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2099.", "fixed", "2099-07-01"),
        ("Nghị định này có hiệu lực kể từ ngày 01/7/2099.", "fixed", "2099-07-01"),
        ("Nghị định này có hiệu lực thi hành kể từ ngày ký ban hành.", "on_signing", "2099-01-31"),
        ("Nghị định này có hiệu lực thi hành sau 15 ngày, kể từ ngày ký.", "after_signing", "2099-02-15"),
        ("Nghị định này có hiệu lực sau 01 tháng kể từ ngày ký ban hành.", "after_signing", "2099-02-28"),
        ("Nghị định này có hiệu lực sau bốn mươi lăm ngày kể từ ngày ký.", "after_signing", "2099-03-17"),
        ("Nghị định này có hiệu lực thi hành sau 15 ngày, kể từ ngày đăng Công báo.", "after_gazette", "None"),
        ("Nghị định này có hiệu lực thi hành từ ngày 31 tháng 02 năm 2099.", "fixed", "None"),
    ],
)
def test_first_day(sentence: str, rule: str, start: str) -> None:
    proposal = parsed(sentence)
    assert [(str(one.rule), str(one.start), one.targets) for one in proposal.in_force] == [(rule, start, ())]
    assert proposal.header.in_force_evidence == sentence
    assert str(proposal.header.in_force_from) == start
    assert ("InForceUnknown" in proposal.report.codes()) == (start == "None")


@pytest.mark.parametrize(
    "sentence",
    [
        "Từ ngày Nghị định này có hiệu lực thi hành đến hết ngày 30 tháng 6 năm 2099, việc cũ được tiếp tục.",
        "Giấy chứng nhận có hiệu lực từ ngày 01 tháng 7 năm 2099.",
        "Hồ sơ nộp trước ngày Nghị định này có hiệu lực được xét theo quy định cũ.",
    ],
)
def test_no_clause_about_the_document(sentence: str) -> None:
    assert parsed(sentence).in_force == ()


def test_a_part_has_its_own_day() -> None:
    proposal = parsed(
        "1. Nghị định này có hiệu lực từ ngày 01 tháng 5 năm 2099.\n2. Khoản 2 Điều 7 có hiệu lực từ ngày 01 tháng 7 năm 2099."
    )
    whole, part = proposal.in_force
    assert (str(whole.start), whole.targets) == ("2099-05-01", ())
    assert (str(part.start), [str(one) for one in part.targets]) == ("2099-07-01", ["ND5-2099:7.2"])


def test_front_matter_that_contradicts_the_text() -> None:
    text = (
        '---\nnumber: "5/2099/NĐ-CP"\nin_force_from: 2099-01-01\n---\n\n## Điều 1. A\n\n'
        "Nghị định này có hiệu lực từ ngày 02 tháng 01 năm 2099."
    )
    proposal = parse_upload(text.encode(), "mau.md")
    assert "InForceMismatch" in proposal.report.codes()
    assert str(proposal.outcome) == "needs_review"


@pytest.mark.parametrize(
    ("sentence", "documents", "provisions"),
    [
        ("Nghị định số 1/2080/NĐ-CP hết hiệu lực kể từ ngày 01/7/2099.", {"ND1-2080": "2099-07-01"}, {}),
        ("Bãi bỏ Nghị định số 1/2080/NĐ-CP.", {"ND1-2080": "None"}, {}),
        ("Nghị định này thay thế Nghị định số 1/2080/NĐ-CP.", {"ND1-2080": "None"}, {}),
        (
            "Bãi bỏ Điều 4 và khoản 2 Điều 6 Nghị định số 1/2080/NĐ-CP.",
            {},
            {"ND1-2080:4": "None", "ND1-2080:6.2": "None"},
        ),
        (  # a title that names other documents ends only the one that has the title
            "Nghị định số 1/2080/NĐ-CP ngày 02/3/2080 sửa đổi Nghị định số 2/2070/NĐ-CP và Nghị định số 3/2070/NĐ-CP hết hiệu lực.",
            {"ND1-2080": "None"},
            {},
        ),
        (
            "Thông tư số 1/2080/TT-BKHCN ngày 02/3/2080 về mẫu và Thông tư số 2/2081/TT-BKHCN ngày 02/3/2081 hết hiệu lực.",
            {"TT1-2080": "None", "TT2-2081": "None"},
            {},
        ),
        ("Giấy chứng nhận theo Nghị định số 1/2080/NĐ-CP hết hiệu lực sau 05 năm.", {}, {}),
        ("Tiếp tục dùng cho đến hết thời hạn hiệu lực của Nghị định số 1/2080/NĐ-CP.", {}, {}),
    ],
)
def test_endings(sentence: str, documents: dict[str, str], provisions: dict[str, str]) -> None:
    proposal = parsed(sentence)
    assert {one.document: str(one.effective) for one in proposal.repeals if one.document} == documents
    assert {str(one.target): str(one.effective) for one in proposal.amendments} == provisions


def test_a_list_takes_the_day_of_the_words_above_it() -> None:
    proposal = parsed(
        "1. Các văn bản sau hết hiệu lực từ ngày 01/7/2099:\na) Nghị định số 1/2080/NĐ-CP;\nb) Điều 2 Nghị định số 2/2080/NĐ-CP."
    )
    assert [(one.document, str(one.effective), one.source) for one in proposal.repeals] == [
        ("ND1-2080", "2099-07-01", "ND5-2099:1.1.a")
    ]
    assert [(str(one.target), str(one.effective)) for one in proposal.amendments] == [("ND2-2080:2", "2099-07-01")]
