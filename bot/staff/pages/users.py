"""Accounts of the staff, for administrators."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from actions.staff.errors import StaffError
from actions.staff.roles import Role
from actions.staff.sessions import close_sessions
from actions.staff.users import StaffUser, add_user, find_user, list_users, reset_password, set_active, set_role
from bot.staff.access import Administrator, Visit
from bot.staff.console import Console, Section

USERS = "/staff/users"
SECTION = Section(USERS, "Tài khoản", "Thêm người, đổi vai trò, đặt lại mật khẩu.", Role.ADMINISTRATOR)


def routes(console: Console) -> APIRouter:
    router = APIRouter()

    @router.get("/users")
    def users(visit: Administrator) -> Response:
        return _page(console, visit)

    @router.post("/users")
    def add(visit: Administrator) -> Response:
        login, name = visit.text("login", 80), visit.text("name", 200)
        try:
            with console.database.session() as session:
                password = add_user(session, login, name, _role(visit), visit.login)
        except StaffError as error:
            return _page(console, visit, problem=str(error), typed={"login": login, "name": name})
        return _page(console, visit, given=(login.lower(), password))

    @router.post("/users/{login}/role")
    def role(visit: Administrator, login: str) -> Response:
        return _changed(console, visit, lambda session: set_role(session, login, _role(visit), visit.login))

    @router.post("/users/{login}/reset")
    def reset(visit: Administrator, login: str) -> Response:
        try:
            with console.database.session() as session:
                password = reset_password(session, login, visit.login)
                close_sessions(session, find_user(session, login).id)
        except StaffError as error:
            return _page(console, visit, problem=str(error))
        return _page(console, visit, given=(login, password))

    @router.post("/users/{login}/off")
    def off(visit: Administrator, login: str) -> Response:
        return _changed(console, visit, lambda session: set_active(session, login, False, visit.login))

    @router.post("/users/{login}/on")
    def on(visit: Administrator, login: str) -> Response:
        return _changed(console, visit, lambda session: set_active(session, login, True, visit.login))

    return router


def _changed(console: Console, visit: Visit, change: Callable[[Session], StaffUser]) -> Response:
    """What an account may do has changed: its sessions end, except the one that this was done in."""
    try:
        with console.database.session() as session:
            user = change(session)
            close_sessions(session, user.id, but=visit.token)
    except StaffError as error:
        return _page(console, visit, problem=str(error))
    return visit.go(USERS, f"Đã cập nhật tài khoản {user.login}.")


def _role(visit: Visit) -> Role:
    """Raises StaffError."""
    try:
        return Role(visit.text("role", 20))
    except ValueError:
        raise StaffError("Vai trò này không có; hãy chọn trong danh sách.") from None


def _page(
    console: Console,
    visit: Visit,
    problem: str = "",
    given: tuple[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """`given` is a login with its temporary password, shown this once."""
    with console.database.session() as session:
        found = list_users(session)
    values = {"users": found, "problem": problem, "given": given, "typed": typed or {}}
    return console.draw(visit, "users.html", 400 if problem else 200, **values)
