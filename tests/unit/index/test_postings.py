"""Postings against the formula written out, and against the other library's BM25."""

from __future__ import annotations

import math

import numpy as np
import pytest

from index.bm25 import Bm25Field
from index.postings import Postings, Rows, rarity

ROWS = [["điều", "kiện", "dự", "giải"], ["giải", "vàng"], ["giải", "bạc", "bạc"], []] + [["các"]] * 30
QUESTION = ["giải", "bạc", "các", "khác"]


def test_bm25_by_hand() -> None:
    scores = Postings.bm25(ROWS, k1=1.2, b=0.0).scores(["bạc"])
    assert scores[2] == pytest.approx(math.log(1 + (34 - 1 + 0.5) / 1.5) * 2 / (2 + 1.2))
    assert not scores[[0, 1, 3]].any()


def test_the_same_as_bm25s() -> None:
    ours = Postings.bm25(ROWS[:3], k1=1.2, b=0.6).scores(QUESTION)
    assert ours == pytest.approx(Bm25Field.build(ROWS[:3]).scores(QUESTION), rel=1e-4)


def test_frequent_terms_are_columns_and_count_the_same() -> None:
    postings = Postings.bm25(ROWS, k1=1.2, b=0.75)
    assert [term for term, number in postings.vocabulary.items() if number in postings.columns] == ["giải", "các"]
    bare = Postings(postings.vocabulary, postings.starts, postings.rows, postings.weights, {}, postings.count)
    assert bare.scores(QUESTION) == pytest.approx(postings.scores(QUESTION))


def test_nothing_indexed_or_nothing_asked() -> None:
    assert Postings.bm25([], 1.2, 0.75).scores(["giải"]).shape == (0,)
    assert not Postings.bm25(ROWS, 1.2, 0.75).scores([]).any()
    assert not Postings.bm25([[]], 1.2, 0.75).scores(["giải"]).any()


def test_what_rows_share_with_a_question() -> None:
    worth = rarity(ROWS)
    rows = Rows.of(ROWS, worth)
    shared = rows.shared(QUESTION, np.array([0, 2, 3, 1]))
    assert shared == pytest.approx([worth["giải"], worth["giải"] + worth["bạc"], 0.0, worth["giải"]])
    assert rows.totals[:4] == pytest.approx([sum(worth[term] for term in set(row)) for row in ROWS[:4]])


def test_rare_terms_are_worth_more() -> None:
    worth = rarity(ROWS)
    assert worth["vàng"] > worth["giải"] > worth["các"] > 0
