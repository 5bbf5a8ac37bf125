"""The console as officers work with it: real Chromium, the whole chat server; only Rasa and the encoder are stand-ins.

One writes, another reviews, the gate looks, somebody publishes, and the chat answers it.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

import bot.app
import bot.serving
from actions import runtime
from actions.answer import Query
from actions.staff.roles import Role
from bot.gate.gate import Gate
from bot.publishing import Publisher
from bot.settings import IndexSettings, KnowledgeSettings, Settings
from browsing import WATCH_THE_POLICY, shot, violations
from databases import sqlite_url
from fake_encoder import HashEncoder, plain_ranker
from index.ranker import Ranker
from knowledge.database import Database, replace_content
from running_server import free_port
from small_corpus import small_corpus
from staff_site import PASSWORD, make_quick, make_user

TODAY = date(2026, 11, 22)
QUESTION = "Nộp hồ sơ dự giải qua bưu điện được không?"
ANSWER = "Được; hãy gửi bảo đảm và giữ biên nhận."


class Answering:
    """In Rasa's place: every message is a question."""

    async def send(self, sender: str, text: str, metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
        answer = await asyncio.to_thread(runtime.current().answerer().answer, Query(text, TODAY))
        return [{"recipient_id": sender, "custom": answer.to_json()}]


@dataclass
class Office:
    """A running server and its database."""

    url: str
    database: Database
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        patch.setattr(Ranker, "load", plain_ranker)
        patch.setattr(bot.serving, "open_encoder", lambda name, threads: HashEncoder("hash"))
        patch.setattr(bot.app, "_start", _start_without_rasa)
        database = _content(folder)
        settings = _settings(folder)
        Publisher(settings, database, encoder=HashEncoder("hash")).publish("test")
        port = free_port()
        app = bot.app.create_app(settings, port)
        app.state.console.run_gate = lambda settings, number: threading.Thread(
            target=Gate(settings, database, HashEncoder("hash")).run, args=(number,), daemon=True
        ).start()
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        for _ in range(300):
            if server.started:
                break
            time.sleep(0.1)
        yield Office(f"http://127.0.0.1:{port}", database)
        server.should_exit = True
        thread.join(20)
        database.close()


async def _start_without_rasa(*given: Any) -> None:
    serving, parts = given[3], given[4]
    parts.client = Answering()
    await serving.follow()


def _content(folder: Path) -> Database:
    database = Database(sqlite_url(folder))
    database.upgrade()
    with database.session() as session:
        replace_content(session, small_corpus())
    for login, role in (("lan", Role.EDITOR), ("minh", Role.REVIEWER), ("boss", Role.ADMINISTRATOR)):
        make_user(database, login, role)
    return database


def _settings(folder: Path) -> Settings:
    return Settings(
        knowledge=KnowledgeSettings(database=sqlite_url(folder)),
        index=IndexSettings(encoder="hash"),
        root=folder,
        today_fixed=TODAY,
    )


def _officer(browser: Browser, office: Office, login: str, width: int = 1280) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="vi-VN")
    context.add_init_script(WATCH_THE_POLICY)
    page = context.new_page()
    page.on("console", lambda one: office.complaints.append(one.text) if one.type == "error" else None)
    page.goto(f"{office.url}/staff/")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(login.capitalize())
    return context


def _good(page: Page, name: str) -> None:
    """No violation of WCAG 2.2, nothing wider than the screen, nothing that the policy refused."""
    shot(page, f"staff-{name}")
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.evaluate("window.violations") == [], name


def test_from_a_draft_to_the_answer_in_the_chat(browser: Browser, office: Office) -> None:
    lan, minh = _officer(browser, office, "lan", 390), _officer(browser, office, "minh")
    page = lan.pages[0]
    page.get_by_role("link", name="Hỏi đáp").first.click()
    _good(page, "faq")
    page.get_by_role("link", name="Viết mục mới").click()
    page.get_by_label("Câu hỏi", exact=True).fill(QUESTION)
    page.get_by_label("Cách hỏi khác", exact=False).first.fill("gui ho so qua buu dien dc ko\nnop buu dien co duoc k")
    page.get_by_label("Câu trả lời", exact=True).fill(ANSWER)
    page.get_by_label("Chủ đề").fill("hồ sơ")
    page.get_by_label("Tìm quy định").fill("điều 59 khoản 1")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("checkbox", name="khoản 1 Điều 59").first.check()
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Xem trước")).to_be_visible()
    _good(page, "editor")
    page.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(page.get_by_text("Chờ duyệt", exact=True)).to_be_visible()

    page = minh.pages[0]
    page.get_by_role("link", name="Hỏi đáp").first.click()
    page.get_by_role("link", name="Chờ duyệt").click()
    page.get_by_role("link", name=QUESTION).click()
    _good(page, "entry")
    page.get_by_role("button", name="Duyệt", exact=True).click()
    page.get_by_role("link", name="Công bố").first.click()
    _good(page, "publish")
    page.get_by_role("button", name="Kiểm tra trước khi công bố").click()
    expect(page.get_by_text("Đạt, chờ công bố")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Sẽ trả lời").first).to_be_visible()
    _good(page, "gate")
    page.get_by_role("button", name="Công bố", exact=True).click()
    expect(page.get_by_text("Đã công bố").first).to_be_visible()

    chat = browser.new_page()
    chat.goto(office.url)
    expect(chat.get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)
    chat.locator("#input").fill("gui ho so qua buu dien dc ko")
    chat.keyboard.press("Enter")
    expect(chat.locator("#list").get_by_text(ANSWER)).to_be_visible(timeout=20_000)
    chat.close()
    assert office.complaints == []
    lan.close()
    minh.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_can_be_used_by_everybody(browser: Browser, office: Office, width: int) -> None:
    context = _officer(browser, office, "boss", width)
    page = context.pages[0]
    for path in (
        "",
        "desk",
        "questions",
        "figures",
        "faq",
        "faq/new",
        "faq/dieu-kien-36-thang",
        "publish",
        "regulations",
        "users",
        "audit",
        "account",
        "password",
        "account/code",
    ):
        page.goto(f"{office.url}/staff/{path}")
        _good(page, path.replace("/", "-") or "home")
    page.goto(f"{office.url}/staff/faq/dieu-kien-36-thang/edit")
    _good(page, "edit")
    context.close()
    assert office.complaints == []
