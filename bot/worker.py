"""Answers the stored questions of web conversations and chat apps: one conversation in order, conversations side by side.

The database is the queue: what was acknowledged and not yet answered when the server stopped is found there at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from actions.answer import AnswerStatus
from actions.handover.office import TIME_ZONE
from bot.assistant import Assistant
from bot.conversations import Conversations, app_of, sender_of
from bot.live import LiveEvent, LiveEvents
from bot.logs import pseudonym
from bot.messages import UNAVAILABLE, AnswerMessage
from bot.reception import Reply
from bot.sharing.locks import ConversationLocks, NoLocks
from knowledge.errors import DatabaseError

log = logging.getLogger(__name__)
RETRY_SECONDS = 2.0
WATCH_SECONDS = 5.0
DRAIN_SECONDS = 3.0
LATE = timedelta(minutes=10)  # an answer that comes later says which message it answers
LATE_HEAD = {"vi": "Về tin nhắn lúc {time} của bạn: «{text}»", "en": "About your message of {time}: “{text}”"}
MOST_QUOTED = 160  # characters


class Apps(Protocol):
    """What the worker needs of the chat apps (bot/delivery.py)."""

    def working(self, sender: str) -> AbstractAsyncContextManager[None]:
        """The person sees, as the app shows it, that an answer is being made."""

    def wake(self) -> None:
        """Something is in the outbox."""


class ConversationWorker:
    """`wake` after storing a question; at most one task works on a conversation."""

    def __init__(
        self,
        conversations: Conversations,
        assistant: Assistant,
        live: LiveEvents,
        apps: Apps | None = None,
        locks: ConversationLocks | None = None,
    ) -> None:
        self._conversations = conversations
        self._assistant = assistant
        self._live = live
        self._apps = apps
        self._locks = locks or NoLocks()
        self._opened = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    async def resume(self) -> None:
        """Take up what a stopped server left unanswered."""
        self.open()
        for conversation in await asyncio.to_thread(self._conversations.waiting_conversations):
            self.wake(conversation)

    def open(self) -> None:
        """From now on chat apps are answered, if only by an apology. Until then their messages wait: nobody sends them again."""
        self._opened.set()

    async def watch(self) -> None:
        """Take up messages of chat apps that the command line has put back (`award inbox replay`), and whatever a killed server left behind.

        Until it is cancelled.
        """
        await self._opened.wait()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                waiting = await asyncio.to_thread(self._conversations.waiting_conversations)
            except DatabaseError as error:
                log.error("messages that were put back wait for the database: %s", error)
                continue
            for conversation in waiting:
                if (self._locks.shared or app_of(conversation)) and conversation not in self._tasks:
                    self.wake(conversation)

    def wake(self, conversation: str) -> None:
        if conversation in self._tasks:
            self._again.add(conversation)
            return
        self._tasks[conversation] = asyncio.create_task(self._drain(conversation))

    async def stop(self) -> None:
        """Turns that run get a few seconds to end; unfinished questions stay in the database."""
        tasks = list(self._tasks.values())
        if tasks and self._opened.is_set():
            await asyncio.wait(tasks, timeout=DRAIN_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drain(self, conversation: str) -> None:
        try:
            while True:
                if app_of(conversation):
                    await self._opened.wait()
                self._again.discard(conversation)
                await self._work_off(conversation)
                if conversation not in self._again:
                    return
        finally:
            del self._tasks[conversation]

    async def _work_off(self, conversation: str) -> None:
        try:
            async with self._locks.alone(conversation) as goes_on:
                waiting = await asyncio.to_thread(self._conversations.unanswered, conversation)
                for seq, text, at in waiting:
                    await goes_on()
                    await self._answer_or_apologise(conversation, seq, text, at)
        except DatabaseError as error:
            log.error("a conversation waits for the database: %s", error)
            self._live.publish(conversation, LiveEvent("error", {"detail": UNAVAILABLE, "error_id": "database"}))
            await asyncio.sleep(RETRY_SECONDS)
            self._again.add(conversation)

    async def _answer_or_apologise(self, conversation: str, seq: int, text: str, at: datetime) -> None:
        """A message that we can't handle must not hold back those after it."""
        try:
            await self._answer(conversation, seq, text, at)
        except DatabaseError:
            raise
        except Exception:
            log.exception("message %d of %s could not be answered", seq, pseudonym(sender_of(conversation)[0]))
            apology = _numbered(AnswerMessage(status=AnswerStatus.ERROR, text=UNAVAILABLE, as_of=""), seq)
            stored = await asyncio.to_thread(self._conversations.add_answer, conversation, seq, apology)
            if stored is not None:
                self._live.publish(conversation, LiveEvent("message", stored.to_json(), stored.seq))
            if self._apps:
                self._apps.wake()

    async def _answer(self, conversation: str, seq: int, text: str, at: datetime) -> None:
        (sender, channel), key = sender_of(conversation), f"{conversation}:{seq}"
        self._live.publish(conversation, LiveEvent("receipt", {"seq": seq, "state": "received"}))

        def thinking() -> None:
            self._live.publish(conversation, LiveEvent("typing", {"on": True}))
            self._live.publish(conversation, LiveEvent("receipt", {"seq": seq, "state": "seen"}))

        app = self._apps if app_of(sender) else None
        async with app.working(sender) if app else nullcontext():
            reply = await self._assistant.reply(sender, text, channel, key, thinking)

        def checked(session: Session, answer: AnswerMessage) -> AnswerMessage | None:
            late = self._assistant.reception.overtaken(session, sender, text, key)
            return answer if late is None else _aloud(late)

        said = _aloud(reply)
        if app and said is not None:
            said = _numbered(_late(said, text, at), seq)
        stored = reply.stored or await asyncio.to_thread(
            self._conversations.add_answer, conversation, seq, said, checked if reply.by_rasa else None
        )
        if app:
            app.wake()
        self._live.publish(conversation, LiveEvent("typing", {"on": False}))
        if stored is not None:
            self._live.publish(conversation, LiveEvent("message", stored.to_json(), stored.seq))


def _late(answer: AnswerMessage, text: str, at: datetime) -> AnswerMessage:
    """In a chat app other messages may stand between; a page shows its answers in order."""
    if datetime.now(UTC) - at <= LATE:
        return answer
    quoted = text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED].rstrip()}…"
    head = LATE_HEAD[answer.language].format(time=f"{at.astimezone(TIME_ZONE):%H:%M %d/%m}", text=quoted)
    return answer.model_copy(update={"text": f"{head}\n\n{answer.text}"})


def _numbered(answer: AnswerMessage, seq: int) -> AnswerMessage:
    """An apology names the message, so that staff find it in the log and in `award inbox`."""
    failed = answer.status is AnswerStatus.ERROR
    return answer.model_copy(update={"text": f"{answer.text} (Mã lỗi: {seq})"}) if failed else answer


def _aloud(reply: Reply) -> AnswerMessage | None:
    """What is to be said; the page shows receipts, so that an officer's chat is not full of them."""
    return None if reply.quiet else reply.answer
