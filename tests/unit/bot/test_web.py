"""Our own web chat: sessions, messages that are stored once, and a stream that loses and repeats nothing."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from actions.personal_data import export_person
from actions.sentences import SMALL_TALK, TOO_LONG, VI
from bot.channels.requests import TOO_FAST
from bot.channels.web import _stream
from bot.conversations import ConversationRow
from bot.live import LiveEvent
from bot.messages import UNAVAILABLE
from fake_dialogue import AWAY, FakeRasa, FakeServer, fake_server
from knowledge.database import Database

pytestmark = pytest.mark.anyio


def _conversation(server: FakeServer, owner: dict[str, str]) -> str:
    found = server.conversations.find(owner["authorization"].removeprefix("Bearer "))
    assert found is not None
    return found


class Stream:
    """An open event stream, read event by event."""

    def __init__(self, server: FakeServer, conversation: str, cursor: int = 0) -> None:
        self._events: AsyncIterator[Any] = _stream(server.chat, conversation, cursor)

    async def next(self) -> tuple[str, dict[str, Any]]:
        """The next event; comments are passed over."""
        async with asyncio.timeout(5):
            while True:
                event = await anext(self._events)
                if event.event is not None:
                    return event.event, json.loads(event.data)

    async def messages(self, count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < count:
            name, data = await self.next()
            if name == "message":
                found.append(data)
        return found

    async def close(self) -> None:
        await self._events.aclose()  # type: ignore[attr-defined]


# -- sessions


async def test_a_session_begins_with_a_greeting(server: FakeServer) -> None:
    opened = (await server.http.post("/api/chat/sessions")).json()
    assert len(opened["token"]) >= 32
    assert datetime.fromisoformat(opened["expires_at"]) > datetime.now(UTC) + timedelta(days=29)
    (greeting,) = opened["greeting"]
    assert (greeting["seq"], greeting["role"], greeting["text"]) == (1, "assistant", SMALL_TALK["greet"][VI])
    assert greeting["answer"]["suggestions"]
    assert (await server.messages({"authorization": f"Bearer {opened['token']}"}))[0]["text"] == greeting["text"]


CALLS = [
    ("GET", "/api/chat/messages", None),
    ("POST", "/api/chat/messages", {"client_msg_id": "12345678", "text": "x"}),
    ("GET", "/api/chat/events", None),
    ("POST", "/api/chat/receipts", {"seen": 1}),
    ("DELETE", "/api/chat/sessions/current", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic abc", "wrong"])
async def test_without_a_token_that_holds_it_is_a_401(
    server: FakeServer, method: str, path: str, body: dict[str, Any] | None, header: str
) -> None:
    headers = {"authorization": header} if header else {}
    refused = await server.http.request(method, path, json=body, headers=headers)
    assert refused.status_code == 401
    assert "hết hạn" in refused.json()["detail"]


async def test_an_expired_session_is_a_401(server: FakeServer, sqlite: Database) -> None:
    owner = await server.session()
    with sqlite.session() as session:
        session.execute(update(ConversationRow).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert (await server.say(owner, "hỏi")).status_code == 401


async def test_one_conversation_is_not_another(server: FakeServer) -> None:
    mine, other = await server.session(), await server.session()
    await server.say(mine, "câu của mình")
    await server.until(mine, 3)
    assert [one["text"] for one in await server.messages(other)] == [SMALL_TALK["greet"][VI]]


async def test_sessions_of_one_address_are_limited(sqlite: Database) -> None:
    async with fake_server(sqlite, sessions=2) as server:
        codes = [(await server.http.post("/api/chat/sessions")).status_code for _ in range(3)]
    assert codes == [201, 201, 429]


# -- messages


async def test_a_question_is_acknowledged_and_then_answered(server: FakeServer) -> None:
    owner = await server.session()
    sent = await server.say(owner, "điều kiện dự giải")
    assert (sent.status_code, sent.json()) == (202, {"seq": 2, "status": "sent"})
    greeting, question, answer = await server.until(owner, 3)
    assert (question["role"], question["text"], question["seq"]) == ("user", "điều kiện dự giải", 2)
    assert (answer["role"], answer["text"], answer["seq"]) == ("assistant", "đáp: điều kiện dự giải", 3)
    assert answer["answer"]["status"] == "answered"
    conversation = _conversation(server, owner)
    assert server.rasa.asked == [(f"web:{conversation}", "điều kiện dự giải")]


async def test_a_message_sent_twice_is_answered_once(server: FakeServer) -> None:
    owner = await server.session()
    first = await server.say(owner, "hỏi", "same-identity")
    second = await server.say(owner, "hỏi", "same-identity")
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json() == second.json()
    await server.until(owner, 3)
    await asyncio.sleep(0.1)
    assert len(await server.messages(owner)) == 3
    assert len(server.rasa.asked) == 1
    third = await server.say(owner, "hỏi", "same-identity")
    assert (third.status_code, third.json()["seq"]) == (200, 2), "also after it was answered"


async def test_many_copies_at_once_are_one_message(server: FakeServer) -> None:
    owner = await server.session()
    sent = await asyncio.gather(*(server.say(owner, "hỏi", "same-identity") for _ in range(8)))
    assert sorted(one.status_code for one in sent) == [200] * 7 + [202]
    await server.until(owner, 3)
    assert len(server.rasa.asked) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "nội dung"),
        (b"[]", "nội dung"),
        (b'{"text": "x"}', "client_msg_id"),
        (b'{"client_msg_id": "12345678"}', "text"),
        (b'{"client_msg_id": "short", "text": "x"}', "client_msg_id"),
        (b'{"client_msg_id": "%s", "text": "x"}' % (b"a" * 65), "client_msg_id"),
        (b'{"client_msg_id": "1234567\\u0000", "text": "x"}', "client_msg_id"),
        (b'{"client_msg_id": "12345678", "text": 3}', "text"),
        (b'{"client_msg_id": "12345678", "text": "\\ud83d"}', "nội dung"),
        (b"\xff\xfe", "nội dung"),
        (b"", "nội dung"),
    ],
)
async def test_what_is_wrong_with_a_message_is_named(server: FakeServer, body: bytes, said: str) -> None:
    owner = await server.session()
    refused = await server.http.post("/api/chat/messages", content=body, headers=owner)
    assert refused.status_code == 422
    assert said in refused.json()["detail"]
    assert len(await server.messages(owner)) == 1


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b", "\x00"])
async def test_nothing_typed_is_a_422_or_a_request_for_words(server: FakeServer, text: str) -> None:
    owner = await server.session()
    sent = await server.say(owner, text)
    if sent.status_code == 202:  # invisible characters: no nonsense, but nothing to answer either
        messages = await server.until(owner, 3)
        assert messages[-1]["answer"]["status"] == "clarify"
    else:
        assert (sent.status_code, sent.json()["detail"]) == (422, "Bạn chưa nhập nội dung tin nhắn.")


async def test_too_long_and_too_large(server: FakeServer) -> None:
    owner = await server.session()
    assert (await server.say(owner, "đ" * 2000)).status_code == 202
    refused = await server.say(owner, "đ" * 2001)
    assert (refused.status_code, refused.json()["detail"]) == (422, TOO_LONG)
    assert (await server.say(owner, "a" * 100_000)).status_code == 422
    assert (await server.say(owner, "a" * 300_000)).status_code == 413


async def test_a_flood_is_a_429_that_says_when(sqlite: Database) -> None:
    async with fake_server(sqlite, per_sender=2) as server:
        owner, other = await server.session(), await server.session()
        codes = [(await server.say(owner, "x")).status_code for _ in range(2)]
        refused = await server.say(owner, "x")
        assert codes == [202, 202]
        assert (refused.status_code, refused.json()["detail"]) == (429, TOO_FAST)
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert (await server.say(other, "x")).status_code == 202


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "99999999999999999999999", ""])
async def test_an_odd_cursor_is_no_500(server: FakeServer, after: str) -> None:
    owner = await server.session()
    page = await server.http.get("/api/chat/messages", params={"after": after}, headers=owner)
    assert page.status_code in (200, 422)


@pytest.mark.parametrize("body", [b"{}", b'{"seen": -1}', b'{"seen": 99999999999999999999}', b'{"seen": "x"}', b"{"])
async def test_an_odd_receipt_is_a_422(server: FakeServer, body: bytes) -> None:
    owner = await server.session()
    assert (await server.http.post("/api/chat/receipts", content=body, headers=owner)).status_code == 422


async def test_a_receipt_is_kept(server: FakeServer) -> None:
    owner = await server.session()
    assert (await server.http.post("/api/chat/receipts", json={"seen": 1}, headers=owner)).status_code == 204


@pytest.mark.parametrize("cursor", ["x", "²", "99999999999999999999999", "-5"])
async def test_an_odd_cursor_of_the_stream_is_no_500(server: FakeServer, cursor: str) -> None:
    owner = await server.session()
    server.live.close()

    async def read() -> int:
        headers = [(k.encode(), v.encode("latin-1")) for k, v in (owner | {"last-event-id": cursor}).items()]
        async with server.http.stream("GET", "/api/chat/events", headers=headers) as stream:
            return stream.status_code

    task = asyncio.create_task(read())
    conversation = _conversation(server, owner)
    async with asyncio.timeout(5):
        while not task.done():  # the test's transport hands an answer over once it has ended
            server.live.publish(conversation, LiveEvent("typing", {"on": False}))
            server.live.close()
            await asyncio.sleep(0.02)
    assert task.result() == 200


# -- the stream


async def test_a_turn_as_the_stream_tells_it(server: FakeServer) -> None:
    owner = await server.session()
    stream = Stream(server, _conversation(server, owner), 1)
    first = asyncio.create_task(stream.next())
    await asyncio.sleep(0.05)
    await server.say(owner, "hỏi")
    told = [await first]
    while told[-1][0] != "message" or told[-1][1]["role"] != "assistant":
        told.append(await stream.next())
    assert [
        (name, data.get("state", data.get("on", data.get("role")))) for name, data in told if name != "message"
    ] == [
        ("receipt", "received"),
        ("typing", True),
        ("receipt", "seen"),
        ("typing", False),
    ]
    assert [(data["role"], data["seq"]) for name, data in told if name == "message"] == [("user", 2), ("assistant", 3)]
    await stream.close()


@pytest.mark.parametrize("cursor", range(6))
async def test_a_resumed_stream_loses_and_repeats_nothing(server: FakeServer, cursor: int) -> None:
    owner = await server.session()
    for number in range(2):
        await server.say(owner, f"câu {number}")
        await server.until(owner, 3 + 2 * number)
    stream = Stream(server, _conversation(server, owner), cursor)
    past = await stream.messages(5 - cursor) if cursor < 5 else []
    assert [one["seq"] for one in past] == list(range(cursor + 1, 6))
    waiting = asyncio.create_task(stream.messages(2))
    await asyncio.sleep(0.02)
    await server.say(owner, "câu nữa")
    assert [one["seq"] for one in await waiting] == [6, 7]
    await stream.close()


async def test_a_stream_cut_anywhere_and_resumed_tells_each_message_once(server: FakeServer) -> None:
    owner = await server.session()
    conversation = _conversation(server, owner)
    seen: list[int] = []

    async def read() -> None:
        while len(seen) < 21:  # greeting, 10 questions, 10 answers
            stream = Stream(server, conversation, seen[-1] if seen else 0)
            for message in await stream.messages(min(3, 21 - len(seen))):
                seen.append(message["seq"])
            await stream.close()

    reading = asyncio.create_task(read())
    for number in range(10):
        await server.say(owner, f"câu {number}")
        await asyncio.sleep(0.01 * (number % 3))
    async with asyncio.timeout(10):
        await reading
    assert seen == list(range(1, 22))


async def test_events_that_overtake_each_other_are_told_in_order(server: FakeServer) -> None:
    """Two requests store 2 and 3 in order, but what they publish may come the other way round."""
    owner = await server.session()
    conversation = _conversation(server, owner)
    stream = Stream(server, conversation, 1)
    reading = asyncio.create_task(stream.messages(2))
    await asyncio.sleep(0.05)
    stored = [server.conversations.add_question(conversation, f"client-{n}", f"câu {n}")[0] for n in range(2)]
    for one in reversed(stored):
        server.live.publish(conversation, LiveEvent("message", one.to_json(), one.seq))
    assert [one["seq"] for one in await reading] == [2, 3]
    await stream.close()


async def test_two_tabs_see_the_same(server: FakeServer) -> None:
    owner = await server.session()
    tabs = [Stream(server, _conversation(server, owner), 1) for _ in range(2)]
    reading = [asyncio.create_task(tab.messages(2)) for tab in tabs]
    await asyncio.sleep(0.05)
    await server.say(owner, "hỏi")
    first, second = [await one for one in reading]
    assert first == second
    for tab in tabs:
        await tab.close()
    assert server.live._streams == {}, "a closed stream leaves nothing behind"


async def test_a_long_conversation_is_streamed_whole(server: FakeServer) -> None:
    owner = await server.session()
    conversation = _conversation(server, owner)
    for number in range(250):  # more than one page of the database
        server.conversations.add_question(conversation, f"client-{number}", "x")
    stream = Stream(server, conversation, 0)
    assert [one["seq"] for one in await stream.messages(251)] == list(range(1, 252))
    await stream.close()


# -- the worker


async def test_one_conversation_is_answered_in_order(sqlite: Database) -> None:
    async with fake_server(sqlite, rasa=FakeRasa(seconds=0.02)) as server:
        owner = await server.session()
        for number in range(6):
            await server.say(owner, f"câu {number}")
        messages = await server.until(owner, 13)
        assert [text for _, text in server.rasa.asked] == [f"câu {number}" for number in range(6)]
        assert server.rasa.most_working == 1
        assert [one["text"] for one in messages if one["role"] == "assistant"][1:] == [
            f"đáp: câu {n}" for n in range(6)
        ]


async def test_conversations_do_not_wait_for_each_other(sqlite: Database) -> None:
    async with fake_server(sqlite, rasa=FakeRasa(together=6)) as server:
        owners = [await server.session() for _ in range(6)]
        for owner in owners:
            await server.say(owner, "hỏi")
        for owner in owners:
            await server.until(owner, 3)
        assert server.rasa.most_working == 6


async def test_what_a_stopped_server_left_is_answered_after_the_next_start(sqlite: Database) -> None:
    async with fake_server(sqlite, rasa=FakeRasa(seconds=60)) as server:
        owner = await server.session()
        await server.say(owner, "câu 1")
        await server.say(owner, "câu 2")
        await asyncio.sleep(0.1)
        assert len(await server.messages(owner)) == 3
    async with fake_server(sqlite) as server:
        await asyncio.sleep(0.1)
        assert server.rasa.asked == [], "nothing before the start is complete"
        await server.worker.resume()
        messages = await server.until(owner, 5)
        assert [(one["seq"], one["text"]) for one in messages[3:]] == [(4, "đáp: câu 1"), (5, "đáp: câu 2")]
        await server.worker.resume()
        await asyncio.sleep(0.1)
        assert len(await server.messages(owner)) == 5


@pytest.mark.parametrize("failure", [AWAY, RuntimeError("a bug")])
async def test_an_absent_dialogue_server_is_an_honest_sentence(server: FakeServer, failure: Exception) -> None:
    owner = await server.session()
    server.rasa.failure = failure
    await server.say(owner, "câu 1")
    apology = (await server.until(owner, 3))[-1]
    assert (apology["text"], apology["answer"]["status"]) == (UNAVAILABLE, "error")
    server.rasa.failure = None
    await server.say(owner, "câu 2")
    messages = await server.until(owner, 5)
    assert messages[-1]["text"] == "đáp: câu 2"
    assert messages[0]["text"] == SMALL_TALK["greet"][VI], "nothing else in the conversation is lost"


async def test_a_database_that_is_away_is_told_and_the_question_answered_later(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot import worker
    from knowledge.errors import DatabaseError

    monkeypatch.setattr(worker, "RETRY_SECONDS", 0.05)
    owner = await server.session()
    conversation = _conversation(server, owner)
    stream = Stream(server, conversation, 1)
    add_answer, failures = server.conversations.add_answer, [1, 1]

    def failing(*arguments: Any) -> Any:
        if failures:
            failures.pop()
            raise DatabaseError("away")
        return add_answer(*arguments)

    monkeypatch.setattr(server.conversations, "add_answer", failing)
    reading = asyncio.create_task(stream.next())
    await asyncio.sleep(0.02)
    await server.say(owner, "hỏi")
    told = [await reading]
    while told[-1][0] != "error":
        told.append(await stream.next())
    assert told[-1][1]["detail"] == UNAVAILABLE
    assert (await server.until(owner, 3))[-1]["text"] == "đáp: hỏi"
    await stream.close()


# -- forgetting


async def test_a_deleted_conversation_is_gone_everywhere(server: FakeServer) -> None:
    owner = await server.session()
    await server.say(owner, "hỏi")
    await server.until(owner, 3)
    conversation = _conversation(server, owner)
    assert (await server.http.delete("/api/chat/sessions/current", headers=owner)).status_code == 204
    assert (await server.http.get("/api/chat/messages", headers=owner)).status_code == 401
    assert server.conversations.after(conversation, 0) == []
    with server.database.session() as session:
        assert export_person(session, f"web:{conversation}") == {}


async def test_deletion_waits_for_the_turn_under_way_which_leaves_nothing(server: FakeServer) -> None:
    owner = await server.session()
    server.rasa.seconds = 0.3
    await server.say(owner, "hỏi")
    async with asyncio.timeout(10):
        while not server.rasa.working:
            await asyncio.sleep(0.01)
    conversation = _conversation(server, owner)
    assert (await server.http.delete("/api/chat/sessions/current", headers=owner)).status_code == 204
    await server.worker.stop()
    await server.assistant.finish()
    with server.database.session() as session:
        assert export_person(session, f"web:{conversation}") == {}


async def test_ids_of_clients_are_uuids_or_alike(server: FakeServer) -> None:
    owner = await server.session()
    for identity in (str(uuid.uuid4()), uuid.uuid4().hex, "abcDEF_1-2"):
        assert (await server.say(owner, "x", identity)).status_code == 202
