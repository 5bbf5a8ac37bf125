"""Puts the chat server together: database, publication, dialogue server, channels. The only place where all rooms meet."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from actions import runtime
from actions.answering import Answerer
from bot.action_server import action_routes
from bot.assistant import Assistant
from bot.channels.rest import rest_routes
from bot.channels.web import WebChat, web_routes
from bot.conversations import Conversations
from bot.dialogue import DialogueSettings, DialogueState, RasaClient, RasaSupervisor, train
from bot.limits import RateLimiter
from bot.live import LiveEvents
from bot.messages import UNAVAILABLE
from bot.publication import Served, open_publication
from bot.safety import SecurityHeaders
from bot.settings import Settings
from bot.worker import ConversationWorker
from index.encoder import open_encoder
from index.errors import IndexNotBuilt
from knowledge.database import Database
from knowledge.errors import DatabaseError

log = logging.getLogger(__name__)
WEB = Path(__file__).parent / "web"


@dataclass
class Parts:
    """What is running; filled while the server starts, so that /readyz can say what is still missing."""

    served: Served | None = None
    dialogue: RasaSupervisor | None = None
    client: RasaClient | None = None
    failures: dict[str, str] = field(default_factory=dict)

    def states(self, database: Database) -> dict[str, str]:
        """Each part with «ready» or what is wrong."""
        return {
            "database": _database_state(database),
            "publication": self.failures.get("publication")
            or (f"ready: {self.served.number}" if self.served else "starting"),
            "dialogue": self.failures.get("dialogue") or _dialogue_state(self.dialogue),
        }


def create_app(settings: Settings, port: int) -> FastAPI:
    """The whole chat server; `port` is where Rasa finds the action endpoint on the loopback interface."""
    database = Database(settings.database_url)
    conversations = Conversations(database, settings.bot.session_days)
    parts, live, token = Parts(), LiveEvents(), secrets.token_urlsafe(24)
    assistant = Assistant(lambda: parts.client, conversations, lambda: parts.served.number if parts.served else None)
    worker = ConversationWorker(conversations, assistant, live)
    _install_runtime(settings, parts)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=64)) as http:
            starting = asyncio.create_task(_start(settings, port, token, database, parts, http, worker))
            yield
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            live.close()
            await worker.stop()
            await assistant.finish()
            if parts.dialogue:
                await parts.dialogue.stop()
        database.close()

    app = FastAPI(title="Award assistant", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.parts = parts
    limits = settings.bot.limits
    per_sender = RateLimiter(limits.per_sender)
    app.include_router(action_routes(token))
    app.include_router(rest_routes(assistant, per_sender, RateLimiter(limits.per_address)))
    chat = WebChat(conversations, assistant, worker, live, per_sender, RateLimiter(limits.sessions_per_address))
    app.include_router(web_routes(chat))
    _add_pages(app, database, parts)
    _add_safety(app)
    return app


async def _start(
    settings: Settings,
    port: int,
    token: str,
    database: Database,
    parts: Parts,
    http: httpx.AsyncClient,
    worker: ConversationWorker,
) -> None:
    """Bring up the publication and Rasa side by side; a failure is kept for /readyz and the log, the server stays up."""
    await asyncio.gather(
        _start_part("publication", parts, _open_knowledge(settings, database, parts)),
        _start_part("dialogue", parts, _start_dialogue(settings, port, token, parts, http)),
    )
    if not parts.failures:
        await worker.resume()
        log.info("ready: publication %s", parts.served.number if parts.served else "?")


async def _start_part(name: str, parts: Parts, start: Awaitable[None]) -> None:
    try:
        await start
    except Exception as error:  # whatever it is, people must be told that this part is missing, and the others must run
        parts.failures[name] = f"failed: {error}"
        log.exception("%s could not be started", name)


async def _open_knowledge(settings: Settings, database: Database, parts: Parts) -> None:
    def open_all() -> Served:
        return open_publication(settings, database, open_encoder(settings.encoder, settings.index.threads))

    parts.served = await asyncio.to_thread(open_all)


def _install_runtime(settings: Settings, parts: Parts) -> None:
    """From the first request on, so that a session can be opened while the knowledge is still being read."""

    def answerer() -> Answerer:
        if parts.served is None:
            raise IndexNotBuilt("the knowledge is not open yet; /readyz tells why")
        return parts.served.answerer

    runtime.install(
        runtime.Runtime(
            answerer=answerer,
            today=settings.today,
            small_talk_threshold=settings.thresholds.small_talk,
            contact=settings.bot.contact,
        )
    )


async def _start_dialogue(settings: Settings, port: int, token: str, parts: Parts, http: httpx.AsyncClient) -> None:
    dialogue = DialogueSettings.of_project(settings.root)
    model = await asyncio.to_thread(train, dialogue)
    supervisor = RasaSupervisor(dialogue, model, f"http://127.0.0.1:{port}/actions/webhook", token)
    await supervisor.start()
    parts.dialogue = supervisor
    parts.client = RasaClient(supervisor.base_url, supervisor.token, http, timeout=settings.bot.answer_seconds)
    await supervisor.wait_ready()


def _add_pages(app: FastAPI, database: Database, parts: Parts) -> None:
    app.mount("/static", StaticFiles(directory=WEB), name="static")

    @app.get("/", include_in_schema=False)
    async def chat_page() -> FileResponse:
        return FileResponse(WEB / "chat.html", headers={"Cache-Control": "no-cache"})

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        states = await asyncio.to_thread(parts.states, database)
        ready = all(state.startswith("ready") for state in states.values())
        return JSONResponse({"status": "ready" if ready else "not ready", "parts": states}, 200 if ready else 503)


def _add_safety(app: FastAPI) -> None:
    """Security headers on every answer; a database that is away is a 503, and no failure shows its insides."""
    app.add_middleware(SecurityHeaders)

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
