"""Figures: to the bearer of the token only, counted where turns end, true to the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from actions import outbox
from actions.small_talk import small_talk
from bot.app import create_app
from bot.conversations import Conversations, MessageRow
from bot.metrics import PROCESS, DialogueHealth, ServerCollector, metrics_routes, read_queues
from bot.settings import KnowledgeSettings, Settings, load_settings
from fake_dialogue import FakeServer
from knowledge.database import Database
from knowledge.stages import stage, timed

pytestmark = pytest.mark.anyio
TOKEN = "a-token-of-many-letters"
OWN = {"authorization": f"Bearer {TOKEN}"}
Sample = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def _samples(text: str) -> Sample:
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def _value(name: str, **labels: str) -> float:
    return PROCESS.get_sample_value(name, labels) or 0.0


def _app(database: Database, folder: Path, token: str | None) -> FastAPI:
    url = database.engine.url.render_as_string(hide_password=False)
    return create_app(Settings(knowledge=KnowledgeSettings(database=url), root=folder, metrics_token=token), port=1)


def _http(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat")


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_to_others_it_is_not_there(sqlite: Database, tmp_path: Path, token: str | None) -> None:
    async with _http(_app(sqlite, tmp_path, token)) as http:
        assert (await http.get("/metrics")).status_code == 404
        for given in ("Bearer None", f"Bearer {TOKEN}x", TOKEN, "Bearer ", "Bearer chữ"):
            assert (await http.get("/metrics", headers=[(b"authorization", given.encode())])).status_code == 404


async def test_the_server_tells_what_waits(database: Database, tmp_path: Path) -> None:
    conversations = Conversations(database, 30)
    for _ in range(2):
        conversations.add_question(conversations.open("web").id, "12345678", "điều kiện?")
    greeting = small_talk("greet", "")
    with database.session() as session:
        outbox.put(session, "telegram:1", greeting)
        session.query(MessageRow).filter(MessageRow.role == "user").update(
            {MessageRow.at: datetime.now(UTC) - timedelta(minutes=5)}
        )
    async with _http(_app(database, tmp_path, TOKEN)) as http:
        answered = await http.get("/metrics", headers=OWN)
    assert answered.headers["content-type"].startswith("text/plain")
    found = _samples(answered.text)
    assert found[("award_database_up", ())] == 1
    assert found[("award_unanswered_messages", ())] == 2
    assert 300 <= found[("award_oldest_unanswered_seconds", ())] < 400
    assert found[("award_outbox_messages", ())] == 1
    assert found[("award_publication_served", ())] == 0
    assert found[("award_dialogue_ready", ())] == 0
    assert found[("award_dialogue_restarts_total", ())] == 0
    assert ("process_resident_memory_bytes", ()) in found


async def test_a_database_that_is_away_is_a_figure(tmp_path: Path) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    collector = ServerCollector(Settings(root=tmp_path), away, lambda: None, lambda: DialogueHealth(True, 3, 500))
    app = FastAPI()
    app.include_router(metrics_routes(TOKEN, collector))
    async with _http(app) as http:
        found = _samples((await http.get("/metrics", headers=OWN)).text)
    assert found[("award_database_up", ())] == 0
    assert ("award_unanswered_messages", ()) not in found
    assert (found[("award_dialogue_ready", ())], found[("award_dialogue_restarts_total", ())]) == (1, 3)
    assert found[("award_dialogue_memory_bytes", ())] == 500 * 2**20


async def test_turns_are_counted_by_channel_and_status(server: FakeServer) -> None:
    web = {"channel": "web", "status": "answered"}
    turns, rasa = _value("award_turns_total", **web), _value("award_stage_seconds_count", stage="rasa")
    seconds = _value("award_turn_seconds_count", channel="web")
    owner = await server.session()
    await server.say(owner, "điều kiện?")
    await server.until(owner, 3)
    assert _value("award_turns_total", **web) == turns + 1
    assert _value("award_turn_seconds_count", channel="web") == seconds + 1
    assert _value("award_stage_seconds_count", stage="rasa") == rasa + 1


async def test_a_stage_that_fails_is_told_too() -> None:
    @timed("broken")
    def broken(number: int) -> int:
        return 1 // number

    call: Callable[[int], int] = broken
    assert call(1) == 1
    with pytest.raises(ZeroDivisionError):
        call(0)
    with pytest.raises(ValueError, match="inside"), stage("broken"):
        raise ValueError("inside")
    assert _value("award_stage_seconds_count", stage="broken") == 3


async def test_nothing_waits_in_an_empty_database(database: Database) -> None:
    with database.session() as session:
        found = read_queues(session, datetime.now(UTC))
    assert (found.unanswered, found.oldest_unanswered, found.outbox, found.cases, found.current) == (
        0,
        0.0,
        0,
        {},
        None,
    )


async def test_the_token_comes_from_the_environment_and_is_long() -> None:
    from bot.errors import SettingsError

    assert load_settings(environment={"AWARD_METRICS_TOKEN": TOKEN}).metrics_token == TOKEN
    assert load_settings(environment={"AWARD_METRICS_TOKEN": ""}).metrics_token is None
    assert TOKEN not in repr(load_settings(environment={"AWARD_METRICS_TOKEN": TOKEN}))
    with pytest.raises(SettingsError, match="metrics_token"):
        load_settings(environment={"AWARD_METRICS_TOKEN": "short"})
