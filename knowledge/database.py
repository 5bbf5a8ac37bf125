"""The database: SQLite (WAL) by default, PostgreSQL by URL; the truth at run time.

Content is kept as dated rows that mirror the values of this room; a publication is an immutable numbered snapshot of all of it.
The chat server's own tables (bot/conversations.py) share this metadata and these migrations.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, DateTime, Engine, LargeBinary, String, create_engine, delete, event, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from knowledge.corpus import Corpus
from knowledge.errors import DatabaseError
from knowledge.files import document_record, faq_record, guidance_record, parse_document, parse_faq, parse_guidance

MIGRATIONS = Path(__file__).parent / "migrations"


class Base(DeclarativeBase):
    """Metadata of every table of the product."""


class DocumentRow(Base):
    __tablename__ = "documents"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class GuidanceRow(Base):
    __tablename__ = "guidance"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class FaqRow(Base):
    __tablename__ = "faq"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    position: Mapped[int]
    topic: Mapped[str] = mapped_column(String(80), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class PublicationRow(Base):
    """A snapshot: the content's records as compressed JSON; rows are only ever added."""

    __tablename__ = "publications"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    content: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Publication:
    """The number and content of one snapshot."""

    number: int
    corpus: Corpus


class Database:
    """Opens the database; one object a process."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on an error. Raises DatabaseError where the database is away."""
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        except OperationalError as error:
            raise DatabaseError(
                f"the database {self.engine.url.render_as_string()} does not answer: {_first_line(error)}"
            ) from error

    def upgrade(self) -> bool:
        """Bring the schema to the newest revision; False where it was there. Raises DatabaseError where the database is away."""
        if self.revision() == _newest_revision():
            return False
        with self.engine.connect() as connection:
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        return True

    def revision(self) -> str | None:
        """The schema's revision, None for an empty database. Raises DatabaseError where the database is away."""
        try:
            with self.engine.connect() as connection:
                if not connection.dialect.has_table(connection, "alembic_version"):
                    return None
                return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
        except OperationalError as error:
            raise DatabaseError(
                f"the database {self.engine.url.render_as_string()} does not answer: {_first_line(error)}"
            ) from error

    def check_schema(self) -> None:
        """Raises DatabaseError where the schema is not the newest."""
        current, newest = self.revision(), _newest_revision()
        if current != newest:
            raise DatabaseError(
                f"the database is at revision {current or 'none'}, the program needs {newest}; run: award setup"
            )

    def close(self) -> None:
        self.engine.dispose()


@cache
def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def newest_number(session: Session) -> int | None:
    """The number of the newest publication."""
    return session.scalar(select(func.max(PublicationRow.number)))


def replace_content(session: Session, corpus: Corpus) -> None:
    """Put the corpus in the place of all content; publications stay."""
    for table in (DocumentRow, GuidanceRow, FaqRow):
        session.execute(delete(table))
    for at, document in enumerate(corpus.documents):
        session.add(DocumentRow(id=document.id, position=at, content=_plain(document_record(document))))
    for at, item in enumerate(corpus.guidance):
        session.add(GuidanceRow(id=item.id, position=at, content=_plain(guidance_record(item))))
    for at, entry in enumerate(corpus.faq):
        session.add(FaqRow(id=entry.id, position=at, topic=entry.topic, content=_plain(faq_record(entry))))


def read_content(session: Session) -> Corpus:
    """All content as it stands, published or not."""
    documents = session.scalars(select(DocumentRow).order_by(DocumentRow.position))
    guidance = session.scalars(select(GuidanceRow).order_by(GuidanceRow.position))
    faq = session.scalars(select(FaqRow).order_by(FaqRow.position))
    return _corpus([row.content for row in documents], [row.content for row in guidance], [row.content for row in faq])


def publish(session: Session) -> Publication:
    """Take a snapshot of the content; the newest publication is returned again where nothing has changed."""
    corpus = read_content(session)
    corpus.check()
    newest = session.scalar(select(PublicationRow).order_by(PublicationRow.number.desc()).limit(1))
    if newest is not None and newest.digest == corpus.digest:
        return Publication(newest.number, corpus)
    record = {
        "documents": [_plain(document_record(one)) for one in corpus.documents],
        "guidance": [_plain(guidance_record(one)) for one in corpus.guidance],
        "faq": [_plain(faq_record(one)) for one in corpus.faq],
    }
    content = zlib.compress(json.dumps(record, ensure_ascii=False).encode())
    row = PublicationRow(digest=corpus.digest, created_at=datetime.now(UTC), content=content)
    session.add(row)
    session.flush()
    return Publication(row.number, corpus)


def read_publication(session: Session, number: int | None = None) -> Publication:
    """The snapshot of that number, or the newest. Raises DatabaseError where there is none."""
    wanted = number if number is not None else newest_number(session)
    row = session.get(PublicationRow, wanted) if wanted is not None else None
    if row is None:
        raise DatabaseError("nothing has been published yet; run: award setup")
    record = json.loads(zlib.decompress(row.content))
    return Publication(row.number, _corpus(record["documents"], record["guidance"], record["faq"]))


def _corpus(documents: list[Any], guidance: list[Any], faq: list[Any]) -> Corpus:
    return Corpus(
        tuple(parse_document(one, "the database") for one in documents),
        tuple(parse_guidance(one, "the database") for one in guidance),
        tuple(parse_faq(one, "the database") for one in faq),
    )


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    """Dates as text, as JSON needs them."""
    plain: dict[str, Any] = json.loads(json.dumps(record, default=str))
    return plain


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    path = url.removeprefix("sqlite:///")
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 15})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # WAL lets readers go on while one writes; NORMAL keeps what was committed through a crash of the process.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
