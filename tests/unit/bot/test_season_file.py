"""The iCalendar file, read by a parser that did not write it, and held against the letter of RFC 5545."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.season_file import KEPT, calendar_file
from knowledge.calendar import VIETNAM, EventState, SeasonEvent
from season_events import NOW, event, events
from shipped import TODAY


def _read(content: bytes) -> Any:
    return vobject.readOne(content.decode())


def _vevents(content: bytes) -> dict[str, Any]:
    return {one.uid.value: one for one in _read(content).contents.get("vevent", [])}


def _unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


@given(st.lists(events(), max_size=5, unique_by=lambda one: one.id))
def test_another_parser_reads_what_was_meant(many: list[SeasonEvent]) -> None:
    today = date(2024, 1, 1)
    found = _vevents(calendar_file(many, today))
    assert len(found) == len(many)
    for one in many:
        read = found[f"{one.id}@gtclqg.award-assistant"]
        assert one.title in read.summary.value
        assert int(read.sequence.value) == one.sequence
        assert one.modified and read.last_modified.value == one.modified.replace(microsecond=0)
        assert read.status.value == ("TENTATIVE" if one.state is EventState.PLANNED else "CONFIRMED") or (
            one.state is EventState.CANCELLED and read.status.value == "CANCELLED"
        )
        assert one.basis.rstrip(".") in read.description.value
        if one.start_time is None:
            assert read.dtstart.value == one.start
            assert read.dtend.value == one.last_day + timedelta(days=1)
        else:
            assert read.dtstart.value == datetime.combine(one.start, one.start_time, VIETNAM)
            assert read.dtstart.value.utcoffset() == timedelta(hours=7)
            if one.end_time:
                assert read.dtend.value == datetime.combine(one.last_day, one.end_time, VIETNAM)


@given(st.lists(events(), max_size=3, unique_by=lambda one: one.id))
def test_lines_end_fold_and_nest_as_the_format_wants_it(many: list[SeasonEvent]) -> None:
    content = calendar_file(many, date(2024, 1, 1))
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"") and b"\r" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    content.decode()
    open_components: list[str] = []
    for line in filter(None, _unfolded(content)):
        assert re.match(r"[A-Z-]+(;[A-Z-]+=[^:;]+)*:", line), line
        if line.startswith("BEGIN:"):
            open_components.append(line[6:])
        elif line.startswith("END:"):
            assert open_components.pop() == line[4:]
    assert open_components == []


def test_an_empty_calendar_is_a_valid_file() -> None:
    content = calendar_file([], TODAY)
    assert _vevents(content) == {}
    assert _read(content).vtimezone.tzid.value == "Asia/Ho_Chi_Minh"  # a calendar needs one component
    lines = _unfolded(content)
    for line in ("VERSION:2.0", "CALSCALE:GREGORIAN", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"):
        assert lines.count(line) == 1
    assert sum(line.startswith("PRODID:") for line in lines) == 1


def test_a_moved_event_is_the_same_event_with_a_higher_sequence() -> None:
    first = event(sequence=0, modified=NOW)
    moved = replace(
        first, start=date(2027, 3, 20), moved_from=first.start, state=EventState.MOVED, sequence=1,
        modified=NOW + timedelta(days=1),
    )  # fmt: skip
    (before,), (after,) = (_vevents(calendar_file([one], TODAY)).values() for one in (first, moved))
    assert before.uid.value == after.uid.value
    assert (before.sequence.value, after.sequence.value) == ("0", "1")
    assert after.last_modified.value - before.last_modified.value == timedelta(days=1)
    assert "Trước đây là 10/03/2027" in after.description.value


def test_the_same_events_give_the_same_bytes() -> None:
    many = [event("a", modified=NOW), event("b", modified=NOW)]
    assert calendar_file(many, TODAY) == calendar_file(many[::-1], TODAY)


def test_an_event_leaves_the_file_a_year_after_its_end() -> None:
    one = event()
    assert len(_vevents(calendar_file([one], one.last_day + KEPT))) == 1
    assert _vevents(calendar_file([one], one.last_day + KEPT + timedelta(days=1))) == {}


@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        ({"state": EventState.CONFIRMED}, "Hạn nộp hồ sơ"),
        ({}, "Hạn nộp hồ sơ (dự kiến)"),
        ({"state": EventState.CANCELLED}, "Hạn nộp hồ sơ (đã huỷ)"),
        (
            {"start": date(2027, 6, 1), "end": date(2027, 6, 30), "by_month": True},
            "Hạn nộp hồ sơ (tháng 6/2027, dự kiến)",
        ),
    ],
)
def test_the_summary_says_what_a_calendar_program_does_not_show(changes: dict[str, Any], summary: str) -> None:
    (read,) = _vevents(calendar_file([event(**changes)], TODAY)).values()
    assert read.summary.value == summary


def test_the_writer_finds_nothing_wrong_in_its_own_file() -> None:
    one = event(start_time=time(8, 30), end=date(2027, 3, 12), modified=datetime(2026, 1, 1, tzinfo=UTC))
    parsed = Calendar.from_ical(calendar_file([one], TODAY))
    (component,) = parsed.walk("VEVENT")
    assert component.errors == [] and component["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
