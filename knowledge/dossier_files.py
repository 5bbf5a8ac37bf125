"""The dossier checklist as a YAML file (form: knowledge/data/README.md), read with pydantic."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from knowledge.citations import ProvisionId
from knowledge.documents import Confidence, Period
from knowledge.dossier import Case, Item, Part
from knowledge.errors import ContentError
from knowledge.files import DATA
from knowledge.vietnamese import fold, nfc

FILE = "dossier.yml"
_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_min_length=1)


class ItemFile(_Strict):
    """An item as a file writes it."""

    id: str = Field(pattern=_ID, max_length=40)
    text: str = Field(max_length=120)
    detail: str = ""
    awaited: str = ""
    case: Case = Case.ALL
    citations: list[str] = []
    words: list[str] = Field(min_length=1)

    @field_validator("words")
    @classmethod
    def _folded(cls, words: list[str]) -> list[str]:
        if wrong := [word for word in words if fold(word) != word]:
            raise ValueError(f"write the words without marks and capitals: {', '.join(wrong)}")
        return words


class PartFile(_Strict):
    """A part as a file writes it."""

    id: str = Field(pattern=_ID)
    title: str
    intro: str
    where: str = ""
    confidence: Confidence
    facts: list[str] = Field(min_length=1)
    citations: list[str] = []
    valid_from: date | None = None
    valid_to: date | None = None
    items: list[ItemFile] = Field(min_length=1)


def read_dossier(folder: Path = DATA) -> tuple[Part, ...]:
    """Raises ContentError with the entry and the key that is wrong, or where an id stands twice."""
    path = folder / FILE
    try:
        record = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        read = TypeAdapter(list[PartFile]).validate_python(record)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{FILE} can't be read as YAML in UTF-8: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ContentError(f"{FILE}: {key or 'the file'}: {first['msg']}") from error
    parts = tuple(_part(one) for one in read)
    identities = [item.id for part in parts for item in part.items]
    if twice := sorted({one for one in identities if identities.count(one) > 1}):
        raise ContentError(f"{FILE}: {', '.join(twice)} stands twice")
    return parts


def _part(read: PartFile) -> Part:
    return Part(
        read.id,
        nfc(read.title),
        nfc(read.intro),
        tuple(_item(one) for one in read.items),
        read.confidence,
        nfc(read.where),
        tuple(map(ProvisionId.parse, read.citations)),
        Period(read.valid_from, read.valid_to),
    )


def _item(read: ItemFile) -> Item:
    return Item(
        read.id,
        nfc(read.text),
        tuple(read.words),
        nfc(read.detail),
        nfc(read.awaited),
        read.case,
        tuple(map(ProvisionId.parse, read.citations)),
    )
