"""Our own web chat: POST to send, server-sent events with a cursor to receive.

Annotations are evaluated here: FastAPI can't look up the name `Conversation`, which lives inside `web_routes`, in a text.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent

from actions.answer import Language
from actions.sentences import VI
from actions.small_talk import small_talk
from bot.assistant import Assistant
from bot.channels.requests import read_body, refuse_flood
from bot.conversations import WEB, Conversations, StoredMessage
from bot.feedback import MOST_COMMENT, TURN, Feedback, Rating, Reason
from bot.limits import RateLimiter
from bot.live import LiveEvent, LiveEvents
from bot.messages import UNAVAILABLE, AnswerMessage, too_long
from bot.reception import NO_SUCH_TURN
from bot.worker import ConversationWorker

PING_SECONDS = 15
MOST_SEQ = 2**31 - 1  # what the database's column holds
Body = TypeVar("Body", bound=BaseModel)
Cursor = Annotated[int, Query(ge=0, le=MOST_SEQ)]


class NewMessage(BaseModel):
    """What the page sends."""

    client_msg_id: str = Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    text: str


class NewSession(BaseModel):
    """The language of the page that opens it; an older page sends nothing."""

    language: Language = Language.VIETNAMESE


class Rated(BaseModel):
    """What the buttons under an answer send."""

    turn: str = Field(pattern=f"^{TURN}$")
    rating: Rating
    reason: Reason | None = None
    comment: str | None = Field(None, max_length=MOST_COMMENT)


class Seen(BaseModel):
    seen: int = Field(ge=0, le=MOST_SEQ)


@dataclass(frozen=True, slots=True)
class WebChat:
    """What the web routes work with."""

    conversations: Conversations
    assistant: Assistant
    worker: ConversationWorker
    live: LiveEvents
    per_sender: RateLimiter
    sessions_per_address: RateLimiter


def web_routes(chat: WebChat) -> APIRouter:
    router = APIRouter(prefix="/api/chat")

    async def signed_in(request: Request) -> str:
        """The conversation of the bearer token. Raises HTTPException 401."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        found = (
            await asyncio.to_thread(chat.conversations.find, token) if scheme.lower() == "bearer" and token else None
        )
        if found is None:
            raise HTTPException(401, "Phiên trò chuyện đã hết hạn. Bạn mở lại trang để bắt đầu phiên mới nhé.")
        return found

    Conversation = Annotated[str, Depends(signed_in)]  # noqa: N806  a type

    @router.post("/sessions", status_code=201)
    async def open_session(request: Request) -> dict[str, Any]:
        refuse_flood(chat.sessions_per_address, request.client.host if request.client else "")
        asked = NewSession() if not (body := await read_body(request)) else _parse(NewSession, body)
        new = await asyncio.to_thread(chat.conversations.open, "web")
        greeting = AnswerMessage.model_validate(small_talk("greet", "", asked.language).to_json())
        stored = await asyncio.to_thread(chat.conversations.add_message, new.id, greeting)
        return {
            "session_id": new.id,
            "token": new.token,
            "expires_at": new.expires_at.isoformat(),
            "greeting": [stored.to_json()],
        }

    @router.post("/messages", status_code=202)
    async def send(request: Request, response: Response, conversation: Conversation) -> dict[str, Any]:
        message = await _read(NewMessage, request)
        refuse_flood(chat.per_sender, conversation)
        if problem := too_long(message.text):
            raise HTTPException(422, problem)
        if not message.text.strip():
            raise HTTPException(422, "Bạn chưa nhập nội dung tin nhắn.")
        await asyncio.to_thread(chat.assistant.reception.note_contact, f"{WEB}{conversation}", message.text)
        try:
            stored, is_new = await asyncio.to_thread(
                chat.conversations.add_question, conversation, message.client_msg_id, message.text
            )
        except LookupError as gone:  # deleted since the token was looked at
            raise HTTPException(503, UNAVAILABLE, {"Retry-After": "1"}) from gone
        if is_new:  # other tabs of the same conversation show it too
            chat.live.publish(conversation, LiveEvent("message", stored.to_json(), stored.seq))
        else:
            response.status_code = 200
        chat.worker.wake(conversation)
        return {"seq": stored.seq, "status": "sent"}

    @router.get("/messages")
    async def history(conversation: Conversation, after: Cursor = 0) -> dict[str, Any]:
        messages = await asyncio.to_thread(chat.conversations.after, conversation, after)
        turns = [message.answer["turn"] for message in messages if message.answer and message.answer.get("turn")]
        ratings = await asyncio.to_thread(chat.assistant.reception.ratings, turns)
        return {"messages": [message.to_json() | _rating(message, ratings) for message in messages]}

    @router.get("/events")
    async def events(request: Request, conversation: Conversation, after: Cursor = 0) -> EventSourceResponse:
        cursor = request.headers.get("last-event-id", "")
        start = min(int(cursor), MOST_SEQ) if cursor.isdecimal() else after
        return EventSourceResponse(
            _stream(chat, conversation, start),
            ping=PING_SECONDS,
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @router.post("/receipts", status_code=204)
    async def receipts(request: Request, conversation: Conversation) -> None:
        seen = await _read(Seen, request)
        await asyncio.to_thread(chat.conversations.mark_seen, conversation, seen.seen)

    @router.post("/feedback", status_code=204)
    async def feedback(request: Request, conversation: Conversation) -> None:
        rated = await _read(Rated, request)
        refuse_flood(chat.per_sender, conversation)
        given = Feedback(rated.turn, rated.rating, rated.reason, rated.comment)
        if not await chat.assistant.rate(f"{WEB}{conversation}", given):
            raise HTTPException(404, NO_SUCH_TURN[VI])

    @router.delete("/sessions/current", status_code=204)
    async def forget(conversation: Conversation) -> None:
        await chat.assistant.forget(f"{WEB}{conversation}")

    return router


def _rating(message: StoredMessage, ratings: dict[str, str]) -> dict[str, str]:
    """What the person said of the answer, for a page that is opened again."""
    turn = (message.answer or {}).get("turn")
    return {"rating": ratings[turn]} if turn in ratings else {}


async def _stream(chat: WebChat, conversation: str, cursor: int) -> AsyncIterator[ServerSentEvent]:
    """Stored messages past the cursor, then live events; nothing twice, nothing missed, because listening begins before reading."""
    with chat.live.subscribe(conversation) as queue:
        yield ServerSentEvent(comment="open")  # a client that sees a byte knows that no proxy holds the stream back
        while stored := await asyncio.to_thread(chat.conversations.after, conversation, cursor):
            for message in stored:
                cursor = message.seq
                yield _message(message)
        while (event := await queue.get()) is not None:
            if event.seq is None:
                yield _event(event)
            elif event.seq == cursor + 1:
                cursor = event.seq
                yield _event(event)
            elif event.seq > cursor:  # requests side by side publish in any order; the database knows the right one
                for message in await asyncio.to_thread(chat.conversations.after, conversation, cursor):
                    cursor = message.seq
                    yield _message(message)


def _message(message: StoredMessage) -> ServerSentEvent:
    return _event(LiveEvent("message", message.to_json(), message.seq))


def _event(event: LiveEvent) -> ServerSentEvent:
    identity = str(event.seq) if event.seq is not None else None
    return ServerSentEvent(json.dumps(event.data, ensure_ascii=False), event=event.name, id=identity)


async def _read(model: type[Body], request: Request) -> Body:
    """Raises HTTPException 413, 400 or 422 with the fields that are wrong."""
    return _parse(model, await read_body(request))


def _parse(model: type[Body], body: bytes) -> Body:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        fields = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'nội dung'}: {one['msg']}" for one in error.errors())
        raise HTTPException(422, f"Yêu cầu chưa đúng dạng ({fields}).") from error
