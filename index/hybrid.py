"""The hybrid retriever: lexical and dense candidates, explainable features, one calibrated probability.

BM25 over exact and folded terms finds what shares words, the encoder what shares meaning; both only propose candidates. What ranks
them is the learned ranker over the features of each candidate's best wording (index/features.py, index/ranker.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analysis, analyse, normal_tokens
from index.bm25 import Bm25Field, Scores
from index.build import Manifest
from index.dense import DenseField
from index.encoder import Encoder, Vectors
from index.errors import IndexNotBuilt
from index.features import NAMES, Floats, Integers, TermTable
from index.passages import Passage, PassageKind, cut_passages
from index.projection import Projection
from index.ranker import Ranker
from index.restoration import AccentRestorer
from index.subject import Subject
from index.tokenizer import folded
from knowledge.corpus import Corpus
from knowledge.faq import FaqKind
from knowledge.stages import timed

CANDIDATES = 20  # proposed by each retriever
NEAREST_OUTSIDE = 3
_YEAR = re.compile(r"(?<![\d/.,-])(?:19|20)\d{2}(?![\d/])")
SAME = 0.9999  # cosine or overlap of a question with itself
_PLAIN, _CHARACTERS = NAMES.index("overlap_plain"), NAMES.index("overlap_characters")


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
    outside: float  # mean cosine with the three nearest questions that must be declined
    meaning: float = (
        0.0  # log-odds that the question is of our subject, by its meaning and by its words (index/subject.py)
    )
    words: float = 0.0


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
        self._kinds = np.array([_kind_features(one) for one in self.passages])
        self._has_year = np.array([_YEAR.search(one.wordings[0]) is not None for one in self.passages])
        self._encoder = encoder
        self._projection = Projection.load(encoder.name, encoder.dimension)
        self._subject = Subject.load(encoder.name, encoder.dimension)
        self._ranker = ranker
        self._restorer = AccentRestorer.load(folder / "restorer.npz")
        self._passage_of: NDArray[np.int64] = np.load(folder / "rows.npy")
        self._first_row = np.searchsorted(self._passage_of, np.arange(len(self.passages) + 1))
        self._texts = [text for passage in self.passages for text in passage.wordings]
        self._exact = Bm25Field.load(folder / "wordings-exact", manifest.wordings)
        self._folded = Bm25Field.load(folder / "wordings-folded", manifest.wordings)
        self._bodies = Bm25Field.load(folder / "bodies-folded", manifest.passages)
        self._wording_vectors = DenseField.load(folder / "wordings.faiss")
        self._outside_vectors = DenseField.load(folder / "outside.faiss")
        self._body_vectors = DenseField.load(folder / "bodies.faiss")
        self._terms = TermTable.load(folder)

    @timed("analyse")
    def analyse(self, text: str) -> Analysis:
        return analyse(text, self._restorer)

    @timed("retrieve")
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
        hits = self._rank(numbers, analysis, vector, moved, without) if numbers else []
        return Retrieval(
            analysis,
            vector,
            tuple(hits[:top_k]),
            self._outside(moved),
            self._subject.of_meaning(moved),
            self._subject.of_words(analysis.folded_terms),
        )

    def sharing_wordings(self) -> frozenset[int]:
        """Numbers of the passages that have a wording, accents aside, which another passage has too."""
        signatures = self._terms.signatures()
        order = np.lexsort((self._passage_of, signatures))
        same = signatures[order][1:] == signatures[order][:-1]
        other = self._passage_of[order][1:] != self._passage_of[order][:-1]
        groups = np.concatenate([[0], np.cumsum(~same)])
        shared = np.isin(groups, groups[1:][same & other])
        return frozenset(self._passage_of[order][shared].tolist())

    def _year_features(self, candidates: Integers, asked: frozenset[str]) -> Floats:
        """A year that the question names, but neither the passage nor its time in force; a year of the passage that nobody named."""
        if not asked:
            return np.column_stack([np.zeros(len(candidates)), self._has_year[candidates]])
        return np.array([_compare_years(self.passages[number], asked) for number in candidates], np.float64)

    def _rows(self, number: int, without: frozenset[int] = frozenset()) -> Integers:
        """Rows of a passage's wordings."""
        rows = np.arange(self._first_row[number], self._first_row[number + 1])
        return np.array([row for row in rows if int(row) not in without] or rows[:1]) if without else rows

    def _outside(self, moved: Vectors) -> float:
        _, cosines = self._outside_vectors.search(moved, NEAREST_OUTSIDE + 1)
        if (
            len(cosines) > NEAREST_OUTSIDE and cosines[0] > SAME
        ):  # the very question stands in the list: its neighbours count
            cosines = cosines[1:]
        return float(cosines[:NEAREST_OUTSIDE].mean())

    @timed("propose")
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

    @timed("rank")
    def _rank(
        self, numbers: list[int], analysis: Analysis, vector: Vectors, moved: Vectors, without: frozenset[int]
    ) -> list[Hit]:
        """The candidates, best first, with the features that decide."""
        features, closest = self._measure(numbers, analysis, vector, moved, without)
        evidence = self._ranker.evidence(features)
        for at in np.flatnonzero((features[:, _PLAIN] > SAME) & (features[:, _CHARACTERS] > SAME)):
            if self._is_wording(numbers[at], analysis, without):
                evidence[at] = 1.0
        order = sorted(range(len(numbers)), key=lambda at: (-evidence[at], self.passages[numbers[at]].key))
        return [
            Hit(self.passages[numbers[at]], float(evidence[at]), self._texts[closest[at]], tuple(features[at].tolist()))
            for at in order
        ]

    def _is_wording(self, number: int, analysis: Analysis, without: frozenset[int]) -> bool:
        """True where the question is one of the passage's wordings, accents aside: a suggestion that was tapped, for one."""
        question = folded(list(analysis.tokens))
        kept = (self._texts[row] for row in self._rows(number) if int(row) not in without)
        return any(folded(normal_tokens(text)) == question for text in kept)

    def _measure(
        self, numbers: list[int], analysis: Analysis, vector: Vectors, moved: Vectors, without: frozenset[int]
    ) -> tuple[Floats, Integers]:
        """Features `[candidates, features]` and the row of each candidate's closest wording."""
        kept = [self._rows(number, without) for number in numbers]
        rows = np.concatenate(kept)
        first = np.concatenate([[0], np.cumsum([len(one) for one in kept])])[:-1]
        cosines = self._wording_vectors.cosines(moved, rows)
        nearest, three = _best_and_mean_of_three(cosines, first)
        shared = np.maximum.reduceat(self._terms.overlaps(analysis, rows), first, axis=0)
        candidates = np.array(numbers)
        asked = _years(" ".join(analysis.tokens))
        features = np.column_stack(
            [
                cosines[nearest],
                three,
                self._body_vectors.cosines(vector, candidates),
                shared,
                self._kinds[candidates],
                self._year_features(candidates, asked),
            ]
        )
        return features, rows[nearest]


