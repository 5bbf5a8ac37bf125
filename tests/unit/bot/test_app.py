"""The whole chat server, put together but not started: its routes, its headers, and what it says while parts are missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import Mount, Route

from actions import runtime
from bot.app import create_app
from bot.files import HEADERS as FILE_HEADERS
from bot.messages import UNAVAILABLE
from bot.pages.chat import DEMO_POLICY, WEB, frame_policy
from bot.reading.routes import POLICY as READING_POLICY
from bot.safety import CSP, HEADERS, STAFF_CSP
from bot.settings import KnowledgeSettings, Settings
from index.errors import IndexNotBuilt
from knowledge.database import Database

pytestmark = pytest.mark.anyio


def _app(url: str, folder: Path) -> FastAPI:
    return create_app(Settings(knowledge=KnowledgeSettings(database=url), root=folder), port=1)


def _client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://chat")


def _own_headers(path: str) -> dict[str, str]:
    """Of the routes that have a policy of their own; they bring their own rule for caches too."""
    if path.startswith("/tep/"):
        return FILE_HEADERS
    if path.startswith("/staff/"):
        return {"Content-Security-Policy": STAFF_CSP}
    if path in WIDGET_POLICIES:
        return {"Content-Security-Policy": WIDGET_POLICIES[path]}
    return {"Content-Security-Policy": READING_POLICY} if path.startswith("/van-ban/") else {}


PUBLIC_PAGES = frozenset({"/", "/lich", "/lich/gtclqg.ics", "/quyen-rieng-tu", "/widget", "/widget.js", "/widget/demo"})
WIDGET_POLICIES = {"/widget": frame_policy(()), "/widget/demo": DEMO_POLICY}


@pytest.fixture
def app(sqlite: Database, tmp_path: Path) -> FastAPI:
    return _app(str(sqlite.engine.url), tmp_path)


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(app) as client:
        yield client


def _routes(routes: list[Any]) -> list[tuple[str, str]]:
    found = []
    for route in routes:
        if isinstance(route, Mount):
            found.append(("GET", f"{route.path}/chat.css"))
        elif isinstance(route, Route):
            found += [(method, route.path) for method in sorted(route.methods or ())]
        else:  # FastAPI keeps an included router as one
            found += _routes(list(route.original_router.routes))
    return found


async def test_every_route_carries_the_security_headers(app: FastAPI, http: httpx.AsyncClient) -> None:
    routes = _routes(list(app.routes))
    assert {"/", "/healthz", "/readyz", "/webhooks/rest/webhook", "/api/chat/messages", "/actions/webhook"} <= {
        path for _, path in routes
    }
    for method, path in [*routes, ("GET", "/nowhere"), ("POST", "/"), ("OPTIONS", "/")]:
        if path == "/api/chat/events":
            continue  # without a token it is a 401 like its siblings; with one it is tested as a stream
        answered = await http.request(method, path)
        starting = path == "/readyz" or path.startswith("/van-ban/")  # 503 until the knowledge is open
        starting |= path.startswith("/webhooks/") and path != "/webhooks/rest/webhook"  # 503 where a chat app is off
        assert answered.status_code < 500 or starting, (method, path)
        expected = {**HEADERS, **_own_headers(path)} if answered.status_code != 405 else HEADERS
        assert {name: answered.headers.get(name) for name in expected} == expected, (method, path)
        if path.startswith("/tep/") and answered.status_code != 405:
            continue  # a file brings its own rule for caches too
        public = path.startswith("/static/") or (path in PUBLIC_PAGES and answered.status_code == 200)
        cache = "no-cache" if public else "no-store"
        assert answered.headers["cache-control"] == cache, (method, path)


async def test_the_policy_allows_nothing_from_elsewhere() -> None:
    assert "default-src 'none'" in CSP
    assert "unsafe" not in CSP
    assert "http" not in CSP
    assert "*" not in CSP
    assert "frame-ancestors 'none'" in CSP


async def test_no_documentation_of_the_interface_is_served(http: httpx.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert (await http.get(path)).status_code == 404


async def test_only_the_pages_own_files_are_served(http: httpx.AsyncClient) -> None:
    for path in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/static/js",
        "/static/",
    ):
        assert (await http.get(path)).status_code == 404, path


async def test_the_page_names_only_files_that_are_there(http: httpx.AsyncClient) -> None:
    import re

    page = (await http.get("/")).text
    links = re.findall(r'(?:src|href)="(/[^"#]+)"', page)
    assert len(links) > 10
    for link in links:
        starting = 503 if link == "/van-ban/" else 200  # the regulations are not open yet
        assert (await http.get(link)).status_code == starting, link
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|style=", page), (
        "inline code is not allowed by the policy"
    )
    assert 'lang="vi"' in page


def test_no_file_of_the_page_names_another_host() -> None:
    import re

    for path in WEB.rglob("*"):
        if path.is_file():
            hosts = re.findall(r"(?:https?:)?//(?!www\.w3\.org/)[\w-]+(?:\.[\w-]+)+", path.read_text(encoding="utf-8"))
            assert hosts == [], path


async def test_alive_but_not_ready(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz")).json() == {"status": "ok"}
    ready = await http.get("/readyz")
    assert ready.status_code == 503
    told = ready.json()
    assert set(told.pop("channels").values()) == {"off"}
    assert told == {
        "status": "not ready",
        "parts": {"database": "ready", "publication": "starting", "dialogue": "starting"},
    }


async def test_a_part_that_failed_is_named(app: FastAPI, http: httpx.AsyncClient) -> None:
    app.state.parts.failures["dialogue"] = "failed: Rasa's environment is missing; run: make setup"
    assert "run: make setup" in (await http.get("/readyz")).json()["parts"]["dialogue"]


async def test_a_schema_that_is_behind_is_named(tmp_path: Path) -> None:
    app = _app(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path)
    async with _client(app) as http:
        ready = await http.get("/readyz")
    assert ready.status_code == 503
    assert "run: award setup" in ready.json()["parts"]["database"]


async def test_a_session_can_be_opened_while_the_server_is_starting(http: httpx.AsyncClient) -> None:
    opened = await http.post("/api/chat/sessions")
    assert opened.status_code == 201
    with pytest.raises(IndexNotBuilt):
        runtime.current().answerer()


async def test_questions_before_the_start_is_complete_get_an_apology(http: httpx.AsyncClient) -> None:
    (message,) = (await http.post("/webhooks/rest/webhook", json={"sender": "u", "message": "hỏi"})).json()
    assert (message["text"], message["custom"]["status"]) == (UNAVAILABLE, "error")


async def test_a_database_that_is_away_is_a_503_in_words(tmp_path: Path) -> None:
    app = _app("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2", tmp_path)
    async with _client(app) as http:
        for method, path in (("POST", "/api/chat/sessions"), ("GET", "/api/chat/messages")):
            refused = await http.request(method, path, headers={"authorization": "Bearer x"})
            assert (refused.status_code, refused.json()["detail"]) == (503, UNAVAILABLE)
            assert refused.headers["retry-after"]
        assert (await http.get("/healthz")).status_code == 200
        (message,) = (await http.post("/webhooks/rest/webhook", json={"sender": "u", "message": "hỏi"})).json()
        assert message["text"] == UNAVAILABLE


async def test_a_failure_shows_nothing_of_its_insides(app: FastAPI, http: httpx.AsyncClient) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("the secret of the house")

    answered = await http.get("/broken")
    assert answered.status_code == 500
    assert "secret" not in answered.text
    assert "Traceback" not in answered.text
