"""Zalo's OpenAPI and OAuth on loopback: tokens that rotate and work once, errors with HTTP 200, signed events."""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from fakes.platform import FakePlatform, post

APP_ID, OA_ID = "360846524940903967", "388613280878808645"
APP_SECRET, OA_SECRET = "test-app-secret", "test-oa-secret"


@dataclass
class FakeZaloOa(FakePlatform):
    """`access` and `refresh` are the pair that is good now; refreshing makes both anew."""

    access: str = "access-0"
    refresh: str = "refresh-0"
    refreshed: int = 0
    errors: list[int] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def application(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v4/oa/access_token")
        async def oauth(request: Request) -> JSONResponse:
            async with request.form() as form:
                asked = {name: str(value) for name, value in form.items()}
            if failure := await self.noted("oauth", asked):
                return JSONResponse({}, failure.status)
            good = request.headers.get("secret_key") == APP_SECRET and asked.get("app_id") == APP_ID
            given = asked.get("refresh_token") == self.refresh or asked.get("code") == "good-code"
            if not (good and given):
                return JSONResponse({"error": -14014, "error_name": "Invalid refresh token"})
            self.refreshed += 1
            self.access, self.refresh = f"access-{self.refreshed}", f"refresh-{self.refreshed}"
            return JSONResponse({"access_token": self.access, "refresh_token": self.refresh, "expires_in": "90000"})

        @app.post("/v3.0/oa/message/cs")
        async def send(request: Request) -> JSONResponse:
            record = await request.json()
            if failure := await self.noted("send", record):
                return JSONResponse({}, failure.status)
            error = self._error(request.headers.get("access_token", ""), record)
            if error:
                self.calls[-1] = type(self.calls[-1])("send", record, self.calls[-1].at, arrived=False)
                return JSONResponse({"error": error, "message": f"error {error}"})
            told = {"message_id": str(next(self._numbers)), "user_id": record["recipient"]["user_id"]}
            return JSONResponse({"data": told, "error": 0, "message": "Success"})

        return app

    def _error(self, token: str, record: dict[str, Any]) -> int:
        if token != self.access:
            return -216
        if self.errors:
            return self.errors.pop(0)
        if len(record["message"].get("text", "")) > 2000:
            return -210
        buttons = record["message"].get("attachment", {}).get("payload", {}).get("buttons", [])
        return -201 if len(buttons) > 5 or any(len(one["title"]) > 100 for one in buttons) else 0

    def event(self, name: str, person: str, **more: Any) -> dict[str, Any]:
        return {
            "app_id": APP_ID,
            "sender": {"id": person},
            "recipient": {"id": OA_ID},
            "event_name": name,
            "timestamp": str(1_790_000_000_000 + next(self._numbers)),
            **more,
        }

    def message(self, person: str, text: str) -> dict[str, Any]:
        return self.event("user_send_text", person, message={"text": text, "msg_id": f"m{next(self._numbers)}"})

    async def push(self, event: dict[str, Any], **headers: str) -> httpx.Response:
        body = json.dumps(event, ensure_ascii=False).encode()
        return await self.push_raw(body, {"X-ZEvent-Signature": signature(body, event), **headers})

    async def push_raw(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return await post(self.webhook, content=body, headers={"Content-Type": "application/json", **headers})

    async def say(self, person: str, text: str) -> httpx.Response:
        return await self.push(self.message(person, text))

    def texts(self, person: str) -> list[str]:
        return [one["message"]["text"] for one in self.called("send") if one["recipient"]["user_id"] == person]


def signature(body: bytes, event: dict[str, Any], *, first: str = APP_ID, time: str | None = None) -> str:
    at = str(event.get("timestamp", "")) if time is None else time
    return "mac=" + hashlib.sha256(first.encode() + body + at.encode() + OA_SECRET.encode()).hexdigest()
