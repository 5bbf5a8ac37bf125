"""`award eval --retrieval DIR`: how well the articles of a BEIR folder are found, by ours beside the plain methods.

Everything is measured in one run on the same questions, with bootstrap intervals: as typed, without accents, and
with generated typing noise. Questions that taught the ranker are ranked with weights learned without them
(index/article_ranker.py).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.article_ranker import ArticleRanker
from index.articles import Article, ArticleSearch, search
from index.beir import RetrievalQuestion, read_retrieval_set
from index.embeddings import stored_vectors
from index.encoder import Encoder, Vectors
from index.fusion import Scores, best_first, reciprocal_ranks
from index.intervals import Estimate, estimate, percentile
from index.noise import NOISES, spoil
from index.postings import Postings
from index.restoration import AccentRestorer
from index.spelling import spell
from index.tokenizer import folded, syllables, with_pairs

EMBEDDINGS = Path(__file__).resolve().parents[1] / "var" / "embeddings"
DEPTH = 10
AS_TYPED, NO_ACCENTS = "as typed", "without accents"
Say = Callable[[str], None]
Terms = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one method reaches on the questions typed in one way."""

    method: str
    typed: str
    ndcg: Estimate
    mrr: Estimate
    recall_5: Estimate
    recall_10: Estimate


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one folder; times in seconds for one question, as typed."""

    articles: int
    questions: int
    cross_validated: int  # questions that the ranker had learned from
    rows: tuple[Figure, ...]
    restored: Estimate  # share of a question's syllables that got their accents back
    seconds: dict[str, list[float]]

    def of(self, method: str, typed: str = AS_TYPED) -> Figure:
        """Raises KeyError where that was not measured."""
        for row in self.rows:
            if (row.method, row.typed) == (method, typed):
                return row
        raise KeyError((method, typed))


class Bench:
    """One folder, indexed in every way that is compared."""

    def __init__(self, articles: Sequence[Article], vectors: Vectors, encoder: Encoder, say: Say) -> None:
        self.articles = articles
        self._encoder = encoder
        self._vectors = vectors
        self._ranker = ArticleRanker.load()
        say("→ learning accents")
        self._restorer = AccentRestorer.learn(text for one in articles for text in (one.title, one.text))
        say("→ indexing")
        self._index = ArticleSearch(articles, vectors)
        self._lexical = {name: (terms, _bm25(articles, terms)) for name, terms in _ANALYSES.items()}
        self.seconds: dict[str, list[float]] = {"analysis": [], "encoder": [], "ranking": []}

    def bm25(self, analysis: str, text: str) -> Scores:
        terms, postings = self._lexical[analysis]
        return postings.scores(terms(text))

    def dense(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Cosines `[texts, articles]`."""
        return np.asarray(self._encoder.encode_queries(texts) @ self._vectors.T, np.float32)

    def hybrid(self, text: str, learned: str) -> list[int]:
        """Rows of our best articles for a text; `learned` is the wording that the ranker may have learned from."""
        started = time.perf_counter()
        spelt = spell(text, self._restorer)
        analysed = time.perf_counter()
        vector = self._encoder.encode_queries([spelt.text])[0]
        encoded = time.perf_counter()
        rows = search(self._index, self._ranker.without(learned), spelt.tokens, vector, DEPTH)
        for part, spent in zip(
            self.seconds, (analysed - started, encoded - analysed, time.perf_counter() - encoded), strict=True
        ):
            self.seconds[part].append(spent)
        return rows

    def restored(self, question: RetrievalQuestion) -> float:
        """Share of the syllables of a question typed without accents that come out as in the original."""
        right = syllables(question.text)
        found = self._restorer.restore(syllables(question.plain or ""))
        return sum(map(str.__eq__, found, right)) / max(1, len(right))

    def has_taught(self, questions: Iterable[RetrievalQuestion]) -> int:
        return sum(self._ranker.has_seen(question.text) for question in questions)


_ANALYSES: dict[str, Terms] = {
    "bm25 (syllables)": syllables,
    "bm25 (syllable pairs)": lambda text: with_pairs(syllables(text)),
    "bm25 (folded syllables)": lambda text: folded(syllables(text)),
    "bm25 (folded pairs)": lambda text: with_pairs(folded(syllables(text))),
}


def _bm25(articles: Sequence[Article], terms: Terms) -> Postings:
    return Postings.bm25([terms(article.title) + terms(article.text) for article in articles], k1=1.2, b=0.75)


