"""The list of regulations, and those that somebody may have meant."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date

from bot.reading.view import Standing, in_force, standing
from knowledge.corpus import Corpus
from knowledge.documents import Document
from knowledge.vietnamese import fold

_TITLES = {
    Standing.CURRENT: "Đang có hiệu lực",
    Standing.COMING: "Sắp có hiệu lực",
    Standing.FORMER: "Quy định cũ",
    Standing.UNKNOWN: "Chưa rõ thời gian hiệu lực",
}
MOST_SIMILAR = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Regulations of one standing; `name` is its anchor."""

    name: str
    title: str
    documents: tuple[Document, ...]


def groups_of(corpus: Corpus, today: date) -> tuple[Group, ...]:
    """Those in force first; in a group first what the assistant holds most of, then the higher rank, then the newer."""
    groups = []
    for one, title in _TITLES.items():
        documents = [document for document in corpus.documents if standing(in_force(document), today) is one]
        documents.sort(key=lambda document: document.valid.start or document.signed or date.min, reverse=True)
        documents.sort(key=lambda document: (-len(document.provisions), document.rank))
        groups.append(Group(one.value, title, tuple(documents)))
    return tuple(group for group in groups if group.documents)


def similar(corpus: Corpus, asked: str) -> tuple[Document, ...]:
    """Documents whose id or number looks like what was asked for, the likest first."""
    wanted = fold(asked)[:120]

    def likeness(document: Document) -> float:
        names = (document.id, document.number, document.name)
        return max(difflib.SequenceMatcher(None, wanted, fold(name)).ratio() for name in names)

    ordered = sorted(corpus.documents, key=lambda document: (-likeness(document), document.id))
    return tuple(document for document in ordered[:MOST_SIMILAR] if likeness(document) >= 0.5)
