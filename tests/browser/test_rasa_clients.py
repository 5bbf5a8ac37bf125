"""Chat clients that others made, unmodified: a socket.io client, rasa-webchat 1.0.1 and deep-chat 2.4.2 in real Chromium."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import socketio
from playwright.sync_api import Browser, Page, expect

from actions import outbox
from actions.answer import Answer, AnswerStatus
from bot.channels import rasa_socket
from bot.channels.rasa_socket import CHANNEL
from bot.channels.requests import TOO_FAST
from browsing import Served, serving, shot
from databases import sqlite_url
from fake_dialogue import TODAY, answer_record
from knowledge.database import Database
from npm_packages import npm_package
from web_host import Host, website

WEBCHAT = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Khách</title></head><body><main><h1>Công ty A</h1></main>
<script src="/rasa-webchat.js"></script>
<script>window.WebChat.default({{initPayload: "/get_started", customData: {{language: "vi"}}, socketUrl: "{server}",
socketPath: "/socket.io/", title: "Trợ lý", params: {{storage: "local"}}}}, null)</script></body></html>"""
DEEP_CHAT = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Khách</title></head><body>
<script type="module" src="/deep-chat.js"></script>
<deep-chat connect='{{"url": "{server}/api/deep-chat", "additionalBodyProps": {{"session": "{session}"}}}}'></deep-chat></body></html>"""


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with website() as server:
        yield server


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Iterator[Served]:
    database = Database(sqlite_url(tmp_path_factory.mktemp("clients")))
    database.upgrade()
    with serving(database, origins=(host.origin,)) as served:
        yield served
    database.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def usual(chat: Served) -> Iterator[None]:
    """Rasa's stand-in as it is at first, whatever a test has told it."""
    yield
    assert chat.running is not None
    chat.running.rasa.reply, chat.running.rasa.seconds = None, 0.0


class SocketClient:
    """A program with python-socketio's client, over polling."""

    def __init__(self, chat: Served, **headers: str) -> None:
        self.said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._confirmed: queue.Queue[str] = queue.Queue()
        self._client = socketio.Client(reconnection=False)
        self._client.on("bot_uttered", self.said.put)
        self._client.on("session_confirm", self._confirmed.put)
        self._client.connect(chat.url, transports=["polling"], headers=headers)

    def session(self, name: str | None = None) -> str:
        self._client.emit("session_request", {"session_id": name})
        return self._confirmed.get(timeout=20)

    def say(self, text: Any, session: str | None = None) -> None:
        self._client.emit("user_uttered", {"message": text, "session_id": session, "customData": {}})

    def hears(self) -> str:
        return str(self.said.get(timeout=20)["text"])

    def vanish(self) -> None:
        """As a cut line would: nobody is told."""
        threading.Thread(target=self._client.eio.disconnect, args=(True,), daemon=True).start()

    def close(self) -> None:
        """Tell the server; the library then waits for its last poll to end, which nobody else need do."""
        threading.Thread(target=self._client.disconnect, daemon=True).start()


@pytest.fixture
def client(chat: Served) -> Iterator[SocketClient]:
    opened = SocketClient(chat)
    yield opened
    opened.close()


def test_a_question_is_answered_in_the_clients_own_words(chat: Served, client: SocketClient) -> None:
    session = client.session()
    assert len(session) == 32
    suggestion = {"title": "Hồ sơ", "payload": "/hoso"}
    picture = {"kind": "image", "url": "/tep/x", "title": "Biểu đồ", "media_type": "image/png"}
    assert chat.running is not None
    chat.running.rasa.reply = [
        {"custom": answer_record("Cần 800 điểm.", suggestions=[suggestion], attachments=[picture])}
    ]
    client.say("Giải Vàng?", session)
    shown = client.said.get(timeout=20)
    assert shown["attachment"] == {"type": "image", "payload": {"title": "Biểu đồ", "src": f"{chat.url}/tep/x"}}
    told = client.said.get(timeout=20)
    assert told["text"] == "Cần 800 điểm."
    assert told["quick_replies"] == [{"content_type": "text", **suggestion}]
    assert chat.running.rasa.asked[-1] == (f"{CHANNEL}{session}", "Giải Vàng?")


def test_questions_asked_together_are_answered_in_order(client: SocketClient) -> None:
    session = client.session()
    for number in range(8):
        client.say(f"câu {number}", session)
    assert [client.hears() for _ in range(8)] == [f"đáp: câu {number}" for number in range(8)]


def test_a_name_that_anybody_could_guess_opens_no_conversation(client: SocketClient) -> None:
    assert client.session("user1") != "user1"
    assert client.session("x" * 65) != "x" * 65
    own = "a1B2c3D4e5F6g7H8"
    assert client.session(own) == own


def test_payloads_of_rasas_clients_are_understood(chat: Served, client: SocketClient) -> None:
    session = client.session()
    for sent, meant in (("/get_started", "/start"), ('/hoso{"loai": "vàng"}', "/hoso"), ("1/2 {a}", "1/2 {a}")):
        client.say(sent, session)
        client.hears()
        assert chat.running is not None
        assert chat.running.rasa.asked[-1][1] == meant


def test_what_is_no_message_is_left_aside(chat: Served, client: SocketClient) -> None:
    session = client.session()
    for odd in (None, 5, ["x"], {"a": 1}, "", "   "):
        client.say(odd, session)
    client.say("có chữ", session)
    assert client.hears() == "đáp: có chữ"
    client.say("a" * 2_001, session)
    assert "2.000 ký tự" in client.hears()


