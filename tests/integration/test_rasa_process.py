"""A real Rasa with a stub of our action server: what travels, what a long conversation costs, every way to die.

One Rasa serves all tests of the module; the last ones kill it, hang it and see it come back.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from actions.personal_data import delete_person
from bot.dialogue import (
    DialogueError,
    DialogueSettings,
    DialogueState,
    DialogueStateRow,
    DialogueUnavailable,
    RasaClient,
    RasaSupervisor,
    SupervisorTiming,
    is_trained,
    train,
)
from databases import sqlite_url
from knowledge.database import Database

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
PROJECT = DialogueSettings.of_project(ROOT)
SECRET = "only Rasa knows this"
QUICK = SupervisorTiming(
    health_every=0.2, health_timeout=0.5, failures_allowed=2, first_delay=0.1, steady_after=0.0, stop_timeout=0.5
)

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.integration,
    pytest.mark.skipif(not PROJECT.python.exists(), reason="Rasa's environment is not set up"),
]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class StubActions:
    """Answers Rasa's action calls as ours do: one JSON message, and the conversation started anew with its slots."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    authorization: set[str] = field(default_factory=set)
    failing: bool = False

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        self.authorization.add(headers.get("authorization", ""))
        call = json.loads(body)
        self.calls.append(call)
        self.sizes.append(len(body))
        if self.failing:
            return 500, {}
        message = call["tracker"]["latest_message"]
        custom = {
            "action": call["next_action"],
            "intent": message["intent"]["name"],
            "metadata": message["metadata"],
            "previous": call["tracker"]["slots"]["previous_question"],
        }
        slots = [
            {"event": "slot", "name": "previous_question", "value": message["text"]},
            {"event": "slot", "name": "previous_as_of", "value": "2026-11-22"},
        ]
        events = [] if call["next_action"] == "action_restart_conversation" else [{"event": "restart"}, *slots]
        return 200, {"events": events, "responses": [{"custom": custom}]}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Just enough HTTP for aiohttp's client."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            status, answer = self.answer(headers, await reader.readexactly(int(headers["content-length"])))
            body = json.dumps(answer).encode()
            fields = f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close"
            writer.write(f"HTTP/1.1 {status} -\r\n{fields}\r\n\r\n".encode() + body)
            await writer.drain()
        writer.close()


@dataclass
class Running:
    supervisor: RasaSupervisor
    client: RasaClient
    stub: StubActions
    http: httpx.AsyncClient
    database: Database

    def state(self, sender: str) -> dict[str, Any] | None:
        """The slots that the database has of a sender."""
        with self.database.session() as session:
            row = session.get(DialogueStateRow, sender)
            return json.loads(row.state)["slots"] if row else None

    async def say(self, sender: str, text: str) -> dict[str, Any]:
        messages = await self.client.send(sender, text, {})
        custom: dict[str, Any] = messages[0]["custom"]
        return custom


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> DialogueSettings:
    """The project's own model and bytecode, but a folder of the test's own for what a run writes."""
    train(PROJECT)
    var = tmp_path_factory.mktemp("var")
    (var / "rasa").mkdir()
    (var / "rasa" / "bytecode").symlink_to(PROJECT.home / "bytecode")
    url = sqlite_url(var)
    database = Database(url)
    database.upgrade()
    database.close()
    return replace(PROJECT, var=var, timing=QUICK, database_url=url)


