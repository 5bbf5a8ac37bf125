"""The learned ranker: its weights are those that the features need, and probabilities come out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.errors import RetrievalError
from index.features import KIND_NAMES, NAMES
from index.ranker import Ranker, expand, expanded_names

MEASURED, COLUMNS = len(NAMES), len(NAMES) + len(KIND_NAMES)


def test_the_shipped_weights_fit_the_features() -> None:
    ranker = Ranker.load()
    assert ranker.model.weights.shape == (len(expanded_names()),)
    assert np.isfinite(ranker.model.weights).all()


def test_better_features_give_more_evidence() -> None:
    ranker = Ranker.load()
    features = np.zeros((2, COLUMNS))
    features[0, :MEASURED], features[1, :MEASURED] = 0.98, 0.2
    evidence = ranker.evidence(features)
    assert 0 <= evidence[1] < evidence[0] <= 1


def test_nothing_to_rank() -> None:
    assert Ranker.load().evidence(np.zeros((0, COLUMNS))).shape == (0,)


def test_expansion_has_a_column_for_every_name() -> None:
    features = np.arange(2 * COLUMNS, dtype=np.float64).reshape(2, COLUMNS)
    wide = expand(features)
    assert wide.shape == (2, len(expanded_names()))
    short = wide[:, COLUMNS : COLUMNS + MEASURED]
    assert short.max() == 0, "no candidate is better than the best"


def test_weights_of_other_features_are_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    path.write_text(json.dumps({"features": ["something"], "weights": [1.0], "intercept": 0.0}))
    with pytest.raises(RetrievalError, match="run: award index train"):
        Ranker.load(path)
