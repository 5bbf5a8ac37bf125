"""The database on SQLite and PostgreSQL: schema and content."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

import bot.app
import knowledge.proposals
from knowledge.corpus import Corpus
from knowledge.database import Base, Database, _alembic, read_content, replace_content
from knowledge.errors import DatabaseError
from small_corpus import small_corpus

assert bot.app  # imports every room, and so every module that registers a table
assert knowledge.proposals  # the staff console's and the command line's


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def _load(database: Database, corpus: Corpus) -> None:
    with database.session() as session:
        replace_content(session, corpus)


def test_upgrade_from_empty_makes_every_table_once(empty_database: Database) -> None:
    assert empty_database.revision() is None
    assert empty_database.upgrade() is True
    assert empty_database.upgrade() is False
    assert _tables(empty_database) == {*Base.metadata.tables, "alembic_version"}
    empty_database.check_schema()


def test_downgrade_leaves_nothing(database: Database) -> None:
    with database.engine.connect() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    assert _tables(database) == {"alembic_version"}
    assert database.upgrade() is True
    assert _tables(database) == {*Base.metadata.tables, "alembic_version"}


def test_the_migrated_schema_is_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_comparison_would_see_a_difference(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE turns ADD COLUMN colour VARCHAR(10)"))
    with database.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert [change[0] for change in found] == ["remove_column"]


def test_an_old_schema_is_refused_with_the_remedy(empty_database: Database) -> None:
    with pytest.raises(DatabaseError, match="revision none, .*run: award setup"):
        empty_database.check_schema()


def test_content_is_replaced_and_read_back(database: Database) -> None:
    small = small_corpus()
    with database.session() as session:
        replace_content(session, small)
    with database.session() as session:
        read = read_content(session)
    assert read == small
    with database.session() as session:
        replace_content(session, Corpus(small.documents[:1], (), small.faq[2:3]))
    with database.session() as session:
        read = read_content(session)
    assert ([one.id for one in read.documents], read.guidance, [one.id for one in read.faq]) == (
        ["ND37-2026"],
        (),
        ["mau-don"],
    )


def test_the_shipped_content_survives_the_database(database: Database, corpus: Corpus) -> None:
    _load(database, corpus)
    with database.session() as session:
        assert read_content(session).digest == corpus.digest


def test_a_failed_replacement_changes_nothing(database: Database) -> None:
    small = small_corpus()
    _load(database, small)
    with pytest.raises(RuntimeError, match="half way"), database.session() as session:
        replace_content(session, Corpus((), (), ()))
        session.flush()
        raise RuntimeError("half way")
    with database.session() as session:
        assert read_content(session) == small


def test_readers_go_on_while_one_writes(database: Database) -> None:
    small = small_corpus()
    _load(database, small)
    read: list[Corpus] = []

    def reader() -> None:
        with database.session() as session:
            read.append(read_content(session))

    with database.session() as session:
        replace_content(session, Corpus(small.documents, (), ()))
        session.flush()
        thread = threading.Thread(target=reader)
        thread.start()
        thread.join(5)
    assert read == [small]


@pytest.mark.parametrize("url", ["postgresql+psycopg://nobody:hush@127.0.0.1:1/none", "sqlite:////proc/nowhere/x.db"])
def test_a_database_that_is_away_is_named_without_its_password(url: str) -> None:
    with pytest.raises((DatabaseError, OSError)) as caught:
        database = Database(url)
        with database.session() as session:
            session.execute(text("SELECT 1"))
    assert "hush" not in str(caught.value)
    with pytest.raises((DatabaseError, OSError)):
        Database(url).revision()


def test_sqlite_waits_and_keeps_what_was_committed(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'award.db'}")
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    database.close()


def test_a_connection_that_is_given_back_after_the_end_is_closed(empty_database: Database) -> None:
    with empty_database.session() as session:
        used = session.connection().connection.dbapi_connection
        assert used is not None
        empty_database.close()
        assert session.scalar(text("SELECT 1")) == 1, "what still works is not cut off"
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError)):
        used.cursor().execute("SELECT 1")
