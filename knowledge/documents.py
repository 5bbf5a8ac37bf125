"""Regulations and their dated provisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.citations import ProvisionId


class Confidence(StrEnum):
    """How well a statement is founded, strongest first."""

    OFFICIAL_TEXT = "official_text"
    STATE_AGENCY_PAGE = "state_agency_page"
    PRESS = "press"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included; None is open."""

    start: date | None = None
    end: date | None = None

    def contains(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def overlaps(self, other: Period) -> bool:
        return (self.start is None or other.end is None or self.start <= other.end) and (
            other.start is None or self.end is None or other.start <= self.end
        )

    def words(self) -> str:
        """«từ 23/01/2026», «01/02/2009 – 30/06/2026», or nothing for an open period."""
        if self.start and self.end:
            return f"{self.start:%d/%m/%Y} – {self.end:%d/%m/%Y}"
        if self.start:
            return f"từ {self.start:%d/%m/%Y}"
        return f"đến {self.end:%d/%m/%Y}" if self.end else ""


@dataclass(frozen=True, slots=True)
class Provision:
    """One version of an article, clause or point: a summary in our own words, and the official text where it is loaded.

    The summary is empty where only the official text is known. The official text holds the provision's own words, its number
    included, not those of the provisions below it; `official_closing` are its paragraphs that stand after them. knowledge/history.py
    puts the whole together. `made_by` and `ended_by` are the amending clauses, or the document where its clause is not known;
    `made_by` is None for a text that stands in its document from the beginning.
    """

    id: ProvisionId
    valid: Period
    summary: str
    title: str | None = None
    official_text: str | None = None
    confidence: Confidence = Confidence.OFFICIAL_TEXT
    official_closing: str | None = None
    made_by: ProvisionId | None = None
    ended_by: ProvisionId | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One regulation with its provisions in order; `ended_by` is the clause that ended it as a whole.

    A fictional one (a sample for trying the software) may stand in a database for trials and is never published.
    """

    id: str
    number: str
    type: str
    title: str | None
    issuer: str
    signed: date | None
    valid: Period
    source: str | None
    checked_against: str | None
    status_note: str | None
    rank: int
    provisions: tuple[Provision, ...] = ()
    ended_by: ProvisionId | None = None
    fictional: bool = False

    @property
    def name(self) -> str:
        """«Nghị định 37/2026/NĐ-CP»."""
        return f"{self.type} {self.number}"
