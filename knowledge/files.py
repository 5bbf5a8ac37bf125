"""Content as YAML files (form: knowledge/data/README.md), read with pydantic and written back byte for byte the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.citations import ProvisionId
from knowledge.documents import Confidence, Document, Period, Provision
from knowledge.errors import ContentError
from knowledge.faq import FaqEntry, FaqKind, Wording
from knowledge.guidance import Guidance, Regime
from knowledge.vietnamese import nfc

DATA = Path(__file__).parent / "data"
Model = TypeVar("Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ProvisionFile(_Strict):
    """A provision as a file writes it; days are the document's where left out."""

    id: str
    title: str | None = None
    summary: str = Field(min_length=1)
    official_text: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    confidence: Confidence = Confidence.OFFICIAL_TEXT


class DocumentFile(_Strict):
    """A regulation as a file writes it."""

    id: str
    number: str
    type: str
    title: str | None = None
    issuer: str
    signed: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    status_note: str | None = None
    source: str | None = None
    checked_against: str | None = None
    rank: int = Field(ge=1, le=9)
    provisions: list[ProvisionFile] = []


class WordingFile(_Strict):
    """Question, variants and answer in a second language."""

    question: str = Field(min_length=1)
    variants: list[str] = []
    answer: str = Field(min_length=1)


