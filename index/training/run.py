"""Runs the whole training in order: projection, index, ranker and scope model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from index.analysis import analyse
from index.build import build_index, learn_restorer, wording_rows
from index.encoder import Encoder
from index.hybrid import HybridRetriever
from index.passages import PassageKind, cut_passages
from index.projection import Projection
from index.ranker import Ranker, expanded_names
from index.training.rank import train
from knowledge.corpus import Corpus

Say = Callable[[str], None]


def train_all(corpus: Corpus, encoder: Encoder, var: Path, say: Say) -> dict[str, float]:
    """Write projection.npz, ranker.json and scope.json beside the code; returns the held-out figures."""
    say("→ [1/3] projection")
    learn_projection(corpus, encoder).save()
    say("→ [2/3] index")
    folder = var / "training-index"
    build_index(corpus, encoder, folder)
    say("→ [3/3] ranker and scope model")
    untrained = Ranker(np.ones(len(expanded_names())), 0.0)
    retriever = HybridRetriever(folder, corpus, encoder, untrained)
    return train(
        corpus, retriever, lambda done, total: say(f"    {done}/{total} questions") if done % 500 == 0 else None
    )


def learn_projection(corpus: Corpus, encoder: Encoder) -> Projection:
    """From the wordings of all FAQ entries, each entry a group."""
    passages = [passage for passage in cut_passages(corpus) if passage.kind is PassageKind.FAQ]
    restorer = learn_restorer(passages)
    rows = wording_rows(passages)
    vectors = encoder.encode_queries([analyse(text, restorer).text for _, text in rows])
    return Projection.learn(encoder.name, vectors, np.array([number for number, _ in rows]))
