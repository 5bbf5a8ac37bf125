"""Several chat servers on PostgreSQL and Redis: limits count together, events reach every stream, a killed server loses nothing."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from bot.errors import SettingsError
from bot.limits import RateLimiter
from bot.live import LiveEvent
from bot.settings import load_settings
from bot.sharing import NotShared, SharedByRedis, open_sharing
from bot.sharing import sharing as sharing_module
from bot.sharing.limits import SharedRateLimiter
from databases import postgresql_url
from fake_dialogue import FakeRasa, FakeServer, fake_server
from knowledge.database import Database
from running_server import free_port
from shipped import ROOT

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
REDIS = os.environ.get("AWARD_TEST_REDIS", "redis://127.0.0.1:6379/0")
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def name() -> Iterator[str]:
    """A name of the test's own for its keys. Without Redis the test is skipped, in CI it fails."""
    client = redis.Redis.from_url(REDIS, socket_connect_timeout=2)
    try:
        client.ping()
    except redis.RedisError as error:
        if os.environ.get("CI"):
            pytest.fail(f"no Redis at {REDIS}: {error}")
        pytest.skip(f"no Redis at {REDIS}: {error}")
    own = f"award-test-{secrets.token_hex(6)}"
    yield own
    for key in client.scan_iter(f"{own}:*"):
        client.delete(key)
    client.close()


@pytest.fixture
def postgresql() -> Iterator[Database]:
    with postgresql_url() as url:
        database = Database(url)
        database.upgrade()
        yield database
        database.close()


async def _until(condition: Any, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
async def pair(postgresql: Database, name: str) -> AsyncIterator[tuple[FakeServer, FakeServer]]:
    """Two servers in this process, with a dialogue server each."""
    one, two = (SharedByRedis(REDIS, 20, name) for _ in range(2))
    running = [asyncio.create_task(sharing.run()) for sharing in (one, two)]
    await _until(lambda: one.state() == two.state() == "ready")
    async with (
        fake_server(postgresql, rasa=FakeRasa(seconds=0.02), sharing=one, per_sender=50) as first,
        fake_server(postgresql, rasa=FakeRasa(seconds=0.02), sharing=two, per_sender=50) as second,
    ):
        yield first, second
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await one.close()
    await two.close()


async def test_limits_count_for_all_servers_together(name: str) -> None:
    one, two = SharedByRedis(REDIS, 20, name), SharedByRedis(REDIS, 20, name)
    limiters = [one.limiter("sender", 5), two.limiter("sender", 5)]
    waits = [limiters[number % 2].wait("telegram:123456") for number in range(7)]
    assert waits[:5] == [0.0] * 5
    assert all(0 < seconds <= 60 for seconds in waits[5:])
    assert limiters[0].wait("another") == 0.0
    assert two.limiter("other", 5).wait("telegram:123456") == 0.0
    assert one.limiter("sender", 0).wait("telegram:123456") == 0.0
    client = redis.Redis.from_url(REDIS)
    kept = [key.decode() for key in client.scan_iter(f"{name}:*")]
    assert len(kept) == 3
    assert not [key for key in kept if "123456" in key]
    assert all(0 < client.pttl(key) <= 60_000 for key in kept)
    client.close()
    await one.close()
    await two.close()


async def test_without_redis_each_server_counts_for_itself() -> None:
    client = redis.Redis.from_url(NOWHERE, socket_connect_timeout=0.2)
    limiter = SharedRateLimiter(2, client, "x")
    assert [limiter.wait("a") for _ in range(2)] == [0.0, 0.0]
    assert limiter.wait("a") > 0
    client.close()


async def test_an_answer_reaches_the_stream_of_another_server(pair: tuple[FakeServer, FakeServer]) -> None:
    first, second = pair
    owner = await first.session()
    conversation = first.conversations.find(owner["authorization"].split()[1])
    assert conversation
    with second.live.subscribe(conversation) as stream:
        await first.say(owner, "điều kiện?")
        seen: list[LiveEvent] = []
        while not any(one.name == "message" and one.data["role"] == "assistant" for one in seen):
            event = await asyncio.wait_for(stream.get(), 30)
            assert event is not None
            seen.append(event)
    assert [one.name for one in seen if one.name == "message"] == ["message", "message"]
    assert seen[-1].data["text"] == "đáp: điều kiện?"


async def test_messages_sent_to_both_servers_are_answered_once_and_in_order(
    pair: tuple[FakeServer, FakeServer],
) -> None:
    first, second = pair
    owner = await first.session()
    for number in range(10):
        sent = await pair[number % 2].say(owner, f"câu {number}")
        assert sent.status_code == 202
    messages = await first.until(owner, 21)
    answers = [one["text"] for one in messages if one["role"] == "assistant"][1:]
    assert answers == [f"đáp: câu {number}" for number in range(10)]
    asked = [text for _, text in first.rasa.asked + second.rasa.asked]
    assert sorted(asked) == sorted(f"câu {number}" for number in range(10)), "a dialogue server was asked twice"


async def test_streams_end_when_redis_was_away_so_that_browsers_come_again(name: str) -> None:
    sharing = SharedByRedis(REDIS, 20, name)
    running = asyncio.create_task(sharing.run())
    await _until(lambda: sharing.state() == "ready")
    killer = redis.Redis.from_url(REDIS)
    with sharing.live.subscribe("c") as stream:
        sharing.live.publish("c", LiveEvent("typing", {"on": True}))
        assert (await asyncio.wait_for(stream.get(), 10)) is not None
        own = [client for client in killer.client_list(_type="pubsub") if client["name"] == name]
        assert len(own) == 1
        killer.client_kill_filter(_id=own[0]["id"])
        assert await asyncio.wait_for(stream.get(), 30) is None
    await _until(lambda: sharing.state() == "ready")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    killer.close()
    await sharing.close()


async def test_redis_away_people_are_still_answered(postgresql: Database) -> None:
    sharing = SharedByRedis(NOWHERE, 20, "x")
    running = asyncio.create_task(sharing.run())
    async with fake_server(postgresql, sharing=sharing, per_sender=50) as server:
        owner = await server.session()
        assert (await server.say(owner, "điều kiện?")).status_code == 202
        messages = await server.until(owner, 3)
    assert messages[-1]["text"] == "đáp: điều kiện?"
    assert sharing.state().startswith("ready, but Redis is away")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await sharing.close()


@contextmanager
def _process(database: Database, name: str, lock_seconds: float) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, str(ROOT / "tests/grown_server.py"), str(port), url, REDIS, name, str(lock_seconds)]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{Path(ROOT) / 'tests'}"}
    child = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield f"http://127.0.0.1:{port}", child
    finally:
        child.kill()
        child.wait()


