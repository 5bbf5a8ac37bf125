"""Office hours to the minute, against an oracle that walks through every minute of a fortnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.handover.office import TIME_ZONE, UNKNOWN_HOURS, OfficeHours

WEEK = frozenset({1, 2, 3, 4, 5})
HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
NEW_YEAR = date(2027, 1, 1)  # a Friday
OFFICE = OfficeHours(WEEK, HOURS, frozenset({NEW_YEAR}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIME_ZONE)


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-11-23T07:29:59", False),
        ("2026-11-23T07:30", True),
        ("2026-11-23T11:29:59", True),
        ("2026-11-23T11:30", False),
        ("2026-11-23T12:30", False),
        ("2026-11-23T13:30", True),
        ("2026-11-23T17:00", False),
        ("2026-11-22T09:00", False),  # a Sunday
        ("2026-11-28T09:00", False),  # a Saturday
        ("2027-01-01T09:00", False),
        ("2026-12-31T16:59", True),
    ],
)
def test_begin_is_included_and_end_is_not(moment: str, there: bool) -> None:
    assert OFFICE.is_open(at(moment)) is there


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T06:00", "2026-11-23T07:30"),
        ("2026-11-23T07:30", "2026-11-23T13:30"),  # the begin that is now is no next one
        ("2026-11-23T12:00", "2026-11-23T13:30"),
        ("2026-11-23T17:00", "2026-11-24T07:30"),
        ("2026-11-27T18:00", "2026-11-30T07:30"),  # over a weekend
        ("2026-12-31T18:00", "2027-01-04T07:30"),  # over a holiday and a weekend
    ],
)
def test_the_next_opening_passes_over_weekends_and_holidays(moment: str, opening: str) -> None:
    assert OFFICE.next_opening(at(moment)) == at(opening)


def test_the_hours_are_those_of_vietnam_whatever_zone_the_moment_is_told_in() -> None:
    assert OFFICE.is_open(datetime(2026, 11, 23, 0, 30, tzinfo=UTC))
    assert not OFFICE.is_open(datetime(2026, 11, 23, 7, 30, tzinfo=UTC) + timedelta(hours=3))
    opening = OFFICE.next_opening(datetime(2026, 11, 22, 23, 0, tzinfo=UTC))
    assert opening == at("2026-11-23T07:30") and opening.tzinfo is TIME_ZONE


def test_a_department_that_says_nothing_is_held_to_nothing() -> None:
    now = at("2026-11-23T09:00")
    for office in (UNKNOWN_HOURS, OfficeHours(days=WEEK), OfficeHours(hours=HOURS)):
        assert not office.known and not office.is_open(now) and office.next_opening(now) is None
    assert OFFICE.known


def test_a_row_of_holidays_without_end_has_no_next_opening() -> None:
    now = at("2026-11-23T09:00")
    closed = OfficeHours(WEEK, HOURS, frozenset(now.date() + timedelta(days=ahead) for ahead in range(400)))
    assert closed.known and closed.next_opening(now) is None


@st.composite
def offices(draw: st.DrawFn) -> OfficeHours:
    """Any working days, one or two spans in any order, some holidays among the next days."""
    cuts = sorted(draw(st.sets(st.integers(0, 24 * 4 - 1), min_size=4, max_size=4)))
    marks = [time(cut // 4, cut % 4 * 15) for cut in cuts]
    spans = [(marks[0], marks[1]), (marks[2], marks[3])][: draw(st.integers(1, 2))]
    return OfficeHours(
        draw(st.frozensets(st.integers(1, 7), min_size=1)),
        tuple(draw(st.permutations(spans))),
        draw(st.frozensets(st.dates(date(2026, 11, 23), date(2026, 11, 29)), max_size=4)),
    )


@given(offices(), st.integers(0, 7 * 24 * 4 - 1))
def test_the_next_opening_is_the_first_quarter_at_which_a_span_begins(office: OfficeHours, quarter: int) -> None:
    now = at("2026-11-23T00:00") + timedelta(minutes=15 * quarter + 7)
    later = (now + timedelta(minutes=8 + 15 * ahead) for ahead in range(3 * 7 * 24 * 4))
    begins = {begin for begin, _ in office.hours}
    expected = next(
        one
        for one in later
        if one.time() in begins and one.isoweekday() in office.days and one.date() not in office.holidays
    )
    assert office.next_opening(now) == expected
    assert office.is_open(expected)
