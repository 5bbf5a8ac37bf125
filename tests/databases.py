"""Databases for tests: SQLite in a temporary folder, PostgreSQL in a schema of the test's own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

SERVER = os.environ.get("AWARD_TEST_POSTGRESQL", "postgresql+psycopg://127.0.0.1:5432/test")


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'award.db'}"


@contextmanager
def postgresql_url() -> Iterator[str]:
    """An empty schema, dropped afterwards. Without a server the test is skipped, in CI it fails."""
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    schema = f"award_{secrets.token_hex(6)}"
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError as error:
        reason = f"no PostgreSQL at {SERVER}: {str(error).splitlines()[0]}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        yield f"{SERVER}?options=-csearch_path%3D{schema}"
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()
