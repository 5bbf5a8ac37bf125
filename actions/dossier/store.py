"""Ticks of the dossier checklist in the database: one list a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.personal_data import MOST_SENDER, PersonalDataHolder, register
from knowledge.database import Base, Database


class Mark(StrEnum):
    """What somebody said of an item; no mark: still to do."""

    DONE = "done"
    NOT_NEEDED = "not_needed"


class DossierRow(Base):
    __tablename__ = "dossiers"
    sender: Mapped[str] = mapped_column(String(MOST_SENDER), primary_key=True)
    season: Mapped[int | None]
    marks: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Dossier:
    """A person's list: the award year it is for (None: not said) and a mark an item."""

    season: int | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)
    updated_at: datetime | None = field(default=None, compare=False)


class Dossiers:
    """Reads and writes; all calls block, so asynchronous callers use a thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, sender: str) -> Dossier | None:
        with self._database.session() as session:
            row = session.get(DossierRow, sender)
            if row is None:
                return None
            return Dossier(row.season, {item: Mark(mark) for item, mark in row.marks.items()}, _utc(row.updated_at))

    def save(self, sender: str, dossier: Dossier) -> None:
        marks = {item: str(mark) for item, mark in dossier.marks.items()}
        with self._database.session() as session:
            session.merge(DossierRow(sender=sender, season=dossier.season, marks=marks, updated_at=datetime.now(UTC)))


def _utc(moment: datetime) -> datetime:
    """SQLite gives times back without their zone; all of ours are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _export(session: Session, sender: str) -> list[dict[str, Any]]:
    row = session.get(DossierRow, sender)
    return [{"season": row.season, "marks": row.marks, "updated_at": row.updated_at.isoformat()}] if row else []


def _delete(session: Session, sender: str) -> int:
    return len(
        session.scalars(delete(DossierRow).where(DossierRow.sender == sender).returning(DossierRow.sender)).all()
    )


register(PersonalDataHolder("dossier checklist", ("dossiers",), _export, _delete))
