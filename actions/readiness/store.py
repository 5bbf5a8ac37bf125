"""Self-assessments in the database: one open at a time a person, finished ones to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.personal_data import MOST_SENDER, PersonalDataHolder, register
from knowledge.database import Base, Database
from knowledge.readiness import Form, Rating

MOST_FINISHED = 12  # a person; older ones go


class RunRow(Base):
    __tablename__ = "readiness_runs"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sender: Mapped[str] = mapped_column(String(MOST_SENDER), index=True)
    form: Mapped[str] = mapped_column(String(10))
    scale: Mapped[str] = mapped_column(String(20))
    ratings: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked: Mapped[int]
    failures: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    finished_on: Mapped[date | None]


@dataclass(frozen=True, slots=True)
class Run:
    """One assessment. `form` and `scale` are None while they are being chosen; `asked` counts questions from 0."""

    form: Form | None = None
    scale: str | None = None
    ratings: Mapping[str, Rating] = field(default_factory=dict)
    asked: int = 0
    failures: int = 0
    id: int | None = None
    started_at: datetime | None = None
    updated_at: datetime | None = None
    finished_on: date | None = None

    def rated(self, question: str, rating: Rating) -> Run:
        return replace(self, ratings={**self.ratings, question: rating}, failures=0)


class Runs:
    """Reads and writes; all calls block, so asynchronous callers use a thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, sender: str) -> Run | None:
        """The unfinished one of a person, however old."""
        with self._database.session() as session:
            row = session.scalar(
                select(RunRow)
                .where(RunRow.sender == sender, RunRow.finished_on.is_(None))
                .order_by(RunRow.id.desc())
                .limit(1)
            )
            return _run(row) if row else None

    def finished(self, sender: str) -> list[Run]:
        """Finished ones of a person, newest first."""
        with self._database.session() as session:
            rows = session.scalars(
                select(RunRow)
                .where(RunRow.sender == sender, RunRow.finished_on.is_not(None))
                .order_by(RunRow.finished_on.desc(), RunRow.id.desc())
            )
            return [_run(row) for row in rows]

    def save(self, sender: str, run: Run) -> Run:
        """Write it unfinished, as a new one where it has no number; another unfinished one of its kind goes."""
        with self._database.session() as session:
            return _run(_written(session, sender, run))

    def finish(self, sender: str, run: Run, day: date) -> Run:
        """Write it as finished on a day; only the newest finished ones are kept."""
        with self._database.session() as session:
            row = _written(session, sender, run)
            row.finished_on = day
            session.flush()
            _drop_oldest(session, sender)
            return _run(row)


def _written(session: Session, sender: str, run: Run) -> RunRow:
    row = session.get(RunRow, run.id) if run.id is not None else None
    now = datetime.now(UTC)
    if row is None or row.sender != sender:
        row = RunRow(sender=sender, started_at=now)
        session.add(row)
    row.form, row.scale = str(run.form or ""), run.scale or ""
    row.ratings = {question: _record(rating) for question, rating in run.ratings.items()}
    row.asked, row.failures, row.updated_at, row.finished_on = run.asked, run.failures, now, None
    session.flush()
    _drop_abandoned(session, row)
    return row


def _export(session: Session, sender: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(RunRow).where(RunRow.sender == sender).order_by(RunRow.id))
    return [
        {
            "form": row.form,
            "scale": row.scale,
            "ratings": row.ratings,
            "started_at": row.started_at.isoformat(),
            "updated_at": row.updated_at.isoformat(),
            "finished_on": row.finished_on.isoformat() if row.finished_on else None,
        }
        for row in rows
    ]


def _delete(session: Session, sender: str) -> int:
    return len(session.scalars(delete(RunRow).where(RunRow.sender == sender).returning(RunRow.id)).all())


def _drop_abandoned(session: Session, row: RunRow) -> None:
    """The three questions on the product stand beside a scored form, so either may wait for the other."""
    product = RunRow.form == str(Form.PRODUCT)
    kind = product if row.form == Form.PRODUCT else ~product
    session.execute(
        delete(RunRow).where(RunRow.sender == row.sender, RunRow.finished_on.is_(None), RunRow.id != row.id, kind)
    )


def _drop_oldest(session: Session, sender: str) -> None:
    finished = (
        select(RunRow.id)
        .where(RunRow.sender == sender, RunRow.finished_on.is_not(None))
        .order_by(RunRow.finished_on.desc(), RunRow.id.desc())
        .offset(MOST_FINISHED)
    )
    if old := session.scalars(finished).all():
        session.execute(delete(RunRow).where(RunRow.id.in_(old)))


def _run(row: RunRow) -> Run:
    return Run(
        Form(row.form) if row.form else None,
        row.scale or None,
        {question: _rating(record) for question, record in row.ratings.items()},
        row.asked,
        row.failures,
        row.id,
        _utc(row.started_at),
        _utc(row.updated_at),
        row.finished_on,
    )


def _record(rating: Rating) -> dict[str, Any]:
    return {"levels": list(rating.levels), "percent": list(rating.percent) if rating.percent else None}


def _rating(record: dict[str, Any]) -> Rating:
    percent = record["percent"]
    return Rating(tuple(record["levels"]), (percent[0], percent[1]) if percent else None)


def _utc(moment: datetime) -> datetime:
    """SQLite gives times back without their zone; all of ours are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


register(PersonalDataHolder("self-assessments", ("readiness_runs",), _export, _delete))
