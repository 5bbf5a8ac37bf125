"""Puts accents back into text typed without them, by what our own content says.

A model of runs of three syllables with Viterbi decoding: each folded syllable has the accented forms that the
content knows, and the likeliest row of forms wins. Absolute discounting with continuation counts (Kneser, Ney 1995)
stands where plain back-off stood, because most runs of a question were never seen: 96 % instead of 94 % of the
syllables of 300 legal questions come out right. Rules are not written the way people ask, so a page of everyday
phrases («như thế nào», «bao lâu») is learned with every content, which makes it 99 %.

What the content does not know stays as typed, so a question from another world does not come to look like one of
ours.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.term_rows import TermRows
from index.tokenizer import syllables
from knowledge.vietnamese import fold_syllable

EVERYDAY = Path(__file__).parent / "everyday.txt"
EVERYDAY_WEIGHT = 5  # each phrase counts as often as this
MOST_TRIPLES = 300_000  # of a large content only the most frequent are kept, which bounds memory
FORMS = 8  # accented forms tried for one syllable
BEAM = 6  # readings of the text so far that are followed; 16 gains nothing
FOREIGN = 0.5  # a text with a smaller share of known syllables is in another language and stays as typed
TRUST = 3.0  # log odds for a syllable as typed, where all others have their marks: who types accents means «a» by «a»
MOST_CANDIDATES = 50_000  # typed syllables whose accented forms are remembered
_DISCOUNT = 0.9
_UNKNOWN = -1  # number of a syllable that the content does not have
_SCORE = itemgetter(0)

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often runs of syllables stand in the content, by the syllables' numbers; `len(vocabulary)` stands for the beginning.

    A run is one number to the base `len(vocabulary) + 1`, ascending in `pairs` and `triples`.
    """

    vocabulary: Sequence[str]
    singles: Integers
    pairs: Integers
    pair_counts: Integers
    triples: Integers
    triple_counts: Integers

    @property
    def base(self) -> int:
        return len(self.vocabulary) + 1

    @classmethod
    def of(cls, rows: TermRows) -> Counts:
        """Of the rows that were typed with accents; the others teach nothing."""
        rows = rows.select(np.flatnonzero(_teach(rows)))
        base, start = len(rows.vocabulary) + 1, len(rows.vocabulary)
        first = np.concatenate([[True], rows.owners[1:] != rows.owners[:-1]])[: len(rows.numbers)]
        before = np.where(first, start, np.concatenate([[start], rows.numbers[:-1]])[: len(rows.numbers)])
        second = np.concatenate([[True], first[:-1]])[: len(rows.numbers)]
        earlier = np.where(first | second, start, np.concatenate([[start], before[:-1]])[: len(rows.numbers)])
        pairs, pair_counts = np.unique(before * base + rows.numbers, return_counts=True)
        triples, triple_counts = np.unique((earlier * base + before) * base + rows.numbers, return_counts=True)
        if len(triples) > MOST_TRIPLES:
            kept = np.sort(np.argsort(-triple_counts, kind="stable")[:MOST_TRIPLES])
            triples, triple_counts = triples[kept], triple_counts[kept]
        singles = np.bincount(rows.numbers, minlength=start)
        return cls(rows.vocabulary, singles, pairs, pair_counts, triples, triple_counts)


_Row = tuple[dict[int, float], float]
_NOTHING: _Row = ({}, 0.0)


class _Rows:
    """Log probabilities of what may follow each context, and what is added for a form that was never seen to follow it."""

    def __init__(self, contexts: Integers, forms: Integers, logs: Floats, backing_off: Floats, first: Integers) -> None:
        self._at = dict(zip(contexts.tolist(), range(len(contexts)), strict=True))
        self._first = [*first.tolist(), len(forms)]
        self._forms, self._logs, self._backing_off = forms, logs, backing_off
        self._read: dict[int, _Row] = {}

    def get(self, context: int) -> _Row:
        """By form, and the addition; a context that was never seen says nothing."""
        row = self._read.get(context)
        if row is None:
            at = self._at.get(context)
            if at is None:
                return _NOTHING
            part = slice(self._first[at], self._first[at + 1])
            seen = dict(zip(self._forms[part].tolist(), self._logs[part].tolist(), strict=True))
            row = self._read[context] = seen, float(self._backing_off[at])
        return row


