"""Rasa's REST protocol: what a client gets, and what it is told when it sends nonsense."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.sentences import EMPTY, TOO_LONG, VI
from bot.channels.requests import TOO_FAST
from bot.messages import UNAVAILABLE
from fake_dialogue import AWAY, FakeRasa, FakeServer, answer_record, fake_server
from knowledge.database import Database

pytestmark = pytest.mark.anyio
URL = "/webhooks/rest/webhook"


async def test_one_message_with_everything(server: FakeServer) -> None:
    cited = {
        "id": "ND37-2026:59.1",
        "label": "khoản 1 Điều 59",
        "quote": "…",
        "quote_kind": "summary",
        "period": "từ 23/01/2026",
    }
    chips = [{"title": "Hồ sơ?", "payload": "hồ sơ gồm gì"}]
    record = answer_record(
        "đáp", citations=[cited], suggestions=chips, notices=["Nguồn: báo chí."], entry="x", evidence=0.9
    )
    server.rasa.reply = [{"custom": record}]
    answered = await server.http.post(URL, json={"sender": "u1", "message": "hỏi"})
    assert answered.status_code == 200
    (message,) = answered.json()
    assert message["recipient_id"] == "u1"
    assert message["text"] == "đáp\n\nCăn cứ: khoản 1 Điều 59.\n\nNguồn: báo chí."
    assert message["buttons"] == chips
    custom = message["custom"]
    assert (custom["status"], custom["as_of"]) == ("answered", "2026-11-22")
    assert custom["citations"] == [cited | {"url": None}]
    assert "text" not in custom


async def test_keys_of_forms_reach_the_client(server: FakeServer) -> None:
    server.rasa.reply = [{"custom": answer_record("?", status="form", requested_slot="operating", verdict=None)}]
    (message,) = (await server.http.post(URL, json={"sender": "u1", "message": "x"})).json()
    assert (message["custom"]["status"], message["custom"]["requested_slot"]) == ("form", "operating")


async def test_the_sender_is_prefixed_and_comes_back_as_it_was(server: FakeServer) -> None:
    for sender in ("u1", "web:someone else", "a/b ?", "", "🙂"):
        (message,) = (await server.http.post(URL, json={"sender": sender, "message": "hỏi"})).json()
        assert message["recipient_id"] == sender
    assert [sender for sender, _ in server.rasa.asked] == [
        "rest:u1",
        "rest:web:someone else",
        "rest:a/b ?",
        "rest:",
        "rest:🙂",
    ]


async def test_a_sender_may_be_left_out_and_other_keys_are_not_read(server: FakeServer) -> None:
    body = {"message": "hỏi", "metadata": {"a": 1}, "input_channel": "x", "stream": True}
    (message,) = (await server.http.post(URL, json=body)).json()
    assert message["recipient_id"] == "default"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "nonsense", "application/json"]
)
async def test_the_content_type_does_not_matter(server: FakeServer, kind: str) -> None:
    body = json.dumps({"sender": "u1", "message": "điều kiện"}, ensure_ascii=False).encode()
    answered = await server.http.post(URL, content=body, headers={"content-type": kind} if kind else {})
    assert answered.json()[0]["text"] == "đáp: điều kiện"


async def test_text_reaches_rasa_in_normal_form(server: FakeServer) -> None:
    await server.http.post(URL, json={"sender": "u1", "message": " \u200bđie\u0302\u0300u\x00\n kiện "})
    assert server.rasa.asked == [("rest:u1", "điều kiện")]


@pytest.mark.parametrize("body", [b"", b"{", "không phải json".encode(), b"\xff\xfe", b"[" * 50_000, b"{'a': 1}"])
async def test_what_is_no_json_is_a_400_with_the_form(server: FakeServer, body: bytes) -> None:
    refused = await server.http.post(URL, content=body)
    assert refused.status_code == 400
    assert '{"sender"' in refused.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"sender": 3, "message": "x"}, "sender"),
        ({"sender": "u", "message": ["x"]}, "message"),
        ({"sender": "u" * 201, "message": "x"}, "sender"),
        ({"sender": None, "message": "x"}, "sender"),
        ([], ""),
        ("x", ""),
        (3, ""),
    ],
)
async def test_a_wrong_field_is_named(server: FakeServer, body: Any, field: str) -> None:
    refused = await server.http.post(URL, json=body)
    assert refused.status_code == 422
    assert field in [one["field"] for one in refused.json()["detail"]]
    assert server.rasa.asked == []


@pytest.mark.parametrize(
    "body", [{"sender": "u1"}, {"sender": "u1", "message": None}, {"sender": "u1", "message": " \n\t "}]
)
async def test_a_missing_message_is_a_422_in_words(server: FakeServer, body: dict[str, Any]) -> None:
    refused = await server.http.post(URL, json=body)
    assert (refused.status_code, refused.json()["detail"]) == (422, EMPTY[VI])


async def test_lone_surrogates_are_refused(server: FakeServer) -> None:
    for body in (b'{"sender": "u1", "message": "\\ud83d"}', b'{"sender": "\\udc00", "message": "x"}'):
        assert (await server.http.post(URL, content=body)).status_code == 400


@pytest.mark.parametrize(("text", "code"), [("đ" * 2000, 200), ("đ" * 2001, 422), ("a" * 100_000, 422)])
async def test_too_long_is_a_422_in_words(server: FakeServer, text: str, code: int) -> None:
    answered = await server.http.post(URL, json={"sender": "u1", "message": text})
    assert answered.status_code == code
    assert code == 200 or answered.json()["detail"] == TOO_LONG


@pytest.mark.parametrize("size", [256 * 1024, 256 * 1024 + 1, 3_000_000])
async def test_a_body_over_256_kib_is_a_413(server: FakeServer, size: int) -> None:
    shell = len(json.dumps({"sender": "u1", "message": ""}))
    body = json.dumps({"sender": "u1", "message": "a" * (size - shell)}).encode()
    assert len(body) == size
    assert (await server.http.post(URL, content=body)).status_code == (413 if size > 256 * 1024 else 422)


async def test_a_body_without_a_length_is_capped_too(server: FakeServer) -> None:
    async def pieces() -> Any:
        for _ in range(40):
            yield b"a" * 10_000

    refused = await server.http.post(URL, content=pieces())
    assert refused.status_code == 413


async def test_a_method_or_path_that_is_not_there(server: FakeServer) -> None:
    assert (await server.http.get(URL)).status_code == 405
    assert (await server.http.put(URL, json={})).status_code == 405
    assert (await server.http.post("/webhooks/rest/nowhere", json={})).status_code == 404
    assert (await server.http.get("/webhooks/rest/")).json() == {"status": "ok"}


async def test_a_flood_is_a_429_that_says_when(sqlite: Database) -> None:
    async with fake_server(sqlite, per_sender=3) as server:
        codes = [(await server.http.post(URL, json={"sender": "u1", "message": "x"})).status_code for _ in range(3)]
        refused = await server.http.post(URL, json={"sender": "u1", "message": "x"})
        other = await server.http.post(URL, json={"sender": "u2", "message": "x"})
    assert codes == [200, 200, 200]
    assert (refused.status_code, refused.json()["detail"]) == (429, TOO_FAST)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert other.status_code == 200
    assert len(server.rasa.asked) == 4


async def test_an_address_has_a_limit_over_all_senders(sqlite: Database) -> None:
    async with fake_server(sqlite, per_address=4) as server:
        codes = [(await server.http.post(URL, json={"sender": f"u{n}", "message": "x"})).status_code for n in range(6)]
        assert codes == [200, 200, 200, 200, 429, 429]
        assert (await server.http.post(URL, content=b"{")).status_code == 429, "nonsense counts too"


async def test_a_rest_sender_can_not_use_up_a_web_conversations_limit(sqlite: Database) -> None:
    async with fake_server(sqlite, per_sender=2) as server:
        owner = await server.session()
        conversation = server.conversations.find(owner["authorization"].removeprefix("Bearer "))
        for _ in range(3):
            await server.http.post(URL, json={"sender": conversation, "message": "x"})
        assert (await server.say(owner, "hỏi")).status_code == 202


@pytest.mark.parametrize(
    "reply",
    [
        [{"custom": {}}],
        [{"custom": "x"}],
        [{"custom": answer_record("x", status="?")}],
        [{"image": "x"}],
        [{"text": ""}],
    ],
)
async def test_an_answer_that_is_none_becomes_an_apology(server: FakeServer, reply: list[dict[str, Any]]) -> None:
    server.rasa.reply = reply
    (message,) = (await server.http.post(URL, json={"sender": "u1", "message": "x"})).json()
    assert (message["text"], message["custom"]["status"]) == (UNAVAILABLE, "error")


@pytest.mark.parametrize("failure", [AWAY, RuntimeError("a bug"), ValueError("another")])
async def test_a_dialogue_server_that_fails_becomes_an_apology(server: FakeServer, failure: Exception) -> None:
    server.rasa.failure = failure
    answered = await server.http.post(URL, json={"sender": "u1", "message": "x"})
    assert answered.status_code == 200
    (message,) = answered.json()
    assert (message["text"], message["custom"]["status"]) == (UNAVAILABLE, "error")
    server.rasa.failure = None
    (message,) = (await server.http.post(URL, json={"sender": "u1", "message": "x"})).json()
    assert message["text"] == "đáp: x"


async def test_every_one_of_32_at_once_is_answered(sqlite: Database) -> None:
    import asyncio

    async with fake_server(sqlite, rasa=FakeRasa(seconds=0.05)) as server:
        calls = [server.http.post(URL, json={"sender": f"u{n}", "message": f"câu {n}"}) for n in range(32)]
        answered = await asyncio.gather(*calls)
        assert [one.json()[0]["text"] for one in answered] == [f"đáp: câu {n}" for n in range(32)]
        assert server.rasa.most_working > 8, "they wait for each other"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.dictionaries(st.sampled_from(["sender", "message", "x"]), inner),
    ).map(lambda value: json.dumps(value).encode())
)
async def test_no_body_is_a_500(server: FakeServer, body: bytes) -> None:
    answered = await server.http.post(URL, content=body)
    assert answered.status_code in (200, 400, 413, 422)
    assert answered.json()
