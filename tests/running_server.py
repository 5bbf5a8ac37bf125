"""The real chat server in processes of its own: `award serve` with Rasa beside it, watched from outside.

Every connection that any process of it opens is written down: by strace where that is there (nothing escapes it), and by
looking at the open sockets many times a second (where it is not).
"""

from __future__ import annotations

import asyncio
import ipaddress
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

import httpx
import psutil
import pytest

from bot.dialogue import DialogueSettings, train
from bot.publication import index_folder
from bot.settings import load_settings
from knowledge.database import Database, replace_content
from knowledge.publications import PublicationRow, Reason, make_current, take_snapshot
from shipped import ROOT, TODAY, shipped_corpus
from shipped_index import shipped_index

START_SECONDS = 180
_NUMBERS = itertools.count()
_CONNECT = re.compile(r"connect\(\d+.*?(?:inet_addr\(\"|inet_pton\(AF_INET6, \")([^\"]+)\"")


@dataclass
class RunningServer:
    """A serving chat at `url`; `connections` are the remote addresses seen by looking."""

    url: str
    process: psutil.Process
    log: Path
    trace: Path | None
    database_url: str
    connections: set[str] = field(default_factory=set)
    looks: int = 0

    def tree(self) -> list[psutil.Process]:
        """The chat server and everything that it has started."""
        with suppress(psutil.Error):
            return [self.process, *self.process.children(recursive=True)]
        return []

    def rasa(self) -> psutil.Process:
        """The dialogue server's process."""
        return next(one for one in self.tree() if any("boot.py" in part for part in one.cmdline()))

    def kill(self) -> None:
        """End everything as a power cut would."""
        tree = self.tree()
        for one in tree:
            with suppress(psutil.Error):
                one.kill()
        psutil.wait_procs(tree, timeout=10)

    def look(self) -> None:
        """Note the remote address of every connection that is open now."""
        for one in self.tree():
            with suppress(psutil.Error):
                self.connections.update(c.raddr.ip for c in one.net_connections("inet") if c.raddr)
        self.looks += 1

    def traced(self) -> list[str]:
        """Every address that any process has tried to connect to."""
        return _CONNECT.findall(self.trace.read_text(errors="replace")) if self.trace else []

    def ask(self, text: str, sender: str | None = None, timeout: float = 60) -> dict[str, Any]:
        """One turn over Rasa's REST protocol: the one message that answers."""
        with httpx.Client(base_url=self.url, timeout=timeout, trust_env=False) as http:
            answered = http.post("/webhooks/rest/webhook", json={"sender": sender or uuid.uuid4().hex, "message": text})
        assert answered.status_code == 200, answered.text
        (message,) = answered.json()
        return cast(dict[str, Any], message)

    def readiness(self) -> tuple[int, dict[str, str]]:
        with httpx.Client(base_url=self.url, timeout=10, trust_env=False) as http:
            ready = http.get("/readyz")
        return ready.status_code, ready.json()["parts"]

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Fails with the server's own words where it does not get ready."""
        deadline = time.monotonic() + seconds
        while True:
            with suppress(httpx.HTTPError):
                if self.readiness()[0] == 200:
                    return
            if time.monotonic() > deadline or not self.process.is_running():
                pytest.fail(f"the server did not get ready:\n{self.log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.1)


def foreign(addresses: set[str] | list[str]) -> set[str]:
    """Those that are not this machine."""
    return {one for one in addresses if not ipaddress.ip_address(one.partition("%")[0]).is_loopback}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def served(folder: Path, environment: dict[str, str] | None = None) -> Iterator[RunningServer]:
    """A server over the shipped content, with a database of its own; without Rasa's environment the test is skipped, in CI it fails.

    `environment` is added to the process's own.
    """
    dialogue = DialogueSettings.of_project(ROOT)
    if not dialogue.python.exists():
        reason = "Rasa's environment is not set up; run make setup"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    train(dialogue)
    with shipped_database(folder) as url, started(folder, url, environment=environment) as server:
        yield server


@contextmanager
def shipped_database(folder: Path) -> Iterator[str]:
    """The address of a database with the shipped content and of nobody else."""
    number = 900_000 + next(_NUMBERS) * 100_000 + os.getpid() % 100_000
    index = shipped_index()
    link = index_folder(load_settings(environment={}), number)
    link.symlink_to(index)
    try:
        yield _database(folder, number)
    finally:
        link.unlink()


def _database(folder: Path, number: int) -> str:
    """The shipped content as the only publication."""
    url = f"sqlite:///{folder / 'award.db'}"
    database = Database(url)
    database.upgrade()
    with database.session() as session:
        replace_content(session, shipped_corpus())
        session.flush()
        take_snapshot(session)
    with database.session() as session:
        session.query(PublicationRow).update({PublicationRow.number: number})
        make_current(session, number, "test", Reason.PUBLISHED)
    database.close()
    return url


@contextmanager
def started(
    folder: Path, database_url: str, today: date = TODAY, environment: dict[str, str] | None = None
) -> Iterator[RunningServer]:
    """A server over a database that is there."""
    port, log, trace = free_port(), folder / "server.log", folder / "trace"
    command = [sys.executable, "-m", "bot.cli", "serve", "--port", str(port)]
    tracer = _tracer(trace)
    given = environment or {}
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment |= {"AWARD_TODAY": today.isoformat(), "AWARD_DATABASE_URL": database_url}
    environment |= {"AWARD_DELETION_LOG": str(folder / "deletions.jsonl")} | given
    with log.open("wb") as output:
        child = subprocess.Popen(
            [*tracer, *command],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process = psutil.Process(child.pid)
    server = RunningServer(f"http://127.0.0.1:{port}", process, log, trace if tracer else None, database_url)
    watching = threading.Event()
    watcher = threading.Thread(target=_watch, args=(server, watching), daemon=True)
    watcher.start()
    try:
        server.wait_ready()
        yield server
    finally:
        watching.set()
        watcher.join()
        _stop(child, server)


def _tracer(trace: Path) -> list[str]:
    """The command that writes down every connect, or nothing where strace is not there or not allowed."""
    if shutil.which("strace") is None:
        return []
    tracer = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=connect", "-e", "signal=none", "-o", str(trace)]
    probed = subprocess.run([*tracer, "true"], capture_output=True, check=False)
    return tracer if probed.returncode == 0 else []


def _watch(server: RunningServer, end: threading.Event) -> None:
    while not end.wait(0.2):
        server.look()


def _stop(child: subprocess.Popen[bytes], server: RunningServer) -> None:
    """Ask the server itself to end, as a terminal would; what is left after that is killed."""
    tree = server.tree()
    for one in tree:
        with suppress(psutil.Error):
            if "bot.cli" in one.cmdline() and "strace" not in one.name():
                one.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        child.wait(20)
    _, alive = psutil.wait_procs(tree, timeout=3)
    for one in alive:
        with suppress(psutil.Error):
            one.kill()
    child.wait(10)
    assert alive == [], f"left behind: {alive}"


class WebClient:
    """The web chat's protocol from the side of a browser."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self.http = http
        self.headers = {"authorization": f"Bearer {token}"}

    @classmethod
    @asynccontextmanager
    async def of(cls, server: RunningServer) -> AsyncIterator[WebClient]:
        async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as http:
            opened = await http.post("/api/chat/sessions")
            assert opened.status_code == 201, opened.text
            yield cls(http, opened.json()["token"])

    async def say(self, text: str, identity: str | None = None) -> int:
        body = {"client_msg_id": identity or str(uuid.uuid4()), "text": text}
        sent = await self.http.post("/api/chat/messages", json=body, headers=self.headers)
        assert sent.status_code in (200, 202), sent.text
        return int(sent.json()["seq"])

    async def messages(self, after: int = 0) -> list[dict[str, Any]]:
        page = await self.http.get("/api/chat/messages", params={"after": after}, headers=self.headers)
        return cast(list[dict[str, Any]], page.json()["messages"])

    async def answer(self, text: str, seconds: float = 60) -> dict[str, Any]:
        """Say it and wait for the message that follows."""
        seq = await self.say(text)
        async with asyncio.timeout(seconds):
            while not (found := [one for one in await self.messages(seq) if one["role"] == "assistant"]):
                await asyncio.sleep(0.05)
        return found[0]
