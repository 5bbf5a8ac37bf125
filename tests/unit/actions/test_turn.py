"""What of a message is the question."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.turn import without_once_more


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("nhắc lại giúp em điều kiện", "điều kiện"),
        ("Nhắc lại giùm mình các điều kiện tham dự", "điều kiện tham dự"),
        ("nhac lai giup chi may dieu kien hoi nay", "dieu kien hoi nay"),
        ("ad nói lại cho em về hồ sơ đăng ký", "hồ sơ đăng ký"),
        (unicodedata.normalize("NFD", "nhắc lại phần lệ phí"), "lệ phí"),
        ("nhắc lại", "nhắc lại"),
        ("nhắc lại đi", "nhắc lại đi"),
        ("quy chế có nhắc lại điều này không", "quy chế có nhắc lại điều này không"),
        ("nhắc em trước hạn 7 ngày", "nhắc em trước hạn 7 ngày"),
        ("điều kiện là gì", "điều kiện là gì"),
    ],
)
def test_only_the_wish_to_hear_it_again_is_left_out(said: str, question: str) -> None:
    assert without_once_more(said) == question


@given(st.text(max_size=60))
def test_what_is_left_is_the_end_of_what_was_said(text: str) -> None:
    left = without_once_more(text)
    assert left == text or (left and " ".join(unicodedata.normalize("NFC", text).split()).endswith(left))
