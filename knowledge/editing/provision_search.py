"""Finding the provision that an entry rests on, as the person who writes it types: a place, or words of the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.citations import ProvisionId
from knowledge.database import DocumentRow
from knowledge.documents import Document, Provision
from knowledge.files import parse_document
from knowledge.vietnamese import fold

SHOWN_TEXT = 220


@dataclass(frozen=True, slots=True)
class FoundProvision:
    """`label` is how a person cites it; `period` is empty where it is in force today."""

    id: str
    label: str
    text: str
    period: str


def read_documents(session: Session) -> list[Document]:
    """All regulations of the content, published or not."""
    rows = session.scalars(select(DocumentRow.content).order_by(DocumentRow.position))
    return [parse_document(content, "the database") for content in rows]


def find_provisions(documents: list[Document], words: str, today: date, limit: int = 12) -> list[FoundProvision]:
    """Those that hold all the words, in force today first, the nearest to the words first."""
    wanted = fold(words.replace(":", " ")).split()
    if not wanted:
        return []
    scored = []
    for document in documents:
        for provision in document.provisions:
            place = fold(f"{provision.id} {provision.id.label(document.name)} {provision.title or ''}").replace(
                ":", " "
            )
            text = fold(f"{provision.summary} {provision.official_text or ''}")
            if all(word in place or word in text for word in wanted):
                near = sum(word in place.split() for word in wanted)
                current = provision.valid.contains(today)
                scored.append(((not current, -near, document.rank, len(place)), document, provision))
    scored.sort(key=lambda one: (one[0], str(one[2].id)))
    found: dict[str, FoundProvision] = {}
    for _, document, provision in scored:
        found.setdefault(str(provision.id), _found(document, provision, today))
        if len(found) == limit:
            break
    return list(found.values())


def name_provisions(documents: list[Document], ids: list[str], today: date) -> list[FoundProvision]:
    """These provisions as they are shown; one that is not held keeps its id as its name."""
    by_id = {document.id: document for document in documents}
    named = []
    for text in ids:
        identity = ProvisionId.parse(text)
        document = by_id.get(identity.document)
        versions = [one for one in document.provisions if one.id == identity] if document else []
        current = [one for one in versions if one.valid.contains(today)] or versions[-1:]
        if document and current:
            named.append(_found(document, current[0], today))
        else:
            named.append(FoundProvision(text, identity.label(document.name) if document else text, "", ""))
    return named


def _found(document: Document, provision: Provision, today: date) -> FoundProvision:
    text = provision.summary or provision.official_text or ""
    return FoundProvision(
        str(provision.id),
        provision.id.label(document.name),
        text if len(text) <= SHOWN_TEXT else f"{text[:SHOWN_TEXT]}…",
        "" if provision.valid.contains(today) else provision.valid.words(),
    )
