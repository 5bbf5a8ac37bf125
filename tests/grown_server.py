"""One of several chat servers that share a database and Redis, over a dialogue server that only echoes: a process that can be killed.

python grown_server.py PORT DATABASE REDIS NAME LOCK_SECONDS
"""

from __future__ import annotations

import asyncio
import sys

import uvicorn

from bot import worker
from bot.sharing import SharedByRedis
from fake_dialogue import FakeRasa, fake_server
from knowledge.database import Database


async def serve(port: int, database_url: str, redis_url: str, name: str, lock_seconds: float) -> None:
    worker.WATCH_SECONDS = 0.5
    sharing = SharedByRedis(redis_url, lock_seconds, name)
    async with fake_server(Database(database_url), rasa=FakeRasa(seconds=0.05), sharing=sharing) as server:
        server.worker.open()
        tasks = [asyncio.create_task(sharing.run()), asyncio.create_task(server.worker.watch())]
        await uvicorn.Server(uvicorn.Config(server.app, host="127.0.0.1", port=port, log_level="error")).serve()
        for task in tasks:
            task.cancel()


if __name__ == "__main__":
    _, port, database_url, redis_url, name, seconds = sys.argv
    asyncio.run(serve(int(port), database_url, redis_url, name, float(seconds)))
