"""Whether a question is about the award at all.

A logistic regression over what retrieval found; it knows nothing of single words, so it holds for content that staff add later.
Refusal is decided here, by evidence, never by the dialogue layer's intent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.features import NAMES as FEATURES
from index.hybrid import Retrieval
from index.logistic import Logistic
from knowledge.faq import FaqKind
from knowledge.vietnamese import fold

WEIGHTS = Path(__file__).parent / "scope.json"
NAMES = (
    "cosine_ours",
    "cosine_others",
    "overlap_ours",
    "overlap_others",
    "coverage_ours",
    "cosine_outside",
    "meaning",
    "words",
    "names_award",
    "evidence",
)
_COSINE, _PAIRS, _COVERAGE = FEATURES.index("cosine_three"), FEATURES.index("overlap_plain"), FEATURES.index("coverage")
_AWARD = re.compile(
    r"\b(?:giai thuong|chat luong quoc gia|gtclqg|giai vang|giai bac|award|vietnam excellence|vietnam best quality|gpea|apqo)\b"
)


@dataclass(frozen=True, slots=True)
class ScopeModel:
    """Weights read from scope.json, written by `award index train`."""

    model: Logistic

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> ScopeModel:
        """Raises RetrievalError where the file belongs to other features."""
        return cls(Logistic.load(path, NAMES))

    def probability(self, retrieval: Retrieval) -> float:
        """That the question is about the award."""
        best = max((hit.evidence for hit in retrieval.hits), default=0.0)
        return float(self.model.probability(np.array(features(retrieval, best))))


def features(retrieval: Retrieval, evidence: float) -> tuple[float, ...]:
    """Numbers in the order of `NAMES`."""
    ours = [hit.features for hit in retrieval.hits if hit.passage.faq_kind is not FaqKind.OUT_OF_SCOPE]
    others = [hit.features for hit in retrieval.hits if hit.passage.faq_kind is FaqKind.OUT_OF_SCOPE]
    return (
        max((one[_COSINE] for one in ours), default=0.0),
        max((one[_COSINE] for one in others), default=0.0),
        max((one[_PAIRS] for one in ours), default=0.0),
        max((one[_PAIRS] for one in others), default=0.0),
        max((one[_COVERAGE] for one in ours), default=0.0),
        retrieval.outside,
        retrieval.meaning,
        retrieval.words,
        float(_AWARD.search(fold(" ".join(retrieval.analysis.restored))) is not None),
        evidence,
    )
