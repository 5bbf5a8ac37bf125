"""Logistic regression as a value: named weights, kept as a file that a person can read, and the probability they give."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import RetrievalError

Floats = NDArray[np.float64]
_FARTHEST = 40.0  # log-odds past which a probability is 0 or 1 to the last digit; exp() of more overflows


@dataclass(frozen=True, slots=True)
class Logistic:
    """`weights` [features] in the order of `names`."""

    names: tuple[str, ...]
    weights: Floats
    intercept: float

    @classmethod
    def load(cls, path: Path, names: Sequence[str]) -> Logistic:
        """Raises RetrievalError where the file belongs to other features."""
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["features"] != list(names):
            raise RetrievalError(f"{path.name} belongs to other features; run: award index train")
        return cls(tuple(names), np.array(record["weights"], np.float64), float(record["intercept"]))

    def save(self, path: Path) -> None:
        record = {
            "features": list(self.names),
            "weights": [round(float(one), 5) for one in self.weights],
            "intercept": round(self.intercept, 5),
        }
        path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def log_odds(self, features: Floats) -> Floats:
        """Of one row of features or of many: `[features]` gives a number, `[rows, features]` one for each row."""
        return np.asarray(features @ self.weights + self.intercept)

    def probability(self, features: Floats) -> Floats:
        """1 / (1 + e^-log-odds), shaped like `log_odds`."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.log_odds(features), -_FARTHEST, _FARTHEST))))
