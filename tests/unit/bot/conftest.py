"""A chat server without Rasa, over SQLite."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from databases import sqlite_url
from fake_dialogue import FakeServer, fake_server
from knowledge.database import Database


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    database = Database(sqlite_url(tmp_path))
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
async def server(sqlite: Database) -> AsyncIterator[FakeServer]:
    async with fake_server(sqlite) as running:
        yield running
