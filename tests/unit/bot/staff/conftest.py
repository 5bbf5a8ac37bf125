"""The console over a database: SQLite and PostgreSQL where a test takes `database`, SQLite where it takes `sqlite`."""

from __future__ import annotations

from collections.abc import Callable
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
def app(database: Database, tmp_path: Path) -> FastAPI:
    """The whole chat server, not started, over SQLite and PostgreSQL."""
    return _app(database, tmp_path)


@pytest.fixture
def log_in(app: FastAPI, database: Database) -> Callable[..., Person]:
    return lambda role, login="": person(app, database, role, login)


@pytest.fixture
def quick_app(sqlite: Database, tmp_path: Path) -> FastAPI:
    """The same over SQLite only, for what does not depend on the database."""
    return _app(sqlite, tmp_path)


@pytest.fixture
def editor(quick_app: FastAPI, sqlite: Database) -> Person:
    return person(quick_app, sqlite, Role.EDITOR)


def _app(database: Database, folder: Path) -> FastAPI:
    url = database.engine.url.render_as_string(hide_password=False)
    return create_app(Settings(knowledge=KnowledgeSettings(database=url), root=folder), port=1)
