"""The Zalo Bot Platform, against a fake of it over real HTTP; the fake itself is held against an independent client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from zalo_bot import Bot

from bot.channels.quota import Quota
from bot.channels.settings import ChannelSettings, ZaloBotSettings
from bot.channels.zalo_bot import WEBHOOK
from bot.channels.zalo_bot_setup import connect
from bot.credentials import read_credentials
from bot.errors import ChannelError
from bot.inbox import ONLY_TEXT
from chat_apps import AppsServer, apps_server
from fake_dialogue import answer_record
from fakes.platform import Failure, post, running
from fakes.zalo_bot import TOKEN, FakeZaloBot
from knowledge.database import Database

pytestmark = pytest.mark.anyio
CREDENTIALS = read_credentials({"AWARD_ZALO_BOT_TOKEN": TOKEN})
LAN = "e4ea2cd5189df1c3a88c"
Talk = tuple[FakeZaloBot, AppsServer]


def _settings(zalo: FakeZaloBot, **more: object) -> ChannelSettings:
    bot = ZaloBotSettings.model_validate({"api": zalo.url, **more})
    return ChannelSettings(public_url="https://award.example", zalo_bot=bot)


@pytest.fixture
async def talk(sqlite: Database, tmp_path: Path) -> AsyncIterator[Talk]:
    zalo = FakeZaloBot(secret=CREDENTIALS.zalo_bot_secret, webhook="set before")
    async with running(zalo), apps_server(sqlite, tmp_path, CREDENTIALS, _settings(zalo)) as server:
        zalo.webhook = server.url + WEBHOOK
        yield zalo, server


async def test_a_message_is_answered_once(talk: Talk) -> None:
    zalo, server = talk
    event = zalo.message(LAN, "điều kiện?")
    for record in (event, event, event["result"]):  # with and without the envelope
        assert (await zalo.push(record)).status_code == 200
    await zalo.until("sendMessage")
    await server.quiet()
    assert zalo.texts(LAN) == ["đáp: điều kiện?"]
    assert server.rasa.asked == [(f"zalobot:{LAN}", "điều kiện?")]
    assert zalo.called("sendChatAction")


async def test_choices_are_numbered_and_chosen_by_number_or_words(talk: Talk) -> None:
    zalo, server = talk
    offered = [{"title": "Lịch giải thưởng", "payload": "/lich"}, {"title": "Điều kiện", "payload": "/dieukien"}]
    server.rasa.reply = [{"custom": answer_record("Bạn chọn nhé.", suggestions=offered)}]
    for said in ("xin chào", "2", "lich giai thuong", "3", " 1. "):
        await zalo.say(LAN, said)
        await server.quiet()
    assert zalo.texts(LAN)[0] == "Bạn chọn nhé.\n\n1. Lịch giải thưởng\n2. Điều kiện\nBạn nhắn số để chọn."
    assert [text for _, text in server.rasa.asked] == ["xin chào", "/dieukien", "/lich", "3", "/lich"]


async def test_a_number_means_itself_where_nothing_was_offered_last(talk: Talk) -> None:
    zalo, server = talk
    server.rasa.reply = [{"custom": answer_record("Chọn", suggestions=[{"title": "Có", "payload": "có"}])}]
    await zalo.say(LAN, "a")
    await server.quiet()
    server.rasa.reply = None
    for said in ("b", "1"):
        await zalo.say(LAN, said)
        await server.quiet()
    assert [text for _, text in server.rasa.asked] == ["a", "b", "1"]


@pytest.mark.parametrize("kind", ["image", "sticker", "voice", "unsupported"])
async def test_what_can_not_be_read_gets_a_polite_sentence(talk: Talk, kind: str) -> None:
    zalo, server = talk
    assert (await zalo.push(zalo.event(f"message.{kind}.received", LAN))).status_code == 200
    await zalo.until("sendMessage")
    assert zalo.texts(LAN) == [ONLY_TEXT] and server.rasa.asked == []


@pytest.mark.parametrize(
    ("record", "status"),
    [({"event_name": "group.joined"}, 200), ({}, 200), ({"message": 5, "event_name": "message.text.received"}, 200)],
)
async def test_other_events_are_let_pass(talk: Talk, record: dict[str, object], status: int) -> None:
    zalo, server = talk
    assert (await zalo.push(record)).status_code == status
    assert "1 ignored" in server.state("zalobot")


async def test_a_wrong_secret_and_an_endless_name_are_refused(talk: Talk) -> None:
    zalo, server = talk
    assert (await zalo.push(zalo.message(LAN, "x"), "wrong")).status_code == 403
    assert (await post(zalo.webhook, content=b"{", headers={"X-Bot-Api-Secret-Token": zalo.secret})).status_code == 400
    assert (await zalo.say("x" * 200, "x")).status_code == 200
    await server.quiet()
    assert server.rasa.asked == []


async def test_a_long_answer_is_two_messages(talk: Talk) -> None:
    zalo, server = talk
    server.rasa.reply = [{"custom": answer_record("a" * 2001)}]
    await zalo.say(LAN, "a")
    await zalo.until("sendMessage", 2)
    assert [len(one) for one in zalo.texts(LAN)] == [2000, 1]


async def test_a_lost_answer_is_sent_once_more_and_counted(sqlite: Database, tmp_path: Path) -> None:
    """No platform tells whether a message arrived whose answer was lost: a repeat beats silence."""
    zalo = FakeZaloBot(secret=CREDENTIALS.zalo_bot_secret, webhook="set before")
    async with running(zalo), apps_server(sqlite, tmp_path, CREDENTIALS, _settings(zalo)) as server:
        app = server.connected.zalo_bot
        assert app is not None
        app.app._http.timeout = 0.3
        zalo.webhook = server.url + WEBHOOK
        zalo.fail("sendMessage", Failure(seconds=1.0))
        await zalo.say(LAN, "a")
        await zalo.until("sendMessage", 2)
        await server.quiet()
        assert zalo.texts(LAN) == ["đáp: a", "đáp: a"]


async def test_the_months_package_is_counted_and_stops(sqlite: Database, tmp_path: Path) -> None:
    zalo = FakeZaloBot(secret=CREDENTIALS.zalo_bot_secret, webhook="set before")
    async with running(zalo), apps_server(sqlite, tmp_path, CREDENTIALS, _settings(zalo, messages_a_month=2)) as server:
        zalo.webhook = server.url + WEBHOOK
        await server.ready("zalobot")
        for text in ("a", "b"):
            await zalo.say(LAN, text)
        await zalo.until("sendMessage", 2)
        assert "100%" in server.state("zalobot")
        await zalo.say(LAN, "c")
        async with asyncio.timeout(10):
            while not server.state("zalobot").startswith("degraded"):
                await asyncio.sleep(0.01)
        assert len(zalo.texts(LAN)) == 2 and server.store.dead() == [], "it waits for the next month"


def test_the_month_is_vietnams(database: Database) -> None:
    now = [datetime(2026, 11, 30, 16, 59, tzinfo=UTC)]
    quota = Quota(database, 2, lambda: now[0])
    assert [quota.spend("zalobot") for _ in range(3)] == [0.5, 1.0, None]
    assert quota.spend("other") == 0.5
    now[0] = datetime(2026, 11, 30, 17, 1, tzinfo=UTC)
    assert quota.spend("zalobot") == 0.5


async def test_polling(sqlite: Database, tmp_path: Path) -> None:
    zalo = FakeZaloBot()
    zalo.pending = [zalo.message(LAN, "a"), zalo.message(LAN, "b")]
    async with running(zalo), apps_server(sqlite, tmp_path, CREDENTIALS, _settings(zalo, mode="polling")) as server:
        await zalo.until("sendMessage", 2)
        assert zalo.texts(LAN) == ["đáp: a", "đáp: b"]
        assert server.state("zalobot").startswith("ready")


async def test_connecting_sets_the_webhook_and_reads_it_back() -> None:
    zalo = FakeZaloBot()
    async with running(zalo):
        name = await connect(TOKEN, zalo.url, "https://award.example" + WEBHOOK, CREDENTIALS.zalo_bot_secret)
        assert (name, zalo.webhook, zalo.secret) == (
            "bot.award",
            "https://award.example" + WEBHOOK,
            CREDENTIALS.zalo_bot_secret,
        )
        with pytest.raises(ChannelError, match="AWARD_ZALO_BOT_TOKEN"):
            await connect("1:wrong", zalo.url, "https://award.example", "12345678")
        with pytest.raises(ChannelError, match="refuses"):
            await connect(TOKEN, zalo.url, "http://127.0.0.1", "12345678")
        zalo.fail("getMe", Failure(502))
        with pytest.raises(ConnectionError):
            await connect(TOKEN, zalo.url, "https://award.example", "12345678")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_an_independent_client_takes_our_fake_for_the_platform() -> None:
    """What our fake answers is not only what our own client expects."""
    zalo = FakeZaloBot()
    zalo.pending = [zalo.message(LAN, "xin chào")]
    async with running(zalo):
        bot = Bot(TOKEN, base_url=zalo.url)
        await bot.initialize()
        update = await bot.get_update(timeout=1)
        assert update.message.text == "xin chào"
        await bot.send_message(LAN, "chào bạn")
        await bot.send_chat_action(LAN, "typing")
        assert await bot._set_webhook_async("https://award.example/x", "12345678")
        await bot.shutdown()
    assert zalo.texts(LAN) == ["chào bạn"]
