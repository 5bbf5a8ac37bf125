"""Import proposals as they are kept: one row a file, from reading it to accepting or discarding it, report and outcome with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, String, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge.database import Base, utc
from knowledge.errors import ImportStateError, UnknownId
from knowledge.importing.proposal import ImportProposal
from knowledge.importing.records import from_record, to_record
from knowledge.importing.report import ImportReport


class ProposalState(StrEnum):
    """Proposed until a person accepts or discards it."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"


class ImportProposalRow(Base):
    """`given_document` is the document that the person named for a file without a header; `acceptance` what accepting did."""

    __tablename__ = "import_proposals"
    __table_args__ = (UniqueConstraint("digest", "given_document", name="uq_import_proposals_file"),)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    filename: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    given_document: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(String(40), index=True)
    format: Mapped[str] = mapped_column(String(20))
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    proposal: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[str] = mapped_column(String(120))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settled_by: Mapped[str] = mapped_column(String(120), default="")
    acceptance: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)


@dataclass(frozen=True, slots=True)
class StoredProposal:
    """One line of the list; `document` is empty where the file does not say what it is. Times are UTC."""

    number: int
    filename: str
    digest: str
    document: str
    format: str
    state: ProposalState
    at: datetime
    by: str
    settled_at: datetime | None
    settled_by: str
    report: ImportReport
    acceptance: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Storing:
    """A stored proposal, and whether it is new: the same file a second time gives the same proposal."""

    stored: StoredProposal
    new: bool


def store_proposal(session: Session, proposal: ImportProposal, by: str = "", given_document: str = "") -> Storing:
    """Keep a proposal; one of the same file is returned again, a discarded one open as before and read anew."""
    row = _of_file(session, proposal.sha256, given_document)
    if row is None:
        row = ImportProposalRow(digest=proposal.sha256, given_document=given_document, settled_by="")
        _fill(row, proposal, by)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # another process stored the same file meanwhile
            row = _of_file(session, proposal.sha256, given_document)
            if row is None:
                raise
        else:
            return Storing(_stored(row), True)
    elif row.state == ProposalState.DISCARDED:
        _fill(row, proposal, by)
        row.settled_at, row.settled_by = None, ""
        session.flush()
    return Storing(_stored(row), False)


def list_proposals(session: Session, document: str | None = None) -> list[StoredProposal]:
    """All proposals, or those of one document, newest first."""
    query = select(ImportProposalRow).order_by(ImportProposalRow.number.desc())
    if document is not None:
        query = query.where(ImportProposalRow.document == document)
    return [_stored(row) for row in session.scalars(query)]


def stored_proposal(session: Session, number: int) -> StoredProposal:
    """Raises UnknownId."""
    return _stored(_row(session, number))


def read_proposal(session: Session, number: int) -> ImportProposal:
    """What was read from the file. Raises UnknownId."""
    return from_record(ImportProposal, _row(session, number).proposal)


def discard_proposal(session: Session, number: int, by: str = "") -> StoredProposal:
    """Put a proposal aside. Raises UnknownId, and ImportStateError where it was accepted or discarded before."""
    claim(session, number, ProposalState.DISCARDED, by)
    return stored_proposal(session, number)


def claim(session: Session, number: int, state: ProposalState, by: str, again: bool = False) -> None:
    """Settle an open proposal, or with `again` one that was settled so before.

    The first statement that its transaction writes: two persons can't settle one proposal.

    Raises UnknownId, and ImportStateError where it was accepted or discarded before.
    """
    from_states = [str(ProposalState.PROPOSED), *([str(state)] if again else [])]
    moved = session.execute(
        update(ImportProposalRow)
        .where(ImportProposalRow.number == number, ImportProposalRow.state.in_(from_states))
        .values(state=str(state), settled_at=datetime.now(UTC), settled_by=by)
    )
    if moved.rowcount == 0:  # type: ignore[attr-defined]
        stored = stored_proposal(session, number)
        what = "nhận" if stored.state is ProposalState.ACCEPTED else "bỏ"
        when = f" ngày {stored.settled_at:%d/%m/%Y}" if stored.settled_at else ""
        raise ImportStateError(f"Đề xuất {number} đã được {what}{when}: không làm lại được.")


def note_acceptance(session: Session, number: int, acceptance: Mapping[str, Any]) -> None:
    """Keep with the proposal what accepting it did."""
    session.execute(
        update(ImportProposalRow).where(ImportProposalRow.number == number).values(acceptance=dict(acceptance))
    )


def _fill(row: ImportProposalRow, proposal: ImportProposal, by: str) -> None:
    row.filename = proposal.filename[-200:]
    row.document = proposal.header.document
    row.format = str(proposal.format)
    row.report = json.loads(proposal.report.to_json())
    row.proposal = to_record(proposal)
    row.state = str(ProposalState.PROPOSED)
    row.at, row.by = datetime.now(UTC), by


def _of_file(session: Session, digest: str, given_document: str) -> ImportProposalRow | None:
    return session.scalar(
        select(ImportProposalRow).where(
            ImportProposalRow.digest == digest, ImportProposalRow.given_document == given_document
        )
    )


def _row(session: Session, number: int) -> ImportProposalRow:
    row = session.get(ImportProposalRow, number, populate_existing=True)
    if row is None:
        raise UnknownId(f"there is no import proposal {number}; award imports lists them")
    return row


def _stored(row: ImportProposalRow) -> StoredProposal:
    return StoredProposal(
        number=row.number,
        filename=row.filename,
        digest=row.digest,
        document=row.document,
        format=row.format,
        state=ProposalState(row.state),
        at=utc(row.at),
        by=row.by,
        settled_at=row.settled_at and utc(row.settled_at),
        settled_by=row.settled_by,
        report=ImportReport.from_json(json.dumps(row.report)),
        acceptance=row.acceptance,
    )
