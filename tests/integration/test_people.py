"""A person, one's data, small talk: through `award serve` with Rasa beside it, and the command line on the same database."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import uuid
from typing import Any

import httpx
import pytest

from running_server import RunningServer, WebClient
from shipped import ROOT

pytestmark = pytest.mark.anyio


def _award(server: RunningServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"AWARD_DATABASE_URL": server.database_url}
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _texts(answer: dict[str, Any]) -> list[str]:
    return [one["title"] for one in answer.get("buttons", ())]


async def _until(client: WebClient, text: str) -> float:
    """Seconds until the text stands in the conversation."""
    begun = time.perf_counter()
    while not any(one["text"] == text for one in await client.messages()):
        assert time.perf_counter() - begun < 30, [one["text"] for one in await client.messages()]
        await asyncio.sleep(0.05)
    return time.perf_counter() - begun


async def test_from_the_question_to_the_officers_reply_and_back(award_server: RunningServer) -> None:
    async with WebClient.of(award_server) as client:
        asked = await client.answer("cho em gặp nhân viên với")
        assert asked["answer"]["status"] == "handoff"
        number = asked["answer"]["case"]
        assert number in asked["text"] and "chưa hẹn được" in asked["text"]
        assert (await client.answer("Giải Vàng cần bao nhiêu điểm?"))["answer"]["status"] == "answered"
        taken = _award(award_server, "case", "take", number, "--as", "lan")
        assert taken.returncode == 0, taken.stderr
        assert number in _award(award_server, "case", "list").stdout
        refused = _award(award_server, "case", "take", number, "--as", "minh")
        assert (refused.returncode, refused.stderr) == (1, f"✗ {number} is taken by lan\n")
        heard = await client.answer("Giải Bạc cần bao nhiêu điểm?")
        assert heard["answer"]["status"] == "handoff" and not heard["answer"]["citations"]
        assert _award(award_server, "case", "reply", number, "Sở trả lời bạn đây.", "--as", "lan").returncode == 0
        spent = await _until(client, "Sở trả lời bạn đây.")
        print(f"reply of the command line in the chat after {spent:.2f} s")
        await client.answer("quay lại trợ lý")
        assert (await client.answer("Giải Vàng cần bao nhiêu điểm?"))["answer"]["status"] == "answered"
        shown = _award(award_server, "case", "show", number).stdout
        assert "Giải Bạc cần bao nhiêu điểm?" in shown and "quay lại trợ lý" in shown


def test_deletion_is_asked_first_and_a_no_deletes_nothing(award_server: RunningServer) -> None:
    sender = uuid.uuid4().hex
    award_server.ask("Giải Vàng cần bao nhiêu điểm?", sender)
    asked = award_server.ask("xoá dữ liệu của tôi", sender)
    assert _texts(asked) == ["Xoá hết", "Giữ lại dữ liệu"]
    assert "chưa xoá gì" in award_server.ask("thôi, để đó", sender)["text"]
    assert "Giải Vàng" in _award(award_server, "person", "export", f"rest:{sender}").stdout


def test_a_question_in_between_is_answered_and_a_yes_deletes_all(award_server: RunningServer) -> None:
    sender = uuid.uuid4().hex
    award_server.ask("/xoa", sender)
    between = award_server.ask("Giải Vàng cần bao nhiêu điểm?", sender)
    assert "800" in between["text"] and _texts(between) == ["Xoá hết", "Giữ lại dữ liệu"]
    assert "Đã xoá" in award_server.ask("có, xoá đi", sender)["text"]
    gone = _award(award_server, "person", "export", f"rest:{sender}")
    assert gone.returncode == 1 and "nothing is kept" in gone.stderr
    assert award_server.ask("Giải Vàng cần bao nhiêu điểm?", sender)["custom"]["status"] == "answered"


def test_a_copy_is_a_file_with_the_questions(award_server: RunningServer) -> None:
    sender = uuid.uuid4().hex
    award_server.ask("Giải Vàng cần bao nhiêu điểm?", sender)
    (file,) = award_server.ask("cho mình xuất dữ liệu", sender)["custom"]["attachments"]
    with httpx.Client(base_url=award_server.url, trust_env=False) as http:
        assert "Giải Vàng cần bao nhiêu điểm?" in http.get(file["url"]).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bạn là ai", "máy, không phải người"),
        ("bạn là người hay máy", "máy, không phải người"),
        ("ai làm ra bạn", "Đơn vị vận hành"),
        ("who are you", "a machine, not a person"),
        ("thông tin của tôi có được lưu không", "được che trước khi lưu"),
        ("/riengtu", "được che trước khi lưu"),
        ("bạn làm được gì", "không nhận hồ sơ"),
        ("cảm ơn bạn nhé", "Không có gì"),
        ("đồ ngu", "gặp cán bộ"),
    ],
)
def test_small_talk_says_what_is_so(award_server: RunningServer, text: str, said: str) -> None:
    answer = award_server.ask(text)
    assert said in answer["text"]
    assert "{" not in answer["text"]


def test_a_person_can_be_asked_for_in_the_middle_of_a_form(award_server: RunningServer) -> None:
    sender = uuid.uuid4().hex
    award_server.ask("kiểm tra điều kiện giúp công ty em", sender)
    asked = award_server.ask("/nguoi", sender)
    assert asked["custom"]["status"] == "handoff"
    assert "Tiếp tục kiểm tra điều kiện" in _texts(asked)
