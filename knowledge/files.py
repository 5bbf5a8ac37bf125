"""Content as YAML files (form: knowledge/data/README.md), read with pydantic and written back byte for byte the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from knowledge.citations import ProvisionId
from knowledge.documents import Confidence, Document, Period, Provision
from knowledge.errors import ContentError
from knowledge.faq import FaqEntry, FaqKind, Wording
from knowledge.guidance import Guidance, Regime
from knowledge.marks import MarkedKind, ReviewMark
from knowledge.vietnamese import nfc

DATA = Path(__file__).parent / "data"
MARKS = Path("review", "marks.yml")
Model = TypeVar("Model", bound=BaseModel)
Verbatim = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ProvisionFile(_Strict):
    """A provision as a file writes it; days are the document's where left out."""

    id: str
    title: str | None = None
    summary: str = ""
    official_text: Verbatim | None = None
    official_closing: Verbatim | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    made_by: str | None = None
    ended_by: str | None = None
    confidence: Confidence = Confidence.OFFICIAL_TEXT

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if not self.summary and self.official_text is None:
            raise ValueError(f"{self.id} needs a summary or an official_text")
        return self


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
    ended_by: str | None = None
    fictional: bool = False
    rank: int = Field(ge=1, le=9)
    provisions: list[ProvisionFile] = Field(default_factory=list)


class WordingFile(_Strict):
    """Question, variants and answer in a second language."""

    question: str = Field(min_length=1)
    variants: list[str] = Field(default_factory=list)
    answer: str = Field(min_length=1)


class FaqFile(_Strict):
    """An FAQ entry as a file writes it."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    topic: str = Field(min_length=1)
    kind: FaqKind
    question: str = Field(min_length=1)
    variants: list[str] = Field(default_factory=list)
    answer: str = Field(min_length=1)
    citations: list[str] = Field(default_factory=list)
    facts: list[str] = Field(default_factory=list)
    confidence: Confidence = Confidence.OFFICIAL_TEXT
    valid_from: date | None = None
    valid_to: date | None = None
    where: str | None = None
    choices: list[str] = Field(default_factory=list)
    follow_ups: list[str] = Field(default_factory=list)
    en: WordingFile | None = None


class GuidanceFile(_Strict):
    """A guidance item as a file writes it."""

    id: str
    regime: Regime
    title: str = Field(min_length=1)
    points: int | None = None
    asks: list[str] = Field(default_factory=list)
    evidence: list[str] = Field(default_factory=list)
    citations: list[str] = Field(default_factory=list)
    related: list[str] = Field(default_factory=list)
    valid_from: date | None = None
    valid_to: date | None = None


class MarkFile(_Strict):
    """A review mark as a file writes it."""

    number: int = Field(ge=1)
    kind: MarkedKind
    item: str = Field(min_length=1)
    provision: str
    cause: str
    day: date
    import_number: int = Field(ge=0)
    at: datetime
    confirmed_by: str = ""
    confirmed_at: datetime | None = None


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
            official_closing=one.official_closing,
            made_by=_cause(one.made_by),
            ended_by=_cause(one.ended_by),
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
        ended_by=_cause(read.ended_by),
        fictional=read.fictional,
    )


def _cause(text: str | None) -> ProvisionId | None:
    return ProvisionId.parse(text) if text else None


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


def parse_mark(record: Any, origin: str) -> ReviewMark:
    """Raises ContentError with the origin and the key that is wrong."""
    read = _validated(MarkFile, record, origin)
    return ReviewMark(
        number=read.number,
        kind=read.kind,
        item=read.item,
        provision=ProvisionId.parse(read.provision),
        cause=ProvisionId.parse(read.cause),
        day=read.day,
        import_number=read.import_number,
        at=_utc(read.at),
        confirmed_by=read.confirmed_by,
        confirmed_at=read.confirmed_at and _utc(read.confirmed_at),
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_content(folder: Path = DATA) -> tuple[list[Document], list[Guidance], list[FaqEntry]]:
    """All files below the folder. Raises ContentError with the file, the entry and the key that is wrong."""
    documents = [parse_document(_load(path), path.name) for path in _files(folder / "documents")]
    guidance = [parse_guidance(one, origin) for one, origin in _entries(folder / "guidance")]
    faq = [parse_faq(one, origin) for one, origin in _entries(folder / "faq")]
    if not documents or not faq:
        raise ContentError(f"{folder} holds no content: documents/ and faq/ need at least one file each")
    return documents, guidance, faq


def read_marks(folder: Path = DATA) -> list[ReviewMark]:
    """The review marks of the folder, none where it has no file of them. Raises ContentError."""
    path = folder / MARKS
    return [parse_mark(one, origin) for one, origin in _entries_of(path)] if path.is_file() else []


def write_content(
    folder: Path,
    documents: Iterable[Document],
    guidance: Iterable[Guidance],
    faq: Iterable[FaqEntry],
    marks: Iterable[ReviewMark] = (),
) -> None:
    """Write the form that `read_content` and `read_marks` read; the same content gives the same bytes."""
    kept = [mark_record(one) for one in marks]
    if kept or (folder / MARKS).is_file():
        _dump(folder / MARKS, kept)
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
        **_filled({"ended_by": document.ended_by and str(document.ended_by), "fictional": document.fictional or None}),
        "rank": document.rank,
        "provisions": [_provision_record(one, document.valid) for one in document.provisions],
    }


def _provision_record(provision: Provision, outer: Period) -> dict[str, Any]:
    return _filled(
        {
            "id": str(provision.id),
            "title": provision.title,
            "summary": provision.summary or None,
            "official_text": provision.official_text,
            "official_closing": provision.official_closing,
            "valid_from": provision.valid.start if provision.valid.start != outer.start else None,
            "valid_to": provision.valid.end if provision.valid.end != outer.end else None,
            "made_by": provision.made_by and str(provision.made_by),
            "ended_by": provision.ended_by and str(provision.ended_by),
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


def mark_record(mark: ReviewMark) -> dict[str, Any]:
    """The mark as a file writes it."""
    return _filled(
        {
            "number": mark.number,
            "kind": str(mark.kind),
            "item": mark.item,
            "provision": str(mark.provision),
            "cause": str(mark.cause),
            "day": mark.day,
            "import_number": mark.import_number,
            "at": mark.at.isoformat(),
            "confirmed_by": mark.confirmed_by or None,
            "confirmed_at": mark.confirmed_at and mark.confirmed_at.isoformat(),
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
        yield from _entries_of(path)


def _entries_of(path: Path) -> Iterable[tuple[Any, str]]:
    entries = _load(path)
    if not isinstance(entries, list):
        raise ContentError(f"{path.name} must hold a list of entries")
    for entry in entries:
        identity = entry.get("id", entry.get("number", "?")) if isinstance(entry, dict) else "?"
        yield entry, f"{path.name}, {identity}"


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name} is no valid YAML in UTF-8: {' '.join(str(error).split())}") from error


class _Dumper(yaml.CSafeDumper):
    """Writes one day that several provisions share out at each: anchors would make the bytes depend on how the content was read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _dump(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    path.write_text(text, encoding="utf-8")


def _validated(model: type[Model], record: Any, origin: str) -> Model:
    try:
        return model.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ContentError(f"{origin}: {key or 'the entry'}: {first['msg']}") from error
