"""Lexical retrieval: BM25 over one field of terms (bm25s), with scores that can be compared between questions."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.term_rows import TermRows

# The library sets its own logger to DEBUG, which then shows wherever somebody has set up logging.
logging.getLogger("bm25s").setLevel(logging.WARNING)

Scores = NDArray[np.float32]
# Additions a question may cost. «giải thưởng» stands in most rows: past this many postings the commonest terms are left out,
# which hardly tell rows apart. The content of today never reaches it; a million rows would.
MOST_POSTINGS = 400_000
K1, B = 1.2, 0.6  # of Robertson and Spärck Jones, in Lucene's form


class Bm25Field:
    """BM25 over the rows of one field; a row is a list of terms."""

    def __init__(self, retriever: Any, rows: int) -> None:
        self._retriever = retriever
        self.rows = rows

    @classmethod
    def build(cls, rows: Sequence[Sequence[str]]) -> Bm25Field:
        return cls.of(TermRows.of(rows))

    @classmethod
    def of(cls, terms: TermRows) -> Bm25Field:
        """The library's index, put together here: it counts each row in Python, which takes a publication seconds."""
        numbers, rows, counts = terms.counts()
        frequencies = np.bincount(numbers, minlength=len(terms.vocabulary))
        rarity = np.log(1 + (terms.rows - frequencies + 0.5) / (frequencies + 0.5))
        lengths = terms.lengths
        norms = K1 * (1 - B + B * lengths / (lengths.mean() if len(numbers) else 1.0))
        retriever = bm25s.BM25(method="lucene", k1=K1, b=B)
        retriever.scores = {
            "data": (rarity[numbers] * counts / (counts + norms[rows])).astype(np.float32),
            "indices": rows.astype(np.int32),
            "indptr": np.concatenate([[0], np.cumsum(frequencies)]).astype(np.int32),
            "num_docs": terms.rows,
        }
        retriever.nonoccurrence_array = None
        retriever.vocab_dict = {term: number for number, term in enumerate(terms.vocabulary)}
        retriever.unique_token_ids_set = set(range(len(terms.vocabulary)))
        return cls(retriever, terms.rows)

    def scores(self, terms: Sequence[str]) -> Scores:
        """BM25 of every row `[rows]`; zero where nothing matches. The rarest terms count where all would be too many postings."""
        known = self._affordable([term for term in terms if term in self._retriever.vocab_dict])
        if not known or not self.rows:
            return np.zeros(self.rows, np.float32)
        return np.asarray(self._retriever.get_scores(known), np.float32)[: self.rows]

    def _affordable(self, terms: list[str]) -> list[str]:
        starts, numbers = self._retriever.scores["indptr"], self._retriever.vocab_dict
        sizes = np.array([starts[numbers[term] + 1] - starts[numbers[term]] for term in terms], np.int64)
        if sizes.sum() <= MOST_POSTINGS:
            return terms
        rarest = np.argsort(sizes, kind="stable")
        kept = max(1, int(np.searchsorted(np.cumsum(sizes[rarest]), MOST_POSTINGS, side="right")))
        return [terms[at] for at in rarest[:kept]]

    def save(self, folder: Path) -> None:
        self._retriever.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, rows: int) -> Bm25Field:
        return cls(bm25s.BM25.load(str(folder), mmap=False), rows)
