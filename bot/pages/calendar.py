"""The season calendar as a page (`/lich`) and as a file to download or subscribe to (`/lich/gtclqg.ics`)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import date
from itertools import groupby

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from actions.season import FILE, STATES
from actions.sentences import CONFIDENCE, VI
from bot.pages.rendering import page
from bot.season_file import MEDIA_TYPE, calendar_file
from knowledge.calendar import VIETNAM, SeasonEvent, coming, gone_by, newest_change
from knowledge.calendar_store import read_calendar
from knowledge.database import Database

FILE_PATH = FILE.url


def calendar_routes(database: Database, today: Callable[[], date]) -> APIRouter:
    router = APIRouter()

    def read() -> list[SeasonEvent]:
        with database.session() as session:
            return read_calendar(session)

    @router.api_route("/lich", methods=["GET", "HEAD"])
    async def calendar_page(request: Request) -> HTMLResponse:
        events, day = await asyncio.to_thread(read), today()
        changed = newest_change(coming(events, day))
        return page(
            "calendar.html",
            today=day,
            changed=changed and changed.astimezone(VIETNAM).date(),
            coming=coming(events, day),
            seasons=[
                (year, list(of_year)) for year, of_year in groupby(_by_season(events, day), lambda one: one.season)
            ],
            file_path=FILE_PATH,
            subscription=f"webcal://{request.url.netloc}{FILE_PATH}",
            state_words=STATES[VI],
            confidence_words=CONFIDENCE[VI],
        )

    @router.api_route(FILE_PATH, methods=["GET", "HEAD"])
    async def calendar_download(request: Request) -> Response:
        content = calendar_file(await asyncio.to_thread(read), today())
        headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"', "Cache-Control": "no-cache"}
        if _known(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        headers["Content-Disposition"] = 'inline; filename="gtclqg.ics"'
        return Response(content, media_type=f"{MEDIA_TYPE}; charset=utf-8", headers=headers)

    return router


def _by_season(events: list[SeasonEvent], today: date) -> list[SeasonEvent]:
    """What is over, the newest season first, each in the order of its days."""
    return sorted(gone_by(events, today), key=lambda one: -one.season)


def _known(sent: str, tag: str) -> bool:
    """Whether the client holds this very file; proxies that compress make its tag a weak one."""
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in sent.split(","))
