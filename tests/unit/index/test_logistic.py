"""A logistic regression as a value."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import RetrievalError
from index.logistic import Logistic

MODEL = Logistic(("a", "b"), np.array([2.0, -1.0]), 0.5)
NUMBERS = st.floats(-1e6, 1e6)


def test_even_odds() -> None:
    assert MODEL.probability(np.array([0.0, 0.5])) == pytest.approx(0.5)


def test_one_row_and_many() -> None:
    rows = np.array([[0.0, 0.0], [1.0, 1.0]])
    assert MODEL.probability(rows).shape == (2,)
    assert MODEL.probability(rows)[1] == MODEL.probability(rows[1])


@given(st.tuples(NUMBERS, NUMBERS), NUMBERS)
def test_a_probability_whatever_the_features(row: tuple[float, float], more: float) -> None:
    low, high = sorted((row[0], more))
    one, other = (float(MODEL.probability(np.array([a, row[1]]))) for a in (low, high))
    assert 0 <= one <= other <= 1


def test_kept_and_read_again(tmp_path: Path) -> None:
    MODEL.save(tmp_path / "model.json")
    read = Logistic.load(tmp_path / "model.json", ("a", "b"))
    assert read.names == MODEL.names and np.array_equal(read.weights, MODEL.weights)
    with pytest.raises(RetrievalError, match="run: award index train"):
        Logistic.load(tmp_path / "model.json", ("b", "a"))
