"""Every released schema can be brought forward with rows in it, and taken back: on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, date, datetime
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.engine import Connection

import bot.cli  # with every table of the product
from knowledge.database import Database, _alembic, plain_record
from knowledge.files import faq_record
from small_corpus import small_corpus

assert bot.cli
REVISIONS = [script.revision for script in reversed(list(ScriptDirectory.from_config(_alembic()).walk_revisions()))]
_FAQ = plain_record(faq_record(small_corpus().faq[0]))
# What migrations read has to be what a server wrote.
_READ: dict[tuple[str, str], Any] = {
    ("faq", "content"): _FAQ,
    ("publications", "content"): zlib.compress(
        json.dumps({"documents": [], "guidance": [], "faq": [_FAQ], "marks": []}).encode()
    ),
}
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def _go(database: Database, revision: str, forward: bool = True) -> None:
    with database.engine.connect() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        (command.upgrade if forward else command.downgrade)(config, revision)
        connection.commit()


def _reflected(connection: Connection) -> MetaData:
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata


def _value(table: Table, name: str, number: int, connection: Connection) -> Any:
    """Something that the column takes: what it refers to, or a value of its type that differs for each row."""
    if (table.name, name) in _READ:
        return _READ[table.name, name]
    column = table.c[name]
    for key in column.foreign_keys:
        return connection.execute(select(key.column).limit(1)).scalar()
    kind = column.type
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, DateTime):
        return NOW
    if isinstance(kind, Date):
        return date(2026, 11, 22)
    if isinstance(kind, JSON):
        return {"text": "điều kiện"}
    if isinstance(kind, LargeBinary):
        return b"content"
    if isinstance(kind, Integer | Float):
        return number
    return f"k{number}"[: getattr(kind, "length", None) or 40]


def _fill(database: Database) -> dict[str, int]:
    """Two rows in each table that refers to rows that are there; rows by table."""
    with database.engine.connect() as connection:
        metadata = _reflected(connection)
        for table in metadata.sorted_tables:
            if table.name == "alembic_version" or connection.execute(select(table).limit(1)).first():
                continue  # a migration has put a row there
            for number in (1, 2):
                row = {
                    column.name: _value(table, column.name, number, connection)
                    for column in table.columns
                    if not column.nullable or column.primary_key
                }
                if number == 2 and any(column.foreign_keys for column in table.primary_key.columns):
                    continue  # it would be the same row
                connection.execute(insert(table).values(**row))
        connection.commit()
        return _counts(connection)


def _counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar() or 0
        for table in _reflected(connection).sorted_tables
        if table.name != "alembic_version"
    }


def test_rows_come_forward_step_by_step_and_go_back(empty_database: Database) -> None:
    """Every release is a step: rows in each of its tables, then the next; at the end the same way back."""
    counts: dict[str, dict[str, int]] = {}
    for released in REVISIONS:
        _go(empty_database, released)
        with empty_database.engine.connect() as connection:
            now = _counts(connection)
        for before in counts.values():
            kept = {name: count for name, count in before.items() if name in now}
            assert {name: now[name] for name in kept} == kept, f"rows were lost on the way to {released}"
        counts[released] = _fill(empty_database)
        assert all(counts[released].values()), counts[released]
    empty_database.check_schema()
    newest = counts[REVISIONS[-1]]
    for released in reversed(REVISIONS[:-1]):
        _go(empty_database, released, forward=False)
        with empty_database.engine.connect() as connection:
            now = _counts(connection)
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == released
        assert set(now) == set(counts[released])
        lost = {name for name in now if name in newest and now[name] < newest[name]}
        assert lost == set(), f"rows were lost on the way back to {released}"


def test_revisions_are_one_line_of_numbers() -> None:
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
