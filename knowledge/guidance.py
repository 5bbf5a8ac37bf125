"""Criterion guidance: what each aspect or item asks and which evidence helps."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.citations import ProvisionId
from knowledge.documents import Period


class Regime(StrEnum):
    """Whose words a piece of guidance explains; points of one regime are never those of another."""

    CURRENT = "current"
    FORMER = "former"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Guidance:
    """One group, aspect, item or scoring element."""

    id: str
    regime: Regime
    title: str
    points: int | None = None
    asks: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    citations: tuple[ProvisionId, ...] = ()
    related: tuple[str, ...] = ()
    valid: Period = field(default_factory=Period)
