"""Rasa's REST protocol, so that any client made for Rasa can talk to us.

`sender` is chosen by the caller: it is prefixed, so that it never reaches another channel's conversation.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field, ValidationError

from actions.personal_data import MOST_SENDER
from actions.sentences import EMPTY, VI
from bot.assistant import Assistant
from bot.channels.requests import read_body, refuse_flood
from bot.conversations import Conversations
from bot.limits import RateLimiter
from bot.messages import AnswerMessage, too_long
from knowledge.errors import DatabaseError
from knowledge.vietnamese import nfc

log = logging.getLogger(__name__)

CHANNEL = "rest:"


class RestMessage(BaseModel):
    """What a client sends; keys that Rasa knows besides (metadata, input_channel) are let through unread."""

    sender: str = Field("default", max_length=MOST_SENDER - len(CHANNEL), pattern=r"^[^\x00]*$")
    message: str | None = None


def rest_routes(
    assistant: Assistant, conversations: Conversations, per_sender: RateLimiter, per_address: RateLimiter
) -> APIRouter:
    router = APIRouter(prefix="/webhooks/rest")

    @router.get("/")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @router.post("/webhook")
    async def webhook(request: Request) -> list[dict[str, Any]]:
        refuse_flood(per_address, request.client.host if request.client else "")
        message = _parse(await read_body(request))
        refuse_flood(per_sender, sender := f"{CHANNEL}{nfc(message.sender)}"[:MOST_SENDER])
        if not (message.message or "").strip():
            raise HTTPException(422, EMPTY[VI])
        if problem := too_long(message.message or ""):
            raise HTTPException(422, problem)
        await asyncio.to_thread(assistant.reception.note_contact, sender, message.message or "")
        reply = await assistant.reply(sender, message.message or "", "rest")
        waiting = await _waiting(conversations, sender)
        return [rest_reply(message.sender, answer) for answer in (*waiting, reply.answer)]

    return router


async def _waiting(conversations: Conversations, sender: str) -> list[AnswerMessage]:
    """What was to be said before: nobody can be written to first in this channel."""
    try:
        return await asyncio.to_thread(conversations.collect, sender)
    except DatabaseError as error:  # it waits on, and this message is answered
        log.error("messages wait for the database: %s", error)
        return []


def rest_reply(sender: str, answer: AnswerMessage) -> dict[str, Any]:
    """One message, text and buttons in Rasa's own keys, the rest under `custom`."""
    reply: dict[str, Any] = {"recipient_id": sender, "text": answer.full_text}
    if answer.suggestions:
        reply["buttons"] = [one.model_dump() for one in answer.suggestions]
    reply["custom"] = answer.model_dump(mode="json", exclude={"text"})
    return reply


def _parse(body: bytes) -> RestMessage:
    """The body is read as JSON whatever its content type says: old clients send text/plain."""
    try:
        return RestMessage.model_validate_json(body)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise HTTPException(400, 'The body is no JSON object like {"sender": "…", "message": "…"}') from error
        fields = [{"field": ".".join(map(str, one["loc"])), "problem": one["msg"]} for one in error.errors()]
        raise HTTPException(422, fields) from error
