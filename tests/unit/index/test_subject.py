"""Which questions are ours by meaning and by words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.subject import Subject

PROBE = Subject("e5", np.array([1.0, -2.0], np.float32), 0.5, {"giai": 2.0, "pho": -3.0}, 0.25)


def test_meaning_is_a_direction() -> None:
    assert PROBE.of_meaning(np.array([1.0, 0.0], np.float32)) == pytest.approx(1.5)
    assert PROBE.of_meaning(np.array([0.0, 1.0], np.float32)) == pytest.approx(-1.5)


def test_words_count_once_and_unknown_ones_thin_them_out() -> None:
    assert PROBE.of_words(["giai", "giai"]) == pytest.approx(2.25)
    assert PROBE.of_words(["giai", "x", "y", "z"]) == pytest.approx(1.25)
    assert PROBE.of_words(["pho"]) < PROBE.of_words([]) < PROBE.of_words(["giai"])


@given(st.lists(st.sampled_from(["giai", "pho", "bo", "vang"])))
def test_the_order_of_words_does_not_count(terms: list[str]) -> None:
    assert PROBE.of_words(terms) == PROBE.of_words(reversed(terms))


def test_kept_and_read_again(tmp_path: Path) -> None:
    PROBE.save(tmp_path / "subject.npz")
    read = Subject.load("e5", 2, tmp_path / "subject.npz")
    assert read.of_words(["giai", "pho"]) == PROBE.of_words(["giai", "pho"])
    assert np.array_equal(read.direction, PROBE.direction)
    assert read.intercept == PROBE.intercept


def test_of_another_encoder_s_vectors_it_says_nothing(tmp_path: Path) -> None:
    PROBE.save(tmp_path / "subject.npz")
    other = Subject.load("another", 3, tmp_path / "subject.npz")
    assert other.of_meaning(np.ones(3, np.float32)) == 0
    assert other.of_words(["giai"]) == PROBE.of_words(["giai"])


def test_the_shipped_probes_know_our_words() -> None:
    shipped = Subject.load("multilingual-e5-small", 384)
    assert shipped.direction.any()
    assert shipped.of_words(["giai", "thuong", "giai_thuong"]) > shipped.of_words(["bong", "da", "bong_da"])
