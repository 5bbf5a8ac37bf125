"""The linear map that draws wordings of one question together."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.projection import Projection


def _wordings() -> tuple[np.ndarray, np.ndarray]:
    """Two questions that differ in the first direction, each worded differently in the second."""
    random = np.random.default_rng(1)
    groups = np.repeat([0, 1], 20)
    vectors = np.column_stack([groups * 2.0 - 1, random.standard_normal(40) * 3, random.standard_normal(40) * 0.1])
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), groups


def test_wordings_of_one_question_come_closer() -> None:
    vectors, groups = _wordings()
    moved = Projection.learn("model", vectors, groups).apply(vectors)

    def inner_minus_outer(rows: np.ndarray) -> float:
        cosines = rows @ rows.T
        same = groups[:, None] == groups[None, :]
        return float(cosines[same].mean() - cosines[~same].mean())

    assert inner_minus_outer(moved) > inner_minus_outer(vectors)
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)


def test_another_models_vectors_pass_unchanged(tmp_path: Path) -> None:
    vectors, groups = _wordings()
    Projection.learn("model", vectors, groups).save(tmp_path / "p.npz")
    same = Projection.load("model", 3, tmp_path / "p.npz")
    other = Projection.load("other", 3, tmp_path / "p.npz")
    assert not np.allclose(same.apply(vectors), vectors, atol=1e-3)
    assert np.allclose(other.apply(vectors), vectors, atol=1e-6)
    assert np.allclose(Projection.load("model", 5, tmp_path / "p.npz").matrix, np.eye(5))
