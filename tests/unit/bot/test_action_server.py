"""Rasa's action calls: for the bearer of the token only, and every action is there."""

from __future__ import annotations

from typing import Any, cast

import httpx
import pytest
import yaml
from fastapi import FastAPI

from actions import runtime
from actions.answering import Answerer
from actions.files import Files
from bot.action_server import action_routes
from bot.turns import OpenTurns
from fake_dialogue import TODAY
from knowledge.database import Database
from shipped import ROOT

pytestmark = pytest.mark.anyio
TOKEN = {"authorization": "Bearer geheim"}


class NothingKnown:
    """An answerer that is sure of nothing."""

    def evidence(self, text: str, today: object) -> float:
        return 0.0


def _call(action: str, text: str = "chào", intent: str = "greet") -> dict[str, Any]:
    message = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": [], "metadata": {}}
    tracker = {
        "sender_id": "web:1",
        "slots": {"previous_question": None, "previous_as_of": None},
        "latest_message": message,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": action, "sender_id": "web:1", "tracker": tracker, "version": "3.6.21"}


@pytest.fixture
def http(sqlite: Database) -> httpx.AsyncClient:
    answerer = cast(Answerer, NothingKnown())
    runtime.install(runtime.Runtime(lambda: answerer, lambda: TODAY, 0.6, sqlite, Files(sqlite, days=30), "Gọi 1022."))
    app = FastAPI()
    app.include_router(action_routes("geheim", OpenTurns(lambda: None)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://chat")


@pytest.mark.parametrize(
    "header", [{}, {"authorization": "Bearer wrong"}, {"authorization": "geheim"}, {"authorization": "Bearer "}]
)
async def test_without_the_token_it_is_a_403(http: httpx.AsyncClient, header: dict[str, str]) -> None:
    assert (await http.post("/actions/webhook", json=_call("action_small_talk"), headers=header)).status_code == 403


async def test_an_unknown_action_is_a_400(http: httpx.AsyncClient) -> None:
    refused = await http.post("/actions/webhook", json=_call("action_of_somebody_else"), headers=TOKEN)
    assert refused.status_code == 400


async def test_small_talk_comes_back_as_one_json_message(http: httpx.AsyncClient) -> None:
    answered = await http.post("/actions/webhook", json=_call("action_small_talk"), headers=TOKEN)
    (response,) = answered.json()["responses"]
    custom = response["custom"]
    assert (custom["status"], custom["language"]) == ("small_talk", "vi")
    assert custom["text"].startswith("Chào bạn!")
    assert custom["suggestions"]
    assert not response.get("text"), "Rasa would split it at blank lines"


async def test_whoever_asks_for_a_person_is_told_how_to_reach_one(http: httpx.AsyncClient) -> None:
    call = _call("action_ask_human", "cho gặp nhân viên", "ask_human")
    (response,) = (await http.post("/actions/webhook", json=call, headers=TOKEN)).json()["responses"]
    assert response["custom"]["status"] == "handoff"
    assert "Gọi 1022." in response["custom"]["text"]
    assert response["custom"]["case"] in response["custom"]["text"]
    assert "chưa hẹn được" in response["custom"]["text"], "the department has promised no time"


async def test_every_action_of_the_domain_is_served(http: httpx.AsyncClient) -> None:
    domains = [
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in (ROOT / "bot/dialogue/domain").glob("*.yml")
    ]
    for action in [name for domain in domains for name in domain.get("actions", ())]:
        answered = await http.post("/actions/webhook", json=_call(action), headers=TOKEN)
        assert answered.status_code != 400, f"{action} is not registered"
