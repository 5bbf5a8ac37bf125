"""The hybrid retriever: lexical and dense candidates, explainable features, one calibrated probability.

BM25 over exact and folded terms finds what shares words, the encoder what shares meaning; both only propose candidates. What ranks
them is the learned ranker over the features of each candidate's best wording (index/features.py, index/ranker.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analysis, analyse
from index.bm25 import Bm25Field, Scores
from index.build import Manifest
from index.dense import DenseField
from index.encoder import Encoder, Vectors
from index.errors import IndexNotBuilt
from index.features import Overlaps, TermWeights, Weighed, overlap
from index.projection import Projection
from index.passages import Passage, PassageKind, cut_passages
from index.ranker import Ranker
from index.restoration import AccentRestorer
from knowledge.corpus import Corpus

CANDIDATES = 20  # proposed by each retriever


@dataclass(frozen=True, slots=True)
class Hit:
    """One candidate: the probability that it answers the question, and why."""

    passage: Passage
    evidence: float
    wording: str
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A question's analysis, vector and hits, best first."""

    analysis: Analysis
    vector: Vectors
    hits: tuple[Hit, ...]


class HybridRetriever:
    """Reads one immutable index; safe to use from many threads."""

    def __init__(self, folder: Path, corpus: Corpus, encoder: Encoder, ranker: Ranker) -> None:
        """Raises IndexNotBuilt where the folder belongs to another corpus or encoder."""
        manifest = Manifest.read(folder)
        if manifest.corpus_digest != corpus.digest:
            raise IndexNotBuilt(
                f"the index is of content {manifest.corpus_digest[:8]}, {corpus.digest[:8]} is loaded; run: award index build"
            )
        if manifest.encoder != encoder.name:
            raise IndexNotBuilt(
                f"the index was built with {manifest.encoder}, not {encoder.name}; run: award index build"
            )
        self.manifest = manifest
        self.passages = cut_passages(corpus)
        self._encoder = encoder
        self._projection = Projection.load(encoder.name, encoder.dimension)
        self._ranker = ranker
        self._restorer = AccentRestorer.load(folder / "restorer.json")
        self._passage_of: NDArray[np.int64] = np.load(folder / "rows.npy")
        self._rows_of = np.split(np.arange(len(self._passage_of)), np.flatnonzero(np.diff(self._passage_of)) + 1)
        self._texts = [text for passage in self.passages for text in passage.wordings]
        self._exact = Bm25Field.load(folder / "wordings-exact", manifest.wordings)
        self._folded = Bm25Field.load(folder / "wordings-folded", manifest.wordings)
        self._bodies = Bm25Field.load(folder / "bodies-folded", manifest.passages)
        self._wording_vectors = DenseField.load(folder / "wordings.faiss")
        self._body_vectors = DenseField.load(folder / "bodies.faiss")
        stored = json.loads((folder / "wordings.json").read_text(encoding="utf-8"))
        self._analyses = [Analysis(tuple(tokens), tuple(restored), " ".join(restored)) for tokens, restored in stored]
        self._weights = TermWeights.count(self._analyses)
        self._weighed = lru_cache(maxsize=100_000)(self._weigh_row)

    def analyse(self, text: str) -> Analysis:
        return analyse(text, self._restorer)

    def retrieve(
        self, text: str, as_of: date | None, top_k: int = 10, without: frozenset[int] = frozenset()
    ) -> Retrieval:
        """The best passages that are valid on `as_of` (on any day, where it is None); rows in `without` count as not there."""
        analysis = self.analyse(text)
        vector = self._encoder.encode_queries([analysis.text])[0]
        moved = self._projection.apply(vector[None, :])[0]
        numbers = self._propose(analysis, vector, moved, without)
        if as_of is not None:
            numbers = [number for number in numbers if self.passages[number].valid.contains(as_of)]
        question = Weighed.of(analysis, self._weights)
        hits = self._rank([self._describe(number, question, vector, moved, without) for number in numbers])
        return Retrieval(analysis, vector, tuple(hits[:top_k]))

    def _weigh_row(self, row: int) -> Weighed:
        return Weighed.of(self._analyses[row], self._weights)

    def _propose(self, analysis: Analysis, vector: Vectors, moved: Vectors, without: frozenset[int]) -> list[int]:
        """Numbers of the passages that any retriever finds, in ascending order."""
        rows, _ = self._wording_vectors.search(moved, 3 * CANDIDATES + len(without))
        found: set[int] = set()
        for scores in (self._exact.scores(analysis.exact_terms), self._folded.scores(analysis.folded_terms)):
            found.update(self._best_passages(_top(scores, 3 * CANDIDATES + len(without)), without))
        found.update(self._best_passages(rows, without))
        found.update(map(int, _top(self._bodies.scores(analysis.folded_terms), CANDIDATES)))
        found.update(map(int, self._body_vectors.search(vector, CANDIDATES)[0]))
        return sorted(found)

    def _best_passages(self, rows: Iterable[int], without: frozenset[int]) -> list[int]:
        numbers = dict.fromkeys(int(self._passage_of[row]) for row in rows if int(row) not in without)
        return list(numbers)[:CANDIDATES]

    def _describe(
        self, number: int, question: Weighed, vector: Vectors, moved: Vectors, without: frozenset[int]
    ) -> Hit:
        passage = self.passages[number]
        rows = np.array([row for row in self._rows_of[number] if int(row) not in without], np.int64)
        cosines = self._wording_vectors.cosines(moved, rows)
        shared = [overlap(question, self._weighed(int(row)), self._weights) for row in rows]
        closest = int(np.argmax(cosines)) if len(rows) else -1
        features = (
            float(cosines[closest]) if len(rows) else 0.0,
            float(np.sort(cosines)[-3:].mean()) if len(rows) else 0.0,
            float(self._body_vectors.cosines(vector, np.array([number], np.int64))[0]),
            *_best(shared),
            float(passage.kind is PassageKind.PROVISION),
            float(passage.kind is PassageKind.GUIDANCE),
        )
        return Hit(passage, 0.0, self._texts[int(rows[closest])] if len(rows) else "", features)

    def _rank(self, hits: list[Hit]) -> list[Hit]:
        evidence = self._ranker.evidence([hit.features for hit in hits])
        ranked = [Hit(hit.passage, float(p), hit.wording, hit.features) for hit, p in zip(hits, evidence, strict=True)]
        return sorted(ranked, key=lambda hit: (-hit.evidence, hit.passage.key))


def _top(scores: Scores, count: int) -> NDArray[np.int64]:
    """Rows with the highest scores above zero, best first."""
    positive = np.flatnonzero(scores > 0)
    order = np.lexsort((positive, -scores[positive]))
    return positive[order[:count]]


def _best(shared: list[Overlaps]) -> tuple[float, float, float, float, float]:
    """Each kind of overlap at its best over a passage's wordings."""
    if not shared:
        return (0.0, 0.0, 0.0, 0.0, 0.0)
    return (
        max(one.exact for one in shared),
        max(one.plain for one in shared),
        max(one.pairs for one in shared),
        max(one.characters for one in shared),
        max(one.coverage for one in shared),
    )
