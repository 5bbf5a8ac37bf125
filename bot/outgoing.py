"""What the assistant sends without having been asked just now: a reminder, an officer's reply, a notice."""

from __future__ import annotations

import asyncio

from bot.conversations import WEB, Conversations, conversation_of
from bot.live import LiveEvent, LiveEvents
from bot.messages import AnswerMessage


class Outgoing:
    """Finds the channel of a sender by the sender's name; `web:ID` is the web chat's conversation ID."""

    def __init__(self, conversations: Conversations, live: LiveEvents) -> None:
        self._conversations = conversations
        self._live = live

    async def send(self, sender: str, answer: AnswerMessage) -> bool:
        """Store the message in the sender's conversation and show it; False where no channel reaches the sender."""
        if not sender.startswith(WEB):
            return False
        conversation = conversation_of(sender)
        try:
            stored = await asyncio.to_thread(self._conversations.add_message, conversation, answer)
        except LookupError:  # deleted meanwhile
            return False
        self._live.publish(conversation, LiveEvent("message", stored.to_json(), stored.seq))
        return True
