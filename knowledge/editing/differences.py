"""What differs between two records of an entry, field by field, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.editing.checking import NAMES

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that are the same in both, only in the old («-») or only in the new («+»)."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldDifference:
    name: str
    pieces: tuple[Piece, ...]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldDifference, ...]:
    """Fields that differ, in the order of the form."""
    old, new = _flat(before), _flat(after)
    keys = [key for key in dict.fromkeys((*_ORDER, *old, *new)) if old.get(key, "") != new.get(key, "")]
    return tuple(FieldDifference(_name(key), word_difference(old.get(key, ""), new.get(key, ""))) for key in keys)


def word_difference(before: str, after: str) -> tuple[Piece, ...]:
    """Put together again, the pieces without «+» are `before` and those without «-» are `after`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("", "".join(old[i1:i2])))
            continue
        pieces += [Piece("-", "".join(old[i1:i2]))] if i2 > i1 else []
        pieces += [Piece("+", "".join(new[j1:j2]))] if j2 > j1 else []
    return tuple(pieces)


_ORDER = ("topic", "kind", "question", "variants", "answer", "citations", "valid_from", "valid_to")


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            flat |= {f"{key}.{inner}": _text(one) for inner, one in value.items()}
        else:
            flat[key] = _text(value)
    return flat


def _text(value: object) -> str:
    if value is None:
        return ""
    return "\n".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)


def _name(key: str) -> str:
    outer, _, inner = key.partition(".")
    return f"{NAMES.get(outer, outer)}: {NAMES.get(inner, inner).lower()}" if inner else NAMES.get(outer, outer)
