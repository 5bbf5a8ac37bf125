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
from bot.channels.telegram import Telegram, TelegramIntake, telegram_routes
from bot.credentials import Credentials
from bot.settings import Settings

log = logging.getLogger(__name__)
OFF = "off"


class Connected:
    """Each app has a task of its own, so that none holds up the others or the web chat."""

    def __init__(
        self, settings: Settings, credentials: Credentials, files: Files, apps: ChatApps, intake: Intake
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._apps = apps
        self._intake = intake
        self._runs: dict[str, Callable[[], Awaitable[None]]] = {}
        self._stops: list[Callable[[], Awaitable[None]]] = []
        self.telegram = self._telegram(files)

    def routes(self) -> APIRouter:
        router = APIRouter()
        router.include_router(telegram_routes(self.telegram, self._credentials.telegram_secret))
        return router

    def states(self) -> dict[str, str]:
        """For /readyz; a channel that is not ready does not make the server so."""
        found = {"telegram": OFF}
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

    def _add(self, app: Telegram, run: Callable[[], Awaitable[None]]) -> None:
        self._apps.add(app)
        self._runs[app.name] = run
        self._stops.append(app.stop)
