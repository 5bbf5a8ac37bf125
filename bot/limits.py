"""How many messages a sender or an address may send: a sliding window a minute, in memory."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW = 60.0
MOST_KEYS = 50_000


class RateLimiter:
    """`allowed` per minute and key; 0 lifts the limit."""

    def __init__(self, allowed: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowed = allowed
        self._clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Count one message; 0 where it may pass, else the seconds until the next may."""
        if not self._allowed:
            return 0.0
        now = self._clock()
        times = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        if len(self._seen) > MOST_KEYS:
            self._seen.popitem(last=False)
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= self._allowed:
            return times[0] + WINDOW - now
        times.append(now)
        return 0.0
