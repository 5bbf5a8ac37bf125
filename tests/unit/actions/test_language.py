"""English must say so itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.answer import Language
from actions.language import language_of


@pytest.mark.parametrize(
    "text",
    [
        "What is the award?",
        "How many points for the Gold Award?",
        "can I apply",
        "Who may apply for the award this year?",
        "WHAT ARE THE BENEFITS OF WINNING",
        "we won gold in 2023 when can we apply again",
    ],
)
def test_english(text: str) -> None:
    assert language_of(text) is Language.ENGLISH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂",
        "điều kiện dự giải là gì",
        "dieu kien la gi",
        "ho so can gi",
        "giai vang award",
        "gold",
        "hello ad",
        "can bo nao cham diem",  # «cán bộ», not "can"
        "to khai o dau",  # «tờ khai»
        "in ho so ra do",
        "the can gi nua",
        "no to the nao",
        "the nao la du dieu kien",  # «thế nào», not "the"
        "award của VN là gì",
    ],
)
def test_vietnamese(text: str) -> None:
    assert language_of(text) is Language.VIETNAMESE


@given(st.text(max_size=80))
def test_any_text_has_a_language(text: str) -> None:
    assert language_of(text) in Language
