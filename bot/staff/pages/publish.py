"""Publishing through the gate: begin a check, see which answers change, publish or drop; publications so far, and going back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Response

from bot.gate.gate import Gate
from bot.gate.runs import begin_run, list_runs, read_run
from bot.staff.access import Reviewer, Viewer, Visit
from bot.staff.console import Console, Section
from bot.staff.pages.faq import FAQ
from knowledge.audit import record
from knowledge.editing.listing import Filter, list_entries
from knowledge.errors import EditRefused, PublicationError, UnknownId
from knowledge.faq import FaqState
from knowledge.publications import list_publications

PUBLISH = "/staff/publish"
SECTION = Section(PUBLISH, "Công bố", "Kiểm tra câu trả lời nào thay đổi, rồi đưa nội dung đã duyệt vào dùng.")
LISTED = 20
STATES = {
    "running": "Đang kiểm tra",
    "passed": "Đạt, chờ công bố",
    "blocked": "Có chỗ xấu đi",
    "failed": "Không chạy được",
    "nothing": "Không có gì mới",
    "published": "Đã công bố",
    "dropped": "Đã bỏ",
}
EFFECTS = {
    "golden_lost": "Câu mẫu trả lời sai",
    "lost": "Không còn trả lời được",
    "moved": "Mục khác trả lời thay",
    "uncited": "Mất căn cứ",
    "golden_gained": "Câu mẫu nay trả lời đúng",
    "gained": "Nay trả lời được",
    "changed": "Câu trả lời đổi theo mục đã sửa",
}
SOURCES = {"golden": "câu mẫu", "people": "người dân đã hỏi", "own": "cách hỏi của mục"}
KINDS = {
    "figure": "Con số lạ",
    "former": "Quy định không có hiệu lực",
    "twice": "Trùng cách hỏi",
    "hidden": "Bị mục khác che",
    "check": "Kiểm định chung",
}


def routes(console: Console) -> APIRouter:
    router = APIRouter()

    @router.get("/publish")
    def overview(visit: Viewer) -> Response:
        return _overview(console, visit)

    @router.post("/publish/check")
    def check(visit: Reviewer) -> Response:
        try:
            with console.database.session() as session:
                number = begin_run(session, visit.login)
                record(session, visit.login, "publish.check", str(number))
        except EditRefused as error:
            return visit.go(PUBLISH, str(error))
        console.start_gate(number)
        return visit.go(f"{PUBLISH}/{number}")

    @router.get("/publish/{number}")
    def show(visit: Viewer, number: int) -> Response:
        try:
            with console.database.session() as session:
                list_runs(session, 1)  # ends one that was killed
                run = read_run(session, number)
        except UnknownId as error:
            return console.draw(visit, "missing.html", 404, words=str(error))
        return console.draw(
            visit, "gate.html", run=run, states=STATES, effects=EFFECTS, sources=SOURCES, kinds=KINDS, faq=FAQ
        )

    @router.post("/publish/{number}/publish")
    def publish(visit: Reviewer, number: int) -> Response:
        gate = Gate(console.settings, console.database)
        return _decide(visit, number, "Đã công bố: người hỏi nhận nội dung mới ngay bây giờ.",
                       partial(gate.publish, number, visit.login, visit.text("reason", 500)))  # fmt: skip

    @router.post("/publish/{number}/drop")
    def drop(visit: Reviewer, number: int) -> Response:
        gate = Gate(console.settings, console.database)
        return _decide(
            visit, number, "Đã bỏ lần kiểm tra này; chưa công bố gì.", partial(gate.drop, number, visit.login)
        )

    return router


def _decide(visit: Visit, number: int, words: str, work: Callable[[], object]) -> Response:
    try:
        work()
    except PublicationError:
        words = "Trong lúc đó đã có lần công bố khác; hãy kiểm tra lại từ đầu."
    except (EditRefused, UnknownId) as error:
        words = str(error)
    return visit.go(f"{PUBLISH}/{number}", words)


def _overview(console: Console, visit: Visit) -> Response:
    with console.database.session() as session:
        waiting = list_entries(session, Filter(state=str(FaqState.APPROVED)), size=LISTED)
        runs, publications = list_runs(session), list_publications(session)[:LISTED]
    return console.draw(visit, "publish.html", waiting=waiting, runs=runs, publications=publications, states=STATES)
