"""The audit: who did what to which object, one row each, never changed; every row's digest covers the one before.

The rows make a chain, so that a row that was changed, left out or put in shows. Somebody who may write to the database can write the
whole chain anew; that shows against a digest that was noted elsewhere (`award audit verify --expect`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import DateTime, String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge.database import Base, utc

MOST_WORDS = 1_000
BATCH = 1_000


class AuditRow(Base):
    """Triggers of the database refuse to change or delete one."""

    __tablename__ = "audit"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    who: Mapped[str] = mapped_column(String(80), index=True)
    what: Mapped[str] = mapped_column(String(40), index=True)
    item: Mapped[str] = mapped_column(String(160), index=True)
    words: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(String(64))
    after: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class AuditHeadRow(Base):
    """One row: the last number and digest. Writing to it first puts writers in a queue, and a cut-off end shows."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row; `before` and `after` are digests of the object, empty where there was none or it is a secret. `at` is UTC."""

    number: int
    at: datetime
    who: str
    what: str
    item: str
    words: str
    before: str
    after: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How many rows were looked at, the digest of the last, and what is wrong, in words."""

    rows: int
    digest: str
    problems: tuple[str, ...]


def record(
    session: Session, who: str, what: str, item: str, words: str = "", before: object = None, after: object = None
) -> int:
    """Add a row in the session's transaction: it is there if and only if what it tells of is. Returns its number.

    `what` is a verb like `faq.publish`; `before` and `after` are JSON values of the object, of which digests are kept.
    """
    number, previous = session.execute(
        update(AuditHeadRow)
        .where(AuditHeadRow.id == 1)
        .values(number=AuditHeadRow.number + 1)
        .returning(AuditHeadRow.number, AuditHeadRow.digest)
    ).one()
    row = AuditRow(
        number=number,
        at=datetime.now(UTC).replace(microsecond=0),
        who=who[:80],
        what=what,
        item=item[:160],
        words=words[:MOST_WORDS],
        before=value_digest(before),
        after=value_digest(after),
        previous=previous,
    )
    row.digest = _digest(row)
    session.add(row)
    session.flush()
    session.execute(update(AuditHeadRow).where(AuditHeadRow.id == 1).values(digest=row.digest))
    return int(number)


def value_digest(value: object) -> str:
    """SHA-256 of a JSON value in one fixed form; empty for None."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def search(
    session: Session, text: str = "", what: Sequence[str] = (), before: int | None = None, limit: int = 50
) -> list[AuditEntry]:
    """Rows whose person, object or words hold `text`, of these verbs, numbered below `before`; newest first."""
    query = select(AuditRow).order_by(AuditRow.number.desc()).limit(limit)
    if text:
        columns = AuditRow.who, AuditRow.item, AuditRow.words
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if what:
        query = query.where(AuditRow.what.in_(what))
    if before is not None:
        query = query.where(AuditRow.number < before)
    return [_entry(row) for row in session.scalars(query)]


def verify(session: Session, expect: tuple[int, str] | None = None) -> Verified:
    """Walk over the whole chain. `expect` is a number and the digest that was noted for it."""
    problems: list[str] = []
    count, last, digest = 0, 0, ""
    while rows := session.scalars(
        select(AuditRow).where(AuditRow.number > last).order_by(AuditRow.number).limit(BATCH)
    ).all():
        for row in rows:
            if row.number != last + 1:
                problems.append(f"rows {last + 1} to {row.number - 1} are missing")
            elif row.previous != digest:
                problems.append(f"row {row.number} does not follow row {last}")
            if row.digest != _digest(row):
                problems.append(f"row {row.number} was changed")
            if expect and row.number == expect[0] and row.digest != expect[1]:
                problems.append(f"row {row.number} is not the one that was noted")
            count, last, digest = count + 1, row.number, row.digest
        session.expunge_all()
    head = session.execute(select(AuditHeadRow.number, AuditHeadRow.digest)).one_or_none()
    if head is None or tuple(head) != (last, digest):
        problems.append(f"the chain ends at row {last}, but {head.number if head else 'no'} rows were written")
    if expect and expect[0] > last:
        problems.append(f"row {expect[0]} was noted and is not there")
    return Verified(count, digest, tuple(problems))


def _digest(row: AuditRow) -> str:
    told = [row.number, utc(row.at).astimezone(UTC).isoformat(), row.who, row.what, row.item, row.words]
    return value_digest([*told, row.before, row.after, row.previous])


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        row.number,
        utc(row.at),
        row.who,
        row.what,
        row.item,
        row.words,
        row.before,
        row.after,
        row.previous,
        row.digest,
    )
