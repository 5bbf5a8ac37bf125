"""Live events of web conversations: what happens is told to every open stream of the conversation."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

QUEUE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """`seq` is the cursor where the event is a stored message, else None."""

    name: str
    data: dict[str, Any]
    seq: int | None = None


class LiveEvents:
    """Publish and subscribe inside one process; a slow stream that overflows is ended and resumes by its cursor."""

    def __init__(self) -> None:
        self._streams: dict[str, set[asyncio.Queue[LiveEvent | None]]] = defaultdict(set)

    def publish(self, conversation: str, event: LiveEvent) -> None:
        for queue in list(self._streams.get(conversation, ())):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._end(queue)

    @contextmanager
    def subscribe(self, conversation: str) -> Iterator[asyncio.Queue[LiveEvent | None]]:
        """Events from now on; None ends the stream."""
        queue: asyncio.Queue[LiveEvent | None] = asyncio.Queue(QUEUE_LENGTH)
        self._streams[conversation].add(queue)
        try:
            yield queue
        finally:
            self._streams[conversation].discard(queue)
            if not self._streams[conversation]:
                del self._streams[conversation]

    def close(self) -> None:
        """End every stream, so that a stopping server does not wait for browsers."""
        for streams in self._streams.values():
            for queue in streams:
                self._end(queue)

    @staticmethod
    def _end(queue: asyncio.Queue[LiveEvent | None]) -> None:
        while True:
            try:
                queue.put_nowait(None)
            except asyncio.QueueFull:
                queue.get_nowait()
            else:
                return
