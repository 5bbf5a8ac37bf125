"""One endpoint for the deep-chat web component: its request and its response as they are without any handler of the page's.

The component sends its newest message only and no session. A page may send one (`additionalBodyProps: {session: …}`, 16 to 64 letters,
digits, - or _); else a cookie holds it, which browsers send from pages of our own website only.
"""

from __future__ import annotations

import asyncio
import secrets
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, ValidationError

from actions.sentences import EMPTY, VI
from bot.assistant import Assistant
from bot.channels.origins import Origins
from bot.channels.requests import read_body, refuse_flood
from bot.conversations import Conversations
from bot.limits import RateLimiter
from bot.messages import AnswerMessage, too_long

CHANNEL = "deepchat:"
PATH = "/api/deep-chat"
COOKIE = "deep_chat"
SESSION = r"^[A-Za-z0-9_-]{16,64}$"


class _Said(BaseModel):
    role: str = "user"
    text: str | None = None


class DeepChatRequest(BaseModel):
    """What the component sends, besides what a page adds."""

    messages: Annotated[list[_Said], Field(max_length=200)]
    session: Annotated[str, Field(pattern=SESSION)] | None = None

    @property
    def text(self) -> str:
        """The newest message of the person."""
        return next((one.text or "" for one in reversed(self.messages) if one.role == "user"), "")


def deep_chat_routes(
    assistant: Assistant,
    conversations: Conversations,
    origins: Origins,
    per_sender: RateLimiter,
    per_address: RateLimiter,
    session_days: int,
) -> APIRouter:
    router = APIRouter()

    def allowed(request: Request) -> dict[str, str]:
        """Headers for a page of another website. Raises HTTPException 403 where it is not named in config.yml."""
        origin = request.headers.get("origin")
        if not origins.allows(origin, request.url.netloc):
            raise HTTPException(403, "This website is not named in bot.origins of the assistant's config.yml")
        return {"Vary": "Origin"} | ({"Access-Control-Allow-Origin": origin} if origin else {})

    @router.options(PATH)
    async def preflight(request: Request) -> Response:
        asked = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type"}
        return Response(status_code=204, headers=allowed(request) | asked)

    @router.post(PATH)
    async def answer(request: Request) -> JSONResponse:
        headers = allowed(request)
        refuse_flood(per_address, request.client.host if request.client else "")
        asked = _parse(await read_body(request))
        known = asked.session or _cookie(request)
        session = known or secrets.token_hex(16)
        refuse_flood(per_sender, sender := f"{CHANNEL}{session}")
        said = await _answers(assistant, conversations, sender, asked.text)
        response = JSONResponse(said, headers=headers)
        if known is None:
            response.set_cookie(
                COOKIE,
                session,
                max_age=session_days * 86_400,
                path=PATH,
                httponly=True,
                samesite="lax",
                secure=request.url.scheme == "https",
            )
        return response

    return router


async def _answers(assistant: Assistant, conversations: Conversations, sender: str, text: str) -> dict[str, Any]:
    problem = too_long(text) or (None if text.strip() else EMPTY[VI])
    if problem:
        return {"text": problem}
    text = await asyncio.to_thread(_meant, conversations, sender, text)
    await asyncio.to_thread(assistant.reception.note_contact, sender, text)
    reply = await assistant.reply(sender, text, "deepchat")
    waiting = await asyncio.to_thread(conversations.collect, sender)
    return deep_chat_response([*waiting, reply.answer])


def deep_chat_response(answers: list[AnswerMessage]) -> dict[str, Any]:
    """One message: the texts, pictures and files, and the last answer's buttons as the component's own suggestion buttons."""
    response: dict[str, Any] = {"text": "\n\n".join(one.full_text for one in answers)}
    attachments = [one for answer in answers for one in answer.attachments]
    if attachments:
        response["files"] = [
            {"src": one.url, "name": one.title, "type": "image" if one.kind == "image" else "any"}
            for one in attachments
        ]
    if answers[-1].suggestions:
        response["html"] = "".join(
            f'<button class="deep-chat-button deep-chat-suggestion-button">{escape(one.title)}</button>'
            for one in answers[-1].suggestions
        )
    return response


def _meant(conversations: Conversations, sender: str, text: str) -> str:
    """A pressed button comes back as its face; it means what stood behind it."""
    return conversations.choices(sender).get(text.strip(), text)


def _cookie(request: Request) -> str | None:
    value = request.cookies.get(COOKIE, "")
    try:
        return DeepChatRequest(messages=[], session=value).session if value else None
    except ValidationError:
        return None


def _parse(body: bytes) -> DeepChatRequest:
    try:
        return DeepChatRequest.model_validate_json(body)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise HTTPException(
                400, 'The body is no JSON object like {"messages": [{"role": "user", "text": "…"}]}'
            ) from error
        fields = [{"field": ".".join(map(str, one["loc"])), "problem": one["msg"]} for one in error.errors()]
        raise HTTPException(422, fields) from error
