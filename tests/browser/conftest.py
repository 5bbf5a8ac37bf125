"""Chromium and a chat server for the tests of one module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browsing import Served, chromium, serving
from databases import sqlite_url
from knowledge.database import Database


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    database = Database(sqlite_url(tmp_path_factory.mktemp("chat")))
    database.upgrade()
    with serving(database) as served:
        yield served
    database.close()
