"""All content of one publication, looked up by id and by date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from knowledge.citations import ProvisionId
from knowledge.documents import Document, Provision
from knowledge.errors import ContentError, UnknownId
from knowledge.faq import FaqEntry
from knowledge.files import document_record, faq_record, guidance_record, mark_record
from knowledge.guidance import Guidance
from knowledge.marks import MarkedKind, ReviewMark

T = TypeVar("T")


@dataclass(frozen=True)
class Corpus:
    """Immutable; two corpora with the same digest hold the same content."""

    documents: tuple[Document, ...]
    guidance: tuple[Guidance, ...]
    faq: tuple[FaqEntry, ...]
    marks: tuple[ReviewMark, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the content, independent of the order of files."""
        records = [
            *(document_record(one) for one in sorted(self.documents, key=lambda one: one.id)),
            *(guidance_record(one) for one in sorted(self.guidance, key=lambda one: one.id)),
            *(faq_record(one) for one in sorted(self.faq, key=lambda one: one.id)),
            *(mark_record(one) for one in sorted(self.marks, key=lambda one: one.number)),
        ]
        text = json.dumps(records, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def _provisions(self) -> dict[ProvisionId, list[Provision]]:
        versions: dict[ProvisionId, list[Provision]] = {}
        for document in self.documents:
            for provision in document.provisions:
                versions.setdefault(provision.id, []).append(provision)
        return versions

    @cached_property
    def _below(self) -> dict[ProvisionId, dict[ProvisionId, None]]:
        below: dict[ProvisionId, dict[ProvisionId, None]] = {}
        for identity in self._provisions:
            parent = identity.parent()
            if parent is not None:
                below.setdefault(parent, {})[identity] = None
        return below

    @cached_property
    def _faq(self) -> dict[str, FaqEntry]:
        return {entry.id: entry for entry in self.faq}

    @cached_property
    def _guidance(self) -> dict[str, Guidance]:
        return {item.id: item for item in self.guidance}

    def open_marks(self, kind: MarkedKind, item: str | None = None) -> tuple[ReviewMark, ...]:
        """What waits for review: of one item, or of all of a kind."""
        return tuple(one for one in self._open_marks if one.kind is kind and item in (None, one.item))

    @cached_property
    def _open_marks(self) -> tuple[ReviewMark, ...]:
        return tuple(one for one in self.marks if one.open)

    def document(self, identity: str) -> Document:
        """Raises UnknownId."""
        return _found(self._documents, identity, "regulation")

    def entry(self, identity: str) -> FaqEntry:
        """Raises UnknownId."""
        return _found(self._faq, identity, "FAQ entry")

    def guide(self, identity: str) -> Guidance:
        """Raises UnknownId."""
        return _found(self._guidance, identity, "guidance")

    def versions(self, identity: ProvisionId) -> list[Provision]:
        """All versions of a provision, oldest first; empty where there is none."""
        return sorted(self._provisions.get(identity, []), key=lambda one: one.valid.start or date.min)

    def provision(self, identity: ProvisionId, as_of: date) -> Provision | None:
        """The version in force on that day, or None."""
        return next((one for one in self._provisions.get(identity, []) if one.valid.contains(as_of)), None)

    def provisions(self) -> Iterator[tuple[Document, Provision]]:
        """Every version of every provision with its document."""
        for document in self.documents:
            for provision in document.provisions:
                yield document, provision

    def below(self, identity: ProvisionId) -> tuple[ProvisionId, ...]:
        """The provisions directly below this one, on whatever day, in the order of the text."""
        return tuple(self._below.get(identity, ()))

    def label(self, identity: ProvisionId) -> str:
        """«khoản 1 Điều 59 Nghị định 37/2026/NĐ-CP». Raises UnknownId for a document that is not held."""
        return identity.label(self.document(identity.document).name)

    def check_publishable(self) -> None:
        """Raises ContentError where the content is not sound, or holds a regulation that does not exist."""
        self.check()
        fictional = [one.id for one in self.documents if one.fictional]
        if fictional:
            raise ContentError(
                f"{', '.join(fictional)}: a fictional regulation is never published; load the content without it"
            )

    def check(self) -> None:
        """Raises ContentError where an id is used twice, points nowhere, or versions of a provision overlap."""
        self._check_unique()
        for entry in self.faq:
            for citation in entry.citations:
                self._check_citation(entry.id, citation)
            for other in (*entry.choices, *entry.follow_ups):
                if other not in self._faq:
                    raise ContentError(f"FAQ entry {entry.id} points to {other}, which does not exist")
        for item in self.guidance:
            for citation in item.citations:
                self._check_citation(item.id, citation)
        for identity in self._provisions:
            versions = self.versions(identity)
            for earlier, later in pairwise(versions):
                if earlier.valid.overlaps(later.valid):
                    raise ContentError(f"two versions of {identity} are in force on the same day")
            for version in versions:
                self._check_causes(version)

    def _check_causes(self, version: Provision) -> None:
        for cause in (version.made_by, version.ended_by):
            if cause is not None and cause.document not in self._documents:
                raise ContentError(f"{version.id} names {cause}, but there is no regulation {cause.document}")

    def _check_unique(self) -> None:
        for kind, identities in (
            ("regulation", [one.id for one in self.documents]),
            ("FAQ entry", [one.id for one in self.faq]),
            ("guidance", [one.id for one in self.guidance]),
        ):
            seen: set[str] = set()
            for identity in identities:
                if identity in seen:
                    raise ContentError(f"the {kind} {identity} exists twice")
                seen.add(identity)

    def _check_citation(self, owner: str, citation: ProvisionId) -> None:
        if citation.document not in self._documents:
            raise ContentError(f"{owner} cites {citation}, but there is no regulation {citation.document}")
        if citation.article and citation not in self._provisions:
            raise ContentError(f"{owner} cites {citation}, which its regulation does not hold")


def _found(items: dict[str, T], identity: str, what: str) -> T:
    try:
        return items[identity]
    except KeyError:
        raise UnknownId(f"there is no {what} {identity}") from None
