"""Runs of the gate as they are kept: how far one is, what it found, who published or dropped it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge.database import Base, utc
from knowledge.errors import EditRefused, UnknownId

SILENT = timedelta(minutes=5)  # a run that says nothing for so long was killed


class RunState(StrEnum):
    """Running until it has found nothing worse (passed) or something (blocked), or can't go on (failed); then somebody decides."""

    RUNNING = "running"
    PASSED = "passed"
    BLOCKED = "blocked"
    FAILED = "failed"
    NOTHING = "nothing"
    PUBLISHED = "published"
    DROPPED = "dropped"


class GateRunRow(Base):
    """`follows` is the change of publications that it was compared with."""

    __tablename__ = "gate_runs"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    author: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12))
    stage: Mapped[str] = mapped_column(String(120))
    done: Mapped[int]
    total: Mapped[int]
    beat: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    publication: Mapped[int | None]
    follows: Mapped[int | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settled_by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class GateRun:
    """Times are UTC."""

    number: int
    at: datetime
    author: str
    state: RunState
    stage: str
    done: int
    total: int
    publication: int | None
    follows: int | None
    report: Mapping[str, Any] | None
    settled_at: datetime | None
    settled_by: str
    reason: str

    @property
    def open(self) -> bool:
        """Whether somebody can publish or drop it."""
        return self.state in (RunState.PASSED, RunState.BLOCKED)


def begin_run(session: Session, author: str) -> int:
    """The number of a new run. Raises EditRefused while another is running."""
    _end_silent(session)
    running = session.scalar(select(GateRunRow.number).where(GateRunRow.state == str(RunState.RUNNING)))
    if running is not None:
        raise EditRefused(f"Lần kiểm tra {running} đang chạy; hãy đợi nó xong.")
    now = datetime.now(UTC)
    row = GateRunRow(
        at=now,
        author=author,
        state=str(RunState.RUNNING),
        stage="Bắt đầu",
        done=0,
        total=0,
        beat=now,
        publication=None,
        follows=None,
        report=None,
        settled_at=None,
        settled_by="",
        reason="",
    )
    session.add(row)
    session.flush()
    return row.number


def tell(session: Session, number: int, stage: str, done: int = 0, total: int = 0) -> None:
    """How far a run is."""
    values = {"stage": stage[:120], "done": done, "total": total, "beat": datetime.now(UTC)}
    session.execute(update(GateRunRow).where(GateRunRow.number == number).values(**values))


def end_run(
    session: Session,
    number: int,
    state: RunState,
    report: Mapping[str, Any],
    publication: int | None = None,
    follows: int | None = None,
) -> None:
    """What a run has found."""
    session.execute(
        update(GateRunRow)
        .where(GateRunRow.number == number, GateRunRow.state == str(RunState.RUNNING))
        .values(state=str(state), report=dict(report), publication=publication, follows=follows)
    )


def settle_run(session: Session, number: int, state: RunState, who: str, reason: str = "") -> GateRun:
    """Published or dropped, by whom. Raises EditRefused where that was decided before, UnknownId."""
    open_states = [str(RunState.PASSED), str(RunState.BLOCKED)]
    moved = session.execute(
        update(GateRunRow)
        .where(GateRunRow.number == number, GateRunRow.state.in_(open_states))
        .values(state=str(state), settled_at=datetime.now(UTC), settled_by=who, reason=reason)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise EditRefused("Lần kiểm tra này không còn chờ quyết định; hãy kiểm tra lại từ đầu.")
    return read_run(session, number)


def read_run(session: Session, number: int) -> GateRun:
    """Raises UnknownId."""
    row = session.get(GateRunRow, number, populate_existing=True)
    if row is None:
        raise UnknownId(f"Không có lần kiểm tra {number}.")
    return _run(row)


def list_runs(session: Session, limit: int = 20) -> list[GateRun]:
    """Newest first."""
    _end_silent(session)
    return [_run(row) for row in session.scalars(select(GateRunRow).order_by(GateRunRow.number.desc()).limit(limit))]


def _end_silent(session: Session) -> None:
    session.execute(
        update(GateRunRow)
        .where(GateRunRow.state == str(RunState.RUNNING), GateRunRow.beat < datetime.now(UTC) - SILENT)
        .values(state=str(RunState.FAILED), report={"error": "Lần kiểm tra bị ngắt giữa chừng; hãy kiểm tra lại."})
    )


def _run(row: GateRunRow) -> GateRun:
    return GateRun(
        row.number,
        utc(row.at),
        row.author,
        RunState(row.state),
        row.stage,
        row.done,
        row.total,
        row.publication,
        row.follows,
        row.report,
        row.settled_at and utc(row.settled_at),
        row.settled_by,
        row.reason,
    )
