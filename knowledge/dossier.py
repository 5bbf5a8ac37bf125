"""What to get ready for an application: a checklist with the basis and the time of every part.

The current rules list no dossier, so a part says what it rests on and what is still awaited. What was asked for under former rules
is orientation, never mixed with the rest: `checklist_on` keeps the two apart by the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.citations import ProvisionId
from knowledge.documents import Confidence, Period


class Case(StrEnum):
    """Whom an item concerns; those whose case is not known get it too."""

    ALL = "all"
    WON_BEFORE = "won_before"


@dataclass(frozen=True, slots=True)
class Item:
    """Something to get ready. `awaited` says what nobody knows yet; `words` are folded phrases that people call it by."""

    id: str
    text: str
    words: tuple[str, ...]
    detail: str = ""
    awaited: str = ""
    case: Case = Case.ALL
    citations: tuple[ProvisionId, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Items of one origin; `where` is the place of the official word."""

    id: str
    title: str
    intro: str
    items: tuple[Item, ...]
    confidence: Confidence
    where: str = ""
    citations: tuple[ProvisionId, ...] = ()
    valid: Period = field(default_factory=Period)


@dataclass(frozen=True, slots=True)
class Checklist:
    """Parts of the rules of a day, and parts of rules that had ended by then; numbered through, from 1."""

    day: date
    current: tuple[Part, ...]
    former: tuple[Part, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        return (*self.current, *self.former)

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for part in self.parts for item in part.items)

    def number(self, item: Item) -> int:
        return self.items.index(item) + 1

    def current_items(self) -> tuple[Item, ...]:
        return tuple(item for part in self.current for item in part.items)


def checklist_on(parts: Sequence[Part], day: date) -> Checklist:
    """What the rules of the day ask for, and what rules before them asked for; rules to come are left out."""
    current = tuple(one for one in parts if one.valid.contains(day))
    former = tuple(one for one in parts if one.valid.end is not None and one.valid.end < day)
    return Checklist(day, current, former)
