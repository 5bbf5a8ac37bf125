"""Zalo's official account: signed events come in, «tin tư vấn» go out by the OpenAPI, version 3.

Errors come with HTTP 200; the number in the body decides. What each number means is in the table of Zalo's documentation.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request

from bot.channels.apps import Health, Manners
from bot.channels.http_client import client_for, post_json
from bot.channels.intake import OFF, Intake, read_object
from bot.channels.pace import Pace
from bot.channels.rendering import CHOOSE, Drawing, Part, Run
from bot.channels.requests import read_body
from bot.channels.settings import ZaloOaSettings
from bot.channels.zalo_oa_events import (
    NAME,
    SIGNATURE_HEADER,
    TIME_HEADER,
    Gone,
    TakenOver,
    Withdrawn,
    is_signed,
    matching_forms,
    read_event,
)
from bot.channels.zalo_tokens import Grant
from bot.choices import SHOWN_TITLE
from bot.errors import ChannelAway, ChannelStopped, ChatClosed, DeliveryError, NotTaken, RetryLater
from bot.inbox import Inbound

log = logging.getLogger(__name__)
WEBHOOK = "/webhooks/zalooa"
MOST_CHARACTERS, MOST_BUTTONS = 2000, 5
A_SECOND = 20
WINDOW = timedelta(hours=48)  # after that messages are billed, after seven days refused
LOOK_SECONDS = 300.0
TOKEN_ERRORS = frozenset({-216, -220})
PLAIN_INSTEAD = frozenset({-200, -201, -210})
CLOSED = frozenset({-213, -227, -230, -232, -244, -305})
STOPPED = frozenset({-204, -205, -209, -211, -212, -219, -221, -223, -224, -320, -321})
LATER = frozenset({-32})
NIGHT, MORNING_SECONDS = -234, 3600.0


class ZaloOa:
    """The account of a grant. Receiving needs no grant, sending waits until there is one."""

    name = NAME
    manners = Manners(notice_seconds=10.0, window=WINDOW)

    def __init__(self, settings: ZaloOaSettings, base: str, grant: Grant | None, *, read_seconds: float = 20.0) -> None:
        self.drawing = Drawing(MOST_CHARACTERS, most_buttons=MOST_BUTTONS, base=base, pictures=True)
        self.health = Health()
        self.settings = settings
        self._grant = grant
        self._address = f"{settings.api.rstrip('/')}/v3.0/oa/message/cs"
        self._http = client_for(settings.api, read_seconds)
        self._pace = Pace(A_SECOND)

    async def run(self) -> None:
        """Keep the tokens fresh and say how they are."""
        while True:
            try:
                await self._token()
                self.health.state = "ready"
            except DeliveryError as error:
                self.health.state = f"degraded: {error}"
            await asyncio.sleep(LOOK_SECONDS if self.health.state == "ready" else LOOK_SECONDS / 20)

    async def stop(self) -> None:
        await self._http.aclose()
        if self._grant:
            await self._grant.close()

    async def send(self, chat: str, part: Part) -> None:
        await self._pace.turn()
        try:
            await self._call(chat, self._message(part))
        except Refused as error:
            if error.code not in PLAIN_INSTEAD or not (part.buttons or part.attachment):
                raise meaning(error.code, str(error)) from error
            log.error("Zalo refuses a message with buttons or a picture (%d); sent as text", error.code)
            await self._send_plain(chat, part)

    async def typing(self, chat: str) -> None:
        """The API shows nothing of the kind."""

    async def _send_plain(self, chat: str, part: Part) -> None:
        try:
            for text in plain_instead(part, self.drawing):
                await self._call(chat, {"text": text})
        except Refused as error:
            raise meaning(error.code, str(error)) from error

    def _message(self, part: Part) -> dict[str, Any]:
        if part.attachment is not None:
            url = f"{self.drawing.base.rstrip('/')}{part.attachment.url}"
            elements = [{"media_type": "image", "url": url}]
            return {"text": part.plain, "attachment": _template({"template_type": "media", "elements": elements})}
        if not part.buttons:
            return {"text": part.plain}
        # A tap comes back as a text that is the payload, and the person sees it: the title, which the inbox understands.
        buttons = [
            {"title": one.title[:SHOWN_TITLE], "type": "oa.query.show", "payload": one.title[:SHOWN_TITLE]}
            for one in part.buttons
        ]
        payload: dict[str, Any] = {"buttons": buttons}
        if self.settings.button_template:
            payload["template_type"] = self.settings.button_template
        return {"text": part.plain, "attachment": _template(payload)}

    async def _call(self, chat: str, message: dict[str, Any]) -> None:
        """Refresh the tokens once where they are refused. Raises Refused, DeliveryError."""
        token = await self._token()
        code, text = await self._post(token, chat, message)
        if code in TOKEN_ERRORS:
            code, text = await self._post(await self._token(stale=token), chat, message)
            if code in TOKEN_ERRORS:
                raise ChannelStopped("Zalo refuses the new token, too; run: award zalooa authorize")
        if code:
            raise Refused(code, text)

    async def _post(self, token: str, chat: str, message: dict[str, Any]) -> tuple[int, str]:
        record = {"recipient": {"user_id": chat}, "message": message}
        answer = await post_json(self._http, self._address, record, headers={"access_token": token})
        try:
            told = answer.json()
        except ValueError:
            told = None
        if not isinstance(told, dict) or not isinstance(told.get("error"), int):
            raise ChannelAway(f"Zalo answered HTTP {answer.status_code}")
        return told["error"], str(told.get("message", ""))

    async def _token(self, stale: str | None = None) -> str:
        if self._grant is None:
            raise ChannelStopped("sending needs AWARD_ZALO_APP_SECRET and AWARD_ENCRYPTION_KEY")
        return await self._grant.token(stale)


class Refused(Exception):
    """An error number of the API."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}".strip())
        self.code = code


