"""From a platform's delivery to the inbox: stored first, acknowledged then, worked later; the same for every chat app."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from fastapi import HTTPException, Request

from bot.channels.apps import Health
from bot.channels.requests import refuse_flood
from bot.inbox import Inbound, Inbox, Taken
from bot.limits import RateLimiter

OFF = "Kênh này chưa được bật."
MOST_AT_ONCE = 50
Result = TypeVar("Result")


class Intake:
    """Hands deliveries to the inbox and wakes who works on them.

    It has a thread of its own: an acknowledgement must not wait for threads that answers keep busy. The database takes one writer at a
    time, so what comes in while one transaction waits for its turn is stored together in the next.
    """

    def __init__(
        self, inbox: Inbox, work: Callable[[str], None], deliver: Callable[[], None], per_address: RateLimiter
    ) -> None:
        self._inbox = inbox
        self._work = work
        self._deliver = deliver
        self._per_address = per_address
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        self._pending: list[tuple[Inbound, asyncio.Future[Taken]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def accept(self, inbound: Inbound) -> Taken:
        """Raises DatabaseError where nothing was stored: the platform is to send it again. ValueError where the chat's name is none."""
        stored: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._pending.append((inbound, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        taken = await stored
        if taken is Taken.NEW:
            self._work(inbound.sender)
        elif taken is Taken.NOTICED:
            self._deliver()
        return taken

    async def first(self, channel: str, key: str) -> bool:
        """Note an event that is no message; False where it was noted before."""
        return await self._apart(self._inbox.note, channel, key)

    async def close(self, sender: str, reason: str) -> None:
        await self._apart(self._inbox.close, sender, reason)

    async def pause(self, sender: str, minutes: int) -> None:
        await self._apart(self._inbox.pause, sender, minutes)

    def refuse(self, request: Request, health: Health, status: int) -> HTTPException:
        """The answer to a wrong signature; who tries often is told to wait. Raises HTTPException 429."""
        health.refused += 1
        refuse_flood(self._per_address, request.client.host if request.client else "")
        return HTTPException(status, "Chữ ký không hợp lệ.")

    def stop(self) -> None:
        self._thread.shutdown(wait=True)

    async def _store(self) -> None:
        """Store what is pending, in transactions of many, until nothing is."""
        while self._pending:
            batch, self._pending = self._pending[:MOST_AT_ONCE], self._pending[MOST_AT_ONCE:]
            found = await self._apart(self._inbox.accept_all, [inbound for inbound, _ in batch])
            for (_, stored), taken in zip(batch, found, strict=True):
                if stored.cancelled():
                    continue
                if isinstance(taken, Exception):
                    stored.set_exception(taken)
                else:
                    stored.set_result(taken)

    async def _apart(self, work: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


def same(given: str, secret: str) -> bool:
    """Constant-time comparison; an empty secret is equal to nothing."""
    return bool(secret) and hmac.compare_digest(given.encode(), secret.encode())


def read_object(body: bytes) -> dict[str, Any]:
    """Raises HTTPException 400 where the body is no JSON object."""
    try:
        record = json.loads(body)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise HTTPException(400, "The body is no JSON object")
    return record
