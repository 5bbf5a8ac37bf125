"""The learned ranker: a logistic regression over explainable features gives the probability that a passage answers a question.

Its weights are data (ranker.json, written by `award index train` from our own wordings, see index/training/), so a person can
read what counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.features import KIND_NAMES, NAMES
from index.logistic import Logistic

WEIGHTS = Path(__file__).parent / "ranker.json"


@dataclass(frozen=True, slots=True)
class Ranker:
    """Maps the features of all candidates of one question to probabilities."""

    model: Logistic

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Ranker:
        """Raises RetrievalError where the file belongs to other features."""
        return cls(Logistic.load(path, expanded_names()))

    def evidence(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability for each candidate; `features` [candidates, features] in the order of `NAMES + KIND_NAMES`."""
        if not len(features):
            return np.zeros(0)
        return self.model.probability(expand(features))


def expanded_names() -> tuple[str, ...]:
    """The features, how far each falls short of the best candidate's, and their squares."""
    return (*NAMES, *KIND_NAMES, *(f"{name}-best" for name in NAMES), *(f"{name}²" for name in NAMES))


def expand(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """All candidates of one question `[candidates, features]`, with the features that `expanded_names` names."""
    measured = features[:, : len(NAMES)]
    return np.hstack([features, measured - measured.max(axis=0), measured**2])
