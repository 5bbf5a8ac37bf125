"""No line of the log holds anybody's number or a secret; each is one JSON object with the request that it belongs to."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot import logs
from bot.logs import Masking, RequestIds, configure_logs, pseudonym
from fake_dialogue import FakeServer

TOKEN = "7123456789:AAHk3-xYzAbCdEfGhIjKlMnOpQrStUvWx"
LOG = logging.getLogger("bot.test")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a server with these secrets writes."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    configure_logs(
        {
            "AWARD_LOG": "json",
            "AWARD_BACKUP_KEY": "hush-hush-key",
            "AWARD_ZALO_SECRET": "zalo!secret",
            "PATH": "/usr/bin",
        }
    )
    yield written
    for handler in list(root.handlers):
        root.removeHandler(handler)
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)


def _last(written: io.StringIO) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(written.getvalue().splitlines()[-1])
    return record


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("gọi cho tôi 0912 345 678 nhé", "345 678"),
        ("thư: nam@congty.vn", "nam@congty.vn"),
        ("Authorization: Bearer abc.def-ghi", "abc.def-ghi"),
        ("postgresql+psycopg://award:p-ss!w0rd@db/award does not answer", "p-ss!w0rd"),
        (f"POST /bot{TOKEN}/sendMessage", "AAHk3"),
        ("?access_token=EAAG12345&x=1", "EAAG12345"),
        ("{'secret': 'sesame-open'}", "sesame-open"),
        ("key hush-hush-key", "hush-hush-key"),
        ("zalo!secret in a row", "zalo!secret"),
        ("AGE-SECRET-KEY-1QQQQQQQQ", "QQQQ"),
    ],
)
def test_what_nobody_may_read_is_hidden_wherever_it_comes(lines: io.StringIO, text: str, hidden: str) -> None:
    LOG.warning("%s", text)
    LOG.warning("said", extra={"detail": text, "nested": {"a": [text]}})
    try:
        raise RuntimeError(text)
    except RuntimeError:
        LOG.exception("it failed with %r", text)
    assert hidden not in lines.getvalue()
    assert len(lines.getvalue().splitlines()) == 3
    assert "RuntimeError" in _last(lines)["exc_info"]


def test_what_helps_stays(lines: io.StringIO) -> None:
    LOG.info(
        "publication %s is served after %d ms, request of 2026-11-22T08:00:00",
        12,
        345,
        extra={"status": "answered", "ms": 12.5},
    )
    record = _last(lines)
    assert record["message"] == "publication 12 is served after 345 ms, request of 2026-11-22T08:00:00"
    assert (record["level"], record["logger"], record["status"], record["ms"]) == ("INFO", "bot.test", "answered", 12.5)
    assert record["at"].startswith("20")


def test_a_broken_format_never_stops_the_program(lines: io.StringIO) -> None:
    with pytest.raises(TypeError):
        Masking().filter(logging.makeLogRecord({"msg": "%d", "args": ("x",)}))


@given(
    st.from_regex(r"0(3[2-9]|5[689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}", fullmatch=True),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_a_phone_number_in_any_text_is_hidden(number: str, before: str, after: str) -> None:
    assert number not in Masking().mask(f"{before} {number} {after}")


def test_text_for_people_is_masked_too(lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", lines)  # pytest has put its own there since the fixture
    configure_logs({})
    LOG.warning("gọi 0912345678")
    assert "0912345678" not in lines.getvalue()
    assert "WARNING bot.test: gọi" in lines.getvalue()


@pytest.mark.anyio
async def test_a_turn_is_logged_without_what_was_said(server: FakeServer, lines: io.StringIO) -> None:
    owner = await server.session()
    await server.say(owner, "số của tôi 0912345678, điều kiện tham dự?")
    await server.until(owner, 3)
    await server.http.post("/webhooks/rest/webhook", json={"sender": "0987654321", "message": "điều kiện?"})
    turns = [record for record in map(json.loads, lines.getvalue().splitlines()) if record["message"] == "turn"]
    assert [(one["channel"], one["status"]) for one in turns] == [("web", "answered"), ("rest", "answered")]
    assert turns[0]["conversation"].startswith("web:")
    assert turns[1]["conversation"].startswith("rest~")
    assert "điều kiện" not in lines.getvalue()
    assert "0912345678" not in lines.getvalue()
    assert "0987654321" not in lines.getvalue()
    assert owner["authorization"].split()[1] not in lines.getvalue()


def test_a_sender_has_one_name_in_the_log() -> None:
    assert pseudonym("telegram:12345") == pseudonym("telegram:12345") != pseudonym("telegram:12346")
    assert "12345" not in pseudonym("telegram:12345")
    assert pseudonym("web:abc") == "web:abc"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("given_id", "kept"), [("abcdef-1234", True), ("short", False), ("x" * 65, False), ("a b c d e f g h", False)]
)
async def test_requests_have_ids(given_id: str, kept: bool) -> None:
    seen = []

    async def page(request: object) -> PlainTextResponse:
        seen.append(logs.request_id.get())
        return PlainTextResponse("")

    app = RequestIds(Starlette(routes=[Route("/", page)]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat") as http:
        answered = await http.get("/", headers={"x-request-id": given_id})
    assert [answered.headers["x-request-id"]] == seen
    assert (seen == [given_id]) is kept
    assert logs.request_id.get() == ""
