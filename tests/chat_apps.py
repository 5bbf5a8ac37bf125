"""A chat server with chat apps over a fake Rasa and a real database, reached over real HTTP in this event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import func, select

from actions import runtime
from actions.answering import Answerer
from actions.files import Files
from actions.outbox import OutboxRow
from bot.assistant import Assistant
from bot.channels.apps import ChatApps
from bot.channels.connected import Connected
from bot.channels.intake import Intake
from bot.channels.settings import ChannelSettings
from bot.conversations import WAITING, Conversations, MessageRow
from bot.credentials import Credentials
from bot.delivery import Delivery
from bot.dialogue.client import RasaClient
from bot.inbox import Inbox
from bot.limits import RateLimiter
from bot.live import LiveEvents
from bot.outbox_store import OutboxStore
from bot.reception import Reception
from bot.settings import BotSettings, Settings
from bot.turns import OpenTurns
from bot.worker import ConversationWorker
from fake_dialogue import TODAY, FakeRasa
from fakes.platform import serving
from knowledge.database import Database
from knowledge.errors import DatabaseError


@dataclass
class AppsServer:
    """What runs; `url` is where platforms push to."""

    url: str
    rasa: FakeRasa
    conversations: Conversations
    assistant: Assistant
    inbox: Inbox
    store: OutboxStore
    delivery: Delivery
    connected: Connected
    files: Files
    worker: ConversationWorker
    database: Database

    def state(self, name: str) -> str:
        return self.connected.states()[name]

    async def ready(self, name: str) -> None:
        async with asyncio.timeout(30):
            while not self.state(name).startswith("ready"):
                await asyncio.sleep(0.01)

    async def quiet(self) -> None:
        """Until nothing waits to be answered or sent."""
        async with asyncio.timeout(30):
            while self.worker._tasks or self.delivery._busy or self._waiting():
                await asyncio.sleep(0.02)

    def _waiting(self) -> int:
        questions = select(func.count()).select_from(MessageRow).where(MessageRow.state == WAITING)
        messages = select(func.count()).select_from(OutboxRow).where(OutboxRow.state == WAITING)
        with self.database.session() as session:
            return (session.scalar(questions) or 0) + (session.scalar(messages) or 0)


@asynccontextmanager
async def apps_server(
    database: Database,
    folder: Path,
    credentials: Credentials,
    channels: ChannelSettings,
    *,
    rasa: FakeRasa | None = None,
    per_sender: int = 0,
    per_address: int = 0,
    resume: bool = True,
    port: int = 0,
) -> AsyncIterator[AppsServer]:
    """Limits are lifted unless given; without `resume` nothing is worked, as while Rasa is starting."""
    rasa = rasa or FakeRasa()
    settings = Settings(bot=BotSettings(channels=channels), root=folder)
    conversations, files = Conversations(database, session_days=30), Files(database, days=30)
    client, reception = cast(RasaClient, rasa), Reception(database, files, lambda: TODAY)
    assistant = Assistant(lambda: client, conversations, OpenTurns(lambda: None), "stamp", reception, database)
    apps, store = ChatApps(), OutboxStore(database)
    delivery = Delivery(store, apps)
    worker = ConversationWorker(conversations, assistant, LiveEvents(), delivery)
    inbox = Inbox(database, 30, RateLimiter(per_sender))
    intake = Intake(inbox, worker.wake, delivery.wake, RateLimiter(per_address))
    connected = Connected(settings, credentials, database, files, apps, intake)
    runtime.install(runtime.Runtime(lambda: cast(Answerer, None), lambda: TODAY, 0.6, database, files))
    app = FastAPI()
    app.include_router(connected.routes())

    @app.exception_handler(DatabaseError)
    async def database_away(request: Request, error: DatabaseError) -> JSONResponse:
        return JSONResponse({}, 503)

    async with serving(app, port) as url:
        tasks = [asyncio.create_task(delivery.run()), asyncio.create_task(connected.run())]
        tasks.append(asyncio.create_task(worker.watch()))
        if resume:
            await worker.resume()
        yield AppsServer(
            url, rasa, conversations, assistant, inbox, store, delivery, connected, files, worker, database
        )
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await worker.stop()
        await assistant.finish()
        await connected.stop()
