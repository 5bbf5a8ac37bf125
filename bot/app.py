"""Puts the chat server together: database, publication, dialogue server, channels. The only place where all rooms meet."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from actions import runtime
from actions.files import Files
from bot.action_server import action_routes
from bot.assistant import Assistant
from bot.channels.apps import ChatApps
from bot.channels.connected import Connected
from bot.channels.deep_chat import deep_chat_routes
from bot.channels.intake import Intake
from bot.channels.origins import Origins
from bot.channels.rasa_socket import RasaSocket
from bot.channels.rest import rest_routes
from bot.channels.web import WebChat, web_routes
from bot.conversations import Conversations
from bot.courier import Courier
from bot.credentials import Credentials, read_credentials
from bot.deletions import DeletionLog
from bot.delivery import Delivery
from bot.dialogue import DialogueSettings, DialogueState, RasaClient, RasaSupervisor, train
from bot.files import file_routes
from bot.inbox import Inbox
from bot.logs import RequestIds
from bot.messages import UNAVAILABLE
from bot.metrics import DialogueHealth, ServerCollector, metrics_routes
from bot.outbox_store import OutboxStore
from bot.pages.calendar import calendar_routes
from bot.pages.chat import WEB, chat_routes
from bot.pages.compression import CompressedPages
from bot.pages.privacy import PrivacyNotice, privacy_routes
from bot.reading import reading_routes
from bot.reception import Reception
from bot.reminding import Reminding
from bot.safety import SecurityHeaders
from bot.serving import Serving
from bot.settings import Settings
from bot.sharing import Sharing, open_sharing
from bot.staff import add_staff
from bot.turn_record import answering_stamp
from bot.turns import OpenTurns
from bot.worker import ConversationWorker
from knowledge.database import Database
from knowledge.errors import DatabaseError

log = logging.getLogger(__name__)
LOCK_SPARE_SECONDS = 15.0  # for what a turn does beside asking Rasa


@dataclass
class Parts:
    """What is running; filled while the server starts, so that /readyz can say what is still missing."""

    dialogue: RasaSupervisor | None = None
    client: RasaClient | None = None
    failures: dict[str, str] = field(default_factory=dict)
    sharing: Sharing | None = None

    def states(self, database: Database, serving: Serving) -> dict[str, str]:
        """Each part with «ready» or what is wrong."""
        return {
            "database": _database_state(database),
            "publication": serving.state(),
            "dialogue": self.failures.get("dialogue") or _dialogue_state(self.dialogue),
            **({"sharing": self.sharing.state()} if self.sharing and not self.sharing.alone else {}),
        }

    def health(self) -> DialogueHealth:
        """How Rasa is, for /metrics."""
        one = self.dialogue
        return DialogueHealth(
            one is not None and one.state is DialogueState.READY,
            one.restarts if one else 0,
            one.memory_mb if one else 0,
        )


def create_app(settings: Settings, port: int, credentials: Credentials | None = None) -> FastAPI:
    """The whole chat server; `port` is where Rasa finds the action endpoint on the loopback interface.

    The secrets of chat apps are the environment's, unless given.
    """
    database = Database(settings.database_url)
    conversations = Conversations(database, settings.bot.session_days)
    parts, token = Parts(), secrets.token_urlsafe(24)
    sharing = open_sharing(settings.redis_url, settings.bot.answer_seconds + LOCK_SPARE_SECONDS)
    parts.sharing, live = sharing, sharing.live
    serving = Serving(settings, database)
    turns = OpenTurns(lambda: serving.served)
    files = Files(database, settings.bot.files_days)
    assistant = Assistant(
        lambda: parts.client,
        conversations,
        turns,
        answering_stamp(settings),
        Reception(database, files, settings.today),
        database,
    )
    idle_after = timedelta(minutes=settings.bot.office.idle_minutes)
    courier = Courier(database, conversations, live, idle_after)
    limits, origins = settings.bot.limits, Origins(settings.bot.origins)
    per_sender, per_address = (
        sharing.limiter("sender", limits.per_sender),
        sharing.limiter("address", limits.per_address),
    )
    sessions = sharing.limiter("sessions", limits.sessions_per_address)
    apps = ChatApps()
    delivery = Delivery(OutboxStore(database), apps)
    worker = ConversationWorker(conversations, assistant, live, delivery, sharing.locks)
    inbox = Inbox(database, settings.bot.session_days, per_sender)
    intake = Intake(inbox, worker.wake, delivery.wake, per_address)
    connected = Connected(settings, credentials or read_credentials(), database, files, apps, intake)
    sockets = RasaSocket(assistant, conversations, origins, per_sender, per_address, sessions)
    deletions = DeletionLog(settings.root / settings.bot.deletion_log)
    _install_runtime(settings, serving, database, files)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await deletions.heal(database)
        async with httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=64)) as http:
            starting = asyncio.create_task(_start(settings, port, token, serving, parts, http, worker))
            carrying = asyncio.create_task(courier.run())
            reminding = asyncio.create_task(Reminding(database, settings.now, settings.bot.reminders.hour).run())
            keeping = asyncio.create_task(deletions.follow(database))
            delivering, talking = (
                asyncio.create_task(sharing.as_owner("delivery", delivery.run)),
                asyncio.create_task(connected.run()),
            )
            watching, speaking = asyncio.create_task(worker.watch()), asyncio.create_task(sockets.run())
            sharing_out = asyncio.create_task(sharing.run())
            yield
            tasks = (starting, carrying, reminding, watching, talking, delivering, keeping, speaking)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            live.close()
            await sockets.stop()
            await worker.stop()
            await connected.stop()
            await assistant.finish()
            sharing_out.cancel()
            await asyncio.gather(sharing_out, return_exceptions=True)
            await sharing.close()
            if parts.dialogue:
                await parts.dialogue.stop()
        database.close()

    app = FastAPI(title="Award assistant", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.parts = parts
    app.include_router(action_routes(token, turns))
    app.include_router(rest_routes(assistant, conversations, per_sender, per_address))
    app.include_router(connected.routes())
    days = settings.bot.session_days
    app.include_router(deep_chat_routes(assistant, conversations, origins, per_sender, per_address, days))
    app.mount("/socket.io", sockets.app)
    chat = WebChat(conversations, assistant, worker, live, per_sender, sessions)
    app.include_router(web_routes(chat))
    app.include_router(file_routes(files))
    app.include_router(chat_routes(settings.bot.origins))
    app.include_router(privacy_routes(_notice(settings)))
    app.include_router(calendar_routes(database, settings.today))
    app.include_router(reading_routes(lambda: serving.served, settings.today))
    add_staff(app, settings, database, lambda: serving.served)
    collector = ServerCollector(settings, database, lambda: serving.served, parts.health)
    app.include_router(metrics_routes(settings.metrics_token, collector))
    _add_pages(app, database, parts, serving, connected)
    _add_safety(app)
    return app


async def _start(
    settings: Settings,
    port: int,
    token: str,
    serving: Serving,
    parts: Parts,
    http: httpx.AsyncClient,
    worker: ConversationWorker,
) -> None:
    """Bring up the publication and Rasa side by side, then follow what is published.

    A failure is kept for /readyz and the log, the server stays up.
    """
    async with asyncio.TaskGroup() as group:
        group.create_task(serving.follow())
        await _start_part("dialogue", parts, _start_dialogue(settings, port, token, parts, http))
        await serving.opened.wait()
        if parts.failures:
            worker.open()
        else:
            await worker.resume()


async def _start_part(name: str, parts: Parts, start: Awaitable[None]) -> None:
    try:
        await start
    except Exception as error:  # whatever it is, people must be told that this part is missing, and the others must run
        parts.failures[name] = f"failed: {error}"
        log.exception("%s could not be started", name)


def _install_runtime(settings: Settings, serving: Serving, database: Database, files: Files) -> None:
    """From the first request on, so that a session can be opened while the knowledge is still being read."""
    runtime.install(
        runtime.Runtime(
            answerer=serving.answerer,
            today=settings.today,
            small_talk_threshold=settings.thresholds.small_talk,
            database=database,
            files=files,
            contact=settings.bot.contact,
            operator=settings.bot.operator,
            office=settings.bot.office.office_hours(),
            reminder_hour=settings.bot.reminders.hour,
            now=settings.now,
        )
    )


async def _start_dialogue(settings: Settings, port: int, token: str, parts: Parts, http: httpx.AsyncClient) -> None:
    dialogue = DialogueSettings.of_project(settings.root, settings.database_url, settings.bot.session_days)
    model = await asyncio.to_thread(train, dialogue)
    supervisor = RasaSupervisor(dialogue, model, f"http://127.0.0.1:{port}/actions/webhook", token)
    await supervisor.start()
    parts.dialogue = supervisor
    parts.client = RasaClient(supervisor.base_url, http, timeout=settings.bot.answer_seconds)
    await supervisor.wait_ready()


def _notice(settings: Settings) -> PrivacyNotice:
    bot = settings.bot
    return PrivacyNotice(bot.session_days, bot.files_days, bot.operator, bot.contact)


def _add_pages(app: FastAPI, database: Database, parts: Parts, serving: Serving, connected: Connected) -> None:
    app.mount("/static", StaticFiles(directory=WEB), name="static")

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        states = await asyncio.to_thread(parts.states, database, serving)
        ready = all(state.startswith("ready") for state in states.values())
        record = {"status": "ready" if ready else "not ready", "parts": states, "channels": connected.states()}
        return JSONResponse(record, 200 if ready else 503)


def _add_safety(app: FastAPI) -> None:
    """Security headers on every answer; a database that is away is a 503, and no failure shows its insides."""
    app.add_middleware(CompressedPages)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestIds)

    @app.exception_handler(DatabaseError)
    async def database_away(request: Request, error: DatabaseError) -> JSONResponse:
        log.error("%s %s: %s", request.method, request.url.path, error)
        return JSONResponse({"detail": UNAVAILABLE}, 503, {"Retry-After": "5"})


def _database_state(database: Database) -> str:
    try:
        database.check_schema()
    except DatabaseError as error:
        return f"failed: {error}"
    return "ready"


def _dialogue_state(supervisor: RasaSupervisor | None) -> str:
    if supervisor is None:
        return "starting"
    return (
        f"{supervisor.state} (restarts: {supervisor.restarts})"
        if supervisor.state is not DialogueState.READY
        else (f"ready (restarts: {supervisor.restarts})")
    )
