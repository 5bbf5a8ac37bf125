"""Postings of many short rows: for each term the rows that have it, with a weight each, so that a question costs
one addition per posting.

Beside `Bm25Field` because clauses are many and a syllable like «các» stands in most of them: such terms are kept as
whole columns, whose addition is some fifteen times as fast as adding by row number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int32]
COLUMN_FROM = 1 / 20  # share of the rows from which a term is kept as a column


@dataclass(frozen=True, slots=True)
class Postings:
    """`rows` and `weights` of term number t are those from `starts[t]` to `starts[t + 1]`."""

    vocabulary: Mapping[str, int]
    starts: NDArray[np.int64]
    rows: Numbers
    weights: Floats
    columns: Mapping[int, Floats]
    count: int

    @classmethod
    def bm25(cls, rows: Sequence[Sequence[str]], k1: float, b: float) -> Postings:
        """Weights of BM25 (Lucene's form)."""
        return cls._joined(_bm25(rows, k1, b), len(rows))

    @classmethod
    def _joined(cls, postings: Mapping[str, tuple[Numbers, Floats]], count: int) -> Postings:
        vocabulary = {term: number for number, term in enumerate(postings)}
        sizes = [len(numbers) for numbers, _ in postings.values()]
        return cls(
            vocabulary,
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            np.concatenate([numbers for numbers, _ in postings.values()] or [np.zeros(0, np.int32)]),
            np.concatenate([weights for _, weights in postings.values()] or [np.zeros(0, np.float32)]),
            {
                vocabulary[term]: _column(numbers, weights, count)
                for term, (numbers, weights) in postings.items()
                if len(numbers) > COLUMN_FROM * count
            },
            count,
        )

    def scores(self, terms: Iterable[str]) -> Floats:
        """Sum of the terms' weights in every row."""
        total = np.zeros(self.count, np.float32)
        for term in terms:
            number = self.vocabulary.get(term)
            if number is None:
                continue
            column = self.columns.get(number)
            if column is not None:
                total += column
            else:
                part = slice(self.starts[number], self.starts[number + 1])
                total[self.rows[part]] += self.weights[part]
        return total


@dataclass(frozen=True, slots=True)
class Rows:
    """The same the other way round, for looking at a few rows: row r has the terms from `starts[r]` to `starts[r + 1]`."""

    vocabulary: Mapping[str, int]
    starts: NDArray[np.int64]
    terms: Numbers
    worth: Floats  # of each term, by number
    totals: Floats  # what all terms of a row are worth

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], worth: Mapping[str, float]) -> Rows:
        """`worth` has every term of the rows; a term counts once in a row."""
        vocabulary = {term: number for number, term in enumerate(dict.fromkeys(term for row in rows for term in row))}
        numbers = [sorted({vocabulary[term] for term in row}) for row in rows]
        starts = np.concatenate([[0], np.cumsum([len(row) for row in numbers])]).astype(np.int64)
        terms = np.array([number for row in numbers for number in row], np.int32)
        worths = np.array([worth[term] for term in vocabulary], np.float32)
        owner = np.repeat(np.arange(len(rows)), np.diff(starts))
        return cls(vocabulary, starts, terms, worths, np.bincount(owner, worths[terms], len(rows)).astype(np.float32))

    def shared(self, terms: Iterable[str], rows: NDArray[np.int64]) -> Floats:
        """For each of the rows named what the terms that it has among the given ones are worth."""
        asked = np.zeros(len(self.vocabulary) + 1, np.bool_)
        asked[[self.vocabulary.get(term, -1) for term in terms]] = True  # the last place stands for all unknown terms
        sizes = self.starts[rows + 1] - self.starts[rows]
        owner = np.repeat(np.arange(len(rows)), sizes)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        found = self.terms[self.starts[rows][owner] + within]
        return np.bincount(owner, self.worth[found] * asked[found], len(rows)).astype(np.float32)


def rarity(rows: Sequence[Sequence[str]]) -> dict[str, float]:
    """Inverse document frequency of every term."""
    found = Counter(term for row in rows for term in set(row))
    return {term: float(np.log(1 + (len(rows) - count + 0.5) / (count + 0.5))) for term, count in found.items()}


def _bm25(rows: Sequence[Sequence[str]], k1: float, b: float) -> dict[str, tuple[Numbers, Floats]]:
    """Row numbers and weights (Lucene's form of BM25) of every term."""
    lengths = np.array([len(row) for row in rows], np.float32)
    norm = k1 * (1 - b + b * lengths / max(float(lengths.mean()), 1.0)) if len(rows) else lengths
    found = {}
    for term, (numbers, counts) in _postings_by_term(rows).items():
        rare = np.log(1 + (len(rows) - len(numbers) + 0.5) / (len(numbers) + 0.5))
        found[term] = numbers, np.asarray(rare * counts / (counts + norm[numbers]), np.float32)
    return found


def _postings_by_term(rows: Sequence[Sequence[str]]) -> dict[str, tuple[Numbers, Floats]]:
    """Row numbers in ascending order and how often the term stands there."""
    numbers: dict[str, list[int]] = {}
    counts: dict[str, list[int]] = {}
    for row, terms in enumerate(rows):
        for term, count in Counter(terms).items():
            numbers.setdefault(term, []).append(row)
            counts.setdefault(term, []).append(count)
    return {term: (np.array(numbers[term], np.int32), np.array(counts[term], np.float32)) for term in numbers}


def _column(numbers: Numbers, weights: Floats, count: int) -> Floats:
    column = np.zeros(count, np.float32)
    column[numbers] = weights
    return column
