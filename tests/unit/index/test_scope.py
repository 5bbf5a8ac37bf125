"""Whether a question is about the award: by what retrieval found."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fake_encoder import HashEncoder, plain_ranker
from index.build import build_index
from index.errors import RetrievalError
from index.hybrid import HybridRetriever, Retrieval
from index.scope import NAMES, ScopeModel, features
from small_corpus import small_corpus

SMALL = small_corpus()


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    target = tmp_path_factory.mktemp("index") / "small"
    build_index(SMALL, HashEncoder(), target)
    return HybridRetriever(target, SMALL, HashEncoder(), plain_ranker())


def _named(retrieval: Retrieval) -> dict[str, float]:
    return dict(zip(NAMES, features(retrieval, retrieval.hits[0].evidence), strict=True))


def test_ours_and_what_is_declined_are_measured_apart(retriever: HybridRetriever) -> None:
    ours = _named(retriever.retrieve("Doanh nghiệp phải hoạt động bao lâu thì được dự giải?", None))
    others = _named(retriever.retrieve("Cấp chứng chỉ ISO 9001 ở đâu?", None))
    assert ours["cosine_ours"] > ours["cosine_others"]
    assert others["cosine_others"] > others["cosine_ours"]
    assert ours["coverage_ours"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("giải thưởng chất lượng quốc gia là gì", 1.0),
        ("gtclqg", 1.0),
        ("GIAI VANG", 1.0),
        ("the award", 1.0),
        ("thời tiết hôm nay", 0.0),
    ],
)
def test_the_name_of_the_award_is_noticed(retriever: HybridRetriever, text: str, named: float) -> None:
    assert _named(retriever.retrieve(text, None))["names_award"] == named


def test_the_shipped_weights_tell_near_from_far(retriever: HybridRetriever) -> None:
    model = ScopeModel.load()
    assert model.model.weights.shape == (len(NAMES),)
    found = retriever.retrieve("Doanh nghiệp phải hoạt động bao lâu thì được dự giải?", None)
    near = replace(found, outside=0.0)
    assert 0 <= model.probability(replace(near, hits=(), outside=1.0)) < model.probability(near) <= 1


def test_no_hits_are_no_error(retriever: HybridRetriever) -> None:
    empty = Retrieval(retriever.analyse(""), np.zeros(64, np.float32), (), 0.0)
    assert 0 <= ScopeModel.load().probability(empty) <= 1


def test_weights_of_other_features_are_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "scope.json"
    path.write_text(json.dumps({"features": [], "weights": [], "intercept": 0.0}))
    with pytest.raises(RetrievalError, match="run: award index train"):
        ScopeModel.load(path)
