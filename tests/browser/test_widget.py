"""The widget on another website: one script tag, a host page on an origin of its own, real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from browsing import ARGUMENTS, CHROMIUM, Served, serving, shot, violations
from databases import sqlite_url
from knowledge.database import Database
from running_server import free_port
from web_host import Host, website

ZALO = (
    '<div class="zalo-chat-widget" data-oaid="123" data-welcome-message="Bạn cần <b>giúp</b> gì?" data-autopopup="0" '
    'data-width="420" data-height="500"></div>'
)
HOST = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Công ty A</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>* {{ color: maroon; }} button, dialog {{ display: none !important; }}</style></head>
<body><main><h1>Công ty A</h1><p>Trang của một đơn vị khác.</p><a href="#x">Liên kết</a></main>{tags}
<script async src="{server}/widget.js"{data}></script></body></html>"""
STRICT = "default-src 'none'; style-src 'unsafe-inline'; script-src {0}; connect-src {0}; frame-src {0}; img-src 'self'"


def _embedding(host: Host, chat: str, tags: str = "", data: str = "") -> str:
    """The address of a page with the script tag, careless style sheets and a strict policy."""
    host.headers = {"Content-Security-Policy": STRICT.format(chat), "Referrer-Policy": "no-referrer"}
    return host.show(HOST.format(server=chat, tags=tags, data=data))


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with website() as server:
        yield server


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Iterator[Served]:
    database = Database(sqlite_url(tmp_path_factory.mktemp("widget")))
    database.upgrade()
    with serving(database, origins=(host.origin,)) as served:
        yield served
    database.close()


