"""The learned sum that ranks articles of law: seven weights in article_ranker.json, written by
`index.training.articles`.

The questions that taught the weights are remembered by digest, each with weights that were learned without it. So a
figure taken on those very questions is a cross-validated one, and nobody has to remember to ask for it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import RetrievalError

WEIGHTS = Path(__file__).parent / "article_ranker.json"
NAMES = (
    "clause",  # BM25 of the best clause, title included
    "title_asked",  # share of the title's weight that the question says
    "asked_in_title",  # share of the question's weight that the title says; below zero, as every clause counts the title
    "document",  # BM25 of the best three articles of the same regulation
    "cosine",
    "defines",  # «Giải thích từ ngữ»: answers many questions with one clause
    "delimits",  # «Phạm vi điều chỉnh»: has the words of every question and answers none
)
FOLDS = 5
Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ArticleRanker:
    """Weights for questions that it has not seen, and for each fold of those it learned from."""

    weights: Weights
    folds: tuple[Weights, ...] = ()
    learned_from: frozenset[str] = frozenset()

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> ArticleRanker:
        """Raises RetrievalError where the file belongs to other features."""
        record = json.loads(path.read_text(encoding="utf-8"))
        if tuple(record["features"]) != NAMES:
            raise RetrievalError(f"{path} belongs to other features; run: python -m index.training.articles")
        folds = tuple(np.array(weights) for weights in record["folds"])
        return cls(np.array(record["weights"]), folds, frozenset(record["learned_from"]))

    def save(self, path: Path = WEIGHTS) -> None:
        record = {
            "features": list(NAMES),
            "weights": _rounded(self.weights),
            "folds": [_rounded(weights) for weights in self.folds],
            "learned_from": sorted(self.learned_from),
        }
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def has_seen(self, question: str) -> bool:
        """True for a question that it learned from, as spelt there."""
        return digest(question) in self.learned_from

    def without(self, question: str) -> ArticleRanker:
        """The ranker as learned without this question."""
        return ArticleRanker(self.folds[fold_of(question)]) if self.has_seen(question) else self

    def scores(self, features: NDArray[np.float64]) -> NDArray[np.float32]:
        """The higher, the better; `features` [candidates, len(NAMES)]."""
        return np.asarray(features @ self.weights, np.float32)


def digest(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:8]


def fold_of(question: str) -> int:
    """The fifth of the questions that this one belongs to, the same on every machine."""
    return int(digest(question), 16) % FOLDS


def _rounded(weights: Weights) -> list[float]:
    return [round(float(weight), 5) for weight in weights]
