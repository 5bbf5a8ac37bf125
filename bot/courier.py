"""Brings what waits in the outbox to people, and gives idle chats back to the assistant: a round each second.

The command line writes to the database only, so the database is asked; several servers may do so side by side.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from actions.handover import cases
from bot.conversations import Conversations
from bot.live import LiveEvent, LiveEvents
from knowledge.database import Database
from knowledge.errors import DatabaseError

log = logging.getLogger(__name__)
ROUND_SECONDS = 1.0


class Courier:
    """`run` until it is cancelled; what is not done then is done by the next one."""

    def __init__(
        self,
        database: Database,
        conversations: Conversations,
        live: LiveEvents,
        idle_after: timedelta,
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._live = live
        self._idle_after = idle_after

    async def run(self) -> None:
        while True:
            try:
                await self.round()
            except DatabaseError as error:
                log.error("messages wait for the database: %s", error)
            except Exception:  # one that can't be brought must not hold back the others for ever unseen
                log.exception("a round of the courier failed")
            await asyncio.sleep(ROUND_SECONDS)

    async def round(self) -> None:
        """Everything that is due now."""
        await asyncio.to_thread(self._give_back_idle)
        for message in await asyncio.to_thread(self._conversations.undelivered):
            delivered = await asyncio.to_thread(self._conversations.deliver, message)
            if delivered is not None:
                conversation, stored = delivered
                self._live.publish(conversation, LiveEvent("message", stored.to_json(), stored.seq))

    def _give_back_idle(self) -> None:
        with self._database.session() as session:
            cases.give_back_idle(session, datetime.now(UTC), self._idle_after)
