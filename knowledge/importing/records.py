"""Frozen dataclasses to plain records and back, so that a proposal can cross a process as JSON and be kept in the database.

Not pickle: what comes back from reading a hostile file must not be able to run anything. Not pydantic: the process that reads
has 300 MB and a few seconds, and pydantic's import alone takes a good part of both.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from knowledge.citations import ProvisionId
from knowledge.errors import ContentError

T = TypeVar("T")


def to_record(value: Any) -> Any:
    """The value as dictionaries, lists, strings, numbers and None."""
    if isinstance(value, ProvisionId):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_record(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [to_record(item) for item in value]
    if isinstance(value, StrEnum):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def from_record(form: type[T], record: Any) -> T:
    """The dataclass that `to_record` wrote; raises ContentError where the record is of another form."""
    try:
        return typing.cast(T, _read(form, record))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContentError(f"the record is no {form.__name__}: {error}; import the file again") from error


def parse_json(text: str) -> Any:
    """Raises ContentError where the text is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContentError("the text is no JSON; import the file again") from error


def _read(form: Any, record: Any) -> Any:
    origin = typing.get_origin(form)
    if origin is types.UnionType or origin is typing.Union:
        return None if record is None else _read(typing.get_args(form)[0], record)
    if origin is tuple:
        return _read_tuple(typing.get_args(form), record)
    if form is ProvisionId:
        return ProvisionId.parse(record)
    if dataclasses.is_dataclass(form) and isinstance(form, type):
        if not isinstance(record, dict):
            raise TypeError(f"{form.__name__} needs a mapping")
        return form(**{name: _read(kind, record[name]) for name, kind in _fields(form).items()})
    if isinstance(form, type) and issubclass(form, StrEnum):
        return form(record)
    if form is date:
        return date.fromisoformat(record)
    if form is float and type(record) is int:
        return float(record)
    if type(record) is not form:
        raise TypeError(f"{record!r} is no {form}")
    return record


def _read_tuple(forms: tuple[Any, ...], record: Any) -> Any:
    if not isinstance(record, list):
        raise TypeError("a list is needed")
    if len(forms) == 2 and forms[1] is Ellipsis:
        return tuple(_read(forms[0], item) for item in record)
    if len(forms) != len(record):
        raise TypeError(f"{len(forms)} items are needed")
    return tuple(_read(form, item) for form, item in zip(forms, record, strict=True))


@lru_cache(maxsize=64)
def _fields(form: type) -> dict[str, Any]:
    hints = typing.get_type_hints(form)
    return {field.name: hints[field.name] for field in dataclasses.fields(form)}