Link = tuple[int, "Link | None"]
_Reading = tuple[float, int, int, Link]  # score, the last form, the one before it, all forms linked backwards


class AccentRestorer:
    """Learned from texts; what it says never changes afterwards."""

    def __init__(self, counts: Counts) -> None:
        self._counts, self._base, self._start = counts, counts.base, len(counts.vocabulary)
        self._number = {form: number for number, form in enumerate(counts.vocabulary)}
        self._forms = _forms(counts)
        self._candidates: dict[str, list[int]] = {}
        singles = _single_logs(counts)
        unseen = math.log(0.5 / (int(counts.singles.sum()) or 1))
        self._singles = [*singles.tolist(), unseen]  # the last place is that of _UNKNOWN
        contexts, forms = np.divmod(counts.pairs, self._base)
        logs, backing_off, first = _discounted(contexts, counts.pair_counts, singles[forms])
        self._pairs = _Rows(contexts[first], forms, logs, backing_off, first)
        contexts, forms = np.divmod(counts.triples, self._base)
        # Every triple ends in a pair that was counted with it.
        shorter = logs[np.searchsorted(counts.pairs, contexts % self._base * self._base + forms)]
        logs, backing_off, first = _discounted(contexts, counts.triple_counts, shorter)
        self._triples = _Rows(contexts[first], forms, logs, backing_off, first)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> AccentRestorer:
        """Count runs of syllables; texts typed without accents teach nothing and are left out."""
        return cls.learn_rows(TermRows.of(map(syllables, texts)))

    @classmethod
    def learn_rows(cls, rows: TermRows) -> AccentRestorer:
        """The same from texts that are cut into syllables."""
        everyday = [syllables(line) for line in EVERYDAY.read_text(encoding="utf-8").splitlines()] * EVERYDAY_WEIGHT
        return cls(Counts.of(TermRows.of(everyday).above(rows)))

    def restore(self, tokens: Sequence[str]) -> list[str]:
        """The most likely accented form of each token; an accent that was typed is kept."""
        folds = [fold_syllable(token) for token in tokens]
        if sum(plain in self._forms for plain in folds) < FOREIGN * len(tokens):
            return list(tokens)
        trust = TRUST * sum(map(str.__ne__, tokens, folds)) / max(1, len(tokens))
        readings: list[_Reading] = [(0.0, self._start, self._start, (self._start, None))]
        for token, plain in zip(tokens, folds, strict=True):
            forms = self._candidates.get(token) or self._find_candidates(token, plain)
            if len(forms) == 1 and len(readings) == 1:  # nothing to choose, so nothing to weigh
                score, last, _, link = readings[0]
                readings = [(score, forms[0], last, (forms[0], link))]
            else:
                readings = self._step(readings, self._number.get(token, _UNKNOWN), forms, trust)
        words = self._counts.vocabulary
        return [
            token if form == _UNKNOWN else words[form]
            for token, form in zip(tokens, _linked(readings[0][3]), strict=True)
        ]

    def _step(self, readings: list[_Reading], token: int, forms: list[int], trust: float) -> list[_Reading]:
        """Every reading followed by every form; of those that end in the same two forms the best is kept.

        The innermost loop of a build: hence no function of its own for what a form costs after a reading.
        """
        base, singles = self._base, self._singles
        best: dict[int, _Reading] = {}
        for score, last, before, link in readings:
            pairs, after_pairs = self._pairs.get(last)
            triples, after_triples = self._triples.get(before * base + last) if before != _UNKNOWN else _NOTHING
            for form in forms:
                log = triples.get(form)
                if log is None:
                    log = pairs.get(form)
                    log = after_triples + (after_pairs + singles[form] if log is None else log)
                total = score + log + (trust if form == token else 0.0)
                kept = best.get(last * base + form)
                if kept is None or total > kept[0]:
                    best[last * base + form] = total, form, last, (form, link)
        return sorted(best.values(), key=_SCORE, reverse=True)[:BEAM] if len(best) > 1 else list(best.values())

    def _find_candidates(self, token: str, plain: str) -> list[int]:
        found = self._choose(token, plain)
        if len(self._candidates) < MOST_CANDIDATES:
            self._candidates[token] = found
        return found

    def _choose(self, token: str, plain: str) -> list[int]:
        known = self._forms.get(plain, [])
        own = self._number.get(token, _UNKNOWN)
        if token == plain:
            return known or [own]
        # Some marks were typed: only forms that agree with every typed mark come into question.
        if own != _UNKNOWN or not known:
            return [own]
        return [form for form in known if _agrees(token, self._counts.vocabulary[form])] or [own]

    def save(self, path: Path) -> None:
        """The counts, as a file of numpy's (.npz)."""
        counts = self._counts
        words = np.frombuffer("\n".join(counts.vocabulary).encode(), np.uint8)
        np.savez(
            path,
            words=words,
            singles=counts.singles,
            pairs=counts.pairs,
            pair_counts=counts.pair_counts,
            triples=counts.triples,
            triple_counts=counts.triple_counts,
        )

    @classmethod
    def load(cls, path: Path) -> AccentRestorer:
        with np.load(path) as stored:
            words = stored["words"].tobytes().decode()
            names = ("singles", "pairs", "pair_counts", "triples", "triple_counts")
            return cls(Counts(words.split("\n") if words else [], *(stored[name] for name in names)))


