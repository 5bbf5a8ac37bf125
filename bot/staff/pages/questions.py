"""The questions inbox: what was not answered well, grouped and counted, and what is done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Response
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.answer import AnswerStatus
from bot.conversations import TurnRow
from bot.staff.access import Editor, Viewer
from bot.staff.charts import Series, stacked_bars
from bot.staff.console import Console, Section
from bot.staff.inbox import QuestionGroup, Why, name_entries, unanswered
from bot.staff.period import CHOICES, Period, day_of, read_period
from bot.staff.question_marks import Mark, set_marks

QUESTIONS = "/staff/questions"
SECTION = Section(QUESTIONS, "Câu hỏi cần xem", "Câu chưa trả lời được, bị chê, còn ngờ; gom nhóm, đếm, xử lý.")
WHY_WORDS = {
    Why.DOWN: "bị chê",
    Why.UNKNOWN: "chưa có thông tin",
    Why.OUT_OF_SCOPE: "bị từ chối (ngoài phạm vi)",
    Why.CLARIFY: "phải hỏi lại",
    Why.WEAK: "trả lời mà chưa chắc",
}
MARK_WORDS = {Mark.HANDLED: "đã xử lý", Mark.OUT_OF_SCOPE: "ngoài phạm vi"}
GROUPS_SHOWN, MOST_KEYS_SENT = 25, 1_000
TREND_WEEKS = 12
TREND = (
    (AnswerStatus.UNKNOWN, "chưa có thông tin", "c0"),
    (AnswerStatus.OUT_OF_SCOPE, "từ chối", "c1"),
    (AnswerStatus.CLARIFY, "hỏi lại", "c2"),
)


def routes(console: Console) -> APIRouter:
    router = APIRouter()

    @router.get("/questions")
    def questions(visit: Viewer, days: str = "", why: str = "", mark: str = "", q: str = "", page: int = 1) -> Response:
        today = console.settings.today()
        period = read_period(today, days)
        with console.database.session() as session:
            groups = unanswered(session, period.since, period.until, doubtful(console))
            found = _chosen(groups, why, mark, q)
            pages = max(1, -(-len(found) // GROUPS_SHOWN))
            page = min(max(1, page), pages)
            shown = found[(page - 1) * GROUPS_SHOWN : page * GROUPS_SHOWN]
            names = name_entries(session, [key for one in shown for key, _ in one.candidates])
            trend = _trend(session, today)
        asked = {
            "days": len(period.days),
            "why": why if why in set(Why) else "",
            "mark": mark if mark in set(Mark) else "",
        }
        asked = {name: value for name, value in {**asked, "q": q[:200]}.items() if value}
        return console.draw(
            visit, "questions.html", groups=shown, total=len(found), turns=sum(one.count for one in found), names=names,
            asked=asked, page=page, pages=pages, choices=CHOICES, why_words=WHY_WORDS, mark_words=MARK_WORDS,
            trend=trend, series=TREND,
        )  # fmt: skip

    @router.post("/questions/mark")
    def mark(visit: Editor) -> Response:
        """Which groups are shown next is in the address that the form came from."""
        chosen, keys = visit.text("mark", 20), visit.text("keys").split()
        wanted = Mark(chosen) if chosen in set(Mark) else None
        with console.database.session() as session:
            count = set_marks(session, keys[:MOST_KEYS_SENT], wanted, visit.login)
        words = MARK_WORDS[wanted] if wanted else "mở lại"
        return visit.go(_back(visit.text("back", 500)), f"Đã đánh dấu {count} cách hỏi: {words}." if count else "")

    return router


def doubtful(console: Console) -> float:
    """Below twice the evidence from which an answer is given, somebody should look at it."""
    return 2 * console.settings.index.thresholds.answer


def _chosen(groups: Sequence[QuestionGroup], why: str, mark: str, q: str) -> list[QuestionGroup]:
    wanted = Mark(mark) if mark in set(Mark) else None
    found = [one for one in groups if one.mark is wanted]
    if why in set(Why):
        found = [one for one in found if any(kind == why for kind, _ in one.why)]
    if words := q.strip().lower()[:200]:
        found = [one for one in found if any(words in text.lower() for text, _ in one.wordings)]
    return found


def _back(asked: str) -> str:
    """The page of the inbox that a form came from; nothing else."""
    return f"{QUESTIONS}?{asked}" if asked and asked.isprintable() and not set("#\\/:") & set(asked) else QUESTIONS


def _trend(session: Session, today: date) -> dict[str, Any]:
    """Counts by week (Monday to Sunday), the last twelve, as a plot and as rows."""
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=ago) for ago in reversed(range(TREND_WEEKS))]
    period = Period(weeks[0], today)
    day = day_of(session, TurnRow.at)
    query = select(day, TurnRow.status, func.count()).where(
        TurnRow.status.in_([status for status, _, _ in TREND]), TurnRow.at >= period.since, TurnRow.at < period.until
    )
    counts: Counter[tuple[date, str]] = Counter()
    for text, status, count in session.execute(query.group_by(day, TurnRow.status)):
        one = date.fromisoformat(text)
        counts[one - timedelta(days=one.weekday()), status] += count
    series = [Series(name, kind, tuple(counts[week, status] for week in weeks)) for status, name, kind in TREND]
    total = sum(counts.values())
    plot: Markup = stacked_bars(
        [f"{week:%d/%m}" for week in weeks], series, f"Câu chưa trả lời được theo tuần, {TREND_WEEKS} tuần: {total} câu"
    )
    rows = [(week, [counts[week, status] for status, _, _ in TREND]) for week in reversed(weeks)]
    return {"plot": plot, "rows": rows, "total": total}
