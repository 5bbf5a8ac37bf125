"""A dialogue server without Rasa, and a chat server around it: what it was asked, in which order, and how it is made to fail."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

import httpx
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from actions import runtime
from actions.answering import Answerer
from actions.files import Files
from bot.assistant import Assistant
from bot.channels.deep_chat import deep_chat_routes
from bot.channels.origins import Origins
from bot.channels.rasa_socket import RasaSocket
from bot.channels.rest import rest_routes
from bot.channels.web import WebChat, web_routes
from bot.conversations import Conversations
from bot.courier import Courier
from bot.dialogue.client import RasaClient
from bot.errors import DialogueUnavailable
from bot.files import file_routes
from bot.limits import RateLimiter
from bot.live import LiveEvents
from bot.pages.chat import WEB, chat_routes
from bot.pages.compression import CompressedPages
from bot.pages.privacy import PrivacyNotice, privacy_routes
from bot.reception import Reception
from bot.safety import SecurityHeaders
from bot.sharing import NotShared, Sharing
from bot.turns import OpenTurns
from bot.worker import ConversationWorker
from knowledge.database import Database

TODAY = date(2026, 11, 22)


def answer_record(text: str, **more: Any) -> dict[str, Any]:
    """What our actions send through Rasa."""
    return {"status": "answered", "text": text, "as_of": TODAY.isoformat(), "language": "vi", "suggestions": [], **more}


@dataclass
class FakeRasa:
    """Answers «đáp: …», unless told to fail, to wait or to say something else."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    metadata: list[dict[str, Any]] = field(default_factory=list)
    failure: Exception | None = None
    reply: list[dict[str, Any]] | None = None
    seconds: float = 0.0
    together: int = 0  # nobody is answered before so many are asking at once
    working: int = 0
    most_working: int = 0

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> list[dict[str, Any]]:
        self.asked.append((sender, text))
        self.metadata.append(dict(metadata))
        self.working += 1
        self.most_working = max(self.most_working, self.working)
        try:
            await asyncio.sleep(self.seconds)
            while self.most_working < self.together:
                await asyncio.sleep(0.01)
            if self.failure is not None:
                raise self.failure
            return self.reply or [{"recipient_id": sender, "custom": answer_record(f"đáp: {text}")}]
        finally:
            self.working -= 1


AWAY = DialogueUnavailable("Rasa can't be reached: ConnectError")


@dataclass
class FakeServer:
    """The channels over a fake Rasa and a real database."""

    database: Database
    rasa: FakeRasa
    conversations: Conversations
    assistant: Assistant
    worker: ConversationWorker
    live: LiveEvents
    chat: WebChat
    files: Files
    courier: Courier
    sockets: RasaSocket
    app: FastAPI
    http: httpx.AsyncClient

    async def session(self) -> dict[str, str]:
        """A new web conversation: the headers of its owner."""
        opened = await self.http.post("/api/chat/sessions")
        assert opened.status_code == 201, opened.text
        return {"authorization": f"Bearer {opened.json()['token']}"}

    async def say(self, owner: dict[str, str], text: str, identity: str | None = None) -> httpx.Response:
        body = {"client_msg_id": identity or str(uuid.uuid4()), "text": text}
        return await self.http.post("/api/chat/messages", json=body, headers=owner)

    async def messages(self, owner: dict[str, str], after: int = 0) -> list[dict[str, Any]]:
        page = await self.http.get("/api/chat/messages", params={"after": after}, headers=owner)
        return cast(list[dict[str, Any]], page.json()["messages"])

    async def until(self, owner: dict[str, str], count: int) -> list[dict[str, Any]]:
        """The messages of a conversation, once there are so many."""
        async with asyncio.timeout(30):
            while len(messages := await self.messages(owner)) < count:
                await asyncio.sleep(0.01)
        return messages

    async def until_said(self, owner: dict[str, str], text: str) -> list[dict[str, Any]]:
        """The messages of a conversation, once one of them is this."""
        async with asyncio.timeout(30):
            while True:
                messages = await self.messages(owner)
                if any(one["text"] == text for one in messages):
                    return messages
                await asyncio.sleep(0.01)


@asynccontextmanager
async def fake_server(
    database: Database,
    *,
    per_sender: int = 0,
    per_address: int = 0,
    sessions: int = 0,
    rasa: FakeRasa | None = None,
    origins: tuple[str, ...] = (),
    sharing: Sharing | None = None,
) -> AsyncIterator[FakeServer]:
    """Limits are lifted unless given."""
    rasa = rasa or FakeRasa()
    conversations = Conversations(database, session_days=30)
    client, files = cast(RasaClient, rasa), Files(database, days=30)
    reception = Reception(database, files, lambda: TODAY)
    assistant = Assistant(lambda: client, conversations, OpenTurns(lambda: None), "stamp", reception, database)
    sharing = sharing or NotShared()
    live = sharing.live
    courier = Courier(database, conversations, live, idle_after=timedelta(minutes=30))
    worker = ConversationWorker(conversations, assistant, live, locks=sharing.locks)
    limiter, addresses, opened = sharing.limiter("sender", per_sender), RateLimiter(per_address), RateLimiter(sessions)
    known = Origins(origins)
    sockets = RasaSocket(assistant, conversations, known, limiter, addresses, opened)
    chat = WebChat(conversations, assistant, worker, live, limiter, opened)
    runtime.install(runtime.Runtime(lambda: cast(Answerer, None), lambda: TODAY, 0.6, database, files))
    app = FastAPI()
    app.include_router(rest_routes(assistant, conversations, limiter, addresses))
    app.include_router(deep_chat_routes(assistant, conversations, known, limiter, addresses, session_days=30))
    app.mount("/socket.io", sockets.app)
    app.include_router(web_routes(chat))
    app.include_router(file_routes(files))
    app.include_router(chat_routes(origins))
    app.include_router(privacy_routes(PrivacyNotice(session_days=30, files_days=30)))
    app.mount("/static", StaticFiles(directory=WEB))
    app.add_middleware(CompressedPages)
    app.add_middleware(SecurityHeaders)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat") as http:
        yield FakeServer(
            database, rasa, conversations, assistant, worker, live, chat, files, courier, sockets, app, http
        )
    await sockets.stop()
    await worker.stop()
    await assistant.finish()
