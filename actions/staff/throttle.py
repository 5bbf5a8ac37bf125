"""How often a login may be tried: by account and by address, counted in the database, so that no restart begins anew.

An attempt is counted before the password is looked at; many at the same moment count as many.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge.database import Base, utc

WINDOW = timedelta(minutes=15)


class LoginAttemptRow(Base):
    """A try that has not succeeded; `subject` is a digest: nobody's address is kept."""

    __tablename__ = "staff_login_attempts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


@dataclass(frozen=True, slots=True)
class Subject:
    """What tries are counted of, and how many may fail within the window."""

    name: str
    allowed: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()


def account(login: str) -> Subject:
    return Subject(f"account {login}", 5)


def address(host: str) -> Subject:
    """An office shares one address, so it may fail more often."""
    return Subject(f"address {host}", 30)


def second_factor(login: str) -> Subject:
    return Subject(f"code {login}", 5)


def attempt(session: Session, *subjects: Subject) -> timedelta | None:
    """Count a try; where there were too many, it is not counted, and the time to wait is returned. Needs a transaction of its own."""
    now = datetime.now(UTC)
    session.execute(delete(LoginAttemptRow).where(LoginAttemptRow.at < now - WINDOW))
    rows = [LoginAttemptRow(subject=one.digest, at=now) for one in subjects]
    session.add_all(rows)
    session.flush()
    for one in subjects:
        tries = select(func.count(), func.min(LoginAttemptRow.at)).where(LoginAttemptRow.subject == one.digest)
        count, first = session.execute(tries).one()
        if count > one.allowed:
            for row in rows:
                session.delete(row)
            return utc(first) + WINDOW - now
    return None


def succeeded(session: Session, *subjects: Subject) -> None:
    """The tries of these were a person's who has now got it right."""
    session.execute(delete(LoginAttemptRow).where(LoginAttemptRow.subject.in_([one.digest for one in subjects])))
