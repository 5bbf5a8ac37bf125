"""RasaClient against a stub transport: what it sends, and every way in which Rasa can fail to answer."""

import json
import unicodedata
from collections.abc import Callable

import httpx
import pytest

from bot.dialogue import DialogueUnavailable, RasaClient
from bot.dialogue.client import as_message
from bot.errors import BotError

Handler = Callable[[httpx.Request], httpx.Response]
ANSWER = [{"recipient_id": "web:1", "custom": {"status": "answered"}}]


def client_of(handler: Handler) -> RasaClient:
    return RasaClient("http://rasa/", httpx.AsyncClient(transport=httpx.MockTransport(handler)))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


pytestmark = pytest.mark.anyio


async def test_send_posts_sender_text_and_metadata() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=ANSWER)

    assert await client_of(handler).send("web:1", " hồ sơ? ", {"channel": "web"}) == ANSWER
    assert (seen[0].method, seen[0].url.path) == ("POST", "/webhooks/rest/webhook")
    assert json.loads(seen[0].content) == {"sender": "web:1", "message": "hồ sơ?", "metadata": {"channel": "web"}}


def _refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def _too_slow(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (_refuse, "ConnectError"),
        (_too_slow, "ReadTimeout"),
        (lambda _: httpx.Response(500, text="oops"), "HTTP 500"),
        (lambda _: httpx.Response(302, headers={"location": "/"}), "HTTP 302"),
        (lambda _: httpx.Response(200, json=[]), "nothing"),
        (lambda _: httpx.Response(200, json={"text": "?"}), "nothing"),
        (lambda _: httpx.Response(200, text="<html>"), "not JSON"),
    ],
)
async def test_every_failure_is_dialogue_unavailable(handler: Handler, reason: str) -> None:
    with pytest.raises(DialogueUnavailable, match=reason) as caught:
        await client_of(handler).send("web:1", "hồ sơ", {})
    assert isinstance(caught.value, BotError)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chào ad", "chào ad"),
        (unicodedata.normalize("NFD", "điều kiện"), "điều kiện"),
        ("/start", "/greet"),
        ("/Help", "/help"),
        ("/ask_human", "/ask_human"),
        ("/restart", "/start_over"),
        ("/DieuKien", "/check_eligibility"),
        ("/dieukien@award_bot", "/check_eligibility"),
        ("/lich", "Lịch giải thưởng năm nay thế nào?"),
        ("/LICH@award_bot", "Lịch giải thưởng năm nay thế nào?"),
        ("/ask", "ask"),
        ("/session_start", "session_start"),
        ("/back", "back"),
        ('/ask{"previous_question": "x"}', 'ask{"previous_question": "x"}'),
        ("/ / hồ sơ", "hồ sơ"),
        ("/", "?"),
        ("1/2 hồ sơ", "1/2 hồ sơ"),
    ],
)
async def test_people_can_not_command_rasa_by_accident(text: str, message: str) -> None:
    assert as_message(text) == message
