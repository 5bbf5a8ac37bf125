"""What the browser tests share: Chromium, and a chat server in a thread of its own, real but for Rasa."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from fake_dialogue import FakeServer, fake_server
from knowledge.database import Database
from npm_packages import npm_package
from running_server import free_port

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
WATCH_THE_POLICY = """
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Without it the test is skipped; in CI it fails."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing; deploy/browser.sh installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield started
        started.close()


@dataclass
class Served:
    """A chat server in a thread of its own; `origins` are the other websites that may show the chat."""

    port: int
    database: Database
    origins: tuple[str, ...] = ()
    per_sender: int = 0
    sessions: int = 0
    ready: threading.Event = field(default_factory=threading.Event)
    server: uvicorn.Server | None = None
    running: FakeServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        async with fake_server(
            self.database, origins=self.origins, per_sender=self.per_sender, sessions=self.sessions
        ) as running:
            carrying = asyncio.gather(running.courier.run(), running.sockets.run())
            config = uvicorn.Config(running.app, port=self.port, log_level="error", timeout_graceful_shutdown=2)
            self.server, self.running = uvicorn.Server(config), running
            self.ready.set()
            await self.server.serve()
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)


@contextmanager
def serving(
    database: Database, origins: tuple[str, ...] = (), port: int | None = None, per_sender: int = 0, sessions: int = 0
) -> Iterator[Served]:
    """A server over this database until the block ends."""
    served = Served(port or free_port(), database, origins, per_sender, sessions)
    thread = threading.Thread(target=served.serve, daemon=True)
    thread.start()
    served.ready.wait(30)
    while served.server is not None and not served.server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield served
    finally:
        assert served.server is not None and served.running is not None
        served.running.live.close()
        served.server.should_exit = True
        thread.join(20)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds wrong on the page as it stands: WCAG 2.2, A and AA."""
    axe = npm_package("axe-core").joinpath("axe.min.js").read_text(encoding="utf-8")
    page.evaluate(f"() => {{ {axe} }}")  # not as a script element: the page's policy would refuse it
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(WCAG)})")
    assert len(found["passes"]) > 5, "axe looked at nothing"
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]]


def shot(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (AWARD_SHOTS names the folder)."""
    if folder := os.environ.get("AWARD_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}-{page.evaluate('innerWidth')}.png"))
