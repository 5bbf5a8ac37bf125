"""Publications: immutable numbered snapshots of all content, and which of them is current.

A snapshot is not current by being new: it becomes so by a row of its own, after its index was built and verified. The rows that said
so before stay, so that «what did the assistant stand on at nine on 12 March?» has an answer, and going back is one more row.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, LargeBinary, String, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge.corpus import Corpus
from knowledge.database import Base, corpus_of_records, plain_record, read_content, utc
from knowledge.errors import DatabaseError, PublicationError
from knowledge.files import document_record, faq_record, guidance_record, mark_record

NOTHING = "nothing has been published yet; run: award setup"


class PublicationRow(Base):
    """A snapshot: the content's records as compressed JSON; rows are only ever added."""

    __tablename__ = "publications"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    author: Mapped[str] = mapped_column(String(120))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class CurrentPublicationRow(Base):
    """From `since` on the publication was current, until the next row. `follows` is the row before, so two can't follow the same one."""

    __tablename__ = "current_publications"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    number: Mapped[int] = mapped_column(ForeignKey("publications.number"))
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    author: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(20))
    follows: Mapped[int] = mapped_column(unique=True)


class PublicationCheckRow(Base):
    """What verifying a publication's index found, each time it was verified."""

    __tablename__ = "publication_checks"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    number: Mapped[int] = mapped_column(ForeignKey("publications.number"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    passed: Mapped[bool]
    report: Mapped[dict[str, Any]] = mapped_column(JSON)


class Reason(StrEnum):
    """Why a publication became current."""

    PUBLISHED = "published"
    ROLLED_BACK = "rolled_back"
    OVERRIDDEN = (
        "overridden"  # published although verification found losses; the check's report says who answers for it
    )


@dataclass(frozen=True, slots=True)
class Publication:
    """The number and content of one snapshot."""

    number: int
    corpus: Corpus


@dataclass(frozen=True, slots=True)
class Current:
    """Which publication is current since when; `change` numbers the changes, so a publication that comes back is noticed."""

    change: int
    number: int
    since: datetime
    author: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class PublicationSummary:
    """One line of the list; `checked` is None where it was never verified."""

    number: int
    digest: str
    created_at: datetime
    author: str
    counts: Mapping[str, int]
    current: bool
    checked: bool | None


def take_snapshot(session: Session, author: str = "") -> Publication:
    """Store the content as it stands; a publication that holds just this (the current one, the newest one) is returned again.

    Raises ContentError where the content is not sound.
    """
    corpus = read_content(session)
    corpus.check_publishable()
    for number in filter(None, (current_number(session), newest_number(session))):
        if session.scalar(select(PublicationRow.digest).where(PublicationRow.number == number)) == corpus.digest:
            return Publication(number, corpus)
    record = {
        "documents": [plain_record(document_record(one)) for one in corpus.documents],
        "guidance": [plain_record(guidance_record(one)) for one in corpus.guidance],
        "faq": [plain_record(faq_record(one)) for one in corpus.faq],
        "marks": [plain_record(mark_record(one)) for one in corpus.marks],
    }
    row = PublicationRow(
        digest=corpus.digest,
        created_at=datetime.now(UTC),
        author=author,
        counts=_counts(corpus),
        content=zlib.compress(json.dumps(record, ensure_ascii=False).encode()),
    )
    session.add(row)
    session.flush()
    return Publication(row.number, corpus)


def newest_number(session: Session) -> int | None:
    """The number of the newest snapshot, current or not."""
    return session.scalar(select(func.max(PublicationRow.number)))


def current(session: Session) -> Current | None:
    """One cheap row: every running server asks for it again and again."""
    row = session.scalar(select(CurrentPublicationRow).order_by(CurrentPublicationRow.id.desc()).limit(1))
    return _current(row) if row else None


def current_number(session: Session) -> int | None:
    """The number of the current publication."""
    found = current(session)
    return found.number if found else None


def current_at(session: Session, moment: datetime) -> Current | None:
    """What was current at that moment, which names its zone."""
    query = select(CurrentPublicationRow).where(
        CurrentPublicationRow.since <= moment.astimezone(UTC)
    )  # SQLite drops zones
    row = session.scalar(query.order_by(CurrentPublicationRow.id.desc()).limit(1))
    return _current(row) if row else None


def history(session: Session) -> list[Current]:
    """Every change, oldest first."""
    return [_current(row) for row in session.scalars(select(CurrentPublicationRow).order_by(CurrentPublicationRow.id))]


def make_current(session: Session, number: int, author: str, reason: Reason, follows: int | None = None) -> Current:
    """The publication is current from the commit on. `follows` is the change that the decision was made on, by default the last.

    Raises PublicationError where another publication became current meanwhile.
    """
    before = current(session)
    last = before.change if before else 0
    if follows is not None and follows != last:
        raise PublicationError(
            "another publication became current meanwhile; look at award publications, then run again"
        )
    row = CurrentPublicationRow(number=number, since=datetime.now(UTC), author=author, reason=str(reason), follows=last)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise PublicationError(
            f"publication {number} can't become current: another did at the same moment, or there is no such publication"
        ) from error
    return _current(row)


def read_publication(session: Session, number: int | None = None) -> Publication:
    """The snapshot of that number, or the current one. Raises DatabaseError where there is none."""
    wanted = number if number is not None else current_number(session)
    if wanted is None:
        raise DatabaseError(NOTHING)
    row = session.get(PublicationRow, wanted)
    if row is None:
        raise DatabaseError(f"there is no publication {wanted}; award publications lists them")
    record = json.loads(zlib.decompress(row.content))
    return Publication(row.number, corpus_of_records(**record))


def previous_number(session: Session, number: int) -> int | None:
    """What was current before this publication became it; for one that never did, what is current, or else the snapshot before."""
    changes = history(session)
    first = next((at for at, one in enumerate(changes) if one.number == number), None)
    if first is not None:
        return changes[first - 1].number if first else None
    if changes:
        return changes[-1].number
    return session.scalar(select(func.max(PublicationRow.number)).where(PublicationRow.number < number))


def note_check(session: Session, number: int, passed: bool, report: Mapping[str, Any]) -> None:
    """Keep what a verification found."""
    session.add(PublicationCheckRow(number=number, at=datetime.now(UTC), passed=passed, report=dict(report)))


def last_check(session: Session, number: int) -> tuple[bool, dict[str, Any]] | None:
    """Whether the publication passed its last verification, and the report."""
    query = select(PublicationCheckRow).where(PublicationCheckRow.number == number)
    row = session.scalar(query.order_by(PublicationCheckRow.id.desc()).limit(1))
    return (row.passed, row.report) if row else None


def list_publications(session: Session) -> list[PublicationSummary]:
    """All snapshots, newest first, without their content."""
    now = current_number(session)
    checked = select(PublicationCheckRow.number, PublicationCheckRow.passed).order_by(PublicationCheckRow.id)
    checks = dict(iter(session.execute(checked)))  # the last one of each counts
    rows = session.execute(
        select(
            PublicationRow.number,
            PublicationRow.digest,
            PublicationRow.created_at,
            PublicationRow.author,
            PublicationRow.counts,
        ).order_by(PublicationRow.number.desc())
    )
    return [
        PublicationSummary(number, digest, utc(at), author, counts, number == now, checks.get(number))
        for number, digest, at, author, counts in rows
    ]


def _counts(corpus: Corpus) -> dict[str, int]:
    return {
        "documents": len(corpus.documents),
        "provisions": sum(1 for _ in corpus.provisions()),
        "guidance": len(corpus.guidance),
        "faq": len(corpus.faq),
    }


def _current(row: CurrentPublicationRow) -> Current:
    return Current(row.id, row.number, utc(row.since), row.author, Reason(row.reason))
