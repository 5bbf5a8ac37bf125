"""The web chat as a person meets it on a phone: real Chromium, real server, real Rasa."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import WATCH_THE_POLICY, violations
from running_server import RunningServer

QUESTIONS = (
    ("Giải Vàng cần bao nhiêu điểm?", "800 điểm", "khoản 3 Điều 58 Nghị định 37/2026/NĐ-CP"),
    ("cong ty phai hoat dong bao lau moi dc du giai", "36 tháng", "khoản 1 Điều 59 Nghị định 37/2026/NĐ-CP"),
    ("Đạt giải có được in logo lên bao bì không?", "biểu trưng", "khoản 1 Điều 64 Nghị định 37/2026/NĐ-CP"),
)


OFFLINE = re.compile("ERR_INTERNET_DISCONNECTED|Failed to fetch|network error", re.IGNORECASE)


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complains about, and requests to other hosts."""
    return []


@pytest.fixture
def phone(browser: Browser, award_server: RunningServer, complaints: list[str]) -> Iterator[Page]:
    """The page at phone size; every complaint of the browser and every request elsewhere fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="vi-VN")
    context.add_init_script(WATCH_THE_POLICY)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if award_server.url not in request.url else None)
    page.goto(f"{award_server.url}/")
    expect(page.get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)
    yield page
    assert page.evaluate("window.violations") == []
    assert complaints == []
    context.close()


def ask(page: Page, question: str) -> None:
    page.locator("#input").fill(question)
    page.locator("#send").click()


def test_three_questions_with_sources_and_chips(phone: Page) -> None:
    for question, said, source in QUESTIONS:
        ask(phone, question)
        answer = phone.locator("#list > li").filter(has_text=said).last
        expect(answer).to_be_visible(timeout=20_000)
        toggle = answer.get_by_text("Căn cứ (")
        toggle.click()
        expect(answer.get_by_text(source).first).to_be_visible()
    assert phone.locator("#list button.chip").count() >= 1


def test_a_chip_asks_its_question(phone: Page) -> None:
    chip = phone.locator("#list button.chip").first
    title = chip.inner_text()
    chip.click()
    expect(phone.locator("#list > li").filter(has_text=title).first).to_be_visible()
    expect(phone.get_by_text("Căn cứ (").first).to_be_visible(timeout=20_000)


def test_a_reload_keeps_the_conversation(phone: Page) -> None:
    ask(phone, QUESTIONS[0][0])
    expect(phone.get_by_text("Căn cứ (").first).to_be_visible(timeout=20_000)
    phone.reload()
    expect(phone.locator("#list > li").filter(has_text=QUESTIONS[0][0]).first).to_be_visible(timeout=20_000)
    expect(phone.get_by_text("Căn cứ (").first).to_be_visible()


def test_markup_in_a_message_stays_text(phone: Page) -> None:
    ask(phone, "<img src=x onerror=alert(1)> điều kiện dự giải là gì")
    expect(phone.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
    assert phone.locator("#list img[src=x]").count() == 0


def test_nothing_is_wider_than_the_phone(phone: Page) -> None:
    ask(phone, "a" * 300)
    phone.wait_for_timeout(500)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_sources_open_and_close(phone: Page) -> None:
    ask(phone, QUESTIONS[0][0])
    sources = phone.locator("details.sources").first
    expect(sources).to_be_visible(timeout=20_000)
    expect(sources.locator(".citation").first).to_be_hidden()
    sources.locator("summary").click()
    expect(sources.locator(".citation .quote").first).to_be_visible()
    link = sources.locator("a").first
    assert "noopener" in (link.get_attribute("rel") or "")
    with phone.context.expect_page() as opened:
        link.click()
    clause = opened.value.locator(":target")
    expect(clause).to_contain_text("800")
    assert opened.value.url.endswith("/van-ban/ND37-2026#58.3")
    opened.value.close()
    sources.locator("summary").click()
    expect(sources.locator(".citation").first).to_be_hidden()


def test_what_was_typed_offline_is_sent_once_the_network_is_back(phone: Page, complaints: list[str]) -> None:
    phone.context.set_offline(True)
    ask(phone, QUESTIONS[0][0])
    expect(phone.locator("#banner")).to_be_visible(timeout=30_000)
    expect(phone.locator("#list > li.own")).to_have_count(1)
    phone.context.set_offline(False)
    expect(phone.get_by_text("Căn cứ (").first).to_be_visible(timeout=60_000)
    expect(phone.locator("#banner")).to_be_hidden(timeout=30_000)
    ask(phone, QUESTIONS[1][0])
    expect(phone.locator("#list > li").filter(has_text=QUESTIONS[1][1]).last).to_be_visible(timeout=20_000)
    expect(phone.locator("#list > li.own")).to_have_count(2)
    complaints[:] = [one for one in complaints if not OFFLINE.search(one)]


def test_nothing_stands_in_the_way_of_a_screen_reader(phone: Page) -> None:
    """WCAG 2.2 A and AA, as far as axe can tell, with an answer, open sources and chips on the page."""
    ask(phone, QUESTIONS[0][0])
    phone.locator("details.sources summary").first.click(timeout=20_000)
    expect(phone.locator("#list button.chip").first).to_be_visible()
    assert violations(phone) == []


def test_a_message_is_sent_by_enter_on_a_keyboard(browser: Browser, award_server: RunningServer) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{award_server.url}/")
    expect(page.get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)
    page.locator("#input").fill(QUESTIONS[0][0])
    page.keyboard.press("Enter")
    expect(page.get_by_text("Căn cứ (").first).to_be_visible(timeout=20_000)
    context.close()
