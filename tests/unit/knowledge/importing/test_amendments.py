"""Instructions of an amending document: verb, target, new text, first day."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.importing import ImportProposal, parse_upload

HEAD = (
    "Số: 9/2099/NĐ-CP\nHà Nội, ngày 05 tháng 3 năm 2099\nNGHỊ ĐỊNH\nSửa đổi một số điều của Nghị định số 1/2090/NĐ-CP\n"
    "Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 1/2090/NĐ-CP\n"
)
TAIL = "\nĐiều 2. Hiệu lực\nNghị định này có hiệu lực từ ngày 01 tháng 5 năm 2099."


def parsed(text: str) -> ImportProposal:
    return parse_upload((HEAD + text + TAIL).encode(), "sua.txt")


def changes(text: str) -> list[tuple[str, str, str]]:
    return [(str(one.kind), str(one.target), str(one.part)) for one in parsed(text).amendments]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Sửa đổi khoản 2 Điều 5 như sau:\n“2. Mới.”", [("amend", "ND1-2090:5.2", "whole")]),
        ("1. Khoản 2 Điều 5 được sửa đổi như sau: “2. Mới.”", [("amend", "ND1-2090:5.2", "whole")]),
        ("1. Sửa đổi Điều 5 như sau:\n“Điều 5. Tên\n1. Mới.\n2. Mới.”.", [("amend", "ND1-2090:5", "whole")]),
        (
            "1. Sửa đổi khoản 1, khoản 2 Điều 5 như sau:\n“1. Mới.\n2. Mới.”",
            [("amend", "ND1-2090:5.1", "whole"), ("amend", "ND1-2090:5.2", "whole")],
        ),
        ("1. Bổ sung Điều 6a vào sau Điều 6 như sau:\n“Điều 6a. Tên\n1. Mới.”", [("add", "ND1-2090:6a", "whole")]),
        ("1. Bổ sung khoản 5 vào sau khoản 4 Điều 7 như sau:\n“5. Mới.”", [("add", "ND1-2090:7.5", "whole")]),
        ("1. Bổ sung điểm đ khoản 2 Điều 7 như sau:\n“đ) Mới.”", [("add", "ND1-2090:7.2.đ", "whole")]),
        (
            "1. Sửa đổi, bổ sung Điều 8 như sau:\na) Sửa đổi khoản 1 như sau:\n“1. Mới.”",
            [("amend", "ND1-2090:8.1", "whole")],
        ),
        ("1. Sửa đổi tên Điều 9 như sau:\n“Điều 9. Tên mới”", [("amend", "ND1-2090:9", "title")]),
        ("1. Sửa đổi đoạn mở đầu khoản 3 Điều 9 như sau:\n“3. Mở đầu:”", [("amend", "ND1-2090:9.3", "opening")]),
        (
            "1. Bãi bỏ Điều 3, điểm c khoản 1 Điều 4.",
            [("repeal", "ND1-2090:3", "whole"), ("repeal", "ND1-2090:4.1.c", "whole")],
        ),
        ("1. Sửa đổi Điều 8 như sau:\na) Bãi bỏ khoản 3;", [("repeal", "ND1-2090:8.3", "whole")]),
        ("1. Sửa đổi Điều 2 Nghị định số 7/2095/NĐ-CP như sau:\n“Điều 2. Tên”", [("amend", "ND7-2095:2", "whole")]),
    ],
)
def test_changes(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert changes(text) == expected


@pytest.mark.parametrize(
    ("text", "old", "new", "targets"),
    [
        (
            "1. Thay thế cụm từ “cũ” bằng cụm từ “mới” tại khoản 1 Điều 8, Điều 9.",
            "cũ",
            "mới",
            ["ND1-2090:8.1", "ND1-2090:9"],
        ),
        ("1. Thay cụm từ “cũ” bằng “mới” tại Điều 9.", "cũ", "mới", ["ND1-2090:9"]),
        ("1. Bỏ cụm từ “cũ” tại Điều 9.", "cũ", "", ["ND1-2090:9"]),
        ("1. Bổ sung cụm từ “thêm” vào sau cụm từ “cũ” tại Điều 9.", "cũ", "cũ thêm", ["ND1-2090:9"]),
        ("1. Thay thế cụm từ “cũ” bằng cụm từ “mới”.", "cũ", "mới", ["ND1-2090"]),
    ],
)
def test_phrases(text: str, old: str, new: str, targets: list[str]) -> None:
    found = parsed(text).amendments
    assert [(str(one.kind), one.old_phrase, one.new_phrase) for one in found] == [("replace_phrase", old, new)] * len(
        targets
    )
    assert [str(one.target) for one in found] == targets


def test_new_text_is_a_tree_with_its_own_references() -> None:
    (change,) = parsed(
        "1. Sửa đổi khoản 2 Điều 5 như sau:\n“2. Theo Điều 3 Nghị định này:\na) Một;\nb) Hai.”"
    ).amendments
    assert [str(one.id) for one in change.provisions] == ["ND1-2090:5.2", "ND1-2090:5.2.a", "ND1-2090:5.2.b"]
    assert change.text == "2. Theo Điều 3 Nghị định này:\na) Một;\nb) Hai."
    assert [str(target) for one in change.references for target in one.targets] == ["ND1-2090:3"]
    assert (str(change.effective), change.source, change.complete) == ("2099-05-01", "ND9-2099:1.1", True)


def test_an_addition_says_where_it_goes() -> None:
    (change,) = parsed("1. Bổ sung điểm e vào sau điểm đ khoản 2 Điều 7 như sau:\n“e) Mới.”").amendments
    assert (str(change.target), str(change.after)) == ("ND1-2090:7.2.e", "ND1-2090:7.2.đ")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1. Sửa đổi khoản 2 Điều 5 như sau:\n“3. Số khác.”", "AmendmentUnclear"),
        ("1. Sửa đổi khoản 2 Điều 5 như sau:", "AmendmentUnclear"),
        ("1. Sửa đổi khoản 2 Điều 5 như sau:\n“2. Không đóng.", "UnclosedQuotation"),
        ("1. Sửa đổi khoản 2 Điều 5 như sau:\n“2. Bỏ bớt […].”", "Omission"),
    ],
)
def test_what_a_person_must_look_at(text: str, code: str) -> None:
    assert code in parsed(text).report.codes()


@pytest.mark.parametrize("text", ["“2. Không đóng.", "“2. Bỏ bớt […].”"])
def test_an_incomplete_change_says_so(text: str) -> None:
    assert not parsed("1. Sửa đổi khoản 2 Điều 5 như sau:\n" + text).amendments[0].complete


def test_numbers_in_an_instruction_are_those_of_the_amended_document() -> None:
    proposal: Any = parsed("1. Sửa đổi khoản 2 Điều 5 như sau:\n“2. Mới.”")
    assert [str(target) for one in proposal.references if one.owner == "ND9-2099:1.1" for target in one.targets] == [
        "ND1-2090:5.2"
    ]
