"""When a reminder is due: days before, at an hour of the day, in Vietnam."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.reminders.planning import due_moment, due_until, is_late, may_write, next_moment
from knowledge.calendar import VIETNAM, EventKind, EventState, SeasonEvent
from knowledge.calendar_store import TrackedEvent
from season_events import event, events

HOUR = time(8)


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (at(1, 1), at(3, 3, 8)),
        (at(3, 3, 7), at(3, 3, 8)),
        (at(3, 3, 8), at(3, 9, 8)),  # the seven days have begun: the day before
        (at(3, 8), at(3, 9, 8)),
        (at(3, 9), at(3, 10, 8)),  # then the day itself
        (at(3, 10, 8), None),
        (at(4, 1), None),
    ],
)
def test_a_week_before_or_as_soon_as_still_helps(since: datetime, due: datetime | None) -> None:
    assert due_moment(event(), 7, since, HOUR) == due


def test_the_day_that_counts() -> None:
    span: dict[str, Any] = {"start": date(2027, 3, 1), "end": date(2027, 3, 31)}
    assert due_moment(event(**span), 1, at(1, 1), HOUR) == at(3, 30, 8)  # dossiers: the last day
    assert due_moment(event(kind=EventKind.CEREMONY, **span), 1, at(1, 1), HOUR) == datetime(
        2027, 2, 28, 8, tzinfo=VIETNAM
    )
    assert due_moment(event(by_month=True, **span), 0, at(1, 1), HOUR) == at(3, 1, 8)  # no day is known


def test_a_cancelled_event_reminds_of_nothing() -> None:
    assert due_moment(event(state=EventState.CANCELLED), 7, at(1, 1), HOUR) is None


def test_what_was_said_is_not_promised_again() -> None:
    tracked = TrackedEvent(event(), at(1, 1), at(1, 1))
    assert next_moment(tracked, 7, at(1, 2), at(3, 3, 7), HOUR) == at(3, 3, 8)
    assert next_moment(tracked, 7, at(1, 2), at(3, 3, 8), HOUR) is None
    assert next_moment(tracked, None, at(1, 2), at(1, 3), HOUR) is None


def test_the_clock_is_vietnams() -> None:
    assert may_write(datetime(2027, 3, 3, 1, 0, tzinfo=UTC), HOUR)  # 08:00 there
    assert not may_write(datetime(2027, 3, 3, 0, 59, tzinfo=UTC), HOUR)
    assert not may_write(datetime(2027, 3, 3, 13, 0, tzinfo=UTC), HOUR)  # 20:00
    assert not is_late(at(3, 3, 8), datetime(2027, 3, 3, 16, 59, tzinfo=UTC))
    assert is_late(at(3, 3, 8), datetime(2027, 3, 3, 17, 0, tzinfo=UTC))  # midnight there


@given(
    events(),
    st.integers(0, 180),
    st.datetimes(datetime(2024, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)),
)
def test_a_reminder_comes_after_it_was_asked_for_and_never_after_the_day(
    one: SeasonEvent, days: int, since: datetime
) -> None:
    due = due_moment(one, days, since, HOUR)
    if due is not None:
        assert since < due
        assert due.time() == HOUR
        assert timedelta(0) <= (due_until(one) - due.date())
        assert due.date() <= one.last_day
