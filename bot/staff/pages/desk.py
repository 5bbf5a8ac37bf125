"""The desk: people who asked for a person, what was said, and the officer's answer. Pages keep themselves up to date (live.js)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from actions.handover import cases
from actions.handover.case import PERSON, REASON_WORDS, STATE_WORDS, Case, CaseState, case_id
from actions.handover.errors import CaseError
from actions.handover.office import DAYS, OfficeHours
from actions.staff.roles import Role
from bot.staff.access import Editor, Visit
from bot.staff.channels import CHANNEL_WORDS
from bot.staff.console import Console, Section
from bot.staff.talk import Suggested, last_question, last_questions, read_lines, suggest
from knowledge.audit import record as audit

DESK = "/staff/desk"
SECTION = Section(DESK, "Bàn trả lời", "Người xin gặp cán bộ: xem, nhận, trả lời, trả lại trợ lý.", Role.EDITOR)
NOT_THERE = "Không có yêu cầu này; có thể dữ liệu đã được xoá theo yêu cầu của người hỏi."
CLOSED_SHOWN = 50


def routes(console: Console) -> APIRouter:
    router = APIRouter()

    @router.get("/desk")
    def desk(visit: Editor, closed: int = 0) -> Response:
        return console.draw(visit, "desk.html", **_waiting(console, bool(closed)))

    @router.get("/desk/live")
    def live_list(visit: Editor, closed: int = 0) -> Response:
        return console.draw(visit, "desk_cases.html", **_waiting(console, bool(closed)))

    @router.get("/desk/{number}")
    def case(visit: Editor, number: str, use: str = "") -> Response:
        return _page(console, visit, number, use=use)

    @router.get("/desk/{number}/live")
    def live_case(visit: Editor, number: str) -> Response:
        shown = _shown(console, number)
        if shown is None:
            return Response(status_code=204, headers={"HX-Redirect": DESK})
        return console.draw(visit, "desk_talk.html", **shown)

    @router.post("/desk/{number}/take")
    def take(visit: Editor, number: str) -> Response:
        return _step(console, visit, number, "case.take", "Bạn đã nhận cuộc trò chuyện; trợ lý im lặng.", cases.claim)

    @router.post("/desk/{number}/reply")
    def reply(visit: Editor, number: str) -> Response:
        text = visit.text("text")
        if not 0 < len(text) <= cases.MOST_REPLY:
            problem = f"Câu trả lời có 1 đến {cases.MOST_REPLY} ký tự; câu này có {len(text)}."
            return _page(console, visit, number, problem, text)

        def answer(session: Session, identity: int, officer: str) -> Case:
            return cases.reply(session, identity, officer, text)

        return _step(console, visit, number, "case.reply", "Đã gửi câu trả lời.", answer, text)

    @router.post("/desk/{number}/back")
    def back(visit: Editor, number: str) -> Response:
        return _step(console, visit, number, "case.give_back", "Đã trả cuộc trò chuyện cho trợ lý.", cases.give_back)

    @router.post("/desk/{number}/close")
    def close(visit: Editor, number: str) -> Response:
        return _step(console, visit, number, "case.close", "Đã đóng yêu cầu.", cases.close)

    return router


def _step(
    console: Console,
    visit: Visit,
    number: str,
    verb: str,
    words: str,
    work: Callable[[Session, int, str], Case],
    typed: str = "",
) -> Response:
    """One step of a case with its row in the audit, which does not hold what was said: that may be deleted one day."""
    try:
        with console.database.session() as session:
            identity = case_id(number)
            before = cases.find_case(session, identity).state
            case = work(session, identity, visit.login)
            audit(session, visit.login, verb, case.number, words=f"{STATE_WORDS[before]} → {STATE_WORDS[case.state]}")
    except CaseError:
        return _page(console, visit, number, _refusal(console, number), typed)
    return visit.go(f"{DESK}/{case.id}" if case.state is not CaseState.CLOSED else DESK, words)


def _refusal(console: Console, number: str) -> str:
    """What stands in the way of a step, as the case is now."""
    case = _find(console, number)
    if case is None:
        return NOT_THERE
    if case.state is CaseState.OWNED:
        return f"Chưa làm được: {case.officer} đang giữ cuộc trò chuyện này."
    return f"Chưa làm được: yêu cầu đang ở trạng thái «{STATE_WORDS[case.state]}»."


def _find(console: Console, number: str) -> Case | None:
    try:
        with console.database.session() as session:
            return cases.find_case(session, case_id(number))
    except CaseError:
        return None


def _page(console: Console, visit: Visit, number: str, problem: str = "", typed: str = "", use: str = "") -> Response:
    shown = _shown(console, number)
    if shown is None:
        return console.draw(visit, "missing.html", 404, words=NOT_THERE)
    chosen: list[Suggested] = [one for one in shown["suggestions"] if use and one.key == use]
    text = typed or (chosen[0].text if chosen else "")
    status = 409 if problem else 200
    return console.draw(visit, "case.html", status, problem=problem, text=text, most=cases.MOST_REPLY, **shown)


def _shown(console: Console, number: str) -> dict[str, Any] | None:
    """A case with all that its page tells; None where there is none."""
    try:
        with console.database.session() as session:
            case = cases.find_case(session, case_id(number))
            lines = read_lines(session, case)
    except CaseError:
        return None
    question, served = last_question(lines), console.served()
    found = suggest(served.answerer, question, console.settings.today()) if served and question else []
    return {
        "case": case,
        "lines": lines,
        "suggestions": found,
        "question": question,
        "office": _office(console),
        "states": STATE_WORDS,
        "reasons": REASON_WORDS,
        "channels": CHANNEL_WORDS,
    }


def _waiting(console: Console, closed: bool) -> dict[str, Any]:
    """`news` has the cases in which the person spoke last."""
    with console.database.session() as session:
        states = [CaseState.CLOSED] if closed else None
        found = cases.list_cases(session, states, CLOSED_SHOWN if closed else 100, newest=closed)
        last = cases.last_events(session, [one.id for one in found])
        questions = last_questions(session, [one.sender for one in found])
    spoke = {number: event.text for number, event in last.items() if event.kind == "message" and event.by == PERSON}
    return {
        "cases": found,
        "spoke": spoke,
        "questions": questions,
        "closed": closed,
        "office": _office(console),
        "states": STATE_WORDS,
        "reasons": REASON_WORDS,
        "channels": CHANNEL_WORDS,
    }


def _office(console: Console) -> str:
    """Whether people are told now that somebody is there."""
    hours: OfficeHours = console.settings.bot.office.office_hours()
    now = console.settings.now()
    if not hours.known:
        return "Chưa khai báo giờ làm việc, nên người hỏi không được hẹn giờ trả lời."
    if hours.is_open(now):
        return "Đang trong giờ làm việc."
    opening = hours.next_opening(now)
    if opening is None:
        return "Ngoài giờ làm việc."
    return f"Ngoài giờ làm việc; người hỏi được báo cán bộ làm lại từ {opening:%H:%M} {DAYS[opening.weekday()]}, {opening:%d/%m}."
