"""The dashboard: figures of a time as numbers, plots and tables, as CSV, and as a report in PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fastapi import APIRouter, Response
from markupsafe import Markup

from actions.answer import AnswerStatus
from actions.documents.pdf import render_pdf
from bot.staff.access import Viewer
from bot.staff.channels import CHANNEL_WORDS
from bot.staff.charts import Series, stacked_bars
from bot.staff.console import Console, Section
from bot.staff.inbox import QuestionGroup, unanswered
from bot.staff.pages.questions import WHY_WORDS, doubtful
from bot.staff.period import CHOICES, Period, read_period
from bot.staff.report import HOW_COUNTED, compose_report, facts
from bot.staff.sheet import csv_bytes
from bot.staff.statistics import Statistics, read_statistics

FIGURES = "/staff/figures"
SECTION = Section(FIGURES, "Số liệu", "Lượt hỏi, tỷ lệ trả lời, đánh giá, chủ đề; tải CSV và báo cáo PDF.")
STATUS_WORDS: dict[str, str] = {
    AnswerStatus.ANSWERED: "trả lời",
    AnswerStatus.PARTIAL: "trả lời một phần",
    AnswerStatus.UNKNOWN: "chưa có thông tin",
    AnswerStatus.CLARIFY: "hỏi lại",
    AnswerStatus.OUT_OF_SCOPE: "ngoài phạm vi",
    AnswerStatus.HANDOFF: "chuyển cán bộ",
    AnswerStatus.FORM: "biểu mẫu",
    AnswerStatus.SMALL_TALK: "chào hỏi",
    AnswerStatus.REFUSED: "từ chối",
    AnswerStatus.ERROR: "lỗi",
}
DRAWN = (
    ("trả lời", "c3", (AnswerStatus.ANSWERED,)),
    ("trả lời một phần", "c0", (AnswerStatus.PARTIAL,)),
    ("chưa có thông tin", "c1", (AnswerStatus.UNKNOWN,)),
    ("hỏi lại", "c2", (AnswerStatus.CLARIFY,)),
    ("lỗi", "c4", (AnswerStatus.ERROR,)),
    ("khác", "c5", (AnswerStatus.OUT_OF_SCOPE, AnswerStatus.HANDOFF, AnswerStatus.FORM, AnswerStatus.SMALL_TALK, AnswerStatus.REFUSED)),
)  # fmt: skip
GROUPS_TOLD = 10
MOST_CHANNELS_DRAWN = 6


def routes(console: Console) -> APIRouter:
    router = APIRouter()

    @router.get("/figures")
    def figures(visit: Viewer, days: str = "", first: str = "", last: str = "") -> Response:
        today = console.settings.today()
        found, groups = _read(console, read_period(today, days, first, last))
        channels = [name for name, _ in found.channels.most_common(MOST_CHANNELS_DRAWN)]
        return console.draw(
            visit, "figures.html", found=found, facts=facts(found), groups=groups[:GROUPS_TOLD], choices=CHOICES,
            count=len(found.period.days), how=HOW_COUNTED, statuses=STATUS_WORDS, channels=CHANNEL_WORDS,
            status_plot=_status_plot(found), status_series=[(None, name, kind) for name, kind, _ in DRAWN],
            channel_plot=_channel_plot(found, channels),
            channel_series=[(None, CHANNEL_WORDS.get(name, name), f"c{at}") for at, name in enumerate(channels)],
            rows=_rows(found), months=_months(today), today=today,
        )  # fmt: skip

    @router.get("/figures/turns.csv")
    def turns(visit: Viewer, days: str = "", first: str = "", last: str = "") -> Response:
        period = read_period(console.settings.today(), days, first, last)
        with console.database.session() as session:
            found = read_statistics(session, period)
        rows = [
            (
                f"{day:%d/%m/%Y}",
                CHANNEL_WORDS.get(channel, channel),
                STATUS_WORDS.get(status, status),
                count,
            )
            for (day, channel, status), count in sorted(found.turns.items())
        ]
        return _file(
            csv_bytes(("Ngày", "Kênh", "Kết quả", "Số lượt"), rows), "text/csv", f"luot-hoi-{_name(period)}.csv"
        )

    @router.get("/figures/questions.csv")
    def questions(visit: Viewer, days: str = "", first: str = "", last: str = "") -> Response:
        period = read_period(console.settings.today(), days, first, last)
        with console.database.session() as session:
            groups = unanswered(session, period.since, period.until, doubtful(console))
        rows = [(one.title, one.count, *(dict(one.why).get(why, 0) for why in WHY_WORDS)) for one in groups]
        head = ("Câu hỏi", "Số lượt", *WHY_WORDS.values())
        return _file(csv_bytes(head, rows), "text/csv", f"cau-can-xem-{_name(period)}.csv")

    @router.get("/figures/report.pdf")
    def report(visit: Viewer, days: str = "", first: str = "", last: str = "") -> Response:
        today = console.settings.today()
        found, groups = _read(console, read_period(today, days, first, last))
        operator = console.settings.bot.operator
        document = compose_report(found, groups[:GROUPS_TOLD], STATUS_WORDS, CHANNEL_WORDS, operator, today)
        return _file(render_pdf(document), "application/pdf", f"bao-cao-{_name(found.period)}.pdf")

    return router


def _read(console: Console, period: Period) -> tuple[Statistics, list[QuestionGroup]]:
    with console.database.session() as session:
        groups = unanswered(session, period.since, period.until, doubtful(console))
        return read_statistics(session, period), [one for one in groups if one.mark is None]


def _status_plot(found: Statistics) -> Markup:
    counts, buckets = found.over_time(2), found.buckets
    series = [
        Series(name, kind, tuple(sum(counts.get((day, str(one)), 0) for one in statuses) for day in buckets))
        for name, kind, statuses in DRAWN
    ]
    return stacked_bars(_places(buckets), series, f"Lượt hỏi theo kết quả, {found.period.words}: {found.total} lượt")


def _channel_plot(found: Statistics, channels: Sequence[str]) -> Markup:
    counts, buckets = found.over_time(1), found.buckets
    series = [
        Series(name, f"c{at}", tuple(counts.get((day, name), 0) for day in buckets)) for at, name in enumerate(channels)
    ]
    return stacked_bars(_places(buckets), series, f"Lượt hỏi theo kênh, {found.period.words}")


def _places(buckets: Sequence[date]) -> list[str]:
    return [f"{day:%d/%m}" for day in buckets]


def _rows(found: Statistics) -> list[tuple[date, int, list[int]]]:
    """Newest first: the day or the first day of a week, all turns, and those of each status."""
    counts: Mapping[tuple[date, str], int] = found.over_time(2)
    told = [(day, [counts.get((day, str(status)), 0) for status in STATUS_WORDS]) for day in found.buckets]
    return [(day, sum(each), each) for day, each in reversed(told)]


def _months(today: date) -> list[tuple[str, Period]]:
    this = today.replace(day=1)
    before = this - timedelta(days=1)
    return [("Tháng này", Period(this, today)), ("Tháng trước", Period(before.replace(day=1), before))]


def _name(period: Period) -> str:
    return f"{period.first:%Y%m%d}-{period.last:%Y%m%d}"


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
