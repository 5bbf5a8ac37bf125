"""Regulations and places in them that a question names: «khoản 2 điều 58 nghị định 37» → ND37-2026:58.2."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.citations import ProvisionId
from knowledge.documents import Document
from knowledge.vietnamese import fold

_TYPES = {
    "nghi dinh": "nd",
    "nd": "nd",
    "decree": "nd",
    "thong tu": "tt",
    "tt": "tt",
    "circular": "tt",
    "luat": "l",
    "law": "l",
}
_TYPES |= {"quyet dinh": "qd", "qd": "qd", "decision": "qd"}
_DOCUMENT = re.compile(
    r"\b(nghi dinh|thong tu|quyet dinh|luat|nd|tt|qd|decree|circular|decision|law)(?: so| no\.?)? ?(\d{1,4})(?: ?[/-] ?(\d{4}))?"
)
_ARTICLE = re.compile(r"\b(?:dieu|article) ?(\d{1,3}[a-z]?)\b")
_CLAUSE = re.compile(r"\b(?:khoan|clause) ?(\d{1,2})\b")
_POINT = re.compile(r"\b(?:diem|point) ([a-z])\b(?! ?\d)")


@dataclass(frozen=True, slots=True)
class Mention:
    """What was named; `place` is None where only a document was."""

    document: str | None
    place: ProvisionId | None


def find_mention(text: str, documents: Iterable[Document], default: str) -> Mention | None:
    """The regulation and place that the text names, or None; an article without a document is one of `default`."""
    plain = fold(text)
    document = _named_document(plain, documents)
    article = _ARTICLE.search(plain)
    if article is None:
        return Mention(document, None) if document else None
    clause, point = _CLAUSE.search(plain), _typed_point(text)
    place = ProvisionId(document or default, article[1], clause[1] if clause else "", point if clause else "")
    return Mention(document, place)


def _typed_point(text: str) -> str:
    """The letter of a point as typed; «đ» is another point than «d»."""
    match = re.search(r"(?i)\b(?:điểm|diem|point)\s+([a-zđ])\b", text)
    return match[1].lower() if match else ""


def _named_document(plain: str, documents: Iterable[Document]) -> str | None:
    named = _DOCUMENT.search(plain)
    if named is None:
        return None
    kind, number, year = _TYPES[named[1]], str(int(named[2])), named[3]
    fitting = [
        document.id
        for document in documents
        if _kind(document.id) == kind
        and str(int(re.split(r"[/-]", document.number)[0])) == number
        and (not year or year in document.id)
    ]
    return sorted(fitting)[-1] if fitting else None


def _kind(document_id: str) -> str:
    return re.split(r"\d", document_id, maxsplit=1)[0].lower()
