"""Answers the stored questions of web conversations: one conversation in order, conversations side by side.

The database is the queue: what was acknowledged and not yet answered when the server stopped is found there at the next start.
"""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.orm import Session

from bot.assistant import Assistant
from bot.conversations import WEB, Conversations
from bot.live import LiveEvent, LiveEvents
from bot.messages import UNAVAILABLE, AnswerMessage
from bot.reception import Reply
from knowledge.errors import DatabaseError

log = logging.getLogger(__name__)
RETRY_SECONDS = 2.0


class ConversationWorker:
    """`wake` after storing a question; at most one task works on a conversation."""

    def __init__(self, conversations: Conversations, assistant: Assistant, live: LiveEvents) -> None:
        self._conversations = conversations
        self._assistant = assistant
        self._live = live
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    async def resume(self) -> None:
        """Take up what a stopped server left unanswered."""
        for conversation in await asyncio.to_thread(self._conversations.waiting_conversations):
            self.wake(conversation)

    def wake(self, conversation: str) -> None:
        if conversation in self._tasks:
            self._again.add(conversation)
            return
        self._tasks[conversation] = asyncio.create_task(self._drain(conversation))

    async def stop(self) -> None:
        """Unfinished questions stay in the database."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drain(self, conversation: str) -> None:
        try:
            while True:
                self._again.discard(conversation)
                await self._work_off(conversation)
                if conversation not in self._again:
                    return
        finally:
            del self._tasks[conversation]

    async def _work_off(self, conversation: str) -> None:
        try:
            waiting = await asyncio.to_thread(self._conversations.unanswered, conversation)
            for seq, text in waiting:
                await self._answer(conversation, seq, text)
        except DatabaseError as error:
            log.error("a conversation waits for the database: %s", error)
            self._live.publish(conversation, LiveEvent("error", {"detail": UNAVAILABLE, "error_id": "database"}))
            await asyncio.sleep(RETRY_SECONDS)
            self._again.add(conversation)

    async def _answer(self, conversation: str, seq: int, text: str) -> None:
        sender, key = f"{WEB}{conversation}", f"{conversation}:{seq}"
        self._live.publish(conversation, LiveEvent("receipt", {"seq": seq, "state": "received"}))

        def thinking() -> None:
            self._live.publish(conversation, LiveEvent("typing", {"on": True}))
            self._live.publish(conversation, LiveEvent("receipt", {"seq": seq, "state": "seen"}))

        reply = await self._assistant.reply(sender, text, "web", key, thinking)

        def checked(session: Session, answer: AnswerMessage) -> AnswerMessage | None:
            late = self._assistant.reception.overtaken(session, sender, text, key)
            return answer if late is None else _aloud(late)

        stored = reply.stored or await asyncio.to_thread(
            self._conversations.add_answer, conversation, seq, _aloud(reply), checked if reply.by_rasa else None
        )
        self._live.publish(conversation, LiveEvent("typing", {"on": False}))
        if stored is not None:
            self._live.publish(conversation, LiveEvent("message", stored.to_json(), stored.seq))


def _aloud(reply: Reply) -> AnswerMessage | None:
    """What is to be said; the page shows receipts, so that an officer's chat is not full of them."""
    return None if reply.quiet else reply.answer
