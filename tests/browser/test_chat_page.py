"""The web chat as a person meets it on a phone: real Chromium, real server, real Rasa."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from running_server import RunningServer

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUESTIONS = (
    ("Giải Vàng cần bao nhiêu điểm?", "800 điểm", "khoản 3 Điều 58 Nghị định 37/2026/NĐ-CP"),
    ("cong ty phai hoat dong bao lau moi dc du giai", "36 tháng", "khoản 1 Điều 59 Nghị định 37/2026/NĐ-CP"),
    ("Đạt giải có được in logo lên bao bì không?", "biểu trưng", "khoản 1 Điều 64 Nghị định 37/2026/NĐ-CP"),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def phone(browser: Browser, award_server: RunningServer) -> Iterator[Page]:
    """The page at phone size; every complaint of the browser and every request elsewhere fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="vi-VN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if award_server.url not in request.url else None)
    page.goto(f"{award_server.url}/")
    expect(page.get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)
    yield page
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
