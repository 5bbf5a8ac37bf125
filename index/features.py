"""Why a passage fits a question: a few numbers that a person can read, each for the passage's best wording.

Overlaps are weighted by how rare a term is (inverse document frequency), so «giải thưởng», which nearly every wording has, weighs
little. They are Dice coefficients: 1 where question and wording have the same terms, 0 where they share none.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.analysis import Analysis
from index.tokenizer import folded, with_pairs

KINDS = ("exact", "plain", "pairs", "characters")
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
KIND_NAMES = ("is_provision", "is_guidance")


def term_sets(analysis: Analysis) -> dict[str, frozenset[str]]:
    """The terms that wordings are compared by: accented syllables, folded syllables, folded pairs, character trigrams."""
    plain = folded(list(analysis.tokens))
    return {
        "exact": frozenset(analysis.restored),
        "plain": frozenset(plain),
        "pairs": frozenset(with_pairs(plain)[len(plain) :]),
        "characters": frozenset(analysis.trigrams),
    }


@dataclass(frozen=True, slots=True)
class TermWeights:
    """Inverse document frequencies for each kind of terms; an unknown term weighs as much as the rarest."""

    weights: Mapping[str, Mapping[str, float]]
    unknown: float

    @classmethod
    def count(cls, analyses: Iterable[Analysis]) -> TermWeights:
        frequencies: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        total = 0
        for analysis in analyses:
            total += 1
            for kind, terms in term_sets(analysis).items():
                frequencies[kind].update(terms)
        weights = {
            kind: {term: math.log((total + 1) / (count + 0.5)) for term, count in counts.items()}
            for kind, counts in frequencies.items()
        }
        return cls(weights, math.log((total + 1) / 0.5))

    def weigh(self, kind: str, terms: Iterable[str]) -> float:
        of_kind = self.weights[kind]
        return sum(of_kind.get(term, self.unknown) for term in terms)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The term sets of one text with their total weights."""

    terms: Mapping[str, frozenset[str]]
    totals: Mapping[str, float]

    @classmethod
    def of(cls, analysis: Analysis, weights: TermWeights) -> Weighed:
        terms = term_sets(analysis)
        return cls(terms, {kind: weights.weigh(kind, terms[kind]) for kind in KINDS})


@dataclass(frozen=True, slots=True)
class Overlaps:
    """How much two texts share; `coverage` is the share of the question's own weight that the wording has."""

    exact: float
    plain: float
    pairs: float
    characters: float
    coverage: float

    @property
    def strength(self) -> float:
        """One number to pick a passage's best wording by."""
        return self.exact + self.plain + self.pairs + self.characters


def overlap(question: Weighed, wording: Weighed, weights: TermWeights) -> Overlaps:
    """Compare a question with one wording."""
    shared = {kind: weights.weigh(kind, question.terms[kind] & wording.terms[kind]) for kind in KINDS}
    dice = {kind: _dice(shared[kind], question.totals[kind], wording.totals[kind]) for kind in KINDS}
    coverage = shared["plain"] / question.totals["plain"] if question.totals["plain"] else 0.0
    return Overlaps(dice["exact"], dice["plain"], dice["pairs"], dice["characters"], coverage)


def _dice(shared: float, left: float, right: float) -> float:
    return 2 * shared / (left + right) if left + right else 0.0
