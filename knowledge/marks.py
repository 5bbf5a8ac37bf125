"""Review marks («chờ rà soát»): what was written before a provision changed, until a person has looked at it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from knowledge.citations import ProvisionId


class MarkedKind(StrEnum):
    """What rests on provisions: a summary is that of an article whose clause changes, a golden answer one that publications are
    verified with.
    """

    FAQ = "faq"
    GUIDANCE = "guidance"
    ELIGIBILITY = "eligibility"
    GOLDEN = "golden"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class ReviewMark:
    """One item and one reason to look at it: `provision` changes on `day` by the clause `cause`, taken from an import.

    `at` and `confirmed_at` are UTC. A confirmed mark is kept, so that the same reason never marks the item again.
    """

    number: int
    kind: MarkedKind
    item: str
    provision: ProvisionId
    cause: ProvisionId
    day: date
    import_number: int
    at: datetime
    confirmed_by: str = ""
    confirmed_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.confirmed_at is None

    @property
    def reason(self) -> tuple[MarkedKind, str, ProvisionId, ProvisionId, date]:
        """What can't be marked twice."""
        return self.kind, self.item, self.provision, self.cause, self.day
