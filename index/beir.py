"""Retrieval sets in BEIR's form: corpus.jsonl, queries.jsonl, qrels.tsv, perhaps queries_nodiac.jsonl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.articles import Article
from index.errors import RetrievalError


class RetrievalSetError(RetrievalError):
    """The folder is no retrieval set."""


@dataclass(frozen=True, slots=True)
class RetrievalQuestion:
    """A question, how it is typed without accents (where the set has that), and the ids of its right articles."""

    id: str
    text: str
    plain: str | None
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Articles and questions; every question has at least one answer among the articles."""

    articles: tuple[Article, ...]
    questions: tuple[RetrievalQuestion, ...]


def read_retrieval_set(folder: Path) -> RetrievalSet:
    """Raises RetrievalSetError where a file is missing or can't be read."""
    try:
        articles = tuple(_article(record) for record in _records(folder / "corpus.jsonl"))
        return RetrievalSet(articles, tuple(_questions(folder, frozenset(one.id for one in articles))))
    except OSError as error:
        raise RetrievalSetError(f"{folder} is no BEIR folder: {error.filename}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RetrievalSetError(f"{folder} holds a line that is not in BEIR's form: {error!r}") from error


def _questions(folder: Path, known: frozenset[str]) -> Iterator[RetrievalQuestion]:
    relevant = _relevant(folder / "qrels.tsv")
    plain = folder / "queries_nodiac.jsonl"
    texts = {str(one["_id"]): str(one["text"]) for one in _records(plain)} if plain.is_file() else {}
    for record in _records(folder / "queries.jsonl"):
        identity = str(record["_id"])
        answers = frozenset(relevant.get(identity, ())) & known
        if answers:
            yield RetrievalQuestion(identity, str(record["text"]), texts.get(identity), answers)


def _relevant(path: Path) -> dict[str, set[str]]:
    relevant: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        question, article, score = line.split("\t")
        if int(score) > 0:
            relevant.setdefault(question, set()).add(article)
    return relevant


def _article(record: dict[str, Any]) -> Article:
    identity = str(record["_id"])
    # Ids of articles read «document+article»; a set with other ids has documents of one article each.
    document = identity.rpartition("+")[0] or identity
    return Article(identity, document, str(record.get("title") or ""), str(record.get("text") or ""))


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
