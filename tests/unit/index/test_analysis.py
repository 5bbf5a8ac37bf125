"""A text in all the forms that the retrievers compare."""

from __future__ import annotations

import unicodedata

import pytest

from index.analysis import analyse
from index.restoration import AccentRestorer

RESTORER = AccentRestorer.learn(["Doanh nghiệp cần những điều kiện gì để tham dự giải thưởng?"] * 3)


@pytest.mark.parametrize(
    "typed",
    [
        "doanh nghiệp cần những điều kiện gì",
        "DOANH NGHIỆP CẦN NHỮNG ĐIỀU KIỆN GÌ???",
        unicodedata.normalize("NFD", "doanh nghiệp cần những điều kiện gì"),
        "doanh nghiep can nhung dieu kien gi",
        "dn cần những điều kiện gì",
        "doanh nghieejp caanf nhuwngx ddieeuf kieejn gif",
    ],
)
def test_the_same_question_however_it_is_typed(typed: str) -> None:
    analysis = analyse(typed, RESTORER)
    assert analysis.text == "doanh nghiệp cần những điều kiện gì"
    assert analysis.folded_terms[:7] == "doanh nghiep can nhung dieu kien gi".split()


@pytest.mark.parametrize("text", ["what is the cost of taking part", "does our firm have to pay for the test"])
def test_english_words_are_no_keystrokes(text: str) -> None:
    assert analyse(text, RESTORER).tokens == tuple(text.split())


def test_typed_accents_stay_in_the_tokens() -> None:
    analysis = analyse("dieu kiện", RESTORER)
    assert analysis.tokens == ("dieu", "kiện")
    assert analysis.restored == ("điều", "kiện")
    assert analysis.exact_terms == ["điều", "kiện", "điều_kiện"]
    assert analysis.folded_terms == ["dieu", "kien", "dieu_kien"]


@pytest.mark.parametrize("text", ["", "   ", "🙂", "???"])
def test_nothing_in_it_is_no_error(text: str) -> None:
    analysis = analyse(text, RESTORER)
    assert (analysis.tokens, analysis.restored, analysis.text) == ((), (), "")
    assert analysis.exact_terms == analysis.folded_terms == analysis.trigrams == []
