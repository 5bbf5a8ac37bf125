"""Puts together what is shared: through Redis where AWARD_REDIS_URL names one, else inside this process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

import redis
import redis.asyncio
from redis.exceptions import RedisError

from bot.errors import SettingsError
from bot.limits import RateLimiter
from bot.live import LiveEvents
from bot.sharing.limits import PATIENCE, SharedRateLimiter
from bot.sharing.live import SharedLiveEvents
from bot.sharing.locks import ConversationLocks, NoLocks, RedisLocks, run_as_owner

NAME = "award"
LEASE_SECONDS = 8.0


class Sharing(Protocol):
    """`alone` is True where no other server uses the database. `run` is a task of the server's whole life."""

    alone: bool
    live: LiveEvents
    locks: ConversationLocks

    def limiter(self, what: str, allowed: int) -> RateLimiter: ...

    def state(self) -> str: ...

    async def as_owner(self, what: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run what only one server may do at a time."""

    async def run(self) -> None: ...

    async def close(self) -> None: ...


class NotShared:
    """One server."""

    def __init__(self) -> None:
        self.alone = True
        self.live = LiveEvents()
        self.locks: ConversationLocks = NoLocks()

    def limiter(self, what: str, allowed: int) -> RateLimiter:
        return RateLimiter(allowed)

    def state(self) -> str:
        return "ready"

    async def as_owner(self, what: str, run: Callable[[], Awaitable[None]]) -> None:
        await run()

    async def run(self) -> None:
        return None

    async def close(self) -> None:
        return None


class SharedByRedis:
    """`lock_seconds` is how long a conversation stays with a server that says nothing more: longer than the longest turn."""

    def __init__(self, url: str, lock_seconds: float, name: str = NAME) -> None:
        """Raises SettingsError where the URL is none."""
        try:
            self._quick = redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
            self._client = redis.asyncio.Redis.from_url(
                url, socket_connect_timeout=2, health_check_interval=15, client_name=name
            )
        except ValueError as error:
            raise SettingsError("AWARD_REDIS_URL is no address; write it like redis://:password@host:6379/0") from error
        self._name = name
        self._live = SharedLiveEvents(self._client, f"{name}:live")
        self.alone = False
        self.live: LiveEvents = self._live
        self.locks: ConversationLocks = RedisLocks(self._client, f"{name}:conversation", lock_seconds)

    def limiter(self, what: str, allowed: int) -> RateLimiter:
        return SharedRateLimiter(allowed, self._quick, f"{self._name}:limit:{what}")

    def state(self) -> str:
        """Without Redis people are still answered, so a server stays ready."""
        return (
            "ready"
            if self._live.connected
            else "ready, but Redis is away: limits and live events are this server's own"
        )

    async def as_owner(self, what: str, run: Callable[[], Awaitable[None]]) -> None:
        await run_as_owner(self._client, f"{self._name}:owner:{what}", LEASE_SECONDS, run)

    async def run(self) -> None:
        await self._live.run()

    async def close(self) -> None:
        try:
            await self._client.aclose()
            self._quick.close()
        except RedisError:
            return


def open_sharing(url: str | None, lock_seconds: float) -> Sharing:
    """Raises SettingsError."""
    return SharedByRedis(url, lock_seconds) if url else NotShared()
