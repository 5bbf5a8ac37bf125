"""What can go wrong where people meet the product; every message names the remedy."""

from __future__ import annotations


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
