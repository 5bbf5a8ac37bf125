"""Latency of whole turns over the REST endpoint, beside a greeting turn of a bare Rasa in the same run.

    .venv/bin/python -m benchmarks.turns --url http://127.0.0.1:8000

Starts a bare Rasa of its own (benchmarks/bare), asks the running server knowledge questions at 1, 8 and 32 concurrent senders,
and prints figures in milliseconds, ratios of things measured in this run, and how many answers were empty. With --long it also
compares turn 300 of one conversation with turn 5.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import numpy as np

from bot.dialogue import DialogueSettings, RasaSupervisor, train

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = (
    "Giải Vàng cần bao nhiêu điểm?",
    "dieu kien tham du giai la gi",
    "Hồ sơ đăng ký gồm những gì?",
    "cty mới mở 2 năm có đk dc ko",
    "Đạt giải được quyền lợi gì?",
    "Ai quyết định danh sách đạt giải?",
    "How many points are needed for the Silver Award?",
    "Năm 2023 bảy tiêu chí bao nhiêu điểm?",
)
Send = Callable[[str, str], Awaitable[bool]]


async def measure(send: Send, texts: tuple[str, ...], senders: int, turns: int) -> tuple[np.ndarray, int, float]:
    """Milliseconds of every turn, how many answers were empty, and turns per second; each sender waits for its answer."""
    spent: list[float] = []
    empty = 0

    async def talk(first: int) -> None:
        nonlocal empty
        sender = uuid.uuid4().hex
        for text in itertools.islice(itertools.cycle(texts), first, first + turns):
            started = time.perf_counter()
            empty += not await send(sender, text)
            spent.append((time.perf_counter() - started) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(talk(number) for number in range(senders)))
    return np.array(spent), empty, len(spent) / (time.perf_counter() - began)


def rest(client: httpx.AsyncClient, url: str) -> Send:
    async def send(sender: str, text: str) -> bool:
        reply = await client.post(f"{url}/webhooks/rest/webhook", json={"sender": sender, "message": text})
        messages = reply.json() if reply.status_code == 200 else []
        return (
            bool(messages) and bool(messages[0].get("text")) and messages[0].get("custom", {}).get("status") != "error"
        )

    return send


def row(name: str, spent: np.ndarray, empty: int, rate: float, bare: float | None = None) -> None:
    p50, p95, p99 = np.percentile(spent, [50, 95, 99])
    ratio = f"  p50 {p50 / bare:4.1f} x bare" if bare else ""
    print(f"{name:34}{p50:8.1f}{p95:8.1f}{p99:8.1f}{spent.max():8.1f}{rate:8.1f}/s  failed {empty}{ratio}")


async def run(url: str, turns: int, long: bool) -> None:
    settings = DialogueSettings(
        python=ROOT / ".venv-rasa/bin/python",
        config=ROOT / "config.yml",
        sources=ROOT / "benchmarks/bare",
        var=ROOT / "var/benchmarks",
    )
    bare = RasaSupervisor(settings, await asyncio.to_thread(train, settings), "http://127.0.0.1:9/", "none")
    await bare.start()
    await bare.wait_ready()
    print(f"{'ms':34}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}")
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=httpx.Limits(max_connections=64)) as client:
        ours, theirs = rest(client, url), rest(client, bare.base_url)
        await measure(theirs, ("xin chào",), 1, 20)
        await measure(ours, QUESTIONS, 1, 20)
        for senders in (1, 8, 32):
            count = max(6, turns // senders)
            greeting = await measure(theirs, ("xin chào",), senders, min(count, 12))
            row(f"bare Rasa greeting, {senders} senders", *greeting)
            row(
                f"knowledge turn, {senders} senders",
                *await measure(ours, QUESTIONS, senders, count),
                float(np.median(greeting[0])),
            )
        if long:
            await conversation(ours)
    await bare.stop()


async def conversation(send: Send) -> None:
    """Turn 300 of one conversation beside turn 5: medians over the nine turns around each."""
    spent: list[float] = []
    for text in itertools.islice(itertools.cycle(QUESTIONS[:4]), 304):
        started = time.perf_counter()
        await send("one-long-conversation", text)
        spent.append((time.perf_counter() - started) * 1000)
    early, late = float(np.median(spent[1:17])), float(np.median(spent[288:304]))
    print(f"one conversation: around turn 5 {early:.1f} ms, around turn 300 {late:.1f} ms, ratio {late / early:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="a running server with bot.limits lifted (0)")
    parser.add_argument("--turns", type=int, default=400)
    parser.add_argument("--long", action="store_true")
    options = parser.parse_args()
    asyncio.run(run(options.url, options.turns, options.long))


if __name__ == "__main__":
    main()