async def _listening(url: str) -> None:
    port = int(url.rpartition(":")[2])
    async with asyncio.timeout(60):
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            await asyncio.sleep(0.05)


async def test_a_killed_server_loses_and_doubles_nothing(postgresql: Database, name: str) -> None:
    """Clients send to whichever server answers, and again with the same id where none did; one server is killed in the middle."""
    count, talks = 8, 6
    with _process(postgresql, name, 2) as (one, child), _process(postgresql, name, 2) as (two, _):
        await _listening(one)
        await _listening(two)
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:

            async def to_any(method: str, path: str, first: int, **given: Any) -> httpx.Response:
                async with asyncio.timeout(60):
                    while True:
                        for url in (one, two)[first % 2 :] + (one, two)[: first % 2]:
                            try:
                                return await http.request(method, f"{url}{path}", **given)
                            except httpx.HTTPError:
                                continue
                        await asyncio.sleep(0.05)

            async def talk(number: int) -> list[str]:
                opened = await to_any("POST", "/api/chat/sessions", number)
                owner = {"authorization": f"Bearer {opened.json()['token']}"}
                for said in range(count):
                    body = {"client_msg_id": str(uuid.uuid4()), "text": f"câu {said}"}
                    sent = await to_any("POST", "/api/chat/messages", number + said, json=body, headers=owner)
                    assert sent.status_code in (200, 202), sent.text
                    if number == said == 3:
                        child.kill()
                async with asyncio.timeout(60):
                    while True:
                        page = await to_any("GET", "/api/chat/messages", 1, headers=owner)
                        texts = [
                            message["text"] for message in page.json()["messages"] if message["role"] == "assistant"
                        ][1:]
                        if len(texts) >= count:
                            return texts
                        await asyncio.sleep(0.1)

            for answers in await asyncio.gather(*(talk(number) for number in range(talks))):
                assert answers == [f"đáp: câu {said}" for said in range(count)]
            assert child.wait(10) == -9


async def test_one_server_at_a_time_does_what_needs_one_owner(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_module, "LEASE_SECONDS", 4.0)
    dead = redis.Redis.from_url(REDIS)
    dead.set(f"{name}:owner:delivery", "a server that was killed", px=700)
    dead.close()
    servers = [SharedByRedis(REDIS, 20, name) for _ in range(3)]
    working: set[int] = set()
    most, ran = [0], []

    async def work(number: int) -> None:
        working.add(number)
        ran.append(number)
        most[0] = max(most[0], len(working))
        try:
            await asyncio.sleep(3600)
        finally:
            working.discard(number)

    tasks = [
        asyncio.create_task(server.as_owner("delivery", lambda number=number: work(number)))  # type: ignore[misc]
        for number, server in enumerate(servers)
    ]
    for _ in range(3):
        await _until(lambda: len(working) == 1)
        await asyncio.sleep(0.1)
        owner = next(iter(working))
        tasks[owner].cancel()
        await asyncio.gather(tasks[owner], return_exceptions=True)
    assert most == [1]
    assert sorted(ran) == [0, 1, 2]
    for server in servers:
        await server.close()


async def test_one_server_shares_nothing() -> None:
    sharing = open_sharing(None, 20)
    assert isinstance(sharing, NotShared)
    assert type(sharing.limiter("sender", 3)) is RateLimiter
    assert sharing.state() == "ready"
    assert load_settings(environment={}).redis_url is None
    url = "redis://:hush-hush@127.0.0.1:6379/0"
    settings = load_settings(environment={"AWARD_REDIS_URL": url})
    assert settings.redis_url == url
    assert "hush" not in repr(settings)
    with pytest.raises(SettingsError, match="AWARD_REDIS_URL"):
        open_sharing("http://nowhere", 20)
