"""What can go wrong where people meet the product; every message names the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.verification import Verification


class BotError(Exception):
    """Base of all errors of this room."""


class SettingsError(BotError):
    """config.yml or the environment is wrong; the message names the key."""


class StartError(BotError):
    """The server can't start: a port is taken, a step of the set-up is missing."""


class DialogueError(BotError):
    """Rasa's model could not be trained."""


class DialogueUnavailable(BotError):
    """Rasa does not answer, or answers nothing."""


class CalendarError(BotError):
    """A command for the season dates can't be carried out."""


class UnknownPerson(BotError):
    """Nothing is kept of the sender."""


class BackupError(BotError):
    """A backup can't be taken, read or put in place; nothing was replaced unless the message says so."""


class PublicationRefused(BotError):
    """Verification found losses, so the publication did not become current; `verification` is the whole report."""

    def __init__(self, number: int, verification: Verification) -> None:
        super().__init__(
            f"publication {number} was refused, the one before stays: {'; '.join(verification.problems)}; "
            f"see award publication {number}, or give a reason with --despite"
        )
        self.number = number
        self.verification = verification


class InboxError(BotError):
    """There is no such message to be replayed."""


class ChannelError(BotError):
    """A chat app can't be connected: no token, no public address, or the platform refuses."""


class DeliveryError(Exception):
    """A message did not get through to a chat app; the subclass says what to do next."""


class ChannelAway(DeliveryError):
    """The platform can't be reached or is broken: nothing has arrived, and the message is not to blame."""


class RetryLater(DeliveryError):
    """Too many messages: nothing has arrived, and the platform says when it takes more (seconds), or does not."""

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class MaybeArrived(DeliveryError):
    """No answer came in time: nobody knows whether the message has arrived."""


class NotTaken(DeliveryError):
    """The platform refuses this message as it is."""


class ChatClosed(DeliveryError):
    """The person can't be written to: blocked, left, or silent for too long."""


class ChannelStopped(DeliveryError):
    """The platform refuses everything of ours: package, permission, quota. A person must look at it."""


class TurnNotKept(BotError):
    """No turn of that number is kept."""
