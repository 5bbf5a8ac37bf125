"""Learns how to rank articles of law: `python -m index.training.articles BEIR_FOLDER ENCODER_FOLDER`.

For each question the articles in question compete for the right one (softmax over their scores, as in ListNet),
which asks for the right order and not for a probability. Seven weights from a few hundred questions; the weights of
each fifth of the questions are learned from the other four fifths and kept too, so that figures on these questions
can be taken honestly.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.article_ranker import FOLDS, NAMES, ArticleRanker, digest, fold_of
from index.articles import ArticleSearch
from index.beir import read_retrieval_set
from index.embeddings import stored_vectors
from index.encoder import Encoder, open_encoder
from index.evaluation import EMBEDDINGS
from index.tokenizer import syllables

PENALTY = 1.0  # on the squares of the weights of scaled features; 0.1 to 10 give the same within half a point
_STEPS = 30
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Competition:
    """One question's candidates: their features and which of them are right."""

    question: str
    features: Floats
    right: NDArray[np.bool_]


def learn(folder: Path, encoder: Encoder) -> ArticleRanker:
    """Weights learned from all questions of a folder, and five times from four fifths of them."""
    held = competitions(folder, encoder)
    folds = [learn_weights([one for one in held if fold_of(one.question) != fold]) for fold in range(FOLDS)]
    return ArticleRanker(learn_weights(held), tuple(folds), frozenset(digest(one.question) for one in held))


def competitions(folder: Path, encoder: Encoder) -> list[Competition]:
    """Every question of the folder with what the index proposes for it, the right answer among it or not."""
    data = read_retrieval_set(folder)
    vectors = stored_vectors(
        [article.whole for article in data.articles], encoder, EMBEDDINGS, lambda done, total: None
    )
    index = ArticleSearch(data.articles, vectors)
    held = []
    for question in data.questions:
        # One by one, as in service: an int8 model gives slightly other vectors in a batch.
        vector = encoder.encode_queries([question.text])[0]
        found = index.candidates(syllables(question.text), vector)
        right = np.array([data.articles[row].id in question.relevant for row in found.rows])
        held.append(Competition(question.text, found.features, right))
    return held


def learn_weights(held: Sequence[Competition]) -> Floats:
    """Newton's method on the softmax loss, each step halved until the loss falls (it overshoots from far away)."""
    scale = np.vstack([one.features for one in held]).std(axis=0) + 1e-9
    scaled = [Competition(one.question, one.features / scale, one.right) for one in held if one.right.any()]
    weights = np.zeros(len(NAMES))
    for _ in range(_STEPS):
        gradient, curvature = PENALTY * weights, PENALTY * np.eye(len(NAMES))
        for one in scaled:
            slope, bend = _derivatives(one, weights)
            gradient, curvature = gradient + slope, curvature + bend
        step = np.linalg.solve(curvature, gradient)
        before = _loss(scaled, weights)
        while np.abs(step).max() > 1e-6 and _loss(scaled, weights - step) > before:
            step = step / 2
        weights = weights - step
    return np.asarray(weights / scale)


def _loss(held: Sequence[Competition], weights: Floats) -> float:
    """Negative log likelihood of the right articles, and the penalty."""
    lost = PENALTY * float(weights @ weights) / 2
    for one in held:
        scores = one.features @ weights
        lost += float(np.logaddexp.reduce(scores) - scores[one.right].mean())
    return lost


def _derivatives(one: Competition, weights: Floats) -> tuple[Floats, Floats]:
    """Slope and curvature of one question's loss."""
    scores = one.features @ weights
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    mean = chances @ one.features
    slope = mean - one.features[one.right].mean(axis=0)
    return slope, (one.features * chances[:, None]).T @ one.features - np.outer(mean, mean)


def main() -> None:
    """Write index/article_ranker.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("encoder")
    options = parser.parse_args()
    ranker = learn(options.folder, open_encoder(options.encoder, threads=2))
    ranker.save()
    for name, weight in zip(NAMES, ranker.weights, strict=True):
        print(f"{name:16}{weight:9.4f}")


if __name__ == "__main__":
    main()
