"""Reminders on a real server, with the real Rasa: asked for in the web chat, kept over a stop, said once in the same chat.

The staff's commands run beside the server, as they do in life.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from running_server import RunningServer, WebClient, shipped_database, started
from shipped import ROOT

pytestmark = pytest.mark.anyio
MORNING, NEXT_MORNING = datetime(2026, 11, 23, 9), datetime(2026, 11, 24, 8)  # Vietnam's, as AWARD_TODAY has them


def award(url: str, *arguments: str) -> str:
    """A command of the staff over the server's database."""
    environment = {**os.environ, "AWARD_TODAY": MORNING.isoformat(), "AWARD_DATABASE_URL": url}
    command = [sys.executable, "-m", "bot.cli", "calendar", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def unasked(client: WebClient, after: int, seconds: float = 60) -> dict[str, Any]:
    """The next message that nobody asked for."""
    async with asyncio.timeout(seconds):
        while not (found := await client.messages(after)):
            await asyncio.sleep(0.2)
    return found[0]


@pytest.mark.usefixtures("award_server")  # the model is trained, or the test is skipped
async def test_a_reminder_outlives_the_server_and_comes_once(tmp_path: Path) -> None:
    with shipped_database(tmp_path) as url:
        token, last = await _ask_for_a_reminder(tmp_path, url)
        for moment, expected in ((NEXT_MORNING, True), (NEXT_MORNING.replace(hour=15), False)):
            with started(tmp_path, url, moment) as server:
                async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as http:
                    back = WebClient(http, token)
                    if expected:
                        reminder = await unasked(back, last)
                        assert "còn 3 ngày nữa đến ngày này" in reminder["text"] and "27/11/2026" in reminder["text"]
                        assert reminder["answer"]["as_of"] == "2026-11-24"
                        last = reminder["seq"]
                    answer = await back.answer("huỷ nhắc")
                    assert answer["seq"] == last + 2, "something was said twice"
                    assert ("Mình đã huỷ" in answer["text"]) is expected
                    last = answer["seq"]


async def _ask_for_a_reminder(folder: Path, url: str) -> tuple[str, int]:
    """Ask before there is a date, hear of the date, and have the server killed; the session's token and the last message."""
    with started(folder, url, MORNING) as server:
        async with WebClient.of(server) as client:
            early = await client.answer("nhắc em trước hạn nộp hồ sơ 3 ngày")
            assert "chưa có ngày nào như vậy được công bố" in early["text"]
            told = asyncio.create_task(unasked(client, early["seq"]))
            award(
                url,
                "add",
                "2026-11-27",
                "Hạn nộp hồ sơ",
                "--basis",
                "Thông báo thử",
                "--kind",
                "dossier",
                "--id",
                "han",
            )
            notice = await told
            assert "lịch giải có ngày mới" in notice["text"] and "27/11/2026" in notice["text"]
            dated = await client.answer("hạn nộp hồ sơ năm nay là khi nào")
            assert dated["answer"]["status"] == "answered" and "27/11/2026" in dated["text"]
            assert "24/11/2026: Hạn nộp hồ sơ" in (await client.answer("em đang có nhắc gì"))["text"]
            last = (await client.messages())[-1]["seq"]
            token = client.headers["authorization"].removeprefix("Bearer ")
        for process in server.tree():
            if "bot.cli" in process.cmdline():
                process.send_signal(signal.SIGKILL)
    return token, last


def test_questions_for_dates_stay_questions(award_server: RunningServer) -> None:
    for question in ("khi nào nộp hồ sơ", "lịch giải thưởng năm nay", "/lich", "nhắc lại điều kiện tham dự giúp em"):
        answer = award_server.ask(question)
        assert answer["custom"]["entry"] != "reminder", question
        assert answer["custom"]["status"] in ("answered", "partial", "unknown"), question
    assert award_server.ask("/lich")["custom"]["entry"] == "thoi-gian-lich-2026"


def test_a_rest_client_is_told_that_nobody_can_write_to_it(award_server: RunningServer) -> None:
    answer = award_server.ask("nhắc em trước hạn 7 ngày")
    assert "không chủ động nhắn" in answer["text"]
    assert [one["url"] for one in answer["custom"]["attachments"]] == ["/lich/gtclqg.ics"]


def test_the_page_and_the_file_are_served(award_server: RunningServer) -> None:
    with httpx.Client(base_url=award_server.url, trust_env=False) as http:
        page, file = http.get("/lich"), http.get("/lich/gtclqg.ics")
    assert page.status_code == file.status_code == 200
    assert "Chưa công bố" in page.text and file.content.startswith(b"BEGIN:VCALENDAR\r\n")
