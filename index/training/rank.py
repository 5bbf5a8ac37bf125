"""Learns the ranker's and the scope model's weights from our own content: `award index train`.

Each wording of the FAQ is asked as a question while it is hidden from the index (with its twins, the same words typed with or without
accents); the entry it belongs to is the right answer, every other candidate is wrong. Questions of out_of_scope.txt have no right
answer. No evaluation set is read. The result is a few dozen numbers in ranker.json and scope.json.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from index import ranker, scope
from index.hybrid import HybridRetriever
from index.passages import PassageKind
from index.tokenizer import syllables
from knowledge.faq import FaqKind
from knowledge.corpus import Corpus
from knowledge.vietnamese import fold

OUT_OF_SCOPE = Path(__file__).parent / "out_of_scope.txt"
SAMPLE = 3_000  # wordings asked
SEED = 20_260_123
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Question:
    """One training question: its text, the rows to hide, and the key of the entry that answers it (None: nothing does)."""

    text: str
    hidden: frozenset[int]
    answer: str | None
    in_scope: bool


def training_questions(corpus: Corpus, retriever: HybridRetriever) -> list[Question]:
    """A fixed random sample of the FAQ's wordings, and all questions that must be declined."""
    twins: dict[str, list[int]] = {}
    own: list[tuple[int, str, str]] = []
    row = 0
    for passage in retriever.passages:
        for wording in passage.wordings:
            twins.setdefault(_plain(wording), []).append(row)
            if passage.kind is PassageKind.FAQ:
                own.append((row, passage.key, wording))
            row += 1
    kinds = {entry.id: entry.kind for entry in corpus.faq}
    chosen = random.Random(SEED).sample(own, min(SAMPLE, len(own)))
    questions = [
        Question(text, frozenset(twins[_plain(text)]), key, kinds[key] is not FaqKind.OUT_OF_SCOPE) for _, key, text in chosen
    ]
    declined = OUT_OF_SCOPE.read_text(encoding="utf-8").splitlines()
    return questions + [Question(line, frozenset(), None, False) for line in declined if line.strip()]


def _plain(text: str) -> str:
    return " ".join(fold(token) for token in syllables(text))


def train(corpus: Corpus, retriever: HybridRetriever, as_of_any: None, progress: Progress) -> dict[str, float]:
    """Write both weight files; returns figures of a held-out fifth of the questions."""
    questions = training_questions(corpus, retriever)
    found = []
    for number, question in enumerate(questions, 1):
        found.append(retriever.retrieve(question.text, None, top_k=40, without=question.hidden))
        progress(number, len(questions))
    held_out = np.random.default_rng(SEED).random(len(questions)) < 0.2
    rows: list[Sequence[float]] = []
    labels: list[bool] = []
    groups: list[int] = []
    for number, (question, retrieval) in enumerate(zip(questions, found, strict=True)):
        for hit in retrieval.hits:
            rows.append(hit.features)
            labels.append(hit.passage.key == question.answer)
            groups.append(number)
    features, truth, owner = ranker.expand(np.asarray(rows)), np.asarray(labels), np.asarray(groups)
    learning = ~held_out[owner]
    model = _fit(features[learning], truth[learning])
    _save(ranker.WEIGHTS, ranker.expanded_names(), *model)
    evidence = _probability(features, *model)
    figures = _ranking_figures(evidence, truth, owner, held_out, questions)
    best = np.zeros(len(questions))
    np.maximum.at(best, owner, evidence)
    return figures


def _fit(features: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Weights and intercept for raw (unscaled) features."""
    scaler = StandardScaler().fit(features)
    model = LogisticRegression(C=1.0, max_iter=2_000).fit(scaler.transform(features), truth)
    weights = model.coef_[0] / scaler.scale_
    return weights, float(model.intercept_[0] - np.dot(weights, scaler.mean_))


def _probability(features: NDArray[np.float64], weights: NDArray[np.float64], intercept: float) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-(features @ weights + intercept))))


def _save(path: Path, names: tuple[str, ...], weights: NDArray[np.float64], intercept: float) -> None:
    record = {"features": list(names), "weights": [round(float(one), 5) for one in weights], "intercept": round(intercept, 5)}
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _ranking_figures(
    evidence: NDArray[np.float64], truth: NDArray[np.bool_], owner: NDArray[np.int64], held_out: NDArray[np.bool_], questions: list[Question]
) -> dict[str, float]:
    first = third = asked = 0
    for number in np.flatnonzero(held_out):
        if questions[number].answer is None:
            continue
        mine = np.flatnonzero(owner == number)
        order = mine[np.argsort(-evidence[mine])]
        asked += 1
        first += bool(truth[order[:1]].any())
        third += bool(truth[order[:3]].any())
    return {"questions": asked, "right first": first / asked, "right in three": third / asked}
