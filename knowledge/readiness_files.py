"""The content of the self-assessment as YAML files, read with pydantic and checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from knowledge.citations import ProvisionId
from knowledge.documents import Confidence, Period
from knowledge.errors import ContentError
from knowledge.readiness import (
    TOTAL,
    Aspect,
    Band,
    Factor,
    Form,
    Kind,
    Mark,
    Question,
    Readiness,
    Rubric,
    Scale,
    ScaleRow,
    Statement,
)
from knowledge.vietnamese import nfc

DATA = Path(__file__).parent / "data" / "readiness"
Read = TypeVar("Read")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_min_length=1)


class AspectFile(_Strict):
    """An aspect as a file writes it; the short name is for pictures, the name itself where left out."""

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    name: str
    short_name: str | None = None
    kind: Kind
    guidance: list[str] = Field(min_length=1)


class FactorFile(_Strict):
    letter: str = Field(max_length=2)
    name: str
    looks_for: str


class BandFile(_Strict):
    low: int = Field(ge=0, le=100)
    high: int = Field(ge=0, le=100)
    name: str = Field(max_length=18)
    sign: str
    advice: str


class RubricFile(_Strict):
    """The bands of one kind, the lowest first."""

    title: str
    factors: list[FactorFile] = Field(min_length=1)
    bands: list[BandFile] = Field(min_length=2)


class BandsFile(_Strict):
    process: RubricFile
    results: RubricFile


class StatementFile(_Strict):
    factor: str
    text: str


class QuestionFile(_Strict):
    """A question as a file writes it; `points` only in full.yml, `kind` only in product.yml."""

    id: str = Field(pattern=r"^(short|full|product)(\.\d)+$")
    title: str = Field(max_length=48)
    asks: str
    statements: list[StatementFile] = Field(min_length=2, max_length=3)
    evidence: str
    begin: str
    improve: str
    guidance: str
    aspect: str | None = None
    points: int | None = Field(default=None, gt=0)
    kind: Kind | None = None


class ScaleRowFile(_Strict):
    aspect: str
    name: str
    points: int = Field(gt=0)


class ScaleFile(_Strict):
    id: str = Field(pattern=r"^[a-z]+$")
    title: str
    short_title: str = Field(max_length=20)
    note: str
    full_note: str
    facts: list[str] = Field(min_length=1)
    valid_from: date | None = None
    valid_to: date | None = None
    rows: list[ScaleRowFile]


class MarkFile(_Strict):
    points: int = Field(gt=0, le=TOTAL)
    name: str
    means: str
    citation: str | None = None
    facts: list[str] = Field(min_length=1)
    confidence: Confidence = Confidence.OFFICIAL_TEXT
    valid_from: date
    valid_to: date | None = None


def read_readiness(folder: Path = DATA) -> Readiness:
    """Raises ContentError with the file, the entry and what is wrong with it."""
    aspects = tuple(_aspect(one) for one in _list(AspectFile, folder / "aspects.yml"))
    bands = _parsed(BandsFile, _load(folder / "bands.yml"), "bands.yml")
    rubrics = {
        Kind.PROCESS: _rubric(Kind.PROCESS, bands.process),
        Kind.RESULTS: _rubric(Kind.RESULTS, bands.results),
    }
    scales = tuple(_scale(one, aspects) for one in _list(ScaleFile, folder / "scales.yml"))
    marks = tuple(_mark(one) for one in _list(MarkFile, folder / "marks.yml"))
    of_aspect = {row.aspect: row.points for row in scales[0].rows}
    for scale in scales[1:]:
        if {row.aspect: row.points for row in scale.rows} != of_aspect:
            raise ContentError(f"scales.yml: {scale.id}: its points differ from those of {scales[0].id}")
    kinds = {one.id: one.kind for one in aspects}
    forms = {
        form: tuple(
            _question(one, form, kinds, of_aspect, rubrics) for one in _list(QuestionFile, folder / f"{form}.yml")
        )
        for form in Form
    }
    _check_forms(forms, of_aspect)
    return Readiness(aspects, rubrics, scales, marks, forms)


def _aspect(read: AspectFile) -> Aspect:
    name = nfc(read.name)
    return Aspect(read.id, name, nfc(read.short_name or name), read.kind, tuple(read.guidance))


def _rubric(kind: Kind, read: RubricFile) -> Rubric:
    bands = tuple(
        Band(level, one.low, one.high, nfc(one.name), nfc(one.sign), nfc(one.advice))
        for level, one in enumerate(read.bands)
    )
    edges = [edge for band in bands for edge in (band.low, band.high)]
    if edges != sorted(set(edges)) or (edges[0], edges[-1]) != (0, 100):
        raise ContentError(f"bands.yml: {kind}: the bands must rise from 0 to 100 without overlapping")
    factors = tuple(Factor(one.letter, nfc(one.name), nfc(one.looks_for)) for one in read.factors)
    return Rubric(kind, nfc(read.title), factors, bands)


def _scale(read: ScaleFile, aspects: Iterable[Aspect]) -> Scale:
    rows = tuple(ScaleRow(one.aspect, nfc(one.name), one.points) for one in read.rows)
    if [row.aspect for row in rows] != [one.id for one in aspects]:
        raise ContentError(f"scales.yml: {read.id}: rows must name each aspect once, in the order of aspects.yml")
    if (total := sum(row.points for row in rows)) != TOTAL:
        raise ContentError(f"scales.yml: {read.id}: the points add up to {total}, not {TOTAL}")
    return Scale(
        read.id,
        nfc(read.title),
        nfc(read.short_title),
        nfc(read.note),
        nfc(read.full_note),
        rows,
        Period(read.valid_from, read.valid_to),
    )


def _mark(read: MarkFile) -> Mark:
    citation = ProvisionId.parse(read.citation) if read.citation else None
    valid = Period(read.valid_from, read.valid_to)
    return Mark(read.points, nfc(read.name), nfc(read.means), valid, citation, read.confidence)


def _question(
    read: QuestionFile, form: Form, kinds: dict[str, Kind], of_aspect: dict[str, int], rubrics: dict[Kind, Rubric]
) -> Question:
    origin = f"{form}.yml: {read.id}"
    if not read.id.startswith(f"{form}."):
        raise ContentError(f"{origin}: the id must begin with {form}.")
    if form is Form.PRODUCT:
        if read.kind is None or read.aspect or read.points:
            raise ContentError(f"{origin}: a question on the product has a kind, but neither aspect nor points")
        kind, aspect, points = read.kind, "", 0
    else:
        if read.aspect not in kinds or read.kind is not None:
            raise ContentError(f"{origin}: aspect must be one of {', '.join(kinds)}, and gives the kind")
        if (read.points is None) is (form is Form.FULL):
            raise ContentError(f"{origin}: points stand in full.yml only; a short question has those of its aspect")
        kind, aspect, points = kinds[read.aspect], read.aspect, read.points or of_aspect[read.aspect]
    letters = {one.letter for one in rubrics[kind].factors}
    if wrong := {one.factor for one in read.statements} - letters:
        raise ContentError(f"{origin}: {', '.join(wrong)} is no factor of {rubrics[kind].title}")
    return Question(
        read.id,
        nfc(read.title),
        kind,
        nfc(read.asks),
        tuple(Statement(one.factor, nfc(one.text)) for one in read.statements),
        nfc(read.evidence),
        nfc(read.begin),
        nfc(read.improve),
        read.guidance,
        aspect,
        points,
    )


def _check_forms(forms: dict[Form, tuple[Question, ...]], of_aspect: dict[str, int]) -> None:
    """The questions of each scored form share out exactly the points of every aspect; no id stands twice."""
    for form in (Form.SHORT, Form.FULL):
        shared = dict.fromkeys(of_aspect, 0)
        for one in forms[form]:
            shared[one.aspect] += one.points
        for aspect, points in shared.items():
            if points != of_aspect[aspect]:
                raise ContentError(f"{form}.yml: the questions on {aspect} have {points} of {of_aspect[aspect]} points")
    for form, questions in forms.items():
        identities = [one.id for one in questions]
        if twice := {one for one in identities if identities.count(one) > 1}:
            raise ContentError(f"{form}.yml: {', '.join(sorted(twice))} stands twice")


def _list(model: type[Read], path: Path) -> list[Read]:
    return _parsed(list[model], _load(path), path.name)  # type: ignore[valid-type]


def _parsed(form: type[Read], record: Any, origin: str) -> Read:
    try:
        return TypeAdapter(form).validate_python(record)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ContentError(f"{origin}: {key or 'the file'}: {first['msg']}") from error


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name} can't be read as YAML in UTF-8: {' '.join(str(error).split())}") from error