def evaluate_folder(folder: Path, encoder: Encoder, say: Say, cache: Path = EMBEDDINGS) -> Figures:
    """Measure every method. Raises RetrievalSetError where the folder is no BEIR set."""
    data = read_retrieval_set(folder)
    say(f"→ encoding {len(data.articles):,} articles (kept in {cache} for the next run)")
    vectors = stored_vectors([article.whole for article in data.articles], encoder, cache, _progress(say))
    bench = Bench(data.articles, vectors, encoder, say)
    say(f"→ asking {len(data.questions):,} questions")
    rows = _plain_methods(bench, data.questions, AS_TYPED, "bm25 (syllables)", "bm25 (syllable pairs)")
    rows.append(_ours(bench, data.questions, AS_TYPED, [question.text for question in data.questions]))
    seconds = {part: list(spent) for part, spent in bench.seconds.items()}
    plain = [question for question in data.questions if question.plain is not None]
    if plain:
        rows += _plain_methods(bench, plain, NO_ACCENTS, "bm25 (folded syllables)", "bm25 (folded pairs)")
        rows.append(_ours(bench, plain, NO_ACCENTS, [question.plain or "" for question in plain]))
    for noise in NOISES:
        rows.append(_ours(bench, data.questions, noise, [spoil(question.text, noise) for question in data.questions]))
    taught = bench.has_taught(data.questions)
    restored = estimate([bench.restored(question) for question in plain])
    return Figures(len(data.articles), len(data.questions), taught, tuple(rows), restored, seconds)


def _plain_methods(
    bench: Bench, questions: Sequence[RetrievalQuestion], typed: str, single: str, pairs: str
) -> list[Figure]:
    texts = [(question.plain or "") if typed == NO_ACCENTS else question.text for question in questions]
    lexical = {name: [bench.bm25(name, text) for text in texts] for name in (single, pairs)}
    dense = list(bench.dense(texts))
    fused = [reciprocal_ranks(scores) for scores in zip(lexical[pairs], dense, strict=True)]
    methods = {**lexical, "dense": dense, "rrf of bm25 pairs and dense": fused}
    return [
        _figure(name, typed, bench, questions, [best_first(one, DEPTH).tolist() for one in scores])
        for name, scores in methods.items()
    ]


def _ours(bench: Bench, questions: Sequence[RetrievalQuestion], typed: str, texts: Sequence[str]) -> Figure:
    found = [bench.hybrid(text, question.text) for question, text in zip(questions, texts, strict=True)]
    return _figure("hybrid (ours)", typed, bench, questions, found)


def _figure(
    method: str, typed: str, bench: Bench, questions: Sequence[RetrievalQuestion], found: Sequence[Sequence[int]]
) -> Figure:
    answers = [
        ([bench.articles[row].id for row in rows], question.relevant)
        for question, rows in zip(questions, found, strict=True)
    ]
    return Figure(
        method,
        typed,
        estimate([ndcg(ids, relevant) for ids, relevant in answers]),
        estimate([reciprocal_rank(ids, relevant) for ids, relevant in answers]),
        estimate([recall(ids[:5], relevant) for ids, relevant in answers]),
        estimate([recall(ids[:10], relevant) for ids, relevant in answers]),
    )


def ndcg(ids: Sequence[str], relevant: frozenset[str]) -> float:
    """NDCG of the first ten with relevance 0 or 1."""
    gain = sum(1 / math.log2(place + 2) for place, one in enumerate(ids[:DEPTH]) if one in relevant)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(DEPTH, len(relevant))))


def reciprocal_rank(ids: Sequence[str], relevant: frozenset[str]) -> float:
    """One over the place of the first right one among the first ten, 0 without any."""
    return next((1 / place for place, one in enumerate(ids[:DEPTH], 1) if one in relevant), 0.0)


def recall(ids: Sequence[str], relevant: frozenset[str]) -> float:
    """Share of the right ones that are there."""
    return len(relevant.intersection(ids)) / len(relevant)


def print_figures(figures: Figures, say: Say) -> None:
    """One table for each way of typing, then what a question costs."""
    say(f"{figures.articles:,} articles, {figures.questions:,} questions; per cent, 95 % interval in brackets")
    if figures.cross_validated:
        say(f"{figures.cross_validated} questions taught our ranker: ranked by weights learned without them (5-fold)")
    for typed in dict.fromkeys(row.typed for row in figures.rows):
        say(f"\n{typed:30}{'NDCG@10':<20}{'MRR@10':<20}{'Recall@5':<20}{'Recall@10':<20}".rstrip())
        for row in figures.rows:
            if row.typed == typed:
                values = (row.ndcg, row.mrr, row.recall_5, row.recall_10)
                say(f"  {row.method:28}" + "".join(f"{value.percent.strip():<20}" for value in values).rstrip())
    if figures.restored.count:
        say(f"\naccents restored: {figures.restored.percent.strip()} of a question's syllables")
    parts = (
        f"{part} {1000 * percentile(spent, 0.5):.2f} / {1000 * percentile(spent, 0.99):.2f}"
        for part, spent in figures.seconds.items()
    )
    say(f"ours, ms a question (p50 / p99): {', '.join(parts)}")


def _progress(say: Say) -> Callable[[int, int], None]:
    started = time.perf_counter()
    last = [started]

    def progress(done: int, total: int) -> None:
        now = time.perf_counter()
        if now - last[0] > 5:  # blocks that were kept fly by
            last[0] = now
            say(f"  {done:,}/{total:,} articles, {now - started:.0f} s")

    return progress
