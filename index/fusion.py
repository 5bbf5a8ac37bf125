"""Joins the scores of several retrievers that are not on one scale.

Reciprocal rank fusion needs no scale but throws away by how much the first is better than the second; a weighted
sum of scaled scores keeps that. Both are here to be measured against; what ranks articles is the learned sum of
`index.articles`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
RANK_OFFSET = 60  # Cormack, Clarke, Büttcher 2009
DEPTH = 100  # ranks that count in the scaled sum


def reciprocal_ranks(scores: Sequence[Scores]) -> Scores:
    """Sum over the retrievers of 1 / (60 + rank)."""
    total = np.zeros(len(scores[0]), np.float32)
    for one in scores:
        total[best_first(one)] += 1 / (RANK_OFFSET + 1 + np.arange(len(one), dtype=np.float32))
    return total


def scaled_sum(scores: Sequence[Scores], weights: Sequence[float]) -> Scores:
    """Weighted sum after each retriever's scores are put between 0 (its hundredth) and 1 (its best)."""
    total = np.zeros(len(scores[0]), np.float32)
    for one, weight in zip(scores, weights, strict=True):
        total += weight * scaled(one)
    return total


def scaled(scores: Scores) -> Scores:
    """0 for the score at rank `DEPTH` and all below, 1 for the best."""
    depth = min(DEPTH, len(scores))
    low, high = float(np.partition(scores, len(scores) - depth)[len(scores) - depth]), float(scores.max())
    return np.asarray(np.clip((scores - low) / max(high - low, 1e-9), 0, 1), np.float32)


def best_first(scores: Scores, count: int | None = None) -> NDArray[np.int64]:
    """Row numbers by score, then by number; only the first `count` where that is given."""
    if count is None or count >= len(scores):
        return np.asarray(np.argsort(-scores, kind="stable"), np.int64)
    # Everything that ties with the last place stays in, so that ties are broken by number and not by chance.
    floor = np.partition(scores, len(scores) - count)[len(scores) - count]
    rows = np.flatnonzero(scores >= floor)
    return np.asarray(rows[np.argsort(-scores[rows], kind="stable")][:count], np.int64)
