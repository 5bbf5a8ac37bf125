"""Brings what waits in the outbox to chat apps: one person's messages in order, people side by side.

Before a part goes out it is noted as on its way, and afterwards as arrived. What was on its way when the server stopped, or got no
answer, may have arrived: no platform takes a key that would tell, so it is sent once more (a repeat beats silence) and counted.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.channels.apps import ChatApp, ChatApps
from bot.channels.rendering import Part, Run
from bot.errors import (
    ChannelAway,
    ChannelStopped,
    ChatClosed,
    DeliveryError,
    MaybeArrived,
    NotTaken,
    RetryLater,
)
from bot.outbox_store import OutboxStore, Outgoing
from knowledge.errors import DatabaseError

log = logging.getLogger(__name__)
ROUND_SECONDS = 1.0
AT_ONCE = 32  # people who are written to at the same moment
MOST_FAILURES = 5
LONGEST_PAUSE = 60.0
_LONGEST = 6  # attempts after which the pause grows no more
GIVE_UP_AFTER = timedelta(days=1)  # where the platform is away all the time
STOPPED_SECONDS = 300.0  # between two attempts on a channel that refuses everything
Result = TypeVar("Result")
SEARCHING = "Mình đang tra cứu, bạn chờ mình chút nhé…"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do after a failure: try again after so many seconds, or (None) give the message up."""

    seconds: float | None
    counts: bool = True  # as one of the failures that a message may have