@pytest.fixture(params=[(390, 844), (1280, 800)], ids=["phone", "desktop"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    width, height = request.param
    opened = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A host page with our widget must complain of nothing."""
    complaints: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    assert [one for one in complaints if "favicon" not in one] == []


def _frame(page: Page) -> FrameLocator:
    return page.frame_locator("award-chat iframe")


def _open(page: Page) -> FrameLocator:
    page.get_by_role("button", name="Mở khung chat với trợ lý").click()
    frame = _frame(page)
    expect(frame.get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)
    return frame


def test_a_visitor_asks_closes_and_opens_again(page: Page, host: Host, chat: Served) -> None:
    page.goto(_embedding(host, chat.url))
    expect(page.locator("award-chat iframe")).to_have_count(0)
    frame = _open(page)
    expect(frame.locator("#input")).to_be_focused()
    frame.locator("#input").fill("điều kiện?")
    page.keyboard.press("Enter")
    expect(frame.locator("#list").get_by_text("đáp: điều kiện?")).to_be_visible(timeout=20_000)
    shot(page, "widget-open")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("award-chat dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Mở khung chat với trợ lý")).to_be_focused()
    page.get_by_role("button", name="Mở khung chat với trợ lý").click()
    expect(frame.locator("#list").get_by_text("đáp: điều kiện?")).to_be_visible()
    frame.get_by_role("button", name="Đóng khung chat").click()
    expect(page.locator("award-chat dialog")).to_be_hidden()


def test_the_conversation_is_there_on_the_next_page(browser: Browser, host: Host, chat: Served, tmp_path: Path) -> None:
    """Where the browser lets frames keep something; where not, the chat works without (the tests around this one)."""
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(
        '{"profile": {"block_third_party_cookies": false, "cookie_controls_mode": 0}}'
    )
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path), executable_path=str(CHROMIUM), args=ARGUMENTS, locale="vi-VN"
    )
    page = context.new_page()
    page.goto(_embedding(host, chat.url))
    frame = _open(page)
    frame.locator("#input").fill("điều kiện?")
    page.keyboard.press("Enter")
    expect(frame.locator("#list").get_by_text("đáp: điều kiện?")).to_be_visible(timeout=20_000)
    page.reload()
    frame = _open(page)
    expect(frame.locator("#list").get_by_text("đáp: điều kiện?")).to_be_visible(timeout=20_000)
    inner = next(one for one in page.frames if one.url.startswith(chat.url))
    token = inner.evaluate("JSON.parse(localStorage.getItem('award.chat.session')).token")
    assert all(token not in one.url for one in page.frames)
    assert page.evaluate("localStorage.length") == 0
    context.close()


def test_what_arrives_while_it_is_closed_is_counted(page: Page, host: Host, chat: Served) -> None:
    assert chat.running is not None
    page.goto(_embedding(host, chat.url))
    frame = _open(page)
    chat.running.rasa.seconds = 1.0
    frame.locator("#input").fill("điều kiện?")
    page.keyboard.press("Enter")
    expect(frame.locator("#list > li.own")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Mở khung chat với trợ lý (1 tin nhắn mới)")).to_be_visible(timeout=20_000)
    chat.running.rasa.seconds = 0.0
    page.get_by_role("button", name="(1 tin nhắn mới)").click()
    expect(frame.locator("#list").get_by_text("đáp: điều kiện?")).to_be_visible()


def test_zalos_names_for_its_data_are_understood(page: Page, host: Host, chat: Served) -> None:
    page.goto(_embedding(host, chat.url, ZALO))
    teaser = page.get_by_role("button", name="Bạn cần <b>giúp</b> gì?")
    expect(teaser).to_be_visible(timeout=20_000)
    shot(page, "widget-teaser")
    assert violations(page) == []
    teaser.click()
    expect(_frame(page).get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)
    box = page.locator("award-chat dialog").bounding_box()
    width = page.evaluate("innerWidth")
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == ((420, 500) if width > 669 else (width, 844))


def test_it_opens_by_itself_on_a_wide_screen_only_and_leaves_the_focus(page: Page, host: Host, chat: Served) -> None:
    page.goto(_embedding(host, chat.url, data=' data-autopopup="1" data-language="en"'))
    expect(page.get_by_role("button", name="Open the chat with the assistant")).to_be_visible(timeout=20_000)
    page.locator("a").focus()
    page.wait_for_timeout(1_500)
    wide = page.evaluate("innerWidth") > 669
    expect(page.locator("award-chat dialog")).to_be_visible(visible=wide)
    if wide:
        expect(_frame(page).get_by_text("Hello")).to_be_visible(timeout=20_000)
        assert page.evaluate("document.activeElement.tagName") == "A"


def test_a_website_that_is_not_named_shows_nothing_and_stays_whole(
    context: BrowserContext, host: Host, chat: Served
) -> None:
    page = context.new_page()
    named = _embedding(host, chat.url)
    page.goto(named)
    expect(page.locator("award-chat")).to_have_count(1, timeout=20_000)
    with page.expect_event("requestfailed", lambda one: one.url.endswith("/widget/hello")):
        page.goto(named.replace("localhost", "127.0.0.1"))  # the same page of another origin
    page.wait_for_timeout(200)
    assert page.locator("award-chat").count() == 0
    expect(page.get_by_role("heading", name="Công ty A")).to_be_visible()


def test_only_a_named_website_can_frame_the_chat(context: BrowserContext, host: Host, chat: Served) -> None:
    page = context.new_page()
    named = _embedding(host, chat.url, f'<iframe id="own" src="{chat.url}/widget"></iframe>')
    page.goto(named)
    framed = page.frame_locator("#own")
    expect(framed.locator("#input")).to_be_visible(timeout=20_000)
    expect(framed.get_by_text("Chào bạn!")).to_have_count(0)  # nobody has said hello
    page.goto(named.replace("localhost", "127.0.0.1"))
    expect(page.get_by_role("heading", name="Công ty A")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.frame_locator("#own").locator("#input").count() == 0


def test_a_server_that_is_down_leaves_the_page_whole(context: BrowserContext, host: Host) -> None:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(_embedding(host, f"http://127.0.0.1:{free_port()}"))
    expect(page.get_by_role("heading", name="Công ty A")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.locator("award-chat").count() == 0
    assert errors == []


def test_a_server_that_goes_down_later_says_so_and_can_be_tried_again(
    browser: Browser, host: Host, tmp_path_factory: pytest.TempPathFactory
) -> None:
    database = Database(sqlite_url(tmp_path_factory.mktemp("down")))
    database.upgrade()
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")
    page, port = context.new_page(), free_port()
    page.clock.install()
    with serving(database, (host.origin,), port) as served:
        page.goto(_embedding(host, served.url))
        expect(page.get_by_role("button", name="Mở khung chat với trợ lý")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Mở khung chat với trợ lý").click()
    page.clock.fast_forward(16_000)
    expect(page.get_by_text("Chưa mở được khung chat.")).to_be_visible()
    page.get_by_role("button", name="Đóng khung chat").last.click()
    with serving(database, (host.origin,), port):
        page.get_by_role("button", name="Mở khung chat với trợ lý").click()
        expect(_frame(page).get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)
    context.close()
    database.close()


def test_the_demo_page_shows_it_at_work(page: Page, chat: Served) -> None:
    page.goto(f"{chat.url}/widget/demo")
    expect(page.get_by_role("heading", name="Nhúng khung chat vào trang web")).to_be_visible()
    assert violations(page) == []
    _open(page)
    shot(page, "widget-demo")
