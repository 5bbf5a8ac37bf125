"""What a chat app must be able to do for us; bot/delivery.py works with nothing else of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from bot.channels.rendering import Drawing, Part


@dataclass
class Health:
    """What /readyz says of a channel, and what was seen since the start."""

    state: str = "starting"
    refused: int = 0  # deliveries with a wrong signature
    ignored: int = 0  # events of a kind that is none of ours

    def line(self) -> str:
        counts = [f"{count} {name}" for name in ("refused", "ignored") if (count := getattr(self, name))]
        return f"{self.state} ({', '.join(counts)})" if counts else self.state


@dataclass(frozen=True, slots=True)
class Manners:
    """How a person sees that an answer is being made, and how long after their last message they may be written to."""

    typing_seconds: float = 0.0  # how often the app must be told; 0: it shows nothing of the kind
    notice_seconds: float = 0.0  # after so long a sentence is sent instead; 0: never
    window: timedelta | None = None


class ChatApp(Protocol):
    """Sends to one chat; `name` is how its senders begin. Every method raises a DeliveryError, and nothing else that is foreseen."""

    name: str
    drawing: Drawing
    manners: Manners
    health: Health

    async def send(self, chat: str, part: Part) -> None:
        """Send one message."""

    async def typing(self, chat: str) -> None:
        """Show that an answer is being made."""


@dataclass
class ChatApps:
    """Those that are connected, by name."""

    connected: dict[str, ChatApp] = field(default_factory=dict)

    def add(self, app: ChatApp) -> None:
        self.connected[app.name] = app
