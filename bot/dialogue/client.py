"""Sends what people write to Rasa and returns what its actions answered.

Rasa's REST channel answers 200 with an empty list after any exception inside, so an empty answer is a failure here. Its
tracker is no transcript: our database holds that, and `forget` empties the tracker when a person is to be forgotten.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from bot.errors import DialogueUnavailable

# To Rasa a text of the form /name is an intent, not text. These are meant so, by buttons and by Telegram's habit; any
# other would reach Rasa's own silent actions (/restart, /back, /session_start), which answer nothing.
COMMANDS = {
    "/start": "/greet",
    "/restart": "/start_over",
    **{f"/{name}": f"/{name}" for name in ("greet", "help", "who_are_you", "start_over", "ask_human")},
}


class RasaClient:
    """Speaks Rasa's HTTP API. `http` must be made with `trust_env=False`, or a proxy would be asked for loopback."""

    def __init__(self, base_url: str, token: str, http: httpx.AsyncClient, *, timeout: float = 30.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._http = http
        self._timeout = timeout

    async def send(self, sender: str, text: str, metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the messages that answer `text`, at least one. Raises DialogueUnavailable."""
        body = {"sender": _conversation(sender), "message": as_message(text), "metadata": dict(metadata)}
        # No token: Rasa checks none on its channels, and a URL with a secret would stand in logs.
        answer = await self._request("POST", "/webhooks/rest/webhook", body, {})
        if not isinstance(answer, list) or not answer:
            raise DialogueUnavailable("Rasa answered nothing; its log tells which action failed")
        return answer

    async def forget(self, sender: str) -> None:
        """Empty the tracker of `sender` in Rasa's memory. Raises DialogueUnavailable; an unknown sender is no error."""
        path = f"/conversations/{_conversation(sender)}/tracker/events"
        await self._request("PUT", path, [], {"token": self._token})

    async def _request(self, method: str, path: str, body: object, params: dict[str, str]) -> Any:
        try:
            response = await self._http.request(
                method, f"{self._base_url}{path}", json=body, params=params, timeout=self._timeout
            )
        except httpx.HTTPError as error:
            raise DialogueUnavailable(f"Rasa can't be reached: {type(error).__name__} {error}".strip()) from error
        if response.status_code != httpx.codes.OK:
            raise DialogueUnavailable(f"Rasa answered HTTP {response.status_code}")
        try:
            return response.json()
        except ValueError as error:
            raise DialogueUnavailable("Rasa's answer is not JSON") from error


def _conversation(sender: str) -> str:
    """Return the name of a sender's tracker: Rasa does not decode addresses, so it must look the same inside one."""
    return quote(sender, safe=":@")


def as_message(text: str) -> str:
    """Return `text` as Rasa is to read it: composed letters (it drops combining marks), no accidental command."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text.startswith("/"):
        return text
    return COMMANDS.get(text.casefold()) or re.sub(r"^[/\s]+", "", text) or "?"
