"""One tokenizer for building and asking."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.tokenizer import folded, syllables, trigrams, with_pairs


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Điều kiện dự giải?", ["điều", "kiện", "dự", "giải"]),
        ("khoản 1 điểm a", ["khoản", "1", "điểm", "a"]),  # one character is a token
        ("Từ 1.000 điểm", ["từ", "1000", "điểm"]),
        ("1,000 points", ["1000", "points"]),
        ("37/2026/NĐ-CP", ["37", "2026", "nđ", "cp"]),
        ("01.07.2026", ["01", "07", "2026"]),
        ("GTCLQG_2026", ["gtclqg", "2026"]),
        ("hoà", ["hoà"]),
        ("a1b", ["a", "1", "b"]),
        ("", []),
        (" \t\n ", []),
        ("🙂👍", []),
        ("!!! ... ???", []),
        ("điểm\u200bđ", ["điểmđ"]),
    ],
)
def test_syllables(text: str, tokens: list[str]) -> None:
    assert syllables(text) == tokens


@pytest.mark.parametrize(("left", "right"), [("hoà thuỷ", "hòa thủy"), ("ĐIỀU KIỆN", "điều kiện"), ("Thuở", "thuở")])
def test_two_ways_to_write_are_one(left: str, right: str) -> None:
    assert syllables(left) == syllables(right)


@given(st.text("aăâbcdđeêiloôơuưyáàảãạếềểễệ 0123456789.,-/", max_size=40))
def test_decomposed_text_gives_the_same_tokens(text: str) -> None:
    assert syllables(unicodedata.normalize("NFD", text)) == syllables(unicodedata.normalize("NFC", text))


@given(st.text(max_size=60))
def test_tokens_are_lower_case_pieces_without_spaces(text: str) -> None:
    for token in syllables(text):
        assert token
        assert not any(character.isspace() for character in token)


@given(st.lists(st.text("abcđ", min_size=1, max_size=3), max_size=8))
def test_pairs_follow_their_tokens(tokens: list[str]) -> None:
    terms = with_pairs(tokens)
    assert terms[: len(tokens)] == tokens
    assert len(terms) == max(0, 2 * len(tokens) - 1)
    assert all("_" in pair for pair in terms[len(tokens) :])


def test_pairs_and_folding() -> None:
    assert with_pairs(["giải", "thưởng", "vàng"]) == ["giải", "thưởng", "vàng", "giải_thưởng", "thưởng_vàng"]
    assert folded(["điều", "kiện"]) == ["dieu", "kien"]


def test_trigrams_outlive_a_typing_error() -> None:
    right, wrong = set(trigrams(["điều", "kiện"])), set(trigrams(["điều", "kiên"]))
    assert right == wrong  # accents play no part
    shared = right & set(trigrams(["điều", "kiẹnn"]))
    assert len(shared) / len(right) > 0.6
    assert trigrams([]) == []
