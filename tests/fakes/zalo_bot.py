"""A Zalo Bot Platform on loopback: one event a call of getUpdates, no buttons, errors in the envelope."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from fakes.platform import FakePlatform, post

TOKEN = "987654:fake-zalo-token"
HEADER = "X-Bot-Api-Secret-Token"


@dataclass
class FakeZaloBot(FakePlatform):
    """`push` hands an event to the webhook; `pending` is what getUpdates gives, each once."""

    token: str = TOKEN
    secret: str = ""
    pending: list[dict[str, Any]] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def application(self) -> FastAPI:
        app = FastAPI()

        @app.api_route("/bot{token}/{method}", methods=["GET", "POST"])
        async def call(token: str, method: str, request: Request) -> JSONResponse:
            if token != self.token:
                return _error(401, "Unauthorized")
            if request.headers.get("content-type", "").startswith("application/json"):
                parameters = dict(await request.json())
            else:
                async with request.form() as form:
                    parameters = dict(form) | dict(request.query_params)
            if failure := await self.noted(method, parameters):
                return _error(failure.status, failure.description)
            return self._answer(method, parameters)

        return app

    def message(self, chat: str, text: str, **more: Any) -> dict[str, Any]:
        return self.event("message.text.received", chat, text=text, **more)

    def event(self, name: str, chat: str, **more: Any) -> dict[str, Any]:
        message = {
            "from": {"id": chat, "display_name": "Lan", "is_bot": False},
            "chat": {"id": chat, "chat_type": "PRIVATE"},
            "message_id": f"{next(self._numbers):020x}",
            "date": 1_790_000_000_000,
            **more,
        }
        return {"ok": True, "result": {"event_name": name, "message": message}}

    async def push(self, event: dict[str, Any], secret: str | None = None) -> httpx.Response:
        return await post(self.webhook, json=event, headers={HEADER: self.secret if secret is None else secret})

    async def say(self, chat: str, text: str) -> httpx.Response:
        return await self.push(self.message(chat, text))

    def texts(self, chat: str) -> list[str]:
        return [one["text"] for one in self.called("sendMessage") if one["chat_id"] == chat]

    def _answer(self, method: str, parameters: dict[str, Any]) -> JSONResponse:
        if method == "getMe":
            return _ok({"id": "1", "account_name": "bot.award", "account_type": "BASIC", "can_join_groups": False})
        if method == "setWebhook":
            if not str(parameters["url"]).startswith("https://") or not 8 <= len(parameters["secret_token"]) <= 256:
                return _error(400, "Bad Request")
            self.webhook, self.secret = parameters["url"], parameters["secret_token"]
            return _ok({"url": self.webhook, "updated_at": 1})
        if method == "getWebhookInfo":
            return _ok({"url": self.webhook, "updated_at": 1}) if self.webhook else _error(404, "Not found")
        if method == "getUpdates":
            return _ok(self.pending.pop(0)["result"]) if self.pending else _error(408, "Request timeout")
        if method == "sendMessage" and not 1 <= len(str(parameters.get("text", ""))) <= 2000:
            self.calls[-1] = type(self.calls[-1])(method, parameters, self.calls[-1].at, arrived=False)
            return _error(400, "text must be 1 to 2000 characters")
        if method in ("sendMessage", "sendPhoto"):
            return _ok({"message_id": f"{next(self._numbers):x}", "date": 1_790_000_000_000})
        return JSONResponse({"ok": True}) if method == "sendChatAction" else _error(404, "Not found")


def _ok(result: Any) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result})


def _error(code: int, description: str) -> JSONResponse:
    return JSONResponse({"ok": False, "error_code": code, "description": description})
