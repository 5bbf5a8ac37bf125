"""Keeps a running server on the current publication: looks at one row of the database, opens what is new, swaps whole objects.

Every server that uses the database sees a change within the time between two looks; turns that are running end on the publication
that they began on (bot/turns.py). What can't be opened is not served: the server stays on the old one, says so and tries again.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import time
from contextlib import suppress

from actions.answering import Answerer
from bot.publication import Served, open_publication
from bot.settings import Settings
from bot.turns import running_turn
from index.encoder import Encoder, open_encoder
from index.errors import IndexNotBuilt
from knowledge.database import Database
from knowledge.publications import NOTHING, Current, current

log = logging.getLogger(__name__)
RETRY_SECONDS = 15.0  # between two tries to open what can't be opened; another change is opened at once


class Serving:
    """The served publication of one server process."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._encoder: Encoder | None = None
        self.served: Served | None = None
        self.trouble: str | None = None  # why the current publication is not served
        self.opened = asyncio.Event()
        self._closed: tuple[int, float] = (0, 0.0)  # a change that could not be opened, and when it is tried again

    def answerer(self) -> Answerer:
        """Of the publication that the running turn stands on, else of the served one. Raises IndexNotBuilt while there is none."""
        turn = running_turn()
        served = turn.served if turn and turn.served else self.served
        if served is None:
            raise IndexNotBuilt("the knowledge is not open yet; /readyz tells why")
        return served.answerer

    async def follow(self) -> None:
        """Open the current publication, then swap whenever another has become current; runs until it is cancelled."""
        while True:
            await self._step()
            await asyncio.sleep(self._settings.bot.publication_seconds)

    def state(self) -> str:
        """For /readyz: the number, since when it is current, and why another one is not served."""
        if self.served is None:
            return f"failed: {self.trouble}" if self.trouble else "starting"
        now = self.served.current
        trouble = f"; {self.trouble}" if self.trouble else ""
        return f"ready: {now.number}, current since {now.since:%Y-%m-%dT%H:%M:%SZ}{trouble}"

    async def _step(self) -> None:
        try:
            now = await asyncio.to_thread(self._current)
        except Exception as error:  # /readyz tells of the database elsewhere; what is served goes on
            self._note(str(error) if self.served is None else self.trouble)
            return
        if now is None:
            self._note(NOTHING)
        elif self.served is not None and now.change == self.served.current.change:
            self._note(None)
        elif now.change != self._closed[0] or time.monotonic() >= self._closed[1]:
            await self._swap(now)

    def _note(self, trouble: str | None) -> None:
        """Keep why the current publication is not served; the log tells it once, not at every look."""
        if trouble and trouble != self.trouble:
            log.error("%s; serving %s", trouble, self.served.number if self.served else "nothing")
        self.trouble = trouble

    def _current(self) -> Current | None:
        with self._database.session() as session:
            return current(session)

    async def _swap(self, now: Current) -> None:
        try:
            opened = await asyncio.to_thread(self._open)
        except Exception as error:  # whatever is wrong with it, the old one goes on answering
            self._note(f"publication {now.number} can't be opened: {error}")
            self._closed = now.change, time.monotonic() + RETRY_SECONDS
            return
        before = self.served
        self.served, self.trouble = opened, None
        self.opened.set()
        log.info("publication %s is served%s", opened.number, f", after {before.number}" if before else "")
        del before
        await asyncio.to_thread(_give_back_memory)

    def _open(self) -> Served:
        if self._encoder is None:
            self._encoder = open_encoder(self._settings.encoder, self._settings.index.threads)
        return open_publication(self._settings, self._database, self._encoder)


def _give_back_memory() -> None:
    """The old publication is garbage now, in pieces that the C library would keep for itself."""
    gc.collect()
    with suppress(OSError, AttributeError):  # not glibc
        ctypes.CDLL("libc.so.6").malloc_trim(0)
