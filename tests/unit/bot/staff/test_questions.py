"""The questions inbox: what gets into it, how it is counted and marked, and where it leads."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import event, text

from actions.staff.roles import Role
from bot.feedback import Feedback, Rating, Reason, keep_feedback
from bot.settings import Settings
from bot.staff.inbox import Why, unanswered
from bot.staff.period import read_period
from bot.staff.question_marks import Mark, question_key, set_marks
from knowledge.audit import search, verify
from knowledge.database import Database, replace_content
from small_corpus import small_corpus
from staff_site import Person
from stored_turns import keep_turn

pytestmark = pytest.mark.anyio
LogIn = Callable[..., Person]
TODAY = Settings().today()
WEEK = read_period(TODAY, "7")
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>"


def rate_down(database: Database, key: str, comment: str = "", sender: str = "rest:someone") -> None:
    with database.session() as session:
        assert keep_feedback(session, sender, Feedback(key, Rating.DOWN, Reason.WRONG, comment or None))


def groups(database: Database) -> dict[str, tuple[int, dict[Why, int]]]:
    with database.session() as session:
        found = unanswered(session, WEEK.since, WEEK.until, 0.4)
    return {one.title: (one.count, dict(one.why)) for one in found}


def test_what_is_in_the_inbox(database: Database) -> None:
    keep_turn(database, "Lệ phí dự giải là bao nhiêu?", "unknown")
    keep_turn(database, "le phi du giai la bao nhieu", "unknown")
    keep_turn(database, "Thời tiết hôm nay?", "out_of_scope")
    keep_turn(database, "điểm", "clarify")
    keep_turn(database, "Ai ký quyết định?", "answered", evidence=0.31, entry="ai-ky")
    keep_turn(database, "Nộp hồ sơ ở đâu?", "answered", evidence=0.92, entry="nop")
    keep_turn(database, "điều 59 nói gì", "answered", evidence=0.0, entry="ND37-2026:59")
    keep_turn(database, "chào bạn", "small_talk")
    keep_turn(database, "Giải có mấy hạng?", "unknown", at=datetime.now(UTC) - timedelta(days=9))
    rate_down(database, keep_turn(database, "Hạn nộp là ngày nào?", "answered", evidence=0.9), "ngày này cũ rồi")
    assert groups(database) == {
        "Lệ phí dự giải là bao nhiêu?": (2, {Why.UNKNOWN: 2}),
        "Hạn nộp là ngày nào?": (1, {Why.DOWN: 1}),
        "Ai ký quyết định?": (1, {Why.WEAK: 1}),
        "điểm": (1, {Why.CLARIFY: 1}),
        "Thời tiết hôm nay?": (1, {Why.OUT_OF_SCOPE: 1}),
    }
    with database.session() as session:
        found = unanswered(session, WEEK.since, WEEK.until, 0.4)
    assert found[0].count == 2, "what is asked most comes first"
    assert [one.comments for one in found if one.title.startswith("Hạn nộp")] == [("ngày này cũ rồi",)]


async def test_questions_are_marked_and_come_back_when_they_are_asked_again(
    app: FastAPI, database: Database, log_in: LogIn
) -> None:
    lan = log_in(Role.EDITOR, "lan")
    earlier = datetime.now(UTC) - timedelta(hours=1)
    for question in ("Lệ phí dự giải là bao nhiêu?", "Thời tiết hôm nay?"):
        keep_turn(database, question, "unknown", at=earlier)
    keys = [question_key("Lệ phí dự giải là bao nhiêu?"), question_key("thoi tiet HÔM NAY")]
    page = (await lan.get("/staff/questions")).text
    assert all(key in page for key in keys), "the key does not depend on case, accents and signs"
    for key, mark in zip(keys, ("handled", "out_of_scope"), strict=True):
        done = await lan.post("/staff/questions/mark", {"mark": mark, "keys": key, "back": "days=30&q=a%20b"})
        assert done.headers["location"] == "/staff/questions?days=30&q=a%20b"
    page = (await lan.get("/staff/questions")).text
    assert "Không có câu hỏi nào" in page and "Đã đánh dấu 1 cách hỏi" in page
    assert "Lệ phí" in (await lan.get("/staff/questions?mark=handled")).text
    for question in ("Lệ phí dự giải là bao nhiêu?", "Thời tiết hôm nay?"):
        keep_turn(database, question, "unknown")
    page = (await lan.get("/staff/questions")).text
    assert "Lệ phí" in page and "Thời tiết" not in page, "asked again after it was handled: it was not"
    await lan.post("/staff/questions/mark", {"mark": "", "keys": keys[1]})
    assert "Thời tiết" in (await lan.get("/staff/questions")).text
    with database.session() as session:
        told = [(one.what, one.item, one.words) for one in search(session, "lan")]
        assert verify(session).problems == ()
    assert told[:3] == [
        ("question.reopen", keys[1], "1 cách hỏi"),
        ("question.out_of_scope", keys[1], "1 cách hỏi"),
        ("question.handled", keys[0], "1 cách hỏi"),
    ]


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "a\\b", "#", "a\r\nset-cookie: x=y"])
async def test_a_mark_leads_back_to_the_inbox_only(quick_app: FastAPI, editor: Person, back: str) -> None:
    done = await editor.post("/staff/questions/mark", {"mark": "handled", "keys": "x; drop " + "0" * 15, "back": back})
    assert done.headers["location"] == "/staff/questions"


def test_only_keys_are_marked(sqlite: Database) -> None:
    with sqlite.session() as session:
        assert set_marks(session, ["../x", "0" * 15, "0" * 17, "G" * 16, ""], Mark.HANDLED, "lan") == 0
        assert search(session) == []
        assert set_marks(session, ["0" * 16] * 3, Mark.HANDLED, "lan") == 1


async def test_a_group_leads_to_the_entry_that_is_near_and_to_a_new_one(
    app: FastAPI, database: Database, log_in: LogIn
) -> None:
    lan, viewer = log_in(Role.EDITOR, "lan"), log_in(Role.VIEWER, "minh")
    with database.session() as session:
        replace_content(session, small_corpus())
    keep_turn(database, "Đơn đăng ký tải ở đâu?", "unknown", candidates=(("mau-don", 0.12), ("ND37-2026:59", 0.05)))
    page = (await lan.get("/staff/questions")).text
    assert "Mẫu đơn đăng ký lấy ở đâu?" in page and "ND37-2026:59" in page and "độ chắc 0.12" in page
    link = re.findall(r'href="(/staff/faq/mau-don/edit[^"]*)"', page)[0].replace("&amp;", "&")
    form = (await lan.get(link)).text
    variants = form.split('name="variants"')[1].split("</textarea>")[0]
    assert "xin mau don o dau" in variants and "Đơn đăng ký tải ở đâu?" in variants
    new = re.findall(r'href="(/staff/faq/new[^"]*)"', page)[0].replace("&amp;", "&")
    assert "Đơn đăng ký tải ở đâu?" in (await lan.get(new)).text
    page = (await viewer.get("/staff/questions")).text
    assert "Đơn đăng ký" in page and "/staff/faq/new" not in page and "questions/mark" not in page


async def test_filters_and_pages(quick_app: FastAPI, sqlite: Database, editor: Person) -> None:
    for number in range(60):
        keep_turn(sqlite, f"câu{number} chuyện{number} riêng{number}", "unknown" if number else "clarify")
    first, last = await editor.get("/staff/questions"), await editor.get("/staff/questions?page=99")
    assert "60 nhóm" in first.text and first.text.count("<h2>câu") == 25 and last.text.count("<h2>câu") == 10
    assert "1 nhóm" in (await editor.get("/staff/questions?why=clarify")).text
    assert "1 nhóm" in (await editor.get("/staff/questions?q=CHUYỆN17")).text
    for address in ("days=9999999999", "days=x&why=x&mark=x&page=-4", "q=" + "a" * 3_000, "q=%00&days=0"):
        assert (await editor.get(f"/staff/questions?{address}")).status_code == 200


async def test_what_people_type_is_shown_as_text(quick_app: FastAPI, sqlite: Database, editor: Person) -> None:
    key = keep_turn(sqlite, XSS, "unknown", candidates=((XSS, 0.2),))
    rate_down(sqlite, key, XSS)
    for address in ("/staff/questions", f"/staff/questions?q={XSS}", f"/staff/questions?days={XSS}&why={XSS}"):
        page = (await editor.get(address)).text
        for tag in ("<script>", "<img src=x", "<svg/onload"):
            assert tag not in page
    assert "&lt;script&gt;" in (await editor.get("/staff/questions")).text


async def test_the_number_of_queries_does_not_grow(quick_app: FastAPI, sqlite: Database, editor: Person) -> None:
    asked: list[str] = []
    engine = quick_app.state.console.database.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(str(given[2])))
    counts = []
    for total in (1, 40):
        for number in range(total):
            keep_turn(sqlite, f"câu{number}{total} khác{number}{total}", "unknown", candidates=(("a", 0.1),))
        asked.clear()
        assert (await editor.get("/staff/questions")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9, asked


def test_turns_from_before_have_their_entry_and_evidence(database: Database) -> None:
    """The migration reads both out of the answers that are kept."""
    keep_turn(database, "Nộp ở đâu?", "answered", entry="nop-ho-so", evidence=0.87)
    keep_turn(database, "chào", "small_talk")
    with database.session() as session:
        rows = session.execute(text("SELECT entry, evidence FROM turns ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("nop-ho-so", 0.87), (None, None)]
    from alembic import command

    from knowledge.database import _alembic

    with database.engine.connect() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "0015")
        connection.commit()
    assert database.upgrade()
    with database.session() as session:
        again = session.execute(text("SELECT entry, evidence FROM turns ORDER BY id")).all()
    assert again == rows
