"""What every action of a turn needs: the message, the slots, and one way to utter an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.answer import Answer, AnswerStatus, Query


def message_text(tracker: Tracker) -> str:
    return str(tracker.latest_message.get("text") or "")


def query_of(tracker: Tracker, today: date) -> Query:
    """The message with what the conversation remembers."""
    previous_day = tracker.get_slot(slots.PREVIOUS_AS_OF)
    return Query(
        text=message_text(tracker),
        today=today,
        previous_question=tracker.get_slot(slots.PREVIOUS_QUESTION),
        previous_as_of=date.fromisoformat(previous_day) if previous_day else None,
    )


def utter(dispatcher: CollectingDispatcher, answer: Answer) -> None:
    """One JSON message: Rasa splits plain text at blank lines."""
    payload: dict[str, Any] = answer.to_json()
    dispatcher.utter_message(json_message=payload)


def remember(answer: Answer) -> list[EventType]:
    """Keep what a follow-up («thế còn giải bạc?») leans on; a declined question changes nothing."""
    if answer.question is None or answer.status not in (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL, AnswerStatus.UNKNOWN):
        return []
    return [SlotSet(slots.PREVIOUS_QUESTION, answer.question), SlotSet(slots.PREVIOUS_AS_OF, answer.as_of.isoformat())]
