"""Whether a question is about the award at all.

A logistic regression over what retrieval found; it knows nothing of single words, so it holds for content that staff add later.
Refusal is decided here, by evidence, never by the dialogue layer's intent.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import RetrievalError
from index.features import NAMES as FEATURES
from index.hybrid import Retrieval
from index.passages import PassageKind
from knowledge.vietnamese import fold

WEIGHTS = Path(__file__).parent / "scope.json"
NAMES = (
    "cosine_ours",
    "cosine_others",
    "overlap_ours",
    "overlap_others",
    "coverage_ours",
    "cosine_outside",
    "names_award",
    "evidence",
)
_COSINE, _PAIRS, _COVERAGE = FEATURES.index("cosine_three"), FEATURES.index("overlap_plain"), FEATURES.index("coverage")
_AWARD = re.compile(
    r"\b(?:giai thuong|chat luong quoc gia|gtclqg|giai vang|giai bac|award|vietnam excellence|vietnam best quality|gpea|apqo)\b"
)


@dataclass(frozen=True, slots=True)
class ScopeModel:
    """Weights read from scope.json, written by `award index train`; `outside` are the ids of the entries that decline."""

    weights: NDArray[np.float64]
    intercept: float
    outside: frozenset[str]

    @classmethod
    def load(cls, outside: frozenset[str], path: Path = WEIGHTS) -> ScopeModel:
        """Raises RetrievalError where the file belongs to other features."""
        record = json.loads(path.read_text(encoding="utf-8"))
        if tuple(record["features"]) != NAMES:
            raise RetrievalError("index/scope.json belongs to other features; run: award index train")
        return cls(np.array(record["weights"]), float(record["intercept"]), outside)

    def probability(self, retrieval: Retrieval) -> float:
        """That the question is about the award."""
        best = max((hit.evidence for hit in retrieval.hits), default=0.0)
        total = np.dot(self.weights, features(retrieval, self.outside, best)) + self.intercept
        return float(1 / (1 + np.exp(-np.clip(total, -40, 40))))


def features(retrieval: Retrieval, outside: frozenset[str], evidence: float) -> tuple[float, ...]:
    """Numbers in the order of `NAMES`."""
    ours = [
        hit.features
        for hit in retrieval.hits
        if hit.passage.key not in outside or hit.passage.kind is not PassageKind.FAQ
    ]
    others = [
        hit.features for hit in retrieval.hits if hit.passage.key in outside and hit.passage.kind is PassageKind.FAQ
    ]
    return (
        max((one[_COSINE] for one in ours), default=0.0),
        max((one[_COSINE] for one in others), default=0.0),
        max((one[_PAIRS] for one in ours), default=0.0),
        max((one[_PAIRS] for one in others), default=0.0),
        max((one[_COVERAGE] for one in ours), default=0.0),
        retrieval.outside,
        float(_AWARD.search(fold(" ".join(retrieval.analysis.restored))) is not None),
        evidence,
    )
