"""What every channel does with a request before it is parsed: a size cap and rate limits."""

from __future__ import annotations

import math

from fastapi import HTTPException, Request

from bot.limits import RateLimiter

MOST_BYTES = 256 * 1024
TOO_FAST = "Bạn nhắn hơi nhanh. Bạn chờ một chút rồi gửi tiếp giúp mình nhé."


async def read_body(request: Request) -> bytes:
    """The body, at most 256 KiB. Raises HTTPException 413 as soon as it is longer."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > MOST_BYTES:
        raise HTTPException(413, "The body is larger than 256 KiB")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "The body is larger than 256 KiB")
    return bytes(body)


def refuse_flood(limiter: RateLimiter, key: str) -> None:
    """Raises HTTPException 429 with Retry-After where the key has sent too much."""
    seconds = limiter.wait(key)
    if seconds:
        raise HTTPException(429, TOO_FAST, {"Retry-After": str(math.ceil(seconds))})
