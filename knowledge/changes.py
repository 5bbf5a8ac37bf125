"""What differs between the contents of two publications, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from knowledge.corpus import Corpus
from knowledge.files import document_record, faq_record, guidance_record


@dataclass(frozen=True, slots=True)
class Change:
    """Ids in alphabetical order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @classmethod
    def between(cls, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
        """Of pieces by id."""
        both = before.keys() & after.keys()
        return cls(
            tuple(sorted(after.keys() - both)),
            tuple(sorted(name for name in both if before[name] != after[name])),
            tuple(sorted(before.keys() - both)),
        )

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Changes:
    """By kind; a version of a provision is a piece of its own, named `ID from DAY`."""

    faq: Change
    provisions: Change
    documents: Change
    guidance: Change

    def kinds(self) -> list[tuple[str, Change]]:
        """Each kind with what changed, the kinds with none too."""
        return [
            ("FAQ", self.faq),
            ("provisions", self.provisions),
            ("regulations", self.documents),
            ("guidance", self.guidance),
        ]

    def __bool__(self) -> bool:
        return any(change for _, change in self.kinds())

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def compare(before: Corpus | None, after: Corpus) -> Changes:
    """From one content to the next; `before` is None for the first."""
    old, new = _pieces(before) if before else ({}, {}, {}, {}), _pieces(after)
    return Changes(*(Change.between(one, other) for one, other in zip(old, new, strict=True)))


def _pieces(corpus: Corpus) -> tuple[dict[str, Any], ...]:
    """FAQ entries, versions of provisions, regulations without their provisions, and guidance, each by id."""
    documents = [document_record(one) for one in corpus.documents]
    provisions = {}
    for document, record in zip(corpus.documents, documents, strict=True):
        for provision, piece in zip(document.provisions, record.pop("provisions"), strict=True):
            start = provision.valid.start
            provisions[f"{provision.id} from {start}" if start else str(provision.id)] = piece
    return (
        _by_id(faq_record(one) for one in corpus.faq),
        provisions,
        _by_id(documents),
        _by_id(guidance_record(one) for one in corpus.guidance),
    )


def _by_id(records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {record["id"]: record for record in records}
