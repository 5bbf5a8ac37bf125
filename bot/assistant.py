"""One turn, whatever the channel: the dialogue server is asked, its answer is read and recorded, and a failure becomes an honest sentence."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from pydantic import ValidationError

from actions.answer import AnswerStatus, Language
from actions.guards import clean
from actions.sentences import EMPTY
from bot.conversations import Conversations, Turn
from bot.dialogue.client import RasaClient
from bot.errors import DialogueUnavailable
from bot.messages import UNAVAILABLE, AnswerMessage, read_reply
from knowledge.errors import DatabaseError

log = logging.getLogger(__name__)


class Assistant:
    """Asks Rasa and never raises: people get an answer or an apology."""

    def __init__(
        self,
        client: Callable[[], RasaClient | None],
        conversations: Conversations,
        publication: Callable[[], int | None],
    ) -> None:
        self._client = client
        self._conversations = conversations
        self._publication = publication
        self._recording: set[asyncio.Task[None]] = set()

    async def reply(self, sender: str, text: str, channel: str, conversation: str) -> AnswerMessage:
        """The answer to one message of a sender; the turn is recorded under `conversation`."""
        started = time.perf_counter()
        answer = await self._ask(sender, clean(text))
        spent = round((time.perf_counter() - started) * 1000)
        recording = asyncio.create_task(
            self._record(Turn(conversation, channel, text, answer, self._publication(), spent))
        )
        self._recording.add(recording)  # the answer does not wait for it, the end of the server does
        recording.add_done_callback(self._recording.discard)
        return answer

    async def finish(self) -> None:
        """Wait until every turn is recorded."""
        await asyncio.gather(*self._recording)

    async def forget(self, sender: str) -> None:
        """Delete what the dialogue server knows of a sender; it may be down, then there is nothing it could say."""
        client = self._client()
        if client is not None:
            try:
                await client.forget(sender)
            except DialogueUnavailable as error:
                log.warning("the dialogue server could not forget a sender: %s", error)

    async def _ask(self, sender: str, text: str) -> AnswerMessage:
        client = self._client()
        if client is None or not text:
            return _unavailable() if text else _nothing_said()
        try:
            answer = read_reply(await client.send(sender, text, {}))
            return answer if answer.full_text.strip() else _unavailable()
        except (DialogueUnavailable, ValidationError) as error:
            log.warning("the dialogue server gave no answer: %s", error)
            return _unavailable()
        except Exception:  # whatever it is, the person is told, and the conversation goes on
            log.exception("a turn failed")
            return _unavailable()

    async def _record(self, turn: Turn) -> None:
        try:
            await asyncio.to_thread(self._conversations.record, turn)
        except DatabaseError as error:  # the person still gets the answer
            log.error("a turn was not recorded: %s", error)


def _unavailable() -> AnswerMessage:
    return AnswerMessage(status=AnswerStatus.ERROR, text=UNAVAILABLE, as_of="")


def _nothing_said() -> AnswerMessage:
    return AnswerMessage(status=AnswerStatus.CLARIFY, text=EMPTY[Language.VIETNAMESE], as_of="")
