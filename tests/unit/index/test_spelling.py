"""A question put right for the encoder."""

from __future__ import annotations

import pytest

from index.restoration import AccentRestorer
from index.spelling import spell

CONTENT = ["Doanh nghiệp đăng ký tham dự giải thưởng phải đạt từ 1.000 điểm", "Điều kiện tham dự là gì"]


@pytest.fixture(scope="module")
def restorer() -> AccentRestorer:
    return AccentRestorer.learn(CONTENT)


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("Dieu kien tham du la gi?", "Điều kiện tham dự là gì?"),
        ("Giải thưởng (TTLT) từ 1.000 điểm?", "Giải thưởng (TTLT) từ 1.000 điểm?"),
        ("DN đky tham du", "doanh nghiệp đăng ký tham dự"),
        ("DIEU KIEN", "ĐIỀU KIỆN"),
        ("ddieeuf kieenj", "điều kiện"),
        ("", ""),
    ],
)
def test_spelt(restorer: AccentRestorer, typed: str, spelt: str) -> None:
    assert spell(typed, restorer).text == spelt


def test_tokens_are_the_restored_syllables(restorer: AccentRestorer) -> None:
    assert spell("Dieu kien: 1.000 diem?", restorer).tokens == ("điều", "kiện", "1000", "điểm")
