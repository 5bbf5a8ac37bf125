"""Staff accounts: made by an administrator, never deleted (the audit names them), switched off instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.staff.errors import StaffError
from actions.staff.passwords import check_password, hash_password, temporary_password
from actions.staff.roles import Role
from knowledge.audit import record
from knowledge.database import Base
from knowledge.vietnamese import nfc

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")


class StaffUserRow(Base):
    """`code_secret` is there where a second factor is asked for; `code_step` is the last one that was used."""

    __tablename__ = "staff_users"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    password: Mapped[str] = mapped_column(String(255))
    password_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    must_change: Mapped[bool]
    code_secret: Mapped[str | None] = mapped_column(String(64))
    code_step: Mapped[int | None]
    active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class StaffUser:
    """An account without its secrets."""

    id: int
    login: str
    name: str
    role: Role
    active: bool
    must_change: bool
    second_factor: bool


def user_of(row: StaffUserRow) -> StaffUser:
    return StaffUser(
        row.id, row.login, row.name, Role(row.role), row.active, row.must_change, row.code_secret is not None
    )


def list_users(session: Session) -> list[StaffUser]:
    """All accounts, those that are on first, by login."""
    rows = session.scalars(select(StaffUserRow).order_by(StaffUserRow.active.desc(), StaffUserRow.login))
    return [user_of(row) for row in rows]


def find_user(session: Session, login: str) -> StaffUser:
    """Raises StaffError."""
    return user_of(user_row(session, login))


def user_row(session: Session, login: str) -> StaffUserRow:
    """Raises StaffError."""
    row = session.scalar(select(StaffUserRow).where(StaffUserRow.login == login.strip().lower()))
    if row is None:
        raise StaffError(f"Không có tài khoản «{login}»; xem danh sách: award user list")
    return row


def add_user(session: Session, login: str, name: str, role: Role, by: str) -> str:
    """Make an account; its temporary password, which is shown once. Raises StaffError."""
    login, name = login.strip().lower(), nfc(" ".join(name.split()))
    if not _LOGIN.fullmatch(login):
        raise StaffError("Tên đăng nhập gồm 2–40 chữ thường không dấu, chữ số, dấu chấm hoặc gạch, bắt đầu bằng chữ.")
    if not 1 <= len(name) <= 120:
        raise StaffError("Họ tên cần có và dài nhất 120 ký tự.")
    if session.scalar(select(StaffUserRow.id).where(StaffUserRow.login == login)) is not None:
        raise StaffError(f"Tên đăng nhập «{login}» đã có; hãy chọn tên khác.")
    password, now = temporary_password(), datetime.now(UTC)
    row = StaffUserRow(
        login=login,
        name=name,
        role=str(role),
        password=hash_password(password),
        password_at=now,
        must_change=True,
        code_secret=None,
        code_step=None,
        active=True,
        created_at=now,
    )
    session.add(row)
    session.flush()
    record(session, by, "user.add", login, after=_seen(row))
    return password


def reset_password(session: Session, login: str, by: str) -> str:
    """A temporary password in the place of the old one; the second factor goes too. The caller ends the sessions."""
    row = user_row(session, login)
    password = temporary_password()
    _set_password(row, password, must_change=True)
    row.code_secret = row.code_step = None
    record(session, by, "user.reset", row.login)
    return password


def change_password(session: Session, login: str, password: str) -> None:
    """A person's own choice. Raises PasswordRefused. The caller ends the other sessions."""
    row = user_row(session, login)
    check_password(password, row.login)
    _set_password(row, password, must_change=False)
    record(session, row.login, "user.password", row.login)


def set_role(session: Session, login: str, role: Role, by: str) -> StaffUser:
    """Raises StaffError where nobody would be left to administrate."""
    row = user_row(session, login)
    before = _seen(row)
    _keep_an_administrator(session, row, staying=role is Role.ADMINISTRATOR)
    row.role = str(role)
    record(session, by, "user.role", row.login, before=before, after=_seen(row), words=f"{before['role']} → {role}")
    return user_of(row)


def set_active(session: Session, login: str, active: bool, by: str) -> StaffUser:
    """Switch an account off or on. Raises StaffError where nobody would be left to administrate. The caller ends the sessions."""
    row = user_row(session, login)
    before = _seen(row)
    _keep_an_administrator(session, row, staying=active)
    row.active = active
    record(session, by, "user.enable" if active else "user.disable", row.login, before=before, after=_seen(row))
    return user_of(row)


def set_second_factor(session: Session, login: str, secret: str | None, step: int | None) -> None:
    """A person's own choice."""
    row = user_row(session, login)
    row.code_secret, row.code_step = secret, step
    record(session, row.login, "user.second_factor", row.login, words="bật" if secret else "tắt")


def _set_password(row: StaffUserRow, password: str, must_change: bool) -> None:
    row.password, row.password_at, row.must_change = hash_password(password), datetime.now(UTC), must_change


def _keep_an_administrator(session: Session, row: StaffUserRow, staying: bool) -> None:
    if staying or row.role != Role.ADMINISTRATOR or not row.active:
        return
    others = session.scalar(
        select(func.count()).where(
            StaffUserRow.role == str(Role.ADMINISTRATOR), StaffUserRow.active.is_(True), StaffUserRow.id != row.id
        )
    )
    if not others:
        raise StaffError("Đây là quản trị viên cuối cùng đang hoạt động; hãy có một quản trị viên khác trước.")


def _seen(row: StaffUserRow) -> dict[str, Any]:
    return {"login": row.login, "name": row.name, "role": row.role, "active": row.active}
