"""Rating, deletion and an officer's reply as a person meets them: real Chromium, the real page and chat server, a stub for Rasa."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from actions import privacy
from actions.handover import cases
from actions.handover.case import CaseReason
from actions.sentences import VI
from bot.conversations import ConversationRow
from bot.feedback import FeedbackRow
from browsing import WATCH_THE_POLICY, Served, shot, violations


@pytest.fixture(params=[(390, 844), (1280, 800)], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browser: Browser, chat: Served) -> Iterator[Page]:
    """The page at phone and desktop size; a complaint of the browser fails the test."""
    width, height = request.param
    complaints: list[str] = []
    with ExitStack() as stack:
        context = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=width < 600, locale="vi-VN"
        )
        stack.callback(context.close)
        context.add_init_script(WATCH_THE_POLICY)
        opened = context.new_page()
        opened.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(f"{chat.url}/")
        expect(opened.get_by_text("Chào bạn!")).to_be_visible(timeout=20_000)
        yield opened
        assert opened.evaluate("window.violations") == []
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints == []


def _ask(page: Page, text: str) -> None:
    page.locator("#input").fill(text)
    page.locator("#send").click()


def _answered(page: Page) -> None:
    _ask(page, "điều kiện?")
    expect(page.locator("#list").get_by_text("đáp: điều kiện?").first).to_be_visible(timeout=20_000)


def _rated(chat: Served) -> tuple[str, str | None, str | None]:
    with chat.database.session() as session:
        row = session.scalars(select(FeedbackRow).order_by(FeedbackRow.at.desc())).first()
        assert row is not None
        return row.rating, row.reason, row.comment


def _accessible(page: Page) -> None:
    assert violations(page) == []


def test_thumbs_by_keyboard_and_again_after_a_reload(page: Page, chat: Served) -> None:
    _answered(page)
    up, down = page.get_by_label("Câu trả lời hữu ích"), page.get_by_label("Câu trả lời chưa ổn")
    expect(up).to_have_attribute("aria-pressed", "false")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_have_attribute("aria-pressed", "true")
    assert _rated(chat)[0] == "up"
    page.keyboard.press("Tab")
    expect(down).to_be_focused()
    page.keyboard.press("Space")
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(up).to_have_attribute("aria-pressed", "false")
    _accessible(page)
    shot(page, "why")
    page.get_by_role("button", name="Thiếu").press("Enter")
    expect(page.locator("#list").get_by_text("Cảm ơn bạn đã đánh giá.")).to_be_visible()
    assert _rated(chat) == ("down", "thieu", None)
    page.reload()
    expect(page.get_by_label("Câu trả lời chưa ổn")).to_have_attribute("aria-pressed", "true", timeout=20_000)
    shot(page, "rated")


def test_own_words_and_the_way_to_a_person(page: Page, chat: Served) -> None:
    _answered(page)
    page.get_by_label("Câu trả lời chưa ổn").click()
    page.get_by_label("Ý khác của bạn").fill("thiếu mốc 2026, gọi 0912345678")
    page.get_by_label("Ý khác của bạn").press("Enter")
    expect(page.locator("#list").get_by_text("Cảm ơn bạn đã đánh giá.")).to_be_visible()
    assert _rated(chat) == ("down", None, "thiếu mốc 2026, gọi [đã che]")
    page.get_by_role("button", name="Gặp cán bộ").click()
    expect(page.locator("#list").get_by_text("đáp: /nguoi")).to_be_visible(timeout=20_000)


def test_a_greeting_can_not_be_rated(page: Page) -> None:
    assert page.locator(".thumb").count() == 0


def test_deletion_in_the_chat_clears_the_page_and_the_chat_goes_on(page: Page) -> None:
    _answered(page)
    _ask(page, privacy.DELETE_ALL)
    expect(page.locator("#list").get_by_text(privacy.DELETED[VI])).to_be_visible(timeout=20_000)
    expect(page.locator("#list").get_by_text("đáp: điều kiện?")).to_have_count(0)
    expect(page.locator("#list > li.message")).to_have_count(1)
    _accessible(page)
    shot(page, "deleted")
    page.reload()
    expect(page.locator("#list").get_by_text(privacy.DELETED[VI])).to_be_visible(timeout=20_000)
    expect(page.locator("#list > li.message")).to_have_count(1)
    _ask(page, "hỏi tiếp")
    expect(page.locator("#list").get_by_text("đáp: hỏi tiếp")).to_be_visible(timeout=20_000)


def test_deletion_from_the_menu_by_keyboard(page: Page) -> None:
    _answered(page)
    page.locator("#menu-button").press("Enter")
    page.locator("#delete-button").press("Enter")
    expect(page.locator("#confirm")).to_be_visible()
    _accessible(page)
    shot(page, "confirm")
    page.locator("#confirm-yes").press("Enter")
    expect(page.get_by_text("Đã xoá cuộc trò chuyện.").first).to_be_visible(timeout=20_000)
    expect(page.locator("#list").get_by_text("đáp: điều kiện?")).to_have_count(0)


def test_a_copy_of_the_data_is_a_link(page: Page, chat: Served) -> None:
    _answered(page)
    with chat.database.session() as session:
        case, _ = cases.open_case(session, _sender(session), "web", CaseReason.ASKED)
        cases.claim(session, case.id, "lan")
    _ask(page, "/xuatdulieu")
    link = page.get_by_role("link", name="Dữ liệu của bạn")
    expect(link).to_be_visible(timeout=20_000)
    assert (link.get_attribute("href") or "").startswith(f"{chat.url}/tep/")


def test_an_officers_reply_arrives_and_is_marked_as_a_persons(page: Page, chat: Served) -> None:
    _answered(page)
    with chat.database.session() as session:
        case, _ = cases.open_case(session, _sender(session), "web", CaseReason.ASKED)
        cases.reply(session, case.id, "lan", "Anh nộp hồ sơ ở Sở nhé.")
    reply = page.locator("#list > li").filter(has_text="Anh nộp hồ sơ ở Sở nhé.")
    expect(reply).to_be_visible(timeout=10_000)
    expect(reply.locator(".tag.officer")).to_have_text("Cán bộ phụ trách")
    _accessible(page)
    shot(page, "officer")
    page.get_by_role("button", name="Quay lại trợ lý").click()
    _ask(page, "hỏi lại")
    expect(page.locator("#list").get_by_text("đáp: hỏi lại")).to_be_visible(timeout=20_000)


def _sender(session: object) -> str:
    """The conversation that was opened last."""
    query = select(ConversationRow.id).order_by(ConversationRow.created_at.desc()).limit(1)
    return f"web:{session.scalar(query)}"  # type: ignore[attr-defined]