def _years(text: str) -> frozenset[str]:
    return frozenset(_YEAR.findall(text))


def _compare_years(passage: Passage, asked: frozenset[str]) -> tuple[bool, bool]:
    own, known = _years(passage.wordings[0]), _years(" ".join((*passage.wordings, passage.body)))
    start = passage.valid.start
    missing = [year for year in asked - known if start is None or not passage.valid.contains(date(int(year), 12, 31))]
    return bool(missing), bool(own - asked)


def _kind_features(passage: Passage) -> tuple[bool, ...]:
    """In the order of `KIND_NAMES`."""
    return (
        passage.kind is PassageKind.PROVISION,
        passage.kind is PassageKind.GUIDANCE,
        passage.faq_kind is FaqKind.UNKNOWN,
        passage.faq_kind is FaqKind.CLARIFY,
        passage.faq_kind is FaqKind.OUT_OF_SCOPE,
    )


def _best_and_mean_of_three(values: Vectors, first: Integers) -> tuple[Integers, Floats]:
    """For each group (beginning at `first`): where its highest value is, and the mean of its three highest."""
    group = np.repeat(np.arange(len(first)), np.diff([*first, len(values)]))
    order = np.lexsort((-values, group))
    top = [order[np.minimum(first + rank, np.append(first[1:], len(values)) - 1)] for rank in range(3)]
    sizes = np.minimum(np.diff([*first, len(values)]), 3)
    ranked = np.column_stack([values[one] for one in top])
    return top[0], (ranked * (np.arange(3) < sizes[:, None])).sum(axis=1) / sizes


def _top(scores: Scores, count: int) -> NDArray[np.int64]:
    """Rows with the highest scores above zero, best first."""
    positive = np.flatnonzero(scores > 0)
    if len(positive) > 4 * count:  # sorting them all would cost more than finding them
        least = np.partition(scores[positive], -count)[-count]
        positive = positive[scores[positive] >= least]
    order = np.lexsort((positive, -scores[positive]))
    return positive[order[:count]]
