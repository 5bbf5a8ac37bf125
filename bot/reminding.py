"""Says what people asked to be told of: reminders that fall due, dates that appear, move or are cancelled.

It looks at the database every half minute and puts what is due into the outbox, in the transaction that notes it. Several servers may
do so at once: each message is noted once, by whoever is first. What fell due while no server ran is said at the next morning's hour.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, time

from actions import outbox
from actions.reminders import wording
from actions.reminders.planning import due_until, may_write
from actions.reminders.store import due_notices, due_reminders, note_told
from knowledge.calendar import VIETNAM
from knowledge.calendar_store import read_tracked
from knowledge.database import Database
from knowledge.errors import DatabaseError

log = logging.getLogger(__name__)
ROUND_SECONDS = 30.0


class Reminding:
    """`run` until it is cancelled; `now` and `hour` (of the first message of a day) are Vietnam's."""

    def __init__(self, database: Database, now: Callable[[], datetime], hour: time) -> None:
        self._database = database
        self._now = now
        self._hour = hour

    async def run(self) -> None:
        while True:
            try:
                if said := await asyncio.to_thread(self.round):
                    log.info("%d reminders and notices put into the outbox", said)
            except DatabaseError as error:
                log.error("reminders wait for the database: %s", error)
            await asyncio.sleep(ROUND_SECONDS)

    def round(self) -> int:
        """Say everything that is due now; how many messages. Nothing between evening and the hour of reminders."""
        now = self._now()
        if not may_write(now, self._hour):
            return 0
        with self._database.session() as session:
            events = [
                one.event.id for one in read_tracked(session) if now.astimezone(VIETNAM).date() <= due_until(one.event)
            ]
        return sum(self._try(identity, now) for identity in events)

    def _try(self, identity: str, now: datetime) -> int:
        """An event that can't be put into words must not silence the others."""
        try:
            return self._say_about(identity, now)
        except DatabaseError:
            raise
        except Exception:
            log.exception("nothing could be said about the season event %s", identity)
            return 0

    def _say_about(self, identity: str, now: datetime) -> int:
        """One event, one transaction: what changed first, then the reminders."""
        with self._database.session() as session:
            tracked = next((one for one in read_tracked(session) if one.event.id == identity), None)
            if tracked is None:  # removed meanwhile
                return 0
            event, said = tracked.event, 0
            if not event.over(now.astimezone(VIETNAM).date()):
                for due in note_told(session, event, due_notices(session, event, now), now):
                    outbox.put(session, due.sender, wording.notice(event, due.told, now))
                    said += 1
            for due in note_told(session, event, due_reminders(session, tracked, now, self._hour), now):
                outbox.put(session, due.sender, wording.reminder(event, due.since, now))
                said += 1
            return said
