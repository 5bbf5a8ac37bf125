"""One server at a time works on a conversation, so that its messages are answered once and in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Protocol

import redis.asyncio
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

log = logging.getLogger(__name__)
Alone = Callable[[], Awaitable[None]]  # says that the work goes on, before each message


class ConversationLocks(Protocol):
    """`alone` waits until no other server works on the conversation; `shared` is False where there is no other."""

    shared: bool

    def alone(self, conversation: str) -> AbstractAsyncContextManager[Alone]: ...


class NoLocks:
    """One server needs none: it has one task a conversation."""

    shared = False

    @asynccontextmanager
    async def alone(self, conversation: str) -> AsyncIterator[Alone]:
        yield _nothing


class RedisLocks:
    """A lock that its server's death ends after `seconds`. Redis away: nobody waits, and the database's claim of each question decides."""

    shared = True

    def __init__(self, client: redis.asyncio.Redis, name: str, seconds: float) -> None:
        self._client = client
        self._name = name
        self._seconds = seconds

    @asynccontextmanager
    async def alone(self, conversation: str) -> AsyncIterator[Alone]:
        lock = Lock(self._client, f"{self._name}:{conversation}", timeout=self._seconds, sleep=0.05)
        held = await self._acquire(lock)

        async def goes_on() -> None:
            if held:
                with suppress(LockError, RedisError):  # lost: the claim decides
                    await lock.reacquire()

        try:
            yield goes_on
        finally:
            if held:
                with suppress(LockError, RedisError):
                    await lock.release()

    @staticmethod
    async def _acquire(lock: Lock) -> bool:
        try:
            return bool(await lock.acquire())
        except (LockError, RedisError) as error:
            log.error("conversations are not shared out between servers: %s", error)
            return False


async def run_as_owner(
    client: redis.asyncio.Redis, name: str, seconds: float, run: Callable[[], Awaitable[None]]
) -> None:
    """Run while this server has the lease, which others take `seconds` after its owner's death; until it is cancelled."""
    while True:
        lease = Lock(client, name, timeout=seconds, sleep=seconds / 4)
        try:
            await lease.acquire()
        except RedisError as error:
            log.error("%s waits for Redis: %s", name, error)
            await asyncio.sleep(seconds / 4)
            continue
        working = asyncio.ensure_future(run())
        try:
            while not working.done():
                await asyncio.wait({working}, timeout=seconds / 4)
                await lease.reacquire()
        except (LockError, RedisError) as error:
            log.error("%s goes on with another server: %s", name, error)
        finally:
            working.cancel()
            await asyncio.wait({working})
            with suppress(LockError, RedisError):
                await lease.release()


async def _nothing() -> None:
    return None
