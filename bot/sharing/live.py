"""Live events that reach the streams of all servers.

Redis' channels keep nothing. So whenever the connection to it was lost, all open streams are ended once it is back: browsers come again
with their cursor and read from the database what they have missed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from dataclasses import asdict
from typing import Any

import redis.asyncio
from redis.exceptions import RedisError

from bot.live import LiveEvent, LiveEvents

log = logging.getLogger(__name__)
WAITING_EVENTS = 10_000
PAUSE = 1.0


class SharedLiveEvents(LiveEvents):
    """`run` carries events from and to the other servers until it is cancelled."""

    def __init__(self, client: redis.asyncio.Redis, channel: str) -> None:
        super().__init__()
        self._client = client
        self._channel = channel
        self._own = secrets.token_hex(8)
        self._outbound: asyncio.Queue[bytes] = asyncio.Queue(WAITING_EVENTS)
        self.connected = False

    def publish(self, conversation: str, event: LiveEvent) -> None:
        super().publish(conversation, event)
        try:
            self._outbound.put_nowait(json.dumps([self._own, conversation, asdict(event)]).encode())
        except asyncio.QueueFull:  # Redis is away; streams are ended when it is back
            log.warning("an event was not told to the other servers")

    async def run(self) -> None:
        lost = False
        while True:
            try:
                async with self._client.pubsub() as subscription:
                    await subscription.subscribe(self._channel)
                    if lost:
                        self._forget_outbound()
                        self.close()
                    self.connected, lost = True, True
                    async with asyncio.TaskGroup() as group:
                        group.create_task(self._send())
                        group.create_task(self._receive(subscription))
            except* (RedisError, OSError) as group_error:
                self.connected = False
                log.error("live events reach this server's streams only: %s", group_error.exceptions[0])
            await asyncio.sleep(PAUSE)

    async def _send(self) -> None:
        while True:
            await self._client.publish(self._channel, await self._outbound.get())

    async def _receive(self, subscription: Any) -> None:
        while True:
            message = await subscription.get_message(ignore_subscribe_messages=True, timeout=30)
            if message is None:
                continue
            sender, conversation, event = json.loads(message["data"])
            if sender != self._own:
                super().publish(conversation, LiveEvent(**event))

    def _forget_outbound(self) -> None:
        while not self._outbound.empty():
            self._outbound.get_nowait()
