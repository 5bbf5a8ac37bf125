"""The console over a database: SQLite and PostgreSQL where a test takes `database`, SQLite where it takes `sqlite`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

from actions.staff.roles import Role
from bot.app import create_app
from bot.settings import KnowledgeSettings, Settings
from knowledge.database import Database
from staff_site import Person, make_quick, person


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    make_quick(monkeypatch)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[FastAPI]:
    """The whole chat server, not started, over SQLite and PostgreSQL."""
    with _app(database, tmp_path) as app:
        yield app


@pytest.fixture
def log_in(app: FastAPI, database: Database) -> Callable[..., Person]:
    return lambda role, login="": person(app, database, role, login)


@pytest.fixture
def quick_app(sqlite: Database, tmp_path: Path) -> Iterator[FastAPI]:
    """The same over SQLite only, for what does not depend on the database."""
    with _app(sqlite, tmp_path) as app:
        yield app


@pytest.fixture
def editor(quick_app: FastAPI, sqlite: Database) -> Person:
    return person(quick_app, sqlite, Role.EDITOR)


@contextmanager
def _app(database: Database, folder: Path) -> Iterator[FastAPI]:
    url = database.engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(knowledge=KnowledgeSettings(database=url), root=folder), port=1)
    yield app
    app.state.console.database.close()  # its own end does that where it was started
