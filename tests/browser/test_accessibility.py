"""Every public page and every state of the chat, light and dark, against axe-core: WCAG 2.2, A and AA. Real server, real Rasa."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import WATCH_THE_POLICY, shot, violations
from running_server import RunningServer

PAGES = ("/lich", "/van-ban/", "/van-ban/ND37-2026", "/van-ban/KHONG-CO", "/quyen-rieng-tu", "/widget/demo")


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, award_server: RunningServer) -> Iterator[Page]:
    """A page at phone size; a request to another host fails the test."""
    foreign: list[str] = []
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, locale="vi-VN", color_scheme=request.param
    )
    context.add_init_script(WATCH_THE_POLICY)
    opened = context.new_page()
    opened.on("request", lambda one: foreign.append(one.url) if not one.url.startswith(award_server.url) else None)
    yield opened
    assert opened.evaluate("window.violations") == []
    assert foreign == []
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_pages_that_are_read(page: Page, award_server: RunningServer, path: str) -> None:
    page.goto(award_server.url + path)
    shot(page, f"a11y{path.replace('/', '-')}-{page.evaluate('matchMedia(`(prefers-color-scheme: dark)`).matches')}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _say(page: Page, text: str, answered: str) -> None:
    page.locator("#input").fill(text)
    page.locator("#send").click()
    expect(page.locator("#list > li.theirs").last).to_contain_text(answered, timeout=30_000)


def _answer(page: Page) -> None:
    _say(page, "Giải Vàng cần bao nhiêu điểm?", "800")
    page.locator("details.sources summary").last.click()


def _form(page: Page) -> None:
    _say(page, "/dieukien", "")
    expect(page.locator("#list .chip").first).to_be_visible(timeout=20_000)


def _menu(page: Page) -> None:
    page.locator("#menu-button").click()


def _dialog(page: Page) -> None:
    _menu(page)
    page.locator("#privacy-button").click()
    expect(page.locator("#privacy-text")).to_contain_text("91/2025/QH15")


def _unsent(page: Page) -> None:
    """A message that the server refuses, and one that waits for the network."""
    page.route("**/api/chat/messages", lambda route: route.fulfill(status=422, json={"detail": "Chưa đúng dạng."}))
    page.locator("#input").fill("một")
    page.locator("#send").click()
    expect(page.locator(".status.failed")).to_be_visible(timeout=20_000)


def _english(page: Page) -> None:
    _menu(page)
    page.get_by_role("radio", name="English").check()
    page.keyboard.press("Escape")
    _answer(page)


@pytest.mark.parametrize("state", [_answer, _form, _menu, _dialog, _unsent, _english], ids=lambda one: one.__name__[1:])
def test_states_of_the_chat(page: Page, award_server: RunningServer, state: Callable[[Page], None]) -> None:
    page.goto(award_server.url)
    expect(page.get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)
    state(page)
    shot(page, f"a11y-{state.__name__[1:]}-{page.locator('html').get_attribute('data-theme')}")
    assert violations(page) == []