class FaqFile(_Strict):
    """An FAQ entry as a file writes it."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    topic: str = Field(min_length=1)
    kind: FaqKind
    question: str = Field(min_length=1)
    variants: list[str] = []
    answer: str = Field(min_length=1)
    citations: list[str] = []
    facts: list[str] = []
    confidence: Confidence = Confidence.OFFICIAL_TEXT
    valid_from: date | None = None
    valid_to: date | None = None
    where: str | None = None
    choices: list[str] = []
    follow_ups: list[str] = []
    en: WordingFile | None = None


class GuidanceFile(_Strict):
    """A guidance item as a file writes it."""

    id: str
    regime: Regime
    title: str = Field(min_length=1)
    points: int | None = None
    asks: list[str] = []
    evidence: list[str] = []
    citations: list[str] = []
    related: list[str] = []
    valid_from: date | None = None
    valid_to: date | None = None


def parse_document(record: Any, origin: str) -> Document:
    """Raises ContentError with the origin and the key that is wrong."""
    read = _validated(DocumentFile, record, origin)
    valid = Period(read.in_force_from, read.in_force_to)
    provisions = tuple(
        Provision(
            id=ProvisionId.parse(one.id),
            valid=Period(one.valid_from or valid.start, one.valid_to or valid.end),
            summary=nfc(one.summary),
            title=one.title,
            official_text=one.official_text,
            confidence=one.confidence,
        )
        for one in read.provisions
    )
    return Document(
        id=read.id,
        number=read.number,
        type=read.type,
        title=read.title,
        issuer=read.issuer,
        signed=read.signed,
        valid=valid,
        source=read.source,
        checked_against=read.checked_against,
        status_note=read.status_note,
        rank=read.rank,
        provisions=provisions,
    )


def parse_faq(record: Any, origin: str) -> FaqEntry:
    """Raises ContentError with the origin and the key that is wrong."""
    read = _validated(FaqFile, record, origin)
    english = None
    if read.en is not None:
        english = Wording(nfc(read.en.question), tuple(map(nfc, read.en.variants)), nfc(read.en.answer))
    return FaqEntry(
        id=read.id,
        topic=read.topic,
        kind=read.kind,
        vietnamese=Wording(nfc(read.question), tuple(map(nfc, read.variants)), nfc(read.answer)),
        english=english,
        citations=tuple(map(ProvisionId.parse, read.citations)),
        facts=tuple(read.facts),
        confidence=read.confidence,
        valid=Period(read.valid_from, read.valid_to),
        where=read.where,
        choices=tuple(read.choices),
        follow_ups=tuple(read.follow_ups),
    )


def parse_guidance(record: Any, origin: str) -> Guidance:
    """Raises ContentError with the origin and the key that is wrong."""
    read = _validated(GuidanceFile, record, origin)
    return Guidance(
        id=read.id,
        regime=read.regime,
        title=read.title,
        points=read.points,
        asks=tuple(map(nfc, read.asks)),
        evidence=tuple(map(nfc, read.evidence)),
        citations=tuple(map(ProvisionId.parse, read.citations)),
        related=tuple(read.related),
        valid=Period(read.valid_from, read.valid_to),
    )


def read_content(folder: Path = DATA) -> tuple[list[Document], list[Guidance], list[FaqEntry]]:
    """All files below the folder. Raises ContentError with the file, the entry and the key that is wrong."""
    documents = [parse_document(_load(path), path.name) for path in _files(folder / "documents")]
    guidance = [parse_guidance(one, origin) for one, origin in _entries(folder / "guidance")]
    faq = [parse_faq(one, origin) for one, origin in _entries(folder / "faq")]
    if not documents or not faq:
        raise ContentError(f"{folder} holds no content: documents/ and faq/ need at least one file each")
    return documents, guidance, faq


def write_content(
    folder: Path, documents: Iterable[Document], guidance: Iterable[Guidance], faq: Iterable[FaqEntry]
) -> None:
    """Write the form that `read_content` reads; the same content gives the same bytes."""
    for document in documents:
        _dump(folder / "documents" / f"{document.id}.yml", document_record(document))
    for name, items in _grouped(guidance, lambda item: item.id.split(".")[0]).items():
        _dump(folder / "guidance" / f"{name}.yml", [guidance_record(item) for item in items])
    for name, entries in _grouped(faq, lambda entry: _file_of(entry.topic)).items():
        _dump(folder / "faq" / f"{name}.yml", [faq_record(entry) for entry in entries])


def document_record(document: Document) -> dict[str, Any]:
    """The document as a file writes it."""
    return {
        "id": document.id,
        "number": document.number,
        "type": document.type,
        "title": document.title,
        "issuer": document.issuer,
        "signed": document.signed,
        "in_force_from": document.valid.start,
        "in_force_to": document.valid.end,
        "status_note": document.status_note,
        "source": document.source,
        "checked_against": document.checked_against,
        "rank": document.rank,
        "provisions": [_provision_record(one, document.valid) for one in document.provisions],
    }


def _provision_record(provision: Provision, outer: Period) -> dict[str, Any]:
    return _filled(
        {
            "id": str(provision.id),
            "title": provision.title,
            "summary": provision.summary,
            "official_text": provision.official_text,
            "valid_from": provision.valid.start if provision.valid.start != outer.start else None,
            "valid_to": provision.valid.end if provision.valid.end != outer.end else None,
            "confidence": str(provision.confidence) if provision.confidence != Confidence.OFFICIAL_TEXT else None,
        }
    )


def faq_record(entry: FaqEntry) -> dict[str, Any]:
    """The entry as a file writes it."""
    english = entry.english
    return _filled(
        {
            "id": entry.id,
            "topic": entry.topic,
            "kind": str(entry.kind),
            "question": entry.vietnamese.question,
            "variants": list(entry.vietnamese.variants),
            "answer": entry.vietnamese.answer,
            "citations": [str(one) for one in entry.citations],
            "facts": list(entry.facts),
            "confidence": str(entry.confidence),
            "valid_from": entry.valid.start,
            "valid_to": entry.valid.end,
            "where": entry.where,
            "choices": list(entry.choices),
            "follow_ups": list(entry.follow_ups),
            "en": english
            and {"question": english.question, "variants": list(english.variants), "answer": english.answer},
        }
    )


def guidance_record(item: Guidance) -> dict[str, Any]:
    """The item as a file writes it."""
    return _filled(
        {
            "id": item.id,
            "regime": str(item.regime),
            "title": item.title,
            "points": item.points,
            "asks": list(item.asks),
            "evidence": list(item.evidence),
            "citations": [str(one) for one in item.citations],
            "related": list(item.related),
            "valid_from": item.valid.start,
            "valid_to": item.valid.end,
        }
    )


def _filled(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value not in (None, [])}


def _grouped(items: Iterable[Any], name: Any) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(name(item), []).append(item)
    return groups


def _file_of(topic: str) -> str:
    from knowledge.vietnamese import fold

    return "-".join(fold(topic).split())


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yml"))


def _entries(folder: Path) -> Iterable[tuple[Any, str]]:
    for path in _files(folder):
        entries = _load(path)
        if not isinstance(entries, list):
            raise ContentError(f"{path.name} must hold a list of entries")
        for entry in entries:
            identity = entry.get("id", "?") if isinstance(entry, dict) else "?"
            yield entry, f"{path.name}, {identity}"


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name} is no valid YAML in UTF-8: {' '.join(str(error).split())}") from error


def _dump(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120)
    path.write_text(text, encoding="utf-8")


def _validated(model: type[Model], record: Any, origin: str) -> Model:
    try:
        return model.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ContentError(f"{origin}: {key or 'the entry'}: {first['msg']}") from error
