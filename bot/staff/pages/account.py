"""One's own account: password and second factor."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import segno
from fastapi import APIRouter, Response
from markupsafe import Markup

from actions.staff import throttle
from actions.staff.errors import PasswordRefused
from actions.staff.passwords import LEAST, verify_password
from actions.staff.second_factor import check_code, enrolment_address, new_secret
from actions.staff.sessions import close_session, close_sessions, open_session
from actions.staff.users import change_password, set_second_factor, user_row
from bot.staff.access import HOME, Viewer, Visit, keep_token
from bot.staff.console import Console

SECTION = None
ACCOUNT = "/staff/account"
WRONG = "Mật khẩu hiện tại không đúng."


def routes(console: Console) -> APIRouter:
    router = APIRouter()

    @router.get("/account")
    def account(visit: Viewer) -> Response:
        return console.draw(visit, "account.html")

    @router.get("/password")
    def password_page(visit: Viewer) -> Response:
        return console.draw(visit, "password.html", problem="", least=LEAST)

    @router.post("/password")
    def password(visit: Viewer) -> Response:
        new = str(visit.form.get("new", ""))
        problem = "" if new == visit.form.get("again") else "Hai lần nhập mật khẩu mới không giống nhau."
        problem = problem or _wrong_password(console, visit)
        if not problem:
            try:
                with console.database.session() as session:
                    change_password(session, visit.login, new)
                    close_sessions(session, visit.user.id)
                    token = open_session(session, visit.user.id, complete=True)
            except PasswordRefused as error:
                problem = str(error)
        if problem:
            return console.draw(visit, "password.html", 400, problem=problem, least=LEAST)
        page = visit.go(HOME)
        keep_token(visit.request, page, token)
        return page

    @router.get("/account/code")
    def code_page(visit: Viewer) -> Response:
        return _enrolment(console, visit, new_secret(), "")

    @router.post("/account/code")
    def code(visit: Viewer) -> Response:
        """Turn it on, once the app has shown a code for the secret of the page."""
        secret = visit.text("secret", 64)
        problem = _wrong_password(console, visit)
        step = check_code(secret, visit.text("code", 12), None, datetime.now(UTC)) if _is_secret(secret) else None
        if problem or step is None:
            fresh = secret if _is_secret(secret) else new_secret()
            return _enrolment(console, visit, fresh, problem or "Mã chưa đúng; hãy nhập mã đang hiện trong ứng dụng.")
        with console.database.session() as session:
            set_second_factor(session, visit.login, secret, step)
            close_sessions(session, visit.user.id, but=visit.token)
        return visit.go(ACCOUNT, "Đã bật xác thực hai lớp: lần đăng nhập tới sẽ hỏi mã trong ứng dụng.")

    @router.post("/account/code/off")
    def code_off(visit: Viewer) -> Response:
        if problem := _wrong_password(console, visit):
            return visit.go(ACCOUNT, problem)
        with console.database.session() as session:
            set_second_factor(session, visit.login, None, None)
        return visit.go(ACCOUNT, "Đã tắt xác thực hai lớp.")

    return router


def _wrong_password(console: Console, visit: Visit) -> str:
    """What is wrong with the password in the form; tries are counted as at the login, and end the session where they are too many."""
    subject = throttle.account(visit.login)
    with console.database.session() as session:
        if throttle.attempt(session, subject) is not None:
            close_session(session, visit.token)
            return "Thử quá nhiều lần; hãy đăng nhập lại sau 15 phút."
        stored = user_row(session, visit.login).password
    if not verify_password(stored, str(visit.form.get("password", ""))):
        return WRONG
    with console.database.session() as session:
        throttle.succeeded(session, subject)
    return ""


def _enrolment(console: Console, visit: Visit, secret: str, problem: str) -> Response:
    drawn = io.BytesIO()
    segno.make(enrolment_address(secret, visit.login), error="m").save(
        drawn, kind="svg", xmldecl=False, scale=4, border=4, light="#fff", omitsize=False
    )
    picture = Markup(drawn.getvalue().decode())  # noqa: S704  drawn here from our own text
    return console.draw(
        visit, "enrolment.html", 400 if problem else 200, secret=secret, picture=picture, problem=problem
    )


def _is_secret(text: str) -> bool:
    return len(text) == 32 and all(letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" for letter in text)
