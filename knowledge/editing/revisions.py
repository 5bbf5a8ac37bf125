"""What an entry was after each change, by whom; kept for good, so that any of them can be restored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge.database import Base, utc
from knowledge.errors import UnknownId

APPROVED = "approve"  # the `what` after which others may approve again


class FaqRevisionRow(Base):
    __tablename__ = "faq_revisions"
    __table_args__ = (UniqueConstraint("entry", "version", name="uq_faq_revisions_version"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    entry: Mapped[str] = mapped_column(String(120), index=True)
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    author: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True, slots=True)
class Revision:
    """An entry's record after a change; `at` is UTC."""

    version: int
    at: datetime
    author: str
    what: str
    note: str
    content: Mapping[str, Any]


def keep_revision(
    session: Session, entry: str, version: int, author: str, what: str, content: Mapping[str, Any], note: str = ""
) -> None:
    session.add(
        FaqRevisionRow(
            entry=entry,
            version=version,
            at=datetime.now(UTC),
            author=author,
            what=what,
            note=note,
            content=dict(content),
        )
    )
    session.flush()


def list_revisions(session: Session, entry: str) -> list[Revision]:
    """Newest first."""
    query = select(FaqRevisionRow).where(FaqRevisionRow.entry == entry).order_by(FaqRevisionRow.version.desc())
    return [_revision(row) for row in session.scalars(query)]


def read_revision(session: Session, entry: str, version: int) -> Revision:
    """Raises UnknownId."""
    query = select(FaqRevisionRow).where(FaqRevisionRow.entry == entry, FaqRevisionRow.version == version)
    row = session.scalar(query)
    if row is None:
        raise UnknownId(f"Mục {entry} không có phiên bản {version}.")
    return _revision(row)


def authors_since_approval(session: Session, entry: str) -> set[str]:
    """Everybody who has written at what is waiting for approval now."""
    authors: set[str] = set()
    for one in list_revisions(session, entry):
        if one.what == APPROVED:
            break
        if one.what in ("create", "save", "restore", "import", "leave"):
            authors.add(one.author)
    return authors


def _revision(row: FaqRevisionRow) -> Revision:
    return Revision(row.version, utc(row.at), row.author, row.what, row.note, row.content)
