"""The desk as officers use it: who waits, what was said, answering, giving back, closing; two officers; what people type is only text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from sqlalchemy import event, select, update

from actions.answer import Thresholds
from actions.answering import Answerer
from actions.handover import cases
from actions.handover.case import Case, CaseReason, CaseState
from actions.outbox import OutboxRow
from actions.staff.roles import Role
from actions.staff.sessions import StaffSessionRow
from bot.app import create_app
from bot.publication import Served
from bot.settings import BotSettings, KnowledgeSettings, OfficeSettings, Settings
from fake_encoder import HashEncoder, plain_ranker
from index.build import build_index
from index.hybrid import HybridRetriever
from index.logistic import Logistic
from index.scope import NAMES, ScopeModel
from knowledge.audit import search
from knowledge.database import Database
from knowledge.publications import Current, Reason
from small_corpus import small_corpus
from staff_site import Person, person
from stored_turns import keep_turn

pytestmark = pytest.mark.anyio
LogIn = Callable[..., Person]
SENDER = "rest:someone"
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>"
OF_ITSELF = {"hx-request": "true"}


def ask(database: Database, sender: str = SENDER, reason: CaseReason = CaseReason.ASKED) -> Case:
    """Somebody asks for a person."""
    with database.session() as session:
        return cases.open_case(session, sender, "rest", reason)[0]


def hear(database: Database, text: str, sender: str = SENDER) -> None:
    with database.session() as session:
        assert cases.hear(session, sender, text, None)


def now(database: Database, case: Case) -> Case:
    with database.session() as session:
        return cases.find_case(session, case.id)


def brought(database: Database) -> list[str]:
    """What is on its way to the person."""
    with database.session() as session:
        return [str(row.answer["text"]) for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The corpus of a few entries in service."""
    folder = tmp_path_factory.mktemp("index") / "small"
    corpus, encoder = small_corpus(), HashEncoder()
    build_index(corpus, encoder, folder)
    ours = ScopeModel(Logistic(NAMES, np.zeros(len(NAMES)), 20.0))
    limits = Thresholds(answer=0.9, offer=0.3, scope=0.5, small_talk=0.9)
    answerer = Answerer(corpus, HybridRetriever(folder, corpus, encoder, plain_ranker()), ours, limits)
    return Served(Current(1, 1, datetime.now(UTC), "", Reason.PUBLISHED), answerer)


async def test_a_case_is_seen_taken_answered_given_back_and_closed(
    app: FastAPI, database: Database, log_in: LogIn
) -> None:
    lan = log_in(Role.EDITOR, "lan")
    assert "Không có ai đang chờ" in (await lan.get("/staff/desk")).text
    keep_turn(database, "Nộp hồ sơ ở đâu?", "unknown", SENDER)
    case = ask(database)
    listed = (await lan.get("/staff/desk")).text
    assert case.number in listed and "Nộp hồ sơ ở đâu?" in listed and "chờ cán bộ" in listed
    page = (await lan.get(f"/staff/desk/{case.id}")).text
    assert page.index("Nộp hồ sơ ở đâu?") < page.index("mở yêu cầu")
    assert "không để lại liên hệ" in page

    taken = await lan.post(f"/staff/desk/{case.id}/take")
    assert (taken.status_code, now(database, case).officer) == (303, "lan")
    hear(database, "Tôi ở Huế")
    listed = (await lan.get("/staff/desk")).text
    assert "tin mới" in listed and "Tôi ở Huế" in listed
    sent = await lan.post(f"/staff/desk/{case.number}/reply", {"text": "Dạ nộp tại Sở ạ.\r\nMời anh chị."})
    assert sent.headers["location"] == f"/staff/desk/{case.id}"
    assert "Dạ nộp tại Sở ạ.\nMời anh chị." in brought(database)
    page = (await lan.get(f"/staff/desk/{case.id}")).text
    assert "Đã gửi câu trả lời" in page and page.index("Tôi ở Huế") < page.index("Dạ nộp tại Sở ạ.")
    assert "tin mới" not in (await lan.get("/staff/desk")).text

    assert (await lan.post(f"/staff/desk/{case.id}/back")).status_code == 303
    assert now(database, case).state is CaseState.ANSWERED
    assert (await lan.post(f"/staff/desk/{case.id}/close")).headers["location"] == "/staff/desk"
    assert case.number not in (await lan.get("/staff/desk")).text
    assert case.number in (await lan.get("/staff/desk?closed=1")).text
    with database.session() as session:
        did = [(one.what, one.who, one.words) for one in search(session, case.number)]
    assert did == [
        ("case.close", "lan", "đã trả lời → đã đóng"),
        ("case.give_back", "lan", "cán bộ giữ → đã trả lời"),
        ("case.reply", "lan", "cán bộ giữ → cán bộ giữ"),
        ("case.take", "lan", "chờ cán bộ → cán bộ giữ"),
    ]


