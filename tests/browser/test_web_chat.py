"""What the chat page promises a person (CHANNELS.md, section 4): typing, receipts, pictures, languages, keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from actions.files import KeptFile
from browsing import WATCH_THE_POLICY, Served, shot, violations
from fake_dialogue import FakeRasa, answer_record

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="900"><rect width="1200" height="900" fill="#0250b6"/></svg>'
SOURCE = {
    "id": "ND37-2026:58.3",
    "label": "khoản 3 Điều 58 Nghị định 37/2026/NĐ-CP",
    "quote": "Đạt từ 800 điểm trở lên.",
    "quote_kind": "official",
    "period": "từ 23/01/2026",
    "url": "/van-ban/ND37-2026#58.3",
}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")
    opened.add_init_script(WATCH_THE_POLICY)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, chat: Served) -> Iterator[Page]:
    """The page on a computer; a complaint of the browser or a request to another host fails the test."""
    complaints: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda one: complaints.append(one.url) if not one.url.startswith(chat.url) else None)
    opened.goto(f"{chat.url}/")
    expect(opened.get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)
    yield opened
    assert opened.evaluate("window.violations") == []
    assert complaints == []


@pytest.fixture
def rasa(chat: Served) -> Iterator[FakeRasa]:
    assert chat.running is not None
    yield chat.running.rasa
    chat.running.rasa.reply, chat.running.rasa.seconds = None, 0.0


def says(rasa: FakeRasa, text: str, **more: Any) -> None:
    rasa.reply = [{"recipient_id": "x", "custom": answer_record(text, **more)}]


def ask(page: Page, text: str) -> None:
    page.locator("#input").fill(text)
    page.keyboard.press("Enter")


def test_enter_within_a_composition_belongs_to_the_keyboard(page: Page) -> None:
    """Telex: «dieu kieejn» stands underlined until it is taken over; that Enter must not send half a word."""
    page.locator("#input").focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "điều kiệ", "selectionStart": 8, "selectionEnd": 8})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}  # without text: the method keeps the key
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    expect(page.locator("#list > li.own")).to_have_count(0)
    keyboard.send("Input.insertText", {"text": "điều kiện"})
    expect(page.locator("#input")).to_have_value("điều kiện")
    page.keyboard.press("Enter")
    expect(page.locator("#list > li.own")).to_contain_text("điều kiện")


def test_shift_enter_is_a_new_line(page: Page) -> None:
    page.locator("#input").fill("một")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("hai")
    page.keyboard.press("Enter")
    expect(page.locator("#list > li.own")).to_have_count(1)
    assert "một\nhai" in page.locator("#list > li.own .bubble").inner_text()


def test_receipts_say_how_far_a_message_came(page: Page, rasa: FakeRasa) -> None:
    """«Đã xem» stands while the answer is being looked for; a message that the server does not have is «Đang gửi»."""
    rasa.seconds = 2.0
    held: list[Route] = []
    page.route("**/api/chat/messages", lambda route: held.append(route))
    ask(page, "điều kiện?")
    state = page.locator("#list > li.own .status")
    expect(state).to_have_text("Đang gửi")
    page.wait_for_timeout(100)
    held[0].continue_()
    expect(state).to_have_text("Đã xem", timeout=20_000)
    expect(page.locator("#presence")).to_have_text("đang soạn tin…")
    expect(page.locator("#list").get_by_text("đáp: điều kiện?")).to_be_visible(timeout=20_000)
    expect(page.locator("#list > li.own")).to_have_count(1)


def test_days_stand_between_messages(page: Page) -> None:
    expect(page.locator("#list .day")).to_have_text(["Hôm nay"])


def test_a_picture_can_be_enlarged_and_closed_by_keyboard(page: Page, chat: Served, rasa: FakeRasa) -> None:
    assert chat.running is not None
    url = chat.running.files.keep("web:x", KeptFile("hinh.svg", "image/svg+xml", SVG))
    picture = {"kind": "image", "url": url, "title": "Biểu đồ", "media_type": "image/svg+xml", "alt": "Biểu đồ"}
    says(rasa, "Đây là biểu đồ.", attachments=[picture])
    ask(page, "biểu đồ")
    button = page.get_by_role("button", name="Phóng to hình: Biểu đồ")
    expect(button).to_be_visible(timeout=20_000)
    button.press("Enter")
    viewer = page.get_by_role("dialog", name="Biểu đồ")
    expect(viewer).to_be_visible()
    viewer.get_by_role("button", name="Cỡ thật").press("Enter")
    expect(viewer.get_by_role("button", name="Cỡ thật")).to_have_attribute("aria-pressed", "true")
    shot(page, "picture")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(button).to_be_focused()


def test_an_english_page_marks_what_is_vietnamese(page: Page, rasa: FakeRasa) -> None:
    says(rasa, "Cần 800 điểm.", citations=[SOURCE], suggestions=[{"title": "Hồ sơ?", "payload": "Hồ sơ?"}])
    page.locator("#menu-button").click()
    page.get_by_role("radio", name="English").check()
    page.keyboard.press("Escape")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    ask(page, "points?")
    text = page.locator("#list li.theirs .text").filter(has_text="800")
    expect(text).to_have_attribute("lang", "vi", timeout=20_000)
    expect(page.locator("#list .chip").last).to_have_attribute("lang", "vi")
    page.get_by_text("Sources (1)").click()
    expect(page.locator(".citation .quote")).to_have_attribute("lang", "vi")
    shot(page, "english")
    assert violations(page) == []
    page.locator("#menu-button").click()
    page.locator("#new-button").click()
    page.locator("#confirm-yes").click()
    expect(page.locator("#list").get_by_text(re.compile("^Hello"))).to_be_visible(timeout=20_000)


def test_the_privacy_notice_is_read_in_the_chat_and_as_a_page(page: Page) -> None:
    page.locator("#menu-button").press("Enter")
    page.locator("#privacy-button").press("Enter")
    notice = page.locator("#privacy")
    expect(notice.get_by_text("91/2025/QH15")).to_be_visible(timeout=20_000)
    assert violations(page) == []
    with page.context.expect_page() as opened:
        notice.get_by_role("link").click()
    expect(opened.value.get_by_role("heading", name="Quyền riêng tư")).to_be_visible()
    assert violations(opened.value) == []
    opened.value.close()
    page.keyboard.press("Escape")
    expect(page.locator("#menu-button")).to_be_focused()


def test_everything_is_reached_by_keyboard(page: Page, rasa: FakeRasa) -> None:
    """Skip link, menu, the list itself, chips, sources, composer: in the order in which they are read."""
    says(rasa, "Cần 800 điểm.", citations=[SOURCE], suggestions=[{"title": "Hồ sơ?", "payload": "Hồ sơ?"}])
    ask(page, "điểm?")
    expect(page.locator("#list .chip").last).to_be_visible(timeout=20_000)
    page.evaluate("document.activeElement.blur()")
    met = []
    for _ in range(12):
        page.keyboard.press("Tab")
        met.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
            )
        )
    wanted = ["skip", "menu-button", "scroll", "SUMMARY", "chip", "input"]
    places = [met.index(one) for one in wanted]
    assert places == sorted(places), met


def test_colours_of_the_readers_own_choosing_keep_every_part_visible(chat: Served, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, forced_colors="active", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{chat.url}/")
    expect(page.locator("#list .chip").first).to_be_visible(timeout=20_000)
    borders = page.evaluate(
        "['.bubble', '.send'].map((one) => getComputedStyle(document.querySelector(one)).borderTopStyle)"
    )
    assert borders == ["solid", "solid"]
    assert page.evaluate("getComputedStyle(document.querySelector('.dots i')).animationName") == "none"
    shot(page, "forced-colors")
    context.close()
