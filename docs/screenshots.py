"""Pictures of the chat and the pages at three widths, light and dark: to look at, and (--keep) those that the README shows.

    .venv/bin/python docs/screenshots.py --url http://127.0.0.1:8000 --out /tmp/pictures [--keep]

Needs a running server and Debian's Chromium.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

IMAGES = Path(__file__).parent / "images"
SIZES = {390: 844, 768: 1024, 1280: 800}
READ = {
    "lich": "/lich",
    "van-ban": "/van-ban/",
    "nghi-dinh": "/van-ban/ND37-2026",
    "quyen-rieng-tu": "/quyen-rieng-tu",
}
KEPT = {"answer-390-light": "chat-phone", "widget-1280-light": "widget"}


def _chat(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)


def _ask(page: Page, text: str) -> None:
    page.locator("#input").fill(text)
    page.locator("#send").click()
    expect(page.locator("#list > li.own .status")).to_have_attribute("data-state", "seen", timeout=60_000)
    expect(page.locator("#typing")).to_be_hidden(timeout=60_000)
    page.wait_for_timeout(300)


def _answer(page: Page, url: str) -> None:
    _chat(page, url)
    _ask(page, "Giải Vàng cần bao nhiêu điểm?")


def _sources(page: Page, url: str) -> None:
    _answer(page, url)
    page.locator("details.sources summary").last.click()


def _form(page: Page, url: str) -> None:
    _chat(page, url)
    _ask(page, "kiểm tra giúp công ty em có đủ điều kiện không")


def _menu(page: Page, url: str) -> None:
    _answer(page, url)
    page.locator("#menu-button").click()


def _dialog(page: Page, url: str) -> None:
    _menu(page, url)
    page.locator("#privacy-button").click()
    expect(page.locator("#privacy-text")).to_contain_text("91/2025/QH15")


def _english(page: Page, url: str) -> None:
    _chat(page, url)
    page.locator("#menu-button").click()
    page.get_by_role("radio", name="English").check()
    page.keyboard.press("Escape")
    _ask(page, "How many points are needed for the Gold Award?")


def _widget(page: Page, url: str) -> None:
    page.goto(f"{url}/widget/demo")
    page.locator("award-chat button.launch").click()
    expect(page.frame_locator("award-chat iframe").get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)


STATES: dict[str, Callable[[Page, str], None]] = {
    "welcome": _chat,
    "answer": _answer,
    "sources": _sources,
    "form": _form,
    "menu": _menu,
    "dialog": _dialog,
    "english": _english,
    "widget": _widget,
}


def take(browser: Browser, url: str, out: Path) -> None:
    """One picture a state, a width and a colour scheme."""
    for width, height in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height}, has_touch=width < 700, locale="vi-VN"
            )
            page = context.new_page()
            page.emulate_media(color_scheme=scheme)
            for name, path in READ.items():
                page.goto(url + path)
                page.screenshot(path=out / f"{name}-{width}-{scheme}.png")
            for name, state in STATES.items():
                page.goto(url)
                page.evaluate("localStorage.clear()")
                state(page, url)
                page.screenshot(path=out / f"{name}-{width}-{scheme}.png")
            context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="a running server")
    parser.add_argument("--out", type=Path, required=True, help="a folder for all pictures")
    parser.add_argument("--keep", action="store_true", help="also write those of the README to docs/images")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        take(browser, options.url.rstrip("/"), options.out)
        browser.close()
    if options.keep:
        for taken, name in KEPT.items():
            (IMAGES / f"{name}.png").write_bytes((options.out / f"{taken}.png").read_bytes())


if __name__ == "__main__":
    main()
