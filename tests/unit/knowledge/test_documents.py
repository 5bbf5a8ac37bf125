"""Periods: both days count, None is open."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.documents import Period

JAN, JUN, JUL, DEC = date(2026, 1, 23), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("period", "day", "inside"),
    [
        (Period(), JAN, True),
        (Period(JAN), JAN, True),
        (Period(JAN), date(2026, 1, 22), False),
        (Period(None, JUN), JUN, True),
        (Period(None, JUN), JUL, False),
        (Period(JAN, JUN), date(2026, 3, 1), True),
        (Period(JAN, JUN), DEC, False),
    ],
)
def test_contains(period: Period, day: date, inside: bool) -> None:
    assert period.contains(day) is inside


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        (Period(JAN, JUN), Period(JUL, DEC), False),
        (Period(JAN, JUL), Period(JUL, DEC), True),
        (Period(), Period(JUL), True),
        (Period(None, JUN), Period(JUL), False),
        (Period(JUL), Period(JAN), True),
    ],
)
def test_overlaps(left: Period, right: Period, both: bool) -> None:
    assert left.overlaps(right) is both
    assert right.overlaps(left) is both


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period(), ""),
        (Period(JAN), "từ 23/01/2026"),
        (Period(None, JUN), "đến 30/06/2026"),
        (Period(JAN, JUN), "23/01/2026 – 30/06/2026"),
    ],
)
def test_words(period: Period, words: str) -> None:
    assert period.words() == words