def _linked(link: Link | None) -> list[int]:
    """All forms of a reading, first to last, without the beginning."""
    found: list[int] = []
    while link is not None:
        found.append(link[0])
        link = link[1]
    return found[-2::-1]


def _teach(rows: TermRows) -> NDArray[np.bool_]:
    """True for the rows that were typed with accents: a third of their syllables have marks."""
    marked = np.array([term != fold_syllable(term) for term in rows.vocabulary], np.float64)
    shares = np.bincount(rows.owners, marked[rows.numbers] if len(marked) else None, rows.rows)
    return np.asarray((3 * shares >= rows.lengths) & (rows.lengths > 0))


def _single_logs(counts: Counts) -> Floats:
    """Half how often a syllable stands, half after how many others it does: «thể» is frequent, but in few runs."""
    total, kinds = int(counts.singles.sum()), len(counts.pairs)
    continues = np.bincount(counts.pairs % counts.base, minlength=len(counts.vocabulary))
    return np.asarray(np.log(0.5 * counts.singles / max(1, total) + 0.5 * continues / max(1, kinds)))


def _discounted(contexts: Integers, counts: Integers, shorter: Floats) -> tuple[Floats, Floats, Integers]:
    """Discounted log probabilities by context; what the discount saves goes to the `shorter` context.

    Also what a context gives to forms that were not seen after it, and where each context begins.
    """
    first = np.flatnonzero(np.concatenate([[True], contexts[1:] != contexts[:-1]])) if len(contexts) else contexts
    owners = np.repeat(np.arange(len(first)), np.diff([*first, len(contexts)]))
    totals = np.bincount(owners, counts, len(first))
    saved = _DISCOUNT * np.diff([*first, len(contexts)]) / totals
    logs = np.log((counts - _DISCOUNT) / totals[owners] + saved[owners] * np.exp(shorter))
    return logs, np.log(saved), first


def _forms(counts: Counts) -> dict[str, list[int]]:
    """The forms of each folded syllable, the most frequent first."""
    forms: dict[str, list[int]] = {}
    for number in np.argsort(
        -counts.singles, kind="stable"
    ).tolist():  # equally frequent ones in the order of the alphabet
        forms.setdefault(fold_syllable(counts.vocabulary[number]), []).append(number)
    return {plain: known[:FORMS] for plain, known in forms.items()}


def _agrees(typed: str, form: str) -> bool:
    """True where the form has every mark that was typed («diều» and «điêu» agree with «điều»)."""
    return len(typed) == len(form) and all(
        t in (f, fold_syllable(f)) or set(unicodedata.normalize("NFD", t)) < set(unicodedata.normalize("NFD", f))
        for t, f in zip(typed, form, strict=True)
    )
