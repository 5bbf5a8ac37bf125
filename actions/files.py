"""Files made for one person (pictures, reports): kept for a while under an address that nobody can guess.

The address is the only key, so it is as long as a password and only its digest is stored. Files are bound to the person's
sender id: they go when the person's data go, and when their time is over.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.personal_data import MOST_SENDER, PersonalDataHolder, register
from knowledge.database import Base, Database

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 40  # a person; the oldest make room
ADDRESS = "/tep/"


class FileRow(Base):
    __tablename__ = "files"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    sender: Mapped[str] = mapped_column(String(MOST_SENDER), index=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it is handed out."""

    name: str
    media_type: str
    content: bytes


class Files:
    """Keeps and finds files; all calls block, so asynchronous callers use a thread."""

    def __init__(self, database: Database, days: int) -> None:
        self.days = days
        self._database = database
        self._life = timedelta(days=days)

    def keep(self, sender: str, file: KeptFile) -> str:
        """The address of the file on this server. Raises ValueError where it is larger than 5 MB or empty."""
        if not 0 < len(file.content) <= MOST_BYTES:
            raise ValueError(f"{file.name} has {len(file.content)} bytes; a file has 1 to {MOST_BYTES}")
        identity, now = secrets.token_urlsafe(24), datetime.now(UTC)
        with self._database.session() as session:
            session.execute(delete(FileRow).where(FileRow.expires_at <= now))
            _make_room(session, sender)
            session.add(
                FileRow(
                    digest=_digest(identity),
                    sender=sender,
                    name=file.name,
                    media_type=file.media_type,
                    content=file.content,
                    created_at=now,
                    expires_at=now + self._life,
                )
            )
        return f"{ADDRESS}{identity}"

    def find(self, identity: str) -> KeptFile | None:
        """The file of an address's last part, or None (unknown, deleted or too old)."""
        with self._database.session() as session:
            row = session.scalar(
                select(FileRow).where(FileRow.digest == _digest(identity), FileRow.expires_at > datetime.now(UTC))
            )
            return KeptFile(row.name, row.media_type, row.content) if row else None


def _export(session: Session, sender: str) -> list[dict[str, str]]:
    """Names, kinds and times; the files themselves were handed out before."""
    rows = session.scalars(select(FileRow).where(FileRow.sender == sender).order_by(FileRow.created_at))
    return [
        {
            "name": row.name,
            "media_type": row.media_type,
            "created_at": row.created_at.isoformat(),
            "expires_at": row.expires_at.isoformat(),
        }
        for row in rows
    ]


def _delete(session: Session, sender: str) -> int:
    return len(session.scalars(delete(FileRow).where(FileRow.sender == sender).returning(FileRow.digest)).all())


def _make_room(session: Session, sender: str) -> None:
    """Leave place for one more."""
    newest = (
        select(FileRow.digest)
        .where(FileRow.sender == sender)
        .order_by(FileRow.created_at.desc(), FileRow.digest)
        .limit(MOST_FILES - 1)
    )
    kept = session.scalars(newest).all()
    if len(kept) == MOST_FILES - 1:
        session.execute(delete(FileRow).where(FileRow.sender == sender, FileRow.digest.not_in(kept)))


def _digest(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()


register(PersonalDataHolder("files", ("files",), _export, _delete))
