"""The database: SQLite (WAL) by default, PostgreSQL by URL; the truth at run time.

Content is kept as dated rows that mirror the values of this room; knowledge/publications.py takes snapshots of it.
The chat server's own tables (bot/conversations.py) share this metadata and these migrations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Engine,
    Integer,
    String,
    Text,
    UniqueConstraint,
    create_engine,
    delete,
    event,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.errors import DatabaseError
from knowledge.faq import FaqState
from knowledge.files import (
    document_record,
    faq_record,
    guidance_record,
    parse_document,
    parse_faq,
    parse_guidance,
    parse_mark,
)
from knowledge.marks import MarkedKind, ReviewMark
from knowledge.vietnamese import fold

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
    """An entry. `content` is what the next publication takes (None: nothing yet, or withdrawn), `draft` what is being written.

    `leaving` is set where the draft asks for the entry to be withdrawn; `version` counts changes; `words` is what the console
    searches, folded, and `cited` whether the entry names a provision, both of the draft where there is one.
    """

    __tablename__ = "faq"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    position: Mapped[int]
    topic: Mapped[str] = mapped_column(String(80), index=True)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(String(12), index=True)
    leaving: Mapped[bool]
    version: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    cited: Mapped[bool]
    author: Mapped[str] = mapped_column(String(80))
    edited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ReviewMarkRow(Base):
    __tablename__ = "review_marks"
    __table_args__ = (UniqueConstraint("kind", "item", "provision", "cause", "day", name="uq_review_marks_reason"),)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(120), index=True)
    provision: Mapped[str] = mapped_column(String(60))
    cause: Mapped[str] = mapped_column(String(60))
    day: Mapped[date] = mapped_column(Date)
    import_number: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    confirmed_by: Mapped[str] = mapped_column(String(120))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @classmethod
    def of(cls, mark: ReviewMark) -> ReviewMarkRow:
        return cls(
            number=mark.number,
            kind=str(mark.kind),
            item=mark.item,
            provision=str(mark.provision),
            cause=str(mark.cause),
            day=mark.day,
            import_number=mark.import_number,
            at=mark.at,
            confirmed_by=mark.confirmed_by,
            confirmed_at=mark.confirmed_at,
        )

    def mark(self) -> ReviewMark:
        return ReviewMark(
            number=self.number,
            kind=MarkedKind(self.kind),
            item=self.item,
            provision=ProvisionId.parse(self.provision),
            cause=ProvisionId.parse(self.cause),
            day=self.day,
            import_number=self.import_number,
            at=utc(self.at),
            confirmed_by=self.confirmed_by,
            confirmed_at=self.confirmed_at and utc(self.confirmed_at),
        )


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
        """Close every connection; one that a thread still uses is closed when the thread gives it back."""
        event.listen(self.engine, "checkin", _close_connection)
        self.engine.dispose()


@cache
def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say what is to happen where the row is there already; both databases write it the same way."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def replace_content(session: Session, corpus: Corpus) -> None:
    """Put the corpus in the place of all content; publications stay, and so do drafts that staff are writing."""
    for table in (DocumentRow, GuidanceRow, ReviewMarkRow):
        session.execute(delete(table))
    session.execute(delete(FaqRow).where(FaqRow.draft.is_(None)))
    session.execute(update(FaqRow).values(content=None))
    drafts = {row.id: row for row in session.scalars(select(FaqRow))}
    for at, document in enumerate(corpus.documents):
        session.add(DocumentRow(id=document.id, position=at, content=plain_record(document_record(document))))
    for at, item in enumerate(corpus.guidance):
        session.add(GuidanceRow(id=item.id, position=at, content=plain_record(guidance_record(item))))
    for at, entry in enumerate(corpus.faq):
        record = plain_record(faq_record(entry))
        if entry.id in drafts:
            drafts[entry.id].content, drafts[entry.id].position = record, at
        else:
            session.add(faq_row(record, at))
    session.add_all(map(ReviewMarkRow.of, corpus.marks))


def faq_row(record: dict[str, Any], position: int) -> FaqRow:
    """The row of an entry that is in service."""
    return FaqRow(
        id=record["id"],
        position=position,
        topic=record["topic"],
        content=record,
        draft=None,
        state=str(FaqState.PUBLISHED),
        leaving=False,
        version=1,
        words=faq_words(record),
        cited=bool(record.get("citations")),
        author="",
        edited_at=None,
    )


def faq_words(record: dict[str, Any]) -> str:
    """What the console searches, without accents: id, questions, answer."""
    return fold("\n".join([record["id"], record["question"], *record.get("variants", []), record["answer"]]))


def read_content(session: Session) -> Corpus:
    """All content as it stands, published or not."""
    documents = session.scalars(select(DocumentRow).order_by(DocumentRow.position))
    guidance = session.scalars(select(GuidanceRow).order_by(GuidanceRow.position))
    faq = session.scalars(
        select(FaqRow.content).where(FaqRow.content.is_not(None)).order_by(FaqRow.position, FaqRow.id)
    )
    marks = session.scalars(select(ReviewMarkRow).order_by(ReviewMarkRow.number))
    return Corpus(
        tuple(parse_document(row.content, "the database") for row in documents),
        tuple(parse_guidance(row.content, "the database") for row in guidance),
        tuple(parse_faq(content, "the database") for content in faq),
        tuple(row.mark() for row in marks),
    )


def corpus_of_records(documents: list[Any], guidance: list[Any], faq: list[Any], marks: Sequence[Any] = ()) -> Corpus:
    """The content of records that were written by `plain_record`; snapshots from before there were marks have none."""
    return Corpus(
        tuple(parse_document(one, "the database") for one in documents),
        tuple(parse_guidance(one, "the database") for one in guidance),
        tuple(parse_faq(one, "the database") for one in faq),
        tuple(parse_mark(one, "the database") for one in marks),
    )


def plain_record(record: dict[str, Any]) -> dict[str, Any]:
    """Dates as text, as JSON needs them."""
    plain: dict[str, Any] = json.loads(json.dumps(record, default=str))
    return plain


def utc(moment: datetime) -> datetime:
    """SQLite gives times back without their zone; all of ours are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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


def _close_connection(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.invalidate()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
