"""A Telegram Bot API on loopback: as strict as the real one in what it takes, and able to repeat, reorder and fail."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

from fakes.platform import FakePlatform, post, post_now

TOKEN = "123456:fake-token"
USERNAME = "award_bot"
DATE = 1_790_000_000
TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"}


class Markup(HTMLParser):
    """Telegram's HTML: known tags that are closed in order; `text` is what is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        self.broken = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.broken |= tag not in TAGS
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.broken |= not self.open or self.open.pop() != tag

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(markup: str) -> str | None:
    """What a message shows; None where Telegram refuses its markup."""
    parser = Markup()
    parser.feed(markup)
    parser.close()
    return None if parser.broken or parser.open else parser.text


@dataclass
class FakeTelegram(FakePlatform):
    """`push` hands an update to the webhook, as Telegram does; with no webhook it waits for `getUpdates`."""

    token: str = TOKEN
    secret: str = ""
    blocked: set[str] = field(default_factory=set)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    pending: list[dict[str, Any]] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(700_000_001))
    _messages: Any = field(default_factory=lambda: itertools.count(1))

    def application(self) -> FastAPI:
        app = FastAPI()

        @app.post("/bot{token}/{method}")
        async def call(token: str, method: str, request: Request) -> JSONResponse:
            if token != self.token:
                return _error(401, "Unauthorized")
            parameters = await _parameters(request)
            if failure := await self.noted(method, parameters):
                return _error(failure.status, failure.description, failure.parameters)
            return self._answer(method, parameters)

        return app

    # -- what people do

    def message(self, person: int, text: str | None = None, **more: Any) -> dict[str, Any]:
        """An update with a message of a person."""
        message = {
            "message_id": next(self._messages),
            "date": DATE,
            "chat": {"id": person, "type": "private"},
            "from": {"id": abs(person), "is_bot": False, "first_name": "Lan"},
            **({"text": text} if text is not None else {}),
            **more,
        }
        return {"update_id": next(self._numbers), "message": message}

    def tap(self, chat: int, data: str) -> dict[str, Any]:
        """An update with a tap on a button that sends `data`."""
        message = {
            "message_id": next(self._messages),
            "date": DATE,
            "chat": {"id": chat, "type": "private"},
            "text": "…",
        }
        query = {
            "id": str(next(self._messages)),
            "from": {"id": abs(chat), "is_bot": False, "first_name": "Lan"},
            "message": message,
            "chat_instance": "1",
            "data": data,
        }
        return {"update_id": next(self._numbers), "callback_query": query}

    async def push(self, update: dict[str, Any], secret: str | None = None) -> httpx.Response:
        """Hand an update to the webhook."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret if secret is None else secret}
        return await post(self.webhook, json=update, headers=headers)

    def push_now(self, update: dict[str, Any]) -> httpx.Response:
        return post_now(self.webhook, json=update, headers={"X-Telegram-Bot-Api-Secret-Token": self.secret})

    async def say(self, chat: int, text: str) -> httpx.Response:
        return await self.push(self.message(chat, text))

    # -- what the bot said

    def texts(self, chat: int) -> list[str]:
        """What a person was sent and sees."""
        return [
            shown(one["text"]) or "" if one.get("parse_mode") == "HTML" else one["text"]
            for one in self.called("sendMessage")
            if str(one["chat_id"]) == str(chat)
        ]

    def buttons(self, chat: int) -> list[dict[str, str]]:
        """Those under the last message to a person."""
        sent = [one for one in self.called("sendMessage") if str(one["chat_id"]) == str(chat)]
        return buttons_of(sent[-1]) if sent else []

    def _answer(self, method: str, parameters: dict[str, Any]) -> JSONResponse:
        if method == "getMe":
            return _ok({"id": 123456, "is_bot": True, "first_name": "Trợ lý", "username": USERNAME})
        if method == "setWebhook":
            self.webhook, self.secret = parameters["url"], parameters.get("secret_token", "")
            return _ok(True)
        if method == "deleteWebhook":
            self.webhook = ""
            return _ok(True)
        if method == "getWebhookInfo":
            return _ok(
                {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": len(self.pending)}
            )
        if method == "setMyCommands":
            self.commands[parameters.get("language_code", "")] = json.loads(parameters["commands"])
            return _ok(True)
        if method == "getUpdates":
            offset = int(parameters.get("offset", 0))
            self.pending = [one for one in self.pending if one["update_id"] >= offset]
            return _ok(self.pending)
        if method in ("sendMessage", "sendPhoto", "sendDocument"):
            return self._sent(method, parameters)
        if method in ("sendChatAction", "answerCallbackQuery"):
            return _ok(True)
        return _error(404, "Not Found")

    def _sent(self, method: str, parameters: dict[str, Any]) -> JSONResponse:
        if problem := self._refusal(method, parameters):
            self.calls[-1] = type(self.calls[-1])(method, parameters, self.calls[-1].at, arrived=False)
            return _error(*problem)
        chat = {"id": int(parameters["chat_id"]), "type": "private"}
        return _ok({"message_id": next(self._messages), "date": DATE, "chat": chat, "text": "…"})

    def _refusal(self, method: str, parameters: dict[str, Any]) -> tuple[int, str] | None:
        if str(parameters["chat_id"]) in self.blocked:
            return 403, "Forbidden: bot was blocked by the user"
        text = parameters.get("text" if method == "sendMessage" else "caption", "")
        seen = shown(text) if parameters.get("parse_mode") == "HTML" else text
        if seen is None:
            return 400, "Bad Request: can't parse entities: unsupported start tag"
        if method == "sendMessage" and not seen.strip():
            return 400, "Bad Request: message text is empty"
        if len(seen.encode("utf-16-le")) // 2 > (4096 if method == "sendMessage" else 1024):
            return 400, "Bad Request: message is too long"
        if any(not 1 <= len(one["callback_data"].encode()) <= 64 for one in buttons_of(parameters)):
            return 400, "Bad Request: BUTTON_DATA_INVALID"
        return None


def buttons_of(parameters: dict[str, Any]) -> list[dict[str, str]]:
    """All buttons of a sent message, row after row."""
    markup = json.loads(parameters["reply_markup"]) if parameters.get("reply_markup") else {}
    return [button for row in markup.get("inline_keyboard", []) for button in row]


async def _parameters(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(await request.json())
    async with request.form() as form:
        return {
            name: await value.read() if isinstance(value, UploadFile) else str(value) for name, value in form.items()
        }


def _ok(result: Any) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result})


def _error(status: int, description: str, parameters: dict[str, Any] | None = None) -> JSONResponse:
    record = {"ok": False, "error_code": status, "description": description}
    return JSONResponse(record | ({"parameters": parameters} if parameters else {}), status)
