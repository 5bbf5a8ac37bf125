"""What the store of conversations costs a turn: Rasa's memory, Rasa's SQLTrackerStore, and ours, in the same run.

    .venv/bin/python -m benchmarks.stores

Starts one Rasa for each, with the project's model and an action server that answers at once. Turns go to them in turn, so that
whatever else the machine does weighs on all. Prints milliseconds of a short conversation and of the 300th turn of a long one,
inside a form and outside, and the bytes that the database has then.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import sqlite3
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import uvicorn
from fastapi import FastAPI, Request

from bot.dialogue import DialogueSettings, RasaClient, RasaSupervisor, train
from knowledge.database import Database

ROOT = Path(__file__).resolve().parent.parent
ACTIONS = """action_endpoint:
  url: ${AWARD_ACTIONS_URL}
  enable_selective_domain: true
"""
STORES = {
    "in memory": "",
    "SQLTrackerStore, SQLite": "tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder}/events.db\n",
    "SQLTrackerStore, SQLite in WAL": "tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder}/wal.db\n",
    "StateTrackerStore, SQLite": "tracker_store:\n  type: state_store.StateTrackerStore\n  url: ${{AWARD_STATES_URL}}\n",
}
FILES = {
    "SQLTrackerStore, SQLite": "events.db",
    "SQLTrackerStore, SQLite in WAL": "wal.db",
    "StateTrackerStore, SQLite": "ours.db",
}
RECORD = {
    "applicant": {"facts": {"operating": ["2019-01-01", "2019-12-31"]}, "answered": ["legal", "operating"]},
    "asked": "product",
}


def actions() -> FastAPI:
    """Answers as our actions do: slots, the history dropped outside a form."""
    app = FastAPI()

    @app.post("/")
    async def act(request: Request) -> dict[str, Any]:
        call = await request.json()
        slots = [
            {"event": "slot", "name": "previous_question", "value": "Hồ sơ đăng ký gồm những gì?"},
            {"event": "slot", "name": "previous_as_of", "value": "2026-11-22"},
            {"event": "slot", "name": "eligibility", "value": RECORD},
        ]
        in_form = call["next_action"].startswith("validate_")
        return {
            "events": slots if in_form else [{"event": "restart"}, *slots],
            "responses": [{"custom": {"status": "answered"}}],
        }

    return app


@contextlib.asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    serving = asyncio.create_task(server.serve())
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    await serving


async def run(turns: int, long: int) -> None:
    project = DialogueSettings.of_project(ROOT)
    model = await asyncio.to_thread(train, project)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'ours.db'}"
        ours = Database(url)
        ours.upgrade()
        ours.close()
        with contextlib.closing(sqlite3.connect(folder / "wal.db")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        async with contextlib.AsyncExitStack() as stack:
            address = await stack.enter_async_context(served(actions()))
            http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=60))
            clients = {}
            for number, (store, text) in enumerate(STORES.items()):
                endpoints = folder / f"endpoints-{number}.yml"
                endpoints.write_text(ACTIONS + text.format(folder=folder))
                settings = replace(project, endpoints=endpoints, database_url=url, var=folder / str(number))
                (settings.home).mkdir(parents=True)
                (settings.home / "bytecode").symlink_to(project.home / "bytecode")
                supervisor = RasaSupervisor(settings, model, address, "none")
                await supervisor.start()
                stack.push_async_callback(supervisor.stop)
                await supervisor.wait_ready()
                clients[store] = RasaClient(supervisor.base_url, http)
            await measure(clients, folder, turns, long)


async def measure(clients: dict[str, RasaClient], folder: Path, turns: int, long: int) -> None:
    print(
        f"{'ms, median':34}{'greeting':>10}{'question':>10}{'form':>10}{'question ' + str(long):>14}{'form ' + str(long):>12}{'bytes':>12}"
    )
    spent = {
        "greeting": await interleaved(clients, ("chào ad",), turns, 6),
        "question": await interleaved(clients, ("hồ sơ gồm những gì",), turns, 6),
        "form": await interleaved(clients, ("công ty thành lập năm 2019",), turns, 6, "/check_eligibility"),
        "late question": await interleaved(clients, ("hồ sơ gồm những gì",), long, long),
        "late form": await interleaved(clients, ("công ty thành lập năm 2019",), long, long, "/check_eligibility"),
    }
    for store in clients:
        short = [float(np.median(spent[kind][store])) for kind in ("greeting", "question", "form")]
        late = [float(np.median(spent[kind][store][-16:])) for kind in ("late question", "late form")]
        size = sum(path.stat().st_size for path in folder.glob(f"{FILES[store]}*")) if store in FILES else 0
        print(f"{store:34}{short[0]:10.1f}{short[1]:10.1f}{short[2]:10.1f}{late[0]:14.1f}{late[1]:12.1f}{size:12}")


async def interleaved(
    clients: dict[str, RasaClient], texts: tuple[str, ...], turns: int, a_conversation: int, opening: str = ""
) -> dict[str, list[float]]:
    """Milliseconds of each turn; a new sender after `a_conversation` turns."""
    spent: dict[str, list[float]] = {store: [] for store in clients}
    sender = ""
    for turn in range(turns):
        if turn % a_conversation == 0:
            sender = f"rest:{uuid.uuid4()}"
            for client in clients.values():
                await client.send(sender, opening or texts[0], {})
        for store, client in clients.items():
            begun = time.perf_counter()
            await client.send(sender, texts[turn % len(texts)], {})
            spent[store].append((time.perf_counter() - begun) * 1000)
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=120)
    parser.add_argument("--long", type=int, default=300)
    options = parser.parse_args()
    asyncio.run(run(options.turns, options.long))


if __name__ == "__main__":
    main()
