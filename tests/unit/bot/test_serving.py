"""A running server follows what is current; what can't be opened is not served, and the old publication goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from actions.answer import Query
from bot import serving as module
from bot.publishing import Publisher
from bot.serving import Serving
from bot.settings import BotSettings, IndexSettings, Settings
from bot.turns import OpenTurns
from fake_encoder import HashEncoder
from index.errors import IndexNotBuilt
from knowledge.corpus import Corpus
from knowledge.database import Database, replace_content
from small_corpus import small_corpus

QUESTION = Query(small_corpus().faq[0].vietnamese.question, date(2026, 11, 22))
SOON = 20.0  # seconds that a test waits at most for what takes milliseconds


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(module, "open_encoder", lambda name, threads: HashEncoder("hash"))
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.05)
    return Settings(
        root=tmp_path,
        index=IndexSettings(encoder="hash", publications_kept=9),
        bot=BotSettings(publication_seconds=0.02),
    )


@pytest.fixture
def publisher(settings: Settings, sqlite: Database) -> Publisher:
    return Publisher(settings, sqlite, encoder=HashEncoder("hash"))


def publish(publisher: Publisher, database: Database, answer: str) -> int:
    small = small_corpus()
    first = replace(small.faq[0], vietnamese=replace(small.faq[0].vietnamese, answer=answer))
    with database.session() as session:
        replace_content(session, Corpus(small.documents, small.guidance, (first, *small.faq[1:])))
    return publisher.publish("Lan").current.number


def said(serving: Serving) -> str:
    """The first entry's answer in the content that is served."""
    return serving.answerer().corpus.faq[0].vietnamese.answer


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not true():
            await asyncio.sleep(0.01)


class Following:
    """A server's look at the database, running."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    async def __aenter__(self) -> Serving:
        self._task = asyncio.create_task(self._serving.follow())
        return self._serving

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


def number_of(serving: Serving) -> int:
    return serving.served.number if serving.served else 0


@pytest.mark.anyio
async def test_what_becomes_current_is_served(settings: Settings, sqlite: Database, publisher: Publisher) -> None:
    first = publish(publisher, sqlite, "36 tháng.")
    async with Following(Serving(settings, sqlite)) as serving:
        await serving.opened.wait()
        assert (number_of(serving), said(serving)) == (first, "36 tháng.")
        second = await asyncio.to_thread(publish, publisher, sqlite, "40 tháng.")
        await until(lambda: number_of(serving) == second)
        assert said(serving) == "40 tháng."
        assert serving.state().startswith(f"ready: {second}, current since ")
        await asyncio.to_thread(publisher.roll_back, first, "Lan")
        await until(lambda: number_of(serving) == first)
        assert said(serving) == "36 tháng."


@pytest.mark.anyio
async def test_a_turn_ends_on_the_publication_that_it_began_on(
    settings: Settings, sqlite: Database, publisher: Publisher
) -> None:
    publish(publisher, sqlite, "36 tháng.")
    async with Following(Serving(settings, sqlite)) as serving:
        await serving.opened.wait()
        turns = OpenTurns(lambda: serving.served)
        with turns.turn() as turn, turns.action({"tracker": {"latest_message": {"metadata": {"turn": turn.name}}}}):
            second = await asyncio.to_thread(publish, publisher, sqlite, "40 tháng.")
            await until(lambda: number_of(serving) == second)
            assert said(serving) == "36 tháng."
            assert "36 tháng." in serving.answerer().answer(QUESTION).text
        assert said(serving) == "40 tháng."


@pytest.mark.anyio
async def test_what_cannot_be_opened_leaves_the_old_one_serving(
    settings: Settings,
    sqlite: Database,
    publisher: Publisher,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = publish(publisher, sqlite, "36 tháng.")
    async with Following(Serving(settings, sqlite)) as serving:
        await serving.opened.wait()
        with monkeypatch.context() as patch:
            patch.setattr(module, "open_publication", _torn)
            second = await asyncio.to_thread(publish, publisher, sqlite, "40 tháng.")
            await until(lambda: serving.trouble is not None)
            _still_serves(serving, first, second)
        await until(lambda: number_of(serving) == second)
        assert serving.trouble is None
        assert said(serving) == "40 tháng."
    told = [record for record in caplog.records if "can't be opened" in record.getMessage()]
    assert len(told) == 1  # not at every look


def _torn(*_: object) -> None:
    raise OSError(5, "Input/output error")


def _still_serves(serving: Serving, first: int, second: int) -> None:
    assert (number_of(serving), said(serving)) == (first, "36 tháng.")
    assert serving.state().startswith(f"ready: {first}")
    assert f"publication {second} can't be opened: [Errno 5] Input/output error" in serving.state()
    assert "36 tháng." in serving.answerer().answer(QUESTION).text


@pytest.mark.anyio
async def test_without_a_publication_there_is_no_answer_and_a_remedy(settings: Settings, sqlite: Database) -> None:
    async with Following(Serving(settings, sqlite)) as serving:
        await until(lambda: serving.trouble is not None)
        assert serving.state().startswith("failed: ")
        assert "award setup" in serving.state()
        with pytest.raises(IndexNotBuilt, match="not open yet"):
            serving.answerer()


@pytest.mark.anyio
async def test_a_database_that_is_away_leaves_the_old_one_serving(
    settings: Settings, sqlite: Database, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(publisher, sqlite, "36 tháng.")
    looks = 0

    def away(self: Serving) -> None:
        nonlocal looks
        looks += 1
        raise OSError("the server is away")

    async with Following(Serving(settings, sqlite)) as serving:
        await serving.opened.wait()
        with monkeypatch.context() as patch:
            patch.setattr(Serving, "_current", away)
            await until(lambda: looks > 2)
            assert number_of(serving) == first
        second = await asyncio.to_thread(publish, publisher, sqlite, "40 tháng.")
        await until(lambda: number_of(serving) == second)