async def test_two_officers_never_answer_the_same_person(app: FastAPI, database: Database, log_in: LogIn) -> None:
    lan, minh = log_in(Role.EDITOR, "lan"), log_in(Role.EDITOR, "minh")
    case = ask(database)
    assert (await lan.post(f"/staff/desk/{case.id}/reply", {"text": "Chào anh chị."})).status_code == 303
    before = brought(database)
    for step, sent in (("take", {}), ("reply", {"text": "Câu của Minh"}), ("back", {}), ("close", {})):
        refused = await minh.post(f"/staff/desk/{case.id}/{step}", sent)
        assert refused.status_code == 409 and "lan đang giữ" in refused.text
        assert ("Câu của Minh" in refused.text) is (step == "reply"), "what was typed is not lost"
    assert brought(database) == before
    with database.session() as session:
        assert [one.who for one in search(session, case.number)] == ["lan"], "what was refused is not in the audit"


@pytest.mark.parametrize("text", ["", "  \r\n ", "a" * 4_001])
async def test_an_answer_without_words_or_too_long_is_told_and_kept(
    quick_app: FastAPI, sqlite: Database, editor: Person, text: str
) -> None:
    case = ask(sqlite)
    refused = await editor.post(f"/staff/desk/{case.id}/reply", {"text": text})
    assert refused.status_code == 409 and "1 đến 4000 ký tự" in refused.text and text.strip() in refused.text
    assert now(sqlite, case).state is CaseState.OPEN


async def test_cases_that_are_not_there(quick_app: FastAPI, editor: Person) -> None:
    for number in ("99", "HT-2026-000099", "abc", "9" * 30):
        assert (await editor.get(f"/staff/desk/{number}")).status_code == 404
        assert (await editor.get(f"/staff/desk/{number}/live")).headers["hx-redirect"] == "/staff/desk"
        for step in ("take", "back", "close"):
            assert (await editor.post(f"/staff/desk/{number}/{step}")).status_code == 404


async def test_what_people_type_is_shown_as_text(quick_app: FastAPI, sqlite: Database, editor: Person) -> None:
    keep_turn(sqlite, XSS, sender=SENDER, text=XSS)
    case = ask(sqlite)
    with sqlite.session() as session:
        cases.note_contact(session, SENDER, [XSS])
        cases.claim(session, case.id, "lan")
    listed = [await editor.get("/staff/desk")]
    hear(sqlite, XSS)
    for address in ("/staff/desk", "/staff/desk/live", f"/staff/desk/{case.id}", f"/staff/desk/{case.id}/live"):
        listed.append(await editor.get(address))
    for page in listed:
        assert "&lt;script&gt;" in page.text, page.url
        for tag in ("<script>", "<img src=x", "<svg/onload"):
            assert tag not in page.text, page.url


