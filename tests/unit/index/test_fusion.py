"""Joining scores of different scales."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import best_first, reciprocal_ranks, scaled, scaled_sum

scores_of = st.lists(st.integers(0, 5), min_size=1, max_size=30).map(lambda values: np.array(values, np.float32))


@given(scores_of, st.integers(1, 40))
def test_the_first_few_are_the_first_of_all(scores: np.ndarray, count: int) -> None:
    assert best_first(scores, count).tolist() == best_first(scores).tolist()[:count]


def test_ties_go_by_number() -> None:
    assert best_first(np.array([1, 2, 2, 0, 2], np.float32), 2).tolist() == [1, 2]


def test_reciprocal_ranks_ignore_scale() -> None:
    left, right = np.array([3, 1, 2], np.float32), np.array([0.9, 0.8, 0.1], np.float32)
    assert reciprocal_ranks([left, right]) == pytest.approx(reciprocal_ranks([left * 1000, right]))
    assert reciprocal_ranks([left, right])[0] == pytest.approx(2 / 61)


def test_scaled_sum_keeps_how_much_better_the_first_is() -> None:
    close, clear = np.array([1.0, 0.99, 0], np.float32), np.array([0, 1.0, 0], np.float32)
    assert scaled_sum([close, clear], [0.5, 0.5]).argmax() == 1
    assert scaled(clear).tolist() == [0, 1, 0]
    assert scaled(np.zeros(3, np.float32)).tolist() == [0, 0, 0]
