"""Publishing from the console: look, then decide; nothing without a reviewer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from actions.answer import AnswerStatus, Query
from actions.staff.roles import Role
from bot.app import create_app
from bot.conversations import Conversations, Turn
from bot.gate.gate import Gate
from bot.gate.runs import begin_run
from bot.messages import AnswerMessage
from bot.publishing import Publisher
from bot.settings import IndexSettings, KnowledgeSettings, Settings
from fake_encoder import HashEncoder, plain_ranker
from index.ranker import Ranker
from knowledge.database import Database, replace_content
from knowledge.editing import entries
from knowledge.editing.entries import read_entry
from knowledge.publications import current_number
from small_corpus import small_corpus
from staff_site import person

pytestmark = pytest.mark.anyio
XSS = "<script>alert(1)</script> Doanh nghiệp phải hoạt động bao lâu thì được dự giải?"


@pytest.fixture
def site(sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The small corpus in service; runs of the gate are carried out at once."""
    monkeypatch.setattr(Ranker, "load", plain_ranker)
    settings = Settings(
        knowledge=KnowledgeSettings(database=str(sqlite.engine.url)),
        index=IndexSettings(encoder="hash"),
        root=tmp_path,
        today_fixed=date(2026, 11, 22),
    )
    with sqlite.session() as session:
        replace_content(session, small_corpus())
    Publisher(settings, sqlite, encoder=HashEncoder("hash")).publish("test")
    app = create_app(settings, port=1)

    def run(settings: Settings, number: int) -> None:
        Gate(settings, sqlite, HashEncoder("hash")).run(number)

    app.state.console.run_gate = run
    return app


def approved(database: Database, answer: str) -> None:
    with database.session() as session:
        now = read_entry(session, "dieu-kien-36-thang")
        one = entries.save(session, now.id, now.version, {**(now.content or {}), "answer": answer}, "lan")
        two = entries.submit(session, now.id, one.version, "lan")
        entries.approve(session, now.id, two.version, "minh")


def asked(database: Database, text: str) -> None:
    answer = AnswerMessage(status=AnswerStatus.ANSWERED, text="x", as_of="2026-11-22")
    query = Query(text, date(2026, 11, 22))
    Conversations(database, 30).record(Turn("rest:a", "rest", text, answer, 1, 5, asked=query))


def number_in_service(database: Database) -> int | None:
    with database.session() as session:
        return current_number(session)


async def test_a_reviewer_looks_and_publishes(site: FastAPI, sqlite: Database) -> None:
    approved(sqlite, "Ít nhất 36 tháng, tính đến ngày đăng ký tham dự.")
    asked(sqlite, XSS)
    lan, minh = person(site, sqlite, Role.EDITOR, "lan"), person(site, sqlite, Role.REVIEWER, "minh")
    assert "bao lâu thì được dự giải" in (await lan.get("/staff/publish")).text
    assert (await lan.post("/staff/publish/check")).status_code == 403
    assert (await minh.post("/staff/publish/check")).headers["location"] == "/staff/publish/1"
    page = await minh.get("/staff/publish/1")
    assert "Sẽ trả lời" in page.text and "/staff/publish/1/publish" in page.text
    assert "<script" not in page.text and "&lt;script&gt;" in page.text
    assert "/staff/publish/1/publish" not in (await lan.get("/staff/publish/1")).text
    assert number_in_service(sqlite) == 1
    assert (await minh.post("/staff/publish/1/publish")).status_code == 303
    assert number_in_service(sqlite) == 2
    assert "Đã công bố" in (await minh.get("/staff/publish/1")).text
    assert "Đang dùng" in (await minh.get("/staff/faq/dieu-kien-36-thang")).text


async def test_what_gets_worse_needs_a_name_and_a_reason(site: FastAPI, sqlite: Database) -> None:
    approved(sqlite, "Ít nhất 24 tháng.")
    minh = person(site, sqlite, Role.REVIEWER, "minh")
    await minh.post("/staff/publish/check")
    page = await minh.get("/staff/publish/1")
    assert "Con số lạ" in page.text and "24" in page.text
    await minh.post("/staff/publish/1/publish")
    assert "hãy ghi rõ lý do" in (await minh.get("/staff/publish/1")).text
    assert number_in_service(sqlite) == 1
    await minh.post("/staff/publish/1/publish", {"reason": "thông tư mới đã đổi"})
    assert number_in_service(sqlite) == 2
    assert "thông tư mới đã đổi" in (await minh.get("/staff/publish/1")).text


async def test_a_run_can_be_dropped_and_another_begun(site: FastAPI, sqlite: Database) -> None:
    approved(sqlite, "Từ 36 tháng.")
    minh = person(site, sqlite, Role.REVIEWER, "minh")
    await minh.post("/staff/publish/check")
    await minh.post("/staff/publish/1/drop")
    assert "Đã bỏ" in (await minh.get("/staff/publish/1")).text
    await minh.post("/staff/publish/1/publish")
    assert number_in_service(sqlite) == 1
    with sqlite.session() as session:
        begin_run(session, "minh")
    running: Any = await minh.get("/staff/publish/2")
    assert "http-equiv" in running.text and "Đang kiểm tra" in running.text
    await minh.post("/staff/publish/check")
    assert "đang chạy" in (await minh.get("/staff/publish")).text
    assert (await minh.get("/staff/publish/99")).status_code == 404