async def test_what_is_close_is_offered_as_an_answer(
    quick_app: FastAPI, sqlite: Database, editor: Person, served: Served
) -> None:
    quick_app.state.console.served = lambda: served
    keep_turn(sqlite, "Doanh nghiệp phải hoạt động bao lâu thì được dự giải?", "unknown", SENDER)
    keep_turn(sqlite, "gặp cán bộ", "handoff", SENDER)
    case = ask(sqlite)
    page = (await editor.get(f"/staff/desk/{case.id}")).text
    assert "Ít nhất 36 tháng tính đến ngày đăng ký." in page and "khoản 1 Điều 59" in page
    assert "use=dieu-kien-36-thang" in page
    used = (await editor.get(f"/staff/desk/{case.id}?use=dieu-kien-36-thang")).text
    assert "Ít nhất 36 tháng" in used.split("<textarea")[1].split("</textarea>")[0]
    unknown = (await editor.get(f"/staff/desk/{case.id}?use={XSS}")).text
    assert unknown.split("<textarea")[1].split(">")[1].split("</textarea")[0].strip() == ""


async def test_a_reply_leads_to_an_entry(quick_app: FastAPI, sqlite: Database, editor: Person) -> None:
    keep_turn(sqlite, "Nộp qua bưu điện được không?", "unknown", SENDER)
    case = ask(sqlite)
    await editor.post(f"/staff/desk/{case.id}/reply", {"text": "Được ạ."})
    page = (await editor.get(f"/staff/desk/{case.id}")).text
    link = page.split('href="/staff/faq/new')[1].split('"')[0].replace("&amp;", "&")
    form = (await editor.get(f"/staff/faq/new{link}")).text
    assert "Nộp qua bưu điện được không?" in form and "Được ạ." in form


async def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(
    quick_app: FastAPI, sqlite: Database, editor: Person
) -> None:
    early = datetime.now(UTC) - timedelta(minutes=50)
    with sqlite.session() as session:
        session.execute(update(StaffSessionRow).values(seen_at=early, said="để lần sau"))
    part = await editor.get("/staff/desk/live", headers=OF_ITSELF)
    assert part.status_code == 200 and "để lần sau" not in part.text and "<html" not in part.text
    with sqlite.session() as session:
        assert session.scalars(select(StaffSessionRow.seen_at)).one().replace(tzinfo=UTC) == early
        session.execute(update(StaffSessionRow).values(seen_at=early - timedelta(minutes=20)))
    ended = await editor.get("/staff/desk/live", headers=OF_ITSELF)
    assert (ended.status_code, ended.headers["hx-redirect"][:12]) == (204, "/staff/login")


@pytest.mark.parametrize(
    ("office", "words"),
    [
        (OfficeSettings(), "Chưa khai báo giờ làm việc"),
        (OfficeSettings(days=(1, 2, 3, 4, 5, 6, 7), hours=("00:00-23:59",)), "Đang trong giờ làm việc"),
        (OfficeSettings(days=(1, 2, 3, 4, 5), hours=("07:30-11:30",)), "cán bộ làm lại từ 07:30 thứ Hai, 23/11"),
    ],
)
async def test_office_hours_are_shown(sqlite: Database, tmp_path: Path, office: OfficeSettings, words: str) -> None:
    url = sqlite.engine.url.render_as_string(hide_password=False)
    sunday = {"today_fixed": "2026-11-22", "time_fixed": "12:00"}
    settings = Settings.model_validate(
        {"knowledge": KnowledgeSettings(database=url), "bot": BotSettings(office=office), "root": tmp_path, **sunday}
    )
    lan = person(create_app(settings, port=1), sqlite, Role.EDITOR)
    assert words in (await lan.get("/staff/desk")).text


async def test_the_number_of_queries_does_not_grow(quick_app: FastAPI, sqlite: Database, editor: Person) -> None:
    asked: list[str] = []
    event.listen(sqlite.engine, "before_cursor_execute", lambda *given: asked.append(str(given[2])))
    app_engine = quick_app.state.console.database.engine
    event.listen(app_engine, "before_cursor_execute", lambda *given: asked.append(str(given[2])))
    counts = []
    for total in (1, 30):
        for number in range(total):
            sender = f"rest:{total}-{number}"
            keep_turn(sqlite, f"câu {number}", "unknown", sender)
            ask(sqlite, sender)
        asked.clear()
        assert (await editor.get("/staff/desk")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6, asked
