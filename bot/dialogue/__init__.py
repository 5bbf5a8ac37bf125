"""The dialogue layer: Rasa in a process of its own, and what the chat server needs to start it and to speak with it."""

from bot.dialogue.client import RasaClient
from bot.dialogue.settings import DialogueSettings, SupervisorTiming
from bot.dialogue.states import DialogueStateRow
from bot.dialogue.supervisor import DialogueState, RasaSupervisor
from bot.dialogue.training import is_trained, train
from bot.errors import DialogueError, DialogueUnavailable

__all__ = [
    "DialogueError",
    "DialogueSettings",
    "DialogueState",
    "DialogueStateRow",
    "DialogueUnavailable",
    "RasaClient",
    "RasaSupervisor",
    "SupervisorTiming",
    "is_trained",
    "train",
]
