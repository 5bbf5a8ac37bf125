"""Two hundred people with the web chat open, twenty questions a second among them, for two minutes.

    .venv/bin/python -m benchmarks.web_clients --url http://127.0.0.1:8000 [--clients 200] [--rate 20] [--seconds 120] [--pid PID]

The server must run with the limits lifted (bot.limits: 0). Each client holds an event stream, as a browser does; a question's time runs
from its POST to the answer's arrival in the stream. Prints errors, percentiles in milliseconds, and the memory of the server's processes.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import time
import uuid
from dataclasses import dataclass, field

import httpx
import numpy as np
import psutil

from benchmarks.turns import QUESTIONS

PATIENCE = 60.0  # seconds after the last question until an answer that is not there counts as missing


@dataclass
class Tally:
    """`spent` in milliseconds; `acknowledged` likewise, of the POST alone."""

    spent: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    resent: int = 0

    def fail(self, why: str) -> None:
        self.errors[why] = self.errors.get(why, 0) + 1


class Client:
    """One browser: a session, a stream, questions one after the other."""

    def __init__(self, http: httpx.AsyncClient, tally: Tally) -> None:
        self.http, self.tally = http, tally
        self.waiting: list[float] = []
        self.headers: dict[str, str] = {}
        self.listening = asyncio.Event()

    async def open(self) -> None:
        opened = await self.http.post("/api/chat/sessions")
        opened.raise_for_status()
        self.headers = {"authorization": f"Bearer {opened.json()['token']}"}

    async def listen(self) -> None:
        try:
            async with self.http.stream(
                "GET", "/api/chat/events?after=1", headers=self.headers, timeout=None
            ) as stream:
                if stream.status_code != 200:
                    self.tally.fail(f"stream {stream.status_code}")
                    return
                self.listening.set()
                event = ""
                async for line in stream.aiter_lines():
                    if line.startswith("event:"):
                        event = line[6:].strip()
                    elif line.startswith("data:") and event == "message":
                        self._heard(json.loads(line[5:]))
        except httpx.HTTPError as error:
            self.tally.fail(f"stream {type(error).__name__}")

    def _heard(self, message: dict[str, object]) -> None:
        if message["role"] != "assistant":
            return
        if not self.waiting:
            self.tally.fail("an answer nobody asked for")
            return
        self.tally.spent.append((time.perf_counter() - self.waiting.pop(0)) * 1000)
        answer = message["answer"]
        if isinstance(answer, dict) and answer.get("status") == "error":
            self.tally.fail("status error")

    async def ask(self, text: str) -> None:
        began = time.perf_counter()
        self.waiting.append(began)
        self.tally.asked += 1
        body = {"client_msg_id": str(uuid.uuid4()), "text": text}
        try:
            sent = await self._post(body)
            self.tally.acknowledged.append((time.perf_counter() - began) * 1000)
            if sent.status_code not in (200, 202):
                self.tally.fail(f"post {sent.status_code}")
        except httpx.HTTPError as error:
            self.tally.fail(f"post {type(error).__name__}")

    async def _post(self, body: dict[str, str]) -> httpx.Response:
        """Sent again where the server has just closed an idle connection, as the page's outbox does; the id makes it one question."""
        try:
            return await self.http.post("/api/chat/messages", json=body, headers=self.headers)
        except (httpx.ReadError, httpx.RemoteProtocolError):
            self.tally.resent += 1
            return await self.http.post("/api/chat/messages", json=body, headers=self.headers)


async def run(url: str, count: int, rate: float, seconds: float) -> tuple[Tally, int]:
    """The tally, and how many answers never came."""
    tally = Tally()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits) as http:
        clients = [Client(http, tally) for _ in range(count)]
        for client in clients:
            await client.open()
        streams = [asyncio.create_task(client.listen()) for client in clients]
        await asyncio.wait_for(asyncio.gather(*(client.listening.wait() for client in clients)), 60)
        texts, order = itertools.cycle(QUESTIONS), random.Random(6)  # one seed: the same load each time
        asking: list[asyncio.Task[None]] = []
        began = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            asking.append(asyncio.create_task(order.choice(clients).ask(next(texts))))
        await asyncio.gather(*asking)
        until = time.perf_counter() + PATIENCE
        while any(client.waiting for client in clients) and time.perf_counter() < until:
            await asyncio.sleep(0.1)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
    return tally, sum(len(client.waiting) for client in clients)


def memory(pid: int) -> list[str]:
    """Resident memory of the server's processes."""
    server = psutil.Process(pid)
    lines = []
    for one in [server, *server.children(recursive=True)]:
        name = "Rasa" if any("boot.py" in part for part in one.cmdline()) else one.name()
        lines.append(f"{name} {one.memory_info().rss / 2**20:.0f} MiB")
    return lines


def _line(name: str, values: list[float]) -> str:
    p50, p95, p99 = np.percentile(values, [50, 95, 99])
    return f"{name:14} p50 {p50:7.0f}  p95 {p95:7.0f}  p99 {p99:7.0f}  max {max(values):7.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="a running server with bot.limits lifted (0)")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rate", type=float, default=20, help="questions a second, of all clients together")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pid", type=int, help="the server's process, to tell its memory")
    options = parser.parse_args()
    before = memory(options.pid) if options.pid else []
    tally, missing = asyncio.run(run(options.url, options.clients, options.rate, options.seconds))
    print(f"{options.clients} clients, {tally.asked} questions, {len(tally.spent)} answers, {missing} missing")
    print(f"errors: {tally.errors or 'none'}; sent again over a new connection: {tally.resent}")
    print(_line("acknowledged", tally.acknowledged))
    print(_line("answered", tally.spent))
    if options.pid:
        print(f"memory before: {', '.join(before)}\nmemory after:  {', '.join(memory(options.pid))}")


if __name__ == "__main__":
    main()
