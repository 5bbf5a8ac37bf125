"""The chat apps that are connected: made of settings and secrets, run beside the server, told of in /readyz."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter

from actions.files import Files
from bot.channels.apps import ChatApps
from bot.channels.intake import Intake
from bot.channels.quota import Quota
from bot.channels.settings import ZaloOaSettings
from bot.channels.telegram import Telegram, TelegramIntake, telegram_routes
from bot.channels.zalo_bot import ZaloBot, ZaloBotIntake, zalo_bot_routes
from bot.channels.zalo_oa import ZaloOa, ZaloOaIntake, zalo_oa_routes
from bot.channels.zalo_tokens import Grant, TokenStore
from bot.conversations import APPS
from bot.credentials import Credentials
from bot.erasure import erase
from bot.settings import Settings
from knowledge.database import Database

log = logging.getLogger(__name__)
OFF = "off"


class Connected:
    """Each app has a task of its own, so that none holds up the others or the web chat."""

    def __init__(
        self,
        settings: Settings,
        credentials: Credentials,
        database: Database,
        files: Files,
        apps: ChatApps,
        intake: Intake,
    ) -> None:
        """Raises ChannelError where the encryption key is none."""
        self._settings = settings
        self._credentials = credentials
        self._apps = apps
        self._intake = intake
        self._runs: dict[str, Callable[[], Awaitable[None]]] = {}
        self._stops: list[Callable[[], Awaitable[None]]] = []
        self.telegram = self._telegram(files)
        self.zalo_bot = self._zalo_bot(database)
        self.zalo_oa = self._zalo_oa(database)

    def routes(self) -> APIRouter:
        router = APIRouter()
        router.include_router(telegram_routes(self.telegram, self._credentials.telegram_secret))
        router.include_router(zalo_bot_routes(self.zalo_bot, self._credentials.zalo_bot_secret))
        router.include_router(zalo_oa_routes(self.zalo_oa))
        return router

    def states(self) -> dict[str, str]:
        """For /readyz; a channel that is not ready does not make the server so."""
        found = dict.fromkeys(APPS, OFF)
        return found | {name: app.health.line() for name, app in self._apps.connected.items()}

    async def run(self) -> None:
        """Until it is cancelled."""
        await asyncio.gather(*(self._run(name, run) for name, run in self._runs.items()))

    async def stop(self) -> None:
        for stop in self._stops:
            await stop()
        self._intake.stop()

    async def _run(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        try:
            await run()
        except Exception as error:  # the other channels go on
            self._apps.connected[name].health.state = f"failed: {error}"
            log.exception("the channel %s has stopped", name)

    def _telegram(self, files: Files) -> TelegramIntake | None:
        channels, token = self._settings.bot.channels, self._credentials.telegram_token
        if not token:
            return None
        app = Telegram(token, channels.telegram.api, channels.public_url, files)
        taking = TelegramIntake(app, self._intake)
        polled: Callable[[dict[str, Any]], Awaitable[object]] | None = None
        if channels.telegram.mode == "polling":
            polled = taking.take
        lock = str(self._settings.var / "telegram-polling.lock")
        self._add(app, lambda: app.run(polled, lock))
        return taking

    def _zalo_bot(self, database: Database) -> ZaloBotIntake | None:
        channels, token = self._settings.bot.channels, self._credentials.zalo_bot_token
        if not token:
            return None
        quota = Quota(database, channels.zalo_bot.messages_a_month)
        app = ZaloBot(token, channels.zalo_bot.api, channels.public_url, quota)
        taking = ZaloBotIntake(app, self._intake)
        polled: Callable[[dict[str, Any]], Awaitable[object]] | None = None
        if channels.zalo_bot.mode == "polling":
            polled = taking.take
        lock = str(self._settings.var / "zalo-bot-polling.lock")
        self._add(app, lambda: app.run(polled, lock))
        return taking

    def _zalo_oa(self, database: Database) -> ZaloOaIntake | None:
        channels, secrets = self._settings.bot.channels, self._credentials
        if not (secrets.zalo_oa_secret and channels.zalo_oa.app_id):
            return None
        app = ZaloOa(channels.zalo_oa, channels.public_url, grant_of(channels.zalo_oa, secrets, database))
        self._add(app, app.run)

        async def forget(sender: str) -> None:
            await asyncio.to_thread(erase, database, sender)

        pause = self._settings.bot.office.idle_minutes
        return ZaloOaIntake(app, self._intake, secrets.zalo_oa_secret, forget, pause)

    def _add(self, app: Telegram | ZaloBot | ZaloOa, run: Callable[[], Awaitable[None]]) -> None:
        self._apps.add(app)
        self._runs[app.name] = run
        self._stops.append(app.stop)


def grant_of(settings: ZaloOaSettings, secrets: Credentials, database: Database) -> Grant | None:
    """None where a secret is missing. Raises ChannelError where the encryption key is none."""
    if not (secrets.zalo_app_secret and secrets.encryption_key):
        return None
    store = TokenStore(database, settings.app_id, secrets.encryption_key)
    return Grant(store, settings.oauth, settings.app_id, secrets.zalo_app_secret)
