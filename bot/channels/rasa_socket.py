"""Rasa's socket.io protocol, so that widgets made for Rasa (rasa-webchat, for one) can talk to us unmodified.

Rasa drops what is said while the client is away; here it waits in the outbox until the client asks for its session again. The session's
name is all that opens a conversation, so we make it, and one of a client's own choosing is only taken where it is long.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import socketio

from bot.assistant import Assistant
from bot.channels.origins import Origins
from bot.channels.requests import TOO_FAST
from bot.conversations import Conversations
from bot.limits import RateLimiter
from bot.messages import AnswerMessage, too_long
from knowledge.errors import DatabaseError

log = logging.getLogger(__name__)
CHANNEL = "socketio:"
MOST_BYTES = 64 * 1024
PING_SECONDS, PONG_SECONDS = 10, 10  # short, because what was said since the last pong may not have arrived
ROUND_SECONDS = 1.0  # between two looks for what officers and reminders have to say
_SESSION = re.compile(r"[A-Za-z0-9_-]{16,64}")
_PAYLOAD = re.compile(r"(/\w+)\s*(?:\{.*\})?", re.DOTALL)
_BEGINNINGS = {"/get_started": "/start", "/session_start": "/start"}
_CUT_OFF = ("ping timeout", "transport error")


@dataclass(slots=True)
class _Client:
    """A connection: from where, under which address it knows us, and the session that it speaks for."""

    address: str = ""
    base: str = ""
    session: str | None = None


@dataclass(slots=True)
class _Open:
    """A session with a client: where its files are fetched, and what was sent since the client was last heard of."""

    base: str
    sent: deque[tuple[float, AnswerMessage]] = field(default_factory=lambda: deque(maxlen=50))


class RasaSocket:
    """Mount `app` at /socket.io; `run` brings what others have to say, `stop` ends every connection."""

    def __init__(
        self,
        assistant: Assistant,
        conversations: Conversations,
        origins: Origins,
        per_sender: RateLimiter,
        per_address: RateLimiter,
        sessions_per_address: RateLimiter,
    ) -> None:
        self._assistant = assistant
        self._conversations = conversations
        self._per_sender, self._per_address = per_sender, per_address
        self._sessions_per_address = sessions_per_address
        self._notices = RateLimiter(1)
        self._clients: dict[str, _Client] = {}
        self._open: dict[str, _Open] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._flushes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._server = socketio.AsyncServer(
            async_mode="asgi",
            cors_allowed_origins=lambda origin, environ: origins.allows(origin, environ.get("HTTP_HOST", "")),
            cors_credentials=False,
            max_http_buffer_size=MOST_BYTES,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
        )
        for event, handler in (
            ("connect", self._connect),
            ("disconnect", self._disconnect),
            ("session_request", self._session_request),
            ("user_uttered", self._user_uttered),
        ):
            self._server.on(event, handler)
        self.app = socketio.ASGIApp(self._server, socketio_path="/socket.io")

    async def run(self) -> None:
        """Until it is cancelled: officers' replies and reminders reach clients that are there."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            try:
                await self._round()
            except DatabaseError as error:
                log.error("messages wait for the database: %s", error)

    async def stop(self) -> None:
        await self._server.shutdown()

    # ---- what clients send

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        address = (environ["asgi.scope"].get("client") or ("", 0))[0]
        if self._sessions_per_address.wait(address):
            raise socketio.exceptions.ConnectionRefusedError(TOO_FAST)
        scheme = {"ws": "http", "wss": "https"}.get(environ["asgi.scope"]["scheme"], environ["asgi.scope"]["scheme"])
        self._clients[sid] = _Client(address, f"{scheme}://{environ.get('HTTP_HOST', '')}")

    async def _session_request(self, sid: str, data: object = None) -> None:
        asked = data.get("session_id") if isinstance(data, dict) else None
        session = await self._bind(sid, _session(asked) or secrets.token_hex(16))
        await self._server.emit("session_confirm", session, to=sid)
        await self._flush(session)

    async def _user_uttered(self, sid: str, data: object = None) -> None:
        message = data.get("message") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(message, str) or not message.strip():
            return
        client = self._clients.get(sid) or _Client()  # who has left since is answered on return
        session = await self._bind(sid, _session(data.get("session_id")) or client.session or secrets.token_hex(16))
        self._heard(session)
        if problem := self._refusal(client.address, session, message):
            if problem != TOO_FAST or not self._notices.wait(session):
                await self._server.emit("bot_uttered", {"text": problem}, room=session)
            return
        async with self._turns.setdefault(session, asyncio.Lock()):  # asked together, answered in order
            await self._answer(session, _read(message))

    def _refusal(self, address: str, session: str, message: str) -> str | None:
        if self._per_address.wait(address) or self._per_sender.wait(f"{CHANNEL}{session}"):
            return TOO_FAST
        return too_long(message)

    async def _disconnect(self, sid: str, reason: str) -> None:
        client = self._clients.pop(sid, None)
        session = client.session if client else None
        if session is None or self.present(session, but=sid):
            return
        gone = self._open.pop(session, None)
        if gone is None or reason not in _CUT_OFF:
            return
        since = time.monotonic() - PING_SECONDS - PONG_SECONDS - 1
        lost = [answer for at, answer in gone.sent if at >= since]
        await self._keep(session, lost)

    async def _bind(self, sid: str, session: str) -> str:
        """Let the connection speak for this session, and for no other."""
        client = self._clients.get(sid)
        if client is None:
            return session
        if client.session != session:
            if client.session:
                await self._server.leave_room(sid, client.session)
            client.session = session
            await self._server.enter_room(sid, session)
        self._open.setdefault(session, _Open(client.base)).base = client.base
        return session

    # ---- what we send

    async def _answer(self, session: str, text: str) -> None:
        sender = f"{CHANNEL}{session}"
        try:
            await asyncio.to_thread(self._assistant.reception.note_contact, sender, text)
        except DatabaseError as error:
            log.error("contact details were not kept: %s", error)
        reply = await self._assistant.reply(sender, text, "socketio")
        if reply.quiet:
            return
        await self._keep(session, [reply.answer])
        await self._flush(session)

    async def _keep(self, session: str, answers: list[AnswerMessage]) -> None:
        """Into the outbox, where a client that is away or a server that stops does not lose it."""
        if not answers:
            return
        try:
            await asyncio.to_thread(self._conversations.keep, f"{CHANNEL}{session}", answers)
        except DatabaseError as error:  # whoever is there still hears it
            log.error("an answer could not be kept: %s", error)
            for answer in answers:
                await self._say(session, answer)

    async def _flush(self, session: str) -> None:
        """Say what waits, in order, where a client is there to hear it."""
        async with self._flushes.setdefault(session, asyncio.Lock()):
            if not self.present(session):
                return
            try:
                waiting = await asyncio.to_thread(self._conversations.collect, f"{CHANNEL}{session}")
            except DatabaseError as error:
                log.error("messages wait for the database: %s", error)
                return
            for answer in waiting:
                await self._say(session, answer)

    async def _say(self, session: str, answer: AnswerMessage) -> None:
        opened = self._open.get(session)
        if opened is not None:
            opened.sent.append((time.monotonic(), answer))
        for event in bot_uttered(answer, opened.base if opened else ""):
            await self._server.emit("bot_uttered", event, room=session)

    async def _round(self) -> None:
        sessions = list(self._open)
        if not sessions:
            return
        senders = [f"{CHANNEL}{session}" for session in sessions]
        for sender in await asyncio.to_thread(self._conversations.awaited, senders):
            await self._flush(sender.removeprefix(CHANNEL))

    def present(self, session: str, but: str | None = None) -> bool:
        """Whether a client of the session is connected."""
        return any(sid != but for sid, _ in self._server.manager.get_participants("/", session))

    def _heard(self, session: str) -> None:
        """Who speaks has heard what was said before."""
        if opened := self._open.get(session):
            opened.sent.clear()


def bot_uttered(answer: AnswerMessage, base: str) -> list[dict[str, Any]]:
    """An answer in Rasa's own keys: pictures apart, other files as links, buttons under the text."""
    files = [f"{one.title}: {base}{one.url}" for one in answer.attachments if one.kind != "image"]
    event: dict[str, Any] = {"text": "\n\n".join([answer.full_text, *files])}
    if answer.suggestions:
        event["quick_replies"] = [{"content_type": "text", **one.model_dump()} for one in answer.suggestions]
    pictures = [
        {"attachment": {"type": "image", "payload": {"title": one.title, "src": f"{base}{one.url}"}}}
        for one in answer.attachments
        if one.kind == "image"
    ]
    return [*pictures, event]


def _session(name: object) -> str | None:
    """A session's name that a client brings, where it is one that nobody guesses."""
    return name if isinstance(name, str) and _SESSION.fullmatch(name) else None


def _read(message: str) -> str:
    """«/intent{"entity": …}» as a button or a widget's beginning sends it: the name counts; anything else is what was typed."""
    payload = _PAYLOAD.fullmatch(message.strip())
    name = payload.group(1) if payload else message
    return _BEGINNINGS.get(name, name)
