"""How sure a measured mean is: bootstrap intervals over questions, and nearest-rank percentiles.

A few hundred questions leave several points of doubt; a figure printed without them invites reading noise as
progress.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2_000
_SEED = 20_261_122  # the same questions always give the same interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `count` questions with its 95 % interval; all zero where there were none."""

    mean: float
    low: float
    high: float
    count: int

    @property
    def percent(self) -> str:
        """«93.2 [88.1–97.0]»."""
        return f"{100 * self.mean:5.1f} [{100 * self.low:.1f}–{100 * self.high:.1f}]" if self.count else "    -"


def estimate(values: Sequence[float]) -> Estimate:
    """The mean of the values, with the 2.5th and 97.5th percentile of its bootstrap resamples."""
    if not len(values):
        return Estimate(0.0, 0.0, 0.0, 0)
    sample = np.asarray(values, np.float64)
    drawn = np.random.default_rng(_SEED).integers(0, len(sample), (RESAMPLES, len(sample)))
    low, high = np.percentile(sample[drawn].mean(axis=1), [2.5, 97.5])
    return Estimate(float(sample.mean()), float(low), float(high), len(sample))


def percentile(values: Sequence[float], rank: float) -> float:
    """Nearest-rank percentile (`rank` 0 to 1); zero without values."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(rank * len(ordered)) - 1)] if ordered else 0.0
