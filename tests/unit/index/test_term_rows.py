"""Rows of terms as numbers say the same as lists of strings."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.restoration import Counts
from index.term_rows import TermRows
from index.tokenizer import folded, trigrams, with_pairs

ROWS = st.lists(st.lists(st.sampled_from(["điểm", "diem", "giải", "a", "đ", "1000", "x"]), max_size=6), max_size=6)


def counted(rows: TermRows) -> list[Counter[str]]:
    """Each row's terms with how often they stand there."""
    found: list[Counter[str]] = [Counter() for _ in range(rows.rows)]
    for term, row, count in zip(*(one.tolist() for one in rows.counts()), strict=True):
        found[row][rows.vocabulary[term]] = count
    return found


@given(ROWS)
def test_terms_come_back_as_they_were(rows: list[list[str]]) -> None:
    read = TermRows.of(rows)
    assert read.lists() == rows
    assert list(read.vocabulary) == sorted({term for row in rows for term in row})
    assert read.lengths.tolist() == [len(row) for row in rows]


@given(ROWS)
def test_pairs_and_trigrams_are_those_of_the_tokenizer(rows: list[list[str]]) -> None:
    read = TermRows.of(rows)
    assert counted(read.joined(read.pairs())) == [Counter(with_pairs(row)) for row in rows]
    plain = read.replaced(lambda term: folded([term]))
    assert plain.lists() == [folded(row) for row in rows]
    assert counted(plain.trigrams()) == [Counter(trigrams(row)) for row in rows]
    owners, terms = plain.trigrams().sets()
    words = plain.trigrams().vocabulary
    assert [(row, words[term]) for row, term in zip(owners.tolist(), terms.tolist(), strict=True)] == [
        (number, term) for number, row in enumerate(rows) for term in sorted(set(trigrams(row)))
    ]


@given(ROWS, ROWS)
def test_rows_are_put_together(one: list[list[str]], other: list[list[str]]) -> None:
    assert TermRows.of(one).above(TermRows.of(other)).lists() == [*one, *other]
    paired = list(zip(one, other, strict=False))
    joined = TermRows.of(left for left, _ in paired).followed_by(TermRows.of(right for _, right in paired))
    assert joined.lists() == [[*left, *right] for left, right in paired]
    taken = list(range(len(one)))[::-1]
    assert TermRows.of(one).select(np.array(taken, np.int64)).lists() == [one[row] for row in taken]


@given(ROWS)
def test_a_term_may_become_several_or_none(rows: list[list[str]]) -> None:
    forms: dict[str, list[str]] = {"a": [], "x": ["xin", "chào"]}
    expected = [[form for term in row for form in forms.get(term, [term])] for row in rows]
    assert TermRows.of(rows).replaced(lambda term: forms.get(term, [term])).lists() == expected


@given(ROWS)
def test_runs_are_counted_as_one_counts_them(rows: list[list[str]]) -> None:
    """Against the plain way; rows with accents on less than a third teach nothing."""
    counts = Counts.of(TermRows.of(rows))
    words = [*counts.vocabulary, "<s>"]
    teaching = [row for row in rows if row and 3 * sum(term != folded([term])[0] for term in row) >= len(row)]
    singles = Counter(term for row in teaching for term in row)
    pairs = Counter(pair for row in teaching for pair in pairwise(["<s>", *row]))
    triples = Counter(
        triple for row in teaching for triple in zip(["<s>", "<s>", *row], ["<s>", *row], row, strict=False)
    )
    base = counts.base
    assert dict(zip(counts.vocabulary, counts.singles.tolist(), strict=True)) == dict(singles)
    assert {
        (words[run // base], words[run % base]): count
        for run, count in zip(counts.pairs.tolist(), counts.pair_counts.tolist(), strict=True)
    } == dict(pairs)
    assert {
        (words[run // base**2], words[run // base % base], words[run % base]): count
        for run, count in zip(counts.triples.tolist(), counts.triple_counts.tolist(), strict=True)
    } == dict(triples)