def test_what_was_said_while_the_client_was_away_arrives_on_return(chat: Served, client: SocketClient) -> None:
    session = client.session()
    client.say("một", session)
    assert client.hears() == "đáp: một"
    assert chat.running is not None
    chat.running.rasa.seconds = 1.0
    client.say("hai", session)
    client.close()
    with chat.database.session() as database:
        outbox.put(database, f"{CHANNEL}{session}", Answer(AnswerStatus.HANDOFF, "Cán bộ đã trả lời.", TODAY))
    back = SocketClient(chat)
    assert back.session(session) == session
    assert {back.hears(), back.hears()} == {"đáp: hai", "Cán bộ đã trả lời."}
    assert back.said.empty()
    with chat.database.session() as database:
        outbox.put(database, f"{CHANNEL}{session}", Answer(AnswerStatus.HANDOFF, "Thêm một tin.", TODAY))
    assert back.hears() == "Thêm một tin."
    back.close()


def test_what_was_sent_into_a_dead_connection_comes_again(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network went away without a word: until the missing pong tells so, the client seems to be there."""
    monkeypatch.setattr(rasa_socket, "PING_SECONDS", 1)
    monkeypatch.setattr(rasa_socket, "PONG_SECONDS", 1)
    database = Database(sqlite_url(tmp_path_factory.mktemp("dead")))
    database.upgrade()
    with serving(database) as served:
        client = SocketClient(served)
        session = client.session()
        client.vanish()
        with database.session() as writing:
            outbox.put(writing, f"{CHANNEL}{session}", Answer(AnswerStatus.HANDOFF, "Vào chỗ trống.", TODAY))
        assert served.running is not None
        while served.running.sockets.present(session):
            time.sleep(0.05)
        back = SocketClient(served)
        back.session(session)
        assert back.hears() == "Vào chỗ trống."
        back.close()
    database.close()


def test_pages_of_other_websites_are_let_in_by_name_only(chat: Served, host: Host) -> None:
    named = SocketClient(chat, Origin=host.origin)
    named.close()
    with pytest.raises(socketio.exceptions.ConnectionError):
        SocketClient(chat, Origin="https://evil.example")


def test_floods_and_crowds_are_told_so_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    database = Database(sqlite_url(tmp_path_factory.mktemp("flood")))
    database.upgrade()
    with serving(database, per_sender=2, sessions=2) as served:
        client = SocketClient(served)
        session = client.session()
        for _ in range(6):
            client.say("hỏi", session)
        assert sorted(client.hears() for _ in range(3)) == sorted(["đáp: hỏi", "đáp: hỏi", TOO_FAST])
        second = SocketClient(served)
        with pytest.raises(socketio.exceptions.ConnectionError):
            SocketClient(served)
        assert client.said.empty()
        second.close()
        client.close()
    database.close()


def _webchat(page: Page, host: Host, chat: Served) -> None:
    bundle = npm_package("rasa-webchat") / "lib" / "index.js"
    host.pages["/rasa-webchat.js"] = ("text/javascript; charset=utf-8", bundle.read_bytes())
    page.goto(host.show(WEBCHAT.format(server=chat.url)))


def test_rasa_webchat_holds_a_conversation_and_goes_on_after_it_was_away(page: Page, host: Host, chat: Served) -> None:
    assert chat.running is not None
    rasa = chat.running.rasa
    rasa.reply = [
        {"custom": answer_record("Chào bạn.", suggestions=[{"title": "Điểm?", "payload": "Giải Vàng cần mấy điểm"}])}
    ]
    _webchat(page, host, chat)
    page.locator(".rw-launcher").click()
    expect(page.locator(".rw-response").get_by_text("Chào bạn.")).to_be_visible(timeout=20_000)
    rasa.reply = None
    page.get_by_text("Điểm?").click()
    expect(page.get_by_text("đáp: Giải Vàng cần mấy điểm")).to_be_visible(timeout=20_000)
    rasa.seconds = 1.5
    page.locator(".rw-new-message").fill("hồ sơ cần gì ạ")
    page.keyboard.press("Enter")
    expect(page.get_by_text("hồ sơ cần gì ạ")).to_be_visible()
    page.wait_for_timeout(300)
    page.goto("about:blank")
    page.wait_for_timeout(2_000)
    page.goto(f"{host.origin}/")
    expect(page.get_by_text("đáp: hồ sơ cần gì ạ")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("đáp: Giải Vàng cần mấy điểm")).to_be_visible()
    shot(page, "rasa-webchat")


def test_deep_chat_asks_and_its_buttons_mean_what_stands_behind_them(page: Page, host: Host, chat: Served) -> None:
    assert chat.running is not None
    bundle = npm_package("deep-chat") / "dist" / "deepChat.bundle.js"
    host.pages["/deep-chat.js"] = ("text/javascript; charset=utf-8", bundle.read_bytes())
    chat.running.rasa.reply = [
        {"custom": answer_record("Cần <800> điểm.", suggestions=[{"title": "Hồ sơ?", "payload": "/hoso"}])}
    ]
    page.goto(host.show(DEEP_CHAT.format(server=chat.url, session="deep-chat-session-1")))
    page.locator("deep-chat #text-input").fill("điểm?")
    page.keyboard.press("Enter")
    expect(page.locator("deep-chat").get_by_text("Cần <800> điểm.")).to_be_visible(timeout=20_000)
    chat.running.rasa.reply = None
    page.locator("deep-chat").get_by_text("Hồ sơ?").click()
    expect(page.locator("deep-chat").get_by_text("đáp: /hoso")).to_be_visible(timeout=20_000)
    assert chat.running.rasa.asked[-1] == ("deepchat:deep-chat-session-1", "/hoso")
    shot(page, "deep-chat")
