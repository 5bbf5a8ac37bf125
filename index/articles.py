"""Finds the article of law that answers a question, among thousands of long articles with titles.

The award's own knowledge is small and asked for by stored wordings (index/hybrid.py); a body of law is neither.
Here the candidates come from BM25 over clauses and from the encoder, and a learned sum of a few numbers that a
person can read ranks them. What made the difference on legal questions, beside the sum of BM25 and cosine
(docs/retrieval.md has the figures): how much of the *title* the question says, the best clause instead of the whole
article, and whether other articles of the same regulation fit too, since a title like «Xử lý hồ sơ» says nothing
without its regulation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.article_ranker import NAMES, ArticleRanker
from index.clauses import cut_clauses
from index.dense import DenseField
from index.encoder import Vectors
from index.fusion import best_first
from index.postings import Floats, Postings, Rows, rarity
from index.tokenizer import syllables, with_pairs

CANDIDATES = 50  # proposed by each retriever
_NEIGHBOURS = 300  # best articles that speak for their regulation
_DEFINES = re.compile(r"giải thích (?:từ ngữ|thuật ngữ)|khái niệm|định nghĩa")
_DELIMITS = re.compile(r"phạm vi (?:điều chỉnh|áp dụng)|đối tượng (?:điều chỉnh|áp dụng)")


@dataclass(frozen=True, slots=True)
class Article:
    """An article of law; `document` is the regulation it stands in."""

    id: str
    document: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """What the encoder reads."""
        return f"{self.title}\n{self.text}".strip()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows of the articles in question and their features `[candidates, len(NAMES)]`."""

    rows: NDArray[np.int64]
    features: NDArray[np.float64]


class ArticleSearch:
    """An index over articles; immutable, so it may be used from many threads."""

    def __init__(self, articles: Sequence[Article], vectors: Vectors) -> None:
        """`vectors` [articles, dimension] are of `Article.whole`."""
        self.articles = articles
        titles = [_terms(article.title) for article in articles]
        clauses = [
            [*title, *_terms(clause)]
            for article, title in zip(articles, titles, strict=True)
            for clause in cut_clauses(article.text)
        ]
        self._first_clause = np.cumsum([0, *(len(cut_clauses(article.text)) for article in articles)])[:-1]
        self._rarity = rarity(
            [[*title, *_terms(article.text)] for article, title in zip(articles, titles, strict=True)]
        )
        self._rarest = max(self._rarity.values(), default=1.0)
        self._clauses = Postings.bm25(clauses, k1=1.2, b=0.6)
        self._titles = Rows.of(titles, self._rarity)
        self._documents = np.unique([article.document for article in articles], return_inverse=True)[1]
        self._defines = np.array([bool(_DEFINES.search(article.title.lower())) for article in articles])
        self._delimits = np.array([bool(_DELIMITS.search(article.title.lower())) for article in articles])
        self._vectors = DenseField.build(vectors)

    def candidates(self, tokens: Sequence[str], vector: Vectors) -> Candidates:
        """What BM25 and the encoder propose for a question, its restored syllables and its vector `[dimension]`."""
        terms = list(dict.fromkeys(with_pairs(list(tokens))))
        clause = np.maximum.reduceat(self._clauses.scores(terms), self._first_clause)
        best = best_first(clause, _NEIGHBOURS)
        rows = np.union1d(best[:CANDIDATES], self._vectors.search(vector, CANDIDATES)[0])
        shared = self._titles.shared(terms, rows)
        features = {
            "clause": clause[rows],
            "title_asked": shared / np.maximum(1.0, self._titles.totals[rows]),
            "asked_in_title": shared / max(1.0, self._weigh(terms)),
            "document": self._document_scores(clause, best)[self._documents[rows]],
            "cosine": self._vectors.cosines(vector, rows),
            "defines": self._defines[rows],
            "delimits": self._delimits[rows],
        }
        return Candidates(rows, np.stack([features[name] for name in NAMES], axis=1).astype(np.float64))

    def _document_scores(self, clause: Floats, best: NDArray[np.int64]) -> Floats:
        """For each regulation a third of the sum of its best three articles, of those among the `best`."""
        grouped = best[np.argsort(self._documents[best], kind="stable")]  # by regulation, the best of each first
        documents = self._documents[grouped]
        place = np.arange(len(grouped)) - np.searchsorted(documents, documents)
        total = np.bincount(documents[place < 3], clause[grouped[place < 3]], int(self._documents.max()) + 1)
        return np.asarray(total / 3, np.float32)

    def _weigh(self, terms: Sequence[str]) -> float:
        return sum(self._rarity.get(term, self._rarest) for term in set(terms))


def search(
    index: ArticleSearch, ranker: ArticleRanker, tokens: Sequence[str], vector: Vectors, count: int
) -> list[int]:
    """Rows of the best articles, best first."""
    found = index.candidates(tokens, vector)
    return [int(row) for row in found.rows[best_first(ranker.scores(found.features), count)]]


def _terms(text: str) -> list[str]:
    return with_pairs(syllables(text))
