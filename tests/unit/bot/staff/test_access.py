"""Role × route × method, generated from the app's own routes: no route without a role, no POST without its token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from actions.staff.roles import Role
from actions.staff.sessions import csrf_token
from bot.staff.access import Allowed, safe_next
from knowledge.database import Database
from staff_site import Person, browser, person

pytestmark = pytest.mark.anyio
OPEN = {("GET", "/staff/login"), ("POST", "/staff/login"), ("GET", "/staff/login/code"), ("POST", "/staff/login/code")}
REDIRECT_ONLY = {("GET", "/staff")}  # to /staff/, tells nothing


def staff_routes(routes: list[Any]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            if route.path == "/staff" or route.path.startswith("/staff/"):
                yield route
        elif hasattr(route, "effective_route_contexts"):
            for context in route.effective_route_contexts():
                if str(context.path).startswith("/staff/"):
                    yield context
        elif hasattr(route, "original_router"):
            yield from staff_routes(list(route.original_router.routes))


def table(app: FastAPI) -> dict[tuple[str, str], list[Allowed]]:
    """Method and path of each staff route, with the roles that it states."""
    found = {}
    for route in staff_routes(list(app.routes)):
        for method in sorted(route.methods or ()):
            found[method, route.path] = list(_stated(route.dependant))
    return found


def _stated(dependant: Dependant) -> Iterator[Allowed]:
    for one in dependant.dependencies:
        if isinstance(one.call, Allowed):
            yield one.call
        yield from _stated(one)


def _address(path: str) -> str:
    """With something in the place of the parameters; roles are looked at before the object is."""
    return re.sub(r"\{[^}]+\}", "1", path)


def test_every_staff_route_states_exactly_one_role(quick_app: FastAPI) -> None:
    found = table(quick_app)
    assert len(found) > 15
    assert {where for where, stated in found.items() if len(stated) != 1} == REDIRECT_ONLY
    assert {where for where, stated in found.items() if stated and stated[0].role is None} == OPEN
    changing = {method for method, _ in found} - {"GET"}
    assert changing == {"POST"}, "what changes something is a POST, so that its CSRF token is asked for"


async def test_nobody_gets_in_without_the_role(quick_app: FastAPI, sqlite: Database) -> None:
    """The whole matrix: each role, and nobody, on each route with each of its methods."""
    people: dict[Role | None, Person] = {role: person(quick_app, sqlite, role) for role in Role}
    people[None] = Person(browser(quick_app))
    for (method, path), stated in table(quick_app).items():
        if not stated or stated[0].role is None:
            continue
        for role, someone in people.items():
            answered = await someone.http.request(method, _address(path))
            allowed = role is not None and role.covers(stated[0].role)
            if role is None:
                assert answered.status_code == 303, (method, path)
                assert answered.headers["location"].startswith("/staff/login"), (method, path)
            elif not allowed:
                assert answered.status_code == 403, (method, path, role)
                assert "không có quyền" in answered.text, (method, path, role)
            elif method == "GET":
                assert answered.status_code not in (303, 401, 403) or path == "/staff/login", (path, role)


async def test_every_post_refuses_without_its_token(quick_app: FastAPI, sqlite: Database) -> None:
    administrator = person(quick_app, sqlite, Role.ADMINISTRATOR)
    other = person(quick_app, sqlite, Role.ADMINISTRATOR, "other")
    posts = [path for method, path in table(quick_app) if method == "POST"]
    assert len(posts) >= 10
    for path in posts:
        for sent in (None, "", "0" * 64, csrf_token(other.token)):
            answered = await administrator.http.post(
                _address(path), data={"csrf": sent} if sent is not None else {"a": "b"}
            )
            assert (answered.status_code, "hết hạn" in answered.text) == (403, True), (path, sent)
        foreign = {"sec-fetch-site": "cross-site"}
        refused = await administrator.post(_address(path), headers=foreign)
        assert refused.status_code == 403, path


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(editor: Person) -> None:
    refused = await editor.http.post("/staff/password", headers={"content-length": str(10**9)}, content=b"x")
    assert refused.status_code == 413

    async def pieces() -> Any:
        yield b"csrf=x"

    assert (await editor.http.post("/staff/password", content=pieces())).status_code == 411


async def test_pages_are_never_kept_and_never_framed(editor: Person) -> None:
    page = await editor.get("/staff/")
    assert page.headers["cache-control"] == "no-store"
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy and "script-src 'self'" in policy
    assert not re.search(r"<[^>]+\s(?:on\w+|style)=", page.text)


@pytest.mark.parametrize(
    ("to", "kept"),
    [
        ("/staff/faq?q=a&trang=2", True),
        ("/staff/", True),
        ("https://evil.example/", False),
        ("//evil.example/staff/", False),
        ("/\\evil.example", False),
        ("/staff/\\evil.example", False),
        ("/staff/..//evil.example", False),
        ("/staff/\r\nset-cookie: a=b", False),
        ("javascript:alert(1)", False),
        ("/", False),
        ("", False),
    ],
)
def test_a_login_leads_nowhere_but_to_the_console(to: str, kept: bool) -> None:
    assert safe_next(to) == (to if kept else "/staff/")
