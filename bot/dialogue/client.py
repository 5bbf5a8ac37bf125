"""Sends what people write to Rasa and returns what its actions answered.

Rasa's REST channel answers 200 with an empty list after any exception inside, so an empty answer is a failure here. Its
tracker is no transcript: our database holds that, and the state that Rasa needs besides (states.py).
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import httpx

from bot.dialogue.commands import meaning_of_command
from bot.errors import DialogueUnavailable


class RasaClient:
    """Speaks Rasa's HTTP API. `http` must be made with `trust_env=False`, or a proxy would be asked for loopback."""

    def __init__(self, base_url: str, http: httpx.AsyncClient, *, timeout: float = 30.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._http = http
        self._timeout = timeout

    async def send(self, sender: str, text: str, metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the messages that answer `text`, at least one. Raises DialogueUnavailable."""
        body = {"sender": sender, "message": as_message(text), "metadata": dict(metadata)}
        # No token: Rasa checks none on its channels, and a URL with a secret would stand in logs.
        try:
            response = await self._http.post(
                f"{self._base_url}/webhooks/rest/webhook", json=body, timeout=self._timeout
            )
        except httpx.HTTPError as error:
            raise DialogueUnavailable(f"Rasa can't be reached: {type(error).__name__} {error}".strip()) from error
        if response.status_code != httpx.codes.OK:
            raise DialogueUnavailable(f"Rasa answered HTTP {response.status_code}")
        try:
            answer = response.json()
        except ValueError as error:
            raise DialogueUnavailable("Rasa's answer is not JSON") from error
        if not isinstance(answer, list) or not answer:
            raise DialogueUnavailable("Rasa answered nothing; its log tells which action failed")
        return answer


def as_message(text: str) -> str:
    """Return `text` as Rasa is to read it: composed letters (it drops combining marks), no accidental command."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text.startswith("/"):
        return text
    return meaning_of_command(text) or re.sub(r"^[/\s]+", "", text) or "?"
