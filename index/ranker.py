"""The learned ranker: a logistic regression over explainable features gives the probability that a passage answers a question.

Its weights are data (ranker.json, written by `award index train` from our own wordings, see index/training/), so a person can
read what counts. The same file holds the scope model: the probability that a question is about the award at all.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.errors import RetrievalError
from index.features import NAMES

WEIGHTS = Path(__file__).parent / "ranker.json"


@dataclass(frozen=True, slots=True)
class Ranker:
    """`evidence` and `scope` map features and a question's vector to probabilities."""

    weights: NDArray[np.float64]
    intercept: float

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Ranker:
        """Raises RetrievalError where the file belongs to other features."""
        record = json.loads(path.read_text(encoding="utf-8"))
        if tuple(record["features"]) != expanded_names():
            raise RetrievalError("index/ranker.json belongs to other features; run: award index train")
        return cls(np.array(record["weights"]), float(record["intercept"]))

    def evidence(self, features: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """Probability for each row of features, in the order of `NAMES`."""
        if not len(features):
            return np.zeros(0)
        return _sigmoid(expand(np.asarray(features)) @ self.weights + self.intercept)


def expanded_names() -> tuple[str, ...]:
    """The features and the squares of the continuous ones."""
    return (*NAMES, *(f"{name}²" for name in NAMES if not name.startswith("is_")))


def expand(features: NDArray[np.float64]) -> NDArray[np.float64]:
    continuous = features[:, : sum(not name.startswith("is_") for name in NAMES)]
    return np.hstack([features, continuous**2])


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def as_vector(vectors: Vectors) -> Vectors:
    return vectors[0]
