"""What all tests share: one asynchronous backend, property tests that give the same result every time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from shipped import TODAY, shipped_corpus
from knowledge.corpus import Corpus

# No deadline: the machines that run this share their cores. Derandomized: a failure is met by whoever caused it.
settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folder is the marker."""
    for item in items:
        for folder in ("unit", "integration", "browser"):
            if f"/tests/{folder}/" in item.path.as_posix():
                item.add_marker(getattr(pytest.mark, folder))


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
