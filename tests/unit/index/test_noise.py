"""Generated typing noise: repeatable, and what it says it is."""

from __future__ import annotations

import pytest

from index.noise import NOISES, spoil, telex
from index.tokenizer import folded, syllables
from knowledge.vietnamese import undo_telex

QUESTION = "Doanh nghiệp được đăng ký tham dự Giải thưởng bao nhiêu lần trong 3 năm?"


@pytest.mark.parametrize("noise", NOISES)
def test_the_same_question_is_always_spoilt_alike(noise: str) -> None:
    assert spoil(QUESTION, noise) == spoil(QUESTION, noise) != QUESTION


def test_lost_accents_lose_nothing_else() -> None:
    spoilt = syllables(spoil(QUESTION, "half of the accents"))
    assert folded(spoilt) == folded(syllables(QUESTION)) and spoilt != folded(spoilt)


def test_short_forms() -> None:
    spoilt = spoil(QUESTION, "short forms").split()
    assert {"dn", "bn"} <= set(spoilt) and {"đc", "dc"} & set(spoilt)


def test_one_syllable_is_mistyped() -> None:
    pairs = zip(QUESTION.split(), spoil(QUESTION, "one typing error").split(), strict=True)
    assert sum(left != right for left, right in pairs) == 1


@pytest.mark.parametrize("text", ["", "?", "3 a"])
def test_nothing_to_mistype(text: str) -> None:
    assert spoil(text, "one typing error") == text


@pytest.mark.parametrize(
    ("word", "keys"), [("điều", "ddieeuf"), ("được", "dduowcj"), ("Giải", "Giair"), ("nhất", "nhaats"), ("ba", "ba")]
)
def test_telex(word: str, keys: str) -> None:
    assert telex(word) == keys
    assert undo_telex(keys.lower()) == word.lower()
