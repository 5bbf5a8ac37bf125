"""Zalo's official account, against a fake of its OpenAPI and OAuth over real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update

from actions import outbox
from actions.answer import Answer, AnswerStatus
from actions.personal_data import export_person
from bot.channels.settings import ChannelSettings, ZaloOaSettings
from bot.channels.zalo_oa import WEBHOOK
from bot.channels.zalo_oa_events import is_signed, matching_forms
from bot.channels.zalo_tokens import LOST, REFRESHED_AFTER, Grant, Tokens, TokensRow, TokenStore
from bot.conversations import ConversationRow
from bot.credentials import Credentials, read_credentials
from bot.errors import ChannelAway, ChannelError, ChannelStopped
from bot.inbox import ONLY_TEXT
from chat_apps import AppsServer, apps_server
from fake_dialogue import TODAY, answer_record
from fakes.platform import Failure, running
from fakes.zalo_oa import APP_ID, APP_SECRET, OA_ID, OA_SECRET, FakeZaloOa, signature
from knowledge.database import Database

pytestmark = pytest.mark.anyio
LAN = "246845883529197922"
KEY = Fernet.generate_key().decode()
CREDENTIALS = read_credentials(
    {"AWARD_ZALO_OA_SECRET": OA_SECRET, "AWARD_ZALO_APP_SECRET": APP_SECRET, "AWARD_ENCRYPTION_KEY": KEY}
)
Talk = tuple[FakeZaloOa, AppsServer]
# The vector of the protocol's documentation, as it was computed when the specification was gathered.
VECTOR = (
    '{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},"user_id_by_app":"552177279717587730","recipient":'
    '{"id":"388613280878808645"},"event_name":"user_send_text","message":{"text":"Xin chào","msg_id":"96d3cdf3af150460909"},'
    '"timestamp":"1732284000000"}'
).encode()
VECTOR_MAC = "f2daf48cf7d761e43782a151db77cf6717fc3c7fb217dfe008050281219df888"


def _settings(zalo: FakeZaloOa, **more: Any) -> ChannelSettings:
    record = {"app_id": APP_ID, "oa_id": OA_ID, "api": zalo.url, "oauth": zalo.url, **more}
    return ChannelSettings(public_url="https://award.example", zalo_oa=ZaloOaSettings.model_validate(record))


@pytest.fixture
async def talk(sqlite: Database, tmp_path: Path) -> AsyncIterator[Talk]:
    zalo = FakeZaloOa()
    TokenStore(sqlite, APP_ID, KEY).write(Tokens(zalo.access, zalo.refresh), datetime.now(UTC))
    async with running(zalo), apps_server(sqlite, tmp_path, CREDENTIALS, _settings(zalo)) as server:
        zalo.webhook = server.url + WEBHOOK
        yield zalo, server


# -- who signs


def _forms(body: bytes, given: str, header_time: str = "") -> set[str]:
    return matching_forms(body, json.loads(body), given, header_time, APP_ID, OA_SECRET)


def test_the_documented_signature() -> None:
    assert len(VECTOR) == 266
    assert _forms(VECTOR, f"mac={VECTOR_MAC}") == {"documented"}
    assert _forms(VECTOR, VECTOR_MAC) == {"documented"}, "the prefix may be missing"
    assert _forms(VECTOR.replace(b"Xin", b"Xim"), f"mac={VECTOR_MAC}") == set()
    assert _forms(json.dumps(json.loads(VECTOR), indent=1).encode(), f"mac={VECTOR_MAC}") == set()
    for other in (("1", OA_SECRET), (APP_ID, ""), (APP_ID, "x")):
        assert matching_forms(VECTOR, json.loads(VECTOR), VECTOR_MAC, "", *other) == set()


def test_other_forms_count_where_they_are_listed() -> None:
    event = json.loads(VECTOR)
    by_account = _forms(VECTOR, signature(VECTOR, event, first=OA_ID))
    by_header = _forms(VECTOR, signature(VECTOR, event, time="5"), "5")
    assert (by_account, by_header) == ({"oa_id"}, {"header_timestamp"})
    assert not is_signed(by_account, ()) and is_signed(by_account, ("oa_id",)) and not is_signed(by_header, ("oa_id",))


async def test_signatures_at_the_webhook(talk: Talk) -> None:
    zalo, server = talk
    good = {"X-ZEvent-Signature": f"mac={VECTOR_MAC}"}
    tries = [
        (VECTOR, good, 200),
        (VECTOR.replace(b"Xin", b"Xim"), good, 401),
        (VECTOR, {}, 401),
        (b"{}", {}, 200),
        (b'{"x":1}', {}, 401),
        (b"{", good, 401),
        (b" " * 300_000, good, 413),
    ]
    assert [(await zalo.push_raw(body, headers)).status_code for body, headers, _ in tries] == [one[2] for one in tries]
    await zalo.until("send")
    await server.quiet()
    assert zalo.texts(LAN) == ["đáp: Xin chào"]
    assert "4 refused" in server.state("zalooa")
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        assert (await http.get(zalo.webhook)).status_code == 200


async def test_without_its_secret_the_channel_is_off(sqlite: Database, tmp_path: Path) -> None:
    zalo = FakeZaloOa()
    async with apps_server(sqlite, tmp_path, Credentials(), _settings(zalo)) as server:
        zalo.webhook = server.url + WEBHOOK
        assert (await zalo.say(LAN, "x")).status_code == 503
        assert server.state("zalooa") == "off"


# -- what comes in


async def test_a_retry_is_answered_once_and_echoes_never(talk: Talk) -> None:
    zalo, server = talk
    event = zalo.message(LAN, "điều kiện?")
    await zalo.push(event)
    await zalo.until("send")
    await zalo.push(event, num_retry="5")
    echo = zalo.event("oa_send_text", OA_ID, message={"text": "x", "msg_id": "e1"})
    await zalo.push({**echo, "sender": {"id": OA_ID}, "recipient": {"id": LAN}})
    await zalo.push(zalo.event("user_seen_message", LAN, message={"msg_ids": ["1"]}))
    await zalo.push(zalo.event("something_new", LAN))
    await server.quiet()
    assert len(zalo.texts(LAN)) == 1 and "3 ignored" in server.state("zalooa")


async def test_a_person_in_the_console_silences_the_assistant(talk: Talk) -> None:
    zalo, server = talk
    await zalo.say(LAN, "a")
    await zalo.until("send")
    echo = zalo.event("oa_send_text", OA_ID, message={"text": "x", "msg_id": "e1"})
    await zalo.push({**echo, "sender": {"id": OA_ID, "admin_id": "9"}, "recipient": {"id": LAN}})
    await zalo.say(LAN, "cảm ơn anh")
    await server.quiet()
    assert len(server.rasa.asked) == 1
    with server.database.session() as session:
        session.execute(update(ConversationRow).values(paused_until=datetime.now(UTC) - timedelta(seconds=1)))
    await zalo.say(LAN, "b")
    await zalo.until("send", 2)
    assert [text for _, text in server.rasa.asked] == ["a", "b"]


async def test_withdrawing_deletes_everything(talk: Talk) -> None:
    zalo, server = talk
    await zalo.say(LAN, "a")
    await zalo.until("send")
    await server.quiet()
    assert (await zalo.push(zalo.event("user_withdraw", LAN))).status_code == 200
    with server.database.session() as session:
        assert export_person(session, f"zalooa:{LAN}") == {}


async def test_following_greets_and_leaving_closes(talk: Talk) -> None:
    zalo, server = talk
    follow = {"oa_id": OA_ID, "follower": {"id": LAN}, "app_id": APP_ID, "timestamp": "5"}
    await zalo.push({**follow, "event_name": "follow"})
    await zalo.until("send")
    assert server.rasa.asked == [(f"zalooa:{LAN}", "/start")]
    await zalo.push({**follow, "event_name": "unfollow"})
    with server.database.session() as session:
        assert session.scalar(select(ConversationRow.closed))


async def test_a_picture_gets_a_polite_sentence(talk: Talk) -> None:
    zalo, _ = talk
    await zalo.push(zalo.event("user_send_image", LAN, message={"msg_id": "p1", "attachments": []}))
    await zalo.until("send")
    assert zalo.texts(LAN) == [ONLY_TEXT]


# -- what goes out

OFFERED = [{"title": "Có", "payload": "đồng ý"}, {"title": "Không " + "x" * 120, "payload": "không"}]


async def test_buttons_come_back_as_their_titles(talk: Talk) -> None:
    zalo, server = talk
    server.rasa.reply = [{"custom": answer_record("Chọn", suggestions=OFFERED)}]
    await zalo.say(LAN, "a")
    (sent,) = await zalo.until("send")
    buttons = sent["message"]["attachment"]["payload"]["buttons"]
    assert [one["type"] for one in buttons] == ["oa.query.show"] * 2
    await server.quiet()
    await zalo.say(LAN, buttons[0]["payload"])
    await zalo.until("send", 2)
    await server.quiet()
    await zalo.say(LAN, buttons[1]["payload"])
    await zalo.until("send", 3)
    assert [text for _, text in server.rasa.asked] == ["a", "đồng ý", "không"]


async def test_refused_buttons_are_sent_as_numbers(talk: Talk) -> None:
    zalo, server = talk
    zalo.errors = [-201]
    server.rasa.reply = [{"custom": answer_record("Chọn", suggestions=OFFERED[:1])}]
    await zalo.say(LAN, "a")
    await zalo.until("send")
    assert zalo.texts(LAN) == ["Chọn\n\n1. Có\nBạn nhắn số để chọn."]
    await server.quiet()
    await zalo.say(LAN, "1")
    await zalo.until("send", 2)
    assert server.rasa.asked[-1][1] == "đồng ý"


@pytest.mark.parametrize(
    ("code", "state", "dead"),
    [
        (-230, "ready", True),
        (-227, "ready", True),
        (-233, "ready", True),
        (-224, "degraded", False),
        (-32, "ready", False),
    ],
)
async def test_numbers_of_the_table(talk: Talk, code: int, state: str, dead: bool) -> None:
    zalo, server = talk
    await server.ready("zalooa")
    zalo.errors = [code]
    await zalo.say(LAN, "a")
    if code == -32:
        await zalo.until("send")
    else:
        async with asyncio.timeout(10):
            while not (server.store.dead() or server.state("zalooa").startswith("degraded")):
                await asyncio.sleep(0.01)
    assert bool(server.store.dead()) is dead and server.state("zalooa").startswith(state)


async def test_after_two_days_nothing_is_sent_unasked(talk: Talk) -> None:
    zalo, server = talk
    await zalo.say(LAN, "a")
    await zalo.until("send")
    await server.quiet()
    with server.database.session() as session:
        session.execute(update(ConversationRow).values(heard_at=datetime.now(UTC) - timedelta(hours=49)))
        outbox.put(session, f"zalooa:{LAN}", Answer(AnswerStatus.SMALL_TALK, "nhắc hạn", TODAY))
    server.delivery.wake()
    async with asyncio.timeout(10):
        while not server.store.dead():
            await asyncio.sleep(0.01)
    assert len(zalo.texts(LAN)) == 1
    await zalo.say(LAN, "b")
    await zalo.until("send", 2)


# -- tokens


@pytest.fixture
async def oauth() -> AsyncIterator[FakeZaloOa]:
    zalo = FakeZaloOa()
    async with running(zalo):
        yield zalo


Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


def _grant(database: Database, zalo: FakeZaloOa, clock: Clock = _now) -> tuple[Grant, TokenStore]:
    store = TokenStore(database, APP_ID, KEY)
    return Grant(store, zalo.url, APP_ID, APP_SECRET, clock), store


async def test_expired_tokens_are_refreshed_once_whoever_notices(talk: Talk) -> None:
    zalo, server = talk
    await server.ready("zalooa")
    zalo.access = "the account's administrator did something"
    for chat in ("1", "2", "3", "4"):
        await zalo.say(chat, "a")
    await zalo.until("send", 4)
    assert zalo.refreshed == 1


async def test_two_expiries_at_once_are_one_refresh(sqlite: Database, oauth: FakeZaloOa) -> None:
    grant, store = _grant(sqlite, oauth)
    store.write(Tokens("access-0", "refresh-0"), datetime.now(UTC))
    found = await asyncio.gather(*(grant.token(stale="access-0") for _ in range(5)))
    await grant.close()
    assert (set(found), oauth.refreshed) == ({"access-1"}, 1)


async def test_tokens_are_refreshed_before_they_expire(sqlite: Database, oauth: FakeZaloOa) -> None:
    grant, store = _grant(sqlite, oauth, lambda: datetime.now(UTC) + REFRESHED_AFTER)
    store.write(Tokens("access-0", "refresh-0"), datetime.now(UTC))
    assert await grant.token() == "access-1"
    await grant.close()


async def test_a_crash_before_the_commit_leaves_the_old_pair(
    sqlite: Database, oauth: FakeZaloOa, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant, store = _grant(sqlite, oauth)
    store.write(Tokens("access-0", "refresh-0"), datetime.now(UTC))

    def crashes(self: TokenStore, tokens: Tokens, at: datetime) -> None:
        raise KeyError("power cut")

    with monkeypatch.context() as patch, pytest.raises(KeyError):
        patch.setattr(TokenStore, "write", crashes)
        await grant.token(stale="access-0")
    await grant.close()
    found = store.read()
    assert found is not None and found[0] == Tokens("access-0", "refresh-0")


async def test_a_refused_refresh_asks_for_a_person_and_is_not_tried_again(sqlite: Database, oauth: FakeZaloOa) -> None:
    grant, store = _grant(sqlite, oauth)
    store.write(Tokens("access-0", "used up"), datetime.now(UTC))
    for _ in range(3):
        with pytest.raises(ChannelStopped, match=LOST):
            await grant.token(stale="access-0")
    assert len(oauth.called("oauth")) == 1
    await grant.give("good-code", "v" * 43)
    assert await grant.token() == "access-1"
    await grant.close()


async def test_oauth_that_is_away_is_tried_again(sqlite: Database, oauth: FakeZaloOa) -> None:
    grant, store = _grant(sqlite, oauth)
    store.write(Tokens("access-0", "refresh-0"), datetime.now(UTC))
    oauth.fail("oauth", Failure(503))
    with pytest.raises(ChannelAway):
        await grant.token(stale="access-0")
    assert await grant.token(stale="access-0") == "access-1"
    await grant.close()


def test_tokens_are_encrypted_and_never_shown(database: Database) -> None:
    TokenStore(database, APP_ID, KEY).write(Tokens("secret-a", "secret-r"), datetime.now(UTC))
    with database.session() as session:
        row = session.get_one(TokensRow, APP_ID)
        assert "secret" not in row.tokens
    assert "secret" not in repr(Tokens("secret-a", "secret-r"))
    with pytest.raises(ChannelStopped, match="another AWARD_ENCRYPTION_KEY"):
        TokenStore(database, APP_ID, Fernet.generate_key().decode()).read()
    with pytest.raises(ChannelError, match="award zalooa key"):
        TokenStore(database, APP_ID, "no key")