@pytest.fixture(scope="module")
async def running(settings: DialogueSettings) -> AsyncIterator[Running]:
    stub = StubActions()
    server = await asyncio.start_server(stub.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/actions/webhook"
    supervisor = RasaSupervisor(settings, train(PROJECT), url, SECRET)
    async with httpx.AsyncClient(trust_env=False) as http:
        await supervisor.start()
        await supervisor.wait_ready(60)
        database = Database(settings.database_url)
        yield Running(supervisor, RasaClient(supervisor.base_url, http), stub, http, database)
        database.close()
        pid = supervisor.pid
        await supervisor.stop()
        assert supervisor.state is DialogueState.STOPPED
        assert pid is not None
        assert not psutil.pid_exists(pid)
    server.close()


async def test_a_trained_model_is_not_trained_again() -> None:
    before = train(PROJECT).stat().st_mtime_ns
    assert is_trained(PROJECT)
    assert train(PROJECT).stat().st_mtime_ns == before


async def test_a_failed_training_names_its_reason_in_one_line(tmp_path: Path) -> None:
    sources = tmp_path / "dialogue"
    shutil.copytree(PROJECT.sources, sources)
    rules = sources / "rules" / "handover.yml"
    rules.write_text(rules.read_text().replace("action: action_ask_human", "action: action_unheard_of"))
    (tmp_path / "var" / "rasa").mkdir(parents=True)
    (tmp_path / "var" / "rasa" / "bytecode").symlink_to(PROJECT.home / "bytecode")
    broken = replace(PROJECT, sources=sources, var=tmp_path / "var")
    with pytest.raises(DialogueError, match="rasa train failed: ") as caught:
        train(broken)
    assert "\n" not in str(caught.value)
    assert (tmp_path / "var" / "log" / "rasa-train.log").stat().st_size > 0
    assert not is_trained(broken)


async def test_metadata_and_secret_reach_the_action(running: Running) -> None:
    metadata = {"channel": "web", "turn": 7}
    answer = await running.client.send("metadata", "điều kiện dự giải là gì", metadata)
    assert answer[0]["recipient_id"] == "metadata"
    assert answer[0]["custom"]["metadata"] == metadata
    assert running.stub.authorization == {f"Bearer {SECRET}"}
    assert "domain" not in running.stub.calls[-1]


async def test_slots_are_carried_from_turn_to_turn_until_started_over(running: Running) -> None:
    first = await running.say("slots", "hồ sơ gồm những gì")
    second = await running.say("slots", "còn lệ phí")
    over = await running.say("slots", "làm lại từ đầu")
    after = await running.say("slots", "hạn nộp khi nào")
    assert (first["previous"], second["previous"]) == (None, "hồ sơ gồm những gì")
    assert (over["action"], over["previous"]) == ("action_restart_conversation", "còn lệ phí")
    assert after["previous"] is None


@pytest.mark.parametrize(
    ("text", "action", "intent"),
    [
        ("chào ad", "action_small_talk", "greet"),
        ("/start", "action_small_talk", "greet"),
        ("gặp nhân viên", "action_ask_human", "ask_human"),
        ("liên hệ ở đâu", "action_answer_question", "ask"),
        ("zxqw vbnm", "action_answer_question", "ask or nlu_fallback"),
        ("🙂", "action_answer_question", "ask or nlu_fallback"),
        ("/session_start", "action_restart_conversation", "start_over"),
    ],
)
async def test_each_message_goes_to_its_action(running: Running, text: str, action: str, intent: str) -> None:
    answer = await running.say("routing", text)
    assert answer["action"] == action and answer["intent"] in intent.split(" or ")


async def test_no_intent_swallows_a_question(running: Running) -> None:
    lines = (GOLDEN / "dialogue_questions.txt").read_text(encoding="utf-8").splitlines()
    questions = [line for line in lines if line and not line.startswith("#")]
    swallowed = [q for q in questions if (await running.say("questions", q))["action"] != "action_answer_question"]
    assert len(swallowed) <= len(questions) * 0.01, swallowed


async def test_small_talk_is_known_and_never_mistaken(running: Running) -> None:
    lines = (GOLDEN / "dialogue_small_talk.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    said = [(intent, text, (await running.say("small talk", text))["intent"]) for intent, text in pairs]
    mistaken = [row for row in said if row[2] not in (row[0], "ask", "nlu_fallback")]
    assert mistaken == []
    assert sum(intent == found for intent, _, found in said) >= len(said) * 0.95


async def test_turn_300_costs_what_turn_5_does(running: Running) -> None:
    async def turn(sender: str) -> float:
        begun = time.perf_counter()
        await running.say(sender, "điều kiện dự giải là gì vậy ad")
        return (time.perf_counter() - begun) * 1000

    at_100 = [await turn("long talk") for _ in range(280)][90:110]
    late, early = [], []
    for number in range(20):  # in turn, so that whatever else this machine does weighs on both
        late.append(await turn("long talk"))
        early.append([await turn(f"short talk {number}") for _ in range(5)][-1])
    sizes = running.stub.sizes[-6 * 20 :]
    five, hundred, three_hundred = (statistics.median(spent) for spent in (early, at_100, late))
    print(f"turn 5: {five:.1f} ms, turn 100: {hundred:.1f} ms, turn 300: {three_hundred:.1f} ms")
    assert max(sizes) - min(sizes[::6]) < 200, "the calls of the long talk grow"
    assert three_hundred <= 1.5 * five


async def test_32_people_at_once_are_all_answered(running: Running) -> None:
    async def talk(number: int) -> list[float]:
        spent = []
        for turn in range(5):
            begun = time.perf_counter()
            answer = await running.client.send(f"person {number}", "hồ sơ gồm những gì", {"turn": turn, "of": number})
            spent.append((time.perf_counter() - begun) * 1000)
            assert answer[0]["custom"]["metadata"] == {"turn": turn, "of": number}
        return spent

    spent = [ms for one in await asyncio.gather(*(talk(number) for number in range(32))) for ms in one]
    cuts = statistics.quantiles(spent, n=20)
    print(f"32 at once: p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms")
    assert cuts[18] < 5000


async def test_forget_leaves_nothing_of_a_sender(running: Running) -> None:
    sender = "rest:a/b c%20đ"
    question = "hồ sơ gồm những gì"
    await running.say(sender, question)
    assert running.state(sender) == {"previous_question": question, "previous_as_of": "2026-11-22"}
    assert (await running.say(sender, "lệ phí"))["previous"] == question
    with running.database.session() as session:
        delete_person(session, sender)
    assert running.state(sender) is None
    assert (await running.say(sender, "lệ phí"))["previous"] is None


async def test_what_is_kept_is_the_state_and_no_history(running: Running) -> None:
    for _ in range(5):
        await running.say("kept", "số điện thoại của tôi là 0900000000")
        await running.say("kept", "làm lại từ đầu")
    assert running.state("kept") is None
    params = {"token": running.supervisor.token, "include_events": "ALL"}
    tracker = await running.http.get(f"{running.supervisor.base_url}/conversations/kept/tracker", params=params)
    assert "0900000000" not in tracker.text


async def test_the_api_is_closed_without_the_token(running: Running) -> None:
    for path in ("/status", "/conversations/slots/tracker", "/domain"):
        response = await running.http.get(running.supervisor.base_url + path)
        assert response.status_code == httpx.codes.UNAUTHORIZED
    assert running.supervisor.token not in " ".join(psutil.Process(running.supervisor.pid).cmdline())


async def test_a_failing_action_is_unavailable_not_silence(running: Running) -> None:
    running.stub.failing = True
    try:
        with pytest.raises(DialogueUnavailable, match="nothing"):
            await running.client.send("failing", "hồ sơ", {})
    finally:
        running.stub.failing = False
    assert (await running.say("failing", "hồ sơ"))["action"] == "action_answer_question"


async def _seen_down_and_back(running: Running, old_pid: int, restarts: int) -> None:
    async with asyncio.timeout(60):
        while running.supervisor.restarts == restarts:
            await asyncio.sleep(0.05)
        assert running.supervisor.state is not DialogueState.READY
        await running.supervisor.wait_ready()
    assert running.supervisor.restarts == restarts + 1
    assert running.supervisor.pid != old_pid
    assert not psutil.pid_exists(old_pid)
    assert (await running.say("after", "hồ sơ gồm những gì"))["action"] == "action_answer_question"


async def test_a_killed_rasa_comes_back(running: Running) -> None:
    pid, restarts = running.supervisor.pid, running.supervisor.restarts
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(DialogueUnavailable):
        await running.client.send("down", "hồ sơ", {})
    await _seen_down_and_back(running, pid, restarts)
    assert running.supervisor.last_failure == "ended with -9"


async def test_a_hung_rasa_is_noticed_and_replaced(running: Running) -> None:
    pid, restarts = running.supervisor.pid, running.supervisor.restarts
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await _seen_down_and_back(running, pid, restarts)
    assert running.supervisor.last_failure == "hangs"


def test_rasa_dies_with_a_killed_chat_server(settings: DialogueSettings) -> None:
    script = textwrap.dedent(f"""
        import asyncio
        from pathlib import Path
        from bot.dialogue import DialogueSettings, RasaSupervisor

        async def main():
            settings = DialogueSettings.of_project(Path({str(ROOT)!r}), {settings.database_url!r})
            model = settings.models / "dialogue.tar.gz"
            supervisor = RasaSupervisor(settings, model, "http://127.0.0.1:9/", "-")
            await supervisor.start()
            while supervisor.pid is None:
                await asyncio.sleep(0.05)
            await asyncio.sleep(1)  # so that boot.py has begun
            print(supervisor.pid, flush=True)
            await asyncio.sleep(60)

        asyncio.run(main())
    """)
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        pid = int(server.stdout.readline())
        assert psutil.pid_exists(pid)
        server.kill()
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)
