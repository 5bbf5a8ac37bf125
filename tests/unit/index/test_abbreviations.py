"""Short forms that people type."""

from __future__ import annotations

import pytest

from index.abbreviations import SHORT_FORMS, expand
from index.analysis import normal_tokens
from index.tokenizer import syllables
from knowledge.vietnamese import fold


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("GTCLQG", "giải thưởng chất lượng quốc gia"),
        ("dn", "doanh nghiệp"),
        ("DN nộp hs ở Sở KHCN", "doanh nghiệp nộp hồ sơ ở sở khoa học và công nghệ"),
        ("NĐ 37", "nghị định 37"),
        ("QĐ 132", "quyết định 132"),
        ("nd 37", "nghị định 37"),
        ("tt 27", "thông tư 27"),
        ("bn điểm", "bao nhiêu điểm"),
        ("k dc", "không được"),
        ("ko đc", "không được"),
        ("dk", "điều kiện đăng ký"),
        ("UBND tỉnh", "ủy ban nhân dân tỉnh"),
        ("hđqg", "hội đồng quốc gia"),
        ("đt", "điện thoại"),
        ("sđt", "số điện thoại"),
        ("da", "da"),
        ("đã", "đã"),
    ],
)
def test_short_forms_are_written_out(text: str, meant: str) -> None:
    found = [fold(token) for token in expand(syllables(text))]
    wanted = [fold(token) for token in syllables(meant)]
    assert found == wanted


@pytest.mark.parametrize("text", ["điều kiện", "kỳ", "không", "tòa", "hồ sơ", "đã nộp", "gcn" + "x"])
def test_words_stay_words(text: str) -> None:
    assert expand(syllables(text)) == syllables(text)


def test_keys_are_folded_and_values_are_written_out() -> None:
    for short, long in SHORT_FORMS.items():
        assert short == short.lower()
        assert long
        assert all(expand([word]) == [word] for word in long), f"{short} stands for a short form again: {long}"


def test_telex_keystrokes_are_undone_before() -> None:
    assert normal_tokens("ddieeuf kieejn") == ["điều", "kiện"]
    assert normal_tokens("dn tham gia gtclqg")[:2] == ["doanh", "nghiệp"]
