"""The dashboard: numbers that a hand can check, files that are safe to open, plots without script or style."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from xml.etree import ElementTree

import pypdfium2
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from actions.handover import cases
from actions.handover.case import CaseReason
from actions.handover.office import TIME_ZONE
from actions.staff.roles import Role
from bot.feedback import Feedback, Rating, keep_feedback
from bot.settings import Settings
from bot.staff.charts import Series, stacked_bars
from bot.staff.period import MOST_DAYS, Period, read_period
from bot.staff.report import percent, thousands
from bot.staff.sheet import csv_bytes
from bot.staff.statistics import OTHER_TOPIC, quantile, read_statistics
from knowledge.database import Database, replace_content
from small_corpus import small_corpus
from staff_site import Person
from stored_turns import keep_turn

pytestmark = pytest.mark.anyio
LogIn = Callable[..., Person]
TODAY = Settings().today()
WEEK = read_period(TODAY, "7")
SENDER = "rest:someone"


def test_numbers_that_a_hand_can_check(database: Database) -> None:
    with database.session() as session:
        replace_content(session, small_corpus())
        cases.open_case(session, SENDER, "rest", CaseReason.ASKED)
    for number in range(20):
        keep_turn(
            database, f"câu {number}", milliseconds=number + 1, entry="mau-don" if number < 15 else "ND37-2026:59"
        )
    keep_turn(database, "x", "unknown", channel="socketio", milliseconds=500)
    keep_turn(database, "x", "partial", milliseconds=30, entry="tieu-chi-cu")
    keep_turn(database, "x", "small_talk", milliseconds=1)
    keep_turn(database, "x", "out_of_scope", milliseconds=1)
    keep_turn(database, "lâu rồi", at=datetime.now(UTC) - timedelta(days=8))
    for rating in (Rating.UP, Rating.UP, Rating.DOWN):
        with database.session() as session:
            keep_feedback(session, SENDER, Feedback(keep_turn(database, "x", "clarify"), rating))
    with database.session() as session:
        found = read_statistics(session, WEEK)
    assert (found.total, found.up, found.down, found.cases) == (27, 2, 1, 1)
    assert found.answer_rate == 21 / 25 and found.good_rate == 2 / 3
    assert found.channels == {"rest": 26, "socketio": 1}
    assert (found.latency_50, found.latency_95) == (12, 100)
    assert found.topics == (("hồ sơ", 15), (OTHER_TOPIC, 5), ("tiêu chí", 1))
    assert found.over_time(2)[TODAY, "answered"] == 20


def test_a_day_is_a_day_of_vietnam(database: Database) -> None:
    midnight = datetime.combine(TODAY, time(), TIME_ZONE)
    for ahead in (-1, 0, 1):
        keep_turn(database, "x", at=(midnight + timedelta(seconds=ahead)).astimezone(UTC))
    with database.session() as session:
        assert read_statistics(session, Period(TODAY, TODAY)).total == 2
        found = read_statistics(session, WEEK).over_time(2)
    assert (found[TODAY, "answered"], found[TODAY - timedelta(days=1), "answered"]) == (2, 1)


def test_nothing_was_asked(sqlite: Database) -> None:
    with sqlite.session() as session:
        found = read_statistics(session, WEEK)
    assert (found.total, found.answer_rate, found.good_rate, found.latency_95) == (0, None, None, None)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.sampled_from([0.5, 0.95, 1.0]))
def test_a_quantile_is_the_nearest_rank(values: list[int], part: float) -> None:
    counted = [(one, values.count(one)) for one in sorted(set(values))]
    rank = -(-len(values) * round(part * 100) // 100)
    assert quantile(counted, part) == sorted(values)[rank - 1]


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_any_address_gives_a_period(days: str, first: str, last: str) -> None:
    period = read_period(TODAY, days, first, last)
    assert 1 <= len(period.days) <= MOST_DAYS


def test_periods() -> None:
    assert read_period(TODAY, "7").first == TODAY - timedelta(days=6)
    own = read_period(TODAY, "", "2026-03-01", "2026-03-31")
    assert (own.first, own.last, own.since.isoformat()) == (
        date(2026, 3, 1),
        date(2026, 3, 31),
        "2026-02-28T17:00:00+00:00",
    )
    assert read_period(TODAY, "", "2026-03-31", "2026-03-01") == read_period(TODAY)
    assert len(read_period(TODAY, "", "2001-01-01", "2026-03-01").days) == MOST_DAYS


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(_TEXT, st.integers()), max_size=8))
def test_no_cell_is_a_formula(rows: list[tuple[str, int]]) -> None:
    written = csv_bytes(("a", "b"), rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(written, newline="")))
    assert len(read) == len(rows) + 1
    for text, number in read[1:]:
        assert not text.lstrip(" \xa0").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert int(number) or number == "0"


@given(st.lists(st.lists(st.integers(0, 10**7), min_size=3, max_size=3), max_size=4))
def test_bars_stand_in_the_plot_and_the_picture_is_well_formed(values: list[list[int]]) -> None:
    series = [Series("<b>", f"c{at}", tuple(map(float, one))) for at, one in enumerate(values)]
    drawn = str(stacked_bars(["<script>", "b", "c"], series, '"><script>'))
    root = ElementTree.fromstring(drawn)
    assert "<script" not in drawn and "style=" not in drawn
    for bar in root.iter("rect"):
        assert float(bar.attrib["y"]) >= 0 and float(bar.attrib["y"]) + float(bar.attrib["height"]) <= 217


async def test_the_page_and_its_files(app: FastAPI, database: Database, log_in: LogIn) -> None:
    viewer = log_in(Role.VIEWER)
    keep_turn(database, "Nộp hồ sơ ở đâu?", entry="nop")
    for _ in range(2):
        keep_turn(database, '=HYPERLINK("https://evil.example";"x")<script>alert(1)</script>', "unknown")
    page = (await viewer.get("/staff/figures")).text
    assert "33,3%" in page and "HYPERLINK" in page
    assert "<script" not in page and not re.search(r"<[^>]+\s(?:on\w+|style)=", page)
    dates = {"first": TODAY.isoformat(), "last": TODAY.isoformat()}
    turns = await viewer.get("/staff/figures/turns.csv", params=dates)
    assert turns.headers["content-type"].startswith("text/csv") and "attachment" in turns.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(turns.content.decode("utf-8-sig"))))
    day = f"{TODAY:%d/%m/%Y}"
    assert rows[1:] == [
        [day, "Kết nối REST", "trả lời", "1"],
        [day, "Kết nối REST", "chưa có thông tin", "2"],
    ]
    questions = await viewer.get("/staff/figures/questions.csv")
    rows = list(csv.reader(io.StringIO(questions.content.decode("utf-8-sig"))))
    assert rows[1][0].startswith("'=HYPERLINK") and rows[1][1] == "2"
    report = await viewer.get("/staff/figures/report.pdf", params=dates)
    assert report.headers["content-type"] == "application/pdf"
    told = " ".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(report.content))
    assert "Báo cáo hoạt động" in told and "33,3%" in told and "HYPERLINK" in told and "chưa có thông tin" in told


async def test_the_number_of_queries_does_not_grow(quick_app: FastAPI, sqlite: Database, editor: Person) -> None:
    asked: list[str] = []
    engine = quick_app.state.console.database.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(str(given[2])))
    counts = []
    for total in (1, 30):
        for number in range(total):
            keep_turn(
                sqlite, f"câu{number}", "unknown", milliseconds=number, at=datetime.now(UTC) - timedelta(days=number)
            )
        asked.clear()
        assert (await editor.get("/staff/figures?days=90")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12, asked


def test_numbers_are_written_as_in_vietnam() -> None:
    assert (percent(0.8642), percent(None), thousands(1234567), thousands(None)) == ("86,4%", "–", "1.234.567", "–")
