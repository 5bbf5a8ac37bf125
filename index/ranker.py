"""The learned ranker: a logistic regression over explainable features gives the probability that a passage answers a question.

Its weights are data (ranker.json, written by `award index train` from our own wordings, see index/training/), so a person can
read what counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import RetrievalError
from index.features import KIND_NAMES, NAMES

WEIGHTS = Path(__file__).parent / "ranker.json"


@dataclass(frozen=True, slots=True)
class Ranker:
    """Maps the features of all candidates of one question to probabilities."""

    weights: NDArray[np.float64]
    intercept: float

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Ranker:
        """Raises RetrievalError where the file belongs to other features."""
        record = json.loads(path.read_text(encoding="utf-8"))
        if tuple(record["features"]) != expanded_names():
            raise RetrievalError("index/ranker.json belongs to other features; run: award index train")
        return cls(np.array(record["weights"]), float(record["intercept"]))

    def evidence(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability for each candidate; `features` [candidates, features] in the order of `NAMES + KIND_NAMES`."""
        if not len(features):
            return np.zeros(0)
        return _sigmoid(expand(features) @ self.weights + self.intercept)


def expanded_names() -> tuple[str, ...]:
    """The features, how far each falls short of the best candidate's, and their squares."""
    return (*NAMES, *KIND_NAMES, *(f"{name}-best" for name in NAMES), *(f"{name}²" for name in NAMES))


def expand(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """All candidates of one question `[candidates, features]`, with the features that `expanded_names` names."""
    measured = features[:, : len(NAMES)]
    return np.hstack([features, measured - measured.max(axis=0), measured**2])


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))
