"""The first page: where to go."""

from __future__ import annotations

from fastapi import APIRouter, Response

from bot.staff.access import Viewer
from bot.staff.console import Console

SECTION = None


def routes(console: Console) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    def home(visit: Viewer) -> Response:
        return console.draw(visit, "home.html")

    return router
