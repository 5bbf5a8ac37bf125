"""HTTP to the platforms that have no library of their own: what the network's errors mean for a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.errors import ChannelAway, MaybeArrived


def client_for(address: str, read_seconds: float) -> httpx.AsyncClient:
    """The environment's proxy is for the internet; a server on this machine is reached without."""
    local = urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1")
    timeout = httpx.Timeout(read_seconds, connect=5.0, pool=10.0)
    limits = httpx.Limits(max_connections=64)
    return httpx.AsyncClient(trust_env=not local, verify=not local, timeout=timeout, limits=limits)


async def post_json(
    http: httpx.AsyncClient,
    address: str,
    record: dict[str, Any],
    seconds: float | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """The answer, whatever its status. Raises ChannelAway where nothing has arrived, MaybeArrived where nobody knows.

    No message names the address: it may hold a token.
    """
    timeout = httpx.Timeout(seconds, connect=5.0) if seconds else httpx.USE_CLIENT_DEFAULT
    try:
        return await http.post(address, json=record, timeout=timeout, headers=headers)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise ChannelAway(f"no connection ({type(error).__name__})") from None
    except httpx.HTTPError as error:
        raise MaybeArrived(f"no answer ({type(error).__name__})") from None
