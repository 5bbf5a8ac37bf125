"""Logging in: password, then a code where the account has a second factor; every success and failure is in the audit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from actions.staff import throttle
from actions.staff.errors import LoginRefused
from actions.staff.passwords import hash_password, is_outdated, verify_password
from actions.staff.second_factor import check_code
from actions.staff.sessions import close_session, open_session
from actions.staff.users import StaffUser, StaffUserRow, user_row
from knowledge.audit import record
from knowledge.database import Database

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
WRONG_CODE = "Mã xác thực không đúng hoặc đã dùng. Hãy chờ mã mới rồi nhập lại."
TOO_OFTEN = "Thử quá nhiều lần. Hãy thử lại sau {minutes} phút."
MOST_LOGIN = 40


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The token of the new session; with `needs_code` it opens nothing but the page that asks for the code."""

    token: str
    needs_code: bool


def log_in(database: Database, login: str, password: str, host: str) -> LoggedIn:
    """Raises LoginRefused. Blocks for as long as argon2 takes."""
    login = login.strip().lower()[:MOST_LOGIN]
    subjects = throttle.account(login), throttle.address(host)
    _refuse_flood(database, *subjects)
    with database.session() as session:
        row = session.scalar(select(StaffUserRow).where(StaffUserRow.login == login))
    if not verify_password(row.password if row else None, password) or row is None or not row.active:
        with database.session() as session:
            record(session, login if row else "?", "login.failed", login if row else "?")
        raise LoginRefused(WRONG)
    needs_code = row.code_secret is not None
    with database.session() as session:
        if not needs_code:
            throttle.succeeded(session, *subjects)
            record(session, login, "login", login)
        if is_outdated(row.password):
            user_row(session, login).password = hash_password(password)
        return LoggedIn(open_session(session, row.id, complete=not needs_code), needs_code)


def enter_code(database: Database, user: StaffUser, token: str, code: str, host: str) -> str:
    """The token of the complete session that follows the one of `token`. Raises LoginRefused."""
    subject = throttle.second_factor(user.login)
    _refuse_flood(database, subject)
    with database.session() as session:
        row = user_row(session, user.login)
        step = check_code(row.code_secret, code, row.code_step, datetime.now(UTC)) if row.code_secret else None
        if step is not None:
            row.code_step = step
            throttle.succeeded(session, subject, throttle.account(user.login), throttle.address(host))
            record(session, user.login, "login", user.login)
            close_session(session, token)
            return open_session(session, row.id, complete=True)
        record(session, user.login, "login.failed", user.login, words="mã xác thực")
    raise LoginRefused(WRONG_CODE)


def _refuse_flood(database: Database, *subjects: throttle.Subject) -> None:
    with database.session() as session:
        wait = throttle.attempt(session, *subjects)
    if wait is not None:
        raise LoginRefused(TOO_OFTEN.format(minutes=max(1, math.ceil(wait / timedelta(minutes=1)))))
