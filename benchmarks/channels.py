"""Chat apps under load and under kills: how fast deliveries are acknowledged, and that none is lost or answered twice.

    .venv/bin/python -m benchmarks.channels acknowledge
    .venv/bin/python -m benchmarks.channels deliver --count 20000 --kills 10

Both start a server of their own with the dialogue of the tests in place of Rasa (an answer takes 20 ms: what is measured is the inbox and
the outbox) and fakes of Telegram, Zalo Bot and the official account on loopback. Platforms hand in again what was not acknowledged, as
the real ones do. A message that was on its way when the server was killed may arrive twice, because no platform takes a key that would
tell; those are counted by the server when it starts again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from bot.channels import telegram, zalo_bot, zalo_oa
from bot.channels.pace import Pace
from bot.channels.settings import ChannelSettings, TelegramSettings, ZaloBotSettings, ZaloOaSettings
from bot.channels.zalo_tokens import Tokens, TokenStore
from bot.credentials import read_credentials
from chat_apps import apps_server
from fake_dialogue import FakeRasa
from fakes.platform import FakePlatform, address, listening, running
from fakes.telegram import TOKEN as TELEGRAM_TOKEN
from fakes.telegram import FakeTelegram
from fakes.zalo_bot import HEADER as ZALO_BOT_HEADER
from fakes.zalo_bot import TOKEN as ZALO_BOT_TOKEN
from fakes.zalo_bot import FakeZaloBot
from fakes.zalo_oa import APP_ID, APP_SECRET, OA_SECRET, FakeZaloOa, signature
from knowledge.database import Database

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="  # of a benchmark that keeps nothing
CREDENTIALS = read_credentials(
    {
        "AWARD_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "AWARD_ZALO_BOT_TOKEN": ZALO_BOT_TOKEN,
        "AWARD_ZALO_OA_SECRET": OA_SECRET,
        "AWARD_ZALO_APP_SECRET": APP_SECRET,
        "AWARD_ENCRYPTION_KEY": KEY,
    }
)
CHATS = 200  # of each app
HANDING_IN = 16  # deliveries at the same moment
REPEATED, REORDERED = 0.05, 0.02
ANSWER_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a platform: where, what, and the answer that must follow once."""

    app: str
    chat: str
    text: str
    body: bytes
    headers: dict[str, str]


@dataclass
class Platforms:
    """The three fakes."""

    telegram: FakeTelegram = field(default_factory=lambda: FakeTelegram(webhook="set before"))
    zalobot: FakeZaloBot = field(default_factory=lambda: FakeZaloBot(webhook="set before"))
    zalooa: FakeZaloOa = field(default_factory=FakeZaloOa)

    def all(self) -> tuple[FakePlatform, ...]:
        return self.telegram, self.zalobot, self.zalooa

    def delivery(self, number: int) -> Delivery:
        """The one of that number; apps and chats take turns."""
        app, chat, text = ("telegram", "zalobot", "zalooa")[number % 3], 1000 + number // 3 % CHATS, f"tin {number}"
        if app == "telegram":
            return self._made(
                app,
                chat,
                text,
                self.telegram.message(chat, text),
                {telegram.SECRET_HEADER: CREDENTIALS.telegram_secret},
            )
        if app == "zalobot":
            return self._made(
                app, chat, text, self.zalobot.message(str(chat), text), {ZALO_BOT_HEADER: CREDENTIALS.zalo_bot_secret}
            )
        event = self.zalooa.message(str(chat), text)
        return self._made(app, chat, text, event, {"X-ZEvent-Signature": signature(json.dumps(event).encode(), event)})

    def answers(self) -> Counter[tuple[str, str, str]]:
        """How often each chat of each app got each text."""
        found: Counter[tuple[str, str, str]] = Counter()
        for one in self.telegram.called("sendMessage"):
            found["telegram", one["chat_id"], one["text"]] += 1
        for one in self.zalobot.called("sendMessage"):
            found["zalobot", one["chat_id"], one["text"]] += 1
        for one in self.zalooa.called("send"):
            found["zalooa", one["recipient"]["user_id"], one["message"]["text"]] += 1
        return found

    @staticmethod
    def _made(app: str, chat: int, text: str, record: dict[str, Any], headers: dict[str, str]) -> Delivery:
        return Delivery(
            app, str(chat), text, json.dumps(record).encode(), {"Content-Type": "application/json", **headers}
        )


