"""Why a passage fits a question: a few numbers that a person can read, each for the passage's best wording.

Overlaps are weighted by how rare a term is (inverse document frequency), so «giải thưởng», which nearly every wording has, weighs
little. They are Dice coefficients: 1 where question and wording have the same terms, 0 where they share none. All wordings lie in
flat arrays, so that comparing a question with hundreds of them is a handful of array operations.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analysis
from index.term_rows import TermRows
from index.tokenizer import folded, with_pairs

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
KINDS = ("exact", "plain", "pairs", "characters")
_SEED = 20_261_122  # any; the same content always gets the same signatures
# Measured on each candidate; the ranker also sees how far each falls short of the best candidate's.
NAMES = (
    "cosine_wording",
    "cosine_three",
    "cosine_body",
    "overlap_exact",
    "overlap_plain",
    "overlap_pairs",
    "overlap_characters",
    "coverage",
)
KIND_NAMES = ("is_provision", "is_guidance", "is_unknown", "is_clarify", "is_declining", "year_missing", "year_added")


def term_sets(analysis: Analysis) -> tuple[frozenset[str], ...]:
    """The terms that wordings are compared by, in the order of `KINDS`."""
    plain = folded(list(analysis.tokens))
    return (
        frozenset(analysis.restored),
        frozenset(plain),
        frozenset(with_pairs(plain)[len(plain) :]),
        frozenset(analysis.trigrams),
    )


class TermTable:
    """The term sets of all wordings: `terms[starts[4 * row + kind] : starts[4 * row + kind + 1]]` are those of one row and kind."""

    def __init__(
        self, vocabulary: dict[str, int], weights: Floats, terms: NDArray[np.int32], starts: Integers, unknown: float
    ) -> None:
        self._vocabulary = vocabulary
        self._weights = weights
        self._terms = terms
        self._starts = starts
        self._unknown = unknown
        sums = np.concatenate([[0.0], np.cumsum(weights[terms])])
        self._totals = (sums[starts[1:]] - sums[starts[:-1]]).reshape(-1, len(KINDS))

    @classmethod
    def count(cls, analyses: Sequence[Analysis]) -> TermTable:
        """Of analysed wordings."""
        restored = TermRows.of(one.restored for one in analyses)
        return cls.of(restored, TermRows.of(one.tokens for one in analyses).replaced(_folded))

    @classmethod
    def of(cls, restored: TermRows, plain: TermRows) -> TermTable:
        """Of restored syllables and folded ones, a row a wording.

        Inverse document frequency ln((n + 1) / (df + 0.5)); an unknown term weighs as much as the rarest.
        """
        kinds = (restored, plain, plain.pairs(), plain.trigrams())
        sizes = [len(one.vocabulary) for one in kinds]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        sets = [one.sets() for one in kinds]
        cells = np.concatenate([rows * len(KINDS) + kind for kind, (rows, _) in enumerate(sets)])
        terms = np.concatenate([numbers + offset for (_, numbers), offset in zip(sets, offsets[:-1], strict=True)])
        order = np.argsort(cells, kind="stable")
        lengths = np.bincount(cells, minlength=restored.rows * len(KINDS))
        frequencies = np.bincount(terms, minlength=int(offsets[-1]))
        keys = (f"{kind}{term}" for kind, one in enumerate(kinds) for term in one.vocabulary)
        return cls(
            {key: number for number, key in enumerate(keys)},
            np.log((restored.rows + 1) / (frequencies + 0.5)),
            terms[order].astype(np.int32),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            math.log((restored.rows + 1) / 0.5),
        )

    def save(self, folder: Path) -> None:
        np.savez(folder / "terms.npz", weights=self._weights, terms=self._terms, starts=self._starts)
        record = {"unknown": self._unknown, "vocabulary": list(self._vocabulary)}
        (folder / "terms.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> TermTable:
        record = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        vocabulary = {key: number for number, key in enumerate(record["vocabulary"])}
        with np.load(folder / "terms.npz") as stored:
            return cls(vocabulary, stored["weights"], stored["terms"], stored["starts"], record["unknown"])

    def signatures(self) -> NDArray[np.uint64]:
        """A number for each row; rows of the same syllables in the same order, accents aside, have the same."""
        drawn = np.random.default_rng(_SEED).integers(0, 2**64, len(self._weights), np.uint64)
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(drawn[self._terms], dtype=np.uint64)])
        starts = self._starts[:-1].reshape(-1, len(KINDS))
        ends = self._starts[1:].reshape(-1, len(KINDS))
        plain, characters = KINDS.index("plain"), KINDS.index("characters")
        return np.asarray(sums[ends[:, characters]] - sums[starts[:, plain]])

    def overlaps(self, question: Analysis, rows: Integers) -> Floats:
        """Dice coefficients of the four kinds, and the share of the question's own weight that each row covers `[rows, 5]`."""
        sets = term_sets(question)
        mine = np.zeros(len(self._weights))
        own = np.zeros(len(KINDS))
        for kind, terms in enumerate(sets):
            for key in _keys(kind, terms):
                number = self._vocabulary.get(key)
                own[kind] += self._unknown if number is None else self._weights[number]
                if number is not None:
                    mine[number] = self._weights[number]
        shared = self._shared(mine, rows)
        both = own + self._totals[rows]
        dice = np.divide(2 * shared, both, out=np.zeros_like(shared), where=both > 0)
        coverage = shared[:, 1:2] / own[1] if own[1] else np.zeros((len(rows), 1))
        return np.hstack([dice, coverage])

    def _shared(self, mine: Floats, rows: Integers) -> Floats:
        """Summed weight of the terms that each row and kind shares with the question `[rows, kinds]`."""
        kinds = len(KINDS)
        begins, ends = self._starts[rows * kinds], self._starts[(rows + 1) * kinds]
        lengths = ends - begins
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        flat = np.arange(offsets[-1]) + np.repeat(begins - offsets[:-1], lengths)
        sums = np.concatenate([[0.0], np.cumsum(mine[self._terms[flat]])])
        corners = self._starts[rows[:, None] * kinds + np.arange(kinds + 1)] - begins[:, None] + offsets[:-1, None]
        return np.asarray(sums[corners[:, 1:]] - sums[corners[:, :-1]])


def _keys(kind: int, terms: frozenset[str]) -> list[str]:
    """Terms of different kinds are different terms."""
    return sorted(f"{kind}{term}" for term in terms)


def _folded(term: str) -> list[str]:
    return folded([term])
