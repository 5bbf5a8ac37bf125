"""Logs for machines and for people: one JSON object a line with AWARD_LOG=json, plain lines else; never anybody's number or a secret.

The standard library's logging with python-json-logger's formatter, not structlog: uvicorn, SQLAlchemy and rasa-sdk log through the
standard library too, and masking has to hold for every line, whoever wrote it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from actions.guards import mask_personal
from bot.conversations import WEB

HIDDEN = "[secret]"
_SECRET_NAMES = re.compile(r"(TOKEN|SECRET|PASSWORD|KEY)$")
_SECRETS = re.compile(
    r"(?P<kept>\bbearer\s+|\bbasic\s+|://[^\s/:@]*:(?=[^\s/@]+@)|(?:\b|_)(?:token|secret|password|api_?key)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;@]+"
    r"|(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}|AGE-SECRET-KEY-1[A-Z0-9]+",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"[A-Za-z0-9-]{8,64}")
_PROCESS_KEY = secrets.token_bytes(16)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}

request_id: ContextVar[str] = ContextVar("request_id", default="")
conversation: ContextVar[str] = ContextVar("conversation", default="")


def configure_logs(environment: dict[str, str] | None = None) -> None:
    """Once, at the start of a server. AWARD_LOG: `json` or `text`."""
    env = dict(os.environ) if environment is None else environment
    handler = logging.StreamHandler()
    if env.get("AWARD_LOG") == "json":
        handler.setFormatter(
            JsonFormatter(
                "{levelname}{name}{message}",
                style="{",
                rename_fields={"levelname": "level", "name": "logger"},
                timestamp="at",
                json_ensure_ascii=False,
            )
        )
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Masking(_own_secrets(env)))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


class Masking(logging.Filter):
    """Rewrites what a record says before any formatter sees it, and adds the request and the conversation that it belongs to."""

    def __init__(self, known: tuple[str, ...] = ()) -> None:
        """`known` are the secrets of this process, hidden wherever they appear."""
        super().__init__()
        self._known = known

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.mask(record.getMessage()), None
        if record.exc_info:
            record.exc_text = self.mask(record.exc_text or logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        for name, value in vars(record).items():
            if name not in _STANDARD:
                setattr(record, name, self._masked(value))
        for name, known in (("request", request_id.get()), ("conversation", conversation.get())):
            if known:
                setattr(record, name, known)
        return True

    def mask(self, text: str) -> str:
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        return mask_personal(_SECRETS.sub(lambda found: f"{found['kept'] or ''}{HIDDEN}", text))

    def _masked(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.mask(str(value))


def pseudonym(sender: str) -> str:
    """How the log names a sender: web conversations by their random id, others by a digest that only this process can make."""
    if sender.startswith(WEB):
        return sender
    channel = sender.partition(":")[0] if ":" in sender else "sender"
    return f"{channel}~{hashlib.blake2b(sender.encode(), key=_PROCESS_KEY, digest_size=6).hexdigest()}"


class RequestIds:
    """Plain ASGI: every request has an id, the proxy's where it sends one; answers carry it, and all that is logged for it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        identity = given if _REQUEST.fullmatch(given) else secrets.token_hex(8)
        running = request_id.set(identity)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = identity
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            request_id.reset(running)


def _own_secrets(environment: dict[str, str]) -> tuple[str, ...]:
    """Values of AWARD_… variables that are secrets by their names, longest first."""
    found = {
        value
        for name, value in environment.items()
        if name.startswith("AWARD_") and _SECRET_NAMES.search(name) and len(value) >= 6
    }
    return tuple(sorted(found, key=len, reverse=True))
