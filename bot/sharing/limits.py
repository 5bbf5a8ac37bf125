"""Rate limits that count for all servers together; where Redis is away each server counts for itself."""

from __future__ import annotations

import hashlib
import logging
import secrets
import time

import redis

from bot.limits import WINDOW, RateLimiter

log = logging.getLogger(__name__)
PATIENCE = 0.25  # seconds for one question to Redis: people wait meanwhile
PAUSE = 5.0  # seconds without asking again after it did not answer
# One sliding window a key, by Redis' own clock. KEYS: the window. ARGV: how many, its milliseconds, a name for this message.
_COUNT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now - ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
  return redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] + ARGV[2] - now
end
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
"""


class SharedRateLimiter(RateLimiter):
    """As `RateLimiter`; what Redis keeps is a digest of the key, for a minute."""

    def __init__(self, allowed: int, client: redis.Redis, name: str) -> None:
        super().__init__(allowed)
        self._per_minute = allowed
        self._count = client.register_script(_COUNT)
        self._name = name
        self._not_before = 0.0

    def wait(self, key: str) -> float:
        if not self._per_minute or time.monotonic() < self._not_before:
            return super().wait(key)
        digest = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        try:
            milliseconds = self._count(
                keys=[f"{self._name}:{digest}"], args=[self._per_minute, int(WINDOW * 1000), secrets.token_hex(8)]
            )
        except redis.RedisError as error:
            self._not_before = time.monotonic() + PAUSE
            log.error("limits are counted by this server alone for a while: %s", error)
            return super().wait(key)
        return int(milliseconds) / 1000