class Delivery:
    """`run` until it is cancelled; what is under way then is known to be when the next one starts."""

    def __init__(
        self, store: OutboxStore, apps: ChatApps, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._apps = apps
        self._clock = clock
        self._wake = asyncio.Event()
        # The database takes one writer at a time: more threads of ours would only hold up each other, and what comes in.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="outbox")
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def _apart(self, work: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def wake(self) -> None:
        """Something was put into the outbox."""
        self._wake.set()

    async def run(self) -> None:
        recovered = False
        self._thread = ThreadPoolExecutor(
            1, thread_name_prefix="outbox"
        )  # it may be run again, after another server's turn
        try:
            while not recovered:
                recovered = await self._recovered()
            while True:
                self._wake.clear()
                await self._round_or_wait()
                with suppress(TimeoutError):
                    async with asyncio.timeout(ROUND_SECONDS):
                        await self._wake.wait()
        finally:
            tasks = list(self._busy.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._thread.shutdown(wait=True)

    async def round(self) -> None:
        """Send everything that is due now, and wait until it was tried."""
        await self._start_due()
        while self._busy:
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _recovered(self) -> bool:
        try:
            if left := await self._apart(self._store.recover):
                log.warning(
                    "%d messages to chat apps may arrive twice: the server stopped while they were on their way", left
                )
        except DatabaseError as error:
            log.error("messages to chat apps wait for the database: %s", error)
            await asyncio.sleep(ROUND_SECONDS)
            return False
        return True

    async def _round_or_wait(self) -> None:
        try:
            await self._start_due()
        except DatabaseError as error:
            log.error("messages to chat apps wait for the database: %s", error)
        except Exception:
            log.exception("a round of the delivery failed")

    async def _start_due(self) -> None:
        names, room = tuple(self._apps.connected), AT_ONCE - len(self._busy)
        if not names or room <= 0:
            return
        for sender in await self._apart(self._store.due_senders, names, self._clock(), frozenset(self._busy), room):
            task = asyncio.create_task(self._bring(sender))
            self._busy[sender] = task
            task.add_done_callback(partial(self._freed, sender))

    def _freed(self, sender: str, _: asyncio.Task[None]) -> None:
        self._busy.pop(sender, None)
        self._wake.set()  # others may have waited for the place

    async def _bring(self, sender: str) -> None:
        """Everything of one person, in order, until something fails."""
        app = self._apps.connected[sender.partition(":")[0]]
        try:
            while (message := await self._apart(self._store.next_due, sender, self._clock())) is not None:
                if not await self._bring_message(app, message):
                    return
        except DatabaseError as error:
            log.error("a message to %s waits for the database: %s", app.name, error)
            await asyncio.sleep(ROUND_SECONDS)
        except Exception:
            log.exception("messages of the outbox to %s could not be sent", app.name)
            await asyncio.sleep(ROUND_SECONDS)

    async def _bring_message(self, app: ChatApp, message: Outgoing) -> bool:
        """Send the parts that have not arrived; False where it must be tried again later."""
        if closed := message.closed or self._too_late(app, message):
            await self._apart(self._store.give_up, message, closed)
            return True
        parts = app.drawing.draw(message.answer, message.id)
        for at in range(message.parts_sent, len(parts)):
            last = at == len(parts) - 1
            await self._apart(self._store.leaving, message, last)
            try:
                await app.send(message.chat, parts[at])
            except DeliveryError as error:
                return await self._failed(app, message, error)
            except Exception as error:  # a part that we can't even put into words for the platform
                log.exception("message %d of the outbox failed", message.id)
                return await self._failed(app, message, NotTaken(f"{type(error).__name__}"))
            await self._apart(self._store.arrived, message, at + 1, last)
        if not parts:
            await self._apart(self._store.arrived, message, 0, True)
        if app.health.state.startswith("degraded"):
            app.health.state = "ready"
        return True

    def _too_late(self, app: ChatApp, message: Outgoing) -> str:
        """Why the platform would refuse the message, or have it paid for."""
        window, heard = app.manners.window, message.heard_at
        if window is None or (heard is not None and self._clock() - heard <= window):
            return ""
        return "the person's last message is too long ago"

    async def _failed(self, app: ChatApp, message: Outgoing, error: DeliveryError) -> bool:
        """Note a failure; True where the person's next message may follow."""
        known = await self._apart(self._store.find, message.id)
        if known is None:  # deleted meanwhile
            return True
        verdict = self._verdict(known, error)
        log.warning("message %d to %s: %s: %s", known.id, app.name, type(error).__name__, error)
        if isinstance(error, ChannelStopped):
            app.health.state = f"degraded: {error}"
        if isinstance(error, ChatClosed):
            await self._apart(self._store.close, known, str(error))
            return True
        if verdict.seconds is None:
            await self._apart(self._store.give_up, known, f"{type(error).__name__}: {error}")
            return True
        due = self._clock() + timedelta(seconds=verdict.seconds)
        doubtful = isinstance(error, MaybeArrived)
        await self._apart(self._store.try_again, known, due, str(error), verdict.counts, doubtful)
        return False

    def _verdict(self, message: Outgoing, error: DeliveryError) -> Verdict:
        failures = message.attempts + 1
        pause = min(LONGEST_PAUSE, 2.0**message.attempts) * random.uniform(0.75, 1.25)  # noqa: S311  no secret
        if isinstance(error, ChannelStopped):
            return Verdict(STOPPED_SECONDS, counts=False)
        if isinstance(error, ChannelAway):
            old = self._clock() - message.at > GIVE_UP_AFTER
            return Verdict(None if old else pause, counts=message.attempts < _LONGEST)
        if isinstance(error, RetryLater) and error.seconds is not None:
            return Verdict(error.seconds, counts=False)
        if isinstance(error, MaybeArrived):
            return Verdict(None if message.maybe_twice else pause, counts=True)
        if isinstance(error, NotTaken) or failures >= MOST_FAILURES:
            return Verdict(None)
        return Verdict(pause)

    @asynccontextmanager
    async def working(self, sender: str) -> AsyncIterator[None]:
        """The person sees, as the app shows it, that an answer is being made."""
        name, _, chat = sender.partition(":")
        app = self._apps.connected.get(name)
        task = asyncio.create_task(_show(app, chat)) if app else None
        try:
            yield
        finally:
            if task:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


async def _show(app: ChatApp, chat: str) -> None:
    """«… is typing» again and again, or one sentence after a while; whether it works is of no consequence."""
    try:
        if app.manners.notice_seconds:
            await asyncio.sleep(app.manners.notice_seconds)
            await app.send(chat, Part((Run(SEARCHING),)))
        while app.manners.typing_seconds:
            await app.typing(chat)
            await asyncio.sleep(app.manners.typing_seconds)
    except DeliveryError as error:
        log.info("%s shows no sign that an answer is being made: %s", app.name, error)
