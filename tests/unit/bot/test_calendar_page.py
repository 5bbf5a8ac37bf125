"""`/lich` and its file over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest
from fastapi import FastAPI

from bot.pages.calendar import FILE_PATH, calendar_routes
from bot.safety import SecurityHeaders
from knowledge.calendar import EventState
from knowledge.calendar_store import put_event
from knowledge.database import Database
from season_events import NOW, event
from shipped import TODAY


@pytest.fixture
async def http(sqlite: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(calendar_routes(sqlite, lambda: TODAY))
    app.add_middleware(SecurityHeaders)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat.example") as client:
        yield client


def _put(database: Database, *many: object) -> None:
    with database.session() as session:
        for one in many:
            put_event(session, one, NOW)  # type: ignore[arg-type]


@pytest.mark.anyio
async def test_an_empty_calendar_says_so_and_where_the_dates_will_be(http: httpx.AsyncClient) -> None:
    page = await http.get("/lich")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for said in (
        "Chưa công bố",
        "giaithuong.org.vn",
        "tcvn.gov.vn",
        "22/11/2026",
        "webcal://chat.example/lich/gtclqg.ics",
    ):
        assert said in page.text
    assert "Các mùa trước" not in page.text
    assert "<script" not in page.text and "style=" not in page.text


@pytest.mark.anyio
async def test_dates_to_come_and_history_stand_apart(http: httpx.AsyncClient, sqlite: Database) -> None:
    _put(
        sqlite,
        event("a", title="Hạn <b>nộp</b>", source="https://example.vn/?a=1&b=2"),
        event("b", state=EventState.CANCELLED, title="Lễ"),
        event("c", start=date(2025, 3, 25), season=2025, title="Mùa cũ"),
    )
    text = (await http.get("/lich")).text
    assert "Chưa công bố" not in text
    assert text.index("Hạn &lt;b&gt;nộp") < text.index("Các mùa trước") < text.index("Mùa cũ")
    assert "<s>Lễ</s>" in text and "đã huỷ" in text
    assert 'href="https://example.vn/?a=1&amp;b=2"' in text
    assert "Giải năm 2025" in text and "Lịch được cập nhật ngày 22/11/2026" in text


@pytest.mark.anyio
async def test_the_file_is_sent_once_and_again_when_it_changes(http: httpx.AsyncClient, sqlite: Database) -> None:
    first = await http.get(FILE_PATH)
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.content.startswith(b"BEGIN:VCALENDAR\r\n")
    tag = first.headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        same = await http.get(FILE_PATH, headers={"If-None-Match": sent})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    head = await http.head(FILE_PATH)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    _put(sqlite, event())
    changed = await http.get(FILE_PATH, headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["etag"] != tag
    assert b"UID:2027-nop-ho-so@gtclqg.award-assistant" in changed.content


@pytest.mark.anyio
async def test_a_hostile_host_header_stays_text(http: httpx.AsyncClient) -> None:
    page = await http.get("/lich", headers={"host": 'x"><script>alert(1)</script>'})
    assert "<script" not in page.text
