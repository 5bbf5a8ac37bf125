"""The dense retriever: exact inner products, best first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fake_encoder import HashEncoder
from index.dense import DenseField

TEXTS = ["điều kiện dự giải", "hồ sơ đăng ký", "giải vàng bao nhiêu điểm"]


@pytest.fixture(params=["built", "stored"])
def field(request: pytest.FixtureRequest, tmp_path: Path) -> DenseField:
    built = DenseField.build(HashEncoder().encode_passages(TEXTS))
    if request.param == "built":
        return built
    built.save(tmp_path / "field.faiss")
    return DenseField.load(tmp_path / "field.faiss")


@pytest.mark.parametrize("row", range(3))
def test_a_text_is_nearest_to_itself(field: DenseField, row: int) -> None:
    rows, cosines = field.search(HashEncoder().encode_queries([TEXTS[row]])[0], 3)
    assert rows[0] == row
    assert cosines[0] == pytest.approx(1, abs=1e-5)
    assert (np.diff(cosines) <= 0).all()


def test_more_is_asked_for_than_there_is(field: DenseField) -> None:
    rows, cosines = field.search(HashEncoder().encode_queries(["điều kiện"])[0], 50)
    assert sorted(rows.tolist()) == [0, 1, 2]
    assert len(cosines) == 3


def test_cosines_of_named_rows(field: DenseField) -> None:
    vector = HashEncoder().encode_queries([TEXTS[1]])[0]
    assert field.cosines(vector, np.array([1, 0], np.int64)) == pytest.approx(
        [1.0, HashEncoder().encode_queries([TEXTS[0]])[0] @ vector], abs=1e-5
    )
    assert field.cosines(vector, np.array([], np.int64)).shape == (0,)


def test_a_large_field_is_a_graph_that_finds_what_exact_search_finds(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    vectors = random.normal(size=(2_000, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    exact, graph = DenseField.build(vectors), DenseField.build(vectors, exact_up_to=1_000)
    graph.save(tmp_path / "graph.faiss")
    loaded = DenseField.load(tmp_path / "graph.faiss")
    shared = [len(set(exact.search(one, 20)[0]) & set(loaded.search(one, 20)[0])) / 20 for one in vectors[:100]]
    assert np.mean(shared) > 0.95
    some = np.array([5, 1_999, 0], np.int64)
    assert loaded.cosines(vectors[7], some) == pytest.approx(vectors[some] @ vectors[7], abs=1e-5)
