"""The lexical retriever: nothing is dropped, nothing is padded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bm25 import Bm25Field

ROWS = [["khoản", "1", "điều", "59"], ["khoản", "2", "điều", "59"], ["điểm", "a"], []]


def _stored(rows: list[list[str]], folder: Path) -> Bm25Field:
    Bm25Field.build(rows).save(folder)
    return Bm25Field.load(folder, len(rows))


@pytest.fixture(params=["built", "stored"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[list[list[str]]], Bm25Field]:
    """As it was built, and as it comes back from disk: both keep the contract."""
    return Bm25Field.build if request.param == "built" else lambda rows: _stored(rows, tmp_path / "field")


def test_one_character_terms_count(make: Callable[[list[list[str]]], Bm25Field]) -> None:
    field = make(ROWS)
    assert np.argmax(field.scores(["1"])) == 0
    assert np.argmax(field.scores(["khoản", "2"])) == 1
    assert np.argmax(field.scores(["a"])) == 2


def test_unknown_terms_change_nothing(make: Callable[[list[list[str]]], Bm25Field]) -> None:
    field = make(ROWS)
    assert field.scores(["chưa", "thấy"]).tolist() == [0, 0, 0, 0]
    assert field.scores(["59", "chưa"]).tolist() == field.scores(["59"]).tolist()
    assert field.scores([]).tolist() == [0, 0, 0, 0]


def test_only_rows_with_a_term_score(make: Callable[[list[list[str]]], Bm25Field]) -> None:
    scores = make(ROWS).scores(["khoản", "59"])
    assert (scores > 0).tolist() == [True, True, False, False]
    assert scores.dtype == np.float32


def test_a_rare_term_weighs_more(make: Callable[[list[list[str]]], Bm25Field]) -> None:
    field = make([["giải", "vàng"], ["giải", "bạc"], ["giải", "bạc"]])
    assert field.scores(["vàng"])[0] > field.scores(["bạc"])[1] > field.scores(["giải"])[1] > 0


def test_building_says_nothing(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    Bm25Field.build(ROWS)
    assert caplog.records == []
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("rows", [[], [[]], [[], []]])
def test_an_empty_corpus_answers_nothing(make: Callable[[list[list[str]]], Bm25Field], rows: list[list[str]]) -> None:
    assert make(rows).scores(["điều", "59"]).tolist() == [0.0] * len(rows)


@given(
    st.lists(st.lists(st.sampled_from("abcdđ"), max_size=5), max_size=6),
    st.lists(st.sampled_from("abcdđx"), max_size=4),
)
def test_a_score_for_every_row_and_none_below_zero(rows: list[list[str]], terms: list[str]) -> None:
    scores = Bm25Field.build(rows).scores(terms)
    assert scores.shape == (len(rows),)
    assert (scores >= 0).all()
    for row, score in zip(rows, scores, strict=True):
        assert (score > 0) == bool(set(row) & set(terms))


def test_where_all_postings_would_be_too_many_the_rarest_terms_count(monkeypatch: pytest.MonkeyPatch) -> None:
    field = Bm25Field.build([["giải", "thưởng", f"mục{number}"] for number in range(100)])
    whole = field.scores(["giải", "thưởng", "mục7"])
    monkeypatch.setattr("index.bm25.MOST_POSTINGS", 150)
    cheaper = field.scores(["giải", "thưởng", "mục7"])
    assert np.argmax(cheaper) == np.argmax(whole) == 7
    monkeypatch.setattr("index.bm25.MOST_POSTINGS", 1)
    assert np.flatnonzero(field.scores(["giải", "thưởng", "mục7"])).tolist() == [7]
    assert (field.scores(["giải"]) > 0).all()  # one term always counts
