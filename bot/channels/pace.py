"""Not more than so many a second, evenly."""

from __future__ import annotations

import asyncio


class Pace:
    """`turn` waits until the next message may go out."""

    def __init__(self, a_second: float) -> None:
        self._gap = 1.0 / a_second
        self._next = 0.0

    async def turn(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        at = max(now, self._next)
        self._next = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)
