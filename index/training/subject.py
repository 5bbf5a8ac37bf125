"""Learns what our subject means and which words it uses (index/subject.py), from the FAQ's wordings and the questions to decline."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from index.build import read_declined
from index.encoder import Encoder, Vectors
from index.hybrid import HybridRetriever
from index.passages import PassageKind
from index.projection import Projection
from index.subject import Subject
from index.training.situations import read_situations
from knowledge.faq import FaqKind

FOLDS = 5
SEED = 20_260_123
STRENGTH = 10.0  # scikit-learn's C; rows have length one
RAREST = 3  # examples that a term stands in, at least
Flags = NDArray[np.bool_]
Odds = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and whether it is ours; those of one group are learned from together or not at all."""

    text: str
    group: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Table:
    """All examples as rows: projected vectors, and which of `terms` each has (scaled as in `Subject.of_words`)."""

    encoder: str
    vectors: Vectors
    terms: Sequence[str]
    words: Any  # scipy's sparse matrix [examples, terms]
    ours: Flags

    def learn(self, rows: Flags) -> Subject:
        """Both sides count the same, however many examples they have."""
        meaning, words = (self._probe(one, rows) for one in (self.vectors, self.words))
        worths = dict(zip(self.terms, words.coef_[0].tolist(), strict=True))
        return Subject(
            self.encoder,
            meaning.coef_[0].astype(np.float32),
            float(meaning.intercept_[0]),
            worths,
            float(words.intercept_[0]),
        )

    def _probe(self, features: Any, rows: Flags) -> Any:
        model = LogisticRegression(C=STRENGTH, max_iter=3_000, class_weight="balanced")
        return model.fit(features[rows], self.ours[rows])


def examples(retriever: HybridRetriever) -> list[Example]:
    """Every wording of the FAQ; every situation and every question to decline, each of these a group of its own."""
    own = [
        Example(wording, passage.key, passage.faq_kind is not FaqKind.OUT_OF_SCOPE)
        for passage in retriever.passages
        if passage.kind is PassageKind.FAQ
        for wording in passage.wordings
    ]
    own += [Example(text, text, True) for text in read_situations()]
    return own + [Example(text, text, False) for text in read_declined()]


def learn_subject(retriever: HybridRetriever, encoder: Encoder) -> Odds:
    """Write index/subject.npz; returns what probes that did not see an example's group say of it (meaning, words)."""
    known = examples(retriever)
    analyses = [retriever.analyse(one.text) for one in known]
    projection = Projection.load(encoder.name, encoder.dimension)
    vectors = projection.apply(encoder.encode_queries([one.text for one in analyses]))
    rows = [set(one.folded_terms) for one in analyses]
    terms = sorted(term for term, count in Counter(term for row in rows for term in row).items() if count >= RAREST)
    table = Table(encoder.name, vectors, terms, _matrix(rows, terms), np.array([one.ours for one in known]))
    folds = _folds(known)
    unseen: dict[str, tuple[float, float]] = {}
    for fold in range(FOLDS):
        subject = table.learn(folds != fold)
        for number in np.flatnonzero(folds == fold):
            unseen[known[number].text] = subject.of_meaning(vectors[number]), subject.of_words(rows[number])
    table.learn(np.ones(len(known), np.bool_)).save()
    return unseen


def _matrix(rows: Sequence[set[str]], terms: Sequence[str]) -> Any:
    present = CountVectorizer(analyzer=list, vocabulary=terms, binary=True).fit_transform(rows)
    lengths = np.array([[max(len(row), 1)] for row in rows])
    return present.multiply(lengths**-0.5).tocsr()


def _folds(known: Sequence[Example]) -> NDArray[np.int64]:
    groups = sorted({one.group for one in known})
    random.Random(SEED).shuffle(groups)
    fold_of = {group: number % FOLDS for number, group in enumerate(groups)}
    return np.array([fold_of[one.group] for one in known])
