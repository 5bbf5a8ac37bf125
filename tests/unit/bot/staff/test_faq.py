"""Writing, reviewing and approving entries in the console."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from actions.staff.roles import Role
from bot.staff.markup import draw
from knowledge.corpus import Corpus
from knowledge.database import Database, replace_content
from knowledge.documents import Period
from knowledge.editing.staleness import stale_entries
from knowledge.marks import MarkedKind, ReviewMark
from knowledge.review import add_marks, list_marks
from shipped import TODAY
from small_corpus import pid, small_corpus
from staff_site import Person, person

pytestmark = pytest.mark.anyio
LogIn = Callable[..., Person]
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>"
FORM: dict[str, Any] = {
    "topic": "hồ sơ",
    "kind": "answer",
    "confidence": "official_text",
    "question": "Nộp qua bưu điện được không?",
    "variants": "gui buu dien dc ko\r\n\r\ngui buu dien dc ko\r\nqua bưu điện?",
    "answer": "Được, **nếu** đủ:\r\n\r\n- một\r\n- hai",
    "citations": ["ND37-2026:59.1"],
}
NEW = "/staff/faq/ho-so-nop-qua-buu-dien-duoc-khong"


@pytest.fixture(autouse=True)
def _content(request: pytest.FixtureRequest) -> None:
    name = "database" if "app" in request.fixturenames else "sqlite"
    if name in request.fixturenames:
        with request.getfixturevalue(name).session() as session:
            replace_content(session, small_corpus())


async def test_one_writes_another_approves(app: FastAPI, database: Database, log_in: LogIn) -> None:
    lan, minh = log_in(Role.EDITOR, "lan"), log_in(Role.REVIEWER, "minh")
    looked = await lan.post("/staff/faq/new", {**FORM, "do": "search", "search": "điều 59 khoản 1", "citations": []})
    assert 'value="ND37-2026:59.1"' in looked.text and "Nộp qua bưu điện" in looked.text
    shown = await lan.post("/staff/faq/new", {**FORM, "do": "preview"})
    assert "<strong>nếu</strong>" in shown.text and "<li>một</li>" in shown.text and "Căn cứ: khoản 1" in shown.text
    made = await lan.post("/staff/faq/new", {**FORM, "do": "submit"})
    assert made.headers["location"] == NEW
    page = await lan.get(NEW)
    assert "Chờ duyệt" in page.text and "Đã gửi duyệt." in page.text and "/approve" not in page.text
    assert "Đã gửi duyệt." not in (await lan.get(NEW)).text, "it is told once"
    assert "/approve" in (await minh.get(NEW)).text
    assert (await lan.post(f"{NEW}/approve", {"version": "2"})).status_code == 403
    back = await minh.post(f"{NEW}/back", {"version": "2", "note": ""})
    assert back.status_code == 303 and "Hãy ghi" in (await minh.get(NEW)).text
    assert (await minh.post(f"{NEW}/approve", {"version": "2"})).status_code == 303
    done = await minh.get(NEW)
    assert "Đã duyệt, chờ công bố" in done.text and "take-back" in done.text
    assert (await minh.post(f"{NEW}/take-back", {"version": "3"})).status_code == 303
    assert "Bản nháp" in (await minh.get(NEW)).text
    assert "gui buu dien dc ko\nqua bưu điện?" in (await lan.get(f"{NEW}/edit")).text, "each way to ask once"


async def test_the_same_entry_in_two_windows(app: FastAPI, database: Database, log_in: LogIn) -> None:
    lan, nam = log_in(Role.EDITOR, "lan"), log_in(Role.EDITOR, "nam")
    await lan.post("/staff/faq/new", {**FORM, "do": "save"})
    for one in (lan, nam):
        assert 'name="version" value="1"' in (await one.get(f"{NEW}/edit")).text
    assert (
        await nam.post(f"{NEW}/edit", {**FORM, "answer": "Của Nam.", "version": "1", "do": "save"})
    ).status_code == 303
    late = await lan.post(f"{NEW}/edit", {**FORM, "answer": "Của Lan.", "version": "1", "do": "save"})
    assert late.status_code == 409
    assert "nam vừa lưu" in late.text and "Của Lan." in late.text, "what was typed is still there"
    assert "<del>" in late.text and "Của Nam." in (await lan.get(NEW)).text
    assert 'name="version" value="2"' in late.text
    looked = await lan.post(f"{NEW}/edit", {**FORM, "version": "1", "do": "preview"})
    assert 'name="version" value="1"' in looked.text, "looking is no way around a conflict"
    assert (
        await lan.post(f"{NEW}/edit", {**FORM, "answer": "Của Lan.", "version": "2", "do": "save"})
    ).status_code == 303
    assert (await nam.post(f"{NEW}/submit", {"version": "1"})).status_code == 303
    assert "vừa được" in (await nam.get(NEW)).text


async def test_history_shows_what_changed_and_gives_it_back(quick_app: FastAPI, editor: Person) -> None:
    await editor.post("/staff/faq/new", {**FORM, "do": "save"})
    await editor.post(f"{NEW}/edit", {**FORM, "answer": "Không.", "version": "1", "do": "save"})
    page = await editor.get(f"{NEW}/revisions/1")
    assert "Lấy lại" in page.text and "<del>" in page.text and "<ins>" in page.text
    assert (await editor.post(f"{NEW}/restore", {"version": "2", "revision": "1"})).status_code == 303
    assert "<strong>nếu</strong>" in (await editor.get(NEW)).text
    assert (await editor.get(f"{NEW}/revisions/77")).status_code == 404
    assert (await editor.get("/staff/faq/khong-co")).status_code == 404
    assert (await editor.post("/staff/faq/khong-co/edit", {**FORM, "do": "save"})).status_code == 404


async def test_what_is_typed_is_never_run(quick_app: FastAPI, editor: Person) -> None:
    evil = dict.fromkeys(("question", "answer", "variants", "where", "topic", "en_question", "en_answer"), XSS)
    made = await editor.post("/staff/faq/new", {**FORM, **evil, "do": "save"})
    assert made.status_code == 303
    entry = made.headers["location"]
    pages = [
        await editor.get(address)
        for address in (
            "/staff/faq",
            entry,
            f"{entry}/edit",
            f"{entry}/revisions/1",
            f"/staff/faq?q={XSS}",
            f"/staff/faq/{XSS}",
        )
    ]
    pages.append(await editor.post("/staff/faq/new", {**FORM, **evil, "do": "preview", "search": XSS}))
    pages.append(await editor.post("/staff/faq/new", {**FORM, **evil, "kind": XSS, "id": XSS, "do": "save"}))
    for page in pages:
        for tag in ("<script", "<img src=x", "<svg/onload"):
            assert tag not in page.text.replace('<img src="/static/icon.svg"', ""), page.url


@given(st.text("<>&\"'*- \nab:/htps.", max_size=60))
def test_drawn_answers_hold_only_our_tags(text: str) -> None:
    drawn = str(draw(text))
    assert (
        re.sub(r'</?(?:p|ul|li|strong|a)(?: href="https?://[^"<>]*" rel="noopener noreferrer")?>', "", drawn).count("<")
        == 0
    )


@pytest.mark.parametrize("text", ["xem javascript:alert(1)", "[a](javascript:alert(1))", "data:text/html,x"])
def test_only_web_addresses_become_links(text: str) -> None:
    assert "href" not in draw(text)


async def test_bad_fields_are_told_and_nothing_typed_is_lost(quick_app: FastAPI, editor: Person) -> None:
    for change, words in (
        ({"question": ""}, "Câu hỏi"),
        ({"valid_from": "hôm qua"}, "ngày"),
        ({"citations": ["x"]}, "Căn cứ"),
    ):
        refused = await editor.post("/staff/faq/new", {**FORM, **change, "do": "save"})
        assert refused.status_code == 400 and words in refused.text and "gui buu dien" in refused.text


async def test_the_list_finds_and_links(quick_app: FastAPI, editor: Person) -> None:
    page = await editor.get("/staff/faq?q=36+thang&topic=điều kiện&state=published")
    assert "dieu-kien-36-thang" in page.text and "/staff/faq/iso" not in page.text
    assert "Không có mục nào" in (await editor.get("/staff/faq?q=khongcogica")).text
    assert (await editor.get("/staff/faq?page=-5&state=lạ&old=1")).status_code == 200
    given_question = await editor.get("/staff/faq/new?question=Có phí không%3F&variant=phi ko")
    assert "Có phí không?" in given_question.text and "phi ko" in given_question.text


def test_entries_on_former_rules_that_are_given_as_todays_are_out_of_date() -> None:
    small = small_corpus()
    assert stale_entries(small, TODAY) == frozenset()
    former = replace(small.faq[1], valid=Period())
    assert stale_entries(Corpus(small.documents, small.guidance, (former, *small.faq[2:])), TODAY) == {"tieu-chi-cu"}


async def test_reviewers_confirm_what_waits_for_review(quick_app: FastAPI, sqlite: Database) -> None:
    mark = ReviewMark(
        0, MarkedKind.FAQ, "iso", pid("ND37-2026:59.1"), pid("ND37-2026:59"), date(2026, 12, 1), 1, datetime.now(UTC)
    )
    with sqlite.session() as session:
        add_marks(session, [mark])
    minh = person(quick_app, sqlite, Role.REVIEWER)
    assert "/staff/faq/iso" in (await minh.get("/staff/faq?marked=1")).text
    assert "Chờ rà soát" in (await minh.get("/staff/faq/iso")).text
    assert (await minh.post("/staff/faq/iso/confirm", {"version": "1"})).status_code == 303
    with sqlite.session() as session:
        assert list_marks(session) == []
