"""Sessions of the staff console: a random token in the browser, its digest in the database, an idle and an absolute limit."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, ForeignKey, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.staff.users import StaffUser, StaffUserRow, user_of
from knowledge.database import Base, utc

TOKEN_BYTES = 32
TOUCH = timedelta(minutes=1)  # a visit within it is not written down


class StaffSessionRow(Base):
    """`complete` is False between the password and the code; `said` is what the next page tells, once."""

    __tablename__ = "staff_sessions"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    complete: Mapped[bool]
    said: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lives without a visit, and how long at most."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class StaffSession:
    user: StaffUser
    complete: bool
    said: str | None


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def csrf_token(token: str) -> str:
    """Of a session: who can't read its cookie can't know this."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def csrf_matches(token: str, sent: str) -> bool:
    return hmac.compare_digest(csrf_token(token).encode(), sent.encode())


def open_session(session: Session, user_id: int, complete: bool) -> str:
    """The token of a new session; sessions that nobody can use any more go."""
    token, now = new_token(), datetime.now(UTC)
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.created_at < now - timedelta(days=7)))
    session.add(
        StaffSessionRow(
            digest=digest(token), user_id=user_id, created_at=now, seen_at=now, complete=complete, said=None
        )
    )
    return token


def find_session(session: Session, token: str, limits: Limits, *, visit: bool = True) -> StaffSession | None:
    """None where the token is unknown or too old, and where its account is off.

    `visit` is False where a page asks by itself: that nobody is there must not go unnoticed.
    """
    row = session.get(StaffSessionRow, digest(token))
    now = datetime.now(UTC)
    if row is None or now - utc(row.seen_at) > limits.idle or now - utc(row.created_at) > limits.absolute:
        return None
    user = session.get(StaffUserRow, row.user_id)
    if user is None or not user.active:
        return None
    if visit and now - utc(row.seen_at) > TOUCH:
        session.execute(update(StaffSessionRow).where(StaffSessionRow.digest == row.digest).values(seen_at=now))
    return StaffSession(user_of(user), row.complete, row.said)


def say_next(session: Session, token: str, words: str | None) -> None:
    """What the next page tells; None once it has."""
    session.execute(update(StaffSessionRow).where(StaffSessionRow.digest == digest(token)).values(said=words))


def close_session(session: Session, token: str) -> None:
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.digest == digest(token)))


def close_sessions(session: Session, user_id: int, but: str = "") -> None:
    """All of a user, except that of the token `but`."""
    ended = delete(StaffSessionRow).where(StaffSessionRow.user_id == user_id)
    session.execute(ended.where(StaffSessionRow.digest != digest(but)) if but else ended)


def live_sessions(session: Session, user_id: int) -> int:
    return len(session.scalars(select(StaffSessionRow.digest).where(StaffSessionRow.user_id == user_id)).all())


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
