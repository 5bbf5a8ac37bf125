"""Accents put back: what the content knows, what was typed, and what stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.restoration import AccentRestorer
from index.tokenizer import syllables

CONTENT = [
    "Điều kiện tham dự giải thưởng chất lượng quốc gia",
    "Doanh nghiệp đăng ký tham dự giải thưởng phải hoạt động liên tục từ 36 tháng",
    "Hồ sơ đăng ký tham dự gồm bản đăng ký và báo cáo tự đánh giá",
    "Hội đồng quốc gia đánh giá hồ sơ tham dự",
    "Ai quyết định tặng giải thưởng",
    "Dự thi thì phải có hồ sơ",
]


@pytest.fixture(scope="module")
def restorer() -> AccentRestorer:
    return AccentRestorer.learn(CONTENT)


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("dieu kien tham du giai thuong", "điều kiện tham dự giải thưởng"),
        ("ho so dang ky gom nhung gi", "hồ sơ đăng ký gồm những gì"),
        ("giai thuong duoc quy dinh nhu the nao", "giải thưởng được quy định như thế nào"),
        ("mat bao lau", "mất bao lâu"),
        ("tu 36 thang", "từ 36 tháng"),
        ("điều kien tham dự", "điều kiện tham dự"),  # typed accents hold beside the missing ones
        ("diều kiên", "điều kiện"),  # half of the marks of a syllable
        ("hồ sơ dự thi", "hồ sơ dự thi"),  # «thi» was meant, though «thì» is known too
    ],
)
def test_accents_come_back(restorer: AccentRestorer, typed: str, restored: str) -> None:
    assert " ".join(restorer.restore(syllables(typed))) == restored


@pytest.mark.parametrize("text", ["", "how do we enter the award", "xyz 123", "điều kiện", "blockchain"])
def test_what_is_not_known_stays(restorer: AccentRestorer, text: str) -> None:
    assert restorer.restore(syllables(text)) == syllables(text)


def test_every_token_is_kept_in_its_place(restorer: AccentRestorer) -> None:
    tokens = syllables("cty iso 9001 muon dang ky giai thuong")
    restored = restorer.restore(tokens)
    assert len(restored) == len(tokens) and restored[:3] == ["cty", "iso", "9001"]


def test_texts_without_accents_teach_nothing() -> None:
    learned = AccentRestorer.learn([*CONTENT, *["dieu kien tham du giai thuong"] * 50])
    assert learned.restore(["dieu", "kien"]) == ["điều", "kiện"]


def test_saved_and_loaded(restorer: AccentRestorer, tmp_path: Path) -> None:
    path = tmp_path / "restorer.npz"
    restorer.save(path)
    tokens = syllables("ai quyet dinh tang giai thuong chat luong")
    assert AccentRestorer.load(path).restore(tokens) == restorer.restore(tokens)


def test_nothing_learned_but_the_everyday_phrases() -> None:
    assert AccentRestorer.learn([]).restore(syllables("la bao nhieu")) == ["là", "bao", "nhiêu"]
