"""Deleted personal data stays deleted, also where an older copy of the database comes back (docs/decisions/0014).

Each deletion leaves an event in the database, in the same transaction: a random id and a keyed digest of the sender, nothing else. All
events are copied to a log outside of the database, a file that no restore replaces. An event that is in a log and not in the database
tells that the database is a copy from before: the deletion is carried out again. The key lies in the database, so a log without
the database (or a backup) tells nobody anything.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import DateTime, String, delete, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.personal_data import PERSON_COLUMNS, delete_person, personal_tables
from bot.conversations import WEB
from knowledge.database import Base, Database, insert_into, utc
from knowledge.errors import DatabaseError

log = logging.getLogger(__name__)
KEPT = timedelta(days=400)  # longer than the oldest backup that the ageing rule keeps
ROUND_SECONDS = 5.0


class DeletionKeyRow(Base):
    """One row: the key of this installation's digests, made with the first deletion."""

    __tablename__ = "deletion_key"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(64))


class DeletionRow(Base):
    """An event is in the table of every copy that was taken after it."""

    __tablename__ = "deletions"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


@dataclass(frozen=True, slots=True)
class Deletion:
    """One event: `digest` is HMAC-SHA-256 of the sender, `at` UTC in ISO 8601."""

    id: str
    digest: str
    at: str


def note_deletion(session: Session, sender: str) -> None:
    """Called in the transaction that deletes."""
    digest = _digest(_key(session), sender)
    session.add(DeletionRow(id=secrets.token_hex(16), digest=digest, at=datetime.now(UTC)))


def apply_deletions(database: Database, events: Iterable[Deletion]) -> int:
    """Carry out again what a copy from before does not know; how many people's data went. Raises DatabaseError."""
    events = list(events)
    if not events:
        return 0
    with database.session() as session:
        known = set(session.scalars(select(DeletionRow.id)))
        missing = {event.id: event for event in events if event.id not in known}
        if not missing:
            return 0
        digests, key = {event.digest for event in missing.values()}, _key(session)
        found = [sender for sender in _senders(session) if _digest(key, sender) in digests]
        gone = sum(any(delete_person(session, sender).values()) for sender in found)
        for event in missing.values():
            session.add(DeletionRow(id=event.id, digest=event.digest, at=datetime.fromisoformat(event.at)))
    log.warning("%d deletions were carried out again on an older copy of the database: %d people", len(missing), gone)
    return gone


def all_deletions(database: Database, since: datetime | None = None) -> list[Deletion]:
    """Oldest first. Raises DatabaseError."""
    query = select(DeletionRow).where(DeletionRow.at >= since) if since else select(DeletionRow)
    with database.session() as session:
        rows = session.scalars(query.order_by(DeletionRow.at, DeletionRow.id)) if _is_there(session) else ()
        return [Deletion(row.id, row.digest, utc(row.at).isoformat()) for row in rows]


def forget_old(database: Database, now: datetime) -> None:
    """No copy that old is kept, so nobody needs the event any more."""
    with database.session() as session:
        if _is_there(session):
            session.execute(delete(DeletionRow).where(DeletionRow.at < now - KEPT))


class DeletionLog:
    """A file of events, one JSON object a line, only ever added to. Several may stand in different places."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Deletion]:
        """A line that was cut off by a power failure is left out: its event is still in the database. Raises OSError."""
        if not self.path.is_file():
            return []
        found = []
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                event = Deletion(**json.loads(line))
                datetime.fromisoformat(event.at)
            except (ValueError, TypeError):
                continue
            found.append(event)
        return found

    def add(self, events: Iterable[Deletion]) -> int:
        """Append those that are not there, and wait until they are on the disk. Raises OSError."""
        there = {event.id for event in self.read()}
        new = [event for event in events if event.id not in there]
        if new:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a+b") as file:
                begin = b"\n" if _cut_off(file.fileno()) else b""
                file.write(begin + b"".join(json.dumps(asdict(event)).encode() + b"\n" for event in new))
                file.flush()
                os.fsync(file.fileno())
        return len(new)

    async def heal(self, database: Database) -> None:
        """At the start of a server: the database may have been put back by other means than ours."""
        try:
            await asyncio.to_thread(lambda: apply_deletions(database, self.read()))
        except (DatabaseError, OSError) as error:
            log.error("it is not known whether deletions have to be carried out again: %s", error)

    async def follow(self, database: Database) -> None:
        """Add what is deleted through any server or command; runs until it is cancelled."""
        since, told = datetime(1970, 1, 1, tzinfo=UTC), ""
        while True:
            try:
                since, trouble = await asyncio.to_thread(self._add_since, database, since), ""
            except (DatabaseError, OSError) as error:
                trouble = str(error)
            if trouble and trouble != told:
                log.error("deletions can't be written to %s: %s", self.path.name, trouble)
            told = trouble
            await asyncio.sleep(ROUND_SECONDS)

    def _add_since(self, database: Database, since: datetime) -> datetime:
        """The time from which to look next: a minute is looked at again, for transactions that end late."""
        events = all_deletions(database, since)
        if events:
            self.add(events)
            since = max(since, datetime.fromisoformat(events[-1].at) - timedelta(minutes=1))
        return since


def _cut_off(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


def _senders(session: Session) -> Iterator[str]:
    """Every sender that any table of people names; the web chat's tables name its conversations without the prefix."""
    names: set[str] = set()
    for name in personal_tables(Base.metadata):
        table = Base.metadata.tables[name]
        columns = [table.c[column] for column in PERSON_COLUMNS & set(table.c.keys())]
        columns += [key.column for column in columns for key in column.foreign_keys]
        for column in columns:
            names.update(str(value) for value in session.scalars(select(column).distinct()) if value)
    yield from sorted(names | {f"{WEB}{name}" for name in names if ":" not in name})


def _is_there(session: Session) -> bool:
    """A database that is backed up before an upgrade may be older than this table."""
    return inspect(session.connection()).has_table(DeletionRow.__tablename__)


def _key(session: Session) -> bytes:
    new = insert_into(session, DeletionKeyRow).values(id=1, key=secrets.token_hex(32)).on_conflict_do_nothing()
    session.execute(new)
    return bytes.fromhex(session.scalar(select(DeletionKeyRow.key).where(DeletionKeyRow.id == 1)) or "")


def _digest(key: bytes, sender: str) -> str:
    return hmac.new(key, sender.encode(), hashlib.sha256).hexdigest()
