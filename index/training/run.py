"""Runs the whole training in order: projection, index, ranker, subject and scope model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.analysis import analyse
from index.build import build_index, learn_restorer, wording_rows
from index.encoder import Encoder, Vectors
from index.hybrid import HybridRetriever
from index.logistic import Logistic
from index.passages import PassageKind, cut_passages
from index.projection import Projection
from index.ranker import Ranker, expanded_names
from index.training.rank import train
from index.vector_store import VectorStore
from knowledge.corpus import Corpus

Say = Callable[[str], None]


class StoredEncoder:
    """An encoder that encodes each text once: training asks the very wordings that the index holds."""

    def __init__(self, encoder: Encoder, store: VectorStore) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder, self._store = encoder, store

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._store.queries(texts, self._encoder)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._store.passages(texts, self._encoder)


def train_all(corpus: Corpus, encoder: Encoder, store: VectorStore, var: Path, say: Say) -> dict[str, float]:
    """Write projection.npz, ranker.json, subject.npz and scope.json beside the code; returns the held-out figures."""
    stored = StoredEncoder(encoder, store)
    say("→ [1/3] projection")
    learn_projection(corpus, stored).save()
    say("→ [2/3] index")
    folder = var / "training-index"
    build_index(corpus, stored, folder)
    say("→ [3/3] ranker and scope model")
    untrained = Ranker(Logistic(expanded_names(), np.ones(len(expanded_names())), 0.0))
    retriever = HybridRetriever(folder, corpus, stored, untrained)
    return train(
        corpus,
        retriever,
        stored,
        lambda done, total: say(f"    {done}/{total} questions") if done % 500 == 0 else None,
    )


def learn_projection(corpus: Corpus, encoder: Encoder) -> Projection:
    """From the wordings of all FAQ entries, each entry a group."""
    passages = [passage for passage in cut_passages(corpus) if passage.kind is PassageKind.FAQ]
    restorer = learn_restorer(passages)
    rows = wording_rows(passages)
    vectors = encoder.encode_queries([analyse(text, restorer).text for _, text in rows])
    return Projection.learn(encoder.name, vectors, np.array([number for number, _ in rows]))
