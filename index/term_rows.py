"""Terms of many rows as flat arrays of numbers, so that building an index is a handful of array operations.

A build looks at every text of a publication, also when an officer has changed one of them: with a list of strings a row that costs
more than everything else together.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
_CODE_BITS = 21  # of a Unicode character
_CODE = (1 << _CODE_BITS) - 1


class _Numbers(dict[str, int]):
    """Gives every new term the next number."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


@dataclass(frozen=True, slots=True)
class TermRows:
    """Term `vocabulary[numbers[i]]` stands in row `owners[i]`; the vocabulary is sorted and has no other terms than those of the rows.

    Owners ascend and a row's terms stand in the order of the text, except in what `joined` gives.
    """

    vocabulary: Sequence[str]
    numbers: Integers
    owners: Integers
    rows: int

    @classmethod
    def of(cls, rows: Iterable[Sequence[str]]) -> TermRows:
        """From lists of terms."""
        known = _Numbers()
        flat, lengths = array("q"), array("q")
        for row in rows:
            flat.extend(map(known.__getitem__, row))
            lengths.append(len(row))
        sizes = np.array(lengths, np.int64)
        owners = np.repeat(np.arange(len(sizes)), sizes)
        return cls._of_unsorted(list(known), np.array(flat, np.int64), owners, len(sizes))

    @classmethod
    def _of_unsorted(cls, vocabulary: Sequence[str], numbers: Integers, owners: Integers, rows: int) -> TermRows:
        """Equal terms become one, terms of no row fall out."""
        used = np.unique(numbers).tolist()
        kept = sorted({vocabulary[number] for number in used})
        place = {term: number for number, term in enumerate(kept)}
        moved = np.zeros(len(vocabulary), np.int64)
        moved[used] = [place[vocabulary[number]] for number in used]
        return cls(kept, moved[numbers], owners, rows)

    @property
    def lengths(self) -> Integers:
        """How many terms each row has."""
        return np.bincount(self.owners, minlength=self.rows)

    @property
    def starts(self) -> Integers:
        """Where each row begins in `numbers`, and where the last one ends."""
        return np.concatenate([[0], np.cumsum(self.lengths)]).astype(np.int64)

    def lists(self) -> list[list[str]]:
        """Each row's terms."""
        terms = [self.vocabulary[number] for number in self.numbers.tolist()]
        starts = self.starts.tolist()
        return [terms[begin:end] for begin, end in pairwise(starts)]

    def select(self, rows: Integers) -> TermRows:
        """The rows named, in that order."""
        sizes, starts = self.lengths[rows], self.starts
        owners = np.repeat(np.arange(len(rows)), sizes)
        within = np.arange(len(owners)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self._of_unsorted(self.vocabulary, self.numbers[starts[rows][owners] + within], owners, len(rows))

    def above(self, other: TermRows) -> TermRows:
        """These rows, then the other's."""
        both = [*self.vocabulary, *other.vocabulary]
        numbers = np.concatenate([self.numbers, other.numbers + len(self.vocabulary)])
        owners = np.concatenate([self.owners, other.owners + self.rows])
        return self._of_unsorted(both, numbers, owners, self.rows + other.rows)

    def followed_by(self, other: TermRows) -> TermRows:
        """Each row with the other's row of the same number after it."""
        both = [*self.vocabulary, *other.vocabulary]
        numbers = np.concatenate([self.numbers, other.numbers + len(self.vocabulary)])
        owners = np.concatenate([self.owners, other.owners])
        order = np.argsort(owners, kind="stable")
        return self._of_unsorted(both, numbers[order], owners[order], self.rows)

    def replaced(self, change: Callable[[str], Sequence[str]]) -> TermRows:
        """Each term replaced by those that `change` makes of it, wherever it stands."""
        after = TermRows.of(change(term) for term in self.vocabulary)
        sizes, starts = after.lengths[self.numbers], after.starts
        owners = np.repeat(self.owners, sizes)
        within = np.arange(len(owners)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        numbers = after.numbers[np.repeat(starts[self.numbers], sizes) + within]
        return TermRows(after.vocabulary, numbers, owners, self.rows)

    def pairs(self) -> TermRows:
        """Neighbours, joined by an underscore."""
        first = np.flatnonzero(self.owners[:-1] == self.owners[1:])
        count = len(self.vocabulary)
        keys, numbers = np.unique(self.numbers[first] * count + self.numbers[first + 1], return_inverse=True)
        words = self.vocabulary
        vocabulary = [
            f"{words[left]}_{words[right]}"
            for left, right in zip(*(one.tolist() for one in np.divmod(keys, max(1, count))), strict=True)
        ]
        return self._of_unsorted(vocabulary, numbers.reshape(-1).astype(np.int64), self.owners[first], self.rows)

    def trigrams(self) -> TermRows:
        """Runs of three characters of each row's text, which has a space before and after every term."""
        texts = [f" {' '.join(row)} " for row in self.lists()]
        sizes = np.array([len(text) for text in texts], np.int64)
        codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.int64)
        owners = np.repeat(np.arange(self.rows), sizes)
        first = np.flatnonzero(owners[:-2] == owners[2:]) if len(owners) > 2 else np.zeros(0, np.int64)
        packed = (
            codes[first] << 2 * _CODE_BITS | codes[first + 1] << _CODE_BITS | codes[first + 2] if len(first) else first
        )
        keys, numbers = np.unique(packed, return_inverse=True)
        vocabulary = [
            "".join(chr(key >> shift & _CODE) for shift in (2 * _CODE_BITS, _CODE_BITS, 0)) for key in keys.tolist()
        ]
        return self._of_unsorted(vocabulary, numbers.reshape(-1).astype(np.int64), owners[first], self.rows)

    def joined(self, other: TermRows) -> TermRows:
        """The terms of both; the vocabularies have no term in common, the other's stands behind."""
        return TermRows(
            [*self.vocabulary, *other.vocabulary],
            np.concatenate([self.numbers, other.numbers + len(self.vocabulary)]),
            np.concatenate([self.owners, other.owners]),
            self.rows,
        )

    def counts(self) -> tuple[Integers, Integers, Integers]:
        """Terms, rows and how often the term stands in the row, by term, then row."""
        keys, counts = _counted(self.numbers * self.rows + self.owners)
        terms, rows = np.divmod(keys, max(1, self.rows))
        return terms, rows, counts

    def sets(self) -> tuple[Integers, Integers]:
        """Rows and terms, each pair once, by row, then term."""
        rows, terms = np.divmod(
            _counted(self.owners * len(self.vocabulary) + self.numbers)[0], max(1, len(self.vocabulary))
        )
        return rows, terms


def _counted(keys: Integers) -> tuple[Integers, Integers]:
    """Each key once, ascending, and how often it stands there. Sorting takes half the time of numpy's hashing `unique` here."""
    ordered = np.sort(keys)
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else ordered
    return ordered[first], np.diff(np.append(first, len(ordered)))
