"""Telegram, by python-telegram-bot's Bot: its updates come to the webhook (or, for development, are fetched), its messages go out.

The library's Application is left out: its queue lives in memory, ours in the database.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, HTTPException, Request

os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library's way to say that durations are to be timedeltas

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from actions.files import Files, KeptFile
from bot.channels.apps import Health, Manners
from bot.channels.intake import OFF, Intake, read_object, same
from bot.channels.pace import Pace
from bot.channels.rendering import Drawing, Part, utf16_units
from bot.channels.requests import read_body
from bot.channels.telegram_updates import NAME, Left, Me, Tap, read_update
from bot.errors import (
    ChannelAway,
    ChannelStopped,
    ChatClosed,
    DeliveryError,
    MaybeArrived,
    NotTaken,
    RetryLater,
)
from bot.inbox import STALE, Inbound, Taken
from bot.locking import single_instance

log = logging.getLogger(__name__)
WEBHOOK = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name
UPDATES = ["message", "callback_query", "my_chat_member"]
MOST_CHARACTERS, MOST_CALLBACK = 4096, 64  # UTF-16 units, bytes
A_SECOND = 30  # messages that Telegram takes of one bot
SHORT_BUTTON = 18  # characters; two such share a row
CHECK_SECONDS, TROUBLED_SECONDS = 300.0, 15.0  # between two looks at the webhook
LONGEST_PAUSE = 60.0
POLL = timedelta(seconds=30)
GONE_CHATS = ("chat not found", "user is deactivated", "bot was kicked", "group chat was deactivated")


class Telegram:
    """The bot of a token. `run` until it is cancelled; sending works from the start."""

    name = NAME
    manners = Manners(typing_seconds=4.0)

    def __init__(self, token: str, api: str, base: str, files: Files, *, read_seconds: float = 20.0) -> None:
        # The environment's proxy is for the internet; a Bot API server on this machine is reached without.
        local = urlsplit(api).hostname in ("127.0.0.1", "localhost", "::1")
        made = {"httpx_kwargs": {"trust_env": not local, "verify": not local}, "read_timeout": read_seconds}
        self._requests = (
            HTTPXRequest(connection_pool_size=64, pool_timeout=10.0, **made),  # type: ignore[arg-type]
            HTTPXRequest(connection_pool_size=2, **made),  # type: ignore[arg-type]
        )
        self.bot = Bot(
            token,
            base_url=f"{api.rstrip('/')}/bot",
            base_file_url=f"{api.rstrip('/')}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self.drawing = Drawing(MOST_CHARACTERS, utf16_units, links=True, base=base, uploads=True)
        self.health = Health()
        identity = token.partition(":")[0]
        self.me = Me(int(identity) if identity.isdecimal() else 0)
        self._files = files
        self._pace = Pace(A_SECOND)

    async def run(self, inbound: Callable[[dict[str, Any]], Awaitable[object]] | None, lock: str | None = None) -> None:
        """Greet Telegram, again and again until it answers; then look after the webhook, or fetch updates for `inbound`."""
        await self._greet()
        if inbound is None:
            await self._look_after_webhook()
        else:
            with single_instance(lock or "", "the Telegram bot is polled by another server; stop that one"):
                await self._poll(inbound)

    async def stop(self) -> None:
        for request in self._requests:  # the bot's own `shutdown` closes nothing where Telegram was never reached
            await request.shutdown()

    async def send(self, chat: str, part: Part) -> None:
        await self._pace.turn()
        try:
            if part.attachment is not None:
                await self._send_file(chat, part)
            else:
                await self._send_text(chat, part)
        except TelegramError as error:
            raise delivery_error(error) from error

    async def typing(self, chat: str) -> None:
        try:
            await self.bot.send_chat_action(chat, ChatAction.TYPING)
        except TelegramError as error:
            raise delivery_error(error) from error

    async def answer_tap(self, query: str, toast: str | None) -> None:
        """Stop the button's spinner; too late or twice is of no consequence."""
        try:
            await self.bot.answer_callback_query(query, toast)
        except TelegramError as error:
            log.info("a tap was not answered: %s", error)

    async def _send_text(self, chat: str, part: Part) -> None:
        arguments: dict[str, Any] = {
            "chat_id": chat,
            "reply_markup": keyboard(part),
            "link_preview_options": LinkPreviewOptions(is_disabled=True),
        }
        try:
            await self.bot.send_message(text=part.html, parse_mode=ParseMode.HTML, **arguments)
        except BadRequest as error:
            if "parse entities" not in error.message.casefold():
                raise
            log.error("Telegram can't read our markup: %s", error)
            await self.bot.send_message(text=part.plain, **arguments)

    async def _send_file(self, chat: str, part: Part) -> None:
        attachment = part.attachment
        if attachment is None:
            return
        found = await asyncio.to_thread(self._files.find, attachment.url.rpartition("/")[2])
        if found is None:  # too old, or deleted with the person's data
            raise NotTaken(f"the file «{attachment.title}» is gone")
        caption = {"caption": part.html, "parse_mode": ParseMode.HTML}
        if found.media_type in ("image/png", "image/jpeg"):
            await self.bot.send_photo(chat, _upload(found), **caption)  # type: ignore[arg-type]
        else:
            await self.bot.send_document(chat, _upload(found), **caption)  # type: ignore[arg-type]

    async def _greet(self) -> None:
        pause = 1.0
        while True:
            try:
                me = await self.bot.get_me()
                self.me = Me(me.id, me.username or "")
                return
            except InvalidToken:
                self.health.state = "degraded: Telegram does not know the token; set AWARD_TELEGRAM_TOKEN anew"
            except TelegramError as error:
                self.health.state = f"degraded: Telegram can't be reached ({type(error).__name__})"
            log.warning("%s; trying again in %.0f s", self.health.state, pause)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _look_after_webhook(self) -> None:
        """Say in /readyz what Telegram says of the webhook."""
        while True:
            try:
                info = await self.bot.get_webhook_info()
                if not info.url:
                    self.health.state = "degraded: no webhook is set; run: award telegram connect"
                elif info.last_error_message and info.pending_update_count:
                    waiting = f"{info.pending_update_count} updates wait"
                    self.health.state = f"degraded: {waiting}, Telegram says «{info.last_error_message}»"
                else:
                    self.health.state = "ready"
            except TelegramError as error:
                self.health.state = f"degraded: Telegram can't be reached ({type(error).__name__})"
            await asyncio.sleep(CHECK_SECONDS if self.health.state == "ready" else TROUBLED_SECONDS)

    async def _poll(self, inbound: Callable[[dict[str, Any]], Awaitable[object]]) -> None:
        """An update is confirmed by asking for the next one, so only after it was stored."""
        offset, pause = 0, 1.0
        while True:
            try:
                if not offset:
                    await self.bot.delete_webhook()
                for update in await self.bot.get_updates(offset=offset or None, timeout=POLL, allowed_updates=UPDATES):
                    await inbound(update.to_dict())
                    offset = update.update_id + 1
                self.health.state, pause = "ready (polling)", 1.0
            except Conflict:
                self.health.state = "degraded: another program polls this bot"
                await asyncio.sleep(LONGEST_PAUSE)
            except Exception as error:  # the database may be away, too: what was not stored is fetched again
                self.health.state = f"degraded: {type(error).__name__}"
                log.warning("polling Telegram failed: %s", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)


