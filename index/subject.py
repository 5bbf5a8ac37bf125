"""How much a question is of our subject, by what it means and by the words it uses.

Two linear probes (logistic regressions) learned by `award index train` from all wordings of the FAQ on one side and the questions to
decline on the other: one over the projected vector, one over folded syllables and their pairs. Neighbours alone take a
question for ours where some wording of ours happens to lie near; the probes have seen what all of ours have in common. They
are features of the scope model (index/scope.py), never the decision: a wording that fits well is answered whatever its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np

from index.encoder import Vectors

WEIGHTS = Path(__file__).parent / "subject.npz"


@dataclass(frozen=True, slots=True)
class Subject:
    """`encoder` names the model whose vectors `direction` [dimension] is for; `terms` has the log-odds of each known term."""

    encoder: str
    direction: Vectors
    intercept: float
    terms: Mapping[str, float]
    terms_intercept: float

    def of_meaning(self, moved: Vectors) -> float:
        """Log-odds that the question is ours, by its projected vector `[dimension]`; 0 says nothing."""
        return float(moved @ self.direction) + self.intercept

    def of_words(self, terms: Iterable[str]) -> float:
        """Log-odds that the question is ours, by its folded terms; unknown ones only thin out the known ones."""
        asked = set(terms)
        total = sum(self.terms.get(term, 0.0) for term in sorted(asked))
        return total / sqrt(max(len(asked), 1)) + self.terms_intercept

    def save(self, path: Path = WEIGHTS) -> None:
        np.savez_compressed(
            path,
            encoder=np.array(self.encoder),
            direction=self.direction,
            terms=np.array(list(self.terms)),
            worths=np.array(list(self.terms.values()), np.float16),
            intercepts=np.array([self.intercept, self.terms_intercept]),
        )

    @classmethod
    def load(cls, encoder: str, dimension: int, path: Path = WEIGHTS) -> Subject:
        """The learned probes; that of meaning says nothing where it was learned for another encoder."""
        with np.load(path) as stored:
            terms = dict(zip(stored["terms"].tolist(), stored["worths"].astype(float).tolist(), strict=True))
            direction, (intercept, terms_intercept) = stored["direction"], stored["intercepts"].tolist()
            if str(stored["encoder"]) != encoder or direction.shape != (dimension,):
                direction, intercept = np.zeros(dimension, np.float32), 0.0
        return cls(encoder, direction, intercept, terms, terms_intercept)
