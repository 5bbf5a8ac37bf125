"""Zalo Bot Platform: bots of Zalo Bot Creator, a small API of its own, not the official account's.

No buttons, 2,000 characters a message, a package of so many messages a month. The token stands in the address of every call, so
addresses are never logged and never part of an error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import APIRouter, HTTPException, Request

from bot.channels.apps import Health, Manners
from bot.channels.http_client import client_for, post_json
from bot.channels.intake import OFF, Intake, read_object, same
from bot.channels.pace import Pace
from bot.channels.quota import Quota
from bot.channels.rendering import Drawing, Part
from bot.channels.requests import read_body
from bot.errors import ChannelAway, ChannelStopped, ChatClosed, DeliveryError, NotTaken, RetryLater
from bot.inbox import Inbound
from bot.locking import single_instance

log = logging.getLogger(__name__)
NAME = "zalobot"
WEBHOOK = "/webhooks/zalobot"
SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105  a header's name
MOST_CHARACTERS = 2000
A_SECOND = 20
POLL_SECONDS = 30
NOTHING_NEW = 408  # the answer to getUpdates where nothing came: no error
LONGEST_PAUSE = 60.0
CHECK_SECONDS = 300.0
WARNED_FROM = 0.8  # share of the month's messages


class ZaloBot:
    """The bot of a token. `run` until it is cancelled; sending works from the start."""

    name = NAME
    manners = Manners(typing_seconds=4.0)

    def __init__(self, token: str, api: str, base: str, quota: Quota, *, read_seconds: float = 20.0) -> None:
        self.drawing = Drawing(MOST_CHARACTERS, most_buttons=0, base=base, pictures=True)
        self.health = Health()
        self._address = f"{api.rstrip('/')}/bot{token}/"
        self._http = client_for(api, read_seconds)
        self._pace = Pace(A_SECOND)
        self._quota = quota

    async def run(self, inbound: Callable[[dict[str, Any]], Awaitable[object]] | None, lock: str | None = None) -> None:
        """Look after the webhook, or fetch events for `inbound`."""
        if inbound is None:
            await self._look_after_webhook()
        else:
            with single_instance(lock or "", "the Zalo bot is polled by another server; stop that one"):
                await self._poll(inbound)

    async def stop(self) -> None:
        await self._http.aclose()

    async def send(self, chat: str, part: Part) -> None:
        await self._pace.turn()
        await asyncio.to_thread(self._spend)
        if part.attachment is not None:
            photo = f"{self.drawing.base.rstrip('/')}{part.attachment.url}"
            await self.call("sendPhoto", {"chat_id": chat, "photo": photo, "caption": part.plain})
        else:
            await self.call("sendMessage", {"chat_id": chat, "text": part.plain})

    async def typing(self, chat: str) -> None:
        await self.call("sendChatAction", {"chat_id": chat, "action": "typing"})

    async def call(self, method: str, parameters: dict[str, Any], seconds: float | None = None) -> Any:
        """The result of a method. Raises DeliveryError."""
        response = await post_json(self._http, self._address + method, parameters, seconds)
        try:
            record = response.json()
        except ValueError:
            record = {}
        if isinstance(record, dict) and record.get("ok"):
            return record.get("result")
        code = record.get("error_code", response.status_code) if isinstance(record, dict) else response.status_code
        raise delivery_error(int(code), str(record.get("description", "")) if isinstance(record, dict) else "")

    def _spend(self) -> None:
        """Count a message of the month; at the end of the package everything waits for the next month or another package."""
        used = self._quota.spend(NAME)
        if used is None:
            raise ChannelStopped("the month's messages are used up")
        if used >= WARNED_FROM and self.health.state == "ready":
            self.health.state = f"ready: {used:.0%} of the month's messages are used"
            log.warning("%s: %.0f %% of the month's messages are used", NAME, used * 100)

    async def _look_after_webhook(self) -> None:
        while True:
            try:
                info = await self.call("getWebhookInfo", {})
                there = isinstance(info, dict) and bool(info.get("url"))
                self.health.state = "ready" if there else "degraded: no webhook is set; run: award zalobot connect"
            except NotTaken:  # a bot without a webhook answers 404
                self.health.state = "degraded: no webhook is set; run: award zalobot connect"
            except DeliveryError as error:
                self.health.state = f"degraded: {error}"
            await asyncio.sleep(CHECK_SECONDS if self.health.state.startswith("ready") else LONGEST_PAUSE / 4)

    async def _poll(self, inbound: Callable[[dict[str, Any]], Awaitable[object]]) -> None:
        """One event a call, and none is given twice: what comes while nobody polls is lost, so this is for development."""
        pause = 1.0
        while True:
            try:
                event = await self.call("getUpdates", {"timeout": POLL_SECONDS}, POLL_SECONDS + 10)
                self.health.state, pause = "ready (polling)", 1.0
                if isinstance(event, dict):
                    await inbound(event)
            except RetryLater as error:
                if error.seconds != 0:
                    self.health.state = f"degraded: {error}"
                    await asyncio.sleep(pause)
                else:
                    self.health.state = "ready (polling)"
            except Exception as error:
                self.health.state = f"degraded: {type(error).__name__}"
                log.warning("polling Zalo failed: %s", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)


def delivery_error(code: int, description: str) -> DeliveryError:
    """What the platform's codes, which are HTTP's, mean for a message."""
    text = f"{code} {description}".strip()
    if code == NOTHING_NEW:
        return RetryLater(text, 0)
    if code == httpx.codes.TOO_MANY_REQUESTS:
        return RetryLater(text)
    if code == httpx.codes.UNAUTHORIZED:
        return ChannelStopped("Zalo does not know the token; set AWARD_ZALO_BOT_TOKEN anew")
    if code == httpx.codes.FORBIDDEN:
        return ChatClosed(text)
    if code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ChannelAway(text)
    return NotTaken(text)


def read_event(record: dict[str, Any]) -> Inbound | None:
    """An event with or without the envelope {"ok", "result"}; None for what is no message for us."""
    inner = record.get("result")
    event = inner if isinstance(inner, dict) else record
    name, message = event.get("event_name"), event.get("message")
    if not isinstance(name, str) or not name.startswith("message.") or not isinstance(message, dict):
        return None
    chat, sender, key = message.get("chat"), message.get("from"), message.get("message_id")
    if not isinstance(chat, dict) or not isinstance(key, str) or not isinstance(chat.get("id"), str):
        return None
    if isinstance(sender, dict) and sender.get("is_bot"):
        return None
    text = message.get("text") if name == "message.text.received" else message.get("caption") or None
    if name == "message.text.received" and not isinstance(text, str):
        return None
    return Inbound(NAME, key, chat["id"], text=text if isinstance(text, str) else None, numbered=True)


class ZaloBotIntake:
    """Takes events, from the webhook or from polling."""

    def __init__(self, app: ZaloBot, intake: Intake) -> None:
        self.app = app
        self.intake = intake

    async def take(self, record: dict[str, Any]) -> None:
        """Raises DatabaseError where nothing was stored."""
        inbound = read_event(record)
        try:
            if inbound is not None:
                await self.intake.accept(inbound)
                return
        except ValueError as error:
            log.warning("an event of Zalo can't be taken: %s", error)
        self.app.health.ignored += 1


def zalo_bot_routes(bot: ZaloBotIntake | None, secret: str) -> APIRouter:
    """POST /webhooks/zalobot; without a token it is off."""
    router = APIRouter()

    @router.post(WEBHOOK)
    async def webhook(request: Request) -> dict[str, bool]:
        if bot is None or not secret:
            raise HTTPException(503, OFF)
        body = await read_body(request)
        if not same(request.headers.get(SECRET_HEADER, ""), secret):
            raise bot.intake.refuse(request, bot.app.health, 403)
        await bot.take(read_object(body))
        return {"ok": True}

    return router
