"""What all tests share: one asynchronous backend, property tests that give the same result every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from actions.answering import Answerer
from bot.channels.telegram import WEBHOOK
from bot.credentials import read_credentials
from databases import postgresql_url, sqlite_url
from fakes.platform import in_thread
from fakes.telegram import FakeTelegram
from knowledge.corpus import Corpus
from knowledge.database import Database
from running_server import RunningServer, served
from shipped import TODAY, shipped_corpus
from shipped_index import shipped_answerer

# No deadline: the machines that run this share their cores. Derandomized: a failure is met by whoever caused it.
settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folder is the marker; what needs the model or Rasa may wait for an index that is built or a model that is trained."""
    for item in items:
        for folder in ("unit", "integration", "browser"):
            if f"/tests/{folder}/" in item.path.as_posix():
                item.add_marker(getattr(pytest.mark, folder))
                if folder != "unit" and item.get_closest_marker("timeout") is None:
                    item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def today() -> date:
    return TODAY


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The shipped content."""
    return shipped_corpus()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, on each of the two servers."""
    if request.param == "sqlite":
        database = Database(sqlite_url(tmp_path))
        yield database
        database.close()
        return
    with postgresql_url() as url:
        database = Database(url)
        yield database
        database.close()


@pytest.fixture
def database(empty_database: Database) -> Database:
    """A database at the newest schema."""
    empty_database.upgrade()
    return empty_database


@pytest.fixture(scope="session")
def telegram() -> Iterator[FakeTelegram]:
    """The Telegram that `award_server` is connected to."""
    platform = FakeTelegram(webhook="set before")
    with in_thread(platform):
        yield platform


@pytest.fixture(scope="session")
def award_server(tmp_path_factory: pytest.TempPathFactory, telegram: FakeTelegram) -> Iterator[RunningServer]:
    """One real server, Rasa and all, for every test that needs one."""
    environment = {"AWARD_TELEGRAM_TOKEN": telegram.token, "AWARD_TELEGRAM_API": telegram.url}
    with served(tmp_path_factory.mktemp("server"), environment) as server:
        telegram.secret = read_credentials(environment).telegram_secret
        telegram.webhook = server.url + WEBHOOK
        yield server


@pytest.fixture(scope="session")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """The shipped content with the real model and the real index, without the dialogue server."""
    return shipped_answerer(tmp_path_factory.mktemp("answerer"))
