"""The staff console over a database, without Rasa: people of every role, logged in, and the forms that they send."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import update

from actions.staff import passwords
from actions.staff.roles import Role
from actions.staff.sessions import csrf_token, open_session
from actions.staff.users import StaffUserRow, add_user, find_user
from knowledge.database import Database

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # in tests nobody guesses
PASSWORD = "bốn chiếc thuyền nan"
COOKIE = "award-staff"
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


def make_quick(monkeypatch: Any) -> None:
    """Passwords that take no time to check."""
    monkeypatch.setattr(passwords, "_hasher", QUICK)
    passwords._of_nobody.cache_clear()


def make_user(database: Database, login: str, role: Role, password: str = PASSWORD) -> None:
    """An account that has its own password already."""
    with database.session() as session:
        add_user(session, login, login.capitalize(), role, "test")
        changed = update(StaffUserRow).where(StaffUserRow.login == login)
        session.execute(changed.values(must_change=False, password=QUICK.hash(password)))


@dataclass
class Person:
    """A browser; `token` is empty for who is not logged in."""

    http: httpx.AsyncClient
    token: str = ""

    @property
    def csrf(self) -> str:
        return csrf_token(self.token)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.http.get(path, **more)

    async def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        return await self.http.post(path, data={"csrf": self.csrf, **(data or {})}, **more)


def browser(app: FastAPI, token: str = "", scheme: str = "http") -> httpx.AsyncClient:
    """`scheme` is what the browser came by."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    client = httpx.AsyncClient(transport=transport, base_url=f"{scheme}://chat.test")
    if token:
        client.cookies.set(COOKIE, token, domain="chat.test")
    return client


def person(app: FastAPI, database: Database, role: Role, login: str = "") -> Person:
    """Somebody of that role who is logged in."""
    login = login or f"{role}1"
    make_user(database, login, role)
    with database.session() as session:
        token = open_session(session, find_user(session, login).id, complete=True)
    return Person(browser(app, token), token)


def csrf_of(page: httpx.Response) -> str:
    found = _CSRF.search(page.text)
    assert found, page.text[:500]
    return found[1]