def meaning(code: int, text: str) -> DeliveryError:
    """What to do about a number."""
    if code in LATER:
        return RetryLater(text)
    if code == NIGHT:
        return RetryLater(text, MORNING_SECONDS)
    if code in CLOSED:
        return ChatClosed(text)
    return ChannelStopped(text) if code in STOPPED else NotTaken(text)


def plain_instead(part: Part, drawing: Drawing) -> list[str]:
    """A message whose buttons or picture are refused, as text: numbers to choose by, the picture's address."""
    if part.attachment is not None:
        return [f"{part.plain}: {drawing.base.rstrip('/')}{part.attachment.url}"]
    options = "\n".join(f"{number}. {one.title}" for number, one in enumerate(part.buttons, 1))
    whole = replace(part, runs=(*part.runs, Run(f"\n\n{options}\n{CHOOSE['vi']}")), buttons=())
    if drawing.length(whole.plain) <= drawing.limit:
        return [whole.plain]
    return [part.plain, f"{options}\n{CHOOSE['vi']}"]


def _template(payload: dict[str, Any]) -> dict[str, Any]:
    return {"type": "template", "payload": payload}


class ZaloOaIntake:
    """Takes events of the webhook."""

    def __init__(
        self, app: ZaloOa, intake: Intake, secret: str, forget: Callable[[str], Awaitable[None]], pause_minutes: int
    ) -> None:
        self.app = app
        self._intake = intake
        self._secret = secret
        self._forget = forget
        self._pause_minutes = pause_minutes

    async def take(self, record: dict[str, Any]) -> None:
        """Raises DatabaseError where nothing was stored."""
        event = read_event(record)
        if isinstance(event, Inbound):
            try:
                await self._intake.accept(event)
            except ValueError as error:
                log.warning("an event of Zalo can't be taken: %s", error)
        elif isinstance(event, TakenOver):
            await self._intake.pause(event.sender, self._pause_minutes)
        elif isinstance(event, Withdrawn):
            await self._forget(event.sender)
        elif isinstance(event, Gone):
            if await self._intake.first(NAME, event.key):
                await self._intake.close(event.sender, "no longer follows the account")
        else:
            self.app.health.ignored += 1

    def verify(self, request: Request, body: bytes) -> dict[str, Any]:
        """The event of a delivery that is Zalo's. Raises HTTPException 400, 401 or 429."""
        try:
            record = read_object(body)
        except HTTPException:  # without its time nothing tells whose it is
            raise self._intake.refuse(request, self.app.health, 401) from None
        given, time = request.headers.get(SIGNATURE_HEADER, ""), request.headers.get(TIME_HEADER, "")
        settings = self.app.settings
        forms = matching_forms(body, record, given, time, settings.app_id, self._secret)
        if not is_signed(forms, settings.signatures):
            log.warning(
                "a wrong signature for %.40s; would fit: %s",
                record.get("event_name"),
                ", ".join(sorted(forms)) or "none",
            )
            raise self._intake.refuse(request, self.app.health, 401)
        return record


def zalo_oa_routes(account: ZaloOaIntake | None) -> APIRouter:
    """POST /webhooks/zalooa; without the account's secret key it is off."""
    router = APIRouter()

    @router.get(WEBHOOK)
    async def there() -> dict[str, bool]:
        return {"ok": account is not None}

    @router.post(WEBHOOK)
    async def webhook(request: Request) -> dict[str, bool]:
        if account is None:
            raise HTTPException(503, OFF)
        body = await read_body(request)
        if body.strip() != b"{}":  # Zalo tries the address, unsigned, before it keeps it
            await account.take(account.verify(request, body))
        return {"ok": True}

    return router
