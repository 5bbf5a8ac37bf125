"""Learns the ranker's and the scope model's weights from our own content: `award index train`.

Each wording of the FAQ is asked as a question while it is hidden from the index (with its twins, the same words typed with or without
accents); the entry it belongs to is the right answer, every other candidate is wrong. Questions of out_of_scope.txt have no right
answer; situations of in_scope.txt teach the scope model alone. No evaluation set is read. The result is a few dozen numbers in
ranker.json and scope.json.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index import ranker, scope
from index.build import read_declined
from index.encoder import Encoder
from index.hybrid import HybridRetriever, Retrieval
from index.passages import PassageKind
from index.tokenizer import syllables
from index.training.fitting import fit
from index.training.situations import read_situations
from index.training.subject import Odds, learn_subject
from knowledge.corpus import Corpus
from knowledge.faq import FaqKind
from knowledge.vietnamese import fold

SAMPLE = 3_000  # wordings asked
SEED = 20_260_123
CORE_WEIGHT = 3.0
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Question:
    """One training question: its text, the rows to hide, and the key of the entry that answers it (None: nothing known does)."""

    text: str
    hidden: frozenset[int]
    answer: str | None
    in_scope: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what the index found for it."""

    question: Question
    retrieval: Retrieval


def training_questions(corpus: Corpus, retriever: HybridRetriever) -> list[Question]:
    """A fixed random sample of the FAQ's wordings, and all questions that must be declined."""
    twins: dict[str, list[int]] = {}
    own: list[tuple[str, str]] = []
    rows = ((passage, wording) for passage in retriever.passages for wording in passage.wordings)
    for row, (passage, wording) in enumerate(rows):
        twins.setdefault(_plain(wording), []).append(row)
        if passage.kind is PassageKind.FAQ:
            own.append((passage.key, wording))
    kinds = {entry.id: entry.kind for entry in corpus.faq}
    chosen = random.Random(SEED).sample(own, min(SAMPLE, len(own)))
    asked = [
        Question(text, frozenset(twins[_plain(text)]), key, kinds[key] is not FaqKind.OUT_OF_SCOPE)
        for key, text in chosen
    ]
    situations = [Question(line, frozenset(), None, True) for line in read_situations()]
    return asked + situations + [Question(line, frozenset(), None, False) for line in read_declined()]


def ask_all(questions: list[Question], retriever: HybridRetriever, progress: Progress) -> list[Asked]:
    """Retrieve for every question with its own wording hidden."""
    asked = []
    for number, question in enumerate(questions, 1):
        asked.append(Asked(question, retriever.retrieve(question.text, None, top_k=60, without=question.hidden)))
        progress(number, len(questions))
    return [one for one in asked if one.retrieval.hits]


def train(corpus: Corpus, retriever: HybridRetriever, encoder: Encoder, progress: Progress) -> dict[str, float]:
    """Write the weights of ranker, subject and scope; returns figures on the fifth of the questions that was held out."""
    core = frozenset(
        entry.id for entry in corpus.faq if entry.english and entry.kind in (FaqKind.ANSWER, FaqKind.PARTIAL)
    )
    asked = ask_all(training_questions(corpus, retriever), retriever, progress)
    held_out = np.random.default_rng(SEED).random(len(asked)) < 0.2
    features = [ranker.expand(np.asarray([hit.features for hit in one.retrieval.hits])) for one in asked]
    right = [np.asarray([hit.passage.key == one.question.answer for hit in one.retrieval.hits]) for one in asked]
    learning = [
        number
        for number, one in enumerate(asked)
        if not held_out[number] and (one.question.answer or not one.question.in_scope)
    ]
    weights = np.concatenate([np.full(len(right[n]), _share(asked[n].question, core)) for n in learning])
    model = fit(
        ranker.expanded_names(),
        np.vstack([features[n] for n in learning]),
        np.concatenate([right[n] for n in learning]),
        weights,
    )
    model.save(ranker.WEIGHTS)
    evidence = [model.probability(one) for one in features]
    figures = _ranking_figures(evidence, right, asked, held_out)
    return figures | _train_scope(learn_subject(retriever, encoder), asked, evidence, held_out)


def _share(question: Question, core: frozenset[str]) -> float:
    """People ask for the core of the subject far more often than for its corners, so those questions weigh more."""
    return CORE_WEIGHT if question.answer in core else 1.0


def _train_scope(subject: Odds, asked: list[Asked], evidence: list[Floats], held_out: Flags) -> dict[str, float]:
    """`subject` has what probes that were learned without a question say of it."""
    rows = np.asarray(
        [scope.features(_with_subject(one, subject), float(p.max())) for one, p in zip(asked, evidence, strict=True)]
    )
    truth = np.asarray([one.question.in_scope for one in asked])
    # Wordings of the FAQ are many and questions to decline few: both halves count the same.
    weights = np.where(truth, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    model = fit(scope.NAMES, rows[~held_out], truth[~held_out], weights[~held_out])
    model.save(scope.WEIGHTS)
    guess = model.probability(rows) >= 0.5
    ours, others = held_out & truth, held_out & ~truth
    return {
        "in scope, taken as such": float(guess[ours].mean()),
        "out of scope, taken as such": float((~guess[others]).mean()),
    }


def _with_subject(asked: Asked, subject: Odds) -> Retrieval:
    meaning, words = subject[asked.question.text]
    return replace(asked.retrieval, meaning=meaning, words=words)


def _plain(text: str) -> str:
    return " ".join(fold(token) for token in syllables(text))


def _ranking_figures(
    evidence: list[Floats], right: list[Flags], asked: list[Asked], held_out: Flags
) -> dict[str, float]:
    ranks = [
        int(np.argmax(right[n][np.argsort(-evidence[n], kind="stable")])) if right[n].any() else 99
        for n in np.flatnonzero(held_out)
        if asked[n].question.answer
    ]
    return {
        "questions": float(len(ranks)),
        "right first": float(np.mean([rank == 0 for rank in ranks])),
        "right in three": float(np.mean([rank < 3 for rank in ranks])),
    }
