"""Turns that are running: each stands on one publication from its first action to its last, whatever is published meanwhile.

Rasa calls the actions of one turn one after the other, each by a request of its own. What tells that they belong together is the
turn's name, which travels as the message's metadata through Rasa and back.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from actions.cached_answerer import Asked, asked_in_turn
from bot.publication import Served

METADATA = "turn"


@dataclass
class OpenTurn:
    """One turn: the publication that it stands on, and what its answerer was asked and said."""

    name: str
    served: Served | None
    asked: Asked = field(default_factory=list)


_running: ContextVar[OpenTurn | None] = ContextVar("running_turn", default=None)


def running_turn() -> OpenTurn | None:
    """The turn on whose behalf this code runs; threads started by `asyncio.to_thread` see it too."""
    return _running.get()


class OpenTurns:
    """All running turns; `served` gives the publication that is served now."""

    def __init__(self, served: Callable[[], Served | None]) -> None:
        self._served = served
        self._open: dict[str, OpenTurn] = {}

    @contextmanager
    def turn(self) -> Iterator[OpenTurn]:
        """A new turn, on the publication that is served now."""
        turn = OpenTurn(secrets.token_hex(8), self._served())
        self._open[turn.name] = turn
        try:
            yield turn
        finally:
            del self._open[turn.name]

    @contextmanager
    def action(self, call: Mapping[str, Any]) -> Iterator[None]:
        """What runs inside belongs to the turn that Rasa's action call names; a call of no turn of ours is one of its own."""
        message = (call.get("tracker") or {}).get("latest_message") or {}
        name = (message.get("metadata") or {}).get(METADATA)
        turn = self._open.get(str(name)) or OpenTurn("", self._served())
        if turn.served is None:  # the first turns of a starting server
            turn.served = self._served()
        running, asked = _running.set(turn), asked_in_turn.set(turn.asked)
        try:
            yield
        finally:
            asked_in_turn.reset(asked)
            _running.reset(running)