# -- the server, a process of its own


async def serve(arguments: argparse.Namespace) -> None:
    """Until it is killed."""
    folder = Path(arguments.folder)
    database = Database(arguments.database)
    database.upgrade()
    _give_tokens(database)
    channels = ChannelSettings(
        public_url="https://award.example",
        telegram=TelegramSettings(api=arguments.telegram),
        zalo_bot=ZaloBotSettings(api=arguments.zalobot, messages_a_month=0),
        zalo_oa=ZaloOaSettings(app_id=APP_ID, api=arguments.zalooa, oauth=arguments.zalooa),
    )
    rasa = FakeRasa(seconds=ANSWER_SECONDS)
    async with apps_server(database, folder, CREDENTIALS, channels, rasa=rasa, port=arguments.port) as server:
        for intake in (server.connected.telegram, server.connected.zalo_bot, server.connected.zalo_oa):
            if intake is not None:
                intake.app._pace = Pace(10_000)  # the fakes take any number of messages a second
        print("ready", flush=True)
        await asyncio.Event().wait()


def _give_tokens(database: Database) -> None:
    store = TokenStore(database, APP_ID, KEY)
    if store.read() is None:
        store.write(Tokens("access-0", "refresh-0"), datetime.now(UTC))


class Served:
    """The server's process: started, killed, started again."""

    def __init__(self, folder: Path, port: int, database: str, platforms: Platforms) -> None:
        self._log = folder / "server.log"
        self._command = [
            sys.executable,
            "-m",
            "benchmarks.channels",
            "serve",
            "--folder",
            str(folder),
            "--port",
            str(port),
        ]
        self._command += ["--database", database, "--telegram", platforms.telegram.url]
        self._command += ["--zalobot", platforms.zalobot.url, "--zalooa", platforms.zalooa.url]
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{port}"

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=log, stderr=log)
        async with httpx.AsyncClient(trust_env=False) as http:
            for _ in range(600):
                with suppress(httpx.HTTPError):
                    await http.get(self.url + zalo_oa.WEBHOOK)
                    return
                await asyncio.sleep(0.1)
        raise SystemExit(f"the server did not start:\n{self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def maybe_twice(self) -> int:
        """Messages that were on their way when it was killed, as it counted itself."""
        words = [line.split() for line in self._log.read_text().splitlines() if "may arrive twice" in line]
        return sum(int(line[line.index("messages") - 1]) for line in words)


# -- what platforms do

Push = Callable[[Delivery], Coroutine[Any, Any, float]]


def pusher(http: httpx.AsyncClient, url: str) -> Push:
    hooks = {"telegram": telegram.WEBHOOK, "zalobot": zalo_bot.WEBHOOK, "zalooa": zalo_oa.WEBHOOK}

    async def push(delivery: Delivery) -> float:
        """Hand it in until it is acknowledged; the seconds of the last attempt."""
        while True:
            began = time.perf_counter()
            with suppress(httpx.HTTPError):
                answer = await http.post(url + hooks[delivery.app], content=delivery.body, headers=delivery.headers)
                if answer.status_code == 200:
                    return time.perf_counter() - began
            await asyncio.sleep(0.2)

    return push


def order_of(deliveries: list[Delivery], chance: random.Random) -> list[Delivery]:
    """Some come twice, some overtake their neighbours."""
    order = list(deliveries)
    for at in range(len(order) - 1):
        if chance.random() < REORDERED:
            order[at], order[at + 1] = order[at + 1], order[at]
    for one in chance.sample(deliveries, round(len(deliveries) * REPEATED)):
        order.insert(chance.randrange(len(order) + 1), one)
    return order


async def deliver(arguments: argparse.Namespace) -> int:
    """Hand everything in while the server is killed again and again; 1 where anything was lost or doubled beyond what is unavoidable."""
    chance = random.Random(arguments.seed)
    async with AsyncExitStack() as stack:
        platforms, served, http = await _started(stack, arguments)
        deliveries = [platforms.delivery(number) for number in range(arguments.count)]
        waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        for one in order_of(deliveries, chance):
            waiting.put_nowait(one)
        handed_in, push, began = waiting.qsize(), pusher(http, served.url), time.monotonic()

        async def hand_in() -> None:
            while not waiting.empty():
                await push(waiting.get_nowait())

        pushing = [asyncio.create_task(hand_in()) for _ in range(HANDING_IN)]
        kills = sorted(chance.randrange(handed_in) for _ in range(arguments.kills))
        for left in kills:
            while handed_in - waiting.qsize() < left:
                await asyncio.sleep(0.01)
            served.kill()
            await served.start()
        await asyncio.gather(*pushing)
        acknowledged = time.monotonic() - began
        expected = {(one.app, one.chat, f"đáp: {one.text}") for one in deliveries}
        last = (0, time.monotonic())
        while (found := len(expected & platforms.answers().keys())) < len(expected):
            if found != last[0]:
                last = (found, time.monotonic())
            if time.monotonic() - last[1] > 90:
                break
            await asyncio.sleep(0.5)
        await asyncio.sleep(2)
        answers = platforms.answers()
        lost = [one for one in expected if not answers[one]]
        doubled = sum(answers[one] - 1 for one in expected if answers[one] > 1)
        other = sum(count for one, count in answers.items() if one not in expected)
        unavoidable = served.maybe_twice()
        print(
            f"{handed_in} deliveries of {len(deliveries)} messages, {arguments.kills} kills, {acknowledged:.0f} s to hand in,",
            end=" ",
        )
        print(f"{time.monotonic() - began:.0f} s in all")
        print(f"lost {len(lost)}; doubled {doubled}, of them unavoidable at most {unavoidable}; other messages {other}")
        return int(bool(lost) or doubled > unavoidable or other > 0)


async def acknowledge(arguments: argparse.Namespace) -> int:
    """Hand in at a steady rate while answers are worked."""
    async with AsyncExitStack() as stack:
        platforms, served, http = await _started(stack, arguments)
        push, began = pusher(http, served.url), time.monotonic()
        pushing: list[asyncio.Task[float]] = []
        for number in range(arguments.rate * arguments.seconds):
            await asyncio.sleep(max(0.0, began + number / arguments.rate - time.monotonic()))
            pushing.append(asyncio.create_task(push(platforms.delivery(number))))
        spent = np.array(await asyncio.gather(*pushing)) * 1000
        answered = len(platforms.answers())
        print(f"{len(spent)} deliveries at {arguments.rate}/s; {answered} answers were given meanwhile")
        p50, p99, most = np.percentile(spent, 50), np.percentile(spent, 99), spent.max()
        print(f"acknowledged in ms: p50 {p50:.1f}, p99 {p99:.1f}, max {most:.1f}")
        return int(p99 > 250 or most > 1000)


async def _started(stack: AsyncExitStack, arguments: argparse.Namespace) -> tuple[Platforms, Served, httpx.AsyncClient]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    platforms = Platforms()
    for one in platforms.all():
        await stack.enter_async_context(running(one))
    with listening() as free:
        port = int(address(free).rpartition(":")[2])
    served = Served(folder, port, arguments.database or f"sqlite:///{folder / 'award.db'}", platforms)
    stack.callback(served.kill)
    await served.start()
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    client = httpx.AsyncClient(trust_env=False, verify=False, timeout=10, limits=limits)
    return platforms, served, await stack.enter_async_context(client)


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("deliver")
    one.add_argument("--count", type=int, default=20_000)
    one.add_argument("--kills", type=int, default=10)
    one.add_argument("--seed", type=int, default=6)
    one.set_defaults(run=deliver)
    one = commands.add_parser("acknowledge")
    one.add_argument("--rate", type=int, default=100)
    one.add_argument("--seconds", type=int, default=30)
    one.set_defaults(run=acknowledge)
    one = commands.add_parser("serve")
    for name in ("folder", "telegram", "zalobot", "zalooa"):
        one.add_argument(f"--{name}", required=True)
    one.add_argument("--port", type=int, required=True)
    one.set_defaults(run=serve)
    for command in commands.choices.values():
        command.add_argument("--database", default="", help="SQLite in a temporary folder by default")
    arguments = parser.parse_args(given)
    return int(asyncio.run(arguments.run(arguments)) or 0)


if __name__ == "__main__":
    sys.exit(main())
