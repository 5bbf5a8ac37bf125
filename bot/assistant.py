"""One turn, whatever the channel: what Rasa need not see is settled, Rasa is asked, its answer is read and recorded.

A failure becomes an honest sentence.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from weakref import WeakValueDictionary

from pydantic import ValidationError

from actions.answer import AnswerStatus, Language
from actions.guards import clean, mask_personal
from actions.handover.case import CaseReason
from actions.handover.wording import ASK_FOR_PERSON
from actions.privacy import DELETION_FAILED
from actions.sentences import EMPTY
from bot.conversations import Conversations, Turn, conversation_of, new_turn_key
from bot.dialogue.client import RasaClient
from bot.erasure import erase
from bot.errors import DialogueUnavailable
from bot.feedback import Feedback
from bot.logs import conversation, pseudonym
from bot.messages import UNAVAILABLE, AnswerMessage, read_reply
from bot.metrics import TURN_SECONDS, TURNS
from bot.reception import AFTER_FAILURES, AFTER_FEEDBACK, Reception, Reply
from bot.turn_record import query_answered
from bot.turns import METADATA, OpenTurn, OpenTurns
from knowledge.database import Database
from knowledge.errors import DatabaseError
from knowledge.stages import stage

log = logging.getLogger(__name__)
_REASONS = {AFTER_FEEDBACK: CaseReason.FEEDBACK, AFTER_FAILURES: CaseReason.FAILED}
_FAILED = (AnswerStatus.UNKNOWN, AnswerStatus.OUT_OF_SCOPE, AnswerStatus.ERROR)


class Assistant:
    """Asks Rasa and never raises: people get an answer or an apology."""

    def __init__(
        self,
        client: Callable[[], RasaClient | None],
        conversations: Conversations,
        turns: OpenTurns,
        stamp: str,
        reception: Reception,
        database: Database,
    ) -> None:
        """`stamp` names the code that answers, as it is kept with every turn."""
        self.reception = reception
        self._client = client
        self._conversations = conversations
        self._turns = turns
        self._stamp = stamp
        self._database = database
        self._recording: dict[str, asyncio.Task[None]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def reply(
        self, sender: str, text: str, channel: str, key: str | None = None, thinking: Callable[[], None] | None = None
    ) -> Reply:
        """The reply to one message of a sender; `key` names the message, should it be handed in twice.

        `thinking` is called where the assistant begins to look for an answer.
        """
        conversation.set(pseudonym(sender))
        async with self._alone(sender):
            masked = clean(mask_personal(text))  # nothing that identifies a person reaches a tracker
            try:
                settled = await asyncio.to_thread(self.reception.settle, sender, masked, key)
            except DatabaseError as error:
                log.error("a message was not looked at: %s", error)
                return Reply(_unavailable())
            if settled is None:
                if thinking is not None:
                    thinking()
                settled = await self._answered(sender, masked, channel, key)
            return await self._forgotten(sender, settled) if settled.answer.forget else settled

    async def rate(self, sender: str, feedback: Feedback) -> bool:
        """Keep a rating; False where the sender had no such turn. Raises DatabaseError."""
        await self._recorded(sender)
        return await asyncio.to_thread(self.reception.rate, sender, feedback)

    async def forget(self, sender: str) -> None:
        """Delete everything about a sender, after the turn that may be under way. Raises DatabaseError where nothing was deleted."""
        async with self._alone(sender):
            await asyncio.to_thread(erase, self._database, sender)

    async def finish(self) -> None:
        """Wait until every turn is recorded."""
        await asyncio.gather(*self._recording.values())

    @asynccontextmanager
    async def _alone(self, sender: str) -> AsyncIterator[None]:
        """One turn of a sender after another, each recorded before the next begins: a rating finds its turn, a deletion all of them."""
        lock = self._locks.setdefault(sender, asyncio.Lock())
        async with lock:
            await self._recorded(sender)
            yield

    async def _answered(self, sender: str, text: str, channel: str, key: str | None) -> Reply:
        started = time.perf_counter()
        with self._turns.turn() as stood:
            answer = await self._ask(sender, text, stood)
        try:
            if late := await asyncio.to_thread(self.reception.late, sender, text, key):
                return late
            if answer.forget:
                return Reply(answer)
            if answer.status in _FAILED and await asyncio.to_thread(self._failed_before, sender):
                answer = await asyncio.to_thread(self.reception.offer_person, sender, answer)
        except DatabaseError as error:
            log.error("it is not known whether an officer has this chat: %s", error)
            return Reply(_unavailable())
        turn_key = new_turn_key()
        answer = answer.model_copy(update={"turn": turn_key})
        seconds = time.perf_counter() - started
        spent = round(seconds * 1000)
        TURNS.labels(channel, str(answer.status)).inc()
        TURN_SECONDS.labels(channel).observe(seconds)
        log.info("turn", extra={"channel": channel, "status": str(answer.status), "milliseconds": spent})
        turn = Turn(
            conversation_of(sender),
            channel,
            text,
            answer,
            stood.served.number if stood.served else None,
            spent,
            asked=query_answered(stood.asked, answer),
            stamp=self._stamp,
            key=turn_key,
        )
        recording = asyncio.create_task(self._record(turn))
        self._recording[sender] = (
            recording  # the answer does not wait for it; the sender's next turn and the server's end do
        )
        recording.add_done_callback(lambda _: self._recording.pop(sender, None))
        return Reply(answer, by_rasa=True)

    def _failed_before(self, sender: str) -> bool:
        return self._conversations.last_status(sender) in _FAILED

    async def _forgotten(self, sender: str, reply: Reply) -> Reply:
        """What the person asked for comes first, then the sentence that it is done."""
        try:
            erased = await asyncio.to_thread(erase, self._database, sender, reply.answer)
            return replace(reply, stored=erased.stored)
        except DatabaseError as error:
            log.error("a person's data was not deleted: %s", error)
            return Reply(AnswerMessage(status=AnswerStatus.ERROR, text=DELETION_FAILED, as_of=reply.answer.as_of))

    async def _recorded(self, sender: str) -> None:
        if pending := self._recording.get(sender):
            await asyncio.gather(pending, return_exceptions=True)

    async def _ask(self, sender: str, text: str, turn: OpenTurn) -> AnswerMessage:
        client = self._client()
        if client is None or not text:
            return _unavailable() if text else _nothing_said()
        reason = _REASONS.get(text)
        metadata = {"reason": str(reason)} if reason else {}
        try:
            sent = ASK_FOR_PERSON if reason else text
            with stage("rasa"):
                said = await client.send(sender, sent, metadata | {METADATA: turn.name})
            answer = read_reply(said)
            return answer if answer.full_text.strip() else _unavailable()
        except (DialogueUnavailable, ValidationError) as error:
            log.warning("the dialogue server gave no answer: %s", error)
            return _unavailable()
        except Exception:  # whatever it is, the person is told, and the conversation goes on
            log.exception("a turn failed")
            return _unavailable()

    async def _record(self, turn: Turn) -> None:
        try:
            with stage("record"):
                await asyncio.to_thread(self._conversations.record, turn)
        except DatabaseError as error:  # the person still gets the answer
            log.error("a turn was not recorded: %s", error)


def _unavailable() -> AnswerMessage:
    return AnswerMessage(status=AnswerStatus.ERROR, text=UNAVAILABLE, as_of="")


def _nothing_said() -> AnswerMessage:
    return AnswerMessage(status=AnswerStatus.CLARIFY, text=EMPTY[Language.VIETNAMESE], as_of="")
