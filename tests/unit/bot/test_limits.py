"""A sliding window a minute and key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.limits import WINDOW, RateLimiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_as_many_as_allowed_pass_and_the_next_waits(clock: Clock) -> None:
    limiter = RateLimiter(3, clock)
    assert [limiter.wait("a") for _ in range(4)] == [0, 0, 0, WINDOW]


def test_the_window_slides(clock: Clock) -> None:
    limiter = RateLimiter(2, clock)
    limiter.wait("a")
    clock.now += 40
    limiter.wait("a")
    clock.now += 15
    assert limiter.wait("a") == pytest.approx(5)
    clock.now += 5
    assert limiter.wait("a") == 0
    assert limiter.wait("a") == pytest.approx(40)


def test_a_refused_message_does_not_count(clock: Clock) -> None:
    limiter = RateLimiter(1, clock)
    limiter.wait("a")
    for _ in range(50):
        assert limiter.wait("a") > 0
    clock.now += WINDOW
    assert limiter.wait("a") == 0


def test_keys_are_apart(clock: Clock) -> None:
    limiter = RateLimiter(1, clock)
    assert [limiter.wait(key) for key in "abca"] == [0, 0, 0, WINDOW]


def test_zero_lifts_the_limit(clock: Clock) -> None:
    limiter = RateLimiter(0, clock)
    assert {limiter.wait("a") for _ in range(1000)} == {0}


def test_memory_is_bounded_and_the_newest_keys_stay(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 10)
    limiter = RateLimiter(1, clock)
    for number in range(100):
        limiter.wait(str(number))
    assert len(limiter._seen) == 10
    assert limiter.wait("99") > 0
    assert limiter.wait("1") == 0


@given(st.lists(st.floats(0, 30), max_size=40), st.integers(1, 5))
def test_no_minute_ever_holds_more_than_allowed(pauses: list[float], allowed: int) -> None:
    clock = Clock()
    limiter = RateLimiter(allowed, clock)
    passed = []
    for pause in pauses:
        clock.now += pause
        if limiter.wait("a") == 0:
            passed.append(clock.now)
    for start in passed:
        assert sum(start <= moment < start + WINDOW for moment in passed) <= allowed
