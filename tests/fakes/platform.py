"""What all fakes of chat platforms share: a real HTTP server on loopback that keeps a log of calls and fails when it is told to."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI


@dataclass(frozen=True, slots=True)
class Call:
    """One request of ours; `arrived` is False where it was answered with a failure."""

    method: str
    parameters: dict[str, Any]
    at: float
    arrived: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """The answer to one call: an error of the platform, or (with `seconds`) none in time, although the message has arrived."""

    status: int = 500
    description: str = "Internal Server Error"
    parameters: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class FakePlatform:
    """`app` is what the platform's API answers; `webhook` is where it pushes to."""

    calls: list[Call] = field(default_factory=list)
    failures: dict[str, deque[Failure]] = field(default_factory=lambda: defaultdict(deque))
    url: str = ""
    webhook: str = ""

    def application(self) -> FastAPI:
        raise NotImplementedError

    def fail(self, method: str, *failures: Failure) -> None:
        """The next calls of a method fail so."""
        self.failures[method].extend(failures)

    def called(self, *methods: str) -> list[dict[str, Any]]:
        """What was sent to a method and has arrived, in order."""
        return [call.parameters for call in self.calls if call.method in methods and call.arrived]

    async def noted(self, method: str, parameters: dict[str, Any]) -> Failure | None:
        """Keep a call; the failure that it is to end in."""
        failure = self.failures[method].popleft() if self.failures[method] else None
        arrives = failure is None or failure.seconds > 0
        self.calls.append(Call(method, parameters, time.monotonic(), arrives))
        if failure and failure.seconds:
            await asyncio.sleep(failure.seconds)
        return failure

    async def until(self, method: str, count: int = 1, seconds: float = 30.0) -> list[dict[str, Any]]:
        """The calls of a method, once so many have arrived."""
        try:
            async with asyncio.timeout(seconds):
                while len(found := self.called(method)) < count:
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"{len(self.called(method))} of {count} calls of {method}: {self.calls}") from None
        return found

    def wait_until(self, condition: Callable[[], bool], seconds: float = 30.0) -> None:
        """For tests without an event loop."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"nothing came: {self.calls[-20:]}"
            time.sleep(0.02)


def listening(port: int = 0) -> socket.socket:
    """A port of loopback that is taken from now on; any free one unless given."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


def address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def server_of(app: FastAPI) -> uvicorn.Server:
    config = uvicorn.Config(app, log_level="critical", ws="none", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    server.config.load()
    return server


@asynccontextmanager
async def serving(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """A real server in this event loop; its address."""
    listener = listening(port)
    server = server_of(app)
    task = asyncio.create_task(server._serve([listener]))
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield address(listener)
    finally:
        server.should_exit = True
        server.force_exit = True
        await task
        listener.close()


@asynccontextmanager
async def running(platform: FakePlatform) -> AsyncIterator[None]:
    """The platform in this event loop."""
    async with serving(platform.application()) as url:
        platform.url = url
        yield


@contextmanager
def in_thread(platform: FakePlatform) -> Iterator[None]:
    """The platform in a thread of its own, for tests that watch a server from outside."""
    listener = listening()
    platform.url = address(listener)
    server = server_of(platform.application())

    def serve() -> None:
        with asyncio.Runner() as runner:
            runner.run(server._serve([listener]))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
        listener.close()


async def post(url: str, **arguments: Any) -> httpx.Response:
    """As a platform pushes: no proxy, a few seconds of patience."""
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=10) as http:
        return await http.post(url, **arguments)


def post_now(url: str, **arguments: Any) -> httpx.Response:
    with httpx.Client(trust_env=False, verify=False, timeout=10) as http:
        return http.post(url, **arguments)
