"""The deep-chat endpoint: sessions, origins, limits, what is no request."""

from __future__ import annotations

import pytest

from bot.channels.deep_chat import CHANNEL, COOKIE, PATH
from fake_dialogue import FakeServer, fake_server
from knowledge.database import Database

pytestmark = pytest.mark.anyio
SHOP = "https://www.shop.example"


def _body(text: str, **more: object) -> dict[str, object]:
    return {"messages": [{"role": "user", "text": text}], **more}


async def test_a_cookie_holds_the_session_where_the_page_names_none(server: FakeServer) -> None:
    first = await server.http.post(PATH, json=_body("một"))
    assert first.json() == {"text": "đáp: một"}
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and f"Path={PATH}" in cookie
    await server.http.post(PATH, json=_body("hai"))
    senders = {sender for sender, _ in server.rasa.asked}
    assert senders == {f"{CHANNEL}{server.http.cookies[COOKIE]}"}


async def test_the_pages_own_session_counts(server: FakeServer) -> None:
    answered = await server.http.post(PATH, json=_body("một", session="a-session-of-the-page"))
    assert "set-cookie" not in answered.headers
    assert server.rasa.asked == [(f"{CHANNEL}a-session-of-the-page", "một")]
    for odd in ("short", "x" * 65, "has spaces in it, and more", 5):
        assert (await server.http.post(PATH, json=_body("một", session=odd))).status_code == 422


async def test_the_newest_message_of_the_person_counts(server: FakeServer) -> None:
    talk = [{"role": "user", "text": "cũ"}, {"role": "ai", "text": "đáp"}, {"role": "user", "text": "mới"}]
    assert (await server.http.post(PATH, json={"messages": talk})).json() == {"text": "đáp: mới"}


async def test_what_is_no_request_is_named(server: FakeServer) -> None:
    assert (await server.http.post(PATH, content="{")).status_code == 400
    assert (await server.http.post(PATH, json=[])).status_code == 422
    assert (await server.http.post(PATH, json={"messages": [{"role": "user"}] * 201})).status_code == 422
    assert (await server.http.post(PATH, content=b"x" * 300_000)).status_code == 413
    assert "2.000 ký tự" in (await server.http.post(PATH, json=_body("a" * 2_001))).json()["text"]
    assert (await server.http.post(PATH, json={"messages": []})).json()["text"]
    assert server.rasa.asked == []


async def test_pages_of_other_websites_are_let_in_by_name_only(sqlite: Database) -> None:
    async with fake_server(sqlite, origins=(SHOP,)) as server:
        asked = await server.http.options(PATH, headers={"origin": SHOP, "access-control-request-method": "POST"})
        assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, SHOP)
        told = await server.http.post(PATH, json=_body("một"), headers={"origin": SHOP})
        assert told.headers["access-control-allow-origin"] == SHOP
        assert "access-control-allow-credentials" not in told.headers
        for method in ("OPTIONS", "POST"):
            refused = await server.http.request(
                method, PATH, json=_body("x"), headers={"origin": "https://evil.example"}
            )
            assert refused.status_code == 403
            assert "access-control-allow-origin" not in refused.headers


async def test_limits_hold_for_senders_and_addresses(sqlite: Database) -> None:
    async with fake_server(sqlite, per_sender=1, per_address=2) as server:
        assert (await server.http.post(PATH, json=_body("x", session="a" * 16))).status_code == 200
        slow = await server.http.post(PATH, json=_body("x", session="a" * 16))
        assert slow.status_code == 429 and int(slow.headers["retry-after"]) > 0
        assert (await server.http.post(PATH, json=_body("x", session="b" * 16))).status_code == 429
