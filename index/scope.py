"""Whether a question is about the award at all.

A logistic regression over what retrieval found; it knows nothing of single words, so it holds for content that staff add later.
Refusal is decided here, by evidence, never by the dialogue layer's intent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import RetrievalError

WEIGHTS = Path(__file__).parent / "scope.json"
NAMES = ("cosine_best", "cosine_mean5", "evidence_best", "coverage_best", "known_share", "named_award", "words")


@dataclass(frozen=True, slots=True)
class ScopeModel:
    """Weights read from scope.json, written by `award index train`."""

    weights: NDArray[np.float64]
    intercept: float

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> ScopeModel:
        """Raises RetrievalError where the file belongs to other features."""
        record = json.loads(path.read_text(encoding="utf-8"))
        if tuple(record["features"]) != NAMES:
            raise RetrievalError("index/scope.json belongs to other features; run: award index train")
        return cls(np.array(record["weights"]), float(record["intercept"]))

    def probability(self, features: tuple[float, ...]) -> float:
        """That the question is about the award; `features` in the order of `NAMES`."""
        return float(1 / (1 + np.exp(-np.clip(np.dot(self.weights, features) + self.intercept, -40, 40))))
