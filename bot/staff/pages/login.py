"""Logging in and out."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from actions.staff.errors import LoginRefused
from actions.staff.login import enter_code, log_in
from actions.staff.sessions import close_session
from bot.staff.access import CODE, HOME, LOGIN, Anyone, Viewer, forget_token, keep_token, safe_next
from bot.staff.console import Console
from knowledge.audit import record

SECTION = None


def routes(console: Console) -> APIRouter:
    router = APIRouter()

    @router.get("/login")
    def login_page(visit: Anyone, next: str = HOME) -> Response:
        if visit.session is not None and visit.session.complete:
            return RedirectResponse(safe_next(next), 303)
        page = console.draw(visit, "login.html", next=safe_next(next), login="", problem="")
        keep_token(visit.request, page, visit.token)
        return page

    @router.post("/login")
    def login(visit: Anyone) -> Response:
        to = safe_next(visit.text("next"))
        try:
            done = log_in(console.database, visit.text("login", 80), str(visit.form.get("password", "")), visit.host)
        except LoginRefused as error:
            return console.draw(visit, "login.html", 401, next=to, login=visit.text("login", 40), problem=str(error))
        _end(console, visit.token)  # what this browser had before opens nothing any more
        page = RedirectResponse(f"{CODE}?next={to}" if done.needs_code else to, 303)
        keep_token(visit.request, page, done.token)
        return page

    @router.get("/login/code")
    def code_page(visit: Anyone, next: str = HOME) -> Response:
        if visit.session is None or visit.session.complete:
            return RedirectResponse(LOGIN if visit.session is None else safe_next(next), 303)
        return console.draw(visit, "code.html", next=safe_next(next), problem="")

    @router.post("/login/code")
    def code(visit: Anyone) -> Response:
        to = safe_next(visit.text("next"))
        if visit.session is None or visit.session.complete:
            return RedirectResponse(LOGIN if visit.session is None else to, 303)
        try:
            token = enter_code(console.database, visit.user, visit.token, visit.text("code", 12), visit.host)
        except LoginRefused as error:
            return console.draw(visit, "code.html", 401, next=to, problem=str(error))
        page = RedirectResponse(to, 303)
        keep_token(visit.request, page, token)
        return page

    @router.post("/logout")
    def logout(visit: Viewer) -> Response:
        with console.database.session() as session:
            close_session(session, visit.token)
            record(session, visit.login, "logout", visit.login)
        page = RedirectResponse(LOGIN, 303)
        forget_token(visit.request, page)
        return page

    return router


def _end(console: Console, token: str) -> None:
    with console.database.session() as session:
        close_session(session, token)
