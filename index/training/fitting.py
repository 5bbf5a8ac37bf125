"""Fits a logistic regression with scikit-learn, which only training needs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from index.logistic import Logistic

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
PENALTY = 0.3  # scikit-learn's C: smaller holds the weights of scaled features nearer to zero


def fit(names: Sequence[str], features: Floats, truth: Flags, weights: Floats) -> Logistic:
    """Weights for features `[rows, features]` as they are, unscaled; `weights` says how much each row counts."""
    scaler = StandardScaler().fit(features)
    model = LogisticRegression(C=PENALTY, max_iter=3_000).fit(scaler.transform(features), truth, weights)
    slopes = model.coef_[0] / scaler.scale_
    return Logistic(tuple(names), slopes, float(model.intercept_[0] - np.dot(slopes, scaler.mean_)))
