"""Puts the console's pages together; the order is that of the menu."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.publication import Served
from bot.settings import Settings
from bot.staff.access import HOME, OF_ITSELF, LoginNeeded, Refused
from bot.staff.console import Console
from bot.staff.pages import (
    account,
    audit,
    desk,
    faq,
    figures,
    home,
    login,
    publish,
    questions,
    regulations,
    users,
)
from knowledge.database import Database

PAGES = (
    home,
    desk,
    questions,
    figures,
    faq,
    publish,
    regulations,
    users,
    audit,
    account,  # this and the login have no place in the menu
    login,
)


def add_staff(app: FastAPI, settings: Settings, database: Database, served: Callable[[], Served | None]) -> None:
    """Add /staff/ to the app."""
    console = Console(settings, database, served, [one.SECTION for one in PAGES if one.SECTION is not None])
    app.state.console = console
    router = APIRouter(prefix=HOME.rstrip("/"), include_in_schema=False)
    for page in PAGES:
        router.include_router(page.routes(console))
    app.include_router(router)

    @app.get(HOME.rstrip("/"), include_in_schema=False)
    async def without_slash() -> Response:
        return RedirectResponse(HOME, 308)

    @app.exception_handler(LoginNeeded)
    async def to_login(request: Request, error: LoginNeeded) -> Response:
        if OF_ITSELF in request.headers:  # a part of a page; the whole page has to go there
            return Response(status_code=204, headers={"HX-Redirect": error.to})
        return RedirectResponse(error.to, 303)

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> HTMLResponse:
        html = console.templates.get_template("refused.html").render(words=error.words, home=HOME)
        return HTMLResponse(html, error.status)