def keyboard(part: Part) -> InlineKeyboardMarkup | None:
    """One button a row, two where both are short; below them the thumbs of an answer."""
    buttons = [
        InlineKeyboardButton(one.title, callback_data=f"{part.message}:{at}") for at, one in enumerate(part.buttons)
    ]
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and all(len(one.text) <= SHORT_BUTTON for one in (rows[-1][0], button)):
            rows[-1].append(button)
        else:
            rows.append([button])
    if part.turn:
        thumbs = (("👍", "up"), ("👎", "down"))
        rows.append(
            [InlineKeyboardButton(sign, callback_data=f"/feedback {part.turn} {word}") for sign, word in thumbs]
        )
    return InlineKeyboardMarkup(rows) if rows else None


def delivery_error(error: TelegramError) -> DeliveryError:
    """What the library's errors mean for a message."""
    cause, text = error.__cause__, str(error)
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return RetryLater(text, wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
    if isinstance(error, Forbidden | ChatMigrated) or any(one in text.casefold() for one in GONE_CHATS):
        return ChatClosed(text)
    if isinstance(error, InvalidToken):
        return ChannelStopped("Telegram does not know the token")
    if isinstance(error, TimedOut):
        not_sent = isinstance(cause, httpx.ConnectTimeout | httpx.PoolTimeout)
        return ChannelAway("no connection in time") if not_sent else MaybeArrived("no answer in time")
    if isinstance(error, BadRequest):
        return NotTaken(text)
    if isinstance(cause, httpx.ReadError | httpx.RemoteProtocolError | httpx.WriteError):
        return MaybeArrived(f"the connection broke ({type(cause).__name__})")
    if isinstance(error, NetworkError):
        return ChannelAway(text)
    return NotTaken(text)


def _upload(file: KeptFile) -> InputFile:
    return InputFile(file.content, filename=file.name)


class TelegramIntake:
    """Takes updates, from the webhook or from polling."""

    def __init__(self, app: Telegram, intake: Intake) -> None:
        self.app = app
        self.intake = intake
        self._answering: set[asyncio.Task[None]] = set()

    async def take(self, record: dict[str, Any]) -> None:
        """Raises DatabaseError where nothing was stored."""
        try:
            event = read_update(record, self.app.bot, self.app.me)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("an update of Telegram can't be read: %s", type(error).__name__)
            event = None
        if isinstance(event, Tap):
            taken = await self.intake.accept(event.inbound)
            if taken is not Taken.REPEATED:
                self._answer(event.query, STALE if taken is Taken.STALE else None)
        elif isinstance(event, Inbound):
            await self.intake.accept(event)
        elif isinstance(event, Left):
            if await self.intake.first(NAME, event.key):
                await self.intake.close(event.sender, "blocked by the person")
        else:
            self.app.health.ignored += 1

    def _answer(self, query: str, toast: str | None) -> None:
        task = asyncio.create_task(self.app.answer_tap(query, toast))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)


def telegram_routes(telegram: TelegramIntake | None, secret: str) -> APIRouter:
    """POST /webhooks/telegram; without a token it is off."""
    router = APIRouter()

    @router.post(WEBHOOK)
    async def webhook(request: Request) -> dict[str, bool]:
        if telegram is None or not secret:
            raise HTTPException(503, OFF)
        body = await read_body(request)
        if not same(request.headers.get(SECRET_HEADER, ""), secret):
            raise telegram.intake.refuse(request, telegram.app.health, 403)
        record = read_object(body)
        if not isinstance(record.get("update_id"), int):
            raise HTTPException(400, "The body is no update: update_id is missing")
        await telegram.take(record)
        return {"ok": True}

    return router
